//! The commands that are no edits: files, selection, scenarios, the workspace. Those of runs are
//! in `running`.

use crate::asl::{Document, EdgeKey, MachineType, StatePath};
use crate::export::{ExportRequest, Exporter, exporter};
use crate::sim::{ScenarioFile, scenarios_to_file};
use crate::studio::beside::Beside;
use crate::studio::canvas::Picture;
use crate::studio::command::{Command, Refusal};
use crate::studio::edit::{Scene, refuse};
use crate::studio::effect::{Effect, Reply};
use crate::studio::facade::{Studio, announce};
use crate::studio::scenario::{empty_scenario, json_of, pretty, rows_of};
use crate::studio::selection::Selection;
use crate::text::{EditOrigin, TextEdit, TextRange};

impl Studio {
    /// Whether a command that is no edit is possible now.
    pub(crate) fn can_do(&self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::Undo if self.history.n_undo() == 0 => refuse("There is nothing to undo"),
            Command::Redo if self.history.n_redo() == 0 => refuse("There is nothing to redo"),
            Command::BringBack if self.previous.is_none() => refuse("Nothing else was open before"),
            Command::OpenChild { state } => self.child_to_open(state).map(|_| ()),
            Command::BackToParent { levels } if *levels == 0 || self.parents.len() < *levels => {
                refuse("No parent workflow is open")
            }
            Command::RenameFile { name } if name.trim().is_empty() => refuse("A file needs a name"),
            Command::Select { state: Some(path) } if self.document.state(path).is_none() => {
                refuse(format!("There is no state “{}” any more", path.name()))
            }
            Command::SelectEdge { edge } => Scene::new(&self.document).edge(edge).map(|_| ()),
            Command::SelectMany { states } => {
                let gone = states.iter().find(|it| self.document.state(it).is_none());
                gone.map_or(Ok(()), |it| refuse(format!("There is no state “{}” any more", it.name())))
            }
            Command::ToggleSelected { state } if self.document.state(state).is_none() => {
                refuse(format!("There is no state “{}” any more", state.name()))
            }
            Command::SelectAll if self.document.machine.states.is_empty() => {
                refuse("There are no states yet")
            }
            Command::Walk(_) if self.document.machine.states.is_empty() => refuse("There are no states yet"),
            Command::NextProblem | Command::PreviousProblem if self.document.diagnostics.is_empty() => {
                refuse(format!(
                    "No problems in {}",
                    crate::studio::words::count(self.document.machine.states.len(), "state", "states")
                ))
            }
            Command::ShowProblem { problem_idx } if self.document.diagnostics.len() <= *problem_idx => {
                refuse("This problem is not there any more")
            }
            Command::ChooseScenario { name } if self.scenario_idx(name).is_none() => {
                refuse(format!("There is no scenario “{name}”"))
            }
            Command::AddScenario { name } => self.check_scenario_name(name, None),
            Command::RenameScenario { name } => self.check_scenario_name(name, Some(self.chosen)),
            Command::DeleteScenario if self.scenarios.len() <= 1 => {
                refuse("This is the only scenario; a run needs one")
            }
            Command::SetInput { json } => json_of(json, "The input").map(|_| ()),
            Command::SetMock { answers, .. } => rows_of(answers, &[]).map(|_| ()),
            Command::ToggleCollapse { state } => self.can_collapse(state).map(|_| ()),
            Command::CollapseAll if self.is_all_collapsed() => {
                refuse("There is no open Map or Parallel to collapse")
            }
            Command::ExpandAll if self.n_collapsed() == 0 => refuse("Nothing is collapsed"),
            Command::ExportChildren if self.children_view().is_empty() => {
                refuse("No state machine was extracted from this workflow")
            }
            Command::ExportSvg | Command::ExportPng | Command::ExportMermaid
                if self.document.machine.states.is_empty() =>
            {
                refuse("There is nothing to draw yet")
            }
            _ => self.can_run(command),
        }
    }

    pub(crate) fn act_on_rest(&mut self, command: Command) -> Result<Reply, Refusal> {
        let mut reply = Reply::default();
        match command {
            Command::Type { edit, at_millis } => self.typed(&edit, at_millis, &mut reply),
            Command::Undo => return self.turn_back(false),
            Command::Redo => return self.turn_back(true),
            Command::Open { name, text, from } => return self.open(name, text, from),
            Command::OpenSample { id, definition, mocks } => {
                return self.open_sample(&id, definition, &mocks);
            }
            Command::New => return Ok(self.open_new()),
            Command::BringBack => return self.bring_back(),
            Command::OpenChild { state } => return self.open_child(&state),
            Command::BackToParent { levels } => return self.back_to_parent(levels),
            Command::RenameFile { name } => {
                self.file_name = name.trim().to_owned();
                self.saved = None;
                reply.changed.document = true;
                reply.effects.push(Effect::Autosave);
            }
            Command::Select { state } => {
                self.desk.looked_at = state.clone().map(|it| (self.desk.player.cursor, it));
                reply.changed.player |= self.desk.has_run();
                self.selection = state.map_or(Selection::Nothing, Selection::State);
                reply.changed.selection = true;
                self.uncover_selection(&mut reply);
                self.reveal(true, &mut reply);
            }
            Command::SelectEdge { edge } => {
                self.selection = Selection::Edge(edge);
                reply.changed.selection = true;
                self.uncover_selection(&mut reply);
                self.reveal(true, &mut reply);
            }
            Command::SelectMany { states } => self.select_states(states, &mut reply),
            Command::ToggleSelected { state } => {
                let mut states = self.selection.states().to_vec();
                match states.iter().position(|it| *it == state) {
                    Some(idx) => drop(states.remove(idx)),
                    None => states.push(state),
                }
                self.select_states(states, &mut reply);
            }
            Command::SelectAll => self.select_states(self.states_beside_selected(), &mut reply),
            Command::SelectText { range } => self.select_text(range, &mut reply),
            Command::Walk(direction) => {
                let from = self.selection.subject().map(|it| self.shown(&it));
                match crate::studio::walking::walk(self.picture(), from.as_ref(), direction) {
                    Some(path) => {
                        self.selection = Selection::State(path);
                        reply.changed.selection = true;
                        self.reveal(true, &mut reply);
                    }
                    None => {
                        let collapsed = from.is_some_and(|it| self.folding.collapsed.contains(&it));
                        return refuse(crate::studio::walking::nowhere(direction, collapsed));
                    }
                }
            }
            Command::NextProblem => self.step_problem(true, &mut reply),
            Command::PreviousProblem => self.step_problem(false, &mut reply),
            Command::ShowProblem { problem_idx } => self.show_problem(problem_idx, &mut reply),
            Command::ChooseScenario { name } => {
                self.chosen = self.scenario_idx(&name).unwrap_or(self.chosen);
                self.scenarios_changed(&mut reply);
            }
            Command::AddScenario { name } => {
                // A new one starts as a copy: most scenarios differ in one answer.
                let mut scenario =
                    self.scenarios.get(self.chosen).cloned().unwrap_or_else(|| empty_scenario(""));
                scenario.name = name.trim().to_owned();
                scenario.note.clear();
                self.scenarios.push(scenario);
                self.chosen = self.scenarios.len() - 1;
                self.scenarios_changed(&mut reply);
            }
            Command::RenameScenario { name } => {
                if let Some(scenario) = self.scenarios.get_mut(self.chosen) {
                    scenario.name = name.trim().to_owned();
                }
                self.scenarios_changed(&mut reply);
            }
            Command::DeleteScenario => {
                if self.chosen < self.scenarios.len() {
                    self.scenarios.remove(self.chosen);
                }
                self.chosen = self.chosen.min(self.scenarios.len().saturating_sub(1));
                self.scenarios_changed(&mut reply);
            }
            Command::SetInput { json } => {
                let input = json_of(&json, "The input")?;
                if let Some(scenario) = self.scenarios.get_mut(self.chosen) {
                    scenario.input = input.into();
                }
                self.scenarios_changed(&mut reply);
            }
            Command::SetMock { state, answers } => {
                let before = self.scenarios.get(self.chosen).and_then(|it| it.mocks.states.get(&state));
                let rows = rows_of(&answers, before.map(Vec::as_slice).unwrap_or_default())?;
                if let Some(scenario) = self.scenarios.get_mut(self.chosen) {
                    match rows.is_empty() {
                        true => drop(scenario.mocks.states.shift_remove(&state)),
                        false => drop(scenario.mocks.states.insert(state, rows)),
                    }
                }
                self.scenarios_changed(&mut reply);
            }
            Command::Arrange(arrangement) => {
                self.arrangement = arrangement;
                reply.changed.workspace = true;
                reply.effects.push(Effect::Autosave);
            }
            Command::ToggleCollapse { state } => return self.toggle_collapse(&state),
            Command::CollapseAll => return Ok(self.collapse_all()),
            Command::ExpandAll => return Ok(self.expand_all()),
            Command::SetOrientation(orientation) => return Ok(self.set_orientation(orientation)),
            Command::SetTheme(theme) => {
                self.theme = theme;
                reply.changed.workspace = true;
                reply.effects.push(Effect::Autosave);
            }
            Command::SetMachineType(machine_type) => {
                self.set_machine_type(machine_type, &mut reply);
            }
            Command::ChooseSource { question, other } => {
                self.sources = self.sources.with(question, other);
                reply.changed.workspace = true;
                // Whether the run still stands for these rules may have changed.
                reply.changed.player |= self.desk.has_run();
                reply.effects.push(Effect::Autosave);
            }
            Command::Save | Command::SaveAs => {
                let text = self.document.text.to_string();
                let ask = command == Command::SaveAs;
                self.saved = Some(self.document.text.clone());
                reply.changed.document = true;
                reply.effects.push(Effect::SaveFile { name: self.file_name.clone(), text, ask });
                reply.effects.push(Effect::Autosave);
            }
            Command::ExportAsl | Command::ExportSvg | Command::ExportMermaid => {
                let id = match command {
                    Command::ExportSvg => "svg",
                    Command::ExportMermaid => "mermaid",
                    _ => "asl",
                };
                reply.effects.extend(exporter(id).map(|it| self.exported(it)));
            }
            Command::ExportMocks => {
                let file = ScenarioFile { scenarios: self.scenarios.clone(), ..self.mock_file.clone() };
                let text = format!("{}\n", pretty(&scenarios_to_file(&file)));
                let name = format!("{}.mocks.json", self.title());
                reply.effects.push(Effect::Download { name, mime: "application/json", text });
            }
            Command::ExportChildren => {
                reply.effects.extend(self.children_view().into_iter().map(|it| Effect::Download {
                    name: format!("{}.asl.json", it.name),
                    mime: "application/json",
                    text: it.text,
                }));
            }
            Command::ExportPng => {
                let svg = exporter("svg").map(|it| (it.write)(&self.export_request())).unwrap_or_default();
                reply.effects.push(Effect::DownloadPng { name: format!("{}.png", self.title()), svg });
            }
            Command::CopyAsl => reply.effects.push(Effect::Copy { text: self.document.text.to_string() }),
            command => return self.act_on_run(command),
        }
        Ok(reply)
    }

    /// The file name without what says that it is a definition.
    pub(crate) fn title(&self) -> &str {
        let name = self.file_name.as_str();
        let name = name.strip_suffix(".json").or_else(|| name.strip_suffix(".JSON")).unwrap_or(name);
        name.strip_suffix(".asl").unwrap_or(name)
    }

    fn export_request(&self) -> ExportRequest<'_> {
        let Picture { graph, layout, .. } = self.picture();
        ExportRequest { document: &self.document, graph, layout, title: self.title() }
    }

    fn exported(&self, exporter: &Exporter) -> Effect {
        let name = match exporter.id {
            "asl" => self.file_name.clone(),
            _ => format!("{}.{}", self.title(), exporter.extension),
        };
        Effect::Download { name, mime: exporter.mime, text: (exporter.write)(&self.export_request()) }
    }

    fn set_machine_type(&mut self, machine_type: MachineType, reply: &mut Reply) {
        let before = self.document.machine_type;
        if machine_type == before {
            return;
        }
        let origin = EditOrigin::Command("Set machine type".to_owned());
        let beside = Beside { machine_type: Some((before, machine_type)), ..Beside::default() };
        let selected = self.selection.range(&self.document);
        self.history.record(TextEdit::default(), origin, 0, selected, Some(beside));
        let (text, revision) = (self.document.text.clone(), self.document.revision + 1);
        self.replace_document(Document::with_type(text, revision, machine_type), reply);
        reply.effects.push(Effect::Autosave);
    }

    fn typed(&mut self, edit: &TextEdit, at_millis: u64, reply: &mut Reply) {
        // Typing inside of a value leaves every state and connection where it is.
        let old = self.document.retyped(edit).is_none().then(|| self.document.clone());
        self.change(edit, EditOrigin::Typing, at_millis, reply);
        if let Some(old) = old {
            self.folding.follow(&old, edit, &self.document);
            let selection = std::mem::take(&mut self.selection);
            self.selection = selection.after(&old, edit, &self.document);
        }
        reply.effects.push(Effect::Autosave);
    }

    /// Selects states, the last one as the primary one, and says how many.
    fn select_states(&mut self, states: Vec<StatePath>, reply: &mut Reply) {
        self.selection = Selection::of_states(states);
        if let Some(state) = self.selection.state() {
            self.desk.looked_at = Some((self.desk.player.cursor, state.clone()));
            reply.changed.player |= self.desk.has_run();
        }
        reply.changed.selection = true;
        reply.effects.push(announce(match self.selection.states() {
            [] => "Nothing is selected".to_owned(),
            [one] => format!("Selected “{}”", one.name()),
            several => format!("{} states are selected", several.len()),
        }));
        self.reveal(false, reply);
    }

    /// All states of the scope that the selected state is in, which stays the primary one; of the
    /// machine when nothing is selected.
    fn states_beside_selected(&self) -> Vec<StatePath> {
        let machine = &self.document.machine;
        let primary = self.selection.subject();
        let scope = primary.as_ref().and_then(|it| self.document.state(it)).map(|it| it.scope);
        let scope = scope.and_then(|it| machine.scope(it)).or(machine.scopes.first());
        let ids = scope.map(|it| it.states.as_slice()).unwrap_or_default();
        let paths = ids.iter().filter_map(|it| machine.state(*it)).map(|it| it.path.clone());
        paths.chain(primary).collect()
    }

    fn select_text(&mut self, range: TextRange, reply: &mut Reply) {
        // The caret where a reveal has put it says nothing new; a connection stays selected.
        if self.selection != Selection::Nothing
            && range == TextRange::empty(self.selection.range(&self.document).start)
        {
            return;
        }
        let selection = Selection::at(&self.document, range);
        if selection != self.selection {
            self.selection = selection;
            reply.changed.selection = true;
        }
    }

    /// To the next or previous problem, beginning where the selection is.
    fn step_problem(&mut self, forward: bool, reply: &mut Reply) {
        let n = self.document.diagnostics.len();
        let idx = match (self.problem_idx, forward) {
            (Some(idx), true) => (idx + 1) % n.max(1),
            (Some(idx), false) => (idx + n.max(1) - 1) % n.max(1),
            (None, _) => {
                let at = self.selection.range(&self.document).start;
                let after = self.document.diagnostics.iter().position(|it| at <= it.range.start);
                match forward {
                    true => after.unwrap_or(0),
                    false => after.unwrap_or(n).checked_sub(1).unwrap_or(n.saturating_sub(1)),
                }
            }
        };
        self.show_problem(idx, reply);
    }

    fn show_problem(&mut self, idx: usize, reply: &mut Reply) {
        let Some(problem) = self.document.diagnostics.get(idx).cloned() else { return };
        self.problem_idx = Some(idx);
        let state: Option<StatePath> = self.document.state_at(problem.range.start);
        let edge = problem.location.as_deref().map(EdgeKey::new);
        let edge = edge.filter(|it| Scene::new(&self.document).edge(it).is_ok());
        self.selection = match (edge, state) {
            (Some(edge), None) => Selection::Edge(edge),
            (_, Some(path)) => Selection::State(path),
            (None, None) => Selection::Nothing,
        };
        reply.changed.selection = true;
        self.uncover_selection(reply);
        reply.effects.push(Effect::RevealCode { range: problem.range, scroll: true });
        self.reveal_node(reply);
        let n = self.document.diagnostics.len();
        reply.effects.push(announce(format!("Problem {} of {n}: {}", idx + 1, problem.message)));
    }

    fn scenario_idx(&self, name: &str) -> Option<usize> {
        self.scenarios.iter().position(|it| it.name == name)
    }

    fn check_scenario_name(&self, name: &str, own: Option<usize>) -> Result<(), Refusal> {
        let name = name.trim();
        if name.is_empty() {
            return refuse("A scenario needs a name");
        }
        if self.scenario_idx(name).is_some_and(|it| Some(it) != own) {
            return refuse(format!("There is already a scenario “{name}”"));
        }
        Ok(())
    }

    fn scenarios_changed(&mut self, reply: &mut Reply) {
        reply.changed.scenarios = true;
        // Whether the run still stands for the scenario may have changed.
        reply.changed.player |= self.desk.has_run();
        reply.effects.push(Effect::Autosave);
    }
}
