//! States as text that can stand somewhere else: under other names, with other ways out, written
//! into an object of states of its own. Everything that is not changed keeps its spelling.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::asl::{Machine, QueryLanguage, ScopeId, State, StateId, StateKind, StatePath, StateType};
use crate::json::{ObjectEdit, Style, dedent, parse, quote, render, render_on_one_line};
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::scene::{Edge, Exit, Kind, Scene, fresh_in};

/// A state with its text, whose lines are indented as if the first stood at the left margin.
pub(super) type NamedText = (String, String);

/// Collects how states change on the way to another place. The document stays as it is.
pub(super) struct Taking<'s, 'd> {
    scene: &'s Scene<'d>,
    members: Vec<(StateId, &'d State)>,
    draft: Draft<'d>,
    /// New names by the scope of the state and its old name.
    names: BTreeMap<(ScopeId, String), String>,
    /// The name of a Succeed that ends what can lead only to a state.
    succeed: Option<String>,
}

impl<'s, 'd> Taking<'s, 'd> {
    pub(super) fn new(scene: &'s Scene<'d>, members: &[(StateId, &'d State)]) -> Taking<'s, 'd> {
        let members = members.to_vec();
        Taking { scene, members, draft: Draft::new(scene.tree), names: BTreeMap::new(), succeed: None }
    }

    /// Gives the states and all inside them names that are not taken yet; every reference among
    /// them follows.
    pub(super) fn rename(&mut self, taken: &mut BTreeSet<String>) {
        self.rename_apart(taken);
        for (id, state) in self.members.clone() {
            let ways = self.scene.edges_of(id);
            self.rename_targets(state.scope, ways);
        }
    }

    /// Like `rename`, but references of the states themselves stay as they are.
    pub(super) fn rename_apart(&mut self, taken: &mut BTreeSet<String>) {
        for (id, state) in self.members.clone() {
            self.rename_one(state, taken);
            for (_, inner) in inner_states(self.scene.machine, id) {
                self.rename_one(inner, taken);
            }
        }
        let mut scopes = BTreeSet::new();
        for (id, _) in self.members.clone() {
            scopes.extend(inner_states(self.scene.machine, id).map(|(_, it)| it.scope));
        }
        for scope in scopes {
            let ways = self.scene.edges(scope);
            self.rename_targets(scope, ways);
        }
    }

    fn rename_one(&mut self, state: &State, taken: &mut BTreeSet<String>) {
        let name = fresh_in(taken, &state.name);
        if name != state.name {
            self.draft.replace(state.key_range, quote(&name));
            self.names.insert((state.scope, state.name.clone()), name);
        }
    }

    fn rename_targets(&mut self, scope: ScopeId, ways: Vec<Edge<'d>>) {
        for target in ways.into_iter().filter_map(|it| it.target) {
            if let Some(new) = self.names.get(&(scope, target.name.clone())) {
                self.draft.replace(target.range, quote(new));
            }
        }
    }

    /// The name that a state has in the new place.
    pub(super) fn name_of(&self, state: &State) -> String {
        let renamed = self.names.get(&(state.scope, state.name.clone()));
        renamed.unwrap_or(&state.name).clone()
    }

    /// The old addresses and the new names.
    pub(super) fn new_names(&self) -> Vec<(StatePath, String)> {
        self.members.iter().map(|(_, it)| (it.path.clone(), self.name_of(it))).collect()
    }

    /// Lets these ways lead to a state, or end. What can only lead to a state gets a Succeed to end.
    pub(super) fn lead(
        &mut self,
        ways: &[Edge<'d>],
        to: &ConnectTo,
        taken: &mut BTreeSet<String>,
    ) -> Result<(), Refusal> {
        for way in ways {
            match (to, way.kind) {
                (_, Kind::Terminal) => {}
                (ConnectTo::End, Kind::Rule | Kind::Default | Kind::Catch) => {
                    let name = self.succeed.get_or_insert_with(|| fresh_in(taken, "Succeed"));
                    let to = ConnectTo::State(name.clone());
                    self.scene.retarget(&mut self.draft, way, &to)?;
                }
                _ => self.scene.retarget(&mut self.draft, way, to)?,
            }
        }
        Ok(())
    }

    /// The states that neither lead on nor end yet, though they could.
    pub(super) fn open_ends(&self) -> Vec<StateId> {
        let is_open = |it: &State| matches!(self.scene.exit(it), Ok(Exit::Open));
        let is_known = |it: &State| !matches!(it.kind, StateKind::Unknown { .. });
        self.members.iter().filter(|(_, it)| is_known(it) && is_open(it)).map(|(id, _)| *id).collect()
    }

    /// Gives those a way on.
    pub(super) fn lead_open_ends(&mut self, to: &ConnectTo) -> Result<(), Refusal> {
        let exit = match to {
            ConnectTo::State(name) => Exit::To(name.clone()),
            ConnectTo::End => Exit::Ends,
        };
        self.open_ends().into_iter().try_for_each(|it| self.scene.set_exit(&mut self.draft, it, &exit))
    }

    /// Lets a Succeed, which ended what it stood in, lead on: one that does nothing else is left
    /// out and passed by, any other becomes a Pass.
    /// Gives the names of those that are left out.
    pub(super) fn lead_succeeds_on(&mut self, to: &str) -> Result<Vec<&'d str>, Refusal> {
        let mut left_out = Vec::new();
        let succeeds: Vec<(StateId, &'d State)> =
            self.members.iter().filter(|(_, it)| matches!(it.kind, StateKind::Succeed)).copied().collect();
        for (id, state) in succeeds {
            let members = self.scene.tree.members(state.node);
            let is_bare = members.iter().all(|it| matches!(&*it.name, "Type" | "Comment" | "QueryLanguage"));
            if is_bare && self.members.len() > 1 {
                self.members.retain(|(it, _)| *it != id);
                left_out.push(state.name.as_str());
                for way in self.scene.references(id) {
                    if way.kind != Kind::StartAt {
                        self.scene.retarget(&mut self.draft, &way, &ConnectTo::State(to.to_owned()))?;
                    }
                }
                continue;
            }
            let pass = Value::from(StateType::Pass.as_str());
            self.draft.object(state.node, |it| it.set("Type", &pass).set("Next", &Value::from(to)));
        }
        Ok(left_out)
    }

    /// Says the language of each state that has none of its own, also inside.
    pub(super) fn say_language(&mut self, language: QueryLanguage) {
        let text = quote(language.as_str());
        for (id, state) in self.members.clone() {
            let inside = inner_states(self.scene.machine, id).map(|(_, it)| it);
            for state in [state].into_iter().chain(inside) {
                if self.scene.tree.get(state.node, "QueryLanguage").is_none() {
                    self.draft
                        .object(state.node, |it| it.insert_text_after(Some("Type"), "QueryLanguage", &text));
                }
            }
        }
    }

    /// The states in text order, a Succeed that was needed last.
    pub(super) fn finish(self) -> Result<Vec<NamedText>, Refusal> {
        let names: Vec<String> = self.members.iter().map(|(_, it)| self.name_of(it)).collect();
        let tree = self.scene.tree;
        let edit = self.draft.finish()?;
        let whole = edit.apply(tree.text());
        let text_of = |it: &State| dedent(&whole, edit.map_range(tree.range(it.node)));
        let mut texts: Vec<NamedText> =
            names.into_iter().zip(self.members.iter().map(|(_, it)| text_of(it))).collect();
        if let Some(name) = self.succeed {
            let style = Style::near(tree, self.members.first().map_or(tree.root(), |(_, it)| it.node));
            texts.push((name, render(&style, "", &json!({ "Type": "Succeed" }))));
        }
        Ok(texts)
    }
}

/// States stand in text order, those inside another one right after it.
pub(super) fn inner_states(machine: &Machine, outer: StateId) -> impl Iterator<Item = (StateId, &State)> {
    let end = machine.state(outer).map_or(0, |it| it.range.end);
    let first = outer.0 as usize + 1;
    let states = machine.states.iter().enumerate().skip(first);
    states.take_while(move |(_, it)| it.range.start < end).map(|(idx, it)| (StateId(idx as u32), it))
}

/// JSON text of a value with states in it: `pointer` says which empty object they go into.
pub(super) fn framed(style: &Style, frame: &Value, pointer: &str, states: &[NamedText]) -> String {
    let text = match style.one_line {
        true => render_on_one_line(style, frame),
        false => render(style, "", frame),
    };
    let tree = parse(text.as_str());
    let Some(object) = tree.find(pointer) else { return text };
    let edit = ObjectEdit::new(&tree, object);
    let edit = states.iter().fold(edit, |edit, (name, text)| edit.set_text(name, text));
    edit.finish().apply(&text)
}
