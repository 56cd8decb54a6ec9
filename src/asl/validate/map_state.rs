//! What belongs together in a Map state: the parts of a distributed Map and its mode.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::StateKind;
use crate::asl::validate::{Definition, Rule, SCHEMA};
use crate::json::NodeId;

pub const RULE: Rule = Rule {
    name: "map-mode",
    code: SCHEMA,
    help: "The fields of a distributed Map stand in distributed Maps and are complete",
    check,
};

/// Fields that have an effect in distributed Maps only. The tolerated failures are not among them:
/// AWS was recorded taking them in an inline Map.
const DISTRIBUTED_ONLY: &[&str] = &["ItemReader", "ItemBatcher", "ResultWriter", "Label"];
const MAX_LABEL_CHARS: usize = 40;

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    for (_, state) in definition.intact_states() {
        let StateKind::Map { distributed, .. } = state.kind else { continue };
        if distributed {
            check_execution_type(definition, state.node, found);
        } else {
            for name in DISTRIBUTED_ONLY {
                let Some(member) = tree.member(state.node, name) else { continue };
                let message = format!("Field '{name}' has an effect in a distributed Map only");
                let hint = "Set ProcessorConfig.Mode to DISTRIBUTED, or remove it";
                let diagnostic = RULE.error(member.key_range, message).hint(hint);
                found.push(diagnostic.at(state.path.as_str()).warning());
            }
        }
        if let Some(label) = tree.get(state.node, "Label") {
            check_label(definition, label, found);
        }
        if let Some(batcher) = tree.get(state.node, "ItemBatcher") {
            check_batcher(definition, batcher, found);
        }
    }
}

fn check_execution_type(definition: &Definition, state: NodeId, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let processor = tree.get(state, "ItemProcessor").or_else(|| tree.get(state, "Iterator"));
    let Some(config) = processor.and_then(|it| tree.get(it, "ProcessorConfig")) else { return };
    if tree.get(config, "ExecutionType").is_none() {
        let message = "The field 'ExecutionType' is required but was missing";
        let diagnostic = RULE.error(definition.handle(config), message);
        found.push(diagnostic.hint("Choose STANDARD or EXPRESS").at(definition.pointer(config)));
    }
}

fn check_batcher(definition: &Definition, batcher: NodeId, found: &mut Vec<Diagnostic>) {
    let has_limit = definition.tree.members(batcher).iter().any(|it| it.name.starts_with("Max"));
    if !has_limit {
        let message = "An ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch";
        let diagnostic = RULE.error(definition.handle(batcher), message);
        found.push(diagnostic.at(definition.pointer(batcher)));
    }
}

fn check_label(definition: &Definition, label: NodeId, found: &mut Vec<Diagnostic>) {
    let Some(text) = definition.tree.string(label).filter(|_| !definition.is_substituted(label)) else {
        return;
    };
    let n_chars = text.chars().count();
    let is_forbidden =
        |it: char| it.is_whitespace() || it.is_control() || r#"?*<>{}[]:;,\|^~$#%&`""#.contains(it);
    let message = match n_chars {
        0 => "A label cannot be empty".to_owned(),
        1..=MAX_LABEL_CHARS => match text.chars().find(|it| is_forbidden(*it)) {
            Some(char) => format!("A label cannot hold the character “{}”", char.escape_debug()),
            None => return,
        },
        _ => format!("A label can have {MAX_LABEL_CHARS} characters; this one has {n_chars}"),
    };
    let diagnostic = RULE.error(definition.tree.range(label), message).at(definition.pointer(label));
    found.push(Diagnostic { code: "INVALID_LABEL_NAME", ..diagnostic });
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn distributed_maps_are_complete() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Map","Label":"a b","ItemBatcher":{},"Next":"B",
                                        ^^^^^ map-mode: A label cannot hold the character “ ”
                                              ^^^^^^^^^^^^^ map-mode: An ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch
                "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"C","States":{"C":{"Type":"Succeed"}}}},
                                 ^^^^^^^^^^^^^^^^^ map-mode: The field 'ExecutionType' is required but was missing
              "B":{"Type":"Map","Label":"fine","End":true,
                                ^^^^^^^ warning map-mode: Field 'Label' has an effect in a distributed Map only
                "ItemProcessor":{"StartAt":"D","States":{"D":{"Type":"Succeed"}}}}}}
        "#]]);
    }
}
