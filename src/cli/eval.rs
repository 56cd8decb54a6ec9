//! `stepglass eval`: one expression with the data that it reads.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use crate::cli::{FAILED, Outcome, SEED, read};
use crate::expr::jsonata::{self, Budget, Jsonata, JsonataError, World};
use crate::expr::payload::QUERY_EVALUATION_ERROR;
use crate::expr::{ExprError, Expression, MAX_DEPTH, Path, PathError, Root, Scope, depth_within};
use crate::sim::Settings;
use crate::sim::snapshot::Random;

#[derive(Args)]
pub struct EvalArgs {
    #[command(flatten)]
    pub expression: ExpressionArgs,
    /// aws: as in a state machine; full: JSONata as it is elsewhere
    #[arg(long, value_name = "DIALECT", default_value = "aws")]
    pub dialect: Dialect,
    /// How deep calls of a JSONata expression may be nested
    #[arg(long, value_name = "NUMBER")]
    pub depth: Option<usize>,
    /// The data: a JSON text, a file, or - for standard input
    #[arg(long, value_name = "JSON|@FILE|-", allow_hyphen_values = true)]
    pub input: Option<String>,
    /// The workflow variables, an object
    #[arg(long, value_name = "JSON|@FILE")]
    pub variables: Option<String>,
    /// The context object
    #[arg(long, value_name = "JSON|@FILE")]
    pub context: Option<String>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct ExpressionArgs {
    /// A path, such as $.orders[?(@.total > 10)].id
    #[arg(long, value_name = "PATH", allow_hyphen_values = true)]
    pub jsonpath: Option<String>,
    /// A call of an intrinsic function, such as States.Format('{}', $.name)
    #[arg(long, value_name = "CALL", allow_hyphen_values = true)]
    pub intrinsic: Option<String>,
    /// A JSONata expression
    #[arg(long, value_name = "EXPRESSION", allow_hyphen_values = true)]
    pub jsonata: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    Aws,
    Full,
}

/// The data that an expression reads.
pub struct Data {
    /// Nothing is undefined.
    pub input: Option<Value>,
    pub variables: Map<String, Value>,
    pub context: Option<Value>,
}

/// Why an expression has no value.
pub struct EvalFault {
    pub code: String,
    pub message: String,
    /// The character of the expression that it is about, from 0.
    pub position: Option<usize>,
}

/// Evaluates an expression and prints its value; one that is undefined prints nothing.
pub fn eval(args: &EvalArgs) -> Result<Outcome, Vec<String>> {
    let data = data(args).map_err(|it| vec![it])?;
    let expression = &args.expression;
    let value = match (&expression.jsonpath, &expression.intrinsic, &expression.jsonata) {
        (Some(path), _, _) => jsonpath(path, &data),
        (_, Some(call), _) => intrinsic(call, &data),
        (_, _, Some(text)) => jsonata(text, args, &data),
        // The argument parser asks for one of them.
        _ => Ok(None),
    };
    outcome(value)
}

/// Prints a value or a fault.
fn outcome(value: Result<Option<Value>, EvalFault>) -> Result<Outcome, Vec<String>> {
    match value {
        Ok(Some(value)) => Outcome::json(&value, 0),
        Ok(None) => Ok(Outcome::default()),
        Err(fault) => {
            let error = json!({ "code": fault.code, "message": fault.message, "position": fault.position });
            Outcome::json(&json!({ "error": error }), FAILED)
        }
    }
}

/// JSONata: the input is `$`, the variables and `$states` are bound.
fn jsonata(text: &str, args: &EvalArgs, data: &Data) -> Result<Option<Value>, EvalFault> {
    let dialect = match args.dialect {
        Dialect::Aws => jsonata::Dialect::Aws,
        Dialect::Full => jsonata::Dialect::Full,
    };
    let mut budget = Budget::default();
    if let Some(depth) = args.depth {
        budget.depth = u32::try_from(depth).unwrap_or(u32::MAX).min(budget.depth);
    }
    let states = states(args.dialect, data);
    let mut bindings: Vec<(&str, &Value)> =
        data.variables.iter().map(|(name, value)| (name.as_str(), value)).collect();
    bindings.extend(states.as_ref().map(|it| ("states", it)));
    let mut random = Random(SEED);
    // The moment at which runs begin, so that equal calls print equal outcomes.
    let now_millis = Settings::default().start_millis;
    let mut world = World { input: data.input.as_ref(), bindings, now_millis, random: &mut random, budget };
    let parsed = Jsonata::parse(text, dialect).map_err(jsonata_fault)?;
    match parsed.evaluate(&mut world).map_err(jsonata_fault)? {
        None => Ok(None),
        Some(jsonata::Outcome::Json(value)) => Ok(Some(value)),
        Some(jsonata::Outcome::Unsupported) => Err(EvalFault {
            code: QUERY_EVALUATION_ERROR.to_string(),
            message: "The value is or holds something that JSON has no words for, such as a function"
                .to_string(),
            position: None,
        }),
    }
}

/// `$states` as in a state: the input, and the context where it is given. Who sets a variable of
/// this name, to try `$states.result` for instance, gets that.
fn states(dialect: Dialect, data: &Data) -> Option<Value> {
    let given = data.variables.get("states");
    if given.is_some_and(|it| !it.is_object()) || (dialect == Dialect::Full && data.context.is_none()) {
        return None;
    }
    let mut states = given.and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, value) in [("input", &data.input), ("context", &data.context)] {
        if let (Some(value), false) = (value, states.contains_key(name)) {
            states.insert(name.to_string(), value.clone());
        }
    }
    Some(Value::Object(states))
}

/// Its place is the one of the reference implementation: behind the guilty word.
fn jsonata_fault(error: JsonataError) -> EvalFault {
    EvalFault { code: error.code.to_string(), message: error.message, position: Some(error.position) }
}

fn jsonpath(text: &str, data: &Data) -> Result<Option<Value>, EvalFault> {
    let path = Path::parse(text).map_err(|it| syntax_fault(text, &it))?;
    let none = Value::Null;
    let input = match (&data.input, path.root()) {
        (Some(input), _) => input,
        (None, Root::Input) => return Ok(None),
        (None, _) => &none,
    };
    let context = data.context.clone().unwrap_or_else(|| json!({}));
    let scope = Scope { input, context: &context, variables: &data.variables };
    path.query(&scope).map(Some).map_err(|it| fault(text, it))
}

fn intrinsic(text: &str, data: &Data) -> Result<Option<Value>, EvalFault> {
    let expression = Expression::parse(text).map_err(|it| syntax_fault(text, &it))?;
    let none = json!({});
    let input = data.input.as_ref().unwrap_or(&none);
    let context = data.context.clone().unwrap_or_else(|| json!({}));
    let scope = Scope { input, context: &context, variables: &data.variables };
    expression.evaluate(&scope, &mut Random(SEED), "value").map(Some).map_err(|it| fault(text, it))
}

fn syntax_fault(text: &str, error: &PathError) -> EvalFault {
    let position = Some(char_position(text, error.start));
    EvalFault { code: "SCHEMA_VALIDATION_FAILED".to_string(), message: error.message.clone(), position }
}

fn fault(text: &str, error: ExprError) -> EvalFault {
    let position = error.range.map(|(start, _)| char_position(text, start));
    EvalFault { code: error.name, message: error.cause, position }
}

fn char_position(text: &str, byte: usize) -> usize {
    text.char_indices().take_while(|(at, _)| *at < byte).count()
}

fn data(args: &EvalArgs) -> Result<Data, String> {
    let sources = [
        ("input", args.input.as_deref()),
        ("variables", args.variables.as_deref()),
        ("context", args.context.as_deref()),
    ];
    read::only_one_stdin(&sources)?;
    let read = |(what, argument): (&str, Option<&str>)| match argument {
        None => Ok(None),
        Some(read::STDIN) => match read::text(read::STDIN)? {
            text if text.trim().is_empty() => Ok(None),
            text => serde_json::from_str(&text)
                .map(Some)
                .map_err(|it| format!("Standard input is not JSON: {it}")),
        },
        Some(argument) => read::json_argument(argument, what).map(Some),
    };
    let [input, variables, context] = sources.map(read);
    let (input, variables, context) = (input?, variables?, context?);
    for (what, value) in [("input", &input), ("variables", &variables), ("context", &context)] {
        if value.as_ref().is_some_and(|it| !depth_within(it, MAX_DEPTH)) {
            return Err(format!("The {what} is nested deeper than {MAX_DEPTH} levels"));
        }
    }
    let variables = match variables {
        None => Map::new(),
        Some(Value::Object(variables)) => variables,
        Some(_) => return Err("The variables are not an object".to_string()),
    };
    Ok(Data { input, variables, context })
}
