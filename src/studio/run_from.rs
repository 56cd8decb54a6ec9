//! Run from here: a run that begins in the middle of its machine, with the data that its first
//! state had the last time, or others.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::asl::StatePath;
use crate::sim::{StageName, StartAt};
use crate::studio::call_view::RunFromView;
use crate::studio::command::{Command, Refusal};
use crate::studio::edit::refuse;
use crate::studio::facade::Studio;
use crate::studio::scenario::{json_of, pretty};
use crate::studio::selection::Selection;

impl Studio {
    /// What a run from the selected state would begin with: the input and the variables of its
    /// last visit up to the cursor, else of its last one, else the input of the scenario.
    pub fn run_from_view(&self) -> Option<RunFromView> {
        let state = match &self.selection {
            Selection::Nothing => self.desk.step()?.state.clone()?,
            selected => selected.subject()?,
        };
        self.document.state(&state)?;
        let steps = self.desk.steps();
        let until_now = steps.get(..=self.desk.player.cursor).unwrap_or_default();
        let of_state = |it: &&Arc<crate::sim::Step>| it.state.as_ref() == Some(&state);
        let last = until_now.iter().rposition(|it| of_state(&it));
        let last = last.or_else(|| steps.iter().rposition(|it| of_state(&it)));
        let last = last.and_then(|it| self.desk.whole_step(it));
        let input = last.as_ref().and_then(|it| {
            let stage = it.stages.iter().find(|it| it.name == StageName::Input)?;
            stage.after.as_ref().ok().cloned()
        });
        let entry = last.as_ref().and_then(|last| steps.iter().position(|it| it.visit == last.visit));
        let entry = entry.and_then(|it| self.desk.whole_step(it));
        let words = match (&input, &last) {
            (Some(_), Some(_)) => "As at its last visit in this run",
            _ => "It was not visited yet, so this is the input of the scenario",
        };
        let scenario = self.scenarios.get(self.chosen).map(|it| it.input.clone());
        Some(RunFromView {
            input: pretty(&input.or(scenario).unwrap_or_default()),
            variables: entry
                .map_or_else(|| "{}".to_owned(), |it| pretty(&Value::from((*it.variables).clone()))),
            words: words.to_owned(),
            state,
        })
    }

    pub(crate) fn can_run_from(
        &self,
        state: &StatePath,
        input: &str,
        variables: &str,
    ) -> Result<(), Refusal> {
        if self.document.state(state).is_none() {
            return refuse(format!("There is no state “{}” any more", state.name()));
        }
        self.start_at(state.clone(), input, variables)?;
        self.can_run(&Command::Run)
    }

    pub(crate) fn start_at(
        &self,
        state: StatePath,
        input: &str,
        variables: &str,
    ) -> Result<StartAt, Refusal> {
        let input = Arc::new(json_of(input, "The input")?);
        let variables: Map<String, Value> = match json_of(variables, "The list of variables")? {
            Value::Object(variables) => variables,
            _ => return refuse("The variables must be a JSON object with their names"),
        };
        Ok(StartAt { state, input, variables: Arc::new(variables) })
    }
}
