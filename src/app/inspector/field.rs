//! One field: its plain label with the word of the language, the control that fits its type, what
//! it is for, what is wrong with it, and a way to remove it.

use std::mem::{Discriminant, discriminant};

use leptos::prelude::*;

use crate::app::code::expressions::field_words;
use crate::app::inspector::controls::{
    Conditions, Definition, ErrorNames, Flag, GroupFields, Items, JsonText, LongText, Name, Number, OneLine,
    PathText, ResourceText, TargetChoice, WordChoice,
};
use crate::app::inspector::draft::Place;
use crate::app::inspector::focus_id;
use crate::app::inspector::form::{Form, dom_id};
use crate::app::parts::IconButton;
use crate::app::parts::live::{Rows, Shown, live, memo, row, view};
use crate::studio::{Command, Control, FieldDraft, FieldView};

/// What a control knows of its field.
#[derive(Clone, Copy)]
pub struct FieldHandle {
    pub form: Form,
    pub view: Memo<FieldView>,
    pub place: Memo<Place>,
    /// Id of the control in the page.
    pub id: StoredValue<String>,
}

/// Some fields. A control lives as long as its field keeps its place and type.
#[component]
pub fn Fields(fields: Memo<Vec<FieldView>>) -> impl IntoView {
    let form = expect_context::<Form>();
    let field = move |first: FieldView| {
        let key = key_of(form, &first);
        let (owner, name, control) = &key;
        row(
            format!("{owner} {name} {control:?}"),
            move || view! { <Field key=key first=first fields=fields /> },
        )
    };
    view! { <Rows rows=live(move || fields.get().into_iter().map(field).collect()) /> }
}

type FieldKey = (String, String, Discriminant<Control>);

fn key_of(form: Form, field: &FieldView) -> FieldKey {
    (form.relative_untracked(&field.owner), field.name.clone(), discriminant(&field.control))
}

#[component]
fn Field(key: FieldKey, first: FieldView, fields: Memo<Vec<FieldView>>) -> impl IntoView {
    let form = expect_context::<Form>();
    let (owner, name, _) = key.clone();
    let id = dom_id(&owner, &name);
    let view = Memo::new(move |previous: Option<&FieldView>| {
        let found = fields.with(|it| it.iter().find(|it| key_of(form, it) == key).cloned());
        // While it goes away it keeps its last content.
        found.or_else(|| previous.cloned()).unwrap_or_else(|| first.clone())
    });
    let place = memo(move || {
        view.with(|it| Place {
            owner: it.owner.clone(),
            name: it.name.clone(),
            state: form.state.get_untracked(),
        })
    });
    let handle = FieldHandle { form, view, place, id: StoredValue::new(id.clone()) };
    let label = memo(move || {
        view.with(|it| if it.label.is_empty() { it.name.clone() } else { it.label.to_string() })
    });
    let help = memo(move || view.with(|it| it.help));
    let problems = memo(move || view.with(|it| it.problems.clone()));
    let removable = memo(move || view.with(|it| it.present && !it.required && !is_way_out(it)));
    let required = memo(move || view.with(|it| it.required && !it.present));
    let is_compact = view.with_untracked(|it| matches!(it.control, Control::Number(_)));
    let is_composed = view.with_untracked(|it| {
        matches!(it.control, Control::Items { .. } | Control::Group { .. } | Control::Conditions(_))
    });
    let words = view.with_untracked(|it| if is_own_word(it) { String::new() } else { it.name.clone() });
    let label_view = if is_composed {
        // Its controls have labels of their own.
        view! { <span class="inspector-label" id=format!("{id}-label")>{live(move || label.get())}</span> }
    } else {
        view! { <label class="inspector-label" for=id.clone()>{live(move || label.get())}</label> }
    };
    view! {
        <div class="inspector-field" data-field=name data-compact=is_compact.then_some("true")>
            <div class="inspector-field-head">
                {label_view}
                <Shown when=live(move || required.get())>
                    <span class="inspector-required">"needed"</span>
                </Shown>
                <code class="inspector-word">{words}</code>
                <crate::app::player::bench::TryField field=handle />
                <Shown when=live(move || removable.get())>
                    <IconButton
                        icon="close"
                        label=Signal::derive(move || format!("Remove {}", label.get()))
                        class="inspector-remove"
                        on_click=move || remove(handle)
                    />
                </Shown>
            </div>
            {control(handle)}
            <p class="inspector-help" id=format!("{id}-help")>{live(move || help.get())}</p>
            <div id=format!("{id}-problems")>
                <Rows rows=live(move || problems.get().into_iter().map(|it| {
                    row(it.clone(), move || view! { <p class="inspector-problem">{it}</p> })
                }).collect()) />
            </div>
        </div>
    }
}

/// The control for the type of the field.
fn control(field: FieldHandle) -> AnyView {
    match field.view.get_untracked().control {
        Control::Name(_) => view! { <Name field=field /> },
        Control::Text(_) => view! { <OneLine field=field /> },
        Control::Comment(_) => view! { <LongText field=field /> },
        Control::Path { .. } => view! { <PathText field=field /> },
        Control::Number(_) => view! { <Number field=field /> },
        Control::Flag(_) => view! { <Flag field=field /> },
        Control::Word { .. } | Control::MachineType(_) => view! { <WordChoice field=field /> },
        Control::Target { .. } => view! { <TargetChoice field=field /> },
        Control::Resource { .. } => view! { <ResourceText field=field /> },
        Control::Errors { .. } => view! { <ErrorNames field=field /> },
        Control::Json(_) => view! { <JsonText field=field /> },
        Control::Definition(_) => view! { <Definition field=field /> },
        Control::Conditions(_) => view! { <Conditions field=field /> },
        Control::Items { .. } => view! { <Items field=field /> },
        Control::Group { .. } => view! { <GroupFields field=field /> },
    }
}

impl FieldHandle {
    /// JSON Pointer of the field's value.
    pub fn pointer(self) -> String {
        let place = self.place.get_untracked();
        format!("{}/{}", place.owner, crate::asl::names::escape(&place.name))
    }

    /// Id of the control.
    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// What the control tells the suggestions about itself.
    pub fn expression(self, is_json: bool) -> String {
        self.place.with(|it| field_words(is_json, &it.owner, self.member(&it.name)))
    }

    /// What is typed, as the studio asks for it.
    pub fn draft(self, is_json: bool, text: String) -> FieldDraft {
        self.place.with(|it| FieldDraft {
            owner: it.owner.clone(),
            name: self.member(&it.name).to_string(),
            text,
            is_json,
        })
    }

    /// The name of the member; a definition is the owner itself.
    fn member(self, name: &str) -> &str {
        if self.view.with_untracked(|it| matches!(it.control, Control::Definition(_))) { "" } else { name }
    }

    /// What describes the control to a screen reader.
    pub fn described_by(self) -> String {
        self.id.with_value(|id| format!("{id}-help {id}-refusal {id}-problems"))
    }

    /// Whether something is wrong with what is in the text.
    pub fn has_problems(self) -> bool {
        self.view.with(|it| !it.problems.is_empty())
    }

    /// Sets the field to a JSON text at once; what is refused is told.
    pub fn set(self, json: String) {
        let place = self.place.get_untracked();
        self.choose(crate::app::inspector::draft::set(&place, json));
    }

    /// Sends a command of a control that changes with each key, as a closed menu does.
    pub fn choose(self, command: Command) {
        let at_millis = js_sys::Date::now() as u64;
        self.send(Command::Choose { command: Box::new(command), at_millis });
    }

    /// Sends a command; what is refused is told.
    pub fn send(self, command: Command) {
        if let Err(sentence) = self.form.send(command) {
            self.form.shell.announce(sentence, true);
        }
    }
}

/// Removes the field; the focus goes to the field after it, else before it.
fn remove(field: FieldHandle) {
    let neighbour = neighbour_id(&field.id());
    let Place { owner, name, .. } = field.place.get_untracked();
    field.send(Command::RemoveField { owner, field: name });
    if let Some(id) = neighbour {
        focus_id(id);
    }
}

fn neighbour_id(id: &str) -> Option<String> {
    let here = document().get_element_by_id(id)?.closest(".inspector-field").ok()??;
    let beside = [here.next_element_sibling(), here.previous_element_sibling()];
    beside.into_iter().flatten().find_map(|it| {
        let control = it.query_selector("[id]:is(input, select, textarea, button)").ok()??;
        Some(control.id())
    })
}

/// A state needs a way out; it is changed, not removed.
fn is_way_out(field: &FieldView) -> bool {
    matches!(field.control, Control::Target { can_end: true, .. })
}

/// Its name is a word of ours.
fn is_own_word(field: &FieldView) -> bool {
    matches!(
        field.control,
        Control::Name(_) | Control::Definition(_) | Control::Conditions(_) | Control::MachineType(_)
    )
}
