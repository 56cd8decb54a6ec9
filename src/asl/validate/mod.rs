//! Says what is wrong with a document. One row and one file per rule; all rules always run, and
//! what they find is sorted by place.
//!
//! Messages are those of AWS's ValidateStateMachineDefinition where it was recorded; hints and
//! fixes are ours. A state with a syntax error inside is left alone by every rule but `syntax`,
//! and nothing is concluded from it, so half-typed text does not flood the list.

mod definition;
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

use serde::{Deserialize, Serialize};

pub use definition::{Definition, Focus, Object};

use crate::asl::diagnostic::{Diagnostic, Severity};
use crate::asl::machine::{Machine, QueryLanguage, StateId};
use crate::json::Tree;
use crate::text::{Arrange, Shift, TextRange};

/// How AWS runs a workflow; it is chosen beside the definition, not in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MachineType {
    #[default]
    Standard,
    Express,
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

/// The same after typing inside of a value that is not of structure, in a text that is sound JSON
/// before and after: only that state is looked at again (or what is outside of all states), the
/// findings in all others move along.
pub fn revalidate(
    tree: &Tree,
    machine: &Machine,
    machine_type: MachineType,
    before: &[Diagnostic],
    shift: Shift,
    state: Option<StateId>,
) -> Vec<Diagnostic> {
    let anew = || validate(tree, machine, machine_type);
    // The bounds of what is told and read are about all states together.
    let is_bounded = before.len() < MAX_WITH_FIX
        && (tree.n_nodes() < queries::MAX_QUERIES
            || machine.states.iter().all(|it| it.language == QueryLanguage::JsonPath));
    if !is_bounded {
        return anew();
    }
    let definition = Definition::new(tree, machine, machine_type, Focus::On(state));
    let mut found = Vec::new();
    for rule in RULES {
        let is_structural = OF_STRUCTURE.contains(&rule.name);
        let mut own = Vec::new();
        if !OF_TEXT.contains(&rule.name) {
            for old in before.iter().filter(|it| it.rule == rule.name) {
                let range = shift.range(old.range);
                if is_structural || machine.state_at(range.start) != state {
                    own.push(moved(old, shift));
                }
            }
        }
        if !is_structural {
            (rule.check)(&definition, &mut own);
        }
        found.append(&mut own);
    }
    if MAX_WITH_FIX <= found.len() { anew() } else { by_place(found) }
}

fn moved(old: &Diagnostic, shift: Shift) -> Diagnostic {
    let mut new = Diagnostic { range: shift.range(old.range), ..old.clone() };
    new.fixes.iter_mut().for_each(|it| it.edit = shift.edit(&it.edit));
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
