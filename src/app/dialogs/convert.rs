//! From JSONPath to JSONata: what would change and what would stay, the conversion as one undo
//! step, and then all scenarios on both texts, side by side, bit by bit.

use leptos::prelude::*;

use crate::app::browser::frames;
use crate::app::inspector::focus_id;
use crate::app::parts::live::{Shown, heard, live, view};
use crate::app::parts::{Icon, Modal};
use crate::app::shell::Shell;
use crate::studio::{Command, ConversionTrial, ScenarioComparison, Studio};

/// Steps computed of both runs before the page gets to draw again.
const SLICE: usize = 500;

/// How far the conversion is.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Asking,
    Comparing,
    Stopped,
    Compared,
}

/// The dialog, for the whole machine or for the selected state.
#[component]
pub fn Convert(whole: bool) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let close = move || shell.dialog.set(None);
    let state = shell.selection.with_untracked(|it| it.state.clone());
    let title = match &state {
        Some(state) if !whole => format!("Convert “{}” to JSONata", state.name()),
        _ => "Convert to JSONata".to_string(),
    };
    if !whole && state.is_none() {
        return view! {
            <Modal title=title on_close=close>
                <p>"Select the state to convert first"</p>
            </Modal>
        };
    }
    let command = Command::ConvertToJsonata { state: if whole { None } else { state } };
    let preview = shell.with_studio(|it| it.preview(&command));
    let is_done = RwSignal::new(false);
    let stays = if whole { shell.with_studio(Studio::conversion_refusals) } else { Vec::new() };
    let stays: Vec<String> = stays.into_iter().map(|it| it.1).collect();
    match preview {
        Ok(preview) => {
            let n_lines = preview.added.len() + preview.changed.len() + preview.removed.len();
            let lines = if n_lines == 1 { "1 line".to_string() } else { format!("{n_lines} lines") };
            // Only the first of those that stay is told in the sentence; all are listed.
            let sentence = preview.sentence.split(". ").next().unwrap_or_default().to_string();
            view! {
                <Modal title=title class="convert" on_close=close>
                    <p>
                        {live(move || match is_done.get() {
                            true => sentence.replacen("Convert", "Converted", 1),
                            false => format!("{sentence}: {lines} of the text change"),
                        })}
                    </p>
                    <Stays sentences=stays />
                    <Trial command=command is_done=is_done />
                </Modal>
            }
        }
        Err(refusal) => {
            let is_listed = stays.contains(&refusal.0);
            view! {
                <Modal title=title class="convert" on_close=close>
                    {(!is_listed)
                        .then(|| view! { <p class="convert-refused"><Icon name="warning" /><span>{refusal.0}</span></p> })}
                    <Stays sentences=stays />
                </Modal>
            }
        }
    }
}

/// The states that cannot be converted, each with field and reason.
#[component]
fn Stays(sentences: Vec<String>) -> impl IntoView {
    (!sentences.is_empty()).then(|| {
        view! {
            <ul class="convert-stays" aria-label="States that stay in JSONPath">
                {sentences.into_iter().map(|it| view! { <li><Icon name="warning" /><span>{it}</span></li> }).collect_view()}
            </ul>
        }
    })
}

/// The conversion, and what it does to the scenarios.
#[component]
fn Trial(command: Command, is_done: RwSignal<bool>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let phase = RwSignal::new(Phase::Asking);
    let trial = StoredValue::new_local(None::<ConversionTrial>);
    let told = RwSignal::new(String::new());
    let progress = RwSignal::new((0_usize, 1_usize));
    let rows = RwSignal::new(Vec::<ScenarioComparison>::new());
    let show = move |goes_on: bool| {
        trial.with_value(|it| {
            let Some(it) = it else { return };
            told.set(it.sentence());
            progress.set((it.compared().len(), it.n_scenarios()));
            if rows.with_untracked(Vec::len) != it.compared().len() {
                rows.set(it.compared().to_vec());
            }
        });
        if !goes_on {
            phase.set(Phase::Compared);
        }
    };
    let convert = move |_| {
        if phase.get_untracked() != Phase::Asking {
            return;
        }
        match shell.with_studio(|it| it.conversion_trial(&command)) {
            Err(refusal) => shell.announce(refusal.0, true),
            Ok(new) => {
                trial.set_value(Some(new));
                shell.dispatch(command.clone());
                is_done.set(true);
                phase.set(Phase::Comparing);
                focus_id("convert-told".to_string());
                compute(phase, trial, show);
            }
        }
    };
    let undo = move |_| {
        phase.set(Phase::Stopped);
        shell.dialog.set(None);
        shell.dispatch(Command::Undo);
    };
    view! {
        <Shown
            when=live(move || phase.get() != Phase::Asking)
            fallback=|| {
                view! { <p class="lens-note">"Then every scenario runs before and after, and what comes out is compared"</p> }
            }
        >
            <div class="convert-told" id="convert-told" tabindex="-1">
                <p role="status">
                    {live(move || if phase.get() == Phase::Stopped { "Stopped. " } else { "" })}
                    <strong>{live(move || told.get())}</strong>
                </p>
                <Shown when=live(move || phase.get() == Phase::Comparing)>
                    <progress
                        aria-label="Scenarios compared"
                        max=live(move || progress.get().1.to_string())
                        value=live(move || progress.get().0.to_string())
                    ></progress>
                </Shown>
            </div>
            <ul class="convert-rows" tabindex="0" aria-label="Scenarios before and after">
                {live(move || rows.get().into_iter().map(row).collect_view())}
            </ul>
        </Shown>
        <footer class="convert-footer">
            <Shown
                when=live(move || phase.get() == Phase::Asking)
                fallback=move || {
                    view! {
                        <p class="lens-note">"Ctrl Z takes it back in one step"</p>
                        <Shown when=live(move || phase.get() == Phase::Comparing)>
                            <button type="button" class="button" on:click=heard(move |_| phase.set(Phase::Stopped))>"Stop"</button>
                        </Shown>
                        <button type="button" class="button" on:click=heard(undo)>"Undo"</button>
                        <button type="button" class="primary" on:click=heard(move |_| shell.dialog.set(None))>"Keep it"</button>
                    }
                }
            >
                <button type="button" class="primary" autofocus on:click=heard(convert.clone())>"Convert"</button>
            </Shown>
        </footer>
    }
}

/// Computes a slice, and the next one after the page was painted.
fn compute(
    phase: RwSignal<Phase>,
    trial: StoredValue<Option<ConversionTrial>, LocalStorage>,
    show: impl Fn(bool) + Copy + 'static,
) {
    frames::next(move || {
        // Stopped, or the dialog is gone.
        if phase.try_get_untracked() != Some(Phase::Comparing) {
            return;
        }
        let advanced = trial.try_update_value(|it| it.as_mut().is_some_and(|it| it.advance(SLICE)));
        let goes_on = advanced.unwrap_or_default();
        show(goes_on);
        if goes_on {
            compute(phase, trial, show);
        }
    });
}

/// One scenario.
fn row(it: ScenarioComparison) -> AnyView {
    let (sign, word) = if it.equal { ("✓", "equal") } else { ("≠", "different") };
    let differences = it.differences.into_iter().map(|it| {
        view! {
            <tr>
                <th scope="row" class="mono">{it.path}</th>
                <td class="mono">{it.before}</td>
                <td class="mono">{it.after}</td>
            </tr>
        }
    });
    let differences = differences.collect_view();
    let table = (!differences.is_empty()).then(|| {
        view! {
            <table class="convert-differences">
                <thead>
                    <tr>
                        <th scope="col">"Place"</th>
                        <th scope="col">"In JSONPath"</th>
                        <th scope="col">"In JSONata"</th>
                    </tr>
                </thead>
                <tbody>{differences}</tbody>
            </table>
        }
    });
    view! {
        <li class="convert-row" data-equal=it.equal.to_string()>
            <span class="convert-sign" aria-hidden="true">{sign}</span>
            <div>
                <strong>{it.scenario}</strong>
                " "
                <span class="visually-hidden">{word}</span>
                <span class="convert-sentence">{it.sentence}</span>
                {table}
            </div>
        </li>
    }
}
