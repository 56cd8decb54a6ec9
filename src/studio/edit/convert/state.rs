//! The fields of one state in JSONata. Knows no text: what changes is a list.

use serde_json::{Map, Value, json};

use crate::asl::StateKind;
use crate::expr::convert::{
    Code, Place, Why, jsonata_of_expression, jsonata_of_path, jsonata_of_template, payload_of_literal,
    payload_of_template, quoted, step,
};
use crate::expr::path::{Segment, Selector};
use crate::expr::payload::expression_of;
use crate::expr::{Expression, Path, Root};
use crate::studio::edit::convert::Stays;
use crate::studio::edit::convert::choice::rule;

/// One change of a member of the state.
pub(super) enum Change {
    Rename(String, &'static str),
    Set(String, Value),
    Remove(String),
}

/// Data on its way out of the state.
#[derive(Clone)]
enum Data {
    /// An expression.
    Code(Code),
    /// A payload template and what `$` is in it; none where it is taken as it is.
    Template(Value, Option<Place>),
}

type Members = Map<String, Value>;

pub(super) const INPUT: &str = "$states.input";
const RESULT: &str = "$states.result";

/// What to change so that the state, which has these members, is in JSONata.
pub(super) fn changes(kind: &StateKind, members: &Members) -> Result<Vec<Change>, Stays> {
    let mut state = Draft { members, changes: Vec::new() };
    let input = state.select("InputPath", &Data::Code(raw()), None)?;
    let place = Place { input: code(&input, "InputPath")? };
    match kind {
        StateKind::Task { .. } | StateKind::Parallel { .. } => {
            state.arguments("Parameters", "Arguments", &place, &input)?;
            state.paths(&["TimeoutSeconds", "HeartbeatSeconds"], &place)?;
            state.payload("Credentials", &place)?;
            state.leave_with_result()?;
        }
        StateKind::Map { .. } => {
            state.map(&place, &input)?;
            state.leave_with_result()?;
        }
        StateKind::Pass => {
            let result = match (members.get("Result"), members.get("Parameters")) {
                (Some(result), _) => Data::Template(result.clone(), None),
                (None, Some(template)) => Data::Template(template.clone(), Some(place)),
                (None, None) => input,
            };
            let out = state.result_path(members.get("ResultPath"), "ResultPath", &result)?;
            let out = state.select("OutputPath", &out.0, out.1.as_ref())?;
            state.assign(&Place { input: code(&result, "Assign")? })?;
            for field in ["Result", "Parameters"] {
                state.drop(field);
            }
            state.output(&out, INPUT)?;
        }
        StateKind::Wait => {
            state.paths(&["Seconds", "Timestamp"], &place)?;
            let out = state.select("OutputPath", &input, None)?;
            state.assign(&place)?;
            state.output(&out, INPUT)?;
        }
        StateKind::Succeed => {
            let out = state.select("OutputPath", &input, None)?;
            state.output(&out, INPUT)?;
        }
        StateKind::Choice { .. } => {
            let out = state.select("OutputPath", &input, None)?;
            let output = output_of(&out, INPUT)?;
            let rules = members.get("Choices").and_then(Value::as_array).cloned().unwrap_or_default();
            let rules: Result<Vec<Value>, Stays> =
                rules.iter().map(|it| rule(it, &place, output.as_ref())).collect();
            state.set("Choices", Value::Array(rules?));
            state.assign(&place)?;
            state.output(&out, INPUT)?;
        }
        StateKind::Fail => {
            for field in ["Error", "Cause"] {
                state.text(field)?;
            }
        }
        StateKind::Unknown { .. } => {}
    }
    state.catch()?;
    for field in ["InputPath", "OutputPath", "ResultPath", "ResultSelector"] {
        state.drop(field);
    }
    Ok(state.changes)
}

struct Draft<'m> {
    members: &'m Members,
    changes: Vec<Change>,
}

impl Draft<'_> {
    fn set(&mut self, field: &str, value: Value) {
        self.changes.push(Change::Set(field.to_string(), value));
    }

    fn drop(&mut self, field: &str) {
        let known = self.changes.iter().any(|it| matches!(it, Change::Rename(old, _) if old == field));
        if self.members.contains_key(field) && !known {
            self.changes.push(Change::Remove(field.to_string()));
        }
    }

    /// `InputPath` or `OutputPath` on some data. `put` is where the data was put last and what.
    fn select(&self, field: &str, data: &Data, put: Option<&(Path, Data)>) -> Result<Data, Stays> {
        let path = match self.members.get(field) {
            None => return Ok(data.clone()),
            // ASL: a null InputPath or OutputPath stands for an empty object.
            Some(Value::Null) => return Ok(Data::Template(json!({}), None)),
            Some(written) => path_of(field, written)?,
        };
        if *path.root() == Root::Input && path.segments().is_empty() {
            return Ok(data.clone());
        }
        // What was just put there need not be looked for.
        if let Some((place, result)) = put
            && path.root() == place.root()
            && names(&path) == names(place)
        {
            return Ok(result.clone());
        }
        let place = Place { input: code(data, field)? };
        jsonata_of_path(&path, &place).map(Data::Code).map_err(|it| stays(field, it))
    }

    /// `ResultPath`: the output, and what was put where.
    fn result_path(
        &self,
        written: Option<&Value>,
        field: &str,
        result: &Data,
    ) -> Result<(Data, Option<(Path, Data)>), Stays> {
        let path = match written {
            None => return Ok((result.clone(), None)),
            // ASL: "ResultPath" null discards the result and keeps the raw input.
            Some(Value::Null) => return Ok((Data::Code(raw()), None)),
            Some(written) => path_of(field, written)?,
        };
        if *path.root() != Root::Input {
            return Err(stays(field, Why(format!("“{}” does not start with “$.”", path.text()))));
        }
        if path.segments().is_empty() {
            return Ok((result.clone(), None));
        }
        let value = code(result, field)?.demanded();
        let Some(names) = names(&path) else {
            let reason = format!("“{}” puts the result into an array", path.text());
            return Err(stays(field, Why(reason)));
        };
        // Inside out: {'b': value}, then {'a': $merge([$states.input.a, {'b': value}])}, …
        let mut merged = value;
        for (idx, name) in names.iter().enumerate().rev() {
            let above = names.get(..idx).unwrap_or_default();
            let above: Result<Vec<String>, Why> = above.iter().map(|it| step(it)).collect();
            let base = format!("{INPUT}{}", above.map_err(|it| stays(field, it))?.concat());
            merged = format!("$merge([{}, {{{}: {merged}}}])", base, quoted(name));
        }
        Ok((Data::Code(Code::atom(merged)), Some((path, result.clone()))))
    }

    /// A template of what goes out, by its new name; the input where there is none.
    fn arguments(&mut self, old: &str, new: &'static str, place: &Place, input: &Data) -> Result<(), Stays> {
        match (self.members.get(old), input) {
            (Some(template), _) => {
                let payload = payload_of_template(template, place).map_err(|it| stays(old, it))?;
                self.changes.push(Change::Rename(old.to_string(), new));
                self.set(new, payload);
            }
            (None, Data::Code(code)) if code.text == INPUT => {}
            (None, input) => {
                let payload = payload_of(input, "InputPath")?;
                self.set(new, payload);
            }
        }
        Ok(())
    }

    /// `…Path` fields: the field itself with an expression.
    fn paths(&mut self, fields: &[&'static str], place: &Place) -> Result<(), Stays> {
        for field in fields {
            let old = format!("{field}Path");
            if let Some(written) = self.members.get(&old) {
                let path = path_of(&old, written)?;
                let mut code = jsonata_of_path(&path, place).map_err(|it| stays(&old, it))?;
                let least = match *field {
                    "Seconds" => Some(0),
                    "TimeoutSeconds" | "HeartbeatSeconds" => Some(1),
                    _ => None,
                };
                // JSONata fields take numbers that the paths do not.
                if let Some(least) = least {
                    let whole = format!("$value >= {least} and $floor($value) = $value");
                    let value = format!("$type($value) = 'number' and {whole} ? $value");
                    let error = format!("$error('{field} must be a whole number from {least}')");
                    code = Code::atom(format!("( $value := {}; {value} : {error} )", code.text));
                }
                self.changes.push(Change::Rename(old, field));
                self.set(field, code.field());
            }
        }
        Ok(())
    }

    fn payload(&mut self, field: &str, place: &Place) -> Result<(), Stays> {
        if let Some(template) = self.members.get(field) {
            let payload = payload_of_template(template, place).map_err(|it| stays(field, it))?;
            self.set(field, payload);
        }
        Ok(())
    }

    fn assign(&mut self, place: &Place) -> Result<(), Stays> {
        self.payload("Assign", place)
    }

    fn output(&mut self, data: &Data, default: &str) -> Result<(), Stays> {
        if let Some(output) = output_of(data, default)? {
            self.set("Output", output);
        }
        Ok(())
    }

    /// ResultSelector, ResultPath, OutputPath and Assign.
    fn leave_with_result(&mut self) -> Result<(), Stays> {
        let place = Place::of(RESULT);
        let result = match self.members.get("ResultSelector") {
            Some(template) => Data::Template(template.clone(), Some(place.clone())),
            None => Data::Code(place.input.clone()),
        };
        let (out, put) = self.result_path(self.members.get("ResultPath"), "ResultPath", &result)?;
        let out = self.select("OutputPath", &out, put.as_ref())?;
        self.assign(&place)?;
        self.output(&out, RESULT)
    }

    fn map(&mut self, place: &Place, input: &Data) -> Result<(), Stays> {
        for field in ["ItemReader", "ItemBatcher", "ResultWriter"] {
            if let Some(written) = self.members.get(field) {
                let new = inner(written, place, true).map_err(|it| stays(field, it))?;
                self.set(field, new);
            }
        }
        let by_path = ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"];
        match self.members.get("ItemsPath") {
            Some(written) => {
                let path = path_of("ItemsPath", written)?;
                let items = jsonata_of_path(&path, place).map_err(|it| stays("ItemsPath", it))?;
                self.changes.push(Change::Rename("ItemsPath".to_string(), "Items"));
                self.set("Items", items.field());
            }
            None if place.input.text == INPUT || self.members.contains_key("ItemReader") => {}
            None => {
                let items = payload_of(input, "InputPath")?;
                self.set("Items", items);
            }
        }
        match self.members.contains_key("ItemSelector") {
            true => self.payload("ItemSelector", place)?,
            false if self.members.contains_key("Parameters") => {
                self.arguments("Parameters", "ItemSelector", place, input)?;
            }
            false => {}
        }
        self.paths(&by_path, place)
    }

    /// `Error` or `Cause`, which may be written down or found by an expression.
    fn text(&mut self, field: &'static str) -> Result<(), Stays> {
        let old = format!("{field}Path");
        if let Some(written) = self.members.get(&old) {
            let unreadable = || stays(&old, Why("there is neither a path nor a function call".to_string()));
            let expression =
                written.as_str().and_then(|it| Expression::parse(it).ok()).ok_or_else(unreadable)?;
            let code = jsonata_of_expression(&expression, &Place::of(INPUT)).map_err(|it| stays(&old, it))?;
            let text = Code::atom(format!("$string({})", code.text));
            self.changes.push(Change::Rename(old, field));
            self.set(field, text.field());
        } else if let Some(Value::String(text)) = self.members.get(field)
            && expression_of(text).is_some()
        {
            self.set(field, Code::atom(quoted(text)).field());
        }
        Ok(())
    }

    fn catch(&mut self) -> Result<(), Stays> {
        let Some(catchers) = self.members.get("Catch").and_then(Value::as_array) else { return Ok(()) };
        let error = "$states.errorOutput";
        let place = Place::of(error);
        let mut converted = Vec::new();
        for (idx, catcher) in catchers.iter().enumerate() {
            let field = |name: &str| format!("Catch[{idx}]/{name}");
            let Value::Object(members) = catcher else {
                return Err(stays("Catch", Why("a catcher is not an object".to_string())));
            };
            let (out, _) = self.result_path(
                members.get("ResultPath"),
                &field("ResultPath"),
                &Data::Code(Code::atom(error)),
            )?;
            let output = output_of(&out, error)?;
            let mut new = Map::new();
            for (name, value) in members {
                match name.as_str() {
                    "ResultPath" => {
                        if let Some(output) = &output {
                            new.insert("Output".to_string(), output.clone());
                        }
                    }
                    "Assign" => {
                        let assign = payload_of_template(value, &place);
                        new.insert(name.clone(), assign.map_err(|it| stays(&field("Assign"), it))?);
                    }
                    _ => drop(new.insert(name.clone(), value.clone())),
                }
            }
            converted.push(Value::Object(new));
        }
        self.set("Catch", Value::Array(converted));
        Ok(())
    }
}

/// The objects of a Map that read and write: their templates and `…Path` fields, and those of the
/// configuration inside.
fn inner(written: &Value, place: &Place, outer: bool) -> Result<Value, Why> {
    let Value::Object(members) = written else { return Ok(written.clone()) };
    let mut new = Map::new();
    for (name, value) in members {
        let path = name.strip_suffix("Path").zip(value.as_str().filter(|it| it.starts_with('$')));
        match (name.as_str(), path) {
            ("Parameters", _) => new.insert("Arguments".to_string(), payload_of_template(value, place)?),
            ("BatchInput", _) => new.insert(name.clone(), payload_of_template(value, place)?),
            (_, Some((field, path))) => {
                let path = Path::parse(path).map_err(|_| Why(format!("{name} holds no path")))?;
                new.insert(field.to_string(), jsonata_of_path(&path, place)?.field())
            }
            (_, None) if outer => new.insert(name.clone(), inner(value, place, false)?),
            _ => new.insert(name.clone(), value.clone()),
        };
    }
    Ok(Value::Object(new))
}

pub(super) fn stays(field: &str, why: Why) -> Stays {
    Stays { field: field.to_string(), reason: why.0 }
}

fn raw() -> Code {
    Code::atom(INPUT).maybe_array()
}

fn path_of(field: &str, written: &Value) -> Result<Path, Stays> {
    let path = written.as_str().map(Path::parse);
    path.and_then(Result::ok).ok_or_else(|| stays(field, Why("there is no path".to_string())))
}

/// The names of a path of names alone.
fn names(path: &Path) -> Option<Vec<&str>> {
    let name = |it: &'_ Segment| matches!(it.selector, Selector::Name(_)) && !it.descendant;
    let all = path.segments().iter().all(name);
    let names = path.segments().iter().filter_map(|it| match &it.selector {
        Selector::Name(name) => Some(name.as_str()),
        _ => None,
    });
    all.then(|| names.collect())
}

/// The data as one expression.
fn code(data: &Data, field: &str) -> Result<Code, Stays> {
    match data {
        Data::Code(code) => Ok(code.clone()),
        Data::Template(template, Some(place)) => {
            jsonata_of_template(template, place).map_err(|it| stays(field, it))
        }
        Data::Template(value, None) => {
            crate::expr::convert::jsonata_of_literal(value).map_err(|it| stays(field, it))
        }
    }
}

/// The data as the value of a field.
fn payload_of(data: &Data, field: &str) -> Result<Value, Stays> {
    match data {
        Data::Code(code) => Ok(code.field()),
        Data::Template(template, Some(place)) => {
            payload_of_template(template, place).map_err(|it| stays(field, it))
        }
        Data::Template(value, None) => payload_of_literal(value).map_err(|it| stays(field, it)),
    }
}

/// `Output`, unless it is what comes out by default.
fn output_of(data: &Data, default: &str) -> Result<Option<Value>, Stays> {
    match data {
        Data::Code(code) if code.text == default => Ok(None),
        data => payload_of(data, "Output").map(Some),
    }
}
