//! The services a Task can call: their words, their pictures and, for the optimized integrations,
//! the actions that exist. A service without listed actions is reachable through the SDK only.

/// One service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Service {
    /// As it is written in a resource.
    pub name: &'static str,
    /// As people write it.
    pub label: &'static str,
    /// One of the names in [`crate::asl::resource::ICONS`].
    pub icon: &'static str,
    /// The actions of the optimized integration.
    pub actions: &'static [&'static str],
}

/// The service that is written so in a resource.
pub fn service(name: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|it| it.name == name)
}

const fn of(
    name: &'static str,
    label: &'static str,
    icon: &'static str,
    actions: &'static [&'static str],
) -> Service {
    Service { name, label, icon, actions }
}

/// All services that have a word or picture of their own, by name within each kind.
#[rustfmt::skip]
pub const SERVICES: &[Service] = &[
    of("apigateway", "API Gateway", "gate", &["invoke"]),
    of("athena", "Athena", "query", &["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"]),
    of("batch", "Batch", "batch", &["submitJob"]),
    of("bedrock", "Bedrock", "ai", &["invokeModel", "createModelCustomizationJob"]),
    of("codebuild", "CodeBuild", "build", &["startBuild", "stopBuild", "batchDeleteBuilds", "batchGetReports", "startBuildBatch", "stopBuildBatch", "retryBuildBatch", "deleteBuildBatch"]),
    of("databrew", "DataBrew", "glue", &["startJobRun"]),
    of("dynamodb", "DynamoDB", "dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"]),
    of("ecs", "ECS", "ecs", &["runTask"]),
    of("eks", "EKS", "ecs", &["call", "runJob", "createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup", "createFargateProfile", "deleteFargateProfile"]),
    of("elasticmapreduce", "EMR", "spark", &["createCluster", "addStep", "cancelStep", "terminateCluster", "setClusterTerminationProtection", "modifyInstanceFleetByName", "modifyInstanceGroupByName"]),
    of("emr-containers", "EMR on EKS", "spark", &["createVirtualCluster", "deleteVirtualCluster", "startJobRun"]),
    of("emr-serverless", "EMR Serverless", "spark", &["createApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun", "cancelJobRun"]),
    of("events", "EventBridge", "events", &["putEvents"]),
    of("glue", "Glue", "glue", &["startJobRun"]),
    of("http", "HTTP", "http", &["invoke"]),
    of("lambda", "Lambda", "lambda", &["invoke"]),
    of("mediaconvert", "MediaConvert", "film", &["createJob"]),
    of("s3", "S3", "s3", &["getObject", "listObjectsV2", "putObject"]),
    of("sagemaker", "SageMaker", "ai", &["createEndpoint", "createEndpointConfig", "createHyperParameterTuningJob", "createLabelingJob", "createModel", "createProcessingJob", "createTrainingJob", "createTransformJob", "updateEndpoint"]),
    of("sns", "SNS", "sns", &["publish"]),
    of("sqs", "SQS", "sqs", &["sendMessage"]),
    of("states", "Step Functions", "states", &["startExecution"]),

    of("bedrockruntime", "Bedrock", "ai", &[]),
    of("cloudformation", "CloudFormation", "api", &[]),
    of("cloudwatch", "CloudWatch", "chart", &[]),
    of("comprehend", "Comprehend", "speech", &[]),
    of("ec2", "EC2", "server", &[]),
    of("emrserverless", "EMR Serverless", "spark", &[]),
    of("eventbridge", "EventBridge", "events", &[]),
    of("firehose", "Firehose", "stream", &[]),
    of("iam", "IAM", "api", &[]),
    of("kinesis", "Kinesis", "stream", &[]),
    of("kms", "KMS", "key", &[]),
    of("polly", "Polly", "speech", &[]),
    of("rds", "RDS", "database", &[]),
    of("redshiftdata", "Redshift", "database", &[]),
    of("rekognition", "Rekognition", "eye", &[]),
    of("scheduler", "EventBridge Scheduler", "schedule", &[]),
    of("secretsmanager", "Secrets Manager", "key", &[]),
    of("ses", "SES", "mail", &[]),
    of("sesv2", "SES", "mail", &[]),
    of("sfn", "Step Functions", "states", &[]),
    of("ssm", "Systems Manager", "sliders", &[]),
    of("textract", "Textract", "eye", &[]),
    of("transcribe", "Transcribe", "speech", &[]),
    of("translate", "Translate", "speech", &[]),
];
