//! What dropping something at a place would mean: the command, and the words for it. Whether the
//! command is possible is the studio's to say.

use crate::app::canvas::scene::Scene;
use crate::asl::StateType;
use crate::asl::{EdgeKey, ScopePath, StatePath};
use crate::flow::{Point, Rect, Shape};
use crate::studio::{Command, ConnectTo, EdgeView, NodeView, Template};

/// The part of a state in which a drop comes before it.
const UPPER: f64 = 0.4;
/// What is dropped this near the lower border of a frame comes after it.
const BORDER: f64 = 14.0;

/// What the pointer carries.
#[derive(Clone, PartialEq, Debug)]
pub enum Carried {
    /// From the palette.
    Template {
        template: Template,
        label: String,
        icon: &'static str,
    },
    State {
        state: StatePath,
        label: String,
        icon: &'static str,
    },
    /// All that are selected, together.
    States {
        states: Vec<StatePath>,
        label: String,
    },
    /// The end of a connection.
    EdgeEnd {
        edge: EdgeKey,
    },
    /// A new connection out of a state.
    Port {
        state: StatePath,
    },
}

/// Where it would go.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    Edge(EdgeKey),
    /// By node key: between what leads to it and it.
    Before(String),
    /// Between it and what follows.
    After(String),
    /// The node itself: a connection leads to it, or a rule of it to what is dropped.
    Node(String),
    /// A branch or body, shown on the frame with this key.
    Body(ScopePath, String),
    Canvas,
}

/// A possible drop.
#[derive(Clone, PartialEq, Debug)]
pub struct Drop {
    pub place: Place,
    /// Not possible for a reason that only the canvas can know, in a sentence.
    pub command: Result<Command, String>,
    /// “Insert Wait after Charge card”.
    pub words: String,
}

impl Carried {
    /// What the ghost and the open gap call it.
    pub fn label(&self) -> &str {
        match self {
            Carried::Template { label, .. }
            | Carried::State { label, .. }
            | Carried::States { label, .. } => label,
            Carried::EdgeEnd { .. } | Carried::Port { .. } => "",
        }
    }

    /// Whether it is put somewhere, rather than drawn from one place to another.
    pub fn is_placed(&self) -> bool {
        !matches!(self, Carried::EdgeEnd { .. } | Carried::Port { .. })
    }

    /// The command that puts it on a connection.
    pub fn onto_edge(&self, edge: &EdgeKey) -> Option<Command> {
        match self {
            Carried::Template { template, .. } => {
                Some(Command::InsertOnEdge { edge: edge.clone(), template: template.clone() })
            }
            Carried::State { state, .. } => {
                Some(Command::MoveToEdge { state: state.clone(), edge: edge.clone() })
            }
            Carried::States { states, .. } => {
                Some(Command::MoveStates { states: states.clone(), edge: edge.clone() })
            }
            Carried::EdgeEnd { .. } | Carried::Port { .. } => None,
        }
    }

    /// The states that are moved.
    fn states(&self) -> &[StatePath] {
        match self {
            Carried::State { state, .. } => std::slice::from_ref(state),
            Carried::States { states, .. } => states,
            _ => &[],
        }
    }
}

/// What a drop at this place of the canvas would do; nothing where it would change nothing.
pub fn drop_at(scene: &Scene, carried: &Carried, at: Point, zoom: f64) -> Option<Drop> {
    match carried {
        Carried::Template { template, label, .. } => Some(drop_template(scene, template, label, at, zoom)),
        Carried::State { .. } | Carried::States { .. } => drop_states(scene, carried, at, zoom),
        Carried::EdgeEnd { edge } => {
            let source = scope_of_edge(edge);
            let node = scene.node_at(at)?;
            if scene.edge(edge).is_some_and(|it| it.to == node.key) {
                return None;
            }
            let words = format!("Let it go to {}", name_of(node));
            drop_connection(node, &source, words, |target| Command::Reconnect { edge: edge.clone(), target })
        }
        Carried::Port { state } => {
            let node = scene.node_at(at)?;
            let words = format!("Connect {} to {}", state.name(), name_of(node));
            drop_connection(node, &state.scope(), words, |target| Command::Connect {
                state: state.clone(),
                target,
            })
        }
    }
}

fn drop_template(scene: &Scene, template: &Template, label: &str, at: Point, zoom: f64) -> Drop {
    let node = scene.node_at(at);
    // On a state it comes before or after it, however near the connections are.
    if let Some(node) = node.filter(|it| !it.frame && it.state.is_some()) {
        return add_beside(scene, node, template, label, at);
    }
    if let Some(edge) = scene.edge_for_drop(at, zoom) {
        return Drop {
            place: Place::Edge(edge.key.clone()),
            command: Ok(Command::InsertOnEdge { edge: edge.key.clone(), template: template.clone() }),
            words: format!("Insert {label} {}", place_words(scene, edge)),
        };
    }
    let into = |scope: ScopePath, place: Place, words: String| Drop {
        place,
        command: Ok(Command::AddToScope { scope, template: template.clone() }),
        words,
    };
    match node {
        Some(frame) if frame.frame && in_body(frame, at) => match scene.scope_at(frame, at) {
            Some(scope) => into(
                scope.clone(),
                Place::Body(scope, frame.key.clone()),
                format!("Add {label} inside {}", frame.title),
            ),
            None => add_beside(scene, frame, template, label, at),
        },
        Some(node) if node.state.is_some() => add_beside(scene, node, template, label, at),
        _ => into(ScopePath::default(), Place::Canvas, format!("Add {label}, not yet connected")),
    }
}

fn add_beside(scene: &Scene, node: &NodeView, template: &Template, label: &str, at: Point) -> Drop {
    let (key, template) = (node.key.clone(), template.clone());
    let Some(state) = node.state.clone() else {
        let command = Err("Nothing can follow here".to_string());
        return Drop { place: Place::Node(key), command, words: String::new() };
    };
    let (place, command, words) = match side(scene, node, at) {
        Side::Before => (Place::Before(key), Command::AddBefore { state, template }, "before"),
        Side::After if node.shape == Shape::State(StateType::Choice) => {
            (Place::Node(key), Command::AddToChoice { state, template }, "as a new rule of")
        }
        Side::After => (Place::After(key), Command::AddAfter { state, template }, "after"),
    };
    Drop { place, command: Ok(command), words: format!("Add {label} {words} {}", node.title) }
}

/// The half of a state that the pointer is on.
enum Side {
    Before,
    After,
}

fn side(scene: &Scene, node: &NodeView, at: Point) -> Side {
    let Rect { x, y, w, h } = node.rect;
    let is_first = match (scene.is_level(), node.frame) {
        (true, _) => at.x < x + w * UPPER,
        (false, true) => at.y < y + super::shape::HEADER * UPPER,
        (false, false) => at.y < y + h * UPPER,
    };
    if is_first { Side::Before } else { Side::After }
}

/// Whether a place is in what a frame holds, away from its header and its lower border.
fn in_body(frame: &NodeView, at: Point) -> bool {
    let Rect { y, h, .. } = frame.rect;
    y + super::shape::HEADER < at.y && at.y < y + h - BORDER
}

fn drop_states(scene: &Scene, carried: &Carried, at: Point, zoom: f64) -> Option<Drop> {
    let own: Vec<&NodeView> = carried.states().iter().filter_map(|it| scene.node_of_state(it)).collect();
    // Over themselves, or what they hold, nothing opens.
    let node = scene.node_at(at);
    if node.is_some_and(|it| own.iter().any(|own| scene.is_inside(it, own))) {
        return None;
    }
    let label = carried.label();
    let onto = |edge: &EdgeView, place: Place, words: String| {
        // Beside where they are already, nothing changes.
        let is_beside = own.iter().any(|it| edge.from == it.key || edge.to == it.key);
        let command = carried.onto_edge(&edge.key).filter(|_| !is_beside)?;
        Some(Drop { place, command: Ok(command), words })
    };
    if let Some(node) = node.filter(|it| it.state.is_some() && !(it.frame && in_body(it, at))) {
        let (edge, place, words) = match side(scene, node, at) {
            Side::Before => {
                (scene.only_edge(|it| it.to == node.key), Place::Before(node.key.clone()), "before")
            }
            Side::After => {
                (scene.only_edge(|it| it.from == node.key), Place::After(node.key.clone()), "after")
            }
        };
        let words = format!("Move {label} {words} {}", node.title);
        return match edge {
            Some(edge) => onto(edge, place, words),
            None => {
                let command = Err(format!("Choose one of the connections of {}", name_of(node)));
                Some(Drop { place, command, words })
            }
        };
    }
    if let Some(edge) = scene.edge_for_drop(at, zoom) {
        let words = format!("Move {label} {}", place_words(scene, edge));
        return onto(edge, Place::Edge(edge.key.clone()), words);
    }
    let (scope, place, words) = match node {
        Some(frame) if frame.frame => {
            let scope = scene.scope_at(frame, at)?;
            let place = Place::Body(scope.clone(), frame.key.clone());
            (scope, place, format!("Move {label} into {}", frame.title))
        }
        Some(_) => return None,
        None => (ScopePath::default(), Place::Canvas, format!("Move {label} out, not yet connected")),
    };
    let command = match carried {
        Carried::State { state, .. } if scope != state.scope() => {
            Ok(Command::MoveToScope { state: state.clone(), scope })
        }
        Carried::States { states, .. } if states.iter().any(|it| it.scope() != scope) => {
            Ok(Command::MoveStatesToScope { states: states.clone(), scope })
        }
        _ => return None,
    };
    Some(Drop { place, command, words })
}

/// A connection can only be addressed inside its own scope, so a target elsewhere is refused here.
fn drop_connection(
    node: &NodeView,
    scope: &ScopePath,
    words: String,
    command: impl Fn(ConnectTo) -> Command,
) -> Option<Drop> {
    let (target_scope, target) = match (&node.state, node.shape) {
        (Some(state), _) => (state.scope(), ConnectTo::State(state.name())),
        (None, Shape::End) => (ScopePath::new(node.key.strip_suffix("#end")?), ConnectTo::End),
        _ => return None,
    };
    let command = if target_scope == *scope {
        Ok(command(target))
    } else {
        Err(format!("{} is in another branch: a connection stays inside its own", name_of(node)))
    };
    Some(Drop { place: Place::Node(node.key.clone()), command, words })
}

/// The scope in which the target of a connection is looked up.
fn scope_of_edge(edge: &EdgeKey) -> ScopePath {
    match edge.as_str().strip_suffix("/StartAt") {
        Some(scope) => ScopePath::new(scope),
        None => edge.source().map(|it| it.scope()).unwrap_or_default(),
    }
}

fn name_of(node: &NodeView) -> String {
    if node.shape == Shape::End { "the end".to_string() } else { format!("“{}”", node.title) }
}

fn place_words(scene: &Scene, edge: &EdgeView) -> String {
    match (scene.node(&edge.from), scene.node(&edge.to)) {
        (Some(from), _) if from.state.is_some() => format!("after {}", from.title),
        (_, Some(to)) if to.state.is_some() => format!("before {}", to.title),
        _ => "here".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::canvas::scene::tests::sample;
    use crate::asl::StateType;

    fn wait() -> Carried {
        let template = Template { state_type: StateType::Wait, id: "wait".to_string() };
        Carried::Template { template, label: "Wait".to_string(), icon: "wait" }
    }

    fn state(path: &str) -> Carried {
        let state = StatePath::new(path);
        Carried::State { label: state.name(), state, icon: "lambda" }
    }

    fn check(carried: &Carried, x: f64, y: f64, expected: &str) {
        let said = match drop_at(&sample(), carried, Point { x, y }, 1.0) {
            None => "nothing".to_string(),
            Some(Drop { command: Err(sentence), .. }) => sentence,
            Some(it) => it.words,
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn a_template_goes_onto_connections_into_frames_and_after_states() {
        check(&wait(), 120.0, 130.0, "Insert Wait after A");
        check(&wait(), 90.0, 20.0, "Insert Wait before A");
        check(&wait(), 250.0, 350.0, "Add Wait inside P");
        check(&wait(), 10.0, 80.0, "Add Wait after A");
        check(&wait(), 10.0, 70.0, "Add Wait before A");
        check(&wait(), 20.0, 165.0, "Add Wait before P");
        check(&wait(), 20.0, 396.0, "Add Wait after P");
        check(&wait(), 900.0, 80.0, "Add Wait, not yet connected");
    }

    #[test]
    fn a_state_moves_to_other_connections_and_scopes_but_not_onto_itself() {
        check(&state("/States/A"), 250.0, 430.0, "Move A after P");
        check(&state("/States/A"), 100.0, 130.0, "nothing");
        check(&state("/States/A"), 390.0, 350.0, "Move A into P");
        check(&state("/States/P"), 390.0, 350.0, "nothing");
        check(&state("/States/P/Branches/0/States/B"), 100.0, 350.0, "nothing");
        check(&state("/States/P/Branches/0/States/B"), 420.0, 350.0, "Move B into P");
        check(&state("/States/P/Branches/0/States/B"), 900.0, 10.0, "Move B out, not yet connected");
    }

    #[test]
    fn on_the_halves_of_a_state_others_come_before_and_after_it() {
        check(&state("/States/P"), 10.0, 70.0, "Move P before A");
        check(&state("/States/P"), 10.0, 95.0, "nothing");
        check(&state("/States/A"), 20.0, 396.0, "Move A after P");
        check(&state("/States/A"), 320.0, 245.0, "Choose one of the connections of “C”");
    }

    #[test]
    fn several_states_move_onto_connections_and_into_other_scopes() {
        let states = ["/States/A", "/States/P"].map(StatePath::new).to_vec();
        let carried = Carried::States { label: "2 states".to_string(), states };
        check(&carried, 900.0, 10.0, "nothing");
        check(&carried, 250.0, 430.0, "nothing");
        let states = ["/States/A", "/States/Q"].map(StatePath::new).to_vec();
        let carried = Carried::States { label: "2 states".to_string(), states };
        check(&carried, 390.0, 350.0, "Move 2 states into P");
        let states = ["/States/A", "/States/P/Branches/0/States/B"].map(StatePath::new).to_vec();
        let carried = Carried::States { label: "2 states".to_string(), states };
        check(&carried, 250.0, 430.0, "Move 2 states after P");
    }

    #[test]
    fn connections_stay_inside_their_scope() {
        let end = Carried::EdgeEnd { edge: EdgeKey::new("/States/A/Next") };
        check(&end, 250.0, 470.0, "Let it go to the end");
        check(&end, 30.0, 180.0, "nothing");
        check(&end, 30.0, 250.0, "“B” is in another branch: a connection stays inside its own");
        let port = Carried::Port { state: StatePath::new("/States/P") };
        check(&port, 10.0, 80.0, "Connect P to “A”");
    }
}
