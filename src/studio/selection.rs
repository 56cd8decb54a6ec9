//! What is selected: one for all panes. It is kept by address and follows every edit: commands
//! say which addresses change, and under typing the place in the text decides.

use crate::asl::{Document, EdgeKey, StatePath};
use crate::json::keep;
use crate::studio::edit::{Scene, mapped};
use crate::studio::view::SelectionView;
use crate::text::{TextEdit, TextRange};

/// States or a connection, or nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Selection {
    #[default]
    Nothing,
    State(StatePath),
    Edge(EdgeKey),
    /// Two or more states, each once; the last is the primary one, which the panes show.
    Many(Vec<StatePath>),
}
keep! { enum Selection { Nothing, State(path), Edge(key), Many(paths) } else Nothing }

impl Selection {
    /// These states, each once, the last one as the primary one.
    pub fn of_states(states: Vec<StatePath>) -> Selection {
        let mut once: Vec<StatePath> = Vec::with_capacity(states.len());
        for path in states.into_iter().rev() {
            if !once.contains(&path) {
                once.push(path);
            }
        }
        once.reverse();
        match once.pop() {
            None => Selection::Nothing,
            Some(path) if once.is_empty() => Selection::State(path),
            Some(path) => {
                once.push(path);
                Selection::Many(once)
            }
        }
    }

    /// The state selected, of several the primary one; of a connection none.
    pub fn state(&self) -> Option<&StatePath> {
        match self {
            Selection::State(path) => Some(path),
            Selection::Many(paths) => paths.last(),
            _ => None,
        }
    }

    /// The address of what is selected, of several the primary one.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Selection::Edge(key) => Some(key.as_str()),
            _ => self.state().map(StatePath::as_str),
        }
    }

    /// All states selected, the primary one last.
    pub fn states(&self) -> &[StatePath] {
        match self {
            Selection::State(path) => std::slice::from_ref(path),
            Selection::Many(paths) => paths,
            _ => &[],
        }
    }

    /// The state that panes are about: of a connection the one that it leaves.
    pub fn subject(&self) -> Option<StatePath> {
        match self {
            Selection::Edge(key) => key.source(),
            _ => self.state().cloned(),
        }
    }

    /// Where the selection is in the text: the name of a state, the target of a connection.
    pub fn range(&self, document: &Document) -> TextRange {
        match self {
            Selection::Edge(key) => document.tree.find(key.as_str()).map(|it| document.tree.range(it)),
            _ => self.state().and_then(|it| document.state(it)).map(|it| it.key_range),
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
            Selection::State(path) => Selection::State(moved_path(path, moved)),
            Selection::Many(paths) => {
                Selection::of_states(paths.into_iter().map(|it| moved_path(it, moved)).collect())
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
        let rest = self.clone().if_there(new);
        match self {
            // Of several, those that are still there.
            Selection::Many(_) if rest != Selection::Nothing => rest,
            Selection::State(_) | Selection::Many(_) => {
                new.state_at(range.start).map_or(Selection::Nothing, Selection::State)
            }
            _ => Selection::at(new, range),
        }
    }

    /// Nothing in place of what is no longer there.
    pub fn if_there(self, document: &Document) -> Selection {
        match self {
            Selection::Many(mut paths) => {
                paths.retain(|it| document.state(it).is_some());
                Selection::of_states(paths)
            }
            _ if self.exists(document) => self,
            _ => Selection::Nothing,
        }
    }

    fn exists(&self, document: &Document) -> bool {
        match self {
            Selection::State(path) => document.state(path).is_some(),
            Selection::Edge(key) => Scene::new(document).edge(key).is_ok(),
            Selection::Many(paths) => paths.iter().all(|it| document.state(it).is_some()),
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
            others: self.states().split_last().map(|(_, others)| others.to_vec()).unwrap_or_default(),
            edge: match self {
                Selection::Edge(key) => Some(key.clone()),
                _ => None,
            },
            lines: range.map(|it| (line(it.start), line(it.end))),
            range,
        }
    }
}

fn moved_path(path: StatePath, moved: &[(StatePath, StatePath)]) -> StatePath {
    mapped(path.as_str(), moved).map_or(path, StatePath::new)
}
