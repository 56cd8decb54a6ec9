//! Segments of JSON Pointers (RFC 6901).

/// Writes a name as one segment of a JSON Pointer.
pub fn escape(name: &str) -> String {
    if !name.contains(['~', '/']) {
        return name.to_owned();
    }
    name.replace('~', "~0").replace('/', "~1")
}

/// Reads one segment of a JSON Pointer as a name.
pub fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
