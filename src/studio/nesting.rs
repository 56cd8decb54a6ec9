//! Going into a machine that a Task calls, and back. The parent waits with its history, its
//! scenarios and its run; the child is a document like any other, with a history of its own. What
//! is written there is what the parent calls from then on.

use std::collections::BTreeSet;

use crate::asl::{Document, StatePath};
use crate::json::{keep, value};
use crate::sim::{Machine, Scenario, ScenarioFile};
use crate::studio::children::{calls, name_of};
use crate::studio::command::Refusal;
use crate::studio::edit::{Child, refuse};
use crate::studio::effect::{Changed, Effect, Reply};
use crate::studio::facade::{Studio, announce};
use crate::studio::scenario::empty_scenario;
use crate::studio::words::count;

/// A document that waits while a machine that it calls is open.
pub(crate) struct Parent {
    /// It has no children meanwhile: they go where one works.
    studio: Box<Studio>,
    /// The machine that is open.
    arn: String,
    /// Every machine that it calls, by way of others too.
    pub(crate) called: BTreeSet<String>,
}

/// A parent as it is kept.
pub(crate) struct SavedParent {
    project: String,
    arn: String,
    called: BTreeSet<String>,
}
keep! { SavedParent { project, arn, called } }

impl Parent {
    pub(crate) fn save(&self) -> SavedParent {
        let (arn, called) = (self.arn.clone(), self.called.clone());
        SavedParent { project: self.studio.project(), arn, called }
    }

    pub(crate) fn load(saved: SavedParent) -> Option<Parent> {
        let studio = Box::new(Studio::restore(&saved.project).ok()?);
        Some(Parent { studio, arn: saved.arn, called: saved.called })
    }

    /// The name of its file without what says that it is a definition.
    pub(crate) fn title(&self) -> String {
        self.studio.title().to_owned()
    }
}

impl Studio {
    /// The ARN by which the open document was called from its parent; empty for one without a parent.
    pub fn open_child_arn(&self) -> &str {
        self.parents.last().map_or("", |it| &it.arn)
    }

    /// The name of the machine that a Task calls, if it can be opened.
    pub fn child_called(&self, state: &StatePath) -> Option<String> {
        self.child_to_open(state).ok().map(|(arn, _)| name_of(&arn).to_owned())
    }

    /// The ARN and the text of the machine that a Task calls.
    pub(crate) fn child_to_open(&self, state: &StatePath) -> Result<(String, String), Refusal> {
        let call = calls(&self.document).into_iter().find(|(path, _)| path == state);
        let Some((_, arn)) = call else {
            return refuse(format!(
                "“{}” does not say by a plain StateMachineArn which machine it calls",
                state.name()
            ));
        };
        let name = name_of(&arn);
        if self.parents.iter().any(|it| it.arn == arn) {
            return refuse(format!("“{name}” is open already"));
        }
        match self.child_text(&arn) {
            Some(text) => Ok((arn, text)),
            None => refuse(format!("The definition of “{name}” is not known here; open its file instead")),
        }
    }

    /// Puts the machine that a Task calls in the place of this document, which waits.
    pub(crate) fn open_child(&mut self, state: &StatePath) -> Result<Reply, Refusal> {
        let (arn, text) = self.child_to_open(state)?;
        let called = self.called();
        let name = name_of(&arn).to_owned();
        let mut child = self.child_studio(&arn, text);
        child.children = std::mem::take(&mut self.children);
        child.parents = std::mem::take(&mut self.parents);
        self.share_with(&mut child);
        let said = format!(
            "Opened the child “{name}” of “{}”, {}; the bar at the top leads back",
            self.title(),
            count(child.document.machine.states.len(), "state", "states")
        );
        let parent = std::mem::replace(self, child);
        self.parents.push(Parent { studio: Box::new(parent), arn, called });
        self.call_children();
        Ok(self.shown_anew(said))
    }

    /// A studio with a machine, as it was when it was open last; its calls answer what the
    /// scenarios of this document say.
    fn child_studio(&self, arn: &str, text: String) -> Studio {
        let kept = self.children.project(arn).and_then(|it| Studio::restore(it).ok());
        let mut child = kept.filter(|it| *it.document.text == *text).unwrap_or_else(|| {
            let mut fresh = Studio::new();
            fresh.replace_document(Document::new(text, 0), &mut Reply::default());
            fresh.file_name = format!("{}.asl.json", name_of(arn));
            fresh.mock_file = ScenarioFile { machine: fresh.title().to_owned(), ..ScenarioFile::default() };
            fresh.scenarios.clear();
            fresh
        });
        for scenario in &self.scenarios {
            let mut mocks = scenario.mocks.clone();
            mocks.states = mocks.machines.find(arn).map(|it| it.1.states.clone()).unwrap_or_default();
            match child.scenarios.iter_mut().find(|it| it.name == scenario.name) {
                Some(known) => known.mocks = mocks,
                None => child.scenarios.push(Scenario { mocks, ..empty_scenario(&scenario.name) }),
            }
        }
        let chosen = self.scenarios.get(self.chosen).map(|it| it.name.as_str());
        let chosen = child.scenarios.iter().position(|it| Some(it.name.as_str()) == chosen);
        child.chosen = chosen.unwrap_or_default();
        child
    }

    /// So many documents up; what was written in the child is what its parent calls.
    pub(crate) fn back_to_parent(&mut self, levels: usize) -> Result<Reply, Refusal> {
        if levels == 0 || self.parents.len() < levels {
            return refuse("No parent workflow is open");
        }
        for _ in 0..levels {
            self.go_up();
        }
        Ok(self.shown_anew(format!("Back in “{}”", self.title())))
    }

    fn go_up(&mut self) {
        let Some(Parent { studio, arn, .. }) = self.parents.pop() else { return };
        let mut parent = *studio;
        let parents = std::mem::take(&mut self.parents);
        let children = std::mem::take(&mut self.children);
        let text = self.document.text.to_string();
        let child_project = self.project();
        parent.children = children;
        parent.parents = parents;
        // A machine that a mock file brought along stays its own until somebody changes it.
        if parent.children.project(&arn).is_some() || parent.child_text(&arn).as_deref() != Some(&text) {
            parent.children.keep_open(Child { arn: arn.clone(), text }, child_project);
            for scenario in &mut parent.scenarios {
                let own = self.scenarios.iter().find(|it| it.name == scenario.name);
                answer_as(scenario, own, &arn, &self.document);
            }
        }
        self.share_with(&mut parent);
        *self = parent;
        self.call_children();
    }

    /// What belongs to the workplace and not to a document.
    fn share_with(&mut self, other: &mut Studio) {
        other.theme = self.theme;
        other.arrangement = self.arrangement;
        other.folding.orientation = self.folding.orientation;
        other.sources = self.sources;
        other.previous = self.previous.take();
        other.is_open = true;
        // No two texts ever have the same revision.
        other.document.revision = self.document.revision + 1;
    }

    fn shown_anew(&self, said: String) -> Reply {
        let replace = Effect::ReplaceCode { text: self.document.text.to_string() };
        Reply { changed: Changed::ALL, effects: vec![replace, Effect::Autosave, announce(said)] }
    }
}

/// Lets a scenario start the machine as it is now, with the answers of the child's scenario of the
/// same name.
fn answer_as(scenario: &mut Scenario, own: Option<&Scenario>, arn: &str, document: &Document) {
    let before = scenario.mocks.machines.find(arn).map(|(arn, it)| (arn.to_owned(), it.clone()));
    let mut machine = Machine::new(arn, value(&document.tree, document.tree.root()));
    if let Some((_, before)) = &before {
        machine.machine_type = before.machine_type;
        machine.case = before.case.clone();
        machine.states = before.states.clone();
    }
    if let Some(own) = own {
        machine.states = own.mocks.states.clone();
        scenario.mocks.machines = own.mocks.machines.clone();
        scenario.mocks.objects = own.mocks.objects.clone();
    }
    let known_as = before.map_or_else(|| arn.to_owned(), |it| it.0);
    scenario.mocks.add_machine(&known_as, machine);
}
