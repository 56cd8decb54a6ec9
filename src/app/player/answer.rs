//! What a call answers: the open question of a run, and the same form for “answer differently”.

use leptos::prelude::*;

use crate::app::parts::Modal;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::shell::Shell;
use crate::sim::StatesError;
use crate::studio::{AnswerInput, Command, Dialog, QuestionView, Studio};

/// The question that stops the run, at the top of the data pane.
#[component]
pub fn OpenQuestion() -> impl IntoView {
    let shell = expect_context::<Shell>();
    // What is typed stays while heartbeats are sent and time passes.
    let question = memo(move || {
        let question = shell.player.with(|it| it.question.clone());
        question.map(|it| QuestionView { now: String::new(), next: None, ..it })
    });
    view! {
        <OpenCalls />
        {live(move || {
            question.get().map(|question| {
                let title = format!("What does {} answer?", question.title);
                view! {
                    <section class="question" role="group" aria-label=title.clone()>
                        <h2>{title.clone()}</h2>
                        <p class="question-calls">
                            {question.calls.clone()} " · call " {question.invocation + 1} " of this run"
                            {question.machine.clone().map(|it| format!(" · in {it}"))}
                        </p>
                        <WaitingCall question=question.clone() />
                        <details>
                            <summary>"Sent to it"</summary>
                            <pre class="lens-code" tabindex="0">{question.parameters.clone()}</pre>
                        </details>
                        <AnswerForm
                            suggestion=question.suggestion.clone()
                            errors=question.errors.clone()
                            verb="Go on"
                            by_token=question.token.is_some()
                            on_answer=move |answer| shell.dispatch(Command::Answer { answer })
                        />
                    </section>
                }
            })
        })}
    }
}

/// The list of open calls, where there are several: any of them can be answered first.
#[component]
fn OpenCalls() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let calls = memo(move || shell.player.with(|it| it.questions.clone()));
    let title = move || format!("{} calls wait for an answer", calls.with(Vec::len));
    view! {
        <Shown when=live(move || 1 < calls.with(Vec::len))>
            <section class="open-calls" role="group" aria-label="Open calls">
                <h2>{title}</h2>
                <ul>
                    {live(move || {
                        calls
                            .get()
                            .into_iter()
                            .map(|it| {
                                let call = it.call;
                                view! {
                                    <li>
                                        <button
                                            type="button"
                                            class="open-call"
                                            aria-pressed=it.chosen.to_string()
                                            on:click=heard(move |_| shell.dispatch(Command::ChooseQuestion { call: call.clone() }))
                                        >
                                            <strong>{it.title}</strong>
                                            " "
                                            <span>{it.words}</span>
                                        </button>
                                    </li>
                                }
                            })
                            .collect_view()
                    })}
                </ul>
            </section>
        </Shown>
    }
}

/// What can be done to an open call besides answering it: a worker, heartbeats, time.
#[component]
fn WaitingCall(question: QuestionView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let secs = RwSignal::new(String::new());
    let time = memo(move || {
        shell.player.with(|it| it.question.as_ref().map(|it| (it.now.clone(), it.next.clone())))
    });
    let time_words = move || match time.get() {
        Some((now, Some(next))) => {
            format!("It is {now} now; unless something happens before, the next timer ends at {next}")
        }
        Some((now, None)) => format!("It is {now} now; no timer runs"),
        None => String::new(),
    };
    let pass = move || {
        let millis = secs.get_untracked().trim().parse::<u64>().ok().map(|it| it.saturating_mul(1_000));
        shell.dispatch(Command::LetTimePass { millis });
    };
    view! {
        {question.token.clone().map(|token| view! { <p class="question-token">"Task token " <code>{token}</code></p> })}
        <p class="question-time">{time_words}</p>
        <div class="question-deeds">
            <Shown when=live(move || question.can_take)>
                <button type="button" class="button" title="GetActivityTask" on:click=heard(move |_| shell.dispatch(Command::TakeTask))>
                    "Take the task"
                </button>
            </Shown>
            <Shown when=live(move || question.can_send_heartbeat)>
                <button
                    type="button"
                    class="button"
                    title="SendTaskHeartbeat"
                    on:click=heard(move |_| shell.dispatch(Command::SendHeartbeat))
                >
                    "Send heartbeat"
                </button>
            </Shown>
            <button type="button" class="button" on:click=heard(move |_| pass())>"Let time pass"</button>
            <label class="question-seconds">
                <input
                    type="number"
                    min="1"
                    placeholder="to the next timer"
                    prop:value=live(move || secs.get())
                    on:input=heard(move |event| secs.set(event_target_value(&event)))
                />
                "seconds"
            </label>
        </div>
    }
}

/// The dialog that answers the call at the cursor in another way.
#[component]
pub fn AnswerDifferently() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let close = move || shell.dialog.set(None);
    let Some(question) = shell.with_studio(Studio::question_at_cursor) else {
        return view! {
            <Modal title="Answer differently" on_close=close>
                <p>"Step to a call first: the cursor stands where no task was called"</p>
            </Modal>
        };
    };
    view! {
        <Modal title=format!("Answer {} differently", question.title) on_close=close>
            <p>"What happened after this call is forgotten, and the run goes on from here"</p>
            <AnswerForm
                suggestion=question.suggestion.clone()
                errors=question.errors.clone()
                verb="Answer and go on"
                on_answer=move |answer| {
                    close();
                    shell.dispatch(Command::AnswerDifferently { answer });
                }
            />
        </Modal>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Succeed,
    Fail,
    TimeOut,
}

/// Succeed with…, fail with…, time out.
#[component]
pub fn AnswerForm(
    suggestion: String,
    errors: Vec<String>,
    verb: &'static str,
    /// The answer is sent with a task token.
    #[prop(optional)]
    by_token: bool,
    on_answer: impl Fn(AnswerInput) + Copy + 'static,
) -> impl IntoView {
    let id = expect_context::<Shell>().next_number();
    let way = RwSignal::new(Way::Succeed);
    let json = RwSignal::new(suggestion);
    let error = RwSignal::new(errors.first().cloned().unwrap_or_default());
    let cause = RwSignal::new(String::new());
    let fault = memo(move || match way.get() {
        Way::Succeed => json.with(|it| json_fault(it)),
        Way::Fail if error.with(|it| it.trim().is_empty()) => Some("An error needs a name".to_string()),
        _ => None,
    });
    let send = move || {
        if fault.get_untracked().is_some() {
            return;
        }
        on_answer(match way.get_untracked() {
            Way::Succeed => AnswerInput::Succeed(json.get_untracked()),
            Way::Fail => {
                AnswerInput::Fail(StatesError { name: error.get_untracked(), cause: cause.get_untracked() })
            }
            Way::TimeOut => AnswerInput::TimeOut,
        });
    };
    let choice = move |value: Way, words: &'static str| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=format!("way-{id}")
                    prop:checked=live(move || way.get() == value)
                    on:change=heard(move |_| way.set(value))
                />
                {words}
            </label>
        }
    };
    view! {
        <form
            class="answer-form"
            on:submit=heard(move |event: web_sys::SubmitEvent| {
                event.prevent_default();
                send();
            })
        >
            <fieldset class="choices">
                <legend class="visually-hidden">"Answer"</legend>
                {choice(Way::Succeed, if by_token { "SendTaskSuccess with…" } else { "Succeed with…" })}
                {choice(Way::Fail, if by_token { "SendTaskFailure with…" } else { "Fail with…" })}
                {choice(Way::TimeOut, "Time out")}
            </fieldset>
            <Shown when=live(move || way.get() == Way::Succeed)>
                <textarea
                    class="mono"
                    rows="4"
                    aria-label="Result as JSON"
                    spellcheck="false"
                    aria-invalid=live(move || fault.get().is_some().then_some("true"))
                    prop:value=live(move || json.get())
                    on:input=heard(move |event| json.set(event_target_value(&event)))
                ></textarea>
            </Shown>
            <Shown when=live(move || way.get() == Way::Fail)>
                <ErrorFields name=error cause=cause list=format!("errors-{id}") on_input=|| () on_change=|| () />
            </Shown>
            <datalist id=format!("errors-{id}")>
                {errors.iter().map(|it| view! { <option value=it.clone()></option> }).collect_view()}
            </datalist>
            <p class="form-fault" role="status">{live(move || fault.get())}</p>
            <button type="submit" class="primary" aria-disabled=live(move || fault.get().is_some().then_some("true"))>
                {verb}
            </button>
        </form>
    }
}

/// The name and the cause of an error.
#[component]
pub fn ErrorFields(
    name: RwSignal<String>,
    cause: RwSignal<String>,
    /// The id of a list of proposed names.
    #[prop(into, optional)]
    list: String,
    on_input: impl Fn() + Copy + 'static,
    on_change: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let field = move |words: &'static str, text: RwSignal<String>, list: String| {
        view! {
            <label>
                {words}
                <input
                    type="text"
                    list=(!list.is_empty()).then_some(list)
                    prop:value=live(move || text.get())
                    on:input=heard(move |event| {
                        text.set(event_target_value(&event));
                        on_input();
                    })
                    on:change=heard(move |_| on_change())
                />
            </label>
        }
    };
    view! {
        {field("Error", name, list)}
        {field("Cause", cause, String::new())}
    }
}

/// Why a text is not JSON, in a sentence with its place.
pub fn json_fault(text: &str) -> Option<String> {
    let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
    Some(format!("Not JSON yet, line {}, column {}", error.line(), error.column()))
}

/// Opens when it is asked for.
#[component]
pub fn AnswerDifferentlyDialog() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <Shown when=live(move || shell.dialog.get() == Some(Dialog::FailThisCall))>
            <AnswerDifferently />
        </Shown>
    }
}
