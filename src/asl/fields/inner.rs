//! The rows of everything that is no state: the machine, its branches and bodies, choice rules,
//! retriers, catchers and the parts of a Map.

use crate::asl::fields::states::MAX_SECONDS;
use crate::asl::fields::{FieldRow, FieldType, Owner, row};

const SCOPES: &[Owner] = &[Owner::Machine, Owner::Branch, Owner::ItemProcessor];
const READ: &[Owner] = &[Owner::ItemReader];
const CONFIG: &[Owner] = &[Owner::ReaderConfig];
const BATCH: &[Owner] = &[Owner::ItemBatcher];
const WRITE: &[Owner] = &[Owner::ResultWriter];

/// Only files of rows have columns; an Athena manifest lists such files.
const CSV: &[&str] = &["CSV", "MANIFEST"];

/// The size of a batch is that of a state's input at most.
const MAX_BATCH_BYTES: f64 = 262_144.0;
const MAX_ITEMS: f64 = 100_000_000.0;
/// A retrier may wait for a year at most, and a leap one at that.
const MAX_DELAY_SECONDS: f64 = 31_622_400.0;

#[rustfmt::skip]
pub const ROWS: &[FieldRow] = &[
    row("Comment", SCOPES, FieldType::Comment, "Configuration")
        .says("Comment", "A note for people; it has no effect", r#""Sells what is in stock""#),
    row("QueryLanguage", &[Owner::Machine], FieldType::Word(&["JSONPath", "JSONata"]), "Configuration")
        .says("Language", "The language in which states select and shape data", r#""JSONata""#),
    row("Version", &[Owner::Machine], FieldType::Word(&["1.0"]), "Configuration")
        .says("Version", "The version of the States Language; there is only 1.0", r#""1.0""#),
    row("TimeoutSeconds", &[Owner::Machine], FieldType::integer(1.0, MAX_SECONDS), "Configuration")
        .says("Time limit", "After how many seconds the whole execution is stopped", "3600"),
    row("ProcessorConfig", &[Owner::ItemProcessor], FieldType::Group(Owner::ProcessorConfig), "Configuration").shown()
        .says("How items run", "Whether iterations run inside this execution or as executions of their own", r#"{"Mode":"INLINE"}"#),
    row("StartAt", SCOPES, FieldType::Target, "Configuration").required()
        .says("Start at", "The state to begin with", r#""Charge card""#),
    row("States", SCOPES, FieldType::States, "Configuration").required()
        .says("States", "The states by their names", r#"{"Charge card":{"Type":"Pass","End":true}}"#),

    row("Condition", &[Owner::ChoiceRule], FieldType::Condition, "Configuration").jsonata_only()
        .says("If", "An expression that yields true or false", r#""{% $states.input.total > 500 %}""#),
    row("Variable", &[Owner::ChoiceRule, Owner::Condition], FieldType::Path, "Configuration").jsonpath_only()
        .says("If", "The value to be tested", r#""$.total""#),
    row("Assign", &[Owner::ChoiceRule, Owner::Catcher], FieldType::Assign, "Variables")
        .says("Remember", "Variables that later states can read", r#"{"reason.$":"$.Cause"}"#),
    row("Output", &[Owner::ChoiceRule, Owner::Catcher], FieldType::Jsonata, "Output").jsonata_only()
        .says("Pass on", "What goes to the next state", r#""{% $states.input %}""#),
    row("Next", &[Owner::ChoiceRule], FieldType::Target, "Configuration").required()
        .says("Go to", "The state that follows when the rule holds", r#""Check""#),
    row("Comment", &[Owner::ChoiceRule, Owner::Condition, Owner::Retrier, Owner::Catcher], FieldType::Comment, "Configuration")
        .says("Comment", "A note for people; it has no effect", r#""Large orders are checked""#),

    row("ErrorEquals", &[Owner::Retrier, Owner::Catcher], FieldType::Errors, "Error handling").required()
        .says("On", "The names of the errors to react to", r#"["States.TaskFailed"]"#),
    row("IntervalSeconds", &[Owner::Retrier], FieldType::integer(1.0, MAX_SECONDS), "Error handling")
        .says("First wait", "How many seconds to wait before the first new attempt; 1 unless set", "2"),
    row("MaxAttempts", &[Owner::Retrier], FieldType::integer(0.0, MAX_SECONDS), "Error handling")
        .says("At most", "How many new attempts there are; 3 unless set, 0 for none", "3"),
    row("BackoffRate", &[Owner::Retrier], FieldType::Number { min: 1.0, max: f64::MAX, integer: false, jsonata: false }, "Error handling")
        .says("Then times", "By what the wait is multiplied after every attempt; 2 unless set", "2"),
    row("MaxDelaySeconds", &[Owner::Retrier], FieldType::integer(1.0, MAX_DELAY_SECONDS), "Error handling")
        .says("Longest wait", "The longest wait between two attempts, in seconds", "60"),
    row("JitterStrategy", &[Owner::Retrier], FieldType::Word(&["NONE", "FULL"]), "Error handling")
        .says("Spread waits", "FULL waits a random time up to the computed one, so that retries do not come all at once", r#""FULL""#),
    row("ResultPath", &[Owner::Catcher], FieldType::ReferencePath, "Output").jsonpath_only().nullable()
        .says("Put the error at", "Where in the input the error goes; null throws it away", r#""$.error""#),
    row("Next", &[Owner::Catcher], FieldType::Target, "Configuration").required()
        .says("Go to", "The state that deals with the error", r#""Clean up""#),

    row("RoleArn", &[Owner::Credentials], FieldType::Text { jsonata: true }, "Configuration").one_of("role")
        .says("Role", "The role with which to make the call", r#""arn:aws:iam::111111111111:role/other""#),
    row("RoleArn.$", &[Owner::Credentials], FieldType::PathOrIntrinsic, "Configuration").one_of("role").jsonpath_only()
        .says("Role, from the input", "Where the input says with which role to make the call", r#""$.role""#),

    row("Mode", &[Owner::ProcessorConfig], FieldType::Word(&["INLINE", "DISTRIBUTED"]), "Configuration").shown()
        .says("Mode", "INLINE runs iterations inside this execution, DISTRIBUTED each in one of its own", r#""DISTRIBUTED""#),
    row("ExecutionType", &[Owner::ProcessorConfig], FieldType::Word(&["STANDARD", "EXPRESS"]), "Configuration").shown().when("Mode", &["DISTRIBUTED"])
        .says("Run items as", "The type of the executions that a distributed Map starts", r#""EXPRESS""#),

    row("Resource", READ, FieldType::Resource, "Configuration").required()
        .says("Reads with", "How the items are fetched: one object, or the listing of a bucket", r#""arn:aws:states:::s3:getObject""#),
    row("Parameters", READ, FieldType::Template, "Input").jsonpath_only()
        .says("From", "The bucket and the key or prefix", r#"{"Bucket":"data","Key":"orders.json"}"#),
    row("Arguments", READ, FieldType::Jsonata, "Input").jsonata_only()
        .says("From", "The bucket and the key or prefix", r#"{"Bucket":"data","Key":"orders.json"}"#),
    row("ReaderConfig", READ, FieldType::Group(Owner::ReaderConfig), "Input")
        .says("How to read", "The form of the file", r#"{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}"#),
    row("InputType", CONFIG, FieldType::Word(&["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]), "Input").shown()
        .says("Form", "The form of the file", r#""CSV""#),
    row("Transformation", CONFIG, FieldType::Word(&["NONE", "LOAD_AND_FLATTEN"]), "Input")
        .says("Listed objects", "LOAD_AND_FLATTEN reads the objects of a listing instead of naming them", r#""NONE""#),
    row("ManifestType", CONFIG, FieldType::Word(&["ATHENA_DATA", "S3_INVENTORY"]), "Input")
        .says("Manifest", "Who wrote the manifest", r#""S3_INVENTORY""#),
    row("CSVDelimiter", CONFIG, FieldType::Word(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]), "Input").when("InputType", CSV)
        .says("Between values", "What separates the values of a row", r#""COMMA""#),
    row("CSVHeaderLocation", CONFIG, FieldType::Word(&["FIRST_ROW", "GIVEN"]), "Input").when("InputType", CSV)
        .says("Column names", "Whether the first row names the columns or CSVHeaders does", r#""FIRST_ROW""#),
    row("CSVHeaders", CONFIG, FieldType::Strings, "Input").when("CSVHeaderLocation", &["GIVEN"])
        .says("Columns", "The names of the columns when the file has none", r#"["id","total"]"#),
    row("ItemsPointer", CONFIG, FieldType::Text { jsonata: true }, "Input").when("InputType", &["JSON"])
        .says("Items in the file", "A JSON Pointer to the list inside a JSON file", r#""/orders""#),
    row("MaxItems", CONFIG, FieldType::integer_or_jsonata(0.0, MAX_ITEMS), "Input").one_of("max items")
        .says("At most", "How many items to read; 0 reads all", "100"),
    row("MaxItemsPath", CONFIG, FieldType::Path, "Input").one_of("max items").jsonpath_only()
        .says("At most, from the input", "Where the input says how many items to read", r#""$.limit""#),

    row("BatchInput", BATCH, FieldType::Value, "Input")
        .says("With every batch", "Data that every batch gets beside its items", r#"{"date.$":"$.date"}"#),
    row("MaxItemsPerBatch", BATCH, FieldType::integer_or_jsonata(1.0, MAX_ITEMS), "Input").one_of("batch items")
        .says("Items per batch", "How many items a batch holds at most", "100"),
    row("MaxItemsPerBatchPath", BATCH, FieldType::Path, "Input").one_of("batch items").jsonpath_only()
        .says("Items per batch, from the input", "Where the input says how many items a batch holds", r#""$.batch""#),
    row("MaxInputBytesPerBatch", BATCH, FieldType::integer_or_jsonata(1.0, MAX_BATCH_BYTES), "Input").one_of("batch bytes")
        .says("Bytes per batch", "How large a batch may grow", "131072"),
    row("MaxInputBytesPerBatchPath", BATCH, FieldType::Path, "Input").one_of("batch bytes").jsonpath_only()
        .says("Bytes per batch, from the input", "Where the input says how large a batch may grow", r#""$.bytes""#),

    row("Resource", WRITE, FieldType::Resource, "Configuration")
        .says("Writes with", "How the results are stored", r#""arn:aws:states:::s3:putObject""#),
    row("Parameters", WRITE, FieldType::Template, "Output").jsonpath_only()
        .says("To", "The bucket and prefix", r#"{"Bucket":"results","Prefix":"run"}"#),
    row("Arguments", WRITE, FieldType::Jsonata, "Output").jsonata_only()
        .says("To", "The bucket and prefix", r#"{"Bucket":"results","Prefix":"run"}"#),
    row("WriterConfig", WRITE, FieldType::Group(Owner::WriterConfig), "Output")
        .says("How to write", "The form of the results", r#"{"OutputType":"JSON","Transformation":"COMPACT"}"#),
    row("OutputType", &[Owner::WriterConfig], FieldType::Word(&["JSON", "JSONL"]), "Output")
        .says("Form", "The form of the results", r#""JSON""#),
    row("Transformation", &[Owner::WriterConfig], FieldType::Word(&["NONE", "COMPACT", "FLATTEN"]), "Output")
        .says("Keep", "COMPACT keeps the outputs only, FLATTEN also joins lists, NONE keeps all of every execution", r#""COMPACT""#),
];
