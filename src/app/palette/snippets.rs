//! The user's own rows: kept with the settings, changed in one dialog.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::browser::{files, settings};
use crate::app::dialogs::NameForm;
use crate::app::parts::live::{heard, live, view};
use crate::app::parts::{IconButton, Modal};
use crate::app::shell::Shell;
use crate::asl::StatePath;
use crate::studio::palette::PaletteRow;
use crate::studio::palette::snippets::{Snippet, add, import, read_all, rename, write_all};
use crate::studio::{Refusal, Studio};
use crate::text::words::count;

/// Where the browser keeps them.
const KEY: &str = "stepglass-snippets";

/// The snippets, for every place that lists them.
#[derive(Clone, Copy)]
pub struct Kept(RwSignal<Vec<Snippet>>);

impl Kept {
    /// What the browser has kept; nothing of what is broken.
    pub fn read() -> Kept {
        Kept(RwSignal::new(settings::read(KEY).map(|it| read_all(&it)).unwrap_or_default()))
    }

    /// As rows of the palette.
    pub fn rows(self) -> Vec<PaletteRow> {
        self.0.track();
        self.rows_now()
    }

    /// As rows for something that lasts no longer than they do.
    pub fn rows_now(self) -> Vec<PaletteRow> {
        self.0.with_untracked(|it| it.iter().map(Snippet::row).collect())
    }

    /// Makes a change that can be kept, and says what was done, or why it was not.
    fn change(self, shell: Shell, change: impl FnOnce(&mut Vec<Snippet>) -> Result<String, Refusal>) -> bool {
        let mut snippets = self.0.get_untracked();
        let said = change(&mut snippets).and_then(|said| match settings::write(KEY, &write_all(&snippets)) {
            true => Ok(said),
            false => {
                Err(Refusal("This browser refuses to keep more; export snippets and delete some".into()))
            }
        });
        match said {
            Ok(said) => {
                self.0.set(snippets);
                shell.tell(said);
                true
            }
            Err(Refusal(sentence)) => {
                shell.announce(sentence, true);
                false
            }
        }
    }
}

/// Saves what is selected, and changes what was saved.
#[component]
pub fn SnippetsDialog() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let kept = expect_context::<Kept>();
    let close = move || shell.dialog.set(None);
    let selected = selected(shell);
    let verb = match selected.len() {
        0 | 1 => "Save the selected state".to_owned(),
        n => format!("Save {n} selected states"),
    };
    let name = selected.first().map(StatePath::name).unwrap_or_default();
    let text = shell.with_studio(|it: &Studio| it.snippet_of(&selected)).map_err(|it| it.0);
    let save = match text {
        Err(sentence) => view! { <p class="snippets-none">{sentence}" to save as a snippet"</p> },
        Ok(text) => view! {
            <NameForm
                label="Name of the snippet"
                initial=name
                verb=verb
                refusal=Box::new(|_| None)
                on_name=Box::new(move |name| {
                    if kept.change(shell, |it| add(it, &text, &name).map(|()| format!("Saved the snippet “{name}”"))) {
                        close();
                    }
                })
            />
        },
    };
    let list = move || {
        let row = |(idx, snippet): (usize, Snippet)| {
            let (name, removed) = (snippet.name.clone(), snippet.name.clone());
            view! {
                <li>
                    <input
                        type="text"
                        aria-label=format!("Name of {name}")
                        prop:value=name
                        on:change=heard(move |event| {
                            let name = event_target_value(&event);
                            if !kept.change(shell, |it| rename(it, idx, &name).map(|()| format!("Renamed to “{}”", name.trim()))) {
                                kept.0.notify();
                            }
                        })
                    />
                    <span>{count(snippet.n_states, "state", "states")}</span>
                    <IconButton
                        icon="trash"
                        label=format!("Delete {removed}")
                        on_click=move || {
                            kept.change(shell, |it| {
                                it.retain(|it| it.name != removed);
                                Ok(format!("Deleted the snippet “{removed}”"))
                            });
                        }
                    />
                </li>
            }
        };
        kept.0.get().into_iter().enumerate().map(row).collect_view()
    };
    let take_in = move |_| {
        spawn_local(async move {
            match files::choose().await {
                Ok(Some(file)) => {
                    kept.change(shell, |it| {
                        import(it, &file.text)
                            .map(|n| format!("Imported {}", count(n, "snippet", "snippets")))
                    });
                }
                Ok(None) => {}
                Err(sentence) => shell.announce(sentence, true),
            }
        });
    };
    let give_out = move |_| {
        let text = kept.0.with_untracked(|it| write_all(it));
        match files::download("snippets.json", "application/json", &text) {
            Ok(()) => shell.tell("Downloaded “snippets.json”"),
            Err(sentence) => shell.announce(sentence, true),
        }
    };
    view! {
        <Modal title="Your snippets" class="snippets" on_close=close>
            {save}
            <ul class="snippets-list">{list}</ul>
            <div class="snippets-files">
                <button type="button" class="button" on:click=heard(take_in)>"Import…"</button>
                <button type="button" class="button" hidden=live(move || kept.0.with(Vec::is_empty)) on:click=heard(give_out)>
                    "Export"
                </button>
            </div>
        </Modal>
    }
}

/// The states that are selected.
fn selected(shell: Shell) -> Vec<StatePath> {
    shell.selection.with_untracked(|it| it.others.iter().chain(&it.state).cloned().collect())
}
