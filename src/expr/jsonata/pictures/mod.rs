//! Pictures: small templates that say how a number or a point in time is written, as XPath has
//! them and as JSONata borrows them (`$formatNumber`, `$formatInteger`, `$parseInteger`,
//! `$fromMillis`, `$toMillis`). With them goes the writing of plain numbers (`$string`, `$round`,
//! `$formatBase`).
//!
//! All of it is text and numbers in, text and numbers out: nothing here knows the evaluator, a
//! clock or a locale. Where XPath and the JSONata reference implementation disagree, the
//! reference decides; where the reference would hang, crash or answer “NaN”, the comments say
//! what we do.

pub mod number_text;
mod decimal_format;
mod decimal;
mod integer;
mod numerals;
mod words;
mod calendar;
mod marker;
mod from_millis;
mod to_millis;
mod matcher;

pub use decimal::format_number;
pub use decimal_format::DecimalFormat;
pub use from_millis::from_millis;
pub use integer::{format_integer, parse_integer};
pub use number_text::{format_base, number_text, number_text_15, round_half_even};
pub use to_millis::to_millis;

/// A picture is malformed, or the value cannot be written or read with it.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureError {
    /// The code of the reference implementation, e.g. `D3131`.
    pub code: &'static str,
    /// What the message of that code names; empty where it names nothing.
    pub value: String,
}

impl PictureError {
    fn new(code: &'static str) -> PictureError {
        PictureError { code, value: String::new() }
    }

    fn naming(code: &'static str, value: impl Into<String>) -> PictureError {
        PictureError { code, value: value.into() }
    }
}

/// The widest number, in digits, that a picture may ask for, and the longest picture of one
/// number. Far beyond any use; it keeps `[Y,99999999]` from filling the memory.
const MAX_DIGITS: usize = 1_000;

/// The longest text, in bytes, that a picture may grow into, besides its own length.
const MAX_OUTPUT: usize = 1 << 20;

/// Formatting or parsing in a way that is not supported, with the start of what was asked for.
fn unsupported(asked: &str) -> PictureError {
    PictureError::naming("D3130", asked.chars().take(40).collect::<String>())
}
