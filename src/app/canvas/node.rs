//! One state on the canvas. The element lives as long as the state keeps its key; what is inside
//! is patched, so nothing flashes. The run on it is a signal of its own. Nothing inside has a
//! transform of its own: the browser keeps a separate piece of the picture for each.

use leptos::prelude::*;

use crate::app::canvas::{Canvas, lettering, scene, shape};
use crate::app::parts::live::{live, memo, view};
use crate::asl::{Severity, StateType};
use crate::flow::{Point, Shape, icon};
use crate::studio::{NodeMark, NodeView, Status};

/// Size of the title.
const TITLE: f64 = 13.0;
/// Size of the small words under or beside it.
const SUBTITLE: f64 = 11.0;
/// Width of an icon with the space behind it.
const ICON: f64 = 24.0;
/// Room for what collapses and opens a frame, at the right.
const CHEVRON: f64 = 28.0;
/// Room for the sign of a run at the right.
const SIGN: f64 = 20.0;

/// The shape of a state, Start, End or a missing target.
#[component]
pub fn Node(first: NodeView) -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    let key = first.key.clone();
    let mark = canvas.shell.mark_of(&key);
    let node = Memo::new(move |before: Option<&NodeView>| {
        let now = canvas.scene.with(|scene| scene.node(&key).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let selected = memo(move || {
        let selection = canvas.shell.selection.get();
        selection.shown.is_some() && node.with(|it| it.state == selection.shown)
    });
    let picked = memo(move || node.with(|it| canvas.is_picked(it.state.as_ref())));
    view! {
        <g
            class="canvas-node"
            style:transform=live(move || node.with(|it| format!("translate({:.1}px, {:.1}px)", it.rect.x, it.rect.y)))
            data-key=live(move || node.with(|it| it.key.clone()))
            data-shape=live(move || node.with(|it| shape::word(it.shape)))
            data-frame=live(move || node.with(|it| it.frame.then_some("")))
            data-damaged=live(move || node.with(|it| it.damaged.is_some().then_some("")))
            data-status=live(move || mark.with(|it| status_word(it.status)))
            data-current=live(move || mark.with(|it| it.current.then_some("")))
            data-selected=live(move || selected.get().then_some(""))
            data-picked=live(move || picked.get().then_some(""))
        >
            {live(move || node.with(|node| mark.with(|mark| inside(node, mark))))}
            {live(move || selected.get().then(|| {
                let is_level = canvas.scene.with(scene::Scene::is_level);
                node.with(|it| handles(it, is_level))
            }))}
        </g>
    }
}

/// The word of a status in `data-status`, which the style sheet turns into border and color.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::NotReached => "not-reached",
        Status::Running => "running",
        Status::Waiting => "waiting",
        Status::Succeeded => "succeeded",
        Status::Retried => "retried",
        Status::Caught => "caught",
        Status::Failed => "failed",
        Status::Aborted => "aborted",
    }
}

fn inside(node: &NodeView, mark: &NodeMark) -> AnyView {
    let (w, h) = (node.rect.w, node.rect.h);
    match node.shape {
        Shape::Start => {
            view! { <circle class="canvas-start" cx=w / 2.0 cy=h / 2.0 r=w.min(h) / 2.0 /> }
        }
        Shape::End => view! {
            <circle class="canvas-end" cx=w / 2.0 cy=h / 2.0 r=(w.min(h) / 2.0 - 1.0).max(1.0) />
            <circle class="canvas-end-dot" cx=w / 2.0 cy=h / 2.0 r=(w.min(h) / 2.0 - 5.0).max(1.5) />
        },
        _ => view! {
            <title>{tooltip(node, mark)}</title>
            <rect class="canvas-ring" x="-6" y="-6" width=w + 12.0 height=h + 12.0 rx="12" />
            {outlines(node, mark)}
            {if node.frame { header(node, mark).into_any() } else { label(node, mark).into_any() }}
            {scene::chevron_of(node).map(|at| chevron(node, at))}
            {badges(node)}
        },
    }
}

fn outlines(node: &NodeView, mark: &NodeMark) -> impl IntoView {
    let (w, h) = (node.rect.w, node.rect.h);
    let failed = mark.status == Status::Failed;
    let outline = match node.damaged {
        Some(_) => shape::torn(w, h),
        None => shape::outline(node.shape, w, h, failed),
    };
    let is_double = matches!(mark.status, Status::Caught | Status::Retried);
    let ring = node.shape == Shape::State(StateType::Succeed) && h > 16.0;
    let inset = if ring { Some(4.0) } else { is_double.then_some(3.5) };
    let sheets = node.shape == Shape::State(StateType::Map);
    view! {
        {sheets.then(|| view! { <path class="canvas-sheets" d=shape::sheets(w, h) /> })}
        <path class="canvas-outline" d=outline />
        {inset.filter(|_| node.damaged.is_none()).map(|inset| {
            let class = if ring { "canvas-inner" } else { "canvas-double" };
            view! { <path class=class d=shape::inset_outline(node.shape, w, h, failed, inset) /> }
        })}
        {node.frame.then(|| view! { <path class="canvas-rule" d=shape::header_rule(w) /> })}
    }
}

/// Icon, title and small words of an ordinary node, with the sign of the run at the right.
fn label(node: &NodeView, mark: &NodeMark) -> impl IntoView {
    let (w, h) = (node.rect.w, node.rect.h);
    let (left, right) = shape::text_inset(node.shape);
    let sign_room = if mark.sign.is_empty() { 0.0 } else { SIGN };
    // What collapses and opens stands at the right end.
    let right = if node.collapsed { right.max(CHEVRON) } else { right };
    let room = w - left - ICON - right - sign_room;
    let small = match &node.damaged {
        Some(note) => note.clone(),
        None => node.subtitle.clone(),
    };
    let has_small = !small.is_empty() && 40.0 <= h;
    let title_y = if has_small { h / 2.0 - 3.0 } else { h / 2.0 + TITLE * 0.36 };
    view! {
        {sign_at(left, (h - 16.0) / 2.0, node.icon)}
        <text class="canvas-title" x=left + ICON y=title_y>{lettering::cut(&node.title, TITLE, room)}</text>
        {has_small.then(|| view! {
            <text class="canvas-subtitle" x=left + ICON y=h / 2.0 + 13.0>
                {lettering::cut(&small, SUBTITLE, room)}
            </text>
        })}
        <text class="canvas-sign" x=w - right - 2.0 y=h / 2.0 + 5.0>{mark.sign.clone()}</text>
    }
}

/// The header of a frame: icon, title, and at the right the counts of the run or the small words.
fn header(node: &NodeView, mark: &NodeMark) -> impl IntoView {
    let w = node.rect.w;
    let counts = mark.counts.map(counts).unwrap_or_default();
    let side = match (&node.damaged, counts.is_empty()) {
        (Some(note), _) => note.clone(),
        (None, true) => node.subtitle.clone(),
        (None, false) => String::new(),
    };
    let sign_room = if mark.sign.is_empty() { 0.0 } else { SIGN };
    let room = w - 12.0 - ICON - CHEVRON - sign_room;
    let counts_room = lettering::width_of(&counts, SUBTITLE + 1.0);
    let title = lettering::cut(&node.title, TITLE, room - counts_room);
    let left = room - counts_room - lettering::width_of(&title, TITLE) - 16.0;
    let side = if left < 40.0 { String::new() } else { lettering::cut(&side, SUBTITLE, left) };
    let middle = shape::HEADER / 2.0;
    let end = w - CHEVRON - sign_room;
    view! {
        {sign_at(12.0, middle - 8.0, node.icon)}
        <text class="canvas-title" x=12.0 + ICON y=middle + 4.5>{title}</text>
        <text class="canvas-subtitle canvas-subtitle-right" x=end y=middle + 4.0>{side}</text>
        <text class="canvas-counts" x=end y=middle + 4.5>{counts}</text>
        <text class="canvas-sign" x=w - CHEVRON y=middle + 5.0>{mark.sign.clone()}</text>
    }
}

/// A sign that points down while a frame is open, and to the right while it is closed.
fn chevron(node: &NodeView, at: Point) -> impl IntoView + use<> {
    let (x, y) = (at.x - node.rect.x, at.y - node.rect.y);
    let (words, line) = match node.collapsed {
        true => ("Expand (Z)", "m-3 -5l5 5l-5 5"),
        false => ("Collapse (Z)", "m-5 -3l5 5l5 -5"),
    };
    view! {
        <g class="canvas-chevron">
            <title>{words}</title>
            <circle class="canvas-target" cx=x cy=y r="12" />
            <path d=format!("M{x:.1} {y:.1}{line}") />
        </g>
    }
}

fn sign_at(x: f64, y: f64, name: &str) -> impl IntoView + use<> {
    view! { <path class="canvas-icon" d=format!("M{x:.1} {y:.1}{}", icon(name)) /> }
}

fn badges(node: &NodeView) -> impl IntoView {
    let (w, h) = (node.rect.w, node.rect.h);
    let retry = node.retry_badge.map(|attempts| {
        let (x, y) = (w - 60.0, h - 10.0);
        view! {
            <g class="canvas-retry">
                <title>{format!("Tries again up to {attempts} times")}</title>
                <rect x=x y=y width="44" height="20" rx="10" />
                <text x=x + 22.0 y=y + 14.0>{format!("↻ {attempts}")}</text>
            </g>
        }
    });
    let problem = node.problems.map(|(severity, n_problems)| {
        let (word, words) = match (severity, n_problems) {
            (Severity::Error, 1) => ("error", "1 problem".to_string()),
            (Severity::Warning, 1) => ("warning", "1 warning".to_string()),
            (Severity::Error, n) => ("error", format!("{n} problems")),
            (Severity::Warning, n) => ("warning", format!("{n} warnings")),
        };
        view! {
            <g class="canvas-problem" data-severity=word>
                <title>{words}</title>
                <circle cx=w - 4.0 cy="1" r="9" />
                <text x=w - 4.0 y="5.5">"!"</text>
            </g>
        }
    });
    view! { {retry} {problem} }
}

/// Four corners that say “selected”, and the port a new connection is drawn from.
fn handles(node: &NodeView, is_level: bool) -> impl IntoView + use<> {
    let (w, h) = (node.rect.w, node.rect.h);
    let corners = [(0.0, 0.0), (w, 0.0), (0.0, h), (w, h)];
    let port = scene::can_have_port(node).then(|| {
        let at = scene::port_of(node, is_level);
        view! {
            <g class="canvas-port" transform=format!("translate({:.1} {:.1})", at.x - node.rect.x, at.y - node.rect.y)>
                <title>"Drag to another state to connect, or press C"</title>
                <circle class="canvas-target" r="12" />
                <circle class="canvas-knob" r="5" />
            </g>
        }
    });
    view! {
        {corners.map(|(x, y)| view! {
            <rect class="canvas-handle" x=x - 3.5 y=y - 3.5 width="7" height="7" rx="1.5" />
        }).collect_view()}
        {port}
    }
}

fn counts((succeeded, failed, running): (u32, u32, u32)) -> String {
    let part = |sign: &str, n: u32| if n == 0 { String::new() } else { format!("{sign} {n}") };
    let parts = [part("✓", succeeded), part("⨯", failed), part("▶", running)];
    parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("  ")
}

fn tooltip(node: &NodeView, mark: &NodeMark) -> String {
    let mut lines = vec![node.title.clone()];
    lines.extend([node.subtitle.clone(), mark.words.clone()].into_iter().filter(|it| !it.is_empty()));
    lines.extend(node.damaged.clone());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_leave_out_what_is_none() {
        assert_eq!(counts((7, 1, 2)), "✓ 7  ⨯ 1  ▶ 2");
        assert_eq!(counts((3, 0, 0)), "✓ 3");
        assert_eq!(counts((0, 0, 0)), "");
    }
}
