//! Expressions that are up to no good: deep, endless, huge, or mere noise. Each must end as a value
//! or as an error, within a call stack no larger than a browser grants.

use std::fmt::Write;

use proptest::prelude::*;
use serde_json::{Value, json};
use stepglass::expr::RandomSource;
use stepglass::expr::jsonata::{Budget, Dialect, Jsonata, JsonataError, Outcome, World};

struct Fixed;

impl RandomSource for Fixed {
    fn next_u64(&mut self) -> u64 {
        4
    }
}

fn evaluate(text: &str, input: &Value, n_steps: u64) -> Result<Option<Outcome>, JsonataError> {
    let budget = Budget { n_steps, ..Budget::default() };
    let bindings = Vec::new();
    let mut world = World { input: Some(input), bindings, now_millis: 0, random: &mut Fixed, budget };
    Jsonata::parse(text, Dialect::Full)?.evaluate(&mut world)
}

/// Runs on a stack of a quarter of what a browser has, to make up for slim frames.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    thread.spawn(work).expect("a thread").join().expect("no overflow")
}

/// The code of the error, or the value as text.
fn outcome(text: String) -> String {
    on_a_small_stack(move || match evaluate(&text, &json!({"a": 1}), 300_000) {
        Ok(Some(Outcome::Json(value))) => value.to_string().chars().take(40).collect(),
        Ok(Some(Outcome::Unsupported)) => "unsupported".into(),
        Ok(None) => "undefined".into(),
        Err(error) => error.code.to_string(),
    })
}

fn check(text: impl Into<String>, expected: &str) {
    let text = text.into();
    let shown: String = text.chars().take(60).collect();
    assert_eq!(outcome(text), expected, "{shown}");
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn deep_texts_are_read() {
    check(nested("(", "1", ")", 5_000), "1");
    check(nested("(", "1", ")", 50_000), "1");
    check(nested("-(", "1", ")", 5_000), "1");
    check(nested("[", "1", "]", 5_000), "U1003");
    check(nested("{'a':", "1", "}", 5_000), "U1003");
    check(nested("$string(", "1", ")", 5_000), "\"1\"");
    check(nested("function(){", "1", "}", 5_000), "unsupported");
    check(nested("1?", "1", ":2", 20_000), "1");
    check(format!("1{}", "+1".repeat(50_000)), "50001");
    check(format!("a{}", ".a".repeat(50_000)), "undefined");
    check(format!("$a{}", "[0]".repeat(30_000)), "undefined");
    check("(".repeat(50_000), "S0203");
    check("%.".repeat(2_000), "S0217");
    check("a{".repeat(3_000), "S0203");
    check("'\\u".repeat(2), "S0104");
    check(format!("/{}", "(".repeat(5_000)), "S0302");
    check(format!("/{}/", nested("(", "a", ")", 5_000)), "S0303");
}

#[test]
fn deep_texts_are_searched_for_references() {
    for text in [nested("(", "$a", ")", 50_000), nested("function(){", "$a", "}", 5_000)] {
        let n_found = on_a_small_stack(move || {
            let parsed = Jsonata::parse(&text, Dialect::Aws).map_err(|it| it.to_string());
            parsed.map(|it| it.references().variables.len())
        });
        assert_eq!(n_found, Ok(1));
    }
}

#[test]
fn legal_recursion_is_followed() {
    check("($d := function($n) { $n = 0 ? 0 : 1 + $d($n - 1) }; $d(5000))", "5000");
    check("($d := function($n) { $n = 0 ? 'done' : $d($n - 1) }; $d(50000))", "\"done\"");
    check(
        "($e := function($n) { $n = 0 ? true : $o($n - 1) }; $o := function($n) { $n = 0 ? false : $e($n - 1) }; $e(6555))",
        "false",
    );
    check(
        "($m := function($n) { $n = 0 ? 0 : $map([1], function($x) { $m($n - 1) }) }; $m(5000) != 1)",
        "true",
    );
    check(
        "($f := $reduce($append(function($x) { $x }, [1..5000]), function($f, $i) { function($x) { $f($x + 1) } }); $f(0))",
        "5000",
    );
    check(
        "$reduce($append(function($x) { $x }, [1..5000]), function($f, $i) { $f ~> function($x) { $x + 1 } })(0)",
        "5000",
    );
}

#[test]
fn endless_work_ends() {
    for text in [
        "($f := function() { $f() }; $f())",
        "($f := function() { 1 + $f() }; $f())",
        "($f := function($x) { $f($x & 'aaaaaaaaaaaaaaaaaaaa') }; $f('a'))",
        "($f := function() { $map([1, 2], $f) }; $f())",
        "($x := [1..1000]; $x.($x.($x.$)))",
        "[1..10000000].($)",
        "$contains($pad('a', 50, 'a') & '!', /(a+)+$/)",
        "$contains($pad('a', 5000, 'a') & '!', /a*a*a*a*a*b/)",
        "$eval('$eval($t)')",
        "($f := function($s) { $eval($s & '($s)') }; $f('$f'))",
    ] {
        let code = outcome(text.to_string());
        assert!(["U1001", "U1002", "D3121", "D3120", "undefined"].contains(&code.as_str()), "{text}: {code}");
    }
    check("[1..1e9]", "D2014");
    check("$pad('x', 2e9)", "U1002");
    check("$pad('x', -2e9)", "U1002");
    check("$count([1..10000000])", "10000000");
}

#[test]
fn deep_values_are_made_compared_and_dropped() {
    let deep = "$reduce([1..20000], function($v, $i) { {'a': [$v]} }, 1)";
    check(format!("$exists({deep})"), "true");
    check(deep, "U1003");
    check(format!("({deep}) = ({deep})"), "U1003");
    check(format!("$string({deep})"), "U1003");
    check(format!("$keys({deep})"), "[\"a\"]".trim_matches(['[', ']']));
    check(format!("$count(({deep}).**)"), "U1003");
    check(format!("({deep}) ~> |**|{{'b': 1}}|"), "U1003");
    check("$reduce([1..20000], function($v, $i) { function() { $v } }, 1) ~> $type()", "\"function\"");
    check("$type($reduce([1..20000], function($v, $i) { $append(?, $v) }, 1))", "\"function\"");
}

/// Expressions that may mean something.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[0-3]",
        "'[ab1 ]{0,3}'",
        "(a|b|c|\\*|\\*\\*|%|\\$|\\$\\$|\\$v|true|null|zz|\\[\\])",
        "\\$(sum|count|string|keys|map|sort|merge|type|zip|now|number)",
        "/[ab]+(c)?/",
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            (two.clone(), "(\\.|\\+|-|\\*|/|%|=|!=|<|>|&| and | or | in |~>|\\?:|\\?\\?|;)")
                .prop_map(|((left, right), op)| format!("{left}{op}{right}")),
            (two.clone(), "(@\\$v|#\\$i|)").prop_map(|((left, right), bind)| format!("{left}{bind}.{right}")),
            two.clone().prop_map(|(left, right)| format!("{left}[{right}]")),
            two.clone().prop_map(|(left, right)| format!("{left}^(>{right})")),
            two.clone().prop_map(|(left, right)| format!("{left}{{{right}: {left}}}")),
            two.clone().prop_map(|(left, right)| format!("{{'x': {left}, 'y': {right}}}")),
            two.clone().prop_map(|(left, right)| format!("[{left}, {right}]")),
            two.clone().prop_map(|(left, right)| format!("[{left}..{right}]")),
            two.clone().prop_map(|(left, right)| format!("({left}; $v := {right}; $v)")),
            two.clone().prop_map(|(left, right)| format!("{left} ? {right} : {left}")),
            two.clone().prop_map(|(left, right)| format!("{left} ~> |{right}|{{'z': 1}}, 'a'|")),
            (two.clone(), "\\$(map|filter|reduce|sift|each|sort|single)")
                .prop_map(|((left, right), name)| format!("{name}({left}, function($v, $i) {{ {right} }})")),
            (
                two.clone(),
                "\\$(append|split|join|substring|pad|lookup|round|formatBase|replace|match|contains)"
            )
                .prop_map(|((left, right), name)| format!("{name}({left}, {right})")),
            (two, "\\$(string|substring|append)")
                .prop_map(|((left, right), name)| { format!("{left} ~> {name}(?, {right})") }),
            inner.clone().prop_map(|it| format!("({it})")),
            inner.clone().prop_map(|it| format!("-{it}")),
            inner.prop_map(|it| format!("{it}[]")),
        ]
    })
}

fn data() -> Value {
    json!({
        "a": [{"b": 1, "c": "x"}, {"b": 2, "c": ["y", "z"]}, {"b": [{"c": 3}]}],
        "b": {"a": [[1, 2], [3]], "c": null, "d": {}},
        "c": "hello",
    })
}

/// Whatever comes, errors lie inside the text, and looking in changes nothing.
fn survives(text: &str) {
    let data = data();
    let result = evaluate(text, &data, 20_000);
    if let Err(error) = &result {
        let end = error.start + error.length;
        assert!(text.get(error.start..end).is_some(), "{text}: {}..{end}", error.start);
        assert!(error.position <= text.encode_utf16().count(), "{text}: {}", error.position);
        assert!(!error.message.is_empty() && !error.message.contains("compiled wrongly"), "{text}: {error}");
    }
    let Ok(jsonata) = Jsonata::parse(text, Dialect::Full) else { return };
    jsonata.references();
    let budget = Budget { n_steps: 20_000, ..Budget::default() };
    let mut world =
        World { input: Some(&data), bindings: Vec::new(), now_millis: 0, random: &mut Fixed, budget };
    let explanation = jsonata.explain(&mut world);
    for part in &explanation.parts {
        assert!(text.get(part.start..part.end).is_some(), "{text}: {}..{}", part.start, part.end);
        for origin in part.origins.iter().filter(|it| it.variable.is_empty()) {
            assert!(data.pointer(&origin.path).is_some(), "{text}: {}", origin.path);
        }
    }
    let is_used_up = |result: &Result<_, JsonataError>| result.as_ref().is_err_and(|it| it.code == "U1001");
    if !is_used_up(&result) && !is_used_up(&explanation.result) {
        let code = |result: Result<Option<Outcome>, JsonataError>| result.map_err(|it| it.code);
        assert_eq!(code(explanation.result), code(result), "{text}");
    }
}

proptest! {
    // The other engine has faults of its own, so the same cases are compared each time.
    #![proptest_config(ProptestConfig {
        cases: 400,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_survived(text in r"\PC{0,40}") {
        survives(&text);
    }

    #[test]
    fn any_marks_are_survived(text in r#"[ab1$%*.,:;?!~=<>@#^&|/\\'"`(){}\[\] -]{0,24}"#) {
        survives(&text);
    }

    #[test]
    fn any_expression_is_survived(text in expression()) {
        survives(&text);
    }

    /// Where `jsonata-core` gives a value to plain paths and operators, it is ours. It collapses
    /// nested arrays behind an index otherwise than the reference does, so there is none here.
    #[test]
    fn plain_expressions_agree_with_another_engine(
        steps in proptest::collection::vec("(a|b|c|d|\\*)(\\[b>1\\]|)", 1..4),
        op in "( = | != | & |~>\\$count\\(\\)~>\\$append)",
        number in 0..4,
    ) {
        let mut text = steps.join(".");
        if op.starts_with("~>") {
            write!(text, "~>$count()").expect("a string");
        } else {
            write!(text, "{op}{number}").expect("a string");
        }
        let data = data();
        let theirs = jsonata_core::value::JValue::from_json_str(&data.to_string()).expect("JSON");
        let theirs = jsonata_core::Expression::compile(&text).map(|it| it.evaluate(&theirs));
        let ours = evaluate(&text, &data, 20_000);
        if let (Ok(Ok(theirs)), Ok(Some(Outcome::Json(ours)))) = (theirs, ours) {
            let theirs: Value = serde_json::from_str(&theirs.to_json_string().expect("JSON")).expect("JSON");
            let same = match (theirs.as_f64(), ours.as_f64()) {
                (Some(theirs), Some(ours)) => theirs == ours,
                _ => theirs == ours,
            };
            prop_assert!(same, "{text}: theirs {theirs}, ours {ours}");
        }
    }
}
