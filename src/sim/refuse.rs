//! What the language has and the simulator does not run yet. A table, so that support for a
//! feature is one row less.

use crate::sim::distributed::fields;
use crate::sim::program::{Program, StateDef, Unsupported};

/// Every state that cannot be run yet, in text order of the scopes.
pub(crate) fn refusals(program: &Program) -> Vec<Unsupported> {
    let mut refusals = Vec::new();
    for state in &program.states {
        if fields::text(state, "ItemReader/ReaderConfig/InputType") == Some("PARQUET") {
            let what = "reads Parquet files, which the simulator cannot read";
            refusals.push(refuse(state, "ItemReader", what));
        }
    }
    refusals
}

fn refuse(state: &StateDef, field: &str, what: &str) -> Unsupported {
    Unsupported {
        state: state.path.clone(),
        field: field.to_string(),
        sentence: format!("State “{}” {what}", state.name),
    }
}
