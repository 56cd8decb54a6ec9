//! JSONata: the query language of states that say so.

pub mod pictures;
