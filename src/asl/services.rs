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
    of("apigateway", "API Gateway", "api", &["invoke"]),
    of("athena", "Athena", "glue", &["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"]),
    of("batch", "Batch", "batch", &["submitJob"]),
    of("bedrock", "Bedrock", "api", &["invokeModel", "createModelCustomizationJob"]),
    of("codebuild", "CodeBuild", "batch", &["startBuild", "stopBuild", "batchDeleteBuilds", "batchGetReports", "startBuildBatch", "stopBuildBatch", "retryBuildBatch", "deleteBuildBatch"]),
    of("databrew", "DataBrew", "glue", &["startJobRun"]),
    of("dynamodb", "DynamoDB", "dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"]),
    of("ecs", "ECS", "ecs", &["runTask"]),
    of("eks", "EKS", "ecs", &["call", "runJob", "createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup", "createFargateProfile", "deleteFargateProfile"]),
    of("elasticmapreduce", "EMR", "glue", &["createCluster", "addStep", "cancelStep", "terminateCluster", "setClusterTerminationProtection", "modifyInstanceFleetByName", "modifyInstanceGroupByName"]),
    of("emr-containers", "EMR on EKS", "glue", &["createVirtualCluster", "deleteVirtualCluster", "startJobRun"]),
    of("emr-serverless", "EMR Serverless", "glue", &["createApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun", "cancelJobRun"]),
    of("events", "EventBridge", "events", &["putEvents"]),
    of("glue", "Glue", "glue", &["startJobRun"]),
    of("http", "HTTP", "http", &["invoke"]),
    of("lambda", "Lambda", "lambda", &["invoke"]),
    of("mediaconvert", "MediaConvert", "batch", &["createJob"]),
    of("s3", "S3", "s3", &["getObject", "listObjectsV2", "putObject"]),
    of("sagemaker", "SageMaker", "api", &["createEndpoint", "createEndpointConfig", "createHyperParameterTuningJob", "createLabelingJob", "createModel", "createProcessingJob", "createTrainingJob", "createTransformJob", "updateEndpoint"]),
    of("sns", "SNS", "sns", &["publish"]),
    of("sqs", "SQS", "sqs", &["sendMessage"]),
    of("states", "Step Functions", "states", &["startExecution"]),

    of("cloudformation", "CloudFormation", "api", &[]),
    of("cloudwatch", "CloudWatch", "api", &[]),
    of("comprehend", "Comprehend", "api", &[]),
    of("ec2", "EC2", "ecs", &[]),
    of("emrserverless", "EMR Serverless", "glue", &[]),
    of("eventbridge", "EventBridge", "events", &[]),
    of("iam", "IAM", "api", &[]),
    of("kms", "KMS", "api", &[]),
    of("rds", "RDS", "api", &[]),
    of("rekognition", "Rekognition", "api", &[]),
    of("scheduler", "EventBridge Scheduler", "events", &[]),
    of("secretsmanager", "Secrets Manager", "api", &[]),
    of("ses", "SES", "sns", &[]),
    of("sesv2", "SES", "sns", &[]),
    of("sfn", "Step Functions", "states", &[]),
    of("ssm", "Systems Manager", "api", &[]),
    of("textract", "Textract", "api", &[]),
    of("transcribe", "Transcribe", "api", &[]),
];
