//! The keyboard's twins of dragging: add after, connect to, go to target, move to.

use std::rc::Rc;

use leptos::prelude::*;

use crate::app::dialogs::list::{Choice, ChooseDialog, Search};
use crate::app::palette::add_here;
use crate::app::palette::snippets::Kept;
use crate::app::parts::live::view;
use crate::app::shell::Shell;
use crate::asl::{EdgeKey, ScopePath, StatePath, StateType};
use crate::flow::Shape;
use crate::studio::palette::{PaletteRow, groups};
use crate::studio::{Command, ConnectTo, EdgeView, Template};

/// What to add after the selected state, or on the selected connection.
#[component]
pub fn AddAfter() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let selection = shell.selection.get_untracked();
    let title = match (&selection.edge, &selection.state) {
        (Some(_), _) => "Insert on the connection".to_string(),
        (None, Some(state)) => format!("Add after {}", state.name()),
        (None, None) => "Add a state".to_string(),
    };
    add(shell, title, move |template| add_here(shell, template))
}

/// What to add between all that leads to the selected state and it.
#[component]
pub fn AddBefore() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let Some(state) = shell.selection.get_untracked().state.clone() else { return none("Add before") };
    let title = format!("Add before {}", state.name());
    add(shell, title, move |template| Command::AddBefore { state: state.clone(), template })
}

/// What to add to the branch or body that was asked for, else to the first of the selected state; to
/// a Choice as a new rule.
#[component]
pub fn AddInside() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let scope = shell.add_to.try_update_untracked(Option::take).flatten();
    let Some(state) = shell.selection.get_untracked().state.clone() else { return none("Add inside") };
    let is_choice = shell.graph.with_untracked(|it| {
        let choice = Shape::State(StateType::Choice);
        it.nodes.iter().any(|it| it.state.as_ref() == Some(&state) && it.shape == choice)
    });
    let name = state.name();
    if is_choice {
        let title = format!("Add as a new rule of {name}");
        return add(shell, title, move |template| Command::AddToChoice { state: state.clone(), template });
    }
    let scope = scope.or_else(|| {
        let start = format!("{state}/");
        shell.graph.with_untracked(|it| {
            let keys = it.nodes.iter().filter_map(|it| it.key.strip_suffix("#start"));
            keys.filter(|it| it.starts_with(&start)).map(ScopePath::new).next()
        })
    });
    match scope {
        Some(scope) => {
            let command = move |template| Command::AddToScope { scope: scope.clone(), template };
            add(shell, format!("Add inside {name}"), command)
        }
        None => {
            view! { <ChooseDialog title="Add inside" choices=Vec::new() empty=format!("{name} holds no other states") /> }
        }
    }
}

/// All that can be added, each by its command, searched as the palette is.
fn add(shell: Shell, title: String, command: impl Fn(Template) -> Command + 'static) -> AnyView {
    let own = expect_context::<Kept>().rows_now();
    let rows: Vec<PaletteRow> = groups(&own, "").into_iter().flat_map(|it| it.rows).collect();
    // Whether it is possible depends on the row only where that ends the workflow.
    let refusal = |state_type: StateType| {
        let row = rows.iter().find(|it| it.state_type == state_type)?;
        shell.can(&command(row.template())).err().map(|it| it.0)
    };
    let (refusal, end_refusal) = (refusal(StateType::Pass), refusal(StateType::Succeed));
    let command = Rc::new(command);
    let choices = rows
        .iter()
        .map(|row| {
            let ends = matches!(row.state_type, StateType::Succeed | StateType::Fail);
            let (template, command) = (row.template(), command.clone());
            let add = move || shell.dispatch(command(template.clone()));
            let refusal = if ends { end_refusal.clone() } else { refusal.clone() };
            Choice::new(row.title(), row.group, row.icon, add).refused(refusal)
        })
        .collect();
    let ids: Vec<String> = rows.into_iter().map(|it| it.id).collect();
    let search = move |wanted: &str| {
        let found = groups(&own, wanted).into_iter().flat_map(|it| it.rows);
        found.filter_map(|row| ids.iter().position(|it| *it == row.id)).collect()
    };
    view! { <ChooseDialog title=title choices=choices search=Box::new(search) as Search /> }
}

fn none(title: &'static str) -> AnyView {
    view! { <ChooseDialog title=title choices=Vec::new() empty="Select a state first" /> }
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

/// The connections that leave the selected state or lead to it.
#[component]
pub fn SelectEdge() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let selection = shell.selection.get_untracked();
    let source = || selection.edge.as_ref().and_then(EdgeKey::source);
    let state = selection.state.clone().or_else(source).map(|it| it.to_string()).unwrap_or_default();
    let choices = shell.graph.with_untracked(|graph| {
        let sides = [true, false];
        let edges = sides.into_iter().flat_map(|leaves| {
            let is_own =
                |it: &&EdgeView| leaves == (it.from == state) && (it.from == state || it.to == state);
            graph.edges.iter().filter(is_own).collect::<Vec<_>>()
        });
        edges
            .map(|edge| {
                let command = Command::SelectEdge { edge: edge.key.clone() };
                Choice::new(edge.sentence.clone(), "", "right", move || shell.dispatch(command.clone()))
            })
            .collect()
    });
    view! { <ChooseDialog title="Select a connection" choices=choices empty="No connection leads here or away" /> }
}

/// The connections, branches and bodies to which what is selected could move.
#[component]
pub fn MoveTo() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let selection = shell.selection.get_untracked();
    let Some(state) = selection.state.clone() else { return none("Move to") };
    let mut states = selection.others.clone();
    states.push(state.clone());
    let mut choices = Vec::new();
    shell.graph.with_untracked(|graph| {
        for edge in graph.edges.iter().filter(|it| it.insert_at.is_some()) {
            let command = Command::MoveStates { states: states.clone(), edge: edge.key.clone() };
            choices.push(choice(shell, &edge.sentence, "", "pass", command));
        }
        for start in graph.nodes.iter().filter(|it| it.shape == Shape::Start) {
            let scope = ScopePath::new(start.key.strip_suffix("#start").unwrap_or_default());
            let label = into_words(&scope);
            let command = Command::MoveStatesToScope { states: states.clone(), scope };
            choices.push(choice(shell, &label, "", "parallel", command));
        }
    });
    choices.retain(|it| it.refusal.is_none());
    let title = match selection.others.len() {
        0 => format!("Move {} to", state.name()),
        n => format!("Move {} states to", n + 1),
    };
    view! { <ChooseDialog title=title choices=choices empty="There is no other place for it" /> }
}

/// “Into branch 2 of Both”.
fn into_words(scope: &ScopePath) -> String {
    let Some((outer, place)) = scope.as_str().rsplit_once('/') else {
        return "Out, beside the other states".to_string();
    };
    match (outer.strip_suffix("/Branches"), place.parse::<usize>()) {
        (Some(parallel), Ok(idx)) => {
            format!("Into branch {} of {}", idx + 1, StatePath::new(parallel).name())
        }
        _ => format!("Into {}", StatePath::new(outer).name()),
    }
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
