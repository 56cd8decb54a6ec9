//! The headless application: [`Command`]s in, plain views out. No clock, no input or output: what
//! the outside world must do is asked for with [`Effect`]s.

pub mod actions;
pub mod command;
pub mod effect;
pub mod view;

pub use actions::{ACTIONS, Act, Action, Dialog, Key, Place, Situation, action_for_key};
pub use command::*;
pub use effect::{Changed, Effect, Reply};
pub use view::*;
