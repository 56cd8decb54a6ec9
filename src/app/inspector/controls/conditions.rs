//! The condition of a Choice rule: one line for each test, And, Or and Not above the lines they
//! combine. Lines are kept by their place, so that a control lives on while its line changes.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::inspector::field::{FieldHandle, Fields};
use crate::app::inspector::focus_id;
use crate::app::inspector::form::dom_id;
use crate::app::parts::live::{Rows, Shown, heard, live, memo, row, view};
use crate::app::parts::{Icon, Menu, MenuItem};
use crate::asl::fields::{OPERATORS, Operator};
use crate::studio::{Command, ConditionChange, ConditionView, Control};

/// All lines, and what adds another one.
#[component]
pub fn Conditions(field: FieldHandle) -> impl IntoView {
    let lines = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Conditions(lines) => lines.clone(),
            _ => Vec::new(),
        })
    });
    let places = move || {
        lines.with(|it| it.iter().map(|it| field.form.relative_untracked(&it.pointer)).collect::<Vec<_>>())
    };
    let root = move || lines.with(|it| it.first().cloned());
    let is_list = memo(move || root().is_some_and(|it| it.combines && it.operator != "Not"));
    let add = move |operator: &'static str| {
        let Some(root) = root() else { return };
        let n_lines = lines.with_untracked(Vec::len);
        send(field, &root.pointer, ConditionChange::Add(operator.to_string()));
        // The new condition is the last line; its variable is what is typed first.
        let place = lines.with_untracked(|it| it.last().map(|it| it.pointer.clone())).unwrap_or_default();
        if n_lines < lines.with_untracked(Vec::len) {
            focus_id(dom_id(&field.form.relative_untracked(&place), "Variable"));
        }
    };
    view! {
        <ul class="conditions" id=field.id() aria-labelledby=format!("{}-label", field.id())>
            <Rows rows=live(move || places().into_iter().map(|it| {
                row(it.clone(), move || view! { <ConditionLine field=field place=it lines=lines /> })
            }).collect()) />
        </ul>
        <div class="conditions-add">
            <Shown
                when=live(move || is_list.get())
                fallback=move || view! {
                    <button type="button" class="link" on:click=heard(move |_| add("And"))>"+ And…"</button>
                    <button type="button" class="link" on:click=heard(move |_| add("Or"))>"+ Or…"</button>
                }
            >
                <button type="button" class="link" on:click=heard(move |_| add("And"))>"+ Add condition"</button>
            </Shown>
        </div>
    }
}

#[component]
fn ConditionLine(field: FieldHandle, place: String, lines: Memo<Vec<ConditionView>>) -> impl IntoView {
    let form = field.form;
    let operator_id = dom_id(&place, "operator");
    let line = Memo::new(move |previous: Option<&ConditionView>| {
        let found =
            lines.with(|it| it.iter().find(|it| form.relative_untracked(&it.pointer) == place).cloned());
        // While it goes away it keeps its last content.
        found.or_else(|| previous.cloned()).unwrap_or_default()
    });
    // A test reads “variable, operator, value”.
    let part = move |is_variable: bool| {
        line.with(|it| {
            it.fields.iter().filter(|it| (it.name == "Variable") == is_variable).cloned().collect::<Vec<_>>()
        })
    };
    let (before, after) = (memo(move || part(true)), memo(move || part(false)));
    let combines = memo(move || line.with(|it| it.combines));
    let operator = memo(move || line.with(|it| it.operator.clone()));
    let at = memo(move || line.with(|it| it.place));
    let depth = move || line.with(|it| it.depth).to_string();
    let change =
        move |change: ConditionChange| send(field, &line.with_untracked(|it| it.pointer.clone()), change);
    let move_by = move |by: isize| {
        let (Some((idx, n)), pointer) = line.with_untracked(|it| (it.place, it.pointer.clone())) else {
            return;
        };
        let Some(to) = idx.checked_add_signed(by).filter(|it| *it < n) else { return };
        // What is being typed belongs to this line, not to the one that takes its place.
        if let Some(active) =
            document().active_element().and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
        {
            // An element that has the focus can give it away.
            let _ = active.blur();
        }
        let list = pointer.rsplit_once('/').map(|it| it.0.to_string()).unwrap_or_default();
        field.send(Command::MoveItem { owner: list.clone(), from: idx, to });
        focus_id(dom_id(&form.relative_untracked(&format!("{list}/{to}")), "operator"));
    };
    let remove = move || {
        let neighbor = lines.with_untracked(|all| {
            let own = line.with_untracked(|it| it.pointer.clone());
            all.iter().map(|it| it.pointer.clone()).take_while(|it| *it != own).last()
        });
        change(ConditionChange::Remove);
        if let Some(neighbor) = neighbor {
            focus_id(dom_id(&form.relative_untracked(&neighbor), "operator"));
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        match event.key().as_str() {
            _ if !event.ctrl_key() && !event.meta_key() => return,
            "ArrowUp" => move_by(-1),
            "ArrowDown" => move_by(1),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <li class="condition" data-depth=depth data-combines=live(move || combines.get().to_string()) on:keydown=heard(on_key)>
            <div class="condition-line">
                {view! { <Fields fields=before /> }}
                <select
                    id=operator_id
                    class="inspector-input condition-operator"
                    aria-label="Operator"
                    title=live(move || operator.with(|it| help(it)))
                    on:change=heard(move |event| {
                        let owner = line.with_untracked(|it| it.pointer.clone());
                        let change = ConditionChange::Operator(event_target_value(&event));
                        field.choose(Command::ChangeCondition { owner, change });
                    })
                >
                    {live(move || options(&operator.get(), combines.get()))}
                </select>
                {view! { <Fields fields=after /> }}
            </div>
            <Menu label="Change this condition" class="condition-menu" face=|| view! { <Icon name="more" /> }>
                <Shown when=live(move || combines.get())>
                    <MenuItem label="Add a condition" on_choose=move || change(ConditionChange::Add("And".into())) />
                    <MenuItem label="Take the combination away" on_choose=move || change(ConditionChange::Unwrap) />
                </Shown>
                {["And", "Or", "Not"]
                    .map(|it| view! {
                        <MenuItem
                            label=format!("Put {it} around it")
                            on_choose=move || change(ConditionChange::Wrap(it.to_string()))
                        />
                    })
                    .into_any()}
                <Shown when=live(move || at.get().is_some())>
                    <MenuItem label="Duplicate" on_choose=move || change(ConditionChange::Duplicate) />
                    <MenuItem label="Move up" shortcut="Ctrl ↑" on_choose=move || move_by(-1) />
                    <MenuItem label="Move down" shortcut="Ctrl ↓" on_choose=move || move_by(1) />
                </Shown>
                <Shown when=live(move || { line.with(|it| it.depth) > 0 })>
                    <MenuItem label="Remove" on_choose=remove />
                </Shown>
            </Menu>
        </li>
    }
}

fn send(field: FieldHandle, pointer: &str, change: ConditionChange) {
    field.send(Command::ChangeCondition { owner: pointer.to_string(), change });
}

fn help(name: &str) -> &'static str {
    crate::asl::fields::operator(name).map_or("How the value is tested", |it| it.help)
}

/// The operators by the values they are for; a combination becomes another combination only.
fn options(chosen: &str, combines: bool) -> AnyView {
    let mut groups: Vec<(&'static str, Vec<&'static Operator>)> = Vec::new();
    for operator in OPERATORS.iter().filter(|it| it.combines() || !combines) {
        match groups.last_mut().filter(|it| it.0 == operator.family()) {
            Some((_, inside)) => inside.push(operator),
            None => groups.push((operator.family(), vec![operator])),
        }
    }
    let groups = groups.into_iter().map(|(title, inside)| {
        let options = inside.into_iter().map(|it| {
            let is_chosen = it.name == chosen;
            let words = if it.combines() {
                combination(it.name).to_string()
            } else {
                format!("{} ({})", it.words(), it.name)
            };
            view! { <option value=it.name selected=is_chosen prop:selected=is_chosen>{words}</option> }
        });
        view! { <optgroup label=title>{options.collect_view()}</optgroup> }
    });
    let none = chosen.is_empty().then(|| view! { <option value="" selected=true>"Choose a test…"</option> });
    view! { {none} {groups.collect_view()} }
}

fn combination(name: &str) -> &'static str {
    match name {
        "And" => "All of these (And)",
        "Or" => "Any of these (Or)",
        _ => "None of this (Not)",
    }
}
