//! The bar above all panes: the file, undo and redo, the arrangement, the search for everything,
//! and in the run arrangement the scenario.

use leptos::prelude::*;

use crate::app::inspector::focus_id;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::parts::{ActionButton, Icon, IconButton, Menu, MenuItem, Tabs};
use crate::app::scenarios::ScenarioChooser;
use crate::app::shell::Shell;
use crate::studio::{Action, Arrangement, Command, Dialog, Theme};

/// The bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let arrangement = Signal::derive(move || shell.workspace.get().arrangement);
    let tabs = vec![
        (Arrangement::Build, "Build".to_string(), "Draw and write".to_string()),
        (Arrangement::Run, "Run".to_string(), "Play a scenario and look at its data".to_string()),
    ];
    view! {
        <header class="top-bar">
            <h1 class="visually-hidden">"Stepglass"</h1>
            <Parents />
            <FileMenu />
            <div class="top-bar-undo">
                <UndoButton redo=false />
                <UndoButton redo=true />
            </div>
            <Tabs
                tabs=tabs
                chosen=arrangement
                label="Arrangement"
                class="top-bar-arrangement"
                on_choose=move |it| shell.dispatch(Command::Arrange(it))
            />
            <button
                type="button"
                class="top-bar-search"
                on:click=heard(move |_| shell.dialog.set(Some(Dialog::Palette)))
            >
                <Icon name="search" />
                <span>"Search or do…"</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <div class="top-bar-right">
                <Shown when=live(move || arrangement.get() == Arrangement::Run)>
                    <ScenarioChooser />
                </Shown>
                <ThemeButton />
            </div>
        </header>
    }
}

/// The way back from a child machine: the workflows that wait, the outermost first.
#[component]
fn Parents() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let parents = memo(move || shell.document.with(|it| it.parents.clone()));
    let row = move || {
        let parents = parents.get();
        let n_parents = parents.len();
        let rows = parents.into_iter().enumerate().map(move |(idx, title)| {
            let hint = format!("Back to “{title}”");
            let back = move |_| {
                shell.dispatch(Command::BackToParent { levels: n_parents - idx });
                // This button goes away.
                focus_id("canvas".to_string());
            };
            view! {
                <button type="button" class="button quiet top-bar-parent" title=hint.clone() aria-label=hint on:click=heard(back)>
                    <span class="file-name">{title}</span>
                </button>
                <span class="top-bar-child" aria-hidden="true">
                    <Icon name="right" />
                </span>
            }
        });
        (0 < n_parents).then(|| view! { <nav class="top-bar-parents" aria-label="Parent workflows">{rows.collect_view()}</nav> })
    };
    live(row)
}

#[component]
fn FileMenu() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let name = memo(move || {
        let name = shell.document.get().file_name.clone();
        let short = name.trim_end_matches(".asl.json").trim_end_matches(".json");
        if short.is_empty() { "Stepglass".to_string() } else { short.to_string() }
    });
    let items = [
        "new",
        "open",
        "samples",
        "bring-back",
        "save",
        "save-as",
        "export-asl",
        "copy-asl",
        "format",
        "convert",
        "export-svg",
        "export-png",
        "export-mermaid",
    ];
    let face = move || {
        view! {
            <span class="file-name">{live(move || name.get())}</span>
            <Icon name="down" />
        }
    };
    view! {
        <Menu class="file-menu" label=Signal::derive(move || format!("File {}", name.get())) face=face>
            {items
                .into_iter()
                .filter_map(Action::find)
                .map(|action| {
                    view! { <MenuItem label=action.label shortcut=action.shortcut() on_choose=move || shell.act(action) /> }
                })
                .collect_view()}
        </Menu>
    }
}

#[component]
fn UndoButton(redo: bool) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let label = memo(move || {
        let document = shell.document.get();
        if redo { document.redo.clone() } else { document.undo.clone() }
    });
    let (icon, verb, keys) = if redo { ("redo", "Redo", "Ctrl Shift Z") } else { ("undo", "Undo", "Ctrl Z") };
    view! {
        <IconButton
            icon=icon
            label=Signal::derive(move || format!("{} ({keys})", label.get().unwrap_or_else(|| verb.to_string())))
            disabled=Signal::derive(move || label.get().is_none())
            on_click=move || shell.dispatch(if redo { Command::Redo } else { Command::Undo })
        />
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let theme = memo(move || shell.workspace.get().theme);
    let next = move || match theme.get() {
        Theme::System => (Theme::Light, "Theme: as the system. Switch to light"),
        Theme::Light => (Theme::Dark, "Theme: light. Switch to dark"),
        Theme::Dark => (Theme::System, "Theme: dark. Follow the system"),
    };
    view! {
        <IconButton
            icon="theme"
            label=Signal::derive(move || next().1.to_string())
            on_click=move || shell.dispatch(Command::SetTheme(untrack(next).0))
        />
        <ActionButton id="keys" label="?" class="quiet top-bar-keys" />
    }
}
