//! What can be taken out of the product, as text. Pure: a document and its picture in, text out.

pub mod svg;
pub mod mermaid;

use crate::asl::Document;
use crate::flow::{FlowGraph, Layout};

/// What an exporter writes from.
#[derive(Clone, Copy)]
pub struct ExportRequest<'a> {
    pub document: &'a Document,
    pub graph: &'a FlowGraph,
    pub layout: &'a Layout,
    /// The name of the workflow.
    pub title: &'a str,
}

/// One form in which a workflow can be taken out.
pub struct Exporter {
    /// Its name for programs.
    pub id: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// What the name of the file ends with, without the first dot.
    pub extension: &'static str,
    pub mime: &'static str,
    pub write: fn(&ExportRequest) -> String,
}

/// Every form, in the order of menus.
pub const EXPORTERS: &[Exporter] = &[
    Exporter {
        id: "asl",
        label: "Definition",
        extension: "asl.json",
        mime: "application/json",
        // The text is the truth: it goes out exactly as it stands.
        write: |it| it.document.text.to_string(),
    },
    Exporter {
        id: "svg",
        label: "Picture (SVG)",
        extension: "svg",
        mime: "image/svg+xml",
        write: |it| svg::picture(it.document, it.graph, it.layout, it.title),
    },
    Exporter {
        id: "mermaid",
        label: "Flowchart (Mermaid)",
        extension: "mmd",
        mime: "text/plain",
        write: |it| mermaid::flowchart(it.graph, it.layout.orientation),
    },
];

/// The form with this name.
pub fn exporter(id: &str) -> Option<&'static Exporter> {
    EXPORTERS.iter().find(|it| it.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_found_by_its_own_name() {
        for exporter in EXPORTERS {
            assert!(super::exporter(exporter.id).is_some_and(|it| it.mime == exporter.mime));
            assert!(!exporter.extension.starts_with('.'), "{}", exporter.id);
        }
        assert!(super::exporter("gif").is_none());
    }
}
