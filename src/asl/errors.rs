//! The error names of the States Language and the question which names a list of `ErrorEquals`
//! catches. Retriers, catchers, completion and the simulator ask here.

use crate::asl::machine::StateType;

/// One predefined error name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ErrorName {
    pub name: &'static str,
    /// When it is raised, in one sentence.
    pub help: &'static str,
    /// Whether a retrier or catcher can react to it at all.
    pub can_be_caught: bool,
}

/// Every error whose name begins with `States.`, the wildcards first.
#[rustfmt::skip]
pub const ERRORS: &[ErrorName] = &[
    error("States.ALL", "Any error that can be caught. Must stand alone, in the last retrier or catcher"),
    error("States.TaskFailed", "Any error of a task except a timeout"),
    error("States.Timeout", "The task took longer than TimeoutSeconds, or sent no heartbeat in time"),
    error("States.HeartbeatTimeout", "The task sent no heartbeat within HeartbeatSeconds"),
    error("States.Permissions", "The role of the state machine may not make this call"),
    error("States.ResultPathMatchFailure", "ResultPath cannot be applied to the input of the state"),
    error("States.ParameterPathFailure", "A path in Parameters finds nothing in the input"),
    error("States.QueryEvaluationError", "A JSONata expression failed, or gave nothing or a wrong type"),
    error("States.BranchFailed", "A branch of a Parallel state failed"),
    error("States.NoChoiceMatched", "No rule of a Choice state held and it has no Default"),
    error("States.IntrinsicFailure", "A call of an intrinsic function failed"),
    error("States.ExceedToleratedFailureThreshold", "More items of a Map state failed than it tolerates"),
    error("States.ItemReaderFailed", "A Map state could not read its items from the item source"),
    error("States.ResultWriterFailed", "A Map state could not write its results to the destination"),
    error("States.Http.Socket", "An HTTP task got no answer within its time"),
    error("States.DataLimitExceeded", "Data grew beyond the limit of 256 KiB"),
    ErrorName {
        name: "States.Runtime",
        help: "The definition could not be carried out, for instance because a path found nothing. Never caught",
        can_be_caught: false,
    },
];

const fn error(name: &'static str, help: &'static str) -> ErrorName {
    ErrorName { name, help, can_be_caught: true }
}

/// Errors that calls of a service raise, for lists of suggestions: the name in a resource, and the
/// names. There are more of them; those of a Lambda function are the names of its exceptions.
#[rustfmt::skip]
const OF_SERVICES: &[(&str, &[&str])] = &[
    ("lambda", &["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException", "Lambda.ClientExecutionTimeoutException", "Lambda.ResourceNotFoundException", "Lambda.Unknown"]),
    ("dynamodb", &["DynamoDB.ProvisionedThroughputExceededException", "DynamoDB.ConditionalCheckFailedException", "DynamoDB.ResourceNotFoundException", "DynamoDB.AmazonDynamoDBException", "DynamoDB.SdkClientException"]),
    ("sqs", &["SQS.AmazonSQSException", "SQS.SdkClientException"]),
    ("sns", &["SNS.NotFoundException", "SNS.AmazonSNSException", "SNS.SdkClientException"]),
    ("states", &["StepFunctions.ExecutionLimitExceededException", "StepFunctions.StateMachineDoesNotExistException", "StepFunctions.SdkClientException"]),
    ("ecs", &["ECS.AmazonECSException", "ECS.SdkClientException"]),
    ("glue", &["Glue.ConcurrentRunsExceededException", "Glue.AWSGlueException"]),
    ("batch", &["Batch.AWSBatchException", "Batch.SdkClientException"]),
    ("events", &["EventBridge.FailedEntry", "EventBridge.SdkClientException"]),
    ("http", &["States.Http.StatusCode.429", "States.Http.StatusCode.500", "States.Http.StatusCode.503", "States.Http.Socket"]),
    ("aws-sdk:dynamodb", &["DynamoDb.ProvisionedThroughputExceededException", "DynamoDb.ConditionalCheckFailedException", "DynamoDb.ResourceNotFoundException"]),
    ("aws-sdk:s3", &["S3.NoSuchKeyException", "S3.NoSuchBucketException", "S3.S3Exception", "S3.SdkClientException"]),
    ("aws-sdk:secretsmanager", &["SecretsManager.ResourceNotFoundException", "SecretsManager.SecretsManagerException"]),
    ("aws-sdk:sfn", &["Sfn.InvalidTokenException", "Sfn.ExecutionDoesNotExistException"]),
];

/// The errors to suggest for a call, by the `resource_type` of its resource.
pub fn errors_of(resource_type: &str) -> &'static [&'static str] {
    OF_SERVICES.iter().find(|it| it.0 == resource_type).map_or(&[], |it| it.1)
}

/// Whether a retrier or catcher with this list, in a state of this type, reacts to the error.
pub fn matches<S: AsRef<str>>(error_equals: &[S], error: &str, state_type: StateType) -> bool {
    // AWS was recorded leaving States.Runtime uncaught even where a catcher names it.
    if error == "States.Runtime" {
        return false;
    }
    error_equals.iter().any(|it| matches_name(it.as_ref(), error, state_type))
}

/// Whether one entry of `ErrorEquals` stands for the error. Names are compared with their case.
fn matches_name(entry: &str, error: &str, state_type: StateType) -> bool {
    let is_timeout = matches!(error, "States.Timeout" | "States.HeartbeatTimeout");
    match entry {
        "States.ALL" => true,
        // The documentation: any error except States.Timeout.
        "States.TaskFailed" => error == entry || !is_timeout,
        // A missed heartbeat was recorded as States.Timeout, the documentation names
        // States.HeartbeatTimeout: either entry matches either name.
        "States.Timeout" | "States.HeartbeatTimeout" => is_timeout,
        // A Parallel state fails with the error of its branch, as recorded; the specification's name
        // for that stays usable.
        "States.BranchFailed" => error == entry || state_type == StateType::Parallel,
        _ => entry == error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error_equals: &[&str], error: &str, expected: bool) {
        let actual = matches(error_equals, error, StateType::Task);
        assert_eq!(actual, expected, "{error_equals:?} against {error}");
    }

    #[test]
    fn names_are_compared_exactly() {
        check(&["Card.Declined"], "Card.Declined", true);
        check(&["card.declined"], "Card.Declined", false);
        check(&["A", "B"], "B", true);
        check(&[], "A", false);
        check(&["State.ALL"], "A", false);
    }

    #[test]
    fn wildcards_follow_the_recordings() {
        check(&["States.ALL"], "Anything", true);
        check(&["States.ALL"], "States.Timeout", true);
        check(&["States.ALL"], "States.DataLimitExceeded", true);
        check(&["States.ALL"], "States.Runtime", false);
        check(&["States.Runtime"], "States.Runtime", false);
        check(&["States.TaskFailed"], "Anything", true);
        check(&["States.TaskFailed"], "States.Timeout", false);
        check(&["States.Timeout"], "States.HeartbeatTimeout", true);
        check(&["States.HeartbeatTimeout"], "States.Timeout", true);
    }

    #[test]
    fn a_failed_branch_goes_by_two_names() {
        assert!(matches(&["States.BranchFailed"], "Card.Declined", StateType::Parallel));
        assert!(matches(&["Card.Declined"], "Card.Declined", StateType::Parallel));
        check(&["States.BranchFailed"], "Card.Declined", false);
    }
}
