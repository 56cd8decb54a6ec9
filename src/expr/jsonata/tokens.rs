//! The words of an expression for people who are still writing it: what each piece of a text is,
//! however broken the text may be. Nothing here decides what an expression means.

use crate::expr::jsonata::Dialect;
use crate::expr::jsonata::functions::builtin;
use crate::expr::jsonata::lexer::{Expect, Lexer, TokenKind};

/// What a piece of an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// A function of the language, with its `$`.
    Function,
    /// `$`, `$$` or a variable, with its `$`.
    Variable,
    /// A field name, bare or in backquotes.
    Name,
    Text,
    Regex,
    Number,
    /// `true`, `false`, `null`, `and`, `or`, `in`, `function`.
    Word,
    Operator,
    Comment,
}

/// A piece of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    pub kind: WordKind,
    /// Bytes in the text.
    pub start: usize,
    pub end: usize,
}

impl Word {
    /// The piece as it is written.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// The pieces of a text in order, without the space between them. What cannot be read, such as a
/// string without its end, goes on to the end of the text.
pub fn words(text: &str) -> Vec<Word> {
    let mut lexer = Lexer::new(text, false);
    let mut found: Vec<Word> = Vec::new();
    let mut at = 0;
    loop {
        let expect = if found.last().is_some_and(|it| ends_operand(it, text)) {
            Expect::Operator
        } else {
            Expect::Operand
        };
        let Ok(token) = lexer.next(expect) else {
            push_comments(text, at, text.len(), &mut found);
            let start = found.last().map_or(0, |it| it.end).max(at);
            let rest = text.get(start..).unwrap_or_default();
            let start = start + (rest.len() - rest.trim_start().len());
            if start < text.len() {
                found.push(Word { kind: unfinished(text, start), start, end: text.len() });
            }
            return found;
        };
        push_comments(text, at, token.start, &mut found);
        let kind = match token.kind {
            TokenKind::End => return found,
            TokenKind::Operator("and" | "or" | "in") => WordKind::Word,
            TokenKind::Bool(_) | TokenKind::Null => WordKind::Word,
            TokenKind::Operator(_) => WordKind::Operator,
            TokenKind::Name(name) if matches!(name.as_str(), "function" | "λ") => WordKind::Word,
            TokenKind::Name(_) => WordKind::Name,
            TokenKind::Variable(name) if builtin(&name, Dialect::Aws).is_some() => WordKind::Function,
            TokenKind::Variable(_) => WordKind::Variable,
            TokenKind::Text(_) => WordKind::Text,
            TokenKind::Number(_) => WordKind::Number,
            TokenKind::Regex { .. } => WordKind::Regex,
        };
        found.push(Word { kind, start: token.start, end: token.end });
        at = token.end;
    }
}

/// Whether an operator is due behind this piece, so that a slash divides.
fn ends_operand(word: &Word, text: &str) -> bool {
    match word.kind {
        WordKind::Operator => matches!(word.of(text), ")" | "]" | "}"),
        WordKind::Word => matches!(word.of(text), "true" | "false" | "null"),
        WordKind::Comment => false,
        _ => true,
    }
}

/// The comments between two tokens.
fn push_comments(text: &str, from: usize, to: usize, found: &mut Vec<Word>) {
    let mut at = from;
    while let Some(start) = text.get(at..to).and_then(|it| it.find("/*")).map(|it| at + it) {
        // An open string may hold such a sign.
        let between = text.get(at..start).unwrap_or_default();
        if !between.trim().is_empty() {
            return;
        }
        let end = text.get(start + 2..to).and_then(|it| it.find("*/")).map_or(to, |it| start + it + 4);
        found.push(Word { kind: WordKind::Comment, start, end });
        at = end;
    }
}

/// What begins here and does not end.
fn unfinished(text: &str, start: usize) -> WordKind {
    match text.as_bytes().get(start) {
        Some(b'"' | b'\'') => WordKind::Text,
        Some(b'`') => WordKind::Name,
        Some(b'/') => WordKind::Regex,
        Some(b'0'..=b'9') => WordKind::Number,
        _ => WordKind::Operator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let told: Vec<String> =
            words(text).iter().map(|it| format!("{:?}:{}", it.kind, it.of(text))).collect();
        assert_eq!(told.join(" "), expected);
    }

    #[test]
    fn pieces_are_told_apart() {
        check("$sum(a.`b c`)", "Function:$sum Operator:( Name:a Operator:. Name:`b c` Operator:)");
        check("$x / 2 ~> /a/i", "Variable:$x Operator:/ Number:2 Operator:~> Regex:/a/i");
        check("/* a */ true and 'x' /* b", "Comment:/* a */ Word:true Word:and Text:'x' Comment:/* b");
        check(
            "function($a){$$}",
            "Word:function Operator:( Variable:$a Operator:) Operator:{ Variable:$$ Operator:}",
        );
    }

    #[test]
    fn what_has_no_end_goes_on_to_the_end() {
        check("$x & 'abc", "Variable:$x Operator:& Text:'abc");
        check("`a", "Name:`a");
        check("1 + /ab", "Number:1 Operator:+ Regex:/ab");
        check("'\\q' + 1", "Text:'\\q' + 1");
        check("", "");
        check("é.ö", "Name:é Operator:. Name:ö");
    }
}
