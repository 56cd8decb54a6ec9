//! YAML as JSON text. One document, mappings with texts as keys, the core schema for plain
//! scalars. A key that occurs twice is an error. The short forms of CloudFormation become the
//! substitutions that a definition may hold: `!Ref A` is `${A}`, `!GetAtt A.Arn` is `${A.Arn}`,
//! `!Sub` is its text. Built from the parser's events with an explicit stack, so that no nesting
//! can overflow the call stack.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use crate::json::quote;

/// What is wrong, and where; lines and columns from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct YamlFault {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Where parts of the JSON text stand in the YAML, in the order of the JSON text.
#[derive(Debug, Default)]
pub struct Places(Vec<(usize, usize, usize)>);

impl Places {
    /// Line and column from 1 of what begins at this offset of the JSON text, or of what is around
    /// it.
    pub fn of(&self, offset: usize) -> (usize, usize) {
        let idx = self.0.partition_point(|(start, ..)| *start <= offset);
        let place = idx.checked_sub(1).and_then(|it| self.0.get(it));
        place.map_or((1, 1), |(_, line, column)| (*line, *column))
    }
}

/// More JSON than this is not made, whatever aliases ask for.
const MAX_JSON_BYTES: usize = 16_000_000;
/// Deeper nesting is refused; the JSON reader refuses it, too.
const MAX_NESTING: usize = 1_000;

/// A collection that is being read.
struct Open {
    is_mapping: bool,
    n_parts: usize,
    keys: BTreeSet<String>,
    /// A key was read and its value is next.
    awaits_value: bool,
    /// `!Ref` and its like before a collection.
    short_form: Option<String>,
    /// The anchor that it defines, and where its JSON starts.
    anchor: usize,
    start: usize,
    /// How many places were known when it started.
    n_places: usize,
}

/// The JSON text of a YAML text; nothing if the text holds no mapping.
pub fn json_of(text: &str) -> Result<Option<(String, Places)>, YamlFault> {
    let mut writer = Writer::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| fault(error.marker(), error.info()))?;
        match event {
            Event::DocumentStart(_) if writer.is_done => {
                return Err(fault(&span.start, "There is more than one document"));
            }
            Event::Scalar(value, style, anchor, tag) => {
                writer.scalar(&value, style, anchor, tag.as_deref(), &span.start)?;
            }
            Event::SequenceStart(anchor, tag) => writer.open(false, anchor, tag.as_deref(), &span.start)?,
            Event::MappingStart(anchor, tag) => writer.open(true, anchor, tag.as_deref(), &span.start)?,
            Event::SequenceEnd | Event::MappingEnd => writer.close()?,
            Event::Alias(anchor) => writer.alias(anchor, &span.start)?,
            _ => {}
        }
    }
    Ok(writer.holds_mapping.then_some((writer.json, writer.places)))
}

#[derive(Default)]
struct Writer {
    json: String,
    places: Places,
    open: Vec<Open>,
    /// The JSON of everything that has an anchor.
    anchors: BTreeMap<usize, String>,
    holds_mapping: bool,
    is_done: bool,
}

impl Writer {
    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        at: &Marker,
    ) -> Result<(), YamlFault> {
        if self.expects_key() {
            return self.key(value, at);
        }
        let json = match short_form(tag).as_deref() {
            Some("Ref" | "GetAtt" | "ImportValue") => quote(&format!("${{{value}}}")),
            Some("Sub") => quote(value),
            _ => plain(value, style, tag),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, json.clone());
        }
        self.value(&json, at)
    }

    fn key(&mut self, key: &str, at: &Marker) -> Result<(), YamlFault> {
        let is_new = self.open.last_mut().is_some_and(|it| {
            it.awaits_value = true;
            it.keys.insert(key.to_string())
        });
        if !is_new {
            return Err(fault(at, &format!("The key “{key}” occurs twice")));
        }
        self.separate();
        self.note(at);
        self.json.push_str(&quote(key));
        self.json.push(':');
        Ok(())
    }

    fn value(&mut self, json: &str, at: &Marker) -> Result<(), YamlFault> {
        if MAX_JSON_BYTES < self.json.len() + json.len() {
            return Err(fault(at, "The text is too large, perhaps by its aliases"));
        }
        self.begin_value();
        self.note(at);
        self.json.push_str(json);
        self.end_value();
        Ok(())
    }

    fn open(
        &mut self,
        is_mapping: bool,
        anchor: usize,
        tag: Option<&Tag>,
        at: &Marker,
    ) -> Result<(), YamlFault> {
        if self.expects_key() {
            return Err(fault(at, "A key must be a text"));
        }
        if MAX_NESTING <= self.open.len() {
            return Err(fault(at, &format!("The text is nested deeper than {MAX_NESTING} levels")));
        }
        if self.open.is_empty() {
            self.holds_mapping = is_mapping;
        }
        self.begin_value();
        let n_places = self.places.0.len();
        self.note(at);
        self.open.push(Open {
            is_mapping,
            n_parts: 0,
            keys: BTreeSet::new(),
            awaits_value: false,
            short_form: short_form(tag),
            anchor,
            start: self.json.len(),
            n_places,
        });
        self.json.push(if is_mapping { '{' } else { '[' });
        Ok(())
    }

    fn close(&mut self) -> Result<(), YamlFault> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        self.json.push(if open.is_mapping { '}' } else { ']' });
        if let Some(short_form) = &open.short_form
            && let Some(text) = self.json.get(open.start..).and_then(|it| text_of_short_form(short_form, it))
        {
            self.json.truncate(open.start);
            self.places.0.truncate(open.n_places + 1);
            self.json.push_str(&quote(&text));
        }
        if open.anchor != 0 {
            let json = self.json.get(open.start..).unwrap_or_default().to_string();
            self.anchors.insert(open.anchor, json);
        }
        self.end_value();
        Ok(())
    }

    fn alias(&mut self, anchor: usize, at: &Marker) -> Result<(), YamlFault> {
        if self.expects_key() {
            return Err(fault(at, "A key must be a text"));
        }
        match self.anchors.get(&anchor).cloned() {
            Some(json) => self.value(&json, at),
            None => Err(fault(at, "The alias stands inside of what it refers to")),
        }
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|it| it.is_mapping && !it.awaits_value)
    }

    fn begin_value(&mut self) {
        if self.open.last().is_some_and(|it| !it.is_mapping) {
            self.separate();
        }
    }

    fn end_value(&mut self) {
        match self.open.last_mut() {
            Some(open) => open.awaits_value = false,
            None => self.is_done = true,
        }
    }

    fn separate(&mut self) {
        if let Some(open) = self.open.last_mut() {
            if 0 < open.n_parts {
                self.json.push(',');
            }
            open.n_parts += 1;
        }
    }

    fn note(&mut self, at: &Marker) {
        self.places.0.push((self.json.len(), at.line(), at.col() + 1));
    }
}

/// `Ref` for `!Ref`: a tag of CloudFormation.
fn short_form(tag: Option<&Tag>) -> Option<String> {
    tag.filter(|it| it.handle == "!" && !it.suffix.is_empty()).map(|it| it.suffix.clone())
}

/// `!GetAtt [A, Arn]` and `!Sub [text, {…}]` as a text with substitutions.
fn text_of_short_form(name: &str, json: &str) -> Option<String> {
    let parts: Vec<serde_json::Value> = serde_json::from_str(json).ok()?;
    let first = parts.first()?.as_str()?;
    match name {
        "Sub" => Some(first.to_string()),
        "GetAtt" => {
            let parts: Option<Vec<&str>> = parts.iter().map(|it| it.as_str()).collect();
            Some(format!("${{{}}}", parts?.join(".")))
        }
        _ => None,
    }
}

/// A scalar by the rules of YAML's core schema.
fn plain(value: &str, style: ScalarStyle, tag: Option<&Tag>) -> String {
    let kind = tag.filter(|it| it.is_yaml_core_schema()).map(|it| it.suffix.as_str());
    if style != ScalarStyle::Plain || kind == Some("str") {
        return quote(value);
    }
    match value {
        "" | "~" | "null" | "Null" | "NULL" => "null".to_string(),
        "true" | "True" | "TRUE" => "true".to_string(),
        "false" | "False" | "FALSE" => "false".to_string(),
        _ => number(value).map_or_else(|| quote(value), Cow::into_owned),
    }
}

/// The JSON spelling of a plain scalar that is a number.
fn number(value: &str) -> Option<Cow<'_, str>> {
    if crate::json::is_number(value) {
        return Some(Cow::Borrowed(value));
    }
    let radix =
        |digits: &str, radix| i64::from_str_radix(digits, radix).ok().map(|it| Cow::Owned(it.to_string()));
    if let Some(digits) = value.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = value.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = value.strip_prefix(['-', '+']).unwrap_or(value);
    let is_decimal = unsigned.starts_with(|it: char| it.is_ascii_digit() || it == '.')
        && unsigned.contains(|it: char| it.is_ascii_digit())
        && unsigned.chars().all(|it| it.is_ascii_digit() || matches!(it, '.' | 'e' | 'E' | '+' | '-'));
    if !is_decimal {
        return None;
    }
    if let Ok(whole) = value.parse::<i64>() {
        return Some(Cow::Owned(whole.to_string()));
    }
    let number: f64 = value.parse().ok()?;
    number.is_finite().then(|| Cow::Owned(serde_json::Value::from(number).to_string()))
}

fn fault(at: &Marker, message: &str) -> YamlFault {
    YamlFault { line: at.line(), column: at.col() + 1, message: message.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(yaml: &str, expected: Value) {
        let (text, _) = json_of(yaml).expect("readable").expect("a mapping");
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|it| panic!("{it}: {text}"));
        assert_eq!(value, expected);
    }

    #[track_caller]
    fn check_fault(yaml: &str, line: usize, column: usize, message: &str) {
        let fault = json_of(yaml).expect_err("a fault");
        assert_eq!((fault.line, fault.column), (line, column), "{}", fault.message);
        assert!(fault.message.contains(message), "{}", fault.message);
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        check(
            "a: 1\nb: -0.50\nc: yes\nd: true\ne: ~\nf: '1'\ng: 0x1F\nh: +7\ni: .5\nj: 2024-01-01\nk:\nl: 1.\n",
            json!({"a": 1, "b": -0.5, "c": "yes", "d": true, "e": null, "f": "1", "g": 31, "h": 7, "i": 0.5,
                "j": "2024-01-01", "k": null, "l": 1.0}),
        );
    }

    #[test]
    fn collections_nest_and_anchors_repeat() {
        check(
            "x: &x {a: [1, {b: c}]}\ny: *x\nz:\n  - - 1\n  - |\n    two\n    lines\n",
            json!({"x": {"a": [1, {"b": "c"}]}, "y": {"a": [1, {"b": "c"}]}, "z": [[1], "two\nlines\n"]}),
        );
    }

    #[test]
    fn short_forms_of_cloudformation_become_substitutions() {
        check(
            "a: !Ref Queue\nb: !GetAtt Fn.Arn\nc: !Sub 'x-${Y}'\nd: !GetAtt [Fn, Arn]\ne: !Sub ['${A}', {A: b}]\nf: !If [c, 1, 2]\n",
            json!({"a": "${Queue}", "b": "${Fn.Arn}", "c": "x-${Y}", "d": "${Fn.Arn}", "e": "${A}", "f": ["c", 1, 2]}),
        );
    }

    #[test]
    fn faults_have_a_place() {
        check_fault("a: 1\nb: 2\na: 3\n", 3, 1, "“a” occurs twice");
        check_fault("a:\n  [1]: 2\n", 2, 3, "A key must be a text");
        check_fault("a: 1\n---\nb: 1\n", 2, 1, "more than one document");
        check_fault("a: [1\nb: 2\n", 2, 2, "illegal placement");
        check_fault("a: &a [*a]\n", 1, 8, "inside of what it refers to");
    }

    #[test]
    fn places_lead_back_to_the_yaml() {
        let (text, places) =
            json_of("StartAt: A\nStates:\n  A:\n    Type: Pass\n").expect("readable").expect("a mapping");
        let of = |part: &str| places.of(text.find(part).expect("there"));
        assert_eq!(of("\"StartAt\""), (1, 1));
        assert_eq!(of("\"A\":"), (3, 3));
        assert_eq!(of("\"Pass\""), (4, 11));
    }

    #[test]
    fn deep_and_exploding_texts_are_refused() {
        let deep = format!("a: {}", "[".repeat(3_000));
        assert!(json_of(&deep).is_err());
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_string();
        for n in 1..12 {
            let refs = vec![format!("*a{}", n - 1); 10].join(", ");
            bomb.push_str(&format!("a{n}: &a{n} [{refs}]\n"));
        }
        assert!(json_of(&bomb).is_err_and(|it| it.message.contains("too large")));
    }

    #[test]
    fn whatever_the_text_what_comes_out_is_json() {
        let sample = "a: &x {b: [1, !Ref c]}\nd: *x\n? e\n: |\n  f\n'g': !Sub [h, {i: ~}]\nj: \"\\u00e9\"\n";
        let signs =
            ['{', '}', '[', ']', ':', '-', '*', '&', '!', '\n', '\t', '"', '\'', '#', '%', '|', '\u{0}', 'é'];
        let mut n_read = 0;
        for (at, _) in sample.char_indices() {
            let (head, tail) = sample.split_at(at);
            let rest = tail.get(1..).unwrap_or_default();
            let texts =
                signs.iter().flat_map(|it| [format!("{head}{it}{tail}"), format!("{head}{it}{rest}")]);
            for text in texts.chain([head.to_string(), tail.to_string()]) {
                if let Ok(Some((json, places))) = json_of(&text) {
                    n_read += 1;
                    let value = serde_json::from_str::<Value>(&json);
                    assert!(value.is_ok_and(|it| it.is_object()), "{text:?} became {json}");
                    assert!(places.0.is_sorted_by_key(|it| it.0), "{text:?}");
                }
            }
        }
        assert!(500 < n_read, "{n_read} texts were read");
    }
}
