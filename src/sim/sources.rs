//! Where the sources of our knowledge disagree: what AWS was recorded doing, what AWS's documents
//! and the specification say, and what others measured or built. By default a run follows the
//! recordings; for each question it can follow the other source instead. The table is what users
//! read about it, [`Sources`] is what they chose, and each rule asks at its own place.

use crate::asl::{StateType, errors};

/// What the sources disagree about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The error of a path in a payload template that finds nothing.
    TemplatePath,
    /// The error of a call whose heartbeat fails to come.
    HeartbeatLoss,
    /// Whether `States.ALL` takes `States.DataLimitExceeded`.
    DataLimit,
    /// What `States.TaskFailed` takes.
    TaskFailed,
    /// Whether `Items` may give an object.
    MapItems,
    /// The error of a Parallel whose branch failed.
    BranchError,
    /// Whether an `ItemProcessor` may have a `QueryLanguage`.
    ProcessorLanguage,
}

/// One row of the table.
#[derive(Debug)]
pub struct Disagreement {
    pub question: Question,
    /// Kebab-case, stable: projects and the command line name the question so.
    pub id: &'static str,
    pub title: &'static str,
    pub by_default: Side,
    pub other: Side,
    /// False where only the default can be had.
    pub can_switch: bool,
    /// What to say beside an error that got its name here; empty where none does.
    pub remark: &'static str,
}

/// What one source says.
#[derive(Debug)]
pub struct Side {
    pub says: &'static str,
    /// Who says it, and since when where that is known.
    pub source: &'static str,
}

/// Every question, in the order in which they are shown.
pub const DISAGREEMENTS: &[Disagreement] = &[
    Disagreement {
        question: Question::TemplatePath,
        id: "template-path",
        title: "A path in a payload template finds nothing",
        by_default: side(
            "The state fails with States.Runtime, which nothing catches",
            "AWS, recorded in 2025",
        ),
        other: side("The state fails with States.ParameterPathFailure", "The States Language specification"),
        can_switch: true,
        remark: "AWS was recorded with States.Runtime here; the specification says States.ParameterPathFailure",
    },
    Disagreement {
        question: Question::HeartbeatLoss,
        id: "heartbeat-loss",
        title: "A task sends no heartbeat within HeartbeatSeconds",
        by_default: side("It fails with States.Timeout", "AWS, recorded in 2024"),
        other: side("It fails with States.HeartbeatTimeout", "AWS's documentation"),
        can_switch: true,
        remark: "AWS was recorded with States.Timeout here; its documentation says States.HeartbeatTimeout",
    },
    Disagreement {
        question: Question::DataLimit,
        id: "data-limit",
        title: "ErrorEquals has States.ALL, and the error is States.DataLimitExceeded",
        by_default: side("It is caught", "AWS, recorded in 2024"),
        other: side("It is not caught", "AWS's documentation"),
        can_switch: true,
        remark: "",
    },
    Disagreement {
        question: Question::TaskFailed,
        id: "task-failed",
        title: "What States.TaskFailed in ErrorEquals stands for",
        by_default: side("Every error except States.Timeout", "AWS's documentation; nothing was recorded"),
        other: side("Every error whose name does not begin with “States.”", "LocalStack"),
        can_switch: true,
        remark: "",
    },
    Disagreement {
        question: Question::MapItems,
        id: "map-items",
        title: "Items of a Map gives an object",
        by_default: side("The state fails: only an array will do", "AWS, recorded in 2024"),
        other: side(
            "Each member is an item: its name is Map.Item.Key, its value Map.Item.Value",
            "AWS's documentation of 2026",
        ),
        can_switch: true,
        remark: "",
    },
    Disagreement {
        question: Question::BranchError,
        id: "branch-error",
        title: "A branch of a Parallel fails",
        by_default: side("The Parallel fails with the error of that branch", "AWS, recorded in 2023"),
        other: side("The Parallel fails with States.BranchFailed", "The States Language specification"),
        can_switch: true,
        remark: "AWS was recorded with the error of the branch here; the specification says States.BranchFailed",
    },
    Disagreement {
        question: Question::ProcessorLanguage,
        id: "processor-language",
        title: "An ItemProcessor has a QueryLanguage",
        by_default: side("The definition is refused", "AWS, as measured by users"),
        other: side("The definition is accepted", "AWS's language server"),
        can_switch: false,
        remark: "",
    },
];

const fn side(says: &'static str, source: &'static str) -> Side {
    Side { says, source }
}

/// Which questions are answered by the other source; by default none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Sources(u8);

impl Disagreement {
    /// The row with this id.
    pub fn find(id: &str) -> Option<&'static Disagreement> {
        DISAGREEMENTS.iter().find(|it| it.id == id)
    }
}

impl Sources {
    /// Whether the other source decides this question.
    pub fn takes_other(self, question: Question) -> bool {
        self.0 & bit(question) != 0
    }

    /// The same choices but for this question. Where there is no choice, none is made.
    pub fn with(self, question: Question, other: bool) -> Sources {
        let can_switch = DISAGREEMENTS.iter().any(|it| it.question == question && it.can_switch);
        match other && can_switch {
            true => Sources(self.0 | bit(question)),
            false => Sources(self.0 & !bit(question)),
        }
    }

    /// The ids of the questions that the other source decides, in the order of the table.
    pub fn ids(self) -> Vec<String> {
        let chosen = DISAGREEMENTS.iter().filter(|it| self.takes_other(it.question));
        chosen.map(|it| it.id.to_string()).collect()
    }

    /// The choices with these ids; an unknown one chooses nothing.
    pub fn from_ids<S: AsRef<str>>(ids: &[S]) -> Sources {
        let rows = ids.iter().filter_map(|it| Disagreement::find(it.as_ref()));
        rows.fold(Sources::default(), |sources, row| sources.with(row.question, true))
    }

    /// Whether a retrier or catcher with this list, in a state of this type, reacts to the error.
    pub(crate) fn matches(self, error_equals: &[String], error: &str, state_type: StateType) -> bool {
        let takes = |it: &String| !self.rules_out(it, error) && errors::matches(&[it], error, state_type);
        error_equals.iter().any(takes)
    }

    /// Whether a wildcard takes less than it would by default.
    fn rules_out(self, entry: &str, error: &str) -> bool {
        match entry {
            "States.ALL" => error == "States.DataLimitExceeded" && self.takes_other(Question::DataLimit),
            "States.TaskFailed" => {
                error != entry && error.starts_with("States.") && self.takes_other(Question::TaskFailed)
            }
            _ => false,
        }
    }

    /// The error name of a call that was not heard of in time.
    pub(crate) fn silence(self, is_heartbeat: bool) -> &'static str {
        match is_heartbeat && self.takes_other(Question::HeartbeatLoss) {
            true => "States.HeartbeatTimeout",
            false => "States.Timeout",
        }
    }
}

const fn bit(question: Question) -> u8 {
    1 << question as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_kept_by_their_ids() {
        let ids = ["map-items", "nothing", "data-limit", "processor-language"];
        let sources = Sources::from_ids(&ids);
        assert_eq!(sources.ids(), ["data-limit", "map-items"]);
        assert_eq!(Sources::from_ids(&sources.ids()), sources);
        assert_eq!(sources.with(Question::MapItems, false).ids(), ["data-limit"]);
        assert_eq!(Sources::default().ids(), [""; 0]);
    }

    #[test]
    fn ids_are_unique_and_every_question_has_a_row() {
        for (idx, row) in DISAGREEMENTS.iter().enumerate() {
            assert_eq!(row.question as usize, idx);
            assert_eq!(Disagreement::find(row.id).map(|it| it.question), Some(row.question));
        }
    }
}
