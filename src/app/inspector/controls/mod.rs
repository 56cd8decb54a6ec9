//! One control for each type of field.

mod paint;
mod line;
mod area;
mod text;
mod path;
mod number;
mod flag;
mod word;
mod target;
mod resource;
mod errors;
mod json;
mod group;
mod items;
mod card;
mod conditions;

pub use conditions::Conditions;
pub use errors::ErrorNames;
pub use flag::Flag;
pub use group::GroupFields;
pub use items::Items;
pub use json::{Definition, JsonText};
pub use number::Number;
pub use path::PathText;
pub use resource::ResourceText;
pub use target::TargetChoice;
pub use text::{LongText, Name, OneLine};
pub use word::WordChoice;
