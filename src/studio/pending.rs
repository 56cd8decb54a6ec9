//! Open calls and the end of a run: which call is meant, heartbeats, the worker of an activity,
//! time that passes, stop and redrive. Answers are in `running`.

use crate::sim::{CallId, Deed, Question, StatesError};
use crate::studio::call_view::OpenCallView;
use crate::studio::command::{Command, Refusal};
use crate::studio::edit::refuse;
use crate::studio::effect::{Effect, Reply};
use crate::studio::facade::{Studio, announce};
use crate::studio::words::clock;

/// Who takes the work of activities here.
const WORKER: &str = "worker";

impl Studio {
    pub(crate) fn can_do_to_call(&self, command: &Command) -> Result<(), Refusal> {
        let Some(job) = &self.desk.job else { return refuse("There is no run yet; start one with Run") };
        let run = &job.run;
        match command {
            Command::Redrive => match run.redrive_refusal() {
                Some(sentence) => refuse(sentence),
                None => Ok(()),
            },
            Command::StopExecution if run.outcome().is_some() => refuse("The execution has ended already"),
            Command::StopExecution => Ok(()),
            _ => {
                let Some(question) = self.desk.open_call() else {
                    return refuse("No call waits for an answer");
                };
                match command {
                    Command::ChooseQuestion { call }
                        if !run.questions().iter().any(|it| it.call == *call) =>
                    {
                        refuse("This call does not wait for an answer any more")
                    }
                    Command::SendHeartbeat if !question.has_heartbeat => {
                        refuse(format!("“{}” has no HeartbeatSeconds", question.state.name()))
                    }
                    Command::SendHeartbeat if !question.is_started => {
                        refuse("No worker has taken the task yet")
                    }
                    Command::TakeTask if question.token.is_none() || question.is_started => {
                        refuse(format!("“{}” waits for no worker", question.state.name()))
                    }
                    Command::LetTimePass { millis: None } if run.next_millis().is_none() => {
                        refuse("There is nothing to wait for: no open call has a timeout")
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    pub(crate) fn do_to_call(&mut self, command: Command, reply: &mut Reply) -> Result<(), Refusal> {
        let question = self.desk.open_call();
        let call = question.as_ref().map(|it| it.call.clone()).unwrap_or_default();
        let name = question.as_ref().map(|it| it.state.name()).unwrap_or_default();
        let Some(job) = &mut self.desk.job else { return Ok(()) };
        let n_before = job.run.trace().len();
        let (call, deed, said) = match command {
            Command::ChooseQuestion { call } => {
                self.desk.chosen_call = Some(call);
                self.go_to_question();
                reply.changed.player = true;
                return Ok(());
            }
            Command::SendHeartbeat => (call, Deed::Heartbeat, format!("Sent a heartbeat for {name}")),
            Command::TakeTask => {
                let deed = Deed::Take { worker: WORKER.to_owned() };
                (call, deed, format!("A worker has taken the task of {name}"))
            }
            Command::LetTimePass { millis } => (CallId::default(), Deed::Wait { millis }, String::new()),
            Command::StopExecution => {
                (CallId::default(), Deed::Stop { error: StatesError::default() }, String::new())
            }
            Command::Redrive => (CallId::default(), Deed::Redrive, String::new()),
            _ => return Ok(()),
        };
        let kept = matches!(deed, Deed::Heartbeat | Deed::Take { .. } | Deed::Wait { .. });
        if !job.run.decide(call, deed) {
            return refuse("This is not possible any more");
        }
        if !kept {
            self.desk.chosen_call = None;
        }
        self.desk.chosen_stage = None;
        self.desk.player.playing = false;
        self.compute(reply);
        let n_steps = self.desk.steps().len();
        self.desk.player.cursor = n_before.min(n_steps.saturating_sub(1));
        self.go_to_question();
        if n_before < n_steps {
            self.tell_cursor(reply);
        } else {
            let now = self.desk.job.as_ref().map_or(0, |it| it.run.now_millis());
            let said = if said.is_empty() { "Nothing has happened".to_owned() } else { said };
            reply.effects.push(announce(format!("{said}; it is {} now", clock(now))));
        }
        reply.effects.push(Effect::Autosave);
        Ok(())
    }

    /// All open calls, when the cursor is there.
    pub(crate) fn open_calls(&self) -> Vec<OpenCallView> {
        let (Some(chosen), Some(job)) = (self.desk.question(), &self.desk.job) else { return Vec::new() };
        let view = |it: Question| OpenCallView {
            title: it.state.name(),
            words: words(&it),
            chosen: it.call == chosen.call,
            call: it.call,
        };
        job.run.questions().into_iter().map(view).collect()
    }
}

/// What tells an open call from others.
fn words(question: &Question) -> String {
    let mut words = vec![format!("call {}", u64::from(question.invocation) + 1)];
    words.extend(question.item.map(|it| format!("item {}", it + 1)));
    words.extend(question.machine.clone());
    words.extend(question.token.clone());
    if question.token.is_some() && !question.is_started {
        words.push("no worker yet".to_owned());
    }
    words.join(" · ")
}
