//! The speed of JSONata expressions, ours against `jsonata-core` in one run.

use serde_json::Value;

use crate::expressions::{data, evaluate, expressions, parsed};
use crate::{millis, row};

/// The expressions of typical work, ours against `jsonata-core`, parsed once, on the same data.
pub fn rows() {
    let data = data();
    let theirs_data = jsonata_core::value::JValue::from_json_str(&data.to_string()).expect("JSON");
    let mut ratios = Vec::new();
    for (name, text) in expressions() {
        let ours = parsed(&text);
        let theirs = jsonata_core::Expression::compile(&text).expect("an expression");
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
