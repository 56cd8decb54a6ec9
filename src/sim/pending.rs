//! What somebody does to an open call, or to the run while calls are open: answers, heartbeats,
//! a worker who takes the work of an activity, time that is let pass. Each is a [`Deed`], kept
//! with the run as a decision, so that doing the same again gives the same.

use std::sync::Arc;

use crate::json::keep;
use crate::sim::mocks::Answer;
use crate::sim::snapshot::{Action, Calling, Outcome, Phase, Snapshot, StrandId};
use crate::sim::trace::{StatesError, VisitId};

/// Something done from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// The call ends like this, in place of what the mocks say: `SendTaskSuccess` and
    /// `SendTaskFailure` as well as the answer of a service. `None`: after as long as any call
    /// takes.
    Answer { answer: Answer, delay_millis: Option<u64> },
    /// `SendTaskHeartbeat`: the heartbeat of an open call counts anew from now.
    Heartbeat,
    /// `GetActivityTask`: a worker takes the work of an activity, which starts the call.
    Take { worker: String },
    /// Calls stay open and virtual time goes on, so long, or to the next moment at which something
    /// happens. So an open call can run into its timeout.
    Wait { millis: Option<u64> },
    /// `StopExecution`.
    Stop { error: StatesError },
    /// `RedriveExecution`: goes on from where the execution failed.
    Redrive,
}
keep! {
    enum Deed {
        Answer { answer, delay_millis },
        Heartbeat,
        Take { worker },
        Wait { millis },
        Stop { error },
        Redrive,
    } else Redrive
}

/// A call by its visit, or by those of the calls that started the executions around it, outermost
/// first. Empty for the execution itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct CallId(pub Vec<VisitId>);
keep! { CallId(_) }

impl From<VisitId> for CallId {
    fn from(visit: VisitId) -> CallId {
        CallId(vec![visit])
    }
}

/// How long a call that never answers takes when nothing limits it. AWS would wait three years,
/// which helps nobody who looks at a timeline.
const SILENT_MILLIS: u64 = 60_000;
pub(crate) const TIMEOUT: &str = "States.Timeout";

/// Does the deed and says whether there was something to do it to. A redrive is not done here: it
/// needs the run.
pub(crate) fn apply(now: &mut Snapshot, call: &[VisitId], deed: &Deed) -> bool {
    flush(now);
    if now.outcome.is_some() {
        return false;
    }
    match (call, deed) {
        ([], Deed::Wait { millis }) => wait(now, *millis),
        ([], Deed::Stop { error }) => stop(now, error),
        ([], _) | (_, Deed::Redrive) => false,
        ([visit], Deed::Answer { .. } | Deed::Heartbeat | Deed::Take { .. }) => on_call(now, *visit, deed),
        ([visit, inner @ ..], deed) => on_child(now, *visit, inner, deed),
    }
}

/// Lets the clock come to the end of a time that was let pass and in which nothing more happens.
fn flush(now: &mut Snapshot) {
    let Some(until_millis) = now.passing_millis else { return };
    if now.asking.is_empty() {
        now.passing_millis = None;
    } else if !now.can_go_on() {
        now.passing_millis = None;
        now.clock_millis = now.clock_millis.max(until_millis);
    }
}

fn wait(now: &mut Snapshot, millis: Option<u64>) -> bool {
    if now.asking.is_empty() || now.can_go_on() {
        return false;
    }
    let next = next_moment(now);
    let until_millis = match millis {
        Some(millis) => Some(now.clock_millis.saturating_add(millis)),
        None => next,
    };
    now.passing_millis = until_millis;
    until_millis.is_some()
}

/// When something happens next by itself.
pub(crate) fn next_moment(now: &Snapshot) -> Option<u64> {
    let timer = now.timers.first().map(|it| it.at_millis);
    timer.into_iter().chain(now.execution.deadline_millis).min()
}

fn stop(now: &mut Snapshot, error: &StatesError) -> bool {
    now.timers.clear();
    now.failing.clear();
    now.asking.clear();
    now.ready.clear();
    now.ready.push_front(Action::Finish(Outcome::Aborted { error: error.clone() }));
    true
}

fn on_call(now: &mut Snapshot, visit: VisitId, deed: &Deed) -> bool {
    let Some((id, calling)) = calling_of(now, visit) else { return false };
    let is_open = now.asking.contains(&id);
    let mut calling = calling.clone();
    match deed {
        Deed::Answer { answer, delay_millis } => {
            let due_millis = promise(&mut calling, answer.clone(), *delay_millis, now);
            now.clear_timers(id);
            now.set_timer(id, due_millis);
            now.stop_asking(id);
        }
        Deed::Heartbeat if is_open && calling.heartbeat_millis.is_some() => {
            calling.heard_millis = now.clock_millis;
            set_limit(now, id, &calling);
        }
        Deed::Take { worker } if is_open && !calling.is_started => {
            calling.worker = Some(worker.clone());
            calling.heard_millis = now.clock_millis;
            now.ready.push_back(Action::Started(id));
        }
        _ => return false,
    }
    replace_calling(now, id, calling)
}

fn on_child(now: &mut Snapshot, visit: VisitId, inner: &[VisitId], deed: &Deed) -> bool {
    let Some((id, calling)) = calling_of(now, visit) else { return false };
    let mut calling = calling.clone();
    let Some(child) = &mut calling.child else { return false };
    if !now.asking.contains(&id) || !Arc::make_mut(child).do_inside(inner, deed) {
        return false;
    }
    now.ready.push_back(Action::Child(id));
    replace_calling(now, id, calling)
}

fn calling_of(now: &Snapshot, visit: VisitId) -> Option<(StrandId, &Calling)> {
    let strand = now.strand_of(visit)?;
    match &strand.phase {
        Phase::Calling(calling) => Some((strand.id, calling)),
        _ => None,
    }
}

fn replace_calling(now: &mut Snapshot, id: StrandId, calling: Calling) -> bool {
    let Some(mut strand) = now.take(id) else { return false };
    strand.phase = Phase::Calling(Box::new(calling));
    now.put(strand);
    true
}

/// Lets an open call end with `States.Timeout` when its time is over.
pub(crate) fn set_limit(now: &mut Snapshot, id: StrandId, calling: &Calling) {
    now.clear_timers(id);
    let timeout = calling.timeout_millis.map(|it| calling.called_millis.saturating_add(it));
    if let Some(limit_millis) = timeout.into_iter().chain(heartbeat_limit(calling)).min() {
        now.set_timer(id, limit_millis);
    }
}

/// Until when a heartbeat has to come, if one has to.
fn heartbeat_limit(calling: &Calling) -> Option<u64> {
    // Nobody can send the heartbeat of an activity that no worker has taken.
    let is_heard = calling.is_started || calling.worker.is_some();
    let heartbeat = calling.heartbeat_millis.filter(|_| is_heard);
    heartbeat.map(|it| calling.heard_millis.saturating_add(it))
}

/// Whether a call that ends without an answer ends for want of a heartbeat.
pub(crate) fn is_heartbeat_loss(calling: &Calling) -> bool {
    let timeout = calling.timeout_millis.map(|it| calling.called_millis.saturating_add(it));
    match &calling.answer {
        Some(Answer::LoseHeartbeat) => calling.heartbeat_millis.is_some(),
        // See `promise`: heartbeats come until the timeout, if there is one.
        Some(_) => calling.heartbeat_millis.is_some() && timeout.is_none(),
        None => heartbeat_limit(calling).is_some_and(|it| timeout.is_none_or(|timeout| it < timeout)),
    }
}

/// Settles how a call ends and gives the moment: an answer that would come after the timeout of
/// the state is none.
pub(crate) fn promise(
    calling: &mut Calling,
    answer: Answer,
    delay_millis: Option<u64>,
    now: &Snapshot,
) -> u64 {
    let called_millis = calling.called_millis;
    let timeout_millis = calling.timeout_millis.map(|it| called_millis.saturating_add(it));
    let silent_millis = || match (timeout_millis, calling.heartbeat_millis, now.execution.deadline_millis) {
        (Some(limit_millis), ..) => limit_millis,
        // Something has to end it.
        (None, Some(millis), _) => called_millis.saturating_add(millis),
        // Without a limit of its own the call outlasts the execution.
        (None, None, Some(deadline_millis)) => deadline_millis.saturating_add(1),
        (None, None, None) => called_millis.saturating_add(SILENT_MILLIS),
    };
    let mut due_millis = match (&answer, calling.heartbeat_millis) {
        (Answer::TimeOut, _) | (Answer::LoseHeartbeat, None) => silent_millis(),
        (Answer::LoseHeartbeat, Some(millis)) => {
            let heard_millis = called_millis.saturating_add(delay_millis.unwrap_or(0));
            heard_millis.max(calling.heard_millis).saturating_add(millis)
        }
        (Answer::Throw(error), _) if error.name == TIMEOUT && delay_millis.is_none() => silent_millis(),
        (Answer::Return(_) | Answer::Throw(_) | Answer::Compute(_), _) => {
            called_millis.saturating_add(delay_millis.unwrap_or(now.execution.settings.task_millis))
        }
    };
    calling.answer = Some(answer);
    if let Some(limit_millis) = timeout_millis.filter(|it| *it < due_millis) {
        due_millis = limit_millis;
        calling.answer = Some(Answer::TimeOut);
    }
    due_millis.max(now.clock_millis)
}
