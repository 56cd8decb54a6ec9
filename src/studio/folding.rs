//! Which frames are collapsed and where the flow goes: how the picture is drawn, never what it
//! says, so nothing of it is in the text. A collapsed frame stays collapsed while a caret, a run
//! or an undo is at work inside and shows their mark; it opens when somebody asks for a state in
//! it by name: from the canvas, the palette, the problems or by making one there.

use std::collections::BTreeSet;

use crate::asl::{Document, StateKind, StatePath};
use crate::flow::{Orientation, inside};
use crate::studio::command::Refusal;
use crate::studio::edit::{mapped, refuse};
use crate::studio::effect::{Effect, Reply};
use crate::studio::facade::{Studio, announce};
use crate::studio::selection::Selection;
use crate::studio::view::MarksView;
use crate::studio::words::count;
use crate::text::{InOrder, TextEdit};

/// How the picture is drawn.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Folding {
    /// Addresses that lead nowhere are kept: an undo may bring the state back.
    pub collapsed: BTreeSet<StatePath>,
    pub orientation: Orientation,
}

impl Folding {
    /// The outermost collapsed frame around an address, if there is one.
    pub fn cover(&self, pointer: &str) -> Option<&StatePath> {
        let around = self.collapsed.iter().filter(|it| is_inside(pointer, it));
        around.min_by_key(|it| it.as_str().len())
    }

    /// Opens every frame around an address; says whether there was one.
    fn uncover(&mut self, pointer: &str) -> bool {
        let before = self.collapsed.len();
        self.collapsed.retain(|it| !is_inside(pointer, it));
        self.collapsed.len() < before
    }

    /// States have moved or got other names.
    pub fn moved(&mut self, moved: &[(StatePath, StatePath)]) {
        let collapsed = std::mem::take(&mut self.collapsed);
        self.collapsed =
            collapsed.into_iter().map(|it| mapped(it.as_str(), moved).map_or(it, StatePath::new)).collect();
    }

    /// What an edit has made is open, even where something collapsed stood at its address once.
    pub fn made(&mut self, old: &Document, new: &Document, moved: &[(StatePath, StatePath)]) {
        self.collapsed.retain(|it| {
            let is_moved = moved.iter().any(|(_, to)| it == to || is_inside(it.as_str(), to));
            is_moved || old.state(it).is_some() || new.state(it).is_none()
        });
    }

    /// Typing, undo and redo say no addresses: a frame that is gone is looked for where its name
    /// stood, and under its name among what is new.
    pub fn follow(&mut self, old: &Document, edit: &TextEdit, new: &Document) {
        let lost: Vec<&StatePath> =
            self.collapsed.iter().filter(|it| old.state(it).is_some() && new.state(it).is_none()).collect();
        let found = lost.into_iter().filter_map(|it| {
            let is_new = |it: &StatePath| old.state(it).is_none() && new.state(it).is_some();
            let at = edit.map_range(old.state(it)?.key_range).start;
            let renamed = new.state_at(at).filter(|it| is_new(it));
            let name = it.name();
            let mut named = new.machine.states.iter().filter(|it| it.name == name && is_new(&it.path));
            let moved = named.next().filter(|_| named.next().is_none()).map(|it| it.path.clone());
            Some((it.clone(), moved.or(renamed)?))
        });
        let moved: Vec<(StatePath, StatePath)> = found.collect();
        self.moved(&moved);
    }

    /// Puts the mark of the step at the cursor on the frame that hides its state.
    pub fn marks(&self, mut marks: MarksView) -> MarksView {
        let current = marks.nodes.iter().find(|(_, mark)| mark.current);
        if let Some(cover) = current.and_then(|(key, _)| self.cover(key)).map(StatePath::to_string)
            && let Some((_, mark)) = marks.nodes.iter_mut().find(|(key, _)| *key == cover)
        {
            mark.current = true;
        }
        marks
    }
}

/// Whether an address leads into a Parallel or Map. Its own fields and connections are outside.
fn is_inside(pointer: &str, frame: &StatePath) -> bool {
    let rest = pointer.strip_prefix(frame.as_str()).unwrap_or_default();
    ["/Branches/", "/ItemProcessor/", "/Iterator/", "/ItemProcessor#", "/Iterator#"]
        .iter()
        .any(|it| rest.starts_with(it))
}

impl Studio {
    /// What a state would show when collapsed, or why it cannot be.
    pub(crate) fn can_collapse(&self, state: &StatePath) -> Result<String, Refusal> {
        let Some(it) = self.document.state(state) else {
            return refuse(format!("There is no state “{}” any more", state.name()));
        };
        match inside(&self.document.machine, &it.kind) {
            Some(inside) => Ok(inside.words()),
            None if matches!(it.kind, StateKind::Parallel { .. } | StateKind::Map { .. }) => {
                refuse(format!("“{}” is empty: there is nothing to collapse", it.name))
            }
            None => refuse(format!(
                "“{}” holds no other states: only a Map or Parallel can be collapsed",
                it.name
            )),
        }
    }

    pub(crate) fn toggle_collapse(&mut self, state: &StatePath) -> Result<Reply, Refusal> {
        let inside = self.can_collapse(state)?;
        let name = state.name();
        if self.folding.collapsed.remove(state) {
            return Ok(self.drawn_anew(format!("Expanded “{name}”")));
        }
        self.folding.collapsed.insert(state.clone());
        self.select_covers();
        Ok(self.drawn_anew(format!("Collapsed “{name}”, {inside}")))
    }

    /// All Maps and Parallels that hold something.
    fn frames(&self) -> impl Iterator<Item = &StatePath> {
        let machine = &self.document.machine;
        machine.states.iter().filter(|it| inside(machine, &it.kind).is_some()).map(|it| &it.path)
    }

    pub(crate) fn is_all_collapsed(&self) -> bool {
        self.frames().all(|it| self.folding.collapsed.contains(it))
    }

    pub(crate) fn n_collapsed(&self) -> usize {
        self.frames().filter(|it| self.folding.collapsed.contains(*it)).count()
    }

    pub(crate) fn collapse_all(&mut self) -> Reply {
        let frames = self.frames().cloned().into_set();
        let said = format!("Collapsed {}", count(frames.len(), "frame", "frames"));
        self.folding.collapsed = frames;
        self.select_covers();
        self.drawn_anew(said)
    }

    pub(crate) fn expand_all(&mut self) -> Reply {
        let said = format!("Expanded {}", count(self.n_collapsed(), "frame", "frames"));
        self.folding.collapsed.clear();
        self.drawn_anew(said)
    }

    pub(crate) fn set_orientation(&mut self, orientation: Orientation) -> Reply {
        self.folding.orientation = orientation;
        let way = match orientation {
            Orientation::Vertical => "from top to bottom",
            Orientation::Horizontal => "from left to right",
        };
        self.drawn_anew(format!("Drawn {way}"))
    }

    fn drawn_anew(&mut self, said: String) -> Reply {
        let mut reply = Reply::default();
        self.redraw(&mut reply);
        self.reveal_node(&mut reply);
        reply.effects.push(Effect::Autosave);
        reply.effects.push(announce(said));
        reply
    }

    /// What is selected inside a frame that has just been collapsed hands over to the frame.
    fn select_covers(&mut self) {
        if let Some(cover) = self.selection.pointer().and_then(|it| self.folding.cover(it)) {
            self.selection = Selection::State(cover.clone());
        }
    }

    /// Opens the frames around what is selected: somebody asked to see it.
    pub(crate) fn uncover_selection(&mut self, reply: &mut Reply) {
        if let Some(pointer) = self.selection.pointer()
            && self.folding.uncover(pointer)
        {
            self.redraw(reply);
        }
    }

    /// The state whose node stands for an address: itself, or the collapsed frame around it.
    pub(crate) fn shown(&self, state: &StatePath) -> StatePath {
        self.folding.cover(state.as_str()).unwrap_or(state).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::{Command, OpenedFrom};

    const TEXT: &str = r#"{"StartAt":"P","States":{
        "P":{"Type":"Parallel","Next":"Z","Branches":[
          {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"M"},
            "M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}}}}]},
        "Z":{"Type":"Succeed"}}}"#;
    const P: &str = "/States/P";
    const M: &str = "/States/P/Branches/0/States/M";
    const B: &str = "/States/P/Branches/0/States/M/ItemProcessor/States/B";

    fn studio() -> Studio {
        let mut studio = Studio::new();
        studio.dispatch(Command::Open { name: "a".into(), text: TEXT.into(), from: OpenedFrom::File });
        studio
    }

    fn toggle(studio: &mut Studio, path: &str) {
        studio.dispatch(Command::ToggleCollapse { state: StatePath::new(path) });
    }

    #[track_caller]
    fn check(studio: &Studio, expected: &str) {
        let view = studio.graph_view();
        let names: Vec<String> = view
            .nodes
            .iter()
            .filter(|it| it.state.is_some())
            .map(|it| if it.collapsed { format!("{} ({})", it.title, it.subtitle) } else { it.title.clone() })
            .collect();
        assert_eq!(names.join(" | "), expected);
    }

    #[test]
    fn collapsing_hides_what_is_inside_and_keeps_the_rest() {
        let mut studio = studio();
        check(&studio, "P | A | M | B | Z");
        let edges = studio.graph_view().edges.len();
        toggle(&mut studio, M);
        check(&studio, "P | A | M (1 state inside) | Z");
        toggle(&mut studio, P);
        check(&studio, "P (1 branch, 3 states inside) | Z");
        assert_eq!(studio.graph_view().edges.len(), 2);
        toggle(&mut studio, P);
        check(&studio, "P | A | M (1 state inside) | Z");
        studio.dispatch(Command::ExpandAll);
        assert_eq!(studio.graph_view().edges.len(), edges);
        studio.dispatch(Command::CollapseAll);
        check(&studio, "P (1 branch, 3 states inside) | Z");
        assert!(studio.can(&Command::CollapseAll).is_err());
        assert!(studio.can(&Command::ToggleCollapse { state: StatePath::new("/States/Z") }).is_err());
        assert_eq!(&*studio.document_view().text, TEXT);
    }

    #[test]
    fn asking_for_a_state_opens_and_a_caret_marks() {
        let mut studio = studio();
        studio.dispatch(Command::Select { state: Some(StatePath::new(B)) });
        toggle(&mut studio, P);
        assert_eq!(studio.selection_view().state, Some(StatePath::new(P)));
        let caret = crate::text::TextRange::empty(TEXT.find("\"B\":{").unwrap() + 1);
        let reply = studio.dispatch(Command::SelectText { range: caret });
        assert!(reply.effects.is_empty());
        assert_eq!(studio.selection_view().state, Some(StatePath::new(B)));
        assert_eq!(studio.selection_view().shown, Some(StatePath::new(P)));
        studio.dispatch(Command::Walk(crate::flow::Direction::Next));
        assert_eq!(studio.selection_view().state, Some(StatePath::new("/States/Z")));
        let reply = studio.dispatch(Command::Select { state: Some(StatePath::new(B)) });
        assert!(reply.changed.document);
        assert_eq!(studio.selection_view().shown, Some(StatePath::new(B)));
        check(&studio, "P | A | M | B | Z");
    }

    #[test]
    fn collapsed_frames_follow_names_undo_and_projects() {
        let mut studio = studio();
        toggle(&mut studio, M);
        let rename = |from: &str, to: &str| Command::Rename { state: StatePath::new(from), name: to.into() };
        studio.dispatch(rename(P, "Q"));
        check(&studio, "Q | A | M (1 state inside) | Z");
        studio.dispatch(rename("/States/Q/Branches/0/States/M", "Each"));
        check(&studio, "Q | A | Each (1 state inside) | Z");
        studio.dispatch(Command::Undo);
        check(&studio, "Q | A | M (1 state inside) | Z");
        studio.dispatch(Command::Undo);
        check(&studio, "P | A | M (1 state inside) | Z");
        studio.dispatch(Command::SetOrientation(Orientation::Horizontal));
        let back = Studio::restore(&studio.project()).unwrap_or_default();
        check(&back, "P | A | M (1 state inside) | Z");
        assert_eq!(back.graph_view().orientation, Orientation::Horizontal);
        studio.dispatch(Command::New);
        studio.dispatch(Command::BringBack);
        check(&studio, "P | A | M (1 state inside) | Z");
    }

    #[test]
    fn what_is_made_anew_is_open() {
        let mut studio = studio();
        toggle(&mut studio, P);
        studio.dispatch(Command::Delete { state: StatePath::new(P) });
        check(&studio, "Z");
        studio.dispatch(Command::Undo);
        check(&studio, "P (1 branch, 3 states inside) | Z");
        studio.dispatch(Command::Duplicate { state: StatePath::new(P) });
        let view = studio.graph_view();
        assert_eq!(view.nodes.iter().filter(|it| it.collapsed).count(), 1);
    }
}
