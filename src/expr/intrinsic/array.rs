//! Functions on arrays.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::expr::intrinsic::{Call, Intrinsic, MANY};
use crate::expr::json_text;

/// `States.ArrayRange` makes no more items than this.
const MAX_RANGE: usize = 1_000;

pub const ROWS: &[Intrinsic] = &[
    Intrinsic {
        name: "States.Array",
        arity: (0, MANY),
        args: &["value"],
        help: "Gathers its arguments in an array",
        example: ("States.Array('a', 2, true)", r#"["a",2,true]"#),
        body: |call| Ok(Value::Array(std::mem::take(&mut call.args))),
    },
    Intrinsic {
        name: "States.ArrayPartition",
        arity: (2, 2),
        args: &["array", "chunk size"],
        help: "Cuts an array into arrays of at most the given size",
        example: ("States.ArrayPartition(States.Array(1, 2, 3), 2)", "[[1,2],[3]]"),
        body: partition,
    },
    Intrinsic {
        name: "States.ArrayContains",
        arity: (2, 2),
        args: &["array", "value"],
        help: "Whether an array holds a value; objects and arrays are compared in depth",
        example: ("States.ArrayContains(States.Array(1, 2), 2)", "true"),
        body: |call| Ok(Value::Bool(call.array(0)?.contains(call.arg(1)))),
    },
    Intrinsic {
        name: "States.ArrayRange",
        arity: (3, 3),
        args: &["first", "last", "step"],
        help: "Counts from the first number to the last, which is included when a step lands on it",
        example: ("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]"),
        body: range,
    },
    Intrinsic {
        name: "States.ArrayGetItem",
        arity: (2, 2),
        args: &["array", "index"],
        help: "The item at an index, counted from zero",
        example: ("States.ArrayGetItem(States.Array('a', 'b'), 1)", "\"b\""),
        body: get_item,
    },
    Intrinsic {
        name: "States.ArrayLength",
        arity: (1, 1),
        args: &["array"],
        help: "How many items an array has",
        example: ("States.ArrayLength(States.Array(1, 2, 3))", "3"),
        body: |call| Ok(Value::from(call.array(0)?.len())),
    },
    Intrinsic {
        name: "States.ArrayUnique",
        arity: (1, 1),
        args: &["array"],
        help: "Drops repeated items and keeps the first of each",
        example: ("States.ArrayUnique(States.Array(1, 2, 1))", "[1,2]"),
        body: unique,
    },
];

fn partition(call: &mut Call) -> Result<Value, String> {
    let items = call.array(0)?;
    let size = usize::try_from(call.integer(1)?).unwrap_or(0);
    if size == 0 {
        return Err("The chunk size must be greater than zero".to_string());
    }
    Ok(Value::Array(items.chunks(size).map(|it| Value::Array(it.to_vec())).collect()))
}

fn range(call: &mut Call) -> Result<Value, String> {
    let (first, last, step) = (call.rounded(0)?, call.rounded(1)?, call.rounded(2)?);
    if step == 0 {
        return Err("The step must not be zero".to_string());
    }
    let mut items = Vec::new();
    let mut next = Some(first);
    while let Some(item) = next.filter(|it| if 0 < step { *it <= last } else { last <= *it }) {
        if items.len() == MAX_RANGE {
            return Err(format!("The range has more than {MAX_RANGE} items"));
        }
        items.push(Value::from(item));
        next = item.checked_add(step);
    }
    Ok(Value::Array(items))
}

fn get_item(call: &mut Call) -> Result<Value, String> {
    let items = call.array(0)?;
    let index = call.integer(1)?;
    let item = usize::try_from(index).ok().and_then(|it| items.get(it));
    item.cloned().ok_or_else(|| format!("There is no item {index} in an array of {}", items.len()))
}

fn unique(call: &mut Call) -> Result<Value, String> {
    let mut kept: Vec<Value> = Vec::new();
    let mut scalars = BTreeSet::new();
    for item in call.array(0)? {
        // Scalars are told apart by their text, so that long arrays stay quick.
        let new = match item {
            Value::Array(_) | Value::Object(_) => !kept.contains(item),
            scalar => scalars.insert(json_text(scalar)),
        };
        if new {
            kept.push(item.clone());
        }
    }
    Ok(Value::Array(kept))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::expr::intrinsic::tests::check;

    #[test]
    fn partitions() {
        let input = json!({"a": [0, 1, 2], "e": []});
        check(input.clone(), "States.ArrayPartition($.a, 2)", json!([[0, 1], [2]]));
        check(input.clone(), "States.ArrayPartition($.a, 9)", json!([[0, 1, 2]]));
        check(input.clone(), "States.ArrayPartition($.e, 3)", json!([]));
        let fault = json!("States.IntrinsicFailure: The chunk size must be greater than zero");
        check(input.clone(), "States.ArrayPartition($.a, 0)", fault.clone());
        check(input.clone(), "States.ArrayPartition($.a, -1)", fault);
        let fault = json!("States.IntrinsicFailure: Argument 2 must be an integer, but was a number");
        check(input, "States.ArrayPartition($.a, 1.5)", fault);
    }

    #[test]
    fn containment_is_deep() {
        let input = json!({"a": [[1, 2], {"k": []}, null], "x": {"k": []}, "y": []});
        check(input.clone(), "States.ArrayContains($.a, $.x)", json!(true));
        check(input.clone(), "States.ArrayContains($.a, $.y)", json!(false));
        check(input.clone(), "States.ArrayContains($.a, null)", json!(true));
        let fault = json!("States.IntrinsicFailure: Argument 1 must be an array, but was an object");
        check(input, "States.ArrayContains($.x, 1)", fault);
    }

    #[test]
    fn ranges() {
        check(json!(0), "States.ArrayRange(0, 10, 3)", json!([0, 3, 6, 9]));
        check(json!(0), "States.ArrayRange(1, 9, 9)", json!([1]));
        check(json!(0), "States.ArrayRange(5, 1, -2)", json!([5, 3, 1]));
        check(json!(0), "States.ArrayRange(5, 1, 1)", json!([]));
        check(
            json!(0),
            "States.ArrayRange(1, 2, 0)",
            json!("States.IntrinsicFailure: The step must not be zero"),
        );
        let fault = json!("States.IntrinsicFailure: The range has more than 1000 items");
        check(json!(0), "States.ArrayRange(0, 1000, 1)", fault.clone());
        check(json!(0), "States.ArrayRange(-9000000000000000000, 9000000000000000000, 1)", fault);
    }

    #[test]
    fn items_and_uniqueness() {
        let input = json!({"a": [3, 1, 3, "3", 1.0, {"k": 1}, {"k": 1}]});
        check(input.clone(), "States.ArrayUnique($.a)", json!([3, 1, "3", 1.0, {"k": 1}]));
        check(input.clone(), "States.ArrayGetItem($.a, 3)", json!("3"));
        let fault = |n: i64| json!(format!("States.IntrinsicFailure: There is no item {n} in an array of 7"));
        check(input.clone(), "States.ArrayGetItem($.a, 7)", fault(7));
        check(input, "States.ArrayGetItem($.a, -1)", fault(-1));
    }
}
