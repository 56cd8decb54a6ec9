//! JSONPath expressions said in JSONata: paths, intrinsic function calls and payload templates.
//!
//! A translation gives the same value wherever the original gives one, and fails wherever the
//! original finds nothing. What has no such translation is refused with a [`Why`]. Two things are
//! taken for granted: a name is asked of an object, not of an array (JSONata would ask each item),
//! and the failure is `States.QueryEvaluationError` where it was `States.Runtime`.
//!
//! The traps on the way: JSONata drops what is missing, so it is demanded with a helper
//! (`$required`) unless it stands alone in its field; arrays of one item collapse and arrays in
//! arrays are joined, so lists are built with brackets around them; double quotes would need
//! escapes inside JSON, so texts have single ones.

mod path;
mod call;
mod template;

use serde_json::Value;

pub use call::jsonata_of_call;
pub use path::jsonata_of_path;
pub use template::{
    jsonata_of_expression, jsonata_of_literal, jsonata_of_template, payload_of_literal, payload_of_template,
};

/// Why an expression is not translated: the end of a sentence, “because …”.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why(pub String);

/// A JSONata expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    pub text: String,
    /// May give nothing where the original fails.
    pub may_miss: bool,
    /// May give an array, which a bracket around it would take apart.
    pub may_be_array: bool,
    /// Needs no parentheses to be followed by `.name` or to be an operand.
    pub is_atom: bool,
}

/// Where an expression stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// What `$` is here.
    pub input: Code,
}

/// Names of the helpers in translations; a variable of such a name would be hidden.
const OWN_NAMES: &[&str] = &["required", "text", "values", "items", "item", "index", "value", "states"];

const REQUIRED: &str =
    "$required := function($value) { $exists($value) ? $value : $error('A value is missing') };";
/// As `States.Format` prints: texts bare, nothing else quoted, objects in Java's way.
const TEXT: &str = "$text := function($value) { $type($value) = 'object' ? '{' & $join($each($value, function($item, $index) { $index & '=' & $text($item) }), ', ') & '}' : $type($value) = 'array' ? '[' & $join($map($value, function($item) { $text($item) }), ', ') & ']' : $exists($value) ? $string($value) : $error('A value is missing') };";

pub(crate) fn why<T>(reason: impl Into<String>) -> Result<T, Why> {
    Err(Why(reason.into()))
}

impl Place {
    /// `$` is this JSONata expression, for instance `$states.input`.
    pub fn of(input: &str) -> Place {
        Place { input: Code::atom(input).maybe_array() }
    }
}

impl Code {
    /// An expression that always has a value, no array, and stands for itself.
    pub fn atom(text: impl Into<String>) -> Code {
        Code { text: text.into(), may_miss: false, may_be_array: false, is_atom: true }
    }

    pub(crate) fn compound(text: impl Into<String>) -> Code {
        Code { is_atom: false, ..Code::atom(text) }
    }

    pub(crate) fn maybe_array(self) -> Code {
        Code { may_be_array: true, ..self }
    }

    pub(crate) fn missable(self) -> Code {
        Code { may_miss: true, ..self }
    }

    /// The expression as an operand or as the start of a path.
    pub fn operand(&self) -> String {
        if self.is_atom { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The expression where nothing must not go unnoticed.
    pub fn demanded(&self) -> String {
        if self.may_miss { format!("$required({})", self.text) } else { self.text.clone() }
    }

    /// The expression as the value of a field: `{% … %}`, with the helpers that it uses. A field
    /// that gets nothing fails by itself.
    pub fn field(&self) -> Value {
        let helpers: Vec<&str> = [("$required(", REQUIRED), ("$text(", TEXT)]
            .into_iter()
            .filter(|(name, _)| self.text.contains(name))
            .map(|(_, helper)| helper)
            .collect();
        Value::String(match helpers.is_empty() {
            true => format!("{{% {} %}}", self.text),
            false => format!("{{% ( {} {} ) %}}", helpers.join(" "), self.text),
        })
    }
}

/// A text of JSONata, in single quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\u0027"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// The step `.name`.
pub(crate) fn step(name: &str) -> Result<String, Why> {
    const WORDS: &[&str] = &["and", "or", "in", "true", "false", "null", "function"];
    let mut letters = name.chars();
    let plain = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.contains(&name);
    match plain {
        true => Ok(format!(".{name}")),
        false if name.is_empty() || name.contains('`') => {
            why(format!("JSONata has no way to spell the name “{name}”"))
        }
        false => Ok(format!(".`{name}`")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::expr::payload::{Payload, QueryScope};
    use crate::expr::random::tests::Counter;
    use crate::expr::{Expression, NoVariables, Scope};

    fn data() -> Value {
        json!({
            "one": [{"n": "a", "v": [1]}], "many": [{"n": "a", "p": 1}, {"n": "b", "p": "5"}, {"p": 7}, [8], null],
            "none": [], "deep": [[1]], "obj": {"x": [1], "y": null}, "s": "it's\n\"", "num": 5, "half": 2.5,
            "and": {"a-b": {"c d": true}}, "nul": null, "json": "{\"a\":[1]}", "list": [3, 3, [3], [3]], "pair": [1, 1],
            "blank": " ", "words": ",a.b,,c"
        })
    }

    /// The original and its translation give the same, also inside an array and an object.
    #[track_caller]
    fn check(expression: &str) {
        let data = data();
        let context = json!({"State": {"Name": "S"}});
        let scope = Scope { input: &data, context: &context, variables: &NoVariables };
        let parsed = Expression::parse(expression).expect(expression);
        let expected = parsed.evaluate(&scope, &mut Counter(1), "x.$").ok();
        let place = Place::of("$states.input");
        let code = jsonata_of_expression(&parsed, &place).expect(expression);
        let variables = Map::new();
        let members = [("input", &data), ("context", &context)];
        let scope = QueryScope { states: &members, variables: &variables, now_millis: 0 };
        let run = |written: &Value| Payload::new(written).fill(&scope, &mut Counter(1), "Output");
        let actual = run(&code.field());
        let same = |left: &Option<Value>, right: &Option<Value>| match (left, right) {
            (Some(left), Some(right)) => same_value(left, right),
            (None, None) => true,
            _ => false,
        };
        assert!(
            same(&actual.clone().ok(), &expected),
            "{expression} as {}: {actual:?}, not {expected:?}",
            code.text
        );
        let template = json!({"k": [1, {"x.$": expression}], "l.$": expression});
        let whole = jsonata_of_template(&template, &place).expect(expression);
        let actual = run(&whole.field());
        let expected = expected.map(|it| json!({"k": [1, {"x": it}], "l": it}));
        assert!(same(&actual.clone().ok(), &expected), "{} gives {actual:?}, not {expected:?}", whole.text);
    }

    fn same_value(left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
            (Value::Array(left), Value::Array(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| same_value(left, right))
            }
            (Value::Object(left), Value::Object(right)) => {
                left.len() == right.len()
                    && left
                        .iter()
                        .all(|(name, it)| right.get(name).is_some_and(|other| same_value(it, other)))
            }
            _ => left == right,
        }
    }

    #[track_caller]
    fn check_refused(expression: &str, reason: &str) {
        let parsed = Expression::parse(expression).expect(expression);
        let found = jsonata_of_expression(&parsed, &Place::of("$states.input"));
        assert_eq!(found.err(), Some(Why(reason.to_string())), "{expression}");
    }

    #[test]
    fn definite_paths_keep_their_shape_and_fail_when_nothing_is_there() {
        for path in [
            "$",
            "$.one",
            "$.none",
            "$.deep",
            "$.deep[0]",
            "$.one[0].v",
            "$.one[0].v[0]",
            "$.obj.y",
            "$.nul",
            "$.and['a-b']['c d']",
            "$.no",
            "$.no.more",
            "$.one[3]",
            "$.many[-1]",
            "$$.State.Name",
            "$['num','nul']",
            "$.list[2]",
            "$.missing[0]",
        ] {
            check(path);
        }
    }

    #[test]
    fn indefinite_paths_give_arrays() {
        for path in [
            "$.one[*]",
            "$.one[*].n",
            "$.one[*].v",
            "$.many[*].n",
            "$.none[*]",
            "$.no[*]",
            "$.deep[*]",
            "$.obj[*]",
            "$.num[*]",
            "$.many[1:3]",
            "$.many[:-1]",
            "$.many[-2:]",
            "$.no[0:1].x",
            "$.deep[0:1]",
            "$.many[?(@.p == 5)]",
            "$.many[?(@.p > 1)]",
            "$.many[?(@.n == 'a')].p",
            "$.many[?(@.n)]",
            "$.many[?(@.n == 'a' && @.p < 3 || @.p >= 7)]",
            "$.many[?(!(@.n == 'a'))]",
            "$.many[?(@.n != 'a')]",
            "$.no[?(@.a == 1)]",
            "$.obj[?(@.y == null)]",
        ] {
            check(path);
        }
    }

    #[test]
    fn intrinsic_functions_have_the_same_value() {
        for call in [
            "States.Format('a {} b {} {}', $.s, $.num, $.nul)",
            "States.Format('{}', $.obj)",
            "States.Format('\\{{}', 1)",
            "States.Format('{}', $.no)",
            "States.Format('plain')",
            "States.Format('{}{}', $.half, true)",
            "States.Array($.one, 1, 'x')",
            "States.Array()",
            "States.Array($.deep)",
            "States.Array($.none, $.nul)",
            "States.Array(States.Array($.one))",
            "States.Array($.no)",
            "States.ArrayPartition($.many, 2)",
            "States.ArrayPartition($.none, 2)",
            "States.ArrayPartition($.one, 2)",
            "States.ArrayContains($.list, 3)",
            "States.ArrayContains($.list, $.deep)",
            "States.ArrayContains($.deep, $.deep[0])",
            "States.ArrayRange(1, 9, 9)",
            "States.ArrayRange(0, 10, 3)",
            "States.ArrayRange($.num, $.half, -1)",
            "States.ArrayRange(5, 1, 1)",
            "States.ArrayGetItem($.list, 2)",
            "States.ArrayGetItem($.list, 9)",
            "States.ArrayGetItem($.list, $.half)",
            "States.ArrayLength($.none)",
            "States.ArrayLength($.deep)",
            "States.ArrayLength($.no)",
            "States.ArrayUnique($.list)",
            "States.ArrayUnique($.pair)",
            "States.ArrayUnique($.none)",
            "States.ArrayUnique($.deep)",
            "States.Base64Encode('abc')",
            "States.Base64Decode('YWJj')",
            "States.Hash('input data', 'SHA-1')",
            "States.Hash($.s, 'SHA-256')",
            "States.JsonMerge($.obj, $.and, false)",
            "States.MathAdd($.num, -1)",
            "States.MathAdd($.half, 1)",
            "States.MathAdd($.num, $.no)",
            "States.StringSplit($.words, '.,')",
            "States.StringSplit($.blank, ',')",
            "States.StringSplit('', ',')",
            "States.StringSplit($.words, '[]^-')",
            "States.StringToJson($.json)",
            "States.StringToJson($.blank)",
            "States.JsonToString($.obj)",
            "States.JsonToString($.s)",
            "States.JsonToString($.num)",
            "States.JsonToString($.nul)",
        ] {
            check(call);
        }
    }

    #[test]
    fn what_has_no_faithful_translation_is_refused() {
        check_refused("$..n", "“$..n” searches at every depth");
        check_refused("$.a[0,2]", "“$.a[0,2]” selects several items by number");
        check_refused("$.a[?(@.n =~ /x/)]", "“$.a[?(@.n =~ /x/)]” filters with a regular expression");
        check_refused("States.MathRandom(1, 2, 3)", "“States.MathRandom(1, 2, 3)” draws with a seed");
        check_refused(
            "States.JsonMerge($.a, $.b, true)",
            "“States.JsonMerge($.a, $.b, true)” merges in depth",
        );
        check_refused("$values.x", "the variable “$values” has a name that the translation needs");
    }
}
