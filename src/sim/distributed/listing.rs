//! `s3:listObjectsV2`: the objects of a bucket as items, or what they contain.

use std::sync::Arc;

use serde_json::Value;

use crate::sim::distributed::fields;
use crate::sim::distributed::reader::{Missing, Stop, Store, listing_address, source};
use crate::sim::distributed::records::{Found, records};
use crate::sim::objects;
use crate::sim::program::StateDef;
use crate::text::InOrder;

/// The items of a listing. A bucket of which no object is known is asked for.
pub(super) fn read(
    state: &StateDef,
    store: &Store,
    bucket: String,
    prefix: String,
) -> Result<Vec<Found>, Stop> {
    let entries = match store.written.get(&listing_address(&bucket, &prefix)) {
        Some(answer) => answered(answer),
        None => known(store, &bucket, &prefix)
            .ok_or_else(|| Stop::Missing(Missing::Listing { bucket: bucket.clone(), prefix }))?,
    };
    if fields::text(state, "ItemReader/ReaderConfig/Transformation") != Some("LOAD_AND_FLATTEN") {
        let source: Arc<str> = Arc::from(format!("S3://{bucket}"));
        let found = entries.into_iter().map(|value| Found { key: None, value, source: Arc::clone(&source) });
        return Ok(found.collect());
    }
    let mut found = Vec::new();
    for key in entries.iter().filter_map(|it| it.get("Key")?.as_str()) {
        let content = store.object(&bucket, key)?;
        found.extend(records(state, &content, &source(&bucket, key))?);
    }
    Ok(found)
}

/// What is known of a bucket, in the order of the keys, as S3 lists it.
fn known(store: &Store, bucket: &str, prefix: &str) -> Option<Vec<Value>> {
    let given = store.given.in_bucket(bucket).chain(store.written.in_bucket(bucket));
    let objects = given.into_map();
    if objects.is_empty() {
        return None;
    }
    let listed = objects.into_iter().filter(|(key, _)| key.starts_with(prefix));
    Some(listed.map(|(key, content)| objects::listed(key, content, store.modified_millis)).collect())
}

/// An answer is the list itself or the response of the call.
fn answered(answer: &Value) -> Vec<Value> {
    let list = answer.get("Contents").unwrap_or(answer);
    list.as_array().cloned().unwrap_or_default()
}
