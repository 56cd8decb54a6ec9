//! Copying, cutting and pasting states as text.
//!
//! What is copied is a definition: `{"StartAt": …, "States": {…}}`, with `QueryLanguage` where it
//! is JSONata. So it can be read by everything that reads ASL, and its members by everything that
//! edits JSON. References that lead out of what is copied stay as they are: pasted here, each
//! finds its state again or leads on as the place does.

use serde_json::{Map, Value};

use crate::asl::{Document, EdgeKey, QueryLanguage, Scope, ScopePath, StateKind, StatePath};
use crate::json::{NodeKind, Style};
use crate::studio::command::{ConnectTo, PasteAt, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::fragment::{Fragment, read};
use crate::studio::edit::group::Group;
use crate::studio::edit::insert::{add_way, set_start};
use crate::studio::edit::scene::{Edge, Kind, Scene};
use crate::studio::edit::several::delete_states;
use crate::studio::edit::take::{NamedText, Taking, framed};
use crate::studio::edit::{Plan, SelectAfter, refuse};
use crate::studio::words::count;
use crate::text::TextRange;

/// Changes nothing, and hands the states out.
pub(super) fn copy(scene: &Scene, states: &[StatePath]) -> Result<Plan, Refusal> {
    let group = Group::of(scene, states)?;
    let what = group.words();
    Ok(Plan {
        copy: Some(copied(scene, &group)?),
        label: format!("Copy {}", group.label()),
        said: format!("Copied {what} as ASL"),
        preview: format!("Copy {what}"),
        ..Plan::default()
    })
}

/// Copies the states and deletes them.
pub(super) fn cut(scene: &Scene, states: &[StatePath]) -> Result<Plan, Refusal> {
    let copy = copy(scene, states)?;
    let delete = delete_states(scene, states)?;
    let group = Group::of(scene, states)?;
    let what = group.words();
    Ok(Plan {
        copy: copy.copy,
        label: format!("Cut {}", group.label()),
        said: delete.said.replacen("Deleted", "Cut", 1),
        preview: format!("Cut {what}"),
        ..delete
    })
}

fn copied(scene: &Scene, group: &Group) -> Result<String, Refusal> {
    let start = group.entry(scene).or_else(|_| group.unled(scene))?;
    let mut frame = Map::new();
    if scene.machine.language == QueryLanguage::Jsonata {
        frame.insert("QueryLanguage".to_owned(), Value::from(QueryLanguage::Jsonata.as_str()));
    }
    frame.insert("StartAt".to_owned(), Value::from(start.name.as_str()));
    frame.insert("States".to_owned(), Value::Object(Map::new()));
    let style = Style::near(scene.tree, scene.states_node(group.scope)?);
    let states = Taking::new(scene, &group.members).finish()?;
    Ok(framed(&style, &Value::Object(frame), "/States", &states))
}

/// Where pasted states go, and what they lead on to.
struct Spot<'d> {
    scope: &'d Scope,
    /// The state that they stand behind in the text.
    behind: Option<String>,
    way_in: WayIn<'d>,
    /// Where the place leads on: nothing at the end of a scope.
    next: Option<String>,
    words: String,
}

enum WayIn<'d> {
    Edge(Edge<'d>),
    /// One more way out of this Choice, or the missing way out of any other state.
    From(StatePath),
    /// The scope starts with them.
    Start,
    Unconnected,
}

/// Puts states that are given as text into the document.
pub(super) fn paste(scene: &Scene, text: &str, at: &PasteAt) -> Result<Plan, Refusal> {
    let Fragment { document: pasted, says_language } = read(text)?;
    let spot = spot(scene, at)?;
    let source = Scene::new(&pasted);
    let root: Vec<StatePath> = source
        .machine
        .scopes
        .first()
        .map(|it| {
            it.states.iter().filter_map(|it| source.machine.state(*it)).map(|it| it.path.clone()).collect()
        })
        .unwrap_or_default();
    let group = Group::of(&source, &root)?;
    let entry = group.entry(&source)?;
    let mut taken = scene.names();
    let mut taking = Taking::new(&source, &group.members);
    taking.rename(&mut taken);
    if let Some(language) = language_to_say(scene, &pasted, says_language)? {
        taking.say_language(language);
    }
    let spot = connect_out(scene, spot, &group, &mut taking, &mut taken)?;
    let first = taking.name_of(entry);
    let names: Vec<String> = taking.new_names().into_iter().map(|(_, name)| name).collect();
    let texts = taking.finish()?;
    let mut draft = Draft::new(scene.tree);
    put(scene, &mut draft, &spot, &first, texts)?;
    match &spot.way_in {
        WayIn::Edge(edge) => scene.retarget(&mut draft, edge, &ConnectTo::State(first))?,
        WayIn::From(path) => lead_to(scene, &mut draft, path, &first)?,
        WayIn::Start | WayIn::Unconnected => {}
    }
    let what = match names.as_slice() {
        [only] => format!("“{only}”"),
        several => count(several.len(), "state", "states"),
    };
    Ok(Plan {
        edit: draft.finish()?,
        label: format!("Paste {}", what.trim_matches(['“', '”'])),
        said: format!("Pasted {what} {}", spot.words),
        preview: format!("Paste {what} {}", spot.words),
        select: SelectAfter::States(names.iter().map(|it| spot.scope.path.state(it)).collect()),
        ..Plan::default()
    })
}

fn spot<'d>(scene: &Scene<'d>, at: &PasteAt) -> Result<Spot<'d>, Refusal> {
    match at {
        PasteAt::Edge(key) => spot_on_edge(scene, key),
        PasteAt::Scope(path) => spot_in_scope(scene, path),
        PasteAt::After(path) => {
            let (id, state) = scene.intact(path)?;
            let is_plain = |it: &Edge| matches!(it.kind, Kind::Next | Kind::End);
            if let Some(edge) = scene.edges_of(id).into_iter().find(is_plain) {
                return spot_on_edge(scene, &edge.key);
            }
            let stops =
                matches!(state.kind, StateKind::Succeed | StateKind::Fail | StateKind::Unknown { .. });
            Ok(Spot {
                scope: scene.scope_of(state)?,
                behind: Some(state.name.clone()),
                way_in: if stops { WayIn::Unconnected } else { WayIn::From(path.clone()) },
                next: None,
                words: match stops {
                    true => format!("beside “{}”, not connected yet", state.name),
                    false => format!("after “{}”", state.name),
                },
            })
        }
    }
}

fn spot_on_edge<'d>(scene: &Scene<'d>, key: &EdgeKey) -> Result<Spot<'d>, Refusal> {
    let edge = scene.edge(key)?;
    let source = edge.source.and_then(|it| scene.machine.state(it));
    if let (Kind::Terminal, Some(source)) = (edge.kind, source) {
        return refuse(format!("“{}” has no next state, so nothing can follow it", source.name));
    }
    let Some(scope) = scene.machine.scope(edge.scope) else {
        return refuse("This branch or body is not there any more");
    };
    Ok(Spot {
        scope,
        behind: source.map(|it| it.name.clone()),
        next: edge.target.map(|it| it.name.clone()),
        words: scene.place_words(&edge),
        way_in: WayIn::Edge(edge),
    })
}

fn spot_in_scope<'d>(scene: &Scene<'d>, path: &ScopePath) -> Result<Spot<'d>, Refusal> {
    let (_, scope) = scene.scope(path)?;
    let last = scope.states.last().and_then(|it| scene.machine.state(*it));
    Ok(Spot {
        scope,
        behind: last.map(|it| it.name.clone()),
        next: None,
        words: match last {
            None => "at the start".to_owned(),
            Some(_) => format!("to {}, not connected yet", scene.scope_word(scope)),
        },
        way_in: if last.is_none() { WayIn::Start } else { WayIn::Unconnected },
    })
}

/// Lets what leads out of the pasted states lead on as the place does. Catchers, rules and what
/// stands unconnected find a state of their old name again where there is one.
fn connect_out<'d, 's, 'p>(
    scene: &Scene<'d>,
    mut spot: Spot<'d>,
    group: &Group<'p>,
    taking: &mut Taking<'s, 'p>,
    taken: &mut std::collections::BTreeSet<String>,
) -> Result<Spot<'d>, Refusal> {
    let is_way_on = |it: &&Edge| it.kind != Kind::Terminal;
    let leads_on = group.exits.iter().any(|it| is_way_on(&it)) || !taking.open_ends().is_empty();
    let succeeds = group.members.iter().any(|(_, it)| matches!(it.kind, StateKind::Succeed));
    if spot.next.is_some() && !leads_on && !(succeeds && group.members.len() > 1) {
        match &spot.way_in {
            WayIn::Edge(edge) if edge.source.is_none() || edge.kind != Kind::Next => {
                return refuse(
                    "What is pasted has no way on, so it cannot stand between two states; paste it into the scope",
                );
            }
            _ => {
                spot.way_in = WayIn::Unconnected;
                spot.next = None;
                spot.words = format!("to {}, not connected yet", scene.scope_word(spot.scope));
            }
        }
    }
    let finds = |it: &Edge| it.target.is_some_and(|it| scene.machine.resolve(spot.scope, &it.name).is_some());
    let is_free = matches!(spot.way_in, WayIn::Unconnected | WayIn::Start);
    let stays = |it: &Edge| match it.kind {
        Kind::Terminal => true,
        Kind::Rule | Kind::Default | Kind::Catch => finds(it),
        _ => is_free && finds(it),
    };
    let ways: Vec<Edge> = group.exits.iter().filter(|it| !stays(it)).cloned().collect();
    let to = spot.next.clone().map_or(ConnectTo::End, ConnectTo::State);
    taking.lead(&ways, &to, taken)?;
    taking.lead_open_ends(&to)?;
    if let (Some(next), false) = (&spot.next, leads_on) {
        taking.lead_succeeds_on(next)?;
    }
    Ok(spot)
}

/// Writes the states into their scope.
fn put<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    spot: &Spot,
    first: &str,
    texts: Vec<NamedText>,
) -> Result<(), Refusal> {
    let style = Style::near(scene.tree, spot.scope.node);
    let kind = scene.tree.kind(spot.scope.node);
    if kind == NodeKind::Missing && scene.tree.text().trim_start_matches('\u{feff}').trim().is_empty() {
        // An empty text: the whole definition is new.
        let frame = serde_json::json!({ "StartAt": first, "States": {} });
        let whole = TextRange::new(0, scene.tree.text().len());
        draft.replace(whole, format!("{}\n", framed(&style, &frame, "/States", &texts)));
        return Ok(());
    }
    if kind != NodeKind::Object {
        return refuse("The text is not a definition yet: it needs to be an object with StartAt and States");
    }
    if spot.scope.states_node.is_none() {
        let states = framed(&style, &serde_json::json!({}), "", &texts);
        draft.object(spot.scope.node, |it| it.set_text("States", &states));
    } else {
        let node = scene.states_node(spot.scope)?;
        let mut after = spot.behind.clone();
        for (name, text) in texts {
            draft.object(node, |it| it.insert_text_after(after.as_deref(), &name, &text));
            after = Some(name);
        }
    }
    if matches!(spot.way_in, WayIn::Start) {
        set_start(draft, spot.scope, first);
    }
    Ok(())
}

/// A way to the pasted states from one that has none yet.
fn lead_to<'d>(
    scene: &Scene<'d>,
    draft: &mut Draft<'d>,
    path: &StatePath,
    first: &str,
) -> Result<(), Refusal> {
    let (id, state) = scene.intact(path)?;
    match &state.kind {
        StateKind::Choice { default, .. } => add_way(scene, draft, path, default.is_none(), first),
        _ => scene.set_exit(draft, id, &crate::studio::edit::scene::Exit::To(first.to_owned())),
    }
}

/// The language that each pasted state must say, when the workflow is in another one.
fn language_to_say(
    scene: &Scene,
    pasted: &Document,
    says_language: bool,
) -> Result<Option<QueryLanguage>, Refusal> {
    match (scene.machine.language, pasted.machine.language) {
        (QueryLanguage::JsonPath, QueryLanguage::Jsonata) => Ok(Some(QueryLanguage::Jsonata)),
        // A workflow in JSONata can have no states in JSONPath, so these must do without it.
        (QueryLanguage::Jsonata, QueryLanguage::JsonPath) if says_language && uses_json_path(pasted) => {
            refuse(
                "What is pasted is in JSONPath and this workflow is in JSONata; convert it to JSONata first, where it comes from",
            )
        }
        _ => Ok(None),
    }
}

/// Whether the states say something that only JSONPath has.
fn uses_json_path(pasted: &Document) -> bool {
    let root = pasted.tree.root();
    let jsonata = Value::from(QueryLanguage::Jsonata.as_str());
    let as_jsonata = pasted.apply(&crate::json::set_member(&pasted.tree, root, "QueryLanguage", &jsonata));
    let in_wrong_language = |it: &str| matches!(it, "language-downgrade" | "field-of-other-language");
    as_jsonata.diagnostics.iter().any(|it| in_wrong_language(it.rule))
}
