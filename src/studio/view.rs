//! What there is to see, as plain data: numbers and strings that could be sent over a wire. Views
//! compare by value, so an unchanged one reaches no pixel.

use std::sync::Arc;

use crate::asl::{EdgeKey, MachineType, Severity, StatePath};
use crate::flow::{EdgeKind, Orientation, Point, Rect, Shape};
use crate::sim::Sources;
use crate::studio::call_view::{IterationView, OpenCallView, QuestionView, StartedView};
use crate::studio::command::{Arrangement, MockAnswer, Theme};
use crate::text::TextRange;

/// The canvas without any run.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct GraphView {
    pub nodes: Vec<NodeView>,
    pub edges: Vec<EdgeView>,
    pub size: Rect,
    /// Where the flow goes; new connections leave below or to the right.
    pub orientation: Orientation,
    /// “Paste a definition…” when there is nothing to draw.
    pub empty: Option<String>,
}

/// One shape on the canvas. Nodes come in reading order, a frame before what it holds.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeView {
    /// `NodeKey` as text: stable while the state keeps its name and place.
    pub key: String,
    /// The state it stands for; none for Start, End and missing targets.
    pub state: Option<StatePath>,
    /// Key of the Parallel or Map around it.
    pub parent: Option<String>,
    pub shape: Shape,
    pub title: String,
    /// Name of a symbol of the icon sprite, for instance `lambda`.
    pub icon: &'static str,
    /// Small muted words: the service called, “2 branches”, “for each item, 4 at a time”.
    pub subtitle: String,
    pub rect: Rect,
    /// It is drawn as a frame with a header of 32 px around its inner nodes.
    pub frame: bool,
    /// It is a Map or Parallel drawn as one closed box, with “3 branches, 12 states inside” as its
    /// subtitle; what it holds is not in the view.
    pub collapsed: bool,
    /// `3` for a badge “↻ 3”.
    pub retry_badge: Option<u64>,
    pub problems: Option<(Severity, usize)>,
    /// “unfinished text, line 42” on a damaged state.
    pub damaged: Option<String>,
    /// The whole sentence for a screen reader.
    pub sentence: String,
    /// `aria-level`, `aria-posinset`, `aria-setsize`.
    pub level: u32,
    pub position: u32,
    pub set_size: u32,
}

/// One connection on the canvas.
#[derive(Clone, PartialEq, Debug)]
pub struct EdgeView {
    pub key: EdgeKey,
    pub from: String,
    pub to: String,
    pub kind: EdgeKind,
    pub points: Vec<Point>,
    pub label: String,
    pub label_at: Point,
    /// The number in the circle of a Choice rule, from 1.
    pub rule_number: Option<usize>,
    /// Where the `+` sits; none where nothing can be inserted.
    pub insert_at: Option<Point>,
    /// “From In stock? to Charge card when total > 500”.
    pub sentence: String,
}

/// What is selected, for all panes.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SelectionView {
    /// Of several states the primary one.
    pub state: Option<StatePath>,
    /// The state whose node shows the selection: the one selected, or the collapsed frame around it.
    pub shown: Option<StatePath>,
    /// The states that are selected besides the primary one.
    pub others: Vec<StatePath>,
    pub edge: Option<EdgeKey>,
    /// Lines of the selected state in the text, from 1, inclusive.
    pub lines: Option<(usize, usize)>,
    /// The bytes of the selected state in the text.
    pub range: Option<TextRange>,
}

/// The text for the code pane and facts about the document.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DocumentView {
    pub revision: u64,
    pub text: Arc<str>,
    pub file_name: String,
    pub language: &'static str,
    pub n_states: usize,
    /// “Undo Insert Wait”; none when there is nothing to undo.
    pub undo: Option<String>,
    pub redo: Option<String>,
    /// The workflows that wait while this child is open, the outermost first.
    pub parents: Vec<String>,
    /// What was saved to a file is what is shown.
    pub saved: bool,
}

/// Everything wrong, sorted by place.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ProblemsView {
    pub problems: Vec<ProblemView>,
    pub n_errors: usize,
    pub n_warnings: usize,
}

/// One problem.
#[derive(Clone, PartialEq, Debug)]
pub struct ProblemView {
    pub severity: Severity,
    pub code: &'static str,
    pub message: String,
    pub hint: Option<String>,
    /// The state it is in, if it is in one.
    pub state: Option<StatePath>,
    /// From 1.
    pub line: usize,
    pub column: usize,
    pub range: TextRange,
    /// It is about the inside of an expression, at the place of a few characters.
    pub in_expression: bool,
    /// The verb phrases of the fixes to choose from, the likeliest first.
    pub fixes: Vec<String>,
}

/// The selected state as a form.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct InspectorView {
    pub state: Option<StatePath>,
    pub title: String,
    pub type_name: String,
    pub icon: &'static str,
    pub language: &'static str,
    pub groups: Vec<FieldGroup>,
    /// Fields that could be added, with their help.
    pub addable: Vec<AddableField>,
    /// “lines 41–66”.
    pub lines: String,
    /// What to say when nothing is selected, or why the form cannot be shown.
    pub note: Option<String>,
}

/// Fields that belong together, for instance “Input”.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct FieldGroup {
    pub title: &'static str,
    /// “2 fields set”, “1 retrier, 1 catcher”.
    pub summary: String,
    pub fields: Vec<FieldView>,
    /// Variables that the state can read, each with the first state that sets it.
    pub variables: Vec<(String, String)>,
}

/// One field that is set (or required).
#[derive(Clone, PartialEq, Debug)]
pub struct FieldView {
    /// Pointer of the object that holds it.
    pub owner: String,
    /// The word of the States Language.
    pub name: String,
    /// The plain word above the control, for instance “Calls” for Resource.
    pub label: &'static str,
    pub help: &'static str,
    pub control: Control,
    pub required: bool,
    /// Set in the text. A required field that is missing is shown with `false`.
    pub present: bool,
    /// Messages of problems at this field.
    pub problems: Vec<String>,
}

/// A field that is not set.
#[derive(Clone, PartialEq, Debug)]
pub struct AddableField {
    pub owner: String,
    pub name: &'static str,
    pub label: &'static str,
    pub group: &'static str,
    pub help: &'static str,
    /// JSON text of a sensible first value.
    pub example: String,
}

/// Which control shows a field, with its present value.
#[derive(Clone, PartialEq, Debug)]
pub enum Control {
    /// The name of the state: sends Rename.
    Name(String),
    /// One line of text; written as a JSON string.
    Text(String),
    /// Several lines of text; written as a JSON string.
    Comment(String),
    /// A JSONPath, reference path or `{% %}` expression; written as a JSON string, `null` allowed.
    Path {
        text: String,
        null: bool,
    },
    /// A number as spelled in the text (or an expression in quotes); JSON text.
    Number(String),
    Flag(bool),
    /// Standard or Express: sends SetMachineType.
    MachineType(MachineType),
    /// One of these words.
    Word {
        value: String,
        words: Vec<String>,
    },
    /// A state of the same scope, or the end.
    Target {
        value: String,
        ends: bool,
        states: Vec<String>,
        can_end: bool,
    },
    /// A Task's Resource; what it calls in words, and what can be chosen.
    Resource {
        text: String,
        /// “SQS · send message · waits for the token”.
        words: String,
        /// What can be chosen of it, from the service to how it is waited for.
        picks: Vec<PickView>,
    },
    /// Error names: chips, with suggestions.
    Errors {
        names: Vec<String>,
        suggestions: Vec<String>,
    },
    /// Any JSON: a small code field.
    Json(String),
    /// The text of the whole state: sends SetText.
    Definition(String),
    /// What a rule of a Choice asks for: its tests line by line, those of And, Or and Not behind it.
    Conditions(Vec<ConditionView>),
    /// An array of objects, each with its own fields: rules, retriers, catchers.
    Items {
        items: Vec<ItemView>,
        add_label: &'static str,
        example: String,
    },
    /// An object with its own fields: ProcessorConfig, Credentials.
    Group {
        fields: Vec<FieldView>,
        addable: Vec<AddableField>,
    },
}

/// One line of a condition: a test, or And, Or, Not above what they combine.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConditionView {
    /// Pointer of the object.
    pub pointer: String,
    /// How many And, Or and Not are around it.
    pub depth: usize,
    /// Name of the operator; empty as long as there is none.
    pub operator: String,
    /// It combines the lines below it that are deeper.
    pub combines: bool,
    /// Its place in the And or Or around it, and how many conditions that has.
    pub place: Option<(usize, usize)>,
    /// The variable and the operand, and what else is set.
    pub fields: Vec<FieldView>,
}

/// A menu of whole values for one field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PickView {
    pub label: &'static str,
    /// Value of the field, and words.
    pub options: Vec<(String, String)>,
    pub chosen: String,
}

/// What a retrier does, for a drawing.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RetryView {
    /// Seconds after the first failure at which each new attempt starts, at the latest.
    pub attempts_at_secs: Vec<f64>,
    /// There are more attempts than these.
    pub goes_on: bool,
    /// From this attempt on (counted from 0) the longest wait allowed is what counts.
    pub capped_from: Option<usize>,
    /// Every wait is a random part of the computed one.
    pub jitter: bool,
    /// What happens when the last attempt fails too: “then “Card.Declined” goes to “Refund””.
    pub ends: String,
}

/// One object of an array, folded to a line or opened to a form.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemView {
    /// Pointer of the object.
    pub pointer: String,
    /// “Card.Declined → Refund”, “total > 500 → Manager approval”, “Busy: 3 times after 2 s, ×2”.
    pub summary: String,
    pub fields: Vec<FieldView>,
    pub addable: Vec<AddableField>,
    pub retry: Option<RetryView>,
}

/// How a node looks in a run. Sign, border and words go with every color.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Status {
    #[default]
    NotReached,
    Running,
    Waiting,
    Succeeded,
    /// Failed and is being repeated, or was repeated and then succeeded.
    Retried,
    Caught,
    Failed,
    Aborted,
}

impl Status {
    /// The sign that goes with the color, without the number of an attempt.
    pub fn sign(self) -> &'static str {
        match self {
            Status::NotReached => "",
            Status::Running => "▶",
            Status::Waiting => "◷",
            Status::Succeeded => "✓",
            Status::Retried => "↻",
            Status::Caught => "⚡",
            Status::Failed => "⨯",
            Status::Aborted => "⊘",
        }
    }
}

/// The run on the canvas at the cursor. Keyed by node key and edge key.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct MarksView {
    pub nodes: Vec<(String, NodeMark)>,
    /// How often each connection was travelled.
    pub edges: Vec<(EdgeKey, u32)>,
    /// Connections travelled by the step at the cursor.
    pub just_followed: Vec<EdgeKey>,
}

/// The run on one node.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NodeMark {
    pub status: Status,
    /// `✓`, `⨯`, `↻2`, …; and the same in words.
    pub sign: String,
    pub words: String,
    /// The step at the cursor is about this node.
    pub current: bool,
    /// `✓ 7 ⨯ 1 ▶ 2` on a Map or Parallel: succeeded, failed, running.
    pub counts: Option<(u32, u32, u32)>,
}

/// The transport.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PlayerView {
    /// There is a run.
    pub run: bool,
    /// Index of the step at the cursor.
    pub step: usize,
    pub n_steps: usize,
    /// Virtual time at the cursor.
    pub at_millis: u64,
    /// “00:00:04.900”.
    pub clock: String,
    pub playing: bool,
    pub speed: f64,
    /// “Step 7: Charge card failed with Card.Declined, retrying in 4 s”.
    pub sentence: String,
    /// The run has ended, with this status word (`SUCCEEDED`, `FAILED`, `TIMED_OUT`).
    pub ended: Option<&'static str>,
    /// Still computing; so many steps so far.
    pub computing: Option<usize>,
    /// The run is older than the definition, or was made with another input or other answers.
    pub stale: bool,
    /// What cannot be run, in a sentence each.
    pub refused: Vec<String>,
    pub breakpoints: Vec<StatePath>,
    /// The chosen one of the open questions, shown beside the node.
    pub question: Option<QuestionView>,
    /// All open questions, in the order in which the calls went out.
    pub questions: Vec<OpenCallView>,
    /// The iteration, branch or child execution at the cursor.
    pub iteration: Option<IterationView>,
    /// The execution that the call at the cursor started.
    pub started: Option<Arc<StartedView>>,
    /// Where the run differs from what its scenario expects, in a sentence each: none when it does
    /// as expected. Nothing where nothing is expected, or the run has not come to its end.
    pub differences: Option<Arc<Vec<String>>>,
    /// “Answer differently” is possible at the cursor.
    pub can_answer_differently: bool,
}

/// States as lanes over virtual time.
#[derive(Clone, Debug, Default)]
pub struct TimelineView {
    pub lanes: Arc<[LaneView]>,
    /// Marks of the time axis: fraction of the width and words.
    pub ticks: Vec<(f64, String)>,
    /// Fraction of the width where the cursor stands.
    pub cursor: f64,
    /// Fractions where idle time is cut short, with the time left out in words.
    pub breaks: Vec<(f64, String)>,
    /// Where each step stands, as fractions that never decrease: to scrub, look for the last one
    /// at or before the pointer and seek that step.
    pub positions: Arc<[f64]>,
}

// The cursor moves far more often than the lanes change, and unchanged lanes are shared.
impl PartialEq for TimelineView {
    fn eq(&self, other: &TimelineView) -> bool {
        self.cursor == other.cursor
            && (Arc::ptr_eq(&self.lanes, &other.lanes) || self.lanes == other.lanes)
            && (Arc::ptr_eq(&self.positions, &other.positions) || self.positions == other.positions)
            && self.ticks == other.ticks
            && self.breaks == other.breaks
    }
}

/// One lane.
#[derive(Clone, PartialEq, Debug)]
pub struct LaneView {
    pub state: StatePath,
    pub title: String,
    /// Lanes of a Map or Parallel's inner states are indented.
    pub level: u32,
    pub bars: Vec<BarView>,
}

/// A stretch of a lane.
#[derive(Clone, PartialEq, Debug)]
pub struct BarView {
    /// Fractions of the width.
    pub from: f64,
    pub to: f64,
    pub kind: BarKind,
    /// “2 s” on a wait, “attempt 2 failed with Card.Declined”.
    pub words: String,
    /// Step to go to when it is chosen.
    pub step: usize,
}

/// What a stretch shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BarKind {
    /// An attempt, with how it ended.
    Attempt(Status),
    /// Backoff between attempts.
    Backoff,
    /// A Wait state, or a call waiting for its token.
    Idle,
}

/// The events AWS would have logged, up to the end of the run.
#[derive(Clone, Debug, Default)]
pub struct EventsView {
    /// Shared, because a run may have 25,000 of them.
    pub rows: Arc<[EventRow]>,
    /// Index of the first row after the cursor.
    pub cursor: usize,
}

impl PartialEq for EventsView {
    fn eq(&self, other: &EventsView) -> bool {
        self.cursor == other.cursor && (Arc::ptr_eq(&self.rows, &other.rows) || self.rows == other.rows)
    }
}

/// One event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventRow {
    pub id: u64,
    pub previous: u64,
    pub type_name: &'static str,
    pub state: String,
    pub clock: String,
    /// Its details as one line of JSON, shortened.
    pub details: String,
    pub step: usize,
}

/// The data-flow lens for the step at the cursor.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DataFlowView {
    pub state: Option<StatePath>,
    /// “Charge card · attempt 2 of 4”.
    pub title: String,
    pub stages: Vec<StageView>,
    pub chosen: usize,
    /// The chosen stage's data.
    pub before: Vec<DataLine>,
    pub after: Vec<DataLine>,
    /// The field's text, pretty-printed; empty when unset.
    pub expression: String,
    /// Line of the text where the field stands.
    pub expression_line: Option<usize>,
    /// The error of the stage, with the nearest key where one is known.
    pub error: Option<String>,
    /// What to say when there is nothing to show.
    pub note: Option<String>,
}

/// One stage in the strip.
#[derive(Clone, PartialEq, Debug)]
pub struct StageView {
    /// The word of the States Language, for instance `InputPath`; `Task` for the call.
    pub title: &'static str,
    /// “what arrived”, “WHAT part”, “HOW shaped”, …
    pub question: &'static str,
    /// “6 keys”, “$.order”, “3 built”, “⨯ Card.Declined”, “not reached”.
    pub summary: String,
    pub status: StageStatus,
    /// AWS's name in inspectionData, for instance `afterInputPath`.
    pub aws_name: &'static str,
}

/// How far a stage came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StageStatus {
    /// The field is not set: the data passes through.
    Unset,
    Done,
    Failed,
    NotReached,
}

/// One line of shown data.
#[derive(Clone, PartialEq, Debug)]
pub struct DataLine {
    pub depth: u32,
    pub text: String,
    /// JSON Pointer of the value on this line.
    pub pointer: String,
    pub mark: DataMark,
    /// “added”, “removed”, “changed from 3”, “moved from $.order.total”; empty when kept.
    pub words: String,
}

/// What happened to a line of data.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum DataMark {
    #[default]
    Kept,
    Added,
    Removed,
    Changed,
    Moved,
}

/// Scenarios and the chosen one's input and mocks.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ScenariosView {
    pub names: Vec<String>,
    pub chosen: String,
    pub note: String,
    pub input: String,
    /// Every Task of the machine, in reading order.
    pub mocks: Vec<MockView>,
}

/// What one Task answers.
#[derive(Clone, PartialEq, Debug)]
pub struct MockView {
    pub state: String,
    pub path: StatePath,
    pub calls: String,
    /// Empty: it asks.
    pub answers: Vec<MockAnswer>,
}

/// The frame around everything.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct WorkspaceView {
    pub arrangement: Arrangement,
    pub theme: Theme,
    pub orientation: Orientation,
    /// Whom runs follow where the sources disagree.
    pub sources: Sources,
    /// Nothing is open yet: show the welcome.
    pub welcome: bool,
    /// One line about what is open: “JSONPath · 9 states · 1 problem”.
    pub status_line: String,
    /// A refused or explained action near its place, e.g. “Took the definition out of `Resources.X`”.
    pub notice: Option<String>,
}
