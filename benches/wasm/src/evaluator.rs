//! JSONata expressions, parsed once and evaluated often.

use std::sync::OnceLock;

use serde_json::Value;
use stepglass::expr::jsonata::Jsonata;

use crate::expressions;

/// Evaluates an expression so many times; gives how often there was a value.
#[unsafe(no_mangle)]
pub extern "C" fn evaluations(expression: usize, times: u32) -> u32 {
    let (expressions, data) = material();
    let Some(expression) = expressions.get(expression) else { return 0 };
    (0..times).map(|_| u32::from(!expressions::evaluate(expression, data).is_null())).sum()
}

/// The value of an expression as JSON text; its address, and its length in the upper half.
#[unsafe(no_mangle)]
pub extern "C" fn value_of(expression: usize) -> u64 {
    let (expressions, data) = material();
    let value = expressions.get(expression).map(|it| expressions::evaluate(it, data));
    handed_over(&value.unwrap_or_default())
}

/// The data as JSON text, given as `value_of` does.
#[unsafe(no_mangle)]
pub extern "C" fn data() -> u64 {
    handed_over(&material().1)
}

/// The text stays where it is: a measurement ends soon.
fn handed_over(value: &Value) -> u64 {
    let text = Box::leak(value.to_string().into_boxed_str());
    (text.len() as u64) << 32 | text.as_ptr() as u64
}

fn material() -> &'static (Vec<Jsonata>, Value) {
    static MATERIAL: OnceLock<(Vec<Jsonata>, Value)> = OnceLock::new();
    MATERIAL.get_or_init(|| {
        let expressions = expressions::expressions();
        (expressions.iter().map(|(_, text)| expressions::parsed(text)).collect(), expressions::data())
    })
}
