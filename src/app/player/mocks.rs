//! What the tasks answer in the chosen scenario, and what the run starts with.

use leptos::prelude::*;

use crate::app::parts::live::{Rows, effect, heard, live, memo, row, view};
use crate::app::parts::{Icon, IconButton};
use crate::app::player::answer::{ErrorFields, json_fault};
use crate::app::shell::Shell;
use crate::sim::StatesError;
use crate::studio::scenario::{append_answer, remove_answer, set_n_calls};
use crate::studio::{AnswerInput, Command, MockAnswer, MockView};

/// Every task with its answers.
#[component]
pub fn Mocks() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.scenarios;
    let mocks = memo(move || view.with(|it| it.mocks.clone()));
    view! {
        <div class="mocks">
            <h2 class="lens-title">
                "Mocks " <span>{live(move || view.with(|it| it.chosen.clone()))}</span>
            </h2>
            <p class="lens-note">
                "A task without an answer asks when the run comes to it; the answer is kept here. Calls are counted from 0 over the whole run"
            </p>
            {live(move || {
                if mocks.with(Vec::is_empty) {
                    view! { <p class="lens-note">"This workflow calls no tasks, so there is nothing to mock"</p> }
                } else {
                    mocks.get().into_iter().map(|mock| view! { <Mock mock=mock /> }).collect_view().into_any()
                }
            })}
        </div>
    }
}

#[component]
fn Mock(mock: MockView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let path = mock.path.clone();
    let is_open = shell.selection.with_untracked(|it| it.state.as_ref() == Some(&path));
    let answers = RwSignal::new(mock.answers.clone());
    let state = StoredValue::new(mock.state.clone());
    let commit = move || {
        // The last change event of a row that is being taken away comes after its signals.
        let Some((answers, state)) = answers.try_get_untracked().zip(state.try_get_value()) else { return };
        let broken = answers.iter().any(|it| match &it.answer {
            AnswerInput::Succeed(json) => json_fault(json).is_some(),
            _ => false,
        });
        if !broken {
            shell.dispatch(Command::SetMock { state, answers });
        }
    };
    let add = move |answer: AnswerInput| {
        answers.update(|it| append_answer(it, answer));
        commit();
    };
    let path = StoredValue::new(mock.path.clone());
    let proposed = move || {
        AnswerInput::Succeed(path.with_value(|it| shell.with_studio(|studio| studio.proposed_answer(it))))
    };
    let summary = match mock.answers.len() {
        0 => "asks".to_string(),
        1 => "1 answer".to_string(),
        n_answers => format!("{n_answers} answers"),
    };
    let answer = move |(idx, answer): (usize, MockAnswer)| {
        let kind = std::mem::discriminant(&answer.answer);
        row(format!("{idx} {kind:?} {} {:?}", answer.first, answer.last), move || {
            view! {
                <MockRow idx=idx answer=answer answers=answers on_change=commit />
            }
        })
    };
    view! {
        <details class="mock" open=is_open data-state=mock.state.clone()>
            <summary>
                <strong>{mock.state.clone()}</strong>
                <span class="mock-calls">{mock.calls.clone()}</span>
                <span class="mock-summary">{summary}</span>
            </summary>
            <Rows rows=live(move || answers.get().into_iter().enumerate().map(answer).collect()) />
            <div class="mock-add">
                <button type="button" class="link" on:click=heard(move |_| add(proposed()))>"+ Add result"</button>
                <button
                    type="button"
                    class="link"
                    on:click=heard(move |_| add(AnswerInput::Fail(StatesError { name: "States.TaskFailed".into(), cause: String::new() })))
                >
                    "+ Add error"
                </button>
                <button type="button" class="link" on:click=heard(move |_| add(AnswerInput::TimeOut))>"+ Add time-out"</button>
            </div>
        </details>
    }
}

#[component]
fn MockRow(
    idx: usize,
    answer: MockAnswer,
    answers: RwSignal<Vec<MockAnswer>>,
    on_change: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let calls = match answer.last {
        Some(last) if last == answer.first => format!("Call {last}"),
        Some(last) => format!("Calls {} to {last}", answer.first),
        None if answer.first == 0 => "Every call".to_string(),
        None => format!("Call {} and all later ones", answer.first),
    };
    let change = move |new: AnswerInput| {
        // Nothing is left to change when the row is gone.
        let _ = answers.try_update(|it| {
            if let Some(row) = it.get_mut(idx) {
                row.answer = new;
            }
        });
    };
    let remove = move || {
        answers.update(|it| remove_answer(it, idx));
        on_change();
    };
    let times = move |event: web_sys::Event| {
        let n_calls = event_target_value(&event).parse().ok().filter(|it| *it != 0);
        answers.update(|it| set_n_calls(it, idx, n_calls));
        on_change();
    };
    let n_calls = answer.last.map_or(String::new(), |last| (last - answer.first + 1).to_string());
    let control = match answer.answer {
        AnswerInput::Succeed(json) => {
            let fault = RwSignal::new(json_fault(&json));
            view! {
                <textarea
                    class="mono"
                    rows=json.lines().count().clamp(3, 12).to_string()
                    spellcheck="false"
                    aria-label=format!("{calls}: result as JSON")
                    aria-invalid=live(move || fault.get().is_some().then_some("true"))
                    prop:value=json
                    on:input=heard(move |event| {
                        let text = event_target_value(&event);
                        fault.set(json_fault(&text));
                        change(AnswerInput::Succeed(text));
                    })
                    on:change=heard(move |_| on_change())
                ></textarea>
                <p class="form-fault" role="status">{live(move || fault.get())}</p>
            }
        }
        AnswerInput::Fail(error) => {
            let name = RwSignal::new(error.name);
            let cause = RwSignal::new(error.cause);
            let put = move || {
                change(AnswerInput::Fail(StatesError {
                    name: name.get_untracked(),
                    cause: cause.get_untracked(),
                }));
            };
            view! {
                <div class="mock-error">
                    <ErrorFields name=name cause=cause on_input=put on_change=on_change />
                </div>
            }
        }
        AnswerInput::TimeOut => view! { <p>"Times out with States.Timeout"</p> },
    };
    view! {
        <div class="mock-row">
            <div class="mock-row-head">
                <span>{calls.clone()}</span>
                <label class="mock-times">
                    "times"
                    <input type="number" min="0" placeholder="all" prop:value=n_calls aria-label=format!("{calls}: how many times, empty for all later ones") on:change=heard(times) />
                </label>
                <IconButton icon="trash" label=format!("Remove the answer for {}", calls.to_lowercase()) on_click=remove />
            </div>
            {control}
        </div>
    }
}

/// The input of the chosen scenario.
#[component]
pub fn Input() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.scenarios;
    let input = memo(move || view.with(|it| it.input.clone()));
    let draft = RwSignal::new(input.get_untracked());
    effect(move || draft.set(input.get()));
    let fault = memo(move || draft.with(|it| json_fault(it)));
    view! {
        <div class="mocks">
            <h2 class="lens-title">
                "Input " <span>{live(move || view.with(|it| it.chosen.clone()))}</span>
            </h2>
            <p class="lens-note">{live(move || view.with(|it| it.note.clone()))}</p>
            <textarea
                class="mono input-text"
                spellcheck="false"
                aria-label="Input of the run as JSON"
                aria-invalid=live(move || fault.get().is_some().then_some("true"))
                prop:value=live(move || draft.get())
                on:input=heard(move |event| draft.set(event_target_value(&event)))
                on:change=heard(move |_| {
                    let json = draft.try_get_untracked().filter(|it| json_fault(it).is_none());
                    if let Some(json) = json {
                        shell.dispatch(Command::SetInput { json });
                    }
                })
            ></textarea>
            <p class="form-fault" role="status">
                {live(move || fault.get().map(|it| view! { <Icon name="warning" /> {it} }))}
            </p>
        </div>
    }
}
