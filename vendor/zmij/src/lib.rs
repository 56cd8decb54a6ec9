//! Stands in for the crate `zmij` on the page. The JSON crate brings `zmij` to write numbers with a
//! fraction; its tables are ten thousand bytes that nothing compresses. The standard library, which the
//! page has anyway, finds the same shortest digits; this crate only spells them in the same way.
use std::fmt::{Debug, Display, LowerExp, Write};

/// Room for the text of one number.
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    text: String,
}

impl Buffer {
    /// An empty one.
    pub fn new() -> Buffer {
        Buffer::default()
    }

    /// The number, or `NaN`, `inf` or `-inf`.
    pub fn format<F: Float>(&mut self, number: F) -> &str {
        self.format_finite(number)
    }

    /// The shortest digits that read back as this number, with a point, or with an exponent from
    /// `1e+16` on and below `1e-5`.
    pub fn format_finite<F: Float>(&mut self, number: F) -> &str {
        self.text.clear();
        let size = number.into().abs();
        // `Debug` takes the exponent one power of ten earlier. Writing to a `String` cannot fail.
        let _ = match (1e-5..1e-4).contains(&size) {
            true => write!(self.text, "{number}"),
            false => write!(self.text, "{number:?}"),
        };
        let end = self.text.find('e').unwrap_or(self.text.len());
        if is_halfway(number, &self.text[..end]) {
            let even = (self.text.as_bytes()[end - 1] - 1) as char;
            self.text.replace_range(end - 1..end, even.encode_utf8(&mut [0; 4]));
        }
        if size >= 1e16 && end < self.text.len() {
            self.text.insert(end + 1, '+');
        }
        &self.text
    }
}

/// Whether the last digit is odd where the even one before would be as near: the standard library
/// rounds up then.
fn is_halfway<F: Float>(number: F, digits: &str) -> bool {
    let is_odd = digits.ends_with(['1', '3', '5', '7', '9']);
    let n_digits = digits.bytes().filter(u8::is_ascii_digit).count();
    // Fewer digits always tell a number from its neighbors. Zeros before the first one count here,
    // which only costs time.
    if !is_odd || n_digits < 16 {
        return false;
    }
    let shortest = format!("{number:e}");
    let n_digits = shortest.split('e').next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    let exact = format!("{number:.0$e}", n_digits + 20);
    let mut rest = exact.split('e').next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).skip(n_digits);
    rest.next() == Some(b'5') && rest.all(|it| it == b'0')
}

/// `f32` and `f64`.
pub trait Float: Copy + Debug + Display + LowerExp + Into<f64> {}

impl Float for f32 {}
impl Float for f64 {}
