//! Manifests: an object that lists other objects, which hold the items. Amazon S3 writes one for
//! an inventory of a bucket, Amazon Athena one for the files of an `UNLOAD` query.

use std::sync::Arc;

use serde_json::Value;

use crate::sim::distributed::csv;
use crate::sim::distributed::fields;
use crate::sim::distributed::reader::{Stop, Store, failed, source};
use crate::sim::distributed::records::{Found, parsed, records};
use crate::sim::objects::{self, text_of};
use crate::sim::program::StateDef;

/// Who wrote the manifest.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Inventory,
    Athena,
}

/// The kind of manifest that a reader reads; none where it reads items at once.
pub(super) fn kind(state: &StateDef) -> Option<Kind> {
    let config = |name: &str| fields::text(state, &format!("ItemReader/ReaderConfig/{name}"));
    match (config("ManifestType"), config("InputType")) {
        (Some("ATHENA_DATA"), _) => Some(Kind::Athena),
        (Some("S3_INVENTORY"), _) | (None, Some("MANIFEST")) => Some(Kind::Inventory),
        _ => None,
    }
}

/// The items of all objects that the manifest lists, in its order.
pub(super) fn read(
    state: &StateDef,
    kind: Kind,
    store: &Store,
    content: &Value,
    manifest_source: Arc<str>,
) -> Result<Vec<Found>, Stop> {
    match kind {
        Kind::Inventory => inventory(store, content, &manifest_source),
        Kind::Athena => athena(state, store, content),
    }
}

/// An inventory names its columns in the manifest; the files hold rows alone.
fn inventory(store: &Store, content: &Value, manifest_source: &Arc<str>) -> Result<Vec<Found>, Stop> {
    let manifest = parsed(content, manifest_source)?;
    let text = |name: &str| manifest.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("fileFormat") != "CSV" {
        return Err(failed(&format!(
            "The inventory “{manifest_source}” has files in the format “{}”, only CSV can be read",
            text("fileFormat")
        )));
    }
    let headers: Vec<String> = text("fileSchema").split(',').map(|it| it.trim().to_string()).collect();
    let bucket = text("destinationBucket");
    let bucket = bucket.strip_prefix("arn:aws:s3:::").unwrap_or(bucket);
    let files = manifest.get("files").and_then(Value::as_array).into_iter().flatten();
    let mut found = Vec::new();
    for key in files.filter_map(|it| it.get("key")?.as_str()) {
        let file = store.object(bucket, key)?;
        let rows = csv::rows(&text_of(&file), ',', Some(&headers)).map_err(failed)?;
        let items = rows.into_iter();
        found.extend(items.map(|value| Found { key: None, value, source: Arc::clone(manifest_source) }));
    }
    Ok(found)
}

/// Athena lists the addresses of the files, one a line; `InputType` says what is in them.
fn athena(state: &StateDef, store: &Store, content: &Value) -> Result<Vec<Found>, Stop> {
    let text = text_of(content);
    let mut found = Vec::new();
    for line in text.lines().map(|it| it.trim().trim_matches('"')).filter(|it| !it.is_empty()) {
        let Some((bucket, key)) = objects::split(line) else {
            return Err(failed(&format!(
                "The manifest lists “{line}”, which is not the address of an object"
            )));
        };
        let file = store.object(bucket, key)?;
        found.extend(records(state, &file, &source(bucket, key))?);
    }
    Ok(found)
}
