//! The expressions whose speed is measured, natively and in Wasm, and the data they work on. The
//! texts are in `expressions.json`, where JavaScript finds them too.

use serde_json::{Map, Value, json};
use stepglass::expr::RandomSource;
use stepglass::expr::jsonata::{Budget, Dialect, Jsonata, Outcome, World};

/// Their names and texts.
pub fn expressions() -> Vec<(String, String)> {
    let texts: Map<String, Value> = serde_json::from_str(include_str!("expressions.json")).expect("JSON");
    texts.into_iter().map(|(name, text)| (name, text.as_str().expect("a text").to_string())).collect()
}

pub fn parsed(text: &str) -> Jsonata {
    Jsonata::parse(text, Dialect::Full).expect("an expression")
}

/// An order with a thousand items.
pub fn data() -> Value {
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

pub fn evaluate(jsonata: &Jsonata, data: &Value) -> Value {
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
