//! The bar below the canvas: how many problems, the first one, the whole list on demand; and the
//! run with its scenario.

use leptos::prelude::*;

use crate::app::parts::Icon;
use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::scenarios::ScenarioSelect;
use crate::app::shell::Shell;
use crate::asl::Severity;
use crate::studio::{Command, ProblemView};
use crate::text::words::count;

/// The bar and, when it is open, the list above it.
#[component]
pub fn ProblemsBar() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.problems;
    let open = RwSignal::new(false);
    let n_problems = memo(move || view.with(|it| it.problems.len()));
    let first = memo(move || view.with(|it| it.problems.first().cloned()));
    let words = memo(move || match n_problems.get() {
        0 => format!("No problems in {}", count(shell.document.with(|it| it.n_states), "state", "states")),
        n_problems => count(n_problems, "problem", "problems"),
    });
    let worst = memo(move || {
        view.with(|it| {
            if it.n_errors > 0 {
                "error"
            } else if it.n_warnings > 0 {
                "warning"
            } else {
                "ok"
            }
        })
    });
    view! {
        <section class="problems-bar" data-pane="problems" tabindex="-1" aria-label="Problems" data-worst=live(move || worst.get())>
            <Shown when=live(move || open.get() && n_problems.get() != 0)>
                <ProblemList />
            </Shown>
            <div class="problems-line">
                <button
                    type="button"
                    class="problems-toggle"
                    aria-expanded=live(move || open.get().to_string())
                    title="Problems (F4 goes to the next)"
                    on:click=heard(move |_| open.update(|it| *it = !*it))
                >
                    {live(move || view! { <Icon name=worst.get() /> })}
                    <strong>{live(move || words.get())}</strong>
                </button>
                {live(move || {
                    first.get().map(|problem| {
                        view! {
                            <button type="button" class="problems-first" on:click=heard(move |_| shell.dispatch(Command::ShowProblem { problem_idx: 0 }))>
                                {problem.message}
                            </button>
                            <Fixes problem_idx=0 fixes=problem.fixes />
                        }
                    })
                })}
                <RunWith />
            </div>
        </section>
    }
}

#[component]
fn ProblemList() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let problems = memo(move || shell.problems.with(|it| it.problems.clone()));
    view! {
        <ol class="problems-list">
            {live(move || {
                problems.get().into_iter().enumerate().map(|(idx, problem)| view! { <Problem idx=idx problem=problem /> }).collect_view()
            })}
        </ol>
    }
}

#[component]
fn Problem(idx: usize, problem: ProblemView) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let (icon, severity) = match problem.severity {
        Severity::Error => ("error", "Error"),
        Severity::Warning => ("warning", "Warning"),
    };
    let place = match &problem.state {
        Some(state) => format!("{}, line {}", state.name(), problem.line),
        None => format!("line {}", problem.line),
    };
    view! {
        <li class="problem" data-severity=severity>
            <Icon name=icon />
            <span class="visually-hidden">{severity}</span>
            <button type="button" class="problem-message" on:click=heard(move |_| shell.dispatch(Command::ShowProblem { problem_idx: idx }))>
                {problem.message}
                {problem.hint.map(|it| view! { <span class="problem-hint">{format!(" {it}")}</span> })}
            </button>
            <span class="problem-place">{place}</span>
            <code class="problem-code">{problem.code}</code>
            <Fixes problem_idx=idx fixes=problem.fixes />
        </li>
    }
}

/// A button for each change that mends the problem.
#[component]
fn Fixes(problem_idx: usize, fixes: Vec<String>) -> impl IntoView {
    let shell = expect_context::<Shell>();
    let fix = move |(fix_idx, label)| {
        let mend = move |_| shell.dispatch(Command::Fix { problem_idx, fix_idx });
        view! { <button type="button" class="link" on:click=heard(mend)>{label}</button> }
    };
    fixes.into_iter().enumerate().map(fix).collect_view()
}

#[component]
fn RunWith() -> impl IntoView {
    let shell = expect_context::<Shell>();
    view! {
        <div class="run-with">
            <label for="run-with">"Run with"</label>
            <ScenarioSelect id="run-with" />
            <button type="button" class="primary" title="Run (R)" on:click=heard(move |_| shell.dispatch(Command::Run))>
                <Icon name="play" />
                "Run"
            </button>
        </div>
    }
}
