//! Holds the studio, sends it commands, keeps one signal for each of its views and does what it
//! asks of the outside world. Components read signals and dispatch commands, nothing else.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::app::browser::files;
use crate::app::canvas::PaletteDrag;
use crate::app::effects;
use crate::asl::{ScopePath, StatePath};
use crate::studio::{
    Act, Action, Arrangement, Changed, Command, DataFlowView, Dialog, DocumentView, EventsView, ExplainView,
    GraphView, InspectorView, MarksView, NodeMark, PlayerView, ProblemsView, Refusal, ScenariosView,
    SelectionView, Situation, Studio, TimelineView, WorkspaceView,
};

/// A signal with one view in it.
pub type ViewSignal<T> = RwSignal<Arc<T>>;

/// The application as its components see it. Copies are handles to the same thing.
#[derive(Clone, Copy)]
pub struct Shell {
    studio: StoredValue<Studio, LocalStorage>,
    marks_by_node: StoredValue<HashMap<String, RwSignal<NodeMark>>, LocalStorage>,
    pub document: ViewSignal<DocumentView>,
    pub graph: ViewSignal<GraphView>,
    pub selection: ViewSignal<SelectionView>,
    pub problems: ViewSignal<ProblemsView>,
    pub inspector: ViewSignal<InspectorView>,
    pub marks: ViewSignal<MarksView>,
    pub player: ViewSignal<PlayerView>,
    pub timeline: ViewSignal<TimelineView>,
    pub events: ViewSignal<EventsView>,
    pub data_flow: ViewSignal<DataFlowView>,
    pub explain: ViewSignal<ExplainView>,
    pub scenarios: ViewSignal<ScenariosView>,
    pub workspace: ViewSignal<WorkspaceView>,
    /// The dialog that is open, or was asked for last; panes react to those that concern them.
    pub dialog: RwSignal<Option<Dialog>>,
    /// The last sentence for screen readers; the flag says that it is urgent. The number makes
    /// equal sentences count as new.
    pub announcement: RwSignal<(u64, String, bool)>,
    /// Short messages about things that cannot be seen otherwise.
    pub toast: RwSignal<Option<(u64, String)>>,
    /// What a button in the message with this number does, one command after the other.
    pub offered: RwSignal<Option<(u64, &'static str, Vec<Command>)>>,
    /// What the code pane must do next, in this order; it takes them away.
    pub code_orders: RwSignal<Vec<CodeOrder>, LocalStorage>,
    /// A row of the palette that the pointer takes to the canvas.
    pub palette_drag: RwSignal<Option<PaletteDrag>>,
    /// What would be done if what is dragged were put down now; the text shows a preview of it.
    pub pending: RwSignal<Option<Command>>,
    /// The branch or body that a new state was asked for in.
    pub add_to: RwSignal<Option<ScopePath>>,
    /// Where the keyboard is while several states are being selected; none while it is where the
    /// selection is.
    pub cursor: RwSignal<Option<StatePath>>,
    /// The clipboard event that is going on takes what is copied.
    pub clipboard: StoredValue<Option<web_sys::DataTransfer>, LocalStorage>,
    /// What was copied or cut here last.
    pub clip: RwSignal<Option<String>>,
    /// Key of the node to bring into view, with a number that makes repeats count.
    pub reveal_node: RwSignal<(u64, String)>,
    /// How the last autosave went.
    pub saved: RwSignal<SaveState>,
    /// In the narrow layout, the one pane that is shown.
    pub narrow_pane: RwSignal<NarrowPane>,
    counter: StoredValue<u64>,
    /// The owner of what lives as long as the page.
    owner: StoredValue<Option<Owner>, LocalStorage>,
}

/// A change for the code pane that did not come from it.
#[derive(Clone, PartialEq, Debug)]
pub enum CodeOrder {
    Edit(crate::text::TextEdit),
    Replace(String),
    Reveal { range: crate::text::TextRange, scroll: bool },
    Focus,
}

/// Whether the browser keeps the work.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum SaveState {
    #[default]
    Nothing,
    Saving,
    Saved,
    /// In a sentence, why not.
    Refused(String),
}

/// The panes of the narrow layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum NarrowPane {
    Code,
    #[default]
    Graph,
    Run,
}

impl Shell {
    /// Puts a studio on the page.
    pub fn new(studio: Studio) -> Shell {
        Shell {
            document: RwSignal::new(studio.document_view()),
            graph: RwSignal::new(studio.graph_view()),
            selection: RwSignal::new(studio.selection_view()),
            problems: RwSignal::new(studio.problems_view()),
            inspector: RwSignal::new(studio.inspector_view()),
            marks: RwSignal::new(studio.marks_view()),
            player: RwSignal::new(studio.player_view()),
            timeline: RwSignal::new(studio.timeline_view()),
            events: RwSignal::new(studio.events_view()),
            data_flow: RwSignal::new(studio.data_flow_view()),
            explain: RwSignal::new(studio.explain_view()),
            scenarios: RwSignal::new(studio.scenarios_view()),
            workspace: RwSignal::new(studio.workspace_view()),
            studio: StoredValue::new_local(studio),
            marks_by_node: StoredValue::new_local(HashMap::new()),
            dialog: RwSignal::new(None),
            announcement: RwSignal::new((0, String::new(), false)),
            toast: RwSignal::new(None),
            offered: RwSignal::new(None),
            code_orders: RwSignal::new_local(Vec::new()),
            palette_drag: RwSignal::new(None),
            pending: RwSignal::new(None),
            add_to: RwSignal::new(None),
            cursor: RwSignal::new(None),
            clipboard: StoredValue::new_local(None),
            clip: RwSignal::new(None),
            reveal_node: RwSignal::new((0, String::new())),
            saved: RwSignal::new(SaveState::Nothing),
            narrow_pane: RwSignal::new(NarrowPane::Graph),
            counter: StoredValue::new(0),
            owner: StoredValue::new_local(Owner::current()),
        }
    }

    /// Sends a command to the studio, shows what changed and does what it asks for.
    pub fn dispatch(self, command: Command) {
        let arrangement = match command {
            Command::Arrange(it) => Some(it),
            Command::Run | Command::RunAgainToHere | Command::RunFrom { .. } => Some(Arrangement::Run),
            _ => None,
        };
        // What takes the place of the open document does not take its file.
        let other_files: Option<fn()> = match command {
            Command::Open { .. } | Command::OpenSample { .. } | Command::New => Some(files::set_aside),
            Command::BringBack => Some(files::bring_back),
            _ => None,
        };
        let Some(reply) = self.studio.try_update_value(|studio| studio.dispatch(command)) else { return };
        if let Some(change) = other_files.filter(|_| reply.changed.document) {
            change();
        }
        self.refresh(reply.changed);
        match arrangement {
            Some(Arrangement::Run) => self.narrow_pane.set(NarrowPane::Run),
            Some(Arrangement::Build) => self.narrow_pane.set(NarrowPane::Graph),
            _ => {}
        }
        for effect in reply.effects {
            effects::perform(self, effect);
        }
    }

    /// Whether the command is possible now; the refusal is a sentence for the user.
    pub fn can(self, command: &Command) -> Result<(), Refusal> {
        self.studio.with_value(|studio| studio.can(command))
    }

    /// Asks the studio something that no view holds.
    pub fn with_studio<T>(self, ask: impl FnOnce(&Studio) -> T) -> T {
        self.studio.with_value(ask)
    }

    /// Does what a named action stands for: sends its command or opens its question.
    pub fn act(self, action: &Action) {
        match &action.act {
            Act::Ask(dialog) => self.dialog.set(Some(*dialog)),
            Act::Do(command) => {
                let selection = self.selection.get_untracked();
                let player = self.player.get_untracked();
                match command(&Situation { selection: &selection, player: &player }) {
                    Some(command) => self.dispatch(command),
                    None => self.announce("Select a state first", true),
                }
            }
        }
    }

    /// The run on one node, as a signal of its own: a step touches only the nodes it changes.
    pub fn mark_of(self, node_key: &str) -> RwSignal<NodeMark> {
        let known = self.marks_by_node.with_value(|it| it.get(node_key).copied());
        known.unwrap_or_else(|| {
            let mark = self.marks.with_untracked(|it| {
                it.nodes.iter().find(|(key, _)| key == node_key).map(|(_, mark)| mark.clone())
            });
            // The signals live as long as the application, not as long as the node that asks first.
            let make = || RwSignal::new(mark.unwrap_or_default());
            let signal = match self.owner.get_value() {
                Some(owner) => owner.with(make),
                None => make(),
            };
            self.marks_by_node.update_value(|it| {
                it.insert(node_key.to_string(), signal);
            });
            signal
        })
    }

    /// Whether the run is drawn on the graph: while building, the graph shows what is written.
    pub fn shows_run(self) -> bool {
        self.player.with(|it| it.run) && self.workspace.with(|it| it.arrangement) == Arrangement::Run
    }

    /// Says a sentence to screen readers, and shows it when it is urgent.
    pub fn announce(self, sentence: impl Into<String>, urgent: bool) {
        let sentence = sentence.into();
        let number = self.next_number();
        let is_noticed = self.workspace.with_untracked(|it| it.notice.as_ref() == Some(&sentence));
        if urgent && !is_noticed {
            self.toast.set(Some((number, sentence.clone())));
        }
        self.announcement.set((number, sentence, urgent));
    }

    /// Shows a sentence for a few seconds.
    pub fn tell(self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        let number = self.next_number();
        self.toast.set(Some((number, sentence.clone())));
        self.announcement.set((number, sentence, false));
    }

    /// Says and shows a sentence, with a button that does something about it.
    pub fn offer(self, sentence: impl Into<String>, verb: &'static str, commands: Vec<Command>) {
        self.tell(sentence);
        if let Some((number, _)) = self.toast.get_untracked() {
            self.offered.set(Some((number, verb, commands)));
        }
    }

    /// Hands the code pane something to do.
    pub fn order_code(self, order: CodeOrder) {
        self.code_orders.update(|it| it.push(order));
    }

    /// A number that was not given before.
    pub fn next_number(self) -> u64 {
        self.counter
            .try_update_value(|it| {
                *it += 1;
                *it
            })
            .unwrap_or_default()
    }

    /// Puts a restored studio in the place of this one.
    pub fn replace_studio(self, studio: Studio) {
        self.studio.set_value(studio);
        self.refresh(Changed::ALL);
        let text = self.document.with_untracked(|it| it.text.to_string());
        self.order_code(CodeOrder::Replace(text));
    }

    fn refresh(self, changed: Changed) {
        let has_new_marks = self.studio.with_value(|studio| {
            if changed.document {
                show(self.document, studio.document_view());
                show(self.graph, studio.graph_view());
                show(self.problems, studio.problems_view());
            }
            if changed.document || changed.selection {
                show(self.selection, studio.selection_view());
                show(self.inspector, studio.inspector_view());
            }
            if changed.document || changed.run || changed.player {
                show(self.player, studio.player_view());
                show(self.timeline, studio.timeline_view());
                show(self.events, studio.events_view());
                show(self.data_flow, studio.data_flow_view());
            }
            if changed.document || changed.run || changed.player || changed.looked {
                show(self.explain, studio.explain_view());
            }
            if changed.document || changed.scenarios || changed.run {
                show(self.scenarios, studio.scenarios_view());
            }
            let workspace = studio.workspace_view();
            // While building, the graph shows what is written and not what ran.
            let is_run_view = workspace.arrangement == Arrangement::Run;
            let may_change = changed.document || changed.run || changed.player || changed.workspace;
            let marks = || if is_run_view { studio.marks_view() } else { Arc::default() };
            let has_new_marks = may_change && show(self.marks, marks());
            show(self.workspace, workspace);
            has_new_marks
        });
        if has_new_marks {
            self.spread_marks();
        }
    }

    fn spread_marks(self) {
        let marks = self.marks.get_untracked();
        let new: HashMap<&str, &NodeMark> =
            marks.nodes.iter().map(|(key, mark)| (key.as_str(), mark)).collect();
        let nothing = NodeMark::default();
        self.marks_by_node.with_value(|signals| {
            for (key, signal) in signals {
                let mark = new.get(key.as_str()).copied().unwrap_or(&nothing);
                if signal.with_untracked(|it| it != mark) {
                    signal.set(mark.clone());
                }
            }
        });
    }
}

/// Shows a view unless it is shown already; says whether it was new.
fn show<T: PartialEq + Send + Sync + 'static>(signal: ViewSignal<T>, view: Arc<T>) -> bool {
    let same = signal.with_untracked(|it| Arc::ptr_eq(it, &view) || **it == *view);
    if !same {
        signal.set(view);
    }
    !same
}

/// Whether typing goes into a text field, so that single letters are not commands.
pub fn is_typing(event: &web_sys::Event) -> bool {
    let target = event.composed_path().get(0).dyn_into::<web_sys::HtmlElement>();
    is_in_text(event) || target.is_ok_and(|it| it.tag_name() == "SELECT")
}

/// Whether an event comes from a place that holds text; the code pane is one.
pub fn is_in_text(event: &web_sys::Event) -> bool {
    let target = event.composed_path().get(0).dyn_into::<web_sys::HtmlElement>();
    target.is_ok_and(|it| matches!(it.tag_name().as_str(), "INPUT" | "TEXTAREA") || it.is_content_editable())
}
