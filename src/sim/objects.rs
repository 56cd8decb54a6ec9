//! Objects in S3 as a mock file holds them: an address such as `s3://bucket/key` and what the
//! object contains, either as a JSON value or as a string with the raw text. Reading a bucket
//! never leaves this list.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::expr::digest;

/// Objects by address, in the order of the file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Objects {
    contents: IndexMap<String, Arc<Value>>,
}

const SCHEME: &str = "s3://";

impl Objects {
    /// Reads the member `Objects` of a mock file.
    pub fn from_file(member: Option<&Value>) -> Result<Objects, String> {
        let Some(member) = member else { return Ok(Objects::default()) };
        let members = member.as_object().ok_or("The file's Objects is not an object")?;
        let mut objects = Objects::default();
        for (address, content) in members {
            split(address).ok_or_else(|| {
                format!("The key “{address}” of Objects is not an address such as “s3://bucket/key”")
            })?;
            objects.contents.insert(address.clone(), Arc::new(content.clone()));
        }
        Ok(objects)
    }

    /// The member as it is written into a file; none without objects.
    pub fn to_file(&self) -> Option<Value> {
        let members: Map<String, Value> =
            self.contents.iter().map(|(address, it)| (address.clone(), it.as_ref().clone())).collect();
        (!members.is_empty()).then_some(Value::Object(members))
    }

    /// The objects of several scenarios together; the first one with an address counts.
    pub(crate) fn of_all<'o>(all: impl Iterator<Item = &'o Objects>) -> Objects {
        let mut together = Objects::default();
        for (address, content) in all.flat_map(|it| &it.contents) {
            together.contents.entry(address.clone()).or_insert_with(|| Arc::clone(content));
        }
        together
    }

    /// Puts an object there, in place of one with the same address.
    pub fn put(&mut self, address: String, content: Arc<Value>) {
        self.contents.insert(address, content);
    }

    /// Takes the object at this address away.
    pub(crate) fn remove(&mut self, address: &str) {
        self.contents.shift_remove(address);
    }

    /// What the object contains.
    pub fn get(&self, address: &str) -> Option<&Arc<Value>> {
        self.contents.get(address)
    }

    /// Addresses and contents, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<Value>)> {
        self.contents.iter().map(|(address, content)| (address.as_str(), content))
    }

    /// Keys and contents of a bucket.
    pub(crate) fn in_bucket<'o>(&'o self, bucket: &str) -> impl Iterator<Item = (&'o str, &'o Arc<Value>)> {
        let all = self.contents.iter().filter_map(|(address, it)| Some((split(address)?, it)));
        all.filter(move |((of, _), _)| *of == bucket).map(|((_, key), it)| (key, it))
    }
}

/// The address of an object.
pub(crate) fn address(bucket: &str, key: &str) -> String {
    format!("{SCHEME}{bucket}/{key}")
}

/// Bucket and key of an address.
pub(crate) fn split(address: &str) -> Option<(&str, &str)> {
    let (bucket, key) = address.strip_prefix(SCHEME)?.split_once('/')?;
    (!bucket.is_empty() && !key.is_empty()).then_some((bucket, key))
}

/// The object as a listing of its bucket shows it: members, order and spelling as AWS was seen
/// giving them to child executions.
pub(crate) fn listed(key: &str, content: &Value, modified_millis: i64) -> Value {
    let text = text_of(content);
    let digest = digest::hash("MD5", text.as_bytes()).unwrap_or_default();
    json!({
        "Etag": format!("\"{digest}\""),
        "Key": key,
        "LastModified": modified_millis as f64 / 1_000.0,
        "Size": text.len(),
        "StorageClass": "STANDARD",
    })
}

/// The bytes of an object, as text.
pub(crate) fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_member_of_a_file_is_read_and_written_without_loss() {
        let file = json!({"s3://b/data.csv": "a,b\n1,2\n", "s3://b/x/y.json": [1, {"a": null}]});
        let objects = Objects::from_file(Some(&file)).expect("good objects");
        assert_eq!(objects.to_file(), Some(file));
        assert_eq!(Objects::from_file(None).map(|it| it.to_file()), Ok(None));
    }

    #[test]
    fn a_bad_member_is_told_with_its_place() {
        let fault = |file: Value| Objects::from_file(Some(&file)).expect_err("a fault");
        assert_eq!(fault(json!([])), "The file's Objects is not an object");
        for address in ["b/key", "s3://bucket", "s3://bucket/", "s3:///key"] {
            let sentence =
                format!("The key “{address}” of Objects is not an address such as “s3://bucket/key”");
            assert_eq!(fault(json!({address: 1})), sentence);
        }
    }

    #[test]
    fn a_listed_object_has_size_and_digest_of_its_text() {
        let listed = listed("a.txt", &json!("hello"), 1_500);
        let expected = json!({"Etag": "\"5d41402abc4b2a76b9719d911017c592\"", "Key": "a.txt",
            "LastModified": 1.5, "Size": 5, "StorageClass": "STANDARD"});
        assert_eq!(listed, expected);
    }
}
