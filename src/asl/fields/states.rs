//! The rows of the eight state types, in the order in which they read well in a state.

use crate::asl::fields::{FieldRow, FieldType, Owner, row};
use crate::asl::machine::StateType;

const TASK: Owner = Owner::State(StateType::Task);
const PASS: Owner = Owner::State(StateType::Pass);
const CHOICE: Owner = Owner::State(StateType::Choice);
const WAIT: Owner = Owner::State(StateType::Wait);
const SUCCEED: Owner = Owner::State(StateType::Succeed);
const FAIL: Owner = Owner::State(StateType::Fail);
const PARALLEL: Owner = Owner::State(StateType::Parallel);
const MAP: Owner = Owner::State(StateType::Map);

const ALL: &[Owner] = &[TASK, PASS, CHOICE, WAIT, SUCCEED, FAIL, PARALLEL, MAP];
const WITH_INPUT: &[Owner] = &[TASK, PASS, CHOICE, WAIT, SUCCEED, PARALLEL, MAP];
const WITH_NEXT: &[Owner] = &[TASK, PASS, WAIT, PARALLEL, MAP];
const WITH_ERRORS: &[Owner] = &[TASK, PARALLEL, MAP];
const WITH_RESULT: &[Owner] = &[TASK, PASS, PARALLEL, MAP];
const WITH_VARIABLES: &[Owner] = &[TASK, PASS, CHOICE, WAIT, PARALLEL, MAP];

/// The largest number of seconds and attempts.
pub const MAX_SECONDS: f64 = 99_999_999.0;
/// The largest number of items, and what stands for no limit elsewhere.
const MAX_COUNT: f64 = 100_000_000.0;

/// Where a Map says how its iterations run.
const MODE: &str = "ItemProcessor/ProcessorConfig/Mode";
const DISTRIBUTED: &[&str] = &["DISTRIBUTED"];

const TYPES: FieldType =
    FieldType::Word(&["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"]);

#[rustfmt::skip]
pub const ROWS: &[FieldRow] = &[
    row("Type", ALL, TYPES, "Configuration").required()
        .says("Kind", "What the state does", r#""Task""#),
    row("Comment", ALL, FieldType::Comment, "Configuration")
        .says("Comment", "A note for people; it has no effect", r#""Takes the money from the card""#),
    row("QueryLanguage", ALL, FieldType::Word(&["JSONPath", "JSONata"]), "Configuration")
        .says("Language", "The language in which this state selects and shapes data; the machine's, unless set here", r#""JSONata""#),

    row("Resource", &[TASK], FieldType::Resource, "Configuration").required()
        .says("Calls", "The function, service or activity that does the work", r#""arn:aws:states:::lambda:invoke""#),
    row("Credentials", &[TASK], FieldType::Group(Owner::Credentials), "Configuration")
        .says("Role", "Another role with which to make the call", r#"{"RoleArn":"arn:aws:iam::111111111111:role/other"}"#),

    row("Choices", &[CHOICE], FieldType::Items(Owner::ChoiceRule), "Configuration").required()
        .says("Rules", "Tried in order; the first one that holds decides where to go", r#"[{"Variable":"$.total","NumericGreaterThan":500,"Next":"Check"}]"#),
    row("Default", &[CHOICE], FieldType::Target, "Configuration").shown()
        .says("Otherwise", "The state to go to when no rule holds; without it the execution fails then", r#""Reject""#),

    row("Seconds", &[WAIT], FieldType::integer_or_jsonata(0.0, MAX_SECONDS), "Configuration").one_of("wait")
        .says("Wait for", "How many seconds to wait", "30"),
    row("SecondsPath", &[WAIT], FieldType::Path, "Configuration").one_of("wait").jsonpath_only()
        .says("Wait for, from the input", "Where the input says how many seconds to wait", r#""$.delay""#),
    row("Timestamp", &[WAIT], FieldType::Timestamp, "Configuration").one_of("wait")
        .says("Wait until", "The moment until which to wait", r#""2026-03-14T01:59:00Z""#),
    row("TimestampPath", &[WAIT], FieldType::Path, "Configuration").one_of("wait").jsonpath_only()
        .says("Wait until, from the input", "Where the input says until when to wait", r#""$.deliverAt""#),

    row("Error", &[FAIL], FieldType::Text { jsonata: true }, "Configuration").one_of("error")
        .says("Error", "The name of the error with which the execution fails", r#""OutOfStock""#),
    row("ErrorPath", &[FAIL], FieldType::PathOrIntrinsic, "Configuration").one_of("error").jsonpath_only()
        .says("Error, from the input", "Where the input holds the name of the error", r#""$.error""#),
    row("Cause", &[FAIL], FieldType::Text { jsonata: true }, "Configuration").one_of("cause")
        .says("Cause", "A sentence for people about what went wrong", r#""There is nothing left to sell""#),
    row("CausePath", &[FAIL], FieldType::PathOrIntrinsic, "Configuration").one_of("cause").jsonpath_only()
        .says("Cause, from the input", "Where the input holds the cause", r#""$.cause""#),

    row("InputPath", WITH_INPUT, FieldType::Path, "Input").jsonpath_only().nullable()
        .says("Take from the input", "The part of the input that the state works with; null gives it an empty object", r#""$.order""#),
    row("ItemReader", &[MAP], FieldType::Group(Owner::ItemReader), "Input").when(MODE, DISTRIBUTED)
        .says("Read items from", "Reads the items from a file or listing in S3 instead of from the input", r#"{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"data","Key":"orders.json"},"ReaderConfig":{"InputType":"JSON"}}"#),
    row("ItemsPath", &[MAP], FieldType::Path, "Input").jsonpath_only()
        .says("Items", "Where the list of items is", r#""$.orders""#),
    row("Items", &[MAP], FieldType::Jsonata, "Input").jsonata_only()
        .says("Items", "The list of items, or an expression that gives it", r#""{% $states.input.orders %}""#),
    row("ItemSelector", &[MAP], FieldType::Value, "Input")
        .says("Give each item", "What every iteration gets as its input instead of the bare item", r#"{"order.$":"$$.Map.Item.Value"}"#),
    row("ItemBatcher", &[MAP], FieldType::Group(Owner::ItemBatcher), "Input").when(MODE, DISTRIBUTED)
        .says("Batch items", "Hands several items at once to one iteration", r#"{"MaxItemsPerBatch":100}"#),
    row("Parameters", &[TASK, PASS, PARALLEL], FieldType::Template, "Input").jsonpath_only()
        .says("Give it", "What is handed over, built from the input", r#"{"id.$":"$.order.id"}"#),
    row("Parameters", &[MAP], FieldType::Template, "Input").jsonpath_only().instead("ItemSelector")
        .says("Give each item", "The old name of ItemSelector", r#"{"order.$":"$$.Map.Item.Value"}"#),
    row("Arguments", &[TASK, PARALLEL], FieldType::Jsonata, "Input").jsonata_only()
        .says("Give it", "What is handed over; without it the whole input", r#"{"id":"{% $states.input.order.id %}"}"#),

    row("Branches", &[PARALLEL], FieldType::Items(Owner::Branch), "Configuration").required()
        .says("Branches", "Workflows that run at the same time, each on a copy of the input", r#"[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}]"#),
    row("ItemProcessor", &[MAP], FieldType::Group(Owner::ItemProcessor), "Configuration").one_of("processor")
        .says("For each item", "The workflow that runs once per item", r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#),
    row("Iterator", &[MAP], FieldType::Group(Owner::ItemProcessor), "Configuration").one_of("processor").instead("ItemProcessor")
        .says("For each item", "The old name of ItemProcessor", r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#),
    row("Label", &[MAP], FieldType::Text { jsonata: false }, "Configuration").when(MODE, DISTRIBUTED)
        .says("Label", "A short name for the Map Runs of a distributed Map", r#""Invoices""#),
    row("MaxConcurrency", &[MAP], FieldType::integer_or_jsonata(0.0, MAX_COUNT), "Configuration").one_of("concurrency")
        .says("At the same time", "How many iterations may run at once; 0 sets no limit", "10"),
    row("MaxConcurrencyPath", &[MAP], FieldType::Path, "Configuration").one_of("concurrency").jsonpath_only()
        .says("At the same time, from the input", "Where the input says how many iterations may run at once", r#""$.concurrency""#),
    row("ToleratedFailurePercentage", &[MAP], FieldType::Number { min: 0.0, max: 100.0, integer: false, jsonata: true }, "Configuration").one_of("tolerated percentage").when(MODE, DISTRIBUTED)
        .says("May fail, percent", "The share of items that may fail before a distributed Map fails", "5"),
    row("ToleratedFailurePercentagePath", &[MAP], FieldType::Path, "Configuration").one_of("tolerated percentage").jsonpath_only().when(MODE, DISTRIBUTED)
        .says("May fail, percent, from the input", "Where the input says which share of items may fail", r#""$.tolerated""#),
    row("ToleratedFailureCount", &[MAP], FieldType::integer_or_jsonata(0.0, MAX_COUNT), "Configuration").one_of("tolerated count").when(MODE, DISTRIBUTED)
        .says("May fail, items", "How many items may fail before a distributed Map fails", "10"),
    row("ToleratedFailureCountPath", &[MAP], FieldType::Path, "Configuration").one_of("tolerated count").jsonpath_only().when(MODE, DISTRIBUTED)
        .says("May fail, items, from the input", "Where the input says how many items may fail", r#""$.tolerated""#),

    row("TimeoutSeconds", &[TASK], FieldType::integer_or_jsonata(1.0, MAX_SECONDS), "Error handling").one_of("timeout")
        .says("Time limit", "After how many seconds the task fails with States.Timeout", "60"),
    row("TimeoutSecondsPath", &[TASK], FieldType::Path, "Error handling").one_of("timeout").jsonpath_only()
        .says("Time limit, from the input", "Where the input holds the time limit in seconds", r#""$.timeout""#),
    row("HeartbeatSeconds", &[TASK], FieldType::integer_or_jsonata(1.0, MAX_SECONDS), "Error handling").one_of("heartbeat")
        .says("Heartbeat every", "How many seconds may pass between two signs of life", "20"),
    row("HeartbeatSecondsPath", &[TASK], FieldType::Path, "Error handling").one_of("heartbeat").jsonpath_only()
        .says("Heartbeat every, from the input", "Where the input holds the time between two signs of life", r#""$.heartbeat""#),

    row("Result", &[PASS], FieldType::Json, "Output").jsonpath_only()
        .says("Result", "A fixed value that takes the place of the input", r#"{"ok":true}"#),
    row("ResultSelector", WITH_ERRORS, FieldType::Template, "Output").jsonpath_only()
        .says("Keep of the result", "What is kept of the result, built anew", r#"{"id.$":"$.Payload.id"}"#),
    row("ResultPath", WITH_RESULT, FieldType::ReferencePath, "Output").jsonpath_only().nullable()
        .says("Put the result at", "Where in the input the result goes; null throws the result away", r#""$.charge""#),
    row("ResultWriter", &[MAP], FieldType::Group(Owner::ResultWriter), "Output").when(MODE, DISTRIBUTED)
        .says("Write results to", "Writes the results of a distributed Map to S3", r#"{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"results","Prefix":"run"}}"#),
    row("OutputPath", WITH_INPUT, FieldType::Path, "Output").jsonpath_only().nullable()
        .says("Pass on", "The part that goes to the next state; null passes on an empty object", r#""$.charge""#),
    row("Output", WITH_INPUT, FieldType::Jsonata, "Output").jsonata_only()
        .says("Pass on", "What goes to the next state; without it the result", r#"{"id":"{% $states.result.id %}"}"#),
    row("Assign", WITH_VARIABLES, FieldType::Assign, "Variables")
        .says("Remember", "Variables that later states can read", r#"{"orderId.$":"$.order.id"}"#),

    row("Retry", WITH_ERRORS, FieldType::Items(Owner::Retrier), "Error handling")
        .says("Try again", "Which errors to answer with another attempt, and when", r#"[{"ErrorEquals":["States.TaskFailed"],"IntervalSeconds":2,"MaxAttempts":3,"BackoffRate":2}]"#),
    row("Catch", WITH_ERRORS, FieldType::Items(Owner::Catcher), "Error handling")
        .says("On errors", "Where to go when an error is not or no longer retried", r#"[{"ErrorEquals":["States.ALL"],"Next":"Clean up"}]"#),
    row("Next", WITH_NEXT, FieldType::Target, "Configuration").one_of("transition")
        .says("Next", "The state that follows", r#""Ship order""#),
    row("End", WITH_NEXT, FieldType::Flag, "Configuration").one_of("transition")
        .says("End here", "Ends the workflow, branch or iteration after this state", "true"),
];
