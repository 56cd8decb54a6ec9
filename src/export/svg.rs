//! The picture of a workflow as an SVG of its own: light theme, no scripts, no style sheet, no
//! fonts to load, so that it looks the same in a document, a browser and a print. It is drawn from
//! the same outlines and lines as the canvas of the page.

use std::fmt::Write as _;

use crate::asl::reading::n_retries;
use crate::asl::{Document, State, StateType};
use crate::flow::drawing::{icon_of, lettering, route, shape, subtitle};
use crate::flow::{EdgeKind, FlowEdge, FlowGraph, FlowNode, Layout, NodeKey, Rect, Route, Shape, icon};

const INK: &str = "#1b1f27";
const MUTED: &str = "#5a6270";
const OUTLINE: &str = "#767c87";
const LINE: &str = "#d9dde4";
const PAPER: &str = "#ffffff";
const INSET: &str = "#f6f7f9";
const CAUGHT: &str = "#ad7415";

/// Type sizes in CSS pixels, those of the canvas.
const TITLE: f64 = 13.0;
const SUBTITLE: f64 = 11.0;
const LABEL: f64 = 12.0;
/// Width of an icon with the space behind it.
const ICON: f64 = 24.0;
/// Longest label beside a line.
const LABEL_ROOM: f64 = 200.0;

/// The whole picture. Equal documents give equal text.
pub fn picture(document: &Document, graph: &FlowGraph, layout: &Layout, title: &str) -> String {
    let size = layout.size;
    let mut svg = String::new();
    put(
        &mut svg,
        format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{:.0} {:.0} {:.0} {:.0}" width="{:.0}" height="{:.0}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif">"#,
            size.x, size.y, size.w, size.h, size.w, size.h
        ),
    );
    put(&mut svg, format_args!("<title>{}</title>", escaped(title)));
    put(&mut svg, format_args!("<desc>{}</desc>", escaped(&crate::flow::outline(&document.machine, graph))));
    put(
        &mut svg,
        format_args!(
            r#"<rect x="{:.0}" y="{:.0}" width="{:.0}" height="{:.0}" fill="{PAPER}"/>"#,
            size.x, size.y, size.w, size.h
        ),
    );
    let nodes: Vec<(&FlowNode, Rect)> = graph.nodes.iter().zip(layout.boxes.iter().copied()).collect();
    // Outer frames come before inner ones; connections run over frames and under everything else.
    for (node, rect) in nodes.iter().filter(|(node, _)| !node.inner.is_empty()) {
        draw_node(&mut svg, document, node, *rect);
    }
    for (edge, route) in graph.edges.iter().zip(&layout.routes) {
        draw_edge(&mut svg, edge, route);
    }
    for (node, rect) in nodes.iter().filter(|(node, _)| node.inner.is_empty()) {
        draw_node(&mut svg, document, node, *rect);
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_node(svg: &mut String, document: &Document, node: &FlowNode, rect: Rect) {
    put(svg, format_args!(r#"<g transform="translate({:.1} {:.1})">"#, rect.x, rect.y));
    let (middle_x, middle_y, radius) = (rect.w / 2.0, rect.h / 2.0, rect.w.min(rect.h) / 2.0);
    match node.shape {
        Shape::Start => {
            put(
                svg,
                format_args!(
                    r#"<circle cx="{middle_x:.1}" cy="{middle_y:.1}" r="{radius:.1}" fill="{INK}"/>"#
                ),
            );
        }
        Shape::End => {
            let (outer, inner) = ((radius - 1.0).max(1.0), (radius - 5.0).max(1.5));
            put(
                svg,
                format_args!(
                    r#"<circle cx="{middle_x:.1}" cy="{middle_y:.1}" r="{outer:.1}" fill="{PAPER}" stroke="{OUTLINE}" stroke-width="1.5"/>"#
                ),
            );
            put(
                svg,
                format_args!(
                    r#"<circle cx="{middle_x:.1}" cy="{middle_y:.1}" r="{inner:.1}" fill="{OUTLINE}"/>"#
                ),
            );
        }
        _ => {
            let state = match &node.key {
                NodeKey::State(path) => document.state(path),
                _ => None,
            };
            draw_outline(svg, node, rect);
            draw_words(svg, document, node, rect, state);
            if let Some(n_retries) = state.map(n_retries).filter(|it| *it > 0) {
                draw_retry_badge(svg, rect, n_retries);
            }
        }
    }
    svg.push_str("</g>\n");
}

fn draw_outline(svg: &mut String, node: &FlowNode, rect: Rect) {
    let (w, h) = (rect.w, rect.h);
    let is_frame = !node.inner.is_empty();
    if node.shape == Shape::State(StateType::Map) {
        put(
            svg,
            format_args!(
                r#"<path d="{}" fill="none" stroke="{OUTLINE}" stroke-width="1.5"/>"#,
                shape::sheets(w, h)
            ),
        );
    }
    let (outline, stroke, width) = match node.damaged {
        true => (shape::torn(w, h), CAUGHT, 2.0),
        false => (shape::outline(node.shape, w, h, false), OUTLINE, 1.5),
    };
    let fill = if is_frame { INSET } else { PAPER };
    let dashes = match node.shape {
        Shape::Missing | Shape::Unknown => r#" stroke-dasharray="4 3""#,
        _ => "",
    };
    put(
        svg,
        format_args!(
            r#"<path d="{outline}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round"{dashes}/>"#
        ),
    );
    if node.shape == Shape::State(StateType::Succeed) && h > 16.0 && !node.damaged {
        let ring = shape::inset_outline(node.shape, w, h, false, 4.0);
        put(svg, format_args!(r#"<path d="{ring}" fill="none" stroke="{OUTLINE}"/>"#));
    }
    if is_frame {
        put(svg, format_args!(r#"<path d="{}" fill="none" stroke="{LINE}"/>"#, shape::header_rule(w)));
    }
}

fn draw_words(svg: &mut String, document: &Document, node: &FlowNode, rect: Rect, state: Option<&State>) {
    let (w, h) = (rect.w, rect.h);
    let icon_name = state.map_or("unknown", |it| icon_of(&it.kind));
    let small = match node.damaged {
        true => "unfinished text".to_owned(),
        false => match node.collapsed {
            Some(inside) => inside.words(),
            None => state.map(|it| subtitle(&document.tree, it)).unwrap_or_default(),
        },
    };
    if !node.inner.is_empty() {
        let middle = shape::HEADER / 2.0;
        let room = w - 12.0 - ICON - 14.0;
        let title = lettering::cut(&node.label, TITLE, room);
        draw_icon(svg, 12.0, middle - 8.0, icon_name);
        draw_text(svg, (12.0 + ICON, middle + 4.5), TITLE_STYLE, &title);
        let left = room - lettering::width_of(&title, TITLE) - 16.0;
        if 40.0 <= left {
            let small = lettering::cut(&small, SUBTITLE, left);
            draw_text(svg, (w - 14.0, middle + 4.0), SUBTITLE_AT_END_STYLE, &small);
        }
        return;
    }
    let (left, right) = shape::text_inset(node.shape);
    let room = w - left - ICON - right;
    let has_small = !small.is_empty() && 40.0 <= h;
    let title_y = if has_small { h / 2.0 - 3.0 } else { h / 2.0 + TITLE * 0.36 };
    draw_icon(svg, left, (h - 16.0) / 2.0, icon_name);
    draw_text(svg, (left + ICON, title_y), TITLE_STYLE, &lettering::cut(&node.label, TITLE, room));
    if has_small {
        let small = lettering::cut(&small, SUBTITLE, room);
        draw_text(svg, (left + ICON, h / 2.0 + 13.0), SUBTITLE_STYLE, &small);
    }
}

fn draw_retry_badge(svg: &mut String, rect: Rect, n_retries: u64) {
    put(svg, format_args!(r#"<g transform="translate({:.1} {:.1})">"#, rect.w - 60.0, rect.h - 10.0));
    put(
        svg,
        format_args!(
            r#"<rect width="44" height="20" rx="10" fill="{PAPER}" stroke="{OUTLINE}" stroke-width="1.5"/>"#
        ),
    );
    draw_text(svg, (22.0, 14.0), BADGE_STYLE, &format!("↻ {n_retries}"));
    svg.push_str("</g>\n");
}

fn draw_edge(svg: &mut String, edge: &FlowEdge, route: &Route) {
    let (stroke, dashes) = match edge.kind {
        EdgeKind::Catch(_) => (CAUGHT, r#" stroke-dasharray="6 4""#),
        _ => (OUTLINE, ""),
    };
    let line = route::path(&route.points);
    put(svg, format_args!(r#"<path d="{line}" fill="none" stroke="{stroke}" stroke-width="1.5"{dashes}/>"#));
    put(svg, format_args!(r#"<path d="{}" fill="{stroke}"/>"#, route::arrow(&route.points)));
    if let (EdgeKind::Default, Some((diamond, _))) = (edge.kind, route::diamond(&route.points)) {
        put(
            svg,
            format_args!(r#"<path d="{diamond}" fill="{PAPER}" stroke="{OUTLINE}" stroke-width="1.5"/>"#),
        );
    }
    let (x, y) = (route.label_at.x, route.label_at.y);
    let words = match edge.kind {
        EdgeKind::Catch(_) if !edge.label.starts_with('⚡') => format!("⚡ {}", edge.label),
        _ => edge.label.clone(),
    };
    let start = match edge.kind {
        EdgeKind::Choice(rule_idx) => {
            put(
                svg,
                format_args!(
                    r#"<circle cx="{:.1}" cy="{y:.1}" r="8" fill="{PAPER}" stroke="{OUTLINE}"/>"#,
                    x + 8.0
                ),
            );
            draw_text(svg, (x + 8.0, y + 4.0), NUMBER_STYLE, &(rule_idx + 1).to_string());
            x + 22.0
        }
        _ => x,
    };
    draw_text(svg, (start, y + 4.0), LABEL_STYLE, &lettering::cut(&words, LABEL, LABEL_ROOM));
}

const TITLE_STYLE: &str = r##"font-size="13" font-weight="600" fill="#1b1f27""##;
const SUBTITLE_STYLE: &str = r##"font-size="11" fill="#5a6270""##;
const SUBTITLE_AT_END_STYLE: &str = r##"font-size="11" fill="#5a6270" text-anchor="end""##;
const BADGE_STYLE: &str = r##"font-size="12" font-weight="600" fill="#1b1f27" text-anchor="middle""##;
const NUMBER_STYLE: &str = r##"font-size="11" font-weight="600" fill="#1b1f27" text-anchor="middle""##;
/// The white edge around the words keeps them readable where a line crosses them.
const LABEL_STYLE: &str = r##"font-size="12" fill="#5a6270" paint-order="stroke" stroke="#ffffff" stroke-width="4" stroke-linejoin="round""##;

fn draw_text(svg: &mut String, (x, y): (f64, f64), style: &str, text: &str) {
    if !text.is_empty() {
        put(svg, format_args!(r#"<text x="{x:.1}" y="{y:.1}" {style}>{}</text>"#, escaped(text)));
    }
}

fn draw_icon(svg: &mut String, x: f64, y: f64, name: &str) {
    put(
        svg,
        format_args!(
            r#"<path transform="translate({x:.1} {y:.1})" d="{}" fill="none" stroke="{MUTED}" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>"#,
            icon(name)
        ),
    );
}

fn put(svg: &mut String, line: std::fmt::Arguments) {
    // Writing to a string never fails.
    let _ = writeln!(svg, "{line}");
}

/// Text as it may stand in XML: what XML 1.0 cannot hold at all becomes a replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(char),
            '\u{0}'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            _ => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(definition: &str) -> String {
        let document = Document::new(definition.to_owned(), 1);
        let graph = crate::flow::graph(&document.tree, &document.machine);
        let layout = crate::flow::lay_out(&graph);
        picture(&document, &graph, &layout, "Orders & <refunds>")
    }

    #[test]
    fn everything_on_the_canvas_is_in_the_picture() {
        let svg = draw(
            r#"{"StartAt":"Pick","States":{
            "Pick":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":5,"Next":"Call"}],"Default":"Each"},
            "Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":4}],
              "Catch":[{"ErrorEquals":["Down"],"Next":"Bad"}],"Next":"Each"},
            "Each":{"Type":"Map","MaxConcurrency":2,"ItemProcessor":{"StartAt":"Inner","States":{"Inner":{"Type":"Wait","Seconds":5,"End":true}}},"Next":"Gone"},
            "Bad":{"Type":"Fail","Error":"Stop"}}}"#,
        );
        for part in [
            "<title>Orders &amp; &lt;refunds&gt;</title>",
            ">Pick</text>",
            ">otherwise</text>",
            ">1</text>",
            "⚡ Down",
            "stroke-dasharray=\"6 4\"",
            ">↻ 4</text>",
            ">for each item, 2 at a time</text>",
            ">5 s</text>",
            ">Stop</text>",
            ">Gone</text>",
        ] {
            assert!(svg.contains(part), "{part} is missing in\n{svg}");
        }
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
        assert!(!svg.contains("href") && !svg.contains("style=") && !svg.contains("<script"));
    }

    #[test]
    fn equal_documents_give_equal_pictures() {
        let definition =
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}"#;
        assert_eq!(draw(definition), draw(definition));
    }

    #[test]
    fn names_cannot_leave_their_element() {
        let svg = draw(r#"{"StartAt":"<b>&\u0001\"","States":{"<b>&\u0001\"":{"Type":"Succeed"}}}"#);
        assert!(svg.contains("&lt;b&gt;&amp;\u{FFFD}&quot;"), "{svg}");
        assert!(!svg.contains("<b>") && !svg.contains('\u{1}'));
    }

    #[test]
    fn broken_texts_give_a_picture() {
        for text in ["", "{", "[1,2", r#"{"StartAt":"A","States":{"A":{"Type":"Pas"#] {
            assert!(draw(text).ends_with("</svg>\n"), "{text}");
        }
    }
}
