//! Reads a pattern into a tree and writes the tree as instructions.

use crate::expr::jsonata::regex::{DIGITS, Op, Regex, SPACES, Set, WORDS};

/// How deep groups may nest, and how many instructions a pattern may have.
const MAX_DEPTH: usize = 100;
const MAX_CODE: usize = 100_000;

pub fn compile(pattern: &str, ignore_case: bool, multiline: bool) -> Result<Regex, String> {
    let letters: Vec<char> = pattern.chars().collect();
    let mut parser = Parser {
        n_groups_in_all: count_groups(&letters),
        names: group_names(&letters),
        letters,
        at: 0,
        n_groups: 0,
    };
    let tree = parser.alternatives(0)?;
    if parser.at < parser.letters.len() {
        return Err("The regular expression has a closing parenthesis too many".into());
    }
    let n_groups = parser.n_groups;
    let mut writer = Writer { code: Vec::new(), sets: Vec::new(), n_registers: 2 * (n_groups + 1) };
    writer.code.push(Op::Save(0));
    writer.write(&tree, false)?;
    writer.code.push(Op::Save(1));
    writer.code.push(Op::Match);
    let Writer { code, sets, n_registers } = writer;
    Ok(Regex { pattern: pattern.to_string(), code, sets, n_groups, n_registers, ignore_case, multiline })
}

/// A part of a pattern.
enum Tree {
    Empty,
    Char(char),
    Any,
    Set(Set),
    Start,
    End,
    WordEdge(bool),
    Group(Box<Tree>, usize),
    BackReference(usize),
    Look {
        inner: Box<Tree>,
        is_behind: bool,
        is_negated: bool,
    },
    All(Vec<Tree>),
    Either(Vec<Tree>),
    Repeat {
        inner: Box<Tree>,
        min: usize,
        max: usize,
        is_greedy: bool,
        first_group: usize,
        last_group: usize,
    },
}

struct Parser {
    letters: Vec<char>,
    at: usize,
    n_groups: usize,
    n_groups_in_all: usize,
    names: Vec<(String, usize)>,
}

/// Where the groups that capture open: the places of their parentheses.
fn opening_groups(letters: &[char]) -> Vec<usize> {
    let (mut res, mut at, mut in_class) = (Vec::new(), 0, false);
    while let Some(letter) = letters.get(at) {
        match letter {
            '\\' => at += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let captures = match (letters.get(at + 1), letters.get(at + 2), letters.get(at + 3)) {
                    (Some('?'), Some('<'), Some('=' | '!')) => false,
                    (Some('?'), Some('<'), _) => true,
                    (Some('?'), ..) => false,
                    _ => true,
                };
                if captures {
                    res.push(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    res
}

fn count_groups(letters: &[char]) -> usize {
    opening_groups(letters).len()
}

fn group_names(letters: &[char]) -> Vec<(String, usize)> {
    let mut res = Vec::new();
    for (idx, at) in opening_groups(letters).into_iter().enumerate() {
        if letters.get(at + 1) == Some(&'?') {
            let name = letters.iter().skip(at + 3).take_while(|it| **it != '>').collect();
            res.push((name, idx + 1));
        }
    }
    res
}

impl Parser {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn takes(&mut self, text: &str) -> bool {
        let matches = text.chars().enumerate().all(|(idx, letter)| self.peek(idx) == Some(letter));
        if matches {
            self.at += text.chars().count();
        }
        matches
    }

    fn alternatives(&mut self, depth: usize) -> Result<Tree, String> {
        if MAX_DEPTH < depth {
            return Err("The groups of the regular expression nest too deep".into());
        }
        let mut ways = Vec::new();
        loop {
            let mut parts = Vec::new();
            while let Some(letter) = self.peek(0)
                && letter != '|'
                && letter != ')'
            {
                parts.push(self.part(depth)?);
            }
            ways.push(match parts.len() {
                0 => Tree::Empty,
                1 => parts.remove(0),
                _ => Tree::All(parts),
            });
            if !self.takes("|") {
                break;
            }
        }
        Ok(if ways.len() == 1 { ways.remove(0) } else { Tree::Either(ways) })
    }

    fn part(&mut self, depth: usize) -> Result<Tree, String> {
        let first_group = self.n_groups + 1;
        let atom = self.atom(depth)?;
        let is_edge =
            matches!(atom, Tree::Start | Tree::End | Tree::WordEdge(_) | Tree::Look { is_behind: true, .. });
        let Some((min, max)) = self.quantifier()? else { return Ok(atom) };
        if is_edge {
            return Err("The regular expression repeats something that cannot be repeated".into());
        }
        let is_greedy = !self.takes("?");
        let (inner, last_group) = (Box::new(atom), self.n_groups);
        Ok(Tree::Repeat { inner, min, max, is_greedy, first_group, last_group })
    }

    fn quantifier(&mut self) -> Result<Option<(usize, usize)>, String> {
        let bounds = match self.peek(0) {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => return self.braces(),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(bounds))
    }

    /// `{2}`, `{2,}`, `{2,3}`; anything else in braces stands for itself.
    fn braces(&mut self) -> Result<Option<(usize, usize)>, String> {
        let start = self.at;
        self.at += 1;
        let min = self.number();
        let max = match (min, self.takes(",")) {
            (min, false) => min,
            (_, true) => Some(self.number().unwrap_or(usize::MAX)),
        };
        match (min, max, self.takes("}")) {
            (Some(min), Some(max), true) if min <= max => Ok(Some((min, max))),
            (Some(_), Some(_), true) => Err("The regular expression repeats from more to less".into()),
            _ => {
                self.at = start;
                Ok(None)
            }
        }
    }

    fn number(&mut self) -> Option<usize> {
        let digits: String = self.letters.iter().skip(self.at).take_while(|it| it.is_ascii_digit()).collect();
        self.at += digits.len();
        if digits.is_empty() { None } else { Some(digits.parse().unwrap_or(usize::MAX)) }
    }

    fn atom(&mut self, depth: usize) -> Result<Tree, String> {
        let Some(letter) = self.peek(0) else { return Ok(Tree::Empty) };
        self.at += 1;
        Ok(match letter {
            '.' => Tree::Any,
            '^' => Tree::Start,
            '$' => Tree::End,
            '(' => return self.group(depth),
            '[' => Tree::Set(self.class()?),
            '\\' => return self.escape(),
            '*' | '+' | '?' => return Err("The regular expression has nothing to repeat".into()),
            other => Tree::Char(other),
        })
    }

    fn group(&mut self, depth: usize) -> Result<Tree, String> {
        let tree = if self.takes("?:") {
            self.alternatives(depth + 1)?
        } else if self.takes("?=") {
            self.look(depth, false, false)?
        } else if self.takes("?!") {
            self.look(depth, false, true)?
        } else if self.takes("?<=") {
            self.look(depth, true, false)?
        } else if self.takes("?<!") {
            self.look(depth, true, true)?
        } else {
            if self.takes("?<") {
                while self.peek(0).is_some_and(|it| it != '>') {
                    self.at += 1;
                }
                if !self.takes(">") {
                    return Err("The name of a group is never closed".into());
                }
            } else if self.peek(0) == Some('?') {
                return Err("The regular expression has a group of an unknown kind".into());
            }
            self.n_groups += 1;
            let group = self.n_groups;
            Tree::Group(Box::new(self.alternatives(depth + 1)?), group)
        };
        if !self.takes(")") {
            return Err("A group of the regular expression is never closed".into());
        }
        Ok(tree)
    }

    fn look(&mut self, depth: usize, is_behind: bool, is_negated: bool) -> Result<Tree, String> {
        let inner = Box::new(self.alternatives(depth + 1)?);
        Ok(Tree::Look { inner, is_behind, is_negated })
    }

    fn escape(&mut self) -> Result<Tree, String> {
        let Some(letter) = self.peek(0) else {
            return Err("The regular expression ends in a backslash".into());
        };
        match letter {
            'b' | 'B' => {
                self.at += 1;
                return Ok(Tree::WordEdge(letter == 'B'));
            }
            '1'..='9' => {
                let start = self.at;
                match self.number() {
                    Some(group) if group <= self.n_groups_in_all => return Ok(Tree::BackReference(group)),
                    _ => self.at = start,
                }
            }
            'k' if !self.names.is_empty() => {
                let start = self.at;
                if self.takes("k<") {
                    let name: String =
                        self.letters.iter().skip(self.at).take_while(|it| **it != '>').collect();
                    if let Some((_, group)) = self.names.iter().find(|it| it.0 == name) {
                        self.at += name.chars().count() + 1;
                        return Ok(Tree::BackReference(*group));
                    }
                }
                self.at = start;
                return Err("The regular expression refers to a group that is not there".into());
            }
            _ => {}
        }
        let mut set = Set::default();
        if self.class_escape(&mut set) {
            return Ok(Tree::Set(set));
        }
        Ok(Tree::Char(self.char_escape()))
    }

    /// `\d`, `\w`, `\s` and their opposites, behind the backslash.
    fn class_escape(&mut self, set: &mut Set) -> bool {
        match self.peek(0) {
            Some('d') => set.add_all(DIGITS),
            Some('w') => set.add_all(WORDS),
            Some('s') => set.add_all(SPACES),
            Some('D') => set.add_others(DIGITS),
            Some('W') => set.add_others(WORDS),
            Some('S') => set.add_others(SPACES),
            _ => return false,
        }
        self.at += 1;
        true
    }

    /// An escape that stands for one character, behind the backslash.
    fn char_escape(&mut self) -> char {
        let Some(letter) = self.peek(0) else { return '\\' };
        self.at += 1;
        match letter {
            't' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'x' => self.hex(2).and_then(char::from_u32).unwrap_or('x'),
            'u' => self.unicode(),
            'c' => match self.peek(0) {
                Some(control) if control.is_ascii_alphabetic() => {
                    self.at += 1;
                    char::from(control as u8 % 32)
                }
                _ => {
                    self.at -= 1;
                    '\\'
                }
            },
            '0'..='7' => {
                let mut code = letter as u32 - '0' as u32;
                while let Some(digit) = self.peek(0).and_then(|it| it.to_digit(8))
                    && code * 8 + digit < 256
                {
                    code = code * 8 + digit;
                    self.at += 1;
                }
                char::from_u32(code).unwrap_or('\0')
            }
            other => other,
        }
    }

    fn unicode(&mut self) -> char {
        let Some(high) = self.hex(4) else { return 'u' };
        if (0xD800..0xDC00).contains(&high) && self.peek(0) == Some('\\') && self.peek(1) == Some('u') {
            let start = self.at;
            self.at += 2;
            if let Some(low) = self.hex(4).filter(|it| (0xDC00..0xE000).contains(it)) {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            }
            self.at = start;
        }
        char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self, n_digits: usize) -> Option<u32> {
        let mut code = 0;
        for idx in 0..n_digits {
            code = code * 16 + self.peek(idx)?.to_digit(16)?;
        }
        self.at += n_digits;
        Some(code)
    }

    /// `[…]` behind its opening bracket.
    fn class(&mut self) -> Result<Set, String> {
        let mut set = Set { is_negated: self.takes("^"), ..Set::default() };
        loop {
            if self.takes("]") {
                return Ok(set);
            }
            let Some(first) = self.class_atom(&mut set)? else { continue };
            let has_range = self.peek(0) == Some('-') && !matches!(self.peek(1), Some(']') | None);
            if !has_range {
                set.add(first, first);
                continue;
            }
            self.at += 1;
            match self.class_atom(&mut set)? {
                Some(last) if last < first => {
                    return Err("A range of the regular expression runs backwards".into());
                }
                Some(last) => set.add(first, last),
                // A class such as \d cannot end a range: the dash stands for itself.
                None => {
                    set.add(first, first);
                    set.add('-' as u32, '-' as u32);
                }
            }
        }
    }

    /// One character of a class; `None` when a class such as `\d` was added instead.
    fn class_atom(&mut self, set: &mut Set) -> Result<Option<u32>, String> {
        let Some(letter) = self.peek(0) else {
            return Err("A class of the regular expression is never closed".into());
        };
        self.at += 1;
        if letter != '\\' {
            return Ok(Some(letter as u32));
        }
        if self.peek(0).is_none() {
            return Err("The regular expression ends in a backslash".into());
        }
        if self.class_escape(set) {
            return Ok(None);
        }
        if self.takes("b") {
            return Ok(Some(8));
        }
        Ok(Some(self.char_escape() as u32))
    }
}

struct Writer {
    code: Vec<Op>,
    sets: Vec<Set>,
    n_registers: usize,
}

impl Writer {
    fn write(&mut self, tree: &Tree, back: bool) -> Result<(), String> {
        if MAX_CODE < self.code.len() {
            return Err("The regular expression is too long".into());
        }
        match tree {
            Tree::Empty => {}
            Tree::Char(letter) => self.code.push(Op::Char { letter: *letter, back }),
            Tree::Any => self.code.push(Op::Any { back }),
            Tree::Set(set) => {
                self.sets.push(set.clone());
                self.code.push(Op::Set { set: self.sets.len() - 1, back });
            }
            Tree::Start => self.code.push(Op::Start),
            Tree::End => self.code.push(Op::End),
            Tree::WordEdge(is_negated) => self.code.push(Op::WordEdge { is_negated: *is_negated }),
            Tree::Group(inner, group) => {
                self.code.push(Op::Save(2 * group + usize::from(back)));
                self.write(inner, back)?;
                self.code.push(Op::Save(2 * group + usize::from(!back)));
            }
            Tree::BackReference(group) => self.code.push(Op::BackReference { group: *group, back }),
            Tree::Look { inner, is_behind, is_negated } => {
                let is_negated = *is_negated;
                let look = self.code.len();
                self.code.push(Op::Look { is_negated, end: 0 });
                self.write(inner, *is_behind)?;
                self.code.push(Op::LookEnd { is_negated });
                let end = self.code.len();
                self.set(look, Op::Look { is_negated, end });
            }
            Tree::All(parts) if back => parts.iter().rev().try_for_each(|it| self.write(it, back))?,
            Tree::All(parts) => parts.iter().try_for_each(|it| self.write(it, back))?,
            Tree::Either(ways) => self.either(ways, back)?,
            Tree::Repeat { inner, min, max, is_greedy, first_group, last_group } => {
                let (min, max, is_greedy) = (*min, *max, *is_greedy);
                if matches!(**inner, Tree::Char(_) | Tree::Any | Tree::Set(_)) {
                    self.code.push(Op::Run { min, max, is_greedy });
                    return self.write(inner, back);
                }
                let register = self.n_registers;
                self.n_registers += 2;
                self.code.push(Op::SetRegister { register, value: 0 });
                let start = self.code.len();
                self.code.push(Op::Match);
                let (first_group, last_group) = (*first_group, *last_group);
                self.code.push(Op::Turn { register, first_group, last_group });
                self.write(inner, back)?;
                self.code.push(Op::Jump(start));
                let exit = self.code.len();
                self.set(start, Op::Loop { register, min, max, is_greedy, exit });
            }
        }
        Ok(())
    }

    fn either(&mut self, ways: &[Tree], back: bool) -> Result<(), String> {
        let mut jumps = Vec::new();
        for (idx, way) in ways.iter().enumerate() {
            if idx + 1 == ways.len() {
                self.write(way, back)?;
                break;
            }
            let split = self.code.len();
            self.code.push(Op::Match);
            self.write(way, back)?;
            jumps.push(self.code.len());
            self.code.push(Op::Match);
            let second = self.code.len();
            self.set(split, Op::Split { first: split + 1, second });
        }
        let end = self.code.len();
        for jump in jumps {
            self.set(jump, Op::Jump(end));
        }
        Ok(())
    }

    fn set(&mut self, at: usize, op: Op) {
        if let Some(it) = self.code.get_mut(at) {
            *it = op;
        }
    }
}
