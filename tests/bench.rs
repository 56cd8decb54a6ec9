//! The expression bench: values, errors and parts on the data of a run or on data of one's own,
//! and what is written to a field.

use serde_json::Value;
use stepglass::asl::{QueryLanguage, StatePath};
use stepglass::studio::{
    Bench, BenchSource, BenchView, Command, ExplainView, Look, OpenedFrom, PlayerCommand, Studio,
    bench_fields,
};

use QueryLanguage::{JsonPath, Jsonata};

const JSONATA: &str = r#"{"StartAt":"Price","QueryLanguage":"JSONata","States":{
  "Price":{"Type":"Pass","Assign":{"rate":"{% $states.input.rate %}"},"Next":"Charge"},
  "Charge":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
    "Arguments":{"FunctionName":"charge","Payload":{"amount":"{% $states.input.total * $rate %}","list":["{% 1 %}"]}},
    "Assign":{"rate":"{% $states.result.Payload.rate %}"},
    "Output":"{% $states.result.Payload %}",
    "Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.errorOutput %}","Next":"Price"}],"Next":"Which"},
  "Which":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.rate > 1 %}","Next":"Done"}],"Default":"Done"},
  "Done":{"Type":"Succeed"}}}"#;

const JSONPATH: &str = r#"{"StartAt":"Call","States":{
  "Call":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","InputPath":"$.order",
    "Parameters":{"FunctionName":"f","Payload":{"id.$":"$.id","n":1}},
    "ResultPath":"$.called","Assign":{"who.$":"$.Payload.who"},"Next":"Which"},
  "Which":{"Type":"Choice","Choices":[{"Or":[{"Variable":"$.called","IsPresent":true},
    {"Variable":"$.a","StringEqualsPath":"$.b"}],"Next":"Wait"}],"Default":"Wait"},
  "Wait":{"Type":"Wait","SecondsPath":"$.order.wait","End":true}}}"#;

const INPUT: &str = r#"{"rate":2,"total":21,"order":{"id":"o-1","wait":5}}"#;

/// A studio after a run whose task answered, with the cursor at the last step of this state.
fn ran(text: &str, state: &str) -> Studio {
    let mut studio = opened(text);
    studio.dispatch(Command::SetInput { json: INPUT.into() });
    studio.dispatch(Command::Run);
    let answer = r#"{"Payload":{"rate":3,"who":"Ada"}}"#.to_string();
    studio.dispatch(Command::Answer { answer: stepglass::studio::AnswerInput::Succeed(answer) });
    studio.dispatch(Command::Player(PlayerCommand::Last));
    studio.dispatch(Command::Select { state: Some(StatePath::new(format!("/States/{state}"))) });
    studio
}

fn opened(text: &str) -> Studio {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "a.asl.json".into(), text: text.into(), from: OpenedFrom::Paste });
    studio
}

/// What an expression gives at a stage of the step in the lens.
fn at(studio: &Studio, stage: &str, language: QueryLanguage, text: &str) -> Bench {
    let places = studio.bench_places();
    let place = places.stages.iter().position(|it| *it == stage);
    let place = place.unwrap_or_else(|| panic!("no {stage} in {:?}", places.stages));
    let data = studio.bench_data(&BenchSource::Step { place }).expect("data");
    Bench::new(language, text, &data)
}

fn own(input: &str, language: QueryLanguage, text: &str) -> Bench {
    let studio = Studio::new();
    match studio.bench_data(&BenchSource::Own { input: input.into() }) {
        Ok(data) => Bench::new(language, text, &data),
        Err(refusal) => Bench::without_data(refusal.0),
    }
}

fn value(view: &BenchView) -> Value {
    let text: String = view.value.iter().map(|it| it.text.as_str()).collect();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{view:?}"))
}

/// The value of an expression, its kind and its size.
#[track_caller]
fn gives(bench: &Bench, json: &str, kind: &str, size: &str) {
    let view = bench.view();
    assert_eq!(view.fault, None);
    assert_eq!(value(view), serde_json::from_str::<Value>(json).expect("JSON"));
    assert_eq!((view.kind, view.size.as_str()), (kind, size));
}

/// The error of an expression: code, place, the guilty text and the beginning of its sentence.
#[track_caller]
fn fails(text: &str, bench: &Bench, code: &str, place: &str, guilty: &str, sentence: &str) {
    let fault = bench.view().fault.clone().unwrap_or_else(|| panic!("{:?}", bench.view()));
    let marked = fault.range.and_then(|it| text.get(it.start..it.end)).unwrap_or_default();
    assert_eq!((fault.code.as_str(), fault.place.as_str(), marked), (code, place, guilty), "{fault:?}");
    assert!(fault.message.starts_with(sentence), "{fault:?}");
}

#[test]
fn jsonata_reads_what_the_stage_read() {
    let studio = ran(JSONATA, "Charge");
    assert_eq!(studio.bench_places().title, "Charge · step 4");
    // The value of before the Assign of this state, at every one of its stages.
    for stage in ["Arguments", "Assign", "Output"] {
        gives(&at(&studio, stage, Jsonata, "$rate * $states.input.total"), "42", "number", "2 bytes");
    }
    gives(
        &at(&studio, "Output", Jsonata, "{% $states.result.Payload.who %}"),
        "\"Ada\"",
        "string",
        "3 characters · 5 bytes",
    );
    gives(
        &at(&studio, "Arguments", Jsonata, "$states.context.[State.Name, Execution.Input.rate]"),
        r#"["Charge",2]"#,
        "array",
        "2 items · 12 bytes",
    );
    let bench = at(&studio, "Arguments", Jsonata, "$states.result");
    assert_eq!(bench.view().kind, "nothing");
    assert!(bench.view().note.as_ref().is_some_and(|it| it.contains("States.QueryEvaluationError")));
    let names = studio.bench_data(&BenchSource::Step { place: 0 }).expect("data").names(Jsonata);
    assert_eq!(names, ["$states.input", "$states.context", "$rate"]);
}

#[test]
fn jsonpath_reads_what_the_stage_read() {
    let studio = ran(JSONPATH, "Call");
    gives(&at(&studio, "InputPath", JsonPath, "$.order.id"), "\"o-1\"", "string", "3 characters · 5 bytes");
    gives(&at(&studio, "Parameters", JsonPath, " $.id "), "\"o-1\"", "string", "3 characters · 5 bytes");
    gives(
        &at(&studio, "Parameters", JsonPath, "States.Format('{} {}', $.id, $$.State.Name)"),
        "\"o-1 Call\"",
        "string",
        "8 characters · 10 bytes",
    );
    gives(
        &at(&studio, "Task", JsonPath, "$.Payload"),
        r#"{"rate":3,"who":"Ada"}"#,
        "object",
        "2 keys · 22 bytes",
    );
    let text = "$.Payload.woh";
    let bench = at(&studio, "Task", JsonPath, text);
    fails(
        text,
        &bench,
        "States.Runtime",
        bench.view().fault.as_ref().map_or("", |it| &it.place),
        guilty(&bench, text),
        "The JSONPath",
    );
    assert_eq!(bench.view().note.as_deref(), Some("Did you mean “who”?"));

    let studio = ran(JSONPATH, "Wait");
    gives(&at(&studio, "Input", JsonPath, "$who"), "\"Ada\"", "string", "3 characters · 5 bytes");
}

fn guilty<'t>(bench: &Bench, text: &'t str) -> &'t str {
    let range = bench.view().fault.as_ref().and_then(|it| it.range);
    range.and_then(|it| text.get(it.start..it.end)).unwrap_or_default()
}

#[test]
fn errors_have_a_code_a_place_and_a_sentence() {
    let jsonata = |text: &str| own("{}", Jsonata, text);
    fails("1 +\n $foo(", &jsonata("1 +\n $foo("), "S0203", "line 2, character 7", "", "");
    fails("{% 'é' + 1 %}", &jsonata("{% 'é' + 1 %}"), "T2001", "character 4", "'é' + 1", "");
    let path = |text: &str| own("{}", JsonPath, text);
    fails("  $.a[", &path("  $.a["), "SCHEMA_VALIDATION_FAILED", "character 7", "", "");
    fails(
        "States.Fromat('')",
        &path("States.Fromat('')"),
        "SCHEMA_VALIDATION_FAILED",
        "character 1",
        "States.Fromat",
        "There is no function “States.Fromat”; did you mean “States.Format”?",
    );
    fails("", &own("{", Jsonata, "1"), "", "", "", "The input is not JSON, line 1");
    let deep = format!("{}{}", "[".repeat(600), "]".repeat(600));
    assert!(own(&deep, Jsonata, "1").view().fault.is_some());
}

#[test]
fn it_works_without_a_run() {
    let mut studio = opened(JSONATA);
    studio.dispatch(Command::SetInput { json: INPUT.into() });
    let places = studio.bench_places();
    assert_eq!((places.title.as_str(), places.stages.len(), places.language), ("", 0, Jsonata));
    assert_eq!(serde_json::from_str::<Value>(&places.input).ok(), serde_json::from_str(INPUT).ok());
    gives(&own(INPUT, Jsonata, "$states.input.total / 2"), "10.5", "number", "4 bytes");
    gives(&own(INPUT, JsonPath, "$$.Execution.Input.rate"), "2", "number", "1 byte");
    gives(&own("", JsonPath, "$"), "{}", "object", "0 keys · 2 bytes");
    assert_eq!(*own("{}", Jsonata, "  \n ").view(), BenchView::default());
    let note = own(INPUT, Jsonata, "total").view().note.clone().unwrap_or_default();
    assert!(note.starts_with("Reference to 'total' at the top level is not supported."), "{note}");
}

#[test]
fn parts_are_looked_at_where_they_were_typed() {
    let text = "{% $sum($states.input.items.(price * n)) %}";
    let bench = own(r#"{"items":[{"price":2,"n":3},{"price":1,"n":1}]}"#, Jsonata, text);
    gives(&bench, "7", "number", "1 byte");
    let look = |chosen, look| bench.look(chosen, look);
    let part = |view: &ExplainView| {
        let range = view.chosen.and_then(|it| view.parts.get(it)).expect("a part").range;
        (text[range.start..range.end].to_string(), view.sentence.clone())
    };
    let chosen = look(None, Look::At { offset: text.find("* n").expect("it is there") });
    let view = bench.explain_view(chosen);
    assert_eq!(part(&view), ("price * n".into(), "price * n gave 6 the first of 2 times".into()));
    let wider = bench.explain_view(look(chosen, Look::Wider));
    assert_eq!(part(&wider).0, "(price * n)");
    let whole = bench.explain_view(look(None, Look::Next));
    assert_eq!(part(&whole).1, "$sum($states.input.items.(price * n)) gave 7");
}

#[test]
fn nothing_that_is_typed_runs_away() {
    for text in [
        "($f := function($x) { $f($x + 1) + 1 }; $f(0))",
        "($f := function($x) { $f($x + 1) }; $f(0))",
        "[1..10000000]",
        "$pad('a', 2000000000)",
        "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a+)+$/)",
        "$map([1..1000], function($i) { [1..1000] })",
    ] {
        let bench = own("{}", Jsonata, text);
        let fault = bench.view().fault.clone();
        assert!(fault.is_some() || text.starts_with("$match"), "{text} gave {:?}", bench.view().size);
    }
    let nested = format!("{}1{}", "(".repeat(20_000), ")".repeat(20_000));
    gives(&own("{}", Jsonata, &nested), "1", "number", "1 byte");
    let named = format!("{}1{}", "($a:=1;".repeat(3_000), ")".repeat(3_000));
    gives(&own("{}", Jsonata, &named), "1", "number", "1 byte");
    let long = "1+".repeat(200_000);
    assert!(own("{}", Jsonata, &long).view().fault.is_some());
}

/// Title, text and what may be written.
#[track_caller]
fn fields(text: &str, state: &str, expected: &str) {
    let studio = opened(text);
    let found = studio.bench_fields(&StatePath::new(format!("/States/{state}")));
    let told: Vec<String> = found
        .iter()
        .map(|it| {
            format!("{} {:?}{} {}", it.title, it.takes, if it.is_set { "" } else { " unset" }, it.text)
                .trim()
                .to_string()
        })
        .collect();
    assert_eq!(told.join("\n"), expected.trim(), "{state}");
}

#[test]
fn fields_that_take_an_expression_are_found() {
    fields(
        JSONPATH,
        "Wait",
        "SecondsPath Path $.order.wait\nTimestampPath Path unset\nInputPath Path unset\nOutputPath Path unset",
    );
    fields(
        JSONPATH,
        "Which",
        "InputPath Path unset\nOutputPath Path unset\nChoices[0].Or[0].Variable Path $.called\nChoices[0].Or[1].Variable Path $.a\nChoices[0].Or[1].StringEqualsPath Path $.b",
    );
    fields(JSONATA, "Which", "Output Jsonata unset\nChoices[0].Condition Jsonata $states.input.rate > 1");
}

/// What is applied to a field, or why not; undone it is the same to the byte.
fn applied(
    text: &str,
    state: &str,
    title: &str,
    language: QueryLanguage,
    typed: &str,
) -> Result<String, String> {
    let mut studio = opened(text);
    let found = studio.bench_fields(&StatePath::new(format!("/States/{state}")));
    let titles: Vec<&str> = found.iter().map(|it| it.title.as_str()).collect();
    let target =
        found.iter().find(|it| it.title == title).unwrap_or_else(|| panic!("no {title} in {titles:?}"));
    let command = studio.bench_apply(language, typed, target).map_err(|it| it.0)?;
    studio.dispatch(command);
    let new = studio.document_view().text.to_string();
    let same_start = text.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let same_end = text.bytes().rev().zip(new.bytes().rev()).take_while(|(a, b)| a == b).count();
    let end = new.len() - same_end.min(new.len() - same_start);
    let change = new.get(same_start..end).unwrap_or_default().to_string();
    studio.dispatch(Command::Undo);
    assert_eq!(&*studio.document_view().text, text);
    Ok(change)
}

#[test]
fn an_expression_is_written_as_a_small_edit() {
    let change =
        applied(JSONATA, "Charge", "Arguments.Payload.amount", Jsonata, "$states.input.total * $rate * 2");
    assert_eq!(change.as_deref(), Ok("* 2"));
    // Marks are not doubled.
    let change = applied(JSONATA, "Which", "Choices[0].Condition", Jsonata, " {% $states.input.rate > 7 %} ");
    assert_eq!(change.as_deref(), Ok("7"));
    let change = applied(JSONPATH, "Call", "Parameters.Payload.id.$", JsonPath, "States.UUID()")
        .expect("it is written");
    assert!(change.contains("tates.UUID()"), "{change}");
    let change = applied(JSONPATH, "Wait", "OutputPath", JsonPath, "$.order").expect("it is written");
    assert!(change.contains("OutputPath") && change.contains("$.order"), "{change}");
}

#[test]
fn what_cannot_be_written_is_refused_in_a_sentence() {
    let refused = |text, state, title, language, typed| {
        applied(text, state, title, language, typed).expect_err("refused")
    };
    let path = |title, typed| refused(JSONPATH, "Call", title, JsonPath, typed);
    assert_eq!(path("InputPath", "States.UUID()"), "InputPath takes a path, not a call of a function");
    assert_eq!(path("InputPath", "$.order"), "InputPath is this expression already");
    assert!(path("ResultPath", "$.a[*]").starts_with("ResultPath takes a path to exactly one place"));
    assert!(path("InputPath", "$.a[").starts_with("This is not complete yet"));
    assert_eq!(path("InputPath", " "), "There is no expression to write yet");
    assert!(refused(JSONPATH, "Call", "InputPath", Jsonata, "$states.input").contains("takes JSONPath"));
    assert!(refused(JSONATA, "Charge", "Output", JsonPath, "$.a").contains("takes JSONata"));
    assert!(
        refused(JSONATA, "Charge", "Output", Jsonata, "1 +").starts_with("This is no JSONata yet: S0207")
    );
    // What Step Functions would refuse there.
    let told = refused(JSONATA, "Charge", "Arguments.Payload.amount", Jsonata, "$states.result.x");
    assert!(
        told.starts_with("Arguments.Payload.amount cannot be this: Field '$states.result' does not exist."),
        "{told}"
    );
    assert!(
        refused(JSONATA, "Charge", "Output", Jsonata, "total").contains("at the top level is not supported")
    );
}

#[test]
fn a_broken_or_foreign_document_has_no_fields() {
    let studio = opened("{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Odd\"},\"B\":5}}");
    for state in ["A", "B", "C"] {
        assert!(studio.bench_fields(&StatePath::new(format!("/States/{state}"))).is_empty());
    }
    let document = stepglass::asl::Document::new("[[[", 0);
    assert!(bench_fields(&document, &StatePath::new("/States/A".to_string())).is_empty());
}
