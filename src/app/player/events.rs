//! The events that AWS would have logged, as a table. Only the rows in view are drawn, because a
//! run may have 25,000 of them.

use leptos::html::Div;
use leptos::prelude::*;

use crate::app::parts::live::{effect, heard, live, memo, view};
use crate::app::shell::Shell;
use crate::studio::{Command, PlayerCommand};

const ROW: f64 = 25.0;
const SPARE_ROWS: usize = 20;

/// The table.
#[component]
pub fn Events() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let view = shell.events;
    let body = NodeRef::<Div>::new();
    let scroll = RwSignal::new((0.0, 300.0));
    let measure = move || {
        if let Some(body) = body.get_untracked() {
            scroll.set((f64::from(body.scroll_top()), f64::from(body.client_height())));
        }
    };
    // The cursor's row stays in view.
    effect(move || {
        let cursor = view.with(|it| it.cursor);
        let Some(body) = body.get() else { return };
        let at = cursor.saturating_sub(1) as f64 * ROW;
        let (top, height) = (f64::from(body.scroll_top()), f64::from(body.client_height()));
        if at < top || top + height - 2.0 * ROW < at {
            body.set_scroll_top((at - height / 2.0).max(0.0) as i32);
        }
        measure();
    });
    let window = memo(move || {
        let (top, height) = scroll.get();
        let n_rows = view.with(|it| it.rows.len());
        let first = ((top / ROW) as usize).saturating_sub(SPARE_ROWS);
        let last = (((top + height) / ROW) as usize + SPARE_ROWS).min(n_rows);
        (first.min(last), last, n_rows)
    });
    view! {
        <div class="events" node_ref=body on:scroll=heard(move |_| measure()) tabindex="0" role="region" aria-label="Events">
            <table aria-rowcount=live(move || (window.get().2 + 1).to_string())>
                <thead>
                    <tr>
                        <th scope="col" class="events-number">"Id"</th>
                        <th scope="col" class="events-number">"After"</th>
                        <th scope="col">"Time"</th>
                        <th scope="col">"Type"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Details"</th>
                    </tr>
                </thead>
                <tbody>
                    <Spacer rows=Signal::derive(move || window.get().0) />
                    {live(move || {
                        let (first, last, _) = window.get();
                        view.with(|it| {
                            let cursor = it.cursor;
                            let rows = it.rows.get(first..last).unwrap_or_default();
                            rows.iter()
                                .enumerate()
                                .map(|(idx, row)| {
                                    let step = row.step;
                                    let is_current = first + idx + 1 == cursor;
                                    let is_ahead = cursor <= first + idx;
                                    view! {
                                        <tr
                                            aria-rowindex=(first + idx + 2).to_string()
                                            aria-current=is_current.then_some("step")
                                            data-ahead=is_ahead.to_string()
                                            on:click=heard(move |_| shell.dispatch(Command::Player(PlayerCommand::SeekStep(step))))
                                        >
                                            <td class="events-number">{row.id}</td>
                                            <td class="events-number">{row.previous}</td>
                                            <td class="mono">{row.clock.clone()}</td>
                                            <td>{row.type_name}</td>
                                            <td>{row.state.clone()}</td>
                                            <td class="mono events-details" title=row.details.clone()>{row.details.clone()}</td>
                                        </tr>
                                    }
                                })
                                .collect_view()
                        })
                    })}
                    <Spacer rows=Signal::derive(move || { let (_, last, n_rows) = window.get(); n_rows - last }) />
                </tbody>
            </table>
        </div>
    }
}

/// Room for rows that are not drawn.
#[component]
fn Spacer(rows: Signal<usize>) -> impl IntoView {
    view! {
        <tr aria-hidden="true">
            <td colspan="6" class="events-spacer">
                <svg width="1" height=live(move || (rows.get() as f64 * ROW).to_string())></svg>
            </td>
        </tr>
    }
}
