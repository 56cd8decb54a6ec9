//! Variables that some states set and others read: what is put into a branch of its own, or into
//! another execution, can no longer share them. Names are searched as words, so this may find one
//! too many, never one too few.

use crate::asl::{State, StateKind};
use crate::json::NodeId;
use crate::studio::edit::group::Group;
use crate::studio::edit::scene::Scene;

/// A variable that a member of the group sets and a state outside reads: the name and the member.
pub(super) fn read_outside<'d>(scene: &Scene<'d>, group: &Group<'d>) -> Option<(String, &'d State)> {
    let set = set_by(scene, |it| is_inside(group, it));
    let outside = outside(scene, group);
    set.into_iter().find(|(name, _)| reads(&outside, name))
}

/// A variable that a member of the group reads and a state outside sets: the name and the member.
pub(super) fn read_inside<'d>(scene: &Scene<'d>, group: &Group<'d>) -> Option<(String, &'d State)> {
    let set = set_by(scene, |it| !is_inside(group, it));
    let reader = |name: &str| {
        let member = group.members.iter().find(|(_, it)| reads(scene.tree.source(it.node), name));
        member.map(|(_, it)| *it)
    };
    set.into_iter().find_map(|(name, _)| reader(&name).map(|it| (name, it)))
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
    let holds = |it: &State| it.range.start <= state.range.start && state.range.end <= it.range.end;
    group.members.iter().any(|(_, it)| holds(it))
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

/// Whether `$name` stands in a text as a word.
fn reads(text: &str, name: &str) -> bool {
    let word = format!("${name}");
    let ends = |rest: &str| !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_');
    text.match_indices(&word).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        !before.ends_with('$') && text.get(at + word.len()..).is_some_and(ends)
    })
}
