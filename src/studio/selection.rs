//! What is selected: one for all panes. It is kept by address and follows every edit: commands
//! say which addresses change, and under typing the place in the text decides.

use crate::asl::{Document, EdgeKey, StatePath};
use crate::studio::edit::{Scene, mapped};
use crate::studio::view::SelectionView;
use crate::text::{TextEdit, TextRange};

/// A state or a connection, or nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize, serde::Deserialize)]
pub enum Selection {
    #[default]
    Nothing,
    State(StatePath),
    Edge(EdgeKey),
}

impl Selection {
    /// The state selected; of a connection none.
    pub fn state(&self) -> Option<&StatePath> {
        match self {
            Selection::State(path) => Some(path),
            _ => None,
        }
    }

    /// The address of what is selected.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Selection::State(path) => Some(path.as_str()),
            Selection::Edge(key) => Some(key.as_str()),
            Selection::Nothing => None,
        }
    }

    /// Where the selection is in the text: the name of a state, the target of a connection.
    pub fn range(&self, document: &Document) -> TextRange {
        match self {
            Selection::State(path) => document.state(path).map(|it| it.key_range),
            Selection::Edge(key) => document.tree.find(key.as_str()).map(|it| document.tree.range(it)),
            Selection::Nothing => None,
        }
        .unwrap_or_default()
    }

    /// What a place in the text selects: the state whose name or text is there.
    pub fn at(document: &Document, range: TextRange) -> Selection {
        if range.is_empty() && range.start == 0 {
            return Selection::Nothing;
        }
        let node = document.tree.node_at(range.start);
        if !range.is_empty() && document.tree.range(node) == range {
            let key = EdgeKey::new(document.tree.pointer(node));
            if Scene::new(document).edge(&key).is_ok() {
                return Selection::Edge(key);
            }
        }
        document.state_at(range.start).map_or(Selection::Nothing, Selection::State)
    }

    /// The selection after states have moved or got other names.
    pub fn moved(self, moved: &[(StatePath, StatePath)]) -> Selection {
        match self {
            Selection::State(path) => {
                Selection::State(mapped(path.as_str(), moved).map_or(path, StatePath::new))
            }
            Selection::Edge(key) => Selection::Edge(mapped(key.as_str(), moved).map_or(key, EdgeKey::new)),
            Selection::Nothing => Selection::Nothing,
        }
    }

    /// The selection after typing: the same address, else whatever stands at the same place now.
    pub fn after(self, old: &Document, edit: &TextEdit, new: &Document) -> Selection {
        if self.exists(new) || self == Selection::Nothing {
            return self;
        }
        let range = edit.map_range(self.range(old));
        match self {
            Selection::State(_) => new.state_at(range.start).map_or(Selection::Nothing, Selection::State),
            _ => Selection::at(new, range),
        }
    }

    /// Nothing in place of what is no longer there.
    pub fn if_there(self, document: &Document) -> Selection {
        if self.exists(document) { self } else { Selection::Nothing }
    }

    fn exists(&self, document: &Document) -> bool {
        match self {
            Selection::State(path) => document.state(path).is_some(),
            Selection::Edge(key) => Scene::new(document).edge(key).is_ok(),
            Selection::Nothing => true,
        }
    }

    /// For all panes.
    pub fn view(&self, document: &Document) -> SelectionView {
        let state = self.state().and_then(|it| document.state(it));
        let range = state.map(|it| it.range);
        let line = |offset: usize| document.line_index.line_column(offset).line + 1;
        SelectionView {
            state: state.map(|it| it.path.clone()),
            shown: state.map(|it| it.path.clone()),
            edge: match self {
                Selection::Edge(key) => Some(key.clone()),
                _ => None,
            },
            lines: range.map(|it| (line(it.start), line(it.end))),
            range,
        }
    }
}
