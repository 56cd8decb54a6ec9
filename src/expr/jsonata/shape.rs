//! Puts the written tree into the shape that is evaluated: dots become lists of steps, brackets
//! become predicates of their step, and each `%` finds the step whose input it names.
//!
//! Written nodes come after what is inside them, so one pass over the list is enough.

use crate::expr::jsonata::ast::{Kind, Node, NodeId, Stage, Tree};
use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::syntax::{Raw, RawId, RawKind};

/// How far a parent operator is searched through nested blocks and paths, and how many there may
/// be: more is nobody's expression, and the search would take its time.
const MAX_PARENTS: usize = 1_000;
const MAX_SEEK_DEPTH: usize = 200;

/// Shapes the written nodes; the last one is the root.
pub fn shape(raws: Vec<Raw>) -> Result<Tree, Box<Fault>> {
    let mut shaper =
        Shaper { tree: Tree::default(), slots: Vec::new(), shaped: Vec::with_capacity(raws.len()) };
    for raw in raws {
        let id = shaper.shape(raw)?;
        shaper.shaped.push(id);
    }
    let Some(root) = shaper.shaped.last().copied() else { return Err(Fault::new("S0207")) };
    let Shaper { mut tree, slots, .. } = shaper;
    tree.root = root;
    tree.labels = slots.iter().map(|it| it.label).collect();
    match tree.node(root) {
        Some(node) if !node.seeking.is_empty() || matches!(node.kind, Kind::Parent(_)) => {
            Err(Fault::new("S0217").between(node.span.0, node.span.1).at(node.at))
        }
        _ => Ok(tree),
    }
}

struct Shaper {
    tree: Tree,
    slots: Vec<Slot>,
    /// The shaped node of each written one.
    shaped: Vec<NodeId>,
}

/// One parent operator on its way to its step.
struct Slot {
    label: u32,
    level: i64,
}

type Outcome<T> = Result<T, Box<Fault>>;

impl Shaper {
    fn shape(&mut self, raw: Raw) -> Outcome<NodeId> {
        let Raw { kind, span, at, keep_array } = raw;
        let place = (span, at);
        let id = match kind {
            RawKind::Name(name) => {
                let step = self.push(Kind::Name(name), place);
                if keep_array {
                    self.edit(step, |it| it.keep_array = true);
                }
                self.push(Kind::Path { steps: vec![step], keep_singleton: keep_array }, place)
            }
            RawKind::Text(text) => self.push(Kind::Text(text), place),
            RawKind::Number(number) => self.push(Kind::Number(number), place),
            RawKind::Bool(value) => self.push(Kind::Bool(value), place),
            RawKind::Null => self.push(Kind::Null, place),
            RawKind::Variable(name) => self.push(Kind::Variable(name), place),
            RawKind::Regex { pattern, ignore_case, multiline } => {
                self.push(Kind::Regex { pattern, ignore_case, multiline }, place)
            }
            RawKind::Wildcard => self.push(Kind::Wildcard, place),
            RawKind::Descendants => self.push(Kind::Descendants, place),
            RawKind::Parent => self.parent(place)?,
            RawKind::Nothing => return Err(Fault::new("S0207").between(span.0, span.1).at(at)),
            RawKind::Hole => self.push(Kind::Hole, place),
            RawKind::Negate(inner) => self.negate(inner, place),
            RawKind::Array(items) => {
                let items = self.of_all(items);
                self.push_above(Kind::Array(items), place)
            }
            RawKind::Object(pairs) => {
                let pairs = self.of_pairs(pairs);
                self.push_above(Kind::Object(pairs), place)
            }
            RawKind::Block(items) => self.block(items, place),
            RawKind::Binary(op, left, right) => {
                let (left, right) = (self.of(left), self.of(right));
                self.push_above(Kind::Binary(op, left, right), place)
            }
            RawKind::Dot(left, right) => self.dot(left, right, place)?,
            RawKind::Predicate(left, right) => self.predicate(left, right, place)?,
            RawKind::Group(left, pairs) => self.group(left, pairs, place)?,
            RawKind::Sort(left, terms) => self.sort(left, terms, place)?,
            RawKind::Bind(name, value) => {
                let value = self.of(value);
                self.push_above(Kind::Bind(name, value), place)
            }
            RawKind::Focus(left, name) => self.focus(left, name, keep_array, place)?,
            RawKind::Index(left, name) => self.index(left, name, place),
            RawKind::Chain(left, right) => {
                let (left, right) = (self.of(left), self.of(right));
                let keep = [left, right].iter().any(|it| self.tree.node(*it).is_some_and(|it| it.keep_array));
                // The reference does not look for parents across this operator.
                let id = self.push(Kind::Chain(left, right), place);
                let closes = |it: &NodeId| self.tree.node(*it).is_some_and(|it| it.has_closure);
                let has_closure = [left, right].iter().any(closes);
                self.edit(id, |it| {
                    it.keep_array = keep;
                    it.has_closure = has_closure;
                });
                id
            }
            RawKind::Condition(condition, then, otherwise) => {
                let (condition, then) = (self.of(condition), self.of(then));
                let otherwise = otherwise.map(|it| self.of(it));
                self.push_above(Kind::Condition(condition, then, otherwise), place)
            }
            RawKind::Call(callee, arguments) => {
                let (callee, arguments) = (self.of(callee), self.of_all(arguments));
                self.push_above(Kind::Call(callee, arguments), place)
            }
            RawKind::Partial(callee, arguments) => {
                let callee = self.of(callee);
                let arguments = self.of_all(arguments).into_iter();
                let is_hole = |it: &NodeId| matches!(self.tree.kind(*it), Kind::Hole);
                let arguments = arguments.map(|it| (!is_hole(&it)).then_some(it)).collect();
                self.push_above(Kind::Partial(callee, arguments), place)
            }
            RawKind::Lambda { params, signature, body } => {
                let body = self.of(body);
                let id = self.push(Kind::Lambda { params, signature, body }, place);
                self.edit(id, |it| it.has_closure = true);
                id
            }
            RawKind::Transform { pattern, update, delete } => {
                let (pattern, update) = (self.of(pattern), self.of(update));
                let delete = delete.map(|it| self.of(it));
                let id = self.push(Kind::Transform { pattern, update, delete }, place);
                self.edit(id, |it| it.has_closure = true);
                id
            }
        };
        self.edit(id, |it| {
            it.keep_array |= keep_array;
            // A path that grew out of its first step covers all of them.
            it.span = (it.span.0.min(span.0), it.span.1.max(span.1));
        });
        Ok(id)
    }

    fn of(&self, raw: RawId) -> NodeId {
        self.shaped.get(raw).copied().unwrap_or_default()
    }

    fn of_all(&self, raws: Vec<RawId>) -> Vec<NodeId> {
        raws.into_iter().map(|it| self.of(it)).collect()
    }

    fn of_pairs(&self, pairs: Vec<(RawId, RawId)>) -> Vec<(NodeId, NodeId)> {
        pairs.into_iter().map(|(key, value)| (self.of(key), self.of(value))).collect()
    }

    fn push(&mut self, kind: Kind, (span, at): ((usize, usize), usize)) -> NodeId {
        self.tree.nodes.push(Node {
            kind,
            span,
            at,
            predicates: Vec::new(),
            stages: Vec::new(),
            group: None,
            focus: None,
            index: None,
            ancestor: None,
            is_tuple: false,
            keep_array: false,
            is_cons: false,
            seeking: Vec::new(),
            has_closure: false,
        });
        self.tree.nodes.len() - 1
    }

    /// A node whose parents still seek their step when those inside it do.
    fn push_above(&mut self, kind: Kind, place: ((usize, usize), usize)) -> NodeId {
        let id = self.push(kind, place);
        for child in self.tree.children(id) {
            self.adopt(id, child);
        }
        id
    }

    /// What `child` seeks, `id` seeks.
    fn adopt(&mut self, id: NodeId, child: NodeId) {
        let Some(node) = self.tree.nodes.get(child) else { return };
        let has_closure = node.has_closure;
        let slots = self.sought_by(child);
        self.edit(id, |it| {
            it.seeking.extend(slots);
            it.has_closure |= has_closure;
        });
    }

    fn sought_by(&self, id: NodeId) -> Vec<usize> {
        let Some(node) = self.tree.nodes.get(id) else { return Vec::new() };
        let own = match node.kind {
            Kind::Parent(slot) => Some(slot),
            _ => None,
        };
        node.seeking.iter().copied().chain(own).collect()
    }

    fn edit(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.tree.nodes.get_mut(id) {
            change(node);
        }
    }

    fn parent(&mut self, place: ((usize, usize), usize)) -> Outcome<NodeId> {
        let slot = self.slots.len();
        if slot == MAX_PARENTS {
            let ((start, end), at) = place;
            return Err(Fault::new("S0217").between(start, end).at(at));
        }
        self.slots.push(Slot { label: slot as u32, level: 1 });
        Ok(self.push(Kind::Parent(slot), place))
    }

    fn negate(&mut self, inner: RawId, place: ((usize, usize), usize)) -> NodeId {
        let inner = self.of(inner);
        if let Some(Node { kind: Kind::Number(number), .. }) = self.tree.nodes.get_mut(inner) {
            *number = -*number;
            return inner;
        }
        self.push_above(Kind::Negate(inner), place)
    }

    fn block(&mut self, items: Vec<RawId>, place: ((usize, usize), usize)) -> NodeId {
        let items = self.of_all(items);
        let is_cons = items.iter().any(|it| {
            let first = match self.tree.kind(*it) {
                Kind::Path { steps, .. } => steps.first().copied().unwrap_or(*it),
                _ => *it,
            };
            [first, *it].iter().any(|it| self.tree.node(*it).is_some_and(|it| it.is_cons))
        });
        let id = self.push_above(Kind::Block(items), place);
        self.edit(id, |it| it.is_cons = is_cons);
        id
    }

    /// Makes a path of a node that is none.
    fn as_path(&mut self, id: NodeId) -> NodeId {
        let Some(node) = self.tree.nodes.get(id) else { return id };
        if let Kind::Path { .. } = node.kind {
            return id;
        }
        let place = (node.span, node.at);
        let has_closure = node.has_closure;
        let path = self.push(Kind::Path { steps: vec![id], keep_singleton: false }, place);
        self.edit(path, |it| it.has_closure = has_closure);
        path
    }

    fn steps(&self, path: NodeId) -> &[NodeId] {
        match self.tree.kind(path) {
            Kind::Path { steps, .. } => steps,
            _ => &[],
        }
    }

    /// The last step of a path, or the node itself.
    fn last_step(&self, id: NodeId) -> NodeId {
        self.steps(id).last().copied().unwrap_or(id)
    }

    fn dot(&mut self, left: RawId, right: RawId, place: ((usize, usize), usize)) -> Outcome<NodeId> {
        let (left, right) = (self.of(left), self.of(right));
        let path = self.as_path(left);
        if let Kind::Parent(slot) = *self.tree.kind(left) {
            self.edit(path, |it| it.seeking.push(slot));
        }
        let is_new = path != left;
        let added: Vec<NodeId> = match &mut self.tree.nodes.get_mut(right).map(|it| &mut it.kind) {
            Some(Kind::Path { steps, .. }) => std::mem::take(steps),
            _ => {
                self.edit(right, |it| {
                    let predicates = std::mem::take(&mut it.predicates);
                    it.stages.splice(0..0, predicates.into_iter().map(Stage::Filter));
                });
                vec![right]
            }
        };
        let fresh: Vec<NodeId> = is_new.then_some(left).into_iter().chain(added.iter().copied()).collect();
        let (mut keeps, mut has_closure) = (false, false);
        for step in fresh {
            let Some(node) = self.tree.nodes.get_mut(step) else { continue };
            match &mut node.kind {
                Kind::Number(_) | Kind::Bool(_) | Kind::Null => {
                    let value = match node.kind {
                        Kind::Number(number) => serde_json::Value::from(number),
                        Kind::Bool(value) => serde_json::Value::from(value),
                        _ => serde_json::Value::Null,
                    };
                    let (start, end) = node.span;
                    return Err(Fault::new("S0213").between(start, end).at(node.at).value(value));
                }
                Kind::Text(text) => node.kind = Kind::Name(std::mem::take(text)),
                _ => {}
            }
            keeps |= node.keep_array;
            has_closure |= node.has_closure;
        }
        // A path made for an order-by or a position learns only now what its first step keeps.
        keeps |= self.steps(path).first().and_then(|it| self.tree.node(*it)).is_some_and(|it| it.keep_array);
        self.edit(path, |it| {
            it.has_closure |= has_closure;
            it.at = place.1;
            it.span.1 = it.span.1.max(place.0.1);
            if let Kind::Path { steps, keep_singleton } = &mut it.kind {
                steps.extend(added);
                *keep_singleton |= keeps;
            }
        });
        let ends = [self.steps(path).first().copied(), self.steps(path).last().copied()];
        for end in ends.into_iter().flatten() {
            self.edit(end, |it| it.is_cons |= matches!(it.kind, Kind::Array(_)));
        }
        self.resolve(path)?;
        Ok(path)
    }

    fn predicate(&mut self, left: RawId, right: RawId, place: ((usize, usize), usize)) -> Outcome<NodeId> {
        let (left, filter) = (self.of(left), self.of(right));
        let step = self.last_step(left);
        let is_path = matches!(self.tree.kind(left), Kind::Path { .. });
        if self.tree.node(step).is_some_and(|it| it.group.is_some()) {
            return Err(fault("S0209", place));
        }
        let sought = self.tree.node(filter).map_or(Vec::new(), |it| it.seeking.clone());
        if !sought.is_empty() {
            for slot in sought {
                match self.slots.get_mut(slot) {
                    Some(it) if it.level != 1 => it.level -= 1,
                    _ => self.seek(step, slot, 0)?,
                }
            }
        }
        if self.tree.node(filter).is_some_and(|it| !it.seeking.is_empty()) {
            self.adopt(step, filter);
        }
        let has_closure = self.tree.node(filter).is_some_and(|it| it.has_closure);
        self.edit(step, |it| {
            it.has_closure |= has_closure;
            match is_path {
                true => it.stages.push(Stage::Filter(filter)),
                false => it.predicates.push(filter),
            }
        });
        self.edit(left, |it| it.has_closure |= has_closure);
        Ok(left)
    }

    fn group(
        &mut self,
        left: RawId,
        pairs: Vec<(RawId, RawId)>,
        place: ((usize, usize), usize),
    ) -> Outcome<NodeId> {
        let left = self.of(left);
        if self.tree.node(left).is_some_and(|it| it.group.is_some()) {
            return Err(fault("S0210", place));
        }
        let pairs = self.of_pairs(pairs);
        let inner = pairs.iter().flat_map(|(key, value)| [*key, *value]);
        let has_closure = inner.clone().any(|it| self.tree.node(it).is_some_and(|it| it.has_closure));
        self.edit(left, |it| {
            it.has_closure |= has_closure;
            it.group = Some(pairs);
        });
        Ok(left)
    }

    fn sort(
        &mut self,
        left: RawId,
        terms: Vec<(bool, RawId)>,
        place: ((usize, usize), usize),
    ) -> Outcome<NodeId> {
        let left = self.of(left);
        let path = self.as_path(left);
        let terms = terms.into_iter().map(|(descending, term)| (descending, self.of(term))).collect();
        let step = self.push_above(Kind::Sort(terms), place);
        let has_closure = self.tree.node(step).is_some_and(|it| it.has_closure);
        self.edit(path, |it| {
            it.has_closure |= has_closure;
            if let Kind::Path { steps, .. } = &mut it.kind {
                steps.push(step);
            }
        });
        self.resolve(path)?;
        Ok(path)
    }

    fn focus(
        &mut self,
        left: RawId,
        name: String,
        keep_array: bool,
        place: ((usize, usize), usize),
    ) -> Outcome<NodeId> {
        let left = self.of(left);
        let step = self.last_step(left);
        let Some(node) = self.tree.nodes.get_mut(step) else { return Ok(left) };
        if !node.stages.is_empty() || !node.predicates.is_empty() {
            return Err(fault("S0215", place));
        }
        if let Kind::Sort(_) = node.kind {
            return Err(fault("S0216", place));
        }
        node.keep_array |= keep_array;
        node.focus = Some(name);
        node.is_tuple = true;
        Ok(left)
    }

    fn index(&mut self, left: RawId, name: String, _place: ((usize, usize), usize)) -> NodeId {
        let left = self.of(left);
        let path = self.as_path(left);
        let step = self.last_step(path);
        self.edit(step, |it| {
            let predicates = std::mem::take(&mut it.predicates);
            it.stages.splice(0..0, predicates.into_iter().map(Stage::Filter));
            match it.stages.is_empty() {
                true => it.index = Some(name),
                false => it.stages.push(Stage::Index(name)),
            }
            it.is_tuple = true;
        });
        path
    }

    /// Leads what the last step of a path seeks back through the steps before it.
    fn resolve(&mut self, path: NodeId) -> Outcome<()> {
        let Some(last) = self.steps(path).last().copied() else { return Ok(()) };
        for slot in self.sought_by(last) {
            let mut idx = self.steps(path).len() as i64 - 2;
            while self.slots.get(slot).is_some_and(|it| 0 < it.level) {
                if idx < 0 {
                    self.edit(path, |it| it.seeking.push(slot));
                    break;
                }
                let step_at = |shaper: &Self, idx: i64| shaper.steps(path).get(idx as usize).copied();
                let binds_focus = |shaper: &Self, step: Option<NodeId>| {
                    step.and_then(|it| shaper.tree.node(it)).is_some_and(|it| it.focus.is_some())
                };
                let mut step = step_at(self, idx);
                idx -= 1;
                // Several steps in a row that bind a variable with @ look at the same place.
                while 0 <= idx && binds_focus(self, step) && binds_focus(self, step_at(self, idx)) {
                    step = step_at(self, idx);
                    idx -= 1;
                }
                if let Some(step) = step {
                    self.seek(step, slot, 0)?;
                }
            }
        }
        Ok(())
    }

    /// One step back towards the parent: marks the step if it is the one.
    fn seek(&mut self, id: NodeId, slot: usize, depth: usize) -> Outcome<()> {
        let Some(node) = self.tree.nodes.get_mut(id) else { return Ok(()) };
        if MAX_SEEK_DEPTH < depth {
            return Err(fault("S0217", (node.span, node.at)));
        }
        match &node.kind {
            Kind::Name(_) | Kind::Wildcard => {
                let Some(level) = self.slots.get_mut(slot).map(|it| &mut it.level) else { return Ok(()) };
                *level -= 1;
                if *level == 0 {
                    node.is_tuple = true;
                    match node.ancestor {
                        // Two parents of one step share its label.
                        Some(known) => {
                            let label = self.slots.get(known).map_or(0, |it| it.label);
                            if let Some(it) = self.slots.get_mut(slot) {
                                it.label = label;
                            }
                        }
                        None => node.ancestor = Some(slot),
                    }
                }
                Ok(())
            }
            Kind::Parent(_) => {
                if let Some(it) = self.slots.get_mut(slot) {
                    it.level += 1;
                }
                Ok(())
            }
            Kind::Block(items) => match items.last().copied() {
                Some(last) => {
                    node.is_tuple = true;
                    self.seek(last, slot, depth + 1)
                }
                None => Ok(()),
            },
            Kind::Path { steps, .. } => {
                let steps = steps.clone();
                node.is_tuple = true;
                for (nth, step) in steps.into_iter().rev().enumerate() {
                    if nth != 0 && self.slots.get(slot).is_none_or(|it| it.level <= 0) {
                        break;
                    }
                    self.seek(step, slot, depth + 1)?;
                }
                Ok(())
            }
            _ => Err(fault("S0217", (node.span, node.at))),
        }
    }
}

fn fault(code: &'static str, ((start, end), at): ((usize, usize), usize)) -> Box<Fault> {
    Fault::new(code).between(start, end).at(at)
}
