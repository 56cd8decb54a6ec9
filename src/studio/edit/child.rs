//! States as a state machine of their own, which a Task calls and waits for; and back.
//!
//! The call gives its whole input and takes the `Output` of the answer, so data goes the same way
//! as before. Variables do not cross an execution, so states that share some with what stays are
//! refused.

use serde_json::{Map, Value, json};

use crate::asl::{Document, QueryLanguage, State, StateKind, StatePath};
use crate::json::{Style, value};
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::group::{Group, edge_words};
use crate::studio::edit::scene::{Kind, Scene, fresh_in};
use crate::studio::edit::take::{Taking, framed};
use crate::studio::edit::variables::{mentions, read_inside, read_outside};
use crate::studio::edit::wrap::{put_exit, replace_by, replace_group};
use crate::studio::edit::{Child, Plan, SelectAfter, refuse};

/// Starts a state machine, waits for its end and gives its output as JSON.
const RESOURCE: &str = "arn:aws:states:::states:startExecution.sync:2";
/// Stands for the region and account until somebody deploys.
const ARN_START: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:";
const MAX_MACHINE_NAME_CHARS: usize = 80;

type Machines<'m> = &'m dyn Fn(&str) -> Option<String>;

/// The states become the definition of a machine with this name, and a Task of this name calls it.
pub(super) fn extract(
    scene: &Scene,
    machines: Machines,
    states: &[StatePath],
    name: &str,
) -> Result<Plan, Refusal> {
    let group = Group::of(scene, states)?;
    let catcher = group.exits.iter().find(|it| it.kind == Kind::Catch);
    if let Some(catcher) = catcher {
        return refuse(format!(
            "{}, which stays behind, and no connection leaves a state machine; select that too, or remove the Catch first",
            edge_words(scene, catcher)
        ));
    }
    let (entry, exit) = (group.entry(scene)?, group.way_on(scene)?);
    check_alone(scene, &group)?;
    let machine_name = machine_name(name)?;
    let arn = format!("{ARN_START}{machine_name}");
    if machines(&arn).is_some() {
        return refuse(format!("There is already a state machine “{machine_name}”; choose another name"));
    }
    // The names of the states that go are free again.
    let mut taken = scene.names();
    let task = fresh_in(&mut taken, name.trim());
    let mut taking = Taking::new(scene, &group.members);
    taking.lead(&group.exits, &ConnectTo::End, &mut taken)?;
    let language = scene.machine.language;
    let mut definition = Map::new();
    if language == QueryLanguage::Jsonata {
        definition.insert("QueryLanguage".to_owned(), Value::from(language.as_str()));
    }
    definition.insert("StartAt".to_owned(), Value::from(entry.name.as_str()));
    definition.insert("States".to_owned(), json!({}));
    let style = Style::near(scene.tree, scene.states_node(group.scope)?);
    let mut text = framed(&style, &Value::Object(definition), "/States", &taking.finish()?);
    text.push_str(style.newline);
    let mut call = call(language, &arn);
    put_exit(&mut call, &exit);
    let edit = replace_group(scene, &group, (task.clone(), Value::Object(call)), "", Vec::new())?;
    let what = group.words();
    Ok(Plan {
        edit,
        label: format!("Extract {machine_name}"),
        said: format!("Made {what} the state machine “{machine_name}”, which “{task}” calls"),
        preview: format!("Make {what} the state machine “{machine_name}”"),
        select: SelectAfter::State(group.scope.path.state(&task)),
        child: Some(Child { arn, text }),
        ..Plan::default()
    })
}

/// Another execution has variables and a context of its own.
fn check_alone(scene: &Scene, group: &Group) -> Result<(), Refusal> {
    if let Some((variable, state)) = read_outside(scene, group) {
        return refuse(format!(
            "“{}” sets the variable “{variable}”, which is read outside; a child machine gives back its output only, so select its readers too",
            state.name
        ));
    }
    if let Some((variable, state)) = read_inside(scene, group) {
        return refuse(format!(
            "“{}” reads the variable “{variable}”, which is set outside; a child machine gets its input only, so select the state that sets it too",
            state.name
        ));
    }
    match mentions(scene, group, CONTEXT) {
        Some((word, state)) => refuse(format!(
            "“{}” reads {word}, which is another one in a child machine; put it into the input first",
            state.name
        )),
        None => Ok(()),
    }
}

/// What the context says of the execution and of the Map around, in both languages.
const CONTEXT: &[&str] = &[
    "$$.Execution",
    "$$.StateMachine",
    "$$.Map",
    "$states.context.Execution",
    "$states.context.StateMachine",
    "$states.context.Map",
];

/// A Task that gives its input to a machine and takes the machine's output.
fn call(language: QueryLanguage, arn: &str) -> Map<String, Value> {
    let fields = match language {
        QueryLanguage::JsonPath => json!({
            "Type": "Task",
            "Resource": RESOURCE,
            "Parameters": { "StateMachineArn": arn, "Input.$": "$" },
            "OutputPath": "$.Output"
        }),
        QueryLanguage::Jsonata => json!({
            "Type": "Task",
            "Resource": RESOURCE,
            "Arguments": { "StateMachineArn": arn, "Input": "{% $states.input %}" },
            "Output": "{% $states.result.Output %}"
        }),
    };
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The name of a state machine from what somebody typed. AWS allows no spaces and few signs.
fn machine_name(name: &str) -> Result<String, Refusal> {
    let allowed = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '+' | '!' | '(' | ')');
    let words = name.split(|it: char| !allowed(it)).filter(|it| !it.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    match name.chars().count() {
        0 => refuse("The new state machine needs a name, of letters, digits, - and _"),
        n if n > MAX_MACHINE_NAME_CHARS => refuse(format!(
            "The name of a state machine has at most {MAX_MACHINE_NAME_CHARS} characters, this one has {n}"
        )),
        _ => Ok(name),
    }
}

/// The states of the machine that a Task calls take its place, when the Task gives its input and
/// takes the output as they are.
pub(super) fn inline(scene: &Scene, machines: Machines, path: &StatePath) -> Result<Plan, Refusal> {
    let (_, state) = scene.intact(path)?;
    let arn = called_machine(scene, state)?;
    let Some(text) = machines(&arn) else {
        let name = arn.rsplit(':').next().unwrap_or_default();
        return refuse(format!(
            "The definition of “{name}” is not known here; open it, copy its states and paste them"
        ));
    };
    let document = Document::new(text, 0);
    if !document.is_intact() {
        return refuse("The text of the child machine is unfinished; mend it first");
    }
    let source = Scene::new(&document);
    let root = document.machine.scopes.first().map(|it| it.states.clone()).unwrap_or_default();
    let inside: Vec<StatePath> =
        root.iter().filter_map(|it| document.machine.state(*it)).map(|it| it.path.clone()).collect();
    if inside.is_empty() {
        return refuse("The child machine has no states yet");
    }
    let language = match (scene.machine.language, document.machine.language) {
        (QueryLanguage::JsonPath, QueryLanguage::Jsonata) => Some(QueryLanguage::Jsonata),
        (QueryLanguage::Jsonata, QueryLanguage::JsonPath) => {
            return refuse(
                "The child machine is in JSONPath and this workflow is in JSONata; convert the child first",
            );
        }
        _ => None,
    };
    let mut taken = scene.names();
    let replaced = replace_by(scene, state, &source, &inside, language, &mut taken)?;
    let paths: Vec<StatePath> = replaced.paths.into_iter().map(|(_, new)| new).collect();
    Ok(Plan {
        edit: replaced.edit,
        label: format!("Inline {}", state.name),
        said: format!("Put the states of the machine that “{}” called in its place", state.name),
        preview: format!("Put the states of the machine that “{}” calls in its place", state.name),
        select: SelectAfter::States(paths),
        ..Plan::default()
    })
}

/// The ARN that a Task calls with nothing but its input, taking nothing but the output.
fn called_machine(scene: &Scene, state: &State) -> Result<String, Refusal> {
    let resource = match &state.kind {
        StateKind::Task { resource: Some(resource) } => resource.as_str(),
        _ => "",
    };
    if resource != RESOURCE {
        return refuse(format!("“{}” does not call a state machine by startExecution.sync:2", state.name));
    }
    let written = value(scene.tree, state.node);
    let arguments = if state.language == QueryLanguage::Jsonata { "Arguments" } else { "Parameters" };
    let arn = written.get(arguments).and_then(|it| it.get("StateMachineArn")).and_then(Value::as_str);
    let Some(arn) = arn else {
        return refuse(format!(
            "“{}” does not say by a plain StateMachineArn which machine it calls",
            state.name
        ));
    };
    let plain = call(state.language, arn);
    let is_plain = |(name, value): (&String, &Value)| match name.as_str() {
        "Next" | "End" | "Comment" | "QueryLanguage" => true,
        name => plain.get(name) == Some(value),
    };
    let other = written.as_object().and_then(|it| it.iter().find(|it| !is_plain(*it)));
    let missing = plain.keys().find(|it| written.get(it.as_str()).is_none());
    match other.map(|it| it.0).or(missing) {
        Some(field) => refuse(format!(
            "The {field} of “{}” would be lost; only a call that gives its whole input and takes the Output can be inlined",
            state.name
        )),
        None => Ok(arn.to_owned()),
    }
}
