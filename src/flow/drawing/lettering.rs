//! How wide words are, from a table of character classes: good enough to cut a title to its box,
//! without asking the browser to lay out text.

/// Width of a text in the interface face at this size, in CSS pixels. A little generous, so that
/// a cut title never runs out of its box.
pub fn width_of(text: &str, size: f64) -> f64 {
    text.chars().map(em_width).sum::<f64>() * size
}

/// The text, cut with “…” where it is wider than the room for it.
pub fn cut(text: &str, size: f64, room: f64) -> String {
    if width_of(text, size) <= room {
        return text.to_string();
    }
    let mut left = room - em_width('…') * size;
    let mut kept = String::new();
    for char in text.chars() {
        left -= em_width(char) * size;
        if left < 0.0 {
            break;
        }
        kept.push(char);
    }
    format!("{}…", kept.trim_end())
}

/// Width of a character in parts of the type size, semibold.
fn em_width(char: char) -> f64 {
    match char {
        // Joiners, marks and direction signs take no room of their own.
        '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' => 0.0,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.33,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.98,
        'A'..='Z' | '&' => 0.74,
        '_' => 0.55,
        ' '..='~' => 0.64,
        // Wide scripts and pictures.
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' => 1.05,
        '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' => 1.05,
        '\u{1F000}'..='\u{1FAFF}' => 1.35,
        _ => 0.7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_wide_is_cut() {
        assert_eq!(cut("Charge card", 14.0, 160.0), "Charge card");
        let long = cut("Charge the card of the customer once more", 14.0, 160.0);
        assert!(long.ends_with('…') && long.starts_with("Charge the card"), "{long}");
        assert!(width_of(&long, 14.0) <= 160.0);
        assert_eq!(cut("anything", 14.0, -5.0), "…");
    }

    #[test]
    fn wide_characters_count_as_wide() {
        assert!(width_of("いい", 14.0) > width_of("ii", 14.0));
        assert!(cut("支払いを確認する長い名前の状態です", 14.0, 100.0).chars().count() < 9);
    }
}
