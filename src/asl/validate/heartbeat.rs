//! A heartbeat must come before the time limit does.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::Owner;
use crate::asl::machine::StateType;
use crate::asl::validate::{Definition, Rule, SCHEMA};
use crate::json::float;

pub const RULE: Rule =
    Rule { name: "heartbeat", code: SCHEMA, help: "HeartbeatSeconds is smaller than TimeoutSeconds", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in definition.objects.iter().filter(|it| it.owner == Owner::State(StateType::Task)) {
        let seconds = |name: &str| {
            let node = definition.tree.get(object.node, name)?;
            Some((node, float(definition.tree.number(node)?)?))
        };
        let (Some((node, heartbeat)), Some((_, timeout))) =
            (seconds("HeartbeatSeconds"), seconds("TimeoutSeconds"))
        else {
            continue;
        };
        if heartbeat >= timeout {
            let message = "The value of 'HeartbeatSeconds' must be smaller than that of 'TimeoutSeconds'";
            let range = definition.tree.range(node);
            found.push(RULE.error(range, message).at(definition.pointer(node)));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::asl::validate::testing::check;

    #[test]
    fn the_heartbeat_comes_first() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"${R}","TimeoutSeconds":60,"HeartbeatSeconds":60,"Next":"B"},
                                                                                          ^^ heartbeat: The value of 'HeartbeatSeconds' must be smaller than that of 'TimeoutSeconds'
              "B":{"Type":"Task","Resource":"${R}","TimeoutSeconds":60,"HeartbeatSeconds":59,"End":true}}}
        "#]]);
    }
}
