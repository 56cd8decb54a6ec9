//! The expression bench: any expression, live on the data of the step, what its parts gave, and the
//! field that it may be written to. What is typed lives as long as the page.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::app::inspector::field::FieldHandle;
use crate::app::inspector::focus_id;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::parts::{Icon, IconButton};
use crate::app::player::answer::json_fault;
use crate::app::player::expression::ExpressionText;
use crate::app::shell::Shell;
use crate::asl::{QueryLanguage, StatePath};
use crate::studio::{
    Arrangement, Bench, BenchData, BenchField, BenchPlaces, BenchSource, Command, Control, Dialog, Look,
    Studio,
};

/// What is on the bench.
#[derive(Clone, Copy)]
pub struct Sheet {
    text: RwSignal<String>,
    /// The language that was chosen; nothing follows the state.
    language: RwSignal<Option<QueryLanguage>>,
    /// The stage that was chosen, by its words; nothing follows the lens.
    stage: RwSignal<Option<String>>,
    /// The data is one's own, not that of the run.
    is_own: RwSignal<bool>,
    /// One's own input, once it was typed.
    input: RwSignal<Option<String>>,
    /// The state that the bench was opened for, while there is no run of it.
    state: RwSignal<Option<StatePath>>,
    /// Owner and name of the field to write to.
    target: RwSignal<Option<(String, String)>>,
}

impl Sheet {
    /// An empty bench.
    pub fn empty() -> Sheet {
        Sheet {
            text: RwSignal::new(String::new()),
            language: RwSignal::new(None),
            stage: RwSignal::new(None),
            is_own: RwSignal::new(false),
            input: RwSignal::new(None),
            state: RwSignal::new(None),
            target: RwSignal::new(None),
        }
    }

    /// Puts the expression of a field on the bench, or the first one inside of it.
    fn take(self, shell: Shell, state: StatePath, owner: &str, name: &str) {
        let fields = shell.with_studio(|it| it.bench_fields(&state));
        let pointer = format!("{owner}/{}", crate::asl::names::escape(name));
        let inside = |it: &&BenchField| it.owner == pointer || it.owner.starts_with(&format!("{pointer}/"));
        let own = fields.iter().find(|it| it.owner == owner && it.name == name);
        let Some(found) = own.or_else(|| fields.iter().find(inside)) else {
            shell.announce(format!("There is no expression in {name} yet"), true);
            return;
        };
        // The lens shows its latest visit.
        shell.dispatch(Command::Select { state: Some(state.clone()) });
        self.text.set(found.text.clone());
        self.target.set(Some((found.owner.clone(), found.name.clone())));
        self.stage.set(Some(found.field.clone()));
        self.language.set(None);
        let is_there = shell.with_studio(Studio::bench_places).state.as_ref() == Some(&state);
        self.is_own.set(!is_there);
        self.state.set(Some(state));
        shell.dialog.set(Some(Dialog::Bench));
    }
}

/// Shows the bench and goes to its first control.
pub fn open(shell: Shell) {
    shell.dialog.set(None);
    if shell.workspace.with_untracked(|it| it.arrangement) != Arrangement::Run {
        shell.dispatch(Command::Arrange(Arrangement::Run));
    }
    focus_id("bench-text".to_string());
}

/// The button of a field of the inspector that holds an expression.
#[component]
pub fn TryField(field: FieldHandle) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let sheet = expect_context::<Sheet>();
    let can_try = memo(move || {
        field.view.with(|it| match &it.control {
            Control::Path { null, .. } => !null,
            Control::Text(text) | Control::Number(text) | Control::Json(text) => {
                text.contains("{%") || text.contains(".$\"")
            }
            _ => false,
        })
    });
    let try_it = move || {
        let place = field.place.get_untracked();
        sheet.take(shell, StatePath::new(place.state), &place.owner, &place.name);
    };
    view! {
        <Shown when=live(move || can_try.get())>
            <IconButton icon="play" label="Try in the bench" class="inspector-remove" on_click=try_it />
        </Shown>
    }
}

/// The bench.
#[component]
pub fn BenchPane() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let sheet = expect_context::<Sheet>();
    let places = memo(move || {
        shell.document.track();
        shell.player.track();
        shell.data_flow.track();
        shell.selection.track();
        shell.scenarios.track();
        shell.with_studio(Studio::bench_places)
    });
    let is_own = memo(move || sheet.is_own.get() || places.with(|it| it.stages.is_empty()));
    let language = memo(move || sheet.language.get().unwrap_or_else(|| places.with(|it| it.language)));
    let place = memo(move || sheet.stage.with(|wanted| places.with(|it| place_of(it, wanted.as_deref()))));
    let input = memo(move || sheet.input.get().unwrap_or_else(|| places.with(|it| it.input.clone())));
    let data = memo(move || -> Result<Arc<BenchData>, String> {
        places.track();
        // The same place may have other data at another step.
        shell.player.track();
        let source = match is_own.get() {
            true => BenchSource::Own { input: input.get() },
            false => BenchSource::Step { place: place.get() },
        };
        shell.with_studio(|it| it.bench_data(&source)).map(Arc::new).map_err(|it| it.0)
    });
    let bench = memo(move || match data.get() {
        Ok(data) => sheet.text.with(|text| Bench::new(language.get(), text, &data)),
        Err(sentence) => Bench::without_data(sentence),
    });
    let choose_data = move |event: web_sys::Event| {
        let value = event_target_value(&event);
        sheet.is_own.set(value == OWN);
        if value != OWN {
            sheet.stage.set(Some(value));
        }
    };
    let reads = memo(move || data.with(|it| it.as_ref().map(|it| it.names(language.get()).join(", ")).ok()));
    view! {
        <div class="bench">
            <h2 class="lens-title">
                "Bench "
                <span>{live(move || places.with(|it| if is_own.get() { "on your own input".to_string() } else { it.title.clone() }))}</span>
            </h2>
            <div class="bench-choices">
                <label>
                    "On the data of"
                    <select on:change=heard(choose_data)>
                        {live(move || {
                            let (place, is_own) = (place.get(), is_own.get());
                            let stages = places.with(|it| it.stages.clone());
                            let stages = stages.into_iter().enumerate();
                            stages
                                .map(|(idx, it)| view! { <option value=it selected=!is_own && idx == place>{it}</option> })
                                .collect_view()
                        })}
                        <option value=OWN selected=live(move || is_own.get())>"Your own input"</option>
                    </select>
                </label>
                <label>
                    "Language"
                    <select on:change=heard(move |event| {
                        let word = event_target_value(&event);
                        sheet.language.set(LANGUAGES.into_iter().find(|it| it.as_str() == word));
                    })>
                        {LANGUAGES
                            .map(|it| view! { <option value=it.as_str() selected=live(move || language.get() == it)>{it.as_str()}</option> })
                            .collect_view()}
                    </select>
                </label>
            </div>
            <Shown when=live(move || is_own.get())>
                <label class="bench-input">
                    "Input"
                    <textarea
                        class="mono"
                        rows="3"
                        spellcheck="false"
                        aria-invalid=live(move || input.with(|it| json_fault(it)).is_some().then_some("true"))
                        prop:value=live(move || input.get())
                        on:input=heard(move |event| sheet.input.set(Some(event_target_value(&event))))
                        on:keydown=heard(own_undo)
                    ></textarea>
                </label>
            </Shown>
            <Typed bench=bench language=language reads=reads />
            <Target places=places language=language is_own=is_own />
        </div>
    }
}

const LANGUAGES: [QueryLanguage; 2] = [QueryLanguage::Jsonata, QueryLanguage::JsonPath];
/// The value of the choice that is no stage.
const OWN: &str = "own input";

fn place_of(places: &BenchPlaces, wanted: Option<&str>) -> usize {
    let found = wanted.and_then(|wanted| places.stages.iter().position(|it| *it == wanted));
    found.unwrap_or(places.chosen)
}

/// The expression and what it gives. The caret in it chooses the part that is explained.
#[component]
fn Typed(bench: Memo<Bench>, language: Memo<QueryLanguage>, reads: Memo<Option<String>>) -> impl IntoView {
    let sheet = expect_context::<Sheet>();
    // The part that is looked at belongs to one text.
    let looked = RwSignal::new((String::new(), None::<usize>));
    let chosen = memo(move || {
        let (text, chosen) = looked.get();
        sheet.text.with(|it| *it == text).then_some(chosen).flatten()
    });
    let explain = memo(move || bench.with(|it| Arc::new(it.explain_view(chosen.get()))));
    let look = move |look: Look| {
        let next = bench.with_untracked(|it| it.look(chosen.get_untracked(), look));
        looked.set((sheet.text.get_untracked(), next));
    };
    let at_caret = move |event: web_sys::Event| {
        let Some(area) = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
        else {
            return;
        };
        if let Ok(Some(caret)) = area.selection_start() {
            let offset = sheet.text.with_untracked(|it| byte_at(it, caret as usize));
            look(Look::At { offset });
        }
    };
    let has_parts = memo(move || explain.with(|it| 1 < it.parts.len()));
    let head =
        memo(move || bench.with(|it| (it.view().kind, it.view().size.clone(), it.view().note.clone())));
    let fault = memo(move || bench.with(|it| it.view().fault.clone()));
    let value = memo(move || {
        bench.with(|it| {
            let lines = it.view().value.iter();
            lines
                .map(|it| format!("{}{}", "  ".repeat(it.depth as usize), it.text))
                .collect::<Vec<_>>()
                .join("\n")
        })
    });
    view! {
        <label class="bench-text">
            "Expression"
            <textarea
                id="bench-text"
                class="mono"
                rows="2"
                spellcheck="false"
                autocapitalize="off"
                aria-describedby="bench-reads bench-result"
                aria-invalid=live(move || fault.with(Option::is_some).then_some("true"))
                placeholder=live(move || match language.get() {
                    QueryLanguage::Jsonata => "$states.input",
                    QueryLanguage::JsonPath => "$  or  States.Format('{}', $.name)",
                })
                prop:value=live(move || sheet.text.get())
                on:input=heard(move |event| sheet.text.set(event_target_value(&event)))
                on:keydown=heard(own_undo)
                on:keyup=heard(move |event: web_sys::KeyboardEvent| at_caret(event.into()))
                on:click=heard(move |event: web_sys::MouseEvent| at_caret(event.into()))
            ></textarea>
        </label>
        <p class="bench-reads" id="bench-reads">
            {live(move || reads.get().map(|it| view! { "It can read " <code>{it}</code> }))}
        </p>
        // Not a live region: what is found while typing is looked for when it is wanted.
        <div class="bench-result" id="bench-result">
            {live(move || {
                fault
                    .get()
                    .map(|it| {
                        let place = if it.place.is_empty() { String::new() } else { format!(" at {}", it.place) };
                        view! {
                            <p class="lens-error">
                                <strong>"⨯ " {it.code} {place}</strong>
                                " "
                                {it.message}
                            </p>
                        }
                    })
            })}
            {live(move || {
                let (kind, size, _) = head.get();
                (!kind.is_empty())
                    .then(|| {
                        view! {
                            <p class="bench-head">
                                <strong>{kind}</strong>
                                " "
                                <span>{size}</span>
                            </p>
                        }
                    })
            })}
        </div>
        {live(move || {
            head.get().2.map(|it| view! { <p class="bench-note"><Icon name="warning" /><span>{it}</span></p> })
        })}
        <Shown when=live(move || !value.with(String::is_empty))>
            <pre class="bench-value" tabindex="0" role="region" aria-label="Value">{live(move || value.get())}</pre>
        </Shown>
        <Shown when=live(move || has_parts.get())>
            <section class="bench-parts" aria-label="Part by part">
                {live(move || {
                    let text = sheet.text.get();
                    view! { <ExpressionText text=text view=explain look=look /> }
                })}
            </section>
        </Shown>
    }
}

/// What is typed here is not in the document, so the field undoes it itself.
fn own_undo(event: web_sys::KeyboardEvent) {
    let is_undo = matches!(event.key().as_str(), "z" | "Z" | "y");
    if is_undo && (event.ctrl_key() || event.meta_key()) {
        event.stop_propagation();
    }
}

/// The byte of a place that a text field counts in UTF-16.
fn byte_at(text: &str, units: usize) -> usize {
    let mut left = units;
    for (at, c) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(c.len_utf16());
    }
    text.len()
}

/// The field that the expression is written to.
#[component]
fn Target(places: Memo<BenchPlaces>, language: Memo<QueryLanguage>, is_own: Memo<bool>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let sheet = expect_context::<Sheet>();
    let state = memo(move || {
        let here = places.with(|it| it.state.clone());
        if is_own.get() { sheet.state.get().or(here) } else { here }
    });
    let fields = memo(move || {
        shell.document.track();
        state.get().map(|it| shell.with_studio(|studio| studio.bench_fields(&it))).unwrap_or_default()
    });
    let stage = memo(move || {
        let stage = sheet.stage.get();
        stage.or_else(|| places.with(|it| it.stages.get(it.chosen).map(|it| (*it).to_string())))
    });
    let chosen = memo(move || {
        fields.with(|fields| {
            let wanted = sheet.target.get();
            let is_wanted = |it: &&BenchField| {
                wanted.as_ref().is_some_and(|(owner, name)| it.owner == *owner && it.name == *name)
            };
            let of_stage = || stage.with(|stage| fields.iter().find(|it| Some(&it.field) == stage.as_ref()));
            fields.iter().find(is_wanted).or_else(of_stage).or(fields.first()).cloned()
        })
    });
    // Refused for this text and this field.
    let refused = RwSignal::new((String::new(), String::new(), String::new()));
    let refusal = memo(move || {
        let (text, title, sentence) = refused.get();
        let is_current = sheet.text.with(|it| *it == text)
            && chosen.with(|it| it.as_ref().is_some_and(|it| it.title == title));
        if is_current { sentence } else { String::new() }
    });
    let apply = move |_| {
        let Some(field) = chosen.get_untracked() else { return };
        let text = sheet.text.get_untracked();
        match shell.with_studio(|it| it.bench_apply(language.get_untracked(), &text, &field)) {
            Ok(command) => {
                sheet.target.set(Some((field.owner.clone(), field.name.clone())));
                shell.dispatch(command);
            }
            Err(refusal) => refused.set((text, field.title, refusal.0)),
        }
    };
    view! {
        <footer class="bench-apply">
            <label>
                {live(move || match state.get() {
                    Some(state) => format!("Field of {}", state.name()),
                    None => "Field".to_string(),
                })}
                <select on:change=heard(move |event| {
                    let title = event_target_value(&event);
                    let found = fields.with_untracked(|it| it.iter().find(|it| it.title == title).cloned());
                    sheet.target.set(found.map(|it| (it.owner, it.name)));
                })>
                    {live(move || {
                        let chosen = chosen.with(|it| it.as_ref().map(|it| it.title.clone()));
                        let fields = fields.get();
                        if fields.is_empty() {
                            return view! { <option>"Select a state that takes expressions"</option> };
                        }
                        fields
                            .into_iter()
                            .map(|it| {
                                let words = if it.is_set { it.title.clone() } else { format!("{} (not set)", it.title) };
                                view! { <option value=it.title.clone() selected=chosen.as_ref() == Some(&it.title)>{words}</option> }
                            })
                            .collect_view()
                            .into_any()
                    })}
                </select>
            </label>
            <button
                type="button"
                class="primary"
                aria-disabled=live(move || chosen.with(Option::is_none).then_some("true"))
                on:click=heard(apply)
            >
                "Apply"
            </button>
            <p class="bench-refusal" role="status">
                {live(move || {
                    let sentence = refusal.get();
                    (!sentence.is_empty()).then(|| view! { <Icon name="warning" /> <span>{sentence}</span> })
                })}
            </p>
        </footer>
    }
}
