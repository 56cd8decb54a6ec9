//! Searches a text by backtracking on a list.

use crate::expr::jsonata::regex::{Captures, Op, OutOfSteps, Regex, Set, WORDS};

/// How many places to come back to are kept at most.
const MAX_BACK: usize = 1_000_000;
/// A register that holds nothing.
const UNSET: usize = usize::MAX;

/// Something to do when the way taken fails.
enum Back {
    /// Take the other way.
    Way { pc: usize, at: usize },
    /// Put a register back.
    Register { register: usize, value: usize },
    /// Give up one character of a run, down to the least.
    Shorter { pc: usize, at: usize, least: usize, back: bool },
    /// Take one more character into a run.
    Longer { pc: usize, at: usize, one: usize, n_left: usize },
    /// The start of an assertion.
    Look { is_negated: bool, end: usize, at: usize },
}

struct Matcher<'r, 't> {
    regex: &'r Regex,
    text: &'t str,
    registers: Vec<usize>,
    back: Vec<Back>,
}

pub fn find(
    regex: &Regex,
    text: &str,
    from: usize,
    n_steps: &mut u64,
) -> Result<Option<Captures>, OutOfSteps> {
    let mut matcher = Matcher { regex, text, registers: vec![UNSET; regex.n_registers], back: Vec::new() };
    let first = match regex.code.get(1) {
        Some(Op::Char { letter, back: false }) if !regex.ignore_case => Some(*letter),
        _ => None,
    };
    let mut at = from;
    while let Some(rest) = text.get(at..) {
        if let Some(first) = first {
            match rest.find(first) {
                Some(skipped) => at += skipped,
                None => return Ok(None),
            }
        }
        matcher.registers.fill(UNSET);
        matcher.back.clear();
        if matcher.matches_at(at, n_steps)? {
            let register = |it: usize| matcher.registers.get(it).copied().filter(|it| *it != UNSET);
            let group = |it: usize| Some((register(2 * it)?, register(2 * it + 1)?));
            return Ok(Some((0..=regex.n_groups).map(group).collect()));
        }
        match text.get(at..).and_then(|it| it.chars().next()) {
            Some(letter) => at += letter.len_utf8(),
            None => return Ok(None),
        }
    }
    Ok(None)
}

impl Matcher<'_, '_> {
    fn matches_at(&mut self, start: usize, n_steps: &mut u64) -> Result<bool, OutOfSteps> {
        let (mut pc, mut at) = (0, start);
        loop {
            *n_steps = n_steps.checked_sub(1).ok_or(OutOfSteps)?;
            if MAX_BACK < self.back.len() {
                return Err(OutOfSteps);
            }
            let Some(op) = self.regex.code.get(pc).copied() else { return Ok(false) };
            let next = match op {
                Op::Match => return Ok(true),
                Op::Char { .. } | Op::Any { .. } | Op::Set { .. } => self.one(op, at).map(|at| (pc + 1, at)),
                Op::Start => self.is_start(at).then_some((pc + 1, at)),
                Op::End => self.is_end(at).then_some((pc + 1, at)),
                Op::WordEdge { is_negated } => (self.is_word_edge(at) != is_negated).then_some((pc + 1, at)),
                Op::Split { first, second } => {
                    self.back.push(Back::Way { pc: second, at });
                    Some((first, at))
                }
                Op::Jump(to) => Some((to, at)),
                Op::Save(register) => {
                    self.set(register, at);
                    Some((pc + 1, at))
                }
                Op::SetRegister { register, value } => {
                    self.set(register, value);
                    self.set(register + 1, UNSET);
                    Some((pc + 1, at))
                }
                Op::Loop { register, min, max, is_greedy, exit } => {
                    let n_turns = self.get(register);
                    if min < n_turns && self.get(register + 1) == at {
                        // A turn that took nothing leads nowhere new.
                        None
                    } else if n_turns < min {
                        Some((pc + 1, at))
                    } else if max <= n_turns {
                        Some((exit, at))
                    } else if is_greedy {
                        self.back.push(Back::Way { pc: exit, at });
                        Some((pc + 1, at))
                    } else {
                        self.back.push(Back::Way { pc: pc + 1, at });
                        Some((exit, at))
                    }
                }
                Op::Turn { register, first_group, last_group } => {
                    let n_turns = self.get(register);
                    self.set(register, n_turns + 1);
                    self.set(register + 1, at);
                    for group in first_group..=last_group {
                        self.set(2 * group, UNSET);
                        self.set(2 * group + 1, UNSET);
                    }
                    Some((pc + 1, at))
                }
                Op::Run { min, max, is_greedy } => self.run(pc, at, min, max, is_greedy, n_steps)?,
                Op::BackReference { group, back } => self.repeats(group, at, back).map(|at| (pc + 1, at)),
                Op::Look { is_negated, end } => {
                    self.back.push(Back::Look { is_negated, end, at });
                    Some((pc + 1, at))
                }
                Op::LookEnd { is_negated } => self.look_end(is_negated).map(|at| (pc + 1, at)),
            };
            match next.or_else(|| self.go_back()) {
                Some(next) => (pc, at) = next,
                None => return Ok(false),
            }
        }
    }

    fn get(&self, register: usize) -> usize {
        self.registers.get(register).copied().unwrap_or(UNSET)
    }

    fn set(&mut self, register: usize, value: usize) {
        if let Some(it) = self.registers.get_mut(register)
            && *it != value
        {
            let old = std::mem::replace(it, value);
            self.back.push(Back::Register { register, value: old });
        }
    }

    /// The next way that was not taken yet.
    fn go_back(&mut self) -> Option<(usize, usize)> {
        loop {
            match self.back.pop()? {
                Back::Way { pc, at } => return Some((pc, at)),
                Back::Register { register, value } => {
                    if let Some(it) = self.registers.get_mut(register) {
                        *it = value;
                    }
                }
                Back::Shorter { pc, at, least, back } => {
                    let shorter = if back { self.after(at)?.1 } else { self.before(at)?.1 };
                    if shorter != least {
                        self.back.push(Back::Shorter { pc, at: shorter, least, back });
                    }
                    return Some((pc, shorter));
                }
                Back::Longer { pc, at, one, n_left } => {
                    let op = self.regex.code.get(one).copied()?;
                    if let Some(longer) = self.one(op, at) {
                        if 1 < n_left {
                            self.back.push(Back::Longer { pc, at: longer, one, n_left: n_left - 1 });
                        }
                        return Some((pc, longer));
                    }
                }
                Back::Look { is_negated: true, end, at } => return Some((end, at)),
                Back::Look { is_negated: false, .. } => {}
            }
        }
    }

    /// The inside of an assertion has matched.
    fn look_end(&mut self, is_negated: bool) -> Option<usize> {
        let start = self.back.iter().rposition(|it| matches!(it, Back::Look { .. }))?;
        if is_negated {
            // It must not match: undo everything since its start and fail.
            while start < self.back.len() {
                if let Some(Back::Register { register, value }) = self.back.pop()
                    && let Some(it) = self.registers.get_mut(register)
                {
                    *it = value;
                }
            }
            return None;
        }
        // It is not tried again in another way, but its groups can still be undone.
        let inside = self.back.split_off(start);
        let mut at = 0;
        for it in inside {
            match it {
                Back::Look { at: start, .. } => at = start,
                Back::Register { .. } => self.back.push(it),
                _ => {}
            }
        }
        Some(at)
    }

    /// A repetition of one character.
    fn run(
        &mut self,
        pc: usize,
        start: usize,
        min: usize,
        max: usize,
        is_greedy: bool,
        n_steps: &mut u64,
    ) -> Result<Option<(usize, usize)>, OutOfSteps> {
        let Some(op) = self.regex.code.get(pc + 1).copied() else { return Ok(None) };
        let back =
            matches!(op, Op::Char { back: true, .. } | Op::Any { back: true } | Op::Set { back: true, .. });
        let most = if is_greedy { max } else { min };
        let (mut at, mut least, mut count) = (start, start, 0);
        while count < most {
            *n_steps = n_steps.checked_sub(1).ok_or(OutOfSteps)?;
            let Some(next) = self.one(op, at) else { break };
            at = next;
            count += 1;
            if count == min {
                least = at;
            }
        }
        if count < min {
            return Ok(None);
        }
        if is_greedy && at != least {
            self.back.push(Back::Shorter { pc: pc + 2, at, least, back });
        } else if !is_greedy && min < max {
            self.back.push(Back::Longer { pc: pc + 2, at, one: pc + 1, n_left: max - min });
        }
        Ok(Some((pc + 2, at)))
    }

    fn after(&self, at: usize) -> Option<(char, usize)> {
        let letter = match self.text.as_bytes().get(at)? {
            byte if byte.is_ascii() => char::from(*byte),
            _ => self.text.get(at..)?.chars().next()?,
        };
        Some((letter, at + letter.len_utf8()))
    }

    fn before(&self, at: usize) -> Option<(char, usize)> {
        let letter = self.text.get(..at)?.chars().next_back()?;
        Some((letter, at - letter.len_utf8()))
    }

    /// Matches one character: where it leads.
    #[inline]
    fn one(&self, op: Op, at: usize) -> Option<usize> {
        let step = |back: bool| if back { self.before(at) } else { self.after(at) };
        let (is_match, next) = match op {
            Op::Char { letter, back } => {
                let (found, next) = step(back)?;
                (found == letter || (self.regex.ignore_case && folded(found) == folded(letter)), next)
            }
            Op::Any { back } => {
                let (found, next) = step(back)?;
                (!is_line_end(found), next)
            }
            Op::Set { set, back } => {
                let (found, next) = step(back)?;
                (self.is_in(self.regex.sets.get(set)?, found), next)
            }
            _ => return None,
        };
        is_match.then_some(next)
    }

    fn is_in(&self, set: &Set, letter: char) -> bool {
        let has = set.has(letter)
            || (self.regex.ignore_case
                && (set.has(folded(letter)) || set.has(lower(letter)) || set.has(lower(folded(letter)))));
        has != set.is_negated
    }

    fn is_start(&self, at: usize) -> bool {
        match self.before(at) {
            None => true,
            Some((letter, _)) => self.regex.multiline && is_line_end(letter),
        }
    }

    fn is_end(&self, at: usize) -> bool {
        match self.after(at) {
            None => true,
            Some((letter, _)) => self.regex.multiline && is_line_end(letter),
        }
    }

    fn is_word_edge(&self, at: usize) -> bool {
        let is_word = |it: Option<(char, usize)>| {
            it.is_some_and(|(letter, _)| {
                WORDS.iter().any(|(first, last)| (*first..=*last).contains(&(letter as u32)))
            })
        };
        is_word(self.before(at)) != is_word(self.after(at))
    }

    /// Matches what a group has matched: where it leads. A group without a match matches nothing.
    fn repeats(&self, group: usize, at: usize, back: bool) -> Option<usize> {
        let (start, end) = (self.get(2 * group), self.get(2 * group + 1));
        let Some(wanted) = self.text.get(start..end) else { return Some(at) };
        let mut at = at;
        let mut matches = |letter: char| {
            let (found, next) = if back { self.before(at)? } else { self.after(at)? };
            at = next;
            (found == letter || (self.regex.ignore_case && folded(found) == folded(letter))).then_some(())
        };
        if back {
            wanted.chars().rev().try_for_each(&mut matches)?;
        } else {
            wanted.chars().try_for_each(&mut matches)?;
        }
        Some(at)
    }
}

fn is_line_end(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// A character as it is compared without regard to case.
fn folded(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_uppercase();
    }
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        // What would become several characters, or plain ASCII, stays.
        (Some(it), None) if !it.is_ascii() => it,
        _ => letter,
    }
}

fn lower(letter: char) -> char {
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(it), None) => it,
        _ => letter,
    }
}
