//! What a step of the history changes or remembers besides the text. It is kept with the step, also
//! over a reload, so that undo takes things back in the order in which they were done.

use crate::asl::{MachineType, StatePath};
use crate::json::keep;
use crate::studio::palette::Sowing;
use crate::studio::selection::Selection;

/// Beside one step of the history.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Beside {
    /// Selected before it, where that was several states: the history itself keeps one place of the
    /// text.
    pub(crate) selected: Vec<StatePath>,
    /// What a pattern brought along for runs.
    pub(crate) sowing: Option<Sowing>,
    /// Before and after it.
    pub(crate) machine_type: Option<(MachineType, MachineType)>,
}
keep! { Beside { selected unless_empty, sowing unless_empty, machine_type unless_empty } }

impl Beside {
    /// What to remember of a selection.
    pub(crate) fn of_selection(selection: &Selection) -> Option<Beside> {
        match selection {
            Selection::Many(paths) => Some(Beside { selected: paths.clone(), ..Beside::default() }),
            _ => None,
        }
    }

    /// The type to turn to.
    pub(crate) fn machine_type(&self, redo: bool) -> Option<MachineType> {
        self.machine_type.map(|(before, after)| if redo { after } else { before })
    }
}
