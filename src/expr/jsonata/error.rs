//! What can be wrong with an expression or its evaluation: the codes of the reference
//! implementation, each with a sentence.
//!
//! `S…` codes are found while parsing, `T…` are wrong types, `D…` wrong data, `U…` used-up budgets.

use serde_json::Value;

/// Why an expression could not be parsed or evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonataError {
    /// The code of the reference implementation, such as `T2001`.
    pub code: &'static str,
    /// Where the reference implementation puts the error: UTF-16 units up to the end of the
    /// guilty token, or to the place where the text broke off.
    pub position: usize,
    /// The guilty bytes of the text: where they start …
    pub start: usize,
    /// … and how many they are.
    pub length: usize,
    /// One sentence without the code.
    pub message: String,
    /// The guilty operator, function or word.
    pub token: Option<String>,
    /// The guilty value.
    pub value: Option<Box<Value>>,
}

impl std::fmt::Display for JsonataError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

/// An error on its way up; the place is filled in by whoever knows it.
#[derive(Debug, Clone, Default)]
pub struct Fault {
    pub code: &'static str,
    /// Byte offset behind the guilty token.
    pub at: Option<usize>,
    /// Bytes to underline.
    pub span: Option<(usize, usize)>,
    pub token: Option<String>,
    pub value: Option<Value>,
    /// The other value of a comparison, or what was expected.
    pub other: Option<Value>,
    /// The number of the guilty argument, from one.
    pub index: usize,
    /// Replaces the sentence of the code.
    pub message: Option<String>,
}

impl Fault {
    pub fn new(code: &'static str) -> Box<Fault> {
        Box::new(Fault { code, ..Fault::default() })
    }

    pub fn at(mut self: Box<Self>, at: usize) -> Box<Fault> {
        self.at.get_or_insert(at);
        self
    }

    pub fn between(mut self: Box<Self>, start: usize, end: usize) -> Box<Fault> {
        self.span.get_or_insert((start, end));
        self
    }

    pub fn token(mut self: Box<Self>, token: impl Into<String>) -> Box<Fault> {
        self.token.get_or_insert(token.into());
        self
    }

    pub fn value(mut self: Box<Self>, value: impl Into<Value>) -> Box<Fault> {
        self.value = Some(value.into());
        self
    }

    pub fn other(mut self: Box<Self>, other: impl Into<Value>) -> Box<Fault> {
        self.other = Some(other.into());
        self
    }

    pub fn index(mut self: Box<Self>, index: usize) -> Box<Fault> {
        self.index = index;
        self
    }

    pub fn message(mut self: Box<Self>, message: impl Into<String>) -> Box<Fault> {
        self.message = Some(message.into());
        self
    }

    /// The error as callers see it, with places counted in the text.
    pub fn finish(self, text: &str) -> JsonataError {
        let message = self.sentence();
        let at = self.at.unwrap_or(text.len()).min(text.len());
        let (start, end) = self.span.unwrap_or((at, at));
        let start = start.min(text.len());
        JsonataError {
            code: self.code,
            position: text.get(..at).unwrap_or(text).encode_utf16().count(),
            start,
            length: end.min(text.len()).saturating_sub(start),
            message,
            token: self.token,
            value: self.value.map(Box::new),
        }
    }

    /// The sentence of the code, with what is known about the case.
    pub fn sentence(&self) -> String {
        if let Some(message) = &self.message {
            return message.clone();
        }
        let quoted = |it: &Option<String>| {
            it.as_ref().map_or(String::from("null"), |it| Value::from(it.as_str()).to_string())
        };
        let shown = |it: &Option<Value>| it.as_ref().map_or(String::from("nothing"), short_text);
        let (token, value, other) = (quoted(&self.token), shown(&self.value), shown(&self.other));
        let name = self.token.as_deref().unwrap_or("?");
        let index = self.index;
        match self.code {
            "S0101" => "String literal must be terminated by a matching quote".into(),
            "S0102" => format!("The number {name} is out of range"),
            "S0103" => format!("The escape sequence \\{name} is not supported"),
            "S0104" => "\\u must be followed by four hexadecimal digits".into(),
            "S0105" => "The name in backquotes has no closing backquote".into(),
            "S0106" => "The comment is never closed".into(),
            "S0201" => format!("Syntax error: {token}"),
            "S0202" => format!("Expected {value}, got {token}"),
            "S0203" => format!("Expected {value} before end of expression"),
            "S0204" => format!("Unknown operator: {token}"),
            "S0207" => "Unexpected end of expression".into(),
            "S0208" => format!("Parameter {index} of the function must be a variable, such as $x"),
            "S0209" => "A predicate cannot follow the grouping of a step".into(),
            "S0210" => "A step can be grouped only once".into(),
            "S0211" => format!("{token} needs something on its left"),
            "S0212" => "Only a variable, such as $x, can stand left of :=".into(),
            "S0213" => format!("The literal {value} cannot be a step of a path"),
            "S0214" => format!("Only a variable, such as $x, can stand right of {name}"),
            "S0215" => "A variable must be bound with @ before the predicates of the step".into(),
            "S0216" => "A variable must be bound with @ before the order-by of the step".into(),
            "S0217" => "The parent cannot be derived from this expression".into(),
            "S0301" => "A regular expression cannot be empty".into(),
            "S0302" => "The regular expression has no closing /".into(),
            "S0303" => "The regular expression is not valid".into(),
            "S0401" => "Only a function or an array can have a type parameter".into(),
            "S0402" => "A choice of types cannot contain parameterized types".into(),
            "T0410" => format!("Argument {index} of function {token} does not match function signature"),
            "T0411" => format!("The context value does not suit argument {index} of function {token}"),
            "T0412" => {
                format!("Argument {index} of function {token} must be an array of {}", bare(&self.other))
            }
            "T1003" => format!("A key of an object must be a string, but is {value}"),
            "T1005" => format!("Attempted to invoke a non-function. Did you mean ${name}?"),
            "T1006" => "Attempted to invoke a non-function".into(),
            "T1007" => format!("Attempted to partially apply a non-function. Did you mean ${name}?"),
            "T1008" => "Attempted to partially apply a non-function".into(),
            "T1010" => {
                "The matcher function does not return an object with match, start, end, groups and next"
                    .into()
            }
            "T2001" => format!("The left side of the {token} operator must evaluate to a number"),
            "T2002" => format!("The right side of the {token} operator must evaluate to a number"),
            "T2003" => "The left side of the range (..) must be an integer".into(),
            "T2004" => "The right side of the range (..) must be an integer".into(),
            "T2006" => "The right side of ~> must be a function".into(),
            "T2007" => format!("Order-by cannot compare {value} with {other}: they are of different types"),
            "T2008" => format!("Order-by needs numbers or strings, but got {value}"),
            "T2009" => format!(
                "The operator {token} cannot compare {value} with {other}: they are of different types"
            ),
            "T2010" => format!("The operator {token} compares numbers or strings only"),
            "T2011" => format!("The update of a transform must be an object, but is {value}"),
            "T2012" => format!("The deletions of a transform must be strings, but are {value}"),
            "T2013" => "$clone is not a function here, but the transform needs it".into(),
            "D1001" => format!("The number {value} is out of range"),
            "D1002" => format!("Only a number can be negated, but this is {value}"),
            "D1004" => "The regular expression matches an empty string".into(),
            "D1009" => format!("Two fields of the object have the same key {value}"),
            "D2014" => format!("A range may have at most 10,000,000 items, but this one has {value}"),
            "D3001" => "A number that is infinite or not a number has no text".into(),
            "D3010" => "The second argument of $replace cannot be an empty string".into(),
            "D3011" => "The fourth argument of $replace cannot be negative".into(),
            "D3012" => "The function given to $replace must return a string".into(),
            "D3020" => "The third argument of $split cannot be negative".into(),
            "D3030" => format!("{value} cannot be read as a number"),
            "D3040" => "The third argument of $match cannot be negative".into(),
            "D3050" => "The function given to $reduce must take at least two arguments".into(),
            "D3060" => format!("$sqrt cannot be applied to the negative number {value}"),
            "D3061" => format!("$power({value}, {other}) is not a number that JSON can hold"),
            "D3070" => "$sort without a comparator needs all strings or all numbers".into(),
            "D3100" => format!("The radix of $formatBase must be from 2 to 36, but is {value}"),
            "D3110" => format!("{value} is not an ISO 8601 timestamp"),
            "D3120" => format!("Syntax error in expression passed to function eval: {value}"),
            "D3121" => format!("Dynamic error evaluating the expression passed to function eval: {value}"),
            "D3137" | "D3141" => bare(&self.value),
            "D3138" => "$single found more than one match".into(),
            "D3139" => "$single found no match".into(),
            "D3140" => format!("Malformed URL passed to ${name}(): {value}"),
            "U1001" => {
                "The expression needs too many steps or nests too deep. Look for an endless recursion".into()
            }
            "U1002" => "The expression produces too much data".into(),
            "U1003" => "The value is nested too deep".into(),
            _ => picture_sentence(self.code, &value),
        }
    }
}

/// The sentences about number and date pictures.
fn picture_sentence(code: &str, value: &str) -> String {
    match code {
        "D3080" => "A number picture has at most two parts, divided by a semicolon".into(),
        "D3081" => "A number picture has more than one decimal separator".into(),
        "D3082" => "A number picture has more than one percent sign".into(),
        "D3083" => "A number picture has more than one per-mille sign".into(),
        "D3084" => "A number picture cannot have both a percent and a per-mille sign".into(),
        "D3085" => "A number picture needs at least one digit before the exponent".into(),
        "D3086" => "A number picture has other text between its digits".into(),
        "D3087" => "A grouping separator stands next to the decimal separator".into(),
        "D3088" => "A grouping separator stands at the end of the integer part".into(),
        "D3089" => "Two grouping separators stand side by side".into(),
        "D3090" => "The integer part has an optional digit after a mandatory one".into(),
        "D3091" => "The fractional part has a mandatory digit after an optional one".into(),
        "D3092" => "A picture with a percent or per-mille sign cannot have an exponent".into(),
        "D3093" => "The exponent of a number picture consists of digits only".into(),
        "D3130" => format!("Integers in the manner of {value} are not supported"),
        "D3131" => "All digits of a picture must be of the same script".into(),
        "D3132" => format!("{value} is not a component of a date picture"),
        "D3133" => format!("Only months and days have names, not {value}"),
        "D3134" => "The timezone of a date picture has at most four digits".into(),
        "D3135" => "A component of the date picture has no closing bracket".into(),
        "D3136" => "The date picture does not say enough to read the timestamp".into(),
        other => format!("The expression fails with {other}"),
    }
}

/// The JSON text of a value, cut when it is long.
fn short_text(value: &Value) -> String {
    const MOST: usize = 200;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// A text without quotes.
fn bare(value: &Option<Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
