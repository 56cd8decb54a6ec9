//! The parser's place among the tokens: what is here, what comes next, what was taken last.
//! Steps over trivia by itself.

use crate::json::lexer::{Token, TokenKind};
use crate::text::TextRange;

pub(crate) struct Cursor<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// The index of the current token, which is never trivia.
    at: usize,
    /// The token that was taken last.
    last: TextRange,
    /// The first token that has not been looked through for what must be told of trivia.
    untold: usize,
}

impl<'t> Cursor<'t> {
    pub(crate) fn new(text: &'t str, tokens: &'t [Token]) -> Cursor<'t> {
        let mut cursor = Cursor { text, tokens, at: 0, last: TextRange::default(), untold: 0 };
        cursor.at = cursor.after_trivia(0);
        cursor
    }

    pub(crate) fn index(&self) -> usize {
        self.at
    }

    pub(crate) fn kind(&self) -> TokenKind {
        self.kind_at(self.at)
    }

    /// The kind of the token after this one.
    pub(crate) fn next_kind(&self) -> TokenKind {
        self.kind_at(self.after_trivia(self.at + 1))
    }

    pub(crate) fn range(&self) -> TextRange {
        match self.tokens.get(self.at) {
            Some(token) => TextRange::new(token.start as usize, token.end as usize),
            None => TextRange::empty(self.text.len()),
        }
    }

    pub(crate) fn source(&self) -> &'t str {
        self.range().slice(self.text)
    }

    /// The token that was taken last; empty at the start.
    pub(crate) fn last(&self) -> TextRange {
        self.last
    }

    pub(crate) fn advance(&mut self) {
        if self.kind() != TokenKind::End {
            self.last = self.range();
            self.at = self.after_trivia(self.at + 1);
        }
    }

    /// The next comment or mark of a conflict before the current token that was not asked for yet.
    pub(crate) fn pop_remark(&mut self) -> Option<(TokenKind, TextRange)> {
        while self.untold < self.at {
            self.untold += 1;
            let token = self.tokens.get(self.untold - 1)?;
            if matches!(token.kind, TokenKind::Comment | TokenKind::ConflictMark) {
                return Some((token.kind, TextRange::new(token.start as usize, token.end as usize)));
            }
        }
        None
    }

    /// Whether a colon comes next, so that this is the name of a member.
    pub(crate) fn is_name(&self) -> bool {
        use TokenKind::*;
        let can_be = !matches!(self.kind(), OpenBrace | OpenBracket | Colon | Comma | Stray);
        can_be && self.next_kind() == Colon
    }

    /// Whether it is a string and a colon comes next.
    pub(crate) fn is_quoted_name(&self) -> bool {
        self.kind().is_string() && self.next_kind() == TokenKind::Colon
    }

    pub(crate) fn starts_value(&self) -> bool {
        use TokenKind::*;
        let kind = self.kind();
        kind.is_string()
            || matches!(kind, OpenBrace | OpenBracket | Number | True | False | Null)
            || matches!(kind, Placeholder | Word)
    }

    pub(crate) fn opens(&self) -> bool {
        matches!(self.kind(), TokenKind::OpenBrace | TokenKind::OpenBracket)
    }

    /// Whether a bracket opens somewhere later.
    pub(crate) fn opens_later(&self) -> bool {
        let later = self.tokens.iter().skip(self.at);
        later.into_iter().any(|it| matches!(it.kind, TokenKind::OpenBrace | TokenKind::OpenBracket))
    }

    fn kind_at(&self, idx: usize) -> TokenKind {
        self.tokens.get(idx).map_or(TokenKind::End, |it| it.kind)
    }

    fn after_trivia(&self, mut idx: usize) -> usize {
        while self.kind_at(idx).is_trivia() {
            idx += 1;
        }
        idx
    }
}
