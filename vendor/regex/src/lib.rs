//! Stands in for the crate `regex` on the page. The JSONPath crate brings `regex` for two filter
//! functions; its tables and automata would be a quarter of what is downloaded. The small engine
//! has the same interface and, like the paths of AWS, knows only ASCII in `\w`, `\d` and `\s`.
pub use regex_lite::*;
