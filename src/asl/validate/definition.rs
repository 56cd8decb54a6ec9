//! What rules look at: the tree, the machine and a list of every object of the language with the
//! table's name for it, so that a rule about fields is one loop.

use crate::asl::fields::{FieldRow, FieldType, Owner, field, operator};
use crate::asl::machine::{Machine, QueryLanguage, ScopeSlot, State, StateId};
use crate::asl::validate::MachineType;
use crate::json::{Member, NodeId, NodeKind, Tree};
use crate::text::TextRange;

/// A document as rules see it.
pub struct Definition<'d> {
    pub tree: &'d Tree,
    pub machine: &'d Machine,
    pub machine_type: MachineType,
    /// Every object that has rows in the field table and is intact, scopes and states included.
    pub objects: Vec<Object>,
}

/// An object of the language.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Object {
    pub owner: Owner,
    pub node: NodeId,
    /// The language in which its expressions are read.
    pub language: QueryLanguage,
    /// The state it is, or is inside of.
    pub state: Option<StateId>,
}

impl<'d> Definition<'d> {
    pub fn new(tree: &'d Tree, machine: &'d Machine, machine_type: MachineType) -> Definition<'d> {
        let objects = objects(tree, machine);
        Definition { tree, machine, machine_type, objects }
    }

    /// The states that can be judged.
    pub fn intact_states(&self) -> impl Iterator<Item = (StateId, &'d State)> {
        let states = self.machine.states.iter().enumerate();
        states.filter(|(_, it)| !it.broken).map(|(idx, it)| (StateId(idx as u32), it))
    }

    /// The members of an object that the field table knows, with their rows.
    pub fn fields(&self, object: &Object) -> impl Iterator<Item = (&'d Member, &'static FieldRow)> {
        let owner = object.owner;
        let members = self.tree.members(object.node).iter();
        members.filter_map(move |it| Some((it, field(owner, &it.name)?)))
    }

    /// The pointer of a node as AWS writes it.
    pub fn pointer(&self, node: NodeId) -> String {
        self.tree.pointer(node)
    }

    /// What to underline for a whole object: its name where it has one, else its first bracket.
    pub fn handle(&self, node: NodeId) -> TextRange {
        match self.tree.member_of(node) {
            Some(member) => member.key_range,
            None => {
                let range = self.tree.range(node);
                TextRange::new(range.start, range.end.min(range.start + 1))
            }
        }
    }

    /// Whether a value will be replaced before AWS sees it, so that nothing can be said about it:
    /// `${Name}`, or a function of a template such as `{"Ref": "Name"}`.
    pub fn is_substituted(&self, node: NodeId) -> bool {
        match self.tree.kind(node) {
            NodeKind::Placeholder => true,
            NodeKind::String => {
                let inside = self.tree.source(node).split_once("${").map(|(_, it)| it);
                inside.is_some_and(|it| it.contains('}'))
            }
            NodeKind::Object => match self.tree.members(node) {
                [only] => &*only.name == "Ref" || only.name.starts_with("Fn::"),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a value is a JSONata expression in its marks.
    pub fn is_expression(&self, node: NodeId) -> bool {
        self.tree.string(node).is_some_and(|it| it.starts_with("{%") && it.ends_with("%}"))
    }
}

/// Lists the objects without recursion: what is inside an object goes on a stack.
fn objects(tree: &Tree, machine: &Machine) -> Vec<Object> {
    let mut objects = Vec::new();
    let mut pending = Vec::new();
    for scope in &machine.scopes {
        let owner = match scope.slot {
            ScopeSlot::Root => Owner::Machine,
            ScopeSlot::Branch(_) => Owner::Branch,
            ScopeSlot::ItemProcessor | ScopeSlot::Iterator => Owner::ItemProcessor,
        };
        pending.push(Object { owner, node: scope.node, language: machine.language, state: scope.parent });
    }
    for (idx, state) in machine.states.iter().enumerate() {
        let Some(state_type) = state.kind.state_type() else { continue };
        pending.push(Object {
            owner: Owner::State(state_type),
            node: state.node,
            language: state.language,
            state: Some(StateId(idx as u32)),
        });
    }
    while let Some(object) = pending.pop() {
        if tree.is_broken(object.node) || tree.kind(object.node) != NodeKind::Object {
            continue;
        }
        objects.push(object);
        for member in tree.members(object.node) {
            pending.extend(inside(tree, object, member));
        }
    }
    objects
}

/// The objects directly in a field. Scopes are not among them: the machine lists those.
fn inside(tree: &Tree, object: Object, member: &Member) -> Vec<Object> {
    let list = |owner: Owner| {
        let elements = tree.elements(member.value).iter();
        elements.map(|it| Object { owner, node: *it, ..object }).collect()
    };
    if matches!(object.owner, Owner::ChoiceRule | Owner::Condition)
        && operator(&member.name).is_some_and(|it| it.combines())
    {
        let mut rules: Vec<Object> = list(Owner::Condition);
        if tree.kind(member.value) == NodeKind::Object {
            rules.push(Object { owner: Owner::Condition, node: member.value, ..object });
        }
        return rules;
    }
    match field(object.owner, &member.name).map(|it| it.field_type) {
        Some(FieldType::Items(Owner::Branch) | FieldType::Group(Owner::ItemProcessor)) => Vec::new(),
        Some(FieldType::Items(owner)) => list(owner),
        Some(FieldType::Group(owner)) => vec![Object { owner, node: member.value, ..object }],
        _ => Vec::new(),
    }
}
