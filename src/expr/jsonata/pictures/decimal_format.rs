//! The symbols of decimal pictures: which characters are digits and separators.

use crate::expr::jsonata::pictures::{PictureError, unsupported};

/// The symbols of decimal pictures and of what is written with them.
#[derive(Debug, Clone, PartialEq)]
pub struct DecimalFormat {
    /// `decimal-separator`: between whole and fraction, in the picture and in the text.
    pub decimal_separator: String,
    /// `grouping-separator`: between groups of digits, in the picture and in the text.
    pub grouping_separator: String,
    /// `exponent-separator`: before the exponent, in the picture and in the text.
    pub exponent_separator: String,
    /// `infinity`: the text of an infinite number.
    pub infinity: String,
    /// `minus-sign`: before a negative number.
    pub minus_sign: String,
    /// `NaN`: the text of what is no number.
    pub nan: String,
    /// `percent`: a picture with it shows hundredths.
    pub percent: String,
    /// `per-mille`: a picture with it shows thousandths.
    pub per_mille: String,
    /// `zero-digit`: the zero of the digits, in the picture and in the text; the nine characters
    /// after it are the other digits.
    pub zero_digit: char,
    /// `digit`: an optional digit in the picture.
    pub digit: String,
    /// `pattern-separator`: before the picture for negative numbers.
    pub pattern_separator: String,
}

impl Default for DecimalFormat {
    fn default() -> DecimalFormat {
        DecimalFormat {
            decimal_separator: ".".to_string(),
            grouping_separator: ",".to_string(),
            exponent_separator: "e".to_string(),
            infinity: "Infinity".to_string(),
            minus_sign: "-".to_string(),
            nan: "NaN".to_string(),
            percent: "%".to_string(),
            per_mille: "‰".to_string(),
            zero_digit: '0',
            digit: "#".to_string(),
            pattern_separator: ";".to_string(),
        }
    }
}

impl DecimalFormat {
    /// Sets one symbol by its XPath name; an unknown name and an empty zero change nothing.
    pub fn set(&mut self, name: &str, value: &str) {
        let field = match name {
            "decimal-separator" => &mut self.decimal_separator,
            "grouping-separator" => &mut self.grouping_separator,
            "exponent-separator" => &mut self.exponent_separator,
            "infinity" => &mut self.infinity,
            "minus-sign" => &mut self.minus_sign,
            "NaN" => &mut self.nan,
            "percent" => &mut self.percent,
            "per-mille" => &mut self.per_mille,
            "zero-digit" => {
                self.zero_digit = value.chars().next().unwrap_or(self.zero_digit);
                return;
            }
            "digit" => &mut self.digit,
            "pattern-separator" => &mut self.pattern_separator,
            _ => return,
        };
        *field = value.to_string();
    }
}

/// The longest symbol in bytes; it keeps the search for symbols quick.
const MAX_SYMBOL: usize = 64;

/// The symbols as sequences of characters, to be found in a picture of characters.
pub(super) struct Symbols {
    pub decimal: Vec<char>,
    pub grouping: Vec<char>,
    pub exponent: Vec<char>,
    pub percent: Vec<char>,
    pub per_mille: Vec<char>,
    pub digit: Vec<char>,
    pub pattern: Vec<char>,
    pub minus: Vec<char>,
    pub zero: char,
}

impl Symbols {
    pub(super) fn new(format: &DecimalFormat) -> Result<Symbols, PictureError> {
        let chars = |text: &str| {
            if MAX_SYMBOL < text.len() {
                Err(unsupported(text))
            } else {
                Ok(text.chars().collect::<Vec<char>>())
            }
        };
        Ok(Symbols {
            decimal: chars(&format.decimal_separator)?,
            grouping: chars(&format.grouping_separator)?,
            exponent: chars(&format.exponent_separator)?,
            percent: chars(&format.percent)?,
            per_mille: chars(&format.per_mille)?,
            digit: chars(&format.digit)?,
            pattern: chars(&format.pattern_separator)?,
            minus: chars(&format.minus_sign)?,
            zero: format.zero_digit,
        })
    }

    pub(super) fn is_mandatory(&self, char: char) -> bool {
        (char as u32).checked_sub(self.zero as u32).is_some_and(|it| it < 10)
    }

    pub(super) fn is_optional(&self, char: char) -> bool {
        self.digit == [char]
    }

    pub(super) fn is_digit(&self, char: char) -> bool {
        self.is_mandatory(char) || self.is_optional(char)
    }

    /// Whether the character belongs into the active part.
    pub(super) fn is_active(&self, char: char) -> bool {
        self.is_digit(char)
            || [&self.decimal, &self.exponent, &self.grouping, &self.pattern].iter().any(|it| **it == [char])
    }

    /// Whether the active part may begin or end with the character.
    pub(super) fn is_edge(&self, char: char) -> bool {
        self.is_active(char) && self.exponent != [char]
    }
}
