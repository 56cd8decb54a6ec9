//! What can be added to the canvas: one row each, the same list for the pane, the dialog and the
//! search. A row becomes states in `block`; nothing here knows of a document.

mod flow;
mod actions;
mod patterns;
pub mod snippets;
mod speech;
mod block;
mod seeds;
mod search;

use std::sync::LazyLock;

use crate::asl::{Pattern, StateType};
use crate::studio::command::Template;

pub use actions::arguments_of;
pub(crate) use block::{Block, block};
pub use search::{Group, groups};
pub(crate) use seeds::{Sowing, has_seeds};

/// One thing that can be added.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaletteRow {
    /// [`Template::id`]: a word for a row of ours, the resource without `arn:aws:states:::` for an action, the text of a snippet.
    pub id: String,
    pub state_type: StateType,
    /// The heading above it.
    pub group: &'static str,
    /// What it does, without the service: “Get item”.
    pub label: String,
    /// The service, in people's words; empty for what calls none.
    pub service: &'static str,
    /// One sentence for the tooltip.
    pub help: String,
    /// More words under which it is found.
    pub keywords: &'static str,
    /// Name of an icon.
    pub icon: &'static str,
    /// The ways in which an action can be waited for, the usual one first.
    pub patterns: Vec<Pattern>,
}

/// The heading of the user's own rows.
pub const SNIPPETS: &str = "Your snippets";

/// All rows of ours, in the order in which they are listed.
pub static PALETTE: LazyLock<Vec<PaletteRow>> = LazyLock::new(|| {
    let mut actions = actions::rows();
    let further = actions.iter().position(|it| it.group != "Actions").unwrap_or(actions.len());
    let further = actions.split_off(further);
    [flow::rows(), actions, patterns::rows(), further].into_iter().flatten().collect()
});

impl PaletteRow {
    /// The template that adds this row.
    pub fn template(&self) -> Template {
        Template { state_type: self.state_type, id: self.id.clone() }
    }

    /// The template that adds this action and waits for it in this way.
    pub fn template_with(&self, pattern: Pattern) -> Template {
        Template { state_type: self.state_type, id: format!("{}{}", bare(&self.id), pattern.suffix()) }
    }

    /// What the tooltip says of a template of this row: what it does, and what it calls.
    pub fn tooltip(&self, template: &Template) -> String {
        match self.patterns.is_empty() {
            true => self.help.clone(),
            false => format!("{}\narn:aws:states:::{}", self.help, template.id),
        }
    }

    /// Service and action: “DynamoDB Get item”.
    pub fn title(&self) -> String {
        if self.service.is_empty() { self.label.clone() } else { format!("{} {}", self.service, self.label) }
    }
}

/// What is added, in a few words, and its icon.
pub fn describe(template: &Template) -> (String, &'static str) {
    match (snippets::Snippet::read(&template.id), PALETTE.iter().find(|it| is_of(it, template))) {
        (Some(snippet), _) => (snippet.name, "snippet"),
        (None, Some(row)) => (row.title(), row.icon),
        _ => (template.state_type.as_str().to_owned(), "gear"),
    }
}

/// Whether a template adds this row, in whatever way an action is waited for.
fn is_of(row: &PaletteRow, template: &Template) -> bool {
    row.id == template.id || !row.patterns.is_empty() && bare(&row.id) == bare(&template.id)
}

/// A resource without the pattern at its end.
fn bare(id: &str) -> &str {
    let patterns = [Pattern::Sync2, Pattern::Sync, Pattern::WaitForTaskToken];
    patterns.into_iter().find_map(|it| id.strip_suffix(it.suffix())).unwrap_or(id)
}

/// How a way of waiting is called in a list.
pub fn pattern_words(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::RequestResponse => "Request response",
        Pattern::Sync => "Wait for the end",
        Pattern::Sync2 => "Wait for the end, as JSON",
        Pattern::WaitForTaskToken => "Wait for callback",
    }
}
