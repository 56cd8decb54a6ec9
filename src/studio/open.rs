//! Getting texts in: whatever is opened is kept, and what it is gets a clear sentence. Only what
//! is no text at all is refused.

use std::sync::Arc;

use crate::asl::{Document, Recognized, recognize};
use crate::sim::{Scenario, ScenarioFile, Sources, scenarios_from_file};
use crate::studio::children::Children;
use crate::studio::command::{OpenedFrom, Refusal};
use crate::studio::edit::refuse;
use crate::studio::effect::{Changed, Effect, Reply};
use crate::studio::facade::{FIRST_SCENARIO, Studio, announce};
use crate::studio::scenario::empty_scenario;
use crate::studio::selection::Selection;
use crate::studio::words::count;
use crate::text::{EditOrigin, TextEdit};

/// One Pass state: the smallest workflow there is.
const NEW_TEXT: &str = r#"{
  "StartAt": "Pass",
  "States": {
    "Pass": {
      "Type": "Pass",
      "End": true
    }
  }
}
"#;

impl Studio {
    pub(crate) fn open(&mut self, name: String, text: String, from: OpenedFrom) -> Result<Reply, Refusal> {
        let recognized = recognize(&text);
        if recognized == Recognized::Binary {
            return refuse(
                "This is not a text file, so there is no definition in it; what was open is still here",
            );
        }
        let name = if name.trim().is_empty() { "workflow.asl.json".to_owned() } else { name };
        let scenarios = vec![empty_scenario(FIRST_SCENARIO)];
        let text: Arc<str> = text.into();
        let in_file = (from == OpenedFrom::File).then(|| text.clone());
        let mut reply = self.start(name.clone(), text, scenarios);
        self.saved = in_file;
        let mut said = match from {
            OpenedFrom::Paste => "Pasted".to_owned(),
            OpenedFrom::Recovery => format!("Recovered “{name}”"),
            OpenedFrom::File | OpenedFrom::Drop => format!("Opened “{name}”"),
        };
        if let Some(sentence) = self.explain(&recognized, &mut reply) {
            self.notice = Some(sentence.clone());
            said = format!("{said}. {sentence}");
        } else {
            said = format!("{said}, {}", count(self.document.machine.states.len(), "state", "states"));
        }
        reply.effects.push(Effect::ReplaceCode { text: self.document.text.to_string() });
        reply.effects.push(Effect::Autosave);
        reply.effects.push(announce(said));
        Ok(reply)
    }

    /// Says what the text is, and takes a definition out of a template. That is an edit like any
    /// other, so undo brings the template back.
    fn explain(&mut self, recognized: &Recognized, reply: &mut Reply) -> Option<String> {
        let Recognized::CloudFormation { candidates } = recognized else { return recognized.sentence() };
        let Some(first) = candidates.first() else { return recognized.sentence() };
        let mut taken = first.definition.clone();
        if !taken.ends_with('\n') {
            taken.push('\n');
        }
        let edit = TextEdit::diff(&self.document.text, &taken);
        self.change(&edit, EditOrigin::Command("Take out definition".to_owned()), 0, reply);
        let rest = match candidates.len() {
            1 => String::new(),
            n => format!(", the first of {n}"),
        };
        Some(format!(
            "Took the definition out of “Resources.{}”{rest}; substitutions such as ${{Name}} are kept, and undo brings the template back",
            first.logical_id
        ))
    }

    pub(crate) fn open_sample(
        &mut self,
        id: &str,
        definition: String,
        mocks: &str,
    ) -> Result<Reply, Refusal> {
        let file = serde_json::from_str(mocks).map_err(|it| it.to_string());
        let read = file.and_then(|it| scenarios_from_file(&it));
        let (mut file, notice) = match read {
            Ok(file) => (file, None),
            Err(sentence) => (ScenarioFile::default(), Some(sentence)),
        };
        let mut scenarios = std::mem::take(&mut file.scenarios);
        if scenarios.is_empty() {
            scenarios.push(empty_scenario(FIRST_SCENARIO));
        }
        let n_scenarios = scenarios.len();
        let mut reply = self.start(format!("{id}.asl.json"), definition.into(), scenarios);
        self.mock_file = file;
        self.notice = notice;
        let n_states = self.document.machine.states.len();
        reply.effects.push(Effect::ReplaceCode { text: self.document.text.to_string() });
        reply.effects.push(Effect::Autosave);
        reply.effects.push(announce(format!(
            "Opened sample “{id}”, {} and {}",
            count(n_states, "state", "states"),
            count(n_scenarios, "scenario", "scenarios")
        )));
        Ok(reply)
    }

    /// Changes places with what was open before.
    pub(crate) fn bring_back(&mut self) -> Result<Reply, Refusal> {
        let Some(project) = self.previous.take() else { return refuse("Nothing else was open before") };
        let mut studio = Studio::restore(&project)?;
        studio.previous = Some(self.project());
        studio.theme = self.theme;
        studio.folding.orientation = self.folding.orientation;
        studio.document.revision = self.document.revision + 1;
        *self = studio;
        let said = announce(format!("Brought back “{}”", self.file_name));
        let replace = Effect::ReplaceCode { text: self.document.text.to_string() };
        Ok(Reply { changed: Changed::ALL, effects: vec![replace, Effect::Autosave, said] })
    }

    pub(crate) fn open_new(&mut self) -> Reply {
        let scenarios = vec![empty_scenario(FIRST_SCENARIO)];
        let mut reply = self.start("workflow.asl.json".to_owned(), NEW_TEXT.into(), scenarios);
        reply.effects.push(Effect::ReplaceCode { text: NEW_TEXT.to_owned() });
        reply.effects.push(Effect::Autosave);
        reply.effects.push(announce("New workflow with one Pass state"));
        reply
    }

    /// Puts another document in the place of the present one.
    fn start(&mut self, name: String, text: Arc<str>, scenarios: Vec<Scenario>) -> Reply {
        let mut reply = Reply { changed: Changed::ALL, effects: Vec::new() };
        // A stray paste must not cost anybody a workflow.
        if self.is_open && !self.document.text.trim().is_empty() {
            self.previous = Some(self.project());
        }
        // Revisions go on counting: no two texts ever have the same one.
        let document = Document::new(text, self.document.revision + 1);
        self.replace_document(document, &mut reply);
        self.file_name = name;
        self.history.clear();
        self.saved = None;
        self.selection = Selection::Nothing;
        self.folding.collapsed.clear();
        self.scenarios = scenarios;
        self.mock_file = ScenarioFile { machine: self.title().to_owned(), ..ScenarioFile::default() };
        self.chosen = 0;
        self.sources = Sources::default();
        self.children = Children::default();
        self.parents.clear();
        self.desk.clear();
        reply
    }
}
