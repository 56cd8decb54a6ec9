//! Whether the run does what its scenario expects.

use leptos::prelude::*;

use crate::app::parts::live::{live, memo, view};
use crate::app::shell::Shell;

/// “As expected”, or the differences; nothing where nothing is expected.
#[component]
pub fn Expectation() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = memo(move || shell.player.with(|it| it.differences.clone()));
    live(move || {
        view.get().map(|it| match it.len() {
            0 => view! {
                <p class="expectation" data-same="true" role="status">"✓ As the scenario expects"</p>
            },
            n => {
                let title = match n {
                    1 => "⨯ 1 difference from what the scenario expects".to_string(),
                    n => format!("⨯ {n} differences from what the scenario expects"),
                };
                view! {
                    <details class="expectation" data-same="false" open>
                        <summary>{title}</summary>
                        <ul>{it.iter().map(|it| view! { <li>{it.clone()}</li> }).collect_view()}</ul>
                    </details>
                }
            }
        })
    })
}
