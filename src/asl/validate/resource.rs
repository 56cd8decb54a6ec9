//! A `Resource` that AWS does not know.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{FieldType, Owner};
use crate::asl::names::nearest;
use crate::asl::resource::{Resource, ResourceKind};
use crate::asl::services::service;
use crate::asl::validate::{Definition, Rule, SCHEMA, is_full};
use crate::json::{NodeId, quote};
use crate::text::TextEdit;

pub const RULE: Rule =
    Rule { name: "unknown-resource", code: SCHEMA, help: "Every Resource is one that AWS knows", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            if row.field_type == FieldType::Resource {
                check_resource(definition, object.owner, member.value, found);
            }
        }
    }
}

fn check_resource(definition: &Definition, owner: Owner, node: NodeId, found: &mut Vec<Diagnostic>) {
    let Some(text) = definition.tree.string(node) else { return };
    let range = definition.tree.range(node);
    if text.is_empty() {
        found.push(RULE.error(range, "Value cannot be empty").at(definition.pointer(node)));
        return;
    }
    let resource = Resource::parse(&text);
    let known = match owner {
        Owner::ItemReader => reads(&resource, &["getObject", "listObjectsV2"]),
        Owner::ResultWriter => reads(&resource, &["putObject"]),
        _ if resource.kind == ResourceKind::Lambda => Some(has_good_qualifier(&text)),
        // Reading and writing S3 in this short form belongs to Map states.
        _ => resource.recognized().map(|it| it && !is_s3(&resource)),
    };
    if known != Some(false) {
        return;
    }
    let message = format!(
        "The resource provided {text} is not recognized. The value is not a valid resource ARN, or the resource \
         is not available in this region."
    );
    let diagnostic = RULE.error(range, message).at(definition.pointer(node));
    let diagnostic = with_remedy(owner, &resource, &text, diagnostic);
    // Text of no known form is most likely replaced by an ARN before AWS sees it.
    let may_be_replaced = resource.kind == ResourceKind::Unknown;
    found.push(if may_be_replaced { diagnostic.warning() } else { diagnostic });
}

/// Whether the version or alias behind the name of a function, when there is one, can be one.
fn has_good_qualifier(arn: &str) -> bool {
    let qualifier = arn.split_once(":function:").and_then(|(_, it)| it.split_once(':')).map(|(_, it)| it);
    let is_good = |it: char| it.is_ascii_alphanumeric() || "-_$".contains(it);
    arn.contains("${") || qualifier.is_none_or(|it| !it.is_empty() && it.chars().all(is_good))
}

fn reads(resource: &Resource, actions: &[&str]) -> Option<bool> {
    match &resource.kind {
        ResourceKind::Optimized { action, .. } if is_s3(resource) => Some(actions.contains(&action.as_str())),
        ResourceKind::Placeholder => None,
        _ => Some(false),
    }
}

fn is_s3(resource: &Resource) -> bool {
    matches!(&resource.kind, ResourceKind::Optimized { service, .. } if service == "s3")
}

fn with_remedy(owner: Owner, resource: &Resource, text: &str, diagnostic: Diagnostic) -> Diagnostic {
    match (owner, &resource.kind) {
        (Owner::ItemReader, _) => diagnostic.hint("Use s3:getObject or s3:listObjectsV2"),
        (Owner::ResultWriter, _) => diagnostic.hint("Use s3:putObject"),
        (_, ResourceKind::Optimized { service: name, action }) => {
            match service(name).and_then(|it| nearest(action, it.actions.iter().copied())) {
                Some(near) => {
                    let mended = text.replacen(&format!(":{action}"), &format!(":{near}"), 1);
                    let edit = TextEdit::replace(diagnostic.range, quote(&mended));
                    diagnostic
                        .hint(format!("Did you mean {name}:{near}?"))
                        .fix(format!("Change to {name}:{near}"), edit)
                }
                None => diagnostic
                    .hint(format!("Call it through the SDK: arn:aws:states:::aws-sdk:{name}:{action}")),
            }
        }
        _ => diagnostic.hint("Write the ARN of a function, activity or service integration"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::{check, check_fix};

    #[test]
    fn a_misspelled_action_is_mended() {
        check_fix(
            r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMesage.waitForTaskToken","End":true}}}"#,
            r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true}}}"#,
        );
    }

    #[test]
    fn only_known_actions_are_called() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:query","Next":"B"},
                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-resource: The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.
              "B":{"Type":"Task","Resource":"arn:aws:states:::lambda:invke","Next":"C"},
                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-resource: The resource provided arn:aws:states:::lambda:invke is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.
              "C":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:dynamodb:query","Next":"D"},
              "D":{"Type":"Task","Resource":"my-function","Next":"E"},
                                            ^^^^^^^^^^^^^ warning unknown-resource: The resource provided my-function is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.
              "E":{"Type":"Task","Resource":"","Next":"F"},
                                            ^^ unknown-resource: Value cannot be empty
              "F":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:111111111111:function:charge:","Next":"G"},
                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-resource: The resource provided arn:aws:lambda:eu-west-1:111111111111:function:charge: is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.
              "G":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:111111111111:function:charge:$LATEST","Next":"H"},
              "H":{"Type":"Task","Resource":{"Fn::GetAtt":["Charge","Arn"]},"End":true}}}
        "#]]);
    }
}
