//! The data-flow lens: every stage of the step at the cursor, with the data before and after the
//! chosen one. Stages that were not set or not reached keep their place in the strip, so that the
//! order in which the service applies them is always there to be seen.

use serde_json::Value;

use crate::asl::{QueryLanguage, StateType};
use crate::sim::{Happening, Stage, StageName, StatesError, Step};
use crate::studio::diff::{diff, plain, short};
use crate::studio::view::{DataFlowView, StageStatus, StageView};
use crate::studio::words::cut;

/// What the lens must know of the definition that the run was made from.
#[derive(Clone, Debug, Default)]
pub struct StateFacts {
    pub state_type: Option<StateType>,
    pub language: QueryLanguage,
    /// The names of the fields that are set.
    pub fields: Vec<String>,
    /// Attempts in all, where one retrier decides alone.
    pub max_attempts: Option<u64>,
    /// Where in nested Maps and Parallels: “item 3”, “branch 1”, outermost first.
    pub strand: Vec<String>,
}

/// The stage chosen by the user, and at which step.
pub type ChosenStage = (usize, StageName);

/// The lens at the cursor.
pub fn lens(
    step: Option<&Step>,
    cursor: usize,
    facts: &StateFacts,
    chosen: Option<ChosenStage>,
    line_of: &dyn Fn(&str) -> Option<usize>,
) -> DataFlowView {
    let Some(step) = step else {
        let note = "Run to see what each step does to the data".to_owned();
        return DataFlowView { note: Some(note), ..DataFlowView::default() };
    };
    let Some(state) = &step.state else { return of_execution(step) };
    let names = strip(step, facts);
    let stages: Vec<StageView> = names.iter().map(|it| stage_view(*it, step, facts)).collect();
    let chosen_idx = chosen_idx(&names, &stages, step, cursor, chosen);
    let mut view = DataFlowView {
        state: Some(state.clone()),
        title: title(step, facts),
        stages,
        chosen: chosen_idx,
        ..DataFlowView::default()
    };
    let Some(stage) = names.get(chosen_idx).and_then(|it| find(step, *it)) else {
        view.note = Some(if step.stages.is_empty() {
            "Nothing has happened to the data yet".to_owned()
        } else {
            "The run did not get to this stage at this step".to_owned()
        });
        return view;
    };
    match (&stage.after, stage.name) {
        (Ok(after), StageName::Input) => view.after = plain(after),
        (Ok(after), StageName::AfterResultPath) => {
            // ASL: the result is put into the raw input, so that is what it is compared with.
            let raw = find(step, StageName::Input).and_then(|it| it.after.as_ref().ok());
            (view.before, view.after) = diff(raw.unwrap_or(&stage.before), after);
        }
        (Ok(after), _) => (view.before, view.after) = diff(&stage.before, after),
        (Err(error), _) => {
            view.before = plain(&stage.before);
            view.error = Some(error_words(error, stage));
        }
    }
    view.expression = stage.expression.as_deref().map(expression_text).unwrap_or_default();
    view.expression_line = stage.field.as_deref().filter(|_| stage.expression.is_some()).and_then(line_of);
    view
}

/// The stage whose expression and data are shown.
pub(crate) fn chosen_name(
    step: &Step,
    cursor: usize,
    facts: &StateFacts,
    chosen: Option<ChosenStage>,
) -> Option<StageName> {
    step.state.as_ref()?;
    let names = strip(step, facts);
    let stages: Vec<StageView> = names.iter().map(|it| stage_view(*it, step, facts)).collect();
    names.get(chosen_idx(&names, &stages, step, cursor, chosen)).copied()
}

/// The stages of the strip, in the order in which the service applies them.
pub fn strip(step: &Step, facts: &StateFacts) -> Vec<StageName> {
    let mut names: Vec<StageName> = expected(facts)
        .iter()
        .copied()
        .filter(|it| *it != StageName::Assign || facts.fields.iter().any(|it| it == "Assign"))
        .collect();
    // What the run knows and the table does not is shown at the place where it was applied.
    for (idx, stage) in step.stages.iter().enumerate() {
        if !names.contains(&stage.name) {
            let before = idx.checked_sub(1).and_then(|it| step.stages.get(it)).map(|it| it.name);
            let at = before.and_then(|it| names.iter().position(|name| *name == it)).map_or(0, |it| it + 1);
            names.insert(at.min(names.len()), stage.name);
        }
    }
    names
}

/// asl.md 2.3: which stages a type has, per language.
fn expected(facts: &StateFacts) -> &'static [StageName] {
    use StageName::*;
    let Some(state_type) = facts.state_type else { return &[Input, Output] };
    match (facts.language, state_type) {
        (QueryLanguage::JsonPath, StateType::Task | StateType::Parallel) => &[
            Input,
            AfterInputPath,
            AfterParameters,
            Result,
            AfterResultSelector,
            AfterResultPath,
            Assign,
            Output,
        ],
        (QueryLanguage::JsonPath, StateType::Map) => &[
            Input,
            AfterInputPath,
            AfterItemsPath,
            AfterItemSelector,
            Result,
            AfterResultSelector,
            AfterResultPath,
            Assign,
            Output,
        ],
        (QueryLanguage::JsonPath, StateType::Pass) => {
            &[Input, AfterInputPath, AfterParameters, Result, AfterResultPath, Assign, Output]
        }
        (QueryLanguage::JsonPath, StateType::Choice) => &[Input, AfterInputPath, Choice, Assign, Output],
        (QueryLanguage::JsonPath, StateType::Wait) => &[Input, AfterInputPath, Assign, Output],
        (QueryLanguage::JsonPath, StateType::Succeed) => &[Input, AfterInputPath, Output],
        (_, StateType::Fail) => &[Input],
        (QueryLanguage::Jsonata, StateType::Task | StateType::Parallel) => {
            &[Input, AfterArguments, Result, Assign, Output]
        }
        (QueryLanguage::Jsonata, StateType::Map) => {
            &[Input, AfterItemsPath, AfterItemSelector, Result, Assign, Output]
        }
        (QueryLanguage::Jsonata, StateType::Choice) => &[Input, Choice, Assign, Output],
        (QueryLanguage::Jsonata, StateType::Pass | StateType::Wait | StateType::Succeed) => {
            &[Input, Assign, Output]
        }
    }
}

pub(crate) fn find(step: &Step, name: StageName) -> Option<&Stage> {
    step.stages.iter().find(|it| it.name == name)
}

/// The user's choice holds until a stage fails at another step; else the last stage that did
/// something.
fn chosen_idx(
    names: &[StageName],
    stages: &[StageView],
    step: &Step,
    cursor: usize,
    chosen: Option<ChosenStage>,
) -> usize {
    let failed = stages.iter().position(|it| it.status == StageStatus::Failed);
    let by_user = chosen.and_then(|(at, name)| {
        let idx = names.iter().position(|it| *it == name)?;
        (at == cursor || (failed.is_none() && find(step, name).is_some())).then_some(idx)
    });
    let last_set = stages.iter().rposition(|it| it.status == StageStatus::Done);
    by_user.or(failed).or(last_set).unwrap_or(0)
}

/// The beginning and the end of the execution itself.
fn of_execution(step: &Step) -> DataFlowView {
    let note = Some(crate::studio::player::sentence(step));
    let Happening::ExecutionSucceeded { output } = &step.happening else {
        return DataFlowView { note, ..DataFlowView::default() };
    };
    let stage = StageView {
        title: "Output",
        question: "what the run gives",
        summary: short(output),
        status: StageStatus::Done,
        aws_name: "output",
    };
    DataFlowView { note, stages: vec![stage], after: plain(output), ..DataFlowView::default() }
}

fn stage_view(name: StageName, step: &Step, facts: &StateFacts) -> StageView {
    let (title, question) = words_of(name, facts);
    let is_set = |stage: &Stage| {
        stage.expression.is_some() || matches!(name, StageName::Input | StageName::Result | StageName::Choice)
    };
    let (status, summary) = match find(step, name) {
        Some(Stage { after: Err(error), .. }) => {
            let what = if error.name.is_empty() { &error.cause } else { &error.name };
            (StageStatus::Failed, format!("⨯ {}", cut(what, 40)))
        }
        Some(stage) if is_set(stage) => (StageStatus::Done, summary(stage)),
        Some(_) => (StageStatus::Unset, "passes through".to_owned()),
        None if is_unset(title, name, facts) => (StageStatus::Unset, "passes through".to_owned()),
        None => (StageStatus::NotReached, "not reached".to_owned()),
    };
    StageView { title, question, summary, status, aws_name: aws_name(name) }
}

/// A field that is not set does nothing, whether the run got there or not.
fn is_unset(title: &str, name: StageName, facts: &StateFacts) -> bool {
    let always = matches!(name, StageName::Input | StageName::Result | StageName::Choice);
    !always && !facts.fields.iter().any(|it| it == title)
}

fn summary(stage: &Stage) -> String {
    let Ok(after) = &stage.after else { return String::new() };
    match (stage.name, stage.expression.as_deref(), &**after) {
        (StageName::Choice, _, Value::Number(number)) => format!("rule {number}"),
        (StageName::Choice, _, _) => "otherwise".to_owned(),
        (
            StageName::AfterInputPath | StageName::AfterResultPath | StageName::Output,
            Some(Value::Null),
            _,
        ) => "null".to_owned(),
        (StageName::Result, _, value) => short(value),
        (_, Some(Value::String(text)), _) => cut(text, 24),
        (_, Some(Value::Object(_)), Value::Object(map)) => format!("{} built", map.len()),
        (_, _, value) => short(value),
    }
}

pub(crate) fn words_of(name: StageName, facts: &StateFacts) -> (&'static str, &'static str) {
    let jsonata = facts.language == QueryLanguage::Jsonata;
    match name {
        StageName::Input => ("Input", "what arrived"),
        StageName::AfterInputPath => ("InputPath", "WHAT part is used"),
        StageName::AfterItemsPath if jsonata => ("Items", "WHICH items"),
        StageName::AfterItemsPath => ("ItemsPath", "WHICH items"),
        StageName::AfterItemsPointer => ("ItemReader", "WHICH items"),
        StageName::AfterParameters => ("Parameters", "HOW it is shaped"),
        StageName::AfterArguments => ("Arguments", "HOW it is shaped"),
        StageName::AfterItemSelector => ("ItemSelector", "HOW each item is shaped"),
        StageName::AfterItemBatcher => ("ItemBatcher", "HOW items are gathered"),
        StageName::Result => match facts.state_type {
            Some(StateType::Task) => ("Task", "what came back"),
            Some(StateType::Parallel) => ("Branches", "what came back"),
            Some(StateType::Map) => ("ItemProcessor", "what came back"),
            _ => ("Result", "what takes its place"),
        },
        StageName::AfterResultSelector => ("ResultSelector", "WHAT is kept of it"),
        StageName::AfterResultPath => ("ResultPath", "WHERE it is put"),
        StageName::Choice => ("Choices", "WHICH way it goes"),
        StageName::Assign => ("Assign", "WHAT is remembered"),
        StageName::Output if jsonata => ("Output", "WHAT is passed on"),
        StageName::Output => ("OutputPath", "WHAT is passed on"),
    }
}

fn aws_name(name: StageName) -> &'static str {
    match name {
        StageName::Input => "input",
        StageName::AfterInputPath => "afterInputPath",
        StageName::AfterItemsPath => "afterItemsPath",
        StageName::AfterItemsPointer => "afterItemsPointer",
        StageName::AfterParameters => "afterParameters",
        StageName::AfterArguments => "afterArguments",
        StageName::AfterItemSelector => "afterItemSelector",
        StageName::AfterItemBatcher => "afterItemBatcher",
        StageName::Result => "result",
        StageName::AfterResultSelector => "afterResultSelector",
        StageName::AfterResultPath => "afterResultPath",
        StageName::Choice => "choice",
        StageName::Assign => "variables",
        StageName::Output => "output",
    }
}

fn title(step: &Step, facts: &StateFacts) -> String {
    let mut title = step.state.as_ref().map(|it| it.name()).unwrap_or_default();
    for place in &facts.strand {
        title.push_str(&format!(" · {place}"));
    }
    match facts.max_attempts {
        Some(max) if max > 1 => title.push_str(&format!(" · attempt {} of {max}", step.attempt)),
        _ if step.attempt > 1 => title.push_str(&format!(" · attempt {}", step.attempt)),
        _ => {}
    }
    title
}

pub(crate) fn expression_text(expression: &Value) -> String {
    match expression {
        Value::String(text) => text.clone(),
        other => format!("{other:#}"),
    }
}

fn error_words(error: &StatesError, stage: &Stage) -> String {
    let mut told = match (error.name.as_str(), error.cause.as_str()) {
        (name, "") => name.to_owned(),
        ("", cause) => cause.to_owned(),
        (name, cause) => format!("{name}: {cause}"),
    };
    if let Some(hint) = nearest_key(error, stage) {
        told.push_str(&format!(" · {hint}"));
    }
    told
}

/// “no key “totl” in $.order; did you mean “total”?”, for the first path of the cause or the
/// expression that leads nowhere.
fn nearest_key(error: &StatesError, stage: &Stage) -> Option<String> {
    let quoted = error.cause.split_once("'$").and_then(|(_, rest)| rest.split_once('\''));
    let path = match (quoted, stage.expression.as_deref()) {
        (Some((rest, _)), _) => format!("${rest}"),
        (None, Some(Value::String(text))) => text.clone(),
        _ => return None,
    };
    let mut at: &Value = &stage.before;
    let mut walked = "$".to_owned();
    for key in path.strip_prefix("$.")?.split('.') {
        let map = at.as_object()?;
        let plain = key.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-'));
        match map.get(key) {
            Some(value) => at = value,
            None if plain => {
                let near =
                    map.keys().filter(|it| distance(it, key) <= 2).min_by_key(|it| distance(it, key))?;
                return Some(format!("no key “{key}” in {walked}; did you mean “{near}”?"));
            }
            None => return None,
        }
        walked.push_str(&format!(".{key}"));
    }
    None
}

/// How many characters must be added, taken out or replaced; long words count as far apart.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    if a.len().abs_diff(b.len()) > 2 || a.len() > 80 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            left = (above + 1).min(left + 1).min(diagonal + usize::from(from != to));
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::sim::Happening;
    use crate::studio::player::tests::step;
    use serde_json::json;

    fn task() -> StateFacts {
        StateFacts {
            state_type: Some(StateType::Task),
            fields: ["Type", "InputPath", "ResultPath"].map(str::to_owned).to_vec(),
            ..StateFacts::default()
        }
    }

    fn stage(name: StageName, expression: Option<Value>, before: Value, after: Result<Value, &str>) -> Stage {
        Stage {
            name,
            expression: expression.map(Arc::new),
            field: Some(Arc::from("/States/A/InputPath")),
            before: Arc::new(before),
            after: after.map(Arc::new).map_err(|it| {
                Arc::new(StatesError { name: "States.Runtime".to_owned(), cause: it.to_owned() })
            }),
            read: None,
        }
    }

    fn view(stages: Vec<Stage>, chosen: Option<ChosenStage>) -> DataFlowView {
        let first = step("A", 1, &[], 0, Happening::Running);
        let step = Arc::new(Step { stages: Arc::new(stages), ..(*first).clone() });
        lens(Some(&step), 0, &task(), chosen, &|_| Some(7))
    }

    #[track_caller]
    fn check(view: &DataFlowView, expected: &[&str]) {
        let told: Vec<String> =
            view.stages.iter().map(|it| format!("{}: {}", it.title, it.summary)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn stages_keep_their_place_whether_set_reached_or_not() {
        let input = json!({"order": {"id": 1}});
        let view = view(
            vec![
                stage(StageName::Input, None, json!(null), Ok(input.clone())),
                stage(StageName::AfterInputPath, Some(json!("$.order")), input, Ok(json!({"id": 1}))),
                stage(StageName::AfterParameters, None, json!({"id": 1}), Ok(json!({"id": 1}))),
            ],
            None,
        );
        check(
            &view,
            &[
                "Input: 1 key",
                "InputPath: $.order",
                "Parameters: passes through",
                "Task: not reached",
                "ResultSelector: passes through",
                "ResultPath: not reached",
                "OutputPath: passes through",
            ],
        );
        assert_eq!((view.chosen, view.expression.as_str(), view.expression_line), (1, "$.order", Some(7)));
        assert_eq!(view.after.first().map(|it| it.words.as_str()), Some("moved from $.order"));
    }

    #[test]
    fn an_error_stands_at_its_stage_with_the_nearest_key() {
        let before = json!({"order": {"total": 90}});
        let cause = "The JSONPath '$.order.totl' specified for the field 'amount.$' could not be found";
        let view = view(
            vec![
                stage(StageName::Input, None, json!(null), Ok(before.clone())),
                stage(
                    StageName::AfterParameters,
                    Some(json!({"amount.$": "$.order.totl"})),
                    before,
                    Err(cause),
                ),
            ],
            Some((5, StageName::Input)),
        );
        assert_eq!(view.chosen, 2, "the failure is shown although another stage was chosen elsewhere");
        let error = view.error.unwrap();
        assert!(error.ends_with("no key “totl” in $.order; did you mean “total”?"), "{error}");
        assert!(view.after.is_empty() && !view.before.is_empty());
    }

    #[test]
    fn without_a_run_the_lens_says_how_to_get_one() {
        let view = lens(None, 0, &StateFacts::default(), None, &|_| None);
        assert_eq!(view.note.as_deref(), Some("Run to see what each step does to the data"));
    }
}
