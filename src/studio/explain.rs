//! Seeing into the JSONata of the stage that the lens shows: what every part of an expression gave
//! on the data of that step, and where in the data it came from. Nothing is computed before
//! somebody looks; then the expressions are evaluated again with what the run says they read.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::payload::expression_of;
use crate::json::{decode, parse, source_offset};
use crate::sim::{Stage, Step};
use crate::studio::command::Look;
use crate::studio::facade::Studio;
use crate::studio::insight::{ExplainView, Insight};
use crate::studio::lens::{chosen_name, expression_text, find};
use crate::text::TextRange;

/// What was found when somebody looked, for as long as the lens shows the same stage.
pub(crate) struct Looked {
    step: Arc<Step>,
    insight: Insight,
}

impl Studio {
    /// What the parts of the expression in the lens gave.
    pub fn explain_view(&self) -> Arc<ExplainView> {
        let is_here = |it: &&Looked| {
            self.lens_stage().is_some_and(|(step, stage)| {
                it.step == step && it.insight.text == text_of(&stage).unwrap_or_default()
            })
        };
        Arc::new(self.desk.looked.as_ref().filter(is_here).map(|it| it.insight.view()).unwrap_or_default())
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
        let same = before.filter(|it| it.step == step && it.insight.text == text);
        let Some(mut looked) = same.or_else(|| self.looked(&step, &stage, text)) else { return };
        looked.insight.turn(look);
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
        let mut insight = Insight::new(text);
        for (place, it) in places(written, &shown).iter().zip(explained) {
            insight.take(it.explanation, |start, end| place.range(start, end));
        }
        Some(Looked { step: Arc::clone(step), insight })
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
}
