//! The context menu: what can be done with what is selected, or with the place it was opened at.
//! Its lines are the named actions with their keys; what cannot be done now says why.

use std::rc::Rc;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::MouseEvent;

use crate::app::canvas::Canvas;
use crate::app::canvas::clipboard;
use crate::app::canvas::scene::Hit;
use crate::app::parts::button::possible;
use crate::app::parts::live::{effect, heard, live, view};
use crate::app::parts::menu::{MenuItem, MenuOpen, Walked, focus_item, keeps_focus, walk};
use crate::app::shell::Shell;
use crate::asl::{EdgeKey, ScopePath, StatePath, StateType};
use crate::flow::{Point, Shape};
use crate::studio::edge_actions::{item_words, moved, removed};
use crate::studio::{Action, Command, Dialog, NodeView};

/// The menu that was asked for: where in the window, and in which branch or body.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    pub x: f64,
    pub y: f64,
    pub scope: Option<ScopePath>,
}

/// One line.
#[derive(Clone)]
struct Line {
    label: String,
    shortcut: String,
    refusal: Option<String>,
    act: Rc<dyn Fn()>,
}

impl Canvas {
    /// A right click, or a long press. The keys have an action of their own, which comes first.
    pub fn on_context_menu(self, event: &MouseEvent) {
        event.prevent_default();
        let is_of_a_key =
            event.button() != 2 && event.detail() == 0 && self.menu.with_untracked(Option::is_some);
        let is_in_field =
            event.target().and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok()).is_some();
        if is_of_a_key || is_in_field {
            return;
        }
        self.forget_gesture();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.viewport.measure();
        let at = self.viewport.canvas_from_window(x, y);
        let scene = self.scene.get_untracked();
        let selection = self.shell.selection.get_untracked();
        let mut scope = None;
        match scene.hit(at, self.viewport.camera().zoom, &selection) {
            Hit::Node(NodeView { state: Some(state), .. })
            | Hit::Chevron(NodeView { state: Some(state), .. })
            | Hit::Port(NodeView { state: Some(state), .. }) => {
                self.select_for_menu(state);
            }
            Hit::Body(frame @ NodeView { state: Some(state), .. }) => {
                scope = scene.scope_at(frame, at);
                self.select_for_menu(state);
            }
            Hit::Edge(edge) | Hit::Insert(edge) | Hit::EdgeEnd(edge) => {
                self.shell.dispatch(Command::SelectEdge { edge: edge.key.clone() });
            }
            _ if selection.others.is_empty() => self.shell.dispatch(Command::Select { state: None }),
            _ => {}
        }
        self.menu.set(Some(Asked { x, y, scope }));
    }

    /// Opens the menu beside what is selected.
    pub fn open_menu(self) {
        self.viewport.measure();
        let selection = self.shell.selection.get_untracked();
        let scene = self.scene.get_untracked();
        let node = selection.state.as_ref().and_then(|it| scene.node_of_state(it));
        let edge = selection.edge.as_ref().and_then(|it| scene.edge(it));
        let place = match (node, edge) {
            (Some(node), _) => Point { x: node.rect.x + 24.0, y: node.rect.y + node.rect.h.min(40.0) },
            (None, Some(edge)) => edge.insert_at.or(edge.points.last().copied()).unwrap_or_default(),
            (None, None) => {
                let size = self.viewport.size();
                self.viewport.camera().canvas_from_screen(Point { x: size.w / 2.0, y: size.h / 3.0 })
            }
        };
        let at = self.viewport.window_from_canvas(place);
        self.menu.set(Some(Asked { x: at.x, y: at.y, scope: None }));
    }

    /// One of several that are selected leaves them selected.
    fn select_for_menu(self, state: &StatePath) {
        if !self
            .shell
            .selection
            .with_untracked(|it| it.others.contains(state) || it.state.as_ref() == Some(state))
        {
            self.shell.dispatch(Command::Select { state: Some(state.clone()) });
        }
    }
}

/// Shown while it was asked for.
#[component]
pub fn ContextMenu() -> impl IntoView {
    let canvas = expect_context::<Canvas>();
    live(move || canvas.menu.get().map(|asked| view! { <Open canvas=canvas asked=asked /> }))
}

#[component]
fn Open(canvas: Canvas, asked: Asked) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let open = RwSignal::new(true);
    provide_context(MenuOpen(open));
    let leave = move |back: bool| {
        // The focus leaves once more while the menu goes away.
        if canvas.menu.with_untracked(Option::is_some) {
            canvas.menu.set(None);
            if back {
                canvas.focus_tree();
            }
        }
    };
    effect(move || {
        if !open.get() {
            leave(true);
        }
    });
    let Asked { x, y, scope } = asked;
    root.on_load(move |it| {
        request_animation_frame(move || {
            let (w, h) = (f64::from(it.offset_width()), f64::from(it.offset_height()));
            let size =
                |it: Result<wasm_bindgen::JsValue, _>| it.ok().and_then(|it| it.as_f64()).unwrap_or(0.0);
            let (room_w, room_h) = (size(window().inner_width()), size(window().inner_height()));
            let place = |at: f64, len: f64, room: f64| at.min(room - len - 8.0).max(8.0);
            let style = web_sys::HtmlElement::style(&it);
            // A length is never refused.
            let _ = style.set_property("left", &format!("{:.0}px", place(x, w, room_w)));
            let _ = style.set_property("top", &format!("{:.0}px", place(y, h, room_h)));
            focus_item(&it, 0);
        });
    });
    let groups = untrack(|| groups(canvas, scope.as_ref()));
    view! {
        <div
            node_ref=root
            class="menu-list canvas-menu"
            role="menu"
            aria-label=untrack(|| about(canvas))
            style:left=format!("{x:.0}px")
            style:top=format!("{y:.0}px")
            on:contextmenu=|event| {
                event.prevent_default();
                event.stop_propagation();
            }
            on:keydown=heard(move |event: web_sys::KeyboardEvent| {
                let Some(root) = root.get_untracked() else { return };
                match walk(&root, &event) {
                    Walked::Inside => {}
                    Walked::Closed => leave(true),
                    Walked::Left => {
                        event.prevent_default();
                        leave(true);
                    }
                }
            })
            on:focusout=heard(move |event| {
                if !root.try_get_untracked().flatten().is_some_and(|root| keeps_focus(&root, &event)) {
                    leave(false);
                }
            })
        >
            {groups.into_iter().map(|lines| view! {
                <div class="menu-group" role="group">
                    {lines.into_iter().map(|Line { label, shortcut, refusal, act }| view! {
                        <MenuItem
                            label=label
                            shortcut=shortcut
                            refusal=refusal.unwrap_or_default()
                            on_choose=move || {
                                // The focus is back before what is chosen may take it.
                                leave(true);
                                act();
                            }
                        />
                    }).collect_view()}
                </div>
            }).collect_view()}
        </div>
    }
}

fn about(canvas: Canvas) -> String {
    let selection = canvas.shell.selection.get_untracked();
    match (&selection.state, &selection.edge) {
        (Some(_), _) if !selection.others.is_empty() => format!("{} states", selection.others.len() + 1),
        (Some(state), _) => state.name(),
        (None, Some(_)) => "Connection".to_string(),
        (None, None) => "Graph".to_string(),
    }
}

fn groups(canvas: Canvas, scope: Option<&ScopePath>) -> Vec<Vec<Line>> {
    let shell = canvas.shell;
    let selection = shell.selection.get_untracked();
    let scene = canvas.scene.get_untracked();
    let node = selection.state.as_ref().and_then(|it| scene.node_of_state(it));
    let groups = match (node, &selection.edge) {
        (Some(_), _) if !selection.others.is_empty() => vec![
            actions(shell, &["copy", "cut", "duplicate", "delete"]),
            actions(shell, &["wrap-in-parallel", "wrap-in-map", "extract"]),
        ],
        (Some(node), _) => of_state(canvas, node, scope),
        (None, Some(edge)) => of_edge(shell, edge),
        (None, None) => vec![
            actions(shell, &["add-after", "select-all"]),
            vec![paste(canvas)],
            actions(
                shell,
                &["expand-all", "collapse-all", if scene.is_level() { "draw-down" } else { "draw-right" }],
            ),
            actions(shell, &["fit"]),
        ],
    };
    groups.into_iter().filter(|it| !it.is_empty()).collect()
}

fn of_state(canvas: Canvas, node: &NodeView, scope: Option<&ScopePath>) -> Vec<Vec<Line>> {
    let shell = canvas.shell;
    let Some(state) = &node.state else { return Vec::new() };
    let kind = match node.shape {
        Shape::State(kind) => Some(kind),
        _ => None,
    };
    let is_frame = matches!(kind, Some(StateType::Parallel | StateType::Map));
    let mut inside = match kind {
        Some(StateType::Choice) => actions(shell, &["add-inside", "add-rule"]),
        Some(StateType::Parallel) => branches(shell, state, scope),
        Some(StateType::Map) => actions(shell, &["add-inside"]),
        _ => Vec::new(),
    };
    if scope.is_none()
        && let Some((parallel, idx)) = branch_of(state)
    {
        inside.extend(branch_lines(shell, &parallel, idx));
    }
    if is_frame {
        inside.extend(actions(shell, &["collapse"]));
    }
    let mut wrap = vec!["wrap-in-parallel", "wrap-in-map", "extract"];
    if is_frame {
        wrap.push("unwrap");
    }
    if kind == Some(StateType::Task) && shell.can(&Command::InlineChild { state: state.clone() }).is_ok() {
        wrap.push("inline");
    }
    let mut wrap = actions(shell, &wrap);
    if let Some(name) = shell.with_studio(|it| it.child_called(state)) {
        let open = Command::OpenChild { state: state.clone() };
        wrap.push(line(shell, format!("Open the child “{name}”"), open));
    }
    let mut clips = actions(shell, &["copy", "cut"]);
    clips.push(paste(canvas));
    clips.extend(actions(shell, &["duplicate", "delete"]));
    vec![
        inside,
        actions(shell, &["add-after", "add-before", "connect", "rename", "edit"]),
        clips,
        actions(shell, &["move-earlier", "move-later", "move-to"]),
        wrap,
        actions(shell, &["run-from", "breakpoint"]),
    ]
}

/// What can be done with the branch that the menu was opened in.
fn branches(shell: Shell, state: &StatePath, scope: Option<&ScopePath>) -> Vec<Line> {
    let idx =
        scope.and_then(|it| it.as_str().strip_prefix(&format!("{state}/Branches/"))?.parse::<usize>().ok());
    let mut lines = match (idx, scope) {
        (Some(idx), Some(scope)) => {
            let scope = scope.clone();
            let add = Line {
                label: format!("Add to branch {}…", idx + 1),
                shortcut: String::new(),
                refusal: None,
                act: Rc::new(move || {
                    shell.add_to.set(Some(scope.clone()));
                    shell.dialog.set(Some(Dialog::AddInside));
                }),
            };
            let mut lines = vec![add];
            lines.extend(branch_lines(shell, state, idx));
            lines
        }
        _ => actions(shell, &["add-inside"]),
    };
    lines.extend(actions(shell, &["add-branch"]));
    lines
}

fn branch_lines(shell: Shell, parallel: &StatePath, idx: usize) -> Vec<Line> {
    let order = |words: &str, to: usize| {
        let command = Command::MoveBranch { state: parallel.clone(), from: idx, to };
        line(shell, format!("Move branch {} {words}", idx + 1), command)
    };
    let mut lines: Vec<Line> = idx.checked_sub(1).map(|to| order("earlier", to)).into_iter().collect();
    lines.push(order("later", idx + 1));
    let remove = Command::RemoveBranch { state: parallel.clone(), idx };
    lines.push(line(shell, format!("Remove branch {}", idx + 1), remove));
    lines
}

/// The Parallel whose branch a state stands in, and which branch.
fn branch_of(state: &StatePath) -> Option<(StatePath, usize)> {
    let scope = state.scope();
    let (parallel, idx) = scope.as_str().rsplit_once("/Branches/")?;
    Some((StatePath::new(parallel), idx.parse().ok()?))
}

fn of_edge(shell: Shell, edge: &EdgeKey) -> Vec<Vec<Line>> {
    let lines = match item_words(edge) {
        Some(what) => {
            let order = |words: &str, later: bool| {
                moved(edge, later).map(|it| line(shell, format!("Move {what} {words}"), it))
            };
            let lines = [order("earlier", false), order("later", true)].into_iter().flatten();
            let remove = removed(edge).map(|it| line(shell, format!("Remove {what}"), it));
            lines.chain(remove).collect()
        }
        None => {
            let words = if edge.as_str().ends_with("/Default") { "Remove Default" } else { "End here" };
            removed(edge).map(|it| line(shell, words.to_string(), it)).into_iter().collect()
        }
    };
    vec![actions(shell, &["add-after", "connect"]), lines]
}

/// The browser gives the clipboard only to its own key; what was copied here is known.
fn paste(canvas: Canvas) -> Line {
    let shell = canvas.shell;
    Line {
        label: "Paste".to_string(),
        shortcut: "Ctrl V".to_string(),
        refusal: shell
            .clip
            .with_untracked(Option::is_none)
            .then(|| "Press Ctrl V: only then the browser hands out what was copied elsewhere".to_string()),
        act: Rc::new(move || {
            if let Some(text) = shell.clip.get_untracked() {
                clipboard::paste(shell, text);
            }
        }),
    }
}

/// The named actions that there are, in this order.
fn actions(shell: Shell, ids: &[&str]) -> Vec<Line> {
    let lines = ids.iter().filter_map(|it| Action::find(it)).map(|action| Line {
        label: action.label.to_string(),
        shortcut: action.shortcut(),
        refusal: possible(shell, action).err(),
        act: Rc::new(move || shell.act(action)),
    });
    lines.collect()
}

fn line(shell: Shell, label: String, command: Command) -> Line {
    let refusal = shell.can(&command).err().map(|it| it.0);
    Line { label, shortcut: String::new(), refusal, act: Rc::new(move || shell.dispatch(command.clone())) }
}
