//! What would happen to the text if the thing being dragged were put down now.

use leptos::prelude::*;

use crate::app::shell::Shell;
use crate::text::TextEdit;

/// The pending edit, and how large it is in words.
#[derive(Clone, Copy)]
pub struct Pending {
    pub edit: Memo<Option<TextEdit>>,
    pub words: Memo<Option<String>>,
}

impl Pending {
    pub fn new(shell: Shell) -> Pending {
        let edit = Memo::new(move |_| {
            let command = shell.pending.get()?;
            shell.preview(&command)
        });
        let words = Memo::new(move |_| {
            let edit = edit.get()?;
            shell.document.with_untracked(|it| Some(words(&it.text, &edit)))
        });
        Pending { edit, words }
    }
}

/// “5 lines will be added, 1 changed”.
fn words(text: &str, edit: &TextEdit) -> String {
    let (mut added, mut removed, mut changed) = (0, 0, 0);
    for indel in edit.indels() {
        let new = breaks(&indel.insert);
        let old = breaks(indel.delete.slice(text));
        added += new.saturating_sub(old);
        removed += old.saturating_sub(new);
        let is_whole_lines = indel.delete.is_empty() && 0 < new;
        changed += if is_whole_lines { 0 } else { 1 + new.min(old) };
    }
    let lines = |n: usize| if n == 1 { "1 line".to_string() } else { format!("{n} lines") };
    let parts = [(added, "added"), (removed, "removed"), (changed, "changed")];
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

fn breaks(text: &str) -> usize {
    text.matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextRange;

    #[test]
    fn lines_are_counted_by_what_happens_to_them() {
        let text = "one\ntwo\nthree\n";
        let mut builder = TextEdit::builder();
        builder.insert(4, "a\nb\nc\n").replace(TextRange::new(8, 13), "3");
        assert_eq!(words(text, &builder.finish()), "3 lines will be added, 1 changed");
        assert_eq!(words(text, &TextEdit::delete(TextRange::new(4, 8))), "1 line will be removed, 1 changed");
        assert_eq!(words(text, &TextEdit::default()), "Nothing will change in the text");
    }
}
