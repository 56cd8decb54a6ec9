//! The rows of the table of actions.

use crate::asl::StatePath;
use crate::flow::Orientation;
use crate::flow::walk::Direction;
use crate::studio::actions::Place::{Anywhere, Graph, Run};
use crate::studio::actions::{Act, Action, Dialog, Key, Place, Situation};
use crate::studio::command::{Arrangement, Command, PlayerCommand, Theme};
use crate::studio::edge_actions::{moved, removed};

macro_rules! act {
    (|$s:ident| $body:expr) => {
        Act::Do(|$s: &Situation| $body)
    };
    ($command:expr) => {
        Act::Do(|_: &Situation| Some($command))
    };
}

macro_rules! with_state {
    (|$state:ident| $command:expr) => {
        Act::Do(|s: &Situation| s.selection.state.clone().map(|$state| $command))
    };
}

/// For the primary state alone, or for all when several are selected.
macro_rules! with_states {
    (|$states:ident| $command:expr) => {
        Act::Do(|s: &Situation| selected(s).map(|$states| $command))
    };
    (|$states:ident| $several:expr, |$state:ident| $one:expr) => {
        Act::Do(|s: &Situation| match (selected(s)?, s.selection.others.is_empty()) {
            ($states, false) => Some($several),
            (mut only, true) => only.pop().map(|$state| $one),
        })
    };
}

/// For the selected connection, else what is done with states.
macro_rules! with_edge_or {
    (|$edge:ident| $of_edge:expr, |$s:ident| $of_states:expr) => {
        Act::Do(|$s: &Situation| match &$s.selection.edge {
            Some($edge) => $of_edge,
            None => $of_states,
        })
    };
}

/// All states selected, the primary one last.
fn selected(situation: &Situation) -> Option<Vec<StatePath>> {
    let primary = situation.selection.state.clone()?;
    Some(situation.selection.others.iter().cloned().chain([primary]).collect())
}

const fn row(id: &'static str, label: &'static str, keys: &'static [Key], place: Place, act: Act) -> Action {
    Action { id, label, keys, place, act }
}

/// All actions, in the order of the palette.
pub const ACTIONS: &[Action] = &[
    row("palette", "Search or do…", &[Key::ctrl("k")], Anywhere, Act::Ask(Dialog::Palette)),
    row("keys", "Keys that work here", &[Key::plain("?")], Run, Act::Ask(Dialog::Keys)),
    row("undo", "Undo", &[Key::ctrl("z")], Anywhere, act!(Command::Undo)),
    row("redo", "Redo", &[Key::ctrl_shift("z"), Key::ctrl("y")], Anywhere, act!(Command::Redo)),
    row("new", "New workflow", &[], Anywhere, act!(Command::New)),
    row("bring-back", "Bring back what was open before", &[], Anywhere, act!(Command::BringBack)),
    row("open", "Open file…", &[Key::ctrl("o")], Anywhere, Act::Ask(Dialog::OpenFile)),
    row("samples", "Open a sample…", &[], Anywhere, Act::Ask(Dialog::Samples)),
    row("save", "Save file", &[Key::ctrl("s")], Anywhere, act!(Command::Save)),
    row("save-as", "Save file as…", &[Key::ctrl_shift("s")], Anywhere, act!(Command::SaveAs)),
    row("export-asl", "Download the definition", &[], Anywhere, act!(Command::ExportAsl)),
    row("copy-asl", "Copy the definition", &[], Anywhere, act!(Command::CopyAsl)),
    row("export-mocks", "Download the scenarios as a mock file", &[], Anywhere, act!(Command::ExportMocks)),
    row(
        "export-children",
        "Download the extracted child machines",
        &[],
        Anywhere,
        act!(Command::ExportChildren),
    ),
    row("export-svg", "Download the picture as SVG", &[], Anywhere, act!(Command::ExportSvg)),
    row("export-png", "Download the picture as PNG", &[], Anywhere, act!(Command::ExportPng)),
    row("export-mermaid", "Download as a Mermaid flowchart", &[], Anywhere, act!(Command::ExportMermaid)),
    row("format", "Format the definition", &[Key::ctrl_shift("f")], Anywhere, act!(Command::Format)),
    row("convert", "Convert the machine to JSONata…", &[], Anywhere, Act::Ask(Dialog::ConvertMachine)),
    row("convert-state", "Convert the state to JSONata…", &[], Anywhere, Act::Ask(Dialog::ConvertState)),
    row("bench", "Try an expression", &[], Anywhere, Act::Ask(Dialog::Bench)),
    row("find", "Find in the text", &[Key::ctrl("f")], Anywhere, Act::Ask(Dialog::FindInText)),
    row("next-pane", "Next pane", &[Key::plain("F6")], Anywhere, Act::Ask(Dialog::NextPane)),
    row("previous-pane", "Previous pane", &[Key::shift("F6")], Anywhere, Act::Ask(Dialog::PreviousPane)),
    row("next-problem", "Next problem", &[Key::plain("F4")], Anywhere, act!(Command::NextProblem)),
    row(
        "previous-problem",
        "Previous problem",
        &[Key::shift("F4")],
        Anywhere,
        act!(Command::PreviousProblem),
    ),
    row("sources", "Where the sources disagree…", &[], Anywhere, Act::Ask(Dialog::Sources)),
    row("build", "Arrange for building", &[], Anywhere, act!(Command::Arrange(Arrangement::Build))),
    row("run-view", "Arrange for running", &[], Anywhere, act!(Command::Arrange(Arrangement::Run))),
    row("theme-light", "Light theme", &[], Anywhere, act!(Command::SetTheme(Theme::Light))),
    row("theme-dark", "Dark theme", &[], Anywhere, act!(Command::SetTheme(Theme::Dark))),
    row("theme-system", "Theme of the system", &[], Anywhere, act!(Command::SetTheme(Theme::System))),
    row(
        "close",
        "Close, cancel, back to the graph",
        &[Key::plain("Escape")],
        Anywhere,
        Act::Ask(Dialog::Close),
    ),
    // The graph.
    row("walk-next", "Next state", &[Key::plain("ArrowDown")], Graph, act!(Command::Walk(Direction::Next))),
    row(
        "walk-previous",
        "Previous state",
        &[Key::plain("ArrowUp")],
        Graph,
        act!(Command::Walk(Direction::Previous)),
    ),
    row(
        "walk-right",
        "Sibling branch after",
        &[Key::plain("ArrowRight")],
        Graph,
        act!(Command::Walk(Direction::SiblingAfter)),
    ),
    row(
        "walk-left",
        "Sibling branch before",
        &[Key::plain("ArrowLeft")],
        Graph,
        act!(Command::Walk(Direction::SiblingBefore)),
    ),
    row(
        "walk-into",
        "Into the Map or Parallel",
        &[Key::shift("ArrowDown")],
        Graph,
        act!(Command::Walk(Direction::Into)),
    ),
    row(
        "walk-out",
        "Out of the Map or Parallel",
        &[Key::shift("ArrowUp")],
        Graph,
        act!(Command::Walk(Direction::OutOf)),
    ),
    row("add-after", "Add after…", &[Key::plain("a")], Graph, Act::Ask(Dialog::AddAfter)),
    row("add-before", "Add before…", &[Key::shift("a")], Graph, Act::Ask(Dialog::AddBefore)),
    row("add-inside", "Add inside…", &[Key::plain("i")], Graph, Act::Ask(Dialog::AddInside)),
    row("connect", "Connect to…", &[Key::plain("c")], Graph, Act::Ask(Dialog::ConnectTo)),
    row("go-to-target", "Go to target…", &[Key::plain("g")], Graph, Act::Ask(Dialog::GoToTarget)),
    row("select-edge", "Select a connection…", &[Key::plain("e")], Graph, Act::Ask(Dialog::SelectEdge)),
    row("move-to", "Move to another place…", &[Key::shift("m")], Graph, Act::Ask(Dialog::MoveTo)),
    row("edit", "Edit in the inspector", &[Key::plain("Enter")], Graph, Act::Ask(Dialog::EditInInspector)),
    row("save-snippet", "Save as snippet…", &[], Anywhere, Act::Ask(Dialog::Snippets)),
    row("settings", "Settings of the workflow", &[], Anywhere, act!(Command::Select { state: None })),
    row("rename", "Rename", &[Key::plain("F2")], Graph, Act::Ask(Dialog::Rename)),
    row(
        "delete",
        "Delete and heal",
        &[Key::plain("Delete"), Key::plain("Backspace")],
        Graph,
        with_edge_or!(|edge| removed(edge), |s| {
            let mut states = selected(s)?;
            match s.selection.others.is_empty() {
                false => Some(Command::DeleteStates { states }),
                true => states.pop().map(|state| Command::Delete { state }),
            }
        }),
    ),
    row(
        "duplicate",
        "Duplicate",
        &[Key::ctrl("d")],
        Graph,
        with_states!(|states| Command::DuplicateStates { states }, |state| Command::Duplicate { state }),
    ),
    row(
        "copy",
        "Copy as ASL",
        &[Key::ctrl("c")],
        Graph,
        with_states!(|states| Command::CopyStates { states }),
    ),
    row("cut", "Cut as ASL", &[Key::ctrl("x")], Graph, with_states!(|states| Command::CutStates { states })),
    row("paste", "Paste ASL", &[Key::ctrl("v")], Graph, Act::Ask(Dialog::Paste)),
    row("select-all", "Select all states of the scope", &[Key::ctrl("a")], Graph, act!(Command::SelectAll)),
    row(
        "select-also",
        "Select this state too, or no longer",
        &[Key::shift(" ")],
        Graph,
        Act::Ask(Dialog::SelectAlso),
    ),
    row(
        "context-menu",
        "What can be done here",
        &[Key::shift("F10"), Key::plain("ContextMenu")],
        Graph,
        Act::Ask(Dialog::ContextMenu),
    ),
    row(
        "wrap-in-parallel",
        "Wrap in Parallel",
        &[],
        Graph,
        with_states!(|states| Command::WrapInParallel { states }),
    ),
    row("wrap-in-map", "Wrap in Map", &[], Graph, with_states!(|states| Command::WrapInMap { states })),
    row("unwrap", "Unwrap", &[], Graph, with_state!(|state| Command::Unwrap { state })),
    row("extract", "Extract to a child machine…", &[], Graph, Act::Ask(Dialog::Extract)),
    row(
        "inline",
        "Inline the child machine",
        &[],
        Graph,
        with_state!(|state| Command::InlineChild { state }),
    ),
    row(
        "open-child",
        "Open the child machine",
        &[],
        Graph,
        with_state!(|state| Command::OpenChild { state }),
    ),
    row(
        "back-to-parent",
        "Back to the parent workflow",
        &[],
        Anywhere,
        act!(Command::BackToParent { levels: 1 }),
    ),
    row(
        "move-earlier",
        "Move earlier",
        &[Key::ctrl("ArrowUp")],
        Graph,
        with_edge_or!(|edge| moved(edge, false), |s| {
            s.selection.state.clone().map(|state| Command::MoveEarlier { state })
        }),
    ),
    row(
        "move-later",
        "Move later",
        &[Key::ctrl("ArrowDown")],
        Graph,
        with_edge_or!(|edge| moved(edge, true), |s| {
            s.selection.state.clone().map(|state| Command::MoveLater { state })
        }),
    ),
    row("add-rule", "Add a rule", &[], Graph, with_state!(|state| Command::AddRule { state })),
    row("add-branch", "Add a branch", &[], Graph, with_state!(|state| Command::AddBranch { state })),
    row(
        "collapse",
        "Collapse or expand",
        &[Key::plain("z")],
        Graph,
        with_state!(|state| Command::ToggleCollapse { state }),
    ),
    row("collapse-all", "Collapse all", &[Key::shift("z")], Graph, act!(Command::CollapseAll)),
    row("expand-all", "Expand all", &[Key::shift("e")], Graph, act!(Command::ExpandAll)),
    row(
        "draw-right",
        "Draw from left to right",
        &[],
        Graph,
        act!(Command::SetOrientation(Orientation::Horizontal)),
    ),
    row(
        "draw-down",
        "Draw from top to bottom",
        &[],
        Graph,
        act!(Command::SetOrientation(Orientation::Vertical)),
    ),
    row("fit", "Fit the graph", &[Key::plain("0")], Graph, Act::Ask(Dialog::FitCanvas)),
    row("zoom-in", "Zoom in", &[Key::plain("+"), Key::plain("=")], Graph, Act::Ask(Dialog::ZoomIn)),
    row("zoom-out", "Zoom out", &[Key::plain("-")], Graph, Act::Ask(Dialog::ZoomOut)),
    // The run and its player.
    row("run", "Run", &[Key::plain("r")], Run, act!(Command::Run)),
    row(
        "run-again",
        "Run again to here",
        &[Key::ctrl("Enter")],
        Anywhere,
        act!(|s| Some(if s.player.run { Command::RunAgainToHere } else { Command::Run })),
    ),
    row(
        "play",
        "Play or pause",
        &[Key::plain(" ")],
        Run,
        act!(|s| Some(if s.player.run { Command::Player(PlayerCommand::TogglePlay) } else { Command::Run })),
    ),
    row("step", "Step", &[Key::plain(".")], Run, act!(Command::Player(PlayerCommand::Step))),
    row("step-back", "Step back", &[Key::plain(",")], Run, act!(Command::Player(PlayerCommand::StepBack))),
    row(
        "step-over",
        "Step over the scope",
        &[Key::plain(">"), Key::plain("F10")],
        Run,
        act!(Command::Player(PlayerCommand::StepOver)),
    ),
    row(
        "step-over-back",
        "Step back over the scope",
        &[Key::plain("<")],
        Run,
        act!(Command::Player(PlayerCommand::StepOverBack)),
    ),
    row(
        "continue",
        "Continue to the next breakpoint",
        &[Key::plain("F8")],
        Run,
        act!(Command::Player(PlayerCommand::Continue)),
    ),
    row("first", "First step", &[Key::plain("Home")], Run, act!(Command::Player(PlayerCommand::First))),
    row("last", "Last step", &[Key::plain("End")], Run, act!(Command::Player(PlayerCommand::Last))),
    row(
        "next-visit",
        "Next visit of this state",
        &[Key::plain("]")],
        Run,
        act!(Command::Player(PlayerCommand::NextVisit)),
    ),
    row(
        "previous-visit",
        "Previous visit of this state",
        &[Key::plain("[")],
        Run,
        act!(Command::Player(PlayerCommand::PreviousVisit)),
    ),
    row(
        "breakpoint",
        "Breakpoint",
        &[Key::plain("b")],
        Run,
        act!(Command::Player(PlayerCommand::ToggleBreakpoint)),
    ),
    row("fail-call", "Fail this call…", &[Key::plain("x")], Run, Act::Ask(Dialog::FailThisCall)),
    row("run-from", "Run from here…", &[], Run, Act::Ask(Dialog::RunFromHere)),
    row("redrive", "Redrive from the failed state", &[], Run, act!(Command::Redrive)),
    row("stop-execution", "Stop the execution", &[], Run, act!(Command::StopExecution)),
    row("send-heartbeat", "Send heartbeat", &[], Run, act!(Command::SendHeartbeat)),
    row("let-time-pass", "Let time pass", &[], Run, act!(Command::LetTimePass { millis: None })),
    row("mock", "Mock of this state…", &[Key::plain("m")], Run, Act::Ask(Dialog::EditMock)),
    row("add-scenario", "New scenario…", &[], Anywhere, Act::Ask(Dialog::AddScenario)),
];
