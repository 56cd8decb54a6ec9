//! Regular expressions in the manner of JavaScript, with every step counted.
//!
//! Other engines cannot be stopped: a pattern such as `(a+)+$` may keep one busy for ever. This one
//! backtracks on a list, pays for each step, and gives up with an error when the budget is used up.
//! Characters are whole Unicode characters, never halves of them.

mod parse;
mod run;

/// The capture groups of a match, the whole match first: bytes from and to.
pub type Captures = Vec<Option<(usize, usize)>>;

/// The search took more steps than it may.
#[derive(Debug, PartialEq)]
pub struct OutOfSteps;

/// A compiled regular expression.
#[derive(Debug)]
pub struct Regex {
    pattern: String,
    code: Vec<Op>,
    sets: Vec<Set>,
    n_groups: usize,
    n_registers: usize,
    ignore_case: bool,
    multiline: bool,
}

impl Regex {
    /// Compiles a pattern, or says in a sentence what is wrong with it.
    pub fn new(pattern: &str, ignore_case: bool, multiline: bool) -> Result<Regex, String> {
        parse::compile(pattern, ignore_case, multiline)
    }

    /// The text between the slashes.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The first match at or behind a byte. Takes what it costs from `n_steps`.
    pub fn find(&self, text: &str, from: usize, n_steps: &mut u64) -> Result<Option<Captures>, OutOfSteps> {
        run::find(self, text, from, n_steps)
    }
}

/// One instruction of the matcher. `back` means reading towards the front, inside a lookbehind.
#[derive(Debug, Clone, Copy)]
enum Op {
    Char {
        letter: char,
        back: bool,
    },
    Any {
        back: bool,
    },
    Set {
        set: usize,
        back: bool,
    },
    /// `^`
    Start,
    /// `$`
    End,
    /// `\b`, or `\B` when negated.
    WordEdge {
        is_negated: bool,
    },
    /// Tries one way first and the other when that fails.
    Split {
        first: usize,
        second: usize,
    },
    Jump(usize),
    Save(usize),
    SetRegister {
        register: usize,
        value: usize,
    },
    /// A repetition: the count and the place of the last turn are in two registers.
    Loop {
        register: usize,
        min: usize,
        max: usize,
        is_greedy: bool,
        exit: usize,
    },
    /// Begins a turn: counts it, notes the place, forgets the groups inside.
    Turn {
        register: usize,
        first_group: usize,
        last_group: usize,
    },
    /// A repetition of the single character that the next instruction matches.
    Run {
        min: usize,
        max: usize,
        is_greedy: bool,
    },
    BackReference {
        group: usize,
        back: bool,
    },
    Look {
        is_negated: bool,
        end: usize,
    },
    LookEnd {
        is_negated: bool,
    },
    Match,
}

/// A set of characters.
#[derive(Debug, Clone, Default, PartialEq)]
struct Set {
    ranges: Vec<(u32, u32)>,
    is_negated: bool,
}

impl Set {
    fn add(&mut self, first: u32, last: u32) {
        self.ranges.push((first, last));
    }

    fn add_all(&mut self, ranges: &[(u32, u32)]) {
        self.ranges.extend_from_slice(ranges);
    }

    /// Adds everything that is not in the ranges, which must be in order.
    fn add_others(&mut self, ranges: &[(u32, u32)]) {
        let mut next = 0;
        for (first, last) in ranges {
            if next < *first {
                self.add(next, first - 1);
            }
            next = last + 1;
        }
        self.add(next, char::MAX as u32);
    }

    fn has(&self, letter: char) -> bool {
        let code = letter as u32;
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&code))
    }
}

const DIGITS: &[(u32, u32)] = &[(0x30, 0x39)];
const WORDS: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
const SPACES: &[(u32, u32)] = &[
    (0x09, 0x0D),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(pattern: &str, flags: &str, text: &str, expected: Option<&[Option<&str>]>) {
        let regex = Regex::new(pattern, flags.contains('i'), flags.contains('m')).unwrap();
        let found = regex.find(text, 0, &mut 100_000).unwrap();
        let found = found.map(|it| it.into_iter().map(|it| it.map(|(s, e)| &text[s..e])).collect::<Vec<_>>());
        assert_eq!(found.as_deref(), expected, "/{pattern}/{flags} on {text:?}");
    }

    #[test]
    fn plain_patterns() {
        check("b+", "", "abbbc", Some(&[Some("bbb")]));
        check("b+?", "", "abbbc", Some(&[Some("b")]));
        check("^b", "", "ab", None);
        check("^b", "m", "a\nb", Some(&[Some("b")]));
        check("a|ab", "", "ab", Some(&[Some("a")]));
        check("(a)|(b)", "", "b", Some(&[Some("b"), None, Some("b")]));
        check("[^a-c]+", "", "abcxyz", Some(&[Some("xyz")]));
        check("\\d{2,3}", "", "1 12345", Some(&[Some("123")]));
        check("a{,2}", "", "a{,2}", Some(&[Some("a{,2}")]));
        check("x*", "", "aaa", Some(&[Some("")]));
        check("HÄ", "i", "hä", Some(&[Some("hä")]));
        check(".", "", "\n😀", Some(&[Some("😀")]));
        check("[\\w-]+", "", "a-b c", Some(&[Some("a-b")]));
        check("[]]", "", "]", None);
        check("[^]", "", "\n", Some(&[Some("\n")]));
        check("\\u0041\\x42", "", "AB", Some(&[Some("AB")]));
    }

    #[test]
    fn groups_and_assertions() {
        check("(?:ab)+(c)", "", "xababc", Some(&[Some("ababc"), Some("c")]));
        check("(\\w)\\1", "", "hello", Some(&[Some("ll"), Some("l")]));
        check("(?<x>\\w)\\k<x>", "", "hello", Some(&[Some("ll"), Some("l")]));
        check("a(?=b)", "", "acab", Some(&[Some("a")]));
        check("a(?!c)", "", "acab", Some(&[Some("a")]));
        check("(?<=\\$)\\d+", "", "1 $23", Some(&[Some("23")]));
        check("(?<!\\$)\\b\\d+", "", "$1 23", Some(&[Some("23")]));
        check("(?=(a+))a*b\\1", "", "baaabac", Some(&[Some("aba"), Some("a")]));
        check(
            "(z)((a+)?(b+)?(c))*",
            "",
            "zaacbbbcac",
            Some(&[Some("zaacbbbcac"), Some("z"), Some("ac"), Some("a"), None, Some("c")]),
        );
        check("(a*)*", "", "b", Some(&[Some(""), None]));
        check("(?:a?)*?$", "", "aa", Some(&[Some("aa")]));
        check("(a{2}){2}", "", "aaaaa", Some(&[Some("aaaa"), Some("aa")]));
    }

    #[test]
    fn wrong_patterns_are_refused() {
        for pattern in ["(", ")", "[a", "*", "a**", "(?<", "\\", "(?x)", "a{2,1}", "[b-a]"] {
            assert!(Regex::new(pattern, false, false).is_err(), "{pattern}");
        }
        let deep = "(".repeat(100_000);
        assert!(Regex::new(&deep, false, false).is_err());
    }

    #[test]
    fn endless_searches_end() {
        let text = "a".repeat(50);
        for pattern in ["(a+)+$", "(a*)*b", "(a|a)*b", "(?:a?){50}a{50}b", "(.*)*\\1x"] {
            let regex = Regex::new(pattern, false, false).unwrap();
            let mut n_steps = 200_000;
            let _ = regex.find(&text, 0, &mut n_steps);
        }
        let regex = Regex::new("(a+)+$", false, false).unwrap();
        assert_eq!(regex.find(&format!("{text}!"), 0, &mut 1_000_000), Err(OutOfSteps));
    }

    proptest! {
        #[test]
        fn any_pattern_is_survivable(
            pattern in r"[ab(){}\[\]|*+?.^$\\1-9,:=!<>dwsbB]{0,16}",
            text in "[ab1 ]{0,12}",
        ) {
            if let Ok(regex) = Regex::new(&pattern, false, false)
                && let Ok(Some(groups)) = regex.find(&text, 0, &mut 20_000)
            {
                for (start, end) in groups.into_iter().flatten() {
                    prop_assert!(text.get(start..end).is_some());
                }
            }
        }
    }
}
