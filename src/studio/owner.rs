//! Which object of the States Language a place of the text is, so that the field table can be
//! asked about it.

use crate::asl::fields::{FieldType, Owner, field};
use crate::asl::{Document, StateType};
use crate::json::NodeId;

/// What the object at a node is; `None` for objects that the language gives no fields.
pub(crate) fn owner_of(document: &Document, node: NodeId) -> Option<Owner> {
    let tree = &document.tree;
    let mut path: Vec<NodeId> = tree.path_to_root(node).collect();
    path.reverse();
    let mut at = At::Object(Owner::Machine);
    for step in path.into_iter().skip(1) {
        let name = tree.member_of(step).map(|it| it.name.clone());
        at = match (at, name) {
            (At::States, Some(_)) => {
                let type_text = tree.get(step, "Type").and_then(|it| tree.string(it));
                At::Object(Owner::State(StateType::parse(&type_text?)?))
            }
            (At::Items(owner), None) => At::Object(owner),
            (At::Object(Owner::ChoiceRule | Owner::Condition), Some(name)) if is_condition(&name) => {
                if &*name == "Not" { At::Object(Owner::Condition) } else { At::Items(Owner::Condition) }
            }
            (At::Object(owner), Some(name)) => match field(owner, &name)?.field_type {
                FieldType::States => At::States,
                FieldType::Items(inner) => At::Items(inner),
                FieldType::Group(inner) => At::Object(inner),
                _ => return None,
            },
            _ => return None,
        };
    }
    match at {
        At::Object(owner) => Some(owner),
        At::Items(_) | At::States => None,
    }
}

enum At {
    Object(Owner),
    Items(Owner),
    States,
}

fn is_condition(name: &str) -> bool {
    matches!(name, "And" | "Or" | "Not")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pointer: &str, expected: Option<Owner>) {
        let text = r#"{"StartAt":"P","States":{
            "P":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],
                 "Retry":[{"ErrorEquals":["States.ALL"]}],"End":true},
            "C":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.a","IsNull":true}],"Next":"P"}]},
            "T":{"Type":"Task","Parameters":{"a":{}},"Credentials":{"RoleArn":"x"}}}}"#;
        let document = Document::new(text, 0);
        let node = document.tree.find(pointer).expect("the pointer leads somewhere");
        assert_eq!(owner_of(&document, node), expected, "{pointer}");
    }

    #[test]
    fn places_are_told_by_the_way_to_them() {
        check("", Some(Owner::Machine));
        check("/States", None);
        check("/States/P", Some(Owner::State(StateType::Parallel)));
        check("/States/P/Branches", None);
        check("/States/P/Branches/0", Some(Owner::Branch));
        check("/States/P/Branches/0/States/A", Some(Owner::State(StateType::Pass)));
        check("/States/P/Retry/0", Some(Owner::Retrier));
        check("/States/C/Choices/0", Some(Owner::ChoiceRule));
        check("/States/C/Choices/0/And/0", Some(Owner::Condition));
        check("/States/T/Parameters/a", None);
        check("/States/T/Credentials", Some(Owner::Credentials));
    }
}
