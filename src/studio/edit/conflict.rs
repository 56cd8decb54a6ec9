//! The other side of a merge conflict is not drawn, so no gesture may take it away by the way.

use crate::json::TokenKind;
use crate::studio::command::{Command, Refusal};
use crate::studio::edit::scene::Scene;
use crate::studio::edit::{Plan, refuse};
use crate::text::TextRange;

/// A plan that leaves every mark and every other side as they are; choosing a side is what fixes are
/// for.
pub(super) fn spared(scene: &Scene, command: &Command, plan: Plan) -> Result<Plan, Refusal> {
    // In a valid text there is no conflict.
    if scene.tree.is_valid() || matches!(command, Command::Fix { .. }) {
        return Ok(plan);
    }
    let is_mark = |it: TokenKind| it == TokenKind::ConflictMark;
    let is_hidden = |it: TokenKind| is_mark(it) || it == TokenKind::ConflictRest;
    for token in scene.tree.tokens().iter().filter(|it| is_hidden(it.kind)) {
        let range = TextRange::new(token.start as usize, token.end as usize);
        // The lines of the marks end with their line ends: nothing is put at the end of one.
        let touches = |it: TextRange| it.intersects(range) || (it.is_empty() && it.start == range.end);
        // Nor does a conflict stand anywhere twice.
        let lines = range.slice(scene.tree.text());
        let repeats = |it: &str| is_mark(token.kind) && it.contains(lines);
        let is_copied = plan.copy.as_deref().is_some_and(repeats)
            || plan.child.as_ref().is_some_and(|it| repeats(&it.text))
            || plan.edit.indels().iter().any(|it| repeats(&it.insert));
        if is_copied || plan.edit.indels().iter().any(|it| touches(it.delete)) {
            let line = scene.document.line_index.line_column(range.start).line + 1;
            return refuse(format!("Choose a side of the conflict in line {line} first"));
        }
    }
    Ok(plan)
}
