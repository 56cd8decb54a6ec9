//! Everything a user can do, as data. Menus, palette, buttons, keys and tests send the same
//! commands, and [`crate::studio::Studio::can`] answers for each whether it is possible now.

use serde::{Deserialize, Serialize};

use crate::asl::{EdgeKey, MachineType, ScopePath, StatePath, StateType};
use crate::flow::Orientation;
use crate::flow::walk::Direction;
use crate::json::keep;
use crate::sim::{CallId, SourceQuestion, StatesError};
use crate::text::{EditOrigin, TextEdit, TextRange};

/// One wish of the user, or one fact from the outside world.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    // The document.
    /// A change made in the code pane. Neighbouring typing within 500 ms undoes together.
    Type {
        edit: TextEdit,
        at_millis: u64,
    },
    Undo,
    Redo,
    /// Opens a text as a new document: pasted, dropped, read from a file.
    Open {
        name: String,
        text: String,
        from: OpenedFrom,
    },
    /// Opens one of our samples, given its two files.
    OpenSample {
        id: String,
        definition: String,
        mocks: String,
    },
    /// A new document with one Pass state.
    New,
    /// Opens again what was open before the last opening, and the other way round.
    BringBack,
    RenameFile {
        name: String,
    },
    /// Opens the definition of the machine that a Task calls, if it is known here. The present
    /// document waits.
    OpenChild {
        state: StatePath,
    },
    /// Back from a child to its parent, or so many levels up. Nothing is lost on the way.
    BackToParent {
        levels: usize,
    },

    // The graph. Kinds come from the palette.
    InsertOnEdge {
        edge: EdgeKey,
        template: Template,
    },
    AddAfter {
        state: StatePath,
        template: Template,
    },
    /// Into an empty or not yet filled branch or body, or unconnected into any scope.
    AddToScope {
        scope: ScopePath,
        template: Template,
    },
    AddBranch {
        state: StatePath,
    },
    /// Removes the state and joins its neighbours where that is unambiguous.
    Delete {
        state: StatePath,
    },
    Rename {
        state: StatePath,
        name: String,
    },
    /// Lets the end of a connection point at another state of the scope, or at the End.
    Reconnect {
        edge: EdgeKey,
        target: ConnectTo,
    },
    /// A new connection out of a state: its Next, a new rule of a Choice.
    Connect {
        state: StatePath,
        target: ConnectTo,
    },
    /// Takes the state out of its place, heals there, and puts it on the connection.
    MoveToEdge {
        state: StatePath,
        edge: EdgeKey,
    },
    MoveToScope {
        state: StatePath,
        scope: ScopePath,
    },
    MoveEarlier {
        state: StatePath,
    },
    MoveLater {
        state: StatePath,
    },
    Duplicate {
        state: StatePath,
    },
    /// Between everything that leads to a state (Start, Next, rules, catchers, loops back) and it.
    AddBefore {
        state: StatePath,
        template: Template,
    },
    /// As the target of a new rule of a Choice; goes on to where its Default leads, else ends.
    AddToChoice {
        state: StatePath,
        template: Template,
    },

    // Several states. Of states inside others that are selected too, the outer ones count.
    /// Removes the states and lets what led to them lead past them.
    DeleteStates {
        states: Vec<StatePath>,
    },
    /// Copies of them all, connected with each other as the originals are.
    DuplicateStates {
        states: Vec<StatePath>,
    },
    /// Hands them out as ASL: an object with `StartAt` and `States`, as [`Command::Paste`] takes it.
    CopyStates {
        states: Vec<StatePath>,
    },
    /// Copies and deletes them.
    CutStates {
        states: Vec<StatePath>,
    },
    /// Takes a chain out of its place, heals there, and puts it on the connection.
    MoveStates {
        states: Vec<StatePath>,
        edge: EdgeKey,
    },
    /// Takes a chain into another branch or body: to its end where it has one, else unconnected.
    MoveStatesToScope {
        states: Vec<StatePath>,
        scope: ScopePath,
    },
    /// They become the only branch of a new Parallel.
    WrapInParallel {
        states: Vec<StatePath>,
    },
    /// They become the body of a new Map.
    WrapInMap {
        states: Vec<StatePath>,
    },
    /// The states inside a Map, or a Parallel of one branch, take its place.
    Unwrap {
        state: StatePath,
    },
    /// They become a state machine of their own, which a Task calls by `startExecution.sync:2`.
    ExtractToChild {
        states: Vec<StatePath>,
        name: String,
    },
    /// The states of the machine that a Task calls take its place.
    InlineChild {
        state: StatePath,
    },
    /// Puts states that are given as text into the document: a definition, an object of states, a
    /// state with its name, or a state alone. Names are made unique.
    Paste {
        text: String,
        at: PasteAt,
    },

    // Rules and branches.
    /// One more rule of a Choice, which leads where its Default does until somebody changes that.
    AddRule {
        state: StatePath,
    },
    RemoveRule {
        state: StatePath,
        idx: usize,
    },
    MoveRule {
        state: StatePath,
        from: usize,
        to: usize,
    },
    RemoveBranch {
        state: StatePath,
        idx: usize,
    },
    MoveBranch {
        state: StatePath,
        from: usize,
        to: usize,
    },

    // The inspector. `owner` is the JSON Pointer of the object or array.
    /// Sets a member to a JSON text; a text that is not JSON is refused.
    SetField {
        owner: String,
        field: String,
        json: String,
    },
    RemoveField {
        owner: String,
        field: String,
    },
    /// Adds to the end of an array: a rule, a retrier, a catcher, an error name.
    AppendItem {
        owner: String,
        json: String,
    },
    RemoveItem {
        owner: String,
        idx: usize,
    },
    MoveItem {
        owner: String,
        from: usize,
        to: usize,
    },
    /// Puts a copy of an item behind it.
    DuplicateItem {
        owner: String,
        idx: usize,
    },
    /// Changes what a rule of a Choice asks for; `owner` is the pointer of the rule, or of a
    /// condition inside of it.
    ChangeCondition {
        owner: String,
        change: ConditionChange,
    },
    /// A change by a control that changes its value with each key: quick ones of the same field undo
    /// together, as typing does.
    Choose {
        command: Box<Command>,
        at_millis: u64,
    },
    /// Gives an object another text; only what differs is written. Text that is not JSON is refused.
    SetText {
        owner: String,
        json: String,
    },
    /// Applies a fix of the problem with this index in [`crate::studio::ProblemsView`].
    Fix {
        problem_idx: usize,
        /// Which of [`crate::studio::ProblemView::fixes`].
        fix_idx: usize,
    },
    /// Says the expressions of a state in JSONata instead of JSONPath, or of all states for `None`.
    /// What has no faithful translation is refused, or left as it is beside others.
    ConvertToJsonata {
        state: Option<StatePath>,
    },
    /// Lays the text out; only white space between tokens changes.
    Format,

    // Selection: one for all panes.
    Select {
        state: Option<StatePath>,
    },
    SelectEdge {
        edge: EdgeKey,
    },
    /// The last one is the primary one, which the panes show; without any nothing is selected.
    SelectMany {
        states: Vec<StatePath>,
    },
    /// Adds a state to what is selected, as the primary one, or takes it out.
    ToggleSelected {
        state: StatePath,
    },
    /// All states of the scope of the selected state, else of the machine.
    SelectAll,
    /// The caret of the code pane moved.
    SelectText {
        range: TextRange,
    },
    Walk(Direction),
    NextProblem,
    PreviousProblem,
    /// Shows the problem with this index, in the text and on the canvas.
    ShowProblem {
        problem_idx: usize,
    },

    // Runs.
    /// Computes a run of the chosen scenario and shows its first step.
    Run,
    /// Runs the same input and answers on the definition as it is now, up to the same place.
    RunAgainToHere,
    /// Goes on computing after [`crate::studio::Effect::Continue`].
    Compute,
    StopComputing,
    Player(PlayerCommand),
    /// Runs from this state on; input and variables are JSON texts.
    RunFrom {
        state: StatePath,
        input: String,
        variables: String,
    },
    /// Of several open calls, the one that the next commands are about.
    ChooseQuestion {
        call: CallId,
    },
    /// Answers the open call that is chosen, with a task token by SendTaskSuccess or SendTaskFailure.
    Answer {
        answer: AnswerInput,
    },
    /// SendTaskHeartbeat for the chosen open call.
    SendHeartbeat,
    /// GetActivityTask: a worker takes the chosen open call.
    TakeTask,
    /// Lets virtual time pass while calls stand open: so long, or until something happens.
    LetTimePass {
        millis: Option<u64>,
    },
    /// StopExecution, while the run waits for an answer.
    StopExecution,
    /// RedriveExecution: goes on from where the run failed.
    Redrive,
    /// Shows where this iteration, branch or child execution of the Map or Parallel at the cursor
    /// begins, counted from 0.
    GoToIteration {
        idx: usize,
    },
    /// Forgets what happened after the cursor and answers the call at the cursor in this way.
    AnswerDifferently {
        answer: AnswerInput,
    },
    /// Sets what a state answers in the chosen scenario; empty removes the mock.
    SetMock {
        state: String,
        answers: Vec<MockAnswer>,
    },

    // Scenarios.
    ChooseScenario {
        name: String,
    },
    AddScenario {
        name: String,
    },
    RenameScenario {
        name: String,
    },
    DeleteScenario,
    /// The input of the chosen scenario as JSON text; a text that is not JSON is refused.
    SetInput {
        json: String,
    },
    /// The stage shown in the data-flow lens, by its index in [`crate::studio::DataFlowView`].
    ChooseStage {
        idx: usize,
    },

    /// Shows what a part of the JSONata in the lens gave.
    Look(Look),

    // The workspace.
    Arrange(Arrangement),
    /// Closes a Map or Parallel to one box, or opens it again. How the picture is drawn is never
    /// part of the text.
    ToggleCollapse {
        state: StatePath,
    },
    CollapseAll,
    ExpandAll,
    SetOrientation(Orientation),
    SetTheme(Theme),
    /// Standard or Express: what AWS is told beside the definition.
    SetMachineType(MachineType),
    /// Lets the other source decide a question on which the sources disagree, or the default one.
    ChooseSource {
        question: SourceQuestion,
        other: bool,
    },

    // Files.
    Save,
    SaveAs,
    ExportAsl,
    ExportSvg,
    ExportPng,
    /// As a flowchart in the language of Mermaid.
    ExportMermaid,
    CopyAsl,
    /// The scenarios as a mock file.
    ExportMocks,
    /// The state machines that states were extracted to, a file each.
    ExportChildren,
    /// Time has passed for the player.
    Tick {
        elapsed_millis: u64,
    },
}

/// Where a text came from; decides the words of the announcement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum OpenedFrom {
    File,
    Drop,
    Paste,
    Recovery,
}

/// What the palette offers: a type with its first fields filled in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Template {
    pub state_type: StateType,
    /// Row of [`crate::studio::PALETTE`], for instance `wait` or `lambda:invoke`; an action may be
    /// waited for in another of its ways, as in `lambda:invoke.waitForTaskToken`. Of a snippet its
    /// text, which begins with `{`.
    pub id: String,
}

impl Command {
    /// What the command adds, if that comes from the palette.
    pub fn template(&self) -> Option<&Template> {
        match self {
            Command::InsertOnEdge { template, .. }
            | Command::AddAfter { template, .. }
            | Command::AddBefore { template, .. }
            | Command::AddToChoice { template, .. }
            | Command::AddToScope { template, .. } => Some(template),
            _ => None,
        }
    }

    /// How the history groups what the command does, and when it was done.
    pub(crate) fn origin(&self, label: &str) -> (EditOrigin, u64) {
        let label = label.to_owned();
        let Command::Choose { command, at_millis } = self else { return (EditOrigin::Command(label), 0) };
        let field = match &**command {
            // A way out is one field, whether it leads on or ends.
            Command::SetField { owner, field, .. } if field == "End" => format!("{owner}/Next"),
            Command::SetField { owner, field, .. } => format!("{owner}/{field}"),
            Command::ChangeCondition { owner, .. } => owner.clone(),
            _ => return (EditOrigin::Command(label), 0),
        };
        (EditOrigin::Choice { label, field }, *at_millis)
    }
}

/// The end of a new or moved connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConnectTo {
    /// A state of the same scope by its name.
    State(String),
    /// Ends the scope here.
    End,
}

/// Where pasted states go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PasteAt {
    /// Behind a state as its next ones; behind a Choice as one more way; behind a state without a
    /// way on unconnected.
    After(StatePath),
    /// Onto a connection.
    Edge(EdgeKey),
    /// Into a scope: as its first ones, else unconnected.
    Scope(ScopePath),
}

/// What becomes of a condition. Operators are the words of the States Language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConditionChange {
    /// Tests with another operator; an operand that fits it stays. And, Or or Not is put around a
    /// test, And and Or take each other's place.
    Operator(String),
    /// Puts it into a new And, Or or Not.
    Wrap(String),
    /// Puts the only condition of its And, Or or Not in its place.
    Unwrap,
    /// Adds a condition at the end of its And or Or, or beside it in a new one of this name.
    Add(String),
    /// Puts a copy behind it in the And or Or around it.
    Duplicate,
    /// Removes it; an And, Or or Not that would be left with one condition gives way to it.
    Remove,
}

/// Moves the cursor over a run. Data never changes when it moves.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum PlayerCommand {
    TogglePlay,
    Pause,
    Step,
    StepBack,
    /// Over what is inside a Map or Parallel.
    StepOver,
    StepOverBack,
    First,
    Last,
    SeekStep(usize),
    SeekMillis(u64),
    NextVisit,
    PreviousVisit,
    /// Playing speed as a factor: 1 shows about two steps a second.
    SetSpeed(f64),
    ToggleBreakpoint,
    /// Plays to the next breakpoint or the end.
    Continue,
}

/// Which part of the expressions in the data-flow lens is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// The one that was looked at before, if any: only finds the parts.
    Over,
    /// The smallest part at this byte of [`crate::studio::DataFlowView::expression`].
    At {
        offset: usize,
    },
    /// In the order in which parts begin.
    Next,
    Previous,
    /// The part around it.
    Wider,
    /// The first part inside of it.
    Narrower,
}

/// What a call answers, as typed by the user.
#[derive(Clone, PartialEq, Debug)]
pub enum AnswerInput {
    /// JSON text.
    Succeed(String),
    Fail(StatesError),
    TimeOut,
}

/// One row of a mock: which calls it is for, counted from 0 over the execution as in
/// MockConfigFile, and the answer.
#[derive(Clone, PartialEq, Debug)]
pub struct MockAnswer {
    pub first: u32,
    /// `None`: this and all later ones.
    pub last: Option<u32>,
    pub answer: AnswerInput,
}

/// How the panes are laid out. Not a mode: every feature works in each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Arrangement {
    #[default]
    Build,
    Run,
    Present,
}
keep! { enum Arrangement { Build, Run, Present } else Build }

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}
keep! { enum Theme { System, Light, Dark } else System }

/// Why something cannot be done: a sentence for the user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal(pub String);
