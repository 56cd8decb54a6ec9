//! Writes the instructions for a tree.
//!
//! Works off a list of tasks instead of recursing: visiting a node puts its instructions and the
//! visits of its children on the list, in order. Variables become places in frames here, so that
//! no name is looked up while evaluating.

mod paths;
mod scopes;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::expr::jsonata::ast::{Kind, Node, NodeId, Tree};
use crate::expr::jsonata::compile::scopes::{ScopeId, Scopes};
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::program::{CallSite, Comparison, Group, Lambda, Op, Program, Transform};
use crate::expr::jsonata::regex::Regex;
use crate::expr::jsonata::syntax::BinaryOp;

/// Compiles a tree. With probes, the value of every node is noted while evaluating.
pub fn compile(text: Arc<str>, tree: Arc<Tree>, has_probes: bool) -> Result<Program, Box<Fault>> {
    let mut compiler = Compiler {
        program: Program { text, tree: tree.clone(), ..Program::default() },
        tree: &tree,
        has_probes,
        tasks: Vec::new(),
        labels: Vec::new(),
        scopes: Scopes::default(),
        scope: 0,
        constants: HashMap::new(),
        globals: HashMap::new(),
        tuple_names: HashMap::new(),
        bodies: Vec::new(),
    };
    compiler.run(tree.root)?;
    Ok(compiler.finish())
}

struct Compiler<'t> {
    program: Program,
    tree: &'t Tree,
    has_probes: bool,
    /// What is left to do, the next task last.
    tasks: Vec<Task>,
    /// Where each label stands.
    labels: Vec<u32>,
    scopes: Scopes,
    scope: ScopeId,
    constants: HashMap<&'t str, u32>,
    globals: HashMap<String, u32>,
    /// Numbers of the names that tuples bind.
    tuple_names: HashMap<String, u32>,
    /// Bodies of functions and transforms, written behind everything else.
    bodies: Vec<Body>,
}

/// One thing to do.
#[derive(Clone, Copy)]
enum Task {
    Visit { node: NodeId, nesting: u32, is_tail: bool },
    Emit(Op, NodeId),
    Mark(u32),
    Scope(ScopeId),
}

/// A sub-expression that is called, and where its entry has to be noted.
struct Body {
    node: NodeId,
    scope: ScopeId,
    label: u32,
    is_tail: bool,
}

type Outcome<T> = Result<T, Box<Fault>>;

/// Tasks in the order in which they are to be done.
struct Plan {
    tasks: Vec<Task>,
    owner: NodeId,
    nesting: u32,
}

impl Plan {
    fn visit(&mut self, node: NodeId) {
        self.tasks.push(Task::Visit { node, nesting: self.nesting + 1, is_tail: false });
    }

    fn visit_tail(&mut self, node: NodeId, is_tail: bool) {
        self.tasks.push(Task::Visit { node, nesting: self.nesting + 1, is_tail });
    }

    fn emit(&mut self, op: Op) {
        self.tasks.push(Task::Emit(op, self.owner));
    }

    fn mark(&mut self, label: u32) {
        self.tasks.push(Task::Mark(label));
    }

    fn scope(&mut self, scope: ScopeId) {
        self.tasks.push(Task::Scope(scope));
    }
}

impl<'t> Compiler<'t> {
    fn run(&mut self, root: NodeId) -> Outcome<()> {
        let bound = self.bound_names(root);
        self.scope = self.scopes.open_frame(None, bound, 0);
        self.tasks.push(Task::Emit(Op::Return, root));
        self.tasks.push(Task::Visit { node: root, nesting: 1, is_tail: false });
        self.work()?;
        while let Some(body) = self.bodies.pop() {
            self.scope = body.scope;
            self.tasks.push(Task::Emit(Op::Return, body.node));
            self.tasks.push(Task::Visit { node: body.node, nesting: 1, is_tail: body.is_tail });
            self.tasks.push(Task::Mark(body.label));
            self.work()?;
        }
        Ok(())
    }

    fn work(&mut self) -> Outcome<()> {
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Visit { node, nesting, is_tail } => self.visit(node, nesting, is_tail)?,
                Task::Emit(op, node) => {
                    self.program.code.push(op);
                    self.program.origins.push(node as u32);
                }
                Task::Mark(label) => {
                    let here = self.program.code.len() as u32;
                    if let Some(it) = self.labels.get_mut(label as usize) {
                        *it = here;
                    }
                }
                Task::Scope(scope) => self.scope = scope,
            }
        }
        Ok(())
    }

    fn visit(&mut self, id: NodeId, nesting: u32, is_tail: bool) -> Outcome<()> {
        let tree = self.tree;
        let Some(node) = tree.node(id) else { return Ok(()) };
        let mut plan = Plan { tasks: Vec::new(), owner: id, nesting };
        let is_tail = is_tail && node.predicates.is_empty() && node.group.is_none();
        self.core(node, is_tail, &mut plan)?;
        let tuple_scope = match (&node.kind, node.is_tuple && !node.predicates.is_empty()) {
            (Kind::Block(_), true) => Some(self.tuple_scope(id)),
            _ => None,
        };
        for filter in &node.predicates {
            self.filter(*filter, tuple_scope, &mut plan);
        }
        if let Some(pairs) = &node.group
            && !matches!(node.kind, Kind::Path { .. })
        {
            self.group(pairs, tuple_scope, &mut plan);
        }
        if self.may_be_sequence(node) && !(is_tail && matches!(node.kind, Kind::Call(..))) {
            plan.emit(Op::Collapse { keeps: node.keep_array });
        }
        if self.has_probes {
            plan.emit(Op::Probe(id as u32));
        }
        self.tasks.extend(plan.tasks.into_iter().rev());
        Ok(())
    }

    fn may_be_sequence(&self, node: &Node) -> bool {
        node.keep_array
            || !node.predicates.is_empty()
            || match &node.kind {
                Kind::Path { .. }
                | Kind::Name(_)
                | Kind::Wildcard
                | Kind::Descendants
                | Kind::Sort(_)
                | Kind::Chain(..)
                | Kind::Variable(_)
                | Kind::Parent(_) => true,
                Kind::Binary(op, ..) => *op == BinaryOp::Range,
                _ => false,
            }
    }

    /// The instructions of a node without what hangs on it.
    fn core(&mut self, node: &'t Node, is_tail: bool, plan: &mut Plan) -> Outcome<()> {
        match &node.kind {
            Kind::Path { steps, keep_singleton } => self.path(node, steps, *keep_singleton, plan),
            Kind::Name(name) => plan.emit(Op::Name(self.constant(name))),
            Kind::Text(text) => plan.emit(Op::Constant(self.constant(text))),
            Kind::Number(number) => plan.emit(Op::Number(*number)),
            Kind::Bool(value) => plan.emit(Op::Bool(*value)),
            Kind::Null => plan.emit(Op::Null),
            Kind::Hole => plan.emit(Op::Undefined),
            Kind::Variable(name) => plan.emit(self.load(name)),
            Kind::Parent(slot) => {
                let name = self.label_name(*slot);
                let variable = self.variable(&name);
                plan.emit(Op::Load(variable));
            }
            Kind::Regex { pattern, ignore_case, multiline } => {
                let regex = Regex::new(pattern, *ignore_case, *multiline).map_err(|message| {
                    Fault::new("S0303").between(node.span.0, node.span.1).at(node.at).message(message)
                })?;
                self.program.regexes.push(regex);
                plan.emit(Op::Regex(self.program.regexes.len() as u32 - 1));
            }
            Kind::Wildcard => plan.emit(Op::Wildcard),
            Kind::Descendants => plan.emit(Op::Descendants),
            Kind::Negate(inner) => {
                plan.visit(*inner);
                plan.emit(Op::Negate);
            }
            Kind::Array(items) => {
                plan.emit(Op::ArrayBegin);
                for item in items {
                    plan.visit(*item);
                    let is_array = matches!(self.tree.kind(*item), Kind::Array(_));
                    plan.emit(if is_array { Op::ArrayPush } else { Op::ArrayAppend });
                }
                plan.emit(Op::ArrayEnd { is_cons: node.is_cons });
            }
            Kind::Object(pairs) => {
                plan.emit(Op::Input);
                self.group(pairs, None, plan);
            }
            Kind::Block(items) => self.block(node, items, is_tail, plan),
            Kind::Binary(op, left, right) => self.binary(*op, *left, *right, plan),
            Kind::Bind(name, value) => {
                plan.visit(*value);
                plan.emit(Op::Store(self.variable(name)));
            }
            Kind::Condition(condition, then, otherwise) => {
                let (no, end) = (self.label(), self.label());
                plan.visit(*condition);
                plan.emit(Op::Unless(no));
                plan.visit_tail(*then, is_tail);
                plan.emit(Op::Jump(end));
                plan.mark(no);
                match otherwise {
                    Some(otherwise) => plan.visit_tail(*otherwise, is_tail),
                    None => plan.emit(Op::Undefined),
                }
                plan.mark(end);
            }
            Kind::Call(callee, arguments) => {
                for argument in arguments {
                    plan.visit(*argument);
                }
                plan.visit(*callee);
                let site = self.site(*callee, arguments.len(), plan.nesting, node.keep_array, is_tail);
                // A call that gives up its place leaves nothing to probe.
                let takes_over = is_tail && !self.has_probes;
                plan.emit(if takes_over { Op::TailCall(site) } else { Op::Call(site) });
            }
            Kind::Partial(callee, arguments) => {
                for argument in arguments.iter().flatten() {
                    plan.visit(*argument);
                }
                plan.visit(*callee);
                let site = self.site(*callee, arguments.len(), plan.nesting, false, false);
                self.program.partials.push(arguments.iter().map(Option::is_some).collect());
                let partial = self.program.partials.len() as u32 - 1;
                plan.emit(Op::Partial { site, partial });
            }
            Kind::Chain(left, right) => {
                plan.visit(*left);
                let right_node = self.tree.node(*right);
                match right_node.map(|it| &it.kind) {
                    // A call on the right takes the left side as its first argument.
                    Some(Kind::Call(callee, arguments)) => {
                        for argument in arguments {
                            plan.visit(*argument);
                        }
                        plan.visit(*callee);
                        let site =
                            self.site(*callee, arguments.len() + 1, plan.nesting, node.keep_array, false);
                        plan.tasks.push(Task::Emit(Op::Call(site), *right));
                    }
                    _ => {
                        plan.visit(*right);
                        plan.emit(Op::Chain);
                    }
                }
            }
            Kind::Lambda { params, signature, body } => {
                let bound = self.bound_names(*body);
                let scope = self.scopes.open_frame(Some(self.scope), bound, params.len());
                self.scopes.set_params(scope, params);
                let label = self.label();
                self.bodies.push(Body { node: *body, scope, label, is_tail: true });
                self.program.lambdas.push(Lambda {
                    entry: label,
                    n_params: params.len() as u32,
                    n_slots: self.scopes.frame_of(scope),
                    signature: signature.clone(),
                    node: plan.owner,
                    comparison: self.comparison(params, signature.is_some(), *body),
                });
                plan.emit(Op::Lambda(self.program.lambdas.len() as u32 - 1));
            }
            Kind::Transform { pattern, update, delete } => {
                let mut body = |node: NodeId| {
                    let label = self.label();
                    self.bodies.push(Body { node, scope: self.scope, label, is_tail: false });
                    label
                };
                let (pattern, update, delete) = (body(*pattern), body(*update), delete.map(&mut body));
                let node = plan.owner;
                self.program.transforms.push(Transform { pattern, update, delete, node });
                plan.emit(Op::Transform(self.program.transforms.len() as u32 - 1));
            }
            // Only ever a step of a path, which writes it itself.
            Kind::Sort(_) => plan.emit(Op::Undefined),
        }
        Ok(())
    }

    /// Recognizes a function that compares its arguments by one field.
    fn comparison(&self, params: &[String], has_signature: bool, body: NodeId) -> Option<Comparison> {
        let mut body = body;
        if let Kind::Block(items) = self.tree.kind(body)
            && let [only] = items.as_slice()
        {
            body = *only;
        }
        let node = self.tree.node(body)?;
        let Kind::Binary(op, left, right) = node.kind else { return None };
        let is_order = matches!(
            op,
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual
        );
        let is_bare = node.predicates.is_empty() && node.group.is_none() && !node.keep_array;
        let (left, right) = (self.field_of(left)?, self.field_of(right)?);
        let [first, second] = params else { return None };
        if !is_order || !is_bare || has_signature || self.has_probes || first == second || left.1 != right.1 {
            return None;
        }
        let is_swapped = if left.0 == first && right.0 == second {
            false
        } else if left.0 == second && right.0 == first {
            true
        } else {
            return None;
        };
        Some(Comparison { names: left.1.into_iter().cloned().collect(), op, is_swapped })
    }

    /// A variable and the names that follow it, if there is nothing else.
    fn field_of(&self, id: NodeId) -> Option<(&'t String, Vec<&'t String>)> {
        let node = self.tree.node(id)?;
        let steps: &[NodeId] = match &node.kind {
            Kind::Path { steps, keep_singleton: false } => steps,
            Kind::Variable(_) => std::slice::from_ref(&id),
            _ => return None,
        };
        let mut names = Vec::new();
        let mut variable = None;
        for (idx, step) in steps.iter().enumerate() {
            let step = self.tree.node(*step)?;
            let is_bare = step.predicates.is_empty()
                && step.stages.is_empty()
                && step.group.is_none()
                && !step.is_tuple
                && !step.keep_array;
            match &step.kind {
                Kind::Variable(name) if idx == 0 && is_bare => variable = Some(name),
                Kind::Name(name) if idx != 0 && is_bare => names.push(name),
                _ => return None,
            }
        }
        Some((variable.filter(|_| node.group.is_none() && !node.keep_array)?, names))
    }

    fn binary(&mut self, op: BinaryOp, left: NodeId, right: NodeId, plan: &mut Plan) {
        plan.visit(left);
        let end = self.label();
        match op {
            BinaryOp::And => plan.emit(Op::And(end)),
            BinaryOp::Or => plan.emit(Op::Or(end)),
            BinaryOp::Default => plan.emit(Op::IfTrue(end)),
            BinaryOp::Coalesce => plan.emit(Op::IfDefined(end)),
            _ => {}
        }
        plan.visit(right);
        match op {
            BinaryOp::And | BinaryOp::Or => plan.emit(Op::ToBool),
            BinaryOp::Default | BinaryOp::Coalesce => {}
            BinaryOp::Concat => plan.emit(Op::Concat),
            op => plan.emit(Op::Binary(op)),
        }
        plan.mark(end);
    }

    /// A block has its own variables. They live in the frame around it unless a function may keep
    /// them alive.
    fn block(&mut self, node: &Node, items: &[NodeId], is_tail: bool, plan: &mut Plan) {
        let Some((last, others)) = items.split_last() else { return plan.emit(Op::Undefined) };
        let bound: Vec<String> = items.iter().flat_map(|it| self.bound_names(*it)).collect();
        let outer = self.scope;
        let has_variables = !bound.is_empty();
        let mut frame = None;
        if has_variables {
            if node.has_closure {
                let scope = self.scopes.open_frame(Some(outer), bound, 0);
                frame = Some(scope);
                plan.emit(Op::FrameBegin { n_slots: self.scopes.frame_of(scope) });
                plan.scope(scope);
            } else {
                let (scope, first, n_slots) = self.scopes.open_merged(outer, bound);
                plan.emit(Op::Clear { first, n_slots });
                plan.scope(scope);
            }
        }
        for item in others {
            plan.visit(*item);
            plan.emit(Op::Pop);
        }
        plan.visit_tail(*last, is_tail);
        if frame.is_some() {
            plan.emit(Op::FrameEnd);
        }
        if has_variables {
            plan.scope(outer);
        }
    }

    /// An object constructor or a grouping of the top.
    fn group(&mut self, pairs: &[(NodeId, NodeId)], tuple_scope: Option<(ScopeId, u32)>, plan: &mut Plan) {
        if let (None, Some(keys)) = (tuple_scope, self.written_keys(pairs)) {
            plan.emit(Op::ObjectBegin(pairs.len() as u32));
            for (key, (_, value)) in keys.into_iter().zip(pairs) {
                plan.visit(*value);
                plan.emit(Op::ObjectSet(key));
            }
            plan.emit(Op::ObjectEnd);
            return;
        }
        let outer = self.scope;
        let (next, each, end) = (self.label(), self.label(), self.label());
        let values: Vec<u32> = pairs.iter().map(|_| self.label()).collect();
        let tuple_frame = tuple_scope.map(|it| it.1);
        self.program.groups.push(Group { values: values.clone(), tuple_frame });
        plan.emit(Op::GroupBegin(self.program.groups.len() as u32 - 1));
        if let Some((scope, _)) = tuple_scope {
            plan.scope(scope);
        }
        plan.mark(next);
        plan.emit(Op::GroupNext { exit: each });
        for (idx, (key, _)) in pairs.iter().enumerate() {
            plan.visit(*key);
            plan.emit(Op::GroupKey(idx as u32));
        }
        plan.emit(Op::GroupKeysEnd(next));
        plan.mark(each);
        plan.emit(Op::GroupEach { exit: end });
        for (label, (_, value)) in values.into_iter().zip(pairs) {
            plan.mark(label);
            plan.visit(*value);
            plan.emit(Op::GroupValue(each));
        }
        plan.mark(end);
        if tuple_scope.is_some() {
            plan.scope(outer);
        }
    }

    /// The keys of an object if all are written out and no two are the same.
    fn written_keys(&mut self, pairs: &[(NodeId, NodeId)]) -> Option<Vec<u32>> {
        let mut keys = Vec::with_capacity(pairs.len());
        let mut seen = std::collections::HashSet::new();
        for (key, _) in pairs {
            let node = self.tree.node(*key)?;
            let Kind::Text(text) = &node.kind else { return None };
            if !node.predicates.is_empty() || node.group.is_some() || !seen.insert(text) {
                return None;
            }
            keys.push(self.constant(text));
        }
        (!self.has_probes).then_some(keys)
    }

    fn site(
        &mut self,
        callee: NodeId,
        n_arguments: usize,
        nesting: u32,
        keep_array: bool,
        is_tail: bool,
    ) -> u32 {
        let (name, with_dollar) = match self.tree.kind(callee) {
            Kind::Variable(name) => (Some(name.clone()), None),
            Kind::Path { steps, .. } => match steps.first().map(|it| self.tree.kind(*it)) {
                Some(Kind::Name(name)) => (Some(name.clone()), Some(self.variable(name))),
                Some(Kind::Variable(name)) => (Some(name.clone()), None),
                _ => (None, None),
            },
            Kind::Text(text) => (Some(text.clone()), None),
            _ => (None, None),
        };
        let n_arguments = n_arguments as u32;
        self.program.calls.push(CallSite { n_arguments, name, with_dollar, nesting, keep_array, is_tail });
        self.program.calls.len() as u32 - 1
    }

    fn label(&mut self) -> u32 {
        self.labels.push(0);
        self.labels.len() as u32 - 1
    }

    fn constant(&mut self, text: &'t str) -> u32 {
        let program = &mut self.program;
        *self.constants.entry(text).or_insert_with(|| {
            program.constants.push(Value::String(text.to_string()));
            program.constants.len() as u32 - 1
        })
    }

    /// Replaces labels by places.
    fn finish(self) -> Program {
        let Compiler { mut program, labels, scopes, .. } = self;
        let place = |label: &mut u32| *label = labels.get(*label as usize).copied().unwrap_or(0);
        for op in &mut program.code {
            match op {
                Op::Jump(it)
                | Op::Unless(it)
                | Op::And(it)
                | Op::Or(it)
                | Op::IfTrue(it)
                | Op::IfDefined(it)
                | Op::IfEmpty(it)
                | Op::StepNext { exit: it, .. }
                | Op::StepCollect(it)
                | Op::FilterNext { exit: it, .. }
                | Op::FilterTest(it)
                | Op::SortNext { exit: it, .. }
                | Op::SortCollect(it)
                | Op::TupleNext { exit: it, .. }
                | Op::TupleCollect { next: it, .. }
                | Op::GroupNext { exit: it }
                | Op::GroupKeysEnd(it)
                | Op::GroupEach { exit: it }
                | Op::GroupValue(it) => place(it),
                Op::FrameBegin { n_slots } => *n_slots = scopes.n_slots(*n_slots),
                _ => {}
            }
        }
        for lambda in &mut program.lambdas {
            place(&mut lambda.entry);
            lambda.n_slots = scopes.n_slots(lambda.n_slots);
        }
        for transform in &mut program.transforms {
            place(&mut transform.pattern);
            place(&mut transform.update);
            if let Some(delete) = &mut transform.delete {
                place(delete);
            }
        }
        for group in &mut program.groups {
            group.values.iter_mut().for_each(place);
        }
        program.n_slots = scopes.n_slots(0);
        for (names, frame) in program.tuple_frames.iter_mut().zip(scopes.tuple_frames()) {
            names.resize(scopes.n_slots(frame) as usize, u32::MAX);
        }
        program
    }
}
