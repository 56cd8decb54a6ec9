//! An edit between the brackets of one object or array of valid JSON: only the items that it
//! touches are read again, and what stands around them is taken over. Gives up wherever it is not
//! plain that the whole text would read the same.

use std::ops::Range;
use std::sync::Arc;

use crate::json::builder::{Builder, Expect, Opening, small};
use crate::json::lexer::{TokenKind, lex};
use crate::json::parser::{MAX_DEPTH, Parser};
use crate::json::tree::{NO_PARENT, Node, NodeId, NodeKind, Tree, TreeData};
use crate::text::{Shift, TextEdit, TextRange};

/// What of a tree was read again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reread {
    /// The object or array whose items are touched, under the id that it has before and after.
    pub container: NodeId,
    /// The text that was read again, and what came in its place.
    pub shift: Shift,
    /// Whether items of an array moved to another place in it, so that their addresses are others.
    pub renumbered: bool,
}

impl Reread {
    /// What was read again, in the new text.
    pub fn now(&self) -> TextRange {
        let start = self.shift.old.start;
        TextRange::new(start, start + self.shift.n_new)
    }

    /// Where something is now that is in front of it, behind it or around it.
    pub fn range(&self, range: TextRange) -> TextRange {
        // Here what ends where the region begins is in front of it.
        let end = if range.end <= self.shift.old.start { range.end } else { self.shift.end(range.end) };
        TextRange::new(self.shift.start(range.start), end)
    }
}

/// Where a number in a list goes, of which a part is replaced: those in front of it stay.
#[derive(Clone, Copy)]
struct Move {
    from: usize,
    by_old: usize,
    by_new: usize,
}

impl Move {
    fn of(self, at: u32) -> u32 {
        let at = at as usize;
        small(if at < self.from { at } else { at - self.by_old + self.by_new })
    }
}

impl Tree {
    /// The tree of the text after an edit, if little of it has to be read.
    pub fn reread(&self, edit: &TextEdit, text: &Arc<str>) -> Option<(Tree, Reread)> {
        let old = &*self.data;
        let (first, last) = (edit.indels().first()?, edit.indels().last()?);
        let (start, end) = (first.delete.start, last.delete.end);
        let is_cut = |it: usize| !old.text.is_char_boundary(it);
        let any_cut = edit.indels().iter().any(|it| is_cut(it.delete.start) || is_cut(it.delete.end));
        if any_cut || !self.is_valid() {
            return None;
        }
        let container = self.path_to_root(self.node_at(start)).find(|it| {
            let range = self.range(*it);
            let is_open = matches!(self.kind(*it), NodeKind::Object | NodeKind::Array);
            is_open && range.start < start && end < range.end
        })?;
        let brackets = self.range(container);
        let items: Vec<TextRange> = match self.kind(container) {
            NodeKind::Object => self.members(container).iter().map(|it| it.range).collect(),
            _ => self.elements(container).iter().map(|it| self.range(*it)).collect(),
        };
        // The items that the edit does not even touch: so many in front, and from here on behind.
        let n_before = items.partition_point(|it| it.end < start);
        let behind = items.partition_point(|it| it.start <= end);
        let from =
            n_before.checked_sub(1).and_then(|it| items.get(it)).map_or(brackets.start + 1, |it| it.end);
        let to = items.get(behind).map_or(brackets.end - 1, |it| it.start);
        let n_new = (to - from + text.len()).checked_sub(old.text.len())?;
        let inside = text.get(from..from + n_new)?;
        // The mark is one at the start of a text only. Where most is new, reading all is as quick.
        if inside.starts_with('\u{feff}') || text.len() / 2 < n_new {
            return None;
        }
        let is_first = n_before == 0;
        let is_last = behind == items.len();
        let depth = self.path_to_root(container).count();
        let read = read_inside(inside, self.kind(container), is_first, is_last, depth)?;
        let n_items = read.pending_members.len() + read.pending_elements.len();
        let shift = Shift { old: TextRange::new(from, to), n_new };
        let gap = Gap { container, items: n_before..behind, shift };
        let data = joined(old, text.clone(), read, &gap);
        let renumbered = self.kind(container) == NodeKind::Array && !is_last && behind - n_before != n_items;
        let reread = Reread { container, shift, renumbered };
        Some((Tree::new(data), reread))
    }
}

/// Reads items of an object or array with the commas around them. The container itself is node 0.
fn read_inside(text: &str, kind: NodeKind, is_first: bool, is_last: bool, depth: usize) -> Option<Builder> {
    let tokens = lex(text);
    if MAX_DEPTH <= tokens.len() + depth {
        return None;
    }
    let mut parser = Parser::new(text, &tokens, None);
    let range = TextRange::default();
    parser.out.open(Opening { kind, range, indent: 0, orphan: false, implied: false });
    if !is_first {
        parser.out.expect(Expect::CommaOrClose);
    }
    parser.remarks();
    while !parser.out.failed && parser.tokens.kind() != TokenKind::End {
        parser.step();
        // The end of the container.
        if parser.out.frames.is_empty() {
            return None;
        }
    }
    let out = parser.out;
    if out.failed {
        return None;
    }
    let [container] = out.frames.as_slice() else { return None };
    let expect = container.expect;
    let is_whole = match expect {
        Expect::ItemOrClose => is_first,
        Expect::Item => !is_last,
        Expect::CommaOrClose => is_last,
        Expect::Value => false,
    };
    is_whole.then_some(out)
}

/// What of the old tree goes.
struct Gap {
    container: NodeId,
    items: Range<usize>,
    /// From the end of the last item in front to the start of the first one behind.
    shift: Shift,
}

fn joined(old: &TreeData, text: Arc<str>, read: Builder, gap: &Gap) -> TreeData {
    let new = read.data;
    let container = gap.container.0 as usize;
    let Some(holder) = old.nodes.get(container).copied() else { return TreeData::default() };
    let TextRange { start: from, end: to } = gap.shift.old;
    // Nodes stand in text order.
    let first = old.nodes.partition_point(|it| (it.start as usize) < from);
    let behind = old.nodes.partition_point(|it| (it.start as usize) < to);
    let n_nodes = new.nodes.len() - 1;
    let ids = Move { from: behind, by_old: behind - first, by_new: n_nodes };
    // Nothing that stays begins or ends inside of the gap, so both ends move alike.
    let place = |at: usize| gap.shift.start(at);
    let members = inner_lists(old, NodeKind::Object, first..behind, from, new.members.len());
    let elements = inner_lists(old, NodeKind::Array, first..behind, from, new.elements.len());
    let (members_from, elements_from) = (members.from - members.by_old, elements.from - elements.by_old);
    let n_items = read.pending_members.len() + read.pending_elements.len();

    // The numbers of the piece that was read are those of the joined tree.
    let id_of_new = |id: u32| if id == 0 { gap.container.0 } else { small(first + id as usize - 1) };
    let nodes = [
        old.nodes.get(..first).unwrap_or_default(),
        new.nodes.get(1..).unwrap_or_default(),
        old.nodes.get(behind..).unwrap_or_default(),
    ];
    let mut nodes: Vec<Node> = nodes.concat();
    for (idx, node) in nodes.iter_mut().enumerate() {
        let is_object = node.kind == NodeKind::Object;
        let is_list = is_object || node.kind == NodeKind::Array;
        if (first..first + n_nodes).contains(&idx) {
            node.start += small(from);
            node.end += small(from);
            node.parent = id_of_new(node.parent);
            if is_list {
                node.first_child += small(if is_object { members_from } else { elements_from });
            }
            continue;
        }
        if is_list && from < node.end as usize {
            let lists = if is_object { members } else { elements };
            let mut start = node.first_child as usize - lists.by_old + lists.by_new;
            if holder.end < node.end && node.kind == holder.kind {
                start = start - gap.items.len() + n_items;
            }
            node.first_child = small(start);
        }
        if idx == container {
            node.n_children = small(node.n_children as usize - gap.items.len() + n_items);
        }
        node.start = small(place(node.start as usize));
        node.end = small(place(node.end as usize));
        node.parent = if node.parent == NO_PARENT { NO_PARENT } else { ids.of(node.parent) };
    }

    // Of the list of its kind the container has a part that is cut; of the other one it has none.
    let own = holder.first_child as usize;
    let cut = own + gap.items.start..own + gap.items.end;
    let (own_members, own_elements) = match holder.kind {
        NodeKind::Object => (cut, old.elements.len()..old.elements.len()),
        _ => (old.members.len()..old.members.len(), cut),
    };
    let (mut joined_members, is_new) =
        joined_lists(&old.members, &new.members, &read.pending_members, members, own_members);
    for (idx, member) in joined_members.iter_mut().enumerate() {
        let is_new = is_new.iter().any(|it| it.contains(&idx));
        let moved = |it: TextRange| match is_new {
            true => TextRange::new(it.start + from, it.end + from),
            false => TextRange::new(place(it.start), place(it.end)),
        };
        member.key_range = moved(member.key_range);
        member.range = moved(member.range);
        member.value = NodeId(if is_new { id_of_new(member.value.0) } else { ids.of(member.value.0) });
    }
    let (mut joined_elements, is_new) =
        joined_lists(&old.elements, &new.elements, &read.pending_elements, elements, own_elements);
    for (idx, it) in joined_elements.iter_mut().enumerate() {
        let is_new = is_new.iter().any(|it| it.contains(&idx));
        *it = NodeId(if is_new { id_of_new(it.0) } else { ids.of(it.0) });
    }
    let (members, elements) = (joined_members, joined_elements);
    TreeData { text, nodes, members, elements, root: old.root, ..TreeData::default() }
}

/// What moves in the list of all members or elements. Those of one object or array stand together,
/// in the order in which these end: first of what ends in front of the gap, then of what is inside
/// of it, then of what ends behind it, with the container among these.
fn inner_lists(old: &TreeData, kind: NodeKind, gone: Range<usize>, gap_from: usize, by_new: usize) -> Move {
    let (mut before, mut by_old) = (0, 0);
    for (idx, node) in old.nodes.iter().enumerate().take(gone.end).filter(|it| it.1.kind == kind) {
        if gone.start <= idx {
            by_old += node.n_children as usize;
        } else if node.end as usize <= gap_from {
            before = before.max((node.first_child + node.n_children) as usize);
        }
    }
    Move { from: before + by_old, by_old, by_new }
}

/// A list with two parts of it replaced, and where the new parts are.
fn joined_lists<T: Clone>(
    old: &[T],
    inner: &[T],
    own: &[T],
    lists: Move,
    own_old: Range<usize>,
) -> (Vec<T>, [Range<usize>; 2]) {
    let from = lists.from - lists.by_old;
    let between = old.get(lists.from..own_old.start).unwrap_or_default();
    let parts = [
        old.get(..from).unwrap_or_default(),
        inner,
        between,
        own,
        old.get(own_old.end..).unwrap_or_default(),
    ];
    let own_start = from + inner.len() + between.len();
    (parts.concat(), [from..from + inner.len(), own_start..own_start + own.len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[track_caller]
    fn check(text: &str, edits: impl IntoIterator<Item = TextEdit>) -> usize {
        let tree = parse(text);
        let mut n_reread = 0;
        for edit in edits {
            let new: Arc<str> = edit.apply(text).into();
            let Some((joined, _)) = tree.reread(&edit, &new) else { continue };
            let anew = parse(new.clone());
            assert_eq!(joined.tokens(), anew.tokens(), "{edit:?}");
            assert_eq!(format!("{:?}", joined.data), format!("{:?}", anew.data), "{edit:?} makes {new}");
            n_reread += 1;
        }
        n_reread
    }

    const TEXT: &str = "{\"a\": [12, {\"b\\n\": []}, -1.5e3, [[], {}]], \"é\": {\"ö\": \"über x\", \"p\": {\"q\": [1]}},\n \
                        \"n\": 7, \"t\": {}, \"\": [{\"a\": 1, \"b\": {\"c\": null}}, {\"a\": 2}], \"z\": {\"a\": [[1, 2], 3]}}";

    #[test]
    fn the_tree_is_as_if_read_anew() {
        let places = (0..=TEXT.len()).flat_map(|start| [0, 1, 2, 3, 9].map(|len| (start, start + len)));
        let typed = [
            "",
            "x",
            "3",
            "\"",
            "\\",
            "é",
            "\n",
            " ",
            "-",
            "}",
            "]",
            ",",
            ":",
            "//",
            "/*",
            "${N}",
            "<<<<<<< a\n",
        ];
        let wholes = [
            "\"k\": {\"l\": [true]}, ",
            ", \"m\": [{}, {\"o\": 1}]",
            "[1, {\"w\": 2}], ",
            ", {}",
            "{",
            "\u{feff}",
        ];
        let edits = places.flat_map(|(start, end)| {
            let texts = typed.iter().chain(&wholes);
            texts.map(move |it| TextEdit::replace(TextRange::new(start, end), *it))
        });
        let n_reread = check(TEXT, edits);
        assert!(1_000 < n_reread, "{n_reread}");
    }

    #[test]
    fn several_places_are_one_region() {
        let mut edit = TextEdit::builder();
        edit.replace(TextRange::new(TEXT.find("12").unwrap(), TEXT.find("12").unwrap() + 2), "[{\"x\": 1}]");
        edit.insert(TEXT.find(", -1.5e3").unwrap(), ", {\"y\": [2]}");
        assert_eq!(check(TEXT, [edit.finish()]), 1);
    }
}
