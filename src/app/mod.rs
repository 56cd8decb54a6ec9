//! The page: the only wing that knows the browser. Components read the views of
//! [`crate::studio`] and dispatch its commands; a rule that a component needs belongs there.

pub mod shell;
pub mod effects;
pub mod autosave;
pub mod keys;
pub mod incoming;
pub mod browser;
pub mod parts;
pub mod top_bar;
pub mod status_bar;
pub mod palette;
pub mod canvas;
pub mod code;
pub mod inspector;
pub mod problems;
pub mod player;
pub mod scenarios;
pub mod dialogs;
pub mod welcome;

use leptos::prelude::*;

use crate::app::parts::Splitter;
use crate::app::parts::live::{Shown, effect, live, memo, view};
use crate::app::parts::toast::{LiveRegion, Toast};
use crate::app::shell::{NarrowPane, Shell};
use crate::studio::{Arrangement, Studio};

/// Shows the application in place of the loading sentence.
pub fn start() {
    // The page that is published has no words for a panic, see `crash.js`.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    mount_to_body(App);
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
}

/// Marks the page as complete: what was kept is shown. Browser tests wait for it.
pub fn mark_ready() {
    if let Some(root) = document().document_element() {
        // An attribute on the root element is never refused.
        let _ = root.set_attribute("data-ready", "true");
    }
}

/// The whole page.
#[component]
fn App() -> impl IntoView {
    let shell = Shell::new(Studio::new());
    provide_context(shell);
    provide_context(player::bench::Sheet::empty());
    provide_context(palette::snippets::Kept::read());
    autosave::restore(shell);
    autosave::save_when_hidden(shell);
    keys::listen(shell);
    incoming::listen(shell);
    player::clock::run(shell);
    effect(move || browser::theme::apply(shell.workspace.get().theme));
    effect(move || {
        let name = shell.document.get().file_name.clone();
        document().set_title(&if name.is_empty() {
            "Stepglass".into()
        } else {
            format!("{name} – Stepglass")
        });
    });
    let welcome = memo(move || shell.workspace.get().welcome);
    view! {
        <a class="skip-link" href="#canvas">"Skip to the graph"</a>
        <top_bar::TopBar />
        <Notice />
        <main
            class="workspace"
            data-arrangement=live(move || format!("{:?}", shell.workspace.get().arrangement))
            data-narrow=live(move || format!("{:?}", shell.narrow_pane.get()))
            data-welcome=live(move || welcome.get().to_string())
        >
            <Shown when=live(move || welcome.get())>
                <welcome::Welcome />
            </Shown>
            <palette::AddPane />
            <Splitter name="palette-width" label="Width of the palette" initial=208.0 min=150.0 max=360.0 sense=1.0 />
            <canvas::CanvasPane />
            <Splitter name="code-width" label="Width of the text" initial=320.0 min=200.0 max=900.0 sense=-1.0 />
            <code::CodePane />
            <Splitter name="inspector-width" label="Width of the inspector" initial=284.0 min=220.0 max=600.0 sense=-1.0 />
            <inspector::InspectorPane />
            <Splitter name="lens-width" label="Width of the data flow" initial=704.0 min=320.0 max=1100.0 sense=-1.0 />
            <player::LensPane />
            <Splitter name="player-height" label="Height of the player" initial=232.0 min=120.0 max=520.0 sense=-1.0 horizontal=true />
            <player::PlayerPane />
            <problems::ProblemsBar />
        </main>
        <NarrowTabs />
        <status_bar::StatusBar />
        <dialogs::Dialogs />
        <Toast />
        <LiveRegion />
    }
}

/// Why something was refused, or what was made of what came in. Stays until the next command.
#[component]
fn Notice() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let notice = memo(move || shell.workspace.with(|it| it.notice.clone()));
    view! {
        <Shown when=live(move || notice.get().is_some())>
            <div class="notice">
                <parts::Icon name="warning" />
                <p>{live(move || notice.get())}</p>
            </div>
        </Shown>
    }
}

/// The tabs that choose the one pane of a narrow page.
#[component]
fn NarrowTabs() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let tabs = vec![
        (NarrowPane::Code, "Code".to_string(), "The text".to_string()),
        (NarrowPane::Graph, "Graph".to_string(), "The graph".to_string()),
        (NarrowPane::Run, "Run".to_string(), "The run".to_string()),
    ];
    let choose = move |pane: NarrowPane| {
        let arrangement = if pane == NarrowPane::Run { Arrangement::Run } else { Arrangement::Build };
        shell.dispatch(crate::studio::Command::Arrange(arrangement));
        shell.narrow_pane.set(pane);
    };
    view! {
        <nav class="narrow-tabs" aria-label="Panes">
            <parts::Tabs tabs=tabs chosen=shell.narrow_pane label="Pane" on_choose=choose />
        </nav>
    }
}
