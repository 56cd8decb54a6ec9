//! What can be added: drag a row onto the canvas, or choose it to put it after the selected state.

use leptos::prelude::*;

use crate::app::parts::Icon;
use crate::app::shell::Shell;
use crate::studio::palette::{PALETTE, PaletteRow};
use crate::studio::{Command, Template};

/// The pane.
#[component]
pub fn AddPane() -> impl IntoView {
    let filter = RwSignal::new(String::new());
    let groups = Memo::new(move |_| groups(&filter.get()));
    view! {
        <section class="pane palette-pane" data-pane="palette" tabindex="-1" aria-label="Add">
            <header class="pane-header">
                <h2 class="pane-title">"Add"</h2>
                <kbd class="pane-note">"A"</kbd>
            </header>
            <div class="palette-filter">
                <input
                    type="search"
                    data-pane-focus
                    placeholder="Filter…"
                    aria-label="Filter what can be added"
                    prop:value=move || filter.get()
                    on:input=move |event| filter.set(event_target_value(&event))
                />
            </div>
            <div class="pane-body palette-body">
                {move || {
                    let groups = groups.get();
                    if groups.is_empty() {
                        return view! { <p class="palette-none">"Nothing of that name"</p> }.into_any();
                    }
                    groups
                        .into_iter()
                        .map(|(title, rows)| {
                            view! {
                                <h3 class="palette-group">{title}</h3>
                                <ul class="palette-rows">
                                    {rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view()}
                                </ul>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </div>
            <footer class="palette-foot">"Drag, or press A on a state"</footer>
        </section>
    }
}

#[component]
fn Row(row: &'static PaletteRow) -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <li>
            <button
                type="button"
                class="palette-row"
                title=row.help
                data-template=row.id
                on:pointerdown=move |event| {
                    crate::app::canvas::drag::start_palette_drag(shell, template(row), &event);
                }
                on:click=move |_| add(shell, row)
            >
                <Icon name=row.icon />
                <span>{row.title}</span>
            </button>
        </li>
    }
}

/// Puts a new state after the selected one, or into the machine when nothing is selected.
pub fn add(shell: Shell, row: &PaletteRow) {
    let template = template(row);
    let selection = shell.selection.get_untracked();
    let command = match (&selection.edge, &selection.state) {
        (Some(edge), _) => Command::InsertOnEdge { edge: edge.clone(), template },
        (None, Some(state)) => Command::AddAfter { state: state.clone(), template },
        (None, None) => Command::AddToScope { scope: Default::default(), template },
    };
    shell.dispatch(command);
}

/// The template of a row.
pub fn template(row: &PaletteRow) -> Template {
    Template { state_type: row.state_type, id: row.id.to_string() }
}

/// Rows by their group, filtered by what was typed.
pub fn groups(filter: &str) -> Vec<(&'static str, Vec<&'static PaletteRow>)> {
    let wanted = filter.trim().to_lowercase();
    let mut groups: Vec<(&'static str, Vec<&'static PaletteRow>)> = Vec::new();
    for row in PALETTE.iter().filter(|it| matches(it, &wanted)) {
        match groups.last_mut() {
            Some((title, rows)) if *title == row.group => rows.push(row),
            _ => groups.push((row.group, vec![row])),
        }
    }
    groups
}

fn matches(row: &PaletteRow, wanted: &str) -> bool {
    row.title.to_lowercase().contains(wanted) || row.keywords.contains(wanted)
}
