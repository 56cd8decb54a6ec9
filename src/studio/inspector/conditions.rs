//! The condition of a Choice rule as lines: each test on one, And, Or and Not above theirs. What
//! lies too deep, or is no object, is shown as it stands.

use crate::asl::fields::{Operand, Operator, Owner, field, operator};
use crate::json::{NodeId, NodeKind};
use crate::studio::inspector::form::Form;
use crate::studio::view::{ConditionView, Control, FieldView};

/// And, Or and Not are taken apart to this depth.
const MAX_DEPTH: usize = 8;
/// So many lines are shown of one rule.
const MAX_LINES: usize = 200;

impl Form<'_> {
    /// All of a rule's condition as one field.
    pub(super) fn condition_field(&self, pointer: &str, rule: NodeId) -> FieldView {
        FieldView {
            owner: pointer.to_owned(),
            name: "Test".to_owned(),
            label: "If",
            help: "What must hold of the input for the rule to be taken",
            control: Control::Conditions(self.conditions(rule)),
            required: true,
            present: true,
            problems: Vec::new(),
        }
    }

    fn conditions(&self, rule: NodeId) -> Vec<ConditionView> {
        let tree = &self.document.tree;
        let mut lines = Vec::new();
        let mut todo = vec![(rule, 0, None)];
        while let Some((node, depth, place)) = todo.pop() {
            let test = tree.members(node).iter().find_map(|it| Some((operator(&it.name)?, it.value)));
            let inner = match test {
                Some((it, list)) if it.operand == Operand::Rules => tree.elements(list).to_vec(),
                Some((it, one)) if it.operand == Operand::Rule => vec![one],
                _ => Vec::new(),
            };
            let combines = !inner.is_empty()
                && depth < MAX_DEPTH
                && lines.len() + todo.len() + inner.len() < MAX_LINES
                && inner.iter().all(|it| tree.kind(*it) == NodeKind::Object);
            lines.push(ConditionView {
                pointer: tree.pointer(node),
                depth,
                operator: test.map(|it| it.0.name.to_owned()).unwrap_or_default(),
                combines,
                place,
                fields: self.condition_fields(node, depth, combines),
            });
            if combines {
                let n_inner = inner.len();
                let is_list = test.is_some_and(|it| it.0.operand == Operand::Rules);
                let inner = inner.into_iter().enumerate();
                todo.extend(inner.rev().map(|(idx, it)| (it, depth + 1, is_list.then_some((idx, n_inner)))));
            }
        }
        lines
    }

    /// Variable and operand; of a condition inside another also what else stands there.
    fn condition_fields(&self, node: NodeId, depth: usize, combines: bool) -> Vec<FieldView> {
        let tree = &self.document.tree;
        let pointer = tree.pointer(node);
        let members = tree.members(node);
        let operators = || {
            members
                .iter()
                .filter_map(|it| Some((operator(&it.name)?, it)))
                .filter(|it| !combines || !it.0.combines())
        };
        let mut fields = Vec::new();
        let variable = tree.get(node, "Variable");
        let row = field(Owner::Condition, "Variable").filter(|_| variable.is_some() || !combines);
        if let Some(row) = row.filter(|_| variable.is_some() || operators().all(|it| !it.0.combines())) {
            fields.push(FieldView {
                // Without a variable there is nothing to test.
                required: true,
                ..self.field(row, &pointer, node, variable, variable.is_some(), 0)
            });
        }
        fields.extend(operators().map(|(row, it)| self.operand_field(&pointer, row, it.value)));
        if depth > 0 {
            let others = members.iter().filter(|it| !is_test(&it.name));
            fields.extend(others.map(|it| match field(Owner::Condition, &it.name) {
                Some(row) => self.field(row, &pointer, node, Some(it.value), true, 0),
                None => self.unknown_field(&pointer, it, Owner::Condition),
            }));
        }
        fields
    }

    fn operand_field(&self, pointer: &str, row: &Operator, value: NodeId) -> FieldView {
        FieldView {
            owner: pointer.to_owned(),
            name: row.name.to_owned(),
            label: "",
            help: row.help,
            control: self.operand(row.operand, value),
            required: true,
            present: true,
            problems: self.problems(pointer, row.name, Some(value)),
        }
    }
}

/// Whether a member is part of what a rule asks for.
pub(super) fn is_test(name: &str) -> bool {
    name == "Variable" || operator(name).is_some()
}
