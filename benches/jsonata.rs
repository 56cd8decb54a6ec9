//! The speed of JSONata expressions, ours against `jsonata-core` in one run.

use serde_json::{Value, json};
use stepglass::expr::RandomSource;
use stepglass::expr::jsonata::{Budget, Dialect, Jsonata, Outcome, World};

use crate::{millis, row};

/// The expressions of typical work, ours against `jsonata-core`, parsed once, on the same data.
pub fn rows() {
    let data = jsonata_data();
    let theirs_data = jsonata_core::value::JValue::from_json_str(&data.to_string()).expect("JSON");
    let mut ratios = Vec::new();
    for (name, text) in JSONATA {
        let ours = Jsonata::parse(text, Dialect::Full).expect("an expression");
        let theirs = jsonata_core::Expression::compile(text).expect("an expression");
        let ours_result = evaluate(&ours, &data);
        let theirs_result = theirs.evaluate(&theirs_data).expect("a value").to_json_string().expect("JSON");
        let same = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(same(&ours_result.to_string()).to_string(), same(&theirs_result).to_string(), "{name}");
        row(&format!("jsonata_{name}"), "ms", || millis(100, || evaluate(&ours, &data)));
        let ratio = row(&format!("jsonata_{name}_ratio"), "of jsonata-core's time", || {
            let ours = millis(100, || evaluate(&ours, &data));
            ours / millis(100, || theirs.evaluate(&theirs_data).expect("a value"))
        });
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    let median = (ratios[ratios.len() / 2] + ratios[(ratios.len() - 1) / 2]) / 2.0;
    row("jsonata_median_ratio", "of jsonata-core's time", || median);
}

const JSONATA: &[(&str, &str)] = &[
    ("path_arithmetic", "order.customer.discount * order.total + order.shipping.cost"),
    ("filter_sum", "$sum(items[price > 50].(price * quantity))"),
    ("group_by", "items{category: $sum(price)}"),
    ("map_lambda", "$map(items, function($v) { $v.price * 2 })"),
    ("sort", "$sort(items, function($l, $r) { $l.price > $r.price }).id"),
    ("factorial", "($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(100))"),
    ("regex", "$count(items[$contains(name, /^Item \\d*7$/)])"),
    (
        "output_object",
        "{'orderId': order.id, 'customer': order.customer.name & ' <' & order.customer.email & '>', \
         'total': $round(order.total * (1 - order.customer.discount), 2), 'lines': $count(items), \
         'isLarge': order.total > 1000, 'first': items[0].{'id': id, 'price': price}, \
         'status': order.total > 100 ? 'review' : 'approved'}",
    ),
];

fn jsonata_data() -> Value {
    let item = |idx: usize| {
        json!({
            "id": idx,
            "name": format!("Item {idx}"),
            "price": (idx * 7_919) % 100,
            "quantity": idx % 9 + 1,
            "category": format!("category {}", idx % 12),
        })
    };
    let items: Vec<Value> = (0..1_000).map(item).collect();
    json!({
        "order": {
            "id": "o-1",
            "total": 1_250.5,
            "customer": {"name": "Ann", "email": "ann@example.com", "discount": 0.1},
            "shipping": {"cost": 12.5},
        },
        "items": items,
    })
}

fn evaluate(jsonata: &Jsonata, data: &Value) -> Value {
    struct Fixed;
    impl RandomSource for Fixed {
        fn next_u64(&mut self) -> u64 {
            4
        }
    }
    let mut world = World {
        input: Some(data),
        bindings: Vec::new(),
        now_millis: 0,
        random: &mut Fixed,
        budget: Budget::default(),
    };
    match jsonata.evaluate(&mut world) {
        Ok(Some(Outcome::Json(value))) => value,
        other => panic!("{other:?}"),
    }
}
