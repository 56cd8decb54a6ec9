//! The state machines that states of this document were extracted to. They are kept as text and
//! count only while the document calls them: so undo, which takes the call back, takes the child
//! back too, and redo brings both.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::asl::{Document, StateKind, StatePath};
use crate::json::{Keep, keep, value};
use crate::sim::Machine;
use crate::studio::edit::Child;
use crate::studio::facade::Studio;
use crate::studio::scenario::pretty;

/// Every child that was ever extracted from this document; of one ARN the newest.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Children(Vec<Kept>);

#[derive(Clone, PartialEq, Eq, Debug)]
struct Kept {
    arn: String,
    text: String,
    /// As it was when it was open last, with its history; empty before.
    project: String,
}
keep! { Kept { arn, text, project } }

impl Keep for Children {
    fn keep(&self, out: &mut String) {
        self.0.keep(out);
    }

    fn read(value: &mut Value, damaged: &mut bool) -> Children {
        let mut kept = Vec::new();
        *damaged |= !value.is_array();
        for it in value.as_array_mut().into_iter().flatten() {
            kept.push(if it.is_array() {
                // The form of older projects has no project of the child.
                let (arn, text) = Keep::read(it, damaged);
                Kept { arn, text, project: String::new() }
            } else {
                Kept::read(it, damaged)
            });
        }
        Children(kept)
    }
}

/// A state machine that was extracted, and is called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChildView {
    pub arn: String,
    /// The last part of the ARN.
    pub name: String,
    /// Its definition, as it was written here.
    pub text: String,
    /// The Tasks that call it.
    pub callers: Vec<StatePath>,
}

impl Children {
    pub(crate) fn keep(&mut self, child: Child) {
        self.keep_open(child, String::new());
    }

    /// Keeps a child that was open, with all that goes with it.
    pub(crate) fn keep_open(&mut self, child: Child, project: String) {
        self.0.retain(|it| it.arn != child.arn);
        self.0.push(Kept { arn: child.arn, text: child.text, project });
    }

    fn text(&self, arn: &str) -> Option<&str> {
        self.0.iter().find(|it| it.arn == arn).map(|it| it.text.as_str())
    }

    /// What a child was when it was open last; empty if it never was.
    pub(crate) fn project(&self, arn: &str) -> Option<&str> {
        self.0.iter().find(|it| it.arn == arn).map(|it| it.project.as_str())
    }
}

impl Studio {
    /// The machines that were extracted and are called, be it by one another, for saving and
    /// opening them.
    pub fn children_view(&self) -> Vec<ChildView> {
        let (calls, called) = (calls(&self.document), self.called());
        let view = |it: &Kept| ChildView {
            arn: it.arn.clone(),
            name: name_of(&it.arn).to_owned(),
            text: it.text.clone(),
            callers: calls.iter().filter(|(_, arn)| *arn == it.arn).map(|(path, _)| path.clone()).collect(),
        };
        self.children.0.iter().filter(|it| called.contains(&it.arn)).map(view).collect()
    }

    /// The ARNs of the machines that the document calls, by way of others too.
    pub(crate) fn called(&self) -> BTreeSet<String> {
        let mut open: Vec<String> = calls(&self.document).into_iter().map(|it| it.1).collect();
        let mut called = BTreeSet::new();
        while let Some(arn) = open.pop() {
            if let Some(text) = self.children.text(&arn).filter(|_| !called.contains(&arn)) {
                open.extend(calls(&Document::new(text, 0)).into_iter().map(|it| it.1));
            }
            called.insert(arn);
        }
        called
    }

    /// Those too that the parents call, which wait.
    fn called_anywhere(&self) -> BTreeSet<String> {
        let mut called = self.called();
        called.extend(self.parents.iter().flat_map(|it| it.called.iter().cloned()));
        called
    }

    /// The definition of a machine, if it is called or a scenario brought it along.
    pub(crate) fn child_text(&self, arn: &str) -> Option<String> {
        if let Some(text) = self.children.text(arn)
            && self.called_anywhere().contains(arn)
        {
            return Some(text.to_owned());
        }
        let machines = self.scenarios.iter().map(|it| &it.mocks.machines);
        let machine = machines.into_iter().find_map(|it| it.find(arn))?.1;
        Some(pretty(&machine.definition))
    }

    /// Lets scenarios start the children that the document calls, and no others. Answers for the
    /// states that went there go along. Says whether anything changed.
    pub(crate) fn call_children(&mut self) -> bool {
        if self.children.0.is_empty() {
            return false;
        }
        let called = self.called_anywhere();
        let mut changed = false;
        for Kept { arn, text, .. } in &self.children.0 {
            for scenario in &mut self.scenarios {
                let machines = &scenario.mocks.machines.0;
                if machines.contains_key(arn) == called.contains(arn) {
                    continue;
                }
                changed = true;
                if !called.contains(arn) {
                    std::sync::Arc::make_mut(&mut scenario.mocks.machines).0.shift_remove(arn);
                    continue;
                }
                let document = Document::new(text.as_str(), 0);
                let mut machine = Machine::new(arn, value(&document.tree, document.tree.root()));
                for state in &document.machine.states {
                    if let Some(rows) = scenario.mocks.states.get(&state.name) {
                        machine.states.insert(state.name.clone(), rows.clone());
                    }
                }
                scenario.mocks.add_machine(arn, machine);
            }
        }
        changed
    }
}

/// The last part of an ARN.
pub(crate) fn name_of(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or_default()
}

/// The Tasks that name a state machine, with its ARN.
pub(crate) fn calls(document: &Document) -> Vec<(StatePath, String)> {
    let tasks = document.machine.states.iter().filter(|it| matches!(it.kind, StateKind::Task { .. }));
    let arn = |field: &str, node| {
        let arguments = document.tree.get(node, field)?;
        let arn = document.tree.get(arguments, "StateMachineArn")?;
        document.tree.string(arn).map(|it| it.into_owned())
    };
    let call = |it: &crate::asl::State| {
        let arn = arn("Parameters", it.node).or_else(|| arn("Arguments", it.node))?;
        Some((it.path.clone(), arn))
    };
    tasks.filter_map(call).collect()
}
