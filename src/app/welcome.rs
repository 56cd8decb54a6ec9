//! The first thing seen: what this is, nine samples, and the other ways in.

use leptos::prelude::*;

use crate::app::incoming;
use crate::app::parts::Icon;
use crate::app::parts::live::{heard, view};
use crate::app::shell::Shell;
use crate::studio::Command;

/// A sample: file name in `examples/`, title, one sentence, icon.
pub const SAMPLES: [(&str, &str, &str, &str); 9] = [
    ("support-call", "Support call", "A case is worked on, then closed or escalated", "person"),
    ("order-saga", "Order saga", "Charge, ship, and undo it all when a step fails", "truck"),
    ("user-deletion", "User deletion", "Three domains at once: submit, poll, give up in time", "parallel"),
    ("approval", "Approval", "Wait for a person, remind, then ask the manager", "mail"),
    ("nightly-backup", "Nightly backup", "Start, wait, look again, copy and report", "database"),
    ("invoice-pdf", "Invoices as PDF", "For each invoice: render, store, send", "map"),
    ("courier", "Courier", "Hand a parcel over and wait for its heartbeats", "truck"),
    ("price-list", "Price list", "A child execution for each row of a CSV file", "database"),
    ("order-saga-jsonata", "Saga in JSONata", "The same order, its data shaped by expressions", "truck"),
];

/// The welcome.
#[component]
pub fn Welcome() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <section class="welcome" aria-label="Welcome">
            <h2>"Draw, run and explain a Step Functions workflow"</h2>
            <p class="welcome-claim">"All in this browser. Nothing is uploaded."</p>
            <ul class="welcome-samples">
                {SAMPLES
                    .into_iter()
                    .map(|(id, title, sentence, icon)| {
                        view! {
                            <li>
                                <button type="button" class="welcome-sample" on:click=heard(move |_| incoming::open_sample(shell, id))>
                                    <Icon name=icon />
                                    <strong>{title}</strong>
                                    <span>{sentence}</span>
                                </button>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p class="welcome-ways">
                "Paste a definition (Ctrl V) · "
                <button type="button" class="link" on:click=heard(move |_| incoming::open_file(shell))>"Open file…"</button>
                " · "
                <button type="button" class="link" on:click=heard(move |_| shell.dispatch(Command::New))>"Start empty"</button>
            </p>
        </section>
    }
}
