//! Variables that some states set and others read: what is put into a branch of its own, or into
//! another execution, can no longer share them. Names are searched as words, so this may find one
//! too many, never one too few.

use std::collections::BTreeSet;

use crate::asl::{State, StateKind};
use crate::json::NodeId;
use crate::studio::edit::group::Group;
use crate::studio::edit::scene::Scene;
use crate::text::InOrder;

/// A variable that a member of the group sets and a state outside reads: the name and the member.
pub(super) fn read_outside<'d>(scene: &Scene<'d>, group: &Group<'d>) -> Option<(String, &'d State)> {
    let outside = outside(scene, group);
    let read = words(&outside);
    set_by(scene, |it| is_inside(group, it)).into_iter().find(|(name, _)| read.contains(name.as_str()))
}

/// A variable that a member of the group reads and a state outside sets: the name and the member.
pub(super) fn read_inside<'d>(scene: &Scene<'d>, group: &Group<'d>) -> Option<(String, &'d State)> {
    let set = set_by(scene, |it| !is_inside(group, it)).into_iter().map(|(name, _)| name).into_set();
    group.members.iter().find_map(|(_, state)| {
        let read = words(scene.tree.source(state.node));
        read.into_iter().find(|it| set.contains(*it)).map(|it| (it.to_owned(), *state))
    })
}

/// The first member whose text has one of these words.
pub(super) fn mentions<'d>(
    scene: &Scene<'d>,
    group: &Group<'d>,
    words: &[&'static str],
) -> Option<(&'static str, &'d State)> {
    group.members.iter().find_map(|(_, state)| {
        let text = scene.tree.source(state.node);
        words.iter().find(|it| text.contains(**it)).map(|it| (*it, *state))
    })
}

/// The variables that these states set, each with its state.
fn set_by<'d>(scene: &Scene<'d>, sets: impl Fn(&State) -> bool) -> Vec<(String, &'d State)> {
    let states = scene.machine.states.iter().filter(|it| sets(it));
    states.flat_map(|state| names(scene, state).into_iter().map(move |it| (it, state))).collect()
}

fn is_inside(group: &Group, state: &State) -> bool {
    // Members stand in text order.
    let n_before = group.members.partition_point(|(_, it)| it.range.start <= state.range.start);
    let last = n_before.checked_sub(1).and_then(|it| group.members.get(it));
    last.is_some_and(|(_, it)| state.range.end <= it.range.end)
}

/// What a state sets, by itself, its rules and its catchers.
fn names(scene: &Scene, state: &State) -> Vec<String> {
    let rules = match &state.kind {
        StateKind::Choice { rules, .. } => rules.as_slice(),
        _ => &[],
    };
    let owners = [state.node].into_iter();
    let owners = owners.chain(rules.iter().map(|it| it.node)).chain(state.catch.iter().map(|it| it.node));
    let set =
        |owner: NodeId| scene.tree.get(owner, "Assign").map(|it| scene.tree.members(it)).unwrap_or_default();
    let plain = |name: &str| name.strip_suffix(".$").unwrap_or(name).to_owned();
    owners.flat_map(|it| set(it).iter().map(|it| plain(&it.name))).collect()
}

/// The text without the members.
fn outside(scene: &Scene, group: &Group) -> String {
    let text = scene.tree.text();
    let (mut rest, mut at) = (String::new(), 0);
    for (_, state) in &group.members {
        rest.push_str(text.get(at..state.range.start).unwrap_or_default());
        at = state.range.end;
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    rest
}

/// What stands behind a single `$` in a text: names of variables, and more.
fn words(text: &str) -> BTreeSet<&str> {
    let behind = text.split('$').skip(1);
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    behind.map(|it| it.split(|it| !is_part(it)).next().unwrap_or_default()).into_set()
}
