//! The keyboard's twins of dragging: add after, connect to, go to target, move to.

use leptos::prelude::*;

use crate::app::dialogs::list::{Choice, ChooseDialog};
use crate::app::palette::template;
use crate::app::shell::Shell;
use crate::asl::StatePath;
use crate::studio::palette::PALETTE;
use crate::studio::{Command, ConnectTo};

/// What to add after the selected state, or on the selected connection.
#[component]
pub fn AddAfter() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let selection = shell.selection.get_untracked();
    let choices = PALETTE
        .iter()
        .map(|row| {
            let template = template(row);
            let command = match (&selection.edge, &selection.state) {
                (Some(edge), _) => Command::InsertOnEdge { edge: edge.clone(), template },
                (None, Some(state)) => Command::AddAfter { state: state.clone(), template },
                (None, None) => Command::AddToScope { scope: Default::default(), template },
            };
            choice(shell, row.title, row.group, row.icon, command)
        })
        .collect();
    let title = match (&selection.edge, &selection.state) {
        (Some(_), _) => "Insert on the connection".to_string(),
        (None, Some(state)) => format!("Add after {}", state.name()),
        (None, None) => "Add a state".to_string(),
    };
    view! { <ChooseDialog title=title choices=choices /> }
}

/// Where the selected state, or the selected connection, goes next.
#[component]
pub fn ConnectToState() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let selection = shell.selection.get_untracked();
    let command = move |target: ConnectTo| match (&selection.edge, &selection.state) {
        (Some(edge), _) => Some(Command::Reconnect { edge: edge.clone(), target }),
        (None, Some(state)) => Some(Command::Connect { state: state.clone(), target }),
        (None, None) => None,
    };
    let mut choices = Vec::new();
    for (title, state, icon) in siblings(shell) {
        if let Some(command) = command(ConnectTo::State(state.name())) {
            choices.push(choice(shell, &title, "", icon, command));
        }
    }
    if let Some(command) = command(ConnectTo::End) {
        choices.push(choice(shell, "End", "ends here", "succeed", command));
    }
    view! { <ChooseDialog title="Connect to" choices=choices empty="Select a state or a connection first" /> }
}

/// The states to which the selected one leads.
#[component]
pub fn GoToTarget() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let from = shell.selection.get_untracked().state.as_ref().map(ToString::to_string).unwrap_or_default();
    let choices = shell.graph.with_untracked(|graph| {
        let leaving = graph.edges.iter().filter(|it| it.from == from);
        leaving
            .filter_map(|edge| {
                let node = graph.nodes.iter().find(|it| it.key == edge.to)?;
                let state = node.state.clone()?;
                Some(Choice::new(node.title.clone(), edge.label.clone(), node.icon, move || {
                    shell.dispatch(Command::Select { state: Some(state.clone()) });
                    shell.reveal_node.set((shell.next_number(), state.to_string()));
                }))
            })
            .collect()
    });
    view! { <ChooseDialog title="Go to" choices=choices empty="Nothing follows here" /> }
}

/// The connections onto which the selected state could move.
#[component]
pub fn MoveTo() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let Some(state) = shell.selection.get_untracked().state.clone() else {
        return view! { <ChooseDialog title="Move to" choices=Vec::new() empty="Select a state first" /> }
            .into_any();
    };
    let choices = shell.graph.with_untracked(|graph| {
        let edges = graph.edges.iter().filter(|it| it.insert_at.is_some());
        edges
            .map(|edge| {
                let command = Command::MoveToEdge { state: state.clone(), edge: edge.key.clone() };
                choice(shell, &edge.sentence, "", "pass", command)
            })
            .filter(|it| it.refusal.is_none())
            .collect()
    });
    let title = format!("Move {} to", state.name());
    view! { <ChooseDialog title=title choices=choices empty="There is no other place for it" /> }.into_any()
}

fn choice(shell: Shell, label: &str, note: &str, icon: &str, command: Command) -> Choice {
    let refusal = shell.can(&command).err().map(|it| it.0);
    Choice::new(label, note, icon, move || shell.dispatch(command.clone())).refused(refusal)
}

/// States of the scope in which something is selected.
fn siblings(shell: Shell) -> Vec<(String, StatePath, &'static str)> {
    let selection = shell.selection.get_untracked();
    let scope = match (&selection.edge, &selection.state) {
        (Some(edge), _) => edge.source().map(|it| it.scope()).unwrap_or_default(),
        (None, Some(state)) => state.scope(),
        (None, None) => return Vec::new(),
    };
    shell.graph.with_untracked(|graph| {
        let states = graph.nodes.iter().filter_map(|it| Some((it.title.clone(), it.state.clone()?, it.icon)));
        states.filter(|(_, state, _)| state.scope() == scope).collect()
    })
}
