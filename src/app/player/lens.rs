//! The data-flow lens: every stage of the step at the cursor, with its expression and its data
//! before and after.

use leptos::prelude::*;

use crate::app::parts::live::{Shown, heard, live, memo, view};
use crate::app::player::data::DataColumn;
use crate::app::player::expression::ExpressionText;
use crate::app::player::stages::StageStrip;
use crate::app::shell::Shell;
use crate::studio::{Arrangement, Command, Look, StageStatus};

/// The lens.
#[component]
pub fn Lens() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.data_flow;
    let title = memo(move || view.with(|it| it.title.clone()));
    let note = memo(move || view.with(|it| it.note.clone()));
    let has_stages = memo(move || view.with(|it| !it.stages.is_empty()));
    let expression = memo(move || view.with(|it| (it.expression.clone(), it.expression_line)));
    let error = memo(move || view.with(|it| it.error.clone()));
    let field =
        memo(move || view.with(|it| it.stages.get(it.chosen).map_or(("", ""), |it| (it.title, it.aws_name))));
    let unset = memo(move || {
        view.with(|it| it.stages.get(it.chosen).is_some_and(|it| it.status == StageStatus::Unset))
    });
    let show_in_text = move |_| {
        let state = view.with_untracked(|it| it.state.clone());
        shell.dispatch(Command::Arrange(Arrangement::Build));
        shell.dispatch(Command::Select { state });
    };
    view! {
        <div class="lens">
            <h2 class="lens-title">
                "Data flow " <span>{live(move || title.get())}</span>
            </h2>
            <Shown when=live(move || note.get().is_some())>
                <p class="lens-note">{live(move || note.get())}</p>
            </Shown>
            <Shown when=live(move || has_stages.get())>
                <StageStrip />
                <Shown when=live(move || error.get().is_some())>
                    <p class="lens-error" role="status">
                        <strong>"⨯ failed here "</strong>
                        {live(move || error.get())}
                    </p>
                </Shown>
                <div class="lens-columns">
                    <DataColumn title="before" lines=Signal::derive(move || view.with(|it| it.before.clone())) />
                    <DataColumn title="after" lines=Signal::derive(move || view.with(|it| it.after.clone())) />
                </div>
                <div class="lens-expression">
                    <div class="lens-expression-head">
                        <span>{live(move || field.get().0)}</span>
                        <code class="lens-aws-name" title="AWS's name in inspectionData">{live(move || field.get().1)}</code>
                        {live(move || {
                            expression.get().1.map(|line| {
                                view! {
                                    <button type="button" class="link" on:click=heard(show_in_text)>
                                        {format!("line {line}")}
                                    </button>
                                }
                            })
                        })}
                    </div>
                    {live(move || {
                        let text = expression.get().0;
                        if text.is_empty() && !unset.get() {
                            ().into_any()
                        } else if text.is_empty() {
                            view! { <p class="lens-unset">"Not set: the data passes through unchanged"</p> }
                        } else if shell.can(&Command::Look(Look::Over)).is_ok() {
                            view! {
                                <ExpressionText
                                    text=text
                                    view=shell.explain
                                    look=move |it| shell.dispatch(Command::Look(it))
                                />
                            }
                        } else {
                            view! { <pre class="lens-code" tabindex="0" aria-label="Expression">{text}</pre> }
                        }
                    })}
                </div>
            </Shown>
        </div>
    }
}
