//! What rules look at: the tree, the machine and a list of every object of the language with the
//! table's name for it, so that a rule about fields is one loop.

use std::cell::RefCell;

use crate::asl::fields::{FieldRow, FieldType, Owner, field, operator};
use crate::asl::machine::{Machine, QueryLanguage, Scope, ScopeSlot, State, StateId};
use crate::asl::validate::MachineType;
use crate::asl::validate::pointers::Pointers;
use crate::asl::validate::queries::{Query, queries};
use crate::json::{Member, NodeId, NodeKind, Tree};
use crate::text::TextRange;

/// A document as rules see it.
pub struct Definition<'d> {
    pub tree: &'d Tree,
    pub machine: &'d Machine,
    pub machine_type: MachineType,
    focus: Focus,
    /// Every object that has rows in the field table and is intact, scopes and states included.
    pub objects: Vec<Object>,
    /// The fields of all objects that the table knows, one object after the other. Looked up once,
    /// because nearly every rule goes through them.
    fields: Vec<(&'d Member, &'static FieldRow)>,
    /// Every JSONata expression, parsed once for all rules.
    pub queries: Vec<Query>,
    pointers: RefCell<Pointers>,
}

/// Of which states the objects are listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Focus {
    All,
    /// Of these, each without the states inside of it; of what is outside of all states as well.
    On {
        outside: bool,
        states: Vec<StateId>,
    },
}

impl Focus {
    fn is_on(&self, state: Option<StateId>) -> bool {
        match (self, state) {
            (Focus::All, _) => true,
            (Focus::On { outside, .. }, None) => *outside,
            // In the order of the machine.
            (Focus::On { states, .. }, Some(state)) => states.binary_search(&state).is_ok(),
        }
    }
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
    /// Where its fields start and end among those of all objects.
    fields: (u32, u32),
}

impl<'d> Definition<'d> {
    pub fn new(
        tree: &'d Tree,
        machine: &'d Machine,
        machine_type: MachineType,
        focus: Focus,
    ) -> Definition<'d> {
        let (objects, fields) = objects(tree, outer_objects(machine, &focus));
        let mut definition = Definition {
            tree,
            machine,
            machine_type,
            focus,
            objects,
            fields,
            queries: Vec::new(),
            pointers: RefCell::default(),
        };
        definition.queries = queries(&definition);
        definition
    }

    /// The states that can be judged.
    pub fn intact_states(&self) -> impl Iterator<Item = (StateId, &'d State)> {
        let states = self.machine.states.iter().enumerate().map(|(idx, it)| (StateId(idx as u32), it));
        states.filter(|(id, it)| !it.broken && self.focus.is_on(Some(*id)))
    }

    /// The scopes that can be judged by what they are.
    pub fn scopes(&self) -> impl Iterator<Item = &'d Scope> {
        self.machine.scopes.iter().filter(|it| self.focus.is_on(it.parent))
    }

    /// The members of an object that the field table knows, with their rows.
    pub fn fields(
        &self,
        object: &Object,
    ) -> impl Iterator<Item = (&'d Member, &'static FieldRow)> + Clone + use<'_, 'd> {
        let (start, end) = object.fields;
        self.fields.get(start as usize..end as usize).unwrap_or_default().iter().copied()
    }

    /// The objects of states whose language is JSONPath.
    pub fn jsonpath_objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|it| it.language == QueryLanguage::JsonPath)
    }

    /// The pointer of a node as AWS writes it.
    pub fn pointer(&self, node: NodeId) -> String {
        self.pointers.borrow_mut().of(self.tree, node)
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
    /// `${Name}`, or a function of a template such as `{"Ref": "Name"}` or `{"!Sub": …}`.
    pub fn is_substituted(&self, node: NodeId) -> bool {
        match self.tree.kind(node) {
            NodeKind::Placeholder => true,
            NodeKind::String => {
                let source = self.tree.source(node);
                // Asked of every string; a search for one character is quick to start.
                let inside = source.find('$').and_then(|it| source.get(it..)?.split_once("${"));
                inside.is_some_and(|(_, it)| it.contains('}'))
            }
            NodeKind::Object => match self.tree.members(node) {
                [only] => &*only.name == "Ref" || only.name.starts_with("Fn::") || only.name.starts_with('!'),
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

/// The objects of a definition and the fields of all of them.
type Listing<'d> = (Vec<Object>, Vec<(&'d Member, &'static FieldRow)>);

/// Lists the objects without recursion: what is inside an object goes on a stack.
fn objects<'d>(tree: &'d Tree, outer: Vec<Object>) -> Listing<'d> {
    let mut objects = Vec::new();
    let mut fields = Vec::new();
    let mut pending = outer;
    while let Some(mut object) = pending.pop() {
        if tree.is_broken(object.node) || tree.kind(object.node) != NodeKind::Object {
            continue;
        }
        object.fields.0 = fields.len() as u32;
        for member in tree.members(object.node) {
            if let Some(row) = field(object.owner, &member.name) {
                fields.push((member, row));
                push_inside(tree, object, row.field_type, member.value, &mut pending);
            } else if is_rule(object.owner) && operator(&member.name).is_some_and(|it| it.combines()) {
                push_rules(tree, object, member.value, &mut pending);
            }
        }
        object.fields.1 = fields.len() as u32;
        objects.push(object);
    }
    (objects, fields)
}

/// The scopes and states, which the machine lists.
fn outer_objects(machine: &Machine, focus: &Focus) -> Vec<Object> {
    let scopes = machine.scopes.iter().map(|scope| {
        let owner = match scope.slot {
            ScopeSlot::Root => Owner::Machine,
            ScopeSlot::Branch(_) => Owner::Branch,
            ScopeSlot::ItemProcessor | ScopeSlot::Iterator => Owner::ItemProcessor,
        };
        Object { owner, node: scope.node, language: machine.language, state: scope.parent, fields: (0, 0) }
    });
    let states = machine.states.iter().enumerate().filter_map(|(idx, state)| {
        Some(Object {
            owner: Owner::State(state.kind.state_type()?),
            node: state.node,
            language: state.language,
            state: Some(StateId(idx as u32)),
            fields: (0, 0),
        })
    });
    scopes.chain(states).filter(|it| focus.is_on(it.state)).collect()
}

/// The objects directly in a field. Scopes are not among them: the machine lists those.
fn push_inside(tree: &Tree, object: Object, field_type: FieldType, node: NodeId, pending: &mut Vec<Object>) {
    match field_type {
        FieldType::Items(Owner::Branch) | FieldType::Group(Owner::ItemProcessor) => {}
        FieldType::Items(owner) => {
            pending.extend(tree.elements(node).iter().map(|it| Object { owner, node: *it, ..object }));
        }
        FieldType::Group(owner) => pending.push(Object { owner, node, ..object }),
        _ => {}
    }
}

/// The rules that And, Or and Not combine.
fn push_rules(tree: &Tree, object: Object, node: NodeId, pending: &mut Vec<Object>) {
    let owner = Owner::Condition;
    pending.extend(tree.elements(node).iter().map(|it| Object { owner, node: *it, ..object }));
    pending.push(Object { owner, node, ..object });
}

/// Whether an object makes a test, so that operators are fields of it.
pub fn is_rule(owner: Owner) -> bool {
    matches!(owner, Owner::ChoiceRule | Owner::Condition)
}
