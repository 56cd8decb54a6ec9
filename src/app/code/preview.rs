//! What would happen to the text if the thing being dragged were put down now.

use leptos::prelude::*;

use crate::app::code::bridge::{PreviewKind, PreviewLine};
use crate::app::parts::live::memo;
use crate::app::shell::Shell;
use crate::studio::EditPreview;
use crate::text::Arrange;

/// The effect of the pending command, while there is one that is possible.
pub fn pending(shell: Shell) -> Memo<Option<EditPreview>> {
    memo(move || {
        let command = shell.pending.get()?;
        shell.with_studio(|studio| studio.preview(&command).ok())
    })
}

/// The lines to show, in order of place.
pub fn lines(preview: &EditPreview) -> Vec<PreviewLine> {
    let row = |line: usize, kind, text: &str| PreviewLine {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        kind,
        text: text.to_string(),
    };
    let changed = preview.changed.iter().map(|(line, text)| row(*line, PreviewKind::Changed, text));
    let removed = preview.removed.iter().map(|line| row(*line, PreviewKind::Removed, ""));
    let added = preview.added.iter().map(|(line, text)| row(*line, PreviewKind::Added, text));
    let mut lines: Vec<PreviewLine> = changed.chain(removed).chain(added).collect();
    // Stable: new lines come after what happens to the line before them.
    lines.arrange_by_key(|it| it.line);
    lines
}

/// “5 lines will be added, 1 changed”.
pub fn words(preview: &EditPreview) -> String {
    let lines = |n: usize| if n == 1 { "1 line".to_string() } else { format!("{n} lines") };
    let parts = [
        (preview.added.len(), "added"),
        (preview.changed.len(), "changed"),
        (preview.removed.len(), "removed"),
    ];
    let mut said = Vec::new();
    for (n, word) in parts.into_iter().filter(|(n, _)| 0 < *n) {
        said.push(if said.is_empty() {
            format!("{} will be {word}", lines(n))
        } else {
            format!("{n} {word}")
        });
    }
    if said.is_empty() { "Nothing will change in the text".to_string() } else { said.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_what_happens_to_them() {
        let line = |it: usize| (it, String::from("x"));
        let preview = EditPreview {
            added: vec![line(4), line(4), line(4)],
            changed: vec![line(4)],
            ..EditPreview::default()
        };
        assert_eq!(words(&preview), "3 lines will be added, 1 changed");
        let kinds: Vec<PreviewKind> = lines(&preview).iter().map(|it| it.kind).collect();
        assert_eq!(kinds[..2], [PreviewKind::Changed, PreviewKind::Added]);
        let removed = EditPreview { removed: vec![7], ..EditPreview::default() };
        assert_eq!(words(&removed), "1 line will be removed");
        assert_eq!(words(&EditPreview::default()), "Nothing will change in the text");
    }
}
