//! The headless application: [`Command`]s in, plain views out. No clock, no input or output: what
//! the outside world must do is asked for with [`Effect`]s.

pub mod actions;
pub mod command;
pub mod effect;
pub mod palette;
pub mod view;

pub use actions::{ACTIONS, Act, Action, Dialog, Key, Place, Situation, action_for_key};
pub use command::*;
pub use effect::{Changed, Effect, Reply};
pub use view::*;

/// Stand-in.
#[derive(Default)]
pub struct Studio {}
use std::sync::Arc;
impl Studio {
    pub fn new() -> Studio {
        Studio {}
    }
    pub fn dispatch(&mut self, _c: Command) -> Reply {
        Reply::default()
    }
    pub fn can(&self, _c: &Command) -> Result<(), Refusal> {
        Ok(())
    }
    pub fn question_at_cursor(&self) -> Option<QuestionView> {
        None
    }
    pub fn project(&self) -> String {
        String::new()
    }
    pub fn restore(_p: &str) -> Result<Studio, Refusal> {
        Ok(Studio {})
    }
    pub fn document_view(&self) -> Arc<DocumentView> {
        Default::default()
    }
    pub fn graph_view(&self) -> Arc<GraphView> {
        Default::default()
    }
    pub fn selection_view(&self) -> Arc<SelectionView> {
        Default::default()
    }
    pub fn problems_view(&self) -> Arc<ProblemsView> {
        Default::default()
    }
    pub fn inspector_view(&self) -> Arc<InspectorView> {
        Default::default()
    }
    pub fn marks_view(&self) -> Arc<MarksView> {
        Default::default()
    }
    pub fn player_view(&self) -> Arc<PlayerView> {
        Default::default()
    }
    pub fn timeline_view(&self) -> Arc<TimelineView> {
        Default::default()
    }
    pub fn events_view(&self) -> Arc<EventsView> {
        Default::default()
    }
    pub fn data_flow_view(&self) -> Arc<DataFlowView> {
        Default::default()
    }
    pub fn scenarios_view(&self) -> Arc<ScenariosView> {
        Default::default()
    }
    pub fn workspace_view(&self) -> Arc<WorkspaceView> {
        Default::default()
    }
}
