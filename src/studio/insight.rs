//! Expressions seen from inside: what every part of a text gave on the data that it read, one of
//! them chosen. The lens looks into the stages of a run with it, the bench into what is typed.

use crate::expr::jsonata::{Explanation, JsonataError, Origin, Part, Shown};
use crate::studio::command::Look;
use crate::studio::diff::{plain, short};
use crate::studio::view::DataLine;
use crate::studio::words::{count, grouped};
use crate::text::{Arrange, TextRange};

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

/// The parts of a text and the errors in it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Insight {
    pub(crate) text: String,
    parts: Vec<(TextRange, Part)>,
    faults: Vec<FaultView>,
    chosen: Option<usize>,
}

impl Insight {
    /// Nothing is known of the text yet.
    pub(crate) fn new(text: String) -> Insight {
        Insight { text, ..Insight::default() }
    }

    /// Adds an expression of the text; `range` says where bytes of the expression stand in it.
    pub(crate) fn take(
        &mut self,
        explanation: Result<Explanation, JsonataError>,
        range: impl Fn(usize, usize) -> TextRange,
    ) {
        let mut fault = |it: &JsonataError| {
            let range = range(it.start, it.start + it.length);
            self.faults.push(FaultView { range, message: it.to_string() });
        };
        match explanation {
            Err(error) => fault(&error),
            Ok(explanation) => {
                if let Err(error) = &explanation.result {
                    fault(error);
                }
                let parts = explanation.parts.into_iter();
                self.parts.extend(parts.map(|it| (range(it.start, it.end), it)));
            }
        }
        self.parts.arrange_by_key(|it| (it.0.start, usize::MAX - it.0.end));
    }

    /// Looks at another part.
    pub(crate) fn turn(&mut self, look: Look) {
        self.chosen = self.turned(self.chosen, look);
    }

    /// The part that is looked at after this one.
    pub(crate) fn turned(&self, chosen: Option<usize>, look: Look) -> Option<usize> {
        let last = self.parts.len().checked_sub(1);
        match (look, chosen) {
            (Look::Over, chosen) => chosen,
            (Look::At { offset }, _) => self.innermost(|it| it.start <= offset && offset < it.end),
            (Look::Next, Some(idx)) => last.map(|it| it.min(idx + 1)),
            (Look::Previous, Some(idx)) => Some(idx.saturating_sub(1)),
            (Look::Wider, Some(idx)) => self.around(idx).or(Some(idx)),
            (Look::Narrower, Some(idx)) => Some(self.inside(idx).unwrap_or(idx)),
            (_, None) => last.map(|_| 0),
        }
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

    /// As it is shown.
    pub(crate) fn view(&self) -> ExplainView {
        self.view_at(self.chosen)
    }

    /// As it is shown while this part is looked at.
    pub(crate) fn view_at(&self, chosen: Option<usize>) -> ExplainView {
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
            chosen,
            ..ExplainView::default()
        };
        if let Some((range, part)) = chosen.and_then(|it| self.parts.get(it)) {
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

/// A value in a few words.
pub(crate) fn in_short(value: &Shown) -> String {
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

    #[test]
    fn paths_are_written_as_jsonata() {
        for (pointer, expected) in
            [("", ""), ("/a/0/b", "a[0].b"), ("/0", "[0]"), ("/a b/c~1d/", "`a b`.`c/d`.``")]
        {
            assert_eq!(steps(pointer), expected);
        }
    }
}
