//! THE table: every field of the States Language, one row each. Validation, completion, hover and
//! the inspector all read it, so a field is described once. The tests of choice rules have a
//! table of their own.

mod states;
mod inner;
mod operators;

pub use operators::{OPERATORS, Operand, Operator, operator};

use std::sync::LazyLock;

use crate::asl::machine::{QueryLanguage, StateType};
use crate::text::Arrange;

/// An object of the language that has fields.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Owner {
    /// The whole definition.
    Machine,
    /// One branch of a Parallel state.
    Branch,
    /// The body of a Map state, under either of its names.
    ItemProcessor,
    State(StateType),
    /// A rule directly in `Choices`.
    ChoiceRule,
    /// A rule inside And, Or or Not.
    Condition,
    Retrier,
    Catcher,
    ProcessorConfig,
    ItemReader,
    ReaderConfig,
    ItemBatcher,
    ResultWriter,
    WriterConfig,
    Credentials,
}

impl Owner {
    /// Whether an expression in this field may read `$states.result`: when a call, branches or
    /// iterations have succeeded (asl.md 2.3).
    pub fn has_result(self, field: &str) -> bool {
        matches!(self, Owner::State(StateType::Task | StateType::Parallel | StateType::Map)) && is_exit(field)
    }

    /// Whether it may read `$states.errorOutput`: only a catcher has an error to tell.
    pub fn has_error_output(self, field: &str) -> bool {
        self == Owner::Catcher && is_exit(field)
    }
}

fn is_exit(field: &str) -> bool {
    matches!(field, "Output" | "Assign")
}

/// One field of one or several objects.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldRow {
    /// The word of the States Language.
    pub name: &'static str,
    pub owners: &'static [Owner],
    pub field_type: FieldType,
    pub required: bool,
    pub language: FieldLanguage,
    /// `null` is a value with a meaning of its own here.
    pub nullable: bool,
    /// At most one field with the same word here may be set.
    pub exclusive_group: Option<&'static str>,
    /// The field to use instead, when this one is deprecated.
    pub instead: Option<&'static str>,
    /// It is offered only where the field at this way through the names holds one of these words.
    pub when: Option<(&'static str, &'static [&'static str])>,
    /// The inspector shows it even when it is not set: a form without it would leave a question open.
    pub shown: bool,
    /// The title under which the inspector shows the field, one of [`GROUPS`].
    pub group: &'static str,
    /// Plain words for the field.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
    /// A value, as JSON text.
    pub example: &'static str,
}

/// The groups of fields in the order in which the inspector shows them, with the words of AWS.
pub const GROUPS: &[&str] = &["Configuration", "Input", "Output", "Variables", "Error handling"];

/// In which query language a field can be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldLanguage {
    Both,
    JsonPathOnly,
    JsonataOnly,
}

/// What the value of a field is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum FieldType {
    /// A JSONPath.
    Path,
    /// A path to exactly one place, which may have to be made.
    ReferencePath,
    /// A path, or an intrinsic function that gives a string.
    PathOrIntrinsic,
    /// A payload template: names that end in `.$` hold paths or intrinsic functions.
    Template,
    /// Any JSON; every `{% … %}` in it is evaluated.
    Jsonata,
    /// A payload template in JSONPath, any JSON with `{% … %}` in JSONata.
    Value,
    /// Any JSON, taken as it stands.
    Json,
    /// Variables and their values, as in `Value`.
    Assign,
    /// A string; in JSONata states it may be an expression where `jsonata` is true.
    Text { jsonata: bool },
    /// A string for people.
    Comment,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// A number within bounds, both inclusive.
    Number { min: f64, max: f64, integer: bool, jsonata: bool },
    /// True or false.
    Flag,
    /// Something that yields true or false: a JSONata expression or the value itself.
    Condition,
    /// The name of a state of the same scope.
    Target,
    /// What a task calls.
    Resource,
    /// A time such as `2026-03-14T01:59:00Z`.
    Timestamp,
    /// A list of error names.
    Errors,
    /// A list of strings.
    Strings,
    /// Names of states with the states themselves.
    States,
    /// A list of objects.
    Items(Owner),
    /// One object.
    Group(Owner),
}

/// Every row, those of states first.
pub fn rows() -> impl Iterator<Item = &'static FieldRow> {
    states::ROWS.iter().chain(inner::ROWS)
}

/// The fields an object can have in this language, in the order of the table.
pub fn fields_of(owner: Owner, language: QueryLanguage) -> impl Iterator<Item = &'static FieldRow> {
    rows().filter(move |it| it.owners.contains(&owner) && it.fits(language))
}

/// The field of this name, whatever its language.
pub fn field(owner: Owner, name: &str) -> Option<&'static FieldRow> {
    // Asked for every member of a document at every keystroke, so by halves and not row by row,
    // and mostly without a look at the letters.
    let rows: &[&'static FieldRow] = &BY_NAME;
    let first = rows.partition_point(|it| (it.name.len(), it.name) < (name.len(), name));
    let named = rows.get(first..)?.iter().take_while(|it| it.name == name);
    named.copied().find(|it| it.owners.contains(&owner))
}

/// The rows by length of name and name, those of one name in the order of the table.
static BY_NAME: LazyLock<Vec<&'static FieldRow>> = LazyLock::new(|| {
    let mut rows: Vec<&FieldRow> = rows().collect();
    rows.arrange_by_key(|it| (it.name.len(), it.name));
    rows
});

impl FieldRow {
    /// Whether the field can be used in this language.
    pub fn fits(&self, language: QueryLanguage) -> bool {
        match self.language {
            FieldLanguage::Both => true,
            FieldLanguage::JsonPathOnly => language == QueryLanguage::JsonPath,
            FieldLanguage::JsonataOnly => language == QueryLanguage::Jsonata,
        }
    }

    const fn required(mut self) -> FieldRow {
        self.required = true;
        self
    }

    const fn jsonpath_only(mut self) -> FieldRow {
        self.language = FieldLanguage::JsonPathOnly;
        self
    }

    const fn jsonata_only(mut self) -> FieldRow {
        self.language = FieldLanguage::JsonataOnly;
        self
    }

    const fn nullable(mut self) -> FieldRow {
        self.nullable = true;
        self
    }

    const fn one_of(mut self, exclusive_group: &'static str) -> FieldRow {
        self.exclusive_group = Some(exclusive_group);
        self
    }

    const fn instead(mut self, name: &'static str) -> FieldRow {
        self.instead = Some(name);
        self
    }

    const fn when(mut self, way: &'static str, words: &'static [&'static str]) -> FieldRow {
        self.when = Some((way, words));
        self
    }

    const fn shown(mut self) -> FieldRow {
        self.shown = true;
        self
    }

    const fn says(mut self, label: &'static str, help: &'static str, example: &'static str) -> FieldRow {
        self.label = label;
        self.help = help;
        self.example = example;
        self
    }
}

/// The start of a row; the rest has its usual value until a method of the row says otherwise.
const fn row(
    name: &'static str,
    owners: &'static [Owner],
    field_type: FieldType,
    group: &'static str,
) -> FieldRow {
    FieldRow {
        name,
        owners,
        field_type,
        required: false,
        language: FieldLanguage::Both,
        nullable: false,
        exclusive_group: None,
        instead: None,
        when: None,
        shown: false,
        group,
        label: "",
        help: "",
        example: "",
    }
}

impl FieldType {
    /// Whether names that end in `.$` are evaluated in a value of this type (JSONPath).
    pub fn holds_template(self) -> bool {
        matches!(self, FieldType::Template | FieldType::Value | FieldType::Assign)
    }

    /// Whether `{% … %}` is evaluated in a value of this type (JSONata).
    pub fn holds_queries(self) -> bool {
        matches!(
            self,
            FieldType::Jsonata
                | FieldType::Value
                | FieldType::Template
                | FieldType::Assign
                | FieldType::Condition
                | FieldType::Timestamp
                | FieldType::Text { jsonata: true }
                | FieldType::Number { jsonata: true, .. }
        )
    }

    const fn integer(min: f64, max: f64) -> FieldType {
        FieldType::Number { min, max, integer: true, jsonata: false }
    }

    const fn integer_or_jsonata(min: f64, max: f64) -> FieldType {
        FieldType::Number { min, max, integer: true, jsonata: true }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_complete() {
        for row in rows() {
            let place = format!("{} of {:?}", row.name, row.owners);
            assert!(GROUPS.contains(&row.group), "{place}");
            assert!(!row.label.is_empty() && !row.help.is_empty(), "{place}");
            assert!(!row.help.ends_with('.') && row.help.len() < 170, "{place}");
            let example = serde_json::from_str::<serde_json::Value>(row.example);
            assert!(example.is_ok(), "{place}: {example:?}");
            assert!(!row.owners.is_empty(), "{place}");
        }
    }

    #[test]
    fn no_object_has_two_rows_for_one_name() {
        let mut seen = BTreeSet::new();
        for row in rows() {
            for owner in row.owners {
                assert!(seen.insert((*owner, row.name)), "{} of {owner:?} twice", row.name);
            }
        }
    }

    #[test]
    fn language_decides_what_a_state_offers() {
        let names = |language| -> Vec<&str> {
            fields_of(Owner::State(StateType::Wait), language).map(|it| it.name).collect()
        };
        let jsonpath = names(QueryLanguage::JsonPath);
        let jsonata = names(QueryLanguage::Jsonata);
        assert!(jsonpath.contains(&"SecondsPath") && !jsonpath.contains(&"Output"));
        assert!(jsonata.contains(&"Output") && !jsonata.contains(&"SecondsPath"));
        assert!(jsonata.contains(&"Seconds") && jsonpath.contains(&"Seconds"));
    }

    #[test]
    fn all_state_types_have_a_type() {
        for state_type in StateType::ALL {
            assert!(field(Owner::State(state_type), "Type").is_some_and(|it| it.required));
        }
        assert!(field(Owner::State(StateType::Choice), "Next").is_none());
        assert!(field(Owner::State(StateType::Fail), "InputPath").is_none());
    }
}
