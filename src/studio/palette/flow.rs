//! The kinds of states besides Task.

use crate::asl::StateType;
use crate::studio::palette::PaletteRow;

type Row = (&'static str, StateType, &'static str, &'static str, &'static str);

/// Id, which is the icon too, type, help, words, and the fields of a new state in the words of `speech`; its name is that
/// of its type. `@next` leads on.
#[rustfmt::skip]
const FLOW: &[Row] = &[
    ("choice", StateType::Choice, "Goes one of several ways, by rules on the data",
        "if branch decision condition gateway switch",
        r#""Choices":[{"Has":"$.value","Next":"@next"}],"Default":"@next""#),
    ("parallel", StateType::Parallel, "Runs several branches at the same time and waits for all",
        "fork join concurrent fan out",
        r#""Branches":[{"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true}}},{"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true}}}],"Next":"@next""#),
    ("map", StateType::Map, "Does the same for every item of an array",
        "loop each item iterate array for",
        r#""Items":"$.items","ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true}}},"Next":"@next""#),
    ("wait", StateType::Wait, "Waits for a time or until a moment",
        "delay timer sleep pause",
        r#""Seconds":5,"Next":"@next""#),
    ("pass", StateType::Pass, "Hands its input on, or puts fixed data in its place",
        "transform data set constant",
        r#""Next":"@next""#),
    ("succeed", StateType::Succeed, "Ends here with success", "end stop done", ""),
    ("fail", StateType::Fail, "Ends here with an error", "end stop error throw",
        r#""Error":"MyError","Cause":"Say what went wrong""#),
];

pub(super) fn rows() -> Vec<PaletteRow> {
    let row = |row: &Row| PaletteRow {
        id: row.0.to_owned(),
        state_type: row.1,
        group: "Flow",
        label: row.1.as_str().to_owned(),
        service: "",
        help: row.2.to_owned(),
        keywords: row.3,
        icon: row.0,
        patterns: Vec::new(),
    };
    FLOW.iter().map(row).collect()
}

/// The described state of a row, under its name.
pub(super) fn described(id: &str) -> Option<String> {
    let (_, state_type, _, _, fields) = FLOW.iter().find(|it| it.0 == id)?;
    let name = state_type.as_str();
    let comma = if fields.is_empty() { "" } else { "," };
    Some(format!(r#"{{"{name}":{{"Type":"{name}"{comma}{fields}}}}}"#))
}
