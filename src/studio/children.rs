//! The state machines that states of this document were extracted to. They are kept as text and
//! count only while the document calls them: so undo, which takes the call back, takes the child
//! back too, and redo brings both.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::asl::{Document, StateKind, StatePath};
use crate::json::value;
use crate::sim::Machine;
use crate::studio::edit::Child;
use crate::studio::facade::Studio;
use crate::studio::scenario::pretty;

/// Every child that was ever extracted from this document; of one ARN the newest.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Children(Vec<(String, String)>);

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
        self.0.retain(|(arn, _)| *arn != child.arn);
        self.0.push((child.arn, child.text));
    }

    fn text(&self, arn: &str) -> Option<&str> {
        self.0.iter().find(|it| it.0 == arn).map(|it| it.1.as_str())
    }
}

impl Studio {
    /// The machines that were extracted and are called, for saving and opening them.
    pub fn children_view(&self) -> Vec<ChildView> {
        let calls = calls(&self.document);
        let view = |(arn, text): &(String, String)| {
            let callers: Vec<StatePath> =
                calls.iter().filter(|(_, called)| called == arn).map(|(path, _)| path.clone()).collect();
            let name = arn.rsplit(':').next().unwrap_or_default().to_owned();
            (!callers.is_empty()).then(|| ChildView { arn: arn.clone(), name, text: text.clone(), callers })
        };
        self.children.0.iter().filter_map(view).collect()
    }

    /// The definition of a machine, if it is called or a scenario brought it along.
    pub(crate) fn child_text(&self, arn: &str) -> Option<String> {
        if let Some(text) = self.children.text(arn)
            && calls(&self.document).iter().any(|(_, called)| called == arn)
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
        let called: BTreeSet<String> = calls(&self.document).into_iter().map(|it| it.1).collect();
        let mut changed = false;
        for (arn, text) in &self.children.0 {
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

/// The Tasks that name a state machine, with its ARN.
fn calls(document: &Document) -> Vec<(StatePath, String)> {
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
