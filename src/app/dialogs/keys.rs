//! The keys that work, by where they work.

use leptos::prelude::*;

use crate::app::parts::live::view;
use crate::app::parts::{ActionButton, Modal};
use crate::app::shell::Shell;
use crate::studio::{ACTIONS, Key, Place};

/// The dialog.
#[component]
pub fn Keys() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let places = [
        (Place::Anywhere, "Anywhere"),
        (Place::Graph, "Graph"),
        (Place::Run, "Run and player, and the graph"),
    ];
    view! {
        <Modal title="Keys" class="keys" on_close=move || shell.dialog.set(None)>
            <p class="lens-note">
                "Single letters work while the graph or the player has the focus. In the text, Tab indents; Esc and then Tab leaves it. Ctrl is Command on a Mac"
            </p>
            <div class="keys-columns">
                {places
                    .into_iter()
                    .map(|(place, title)| {
                        view! {
                            <section>
                                <h3>{title}</h3>
                                <dl>
                                    {ACTIONS
                                        .iter()
                                        .filter(|it| it.place == place && !it.keys.is_empty())
                                        .map(|action| {
                                            let keys: Vec<String> = action.keys.iter().map(Key::words).collect();
                                            view! {
                                                <dt>{keys.join(", ")}</dt>
                                                <dd>{action.label}</dd>
                                            }
                                        })
                                        .collect_view()}
                                </dl>
                            </section>
                        }
                    })
                    .collect_view()}
            </div>
            <ActionButton id="sources" class="quiet" />
        </Modal>
    }
}
