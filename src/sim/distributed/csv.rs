//! CSV as AWS reads it: every field is a string; missing fields are empty, further ones are
//! dropped; quotes and backslashes as its documentation says; the members of a row in the order
//! of the hash table that AWS keeps them in.

use crate::text::Arrange;
use serde_json::{Map, Value};

/// The character that `CSVDelimiter` names.
pub(super) fn delimiter(name: Option<&str>) -> char {
    match name {
        Some("PIPE") => '|',
        Some("SEMICOLON") => ';',
        Some("SPACE") => ' ',
        Some("TAB") => '\t',
        _ => ',',
    }
}

/// The rows as objects. Without `headers` the first record names the columns.
pub(super) fn rows(
    text: &str,
    delimiter: char,
    headers: Option<&Vec<String>>,
) -> Result<Vec<Value>, &'static str> {
    let mut records = Records { chars: text.trim_start_matches('\u{feff}').chars().peekable(), delimiter };
    let headers = match headers {
        Some(headers) => headers.clone(),
        None => records.next().unwrap_or_default(),
    };
    let mut sorted: Vec<&String> = headers.iter().collect();
    sorted.arrange();
    if sorted.windows(2).any(|it| it.first() == it.last()) {
        return Err("CSV headers cannot contain duplicates.");
    }
    let order = hashed_order(&headers);
    let rows = records.map(|mut record| {
        record.resize(headers.len(), String::new());
        let members = order.iter().filter_map(|idx| {
            let value = std::mem::take(record.get_mut(*idx)?);
            Some((headers.get(*idx)?.clone(), Value::from(value)))
        });
        Value::Object(members.collect::<Map<String, Value>>())
    });
    Ok(rows.collect())
}

/// The order in which Java's `HashMap` gives these names back, which AWS was recorded passing on.
fn hashed_order(names: &[String]) -> Vec<usize> {
    let mut n_buckets: u32 = 16;
    while u64::from(n_buckets) * 3 < names.len() as u64 * 4 {
        n_buckets = n_buckets.saturating_mul(2);
    }
    let bucket = |name: &str| {
        let hash = name.encode_utf16().fold(0_u32, |it, unit| it.wrapping_mul(31).wrapping_add(unit.into()));
        (hash ^ (hash >> 16)) & (n_buckets - 1)
    };
    let mut order: Vec<usize> = (0..names.len()).collect();
    // Stable: names of one bucket stay in the order in which they came.
    order.arrange_by_key(|idx| names.get(*idx).map(|it| bucket(it)));
    order
}

/// Reads record by record; an empty line is none.
struct Records<'t> {
    chars: std::iter::Peekable<std::str::Chars<'t>>,
    delimiter: char,
}

impl Iterator for Records<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        while self.chars.next_if(|it| matches!(it, '\r' | '\n')).is_some() {}
        self.chars.peek()?;
        let mut record = Vec::new();
        loop {
            let (field, goes_on) = self.field();
            record.push(field);
            if !goes_on {
                return Some(record);
            }
        }
    }
}

impl Records<'_> {
    /// The next field, and whether another one follows in the record.
    fn field(&mut self) -> (String, bool) {
        let mut field = String::new();
        let mut is_quoted = self.chars.next_if_eq(&'"').is_some();
        // Two quotes at once are a quote that stands in a field without quotes, or an empty field.
        if is_quoted && self.chars.next_if_eq(&'"').is_some() {
            is_quoted = false;
            match self.chars.peek() {
                None | Some('\r' | '\n') => {}
                Some(it) if *it == self.delimiter => {}
                Some(_) => field.push('"'),
            }
        }
        while let Some(char) = self.chars.next() {
            match char {
                '"' if self.chars.next_if_eq(&'"').is_some() => field.push('"'),
                '"' if is_quoted => is_quoted = false,
                // A backslash only works with these and is dropped before anything else.
                '\\' => {
                    let delimiter = self.delimiter;
                    if let Some(escaped) =
                        self.chars.next_if(|it| matches!(it, '\\' | '"') || *it == delimiter)
                    {
                        field.push(escaped);
                    }
                }
                '\r' if !is_quoted && self.chars.peek() == Some(&'\n') => {}
                '\n' if !is_quoted => return (field, false),
                it if it == self.delimiter && !is_quoted => return (field, true),
                it => field.push(it),
            }
        }
        (field, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(text: &str, expected: Value) {
        assert_eq!(rows(text, ',', None).map(Value::Array), Ok(expected), "{text:?}");
    }

    #[test]
    fn rows_are_as_long_as_the_headers() {
        check(
            "a,b\n1,2\n3\n4,5,6\n,,,\n",
            json!([
            {"a": "1", "b": "2"}, {"a": "3", "b": ""}, {"a": "4", "b": "5"}, {"a": "", "b": ""}]),
        );
        check("a\r\n1\r\n2", json!([{"a": "1"}, {"a": "2"}]));
        check("\u{feff}a,b\n\n  \n", json!([{"a": "  ", "b": ""}]));
        check("a,\n1,2,3\n", json!([{"a": "1", "": "2"}]));
        check("", json!([]));
        check("a,b", json!([]));
    }

    #[test]
    fn quotes_hold_delimiters_and_line_ends() {
        check("a,b\n\"1,\n2\",3\n", json!([{"a": "1,\n2", "b": "3"}]));
        check("a,b\n\"say \"\"hi\"\"\",\"\"\n", json!([{"a": "say \"hi\"", "b": ""}]));
        check("a\n{\"\"k\"\":\"\"v\"\"}\n", json!([{"a": "{\"k\":\"v\"}"}]));
        check("a\n\"\"k\"\"\n", json!([{"a": "\"k\""}]));
        check("a\n'1'\n", json!([{"a": "'1'"}]));
        check("a,b\n\"open,2\n", json!([{"a": "open,2\n", "b": ""}]));
    }

    #[test]
    fn a_backslash_escapes_some_characters_and_vanishes_before_others() {
        check("a,b\nC:\\\\x\\,y,\\z\n", json!([{"a": "C:\\x,y", "b": "z"}]));
        check("a\nsay \\\"hi\\\"\n", json!([{"a": "say \"hi\""}]));
    }

    #[test]
    fn headers_can_be_given_and_must_differ() {
        let given = vec!["x".to_string(), "y".to_string()];
        assert_eq!(rows("1|2\n", '|', Some(&given)), Ok(vec![json!({"x": "1", "y": "2"})]));
        let twice = Err("CSV headers cannot contain duplicates.");
        assert_eq!(rows("1,2\n", ',', Some(&vec!["x".to_string(), "x".to_string()])), twice);
        assert_eq!(rows("x,y,x\n1,2,3\n", ',', None), twice);
    }

    #[test]
    fn members_come_in_the_order_of_a_hash_table() {
        let order = |text: &str| {
            let names: Vec<String> = text.split(',').map(str::to_string).collect();
            hashed_order(&names)
                .into_iter()
                .filter_map(|it| names.get(it).cloned())
                .collect::<Vec<_>>()
                .join(",")
        };
        // Worked out by hand: "c" is 99, "b" 98, "a" 97; "q" is 113 and shares the bucket of "a".
        assert_eq!(order("c,b,q,a"), "q,a,b,c");
        assert_eq!(order("z,H1,"), ",H1,z");
    }

    #[test]
    fn delimiters_have_names() {
        let names = [None, Some("COMMA"), Some("PIPE"), Some("SEMICOLON"), Some("SPACE"), Some("TAB")];
        assert_eq!(names.map(delimiter), [',', ',', '|', ';', ' ', '\t']);
    }
}
