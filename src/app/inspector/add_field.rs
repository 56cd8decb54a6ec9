//! “Add a field…”: a searchable list of the fields that are not set, with what they are for.

use leptos::html::{Div, Input};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::inspector::form::Form;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::parts::{Icon, scroll_to};
use crate::studio::AddableField;

/// The button and, when it is open, the search with its list.
#[component]
pub fn AddField(addable: Memo<Vec<AddableField>>, #[prop(into, optional)] class: String) -> impl IntoView {
    let form = expect_context::<Form>();
    let number = form.shell.next_number();
    let open = RwSignal::new(false);
    let button = NodeRef::<leptos::html::Button>::new();
    let close = move || {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            // Focus cannot be refused by an element that is shown.
            let _ = button.focus();
        }
    };
    let choose = move |field: AddableField| {
        open.set(false);
        form.add(&field);
    };
    view! {
        <Shown when=live(move || !addable.with(Vec::is_empty))>
            <div class=format!("inspector-add {class}")>
                <button
                    type="button"
                    class="link"
                    id=format!("inspector-add-{number}")
                    node_ref=button
                    aria-haspopup="dialog"
                    aria-expanded=live(move || open.get().to_string())
                    on:click=heard(move |_| open.update(|it| *it = !*it))
                >
                    "+ Add a field…"
                </button>
                <Shown when=live(move || open.get())>
                    <FieldSearch number=number addable=addable on_choose=choose on_escape=close on_leave=move || { open.try_set(false); } />
                </Shown>
            </div>
        </Shown>
    }
}

/// The search: arrows move through the list, Enter takes, Escape closes.
#[component]
fn FieldSearch(
    number: u64,
    addable: Memo<Vec<AddableField>>,
    on_choose: impl Fn(AddableField) + Copy + Send + Sync + 'static,
    on_escape: impl Fn() + Copy + 'static,
    on_leave: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let input = NodeRef::<Input>::new();
    input.on_load(|input| {
        request_animation_frame(move || {
            // Focus cannot be refused by an element that is shown.
            let _ = input.focus();
        });
    });
    root.on_load(|root| {
        request_animation_frame(move || scroll_to(&root));
    });
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let found = memo(move || {
        let query = query.get().to_lowercase();
        addable.with(|all| all.iter().filter(|it| matches(it, &query)).cloned().collect::<Vec<_>>())
    });
    let option_id = move |idx: usize| format!("inspector-add-{number}-{idx}");
    let list_id = format!("inspector-add-{number}-list");
    let move_to = move |idx: usize| {
        active.set(idx);
        if let Some(option) = document().get_element_by_id(&option_id(idx)) {
            scroll_to(&option);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let n_found = found.with_untracked(Vec::len);
        let at = active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if n_found > 0 => move_to((at + 1) % n_found),
            "ArrowUp" if n_found > 0 => move_to((at + n_found - 1) % n_found),
            "Enter" if !event.is_composing() => {
                if let Some(field) = found.with_untracked(|it| it.get(at).cloned()) {
                    on_choose(field);
                }
            }
            "Escape" => on_escape(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let on_focus_out = move |event: web_sys::FocusEvent| {
        let to = event.related_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        // The button of the list closes it itself.
        let by_button = to.as_ref().is_some_and(|it| it.id() == format!("inspector-add-{number}"));
        // An element that is taken away loses the focus after its signals have gone.
        let Some(root) = root.try_get_untracked().flatten() else { return };
        let stays = to.is_some_and(|to| root.contains(Some(&to)));
        if !stays && !by_button {
            on_leave();
        }
    };
    view! {
        <div class="inspector-search" node_ref=root on:focusout=heard(on_focus_out)>
            <div class="inspector-search-line">
                <Icon name="search" />
                <input
                    type="search"
                    node_ref=input
                    placeholder="Filter fields…"
                    aria-label="Add a field"
                    role="combobox"
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls=list_id.clone()
                    aria-activedescendant=live(move || (!found.with(Vec::is_empty)).then(|| option_id(active.get())))
                    autocomplete="off"
                    spellcheck="false"
                    on:input=heard(move |event| {
                        query.set(event_target_value(&event));
                        active.set(0);
                    })
                    on:keydown=heard(on_key)
                />
            </div>
            <div class="inspector-options" role="listbox" id=list_id aria-label="Fields">
                {live(move || {
                    let found = found.get();
                    let mut group = "";
                    found
                        .into_iter()
                        .enumerate()
                        .map(|(idx, field)| {
                            let heading = (field.group != group).then_some(field.group);
                            group = field.group;
                            let chosen = field.clone();
                            view! {
                                {heading.map(|it| view! { <div class="inspector-options-group" role="presentation">{it}</div> })}
                                <div
                                    role="option"
                                    class="inspector-option"
                                    id=option_id(idx)
                                    aria-selected=live(move || (active.get() == idx).to_string())
                                    // The search keeps the focus while the pointer chooses.
                                    on:mousedown=|event| event.prevent_default()
                                    on:click=heard(move |_| on_choose(chosen.clone()))
                                >
                                    <span class="inspector-option-label">{field.label}</span>
                                    <code class="inspector-word">{field.name}</code>
                                    <span class="inspector-option-help">{field.help}</span>
                                </div>
                            }
                        })
                        .collect_view()
                })}
            </div>
            <Shown when=live(move || found.with(Vec::is_empty))>
                <p class="inspector-help" role="status">"No field is called that here"</p>
            </Shown>
        </div>
    }
}

fn matches(field: &AddableField, query: &str) -> bool {
    query.split_whitespace().all(|word| {
        [field.name, field.label, field.group, field.help].iter().any(|it| it.to_lowercase().contains(word))
    })
}
