//! Light and dark: an attribute on the root element that the style sheet reads.

use leptos::prelude::document;

use crate::studio::Theme;

/// Applies the theme; the system's choice is left to the style sheet's media query.
pub fn apply(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    // Only a detached document could refuse an attribute.
    let _ = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        Theme::Light => root.set_attribute("data-theme", "light"),
        Theme::Dark => root.set_attribute("data-theme", "dark"),
    };
}
