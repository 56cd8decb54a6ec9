//! What can be done with a connection beside moving its end: a rule or catcher changes its place in
//! the order or goes, a Default goes, a Next becomes the End. Each becomes a command of the list or
//! field that the connection is written in.

use crate::asl::{EdgeKey, StatePath};
use crate::studio::command::{Command, ConnectTo};

/// Where a connection is written.
enum Written {
    /// In this rule of a Choice.
    Rule(StatePath, usize),
    /// In this item of another list: a catcher.
    Item(String, usize),
    /// In the Default of a Choice.
    Default(String),
    Next,
    /// Start, End and what ends by its type stay as they are.
    Fixed,
}

/// “rule 2”, “catcher 1”; nothing for what stands in no list.
pub fn item_words(edge: &EdgeKey) -> Option<String> {
    match written(edge) {
        Written::Rule(_, idx) => Some(format!("rule {}", idx + 1)),
        Written::Item(_, idx) => Some(format!("catcher {}", idx + 1)),
        _ => None,
    }
}

/// Tries the rule or catcher one place earlier, or later.
pub fn moved(edge: &EdgeKey, later: bool) -> Option<Command> {
    let to = |from: usize| if later { Some(from + 1) } else { from.checked_sub(1) };
    match written(edge) {
        Written::Rule(state, from) => Some(Command::MoveRule { state, from, to: to(from)? }),
        Written::Item(owner, from) => Some(Command::MoveItem { owner, from, to: to(from)? }),
        _ => None,
    }
}

/// Takes the connection away.
pub fn removed(edge: &EdgeKey) -> Option<Command> {
    match written(edge) {
        Written::Rule(state, idx) => Some(Command::RemoveRule { state, idx }),
        Written::Item(owner, idx) => Some(Command::RemoveItem { owner, idx }),
        Written::Default(owner) => Some(Command::RemoveField { owner, field: "Default".to_owned() }),
        Written::Next => Some(Command::Reconnect { edge: edge.clone(), target: ConnectTo::End }),
        Written::Fixed => None,
    }
}

fn written(edge: &EdgeKey) -> Written {
    let pointer = edge.as_str();
    if let Some(owner) = pointer.strip_suffix("/Default") {
        return Written::Default(owner.to_owned());
    }
    let Some(holder) = pointer.strip_suffix("/Next") else { return Written::Fixed };
    let item = holder.rsplit_once('/').and_then(|(owner, idx)| Some((owner, idx.parse().ok()?)));
    match item.map(|(owner, idx)| (owner, owner.strip_suffix("/Choices"), idx)) {
        Some((_, Some(state), idx)) => Written::Rule(StatePath::new(state), idx),
        Some((owner, None, idx)) if owner.ends_with("/Catch") => Written::Item(owner.to_owned(), idx),
        _ => Written::Next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edge: &str, expected: [Option<&str>; 3]) {
        let edge = EdgeKey::new(edge);
        let words =
            |it: Option<Command>| it.map(|it| format!("{it:?}").split(" {").next().unwrap().to_owned());
        let said = [words(removed(&edge)), words(moved(&edge, false)), words(moved(&edge, true))];
        assert_eq!(said.each_ref().map(Option::as_deref), expected, "{edge}");
    }

    #[test]
    fn each_kind_of_connection_has_its_commands() {
        check("/States/A/Choices/0/Next", [Some("RemoveRule"), None, Some("MoveRule")]);
        check("/States/A/Catch/1/Next", [Some("RemoveItem"), Some("MoveItem"), Some("MoveItem")]);
        check("/States/A/Default", [Some("RemoveField"), None, None]);
        check("/States/A/Next", [Some("Reconnect"), None, None]);
        check("/States/7/Next", [Some("Reconnect"), None, None]);
        check("/States/A/End", [None, None, None]);
        check("/StartAt", [None, None, None]);
    }
}
