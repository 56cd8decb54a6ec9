//! One file for each thing that the browser can do for us. No application logic.

pub mod clipboard;
pub mod files;
pub mod frames;
pub mod picture;
pub mod settings;
pub mod storage;
pub mod theme;
