//! Paths: `$.order.id`, `$$.Execution.Id`, `$variable[0]`.
//!
//! `syntax` and `filter` read them; this file applies them to data. A *definite* path (names and
//! single indexes only) is walked here, because a miss must name the place where it happened;
//! `engine` evaluates everything else with the JSONPath crate; `near_miss` says what a path that
//! selects nothing was probably meant to be.

pub mod syntax;
pub mod filter;
mod engine;
pub(crate) mod near_miss;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

pub use near_miss::NearMiss;
pub use syntax::{PathError, Root, Segment, Selector};

use crate::expr::path::engine::{pointer_from_normal, query_crate};
use crate::expr::path::filter::Operand;
use crate::expr::path::syntax::parse_path;
use crate::expr::{ExprError, RUNTIME, Scope, ensure_shallow, json_text};

/// A parsed path. Cheap to keep, so that one parse serves many runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    text: String,
    root: Root,
    segments: Vec<Segment>,
}

impl Path {
    /// Reads a path, or says what is wrong with which bytes of it.
    pub fn parse(text: &str) -> Result<Path, PathError> {
        // A space at the end is no fault: published samples of AWS have it.
        let (root, segments) = parse_path(text.trim_end())?;
        Ok(Path { text: text.to_string(), root, segments })
    }

    /// The path as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the path starts.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// The steps after the root.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether the path can select one value only, so that its result is that value and not an
    /// array.
    pub fn is_definite(&self) -> bool {
        match self.segments.split_last() {
            // A union of names at the end gathers one object.
            Some((Segment { selector: Selector::Names(_), descendant: false, .. }, before)) => {
                before.iter().all(is_single)
            }
            _ => self.segments.iter().all(is_single),
        }
    }

    /// Whether this is a reference path: one node, named by names and indexes alone, so that a
    /// value can be put there.
    pub fn is_reference(&self) -> bool {
        self.segments
            .iter()
            .all(|it| is_single(it) && !matches!(it.selector, Selector::Index(index) if index < 0))
    }

    /// The selected value: the node of a definite path, an array of all nodes otherwise. The
    /// cause of a miss is AWS's for `InputPath`, `OutputPath` and the like.
    pub fn query(&self, scope: &Scope) -> Result<Value, ExprError> {
        self.select(scope).map_err(|miss| {
            let cause = format!("Invalid path '{}' : {}", self.text, miss.detail);
            let (start, end) = miss.range;
            ExprError::new(RUNTIME, cause).at(start, end)
        })
    }

    /// Like [`Path::query`] with the cause that AWS gives for a field of a payload template,
    /// `ErrorPath` and `CausePath`; `field` is the key as written (`value.$`).
    pub fn query_for_field(&self, scope: &Scope, field: &str) -> Result<Value, ExprError> {
        self.select(scope).map_err(|miss| {
            let is_missing = !miss.beyond_limits;
            let cause = if miss.beyond_limits {
                miss.detail
            } else {
                format!(
                    "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
                    self.text,
                    json_text(self.data(scope).unwrap_or(scope.input)),
                )
            };
            let (start, end) = miss.range;
            ExprError { is_missing, ..ExprError::new(RUNTIME, cause) }.at(start, end)
        })
    }

    /// The variables the path reads, in its filters too: names without `$`, sorted.
    pub fn variables(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        collect_root(&self.root, &mut names);
        collect_variables(&self.segments, &mut names);
        names
    }

    /// The one node of a path of names and indexes, without copying it; `None` when it is missing
    /// or when the path can select several. The test behind `IsPresent`.
    pub fn node<'s>(&self, scope: &Scope<'s>) -> Option<&'s Value> {
        walk(self.data(scope)?, &self.segments).ok()
    }

    /// JSON Pointers of the selected nodes, relative to the root; empty when there are none.
    pub fn locate(&self, scope: &Scope) -> Vec<String> {
        let Some(data) = self.data(scope) else { return Vec::new() };
        match self.nodes(data, scope) {
            Ok(nodes) => nodes.into_iter().map(|node| pointer_from_normal(&node.normal)).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// The value that the path starts from; `None` when there is no such variable.
    pub(crate) fn data<'s>(&self, scope: &Scope<'s>) -> Option<&'s Value> {
        match &self.root {
            Root::Input => Some(scope.input),
            Root::Context => Some(scope.context),
            Root::Variable(name) => scope.variables.get(name),
        }
    }

    fn select(&self, scope: &Scope) -> Result<Value, Miss> {
        let Some(data) = self.data(scope) else { return Err(self.unknown_variable()) };
        let (gathered, segments) = match self.segments.split_last() {
            Some((Segment { selector: Selector::Names(names), descendant: false, .. }, before)) => {
                (Some(names), before)
            }
            _ => (None, self.segments.as_slice()),
        };
        let definite = segments.iter().all(is_single);
        if definite && gathered.is_none() {
            let found = walk(data, segments).map_err(|it| it.placed(self))?;
            ensure_shallow(found).map_err(|it| Miss::limit(it.cause).placed(self))?;
            return Ok(found.clone());
        }
        let nodes = match definite {
            true => vec![walk(data, segments).map_err(|it| it.placed(self))?],
            false => query_crate(data, segments, scope)
                .map_err(|it| it.placed(self))?
                .into_iter()
                .map(|it| it.value)
                .collect(),
        };
        let mut values = Vec::new();
        for found in nodes {
            ensure_shallow(found).map_err(|it| Miss::limit(it.cause).placed(self))?;
            match (gathered, found) {
                (None, value) => values.push(value.clone()),
                (Some(names), Value::Object(members)) => values.push(gather(members, names)),
                (Some(_), _) if definite => {
                    return Err(
                        Miss::new(segments.len(), no_property(&self.segments, segments.len())).placed(self)
                    );
                }
                (Some(_), _) => {}
            }
        }
        Ok(match definite {
            true => values.pop().unwrap_or_default(),
            false => Value::Array(values),
        })
    }

    fn nodes<'v>(&self, data: &'v Value, scope: &Scope) -> Result<Vec<Node<'v>>, Miss> {
        match self.segments.iter().all(is_single) {
            true => walk(data, &self.segments).map(|_| vec![located(data, &self.segments)]),
            false => query_crate(data, &self.segments, scope),
        }
    }

    fn unknown_variable(&self) -> Miss {
        let end = self.segments.first().map_or(self.text.len(), |it| it.start);
        let name = self.text.get(..end).unwrap_or_default();
        let mut miss = Miss::new(0, format!("The variable '{name}' is not defined"));
        miss.range = (0, end);
        miss
    }
}

/// Whether the segment selects at most one node.
pub(crate) fn is_single(segment: &Segment) -> bool {
    !segment.descendant && matches!(segment.selector, Selector::Name(_) | Selector::Index(_))
}

fn collect_root<'p>(root: &'p Root, names: &mut BTreeSet<&'p str>) {
    if let Root::Variable(name) = root {
        names.insert(name);
    }
}

/// Recurses as deep as filters nest, which the parser bounds.
fn collect_variables<'p>(segments: &'p [Segment], names: &mut BTreeSet<&'p str>) {
    for segment in segments {
        let Selector::Filter(filter) = &segment.selector else { continue };
        for operand in filter.operands() {
            match operand {
                Operand::Item(segments) => collect_variables(segments, names),
                Operand::Data(root, segments) => {
                    collect_root(root, names);
                    collect_variables(segments, names);
                }
                Operand::Literal(_) => {}
            }
        }
    }
}

/// A selected node and its normalized path below the root (`['a'][0]`).
struct Node<'v> {
    value: &'v Value,
    normal: String,
}

/// Why nothing was selected.
struct Miss {
    segment_idx: usize,
    detail: String,
    range: (usize, usize),
    /// Not the data's fault: a bound of this program.
    beyond_limits: bool,
}

impl Miss {
    fn new(segment_idx: usize, detail: String) -> Miss {
        Miss { segment_idx, detail, range: (0, 0), beyond_limits: false }
    }

    fn limit(detail: String) -> Miss {
        Miss { beyond_limits: true, ..Miss::new(0, detail) }
    }

    fn placed(mut self, path: &Path) -> Miss {
        self.range = match path.segments.get(self.segment_idx) {
            Some(segment) if !self.beyond_limits => (segment.start, segment.end),
            _ => (0, path.text.len()),
        };
        self
    }
}

/// Follows names and indexes, in Jayway's words when there is nothing to follow.
fn walk<'v>(data: &'v Value, segments: &[Segment]) -> Result<&'v Value, Miss> {
    let mut value = data;
    for (idx, segment) in segments.iter().enumerate() {
        let miss = |detail: String| Miss::new(idx, detail);
        value = match (&segment.selector, value) {
            (Selector::Name(name), Value::Object(members)) => members.get(name).ok_or_else(|| {
                miss(match idx + 1 == segments.len() {
                    true => format!("No results for path: ${}", normal_path(segments)),
                    false => format!("Missing property in path ${}", normal_path(up_to(segments, idx + 1))),
                })
            })?,
            (Selector::Name(_), _) => return Err(miss(no_property(segments, idx))),
            (Selector::Index(index), Value::Array(items)) => item_at(items, *index)
                .ok_or_else(|| miss(format!("No results for path: ${}", normal_path(segments))))?,
            (Selector::Index(_), Value::Null) => {
                return Err(miss(format!("The path ${} is null", normal_path(up_to(segments, idx)))));
            }
            (Selector::Index(index), other) => {
                return Err(miss(format!(
                    "Filter: [{index}] can only be applied to arrays. Current context is: {}",
                    json_text(other)
                )));
            }
            _ => return Err(miss(format!("No results for path: ${}", normal_path(segments)))),
        };
    }
    Ok(value)
}

/// The node at the end of names and indexes that are known to lead somewhere.
fn located<'v>(data: &'v Value, segments: &[Segment]) -> Node<'v> {
    let mut node = Node { value: data, normal: String::new() };
    for segment in segments {
        match (&segment.selector, node.value) {
            (Selector::Name(name), Value::Object(members)) => {
                let escaped = name.replace('\\', "\\\\").replace('\'', "\\'");
                node.normal += &format!("['{escaped}']");
                node.value = members.get(name).unwrap_or(node.value);
            }
            (Selector::Index(index), Value::Array(items)) => {
                let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
                node.normal += &format!("[{}]", if *index < 0 { index + len } else { *index });
                node.value = item_at(items, *index).unwrap_or(node.value);
            }
            _ => {}
        }
    }
    node
}

fn no_property(segments: &[Segment], idx: usize) -> String {
    let wanted = segments.get(idx).map(normal_segment).unwrap_or_default();
    format!("Property {wanted} not found in path ${}", normal_path(up_to(segments, idx)))
}

fn up_to(segments: &[Segment], len: usize) -> &[Segment] {
    segments.get(..len).unwrap_or(segments)
}

/// The item at an index; negative ones count from the end.
pub(crate) fn item_at(items: &[Value], index: i64) -> Option<&Value> {
    let from_start = match usize::try_from(index) {
        Ok(it) => it,
        Err(_) => items.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    items.get(from_start)
}

fn gather(members: &Map<String, Value>, names: &[String]) -> Value {
    let found = names.iter().filter_map(|name| Some((name.clone(), members.get(name)?.clone())));
    Value::Object(found.collect())
}

fn normal_path(segments: &[Segment]) -> String {
    segments.iter().map(normal_segment).collect()
}

fn normal_segment(segment: &Segment) -> String {
    match &segment.selector {
        Selector::Name(name) => format!("['{name}']"),
        Selector::Index(index) => format!("[{index}]"),
        Selector::Names(names) => format!("['{}']", names.join("','")),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::expr::NoVariables;

    fn check_in(input: Value, path: &str, expected: Value) {
        let context = json!({"Execution": {"Id": "e1", "Input": {"limit": 2}}});
        let variables = json!({"list": ["x", "y"], "obj": {"k": 1}});
        let variables = variables.as_object().expect("an object");
        let scope = Scope { input: &input, context: &context, variables };
        let actual = match Path::parse(path).expect(path).query(&scope) {
            Ok(value) => value,
            Err(error) => json!({"error": error.name, "cause": error.cause, "at": error.range}),
        };
        assert_eq!(actual, expected, "{path}");
    }

    fn store() -> Value {
        json!({"books": [
            {"title": "A", "year": 1990, "tags": ["x"], "price": 5},
            {"title": "B", "year": 2001, "isbn": null, "price": "12"},
            {"title": "C", "year": 1995, "price": 7.5},
        ], "bicycle": {"color": "red", "price": 20}, "limit": 6})
    }

    fn check(path: &str, expected: Value) {
        check_in(store(), path, expected);
    }

    fn check_fault(path: &str, cause: &str, at: (usize, usize)) {
        let cause = format!("Invalid path '{path}' : {cause}");
        check(path, json!({"error": "States.Runtime", "cause": cause, "at": at}));
    }

    #[test]
    fn definite_paths_give_the_node() {
        check("$.bicycle.color", json!("red"));
        check("$['bicycle']['color']", json!("red"));
        check("$.books[0].title", json!("A"));
        check("$.books[-1].title", json!("C"));
        check("$$.Execution.Id", json!("e1"));
        check("$list", json!(["x", "y"]));
        check("$obj.k", json!(1));
        check("$$", json!({"Execution": {"Id": "e1", "Input": {"limit": 2}}}));
    }

    #[test]
    fn indefinite_paths_give_arrays() {
        check("$.books[*].title", json!(["A", "B", "C"]));
        check("$.books[1:].title", json!(["B", "C"]));
        check("$.books[:1].title", json!(["A"]));
        check("$.books[-1:].title", json!(["C"]));
        check("$.books[0,2].title", json!(["A", "C"]));
        check("$..color", json!(["red"]));
        check("$..price", json!([5, "12", 7.5, 20]));
        check("$.bicycle.*", json!(["red", 20]));
        check(
            "$['books','bicycle'][*]",
            json!([
            {"title": "A", "year": 1990, "tags": ["x"], "price": 5},
            {"title": "B", "year": 2001, "isbn": null, "price": "12"},
            {"title": "C", "year": 1995, "price": 7.5}, "red", 20]),
        );
    }

    #[test]
    fn names_united_at_the_end_gather_an_object() {
        check("$.bicycle['color','price','none']", json!({"color": "red", "price": 20}));
        check(
            "$.books[0:2]['title','year']",
            json!([
            {"title": "A", "year": 1990}, {"title": "B", "year": 2001}]),
        );
    }

    #[test]
    fn missing_data_fails_definite_paths_only() {
        check_fault("$.no", "No results for path: $['no']", (1, 4));
        check_fault("$.no.such.path", "Missing property in path $['no']", (1, 4));
        check_fault("$.bicycle.no.path", "Missing property in path $['bicycle']['no']", (9, 12));
        check_fault("$.books[9].title", "No results for path: $['books'][9]['title']", (7, 10));
        check_fault("$.limit.x", "Property ['x'] not found in path $['limit']", (7, 9));
        check_fault("$none.x", "The variable '$none' is not defined", (0, 5));
        for path in ["$.no[*]", "$.no.such[1:5].x", "$.limit[*]", "$.no[0,1]", "$.limit[:1].x"] {
            check(path, json!([]));
        }
        check_in(json!({}), "$[*]", json!([]));
    }

    #[test]
    fn filters() {
        check("$.books[?(@.year>1990)].title", json!(["B", "C"]));
        check("$.books[?(@.year >= 1990 && @.price < 6)].title", json!(["A"]));
        check("$.books[?(@.title == 'A' || @.title == \"C\")].title", json!(["A", "C"]));
        check("$.books[?(@.title==A)].year", json!([1990]));
        check("$.books[?(@.isbn)].title", json!(["B"]));
        check("$.books[?(!(@.isbn))].title", json!(["A", "C"]));
        check("$.books[?(!@.isbn && @.year != 1990)].title", json!(["C"]));
        check("$.books[?(@.tags[0] == 'x')].title", json!(["A"]));
        check("$.books[?(@.title in ['A', 'C'])].title", json!(["A", "C"]));
        check("$.books[?(@.title nin ['A', 'C'])].title", json!(["B"]));
        check("$.books[?(@.title =~ /a|b/i)].title", json!(["A", "B"]));
        check("$.books[?(@.price < $.limit)].title", json!(["A"]));
        check("$.books[?(@.price == 12)].title", json!(["B"]));
        check("$.books[?(@.year == '1990')].title", json!(["A"]));
        check("$.books[?(@.isbn == null)].title", json!(["B"]));
        check("$.books[?((@.year > 1990) && (@.year < 2000))].title", json!(["C"]));
        check("$.books[?(@.tags)].tags[?(@ == 'x')]", json!(["x"]));
    }

    #[test]
    fn filters_read_context_and_variables() {
        let input = json!({"items": [{"v": "x", "n": 1}, {"v": "z", "n": 3}]});
        check_in(input.clone(), "$.items[?(@.v in $list)].n", json!([1]));
        check_in(input.clone(), "$.items[?(@.n > $$.Execution.Input.limit)].v", json!(["z"]));
        check_in(input, "$.items[?(@.n == $obj.k)].v", json!(["x"]));
    }

    #[test]
    fn a_filter_on_an_object_tests_the_object() {
        check("$.bicycle[?(@.color == 'red')].price", json!([20]));
        check("$.bicycle[?(@.color == 'blue')].price", json!([]));
    }

    #[test]
    fn what_a_path_is() {
        let facts = |text: &str| {
            let path = Path::parse(text).expect(text);
            (path.is_definite(), path.is_reference())
        };
        assert_eq!(facts("$"), (true, true));
        assert_eq!(facts("$.a['b'][0]"), (true, true));
        assert_eq!(facts("$.a[-1]"), (true, false));
        assert_eq!(facts("$.a['b','c']"), (true, false));
        assert_eq!(facts("$.a[*]"), (false, false));
        assert_eq!(facts("$..a"), (false, false));
        assert_eq!(facts("$.a[0:1]"), (false, false));
        assert_eq!(facts("$.a[?(@.b)]"), (false, false));
    }

    #[test]
    fn variables_are_listed() {
        let variables = |text: &str| {
            let path = Path::parse(text).expect(text);
            path.variables().into_iter().map(str::to_string).collect::<Vec<_>>()
        };
        assert_eq!(variables("$.a.b"), [""; 0]);
        assert_eq!(variables("$x.a"), ["x"]);
        assert_eq!(variables("$x[?(@.a == $z.k && !(@.b in $y) && @.c[?(@ > $w)])]"), ["w", "x", "y", "z"]);
    }

    #[test]
    fn single_nodes_are_found_without_copying() {
        let input = json!({"a": [{"b": null}]});
        let scope = Scope { input: &input, context: &Value::Null, variables: &NoVariables };
        let node = |text: &str| Path::parse(text).expect(text).node(&scope);
        assert_eq!(node("$.a[0].b"), Some(&Value::Null));
        assert_eq!(node("$.a[0].c"), None);
        assert_eq!(node("$.a[*]"), None);
        assert_eq!(node("$none"), None);
    }

    #[test]
    fn nodes_are_located() {
        let input = json!({"a/b": [{"it's": 1}, {"it's": 2}], "c~": {"\\": 3}});
        let scope = Scope { input: &input, context: &Value::Null, variables: &NoVariables };
        let locate = |text: &str| Path::parse(text).expect(text).locate(&scope);
        assert_eq!(locate("$"), [""]);
        assert_eq!(locate("$['a/b'][-1]['it\\'s']"), ["/a~1b/1/it's"]);
        assert_eq!(locate("$['a/b'][*]['it\\'s']"), ["/a~1b/0/it's", "/a~1b/1/it's"]);
        assert_eq!(locate("$['c~'].*"), ["/c~0/\\"]);
        assert_eq!(locate("$.none"), [""; 0]);
        for text in ["$['a/b'][-1]['it\\'s']", "$['c~'].*", "$..*"] {
            assert!(locate(text).iter().all(|it| input.pointer(it).is_some()), "{text}");
        }
    }

    #[test]
    fn template_fields_name_themselves_and_the_input() {
        let input = json!({"int-literal": 0});
        let scope = Scope { input: &input, context: &json!({"c": 1}), variables: &NoVariables };
        let cause = |text: &str| {
            let path = Path::parse(text).expect(text);
            path.query_for_field(&scope, "value.$").expect_err(text).cause
        };
        assert_eq!(
            cause("$.no_such"),
            "The JSONPath '$.no_such' specified for the field 'value.$' could not be found in the input '{\"int-literal\":0}'"
        );
        assert_eq!(
            cause("$$.no_such"),
            "The JSONPath '$$.no_such' specified for the field 'value.$' could not be found in the input '{\"c\":1}'"
        );
    }

    #[test]
    fn hostile_nesting_is_refused() {
        let mut input = json!(1);
        for _ in 0..3_000 {
            input = Value::Array(vec![input]);
        }
        let scope = Scope { input: &input, context: &Value::Null, variables: &NoVariables };
        for text in ["$", "$..a", "$[*]", "$[?(@ == 1)]"] {
            let path = Path::parse(text).expect(text);
            let cause = path.query(&scope).err().map(|it| it.cause).unwrap_or_default();
            assert!(cause.contains("nested deeper") || text.contains('?'), "{text}: {cause}");
        }
        let long = format!("${}", ".a".repeat(3_000));
        assert!(Path::parse(&long).expect("long").query(&scope).is_err());
    }
}
