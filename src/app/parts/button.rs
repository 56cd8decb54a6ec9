//! Buttons with a name, a tooltip and a shortcut.

use leptos::prelude::*;

use crate::app::parts::Icon;
use crate::app::parts::live::{heard, live, memo, view};
use crate::app::shell::Shell;
use crate::studio::{Act, Action, Situation};

/// A sign with a name: the words are in the tooltip and for screen readers.
#[component]
pub fn IconButton(
    #[prop(into)] icon: Signal<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(into, optional)] class: String,
    #[prop(into, optional)] disabled: Signal<bool>,
    on_click: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=format!("icon-button {class}")
            title=label
            aria-label=label
            // Still focusable, so that its tooltip can say why.
            aria-disabled=live(move || disabled.get().then_some("true"))
            on:click=heard(move |_| {
                if !disabled.get_untracked() {
                    on_click();
                }
            })
        >
            {live(move || view! { <Icon name=icon.get() /> })}
        </button>
    }
}

/// The button of a named action; name, tooltip and shortcut come from the table of actions.
#[component]
pub fn ActionButton(
    id: &'static str,
    #[prop(into, optional)] icon: Option<String>,
    #[prop(into, optional)] class: String,
    /// Other words than the table's.
    #[prop(into, optional)]
    label: Option<String>,
) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let Some(action) = Action::find(id) else { return ().into_any() };
    let words = label.unwrap_or_else(|| action.label.to_string());
    let possible = memo(move || possible(shell, action));
    let base = if icon.is_some() { "icon-button" } else { "button" };
    let name = words.clone();
    let title = move || {
        let shortcut = action.shortcut();
        let reason = possible.get().err().map(|it| format!(" – {it}")).unwrap_or_default();
        if shortcut.is_empty() { format!("{words}{reason}") } else { format!("{words} ({shortcut}){reason}") }
    };
    let face = match &icon {
        Some(icon) => view! { <Icon name=icon.clone() /> },
        None => name.clone().into_any(),
    };
    view! {
        <button
            type="button"
            class=format!("{base} {class}")
            title=title
            aria-label=icon.is_some().then_some(name)
            aria-disabled=live(move || possible.get().is_err().then_some("true"))
            on:click=heard(move |_| shell.act(action))
        >
            {face}
        </button>
    }
}

/// Whether an action is possible for what is shown now; depends on the views it looks at.
pub fn possible(shell: Shell, action: &Action) -> Result<(), String> {
    let selection = shell.selection.get();
    let player = shell.player.get();
    shell.document.track();
    match &action.act {
        Act::Ask(_) => Ok(()),
        Act::Do(command) => match command(&Situation { selection: &selection, player: &player }) {
            Some(command) => shell.can(&command).map_err(|it| it.0),
            None => Err("select a state first".into()),
        },
    }
}
