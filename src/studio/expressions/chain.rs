//! Which data a place in half-written JSONata is about: the words before it are read backward to
//! the beginning of their path, and brackets outward to the data whose items they look at.

use crate::expr::jsonata::{Word, WordKind};

/// Paths inside of paths are followed to this depth.
const MAX_DEPTH: usize = 20;
/// So many mentions of a name are looked at for the one that binds it.
const MAX_MENTIONS: usize = 20;

/// The words of an expression, with their text.
#[derive(Clone, Copy)]
pub(super) struct Chain<'t> {
    pub text: &'t str,
    pub words: &'t [Word],
}

impl<'t> Chain<'t> {
    fn word(&self, idx: usize) -> &'t str {
        self.words.get(idx).map(|it| it.of(self.text)).unwrap_or_default()
    }

    fn kind(&self, idx: usize) -> Option<WordKind> {
        self.words.get(idx).map(|it| it.kind)
    }

    fn slice(&self, first: usize, last: usize) -> &'t str {
        let (Some(first), Some(last)) = (self.words.get(first), self.words.get(last)) else { return "" };
        self.text.get(first.start..last.end).unwrap_or_default()
    }

    /// The path that ends with this word, as an expression that can be evaluated by itself.
    pub(super) fn path(&self, last: usize) -> Option<String> {
        self.path_within(last, 0)
    }

    /// The data whose items a name in front of this word would be a field of.
    pub(super) fn around(&self, before: usize) -> Option<String> {
        self.around_within(before, 0)
    }

    fn path_within(&self, last: usize, depth: usize) -> Option<String> {
        if MAX_DEPTH < depth {
            return None;
        }
        let first = self.first_of(last)?;
        let text = self.slice(first, last);
        let head = self.word(first);
        match self.kind(first)? {
            WordKind::Variable if head == "$" => {
                let rest = text.get(1..).unwrap_or_default();
                Some(format!("{}{rest}", self.around_within(first, depth + 1)?))
            }
            WordKind::Variable => match self.binding(head, first, depth) {
                Some(bound) => {
                    let rest = text.get(head.len()..).unwrap_or_default();
                    Some(format!("{bound}{rest}"))
                }
                None => Some(text.to_string()),
            },
            WordKind::Function => Some(text.to_string()),
            WordKind::Name => match self.around_within(first, depth + 1) {
                Some(around) => Some(format!("{around}.{text}")),
                None => Some(text.to_string()),
            },
            WordKind::Operator if head == "(" || head == "[" => Some(text.to_string()),
            _ => None,
        }
    }

    /// The first word of the path that ends with a word.
    fn first_of(&self, last: usize) -> Option<usize> {
        let mut at = last;
        loop {
            let first = match (self.kind(at)?, self.word(at)) {
                (WordKind::Operator, ")") => {
                    let open = self.opener(at)?;
                    match open.checked_sub(1).and_then(|it| self.kind(it)) {
                        Some(WordKind::Function | WordKind::Variable) => open - 1,
                        _ => open,
                    }
                }
                (WordKind::Operator, "]" | "}") => {
                    let open = self.opener(at)?;
                    match open.checked_sub(1).filter(|it| self.is_operand(*it)) {
                        Some(before) => {
                            at = before;
                            continue;
                        }
                        None => open,
                    }
                }
                (WordKind::Operator, "*" | "**" | "%") | (WordKind::Text, _) => at,
                (WordKind::Variable | WordKind::Function | WordKind::Name, _) => at,
                _ => return None,
            };
            at = match first.checked_sub(1).map(|it| self.word(it)) {
                Some(".") if 2 <= first => first - 2,
                // `items^(price)` begins where `items` does.
                Some("^") if 2 <= first && self.word(first) == "(" => first - 2,
                _ => return Some(first),
            };
        }
    }

    fn is_operand(&self, idx: usize) -> bool {
        match self.kind(idx) {
            Some(WordKind::Operator) => matches!(self.word(idx), ")" | "]" | "}" | "*" | "**"),
            Some(WordKind::Variable | WordKind::Function | WordKind::Name) => true,
            _ => false,
        }
    }

    /// The bracket that this one closes.
    fn opener(&self, close: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for idx in (0..=close).rev() {
            match self.bracket(idx) {
                Some(false) => depth += 1,
                Some(true) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(idx);
                    }
                }
                None => {}
            }
        }
        None
    }

    /// Whether a word opens (true) or closes a bracket.
    fn bracket(&self, idx: usize) -> Option<bool> {
        if self.kind(idx) != Some(WordKind::Operator) {
            return None;
        }
        match self.word(idx) {
            "(" | "[" | "{" => Some(true),
            ")" | "]" | "}" => Some(false),
            _ => None,
        }
    }

    /// The innermost bracket that is open in front of a word.
    fn enclosing(&self, before: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for idx in (0..before).rev() {
            match self.bracket(idx) {
                Some(false) => depth += 1,
                Some(true) if depth == 0 => return Some(idx),
                Some(true) => depth -= 1,
                None => {}
            }
        }
        None
    }

    fn around_within(&self, before: usize, depth: usize) -> Option<String> {
        let mut at = before;
        loop {
            let open = self.enclosing(at)?;
            let left = open.checked_sub(1)?;
            let is_after_dot =
                matches!(self.word(left), "." | "^") && self.kind(left) == Some(WordKind::Operator);
            if is_after_dot {
                return self.path_within(left.checked_sub(1)?, depth + 1);
            }
            // A call takes its arguments from outside, a predicate and a group their names from the left.
            if self.word(open) != "(" && self.is_operand(left) && !self.is_function_head(left) {
                return self.path_within(left, depth + 1);
            }
            at = open;
        }
    }

    /// Whether a word closes the parameters of a `function(…)`.
    fn is_function_head(&self, close: usize) -> bool {
        let open = self.opener(close).filter(|_| self.word(close) == ")");
        let head = open.and_then(|it| it.checked_sub(1));
        head.is_some_and(|it| matches!(self.word(it), "function" | "λ"))
    }

    /// What a name bound in the expression itself stands for: the value behind `:=`, or the first item
    /// that a function such as `$map` is given.
    fn binding(&self, name: &str, before: usize, depth: usize) -> Option<String> {
        if MAX_DEPTH < depth {
            return None;
        }
        for idx in (0..before).rev().filter(|it| self.word(*it) == name).take(MAX_MENTIONS) {
            if self.word(idx + 1) == ":=" {
                let last = self.end_of_value(idx + 2);
                return (idx + 1 < last && last < before).then(|| format!("({})", self.slice(idx + 2, last)));
            }
            let Some(open) = self.enclosing(idx) else { continue };
            let is_parameter =
                open.checked_sub(1).is_some_and(|it| matches!(self.word(it), "function" | "λ"));
            let Some(comma) = open.checked_sub(2).filter(|it| is_parameter && self.word(*it) == ",") else {
                continue;
            };
            let call = self.enclosing(comma)?;
            let callee = call.checked_sub(1).map(|it| self.word(it)).unwrap_or_default();
            let place = (open..idx).filter(|it| self.word(*it) == ",").count();
            let is_item = match callee {
                "$map" | "$filter" | "$single" | "$sort" | "$each" | "$sift" => place == 0,
                "$reduce" => place == 1,
                _ => false,
            };
            let array = self.argument(call + 1, comma - 1, depth)?;
            return is_item.then(|| match callee {
                "$each" | "$sift" => format!("({array}).*[0]"),
                _ => format!("({array})[0]"),
            });
        }
        None
    }

    /// An argument as an expression of its own.
    fn argument(&self, first: usize, last: usize, depth: usize) -> Option<String> {
        if last < first {
            return None;
        }
        match self.first_of(last) {
            Some(start) if start == first => self.path_within(last, depth + 1),
            _ => Some(self.slice(first, last).to_string()),
        }
    }

    /// The last word of the value that begins here.
    fn end_of_value(&self, first: usize) -> usize {
        let mut depth = 0_usize;
        for idx in first..self.words.len() {
            match self.bracket(idx) {
                Some(true) => depth += 1,
                Some(false) if depth == 0 => return idx.saturating_sub(1),
                Some(false) => depth -= 1,
                None if depth == 0 && self.word(idx) == ";" => return idx.saturating_sub(1),
                None => {}
            }
        }
        self.words.len().saturating_sub(1)
    }
}
