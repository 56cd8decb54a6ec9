//! The questions of named actions: each is a list to choose from or a short form.

pub mod list;
pub mod name;
pub mod everything;
pub mod targets;
pub mod extract;
pub mod keys;
pub mod convert;
pub mod sources;

use leptos::prelude::*;

use crate::app::palette::snippets::SnippetsDialog;
use crate::app::parts::live::{effect, view};
use crate::app::player::answer::AnswerDifferentlyDialog;
use crate::app::player::run_from::RunFrom;
use crate::app::scenarios::AddScenarioDialog;
use crate::app::shell::Shell;
use crate::app::{incoming, welcome};
use crate::studio::Dialog;

use list::{Choice, ChooseDialog};
pub use name::{NameDialog, NameForm};

/// Shows the dialog that was asked for. Questions about the canvas or the inspector are answered
/// by those panes.
#[component]
pub fn Dialogs() -> impl IntoView {
    let shell = expect_context::<Shell>();
    effect(move || {
        if shell.dialog.get() == Some(Dialog::OpenFile) {
            shell.dialog.set(None);
            incoming::open_file(shell);
        }
    });
    view! {
        {move || match shell.dialog.get() {
            Some(Dialog::Palette) => view! { <everything::Everything /> },
            Some(Dialog::Keys) => view! { <keys::Keys /> },
            Some(Dialog::Sources) => view! { <sources::SourcesDialog /> },
            Some(Dialog::Samples) => view! { <Samples /> },
            Some(Dialog::AddAfter) => view! { <targets::AddAfter /> },
            Some(Dialog::AddBefore) => view! { <targets::AddBefore /> },
            Some(Dialog::AddInside) => view! { <targets::AddInside /> },
            Some(Dialog::Extract) => view! { <extract::Extract /> },
            Some(Dialog::ConnectTo) => view! { <targets::ConnectToState /> },
            Some(Dialog::SelectEdge) => view! { <targets::SelectEdge /> },
            Some(Dialog::GoToTarget) => view! { <targets::GoToTarget /> },
            Some(Dialog::MoveTo) => view! { <targets::MoveTo /> },
            Some(Dialog::RunFromHere) => view! { <RunFrom /> },
            Some(Dialog::ConvertMachine) => view! { <convert::Convert whole=true /> },
            Some(Dialog::ConvertState) => view! { <convert::Convert whole=false /> },
            Some(Dialog::Snippets) => view! { <SnippetsDialog /> },
            Some(Dialog::AddScenario) => view! { <AddScenarioDialog /> },
            _ => ().into_any(),
        }}
        <AnswerDifferentlyDialog />
    }
}

#[component]
fn Samples() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let choices = welcome::SAMPLES
        .into_iter()
        .map(|(id, title, sentence, icon)| {
            Choice::new(title, sentence, icon, move || incoming::open_sample(shell, id))
        })
        .collect();
    view! { <ChooseDialog title="Open a sample" choices=choices /> }
}
