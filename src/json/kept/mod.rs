//! How things are kept between visits: each type says once under which names its parts are written,
//! and is written to JSON text and read from a [`Value`] by that. It does what a derive of `serde`
//! would do, with a fraction of the code, and code is what the page has to load.
//!
//! ```text
//! keep! { Indel { delete, insert } }                   // {"delete": …, "insert": …}
//! keep! { Step { edit, beside unless_empty } }         // left out while it is null or []
//! keep! { Scenario { name, machines or_default } }     // older texts have none
//! keep! { CallId(_) }                                  // like what is inside
//! keep! { enum Answer { TimeOut, Throw(error) } else TimeOut }  // "TimeOut", {"Throw": …}
//! ```
//!
//! Members are written in this order. What is read may have others besides, which count for nothing;
//! one that is missing is read like `null`.

mod plain;
mod edits;

use serde_json::Value;

pub(crate) use crate::json::string::push_quoted;

/// Something that is kept as JSON.
pub trait Keep: Sized {
    /// Writes it behind the text that is there.
    fn keep(&self, out: &mut String);

    /// It alone as JSON.
    fn to_json(&self) -> String {
        let mut out = String::new();
        self.keep(&mut out);
        out
    }

    /// What was kept. Texts and data are moved out of the value, not copied. Where the value says
    /// something else the result is something empty, and damaged; so nobody has to stop half-way.
    fn read(value: &mut Value, damaged: &mut bool) -> Self;

    /// What was kept; `None` if the value says something else.
    fn bring_back(value: &mut Value) -> Option<Self> {
        let mut damaged = false;
        let it = Self::read(value, &mut damaged);
        (!damaged).then_some(it)
    }
}

/// Says how a type is kept.
macro_rules! keep {
    // Behind `else` stands the variant in place of what is damaged.
    (enum $name:ident {
        $($variant:ident $(($inner:ident))? $({ $($field:ident),* })?),* $(,)?
    } else $other:ident) => {
        impl $crate::json::Keep for $name {
            fn keep(&self, out: &mut String) {
                match self {
                    $(Self::$variant $(($inner))? $({ $($field),* })? => {
                        $crate::json::keep!(@write out, $variant $(($inner))? $({ $($field),* })?)
                    })*
                }
            }

            fn read(value: &mut serde_json::Value, damaged: &mut bool) -> Self {
                match $crate::json::kept::variant(value) {
                    $(Some((
                        stringify!($variant),
                        $crate::json::keep!(@inner inner $(($inner))? $({ $($field),* })?),
                    )) => {
                        $crate::json::keep!(@read inner, damaged, $variant $(($inner))? $({ $($field),* })?)
                    })*
                    _ => {
                        *damaged = true;
                        Self::$other
                    }
                }
            }
        }
    };
    (@write $out:ident, $variant:ident) => {
        $crate::json::kept::push_quoted($out, stringify!($variant))
    };
    (@write $out:ident, $variant:ident ($inner:ident)) => {{
        $out.push('{');
        $crate::json::kept::begin_member($out, stringify!($variant));
        $crate::json::Keep::keep($inner, $out);
        $out.push('}');
    }};
    (@write $out:ident, $variant:ident { $($field:ident),* }) => {{
        $out.push('{');
        $crate::json::kept::begin_member($out, stringify!($variant));
        $out.push('{');
        $($crate::json::keep!(@member $out, $field, $field);)*
        $out.push_str("}}");
    }};
    (@inner $value:ident) => {
        None
    };
    (@inner $value:ident $inner:tt) => {
        Some($value)
    };
    (@read $value:ident, $damaged:ident, $variant:ident) => {
        Self::$variant
    };
    (@read $value:ident, $damaged:ident, $variant:ident ($inner:ident)) => {
        Self::$variant($crate::json::Keep::read($value, $damaged))
    };
    (@read $value:ident, $damaged:ident, $variant:ident { $($field:ident),* }) => {{
        *$damaged |= !$value.is_object();
        Self::$variant { $($field: $crate::json::keep!(@part $value, $damaged, $field)),* }
    }};

    ($name:ident(_)) => {
        impl $crate::json::Keep for $name {
            fn keep(&self, out: &mut String) {
                $crate::json::Keep::keep(&self.0, out);
            }

            fn read(value: &mut serde_json::Value, damaged: &mut bool) -> Self {
                $name($crate::json::Keep::read(value, damaged))
            }
        }
    };
    ($name:ident $(<$param:ident>)? { $($field:ident $($but:ident)?),* $(,)? }) => {
        impl $(<$param: $crate::json::Keep>)? $crate::json::Keep for $name $(<$param>)? {
            fn keep(&self, out: &mut String) {
                out.push('{');
                $($crate::json::keep!(@member out, &self.$field, $field $($but)?);)*
                out.push('}');
            }

            fn read(value: &mut serde_json::Value, damaged: &mut bool) -> Self {
                *damaged |= !value.is_object();
                $name { $($field: $crate::json::keep!(@part value, damaged, $field $($but)?)),* }
            }
        }
    };
    (@member $out:ident, $value:expr, $field:ident unless_empty) => {
        let start = $out.len();
        $crate::json::keep!(@member $out, $value, $field);
        $crate::json::kept::drop_empty_member($out, start);
    };
    (@member $out:ident, $value:expr, $field:ident $($but:ident)?) => {
        $crate::json::kept::begin_member($out, stringify!($field));
        $crate::json::Keep::keep($value, $out);
    };
    (@part $value:ident, $damaged:ident, $field:ident) => {
        $crate::json::Keep::read(&mut $crate::json::kept::member($value, stringify!($field)), $damaged)
    };
    (@part $value:ident, $damaged:ident, $field:ident $but:ident) => {
        match $value.get_mut(stringify!($field)) {
            Some(value) => $crate::json::Keep::read(value, $damaged),
            None => Default::default(),
        }
    };
}
pub(crate) use keep;

/// Writes what stands in front of the value of a member.
pub(crate) fn begin_member(out: &mut String, name: &str) {
    // No value ends so.
    if !out.ends_with('{') {
        out.push(',');
    }
    push_quoted(out, name);
    out.push(':');
}

/// Takes back a member that says nothing.
pub(crate) fn drop_empty_member(out: &mut String, start: usize) {
    if out.ends_with(":null") || out.ends_with(":[]") {
        out.truncate(start);
    }
}

/// Takes out the value of a member.
pub(crate) fn member(value: &mut Value, name: &str) -> Value {
    value.get_mut(name).map(Value::take).unwrap_or_default()
}

/// The name of a variant, and what it holds.
pub(crate) fn variant(value: &mut Value) -> Option<(&str, Option<&mut Value>)> {
    match value {
        Value::String(name) => Some((name, None)),
        Value::Object(members) if members.len() == 1 => {
            members.iter_mut().next().map(|(name, inner)| (name.as_str(), Some(inner)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::json::read_json;

    #[derive(Clone, PartialEq, Debug)]
    enum Shape {
        Dot,
        Label(String),
        Rule { name: String, n: Option<u32> },
    }
    keep! { enum Shape { Dot, Label(text), Rule { name, n } } else Dot }

    #[derive(Clone, PartialEq, Debug)]
    struct Size(u64);
    keep! { Size(_) }

    #[derive(Clone, PartialEq, Debug)]
    struct Drawing<S> {
        shapes: Vec<S>,
        size: (Size, f64),
        hidden: bool,
        notes: Vec<String>,
    }
    keep! { Drawing<S> { shapes, size, hidden or_default, notes unless_empty } }

    fn brought_back(text: &str) -> Option<Drawing<Shape>> {
        Drawing::bring_back(&mut read_json(text).ok()?)
    }

    #[track_caller]
    fn check(drawing: &Drawing<Shape>, expected: Expect) {
        let kept = drawing.to_json();
        expected.assert_eq(&kept);
        assert_eq!(brought_back(&kept).as_ref(), Some(drawing));
    }

    #[test]
    fn what_is_kept_comes_back() {
        let rule = |n| Shape::Rule { name: "ä\n{".into(), n };
        let shapes = vec![Shape::Dot, Shape::Label("\"{".into()), rule(None), rule(Some(7))];
        let drawing =
            Drawing { shapes, size: (Size(u64::MAX), 1.0), hidden: true, notes: vec!["{".into(), "".into()] };
        check(
            &drawing,
            expect![[
                r#"{"shapes":["Dot",{"Label":"\"{"},{"Rule":{"name":"ä\n{","n":null}},{"Rule":{"name":"ä\n{","n":7}}],"size":[18446744073709551615,1.0],"hidden":true,"notes":["{",""]}"#
            ]],
        );
        let nothing =
            Drawing { shapes: Vec::new(), size: (Size(0), -0.5e-9), hidden: false, notes: Vec::new() };
        check(&nothing, expect![[r#"{"shapes":[],"size":[0,-5e-10],"hidden":false}"#]]);
    }

    #[test]
    fn older_and_newer_texts_are_read() {
        let read = brought_back(r#"{"new": {}, "size": [1, 2], "shapes": [{"Rule": {"n": 0, "name": ""}}]}"#);
        let shapes = vec![Shape::Rule { name: String::new(), n: Some(0) }];
        assert_eq!(read, Some(Drawing { shapes, size: (Size(1), 2.0), hidden: false, notes: Vec::new() }));
        // A member without a value, as older texts have it.
        let read = brought_back(r#"{"size": [1, 2], "shapes": [{"Rule": {"name": ""}}]}"#);
        assert!(read.is_some_and(|it| it.shapes == [Shape::Rule { name: String::new(), n: None }]));
    }

    #[test]
    fn what_says_something_else_is_not_read() {
        for text in [
            "null",
            "[]",
            r#"{"shapes": []}"#,
            r#"{"shapes": null, "size": [1, 2]}"#,
            r#"{"shapes": [], "size": [1]}"#,
            r#"{"shapes": [], "size": [1, 2, 3]}"#,
            r#"{"shapes": [], "size": [1.0, 2]}"#,
            r#"{"shapes": [], "size": [-1, 2]}"#,
            r#"{"shapes": [], "size": [1, 2], "hidden": null}"#,
            r#"{"shapes": [], "size": [1, 2], "notes": [1]}"#,
            r#"{"shapes": ["Line"], "size": [1, 2]}"#,
            r#"{"shapes": ["Label"], "size": [1, 2]}"#,
            r#"{"shapes": [{"Dot": null}], "size": [1, 2]}"#,
            r#"{"shapes": [{"Label": "", "Dot": ""}], "size": [1, 2]}"#,
            r#"{"shapes": [{"Rule": {"name": "", "n": 4294967296}}], "size": [1, 2]}"#,
        ] {
            assert_eq!(brought_back(text), None, "{text}");
        }
    }
}
