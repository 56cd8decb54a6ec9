//! Several states that solve something together, in the words of `speech`. Data travels in
//! variables, so that what goes through a pattern is what came in. `@next` leads on.
//!
//! The samples let a pattern run at once: an input that it can work on, objects of S3, and by
//! state what its calls answer, one after the other, the last one for all later calls;
//! `{"!": name}` is an error.

use crate::asl::StateType;
use crate::studio::palette::PaletteRow;

pub(super) struct Pattern {
    id: &'static str,
    title: &'static str,
    help: &'static str,
    keywords: &'static str,
    icon: &'static str,
    /// The states by name, the way in first.
    pub(super) states: &'static str,
    /// `input`, `objects` and `answers`.
    pub(super) samples: &'static str,
}

pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        id: "pattern-retry",
        title: "Retry, then catch",
        help: "Tries a call again when it fails for a moment, and ends in an orderly way when it fails for good",
        keywords: "error retry catch backoff jitter resilience",
        icon: "retry",
        states: r#"{
"Call service":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"CallService","Payload":"$"},"Output":"$result.Payload","TimeoutSeconds":60,"Retry":[{"ErrorEquals":["Lambda.TooManyRequestsException","Lambda.ServiceException","Lambda.SdkClientException","States.Timeout"],"IntervalSeconds":1,"MaxAttempts":4,"BackoffRate":2,"MaxDelaySeconds":30,"JitterStrategy":"FULL"}],"Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"failure":"$error"},"Output":"$","Next":"Service failed"}],"Next":"@next"},
"Service failed":{"Type":"Fail","Error":"ServiceFailed","Cause":"The service could not be reached, even after several attempts"}}"#,
        samples: r#"{"answers":{"Call service":[{"!":"Lambda.TooManyRequestsException"},{"StatusCode":200,"Payload":{"done":true}}]}}"#,
    },
    Pattern {
        id: "pattern-saga",
        title: "Undo on failure",
        help: "A saga of two steps in a row: when the second one fails, the first one is undone",
        keywords: "saga compensation refund rollback pair transaction",
        icon: "undo",
        states: r#"{
"Charge card":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"ChargeCard","Payload":"$"},"Assign":{"charge":"$result.Payload"},"Output":"$","Next":"Ship order"},
"Ship order":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"ShipOrder","Payload":"$"},"Output":"$","Catch":[{"ErrorEquals":["States.ALL"],"Output":"$","Next":"Refund card"}],"Next":"@next"},
"Refund card":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"RefundCard","Payload":{"charge":"$charge"}},"Output":"$","Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":5,"MaxAttempts":5,"BackoffRate":2}],"Next":"Order failed"},
"Order failed":{"Type":"Fail","Error":"OrderFailed","Cause":"The order could not be shipped; the money was given back"}}"#,
        samples: r#"{"answers":{"Charge card":[{"StatusCode":200,"Payload":{"chargeId":"1"}}],"Ship order":[{"StatusCode":200,"Payload":{}}],"Refund card":[{"StatusCode":200,"Payload":{}}]}}"#,
    },
    Pattern {
        id: "pattern-poll",
        title: "Poll until done",
        help: "Starts a job, asks for its status again and again, and goes on when it is done",
        keywords: "loop status job wait repeat",
        icon: "pattern",
        states: r#"{
"Start job":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"StartJob","Payload":"$"},"Assign":{"jobId":"$result.Payload.id"},"Output":"$","Next":"Give it time"},
"Give it time":{"Type":"Wait","Seconds":30,"Next":"Ask for status"},
"Ask for status":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"JobStatus","Payload":{"id":"$jobId"}},"Assign":{"jobStatus":"$result.Payload.status"},"Output":"$","Next":"Is it done?"},
"Is it done?":{"Type":"Choice","Choices":[{"Is":["$jobStatus","DONE"],"Next":"@next"},{"Is":["$jobStatus","FAILED"],"Next":"Job failed"}],"Default":"Give it time"},
"Job failed":{"Type":"Fail","Error":"JobFailed","Cause":"The job reported a failure"}}"#,
        samples: r#"{"answers":{"Start job":[{"StatusCode":200,"Payload":{"id":"1"}}],"Ask for status":[{"StatusCode":200,"Payload":{"status":"RUNNING"}},{"StatusCode":200,"Payload":{"status":"DONE"}}]}}"#,
    },
    Pattern {
        id: "pattern-approval",
        title: "Human approval",
        help: "Asks somebody through a queue, waits for the callback, and goes on only with a yes",
        keywords: "person manual decision callback token approve",
        icon: "person",
        states: r#"{
"Ask for approval":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Arguments":{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/123456789012/approvals","MessageBody":{"request":"$","token":"$$.Task.Token"}},"Assign":{"decision":"$result.decision"},"Output":"$","TimeoutSeconds":86400,"Catch":[{"ErrorEquals":["States.Timeout"],"Output":"$","Next":"Not approved"}],"Next":"Approved?"},
"Approved?":{"Type":"Choice","Choices":[{"Is":["$decision","approved"],"Next":"@next"}],"Default":"Not approved"},
"Not approved":{"Type":"Fail","Error":"NotApproved","Cause":"Nobody said yes in time"}}"#,
        samples: r#"{"answers":{"Ask for approval":[{"decision":"approved"}]}}"#,
    },
    Pattern {
        id: "pattern-fan-out",
        title: "Ask two, join answers",
        help: "Calls two functions at the same time and goes on with both answers side by side",
        keywords: "fan out fan-out join parallel scatter gather",
        icon: "parallel",
        states: r#"{
"Ask both":{"Type":"Parallel","Branches":[
{"StartAt":"Ask first","States":{"Ask first":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"First","Payload":"$"},"Output":"$result.Payload","End":true}}},
{"StartAt":"Ask second","States":{"Ask second":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"Second","Payload":"$"},"Output":"$result.Payload","End":true}}}],
"Output":{"first":"$result[0]","second":"$result[1]"},"Next":"@next"}}"#,
        samples: r#"{"answers":{"Ask first":[{"StatusCode":200,"Payload":{"price":10}}],"Ask second":[{"StatusCode":200,"Payload":{"stock":3}}]}}"#,
    },
    Pattern {
        id: "pattern-batch",
        title: "Batch over S3",
        help: "Reads a table from S3 and works on its rows in many child executions at the same time",
        keywords: "distributed map itemreader csv bulk many fan out",
        icon: "map",
        states: r#"{
"Work on all rows":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"},"Arguments":{"Bucket":"my-bucket","Key":"rows.csv"}},"ItemBatcher":{"MaxItemsPerBatch":100},"MaxConcurrency":100,"ToleratedFailurePercentage":5,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Work on a batch","States":{
"Work on a batch":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"WorkOnBatch","Payload":"$"},"Output":"$result.Payload","Retry":[{"ErrorEquals":["Lambda.TooManyRequestsException","Lambda.ServiceException"],"IntervalSeconds":1,"MaxAttempts":5,"BackoffRate":2,"JitterStrategy":"FULL"}],"End":true}}},"Output":"$","Next":"@next"}}"#,
        samples: r#"{"objects":{"s3://my-bucket/rows.csv":"id,name\n1,Ada\n2,Grace\n"},"answers":{"Work on a batch":[{"StatusCode":200,"Payload":{"done":2}}]}}"#,
    },
    Pattern {
        id: "pattern-breaker",
        title: "Circuit breaker",
        help: "Stops calling a service that failed until its record in DynamoDB is deleted or expires",
        keywords: "resilience error dynamodb open closed protect",
        icon: "shield",
        states: r#"{
"Read breaker":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem","Arguments":{"TableName":"CircuitBreakers","Key":{"service":{"S":"payments"}}},"Assign":{"breaker":"$result"},"Output":"$","Next":"Is it open?"},
"Is it open?":{"Type":"Choice","Choices":[{"Is":["$breaker.Item.state.S","OPEN"],"Next":"Service is down"}],"Default":"Call protected service"},
"Call protected service":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"CallService","Payload":"$"},"Output":"$result.Payload","Retry":[{"ErrorEquals":["States.TaskFailed"],"IntervalSeconds":1,"MaxAttempts":2,"BackoffRate":2}],"Catch":[{"ErrorEquals":["States.ALL"],"Output":"$","Next":"Open breaker"}],"Next":"@next"},
"Open breaker":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem","Arguments":{"TableName":"CircuitBreakers","Item":{"service":{"S":"payments"},"state":{"S":"OPEN"},"since":{"S":"$$.State.EnteredTime"}}},"Output":"$","Next":"Service is down"},
"Service is down":{"Type":"Fail","Error":"CircuitOpen","Cause":"The service failed, so it is not called for now"}}"#,
        samples: r#"{"answers":{"Read breaker":[{}],"Call protected service":[{"StatusCode":200,"Payload":{"done":true}}],"Open breaker":[{}]}}"#,
    },
    Pattern {
        id: "pattern-idempotent",
        title: "Do it only once",
        help: "An idempotent task: a record in DynamoDB keeps a repeated request from being done twice",
        keywords: "idempotent duplicate once lock dynamodb repeat",
        icon: "key",
        states: r#"{
"Claim request":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem","Arguments":{"TableName":"Requests","Item":{"id":{"S":"$.requestId"}},"ConditionExpression":"attribute_not_exists(id)"},"Output":"$","Catch":[{"ErrorEquals":["DynamoDB.ConditionalCheckFailedException"],"Output":"$","Next":"Done before"}],"Next":"Do the work"},
"Do the work":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"DoTheWork","Payload":"$"},"Output":"$result.Payload","Catch":[{"ErrorEquals":["States.ALL"],"Output":"$","Next":"Release request"}],"Next":"@next"},
"Done before":{"Type":"Pass","Next":"@next"},
"Release request":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:deleteItem","Arguments":{"TableName":"Requests","Key":{"id":{"S":"$.requestId"}}},"Output":"$","Next":"Work failed"},
"Work failed":{"Type":"Fail","Error":"WorkFailed","Cause":"The work failed; the request may be sent again"}}"#,
        samples: r#"{"input":{"requestId":"1"},"answers":{"Claim request":[{}],"Do the work":[{"StatusCode":200,"Payload":{"done":true}}],"Release request":[{}]}}"#,
    },
];

pub(super) fn rows() -> Vec<PaletteRow> {
    let row = |pattern: &Pattern| PaletteRow {
        id: pattern.id.to_owned(),
        // None of them ends the workflow, which is all that matters of the type.
        state_type: StateType::Task,
        group: "Patterns",
        label: pattern.title.to_owned(),
        service: "",
        help: pattern.help.to_owned(),
        keywords: pattern.keywords,
        icon: pattern.icon,
        patterns: Vec::new(),
    };
    PATTERNS.iter().map(row).collect()
}

pub(super) fn pattern(id: &str) -> Option<&'static Pattern> {
    PATTERNS.iter().find(|it| it.id == id)
}
