//! The machine that runs: a pure function from program, mocks and snapshot to the next step.
//! Time is data, randomness is a seeded generator inside the snapshot.

pub mod history;
pub mod snapshot;
pub mod trace;

pub use history::HistoryEvent;
pub use snapshot::Snapshot;
pub use trace::{Happening, Stage, StageName, StatesError, Step, StrandStep, VisitId};
