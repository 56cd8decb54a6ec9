//! The scenario: an input and the answers of the tasks under a name.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::dialogs::NameDialog;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::parts::{Menu, MenuItem};
use crate::app::shell::Shell;
use crate::studio::{Command, Dialog};

/// Chooses a scenario, and makes, renames or deletes one.
#[component]
pub fn ScenarioChooser() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let renaming = RwSignal::new(false);
    view! {
        <div class="scenario">
            <label for="scenario">"Scenario"</label>
            <ScenarioSelect id="scenario" />
            <Menu label="Scenarios" class="scenario-menu" face=move || view! { <crate::app::parts::Icon name="menu" /> }>
                <MenuItem label="New scenario…" on_choose=move || shell.dialog.set(Some(Dialog::AddScenario)) />
                <MenuItem label="Rename…" on_choose=move || renaming.set(true) />
                <MenuItem label="Delete" on_choose=move || shell.dispatch(Command::DeleteScenario) />
            </Menu>
        </div>
        <Shown when=live(move || renaming.get())>
            <NameDialog
                title="Rename the scenario"
                initial=shell.scenarios.with_untracked(|it| it.chosen.clone())
                verb="Rename"
                on_close=Callback::new(move |()| renaming.set(false))
                command=Arc::new(|name| Command::RenameScenario { name })
            />
        </Shown>
    }
}

/// The list of scenarios with the chosen one; its label is the caller's.
#[component]
pub fn ScenarioSelect(id: &'static str) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let shown = memo(move || shell.scenarios.with(|it| (it.names.clone(), it.chosen.clone())));
    view! {
        <select
            id=id
            on:change=heard(move |event| shell.dispatch(Command::ChooseScenario { name: event_target_value(&event) }))
        >
            {live(move || {
                let (names, chosen) = shown.get();
                names
                    .into_iter()
                    .map(|name| view! { <option value=name.clone() selected=name == chosen>{name.clone()}</option> })
                    .collect_view()
            })}
        </select>
    }
}

/// Asks for the name of a new scenario; it starts as a copy of the chosen one.
#[component]
pub fn AddScenarioDialog() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <NameDialog
            title="New scenario"
            initial=String::new()
            verb="Add"
            on_close=Callback::new(move |()| shell.dialog.set(None))
            command=Arc::new(|name| Command::AddScenario { name })
        />
    }
}
