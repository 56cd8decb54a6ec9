//! What an expression refers to, found without evaluating it.
//!
//! AWS gives expressions no input, so it refuses a field name, `$` and `$$` where they would mean
//! the input; and it lists the workflow variables that each state reads.

use std::rc::Rc;

use crate::expr::jsonata::Jsonata;
use crate::expr::jsonata::ast::{Kind, NodeId, Stage, Tree};
use crate::expr::jsonata::functions::builtin;
use crate::text::Arrange;

/// What an expression refers to, in the order of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct References {
    /// Names that mean fields of the input: AWS refuses them.
    pub top_level: Vec<TopLevel>,
    /// Variables that the expression does not bind itself.
    pub variables: Vec<VariableReference>,
}

/// A reference to the input.
#[derive(Debug, Clone, PartialEq)]
pub struct TopLevel {
    /// A field name, `$`, `$$`, `*`, `**` or `%`.
    pub name: String,
    /// Bytes in the text.
    pub start: usize,
    pub length: usize,
}

impl TopLevel {
    /// What AWS says about it, behind the code `UNSUPPORTED_JSONATA_EXPRESSION`.
    pub fn message(&self) -> String {
        match self.name.as_str() {
            // It means the input wherever it stands.
            "$$" => "Reference to '$$' is not supported.".to_string(),
            name => format!("Reference to '{name}' at the top level is not supported."),
        }
    }
}

/// A variable that is read.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableReference {
    /// Without the `$`.
    pub name: String,
    /// The field names that follow it: `input`, `order` for `$states.input.order[0]`.
    pub members: Vec<String>,
    /// Bytes of the variable with its members.
    pub start: usize,
    pub length: usize,
    /// A function of the language has this name, which is meant unless a variable hides it.
    pub is_builtin: bool,
}

/// The names bound around a node.
struct Bound {
    names: Vec<String>,
    outer: Option<Rc<Bound>>,
}

/// A node to look at.
struct Visit {
    node: NodeId,
    bound: Option<Rc<Bound>>,
    /// Whether the context here is the input.
    is_top: bool,
}

impl Drop for Bound {
    /// Blocks may nest as deep as the text is long, so what is around goes one by one.
    fn drop(&mut self) {
        let mut next = self.outer.take();
        while let Some(mut bound) = next.and_then(Rc::into_inner) {
            next = bound.outer.take();
        }
    }
}

impl Jsonata {
    /// What the expression refers to.
    pub fn references(&self) -> References {
        let tree = self.tree();
        let mut res = References::default();
        let root_names = names_bound(tree, tree.root);
        let bound = Some(Rc::new(Bound { names: root_names, outer: None }));
        let mut pending = vec![Visit { node: tree.root, bound, is_top: true }];
        while let Some(visit) = pending.pop() {
            look(self, tree, visit, &mut pending, &mut res);
        }
        res.top_level.arrange_by_key(|it| it.start);
        res.variables.arrange_by_key(|it| it.start);
        res
    }
}

fn look(jsonata: &Jsonata, tree: &Tree, visit: Visit, pending: &mut Vec<Visit>, res: &mut References) {
    let Visit { node: id, bound, is_top } = visit;
    let Some(node) = tree.node(id) else { return };
    let (start, end) = node.span;
    let mut top_level = |name: &str| {
        res.top_level.push(TopLevel { name: name.to_string(), start, length: end - start });
    };
    let mut bound = bound;
    let inner = |node: NodeId, bound: &Option<Rc<Bound>>| Visit { node, bound: bound.clone(), is_top: false };
    let same = |node: NodeId, bound: &Option<Rc<Bound>>| Visit { node, bound: bound.clone(), is_top };
    match &node.kind {
        Kind::Name(name) if is_top => top_level(name),
        Kind::Wildcard if is_top => top_level("*"),
        Kind::Descendants if is_top => top_level("**"),
        Kind::Variable(name) if name == "$" && !is_bound(name, &bound) => top_level("$$"),
        Kind::Variable(name) if name.is_empty() && is_top => top_level("$"),
        Kind::Variable(name) if name.is_empty() => {}
        Kind::Variable(name) => variable(jsonata, name, &[], (start, end), &bound, res),
        Kind::Path { steps, .. } => {
            let names = tuple_names(tree, steps);
            if !names.is_empty() {
                bound = Some(Rc::new(Bound { names, outer: bound }));
            }
            let first = steps.first().copied();
            let mut members = Vec::new();
            if let Some(Kind::Variable(name)) = first.map(|it| tree.kind(it))
                && !matches!(name.as_str(), "" | "$")
            {
                let mut members_end = first.and_then(|it| tree.node(it)).map_or(end, |it| it.span.1);
                for step in steps.iter().skip(1) {
                    let Some(step) = tree.node(*step) else { break };
                    let Kind::Name(member) = &step.kind else { break };
                    members.push(member.clone());
                    members_end = step.span.1;
                    if !step.stages.is_empty() {
                        break;
                    }
                }
                variable(jsonata, name, &members, (start, members_end), &bound, res);
                let hung = first.and_then(|it| tree.node(it)).map(|it| it.predicates.clone());
                pending.extend(hung.into_iter().flatten().map(|it| inner(it, &bound)));
            } else {
                pending.extend(first.map(|it| same(it, &bound)));
            }
            pending.extend(steps.iter().skip(1).map(|it| inner(*it, &bound)));
        }
        Kind::Block(items) => {
            let names = items.iter().flat_map(|it| names_bound(tree, *it)).collect();
            let bound = Some(Rc::new(Bound { names, outer: bound.clone() }));
            pending.extend(items.iter().map(|it| same(*it, &bound)));
        }
        Kind::Lambda { params, body, .. } => {
            let mut names = names_bound(tree, *body);
            names.extend(params.iter().cloned());
            let bound = Some(Rc::new(Bound { names, outer: bound.clone() }));
            pending.push(same(*body, &bound));
        }
        Kind::Transform { pattern, update, delete } => {
            pending.extend(
                [Some(*pattern), Some(*update), *delete].into_iter().flatten().map(|it| inner(it, &bound)),
            );
        }
        Kind::Sort(terms) => pending.extend(terms.iter().map(|it| inner(it.1, &bound))),
        Kind::Array(items) => pending.extend(items.iter().map(|it| same(*it, &bound))),
        Kind::Object(pairs) => {
            pending.extend(pairs.iter().flat_map(|it| [it.0, it.1]).map(|it| same(it, &bound)));
        }
        Kind::Negate(it) | Kind::Bind(_, it) => pending.push(same(*it, &bound)),
        Kind::Binary(_, left, right) | Kind::Chain(left, right) => {
            pending.extend([*left, *right].map(|it| same(it, &bound)));
        }
        Kind::Condition(condition, then, otherwise) => {
            let parts = [Some(*condition), Some(*then), *otherwise];
            pending.extend(parts.into_iter().flatten().map(|it| same(it, &bound)));
        }
        Kind::Call(callee, arguments) => {
            pending.push(same(*callee, &bound));
            pending.extend(arguments.iter().map(|it| same(*it, &bound)));
        }
        Kind::Partial(callee, arguments) => {
            pending.push(same(*callee, &bound));
            pending.extend(arguments.iter().flatten().map(|it| same(*it, &bound)));
        }
        _ => {}
    }
    pending.extend(node.predicates.iter().map(|it| inner(*it, &bound)));
    pending.extend(node.stages.iter().filter_map(|it| match it {
        Stage::Filter(filter) => Some(inner(*filter, &bound)),
        Stage::Index(_) => None,
    }));
    pending.extend(node.group.iter().flatten().flat_map(|it| [it.0, it.1]).map(|it| inner(it, &bound)));
}

fn variable(
    jsonata: &Jsonata,
    name: &str,
    members: &[String],
    (start, end): (usize, usize),
    bound: &Option<Rc<Bound>>,
    res: &mut References,
) {
    if is_bound(name, bound) {
        return;
    }
    res.variables.push(VariableReference {
        name: name.to_string(),
        members: members.to_vec(),
        start,
        length: end - start,
        is_builtin: builtin(name, jsonata.dialect()).is_some(),
    });
}

fn is_bound(name: &str, bound: &Option<Rc<Bound>>) -> bool {
    let mut next = bound.as_ref();
    while let Some(bound) = next {
        if bound.names.iter().any(|it| it == name) {
            return true;
        }
        next = bound.outer.as_ref();
    }
    false
}

/// The names that the steps of a path bind with `@` and `#`.
fn tuple_names(tree: &Tree, steps: &[NodeId]) -> Vec<String> {
    let mut res = Vec::new();
    for node in steps.iter().filter_map(|it| tree.node(*it)) {
        res.extend(node.focus.iter().chain(&node.index).cloned());
        res.extend(node.stages.iter().filter_map(|it| match it {
            Stage::Index(name) => Some(name.clone()),
            Stage::Filter(_) => None,
        }));
    }
    res
}

/// The names that `:=` binds in the scope of a node, blocks and functions inside left out.
pub fn names_bound(tree: &Tree, root: NodeId) -> Vec<String> {
    let mut res = Vec::new();
    let mut pending = vec![root];
    while let Some(id) = pending.pop() {
        let outside = match tree.kind(id) {
            Kind::Block(items) => items.as_slice(),
            Kind::Lambda { body, .. } => std::slice::from_ref(body),
            Kind::Bind(name, _) => {
                res.push(name.clone());
                &[]
            }
            _ => &[],
        };
        // What hangs on a block, such as a predicate, is outside of it.
        pending.extend(tree.children(id).into_iter().skip(outside.len()));
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::jsonata::Dialect;

    fn check(text: &str, top_level: &[&str], variables: &[&str]) {
        let references = Jsonata::parse(text, Dialect::Aws).unwrap().references();
        let names: Vec<&str> = references.top_level.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, top_level, "{text}");
        let free = references.variables.iter().filter(|it| !it.is_builtin);
        let names: Vec<&str> = free.map(|it| &text[it.start..it.start + it.length]).collect();
        assert_eq!(names, variables, "{text}");
    }

    #[test]
    fn names_that_mean_the_input() {
        check("phone", &["phone"], &[]);
        check("$.phone & $$.x", &["$", "$$"], &[]);
        check("$states.input.items[price > 1 and $.n = 2].name", &[], &["$states.input.items"]);
        check("$map($states.input, function($v) { $v.a & b })", &["b"], &["$states.input"]);
        check("$states.input.items^(price){name: $sum(price)}", &[], &["$states.input.items"]);
        check("{'a': x, 'b': [*]}", &["x", "*"], &[]);
        check("$states.input ~> |items|{'n': price}|", &[], &["$states.input"]);
    }

    #[test]
    fn variables_that_come_from_outside() {
        check("($x := 1; $x + $y)", &[], &["$y"]);
        check("$x := $y", &[], &["$y"]);
        check("function($a) { $a + $b }($c)", &[], &["$b", "$c"]);
        check("$o.items@$i.($i.price)", &[], &["$o.items"]);
        check("($f := function($n) { $n = 0 ? 1 : $f($n - 1) }; $f(3))", &[], &[]);
        check("($x := 1; ($z := 2); $z)", &[], &["$z"]);
    }
}
