//! The machine that runs: a pure function from program, mocks and snapshot to the next step.
//! Time is data, randomness is a seeded generator inside the snapshot. Nothing here reads a clock,
//! a random source or a global, so equal inputs give equal traces.
//!
//! Read `program` (what runs), `snapshot` (where it stands), `engine` (one step), then
//! `states` (what each type does) and `dataflow` (the stages of its data).

pub mod program;
mod code;
mod resolve;
mod refuse;
pub mod mocks;
pub mod scenario;
pub mod history;
pub mod snapshot;
pub mod trace;
pub mod engine;
mod turn;
mod calls;
mod join;
mod states;
mod dataflow;
mod retry;
mod context;
mod timestamp;
pub mod run;
pub mod state_test;

pub use engine::{CANNOT_RUN, step};
pub use history::{Detail, HistoryEvent};
pub use mocks::{Answer, MockRow, Mocks, Scenario};
pub use program::{Program, Unsupported};
pub use run::{Decision, Question, Run, RunRequest, RunStatus, Settings, outcome_of};
pub use scenario::{
    ScenarioFile, from_mock_config, scenarios_from_file, scenarios_of_machine, scenarios_to_file,
};
pub use snapshot::Snapshot;
pub use state_test::{TestRefusal, test_state};
pub use trace::{Happening, Stage, StageName, StatesError, Step, StrandStep, VisitId};
