//! Addresses of the things a definition holds. Every address is the JSON Pointer (RFC 6901) of
//! its place in the text, the form in which AWS reports locations, so it survives a reload, can
//! be shown to people and needs no table to be looked up. Addresses change only when a state is
//! renamed or moved; the command that does so maps the ones in use.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json::{Keep, push_quoted};
pub use crate::json::{escape, unescape};

macro_rules! pointer {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the pointer as it stands.
            pub fn new(pointer: impl Into<Arc<str>>) -> $name {
                $name(pointer.into())
            }

            /// The JSON Pointer, for instance `/States/Charge card`.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Keep for $name {
            fn keep(&self, out: &mut String) {
                push_quoted(out, &self.0);
            }

            fn read(value: &mut Value, damaged: &mut bool) -> $name {
                *damaged |= !value.is_string();
                value.as_str().map($name::new).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name(Arc::from(""))
            }
        }
    };
}

pointer! {
    /// A state: `/States/A`, or `/States/P/Branches/0/States/B` inside a branch.
    StatePath
}
pointer! {
    /// The object that holds `StartAt` and `States`: empty for the machine itself,
    /// `/States/P/Branches/0` for a branch, `/States/M/ItemProcessor` for the body of a Map.
    ScopePath
}
pointer! {
    /// A connection, addressed by the member that states it: `/StartAt`, `/States/A/Next`,
    /// `/States/A/End`, `/States/C/Choices/0/Next`, `/States/C/Default`, `/States/T/Catch/1/Next`.
    /// A terminal state without `End` (Succeed, Fail) has the key `/States/A/Type`.
    EdgeKey
}

impl ScopePath {
    /// The address of a state of this scope.
    pub fn state(&self, name: &str) -> StatePath {
        StatePath::new([&*self.0, "/States/", &escape(name)].concat())
    }
}

impl StatePath {
    /// The name of the state, with the pointer's escapes undone.
    pub fn name(&self) -> String {
        unescape(self.0.rsplit('/').next().unwrap_or_default())
    }

    /// The scope that holds this state.
    pub fn scope(&self) -> ScopePath {
        let end = self.0.rfind("/States/").unwrap_or(0);
        ScopePath::new(self.0.get(..end).unwrap_or_default())
    }
}

impl EdgeKey {
    /// The state that the connection leaves, or nothing for a `StartAt`.
    pub fn source(&self) -> Option<StatePath> {
        let start = self.0.rfind("/States/")? + "/States/".len();
        let name_len = self.0.get(start..)?.find('/')?;
        self.0.get(..start + name_len).map(StatePath::new)
    }
}

/// The candidate that a misspelled name was probably meant to be, if one is near enough: at most a
/// third of its letters differ. Case does not count.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    crate::text::nearest(name, candidates, |_, meant| meant / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_slashes_and_tildes_in_names() {
        let scope = ScopePath::new("/States/P/Branches/0");
        let state = scope.state("a/b~c");
        assert_eq!(state.as_str(), "/States/P/Branches/0/States/a~1b~0c");
        assert_eq!(state.name(), "a/b~c");
        assert_eq!(state.scope(), scope);
        let edge = EdgeKey::new(format!("{state}/Catch/0/Next"));
        assert_eq!(edge.source(), Some(state));
        assert_eq!(EdgeKey::new("/StartAt").source(), None);
        assert_eq!(EdgeKey::new("/States/P/Branches/0/StartAt").source(), Some(StatePath::new("/States/P")));
    }

    #[test]
    fn a_slip_of_the_keys_is_near() {
        let fields = ["Parameters", "InputPath", "OutputPath", "Next", "End"];
        assert_eq!(nearest("Paramters", fields), Some("Parameters"));
        assert_eq!(nearest("nxet", fields), Some("Next"));
        assert_eq!(nearest("INPUTPATH", fields), Some("InputPath"));
        assert_eq!(nearest("Whatever", fields), None);
        assert_eq!(nearest("", fields), None);
    }
}
