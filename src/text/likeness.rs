//! Names that look the same and are not: capital letters, spaces that cannot be seen, and letters
//! with a mark that are one character here and two there, as files move between systems.
//!
//! Of Unicode's decompositions only those of scripts that people name things in are known: Latin,
//! Greek, Cyrillic, Japanese and Korean. The whole table would weigh more than all of this wing.

/// In what two names differ, when they hardly do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Likeness {
    /// Only in how letters with marks are encoded.
    Encoding,
    /// Also or only in white space and characters without width.
    Spaces,
    /// Also or only in capital letters.
    Case,
}

/// In what two different names differ; `None` for names that differ visibly or not at all.
pub fn likeness(a: &str, b: &str) -> Option<Likeness> {
    if a == b {
        return None;
    }
    // Without a mark of its own in either, nothing is encoded in two ways; most names end here.
    let (a, b) = match a.chars().chain(b.chars()).any(is_mark) {
        true => (decomposed(a), decomposed(b)),
        false => (a.to_owned(), b.to_owned()),
    };
    if a == b {
        return Some(Likeness::Encoding);
    }
    let (a, b) = (visible(&a), visible(&b));
    if a == b {
        return Some(Likeness::Spaces);
    }
    (a.to_lowercase() == b.to_lowercase()).then_some(Likeness::Case)
}

/// Each mark that combines with the letter before it, then pairs of a letter and what both make.
const MARKED: &[&str] = &[
    "\u{300}AÀEÈIÌOÒUÙNǸaàeèiìoòuùnǹ",
    "\u{301}AÁEÉIÍOÓUÚYÝCĆLĹNŃRŔSŚZŹaáeéiíoóuúyýcćlĺnńrŕsśzźΑΆΕΈΗΉΙΊΟΌΥΎΩΏαάεέηήιίοόυύωώКЌГЃкќгѓ",
    "\u{302}AÂEÊIÎOÔUÛCĈGĜHĤJĴSŜWŴYŶaâeêiîoôuûcĉgĝhĥjĵsŝwŵyŷ",
    "\u{303}AÃNÑOÕIĨUŨaãnñoõiĩuũ",
    "\u{304}AĀEĒIĪOŌUŪaāeēiīoōuū",
    "\u{306}AĂEĔGĞIĬOŎUŬaăeĕgğiĭoŏuŭИЙийУЎуў",
    "\u{307}CĊEĖGĠIİZŻcċeėgġzż",
    "\u{308}AÄEËIÏOÖUÜYŸaäeëiïoöuüyÿЕЁІЇеёіїΙΪΥΫιϊυϋ",
    "\u{30a}AÅUŮaåuů",
    "\u{30b}OŐUŰoőuű",
    "\u{30c}CČDĎEĚLĽNŇRŘSŠTŤZŽcčdďeělľnňrřsštťzž",
    "\u{327}CÇGĢKĶLĻNŅRŖSŞTŢcçgģkķlļnņrŗsştţ",
    "\u{328}AĄEĘIĮUŲaąeęiįuų",
    "\u{3099}かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼうゔカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴ",
    "\u{309a}はぱひぴふぷへぺほぽハパヒピフプヘペホポ",
];

/// A text with every letter it knows taken apart into the letter and its marks.
fn decomposed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            _ if char.is_ascii() => out.push(char),
            '가'..='힣' => out.extend(syllable(char)),
            _ => match parts(char) {
                Some((letter, mark)) => out.extend([letter, mark]),
                None => out.push(char),
            },
        }
    }
    out
}

/// Whether a character joins the one before it: a mark, or a letter of a Korean syllable.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{1100}'..='\u{11ff}' | '\u{3099}' | '\u{309a}')
}

fn parts(marked: char) -> Option<(char, char)> {
    MARKED.iter().find_map(|row| {
        let mut chars = row.chars();
        let mark = chars.next()?;
        while let (Some(letter), Some(both)) = (chars.next(), chars.next()) {
            if both == marked {
                return Some((letter, mark));
            }
        }
        None
    })
}

/// Unicode lays out Korean syllables so that their letters can be counted out.
fn syllable(char: char) -> impl Iterator<Item = char> {
    let idx = u32::from(char) - 0xAC00;
    let last = Some(idx % 28).filter(|it| *it > 0).map(|it| 0x11A7 + it);
    let letters = [Some(0x1100 + idx / 588), Some(0x1161 + idx % 588 / 28), last];
    letters.into_iter().flatten().filter_map(char::from_u32)
}

/// A text with one plain space for each stretch of white space, and none at its ends.
fn visible(text: &str) -> String {
    let is_hidden = |it: &char| matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let shown: String = text.chars().filter(|it| !is_hidden(it)).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, expected: Option<Likeness>) {
        assert_eq!(likeness(a, b), expected, "{a} {b}");
        assert_eq!(likeness(b, a), expected, "{b} {a}");
    }

    #[test]
    fn names_that_look_alike_are_told_apart() {
        check("Ship order", "Ship Order", Some(Likeness::Case));
        check("Ship order", "Ship  order ", Some(Likeness::Spaces));
        check("Ship order", "Ship\u{a0}order", Some(Likeness::Spaces));
        check("Ship order", "Ship\u{200b} order", Some(Likeness::Spaces));
        check("Café", "Cafe\u{301}", Some(Likeness::Encoding));
        check("Über", "u\u{308}ber ", Some(Likeness::Case));
        check("Йод", "И\u{306}од", Some(Likeness::Encoding));
        check("ガス", "カ\u{3099}ス", Some(Likeness::Encoding));
        check("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", Some(Likeness::Encoding));
        check("Café", "Cafe", None);
        check("Café", "Cafa\u{301}", None);
        check("A", "A", None);
    }

    #[test]
    fn the_table_holds_pairs_of_a_letter_and_its_marked_form() {
        for row in MARKED {
            let mut seen: Vec<char> = row.chars().skip(1).collect();
            assert_eq!(seen.len() % 2, 0, "{row}");
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), row.chars().count() - 1, "a letter twice in {row}");
        }
    }
}
