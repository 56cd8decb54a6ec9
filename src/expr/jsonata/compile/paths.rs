//! The instructions of paths: steps, filters, order-by, and the tuples that carry bound variables
//! and parents along.

use crate::expr::jsonata::ast::{Kind, Node, NodeId, Stage};
use crate::expr::jsonata::compile::scopes::ScopeId;
use crate::expr::jsonata::compile::{Compiler, Plan};
use crate::expr::jsonata::program::Op;

/// A scope that tuples fill, and the number of its frame.
type TupleScope = (ScopeId, u32);

impl<'t> Compiler<'t> {
    pub fn path(&mut self, node: &'t Node, steps: &'t [NodeId], keep_singleton: bool, plan: &mut Plan) {
        let end = self.label();
        let is_tuple = |it: &NodeId| self.tree.node(*it).is_some_and(|it| it.is_tuple);
        let has_tuples = steps.iter().any(is_tuple);
        let tuple_scope = has_tuples.then(|| self.tuple_scope(plan.owner));
        let mut in_tuples = false;
        let mut idx = 0;
        while let Some(id) = steps.get(idx) {
            let Some(step) = self.tree.node(*id) else { break };
            let is_last = idx + 1 == steps.len();
            in_tuples |= step.is_tuple;
            let is_variable = matches!(step.kind, Kind::Variable(_));
            let is_plain = step.stages.is_empty() && !in_tuples;
            if idx == 0 && step.is_cons {
                plan.visit(*id);
                if !is_last && !step.predicates.is_empty() {
                    plan.emit(Op::Written);
                }
            } else if idx == 0 && is_variable && is_plain {
                plan.visit(*id);
                plan.emit(Op::Single { is_last });
            } else {
                if idx == 0 {
                    plan.emit(if is_variable { Op::InputOnce } else { Op::Input });
                }
                let n_names = if in_tuples { 0 } else { self.n_names(steps, idx) };
                if 0 < n_names {
                    let names = steps.get(idx..idx + n_names).unwrap_or_default();
                    self.walk(names, idx + n_names == steps.len(), plan);
                    idx += n_names;
                    if idx < steps.len() {
                        plan.emit(Op::IfEmpty(end));
                    }
                    continue;
                }
                self.step(*id, step, is_last, tuple_scope.filter(|_| in_tuples), plan);
            }
            idx += 1;
            if !in_tuples && !is_last {
                plan.emit(Op::IfEmpty(end));
            }
        }
        if in_tuples && !node.is_tuple && node.group.is_none() {
            plan.emit(Op::TupleValues);
        }
        plan.mark(end);
        if keep_singleton {
            plan.emit(Op::PathEnd { keeps: true });
        }
        if let Some(pairs) = &node.group {
            self.group(pairs, tuple_scope.filter(|_| in_tuples), plan);
        }
    }

    /// How many steps from here on are nothing but names.
    fn n_names(&self, steps: &[NodeId], from: usize) -> usize {
        if self.has_probes {
            return 0;
        }
        let is_name = |it: &&NodeId| {
            self.tree.node(**it).is_some_and(|it| {
                matches!(it.kind, Kind::Name(_))
                    && it.stages.is_empty()
                    && it.predicates.is_empty()
                    && it.group.is_none()
                    && !it.is_tuple
                    && !it.keep_array
            })
        };
        steps.iter().skip(from).take_while(is_name).count()
    }

    fn walk(&mut self, names: &'t [NodeId], is_last: bool, plan: &mut Plan) {
        let tree = self.tree;
        let mut path = Vec::with_capacity(names.len());
        for id in names {
            if let Kind::Name(name) = tree.kind(*id) {
                path.push(name.clone());
            }
        }
        self.program.paths.push(path);
        let path = self.program.paths.len() as u32 - 1;
        let last = names.last().copied().unwrap_or(plan.owner);
        let owner = std::mem::replace(&mut plan.owner, last);
        plan.emit(Op::Walk { path, is_last });
        plan.owner = owner;
    }

    /// One step over the sequence on top, in tuples or without.
    fn step(&mut self, id: NodeId, step: &Node, is_last: bool, tuples: Option<TupleScope>, plan: &mut Plan) {
        if let Kind::Sort(terms) = &step.kind {
            self.sort(id, terms, tuples, plan);
            if let (Some(name), Some(_)) = (&step.index, tuples) {
                plan.emit(Op::TupleIndex(self.tuple_name(name)));
            }
            self.stages(step, tuples, plan);
            return;
        }
        let (next, exit) = (self.label(), self.label());
        let outer = self.scope;
        match tuples {
            Some((scope, tuple_frame)) => {
                plan.emit(Op::TupleBegin);
                plan.mark(next);
                plan.emit(Op::TupleNext { exit, tuple_frame });
                plan.scope(scope);
                plan.visit(id);
                plan.scope(outer);
                let focus = step.focus.as_ref().map(|it| self.tuple_name(it));
                let index = step.index.as_ref().map(|it| self.tuple_name(it));
                let label = step.ancestor.map(|it| self.label_name(it));
                let ancestor = label.map(|it| self.tuple_name(&it));
                plan.emit(Op::TupleCollect { next, focus, index, ancestor });
                plan.mark(exit);
                self.stages(step, tuples, plan);
            }
            None => {
                plan.emit(Op::StepBegin);
                plan.mark(next);
                plan.emit(Op::StepNext { exit, is_last });
                plan.visit(id);
                self.stages(step, None, plan);
                plan.emit(Op::StepCollect(next));
                plan.mark(exit);
            }
        }
    }

    fn stages(&mut self, step: &Node, tuples: Option<TupleScope>, plan: &mut Plan) {
        for stage in &step.stages {
            match stage {
                Stage::Filter(filter) => self.filter(*filter, tuples, plan),
                Stage::Index(name) => plan.emit(Op::TupleIndex(self.tuple_name(name))),
            }
        }
    }

    pub fn filter(&mut self, filter: NodeId, tuples: Option<TupleScope>, plan: &mut Plan) {
        if let Some(Node { kind: Kind::Number(number), .. }) = self.tree.node(filter) {
            plan.emit(Op::Pick(number.floor()));
            return;
        }
        let (next, exit) = (self.label(), self.label());
        let outer = self.scope;
        plan.emit(Op::FilterBegin);
        plan.mark(next);
        plan.emit(Op::FilterNext { exit, tuple_frame: tuples.map(|it| it.1) });
        if let Some((scope, _)) = tuples {
            plan.scope(scope);
        }
        plan.visit(filter);
        plan.scope(outer);
        plan.emit(Op::FilterTest(next));
        plan.mark(exit);
    }

    fn sort(&mut self, id: NodeId, terms: &[(bool, NodeId)], tuples: Option<TupleScope>, plan: &mut Plan) {
        self.program.sorts.push(terms.iter().map(|it| it.0).collect());
        let sort = self.program.sorts.len() as u32 - 1;
        let (next, exit) = (self.label(), self.label());
        let outer = self.scope;
        let owner = std::mem::replace(&mut plan.owner, id);
        plan.emit(Op::SortBegin(sort));
        plan.mark(next);
        plan.emit(Op::SortNext { exit, tuple_frame: tuples.map(|it| it.1) });
        if let Some((scope, _)) = tuples {
            plan.scope(scope);
        }
        for (_, term) in terms {
            plan.visit(*term);
        }
        plan.scope(outer);
        plan.emit(Op::SortCollect(next));
        plan.mark(exit);
        plan.owner = owner;
    }

    /// The scope that the tuples of a path or block fill.
    pub fn tuple_scope(&mut self, id: NodeId) -> TupleScope {
        let names = self.names_in_tuples(id);
        let numbers = names.iter().map(|it| self.tuple_name(it)).collect();
        self.program.tuple_frames.push(numbers);
        self.scopes.open_tuple(self.scope, names)
    }

    /// All names that the tuples of a path may bind, those of the paths at its ends included.
    fn names_in_tuples(&self, id: NodeId) -> Vec<String> {
        let mut res: Vec<String> = Vec::new();
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            let Some(node) = self.tree.node(id) else { continue };
            match &node.kind {
                Kind::Path { steps, .. } => pending.extend(steps),
                Kind::Block(items) => pending.extend(items.last()),
                _ => {}
            }
            let label = node.ancestor.map(|it| self.label_name(it));
            let positions = node.stages.iter().filter_map(|it| match it {
                Stage::Index(name) => Some(name.clone()),
                Stage::Filter(_) => None,
            });
            let names =
                [node.focus.clone(), node.index.clone(), label].into_iter().flatten().chain(positions);
            for name in names {
                if !res.contains(&name) {
                    res.push(name);
                }
            }
        }
        res
    }

    pub fn label_name(&self, slot: usize) -> String {
        format!("!{}", self.tree.labels.get(slot).copied().unwrap_or_default())
    }

    fn tuple_name(&mut self, name: &str) -> u32 {
        let next = self.tuple_names.len() as u32;
        *self.tuple_names.entry(name.to_string()).or_insert(next)
    }
}
