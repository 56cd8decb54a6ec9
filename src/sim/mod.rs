//! The machine that runs: a pure function from program, mocks and snapshot to the next step.
//! Time is data, randomness is a seeded generator inside the snapshot.

pub mod program;
pub mod mocks;
pub mod scenario;
pub mod history;
pub mod snapshot;
pub mod trace;
pub mod run;

pub use history::{Detail, HistoryEvent};
pub use mocks::{Answer, MockRow, Mocks, Scenario};
pub use program::{Program, Unsupported};
pub use run::{Decision, Question, Run, RunRequest, RunStatus, Settings};
pub use scenario::{ScenarioFile, scenarios_from_file, scenarios_to_file};
pub use snapshot::Snapshot;
pub use trace::{Happening, Stage, StageName, StatesError, Step, StrandStep, VisitId};
