//! Filters, the part of a path between `[?(` and `)]`: comparisons, existence, `&&`, `||`, `!`,
//! `in`, `nin` and `=~`. The other Jayway operators are refused by name.

use serde_json::Value;

use crate::expr::path::syntax::{
    Cursor, PathError, Root, Segment, Selector, parse_from_root, parse_quoted, parse_segments,
};
use crate::json;

/// A condition on one item, `@`.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
    /// A path alone: it selects something.
    Exists(Operand),
    Compare(Operand, Comparison, Operand),
    In(Operand, Operand),
    /// `=~ /…/`: the whole text matches.
    Matches(Operand, String),
}

impl Filter {
    /// Every operand, in reading order. Recurses as deep as filters nest, which the parser bounds.
    pub fn operands(&self) -> Vec<&Operand> {
        match self {
            Filter::Any(filters) | Filter::All(filters) => {
                filters.iter().flat_map(Filter::operands).collect()
            }
            Filter::Not(inner) => inner.operands(),
            Filter::Exists(operand) | Filter::Matches(operand, _) => vec![operand],
            Filter::Compare(left, _, right) | Filter::In(left, right) => vec![left, right],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// `@…`
    Item(Vec<Segment>),
    /// `$…`, `$$…`, `$name…`
    Data(Root, Vec<Segment>),
    /// A literal; unquoted words are strings.
    Literal(Value),
}

/// Conditions inside parentheses inside conditions: more than this is no longer a path.
const MAX_NESTING: usize = 20;

const COMPARISONS: &[(&str, Comparison)] = &[
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// Reads `(…)` after `[?`.
pub fn parse_filter(cursor: &mut Cursor) -> Result<Filter, PathError> {
    if MAX_NESTING < cursor.depth {
        return Err(cursor.error("The filter is nested too deeply"));
    }
    cursor.depth += 1;
    let filter = parse_parentheses(cursor);
    cursor.depth -= 1;
    filter
}

fn parse_parentheses(cursor: &mut Cursor) -> Result<Filter, PathError> {
    cursor.skip_space();
    if !cursor.eat('(') {
        return Err(cursor.error("A filter is written [?(…)]"));
    }
    let mut any = Vec::new();
    loop {
        let mut all = vec![parse_condition(cursor)?];
        while eat_operator(cursor, "&&") {
            all.push(parse_condition(cursor)?);
        }
        any.push(match (all.len(), all.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                all.extend(last);
                Filter::All(all)
            }
        });
        if !eat_operator(cursor, "||") {
            break;
        }
    }
    cursor.skip_space();
    if !cursor.eat(')') {
        return Err(cursor.error("Expected an operator or “)” in the filter"));
    }
    Ok(match (any.len(), any.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            any.extend(last);
            Filter::Any(any)
        }
    })
}

fn eat_operator(cursor: &mut Cursor, operator: &str) -> bool {
    cursor.skip_space();
    cursor.eat_text(operator)
}

fn parse_condition(cursor: &mut Cursor) -> Result<Filter, PathError> {
    cursor.skip_space();
    let mut negated = false;
    while cursor.peek() == Some('!') {
        cursor.eat('!');
        cursor.skip_space();
        negated = !negated;
    }
    let condition = match cursor.peek() {
        Some('(') => parse_filter(cursor)?,
        _ => parse_comparison(cursor)?,
    };
    Ok(if negated { Filter::Not(Box::new(condition)) } else { condition })
}

fn parse_comparison(cursor: &mut Cursor) -> Result<Filter, PathError> {
    let start = cursor.at;
    let left = parse_operand(cursor)?;
    cursor.skip_space();
    if cursor.eat_text("=~") {
        cursor.skip_space();
        return Ok(Filter::Matches(left, parse_pattern(cursor)?));
    }
    for (spelling, comparison) in COMPARISONS {
        if cursor.eat_text(spelling) {
            let right = parse_operand(cursor)?;
            for operand in [&left, &right] {
                if matches!(operand, Operand::Item(segments) if !segments.iter().all(is_single)) {
                    return Err(PathError {
                        message: "A comparison needs a path to one value".to_string(),
                        start,
                        end: cursor.at,
                    });
                }
            }
            return Ok(Filter::Compare(left, *comparison, right));
        }
    }
    let operator_start = cursor.at;
    match cursor.take_while(char::is_alphabetic) {
        "" if matches!(left, Operand::Literal(_)) => {
            Err(cursor.error("Expected a comparison such as == after the value"))
        }
        "" => Ok(Filter::Exists(left)),
        "in" => Ok(Filter::In(left, parse_operand(cursor)?)),
        "nin" => Ok(Filter::Not(Box::new(Filter::In(left, parse_operand(cursor)?)))),
        other => Err(PathError {
            message: format!("The filter operator “{other}” is not supported"),
            start: operator_start,
            end: cursor.at,
        }),
    }
}

fn is_single(segment: &Segment) -> bool {
    !segment.descendant && matches!(segment.selector, Selector::Name(_) | Selector::Index(_))
}

fn parse_operand(cursor: &mut Cursor) -> Result<Operand, PathError> {
    cursor.skip_space();
    match cursor.peek() {
        Some('@') => {
            cursor.eat('@');
            Ok(Operand::Item(parse_segments(cursor, ends_path)?))
        }
        Some('$') => {
            let (root, segments) = parse_from_root(cursor, ends_path)?;
            Ok(Operand::Data(root, segments))
        }
        Some('[') => parse_list(cursor),
        Some('\'' | '"') => Ok(Operand::Literal(Value::String(parse_quoted(cursor)?))),
        _ => parse_word(cursor).map(Operand::Literal),
    }
}

fn ends_path(c: char) -> bool {
    c.is_whitespace() || matches!(c, '=' | '!' | '<' | '>' | '&' | '|' | ')' | ']' | ',')
}

fn parse_list(cursor: &mut Cursor) -> Result<Operand, PathError> {
    cursor.eat('[');
    let mut items = Vec::new();
    cursor.skip_space();
    while !cursor.eat(']') {
        if !items.is_empty() && !cursor.eat(',') {
            return Err(cursor.error("Expected “,” or “]” in the list"));
        }
        cursor.skip_space();
        items.push(match cursor.peek() {
            Some('\'' | '"') => Value::String(parse_quoted(cursor)?),
            _ => parse_word(cursor)?,
        });
        cursor.skip_space();
    }
    Ok(Operand::Literal(Value::Array(items)))
}

/// A number, `true`, `false`, `null` or an unquoted word.
fn parse_word(cursor: &mut Cursor) -> Result<Value, PathError> {
    let word = cursor.take_while(|c| !ends_path(c) && !matches!(c, '(' | '\'' | '"' | '/'));
    match word {
        "" => Err(cursor.error("Expected a value or a path in the filter")),
        "true" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        "null" => Ok(Value::Null),
        word => Ok(json::number(word).map_or_else(|| Value::from(word), Value::Number)),
    }
}

fn parse_pattern(cursor: &mut Cursor) -> Result<String, PathError> {
    let start = cursor.at;
    if !cursor.eat('/') {
        return Err(cursor.error("A pattern is written between slashes, as in =~ /a.*/"));
    }
    let mut pattern = String::new();
    loop {
        match cursor.bump() {
            Some('/') => break,
            Some('\\') if cursor.peek() == Some('/') => pattern.extend(cursor.bump()),
            Some('\\') => {
                pattern.push('\\');
                pattern.extend(cursor.bump());
            }
            Some(c) => pattern.push(c),
            None => {
                let (message, end) = ("The pattern has no closing “/”".to_string(), cursor.at);
                return Err(PathError { message, start, end });
            }
        }
    }
    if pattern.contains("(?=") || pattern.contains("(?!") || pattern.contains("(?<") {
        let message = "Patterns that look around are not supported in filters".to_string();
        return Err(PathError { message, start, end: cursor.at });
    }
    match cursor.take_while(char::is_alphabetic) {
        "" => Ok(pattern),
        "i" => Ok(format!("(?i){pattern}")),
        other => {
            let message = format!("The pattern flag “{other}” is not supported");
            Err(PathError { message, start, end: cursor.at })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::expr::path::syntax::parse_path;

    fn check_fault(text: &str, expected: &str) {
        let error = parse_path(text).expect_err(text);
        assert_eq!(format!("{}..{} {}", error.start, error.end, error.message), expected, "{text}");
    }

    #[test]
    fn faults_have_places() {
        check_fault("$[?@.a]", "3..4 A filter is written [?(…)]");
        check_fault("$[?(@.a", "7..7 Expected an operator or “)” in the filter");
        check_fault("$[?(1)]", "5..6 Expected a comparison such as == after the value");
        check_fault("$[?(@.a size 3)]", "8..12 The filter operator “size” is not supported");
        check_fault("$[?(@.* == 3)]", "4..12 A comparison needs a path to one value");
        check_fault("$[?(@.a =~ 'x')]", "11..12 A pattern is written between slashes, as in =~ /a.*/");
        check_fault("$[?(@.a =~ /(?=x)/)]", "11..18 Patterns that look around are not supported in filters");
        check_fault("$[?(@.a == )]", "11..12 Expected a value or a path in the filter");
    }

    #[test]
    fn deep_filters_are_refused() {
        let text = format!("$[?{}@.a{}]", "(".repeat(3_000), ")".repeat(3_000));
        assert_eq!(parse_path(&text).expect_err("too deep").message, "The filter is nested too deeply");
        let text = format!("$[?(@{})]", "[?(@".repeat(3_000));
        assert!(parse_path(&text).is_err());
    }
}
