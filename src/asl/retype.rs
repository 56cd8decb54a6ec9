//! Typing inside of a value, as the machine sees it: places move, one state is read anew, and no
//! state or connection comes or goes.

use crate::asl::lower::lower_state;
use crate::asl::machine::{Machine, StateId, StateKind, Target};
use crate::json::{NodeId, Retyped, Tree};
use crate::text::Shift;

/// The fields whose words decide what a state is and how its neighbors are read.
const DECISIVE: &[&str] = &["Type", "QueryLanguage", "Mode"];

/// Whether states or connections could depend on what a value says: a target, a type, a field of a
/// scope. Where it is not clear the answer is yes.
pub fn is_of_structure(machine: &Machine, tree: &Tree, leaf: NodeId) -> bool {
    let parent = tree.parent(leaf);
    let state = machine.state_at(tree.range(leaf).start).and_then(|it| machine.state(it));
    parent.is_none()
        || machine.scopes.iter().any(|it| Some(it.node) == parent)
        || tree.member_of(leaf).is_some_and(|it| DECISIVE.contains(&&*it.name))
        || state.is_some_and(|it| it.targets().iter().any(|it| it.node == leaf))
}

/// Makes it the machine of the tree after typing inside of a value that is not of structure. Gives
/// the state that the value is in.
pub fn retype(machine: &mut Machine, tree: &Tree, retyped: Retyped) -> Option<StateId> {
    move_places(machine, retyped.shift);
    let id = machine.state_at(tree.range(retyped.leaf).start)?;
    let old = machine.state(id)?;
    let member = tree.member_of(old.node)?;
    let state = lower_state(tree, machine.language, old.scope, old.path.clone(), member);
    let slot = machine.states.get_mut(id.0 as usize)?;
    let old = std::mem::replace(slot, state);
    slot.shadowed = old.shadowed;
    // Its scopes were told to it by themselves.
    match (&mut slot.kind, old.kind) {
        (StateKind::Parallel { branches }, StateKind::Parallel { branches: old }) => *branches = old,
        (StateKind::Map { processor, .. }, StateKind::Map { processor: old, .. }) => *processor = old,
        _ => {}
    }
    Some(id)
}

fn move_places(machine: &mut Machine, shift: Shift) {
    let move_target = |target: &mut Option<Target>| {
        if let Some(target) = target {
            target.range = shift.range(target.range);
        }
    };
    machine.scopes.iter_mut().for_each(|it| move_target(&mut it.start_at));
    for state in &mut machine.states {
        state.key_range = shift.range(state.key_range);
        state.range = shift.range(state.range);
        move_target(&mut state.next);
        state.catch.iter_mut().for_each(|it| move_target(&mut it.next));
        if let StateKind::Choice { rules, default } = &mut state.kind {
            rules.iter_mut().for_each(|it| move_target(&mut it.next));
            move_target(default);
        }
    }
}
