//! The attempts of a retrier on a line of time: boxes for attempts, dashes for waits, to scale as
//! far as the boxes leave room.

use leptos::prelude::*;

use crate::app::parts::live::{live, memo, view};
use crate::studio::RetryView;

/// Boxes drawn at most; what is between is left out with a mark.
const MAX_BOXES: usize = 7;
/// The least distance of two boxes, as a fraction of the line.
const LEAST_GAP: f64 = 0.12;

/// The drawing with its sentences.
#[component]
pub fn RetryTimeline(retry: Memo<Option<RetryView>>) -> impl IntoView {
    let retry = memo(move || retry.get().unwrap_or_default());
    let marks = memo(move || retry.with(|it| marks(&it.attempts_at_secs)));
    let sentences = memo(move || retry.with(sentences));
    view! {
        <figure class="retry-timeline">
            <figcaption>"Attempts if every call fails"</figcaption>
            <svg class="retry-timeline-line" height="44" aria-hidden="true">
                {live(move || {
                    let marks = marks.get();
                    let (jitter, capped_from) = retry.with(|it| (it.jitter, it.capped_from));
                    let waits = marks.windows(2).filter_map(|pair| {
                        let [before, after] = pair else { return None };
                        let class = if after.skips { "retry-wait retry-wait-skips" } else { "retry-wait" };
                        let middle = percent((before.fraction + after.fraction) / 2.0);
                        let width = after.fraction - before.fraction;
                        // The wait before the box with number n is the one of attempt n - 2.
                        let is_capped = capped_from.is_some_and(|it| it + 2 <= after.number);
                        let wait = (width >= 0.22).then(|| after.wait.clone());
                        let band = jitter.then(|| view! {
                            <rect class="retry-band" x=percent(before.fraction) width=percent(width) y="6" height="12" />
                        });
                        Some(view! {
                            {band}
                            <line class=class data-capped=is_capped.to_string() x1=percent(before.fraction) x2=percent(after.fraction) y1="12" y2="12" />
                            {wait.map(|it| view! { <text class="retry-words" x=middle y="7">{it}</text> })}
                        })
                    }).collect_view();
                    let boxes = marks.iter().map(|mark| view! {
                        <svg x=percent(mark.fraction) y="2" overflow="visible">
                            <rect class="retry-box" x="-8" width="16" height="20" rx="4" />
                            <text class="retry-number" y="14.500">{mark.number.to_string()}</text>
                            <text class="retry-words" y="36">{mark.at.clone()}</text>
                        </svg>
                    }).collect_view();
                    view! { {waits} {boxes} }
                })}
            </svg>
            <p class="retry-sentence">{live(move || sentences.get())}</p>
        </figure>
    }
}

/// What the drawing shows, and what comes after it.
fn sentences(retry: &RetryView) -> String {
    let n_attempts = retry.attempts_at_secs.len();
    let Some(last) = retry.attempts_at_secs.last() else {
        return format!("Never tries again: {}", retry.ends.trim_start_matches("then "));
    };
    let most = if retry.jitter { "at most " } else { "" };
    let more = if retry.goes_on { ", and goes on" } else { "" };
    let mut said = format!(
        "{} attempts, the last {most}{} after the first failure{more}",
        n_attempts + 1,
        seconds(*last)
    );
    if !retry.ends.is_empty() {
        said.push_str("; ");
        said.push_str(&retry.ends);
    }
    if retry.jitter {
        said.push_str(". FULL makes each wait a random part of its band");
    }
    if retry.capped_from.is_some() {
        said.push_str(". Waits drawn solid are cut by MaxDelaySeconds");
    }
    said
}

/// One box.
#[derive(Clone, PartialEq, Debug)]
struct Mark {
    /// From 1; the first attempt is the one that failed.
    number: usize,
    /// Where on the line, from 0 to 1.
    fraction: f64,
    /// “14 s”.
    at: String,
    /// “+8 s”, the wait before it.
    wait: String,
    /// Attempts before it are left out.
    skips: bool,
}

fn marks(attempts_at_secs: &[f64]) -> Vec<Mark> {
    let first = attempts_at_secs.first().is_none_or(|it| *it > 0.0).then_some(0.0);
    let all: Vec<f64> = first.into_iter().chain(attempts_at_secs.iter().copied()).collect();
    let kept: Vec<(usize, f64)> = all
        .iter()
        .copied()
        .enumerate()
        .filter(|(idx, _)| all.len() <= MAX_BOXES || *idx + 1 < MAX_BOXES || *idx + 1 == all.len())
        .collect();
    let gaps: Vec<f64> = kept
        .windows(2)
        .map(|pair| match pair {
            [before, after] => (after.1 - before.1).max(0.0),
            _ => 0.0,
        })
        .collect();
    let shares = shares(&gaps);
    let mut fraction = 0.0;
    let mut before: Option<(usize, f64)> = None;
    let mut marks = Vec::new();
    for (place, (idx, at)) in kept.into_iter().enumerate() {
        if let Some(share) = place.checked_sub(1).and_then(|it| shares.get(it)) {
            fraction += share;
        }
        marks.push(Mark {
            number: idx + 1,
            fraction,
            at: seconds(at),
            wait: before.map(|it| format!("+{}", seconds(at - it.1))).unwrap_or_default(),
            skips: before.is_some_and(|it| it.0 + 1 < idx),
        });
        before = Some((idx, at));
    }
    marks
}

/// How the line is shared between the gaps: to scale, but no gap so small that boxes overlap.
fn shares(gaps: &[f64]) -> Vec<f64> {
    let mut is_least = vec![false; gaps.len()];
    loop {
        let n_least = is_least.iter().filter(|it| **it).count();
        let room = (1.0 - n_least as f64 * LEAST_GAP).max(0.0);
        let rest: f64 = gaps.iter().zip(&is_least).filter(|it| !it.1).map(|it| it.0).sum();
        let share = |gap: f64| if rest > 0.0 { gap / rest * room } else { 0.0 };
        let too_small: Vec<bool> =
            gaps.iter().zip(&is_least).map(|(gap, is_least)| !is_least && share(*gap) < LEAST_GAP).collect();
        if too_small.iter().any(|it| *it) {
            for (flag, small) in is_least.iter_mut().zip(too_small) {
                *flag |= small;
            }
            continue;
        }
        return gaps
            .iter()
            .zip(&is_least)
            .map(|(gap, is_least)| if *is_least { LEAST_GAP } else { share(*gap) })
            .collect();
    }
}

/// “2.5 s”, “3 min”, “2 h”, “5 days”.
fn seconds(secs: f64) -> String {
    let (amount, unit) = match secs {
        it if it < 120.0 => (it, "s"),
        it if it < 7_200.0 => (it / 60.0, "min"),
        it if it < 172_800.0 => (it / 3_600.0, "h"),
        it => (it / 86_400.0, "days"),
    };
    let rounded = (amount * 10.0).round() / 10.0;
    format!("{rounded} {unit}")
}

fn percent(fraction: f64) -> String {
    format!("{:.2}%", fraction * 100.0)
}
