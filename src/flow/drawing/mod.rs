//! What nodes and connections look like, as plain strings and numbers: outlines and lines as SVG
//! path data, how wide words are, icon and small words of a state. The canvas of the page and
//! exported pictures are drawn from here, so they look the same.

pub mod lettering;
pub mod shape;
pub mod route;
pub mod face;

pub use face::{face, icon_of, subtitle};
