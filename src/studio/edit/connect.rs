//! Connections: letting one lead elsewhere, and making new ones.

use crate::asl::{EdgeKey, Scope, StateKind, StatePath};
use crate::studio::command::{ConnectTo, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::insert::{add_way, set_start};
use crate::studio::edit::scene::{Edge, Exit, Kind, Scene};
use crate::studio::edit::{Plan, SelectAfter, refuse};

/// Lets the end of a connection point at another state of its scope, or at the End.
pub(super) fn reconnect(scene: &Scene, key: &EdgeKey, target: &ConnectTo) -> Result<Plan, Refusal> {
    // A scope without a StartAt can get one by drawing the connection from its dot.
    if let (Some(path), ConnectTo::State(name)) = (key.as_str().strip_suffix("/StartAt"), target) {
        let (_, scope) = scene.scope(&crate::asl::ScopePath::new(path))?;
        check_target(scene, scope, target)?;
        let mut draft = Draft::new(scene.tree);
        set_start(&mut draft, scope, name);
        return plan(draft, "Start", target, SelectAfter::State(scope.path.state(name)));
    }
    let edge = scene.edge(key)?;
    let scope =
        scene.machine.scope(edge.scope).ok_or_else(|| Refusal("This scope is not there any more".into()))?;
    check_target(scene, scope, target)?;
    let mut draft = Draft::new(scene.tree);
    scene.retarget(&mut draft, &edge, target)?;
    let source = edge.source.and_then(|it| scene.machine.state(it));
    let select = match (edge.kind, source) {
        // Its address changes from Next to End or back.
        (Kind::Next | Kind::End, Some(source)) => {
            let field = if *target == ConnectTo::End { "End" } else { "Next" };
            SelectAfter::Edge(EdgeKey::new(format!("{}/{field}", source.path)))
        }
        _ => SelectAfter::Edge(edge.key.clone()),
    };
    plan(draft, source.map_or("Start", |it| it.name.as_str()), target, select)
}

/// A new connection out of a state: its Next; the Default or a new rule of a Choice.
pub(super) fn connect(scene: &Scene, path: &StatePath, target: &ConnectTo) -> Result<Plan, Refusal> {
    let (id, state) = scene.intact(path)?;
    let scope = scene.scope_of(state)?;
    check_target(scene, scope, target)?;
    let mut draft = Draft::new(scene.tree);
    match (&state.kind, target) {
        (StateKind::Succeed | StateKind::Fail, _) => {
            return refuse(format!("“{}” ends here and has no next state", state.name));
        }
        (StateKind::Choice { default, .. }, ConnectTo::State(name)) => {
            add_way(scene, &mut draft, path, default.is_none(), name)?;
        }
        (StateKind::Choice { .. }, ConnectTo::End) => {
            return refuse("A rule of a Choice must lead to a state; add a Succeed to end there");
        }
        (_, ConnectTo::State(name)) => scene.set_exit(&mut draft, id, &Exit::To(name.clone()))?,
        (_, ConnectTo::End) => scene.set_exit(&mut draft, id, &Exit::Ends)?,
    }
    plan(draft, &state.name, target, SelectAfter::Same)
}

/// Names are resolved in the scope of the connection and nowhere else.
pub(super) fn check_target(scene: &Scene, scope: &Scope, target: &ConnectTo) -> Result<(), Refusal> {
    let ConnectTo::State(name) = target else { return Ok(()) };
    if scene.machine.resolve(scope, name).is_some() {
        return Ok(());
    }
    if scene.machine.states.iter().any(|it| it.name == *name) {
        return refuse(format!(
            "“{name}” lies outside of {}; a connection never leaves the branch or body it is in",
            scene.scope_word(scope)
        ));
    }
    refuse(format!("There is no state “{name}” in {}", scene.scope_word(scope)))
}

fn plan(draft: Draft, source: &str, target: &ConnectTo, select: SelectAfter) -> Result<Plan, Refusal> {
    let to = match target {
        ConnectTo::State(name) => format!("“{name}”"),
        ConnectTo::End => "the end".to_owned(),
    };
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Connect {source}"),
        said: format!("“{source}” now leads to {to}"),
        preview: format!("Connect “{source}” to {to}"),
        select,
        ..Plan::default()
    })
}

/// Whether a connection belongs to the main line of its scope.
pub(super) fn is_ordinary(edge: &Edge) -> bool {
    matches!(edge.kind, Kind::StartAt | Kind::Next | Kind::End)
}
