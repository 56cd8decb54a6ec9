//! The tests of JSONPath choice rules: 39 that look at a value. And, Or and Not combine rules and
//! are told apart by their operand.

/// One field of a choice rule that makes a test.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Operator {
    /// The word of the States Language.
    pub name: &'static str,
    pub operand: Operand,
    /// How the test reads between the two values: “=”, “>”, “is”.
    pub sign: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
}

/// What is written behind an operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    Text,
    Number,
    Timestamp,
    Flag,
    /// Text in which `*` stands for anything.
    Pattern,
    /// The path of the value to compare with.
    Path,
    /// True or false: whether the value is of that kind.
    IsKind,
    /// A list of rules: And, Or.
    Rules,
    /// One rule: Not.
    Rule,
}

/// The operator of this name.
pub fn operator(name: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|it| it.name == name)
}

const fn op(name: &'static str, operand: Operand, sign: &'static str, help: &'static str) -> Operator {
    Operator { name, operand, sign, help }
}

use Operand::{Flag, IsKind, Number, Path, Pattern, Rule, Rules, Text, Timestamp};

/// The 39 tests, then And, Or and Not.
#[rustfmt::skip]
pub const OPERATORS: &[Operator] = &[
    op("StringEquals", Text, "=", "Holds for exactly this text"),
    op("StringEqualsPath", Path, "=", "Holds for the same text as at the path"),
    op("StringLessThan", Text, "<", "Holds for text that sorts before this"),
    op("StringLessThanPath", Path, "<", "Holds for text that sorts before the text at the path"),
    op("StringGreaterThan", Text, ">", "Holds for text that sorts after this"),
    op("StringGreaterThanPath", Path, ">", "Holds for text that sorts after the text at the path"),
    op("StringLessThanEquals", Text, "≤", "Holds for this text and for text that sorts before it"),
    op("StringLessThanEqualsPath", Path, "≤", "Holds for the text at the path and for text that sorts before it"),
    op("StringGreaterThanEquals", Text, "≥", "Holds for this text and for text that sorts after it"),
    op("StringGreaterThanEqualsPath", Path, "≥", "Holds for the text at the path and for text that sorts after it"),
    op("StringMatches", Pattern, "matches", "Holds for text of this form, in which * stands for anything"),
    op("NumericEquals", Number, "=", "Holds for exactly this number"),
    op("NumericEqualsPath", Path, "=", "Holds for the same number as at the path"),
    op("NumericLessThan", Number, "<", "Holds for smaller numbers"),
    op("NumericLessThanPath", Path, "<", "Holds for numbers smaller than the one at the path"),
    op("NumericGreaterThan", Number, ">", "Holds for larger numbers"),
    op("NumericGreaterThanPath", Path, ">", "Holds for numbers larger than the one at the path"),
    op("NumericLessThanEquals", Number, "≤", "Holds for this number and smaller ones"),
    op("NumericLessThanEqualsPath", Path, "≤", "Holds for the number at the path and smaller ones"),
    op("NumericGreaterThanEquals", Number, "≥", "Holds for this number and larger ones"),
    op("NumericGreaterThanEqualsPath", Path, "≥", "Holds for the number at the path and larger ones"),
    op("BooleanEquals", Flag, "is", "Holds for exactly this truth value"),
    op("BooleanEqualsPath", Path, "=", "Holds for the same truth value as at the path"),
    op("TimestampEquals", Timestamp, "=", "Holds for exactly this moment"),
    op("TimestampEqualsPath", Path, "=", "Holds for the same moment as at the path"),
    op("TimestampLessThan", Timestamp, "<", "Holds for earlier moments"),
    op("TimestampLessThanPath", Path, "<", "Holds for moments before the one at the path"),
    op("TimestampGreaterThan", Timestamp, ">", "Holds for later moments"),
    op("TimestampGreaterThanPath", Path, ">", "Holds for moments after the one at the path"),
    op("TimestampLessThanEquals", Timestamp, "≤", "Holds for this moment and earlier ones"),
    op("TimestampLessThanEqualsPath", Path, "≤", "Holds for the moment at the path and earlier ones"),
    op("TimestampGreaterThanEquals", Timestamp, "≥", "Holds for this moment and later ones"),
    op("TimestampGreaterThanEqualsPath", Path, "≥", "Holds for the moment at the path and later ones"),
    op("IsNull", IsKind, "null", "Holds when the value is null, or with false when it is not"),
    op("IsPresent", IsKind, "present", "Holds when the value exists, or with false when it does not"),
    op("IsNumeric", IsKind, "a number", "Holds when the value is a number, or with false when it is not"),
    op("IsString", IsKind, "text", "Holds when the value is text, or with false when it is not"),
    op("IsBoolean", IsKind, "true or false", "Holds when the value is true or false, or with false when it is neither"),
    op("IsTimestamp", IsKind, "a timestamp", "Holds when the value is a timestamp, or with false when it is not"),
    op("And", Rules, "and", "Holds when every one of its rules holds"),
    op("Or", Rules, "or", "Holds when at least one of its rules holds"),
    op("Not", Rule, "not", "Holds when its rule does not"),
];

impl Operator {
    /// The values it is for: the title of its group where operators are chosen.
    pub fn family(&self) -> &'static str {
        match self.name {
            it if it.starts_with("String") => "Text",
            it if it.starts_with("Numeric") => "Numbers",
            it if it.starts_with("Boolean") => "True or false",
            it if it.starts_with("Timestamp") => "Times",
            it if it.starts_with("Is") => "Kind of value",
            _ => "Several conditions",
        }
    }

    /// How it reads where it is chosen: “> number”, “> number at path”, “is present”.
    pub fn words(&self) -> String {
        let sign = self.sign;
        let value = match self.family() {
            "Text" => "text",
            "Numbers" => "number",
            "Times" => "time",
            _ => "",
        };
        match self.operand {
            IsKind => format!("is {sign}"),
            Path if value.is_empty() => format!("{sign} value at path"),
            _ if value.is_empty() => sign.to_owned(),
            Path => format!("{sign} {value} at path"),
            _ => format!("{sign} {value}"),
        }
    }

    /// Whether it combines rules instead of testing a value.
    pub fn combines(&self) -> bool {
        matches!(self.operand, Rules | Rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_39_tests_and_three_that_combine_them() {
        assert_eq!(OPERATORS.iter().filter(|it| !it.combines()).count(), 39);
        assert_eq!(OPERATORS.iter().filter(|it| it.combines()).count(), 3);
        assert_eq!(OPERATORS.iter().filter(|it| it.operand == Path).count(), 16);
        for with_path in OPERATORS.iter().filter(|it| it.operand == Path) {
            let plain = with_path.name.strip_suffix("Path").and_then(operator);
            assert!(plain.is_some(), "{}", with_path.name);
        }
    }
}
