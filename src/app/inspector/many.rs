//! Several states are selected: which, and what can be done with all of them.

use leptos::prelude::*;

use crate::app::parts::ActionButton;
use crate::app::parts::live::{heard, live, view};
use crate::app::shell::Shell;
use crate::studio::Command;

/// More names than this are only counted.
const N_NAMES: usize = 12;

/// Shown in place of the form.
#[component]
pub fn Many() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let states = move || {
        let selection = shell.selection.get();
        selection.others.iter().chain(&selection.state).cloned().collect::<Vec<_>>()
    };
    let actions =
        ["duplicate", "copy", "cut", "delete", "move-to", "wrap-in-parallel", "wrap-in-map", "extract"];
    view! {
        <section class="many" aria-label="Several states">
            <ul class="many-states">
                {live(move || {
                    let states = states();
                    let n_more = states.len().saturating_sub(N_NAMES);
                    let rows = states.into_iter().take(N_NAMES).map(|state| {
                        let name = state.name();
                        let select = move |_| shell.dispatch(Command::Select { state: Some(state.clone()) });
                        view! { <li><button type="button" class="link" on:click=heard(select)>{name}</button></li> }
                    });
                    let more = (0 < n_more).then(|| view! { <li>{format!("and {n_more} more")}</li> });
                    view! { {rows.collect_view()} {more} }
                })}
            </ul>
            <div class="many-actions">
                {actions.map(|id| view! { <ActionButton id=id /> }).collect_view()}
            </div>
            <p class="lens-note">"Shift and a click add a state or take it out. Esc leaves only the last one"</p>
        </section>
    }
}
