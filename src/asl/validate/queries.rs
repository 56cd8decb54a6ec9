//! The JSONata expressions of a definition, each parsed once for all rules.

use crate::asl::fields::Owner;
use crate::asl::machine::QueryLanguage;
use crate::asl::validate::Definition;
use crate::expr::jsonata::{Dialect, Jsonata, JsonataError};
use crate::expr::payload::expression_of;
use crate::json::{NodeId, Tree, source_offset};
use crate::text::TextRange;

/// One `{% … %}`.
pub struct Query {
    /// The string.
    pub node: NodeId,
    /// The object of the language in which it stands, and the field of it, at any depth.
    pub owner: Owner,
    pub field: &'static str,
    pub parsed: Result<Jsonata, JsonataError>,
}

/// The bytes of `{%` and of `%}`.
const MARK: usize = 2;
/// More expressions than this are not looked at: the largest definition that AWS takes holds fewer.
pub(super) const MAX_QUERIES: usize = 100_000;

/// Every expression of the JSONata states, except those with placeholders: what they say is not
/// known yet.
pub fn queries(definition: &Definition) -> Vec<Query> {
    let tree = definition.tree;
    let mut found = Vec::new();
    for object in definition.objects.iter().filter(|it| it.language == QueryLanguage::Jsonata) {
        for (member, row) in definition.fields(object) {
            if !row.field_type.holds_queries() || !row.fits(QueryLanguage::Jsonata) {
                continue;
            }
            let mut pending = vec![member.value];
            while let Some(node) = pending.pop() {
                pending.extend(tree.children(node).rev());
                let Some(text) = tree.string(node) else { continue };
                let Some(inner) = expression_of(&text).filter(|it| !has_placeholder(it)) else { continue };
                let parsed = Jsonata::parse(inner, Dialect::Aws);
                found.push(Query { node, owner: object.owner, field: row.name, parsed });
                if MAX_QUERIES <= found.len() {
                    return found;
                }
            }
        }
    }
    found
}

impl Query {
    /// Where bytes of the expression stand in the document. A place without length becomes the
    /// character behind it, and at the end the closing mark.
    pub fn range(&self, tree: &Tree, start: usize, length: usize) -> TextRange {
        let source = tree.source(self.node);
        let whole = tree.range(self.node);
        let text = tree.string(self.node).unwrap_or_default();
        let start = start.saturating_add(MARK).min(text.len().saturating_sub(MARK));
        let rest = text.get(start..).unwrap_or_default();
        let length = match length {
            0 if rest.len() <= MARK => rest.len(),
            0 => rest.chars().next().map_or(0, char::len_utf8),
            length => length,
        };
        let place = |decoded| (whole.start + source_offset(source, decoded)).min(whole.end);
        TextRange::new(place(start), place(start.saturating_add(length)))
    }
}

/// Whether a text has a `${Name}` in it. `${` alone is no sign: it begins the grouping of a `$`.
fn has_placeholder(text: &str) -> bool {
    text.split("${").skip(1).any(|after| {
        let Some((name, _)) = after.split_once('}') else { return false };
        let is_inner = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | ':' | '!');
        !name.is_empty() && name.chars().all(is_inner)
    })
}
