//! The graph as a picture that can be walked, moved, edited and watched. Positions come from the
//! views; the canvas adds a camera, the pointer's meaning and, beside the picture, the same graph
//! as a tree of sentences.

pub mod camera;
pub mod pace;
pub mod viewport;
pub mod scene;
pub mod detail;
pub mod node;
pub mod edge;
pub mod sketch;
pub mod drop;
pub mod drag;
pub mod pointer;
pub mod target;
pub mod rename;
pub mod outline;
pub mod marquee;
pub mod menu;
pub mod clipboard;
pub mod minimap;
pub mod legend;
pub mod follow;

pub use drag::{PaletteDrag, start_palette_drag};

use std::collections::{HashMap, HashSet};

use leptos::html::{Div, Ul};
use leptos::prelude::*;
use leptos::svg::{Path, Rect as SvgRect};

use crate::app::canvas::camera::Camera;
use crate::app::canvas::detail::{Detail, Look};
use crate::app::canvas::drag::{Drag, Shown};
use crate::app::canvas::menu::Asked;
use crate::app::canvas::pointer::Gesture;
use crate::app::canvas::scene::Scene;
use crate::app::canvas::sketch::{Marks, Of, Sketch};
use crate::app::canvas::viewport::Viewport;
use crate::app::parts::live::{Rows, Shown, heard, live, memo, row, view};
use crate::app::player::banner::RunBanner;
use crate::app::shell::Shell;
use crate::asl::{EdgeKey, StatePath};
use crate::flow::drawing::{lettering, route, shape};
use crate::text::Arrange;

/// The canvas as its parts see it. Copies are handles to the same thing.
#[derive(Clone, Copy)]
pub struct Canvas {
    pub shell: Shell,
    pub viewport: Viewport,
    pub scene: Memo<Scene>,
    /// What is drawn in full.
    pub detail: Memo<Detail>,
    pub travelled: Memo<Travelled>,
    /// Connections that would take what is carried.
    pub open_edges: RwSignal<HashSet<EdgeKey>>,
    pub shown: RwSignal<Shown>,
    pub renaming: RwSignal<Option<StatePath>>,
    pub outline_open: RwSignal<bool>,
    /// The minimap is wanted.
    pub minimap: RwSignal<bool>,
    /// A drag over empty space draws a marquee, also without Shift.
    pub boxing: RwSignal<bool>,
    /// The states that the marquee touches now.
    pub boxed: RwSignal<Vec<StatePath>>,
    /// What is selected beside the primary state, and what the marquee touches; sorted.
    pub picked: Memo<Vec<StatePath>>,
    /// The context menu that is open.
    pub menu: RwSignal<Option<Asked>>,
    gesture: StoredValue<Gesture, LocalStorage>,
    drag: StoredValue<Option<Drag>, LocalStorage>,
    ghost: NodeRef<Div>,
    /// The line that is being drawn out of a state.
    rubber: NodeRef<Path>,
    marquee: NodeRef<SvgRect>,
    tree: NodeRef<Ul>,
}

/// The connections of the run up to the cursor.
#[derive(Clone, PartialEq, Default)]
pub struct Travelled {
    pub times: HashMap<EdgeKey, u32>,
    /// By the step at the cursor.
    pub just: HashSet<EdgeKey>,
}

impl Canvas {
    fn new(shell: Shell) -> Canvas {
        let boxed = RwSignal::new(Vec::new());
        let viewport = Viewport::default();
        let scene = memo(move || Scene::new(shell.graph.get()));
        let detail = Memo::new(move |before: Option<&Detail>| {
            viewport.frames.track();
            let (selection, cursor) = (shell.selection.get(), shell.cursor.get());
            let look = Look {
                camera: viewport.camera(),
                pane: viewport.size(),
                opened: viewport.opened.get(),
                n_parts: viewport.n_parts(),
                selection: &selection,
                cursor: cursor.as_ref(),
            };
            Detail::next(before, scene.get(), &look)
        });
        Canvas {
            shell,
            viewport,
            scene,
            detail,
            travelled: memo(move || {
                let marks = shell.marks.get();
                Travelled {
                    times: marks.edges.iter().cloned().collect(),
                    just: marks.just_followed.iter().cloned().collect(),
                }
            }),
            open_edges: RwSignal::new(HashSet::new()),
            shown: RwSignal::new(Shown::default()),
            renaming: RwSignal::new(None),
            outline_open: RwSignal::new(false),
            minimap: minimap::wanted(),
            boxing: RwSignal::new(false),
            boxed,
            picked: memo(move || {
                let selection = shell.selection.get();
                let boxed = boxed.get();
                let mut picked: Vec<StatePath> = selection.others.iter().chain(&boxed).cloned().collect();
                picked.arrange();
                picked
            }),
            menu: RwSignal::new(None),
            gesture: StoredValue::new_local(Gesture::default()),
            drag: StoredValue::new_local(None),
            ghost: NodeRef::new(),
            rubber: NodeRef::new(),
            marquee: NodeRef::new(),
            tree: NodeRef::new(),
        }
    }

    /// Whether a state is selected, or under the marquee, beside the primary one.
    pub fn is_picked(self, state: Option<&StatePath>) -> bool {
        self.picked.with(|it| state.is_some_and(|state| it.binary_search(state).is_ok()))
    }

    /// Shows the whole graph.
    pub fn fit(self) {
        self.viewport.measure();
        let size = self.scene.with_untracked(|it| it.graph().size);
        self.viewport.set(Camera::fit(size, self.viewport.size()));
    }

    /// Keys work on the graph from here on.
    pub fn focus_tree(self) {
        if let Some(tree) = self.tree.get_untracked() {
            // Fails only for an element that has gone.
            let _ = tree.focus();
        }
    }
}

/// The pane with the graph.
#[component]
pub fn CanvasPane() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let canvas = Canvas::new(shell);
    provide_context(canvas);
    follow::changes(canvas);
    follow::wishes(canvas);
    follow::palette(canvas);
    follow::pane_size(canvas);
    follow::detail(canvas);
    clipboard::listen(canvas);
    let viewport = canvas.viewport;
    let (pane, picture) = (viewport.pane, viewport.picture);
    let (rubber, marquee) = (canvas.rubber, canvas.marquee);
    let empty = memo(move || shell.graph.get().empty.clone());
    let dragging = move || canvas.shown.with(|it| it.carried.is_some().then_some(""));
    view! {
        <section class="pane canvas-pane" data-pane="graph" data-keys="graph" aria-label="Graph">
            <div class="canvas-stage" on:contextmenu=heard(move |event| canvas.on_context_menu(&event))>
            <outline::Outline tree=canvas.tree />
            <div
                node_ref=pane
                class="canvas"
                data-run=live(move || shell.shows_run().then_some(""))
                data-dragging=dragging
                data-boxing=live(move || canvas.boxing.get().then_some(""))
                data-chosen=live(move || shell.selection.with(|it| it.shown.is_some()).then_some(""))
                data-cursor=live(move || shell.cursor.with(Option::is_some).then_some(""))
                on:pointerdown=heard(move |event| canvas.on_pointer_down(&event))
                on:pointermove=heard(move |event| canvas.on_pointer_move(&event))
                on:pointerup=heard(move |event| canvas.on_pointer_up(&event))
                on:pointercancel=heard(move |event| canvas.on_pointer_cancel(&event))
                on:dblclick=heard(move |event: web_sys::MouseEvent| {
                    canvas.on_double_click(f64::from(event.client_x()), f64::from(event.client_y()));
                })
                on:wheel=heard(move |event| canvas.on_wheel(&event))
            >
                <div node_ref=picture class="canvas-picture">
                    <svg class="canvas-svg" aria-hidden="true">
                        <defs>
                            <pattern id="canvas-hatch" width="6" height="6" patternUnits="userSpaceOnUse">
                                <path class="canvas-hatch" d="M-1 7L7 -1" />
                            </pattern>
                        </defs>
                        <Sketch canvas=canvas of=Of::Frames />
                        <Nodes canvas=canvas keys=memo(move || canvas.detail.with(Detail::frames)) />
                    </svg>
                    <svg class="canvas-svg" aria-hidden="true"><Sketch canvas=canvas of=Of::Edges /></svg>
                    {groups(move |group| view! { <Edges canvas=canvas group=group /> })}
                    <svg class="canvas-svg" aria-hidden="true"><Sketch canvas=canvas of=Of::Boxes /></svg>
                    {groups(move |group| {
                        let keys = memo(move || canvas.detail.with(|it| it.boxes(group)));
                        view! { <Nodes canvas=canvas keys=keys /> }
                    })}
                    <svg class="canvas-svg" aria-hidden="true">
                        <Marks canvas=canvas />
                        <path node_ref=rubber class="canvas-rubber" />
                        <target::Target />
                        <target::Cursor />
                        <rect node_ref=marquee class="canvas-marquee" />
                    </svg>
                    <rename::Rename />
                </div>
                <Shown when=live(move || empty.with(Option::is_some))>
                    <p class="canvas-empty">{live(move || empty.get())}</p>
                </Shown>
            </div>
            <minimap::Minimap />
            <legend::Legend />
            <target::Hint />
            <legend::Bar />
            <target::Ghost />
            <menu::ContextMenu />
            </div>
            <RunBanner />
        </section>
    }
}

/// The picture of each group of parts. Connections are drawn between the frames and all other nodes.
fn groups(inside: impl Fn(usize) -> AnyView) -> AnyView {
    let group = |group| view! { <svg class="canvas-svg" aria-hidden="true">{inside(group)}</svg> };
    (0..detail::GROUPS).map(group).collect_view().into_any()
}

#[component]
fn Nodes(canvas: Canvas, keys: Memo<Vec<String>>) -> impl IntoView {
    let node = move |key: String| {
        row(key.clone(), move || {
            let first = canvas.scene.with_untracked(|it| it.node(&key).cloned());
            first.map(|it| view! { <node::Node first=it /> }).into_any()
        })
    };
    view! { <Rows rows=live(move || keys.get().into_iter().map(node).collect()) /> }
}

#[component]
fn Edges(canvas: Canvas, group: usize) -> impl IntoView {
    let keys = memo(move || canvas.detail.with(|it| it.edges(group)));
    let edge = move |key: EdgeKey| {
        row(key.to_string(), move || {
            let first = canvas.scene.with_untracked(|it| it.edge(&key).cloned());
            first.map(|it| view! { <edge::Edge first=it /> }).into_any()
        })
    };
    view! { <Rows rows=live(move || keys.get().into_iter().map(edge).collect()) /> }
}
