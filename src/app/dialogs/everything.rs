//! The palette: every action, every state, everything that can be added and every sample under one
//! search.

use leptos::prelude::*;

use crate::app::dialogs::list::{Choice, ChooseDialog};
use crate::app::palette::add_here;
use crate::app::palette::snippets::Kept;
use crate::app::parts::button::possible;
use crate::app::parts::live::view;
use crate::app::shell::Shell;
use crate::app::{incoming, welcome};
use crate::studio::palette::groups;
use crate::studio::{ACTIONS, Command};

/// The dialog.
#[component]
pub fn Everything() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let mut choices: Vec<Choice> = untrack(|| {
        ACTIONS
            .iter()
            .filter(|it| !matches!(it.id, "palette" | "close"))
            .map(|action| {
                let refusal = possible(shell, action).err();
                Choice::new(action.label, action.shortcut(), "right", move || shell.act(action))
                    .refused(refusal)
            })
            .collect()
    });
    let states = shell.graph.with_untracked(|graph| {
        let states = graph.nodes.iter().filter_map(|it| Some((it.title.clone(), it.state.clone()?, it.icon)));
        states
            .map(|(title, state, icon)| {
                Choice::new(title, "state", icon, move || {
                    shell.dispatch(Command::Select { state: Some(state.clone()) });
                    shell.reveal_node.set((shell.next_number(), state.to_string()));
                })
            })
            .collect::<Vec<_>>()
    });
    choices.extend(states);
    let place = shell.selection.with_untracked(|it| match (&it.edge, &it.state) {
        (Some(_), _) => " on the connection".to_string(),
        (None, Some(state)) => format!(" after {}", state.name()),
        (None, None) => String::new(),
    });
    let own = expect_context::<Kept>().rows_now();
    choices.extend(groups(&own, "").into_iter().flat_map(|it| it.rows).map(|row| {
        let label = format!("Add {}{place}", row.title());
        let template = row.template();
        Choice::new(label, row.group, row.icon, move || shell.dispatch(add_here(shell, template.clone())))
    }));
    choices.extend(welcome::SAMPLES.into_iter().map(|(id, title, _, icon)| {
        Choice::new(title, "sample", icon, move || incoming::open_sample(shell, id))
    }));
    view! { <ChooseDialog title="Search or do…" choices=choices remembers=true /> }
}
