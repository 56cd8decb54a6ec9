//! The selected state as a form. The fields come from the table of the language by way of
//! [`crate::studio::InspectorView`]; every change goes back as a command, one undo step each.

pub mod form;
pub mod draft;
pub mod field;
pub mod controls;
pub mod add_field;
pub mod retry_timeline;
pub mod many;

use leptos::html::Section;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::inspector::add_field::AddField;
use crate::app::inspector::field::Fields;
use crate::app::inspector::form::{Form, focus_later};
use crate::app::parts::live::{Rows, Shown, effect, heard, live, memo, row, view};
use crate::app::parts::{ActionButton, Icon};
use crate::app::shell::{CodeOrder, NarrowPane, Shell};
use crate::studio::{Arrangement, Command, Dialog, FieldGroup};

/// The pane.
#[component]
pub fn InspectorPane() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.inspector;
    let pane = NodeRef::<Section>::new();
    let form = Form::new(shell);
    provide_context(form);
    edit_when_asked(shell, form);
    form.keep_focus(pane);

    let several = memo(move || shell.selection.with(|it| !it.others.is_empty()));
    let has_form = memo(move || !several.get() && view.with(|it| !it.groups.is_empty()));
    let note = memo(move || view.with(|it| it.note.clone()));
    let titles = memo(move || view.with(|it| it.groups.iter().map(|it| it.title).collect::<Vec<_>>()));
    let addable = memo(move || view.with(|it| it.addable.clone()));
    let lines = memo(move || view.with(|it| it.lines.clone()));
    let child = memo(move || {
        shell.document.track();
        let state = view.with(|it| it.state.clone())?;
        shell.with_studio(|it| it.child_called(&state))
    });
    let open_child = move |_| {
        if let Some(state) = view.with_untracked(|it| it.state.clone()) {
            shell.dispatch(Command::OpenChild { state });
            focus_id("canvas".to_string());
        }
    };
    let can_convert = memo(move || view.with(|it| has_form.get() && it.language == "JSONPath"));
    view! {
        <section
            class="pane inspector-pane"
            data-pane="inspector"
            tabindex="-1"
            aria-label="Inspector"
            node_ref=pane
            on:focusin=heard(move |event: web_sys::FocusEvent| form.remember_focus(event.target()))
            on:focusout=heard(move |event: web_sys::FocusEvent| form.forget_focus(event.target()))
        >
            <Header />
            <div class="pane-body inspector-body">
                <Shown when=live(move || several.get())>
                    <many::Many />
                </Shown>
                {live(move || {
                    let note = note.get().filter(|_| !several.get())?;
                    let class = if has_form.get() { "inspector-note" } else { "empty" };
                    Some(view! { <div class=class><p>{note}</p></div> })
                })}
                <Shown when=live(move || has_form.get())>
                    <div class="inspector-form">
                        <Rows rows=live(move || titles.get().into_iter().map(|it| {
                            row(it.to_owned(), move || view! { <Group title=it /> })
                        }).collect()) />
                        <AddField addable=addable class="inspector-add-at-end" />
                    </div>
                </Shown>
            </div>
            <Shown when=live(move || !lines.with(String::is_empty))>
                <footer class="inspector-footer">
                    <button type="button" class="inspector-show" on:click=heard(move |_| show_in_text(shell))>
                        <Icon name="code" />
                        <span>"Show in text"</span>
                        <span class="inspector-lines">{live(move || lines.get())}</span>
                    </button>
                    {live(move || child.get().map(|name| view! {
                        <button type="button" class="inspector-show" on:click=heard(open_child)>
                            <Icon name="right" />
                            <span>{format!("Open the child “{name}”")}</span>
                        </button>
                    }))}
                    <Shown when=live(move || can_convert.get())>
                        <button type="button" class="inspector-show" on:click=heard(move |_| convert(shell))>
                            <Icon name="api" />
                            <span>"Convert to JSONata…"</span>
                        </button>
                    </Shown>
                </footer>
            </Shown>
        </section>
    }
}

#[component]
fn Header() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.inspector;
    let n_others = memo(move || shell.selection.with(|it| it.others.len()));
    let icon = memo(move || view.with(|it| if n_others.get() == 0 { it.icon } else { "" }));
    let title = memo(move || match n_others.get() {
        0 => view.with(|it| it.title.clone()),
        n => format!("{} states selected", n + 1),
    });
    let type_name =
        memo(move || view.with(|it| it.type_name.clone()).repeat(usize::from(n_others.get() == 0)));
    let is_state = memo(move || view.with(|it| it.state.is_some()));
    view! {
        <header class="pane-header">
            {live(move || {
                let icon = icon.get();
                (!icon.is_empty()).then(|| view! { <Icon name=icon /> })
            })}
            <h2 class="pane-title inspector-title" title=live(move || title.get())>
                {live(move || title.with(|it| if it.is_empty() { "Inspector".to_string() } else { it.clone() }))}
            </h2>
            <span class="pane-note">{live(move || type_name.get())}</span>
            <Shown when=live(move || is_state.get())>
                <ActionButton id="settings" icon="gear" class="inspector-settings" />
            </Shown>
        </header>
    }
}

/// Fields that belong together, under a title that folds them.
#[component]
fn Group(title: &'static str) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let form = expect_context::<Form>();
    let group = Memo::new(move |previous: Option<&FieldGroup>| {
        let found = shell.inspector.with(|it| it.groups.iter().find(|it| it.title == title).cloned());
        // While it goes away it keeps its last content.
        found.or_else(|| previous.cloned()).unwrap_or_default()
    });
    let fields = memo(move || group.with(|it| it.fields.clone()));
    let variables = memo(move || group.with(|it| it.variables.clone()));
    let open = memo(move || form.is_open(title));
    let has_problems = memo(move || fields.with(|it| it.iter().any(|it| !it.problems.is_empty())));
    let body_id = format!("inspector-group-{}", title.to_lowercase().replace(' ', "-"));
    let controls = body_id.clone();
    view! {
        <section class="inspector-group" aria-label=title>
            <h3 class="inspector-group-head">
                <button
                    type="button"
                    class="inspector-group-button"
                    aria-expanded=live(move || open.get().to_string())
                    aria-controls=controls
                    on:click=heard(move |_| form.fold(title, open.get_untracked()))
                >
                    <span class="inspector-fold"><Icon name="right" /></span>
                    <span class="inspector-group-title">{title}</span>
                    <Shown when=live(move || has_problems.get())>
                        <span class="inspector-warning" title="There are problems in here">
                            <Icon name="warning" />
                            <span class="visually-hidden">"There are problems in here"</span>
                        </span>
                    </Shown>
                    <span class="inspector-summary">{live(move || group.with(|it| it.summary.clone()))}</span>
                </button>
            </h3>
            <div class="inspector-fields" id=body_id hidden=live(move || !open.get())>
                <Fields fields=fields />
                <Shown when=live(move || !variables.with(Vec::is_empty))>
                    <div class="inspector-variables">
                        <h4 class="inspector-label">"Variables in scope"</h4>
                        <ul>
                            <Rows rows=live(move || variables.get().into_iter().map(|(name, by)| {
                                row(format!("{name} {by}"), move || view! {
                                    <li>
                                        <code>"$" {name}</code>
                                        <span class="inspector-word">"set by " {by}</span>
                                    </li>
                                })
                            }).collect()) />
                        </ul>
                    </div>
                </Shown>
            </div>
        </section>
    }
}

/// “Edit in inspector” puts the focus on the first control, wherever it was asked for.
fn edit_when_asked(shell: Shell, form: Form) {
    effect(move || {
        if shell.dialog.get() != Some(Dialog::EditInInspector) {
            return;
        }
        shell.dialog.set(None);
        let arrangement = shell.workspace.with_untracked(|it| it.arrangement);
        if arrangement != Arrangement::Build {
            shell.dispatch(Command::Arrange(Arrangement::Build));
        }
        form.focus_first();
    });
}

/// Asks for the conversion of the state, or of the machine when none is selected.
fn convert(shell: Shell) {
    let has_state = shell.inspector.with_untracked(|it| it.state.is_some());
    shell.dialog.set(Some(if has_state { Dialog::ConvertState } else { Dialog::ConvertMachine }));
}

/// Goes to the state in the text and selects its lines there.
fn show_in_text(shell: Shell) {
    let Some(range) = shell.selection.with_untracked(|it| it.range) else { return };
    shell.narrow_pane.set(NarrowPane::Code);
    shell.order_code(CodeOrder::Reveal { range, scroll: true });
    shell.order_code(CodeOrder::Focus);
}

/// The element of the page with this id, if it takes the focus.
fn element(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Gives the focus to the element with this id once it is there.
pub fn focus_id(id: String) {
    focus_later(move || element(&id));
}
