//! Base64 and the escapes of URLs.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::expr::jsonata::Dialect;
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::functions::text;
use crate::expr::jsonata::ops::Outcome;
use crate::expr::jsonata::value::Val;
use crate::expr::jsonata::world::Control;

/// Forgiving about what follows the last character, as JavaScript is.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Characters that stand for themselves in a part of a URL, besides letters and digits.
const UNRESERVED: &str = "-_.!~*'()";
/// Characters that structure a whole URL and are left alone there.
const RESERVED: &str = ";/?:@&=+$,#";

pub fn base64_encode<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    control.spend_bytes(source.len() * 2)?;
    // The reference takes each character for a byte where it can.
    let bytes: Option<Vec<u8>> = source.chars().map(|it| u8::try_from(it as u32).ok()).collect();
    let bytes = bytes.filter(|_| control.dialect == Dialect::Full);
    Ok(Val::text(BASE64.encode(bytes.unwrap_or_else(|| source.as_bytes().to_vec()))))
}

pub fn base64_decode<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    control.spend_bytes(source.len() * 2)?;
    let source: String = source
        .chars()
        .take_while(|it| *it != '=')
        .map(|it| match it {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .filter(|it| it.is_ascii_alphanumeric() || "+/".contains(*it))
        .collect();
    let bytes = BASE64.decode(source.as_bytes()).unwrap_or_default();
    let each = |bytes: Vec<u8>| bytes.into_iter().map(char::from).collect::<String>();
    Ok(Val::text(match control.dialect {
        Dialect::Full => each(bytes),
        Dialect::Aws => String::from_utf8(bytes).unwrap_or_else(|it| each(it.into_bytes())),
    }))
}

fn escaped(source: &str, kept: impl Fn(char) -> bool) -> String {
    let mut res = String::with_capacity(source.len());
    for letter in source.chars() {
        if letter.is_ascii_alphanumeric() || kept(letter) {
            res.push(letter);
            continue;
        }
        for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
            res.push_str(&format!("%{byte:02X}"));
        }
    }
    res
}

/// Undoes escapes; those of the characters in `kept` stay. `None` when an escape is malformed.
fn unescaped(source: &str, kept: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(source.len());
    let mut rest = source.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            bytes.push(*byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok()?;
        if !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
            return None;
        }
        let decoded = u8::from_str_radix(digits, 16).ok()?;
        rest = after;
        if kept.contains(char::from(decoded)) && decoded.is_ascii() {
            bytes.push(b'%');
            bytes.extend_from_slice(digits.as_bytes());
        } else {
            bytes.push(decoded);
        }
    }
    String::from_utf8(bytes).ok()
}

fn encoded<'a>(control: &mut Control<'a, '_>, arguments: &[Val<'a>], kept: &str) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    control.spend_bytes(source.len() * 3)?;
    Ok(Val::text(escaped(source, |it| UNRESERVED.contains(it) || kept.contains(it))))
}

fn decoded<'a>(
    control: &mut Control<'a, '_>,
    arguments: &[Val<'a>],
    kept: &str,
    name: &'static str,
) -> Outcome<Val<'a>> {
    let Some(source) = text(arguments, 0) else { return Ok(Val::Undefined) };
    control.spend_bytes(source.len())?;
    match unescaped(source, kept) {
        Some(text) => Ok(Val::text(text)),
        None => Err(Fault::new("D3140").token(name).value(source)),
    }
}

pub fn encode_component<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    encoded(control, arguments, "")
}

pub fn encode<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    encoded(control, arguments, RESERVED)
}

pub fn decode_component<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    decoded(control, arguments, "", "decodeUrlComponent")
}

pub fn decode<'a>(control: &mut Control<'a, '_>, arguments: &mut [Val<'a>]) -> Outcome<Val<'a>> {
    decoded(control, arguments, RESERVED, "decodeUrl")
}
