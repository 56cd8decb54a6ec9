//! What an Express workflow cannot do: wait for a job, a token or an activity worker.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::machine::StateKind;
use crate::asl::resource::{Pattern, Resource, ResourceKind};
use crate::asl::validate::{Definition, MachineType, Rule, SCHEMA};

pub const RULE: Rule = Rule {
    name: "express-integration",
    code: SCHEMA,
    help: "Express workflows neither wait for jobs and tokens nor use activities",
    check,
};

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    if definition.machine_type != MachineType::Express {
        return;
    }
    for (_, state) in definition.intact_states() {
        let StateKind::Task { resource: Some(text) } = &state.kind else { continue };
        let Some(node) = definition.tree.get(state.node, "Resource") else { continue };
        let resource = Resource::parse(text);
        // The wording of each is AWS's, down to the space at the end of one of them.
        let message = match (&resource.kind, resource.pattern) {
            (ResourceKind::Activity, _) => "Express state machine does not support Activity ARN",
            (_, Pattern::WaitForTaskToken) => {
                "Express state machine does not support '.waitForTaskToken' service integration "
            }
            (_, Pattern::Sync | Pattern::Sync2) => {
                "Express state machine does not support '.sync' service integration"
            }
            _ => continue,
        };
        let diagnostic = RULE.error(definition.tree.range(node), message);
        let hint = "Run it as a standard workflow, or go on without waiting for the answer";
        found.push(diagnostic.hint(hint).at(definition.pointer(node)));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check_express;

    #[test]
    fn express_does_not_wait_for_others() {
        check_express(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Next":"B"},
                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ express-integration: Express state machine does not support '.waitForTaskToken' service integration 
              "B":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Next":"C"},
                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ express-integration: Express state machine does not support '.sync' service integration
              "C":{"Type":"Task","Resource":"arn:aws:states:us-east-1:111111111111:activity:Work","Next":"D"},
                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ express-integration: Express state machine does not support Activity ARN
              "D":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true}}}
        "#]]);
    }
}
