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
    /// “Actions” or “Flow”.
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
    /// JSON object of the fields after `Type`, without `Next` and `End`.
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
];

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
        let mut text = text.to_owned();
        // Longest placeholder first: one is the start of the other.
        for placeholder in ["\"@Pass@\"", "\"@Pass\""] {
            if text.contains(placeholder) {
                text = text.replace(placeholder, &Value::from(fresh("Pass")).to_string());
            }
        }
        serde_json::from_str(&text).unwrap_or_default()
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
                assert!(!Value::Object(fields).to_string().contains('@'), "{}", row.id);
            }
            assert!(PALETTE[..idx].iter().all(|it| it.id != row.id), "{} stands twice", row.id);
            assert_eq!(super::row(&row.template()), Some(row));
        }
    }
}
