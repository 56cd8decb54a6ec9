//! The results of the APIs that workflows call most, as far as a mock can get them wrong. Facts of
//! the services' public models, in the spelling of Step Functions.

use crate::sim::state_test::shapes::{Api, Field, Shape};

const TEXT: Shape = Shape::Text { min: 0, max: usize::MAX };
const NUMBER: Shape = Shape::Number { min: f64::MIN, max: f64::MAX };

const fn field(name: &'static str, shape: Shape) -> Field {
    Field { name, required: false, shape }
}

const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, required: true, shape }
}

const fn text(name: &'static str) -> Field {
    field(name, TEXT)
}

const fn text_of(name: &'static str, min: usize, max: usize) -> Field {
    field(name, Shape::Text { min, max })
}

const fn number(name: &'static str) -> Field {
    field(name, NUMBER)
}

const fn number_of(name: &'static str, min: f64, max: f64) -> Field {
    field(name, Shape::Number { min, max })
}

const fn flag(name: &'static str) -> Field {
    field(name, Shape::Flag)
}

const fn list(name: &'static str, shape: &'static Shape) -> Field {
    field(name, Shape::List(shape))
}

const fn map(name: &'static str, shape: &'static Shape) -> Field {
    field(name, Shape::Map(shape))
}

const fn object(name: &'static str, fields: &'static [Field]) -> Field {
    field(name, Shape::Object(fields))
}

/// Every API that the table knows.
#[rustfmt::skip]
pub(super) static APIS: &[Api] = &[
    Api { name: "lambda:invoke", result: &[
        number("StatusCode"), text("FunctionError"), text("LogResult"), field("Payload", Shape::Any),
        text_of("ExecutedVersion", 1, 1024),
    ] },
    Api { name: "lambda:getFunction", result: &[
        object("Configuration", FUNCTION), map("Tags", &TEXT),
        object("Code", &[text("RepositoryType"), text("Location"), text("ImageUri"), text("ResolvedImageUri")]),
        object("Concurrency", &[number_of("ReservedConcurrentExecutions", 0.0, f64::MAX)]),
    ] },
    Api { name: "lambda:getFunctionConfiguration", result: FUNCTION },
    Api { name: "states:startExecution", result: &[
        required("ExecutionArn", Shape::Text { min: 1, max: 256 }), required("StartDate", TEXT),
    ] },
    Api { name: "states:startExecution.sync", result: EXECUTION },
    Api { name: "states:describeExecution", result: EXECUTION },
    Api { name: "states:startSyncExecution", result: &[
        required("ExecutionArn", Shape::Text { min: 1, max: 256 }), required("StartDate", TEXT),
        required("StopDate", TEXT), required("Status", TEXT), text_of("StateMachineArn", 1, 256), text("Name"),
        text_of("Error", 0, 256), text_of("Cause", 0, 32_768), text("Input"), text("Output"), text("TraceHeader"),
    ] },
    Api { name: "events:putEvents", result: &[
        number("FailedEntryCount"),
        list("Entries", &Shape::Object(&[text("EventId"), text("ErrorCode"), text("ErrorMessage")])),
    ] },
    Api { name: "dynamodb:getItem", result: &[map("Item", &ATTRIBUTE), object("ConsumedCapacity", CAPACITY)] },
    Api { name: "dynamodb:putItem", result: ITEM_WRITTEN },
    Api { name: "dynamodb:updateItem", result: ITEM_WRITTEN },
    Api { name: "dynamodb:deleteItem", result: ITEM_WRITTEN },
    Api { name: "dynamodb:query", result: ITEMS_READ },
    Api { name: "dynamodb:scan", result: ITEMS_READ },
    Api { name: "sqs:sendMessage", result: &[
        text("MD5OfMessageBody"), text("MD5OfMessageAttributes"), text("MD5OfMessageSystemAttributes"),
        text("MessageId"), text("SequenceNumber"),
    ] },
    Api { name: "sns:publish", result: &[text("MessageId"), text("SequenceNumber")] },
    Api { name: "s3:getObject", result: &[
        field("Body", Shape::Any), flag("DeleteMarker"), text("AcceptRanges"), text("Expiration"),
        text("Restore"), text("LastModified"), number("ContentLength"), text("ETag"), number("MissingMeta"),
        text("VersionId"), text("CacheControl"), text("ContentDisposition"), text("ContentEncoding"),
        text("ContentLanguage"), text("ContentRange"), text("ContentType"), text("Expires"),
        text("ServerSideEncryption"), map("Metadata", &TEXT), text("SSEKMSKeyId"), flag("BucketKeyEnabled"),
        text("StorageClass"), text("ReplicationStatus"), number("PartsCount"), number("TagCount"),
    ] },
    Api { name: "s3:headObject", result: &[
        flag("DeleteMarker"), text("LastModified"), number("ContentLength"), text("ETag"), text("VersionId"),
        text("ContentType"), map("Metadata", &TEXT), text("StorageClass"), number("PartsCount"),
    ] },
    Api { name: "s3:putObject", result: &[
        text("Expiration"), text("ETag"), text("ServerSideEncryption"), text("VersionId"), text("SSEKMSKeyId"),
        flag("BucketKeyEnabled"), number("Size"),
    ] },
    Api { name: "s3:deleteObject", result: &[flag("DeleteMarker"), text("VersionId"), text("RequestCharged")] },
    Api { name: "s3:listObjectsV2", result: &[
        flag("IsTruncated"), text("Name"), text("Prefix"), text("Delimiter"), number("MaxKeys"),
        number("KeyCount"), text("ContinuationToken"), text("NextContinuationToken"), text("StartAfter"),
        list("Contents", &Shape::Object(&[
            text_of("Key", 1, usize::MAX), text("LastModified"), text("ETag"), number("Size"), text("StorageClass"),
        ])),
        list("CommonPrefixes", &Shape::Object(&[text("Prefix")])),
    ] },
    Api { name: "kms:encrypt", result: &[
        text_of("CiphertextBlob", 1, 8192), text_of("KeyId", 1, 2048), text("EncryptionAlgorithm"),
    ] },
    Api { name: "kms:decrypt", result: &[
        text_of("KeyId", 1, 2048), text_of("Plaintext", 1, 8192), text("EncryptionAlgorithm"),
    ] },
    Api { name: "kms:generateDataKey", result: &[
        text_of("CiphertextBlob", 1, 8192), text_of("Plaintext", 1, 8192), text_of("KeyId", 1, 2048),
    ] },
    Api { name: "secretsmanager:getSecretValue", result: &[
        text_of("ARN", 20, 2048), text_of("Name", 1, 256), text_of("VersionId", 32, 64), text("SecretBinary"),
        text("SecretString"), list("VersionStages", &Shape::Text { min: 1, max: 256 }), text("CreatedDate"),
    ] },
    Api { name: "ssm:getParameter", result: &[object("Parameter", &[
        text_of("Name", 1, 2048), text("Type"), text("Value"), number("Version"), text("Selector"),
        text("SourceResult"), text("LastModifiedDate"), text("ARN"), text_of("DataType", 0, 128),
    ])] },
    Api { name: "batch:submitJob", result: &[text("JobArn"), required("JobName", TEXT), required("JobId", TEXT)] },
    Api { name: "glue:startJobRun", result: &[text_of("JobRunId", 1, 255)] },
    Api { name: "athena:startQueryExecution", result: &[text_of("QueryExecutionId", 1, 128)] },
    Api { name: "ecs:runTask", result: &[
        list("Tasks", &Shape::Object(&[
            text("TaskArn"), text("ClusterArn"), text("TaskDefinitionArn"), text("LastStatus"),
            text("DesiredStatus"), text("Cpu"), text("Memory"), number("Version"), text("CreatedAt"),
        ])),
        list("Failures", &Shape::Object(&[text("Arn"), text("Reason"), text("Detail")])),
    ] },
];

#[rustfmt::skip]
const FUNCTION: &[Field] = &[
    text("FunctionName"), text("FunctionArn"), text("Runtime"), text("Role"), text_of("Handler", 0, 128),
    number("CodeSize"), text_of("Description", 0, 256), number_of("Timeout", 1.0, f64::MAX),
    number_of("MemorySize", 128.0, 10_240.0), text("LastModified"), text("CodeSha256"),
    text_of("Version", 1, 1024), text("KMSKeyArn"), text("RevisionId"), text("State"), text("StateReason"),
    text("StateReasonCode"), text("LastUpdateStatus"), text("PackageType"), list("Architectures", &TEXT),
    object("EphemeralStorage", &[number_of("Size", 512.0, 10_240.0)]),
    object("Environment", &[map("Variables", &TEXT)]),
    object("TracingConfig", &[text("Mode")]), object("DeadLetterConfig", &[text("TargetArn")]),
    list("Layers", &Shape::Object(&[text("Arn"), number("CodeSize")])),
];

#[rustfmt::skip]
const EXECUTION: &[Field] = &[
    required("ExecutionArn", Shape::Text { min: 1, max: 256 }),
    required("StateMachineArn", Shape::Text { min: 1, max: 256 }),
    text_of("Name", 1, 80), required("Status", TEXT), required("StartDate", TEXT), text("StopDate"),
    field("Input", Shape::Any), field("Output", Shape::Any), text("MapRunArn"), text_of("Error", 0, 256),
    text_of("Cause", 0, 32_768), text("StateMachineVersionArn"), text("StateMachineAliasArn"),
    number("RedriveCount"), text("RedriveDate"), text("RedriveStatus"), text("TraceHeader"),
];

/// A value of a DynamoDB table, which may hold others.
#[rustfmt::skip]
static ATTRIBUTE: Shape = Shape::Object(&[
    text("S"), text("N"), text("B"), list("SS", &TEXT), list("NS", &TEXT), list("BS", &TEXT),
    map("M", &ATTRIBUTE), list("L", &ATTRIBUTE), flag("NULL"), flag("BOOL"),
]);

const UNITS: &[Field] = &[number("ReadCapacityUnits"), number("WriteCapacityUnits"), number("CapacityUnits")];

#[rustfmt::skip]
const CAPACITY: &[Field] = &[
    text("TableName"), number("CapacityUnits"), number("ReadCapacityUnits"), number("WriteCapacityUnits"),
    object("Table", UNITS), map("LocalSecondaryIndexes", &Shape::Object(UNITS)),
    map("GlobalSecondaryIndexes", &Shape::Object(UNITS)),
];

#[rustfmt::skip]
static ITEM_WRITTEN: &[Field] = &[
    map("Attributes", &ATTRIBUTE), object("ConsumedCapacity", CAPACITY),
    object("ItemCollectionMetrics", &[
        map("ItemCollectionKey", &ATTRIBUTE), list("SizeEstimateRangeGB", &NUMBER),
    ]),
];

#[rustfmt::skip]
static ITEMS_READ: &[Field] = &[
    list("Items", &Shape::Map(&ATTRIBUTE)), number("Count"), number("ScannedCount"),
    map("LastEvaluatedKey", &ATTRIBUTE), object("ConsumedCapacity", CAPACITY),
];
