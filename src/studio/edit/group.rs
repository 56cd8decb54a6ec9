//! Several states of one scope as a whole: what leads in, and what leads out. Verbs over a
//! selection ask here whether it has one beginning and one way on.

use crate::asl::{Scope, ScopeId, State, StateId, StateKind, StatePath};
use crate::studio::command::Refusal;
use crate::studio::edit::refuse;
use crate::studio::edit::scene::{Edge, Exit, Kind, Scene};
use crate::studio::words::count;

pub(super) struct Group<'d> {
    pub(super) scope_id: ScopeId,
    pub(super) scope: &'d Scope,
    /// In text order.
    pub(super) members: Vec<(StateId, &'d State)>,
    /// Connections from outside to a member.
    pub(super) entries: Vec<Edge<'d>>,
    /// Connections of members that leave the group, and those that end the scope.
    pub(super) exits: Vec<Edge<'d>>,
    /// By state index.
    is_member: Vec<bool>,
}

impl<'d> Group<'d> {
    /// The states as a group; they must be whole, and of one scope.
    pub(super) fn of(scene: &Scene<'d>, states: &[StatePath]) -> Result<Group<'d>, Refusal> {
        let members = outermost(scene, states)?;
        let Some((_, first)) = members.first() else {
            return refuse("Nothing is selected; select states first");
        };
        let scope = scene.scope_of(first)?;
        for (id, state) in &members {
            if state.scope != first.scope {
                return refuse(format!(
                    "“{}” and “{}” are not in the same branch or body; select states of one of them",
                    first.name, state.name
                ));
            }
            scene.whole(state)?;
            if scene.machine.resolve(scope, &state.name) != Some(*id) {
                return refuse(format!("Several states are named “{}”; rename one first", state.name));
            }
        }
        let mut group = Group {
            scope_id: first.scope,
            scope,
            is_member: mask(scene, &members),
            members,
            entries: Vec::new(),
            exits: Vec::new(),
        };
        for edge in scene.edges(group.scope_id) {
            let from_member = edge.source.is_some_and(|it| group.has(it));
            let to_member = group.target(scene, &edge).is_some_and(|it| group.has(it));
            match (from_member, to_member) {
                (false, true) => group.entries.push(edge),
                (true, false) => group.exits.push(edge),
                _ => {}
            }
        }
        Ok(group)
    }

    pub(super) fn has(&self, id: StateId) -> bool {
        self.is_member.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// The state of the scope that a connection leads to.
    fn target(&self, scene: &Scene<'d>, edge: &Edge) -> Option<StateId> {
        edge.target.and_then(|it| scene.machine.resolve(self.scope, &it.name))
    }

    pub(super) fn is_whole_scope(&self) -> bool {
        self.members.len() == self.scope.states.len()
    }

    /// “Wait”, “3 states”.
    pub(super) fn words(&self) -> String {
        match self.members.as_slice() {
            [(_, only)] => format!("“{}”", only.name),
            several => count(several.len(), "state", "states"),
        }
    }

    /// The same for labels, which quote nothing: “Undo Move Wait”.
    pub(super) fn label(&self) -> String {
        match self.members.as_slice() {
            [(_, only)] => only.name.clone(),
            _ => self.words(),
        }
    }

    /// The one state by which everything from outside comes in. Without any such connection it is
    /// the first one that no other member leads to.
    pub(super) fn entry(&self, scene: &Scene<'d>) -> Result<&'d State, Refusal> {
        let name_of = |it: &Edge<'d>| it.target.map(|it| it.name.as_str()).unwrap_or_default();
        let Some(first) = self.entries.first() else { return self.unled(scene) };
        if let Some(other) = self.entries.iter().find(|it| name_of(it) != name_of(first)) {
            return refuse(format!(
                "{}, but the selection begins with “{}”; let it lead there first, or select other states",
                edge_words(scene, other),
                name_of(first)
            ));
        }
        let entry = self.target(scene, first).and_then(|it| scene.machine.state(it));
        entry.map_or_else(|| self.unled(scene), Ok)
    }

    /// The first member that no other member leads to, else the first one.
    pub(super) fn unled(&self, scene: &Scene<'d>) -> Result<&'d State, Refusal> {
        let mut led = vec![false; scene.machine.states.len()];
        for (id, _) in &self.members {
            let targets = scene.edges_of(*id).into_iter().filter_map(|it| self.target(scene, &it));
            for target in targets.filter(|it| it != id) {
                if let Some(flag) = led.get_mut(target.0 as usize) {
                    *flag = true;
                }
            }
        }
        let unled = self.members.iter().find(|(id, _)| led.get(id.0 as usize) == Some(&false));
        match unled.or(self.members.first()) {
            Some((_, state)) => Ok(state),
            None => refuse("Nothing is selected; select states first"),
        }
    }

    /// The one way on that all members share; `Exit::Open` when nothing leads out. A Fail fails
    /// wherever it stands, so it is no way on.
    pub(super) fn way_on(&self, scene: &Scene<'d>) -> Result<Exit, Refusal> {
        let ways: Vec<(&Edge<'d>, Exit)> =
            self.exits.iter().filter_map(|it| exit_of(scene, it).map(|exit| (it, exit))).collect();
        let is_plain = |it: &&(&Edge<'d>, Exit)| matches!(it.0.kind, Kind::Next | Kind::End | Kind::Terminal);
        let Some((_, main)) = ways.iter().find(is_plain).or(ways.first()) else { return Ok(Exit::Open) };
        let Some((other, _)) = ways.iter().find(|(_, exit)| exit != main) else { return Ok(main.clone()) };
        let on = match main {
            Exit::To(name) => format!("the selection goes on to “{name}”"),
            _ => format!("the selection ends {}", scene.scope_word(self.scope)),
        };
        refuse(format!(
            "{}, but {on}; there must be one way on, so select both ends of the other one or connect it elsewhere first",
            edge_words(scene, other)
        ))
    }
}

/// Where a connection that leaves a group leads; nothing for a Fail.
fn exit_of(scene: &Scene, edge: &Edge) -> Option<Exit> {
    let source = edge.source.and_then(|it| scene.machine.state(it))?;
    match (edge.target, &source.kind) {
        (Some(target), _) => Some(Exit::To(target.name.clone())),
        (None, StateKind::Fail) => None,
        (None, _) => Some(Exit::Ends),
    }
}

/// “A Catch of “Charge” leads to “Refund””.
pub(super) fn edge_words(scene: &Scene, edge: &Edge) -> String {
    let source = edge.source.and_then(|it| scene.machine.state(it)).map(|it| it.name.as_str());
    let Some(source) = source else {
        let target = edge.target.map(|it| it.name.as_str()).unwrap_or_default();
        return format!("Start leads to “{target}”");
    };
    let who = match edge.kind {
        Kind::Rule => format!("A rule of “{source}”"),
        Kind::Default => format!("The Default of “{source}”"),
        Kind::Catch => format!("A Catch of “{source}”"),
        _ => format!("“{source}”"),
    };
    match edge.target {
        Some(target) => format!("{who} leads to “{}”", target.name),
        None => format!("{who} ends there"),
    }
}

/// The states in text order, each once, without those that lie inside another one of them.
pub(super) fn outermost<'d>(
    scene: &Scene<'d>,
    states: &[StatePath],
) -> Result<Vec<(StateId, &'d State)>, Refusal> {
    let found = states.iter().map(|it| scene.state(it)).collect::<Result<Vec<_>, _>>()?;
    let chosen = mask(scene, &found);
    let is_chosen = |id: StateId| chosen.get(id.0 as usize).copied().unwrap_or_default();
    let around = |it: &State| scene.machine.scope(it.scope).and_then(|it| it.parent);
    let lies_inside = |state: &State| {
        let mut outer = around(state);
        while let Some(id) = outer {
            if is_chosen(id) {
                return true;
            }
            outer = scene.machine.state(id).and_then(around);
        }
        false
    };
    let all = scene.machine.states.iter().enumerate().map(|(idx, it)| (StateId(idx as u32), it));
    Ok(all.filter(|(id, state)| is_chosen(*id) && !lies_inside(state)).collect())
}

fn mask(scene: &Scene, states: &[(StateId, &State)]) -> Vec<bool> {
    let mut mask = vec![false; scene.machine.states.len()];
    for (id, _) in states {
        if let Some(flag) = mask.get_mut(id.0 as usize) {
            *flag = true;
        }
    }
    mask
}
