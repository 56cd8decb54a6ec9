//! Seeing into the JSONata of the stage that the lens shows: what every part of an expression gave
//! on the data of that step, and where in the data it came from. Nothing is computed before
//! somebody looks; then the expressions are evaluated again with what the run says they read.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::jsonata::{JsonataError, Origin, Part, Shown};
use crate::expr::payload::{Explained, expression_of};
use crate::json::{decode, parse, source_offset};
use crate::sim::{Stage, Step};
use crate::studio::command::Look;
use crate::studio::diff::{plain, short};
use crate::studio::facade::Studio;
use crate::studio::lens::{chosen_name, expression_text, find};
use crate::studio::view::DataLine;
use crate::studio::words::{count, grouped};
use crate::text::Arrange;
use crate::text::TextRange;

/// The expression of the lens, seen from inside.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ExplainView {
    /// The text of the lens, to which all ranges belong; empty until somebody looks.
    pub text: String,
    /// What was evaluated, by place; what is inside of a part follows it.
    pub parts: Vec<PartView>,
    /// What went wrong, at its place.
    pub faults: Vec<FaultView>,
    /// Index of the part that is looked at.
    pub chosen: Option<usize>,
    /// What it gave, in one sentence.
    pub sentence: String,
    /// The whole value.
    pub value: Vec<DataLine>,
    /// Where the value, or parts of it, came from.
    pub from: Vec<OriginView>,
}

/// A part of an expression.
#[derive(Clone, PartialEq, Debug)]
pub struct PartView {
    pub range: TextRange,
    /// The value in short: “3 items”, “"x"”, “nothing”.
    pub value: String,
    /// How often it was evaluated.
    pub count: u32,
    /// Where the whole value was copied from, `$states.input.order.total`; empty where it was made.
    pub from: String,
}

/// A part of a value that was copied.
#[derive(Clone, PartialEq, Debug)]
pub struct OriginView {
    /// `items[0].price`; empty for the whole.
    pub part: String,
    /// `$states.input.order.items[2].price`.
    pub path: String,
}

/// An error inside of an expression.
#[derive(Clone, PartialEq, Debug)]
pub struct FaultView {
    pub range: TextRange,
    /// Code and sentence.
    pub message: String,
}

/// More origins than this are not listed.
const MAX_ORIGINS: usize = 50;

/// What was found when somebody looked, for as long as the lens shows the same stage.
pub(crate) struct Looked {
    step: Arc<Step>,
    text: String,
    parts: Vec<(TextRange, Part)>,
    faults: Vec<FaultView>,
    chosen: Option<usize>,
}

impl Studio {
    /// What the parts of the expression in the lens gave.
    pub fn explain_view(&self) -> Arc<ExplainView> {
        let is_here = |it: &&Looked| {
            self.lens_stage().is_some_and(|(step, stage)| {
                it.step == step && it.text == text_of(&stage).unwrap_or_default()
            })
        };
        Arc::new(self.desk.looked.as_ref().filter(is_here).map(Looked::view).unwrap_or_default())
    }

    /// Whether the stage in the lens has an expression to look into.
    pub(crate) fn can_look(&self) -> bool {
        self.lens_stage().is_some_and(|(_, stage)| stage.read.is_some())
    }

    /// Looks into the expression of the stage, or at another part of it.
    pub(crate) fn look(&mut self, look: Look) {
        let before = self.desk.looked.take();
        let Some((step, stage)) = self.lens_stage() else { return };
        let text = text_of(&stage).unwrap_or_default();
        let same = before.filter(|it| it.step == step && it.text == text);
        let Some(mut looked) = same.or_else(|| self.looked(&step, &stage, text)) else { return };
        looked.turn(look);
        self.desk.looked = Some(looked);
    }

    fn lens_stage(&self) -> Option<(Arc<Step>, Stage)> {
        let desk = &self.desk;
        let step = desk.lens_step()?;
        let name = chosen_name(&step, desk.lens_idx(), &self.facts(), desk.chosen_stage)?;
        let stage = find(&step, name)?.clone();
        Some((step, stage))
    }

    fn looked(&self, step: &Arc<Step>, stage: &Stage, text: String) -> Option<Looked> {
        let (written, read) = (stage.expression.as_deref()?, stage.read.as_deref()?);
        let job = self.desk.job.as_ref()?;
        let input = step.inside.as_ref().map_or(&job.input, |it| &it.input);
        let shown = text.clone();
        let explained = read.explain(written, input);
        let mut looked =
            Looked { step: Arc::clone(step), text, parts: Vec::new(), faults: Vec::new(), chosen: None };
        for (place, it) in places(written, &shown).iter().zip(explained) {
            looked.take(place, it);
        }
        looked.parts.arrange_by_key(|it| (it.0.start, usize::MAX - it.0.end));
        Some(looked)
    }
}

/// The text that the lens shows of a stage with JSONata.
fn text_of(stage: &Stage) -> Option<String> {
    stage.read.as_ref()?;
    stage.expression.as_deref().map(expression_text)
}

/// Where an expression stands in the shown text.
struct Place<'t> {
    /// The string as it is spelled there, or the bare text.
    source: &'t str,
    start: usize,
    is_quoted: bool,
}

impl Place<'_> {
    /// Where bytes of the expression are shown.
    fn range(&self, start: usize, end: usize) -> TextRange {
        // Behind the opening mark.
        let at = |inner: usize| {
            let decoded = inner.saturating_add(2);
            let offset = if self.is_quoted { source_offset(self.source, decoded) } else { decoded };
            self.start + offset.min(self.source.len())
        };
        TextRange::new(at(start), at(end.max(start)))
    }
}

/// The expressions in the shown text, in order.
fn places<'t>(written: &Value, text: &'t str) -> Vec<Place<'t>> {
    // A lone string is shown without quotes.
    if written.is_string() {
        return vec![Place { source: text, start: 0, is_quoted: false }];
    }
    let tree = parse(text);
    let mut found = Vec::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        pending.extend(tree.children(node).rev());
        let range = tree.range(node);
        let source = text.get(range.start..range.end).unwrap_or_default();
        if tree.string(node).is_some() && expression_of(&decode(source)).is_some() {
            found.push(Place { source, start: range.start, is_quoted: true });
        }
    }
    found
}

impl Looked {
    fn take(&mut self, place: &Place, explained: Explained) {
        let mut fault = |it: &JsonataError| {
            let range = place.range(it.start, it.start + it.length);
            self.faults.push(FaultView { range, message: it.to_string() });
        };
        match explained.explanation {
            Err(error) => fault(&error),
            Ok(explanation) => {
                if let Err(error) = &explanation.result {
                    fault(error);
                }
                let parts = explanation.parts.into_iter();
                self.parts.extend(parts.map(|it| (place.range(it.start, it.end), it)));
            }
        }
    }

    fn turn(&mut self, look: Look) {
        let last = self.parts.len().checked_sub(1);
        let chosen = match (look, self.chosen) {
            (Look::Over, chosen) => chosen,
            (Look::At { offset }, _) => self.innermost(|it| it.start <= offset && offset < it.end),
            (Look::Next, Some(idx)) => last.map(|it| it.min(idx + 1)),
            (Look::Previous, Some(idx)) => Some(idx.saturating_sub(1)),
            (Look::Wider, Some(idx)) => self.around(idx).or(Some(idx)),
            (Look::Narrower, Some(idx)) => Some(self.inside(idx).unwrap_or(idx)),
            (_, None) => last.map(|_| 0),
        };
        self.chosen = chosen;
    }

    fn innermost(&self, holds: impl Fn(TextRange) -> bool) -> Option<usize> {
        let found = self.parts.iter().enumerate().filter(|(_, it)| holds(it.0));
        // The later one of two equals is inside of the earlier one.
        found.rev().min_by_key(|(_, it)| it.0.len()).map(|it| it.0)
    }

    /// The next wider part.
    fn around(&self, idx: usize) -> Option<usize> {
        let (own, _) = self.parts.get(idx)?;
        self.innermost(|it| it.start <= own.start && own.end <= it.end && own.len() < it.len())
    }

    /// The first part inside.
    fn inside(&self, idx: usize) -> Option<usize> {
        let ((own, _), (next, _)) = (self.parts.get(idx)?, self.parts.get(idx + 1)?);
        (next.end <= own.end).then_some(idx + 1)
    }

    fn view(&self) -> ExplainView {
        let parts = self.parts.iter().map(|(range, part)| PartView {
            range: *range,
            value: in_short(&part.value),
            count: part.count,
            from: part.origins.iter().find(|it| it.part.is_empty()).map(path_of).unwrap_or_default(),
        });
        let mut view = ExplainView {
            text: self.text.clone(),
            parts: parts.collect(),
            faults: self.faults.clone(),
            chosen: self.chosen,
            ..ExplainView::default()
        };
        if let Some((range, part)) = self.chosen.and_then(|it| self.parts.get(it)) {
            let text = self.text.get(range.start..range.end).unwrap_or_default();
            view.sentence = sentence(text, part);
            if let Shown::Json(value) = &part.value {
                view.value = plain(value);
            }
            let origins = part.origins.iter().take(MAX_ORIGINS);
            view.from = origins.map(|it| OriginView { part: steps(&it.part), path: path_of(it) }).collect();
        }
        view
    }
}

/// “price * quantity gave 7.5 the first of 3 times”.
fn sentence(text: &str, part: &Part) -> String {
    let text = crate::studio::words::cut(text, 60);
    let value = in_short(&part.value);
    match part.count {
        0 | 1 => format!("{text} gave {value}"),
        n => format!("{text} gave {value} the first of {} times", grouped(n as usize)),
    }
}

fn in_short(value: &Shown) -> String {
    match value {
        Shown::Undefined => "nothing".to_owned(),
        Shown::Json(value) => short(value),
        Shown::Function => "a function".to_owned(),
        Shown::Large { is_array: true, n_items } => count(*n_items, "item", "items"),
        Shown::Large { is_array: false, n_items } => count(*n_items, "key", "keys"),
        Shown::Unsupported => "a value that JSON has no words for".to_owned(),
    }
}

/// `$states.input.order.total`.
fn path_of(origin: &Origin) -> String {
    let steps = steps(&origin.path);
    let dot = if steps.is_empty() || steps.starts_with('[') { "" } else { "." };
    format!("${}{dot}{steps}", origin.variable)
}

/// A JSON Pointer as steps of a path: `order.items[0].price`.
fn steps(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        let is_plain = name.chars().all(|it| it.is_alphanumeric() || it == '_')
            && name.starts_with(|it: char| it.is_alphabetic() || it == '_');
        if !name.is_empty() && name.bytes().all(|it| it.is_ascii_digit()) {
            path.push_str(&format!("[{name}]"));
            continue;
        }
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&if is_plain { name } else { format!("`{name}`") });
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::{Command, OpenedFrom, PlayerCommand};

    const MACHINE: &str = r#"{"StartAt":"A","QueryLanguage":"JSONata","States":{
        "A":{"Type":"Pass","Assign":{"rate":"{% $states.input.rate %}"},"Output":"{% $states.input %}","Next":"B"},
        "B":{"Type":"Pass","Next":"C","Assign":{"rate":7},
          "Output":{"sum":"{% $sum($states.input.items.(price * n)) %}","first":["{% $states.input.items[0] & \"é\" & $rate %}"],
            "who":"{% $states.context.Execution.Input.rate %}","n":1}},
        "C":{"Type":"Pass","Output":"{% $states.input.sum + 'x' %}","End":true}}}"#;

    fn at_step(idx: usize) -> Studio {
        let mut studio = Studio::new();
        let text = MACHINE.to_string();
        studio.dispatch(Command::Open { name: "a.asl.json".into(), text, from: OpenedFrom::Paste });
        let json = r#"{"rate":2,"items":[{"price":1.5,"n":2},{"price":2,"n":3}]}"#.to_string();
        studio.dispatch(Command::SetInput { json });
        studio.dispatch(Command::Run);
        studio.dispatch(Command::Player(PlayerCommand::SeekStep(idx)));
        studio
    }

    /// Looks at the first place of `at`: part, sentence and origins.
    #[track_caller]
    fn check(studio: &mut Studio, at: &str, part: &str, sentence: &str, from: &[&str]) {
        let text = studio.data_flow_view().expression.clone();
        let offset = text.find(at).unwrap_or_else(|| panic!("no {at} in {text}"));
        studio.dispatch(Command::Look(Look::At { offset }));
        let view = studio.explain_view();
        assert_eq!(view.text, text);
        let chosen = view.chosen.and_then(|it| view.parts.get(it)).expect("a part");
        assert_eq!(&text[chosen.range.start..chosen.range.end], part);
        assert_eq!(view.sentence, sentence);
        let found: Vec<String> = view.from.iter().map(|it| format!("{}<{}", it.part, it.path)).collect();
        assert_eq!(found, from);
    }

    #[test]
    fn parts_of_an_output_show_what_they_gave_at_that_step() {
        let mut studio = at_step(2);
        assert_eq!(*studio.explain_view(), ExplainView::default(), "nobody has looked yet");
        check(
            &mut studio,
            "price",
            "price",
            "price gave 1.5 the first of 2 times",
            &["<$states.input.items[0].price"],
        );
        check(&mut studio, "* n", "price * n", "price * n gave 3 the first of 2 times", &[]);
        // The value of before the state, not the one that it sets.
        check(&mut studio, "$rate", "$rate", "$rate gave 2", &["<$rate"]);
        check(
            &mut studio,
            "[0]",
            "$states.input.items[0]",
            "$states.input.items[0] gave 2 keys",
            &["<$states.input.items[0]"],
        );
        // A step of a path shows how far it leads.
        check(&mut studio, "Input.rate", "Input", "Input gave 2 keys", &["<$states.context.Execution.Input"]);
        check(&mut studio, "$states.context", "$states", "$states gave 2 keys", &["<$states"]);
    }

    #[test]
    fn keys_walk_over_the_parts() {
        let mut studio = at_step(2);
        let mut walk = |look: Look| {
            studio.dispatch(Command::Look(look));
            let view = studio.explain_view();
            let range = view.chosen.and_then(|it| view.parts.get(it)).expect("a part").range;
            view.text[range.start..range.end].to_string()
        };
        let whole = walk(Look::Next);
        assert_eq!(whole.trim(), "$sum($states.input.items.(price * n))");
        assert_eq!(walk(Look::Previous), whole);
        let inner = walk(Look::Narrower);
        assert!(inner.len() < whole.len());
        assert_eq!(walk(Look::Wider), whole);
        for _ in 0..50 {
            walk(Look::Next);
        }
        assert_eq!(walk(Look::Next), "rate");
        assert_eq!(walk(Look::Wider), "$states.context.Execution.Input.rate");
    }

    #[test]
    fn an_error_stands_at_its_place() {
        let mut studio = at_step(3);
        check(&mut studio, "sum + ", "sum", "sum gave 9", &["<$states.input.sum"]);
        let view = studio.explain_view();
        let fault = view.faults.first().expect("a fault");
        assert!(fault.message.starts_with("T2002"), "{fault:?}");
        assert_eq!(&view.text[fault.range.start..fault.range.end], "$states.input.sum + 'x'");
    }

    #[test]
    fn what_was_seen_belongs_to_its_step() {
        let mut studio = at_step(2);
        studio.dispatch(Command::Look(Look::Next));
        studio.dispatch(Command::Player(PlayerCommand::Step));
        assert_eq!(*studio.explain_view(), ExplainView::default());
        // The first step has no expression.
        studio.dispatch(Command::Player(PlayerCommand::First));
        assert!(studio.can(&Command::Look(Look::Next)).is_err());
    }

    #[test]
    fn paths_are_written_as_jsonata() {
        for (pointer, expected) in
            [("", ""), ("/a/0/b", "a[0].b"), ("/0", "[0]"), ("/a b/c~1d/", "`a b`.`c/d`.``")]
        {
            assert_eq!(steps(pointer), expected);
        }
    }
}
