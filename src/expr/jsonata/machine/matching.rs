//! `$match`, `$contains`, `$split` and `$replace`: the matches of a text, found by a regular
//! expression or by a function that behaves like one, and what is made of them.

use std::rc::Rc;

use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::machine::Machine;
use crate::expr::jsonata::machine::calls::Next;
use crate::expr::jsonata::object::{Name, Object};
use crate::expr::jsonata::ops::Outcome;
use crate::expr::jsonata::regex::Regex;
use crate::expr::jsonata::value::{Function, Val};

/// A search at work.
pub struct Matching<'a> {
    text: Val<'a>,
    /// Where the next match comes from.
    source: Source<'a>,
    goal: Goal<'a>,
    limit: Option<f64>,
    count: usize,
    /// The match whose replacement is being asked for.
    held: Option<Found<'a>>,
    /// Bytes of the text that are already in the result.
    done: usize,
    built: String,
    out: Vec<Val<'a>>,
}

enum Source<'a> {
    Regex { regex: &'a Regex, from: usize, is_next: bool },
    Function(Val<'a>),
    None,
}

/// What the matches are wanted for.
pub enum Goal<'a> {
    Contains,
    Match,
    Split,
    /// Replaced by a template such as `$1-$2`.
    Template(String),
    /// Replaced by what a function gives.
    Replacer(Val<'a>),
}

/// One match, wherever it came from.
struct Found<'a> {
    text: Val<'a>,
    /// Bytes in the text searched.
    start: usize,
    end: usize,
    /// UTF-16 units, as the language counts.
    start_unit: f64,
    groups: Vec<Val<'a>>,
    /// The match as an object, once there is one.
    object: Val<'a>,
}

impl<'a> Matching<'a> {
    pub fn new(text: Val<'a>, matcher: Val<'a>, goal: Goal<'a>, limit: Option<f64>) -> Matching<'a> {
        let regex = match &matcher {
            Val::Function(function) => match &**function {
                Function::Regex(regex) => Some(*regex),
                _ => None,
            },
            _ => None,
        };
        let source = match regex {
            Some(regex) => Source::Regex { regex, from: 0, is_next: false },
            None => Source::Function(matcher),
        };
        Matching {
            text,
            source,
            goal,
            limit,
            count: 0,
            held: None,
            done: 0,
            built: String::new(),
            out: Vec::new(),
        }
    }

    pub fn step(&mut self, machine: &mut Machine<'a, '_>, answer: Option<Val<'a>>) -> Outcome<Next<'a>> {
        let mut answer = answer;
        loop {
            // The match behind the last one is looked for as well, as the reference does.
            let is_over = self.limit.is_some_and(|it| it <= self.count as f64);
            let found = match (answer.take(), self.held.take()) {
                // The function that replaces has answered.
                (Some(value), Some(found)) => {
                    let Some(replacement) = value.as_text() else {
                        return Err(crate::expr::jsonata::ops::fault_about("D3012", &value));
                    };
                    self.replace(&found, replacement, machine)?;
                    continue;
                }
                // The function that matches has answered.
                (Some(value), None) => self.found_by_function(value)?,
                (None, _) => match &self.source {
                    Source::Regex { .. } => self.found_by_regex(machine)?,
                    Source::Function(function) => {
                        if self.count == 0 {
                            machine.push(self.text.clone());
                        }
                        return Ok(Next::Call(function.clone()));
                    }
                    Source::None => None,
                },
            };
            let Some(found) = found else { return Ok(Next::Done(self.finish())) };
            if is_over {
                return Ok(Next::Done(self.finish()));
            }
            match &self.goal {
                Goal::Contains => return Ok(Next::Done(Val::bool(true))),
                Goal::Match => {
                    self.count += 1;
                    self.out.push(described(&found));
                }
                Goal::Split => {
                    self.count += 1;
                    let piece = between(&self.text, self.done, found.start);
                    self.done = found.end;
                    self.out.push(piece);
                }
                Goal::Template(template) => {
                    let replacement = filled(template, &found);
                    self.replace(&found, &replacement, machine)?;
                }
                Goal::Replacer(function) => {
                    let function = function.clone();
                    machine.push(found.object.clone());
                    self.held = Some(found);
                    return Ok(Next::Call(function));
                }
            }
        }
    }

    fn replace(
        &mut self,
        found: &Found<'a>,
        replacement: &str,
        machine: &mut Machine<'a, '_>,
    ) -> Outcome<()> {
        let text = self.text.as_text().unwrap_or_default();
        machine.control.spend_bytes(replacement.len())?;
        self.built.push_str(text.get(self.done..found.start).unwrap_or_default());
        self.built.push_str(replacement);
        let n_bytes = found.text.as_text().map_or(0, str::len);
        self.done = (found.start + n_bytes).min(text.len()).max(self.done);
        self.count += 1;
        Ok(())
    }

    /// What is left to say when no more matches come.
    fn finish(&mut self) -> Val<'a> {
        let text = self.text.as_text().unwrap_or_default();
        match &self.goal {
            Goal::Contains => Val::bool(false),
            Goal::Match => Val::sequence(std::mem::take(&mut self.out)),
            Goal::Split => {
                let is_full = self.limit.is_some_and(|it| it <= self.count as f64);
                if self.count == 0 {
                    self.out.push(self.text.clone());
                } else if !is_full {
                    self.out.push(between(&self.text, self.done, text.len()));
                }
                Val::list(std::mem::take(&mut self.out))
            }
            Goal::Template(_) | Goal::Replacer(_) => {
                if self.count == 0 {
                    return self.text.clone();
                }
                self.built.push_str(text.get(self.done..).unwrap_or_default());
                Val::text(std::mem::take(&mut self.built))
            }
        }
    }

    fn found_by_regex(&mut self, machine: &mut Machine<'a, '_>) -> Outcome<Option<Found<'a>>> {
        let Source::Regex { regex, from, is_next } = &mut self.source else { return Ok(None) };
        let text = self.text.as_text().unwrap_or_default();
        if *is_next && text.len() <= *from {
            return Ok(None);
        }
        let Some(groups) = machine.control.search(regex, text, *from)? else { return Ok(None) };
        let (start, end) = groups.first().copied().flatten().unwrap_or_default();
        if *is_next && start == end {
            return Err(Fault::new("D1004").value(regex.pattern()));
        }
        (*from, *is_next) = (end, true);
        let piece = |(start, end)| between(&self.text, start, end);
        let mut found = Found {
            text: piece((start, end)),
            start,
            end,
            start_unit: units_before(text, start),
            groups: groups.iter().skip(1).map(|it| it.map_or(Val::Undefined, piece)).collect(),
            object: Val::Undefined,
        };
        if let Goal::Replacer(_) = self.goal {
            found.object = match_value(regex, &self.text, &found);
        }
        Ok(Some(found))
    }

    fn found_by_function(&mut self, value: Val<'a>) -> Outcome<Option<Found<'a>>> {
        if value.is_undefined() {
            return Ok(None);
        }
        let object = value.as_object();
        let part = |name: &str| object.and_then(|it| it.get(name)).unwrap_or_default();
        let (start, end) = (part("start").as_number(), part("end").as_number());
        let next = part("next");
        let groups = part("groups");
        if start.is_none() && end.is_none() && groups.as_array().is_none() && !next.is_function() {
            return Err(Fault::new("T1010"));
        }
        let text = self.text.as_text().unwrap_or_default();
        self.source = if next.is_function() { Source::Function(next) } else { Source::None };
        Ok(Some(Found {
            text: part("match"),
            start: byte_at(text, start.unwrap_or(0.0)),
            end: byte_at(text, end.unwrap_or(0.0)),
            start_unit: start.unwrap_or(0.0),
            groups: groups.as_array().map_or(Vec::new(), |it| it.iter().collect()),
            object: value.clone(),
        }))
    }
}

/// A piece of a text.
fn between<'a>(text: &Val<'a>, start: usize, end: usize) -> Val<'a> {
    Val::text(text.as_text().and_then(|it| it.get(start..end)).unwrap_or_default())
}

/// UTF-16 units in front of a byte.
fn units_before(text: &str, byte: usize) -> f64 {
    let before = text.get(..byte).unwrap_or_default();
    let n_units = if before.is_ascii() { before.len() } else { before.encode_utf16().count() };
    n_units as f64
}

/// The byte at which a UTF-16 unit starts.
fn byte_at(text: &str, unit: f64) -> usize {
    let mut units = 0.0;
    for (byte, letter) in text.char_indices() {
        if unit <= units {
            return byte;
        }
        units += letter.len_utf16() as f64;
    }
    text.len()
}

/// What `$match` says about a match.
fn described<'a>(found: &Found<'a>) -> Val<'a> {
    let mut object = Object::with_capacity(3);
    object.push(Name::In("match"), found.text.clone());
    object.push(Name::In("index"), Val::Number(found.start_unit));
    object.push(Name::In("groups"), Val::list(found.groups.clone()));
    Val::object(object)
}

/// A match as regular expressions give it when they are called as functions.
fn match_value<'a>(regex: &'a Regex, text: &Val<'a>, found: &Found<'a>) -> Val<'a> {
    let mut object = Object::with_capacity(5);
    let n_units = found.text.as_text().map_or(0.0, |it| units_before(it, it.len()));
    object.push(Name::In("match"), found.text.clone());
    object.push(Name::In("start"), Val::Number(found.start_unit));
    object.push(Name::In("end"), Val::Number(found.start_unit + n_units));
    object.push(Name::In("groups"), Val::list(found.groups.clone()));
    let next = Function::NextMatch { regex, text: text.clone(), from: found.end };
    object.push(Name::In("next"), Val::function(next));
    Val::object(object)
}

/// A template with `$0`, `$1` … and `$$` filled in.
fn filled(template: &str, found: &Found<'_>) -> String {
    let mut res = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        res.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            res.push('$');
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix('0') {
            res.push_str(found.text.as_text().unwrap_or_default());
            rest = after;
            continue;
        }
        let n_groups = found.groups.len();
        // As many digits as the number of groups has.
        let most = if n_groups == 0 { 1 } else { n_groups.ilog10() as usize + 1 };
        let n_digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let number = |n_digits: usize| rest.get(..n_digits).and_then(|it| it.parse::<usize>().ok());
        let Some(mut group) = number(n_digits) else {
            res.push('$');
            continue;
        };
        let mut n_taken = n_digits;
        if 1 < n_digits && n_groups < group {
            n_taken = n_digits - 1;
            group = number(n_taken).unwrap_or(group);
        }
        if let Some(text) = group.checked_sub(1).and_then(|it| found.groups.get(it)) {
            res.push_str(text.as_text().unwrap_or_default());
        }
        rest = rest.get(n_taken..).unwrap_or_default();
    }
    res.push_str(rest);
    res
}

impl<'a> Machine<'a, '_> {
    /// A regular expression called as a function: the first match from a byte on, as an object.
    pub fn match_object(
        &mut self,
        regex: &'a Regex,
        text: Val<'a>,
        from: usize,
        is_next: bool,
    ) -> Outcome<Val<'a>> {
        let text = match text.as_text() {
            Some(_) => text,
            None => Val::Text(Rc::new(crate::expr::jsonata::write::text_of(&text, false)?)),
        };
        let source = text.as_text().unwrap_or_default();
        if (is_next && source.len() <= from) || source.len() < from {
            return Ok(Val::Undefined);
        }
        let mut matching = Matching::new(text.clone(), Val::Undefined, Goal::Replacer(Val::Undefined), None);
        matching.source = Source::Regex { regex, from, is_next };
        let found = matching.found_by_regex(self)?;
        Ok(found.map_or(Val::Undefined, |it| it.object))
    }
}
