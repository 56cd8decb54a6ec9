//! Reads an expression into a tree, by operator precedence.
//!
//! Never recurses: an expression that is begun inside another one waits on the `pending` list, so
//! five thousand parentheses cost five thousand list entries and no call stack.

use crate::expr::jsonata::Dialect;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::lexer::{Expect, Lexer, Token, TokenKind, is_modern};
use crate::expr::jsonata::signature::Signature;
use crate::expr::jsonata::syntax::{BinaryOp, Raw, RawId, RawKind, Span};

/// Parses the text; the last node is the root.
pub fn parse(text: &str, dialect: Dialect) -> Result<Vec<Raw>, Box<Fault>> {
    let mut parser = Parser {
        text,
        lexer: Lexer::new(text, dialect == Dialect::Full),
        token: Token { kind: TokenKind::End, start: 0, end: 0 },
        last_end: 0,
        raws: Vec::new(),
        pending: Vec::new(),
    };
    parser.advance(Expect::Operand)?;
    parser.run()?;
    Ok(parser.raws)
}

struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    /// The token ahead.
    token: Token,
    /// The end of the token before it.
    last_end: usize,
    raws: Vec<Raw>,
    pending: Vec<Pending>,
}

/// An expression that waits for one inside it.
struct Pending {
    /// The inner expression ends before an operator that binds no tighter than this.
    power: u8,
    /// Where the waiting expression starts.
    start: usize,
    /// The end of the token that opened it.
    at: usize,
    kind: PendingKind,
}

enum PendingKind {
    Top,
    Binary(BinaryOp, RawId),
    Dot(RawId),
    Chain(RawId),
    Bind(String),
    Focus(RawId),
    Index(RawId),
    Negate,
    Block(Vec<RawId>),
    Array(Vec<RawId>),
    RangeEnd { items: Vec<RawId>, first: RawId, range_at: usize },
    Predicate(RawId),
    Key { left: Option<RawId>, pairs: Vec<(RawId, RawId)> },
    Member { left: Option<RawId>, pairs: Vec<(RawId, RawId)>, key: RawId },
    Sort { left: RawId, terms: Vec<(bool, RawId)>, descending: bool },
    Then(RawId),
    Else(RawId, RawId),
    Arguments { callee: RawId, arguments: Vec<RawId>, is_partial: bool },
    Lambda { params: Vec<String>, signature: Option<Signature> },
    Pattern,
    Update(RawId),
    Delete(RawId, RawId),
}

/// What comes next: an operand, or an operator behind the operand just read.
enum Next {
    Operand,
    Operator(RawId),
    Done,
}

/// How tightly an operator binds what stands on its left.
fn power(operator: &str) -> u8 {
    match operator {
        "[" | "(" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" => 60,
        "+" | "-" | "&" => 50,
        "=" | "<" | ">" | "^" | "!=" | "<=" | ">=" | "~>" | "?:" | "??" | "in" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

fn binary(operator: &str) -> Option<BinaryOp> {
    use BinaryOp::*;
    Some(match operator {
        "+" => Add,
        "-" => Subtract,
        "*" => Multiply,
        "/" => Divide,
        "%" => Modulo,
        "=" => Equal,
        "!=" => NotEqual,
        "<" => Less,
        "<=" => LessOrEqual,
        ">" => Greater,
        ">=" => GreaterOrEqual,
        "&" => Concat,
        "in" => In,
        "and" => And,
        "or" => Or,
        "?:" => Default,
        "??" => Coalesce,
        _ => return None,
    })
}

type Outcome<T> = Result<T, Box<Fault>>;

impl Parser<'_> {
    fn run(&mut self) -> Outcome<()> {
        self.wait(0, 0, 0, PendingKind::Top);
        let mut next = Next::Operand;
        loop {
            next = match next {
                Next::Operand => self.operand()?,
                Next::Operator(left) => {
                    let limit = self.pending.last().map_or(0, |it| it.power);
                    match self.operator() {
                        Some(operator) if limit < power(operator) => self.operator_after(left, operator)?,
                        _ => self.finish(left)?,
                    }
                }
                Next::Done => return Ok(()),
            };
        }
    }

    /// The operand that starts at the token ahead, or the construct that it opens.
    fn operand(&mut self) -> Outcome<Next> {
        let token = self.advance(Expect::Operator)?;
        let kind = match token.kind {
            TokenKind::Name(name) => RawKind::Name(name),
            TokenKind::Variable(name) => RawKind::Variable(name),
            TokenKind::Text(text) => RawKind::Text(text),
            TokenKind::Number(number) => RawKind::Number(number),
            TokenKind::Bool(value) => RawKind::Bool(value),
            TokenKind::Null => RawKind::Null,
            TokenKind::Regex { pattern, ignore_case, multiline } => {
                RawKind::Regex { pattern, ignore_case, multiline }
            }
            TokenKind::End => RawKind::Nothing,
            TokenKind::Operator(operator @ ("and" | "or" | "in")) => RawKind::Name(operator.to_string()),
            TokenKind::Operator("*") => RawKind::Wildcard,
            TokenKind::Operator("**") => RawKind::Descendants,
            TokenKind::Operator("%") => RawKind::Parent,
            TokenKind::Operator(operator) => return self.open(operator, (token.start, token.end)),
        };
        let id = self.node(kind, token.start, token.end);
        Ok(Next::Operator(id))
    }

    /// A construct that begins with a mark.
    fn open(&mut self, operator: &'static str, (start, at): Span) -> Outcome<Next> {
        let (power, kind) = match operator {
            "-" => (70, PendingKind::Negate),
            "(" => (0, PendingKind::Block(Vec::new())),
            "[" => (0, PendingKind::Array(Vec::new())),
            "{" => (0, PendingKind::Key { left: None, pairs: Vec::new() }),
            "|" => (0, PendingKind::Pattern),
            _ => return Err(Fault::new("S0211").between(start, at).at(at).token(operator)),
        };
        // The token ahead was read as if an operator could come; after these an operand comes.
        self.reread(Expect::Operand)?;
        let closing = match operator {
            "(" => ")",
            "[" => "]",
            "{" => "}",
            _ => "",
        };
        if self.operator() != Some(closing) {
            self.wait(power, start, at, kind);
            return Ok(Next::Operand);
        }
        self.advance(Expect::Operator)?;
        let kind = match operator {
            "(" => RawKind::Block(Vec::new()),
            "[" => RawKind::Array(Vec::new()),
            _ => RawKind::Object(Vec::new()),
        };
        let id = self.node(kind, start, at);
        Ok(Next::Operator(id))
    }

    /// An operator behind the operand `left`.
    fn operator_after(&mut self, left: RawId, operator: &'static str) -> Outcome<Next> {
        let token = self.advance(Expect::Operand)?;
        let at = token.end;
        let start = self.raws.get(left).map_or(0, |it| it.span.0);
        let power = power(operator);
        if let Some(op) = binary(operator) {
            let power = if is_modern(operator) { 0 } else { power };
            self.wait(power, start, at, PendingKind::Binary(op, left));
            return Ok(Next::Operand);
        }
        match operator {
            "." => self.wait(power, start, at, PendingKind::Dot(left)),
            "~>" => self.wait(power, start, at, PendingKind::Chain(left)),
            ":=" => match self.raws.get(left).map(|it| &it.kind) {
                Some(RawKind::Variable(name)) => {
                    let name = name.clone();
                    // One less, because assignments group from the right.
                    self.wait(power - 1, start, at, PendingKind::Bind(name));
                }
                _ => return Err(self.fault_at("S0212", left)),
            },
            "@" => self.wait(power, start, at, PendingKind::Focus(left)),
            "#" => self.wait(power, start, at, PendingKind::Index(left)),
            "?" => self.wait(0, start, at, PendingKind::Then(left)),
            "[" if self.operator() == Some("]") => {
                self.advance(Expect::Operator)?;
                return Ok(Next::Operator(self.keep_array(left)));
            }
            "[" => self.wait(0, start, at, PendingKind::Predicate(left)),
            "{" if self.operator() == Some("}") => {
                self.advance(Expect::Operator)?;
                let id = self.node(RawKind::Group(left, Vec::new()), start, at);
                return Ok(Next::Operator(id));
            }
            "{" => self.wait(0, start, at, PendingKind::Key { left: Some(left), pairs: Vec::new() }),
            "^" => {
                self.expect("(", Expect::Operand)?;
                let descending = self.direction()?;
                self.wait(0, start, at, PendingKind::Sort { left, terms: Vec::new(), descending });
            }
            "(" if self.operator() == Some(")") => return self.call(left, Vec::new(), false, start, at),
            "(" => return self.next_argument(left, Vec::new(), false, start, at),
            _ => return Err(Fault::new("S0201").between(token.start, at).at(at).token(operator)),
        }
        Ok(Next::Operand)
    }

    /// Gives a finished inner expression to the construct that waits for it.
    fn finish(&mut self, id: RawId) -> Outcome<Next> {
        let Some(Pending { start, at, kind, .. }) = self.pending.pop() else {
            return Ok(Next::Done);
        };
        let kind = match kind {
            PendingKind::Top => {
                if self.token.kind == TokenKind::End {
                    return Ok(Next::Done);
                }
                let Token { start, end, .. } = self.token;
                return Err(Fault::new("S0201").between(start, end).at(end).token(self.token_text()));
            }
            PendingKind::Binary(op, left) => RawKind::Binary(op, left, id),
            PendingKind::Dot(left) => RawKind::Dot(left, id),
            PendingKind::Chain(left) => RawKind::Chain(left, id),
            PendingKind::Bind(name) => RawKind::Bind(name, id),
            PendingKind::Negate => RawKind::Negate(id),
            PendingKind::Focus(left) => RawKind::Focus(left, self.bound_name(id, "@")?),
            PendingKind::Index(left) => RawKind::Index(left, self.bound_name(id, "#")?),
            PendingKind::Block(mut items) => {
                items.push(id);
                if self.operator() == Some(";") {
                    self.advance(Expect::Operand)?;
                    if self.operator() != Some(")") {
                        self.wait(0, start, at, PendingKind::Block(items));
                        return Ok(Next::Operand);
                    }
                }
                self.expect(")", Expect::Operator)?;
                RawKind::Block(items)
            }
            PendingKind::Array(items) => return self.array_item(items, id, start, at),
            PendingKind::RangeEnd { items, first, range_at } => {
                let range_start = self.raws.get(first).map_or(start, |it| it.span.0);
                let range = RawKind::Binary(BinaryOp::Range, first, id);
                let range = self.node(range, range_start, range_at);
                return self.array_end(items, range, start, at);
            }
            PendingKind::Predicate(left) => {
                self.expect("]", Expect::Operator)?;
                RawKind::Predicate(left, id)
            }
            PendingKind::Key { left, pairs } => {
                self.expect(":", Expect::Operand)?;
                self.wait(0, start, at, PendingKind::Member { left, pairs, key: id });
                return Ok(Next::Operand);
            }
            PendingKind::Member { left, mut pairs, key } => {
                pairs.push((key, id));
                if self.operator() == Some(",") {
                    self.advance(Expect::Operand)?;
                    self.wait(0, start, at, PendingKind::Key { left, pairs });
                    return Ok(Next::Operand);
                }
                self.expect("}", Expect::Operator)?;
                match left {
                    Some(left) => RawKind::Group(left, pairs),
                    None => RawKind::Object(pairs),
                }
            }
            PendingKind::Sort { left, mut terms, descending } => {
                terms.push((descending, id));
                if self.operator() == Some(",") {
                    self.advance(Expect::Operand)?;
                    let descending = self.direction()?;
                    self.wait(0, start, at, PendingKind::Sort { left, terms, descending });
                    return Ok(Next::Operand);
                }
                self.expect(")", Expect::Operator)?;
                RawKind::Sort(left, terms)
            }
            PendingKind::Then(condition) => {
                if self.operator() == Some(":") {
                    self.advance(Expect::Operand)?;
                    self.wait(0, start, at, PendingKind::Else(condition, id));
                    return Ok(Next::Operand);
                }
                RawKind::Condition(condition, id, None)
            }
            PendingKind::Else(condition, then) => RawKind::Condition(condition, then, Some(id)),
            PendingKind::Arguments { callee, mut arguments, is_partial } => {
                arguments.push(id);
                if self.operator() != Some(",") {
                    return self.call(callee, arguments, is_partial, start, at);
                }
                self.advance(Expect::Operand)?;
                return self.next_argument(callee, arguments, is_partial, start, at);
            }
            PendingKind::Lambda { params, signature } => {
                self.expect("}", Expect::Operator)?;
                RawKind::Lambda { params, signature, body: id }
            }
            PendingKind::Pattern => {
                self.expect("|", Expect::Operand)?;
                self.wait(0, start, at, PendingKind::Update(id));
                return Ok(Next::Operand);
            }
            PendingKind::Update(pattern) => {
                if self.operator() == Some(",") {
                    self.advance(Expect::Operand)?;
                    self.wait(0, start, at, PendingKind::Delete(pattern, id));
                    return Ok(Next::Operand);
                }
                self.expect("|", Expect::Operator)?;
                RawKind::Transform { pattern, update: id, delete: None }
            }
            PendingKind::Delete(pattern, update) => {
                self.expect("|", Expect::Operator)?;
                RawKind::Transform { pattern, update, delete: Some(id) }
            }
        };
        let id = self.node(kind, start, at);
        Ok(Next::Operator(id))
    }

    fn array_item(&mut self, items: Vec<RawId>, id: RawId, start: usize, at: usize) -> Outcome<Next> {
        if self.operator() == Some("..") {
            let range_at = self.token.end;
            self.advance(Expect::Operand)?;
            self.wait(0, start, at, PendingKind::RangeEnd { items, first: id, range_at });
            return Ok(Next::Operand);
        }
        self.array_end(items, id, start, at)
    }

    fn array_end(&mut self, mut items: Vec<RawId>, id: RawId, start: usize, at: usize) -> Outcome<Next> {
        items.push(id);
        if self.operator() == Some(",") {
            self.advance(Expect::Operand)?;
            self.wait(0, start, at, PendingKind::Array(items));
            return Ok(Next::Operand);
        }
        self.expect("]", Expect::Operator)?;
        let id = self.node(RawKind::Array(items), start, at);
        Ok(Next::Operator(id))
    }

    /// Takes marks of partial application, then begins the next argument or ends the call.
    fn next_argument(
        &mut self,
        callee: RawId,
        mut arguments: Vec<RawId>,
        mut is_partial: bool,
        start: usize,
        at: usize,
    ) -> Outcome<Next> {
        while self.operator() == Some("?") {
            let hole = self.advance(Expect::Operand)?;
            arguments.push(self.node(RawKind::Hole, hole.start, hole.end));
            is_partial = true;
            if self.operator() != Some(",") {
                return self.call(callee, arguments, is_partial, start, at);
            }
            self.advance(Expect::Operand)?;
        }
        self.wait(0, start, at, PendingKind::Arguments { callee, arguments, is_partial });
        Ok(Next::Operand)
    }

    /// The end of an argument list: a call, or the head of a function definition.
    fn call(
        &mut self,
        callee: RawId,
        arguments: Vec<RawId>,
        is_partial: bool,
        start: usize,
        at: usize,
    ) -> Outcome<Next> {
        self.expect(")", Expect::Operator)?;
        let is_lambda = match self.raws.get(callee).map(|it| &it.kind) {
            Some(RawKind::Name(name)) => name == "function" || name == "λ",
            _ => false,
        };
        if !is_lambda {
            let kind = if is_partial {
                RawKind::Partial(callee, arguments)
            } else {
                RawKind::Call(callee, arguments)
            };
            let id = self.node(kind, start, at);
            return Ok(Next::Operator(id));
        }
        let mut params = Vec::new();
        for (idx, argument) in arguments.iter().enumerate() {
            match self.raws.get(*argument).map(|it| &it.kind) {
                Some(RawKind::Variable(name)) => params.push(name.clone()),
                _ => return Err(self.fault_at("S0208", *argument).index(idx + 1)),
            }
        }
        let signature = self.signature()?;
        self.expect("{", Expect::Operand)?;
        self.wait(0, start, at, PendingKind::Lambda { params, signature });
        Ok(Next::Operand)
    }

    /// `<n-s?:b>` behind the parameters of a function.
    fn signature(&mut self) -> Outcome<Option<Signature>> {
        if self.operator() != Some("<") {
            return Ok(None);
        }
        let (start, at) = (self.token.start, self.token.end);
        let (mut text, mut depth) = (String::from("<"), 1);
        while 0 < depth && self.operator() != Some("{") && self.token.kind != TokenKind::End {
            self.advance(Expect::Operator)?;
            match self.operator() {
                Some(">") => depth -= 1,
                Some("<") => depth += 1,
                _ => {}
            }
            text.push_str(&self.token_text());
        }
        let end = self.token.end;
        self.expect(">", Expect::Operator)?;
        let signature = Signature::parse(&text).map_err(|it| it.at(at).between(start, end))?;
        Ok(Some(signature))
    }

    /// `<` or `>` before a term of an order-by: whether it is descending.
    fn direction(&mut self) -> Outcome<bool> {
        let is_descending = self.operator() == Some(">");
        if is_descending || self.operator() == Some("<") {
            self.advance(Expect::Operand)?;
        }
        Ok(is_descending)
    }

    fn bound_name(&mut self, id: RawId, operator: &str) -> Outcome<String> {
        match self.raws.get(id).map(|it| &it.kind) {
            Some(RawKind::Variable(name)) => Ok(name.clone()),
            _ => {
                let mut fault = self.fault_at("S0214", id);
                fault.token = Some(operator.to_string());
                Err(fault)
            }
        }
    }

    /// Marks the step that `[]` belongs to: the one before all predicates.
    fn keep_array(&mut self, id: RawId) -> RawId {
        let mut step = id;
        while let Some(RawKind::Predicate(left, _)) = self.raws.get(step).map(|it| &it.kind) {
            step = *left;
        }
        let end = self.last_end;
        if let Some(raw) = self.raws.get_mut(step) {
            raw.keep_array = true;
        }
        if let Some(raw) = self.raws.get_mut(id) {
            raw.span.1 = end;
        }
        id
    }

    fn node(&mut self, kind: RawKind, start: usize, at: usize) -> RawId {
        let end = self.last_end.max(at);
        self.raws.push(Raw { kind, span: (start, end), at, keep_array: false });
        self.raws.len() - 1
    }

    fn wait(&mut self, power: u8, start: usize, at: usize, kind: PendingKind) {
        self.pending.push(Pending { power, start, at, kind });
    }

    /// The operator ahead, if one is.
    fn operator(&self) -> Option<&'static str> {
        match self.token.kind {
            TokenKind::Operator(operator) => Some(operator),
            _ => None,
        }
    }

    /// The token ahead as it is written.
    fn token_text(&self) -> String {
        match &self.token.kind {
            TokenKind::End => "(end)".into(),
            TokenKind::Name(name) => name.clone(),
            TokenKind::Variable(name) => name.clone(),
            TokenKind::Text(text) => text.clone(),
            _ => self.text.get(self.token.start..self.token.end).unwrap_or_default().to_string(),
        }
    }

    /// Takes the token ahead.
    fn advance(&mut self, expect: Expect) -> Outcome<Token> {
        let next = self.lexer.next(expect)?;
        if let TokenKind::Operator(mark @ ("!" | "~")) = next.kind {
            return Err(Fault::new("S0204").between(next.start, next.end).at(next.end).token(mark));
        }
        self.last_end = self.token.end;
        Ok(std::mem::replace(&mut self.token, next))
    }

    /// Reads the token ahead again, now that a regular expression may start there.
    fn reread(&mut self, expect: Expect) -> Outcome<()> {
        if matches!(self.token.kind, TokenKind::Operator("/")) {
            self.lexer.back_to(self.token.start);
            self.token = self.lexer.next(expect)?;
        }
        Ok(())
    }

    /// Takes the mark that must come here.
    fn expect(&mut self, operator: &'static str, expect: Expect) -> Outcome<()> {
        if self.operator() == Some(operator) {
            self.advance(expect)?;
            return Ok(());
        }
        let Token { start, end, .. } = self.token;
        let code = if self.token.kind == TokenKind::End { "S0203" } else { "S0202" };
        Err(Fault::new(code).between(start, end).at(end).token(self.token_text()).value(operator))
    }

    fn fault_at(&self, code: &'static str, id: RawId) -> Box<Fault> {
        let fault = Fault::new(code);
        match self.raws.get(id) {
            Some(raw) => {
                let text = self.text.get(raw.span.0..raw.span.1).unwrap_or_default();
                fault.between(raw.span.0, raw.span.1).at(raw.at).token(text)
            }
            None => fault,
        }
    }
}
