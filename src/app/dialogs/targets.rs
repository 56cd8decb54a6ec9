//! The keyboard's twins of dragging: add after, connect to, go to target, move to.

use leptos::prelude::*;

use crate::app::dialogs::list::{Choice, ChooseDialog, Search};
use crate::app::palette::add_here;
use crate::app::palette::snippets::Kept;
use crate::app::shell::Shell;
use crate::asl::{StatePath, StateType};
use crate::studio::palette::{PaletteRow, groups};
use crate::studio::{Command, ConnectTo};

/// What to add after the selected state, or on the selected connection.
#[component]
pub fn AddAfter() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let selection = shell.selection.get_untracked();
    let own = expect_context::<Kept>().rows();
    let rows: Vec<PaletteRow> = groups(&own, "").into_iter().flat_map(|it| it.rows).collect();
    // Whether it is possible depends on the row only where that ends the workflow.
    let refusal = |state_type: StateType| {
        let row = rows.iter().find(|it| it.state_type == state_type)?;
        shell.can(&add_here(shell, row.template())).err().map(|it| it.0)
    };
    let (refusal, end_refusal) = (refusal(StateType::Pass), refusal(StateType::Succeed));
    let choices = rows
        .iter()
        .map(|row| {
            let ends = matches!(row.state_type, StateType::Succeed | StateType::Fail);
            let template = row.template();
            let add = move || shell.dispatch(add_here(shell, template.clone()));
            Choice::new(row.title(), row.group, row.icon, add).refused(if ends {
                end_refusal.clone()
            } else {
                refusal.clone()
            })
        })
        .collect();
    let ids: Vec<String> = rows.into_iter().map(|it| it.id).collect();
    let search = move |wanted: &str| {
        let found = groups(&own, wanted).into_iter().flat_map(|it| it.rows);
        found.filter_map(|row| ids.iter().position(|it| *it == row.id)).collect()
    };
    let title = match (&selection.edge, &selection.state) {
        (Some(_), _) => "Insert on the connection".to_string(),
        (None, Some(state)) => format!("Add after {}", state.name()),
        (None, None) => "Add a state".to_string(),
    };
    view! { <ChooseDialog title=title choices=choices search=Box::new(search) as Search /> }
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
