//! What dropping something at a place would mean: the command, and the words for it. Whether the
//! command is possible is the studio's to say.

use crate::app::canvas::scene::Scene;
use crate::asl::{EdgeKey, ScopePath, StatePath};
use crate::flow::{Point, Shape};
use crate::studio::{Command, ConnectTo, EdgeView, NodeView, Template};

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
    /// By node key.
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
            Carried::Template { label, .. } | Carried::State { label, .. } => label,
            Carried::EdgeEnd { .. } | Carried::Port { .. } => "",
        }
    }

    /// Whether it is put somewhere, rather than drawn from one place to another.
    pub fn is_placed(&self) -> bool {
        matches!(self, Carried::Template { .. } | Carried::State { .. })
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
            Carried::EdgeEnd { .. } | Carried::Port { .. } => None,
        }
    }
}

/// What a drop at this place of the canvas would do; nothing where it would change nothing.
pub fn drop_at(scene: &Scene, carried: &Carried, at: Point, zoom: f64) -> Option<Drop> {
    match carried {
        Carried::Template { template, label, .. } => Some(drop_template(scene, template, label, at, zoom)),
        Carried::State { state, label, .. } => drop_state(scene, state, label, at, zoom),
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
    // On a state it comes after it, however near the connections are.
    if let Some(node) = node.filter(|it| !it.frame && it.state.is_some()) {
        return add_after(node, template, label);
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
        Some(frame) if frame.frame && frame.rect.y + super::shape::HEADER < at.y => {
            match scene.scope_at(frame, at) {
                Some(scope) => into(
                    scope.clone(),
                    Place::Body(scope, frame.key.clone()),
                    format!("Add {label} inside {}", frame.title),
                ),
                None => add_after(frame, template, label),
            }
        }
        Some(node) if node.state.is_some() => add_after(node, template, label),
        _ => into(ScopePath::default(), Place::Canvas, format!("Add {label}, not yet connected")),
    }
}

fn add_after(node: &NodeView, template: &Template, label: &str) -> Drop {
    Drop {
        place: Place::Node(node.key.clone()),
        command: match &node.state {
            Some(state) => Ok(Command::AddAfter { state: state.clone(), template: template.clone() }),
            None => Err("Nothing can follow here".to_string()),
        },
        words: format!("Add {label} after {}", node.title),
    }
}

fn drop_state(scene: &Scene, state: &StatePath, label: &str, at: Point, zoom: f64) -> Option<Drop> {
    let own = scene.node_of_state(state)?;
    // Over itself, or what it holds, nothing opens.
    let node = scene.node_at(at);
    if node.is_some_and(|it| scene.is_inside(it, own)) {
        return None;
    }
    if let Some(edge) = scene.edge_for_drop(at, zoom) {
        if edge.from == own.key || edge.to == own.key {
            return None;
        }
        return Some(Drop {
            place: Place::Edge(edge.key.clone()),
            command: Ok(Command::MoveToEdge { state: state.clone(), edge: edge.key.clone() }),
            words: format!("Move {label} {}", place_words(scene, edge)),
        });
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
    (scope != state.scope()).then(|| Drop {
        place,
        command: Ok(Command::MoveToScope { state: state.clone(), scope }),
        words,
    })
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
    fn connections_stay_inside_their_scope() {
        let end = Carried::EdgeEnd { edge: EdgeKey::new("/States/A/Next") };
        check(&end, 250.0, 470.0, "Let it go to the end");
        check(&end, 30.0, 180.0, "nothing");
        check(&end, 30.0, 250.0, "“B” is in another branch: a connection stays inside its own");
        let port = Carried::Port { state: StatePath::new("/States/P") };
        check(&port, 10.0, 80.0, "Connect P to “A”");
    }
}
