//! What can be added to the canvas: one row each, with the fields a new state starts with. The
//! fields are chosen so that the state is valid at once and shows what belongs there.

use serde_json::{Map, Value};

use crate::asl::{QueryLanguage, StateType};
use crate::studio::command::Template;

/// One thing in the states browser.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PaletteRow {
    /// Stable, kebab-case: [`Template::id`] names it.
    pub id: &'static str,
    pub state_type: StateType,
    /// “Actions”, “Flow” or “Patterns”.
    pub group: &'static str,
    /// As listed.
    pub title: &'static str,
    /// The name a new state gets, followed by a number when it is taken.
    pub name: &'static str,
    /// One sentence for the tooltip.
    pub help: &'static str,
    /// More words under which it is found.
    pub keywords: &'static str,
    /// Name of a symbol of the icon sprite.
    pub icon: &'static str,
    /// JSON object of the fields after `Type`, without `Next` and `End`; of a pattern an object with
    /// nothing but its `States`, the first one being the way in.
    fields: &'static str,
    /// The same in JSONata; empty when nothing differs.
    fields_jsonata: &'static str,
}

/// All rows, in the order in which they are listed.
pub const PALETTE: &[PaletteRow] = &[
    PaletteRow {
        id: "lambda-invoke",
        state_type: StateType::Task,
        group: "Actions",
        title: "Lambda Invoke",
        name: "Lambda Invoke",
        help: "Calls a Lambda function and waits for its answer",
        keywords: "function code aws",
        icon: "lambda",
        fields: r#"{"Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"MyFunction","Payload.$":"$"},"OutputPath":"$.Payload"}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"MyFunction","Payload":"{% $states.input %}"},"Output":"{% $states.result.Payload %}"}"#,
    },
    PaletteRow {
        id: "dynamodb-get-item",
        state_type: StateType::Task,
        group: "Actions",
        title: "DynamoDB Get item",
        name: "Get item",
        help: "Reads one item of a DynamoDB table by its key",
        keywords: "database read table",
        icon: "dynamodb",
        fields: r#"{"Resource":"arn:aws:states:::dynamodb:getItem","Parameters":{"TableName":"MyTable","Key":{"id":{"S.$":"$.id"}}},"ResultPath":"$.found"}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::dynamodb:getItem","Arguments":{"TableName":"MyTable","Key":{"id":{"S":"{% $states.input.id %}"}}}}"#,
    },
    PaletteRow {
        id: "dynamodb-put-item",
        state_type: StateType::Task,
        group: "Actions",
        title: "DynamoDB Put item",
        name: "Put item",
        help: "Writes one item to a DynamoDB table",
        keywords: "database write table store",
        icon: "dynamodb",
        fields: r#"{"Resource":"arn:aws:states:::dynamodb:putItem","Parameters":{"TableName":"MyTable","Item":{"id":{"S.$":"$.id"}}},"ResultPath":null}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::dynamodb:putItem","Arguments":{"TableName":"MyTable","Item":{"id":{"S":"{% $states.input.id %}"}}},"Output":"{% $states.input %}"}"#,
    },
    PaletteRow {
        id: "sqs-send-message",
        state_type: StateType::Task,
        group: "Actions",
        title: "SQS Send message",
        name: "Send message",
        help: "Puts a message into a queue",
        keywords: "queue",
        icon: "sqs",
        fields: r#"{"Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/123456789012/my-queue","MessageBody.$":"$"},"ResultPath":null}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::sqs:sendMessage","Arguments":{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/123456789012/my-queue","MessageBody":"{% $states.input %}"},"Output":"{% $states.input %}"}"#,
    },
    PaletteRow {
        id: "sns-publish",
        state_type: StateType::Task,
        group: "Actions",
        title: "SNS Publish",
        name: "Publish message",
        help: "Publishes a message to everybody who subscribed to a topic",
        keywords: "notify topic mail email",
        icon: "sns",
        fields: r#"{"Resource":"arn:aws:states:::sns:publish","Parameters":{"TopicArn":"arn:aws:sns:us-east-1:123456789012:my-topic","Message.$":"$"},"ResultPath":null}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::sns:publish","Arguments":{"TopicArn":"arn:aws:sns:us-east-1:123456789012:my-topic","Message":"{% $states.input %}"},"Output":"{% $states.input %}"}"#,
    },
    PaletteRow {
        id: "eventbridge-put-events",
        state_type: StateType::Task,
        group: "Actions",
        title: "EventBridge Put events",
        name: "Put event",
        help: "Sends an event to a bus",
        keywords: "event bus",
        icon: "events",
        fields: r#"{"Resource":"arn:aws:states:::events:putEvents","Parameters":{"Entries":[{"EventBusName":"default","Source":"my.workflow","DetailType":"MyEvent","Detail.$":"$"}]},"ResultPath":null}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::events:putEvents","Arguments":{"Entries":[{"EventBusName":"default","Source":"my.workflow","DetailType":"MyEvent","Detail":"{% $states.input %}"}]},"Output":"{% $states.input %}"}"#,
    },
    PaletteRow {
        id: "sfn-start-execution",
        state_type: StateType::Task,
        group: "Actions",
        title: "Step Functions Start execution",
        name: "Start execution",
        help: "Runs another workflow and waits for its end",
        keywords: "nested child workflow state machine",
        icon: "states",
        fields: r#"{"Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:MyStateMachine","Input.$":"$"}}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::states:startExecution.sync:2","Arguments":{"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:MyStateMachine","Input":"{% $states.input %}"}}"#,
    },
    PaletteRow {
        id: "http-invoke",
        state_type: StateType::Task,
        group: "Actions",
        title: "HTTP request",
        name: "Call HTTPS API",
        help: "Calls a public HTTPS API through a connection that holds the credentials",
        keywords: "web rest call endpoint api https",
        icon: "http",
        fields: r#"{"Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://api.example.com/orders","Method":"GET","InvocationConfig":{"ConnectionArn":"arn:aws:events:us-east-1:123456789012:connection/my-connection/00000000-0000-0000-0000-000000000000"}}}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::http:invoke","Arguments":{"ApiEndpoint":"https://api.example.com/orders","Method":"GET","InvocationConfig":{"ConnectionArn":"arn:aws:events:us-east-1:123456789012:connection/my-connection/00000000-0000-0000-0000-000000000000"}}}"#,
    },
    PaletteRow {
        id: "any-api",
        state_type: StateType::Task,
        group: "Actions",
        title: "Any AWS API",
        name: "Call AWS API",
        help: "Calls any action of any AWS service: change service and action in Resource",
        keywords: "sdk s3 service integration",
        icon: "api",
        fields: r#"{"Resource":"arn:aws:states:::aws-sdk:s3:listBuckets","Parameters":{}}"#,
        fields_jsonata: r#"{"Resource":"arn:aws:states:::aws-sdk:s3:listBuckets","Arguments":{}}"#,
    },
    PaletteRow {
        id: "choice",
        state_type: StateType::Choice,
        group: "Flow",
        title: "Choice",
        name: "Choice",
        help: "Goes one of several ways, by rules on the data",
        keywords: "if branch decision condition gateway",
        icon: "choice",
        fields: r#"{"Choices":[{"Variable":"$.value","IsPresent":true}]}"#,
        fields_jsonata: r#"{"Choices":[{"Condition":"{% $exists($states.input.value) %}"}]}"#,
    },
    PaletteRow {
        id: "parallel",
        state_type: StateType::Parallel,
        group: "Flow",
        title: "Parallel",
        name: "Parallel",
        help: "Runs several branches at the same time and waits for all",
        keywords: "fork join concurrent fan out",
        icon: "parallel",
        fields: r#"{"Branches":[{"StartAt":"@Pass","States":{"@Pass":{"Type":"Pass","End":true}}},{"StartAt":"@Pass@","States":{"@Pass@":{"Type":"Pass","End":true}}}]}"#,
        fields_jsonata: "",
    },
    PaletteRow {
        id: "map",
        state_type: StateType::Map,
        group: "Flow",
        title: "Map",
        name: "Map",
        help: "Does the same for every item of an array",
        keywords: "loop each item iterate array",
        icon: "map",
        fields: r#"{"ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"@Pass","States":{"@Pass":{"Type":"Pass","End":true}}}}"#,
        fields_jsonata: "",
    },
    PaletteRow {
        id: "wait",
        state_type: StateType::Wait,
        group: "Flow",
        title: "Wait",
        name: "Wait",
        help: "Waits for a time or until a moment",
        keywords: "delay timer sleep pause",
        icon: "wait",
        fields: r#"{"Seconds":5}"#,
        fields_jsonata: "",
    },
    PaletteRow {
        id: "pass",
        state_type: StateType::Pass,
        group: "Flow",
        title: "Pass",
        name: "Pass",
        help: "Hands its input on, or puts fixed data in its place",
        keywords: "transform data set constant",
        icon: "pass",
        fields: "{}",
        fields_jsonata: "",
    },
    PaletteRow {
        id: "succeed",
        state_type: StateType::Succeed,
        group: "Flow",
        title: "Succeed",
        name: "Succeed",
        help: "Ends here with success",
        keywords: "end stop done",
        icon: "succeed",
        fields: "{}",
        fields_jsonata: "",
    },
    PaletteRow {
        id: "fail",
        state_type: StateType::Fail,
        group: "Flow",
        title: "Fail",
        name: "Fail",
        help: "Ends here with an error",
        keywords: "end stop error throw",
        icon: "fail",
        fields: r#"{"Error":"MyError","Cause":"Say what went wrong"}"#,
        fields_jsonata: "",
    },
    PaletteRow {
        id: "pattern-poll",
        state_type: StateType::Task,
        group: "Patterns",
        title: "Poll until done",
        name: "Start job",
        help: "Starts a job, asks for its status again and again, and goes on when it is done",
        keywords: "loop status job wait retry",
        icon: "pattern",
        fields: r#"{"States":{
            "@Start job":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"StartJob","Payload.$":"$"},"ResultSelector":{"id.$":"$.Payload.id"},"ResultPath":"$.job","Next":"@Give it time"},
            "@Give it time":{"Type":"Wait","Seconds":30,"Next":"@Ask for status"},
            "@Ask for status":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"JobStatus","Payload":{"id.$":"$.job.id"}},"ResultSelector":{"status.$":"$.Payload.status"},"ResultPath":"$.answer","Next":"@Is it done?"},
            "@Is it done?":{"Type":"Choice","Choices":[{"Variable":"$.answer.status","StringEquals":"DONE","Next":"@next"},{"Variable":"$.answer.status","StringEquals":"FAILED","Next":"@Job failed"}],"Default":"@Give it time"},
            "@Job failed":{"Type":"Fail","Error":"JobFailed","Cause":"The job reported a failure"}}}"#,
        fields_jsonata: r#"{"States":{
            "@Start job":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"StartJob","Payload":"{% $states.input %}"},"Assign":{"jobId":"{% $states.result.Payload.id %}"},"Output":"{% $states.input %}","Next":"@Give it time"},
            "@Give it time":{"Type":"Wait","Seconds":30,"Next":"@Ask for status"},
            "@Ask for status":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"JobStatus","Payload":{"id":"{% $jobId %}"}},"Assign":{"jobStatus":"{% $states.result.Payload.status %}"},"Output":"{% $states.input %}","Next":"@Is it done?"},
            "@Is it done?":{"Type":"Choice","Choices":[{"Condition":"{% $jobStatus = 'DONE' %}","Next":"@next"},{"Condition":"{% $jobStatus = 'FAILED' %}","Next":"@Job failed"}],"Default":"@Give it time"},
            "@Job failed":{"Type":"Fail","Error":"JobFailed","Cause":"The job reported a failure"}}}"#,
    },
    PaletteRow {
        id: "pattern-approval",
        state_type: StateType::Task,
        group: "Patterns",
        title: "Human approval",
        name: "Ask for approval",
        help: "Asks somebody through a queue, waits for the answer, and goes on only with a yes",
        keywords: "person manual decision callback token",
        icon: "person",
        fields: r#"{"States":{
            "@Ask for approval":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/123456789012/approvals","MessageBody":{"request.$":"$","token.$":"$$.Task.Token"}},"ResultPath":"$.approval","TimeoutSeconds":86400,"Catch":[{"ErrorEquals":["States.Timeout"],"ResultPath":"$.silence","Next":"@Not approved"}],"Next":"@Approved?"},
            "@Approved?":{"Type":"Choice","Choices":[{"Variable":"$.approval.decision","StringEquals":"approved","Next":"@next"}],"Default":"@Not approved"},
            "@Not approved":{"Type":"Fail","Error":"NotApproved","Cause":"Nobody said yes in time"}}}"#,
        fields_jsonata: r#"{"States":{
            "@Ask for approval":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Arguments":{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/123456789012/approvals","MessageBody":{"request":"{% $states.input %}","token":"{% $states.context.Task.Token %}"}},"Assign":{"decision":"{% $states.result.decision %}"},"Output":"{% $states.input %}","TimeoutSeconds":86400,"Catch":[{"ErrorEquals":["States.Timeout"],"Next":"@Not approved"}],"Next":"@Approved?"},
            "@Approved?":{"Type":"Choice","Choices":[{"Condition":"{% $decision = 'approved' %}","Next":"@next"}],"Default":"@Not approved"},
            "@Not approved":{"Type":"Fail","Error":"NotApproved","Cause":"Nobody said yes in time"}}}"#,
    },
    PaletteRow {
        id: "pattern-saga",
        state_type: StateType::Task,
        group: "Patterns",
        title: "Undo on failure",
        name: "Charge card",
        help: "Two steps in a row: when the second one fails, the first one is undone",
        keywords: "saga compensation refund rollback",
        icon: "pattern",
        fields: r#"{"States":{
            "@Charge card":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"ChargeCard","Payload.$":"$"},"ResultPath":"$.charge","Next":"@Ship order"},
            "@Ship order":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"ShipOrder","Payload.$":"$"},"ResultPath":"$.shipment","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.failure","Next":"@Refund card"}],"Next":"@next"},
            "@Refund card":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"RefundCard","Payload.$":"$"},"ResultPath":"$.refund","Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":5,"MaxAttempts":5,"BackoffRate":2}],"Next":"@Order failed"},
            "@Order failed":{"Type":"Fail","Error":"OrderFailed","Cause":"The order could not be shipped; the money was given back"}}}"#,
        fields_jsonata: r#"{"States":{
            "@Charge card":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"ChargeCard","Payload":"{% $states.input %}"},"Output":"{% $states.input %}","Next":"@Ship order"},
            "@Ship order":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"ShipOrder","Payload":"{% $states.input %}"},"Output":"{% $states.input %}","Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.input %}","Next":"@Refund card"}],"Next":"@next"},
            "@Refund card":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"RefundCard","Payload":"{% $states.input %}"},"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":5,"MaxAttempts":5,"BackoffRate":2}],"Next":"@Order failed"},
            "@Order failed":{"Type":"Fail","Error":"OrderFailed","Cause":"The order could not be shipped; the money was given back"}}}"#,
    },
    PaletteRow {
        id: "pattern-fan-out",
        state_type: StateType::Parallel,
        group: "Patterns",
        title: "Ask two, join answers",
        name: "Ask both",
        help: "Calls two functions at the same time and goes on with both answers side by side",
        keywords: "fan out join parallel scatter gather",
        icon: "parallel",
        fields: r#"{"States":{"@Ask both":{"Type":"Parallel","Branches":[
            {"StartAt":"@Ask first","States":{"@Ask first":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"First","Payload.$":"$"},"OutputPath":"$.Payload","End":true}}},
            {"StartAt":"@Ask second","States":{"@Ask second":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"Second","Payload.$":"$"},"OutputPath":"$.Payload","End":true}}}],
            "ResultSelector":{"first.$":"$[0]","second.$":"$[1]"},"ResultPath":"$.answers","Next":"@next"}}}"#,
        fields_jsonata: r#"{"States":{"@Ask both":{"Type":"Parallel","Branches":[
            {"StartAt":"@Ask first","States":{"@Ask first":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"First","Payload":"{% $states.input %}"},"Output":"{% $states.result.Payload %}","End":true}}},
            {"StartAt":"@Ask second","States":{"@Ask second":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"Second","Payload":"{% $states.input %}"},"Output":"{% $states.result.Payload %}","End":true}}}],
            "Output":{"first":"{% $states.result[0] %}","second":"{% $states.result[1] %}"},"Next":"@next"}}}"#,
    },
];

/// In a pattern: where it leads when it is done.
pub(crate) const NEXT: &str = "@next";

/// The row of a template: by its id, else the first one of its type.
pub fn row(template: &Template) -> Option<&'static PaletteRow> {
    PALETTE
        .iter()
        .find(|it| it.id == template.id)
        .or_else(|| PALETTE.iter().find(|it| it.state_type == template.state_type))
}

impl PaletteRow {
    /// The template that adds this row.
    pub fn template(&self) -> Template {
        Template { state_type: self.state_type, id: self.id.to_owned() }
    }

    /// The members of a new state after `Type`, without `Next` and `End`. `fresh` gives the names
    /// of inner states.
    pub(crate) fn fields(
        &self,
        language: QueryLanguage,
        fresh: &mut dyn FnMut(&str) -> String,
    ) -> Map<String, Value> {
        let text = match language {
            QueryLanguage::Jsonata if !self.fields_jsonata.is_empty() => self.fields_jsonata,
            _ => self.fields,
        };
        let mut named = String::new();
        let mut names: Vec<(&str, String)> = Vec::new();
        let mut rest = text;
        // A string that begins with @ stands for a name of its own, the same one everywhere.
        while let Some((before, after)) = rest.split_once("\"@") {
            let (word, behind) = after.split_once('"').unwrap_or((after, ""));
            let name = match names.iter().find(|(it, _)| *it == word) {
                Some((_, name)) => name.clone(),
                None if word == "next" => NEXT.to_owned(),
                None => fresh(word.trim_end_matches('@')),
            };
            named.push_str(before);
            named.push_str(&Value::from(name.as_str()).to_string());
            names.push((word, name));
            rest = behind;
        }
        named.push_str(rest);
        serde_json::from_str(&named).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_fields_in_both_languages_and_its_own_id() {
        for (idx, row) in PALETTE.iter().enumerate() {
            for language in [QueryLanguage::JsonPath, QueryLanguage::Jsonata] {
                let mut n = 0;
                let fields = row.fields(language, &mut |name| {
                    n += 1;
                    format!("{name} {n}")
                });
                assert_eq!(fields.is_empty(), row.fields == "{}", "{}", row.id);
                let text = Value::Object(fields).to_string().replace(NEXT, "");
                assert!(!text.contains('@'), "{}", row.id);
            }
            assert!(PALETTE[..idx].iter().all(|it| it.id != row.id), "{} stands twice", row.id);
            assert_eq!(super::row(&row.template()), Some(row));
        }
    }
}
