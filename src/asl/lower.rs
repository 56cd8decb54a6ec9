//! From the tree to the machine: scopes, states and connections. Total: whatever the text, there
//! is a machine, and a state that is half typed or misshapen is still a state. Says nothing about
//! what is wrong; that is the work of the rules in `validate`.

use crate::asl::conflicted::is_only_conflicted;
use crate::asl::machine::{
    Catcher, ChoiceRule, Machine, QueryLanguage, Retrier, Scope, ScopeId, ScopeSlot, State, StateId,
    StateKind, StateType, Target,
};
use crate::asl::names::{EdgeKey, ScopePath, StatePath};
use crate::json::{Member, NodeId, Tree};

/// How deep scopes may lie inside each other. AWS refuses definitions that are "too deeply nested"
/// without naming its limit; an address grows with its depth, so without any bound a hostile text
/// of a megabyte would need gigabytes.
pub const MAX_SCOPE_DEPTH: usize = 200;

/// Attempts of a retrier that names no number.
const DEFAULT_MAX_ATTEMPTS: u64 = 3;

/// Reads the machine off the tree.
pub fn lower(tree: &Tree) -> Machine {
    let root = tree.root();
    let mut machine = Machine::default();
    let language = tree.get(root, "QueryLanguage").and_then(|it| language_of(tree, it));
    machine.language = language.unwrap_or_default();
    machine.comment = text(tree, root, "Comment");
    let root_scope = Work::Scope { node: root, parent: None, slot: ScopeSlot::Root, depth: 0 };
    // A stack of what is still to be read, the next piece on top: inner scopes go on top of the
    // states that follow their state, which gives text order without recursion.
    let mut work = vec![root_scope];
    while let Some(piece) = work.pop() {
        match piece {
            Work::Scope { node, parent, slot, depth } => {
                let scope = lower_scope(tree, &mut machine, node, parent, slot);
                let states = machine.scope(scope).and_then(|it| it.states_node);
                let n_members = states.map_or(0, |it| tree.members(it).len());
                work.extend((0..n_members).rev().map(|member_idx| Work::State { scope, member_idx, depth }));
            }
            Work::State { scope, member_idx, depth } => {
                let Some((path, member)) = state_member(tree, &machine, scope, member_idx) else { continue };
                let state = lower_state(tree, machine.language, scope, path, member);
                let node = state.node;
                let kind = state.kind.state_type();
                let id = machine.push_state(state, member.name.clone());
                let inner = inner_scopes(tree, node, kind);
                if depth >= MAX_SCOPE_DEPTH && !inner.is_empty() {
                    machine.too_deep = machine.too_deep.or(Some(id));
                    continue;
                }
                work.extend(inner.into_iter().rev().map(|(node, slot)| Work::Scope {
                    node,
                    parent: Some(id),
                    slot,
                    depth: depth + 1,
                }));
            }
        }
    }
    machine
}

/// What is still to be read.
enum Work {
    Scope { node: NodeId, parent: Option<StateId>, slot: ScopeSlot, depth: usize },
    State { scope: ScopeId, member_idx: usize, depth: usize },
}

fn lower_scope(
    tree: &Tree,
    machine: &mut Machine,
    node: NodeId,
    parent: Option<StateId>,
    slot: ScopeSlot,
) -> ScopeId {
    let parent_path = parent.and_then(|it| machine.state(it)).map(|it| &it.path);
    let path = match (parent_path, slot) {
        (None, _) | (_, ScopeSlot::Root) => ScopePath::default(),
        (Some(parent), ScopeSlot::Branch(idx)) => ScopePath::new(format!("{parent}/Branches/{idx}")),
        (Some(parent), ScopeSlot::ItemProcessor) => ScopePath::new(format!("{parent}/ItemProcessor")),
        (Some(parent), ScopeSlot::Iterator) => ScopePath::new(format!("{parent}/Iterator")),
    };
    let start_at =
        tree.get(node, "StartAt").and_then(|it| target(tree, it, || EdgeKey::new(format!("{path}/StartAt"))));
    let states_node = tree.get(node, "States");
    let id = machine.push_scope(Scope {
        path,
        parent,
        slot,
        node,
        states_node,
        start_at,
        states: Vec::with_capacity(states_node.map_or(0, |it| tree.members(it).len())),
        comment: text(tree, node, "Comment"),
    });
    let parent_state = parent.and_then(|it| machine.states.get_mut(it.0 as usize));
    match parent_state.map(|it| &mut it.kind) {
        Some(StateKind::Parallel { branches }) => branches.push(id),
        Some(StateKind::Map { processor, .. }) => *processor = Some(id),
        _ => {}
    }
    id
}

/// The objects inside a Parallel or Map state that hold states of their own.
fn inner_scopes(tree: &Tree, node: NodeId, kind: Option<StateType>) -> Vec<(NodeId, ScopeSlot)> {
    match kind {
        Some(StateType::Parallel) => {
            let branches = tree.get(node, "Branches").map_or(&[][..], |it| tree.elements(it));
            branches.iter().enumerate().map(|(idx, it)| (*it, ScopeSlot::Branch(idx))).collect()
        }
        Some(StateType::Map) => {
            let processor = tree.get(node, "ItemProcessor").map(|it| (it, ScopeSlot::ItemProcessor));
            let iterator = || tree.get(node, "Iterator").map(|it| (it, ScopeSlot::Iterator));
            processor.or_else(iterator).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn state_member<'t>(
    tree: &'t Tree,
    machine: &Machine,
    scope: ScopeId,
    member_idx: usize,
) -> Option<(StatePath, &'t Member)> {
    let scope = machine.scope(scope)?;
    let member = tree.members(scope.states_node?).get(member_idx)?;
    Some((scope.path.state(&member.name), member))
}

pub(crate) fn lower_state(
    tree: &Tree,
    machine_language: QueryLanguage,
    scope: ScopeId,
    path: StatePath,
    member: &Member,
) -> State {
    let node = member.value;
    // Of duplicates the last counts, so what comes later takes the place.
    let mut fields = Fields::default();
    for it in tree.members(node) {
        let field = match &*it.name {
            "Type" => &mut fields.type_text,
            "QueryLanguage" => &mut fields.language,
            "Comment" => &mut fields.comment,
            "Next" => &mut fields.next,
            "End" => &mut fields.end,
            "Retry" => &mut fields.retry,
            "Catch" => &mut fields.catch,
            "Resource" => &mut fields.resource,
            "Choices" => &mut fields.choices,
            "Default" => &mut fields.default,
            _ => continue,
        };
        *field = Some(it.value);
    }
    let items =
        |list: Option<NodeId>| list.map_or(&[][..], |it| tree.elements(it)).iter().copied().enumerate();
    State {
        scope,
        name: member.name.to_string(),
        node,
        key_range: member.key_range,
        range: member.range,
        kind: kind(tree, node, &path, &fields),
        language: fields.language.and_then(|it| language_of(tree, it)).unwrap_or(machine_language),
        comment: string(tree, fields.comment),
        next: fields.next.and_then(|it| target(tree, it, || below(&path, &["/Next"]))),
        end: fields.end.and_then(|it| tree.as_bool(it)).unwrap_or(false),
        retry: items(fields.retry).map(|(_, it)| retrier(tree, it)).collect(),
        catch: items(fields.catch).map(|(idx, it)| catcher(tree, it, &path, idx)).collect(),
        broken: (member.broken || tree.is_broken(node)) && !is_only_conflicted(tree, member),
        shadowed: false,
        path,
    }
}

/// The fields of a state that make structure.
#[derive(Default)]
struct Fields {
    type_text: Option<NodeId>,
    language: Option<NodeId>,
    comment: Option<NodeId>,
    next: Option<NodeId>,
    end: Option<NodeId>,
    retry: Option<NodeId>,
    catch: Option<NodeId>,
    resource: Option<NodeId>,
    choices: Option<NodeId>,
    default: Option<NodeId>,
}

fn kind(tree: &Tree, node: NodeId, path: &StatePath, fields: &Fields) -> StateKind {
    let type_text = fields.type_text.and_then(|it| tree.string(it));
    match type_text.as_deref().and_then(StateType::parse) {
        Some(StateType::Task) => StateKind::Task { resource: string(tree, fields.resource) },
        Some(StateType::Pass) => StateKind::Pass,
        Some(StateType::Wait) => StateKind::Wait,
        Some(StateType::Succeed) => StateKind::Succeed,
        Some(StateType::Fail) => StateKind::Fail,
        Some(StateType::Choice) => {
            let rules = fields.choices.map_or(&[][..], |it| tree.elements(it)).iter().enumerate();
            let default = || below(path, &["/Default"]);
            StateKind::Choice {
                rules: rules.map(|(idx, it)| choice_rule(tree, *it, path, idx)).collect(),
                default: fields.default.and_then(|it| target(tree, it, default)),
            }
        }
        Some(StateType::Parallel) => StateKind::Parallel { branches: Vec::new() },
        Some(StateType::Map) => StateKind::Map { processor: None, distributed: is_distributed(tree, node) },
        None => StateKind::Unknown { type_text: type_text.map(Into::into) },
    }
}

fn is_distributed(tree: &Tree, map: NodeId) -> bool {
    let processor = tree.get(map, "ItemProcessor").or_else(|| tree.get(map, "Iterator"));
    let config = processor.and_then(|it| tree.get(it, "ProcessorConfig"));
    config.and_then(|it| text(tree, it, "Mode")).is_some_and(|it| it == "DISTRIBUTED")
}

fn choice_rule(tree: &Tree, node: NodeId, path: &StatePath, idx: usize) -> ChoiceRule {
    let key = || below(path, &["/Choices/", &idx.to_string(), "/Next"]);
    let next = tree.get(node, "Next").and_then(|it| target(tree, it, key));
    ChoiceRule { node, next, comment: text(tree, node, "Comment") }
}

fn retrier(tree: &Tree, node: NodeId) -> Retrier {
    let max_attempts =
        tree.get(node, "MaxAttempts").and_then(|it| tree.number(it)).and_then(|it| it.parse().ok());
    Retrier {
        node,
        error_equals: error_equals(tree, node),
        max_attempts: max_attempts.unwrap_or(DEFAULT_MAX_ATTEMPTS),
    }
}

fn catcher(tree: &Tree, node: NodeId, path: &StatePath, idx: usize) -> Catcher {
    let key = || below(path, &["/Catch/", &idx.to_string(), "/Next"]);
    let next = tree.get(node, "Next").and_then(|it| target(tree, it, key));
    Catcher { node, error_equals: error_equals(tree, node), next }
}

fn error_equals(tree: &Tree, node: NodeId) -> Vec<String> {
    items(tree, node, "ErrorEquals").iter().filter_map(|it| tree.string(*it)).map(Into::into).collect()
}

/// The connection that a string states; anything else states none.
fn target(tree: &Tree, node: NodeId, key: impl Fn() -> EdgeKey) -> Option<Target> {
    let name = tree.string(node)?.into();
    Some(Target { name, node, range: tree.range(node), key: key() })
}

/// The address of a connection by the way to it from its state.
fn below(state: &StatePath, steps: &[&str]) -> EdgeKey {
    let mut key = String::with_capacity(state.as_str().len() + 24);
    key.push_str(state.as_str());
    steps.iter().for_each(|it| key.push_str(it));
    EdgeKey::new(key.as_str())
}

fn language_of(tree: &Tree, node: NodeId) -> Option<QueryLanguage> {
    let word = tree.string(node)?;
    [QueryLanguage::JsonPath, QueryLanguage::Jsonata].into_iter().find(|it| it.as_str() == word)
}

fn text(tree: &Tree, node: NodeId, name: &str) -> Option<String> {
    string(tree, tree.get(node, name))
}

fn string(tree: &Tree, node: Option<NodeId>) -> Option<String> {
    node.and_then(|it| tree.string(it)).map(Into::into)
}

fn items<'t>(tree: &'t Tree, node: NodeId, name: &str) -> &'t [NodeId] {
    tree.get(node, name).map_or(&[][..], |it| tree.elements(it))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::json::parse;

    /// One line per scope and state: what a reader of the definition would list.
    fn outline(text: &str) -> String {
        let machine = lower(&parse(text));
        let mut outline = String::new();
        for scope in &machine.scopes {
            let start = scope.start_at.as_ref().map_or("-", |it| it.name.as_str());
            let _ =
                writeln!(outline, "scope {}: starts at {start}, {} states", scope.path, scope.states.len());
        }
        for state in &machine.states {
            let kind = state.kind.state_type().map_or("?", |it| it.as_str());
            let _ = write!(outline, "{} {kind} {}", state.path, state.language.as_str());
            for target in state.targets() {
                let _ = write!(outline, " {}={}", target.key, target.name);
            }
            let _ = writeln!(
                outline,
                "{}{}",
                if state.end { " end" } else { "" },
                if state.broken { " broken" } else { "" }
            );
        }
        outline
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let lines = expected.lines().map(str::trim).filter(|it| !it.is_empty());
        assert_eq!(outline(text), lines.map(|it| format!("{it}\n")).collect::<String>(), "{text}");
    }

    #[test]
    fn scopes_and_states_stand_in_text_order() {
        check(
            r#"{"StartAt":"P","QueryLanguage":"JSONata","States":{
                "P":{"Type":"Parallel","Next":"M","Branches":[
                    {"StartAt":"A","States":{"A":{"Type":"Map","Iterator":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true}}},
                    {"StartAt":"B","States":{"B":{"Type":"Succeed"}}}]},
                "M":{"Type":"Task","QueryLanguage":"JSONPath","Resource":"r","Catch":[{"ErrorEquals":["X"],"Next":"C"}],"Next":"C"},
                "C":{"Type":"Choice","Choices":[{"Next":"P"},{"Next":"M"}],"Default":"C"}}}"#,
            "scope : starts at P, 3 states
             scope /States/P/Branches/0: starts at A, 1 states
             scope /States/P/Branches/0/States/A/Iterator: starts at I, 1 states
             scope /States/P/Branches/1: starts at B, 1 states
             /States/P Parallel JSONata /States/P/Next=M
             /States/P/Branches/0/States/A Map JSONata end
             /States/P/Branches/0/States/A/Iterator/States/I Pass JSONata end
             /States/P/Branches/1/States/B Succeed JSONata
             /States/M Task JSONPath /States/M/Next=C /States/M/Catch/0/Next=C
             /States/C Choice JSONata /States/C/Choices/0/Next=P /States/C/Choices/1/Next=M /States/C/Default=C",
        );
    }

    #[test]
    fn misshapen_parts_are_states_all_the_same() {
        check("", "scope : starts at -, 0 states");
        check("[1]", "scope : starts at -, 0 states");
        check(
            r#"{"StartAt":1,"States":{"A":7,"B":{"Type":"Nope","Next":["x"]},"":{},"A":{"Type":"Pass","End":"yes"}}}"#,
            "scope : starts at -, 4 states
             /States/A ? JSONPath
             /States/B ? JSONPath
             /States/ ? JSONPath
             /States/A Pass JSONPath",
        );
        check(
            r#"{"States":{"P":{"Type":"Parallel","Branches":[3,{}]},"M":{"Type":"Map","ItemProcessor":null}}}"#,
            "scope : starts at -, 2 states
             scope /States/P/Branches/0: starts at -, 0 states
             scope /States/P/Branches/1: starts at -, 0 states
             scope /States/M/ItemProcessor: starts at -, 0 states
             /States/P Parallel JSONPath
             /States/M Map JSONPath",
        );
    }

    #[test]
    fn a_broken_state_leaves_its_neighbours_whole() {
        check(
            r#"{"StartAt":"A","States":{
  "A":{"Type":"Pass","Next":"B"},
  "B":{"Type":"Pass","Next":},
  "C":{"Type":"Succeed"}}}"#,
            "scope : starts at A, 3 states
             /States/A Pass JSONPath /States/A/Next=B
             /States/B Pass JSONPath broken
             /States/C Succeed JSONPath",
        );
    }

    #[test]
    fn of_duplicates_the_last_is_found() {
        let text = r#"{"States":{"A":{"Type":"Pass"},"A":{"Type":"Fail"}}}"#;
        let machine = lower(&parse(text));
        let (id, state) = machine.find(&StatePath::new("/States/A")).unwrap();
        assert_eq!((id, state.kind.state_type()), (StateId(1), Some(StateType::Fail)));
        assert_eq!(machine.resolve(&machine.scopes[0], "A"), Some(id));
        assert_eq!(machine.resolve(&machine.scopes[0], "B"), None);
    }

    #[test]
    fn nesting_is_bounded_without_a_crash() {
        let open = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":["#;
        let text = format!("{}{}", open.repeat(3000), "]}}}".repeat(3000));
        let machine = lower(&parse(text));
        assert_eq!(machine.scopes.len(), MAX_SCOPE_DEPTH + 1);
        assert_eq!(machine.too_deep, Some(StateId(MAX_SCOPE_DEPTH as u32)));
    }

    #[test]
    fn an_attempt_counts_three_unless_set() {
        let text = r#"{"States":{"A":{"Type":"Task","Retry":[{},{"MaxAttempts":0},{"MaxAttempts":"x"}]}}}"#;
        let machine = lower(&parse(text));
        let attempts: Vec<u64> = machine.states[0].retry.iter().map(|it| it.max_attempts).collect();
        assert_eq!(attempts, [3, 0, 3]);
    }

    #[test]
    fn names_in_containers_of_one_name_stay_apart() {
        let container = |inner: &str| {
            format!(
                r#""P":{{"Type":"Parallel","End":true,"Branches":[{{"StartAt":"{inner}","States":{{"{inner}":{{"Type":"Succeed"}}}}}}]}}"#
            )
        };
        let text = format!(r#"{{"StartAt":"P","States":{{{},{}}}}}"#, container("A"), container("B"));
        let machine = lower(&parse(text.as_str()));
        let found = machine
            .scopes
            .iter()
            .skip(1)
            .map(|it| (machine.resolve(it, "A").is_some(), machine.resolve(it, "B").is_some()));
        assert_eq!(found.collect::<Vec<_>>(), [(true, false), (false, true)]);
    }
}
