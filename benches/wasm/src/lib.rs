//! What `speed.mjs` calls: the same work as natively, built for WebAssembly without a page. Without
//! the feature `runs` there is only the evaluator of JSONata, so that its size can be told.

mod evaluator;
#[path = "../../expressions.rs"]
mod expressions;
#[cfg(feature = "runs")]
mod runs;
