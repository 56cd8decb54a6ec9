//! The signs of the product as strokes in a box of 16 by 16, 1.5 wide, round ends. One table for
//! the page and for exported pictures. Every step is relative: with `M x y` before them the strokes
//! stand anywhere, without a transform that the browser would keep account of.

/// The strokes of the icon with this name, as SVG path data; a gear for an unknown name.
pub fn icon(name: &str) -> &'static str {
    ICONS.iter().find(|(it, _)| *it == name).map_or(GEAR, |(_, strokes)| strokes)
}

const GEAR: &str = "m8 5.5a2.5 2.5 0 1 0 .01 0m-.01-3.5v2m0 8v2m-6-6h2m8 0h2m-10.2-4.2l1.4 1.4m5.6 5.6l1.4 1.4m0-8.4l-1.4 1.4m-5.6 5.6l-1.4 1.4";

/// Name and strokes.
pub const ICONS: &[(&str, &str)] = &[
    // Services.
    ("lambda", "m5 3h2l5 10m-3.8-6.5l-3.7 6.5"),
    ("dynamodb", "m3 4.5a5 2 0 0 1 10 0v7a5 2 0 0 1-10 0zm0 0a5 2 0 0 0 10 0"),
    ("database", "m3 4.5a5 2 0 0 1 10 0v7a5 2 0 0 1-10 0zm0 0a5 2 0 0 0 10 0m-10 3.5a5 2 0 0 0 10 0"),
    ("sqs", "m2.5 4h11v8.5h-11zm0 .5l5.5 4.5 5.5-4.5"),
    ("mail", "m2.5 4h11v8.5h-11zm0 .5l5.5 4.5 5.5-4.5"),
    ("sns", "m4 11v-3.5a4 4 0 0 1 8 0v3.5l1 1h-10zm3 3h2"),
    ("s3", "m3 4h10l-1.4 9.5h-7.2zm0 0a5 1.4 0 0 1 10 0 5 1.4 0 0 1-10 0"),
    ("events", "m2.5 5h3l2 6h6m-11 0h3l2-6h6m-2-2l2 2-2 2m0 2l2 2-2 2"),
    ("states", "m6 2.5h4v3h-4zm-3.5 8h4v3h-4zm7 0h4v3h-4zm-1.5-5v2.5m-3.5 2.5v-2.5h7v2.5"),
    ("ecs", "m8 2l5.2 3v6l-5.2 3-5.2-3v-6zm0 6l5.2-3m-5.2 3v6m0-6l-5.2-3"),
    ("batch", "m2.5 3h7v4h-7zm4 6h7v4h-7zm-2-2v4h2"),
    ("glue", "m3 4h10m-10 4h6m-6 4h10m-2-5.5l2 1.5-2 1.5"),
    ("http", "m8 2.5a5.5 5.5 0 1 0 .01 0m-5.51 5.5h11m-5.5-5.5c-4 3.5-4 7.5 0 11m0-11c4 3.5 4 7.5 0 11"),
    ("activity", "m1.5 8h3l2-5 3 10 2-5h3"),
    ("person", "m8 3a2.4 2.4 0 1 0 .01 0m-5.01 10.5a5 4.5 0 0 1 10 0"),
    ("truck", "m1.5 4.5h8v7h-8zm8 2.5h3l2 2.2v2.3h-5m-5 0a1.4 1.4 0 1 0 .01 0m6.99 0a1.4 1.4 0 1 0 .01 0"),
    ("ai", "m8 2.5l1.3 4.2 4.2 1.3-4.2 1.3-1.3 4.2-1.3-4.2-4.2-1.3 4.2-1.3zm4.5-.5v3m-1.5-1.5h3"),
    ("build", "m9 5.5l-6 6 1.5 1.5 6-6m-2.5-4l5 5 1-1-2-2v-1.5l-1.5-1.5z"),
    ("chart", "m2.5 13.5v-11m0 11h11m-8.5-3.5l2.5-3 2 2 3.5-4.5"),
    ("eye", "m1.5 8q6.5-8 13 0-6.5 8-13 0m6.5-2a2 2 0 1 0 .01 0"),
    ("film", "m2.5 3.5h11v9h-11zm3 0v9m5-9v9m-8-4.5h3m5 0h3"),
    ("gate", "m3 2.5v11m10-11v11m-10-8.5h3m-3 3h10m-10 3h3m4-6h3m-3 6h3"),
    ("key", "m5.5 5.5a2.5 2.5 0 1 0 .01 0m1.99 1.5l6-4m-2 1.3l1.3 2"),
    ("query", "m2.5 3.5h11m-11 3.5h5m-5 3.5h4m3.5-3.5a2.4 2.4 0 1 0 .01 0m1.79 4.2l2 2"),
    ("schedule", "m2.5 4h11v9.5h-11zm0 3h11m-8-4.5v2.5m5-2.5v2.5m-2.5 3.5v2l1.5 1"),
    ("server", "m3 2.5h10v4.5h-10zm0 6.5h10v4.5h-10zm2.5-4.3h1m-1 6.5h1"),
    ("sliders", "m2.5 5h5m4 0h2m-11 6h2m4 0h5m-4-7.8a1.8 1.8 0 1 0 .01 0m-3.01 6a1.8 1.8 0 1 0 .01 0"),
    ("spark", "m9 2l-5.5 7h4.5l-1 5 5.5-7h-4.5z"),
    ("speech", "m2.5 3h11v7.5h-5.5l-3 3v-3h-2.5zm2.5 2.7h6m-6 2.3h4"),
    ("stream", "m1.5 5q3.2-3 6.5 0t6.5 0m-13 3.5q3.2-3 6.5 0t6.5 0m-13 3.5q3.2-3 6.5 0t6.5 0"),
    ("snippet", "m4 2.5h8v11l-4-3-4 3z"),
    ("shield", "m8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6v-4z"),
    ("gear", GEAR),
    ("api", GEAR),
    // Kinds of states.
    ("choice", "m8 2.5l5.5 5.5-5.5 5.5-5.5-5.5z"),
    ("parallel", "m8 2v3m-4 8.5v-5.5a3 3 0 0 1 3-3h2a3 3 0 0 1 3 3v5.5"),
    ("map", "m3 6.5h7.5v7h-7.5zm2.5 0v-2.5h7.5v7h-2.5"),
    ("wait", "m8 2.5a5.5 5.5 0 1 0 .01 0m-.01 2.5v3l2 1.5"),
    ("pass", "m2.5 8h10.5m-3.5-3.5l3.5 3.5-3.5 3.5"),
    ("succeed", "m8 2.5a5.5 5.5 0 1 0 .01 0m-2.51 5.7l1.8 1.8 3.3-3.7"),
    ("fail", "m4 4l8 8m0-8l-8 8"),
    ("unknown", "m5.5 6a2.5 2.5 0 1 1 3.4 2.3c-.6 .3-.9 .7-.9 1.7m0 2.6v.2"),
    ("pattern", "m3 3h4v4h-4zm6 6h4v4h-4zm-2-4h4v4"),
    // The page.
    ("undo", "m6 3.5l-3.5 3.5 3.5 3.5m-3.5-3.5h7.5a3.2 3.2 0 0 1 0 6.4h-3"),
    ("redo", "m10 3.5l3.5 3.5-3.5 3.5m3.5-3.5h-7.5a3.2 3.2 0 0 0 0 6.4h3"),
    ("search", "m7 2.8a4.2 4.2 0 1 0 .01 0m3.19 7.4l3.3 3.3"),
    ("code", "m5.5 4l-3.5 4 3.5 4m5-8l3.5 4-3.5 4"),
    ("warning", "m8 2.5l6 10.5h-12zm0 4v3m0 1.7v.3"),
    ("error", "m8 2.5a5.5 5.5 0 1 0 .01 0m-.01 2.5v3.6m0 2v.3"),
    ("ok", "m3 8.5l3.2 3.2 6.8-6.9"),
    ("close", "m4 4l8 8m0-8l-8 8"),
    ("add", "m8 3v10m-5-5h10"),
    ("minus", "m3 8h10"),
    ("down", "m4 6.5l4 4 4-4"),
    ("right", "m6.5 4l4 4-4 4"),
    ("theme", "m8 2.5a5.5 5.5 0 1 0 .01 0m-.01 0v11m0-8.5h3.9m-3.9 3h5.4m-5.4 3h3.9"),
    ("menu", "m3 4.5h10m-10 3.5h10m-10 3.5h10"),
    ("play", "m5 3.2v9.6l7.5-4.8z"),
    ("pause", "m5.5 3.5v9m5-9v9"),
    ("step", "m4 3.5v9l6.5-4.5zm8.5 0v9"),
    ("step-back", "m12 3.5v9l-6.5-4.5zm-8.5 0v9"),
    ("first", "m8 3.5v9l-5.5-4.5zm6 0v9l-5.5-4.5z"),
    ("last", "m8 3.5v9l5.5-4.5zm-6 0v9l5.5-4.5z"),
    ("retry", "m12.5 8a4.5 4.5 0 1 1-1.4-3.2m1.4-2.3v3h-3"),
    ("pencil", "m3 13l.6-2.8 6.9-6.9 2.2 2.2-6.9 6.9z"),
    ("trash", "m3 4.5h10m-6.5 0v-1.5h3v1.5m-5 0l.6 9h5.8l.6-9m-4.7 2.5v4m2.4-4v4"),
    ("up", "m4 9.5l4-4 4 4"),
    (
        "link",
        "m6.5 9.5l3-3m-2.5-2l1.5-1.5a2.8 2.8 0 0 1 4 4l-1.5 1.5m-2 3l-1.5 1.5a2.8 2.8 0 0 1-4-4l1.5-1.5",
    ),
    ("copy", "m5.5 5.5h8v8h-8zm5 0v-3h-8v8h3"),
    ("more", "m3.5 8h.01m4.49 0h.01m4.49 0h.01"),
    ("file", "m4 2.5h5l3 3v8h-8zm5 0v3h3"),
    ("outline", "m3 4h2m2 0h6m-8 4h2m2 0h4m-8 4h2m2 0h4"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_one_name() {
        for (idx, (name, strokes)) in ICONS.iter().enumerate() {
            assert!(strokes.starts_with('m'), "{name}");
            assert!(!strokes.contains(|it: char| it.is_ascii_uppercase()), "{name}");
            assert!(ICONS[idx + 1..].iter().all(|(other, _)| other != name), "{name} twice");
        }
        assert_eq!(icon("no such icon"), icon("gear"));
    }
}
