//! Controls that more than one pane uses.

pub mod button;
pub mod dialog;
pub mod focus;
pub mod icon;
pub mod live;
pub mod menu;
pub mod splitter;
pub mod tabs;
pub mod toast;

pub use button::{ActionButton, IconButton};
pub use dialog::Modal;
pub use focus::{focus_tab, scroll_to};
pub use icon::Icon;
pub use menu::{Menu, MenuItem};
pub use splitter::Splitter;
pub use tabs::Tabs;
