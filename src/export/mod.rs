//! What can be taken out: a picture, as text. Pure: data in, text out.

pub mod svg;
