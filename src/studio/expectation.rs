//! Whether a run does what its scenario expects.

use std::sync::Arc;

use crate::sim::{RunStatus, Scenario, check};
use crate::studio::facade::Studio;
use crate::studio::running::Job;
use crate::studio::scenario::empty_scenario;

impl Studio {
    /// Where the run differs from what is expected. A run that is older than its definition, began
    /// in the middle or has not come to its end is not compared.
    pub(crate) fn differences(&self) -> Option<Arc<Vec<String>>> {
        let job = self.desk.job.as_ref()?;
        if job.expect.is_none() || self.is_stale() {
            return None;
        }
        self.desk.derived.differences.get_or_init(|| differences(job).map(Arc::new)).clone()
    }
}

fn differences(job: &Job) -> Option<Vec<String>> {
    let expect = job.expect.as_ref()?;
    let waits = expect.status.as_deref() == Some("RUNNING");
    let is_over = match job.run.status() {
        RunStatus::Ended => true,
        RunStatus::Asking => waits,
        RunStatus::Going => false,
    };
    if !is_over || job.run.request().start.is_some() {
        return None;
    }
    let scenario = Scenario { expect: Some(expect.clone()), ..empty_scenario("") };
    let found = check(&scenario, &job.run).into_iter();
    Some(found.map(|it| it.sentence).collect())
}
