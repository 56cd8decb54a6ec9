//! Says what is wrong with a document. One row and one file per rule; all rules always run, and
//! what they find is sorted by place.
//!
//! Messages are those of AWS's ValidateStateMachineDefinition where it was recorded; hints and
//! fixes are ours. A state with a syntax error inside is left alone by every rule but `syntax`,
//! and nothing is concluded from it, so half-typed text does not flood the list.

mod definition;
mod pointers;
mod queries;
mod remedy;
#[cfg(test)]
pub(crate) mod testing;

mod syntax;
mod merge_conflict;
mod definition_size;
mod nesting_depth;
mod duplicate_key;
mod required_field;
mod unknown_field;
mod language_field;
mod query_language;
mod word_value;
mod field_type;
mod number_range;
mod empty_list;
mod exclusive_fields;
mod state_name;
mod duplicate_state_name;
mod unknown_target;
mod unreachable_state;
mod no_terminal_state;
mod choice_rule;
mod error_names;
mod path_syntax;
mod template;
mod timestamp;
mod heartbeat;
mod resource;
mod express;
mod map_state;
mod expression_marks;
mod jsonata_syntax;
mod jsonata_reference;
mod variable_name;
mod variable_scope;
mod static_result;

pub use state_name::MAX_NAME_CHARS;

use serde_json::Value;

pub use definition::{Definition, Focus, Object};

use crate::asl::diagnostic::{Diagnostic, Severity};
use crate::asl::machine::{Machine, QueryLanguage, State, StateId};
use crate::json::{Keep, Reread, Tree, push_quoted};
use crate::text::{Arrange, Shift, TextEdit, TextRange};

/// How AWS runs a workflow; it is chosen beside the definition, not in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum MachineType {
    #[default]
    Standard,
    Express,
}

impl Keep for MachineType {
    fn keep(&self, out: &mut String) {
        push_quoted(out, if *self == MachineType::Express { "EXPRESS" } else { "STANDARD" });
    }

    fn read(value: &mut Value, damaged: &mut bool) -> MachineType {
        match value.as_str() {
            Some("STANDARD") => MachineType::Standard,
            Some("EXPRESS") => MachineType::Express,
            _ => {
                *damaged = true;
                MachineType::Standard
            }
        }
    }
}

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Our kebab-case name, for instance `unknown-target`.
    pub name: &'static str,
    /// AWS's code for what it finds.
    pub code: &'static str,
    /// What the rule asks for, in one sentence.
    pub help: &'static str,
    check: fn(&Definition, &mut Vec<Diagnostic>),
}

/// Every rule, in the order in which findings at the same place are listed.
pub const RULES: &[Rule] = &[
    syntax::RULE,
    merge_conflict::RULE,
    definition_size::RULE,
    nesting_depth::RULE,
    duplicate_key::RULE,
    required_field::RULE,
    unknown_field::RULE,
    language_field::RULE,
    query_language::RULE,
    word_value::RULE,
    field_type::RULE,
    number_range::RULE,
    empty_list::RULE,
    exclusive_fields::RULE,
    state_name::RULE,
    duplicate_state_name::RULE,
    unknown_target::RULE,
    unreachable_state::RULE,
    no_terminal_state::RULE,
    choice_rule::RULE,
    error_names::RULE,
    path_syntax::RULE,
    template::RULE,
    timestamp::RULE,
    heartbeat::RULE,
    resource::RULE,
    express::RULE,
    map_state::RULE,
    expression_marks::RULE,
    jsonata_syntax::RULE,
    jsonata_reference::RULE,
    variable_name::RULE,
    variable_scope::RULE,
    static_result::RULE,
];

/// More than so many findings, of one rule or in all, help nobody.
const MAX_DIAGNOSTICS: usize = 1_000;
/// After so many findings a rule stops working out fixes and suggestions.
const MAX_WITH_FIX: usize = 100;

/// The code of everything that has none of its own.
const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// Everything that is wrong, by place.
pub fn validate(tree: &Tree, machine: &Machine, machine_type: MachineType) -> Vec<Diagnostic> {
    let definition = Definition::new(tree, machine, machine_type, Focus::All);
    let mut found = Vec::new();
    for rule in RULES {
        let mut own = Vec::new();
        (rule.check)(&definition, &mut own);
        found.append(&mut own);
    }
    by_place(found)
}

/// The rules about names, transitions and nesting. What they find has nothing to do with what
/// other values say.
const OF_STRUCTURE: &[&str] = &[
    duplicate_key::RULE.name,
    state_name::RULE.name,
    duplicate_state_name::RULE.name,
    unknown_target::RULE.name,
    unreachable_state::RULE.name,
    no_terminal_state::RULE.name,
    variable_scope::RULE.name,
];
/// The rules about the text as a whole. They are quick where it is sound JSON.
const OF_TEXT: &[&str] =
    &[syntax::RULE.name, merge_conflict::RULE.name, definition_size::RULE.name, nesting_depth::RULE.name];

/// What was found in the revision before.
pub struct Before<'b> {
    pub machine: &'b Machine,
    pub diagnostics: &'b [Diagnostic],
}

/// The same after typing inside of a value that is not of structure: only the state that it is in
/// is looked at again (or what is outside of all states), the findings in all others move along.
/// The text is sound JSON before and after.
pub fn validate_retyped(
    tree: &Tree,
    machine: &Machine,
    machine_type: MachineType,
    before: &[Diagnostic],
    shift: Shift,
    state: Option<StateId>,
) -> Vec<Diagnostic> {
    if !can_take_over(tree, machine, before) {
        return validate(tree, machine, machine_type);
    }
    let focus = Focus::On { outside: state.is_none(), states: state.into_iter().collect() };
    let definition = Definition::new(tree, machine, machine_type, focus);
    let kept = Kept {
        before,
        place: &|it| shift.range(it),
        is_kept: &|it| machine.state_at(shift.range(it.range).start) != state,
        with_structure: true,
    };
    taken_over(&definition, &kept)
}

/// The same after a part of the text was read again: the states that it touches are looked at.
pub fn validate_reread(
    tree: &Tree,
    machine: &Machine,
    machine_type: MachineType,
    before: &Before,
    reread: &Reread,
) -> Vec<Diagnostic> {
    let touches =
        |state: &State, part: TextRange| state.range.start < part.end && part.start < state.range.end;
    // What is not touched must still be there, and nothing else.
    let was = before.machine.states.iter().filter(|it| !touches(it, reread.shift.old));
    let is = machine.states.iter().filter(|it| !touches(it, reread.now()));
    let same_rest =
        was.map(|it| (reread.range(it.key_range), it.language)).eq(is.map(|it| (it.key_range, it.language)));
    // Variables are looked at from state to state.
    let can_take_over = same_rest && !reread.renumbered && !tree.has_name("Assign");
    if !can_take_over || !self::can_take_over(tree, machine, before.diagnostics) {
        return validate(tree, machine, machine_type);
    }
    let states = machine.states.iter().enumerate().filter(|(_, it)| touches(it, reread.now()));
    let states = states.map(|(idx, _)| StateId(idx as u32)).collect();
    let definition = Definition::new(tree, machine, machine_type, Focus::On { outside: true, states });
    let is_kept = |it: &Diagnostic| {
        let state = before.machine.state_at(it.range.start).and_then(|it| before.machine.state(it));
        state.is_some_and(|it| !touches(it, reread.shift.old))
    };
    let kept = Kept {
        before: before.diagnostics,
        place: &|it| reread.range(it),
        is_kept: &is_kept,
        with_structure: false,
    };
    taken_over(&definition, &kept)
}

/// The bounds of what is told and read are about all states together.
fn can_take_over(tree: &Tree, machine: &Machine, before: &[Diagnostic]) -> bool {
    before.len() < MAX_WITH_FIX
        && (tree.n_nodes() < queries::MAX_QUERIES
            || machine.states.iter().all(|it| it.language == QueryLanguage::JsonPath))
}

/// Which findings stay.
struct Kept<'k> {
    before: &'k [Diagnostic],
    place: &'k dyn Fn(TextRange) -> TextRange,
    /// Of a rule about states by themselves.
    is_kept: &'k dyn Fn(&Diagnostic) -> bool,
    /// All those of the rules about structure.
    with_structure: bool,
}

fn taken_over(definition: &Definition, kept: &Kept) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in RULES {
        let is_structural = OF_STRUCTURE.contains(&rule.name);
        let mut own = Vec::new();
        for old in kept.before.iter().filter(|it| it.rule == rule.name && !OF_TEXT.contains(&it.rule)) {
            if if is_structural { kept.with_structure } else { (kept.is_kept)(old) } {
                own.push(moved(old, kept.place));
            }
        }
        if !(is_structural && kept.with_structure) {
            (rule.check)(definition, &mut own);
        }
        found.append(&mut own);
    }
    if MAX_WITH_FIX <= found.len() {
        return validate(definition.tree, definition.machine, definition.machine_type);
    }
    by_place(found)
}

fn moved(old: &Diagnostic, place: &dyn Fn(TextRange) -> TextRange) -> Diagnostic {
    let mut new = Diagnostic { range: place(old.range), ..old.clone() };
    for fix in &mut new.fixes {
        let mut edit = TextEdit::builder();
        for indel in fix.edit.indels() {
            edit.replace(place(indel.delete), indel.insert.clone());
        }
        fix.edit = edit.finish();
    }
    new
}

fn by_place(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    // Stable: findings at one place stay in the order of the rules.
    found.arrange_by_key(|it| (it.range.start, it.range.end));
    found.truncate(MAX_DIAGNOSTICS);
    found
}

/// Whether a rule has said enough. Without this bound a hostile text could make a rule spend
/// seconds on the addresses of a hundred thousand faults.
fn is_full(found: &[Diagnostic]) -> bool {
    found.len() >= MAX_DIAGNOSTICS
}

impl Rule {
    /// A finding of this rule.
    fn error(&self, range: TextRange, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code: self.code,
            rule: self.name,
            message: message.into(),
            hint: None,
            location: None,
            range,
            fixes: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_says_what_it_asks() {
        let mut names = BTreeSet::new();
        for rule in RULES {
            assert!(names.insert(rule.name), "{} twice", rule.name);
            assert!(rule.name.chars().all(|it| it.is_ascii_lowercase() || it == '-'), "{}", rule.name);
            assert!(rule.code.chars().all(|it| it.is_ascii_uppercase() || it == '_'), "{}", rule.code);
            assert!(!rule.help.is_empty() && !rule.help.ends_with('.'), "{}", rule.name);
        }
    }
}
