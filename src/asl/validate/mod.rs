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

use serde::{Deserialize, Serialize};

pub use definition::{Definition, Object};

use crate::asl::diagnostic::{Diagnostic, Severity};
use crate::asl::machine::Machine;
use crate::json::Tree;
use crate::text::Arrange;
use crate::text::TextRange;

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
    let definition = Definition::new(tree, machine, machine_type);
    let mut found = Vec::new();
    for rule in RULES {
        let mut own = Vec::new();
        (rule.check)(&definition, &mut own);
        found.append(&mut own);
    }
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
