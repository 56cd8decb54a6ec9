//! Distributed Maps: the items come from the input or from objects in S3, may be gathered into
//! batches, and each is worked on by a child execution with a history, variables and a context of
//! its own. The Map tolerates as many failures as it says and may write the results to S3.
//!
//! Read `start` (a Map run begins), `children` (what becomes of the child executions) and `end`.
//! `reader` and what follows it know data only: no strand, no event.

mod start;
mod children;
mod end;
pub(crate) mod fields;
mod tolerance;
mod reader;
mod listing;
mod manifest;
mod records;
mod csv;
mod batch;
mod writer;

pub(crate) use batch::batches;
pub(crate) use children::{
    abort_child, child_failed, child_succeeded, fail_child, stands_for_child, start_child,
};
pub(crate) use end::{complete, log_failure};
pub(crate) use start::{MapRun, Plan, read_answer, start};
pub(crate) use tolerance::{Tolerance, check as check_tolerance, exceeded};
