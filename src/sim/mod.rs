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
pub mod request;
pub mod sources;
pub mod mocks;
pub mod machines;
pub mod objects;
mod mock_file;
pub mod expect;
pub mod scenario;
pub mod history;
pub mod snapshot;
pub mod trace;
pub mod engine;
mod turn;
mod limits;
mod calls;
pub mod pending;
mod child;
mod join;
mod slots;
mod distributed;
mod states;
mod dataflow;
mod jsonata;
mod retry;
mod context;
mod timestamp;
mod checkpoints;
pub mod run;
mod redrive;
mod replay;
pub mod state_test;

pub use engine::{CANNOT_RUN, step};
pub use expect::{Difference, Expect, check};
pub use history::{Detail, HistoryEvent};
pub use machines::{Machine, Machines};
pub use mocks::{Answer, Call, MockRow, Mocks, Numbers, Only, Scenario};
pub use objects::Objects;
pub use pending::{CallId, Deed};
pub use program::{Program, Unsupported};
pub use request::{Interleaving, RunRequest, Settings, StartAt};
pub use run::{Decision, Question, Run, RunStatus, outcome_of};
pub use scenario::{ScenarioFile, scenarios_from_file, scenarios_of_machine, scenarios_to_file};
pub use snapshot::Snapshot;
pub use sources::{DISAGREEMENTS, Disagreement, Question as SourceQuestion, Side, Sources};
pub use state_test::{TestRefusal, test_state};
pub use trace::{
    ChildExecution, Happening, QueryData, Stage, StageName, StatesError, Step, StrandStep, VisitId,
};
