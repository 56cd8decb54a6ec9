//! `ItemReader`: the items of a distributed Map from objects in S3. What the objects contain comes
//! from the mocks or was written by this run; nothing is made up, so a missing object is asked for.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::sim::dataflow::Flow;
use crate::sim::distributed::fields;
use crate::sim::distributed::listing;
use crate::sim::distributed::manifest;
use crate::sim::distributed::records::{Found, records};
use crate::sim::objects::{self, Objects};
use crate::sim::snapshot::Item;
use crate::sim::trace::{StageName, StatesError};

/// What came of reading.
pub(crate) enum Reading {
    Items(Vec<Arc<Item>>),
    /// Somebody has to give this first.
    Missing(Missing),
}

/// What a reader wants and nobody has given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Missing {
    Object { bucket: String, key: String },
    Listing { bucket: String, prefix: String },
}

/// The objects that a reader sees.
pub(crate) struct Store<'s> {
    /// By this run; they hide the given ones.
    pub written: &'s Objects,
    pub given: &'s Objects,
    /// The moment that listings show, in milliseconds since 1970.
    pub modified_millis: i64,
}

/// Why reading went no further.
pub(super) enum Stop {
    Missing(Missing),
    Failed(StatesError),
}

/// The items of a Map that has a reader. `effective` is its input after `InputPath`.
pub(crate) fn read(flow: &mut Flow, effective: &Arc<Value>, store: &Store) -> Result<Reading, StatesError> {
    let found = match find(flow, effective, store) {
        Ok(found) => found,
        Err(Stop::Missing(missing)) => return Ok(Reading::Missing(missing)),
        Err(Stop::Failed(error)) => {
            flow.record_field(StageName::AfterItemsPointer, "ItemReader", effective, Err(error.clone()))?;
            return Err(error);
        }
    };
    let shown = Value::Array(found.iter().map(|it| it.value.clone()).collect());
    flow.record_field(StageName::AfterItemsPointer, "ItemReader", effective, Ok(Arc::new(shown)))?;
    let items = found.into_iter().enumerate().map(|(index, it)| {
        Arc::new(Item { index, value: Arc::new(it.value), key: it.key, source: Some(it.source) })
    });
    Ok(Reading::Items(items.collect()))
}

fn find(flow: &mut Flow, effective: &Arc<Value>, store: &Store) -> Result<Vec<Found>, Stop> {
    let max_items = max_items(flow, effective)?;
    let places = ["ItemReader/Arguments", "ItemReader/Parameters"];
    let arguments = fields::template(flow, &places, effective)?.unwrap_or_default();
    let text = |name: &str| arguments.get(name).and_then(Value::as_str).map(str::to_string);
    let bucket = text("Bucket").ok_or_else(|| failed("The ItemReader names no Bucket"))?;
    let mut found = match fields::text(flow.state, "ItemReader/Resource") {
        Some(resource) if resource.ends_with(":s3:listObjectsV2") => {
            let prefix = text("Prefix").unwrap_or_default();
            listing::read(flow.state, store, bucket, prefix)?
        }
        Some(resource) if resource.ends_with(":s3:getObject") => {
            let key = text("Key").ok_or_else(|| failed("The ItemReader names no Key"))?;
            let content = store.object(&bucket, &key)?;
            match manifest::kind(flow.state) {
                Some(kind) => manifest::read(flow.state, kind, store, &content, source(&bucket, &key))?,
                None => records(flow.state, &content, &source(&bucket, &key))?,
            }
        }
        resource => {
            let resource = resource.unwrap_or_default();
            return Err(failed(&format!("An ItemReader cannot read from the resource “{resource}”")));
        }
    };
    if let Some(max_items) = max_items {
        found.truncate(max_items);
    }
    Ok(found)
}

/// `MaxItems`; none for no limit.
fn max_items(flow: &mut Flow, effective: &Arc<Value>) -> Result<Option<usize>, Stop> {
    match fields::whole_number(flow, "ItemReader/ReaderConfig/MaxItems", effective)? {
        None | Some(0) => Ok(None),
        Some(number) => match usize::try_from(number) {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(failed("field MaxItems must be positive")),
        },
    }
}

/// `$$.Map.Item.Source` of what stands in an object.
pub(super) fn source(bucket: &str, key: &str) -> Arc<str> {
    Arc::from(format!("S3://{bucket}/{key}"))
}

/// The place among written objects where the answer for a listing is kept; no object can have it.
pub(crate) fn listing_address(bucket: &str, prefix: &str) -> String {
    format!("s3-listing://{bucket}/{prefix}")
}

/// A failure of the reader. AWS gives these causes without its usual frame.
pub(super) fn failed(cause: &str) -> Stop {
    Stop::Failed(StatesError { name: "States.ItemReaderFailed".to_string(), cause: cause.to_string() })
}

impl From<StatesError> for Stop {
    fn from(error: StatesError) -> Stop {
        Stop::Failed(error)
    }
}

impl Store<'_> {
    /// What an object contains.
    pub(super) fn object(&self, bucket: &str, key: &str) -> Result<Arc<Value>, Stop> {
        let address = objects::address(bucket, key);
        let content = self.written.get(&address).or_else(|| self.given.get(&address));
        let missing = || Missing::Object { bucket: bucket.to_string(), key: key.to_string() };
        content.cloned().ok_or_else(|| Stop::Missing(missing()))
    }
}

impl Missing {
    /// What the question shows: the parameters of the call that a reader would make.
    pub(crate) fn parameters(&self) -> Value {
        match self {
            Missing::Object { bucket, key } => json!({ "Bucket": bucket, "Key": key }),
            Missing::Listing { bucket, prefix } => json!({ "Bucket": bucket, "Prefix": prefix }),
        }
    }

    /// The reverse of [`Missing::parameters`].
    pub(crate) fn from_parameters(parameters: &Value) -> Missing {
        let text = |name: &str| parameters.get(name).and_then(Value::as_str).map(str::to_string);
        let bucket = text("Bucket").unwrap_or_default();
        match text("Key") {
            Some(key) => Missing::Object { bucket, key },
            None => Missing::Listing { bucket, prefix: text("Prefix").unwrap_or_default() },
        }
    }
}
