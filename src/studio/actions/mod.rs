//! Everything with a name and a key: one table for palette, tooltips, key handling and the list of
//! keys. An action either becomes a command from what is selected, or asks the user for more.

mod table;

use crate::studio::command::Command;
use crate::studio::view::{PlayerView, SelectionView};

pub use table::ACTIONS;

/// One row of the table.
#[derive(Debug)]
pub struct Action {
    /// Kebab-case, stable: settings and tests refer to it.
    pub id: &'static str,
    /// A verb phrase in sentence case; “…” when it asks for more.
    pub label: &'static str,
    pub keys: &'static [Key],
    pub place: Place,
    pub act: Act,
}

/// Where the keys of an action work. Single letters never work in text fields (WCAG 2.1.4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    Anywhere,
    /// While the canvas has the focus.
    Graph,
    /// While the canvas or the player has the focus.
    Run,
}

/// What the action does.
#[derive(Debug)]
pub enum Act {
    /// `None` when nothing suitable is selected.
    Do(fn(&Situation) -> Option<Command>),
    Ask(Dialog),
}

/// What the page asks for before there is a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialog {
    Palette,
    Keys,
    OpenFile,
    Samples,
    AddAfter,
    AddBefore,
    /// Into a branch or body, or as the target of a new rule.
    AddInside,
    /// The lines of what can be done with what is selected.
    ContextMenu,
    /// Which of the connections of the selected state.
    SelectEdge,
    /// From here on the keyboard walks without selecting; again: this state too, or no longer.
    SelectAlso,
    ConnectTo,
    GoToTarget,
    MoveTo,
    /// Asks for the name of the child machine.
    Extract,
    /// Needs the text of the clipboard, which only the shell has.
    Paste,
    Rename,
    EditInInspector,
    FindInText,
    FailThisCall,
    RunFromHere,
    EditMock,
    AddScenario,
    /// The user's own rows of the palette; saves what is selected as one.
    Snippets,
    /// From JSONPath to JSONata: the whole machine.
    ConvertMachine,
    /// The selected state alone.
    ConvertState,
    Bench,
    Sources,
    NextPane,
    PreviousPane,
    FitCanvas,
    ZoomIn,
    ZoomOut,
    Close,
}

/// One key with its modifiers. `ctrl` means Command on a Mac.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    pub ctrl: bool,
    pub shift: bool,
    /// The value of `KeyboardEvent.key`, lower case for letters.
    pub key: &'static str,
}

/// What an action may look at.
pub struct Situation<'a> {
    pub selection: &'a SelectionView,
    pub player: &'a PlayerView,
}

impl Action {
    /// The row with this id.
    pub fn find(id: &str) -> Option<&'static Action> {
        ACTIONS.iter().find(|it| it.id == id)
    }

    /// The first key in words, for instance `Ctrl Shift Z`; empty without one.
    pub fn shortcut(&self) -> String {
        self.keys.first().map(Key::words).unwrap_or_default()
    }
}

impl Key {
    const fn plain(key: &'static str) -> Key {
        Key { ctrl: false, shift: false, key }
    }

    const fn ctrl(key: &'static str) -> Key {
        Key { ctrl: true, shift: false, key }
    }

    const fn shift(key: &'static str) -> Key {
        Key { ctrl: false, shift: true, key }
    }

    const fn ctrl_shift(key: &'static str) -> Key {
        Key { ctrl: true, shift: true, key }
    }

    /// As written in tooltips.
    pub fn words(&self) -> String {
        let key = match self.key {
            " " => "Space".to_string(),
            "ArrowUp" => "↑".to_string(),
            "ArrowDown" => "↓".to_string(),
            "ArrowLeft" => "←".to_string(),
            "ArrowRight" => "→".to_string(),
            "Escape" => "Esc".to_string(),
            "Delete" => "Del".to_string(),
            key if key.chars().count() == 1 => key.to_uppercase(),
            key => key.to_string(),
        };
        let ctrl = if self.ctrl { "Ctrl " } else { "" };
        let shift = if self.shift { "Shift " } else { "" };
        format!("{ctrl}{shift}{key}")
    }
}

/// The action for a key press. For a printed sign that needs Shift on some keyboards (`?`, `>`),
/// Shift does not count.
pub fn action_for_key(place: Place, ctrl: bool, shift: bool, key: &str) -> Option<&'static Action> {
    let lower = key.to_lowercase();
    let is_sign = key.chars().count() == 1 && !key.chars().all(char::is_alphanumeric) && key != " ";
    ACTIONS.iter().find(|action| {
        let here = action.place == Place::Anywhere
            || action.place == place
            || (action.place == Place::Run && place == Place::Graph);
        here && action
            .keys
            .iter()
            .any(|it| it.ctrl == ctrl && (is_sign || it.shift == shift) && it.key.to_lowercase() == lower)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::StatePath;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (idx, one) in ACTIONS.iter().enumerate() {
            for other in &ACTIONS[idx + 1..] {
                let shared = one.keys.iter().find(|it| other.keys.contains(it));
                assert!(shared.is_none(), "{} and {} share {:?}", one.id, other.id, shared);
                assert_ne!(one.id, other.id);
            }
        }
    }

    #[test]
    fn an_action_is_about_everything_selected() {
        let paths =
            |names: &[&str]| -> Vec<StatePath> { names.iter().map(|it| StatePath::new(*it)).collect() };
        let done = |id: &str, others: &[&str]| {
            let selection = SelectionView {
                state: Some(StatePath::new("/States/A")),
                others: paths(others),
                ..SelectionView::default()
            };
            match Action::find(id).map(|it| &it.act) {
                Some(Act::Do(act)) => {
                    act(&Situation { selection: &selection, player: &PlayerView::default() })
                }
                _ => None,
            }
        };
        let state = || StatePath::new("/States/A");
        let both = || paths(&["/States/B", "/States/A"]);
        assert_eq!(done("delete", &[]), Some(Command::Delete { state: state() }));
        assert_eq!(done("delete", &["/States/B"]), Some(Command::DeleteStates { states: both() }));
        assert_eq!(done("duplicate", &["/States/B"]), Some(Command::DuplicateStates { states: both() }));
        assert_eq!(done("copy", &[]), Some(Command::CopyStates { states: vec![state()] }));
        assert_eq!(done("wrap-in-map", &["/States/B"]), Some(Command::WrapInMap { states: both() }));
    }

    #[test]
    fn graph_keys_rest_while_the_player_has_the_focus() {
        let id = |place, key| action_for_key(place, false, false, key).map(|it| it.id);
        assert_eq!(id(Place::Graph, "a"), Some("add-after"));
        assert_eq!(id(Place::Run, "a"), None);
        assert_eq!(id(Place::Graph, "."), Some("step"));
        assert_eq!(id(Place::Anywhere, "."), None);
        assert_eq!(action_for_key(Place::Anywhere, true, true, "Z").map(|it| it.id), Some("redo"));
        assert_eq!(action_for_key(Place::Run, false, true, ">").map(|it| it.id), Some("step-over"));
    }
}
