//! The picture of a workflow as an SVG text of its own, without scripts and fonts.

use std::fmt::Write as _;

use crate::flow::{FlowGraph, Layout};

/// The whole picture.
pub fn picture(graph: &FlowGraph, layout: &Layout, title: &str) -> String {
    let size = layout.size;
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{} {} {} {}" width="{}" height="{}" font-family="system-ui, sans-serif" font-size="13">"#,
        size.x, size.y, size.w, size.h, size.w, size.h
    );
    let _ = writeln!(svg, "<title>{}</title>", escaped(title));
    for (node, rect) in graph.nodes.iter().zip(&layout.boxes) {
        let _ = writeln!(
            svg,
            r##"<rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="#fff" stroke="#767c87"/>"##,
            rect.x, rect.y, rect.w, rect.h
        );
        let middle = if node.inner.is_empty() { rect.y + rect.h / 2.0 + 4.0 } else { rect.y + 20.0 };
        let _ = writeln!(
            svg,
            r##"<text x="{}" y="{middle}" text-anchor="middle" fill="#1b1f27">{}</text>"##,
            rect.x + rect.w / 2.0,
            escaped(&node.label)
        );
    }
    for (edge, route) in graph.edges.iter().zip(&layout.routes) {
        let points: Vec<String> = route.points.iter().map(|it| format!("{},{}", it.x, it.y)).collect();
        let points = points.join(" ");
        let _ = writeln!(
            svg,
            r##"<polyline points="{points}" fill="none" stroke="#767c87" stroke-width="1.5"/>"##
        );
        if !edge.label.is_empty() {
            let (x, y) = (route.label_at.x, route.label_at.y);
            let _ =
                writeln!(svg, r##"<text x="{x}" y="{y}" fill="#5a6270">{}</text>"##, escaped(&edge.label));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
