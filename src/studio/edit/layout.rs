//! The whole definition in one layout: white space between the tokens, nothing else.

use crate::json::{Indent, format};
use crate::studio::command::Refusal;
use crate::studio::edit::scene::Scene;
use crate::studio::edit::{Plan, refuse};

/// Lays the definition out with the indentation that its author chose.
pub(super) fn lay_out(scene: &Scene) -> Result<Plan, Refusal> {
    match format(scene.tree, Indent::AsWritten) {
        None => {
            refuse("The text is not JSON yet, and only JSON can be formatted; F4 goes to the first problem")
        }
        Some(edit) if edit.is_empty() => refuse("The definition is formatted already"),
        Some(edit) => Ok(Plan {
            edit,
            label: "Format the definition".to_owned(),
            said: "Formatted the definition".to_owned(),
            preview: "Format the definition".to_owned(),
            ..Plan::default()
        }),
    }
}
