//! Signatures of functions, such as `<s-nn?:s>`: parsed once, matched against the kinds of the
//! arguments at every call.
//!
//! A parameter is a set of kinds with a mark: `-` takes the context when the argument is missing,
//! `?` makes it optional, `+` takes one or more. An undefined argument suits every kind but a
//! function. An array parameter wraps what is no array.

use crate::expr::jsonata::error::Fault;

/// A parsed signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    params: Vec<Param>,
}

#[derive(Debug, Clone, PartialEq)]
struct Param {
    kinds: Kinds,
    /// Wraps a single value into an array.
    is_array: bool,
    /// What the items of an array must be, one letter.
    items: Option<char>,
    uses_context: bool,
    is_optional: bool,
    repeats: bool,
}

/// A set of kinds, one bit each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kinds(u8);

impl Kinds {
    pub const MISSING: Kinds = Kinds(1);
    pub const STRING: Kinds = Kinds(2);
    pub const NUMBER: Kinds = Kinds(4);
    pub const BOOLEAN: Kinds = Kinds(8);
    pub const NULL: Kinds = Kinds(16);
    pub const ARRAY: Kinds = Kinds(32);
    pub const OBJECT: Kinds = Kinds(64);
    pub const FUNCTION: Kinds = Kinds(128);

    const JSON: Kinds = Kinds(0x7F);
    const ANY: Kinds = Kinds(0xFF);

    /// These kinds, but not “missing”.
    pub fn without_missing(self) -> Kinds {
        Kinds(self.0 & !Kinds::MISSING.0)
    }

    fn has(self, kind: Kinds) -> bool {
        self.0 & kind.0 != 0
    }

    fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    fn of_letter(letter: char) -> Option<Kinds> {
        Some(match letter {
            's' => Kinds::STRING.and(Kinds::MISSING),
            'n' => Kinds::NUMBER.and(Kinds::MISSING),
            'b' => Kinds::BOOLEAN.and(Kinds::MISSING),
            'l' => Kinds::NULL.and(Kinds::MISSING),
            'o' => Kinds::OBJECT.and(Kinds::MISSING),
            'a' => Kinds::ANY,
            'f' => Kinds::FUNCTION,
            'j' => Kinds::JSON,
            'x' => Kinds::ANY,
            _ => return None,
        })
    }
}

/// What the items of an array are called in a message.
fn plural(letter: char) -> &'static str {
    match letter {
        'a' => "arrays",
        'b' => "booleans",
        'f' => "functions",
        'n' => "numbers",
        'o' => "objects",
        's' => "strings",
        _ => "values",
    }
}

/// What to do with the arguments of a call, in the order of the parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Slot {
    /// The argument with this index, as it is.
    Argument(usize),
    /// The argument with this index inside an array.
    Wrapped(usize),
    Context,
    Missing,
}

/// The arguments of a call, as far as a signature wants to know them.
pub trait Arguments {
    fn n_arguments(&self) -> usize;
    fn kind(&self, idx: usize) -> Kinds;
    fn context_kind(&self) -> Kinds;
    /// Whether all items of an array argument are of this one kind.
    fn items_are(&self, idx: usize, kind: Kinds) -> bool;
}

impl Signature {
    /// A signature without parameters.
    pub fn any() -> Signature {
        Signature { params: Vec::new() }
    }

    /// Parses `<…>`; the part behind a colon, the result, is documentation.
    pub fn parse(text: &str) -> Result<Signature, Box<Fault>> {
        let mut params: Vec<Param> = Vec::new();
        let mut letters = text.chars().skip(1).peekable();
        while let Some(letter) = letters.next() {
            match letter {
                ':' => break,
                '-' | '?' | '+' => {
                    let Some(param) = params.last_mut() else { continue };
                    match letter {
                        '-' => param.uses_context = true,
                        '?' => param.is_optional = true,
                        _ => param.repeats = true,
                    }
                }
                '(' => {
                    let choice: String = letters.by_ref().take_while(|it| *it != ')').collect();
                    if choice.contains('<') {
                        return Err(Fault::new("S0402").value(choice));
                    }
                    let kinds = choice.chars().filter_map(Kinds::of_choice).fold(Kinds::MISSING, Kinds::and);
                    params.push(Param::of(kinds, false));
                }
                '<' => {
                    let Some(param) = params.last_mut().filter(|it| it.takes_items()) else {
                        return Err(Fault::new("S0401"));
                    };
                    let mut depth = 1;
                    for inner in letters.by_ref() {
                        match inner {
                            '<' => depth += 1,
                            '>' => depth -= 1,
                            _ if depth == 1 => {
                                param.items.get_or_insert(inner);
                            }
                            _ => {}
                        }
                        if depth == 0 {
                            break;
                        }
                    }
                }
                letter => {
                    if let Some(kinds) = Kinds::of_letter(letter) {
                        params.push(Param::of(kinds, letter == 'a'));
                    }
                }
            }
        }
        Ok(Signature { params })
    }

    /// Fits arguments to parameters, or says which argument is wrong (`T0410`, `T0411`, `T0412`).
    pub fn fit(&self, arguments: &dyn Arguments) -> Result<Vec<Slot>, Box<Fault>> {
        let n_arguments = arguments.n_arguments();
        let kinds: Vec<Kinds> = (0..n_arguments).map(|it| arguments.kind(it)).collect();
        let counts = self.counts(&kinds).ok_or_else(|| self.mismatch(&kinds))?;
        let mut slots = Vec::with_capacity(self.params.len());
        let mut idx = 0;
        for (param, count) in self.params.iter().zip(counts) {
            if count == 0 {
                if !param.uses_context {
                    // A quirk of the reference: the argument behind a left-out one is taken for it
                    // all the same, unchecked, and the next parameters move on.
                    slots.push(if idx < n_arguments { Slot::Argument(idx) } else { Slot::Missing });
                    idx += 1;
                } else if param.kinds.has(arguments.context_kind()) {
                    slots.push(Slot::Context);
                } else {
                    return Err(Fault::new("T0411").index(idx + 1));
                }
            }
            for _ in 0..count {
                slots.push(param.slot(idx, arguments)?);
                idx += 1;
            }
        }
        Ok(slots)
    }

    /// Whether the arguments fit one by one without any change: the usual case, and the quick one.
    pub fn fits_plainly(&self, arguments: &dyn Arguments) -> bool {
        self.params.len() == arguments.n_arguments()
            && self.params.iter().enumerate().all(|(idx, param)| {
                let kind = arguments.kind(idx);
                param.kinds.has(kind)
                    && (!param.is_array
                        || kind == Kinds::MISSING
                        || (kind == Kinds::ARRAY && param.items.is_none()))
            })
    }

    /// How many arguments each parameter takes, the earlier ones as many as they can. The order of
    /// work is that of a regular expression over the kinds, but without its backtracking.
    fn counts(&self, kinds: &[Kinds]) -> Option<Vec<usize>> {
        let (n_params, n_kinds) = (self.params.len(), kinds.len());
        let width = n_kinds + 1;
        // fits[p * width + k]: the parameters from p can take exactly the arguments from k.
        let mut fits = vec![false; (n_params + 1) * width];
        let fit = |fits: &[bool], p: usize, k: usize| fits.get(p * width + k).copied().unwrap_or(false);
        if let Some(last) = fits.last_mut() {
            *last = true;
        }
        for (p, param) in self.params.iter().enumerate().rev() {
            for k in (0..=n_kinds).rev() {
                let takes = kinds.get(k).is_some_and(|it| param.kinds.has(*it));
                let one = takes && (fit(&fits, p + 1, k + 1) || (param.repeats && fit(&fits, p, k + 1)));
                let none = param.may_be_missing() && fit(&fits, p + 1, k);
                if let Some(it) = fits.get_mut(p * width + k) {
                    *it = one || none;
                }
            }
        }
        if !fit(&fits, 0, 0) {
            return None;
        }
        let mut counts = Vec::with_capacity(n_params);
        let mut k = 0;
        for (p, param) in self.params.iter().enumerate() {
            let mut count = 0;
            loop {
                let takes = kinds.get(k).is_some_and(|it| param.kinds.has(*it));
                let may_repeat = count == 0 || param.repeats;
                let goes_on = fit(&fits, p + 1, k + 1) || (param.repeats && fit(&fits, p, k + 1));
                if !(takes && may_repeat && goes_on) {
                    break;
                }
                count += 1;
                k += 1;
            }
            counts.push(count);
        }
        Some(counts)
    }

    /// The first argument that no reading of the signature can take.
    fn mismatch(&self, kinds: &[Kinds]) -> Box<Fault> {
        let mut k = 0;
        for param in &self.params {
            let takes = |k: usize| kinds.get(k).is_some_and(|it| param.kinds.has(*it));
            if takes(k) {
                k += 1;
                while param.repeats && takes(k) {
                    k += 1;
                }
            } else if !param.may_be_missing() {
                break;
            }
        }
        Fault::new("T0410").index(k + 1)
    }
}

impl Kinds {
    /// A letter inside a choice: unlike elsewhere, `a` means arrays only.
    fn of_choice(letter: char) -> Option<Kinds> {
        match letter {
            'a' => Some(Kinds::ARRAY),
            letter => Kinds::of_letter(letter),
        }
    }
}

impl Param {
    fn of(kinds: Kinds, is_array: bool) -> Param {
        Param { kinds, is_array, items: None, uses_context: false, is_optional: false, repeats: false }
    }

    fn takes_items(&self) -> bool {
        self.is_array || self.kinds == Kinds::FUNCTION
    }

    fn may_be_missing(&self) -> bool {
        self.uses_context || self.is_optional
    }

    fn slot(&self, idx: usize, arguments: &dyn Arguments) -> Result<Slot, Box<Fault>> {
        let kind = arguments.kind(idx);
        if !self.is_array || kind == Kinds::MISSING {
            return Ok(Slot::Argument(idx));
        }
        if let Some(letter) = self.items {
            let wanted = Kinds::of_choice(letter).unwrap_or(Kinds::ANY);
            let suits = if kind == Kinds::ARRAY {
                arguments.items_are(idx, wanted.without_missing())
            } else {
                wanted.has(kind)
            };
            if !suits {
                return Err(Fault::new("T0412").index(idx + 1).other(plural(letter)));
            }
        }
        Ok(if kind == Kinds::ARRAY { Slot::Argument(idx) } else { Slot::Wrapped(idx) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Letters(&'static str);

    impl Arguments for Letters {
        fn n_arguments(&self) -> usize {
            self.0.len()
        }

        fn kind(&self, idx: usize) -> Kinds {
            match self.0.as_bytes()[idx] {
                b's' => Kinds::STRING,
                b'n' => Kinds::NUMBER,
                b'a' => Kinds::ARRAY,
                b'f' => Kinds::FUNCTION,
                b'm' => Kinds::MISSING,
                _ => Kinds::OBJECT,
            }
        }

        fn context_kind(&self) -> Kinds {
            Kinds::STRING
        }

        fn items_are(&self, _: usize, kind: Kinds) -> bool {
            kind == Kinds::NUMBER
        }
    }

    fn check(signature: &str, arguments: &'static str, expected: Result<Vec<Slot>, (&str, usize)>) {
        let signature = Signature::parse(signature).unwrap();
        let fitted = signature.fit(&Letters(arguments)).map_err(|it| (it.code, it.index));
        assert_eq!(fitted, expected);
    }

    #[test]
    fn context_fills_a_missing_first_argument() {
        use Slot::*;
        check("<s-nn?:s>", "sn", Ok(vec![Argument(0), Argument(1), Missing]));
        check("<s-nn?:s>", "n", Ok(vec![Context, Argument(0), Missing]));
        check("<s-s:s>", "s", Err(("T0410", 2)).or(Ok(vec![Context, Argument(0)])));
        check("<n-:n>", "", Err(("T0411", 1)));
    }

    #[test]
    fn arrays_wrap_and_check_their_items() {
        use Slot::*;
        check("<a:n>", "n", Ok(vec![Wrapped(0)]));
        check("<a<n>:n>", "a", Ok(vec![Argument(0)]));
        check("<a<s>:n>", "a", Err(("T0412", 1)));
        check("<a<n>:n>", "s", Err(("T0412", 1)));
    }

    #[test]
    fn wrong_arguments_are_named() {
        check("<sn:s>", "ss", Err(("T0410", 2)));
        check("<s:s>", "ss", Err(("T0410", 2)));
        check("<af>", "a", Err(("T0410", 2)));
    }

    #[test]
    fn signatures_can_be_wrong() {
        assert_eq!(Signature::parse("<n<n>>").unwrap_err().code, "S0401");
        assert_eq!(Signature::parse("<(sa<n>)>").unwrap_err().code, "S0402");
    }
}
