//! What can be added: drag a row onto the canvas, or choose it to put it after the selected state.
//! The keyboard walks from the field into the rows and back to the graph.

pub mod snippets;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::app::browser::settings;
use crate::app::canvas::drag::start_palette_drag;
use crate::app::palette::snippets::Kept;
use crate::app::parts::Icon;
use crate::app::parts::live::{heard, live, memo, view};
use crate::app::shell::Shell;
use crate::asl::Pattern;
use crate::studio::palette::{Group, PaletteRow, SNIPPETS, groups, pattern_words};
use crate::studio::{Command, Dialog, Template};

/// Where the browser keeps which groups are not as they are at first.
const FOLDS: &str = "stepglass-palette-folds";

/// The pane.
#[component]
pub fn AddPane() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let kept = expect_context::<Kept>();
    let filter = RwSignal::new(String::new());
    let folds = RwSignal::new(settings::read(FOLDS).unwrap_or_default());
    let unfolded = RwSignal::new(String::new());
    let groups = memo(move || filter.with(|it| groups(&kept.rows(), it)));
    let n_found = move || match filter.with(|it| it.trim().is_empty()) {
        true => String::new(),
        false => format!("{} found", groups.with(|it| it.iter().map(|it| it.rows.len()).sum::<usize>())),
    };
    view! {
        <section
            class="pane palette-pane"
            data-pane="palette"
            tabindex="-1"
            aria-label="Add"
            on:keydown=heard(move |event| on_key(&event, filter))
        >
            <header class="pane-header">
                <h2 class="pane-title">"Add"</h2>
                <kbd class="pane-note">"A"</kbd>
            </header>
            <div class="palette-filter">
                <input
                    type="search"
                    data-pane-focus
                    placeholder="Search…"
                    aria-label="Search what can be added"
                    prop:value=live(move || filter.get())
                    on:input=heard(move |event| filter.set(event_target_value(&event)))
                />
                <span class="visually-hidden" role="status">{n_found}</span>
            </div>
            <div class="pane-body palette-body">
                {live(move || {
                    let groups = groups.get();
                    if groups.is_empty() {
                        return view! { <p class="palette-none">"Nothing of that name"</p> };
                    }
                    groups.into_iter().map(|it| group(shell, folds, unfolded, it)).collect_view().into_any()
                })}
            </div>
            <footer class="palette-foot">
                "Drag, or Enter"
                <button type="button" class="link" on:click=heard(move |_| shell.dialog.set(Some(Dialog::Snippets)))>
                    "Snippets…"
                </button>
            </footer>
        </section>
    }
}

fn group(
    shell: Shell,
    folds: RwSignal<String>,
    unfolded: RwSignal<String>,
    Group { title, rows }: Group,
) -> impl IntoView {
    let is_open = memo(move || title.is_empty() || folds.with(|it| is_open(it, title)));
    let toggle = move |_| {
        folds.update(|it| match it.find(title) {
            Some(at) => it.replace_range(at..at + title.len() + 1, ""),
            None => it.extend([title, "|"]),
        });
        settings::write(FOLDS, &folds.get_untracked());
    };
    let heading = (!title.is_empty()).then(|| {
        view! {
            <h3 class="palette-group">
                <button type="button" class="palette-fold" aria-expanded=live(move || is_open.get().to_string()) on:click=heard(toggle)>
                    <Icon name="right" />
                    {title}
                    <span class="palette-count">{rows.len()}</span>
                </button>
            </h3>
        }
    });
    view! {
        {heading}
        <ul class="palette-rows" hidden=live(move || !is_open.get())>
            {rows.into_iter().map(|it| item(shell, unfolded, it)).collect_view()}
        </ul>
    }
}

/// The long tail of services is folded at first.
fn is_open(folds: &str, title: &str) -> bool {
    [SNIPPETS, "Flow", "Actions", "Patterns"].contains(&title) != folds.contains(title)
}

/// A row, and below it, when asked for, the ways in which the action can be waited for.
fn item(shell: Shell, unfolded: RwSignal<String>, row: PaletteRow) -> impl IntoView {
    let is_own = row.group == SNIPPETS;
    let note = match row.patterns.first() {
        Some(Pattern::RequestResponse) | None => row.service.to_owned(),
        Some(usual) => format!("{} {}", row.service, usual.suffix()),
    };
    let template = row.template();
    let face = button(shell, &template, row.tooltip(&template), row.icon, row.label.clone(), note);
    let id = StoredValue::new(row.id.clone());
    let is_unfolded = memo(move || unfolded.with(|it| id.with_value(|id| it == id)));
    let more = (1 < row.patterns.len() || is_own).then(|| {
        let label =
            if is_own { format!("Edit {}", row.label) } else { format!("Ways to wait for {}", row.title()) };
        let toggle = move |_| match (is_own, is_unfolded.get_untracked()) {
            (true, _) => shell.dialog.set(Some(Dialog::Snippets)),
            (_, true) => unfolded.set(String::new()),
            _ => unfolded.set(id.get_value()),
        };
        view! {
            <button
                type="button"
                class="palette-more"
                // The keyboard has the arrow keys for it.
                tabindex=if is_own { "0" } else { "-1" }
                title=label.clone()
                aria-label=label
                aria-expanded=live(move || (!is_own).then(|| is_unfolded.get().to_string()))
                on:click=heard(toggle)
            >
                <Icon name=if is_own { "pencil" } else { "down" } />
            </button>
        }
    });
    let ways = move || {
        is_unfolded.get().then(|| {
            let way = |pattern: &Pattern| {
                let template = row.template_with(*pattern);
                let words = pattern_words(*pattern).to_owned();
                view! { <li>{button(shell, &template, row.tooltip(&template), "", words, String::new())}</li> }
            };
            view! { <ul class="palette-ways">{row.patterns.iter().map(way).collect_view()}</ul> }
        })
    };
    view! {
        <li class="palette-item">
            {face}
            {more}
            {ways}
        </li>
    }
}

fn button(
    shell: Shell,
    template: &Template,
    tooltip: String,
    icon: &'static str,
    label: String,
    note: String,
) -> AnyView {
    let (dragged, added) = (template.clone(), template.clone());
    let name = if template.id.starts_with('{') { label.clone() } else { template.id.clone() };
    view! {
        <button
            type="button"
            class="palette-row"
            title=tooltip
            data-template=name
            on:pointerdown=heard(move |event| start_palette_drag(shell, dragged.clone(), &event))
            on:click=heard(move |_| shell.dispatch(add_here(shell, added.clone())))
        >
            {(!icon.is_empty()).then(|| view! { <Icon name=icon /> })}
            <span>{label}</span>
            <small>{note}</small>
        </button>
    }
}

/// Puts it after the selected state, onto the selected connection, or into the machine when nothing
/// is selected.
pub fn add_here(shell: Shell, template: Template) -> Command {
    let selection = shell.selection.get_untracked();
    match (&selection.edge, &selection.state) {
        (Some(edge), _) => Command::InsertOnEdge { edge: edge.clone(), template },
        (None, Some(state)) => Command::AddAfter { state: state.clone(), template },
        (None, None) => Command::AddToScope { scope: Default::default(), template },
    }
}

fn on_key(event: &KeyboardEvent, filter: RwSignal<String>) {
    let Some(active) = document().active_element() else { return };
    let is_field = active.tag_name() == "INPUT";
    match event.key().as_str() {
        "ArrowDown" => step(&active, 1),
        "ArrowUp" => step(&active, -1),
        "ArrowRight" if !is_field => press(unfolding(&active, "false")),
        "ArrowLeft" if !is_field => press(unfolding(&active, "true")),
        "Enter" if is_field => press(document().query_selector(".palette-row").ok().flatten()),
        "Escape" if is_field && !filter.with_untracked(String::is_empty) => filter.set(String::new()),
        "Escape" => focus(document().get_element_by_id("canvas")),
        _ => return,
    }
    event.prevent_default();
}

/// The focus moves through the field, the headings and the rows that are shown.
fn step(active: &web_sys::Element, by: i32) {
    let Ok(found) = document().query_selector_all(".palette-pane :is(input, .palette-fold, .palette-row)")
    else {
        return;
    };
    let shown: Vec<HtmlElement> = (0..found.length())
        .filter_map(|idx| found.get(idx)?.dyn_into::<HtmlElement>().ok())
        .filter(|it| 0 < it.offset_width())
        .collect();
    let at = shown.iter().position(|it| it.contains(Some(active))).unwrap_or(0) as i32;
    let to = (at + by).clamp(0, shown.len() as i32 - 1);
    focus(shown.get(to as usize).cloned().map(HtmlElement::into));
}

/// What unfolds the heading or the row with the focus, when it is as it should not be.
fn unfolding(active: &web_sys::Element, expanded: &str) -> Option<web_sys::Element> {
    let wanted = format!("[aria-expanded={expanded}]");
    if active.matches(&wanted).unwrap_or_default() {
        return Some(active.clone());
    }
    active.closest(".palette-item").ok()??.query_selector(&wanted).ok()?
}

fn press(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // What is shown takes the focus.
        let _ = element.focus();
    }
}
