//! Rules, retriers, catchers and branches: each an object with a line that sums it up, and the
//! first values of new ones.

use crate::asl::QueryLanguage;
use crate::asl::fields::{FieldRow, FieldType, Owner};
use crate::asl::reading::{catch_summary, retrier_reading, short_reading_of_rule, shortened};
use crate::json::{NodeId, NodeKind, quote};
use crate::studio::edit::Scene;
use crate::studio::inspector::form::Form;
use crate::studio::view::ItemView;
use crate::studio::words::count;

impl Form<'_> {
    pub(super) fn item(&self, owner: Owner, node: NodeId, depth: usize) -> ItemView {
        let tree = &self.document.tree;
        if tree.kind(node) != NodeKind::Object {
            let summary = self.source(node);
            return ItemView {
                pointer: tree.pointer(node),
                summary,
                fields: Vec::new(),
                addable: Vec::new(),
                retry: None,
            };
        }
        let (fields, addable) = self.inner(owner).fields(owner, node, depth);
        ItemView {
            pointer: tree.pointer(node),
            summary: self.item_summary(owner, node),
            fields: fields.into_iter().map(|(_, it)| it).collect(),
            addable,
            retry: (owner == Owner::Retrier).then(|| self.retry(node)),
        }
    }

    pub(super) fn item_summary(&self, owner: Owner, node: NodeId) -> String {
        let tree = &self.document.tree;
        let next = tree.get(node, "Next").and_then(|it| tree.string(it)).unwrap_or_default();
        let known = self.state;
        match owner {
            Owner::ChoiceRule => format!("{} → {next}", short_reading_of_rule(tree, node)),
            Owner::Retrier => {
                let retrier = known.and_then(|it| it.retry.iter().find(|it| it.node == node));
                retrier.map(|it| retrier_reading(tree, it)).unwrap_or_default()
            }
            Owner::Catcher => {
                let catcher = known.and_then(|it| it.catch.iter().find(|it| it.node == node));
                format!("{} → {next}", catcher.map(catch_summary).unwrap_or_default())
            }
            Owner::Branch => {
                let machine = &self.document.machine;
                let n_states =
                    machine.scopes.iter().find(|it| it.node == node).map_or(0, |it| it.states.len());
                let start = tree.get(node, "StartAt").and_then(|it| tree.string(it)).unwrap_or_default();
                format!("from “{start}”, {}", count(n_states, "state", "states"))
            }
            _ => shortened(tree.source(node)),
        }
    }

    /// Targets in examples are made up; a state of this scope is a better first value.
    pub(super) fn example(&self, row: &FieldRow) -> String {
        match row.field_type {
            FieldType::Target => quote(&self.some_target()),
            FieldType::Items(owner @ (Owner::Catcher | Owner::ChoiceRule)) => {
                format!("[{}]", self.item_example(owner, row))
            }
            _ => row.example.to_owned(),
        }
    }

    pub(super) fn item_example(&self, owner: Owner, row: &FieldRow) -> String {
        let next = quote(&self.some_target());
        match (owner, self.language) {
            (Owner::Catcher, _) => format!("{{\"ErrorEquals\":[\"States.ALL\"],\"Next\":{next}}}"),
            (Owner::ChoiceRule, QueryLanguage::JsonPath) => {
                format!("{{\"Variable\":\"$.value\",\"IsPresent\":true,\"Next\":{next}}}")
            }
            (Owner::ChoiceRule, QueryLanguage::Jsonata) => {
                format!("{{\"Condition\":\"{{% $exists($states.input.value) %}}\",\"Next\":{next}}}")
            }
            (Owner::Retrier, _) => {
                r#"{"ErrorEquals":["States.ALL"],"IntervalSeconds":1,"MaxAttempts":3,"BackoffRate":2}"#
                    .to_owned()
            }
            (Owner::Branch, _) => {
                let name = quote(&self.fresh_name());
                format!("{{\"StartAt\":{name},\"States\":{{{name}:{{\"Type\":\"Pass\",\"End\":true}}}}}}")
            }
            _ => row.example.to_owned(),
        }
    }

    /// Names stand once in the whole workflow, so an example must not use one that is there.
    pub(super) fn fresh_name(&self) -> String {
        Scene::new(self.document).fresh_name("Pass", &mut Default::default())
    }

    /// The last other state of the scope: errors are mostly handled near the end.
    pub(super) fn some_target(&self) -> String {
        let machine = &self.document.machine;
        let own = self.state.map(|it| it.name.as_str());
        let states = self.scope.map(|it| it.states.as_slice()).unwrap_or_default();
        let names = states.iter().rev().filter_map(|it| machine.state(*it)).map(|it| it.name.as_str());
        names.clone().find(|it| Some(*it) != own).or(own).unwrap_or_default().to_owned()
    }
}

pub(super) fn add_label(owner: Owner) -> &'static str {
    match owner {
        Owner::Retrier => "Add retrier",
        Owner::Catcher => "Add catcher",
        Owner::ChoiceRule => "Add rule",
        Owner::Branch => "Add branch",
        _ => "Add item",
    }
}
