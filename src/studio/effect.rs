//! What the outside world must do after a command. The core asks, the shell does.

use crate::text::{TextEdit, TextRange};

/// One request to the shell.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Keep the project ([`crate::studio::Studio::project`]) in the browser.
    Autosave,
    /// Write the text to the open file, or ask for a place.
    SaveFile {
        name: String,
        text: String,
        ask: bool,
    },
    Download {
        name: String,
        mime: &'static str,
        text: String,
    },
    /// Draw this SVG into a PNG of twice the size and offer it as a file.
    DownloadPng {
        name: String,
        svg: String,
    },
    Copy {
        text: String,
    },
    /// One sentence for the live region. Assertive when what was just asked for failed.
    Announce {
        sentence: String,
        assertive: bool,
    },
    /// A program's change for the code pane, which already shows the text before it.
    EditCode {
        edit: TextEdit,
    },
    /// Another document: replace all of the code pane's text.
    ReplaceCode {
        text: String,
    },
    /// Select these bytes in the code pane; scroll there only if asked.
    RevealCode {
        range: TextRange,
        scroll: bool,
    },
    /// Bring the state's node into view and give it the focus ring.
    RevealNode {
        key: String,
    },
    /// Come back with [`crate::studio::Command::Compute`] on the next frame.
    Continue,
}

/// Which views are new after a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Changed {
    pub document: bool,
    pub selection: bool,
    pub run: bool,
    pub player: bool,
    /// Another part of the expression in the lens is looked at.
    pub looked: bool,
    pub scenarios: bool,
    pub workspace: bool,
}

/// The answer to a command.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Reply {
    pub changed: Changed,
    pub effects: Vec<Effect>,
}
