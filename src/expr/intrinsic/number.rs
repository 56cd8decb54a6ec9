//! Functions on numbers.

use serde_json::Value;

use crate::expr::intrinsic::{Call, Intrinsic};
use crate::expr::random::{JavaRandom, unit};

pub const ROWS: &[Intrinsic] = &[
    Intrinsic {
        name: "States.MathAdd",
        arity: (2, 2),
        args: &["number", "number"],
        help: "Rounds both numbers to integers and adds them",
        example: ("States.MathAdd(111, -1)", "110"),
        body: add,
    },
    Intrinsic {
        name: "States.MathRandom",
        arity: (2, 3),
        args: &["start", "end", "seed"],
        help: "A random integer from the start up to, but not including, the end; the same seed gives the same number",
        example: ("States.MathRandom(1, 999)", "456…"),
        body: random,
    },
];

fn add(call: &mut Call) -> Result<Value, String> {
    let sum = call.rounded(0)?.checked_add(call.rounded(1)?);
    sum.map(Value::from).ok_or_else(|| "The sum is too large".to_string())
}

/// The range is half open, as documented; AWS was never recorded with a seed, so the seeded
/// sequence is the generator it uses elsewhere.
fn random(call: &mut Call) -> Result<Value, String> {
    let (start, end) = (call.rounded(0)?, call.rounded(1)?);
    if end <= start {
        return Err("The start must be less than the end".to_string());
    }
    let unit = match call.args.len() {
        3 => JavaRandom::new(call.rounded(2)?).next_double(),
        _ => unit(call.random),
    };
    let width = end as f64 - start as f64;
    let offset = (unit * width).floor() as i64;
    Ok(Value::from(start.saturating_add(offset).min(end - 1)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expr::intrinsic::tests::check;
    use crate::expr::random::tests::Counter;

    #[test]
    fn numbers_are_rounded_half_up_before_they_are_added() {
        for (a, b, sum) in [
            (1.49, 1.5, 3),
            (1.5, 1.51, 4),
            (-1.49, -1.5, -2),
            (-1.5, -1.51, -3),
            (2.5, 0.0, 3),
            (-0.5, 0.0, 0),
            (-0.5, 0.5, 1),
            (-3.5, 0.0, -3),
            (-1.51, 0.0, -2),
            (1.49, -1.49, 0),
        ] {
            check(json!({"a": a, "b": b}), "States.MathAdd($.a, $.b)", json!(sum));
        }
        check(
            json!(0),
            "States.MathAdd(1, '-1')",
            json!("States.IntrinsicFailure: Argument 2 must be a number, but was a string"),
        );
        check(
            json!(0),
            "States.MathAdd(9223372036854775807, 1)",
            json!("States.IntrinsicFailure: The sum is too large"),
        );
    }

    #[test]
    fn random_numbers_stay_inside_and_reach_both_ends() {
        let mut random = Counter(3);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let args = vec![json!(-1), json!(2)];
            let mut call = Call { args, first_spelled: None, random: &mut random };
            seen.insert(super::random(&mut call).expect("a number").as_i64());
        }
        assert_eq!(Vec::from_iter(seen), [Some(-1), Some(0), Some(1)]);
    }

    #[test]
    fn the_same_seed_gives_the_same_number() {
        // 0.7275636800328681 of the way from 0 to 100.
        check(json!(0), "States.MathRandom(0, 100, 42)", json!(72));
        check(
            json!(0),
            "States.MathRandom(5, 5)",
            json!("States.IntrinsicFailure: The start must be less than the end"),
        );
    }
}
