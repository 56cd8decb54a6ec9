//! How edits and their history are kept.

use crate::json::keep;
use crate::text::{EditOrigin, History, Indel, Step, TextEdit, TextRange};

keep! { History<B> { undo, redo, open, n_bytes } }
keep! { Step<B> { edit, origin, at_millis, selection, beside unless_empty } }
keep! { TextEdit { indels } }
keep! { Indel { delete, insert } }
keep! { TextRange { start, end } }
keep! { enum EditOrigin { Typing, Paste, Command(label), Choice { label, field } } else Typing }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Keep, read_json};

    #[test]
    fn a_reload_restores_the_history() {
        let mut history: History<u32> = History::new();
        let everywhere = TextRange::new(0, 2);
        for (at_millis, origin) in [
            EditOrigin::Typing,
            EditOrigin::Paste,
            EditOrigin::Command("Insert Wait".into()),
            EditOrigin::Choice { label: "Set Next".into(), field: "Next".into() },
        ]
        .into_iter()
        .enumerate()
        {
            let edit = TextEdit::replace(everywhere, "é");
            history.record(edit, origin, at_millis as u64, TextRange::empty(at_millis), None);
        }
        *history.beside_mut().unwrap() = Some(7);
        history.undo("abcd");
        let mut kept = read_json(&history.to_json()).unwrap();
        assert_eq!(History::bring_back(&mut kept), Some(history));
    }
}
