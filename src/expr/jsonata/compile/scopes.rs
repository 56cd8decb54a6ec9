//! Which variables are visible where, and where they live.

use crate::expr::jsonata::ast::NodeId;
use crate::expr::jsonata::compile::Compiler;
use crate::expr::jsonata::program::{Op, Variable};
use crate::expr::jsonata::references::names_bound;

pub type ScopeId = usize;

/// All scopes of an expression.
#[derive(Default)]
pub struct Scopes {
    scopes: Vec<Scope>,
    frames: Vec<Frame>,
    /// The frames that are filled from tuples, in the order in which they were opened.
    tuple_frames: Vec<u32>,
}

/// A stretch of the expression with its own variables.
struct Scope {
    parent: Option<ScopeId>,
    frame: u32,
    names: Vec<(String, u32)>,
    /// So many slots are parameters: always set before anything inside runs.
    n_params: u32,
}

/// A list of variables made at run time.
struct Frame {
    depth: u32,
    n_slots: u32,
}

impl Scopes {
    /// A scope with a frame of its own; its first slots are kept for parameters.
    pub fn open_frame(&mut self, parent: Option<ScopeId>, names: Vec<String>, n_params: usize) -> ScopeId {
        let depth = parent.map_or(0, |it| self.depth(it) + 1);
        self.frames.push(Frame { depth, n_slots: n_params as u32 });
        let frame = self.frames.len() as u32 - 1;
        self.add(parent, frame, names).0
    }

    /// A scope whose variables live in the frame around it: its first slot and their number.
    pub fn open_merged(&mut self, parent: ScopeId, names: Vec<String>) -> (ScopeId, u32, u32) {
        let frame = self.frame_of(parent);
        self.add(Some(parent), frame, names)
    }

    fn add(&mut self, parent: Option<ScopeId>, frame: u32, names: Vec<String>) -> (ScopeId, u32, u32) {
        let first = self.n_slots(frame);
        let mut slots: Vec<(String, u32)> = Vec::new();
        for name in names {
            if slots.iter().all(|it| it.0 != name) {
                let slot = first + slots.len() as u32;
                slots.push((name, slot));
            }
        }
        let n_slots = slots.len() as u32;
        if let Some(it) = self.frames.get_mut(frame as usize) {
            it.n_slots += n_slots;
        }
        self.scopes.push(Scope { parent, frame, names: slots, n_params: 0 });
        (self.scopes.len() - 1, first, n_slots)
    }

    /// Names the first slots of a function's frame.
    pub fn set_params(&mut self, scope: ScopeId, params: &[String]) {
        let Some(it) = self.scopes.get_mut(scope) else { return };
        // Of two parameters with one name the last counts.
        let named: Vec<(String, u32)> = params.iter().cloned().zip(0..).collect();
        let bound = std::mem::take(&mut it.names);
        let is_free = |name: &str, known: &[(String, u32)]| known.iter().all(|it| it.0 != name);
        for (name, slot) in named.into_iter().rev() {
            if is_free(&name, &it.names) {
                it.names.push((name, slot));
            }
        }
        for (name, slot) in bound {
            if is_free(&name, &it.names) {
                it.names.push((name, slot));
            }
        }
        it.n_params = params.len() as u32;
    }

    /// A scope whose frame is filled from tuples.
    pub fn open_tuple(&mut self, parent: ScopeId, names: Vec<String>) -> (ScopeId, u32) {
        let scope = self.open_frame(Some(parent), names, 0);
        self.tuple_frames.push(self.frame_of(scope));
        (scope, self.tuple_frames.len() as u32 - 1)
    }

    pub fn tuple_frames(&self) -> Vec<u32> {
        self.tuple_frames.clone()
    }

    pub fn frame_of(&self, scope: ScopeId) -> u32 {
        self.scopes.get(scope).map_or(0, |it| it.frame)
    }

    pub fn n_slots(&self, frame: u32) -> u32 {
        self.frames.get(frame as usize).map_or(0, |it| it.n_slots)
    }

    fn depth(&self, scope: ScopeId) -> u32 {
        self.frames.get(self.frame_of(scope) as usize).map_or(0, |it| it.depth)
    }

    /// Where a name may be found from a scope, and whether the last place is sure to be set.
    fn find(&self, from: ScopeId, name: &str) -> (Vec<(u32, u32)>, bool) {
        let depth = self.depth(from);
        let mut places = Vec::new();
        let mut next = Some(from);
        while let Some(scope) = next.and_then(|it| self.scopes.get(it).map(|scope| (it, scope))) {
            let (id, scope) = scope;
            if let Some((_, slot)) = scope.names.iter().find(|it| it.0 == name) {
                places.push((depth - self.depth(id), *slot));
                if *slot < scope.n_params {
                    return (places, true);
                }
            }
            next = scope.parent;
        }
        (places, false)
    }
}

impl Compiler<'_> {
    /// The instruction that reads a variable.
    pub fn load(&mut self, name: &str) -> Op {
        match name {
            "" => Op::Context,
            "$" => {
                // `$$` can be bound like any other name.
                let (places, _) = self.scopes.find(self.scope, name);
                if places.is_empty() { Op::Root } else { Op::Load(self.variable(name)) }
            }
            name => Op::Load(self.variable(name)),
        }
    }

    /// The number of a variable as seen from the current scope.
    pub fn variable(&mut self, name: &str) -> u32 {
        let (places, is_sure) = self.scopes.find(self.scope, name);
        let global = (!is_sure).then(|| {
            let globals = &mut self.program.globals;
            *self.globals.entry(name.to_string()).or_insert_with(|| {
                globals.push(name.to_string());
                globals.len() as u32 - 1
            })
        });
        self.program.variables.push(Variable { places, global });
        self.program.variables.len() as u32 - 1
    }

    /// The names that are bound inside a sub-expression, but not inside a block or function in it.
    pub fn bound_names(&self, root: NodeId) -> Vec<String> {
        names_bound(self.tree, root)
    }
}
