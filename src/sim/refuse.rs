//! What the language has and the simulator does not run yet. A table, so that support for a
//! feature is one row less.

use serde_json::Value;

use crate::asl::QueryLanguage;
use crate::sim::program::{Kind, Program, StateDef, Unsupported};

/// Fields of a Map state that belong to distributed Maps.
const DISTRIBUTED_FIELDS: &[&str] = &[
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

/// Every state that cannot be run yet, in text order of the scopes.
pub(crate) fn refusals(program: &Program) -> Vec<Unsupported> {
    let mut refusals = Vec::new();
    for state in &program.states {
        if state.language == QueryLanguage::Jsonata {
            refusals.push(refuse(
                state,
                "QueryLanguage",
                "uses JSONata, which the simulator does not run yet",
            ));
        }
        if !matches!(state.kind, Kind::Map { .. }) {
            continue;
        }
        let mode = state.field("ProcessorConfig").and_then(|it| it.get("Mode")).and_then(Value::as_str);
        if mode == Some("DISTRIBUTED") {
            let what = "is a distributed Map, which the simulator does not run yet";
            refusals.push(refuse(state, "ProcessorConfig", what));
            continue;
        }
        for field in DISTRIBUTED_FIELDS {
            if state.field(field).is_some() {
                let what = format!("has {field}, which the simulator does not run yet");
                refusals.push(refuse(state, field, &what));
            }
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
