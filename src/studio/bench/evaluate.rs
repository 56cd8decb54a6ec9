//! One expression on its data: the value in words and lines, or the error at its place, and for
//! JSONata what every part gave. Evaluation is counted, so that whatever is typed comes to an end
//! at once.

use serde_json::Value;

use crate::asl::QueryLanguage;
use crate::expr::jsonata::{self, Budget, Jsonata, JsonataError, Outcome, World};
use crate::expr::payload::{QUERY_EVALUATION_ERROR, expression_of};
use crate::expr::{ExprError, Expression, PathError, RUNTIME, Scope, depth_within, json_text};
use crate::sim::snapshot::Random;
use crate::studio::bench::data::BenchData;
use crate::studio::command::Look;
use crate::studio::diff::plain;
use crate::studio::insight::{ExplainView, Insight};
use crate::studio::running::SEED;
use crate::studio::view::DataLine;
use crate::studio::words::{count, cut, grouped};
use crate::text::{TextRange, floor_char_boundary};

/// An expression with what it gave.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Bench {
    view: BenchView,
    /// For JSONata.
    insight: Option<Insight>,
}

/// What an expression gave.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct BenchView {
    /// “object”, “array”, “string”, “number”, “boolean”, “null”, “nothing”, “function”; empty while
    /// there is no expression or an error.
    pub kind: &'static str,
    /// “3 keys · 120 bytes”.
    pub size: String,
    pub value: Vec<DataLine>,
    pub fault: Option<BenchFault>,
    /// What else is to be known, in a sentence: what a state would make of it.
    pub note: Option<String>,
}

/// Why there is no value.
#[derive(Clone, PartialEq, Debug)]
pub struct BenchFault {
    /// `T2001`, `States.Runtime`, …
    pub code: String,
    /// One sentence.
    pub message: String,
    /// “character 5”, “line 2, character 5”; empty when no place is to blame.
    pub place: String,
    /// The guilty bytes of what was typed.
    pub range: Option<TextRange>,
}

/// An evaluation while somebody types may be this much work: a tenth of what a run allows.
const BUDGET: Budget = Budget { n_steps: 1_000_000, n_bytes: 8 << 20, depth: 20_000 };
/// Longer texts are no expressions (bytes).
const MAX_BYTES: usize = 100 << 10;
/// AWS's code for a definition with such an expression.
const NOT_WELL_FORMED: &str = "SCHEMA_VALIDATION_FAILED";

impl Bench {
    /// Evaluates what was typed: JSONata, with or without its marks, or a JSONPath or the call of
    /// an intrinsic function.
    pub fn new(language: QueryLanguage, text: &str, data: &BenchData) -> Bench {
        if text.trim().is_empty() {
            return Bench::default();
        }
        if MAX_BYTES < text.len() {
            let message = format!("An expression of {} bytes is too long to try", grouped(text.len()));
            return Bench::failed(fault(text, "", message, None));
        }
        match language {
            QueryLanguage::Jsonata => jsonata(text, data),
            QueryLanguage::JsonPath => jsonpath(text, data),
        }
    }

    /// Why there is nothing to evaluate with.
    pub fn without_data(sentence: String) -> Bench {
        Bench::failed(BenchFault {
            code: String::new(),
            message: sentence,
            place: String::new(),
            range: None,
        })
    }

    /// What it gave.
    pub fn view(&self) -> &BenchView {
        &self.view
    }

    /// What its parts gave, while the part with this index is looked at; empty for anything but
    /// JSONata.
    pub fn explain_view(&self, chosen: Option<usize>) -> ExplainView {
        self.insight.as_ref().map(|it| it.view_at(chosen)).unwrap_or_default()
    }

    /// The part that is looked at next.
    pub fn look(&self, chosen: Option<usize>, look: Look) -> Option<usize> {
        self.insight.as_ref()?.turned(chosen, look)
    }

    fn failed(fault: BenchFault) -> Bench {
        Bench { view: BenchView { fault: Some(fault), ..BenchView::default() }, insight: None }
    }
}

/// The expression without marks and spaces around it, and at which byte it begins.
pub(crate) fn inner(language: QueryLanguage, text: &str) -> (&str, usize) {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    match expression_of(trimmed).filter(|_| language == QueryLanguage::Jsonata) {
        Some(inner) => (inner, start + 2),
        None => (trimmed, start),
    }
}

fn jsonata(typed: &str, data: &BenchData) -> Bench {
    let (text, offset) = inner(QueryLanguage::Jsonata, typed);
    let of = |it: &JsonataError| {
        let start = offset + it.start;
        fault(typed, it.code, it.message.clone(), Some((start, start + it.length)))
    };
    let mut insight = Insight::new(typed.to_string());
    let range = |start: usize, end: usize| TextRange::new(offset + start, offset + end.max(start));
    let parsed = match Jsonata::parse(text, jsonata::Dialect::Aws) {
        Ok(parsed) => parsed,
        Err(error) => {
            let fault = of(&error);
            insight.take(Err(error), range);
            return Bench { insight: Some(insight), ..Bench::failed(fault) };
        }
    };
    let mut random = Random(SEED);
    let mut bindings: Vec<(&str, &Value)> =
        data.variables.iter().map(|(name, value)| (name.as_str(), value)).collect();
    bindings.push(("states", &data.states));
    let mut world =
        World { input: None, bindings, now_millis: data.now_millis, random: &mut random, budget: BUDGET };
    let explanation = parsed.explain(&mut world);
    let mut view = match &explanation.result {
        Ok(Some(Outcome::Json(value))) => shown(value),
        Ok(Some(Outcome::Unsupported)) => BenchView {
            kind: "function",
            note: Some(format!(
                "It is or holds a function or a number that JSON has no words for; in a state that is {QUERY_EVALUATION_ERROR}"
            )),
            ..BenchView::default()
        },
        Ok(None) => BenchView {
            kind: "nothing",
            note: Some(format!("It is undefined; in a state that is {QUERY_EVALUATION_ERROR}")),
            ..BenchView::default()
        },
        Err(error) => BenchView { fault: Some(of(error)), ..BenchView::default() },
    };
    if let Some(top) = parsed.references().top_level.first() {
        view.note = Some(format!("{} Step Functions refuses it; write $states.input", top.message()));
    }
    insight.take(Ok(explanation), range);
    Bench { view, insight: Some(insight) }
}

fn jsonpath(typed: &str, data: &BenchData) -> Bench {
    let (text, offset) = inner(QueryLanguage::JsonPath, typed);
    let malformed = |it: &PathError| {
        let range = Some((offset + it.start, offset + it.end));
        Bench::failed(fault(typed, NOT_WELL_FORMED, it.message.clone(), range))
    };
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => return malformed(&error),
    };
    let scope = Scope { input: &data.input, context: &data.context, variables: &*data.variables };
    match expression.evaluate(&scope, &mut Random(SEED), "value.$") {
        Ok(value) => Bench { view: shown(&value), insight: None },
        Err(error) => {
            let near = nearest(&expression, &scope);
            let ExprError { name, cause, range, .. } = error;
            let range = range.map(|(start, end)| (offset + start, offset + end));
            let mut bench = Bench::failed(fault(typed, &name, cause, range));
            bench.view.note = near.filter(|_| name == RUNTIME);
            bench
        }
    }
}

/// “Did you mean “total”?”, for the first path that leads nowhere.
fn nearest(expression: &Expression, scope: &Scope) -> Option<String> {
    let near = expression.paths().into_iter().find_map(|(_, it)| it.nearest_key(scope))?;
    match near.nearest {
        Some(name) => Some(format!("Did you mean “{name}”?")),
        None if near.available.is_empty() => None,
        None => Some(format!("There is {}", cut(&near.available.join(", "), 120))),
    }
}

fn shown(value: &Value) -> BenchView {
    let bytes = count(json_text(value).len(), "byte", "bytes");
    let (kind, size) = match value {
        Value::Null => ("null", bytes),
        Value::Bool(_) => ("boolean", bytes),
        Value::Number(_) => ("number", bytes),
        Value::String(text) => {
            ("string", format!("{} · {bytes}", count(text.chars().count(), "character", "characters")))
        }
        Value::Array(items) => ("array", format!("{} · {bytes}", count(items.len(), "item", "items"))),
        Value::Object(members) => ("object", format!("{} · {bytes}", count(members.len(), "key", "keys"))),
    };
    // Results nest as deep as the data, which is bounded; lines do not recurse.
    debug_assert!(depth_within(value, crate::expr::MAX_DEPTH * 4));
    BenchView { kind, size, value: plain(value), ..BenchView::default() }
}

fn fault(text: &str, code: &str, message: String, range: Option<(usize, usize)>) -> BenchFault {
    let range = range.map(|(start, end)| {
        let start = floor_char_boundary(text, start);
        TextRange::new(start, floor_char_boundary(text, end).max(start))
    });
    let place = range.map(|it| place(text, it.start)).unwrap_or_default();
    BenchFault { code: code.to_string(), message, place, range }
}

fn place(text: &str, byte: usize) -> String {
    let before = text.get(..byte).unwrap_or_default();
    let line = before.matches('\n').count();
    let character = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    match text.contains('\n') {
        true => format!("line {}, character {character}", line + 1),
        false => format!("character {character}"),
    }
}
