//! The signs of the product as strokes in a box of 16 by 16, 1.5 wide, round ends. One table for
//! the page and for exported pictures.

/// The strokes of the icon with this name, as SVG path data; a gear for an unknown name.
pub fn icon(name: &str) -> &'static str {
    ICONS.iter().find(|(it, _)| *it == name).map_or(GEAR, |(_, strokes)| strokes)
}

const GEAR: &str = "M8 5.5a2.5 2.5 0 1 0 .01 0M8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M12.2 3.8l-1.4 1.4M5.2 10.8l-1.4 1.4";

/// Name and strokes.
pub const ICONS: &[(&str, &str)] = &[
    // Services.
    ("lambda", "M5 3h2l5 10M8.2 6.5L4.5 13"),
    ("dynamodb", "M3 4.5a5 2 0 0 1 10 0v7a5 2 0 0 1-10 0zM3 4.5a5 2 0 0 0 10 0"),
    ("database", "M3 4.5a5 2 0 0 1 10 0v7a5 2 0 0 1-10 0zM3 4.5a5 2 0 0 0 10 0M3 8a5 2 0 0 0 10 0"),
    ("sqs", "M2.5 4h11v8.5h-11zM2.5 4.5L8 9l5.5-4.5"),
    ("mail", "M2.5 4h11v8.5h-11zM2.5 4.5L8 9l5.5-4.5"),
    ("sns", "M4 11V7.5a4 4 0 0 1 8 0V11l1 1H3zM7 14h2"),
    ("s3", "M3 4h10l-1.4 9.5H4.4zM3 4a5 1.4 0 0 1 10 0a5 1.4 0 0 1-10 0"),
    ("events", "M2.5 5h3l2 6h6M2.5 11h3l2-6h6M11.5 3l2 2-2 2M11.5 9l2 2-2 2"),
    ("states", "M6 2.5h4v3H6zM2.5 10.5h4v3h-4zM9.5 10.5h4v3h-4zM8 5.5V8M4.5 10.5V8h7v2.5"),
    ("ecs", "M8 2l5.2 3v6L8 14l-5.2-3V5zM8 8l5.2-3M8 8v6M8 8L2.8 5"),
    ("batch", "M2.5 3h7v4h-7zM6.5 9h7v4h-7zM4.5 7v4h2"),
    ("glue", "M3 4h10M3 8h6M3 12h10M11 6.5L13 8l-2 1.5"),
    ("http", "M8 2.5a5.5 5.5 0 1 0 .01 0M2.5 8h11M8 2.5c-4 3.5-4 7.5 0 11M8 2.5c4 3.5 4 7.5 0 11"),
    ("activity", "M1.5 8h3l2-5 3 10 2-5h3"),
    ("person", "M8 3a2.4 2.4 0 1 0 .01 0M3 13.5a5 4.5 0 0 1 10 0"),
    (
        "truck",
        "M1.5 4.5h8v7h-8zM9.5 7h3l2 2.2v2.3h-5M4.5 11.5a1.4 1.4 0 1 0 .01 0M11.5 11.5a1.4 1.4 0 1 0 .01 0",
    ),
    ("ai", "M8 2.5l1.3 4.2L13.5 8l-4.2 1.3L8 13.5 6.7 9.3 2.5 8l4.2-1.3zM12.5 2v3M11 3.5h3"),
    ("build", "M9 5.5L3 11.5l1.5 1.5 6-6M8 3l5 5 1-1-2-2V3.5L10.5 2z"),
    ("chart", "M2.5 13.5v-11M2.5 13.5h11M5 10l2.5-3 2 2L13 4.5"),
    ("eye", "M1.5 8q6.5-8 13 0q-6.5 8-13 0M8 6a2 2 0 1 0 .01 0"),
    ("film", "M2.5 3.5h11v9h-11zM5.5 3.5v9M10.5 3.5v9M2.5 8h3M10.5 8h3"),
    ("gate", "M3 2.5v11M13 2.5v11M3 5h3M3 8h10M3 11h3M10 5h3M10 11h3"),
    ("key", "M5.5 5.5a2.5 2.5 0 1 0 .01 0M7.5 7L13.5 3M11.5 4.3l1.3 2"),
    ("query", "M2.5 3.5h11M2.5 7h5M2.5 10.5h4M10 7a2.4 2.4 0 1 0 .01 0M11.8 11.2l2 2"),
    ("schedule", "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5V5M10.5 2.5V5M8 8.5v2l1.5 1"),
    ("server", "M3 2.5h10v4.5H3zM3 9h10v4.5H3zM5.5 4.7h1M5.5 11.2h1"),
    (
        "sliders",
        "M2.5 5h5M11.5 5h2M2.5 11h2M8.5 11h5M9.5 3.2a1.8 1.8 0 1 0 .01 0M6.5 9.2a1.8 1.8 0 1 0 .01 0",
    ),
    ("spark", "M9 2L3.5 9H8l-1 5 5.5-7H8z"),
    ("speech", "M2.5 3h11v7.5H8L5 13.5v-3H2.5zM5 5.7h6M5 8h4"),
    ("stream", "M1.5 5q3.2-3 6.5 0t6.5 0M1.5 8.5q3.2-3 6.5 0t6.5 0M1.5 12q3.2-3 6.5 0t6.5 0"),
    ("snippet", "M4 2.5h8v11l-4-3-4 3z"),
    ("shield", "M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z"),
    ("gear", GEAR),
    ("api", GEAR),
    // Kinds of states.
    ("choice", "M8 2.5L13.5 8 8 13.5 2.5 8z"),
    ("parallel", "M8 2v3M4 13.5V8a3 3 0 0 1 3-3h2a3 3 0 0 1 3 3v5.5"),
    ("map", "M3 6.5h7.5v7H3zM5.5 6.5V4H13v7h-2.5"),
    ("wait", "M8 2.5a5.5 5.5 0 1 0 .01 0M8 5v3l2 1.5"),
    ("pass", "M2.5 8H13M9.5 4.5L13 8l-3.5 3.5"),
    ("succeed", "M8 2.5a5.5 5.5 0 1 0 .01 0M5.5 8.2L7.3 10l3.3-3.7"),
    ("fail", "M4 4l8 8M12 4l-8 8"),
    ("unknown", "M5.5 6a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.7-.9 1.7M8 12.6v.2"),
    ("pattern", "M3 3h4v4H3zM9 9h4v4H9zM7 5h4v4"),
    // The page.
    ("undo", "M6 3.5L2.5 7 6 10.5M2.5 7H10a3.2 3.2 0 0 1 0 6.4H7"),
    ("redo", "M10 3.5L13.5 7 10 10.5M13.5 7H6a3.2 3.2 0 0 0 0 6.4h3"),
    ("search", "M7 2.8a4.2 4.2 0 1 0 .01 0M10.2 10.2l3.3 3.3"),
    ("code", "M5.5 4L2 8l3.5 4M10.5 4L14 8l-3.5 4"),
    ("warning", "M8 2.5L14 13H2zM8 6.5v3M8 11.2v.3"),
    ("error", "M8 2.5a5.5 5.5 0 1 0 .01 0M8 5v3.6M8 10.6v.3"),
    ("ok", "M3 8.5l3.2 3.2L13 4.8"),
    ("close", "M4 4l8 8M12 4l-8 8"),
    ("add", "M8 3v10M3 8h10"),
    ("minus", "M3 8h10"),
    ("down", "M4 6.5l4 4 4-4"),
    ("right", "M6.5 4l4 4-4 4"),
    ("theme", "M8 2.5a5.5 5.5 0 1 0 .01 0M8 2.5v11M8 5h3.9M8 8h5.4M8 11h3.9"),
    ("menu", "M3 4.5h10M3 8h10M3 11.5h10"),
    ("play", "M5 3.2v9.6L12.5 8z"),
    ("pause", "M5.5 3.5v9M10.5 3.5v9"),
    ("step", "M4 3.5v9L10.5 8zM12.5 3.5v9"),
    ("step-back", "M12 3.5v9L5.5 8zM3.5 3.5v9"),
    ("first", "M8 3.5v9L2.5 8zM14 3.5v9L8.5 8z"),
    ("last", "M8 3.5v9L13.5 8zM2 3.500v9L7.5 8z"),
    ("retry", "M12.5 8a4.5 4.5 0 1 1-1.4-3.2M12.5 2.500v3h-3"),
    ("pencil", "M3 13l.6-2.800L10.5 3.300l2.2 2.200L5.8 12.400z"),
    ("trash", "M3 4.500h10M6.5 4.500V3h3v1.500M4.5 4.500l.6 9h5.800l.6-9M6.8 7v4M9.2 7v4"),
    ("up", "M4 9.500l4-4 4 4"),
    (
        "link",
        "M6.5 9.500l3-3M7 4.500l1.5-1.500a2.8 2.8 0 0 1 4 4L11 8.500M9 11.500L7.5 13a2.8 2.8 0 0 1-4-4L5 7.5",
    ),
    ("copy", "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"),
    ("more", "M3.500 8h.01M8 8h.01M12.5 8h.01"),
    ("file", "M4 2.500h5l3 3v8H4zM9 2.500v3h3"),
    ("outline", "M3 4h2M7 4h6M5 8h2M9 8h4M5 12h2M9 12h4"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_one_name() {
        for (idx, (name, strokes)) in ICONS.iter().enumerate() {
            assert!(strokes.starts_with('M'), "{name}");
            assert!(ICONS[idx + 1..].iter().all(|(other, _)| other != name), "{name} twice");
        }
        assert_eq!(icon("no such icon"), icon("gear"));
    }
}
