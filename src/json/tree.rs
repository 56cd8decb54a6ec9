//! The lossless tree over a JSON text: every byte is in a token, every value has a range, and
//! broken text has a tree too. It is a plain value, cheap to clone, and says nothing about what
//! the document means.
//!
//! Nodes live in one list in document order, so nothing here recurses, whatever the nesting.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crate::json::lexer::{Token, lex};
use crate::json::pointer::{escape, unescape};
use crate::json::string::decode;
use crate::text::TextRange;

/// A value of one tree. Ids count in document order and mean nothing in another tree.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NodeKind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A number in JSON's spelling.
    Number,
    /// `true`
    True,
    /// `false`
    False,
    /// `null`
    Null,
    /// A bare `${Name}`, which is replaced before the text is used.
    Placeholder,
    /// Where a value should be and is not. The range is empty, or covers what stands there.
    Missing,
}

/// A name and its value in an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The name with its quotes.
    pub key_range: TextRange,
    /// The name, decoded.
    pub name: Arc<str>,
    /// The value.
    pub value: NodeId,
    /// From the start of the name to the end of the value.
    pub range: TextRange,
    /// Whether a syntax error lies in the name, the value or between them.
    pub broken: bool,
}

/// One thing wrong with the text as JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Where it shows.
    pub range: TextRange,
    /// A sentence for the user.
    pub message: String,
    /// What would stand there in a valid text, in words, where that is known.
    pub expected: Option<String>,
}

/// The tree of one text.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(crate) data: Arc<TreeData>,
}

/// What the parser fills in.
#[derive(Clone, Debug, Default)]
pub(crate) struct TreeData {
    pub(crate) text: Arc<str>,
    /// Filled in by the parser; after typing inside of a value only when somebody asks.
    pub(crate) tokens: OnceLock<Vec<Token>>,
    /// In document order; a node comes before what is in it.
    pub(crate) nodes: Vec<Node>,
    /// The members of every object, one object after the other.
    pub(crate) members: Vec<Member>,
    /// The elements of every array, one array after the other.
    pub(crate) elements: Vec<NodeId>,
    pub(crate) root: u32,
    /// Sorted by place.
    pub(crate) errors: Vec<SyntaxError>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    /// Whether a syntax error lies inside.
    pub(crate) broken: bool,
    /// `NO_PARENT` at the root.
    pub(crate) parent: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Where its members or elements start in the list of its kind, and how many there are.
    pub(crate) first_child: u32,
    pub(crate) n_children: u32,
}

pub(crate) const NO_PARENT: u32 = u32::MAX;

impl Tree {
    pub(crate) fn new(data: TreeData) -> Tree {
        Tree { data: Arc::new(data) }
    }

    /// The text, exactly as it was given.
    pub fn text(&self) -> &str {
        &self.data.text
    }

    /// The text again, put together from the tokens: always equal to `text`.
    pub fn print(&self) -> String {
        let range = |it: &Token| TextRange::new(it.start as usize, it.end as usize);
        self.tokens().iter().map(|it| range(it).slice(self.text())).collect()
    }

    /// The tokens, which cover the text without gaps; `End` is last.
    pub fn tokens(&self) -> &[Token] {
        self.data.tokens.get_or_init(|| lex(self.text()))
    }

    /// The value of the whole document; `Missing` in an empty text.
    pub fn root(&self) -> NodeId {
        NodeId(self.data.root)
    }

    /// Everything wrong with the text as JSON, by place.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.data.errors
    }

    /// Whether the text is valid JSON.
    pub fn is_valid(&self) -> bool {
        self.data.errors.is_empty()
    }

    /// How many values there are.
    pub fn n_nodes(&self) -> usize {
        self.data.nodes.len()
    }

    /// What a value is.
    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.node(id).map_or(NodeKind::Missing, |node| node.kind)
    }

    /// Where a value stands.
    pub fn range(&self, id: NodeId) -> TextRange {
        self.node(id).map_or(TextRange::default(), range_of)
    }

    /// The text of a value as written.
    pub fn source(&self, id: NodeId) -> &str {
        self.range(id).slice(self.text())
    }

    /// The object or array a value is in; `None` at the root.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).map(|node| node.parent).filter(|it| *it != NO_PARENT).map(NodeId)
    }

    /// The members of an object in document order, duplicates included; none of other values.
    pub fn members(&self, id: NodeId) -> &[Member] {
        match self.node(id) {
            Some(node) if node.kind == NodeKind::Object => {
                slice_of(&self.data.members, node).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// The elements of an array in order; none of other values.
    pub fn elements(&self, id: NodeId) -> &[NodeId] {
        match self.node(id) {
            Some(node) if node.kind == NodeKind::Array => {
                slice_of(&self.data.elements, node).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// The values directly inside an object or array, in order.
    pub fn children(&self, id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        let members = self.members(id).iter().map(|member| member.value);
        members.chain(self.elements(id).iter().copied())
    }

    /// The member of an object by name. Of duplicates the last counts, as everywhere in
    /// JavaScript and at AWS. Looks through the members from the end, so whoever needs all of
    /// them should go through `members` once.
    pub fn member(&self, id: NodeId, name: &str) -> Option<&Member> {
        self.members(id).iter().rev().find(|member| &*member.name == name)
    }

    /// The value of the member of that name; of duplicates the last.
    pub fn get(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.member(id, name).map(|member| member.value)
    }

    /// The member whose value this is; `None` for elements and the root.
    pub fn member_of(&self, id: NodeId) -> Option<&Member> {
        let members = self.members(self.parent(id)?);
        let idx = members.binary_search_by_key(&id, |member| member.value).ok()?;
        members.get(idx)
    }

    /// The place of an element in its array; `None` for member values and the root.
    pub fn index_of(&self, id: NodeId) -> Option<usize> {
        self.elements(self.parent(id)?).binary_search(&id).ok()
    }

    /// What a string says, decoded; `None` for other values.
    pub fn string(&self, id: NodeId) -> Option<Cow<'_, str>> {
        (self.kind(id) == NodeKind::String).then(|| decode(self.source(id)))
    }

    /// A number as it is spelled; `None` for other values.
    pub fn number(&self, id: NodeId) -> Option<&str> {
        (self.kind(id) == NodeKind::Number).then(|| self.source(id))
    }

    /// The value of `true` and `false`; `None` for other values.
    pub fn as_bool(&self, id: NodeId) -> Option<bool> {
        match self.kind(id) {
            NodeKind::True => Some(true),
            NodeKind::False => Some(false),
            _ => None,
        }
    }

    /// Whether a syntax error lies inside the value.
    pub fn is_broken(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.broken)
    }

    /// Whether any object has a member of this name.
    pub fn has_name(&self, name: &str) -> bool {
        self.data.members.iter().any(|it| &*it.name == name)
    }

    /// The value and everything it is in, outermost last.
    pub fn path_to_root(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(id), |it| self.parent(*it))
    }

    /// The JSON Pointer of a value (RFC 6901); the root's is empty.
    pub fn pointer(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        for node in self.path_to_root(id) {
            if let Some(member) = self.member_of(node) {
                steps.push(escape(&member.name));
            } else if let Some(idx) = self.index_of(node) {
                steps.push(idx.to_string());
            }
        }
        steps.iter().rev().flat_map(|step| ["/", step]).collect()
    }

    /// The value a JSON Pointer leads to; of duplicate members the last.
    pub fn find(&self, pointer: &str) -> Option<NodeId> {
        if pointer.is_empty() {
            return Some(self.root());
        }
        let mut steps = pointer.split('/');
        if steps.next() != Some("") {
            return None;
        }
        steps.try_fold(self.root(), |node, step| match self.kind(node) {
            NodeKind::Array => {
                let plain = step == "0" || !step.starts_with('0');
                let idx: usize = step.parse().ok().filter(|_| plain && !step.starts_with('+'))?;
                self.elements(node).get(idx).copied()
            }
            _ if step.contains('~') => self.get(node, &unescape(step)),
            _ => self.get(node, step),
        })
    }

    /// The member or element of `id` at an offset, its ends included: the value, and the member
    /// when it is one.
    pub fn child_containing(&self, id: NodeId, offset: usize) -> Option<(NodeId, Option<&Member>)> {
        let members = self.members(id);
        let after = members.partition_point(|member| member.range.start <= offset);
        if let Some(member) = after.checked_sub(1).and_then(|idx| members.get(idx)) {
            return member.range.contains_inclusive(offset).then_some((member.value, Some(member)));
        }
        let elements = self.elements(id);
        let after = elements.partition_point(|it| self.range(*it).start <= offset);
        let element = *after.checked_sub(1).and_then(|idx| elements.get(idx))?;
        self.range(element).contains_inclusive(offset).then_some((element, None))
    }

    /// The deepest value at an offset, its ends included. On the name of a member it is the
    /// object; outside of the document's value it is the root.
    pub fn node_at(&self, offset: usize) -> NodeId {
        let mut node = self.root();
        while let Some((child, _)) = self.child_containing(node, offset)
            && self.range(child).contains_inclusive(offset)
        {
            node = child;
        }
        node
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.data.nodes.get(id.0 as usize)
    }
}

/// Two trees are equal when their texts are, because the text decides everything else.
impl PartialEq for Tree {
    fn eq(&self, other: &Tree) -> bool {
        Arc::ptr_eq(&self.data, &other.data) || self.data.text == other.data.text
    }
}

impl Eq for Tree {}

fn range_of(node: &Node) -> TextRange {
    TextRange::new(node.start as usize, node.end as usize)
}

fn slice_of<'t, T>(all: &'t [T], node: &Node) -> Option<&'t [T]> {
    let start = node.first_child as usize;
    all.get(start..start + node.n_children as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    const TEXT: &str = r#"{"a": [1, {"b/~": "x\n"}], "c": true, "a": null}"#;

    #[test]
    fn the_last_of_duplicates_counts_and_all_are_kept() {
        let tree = parse(TEXT);
        let names: Vec<&str> = tree.members(tree.root()).iter().map(|it| &*it.name).collect();
        assert_eq!(names, ["a", "c", "a"]);
        assert_eq!(tree.get(tree.root(), "a").map(|it| tree.kind(it)), Some(NodeKind::Null));
        assert_eq!(tree.get(tree.root(), "z"), None);
    }

    #[test]
    fn pointers_lead_there_and_back() {
        let tree = parse(r#"{"": 0, "a": [1, {"b/~": "x\n"}], "c": true}"#);
        for pointer in ["", "/", "/a", "/a/0", "/a/1", "/a/1/b~1~0", "/c"] {
            let node = tree.find(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"));
            assert_eq!(tree.pointer(node), pointer);
        }
        for pointer in ["a", "/a/2", "/a/01", "/a/+1", "/z", "/c/0"] {
            assert_eq!(tree.find(pointer), None, "{pointer}");
        }
        let string = tree.find("/a/1/b~1~0").and_then(|it| tree.string(it));
        assert_eq!(string.as_deref(), Some("x\n"));
    }

    #[test]
    fn the_deepest_value_touching_an_offset_is_found() {
        let tree = parse(TEXT);
        let check = |needle: &str, add: usize, pointer: &str| {
            let node = tree.node_at(TEXT.find(needle).unwrap() + add);
            assert_eq!(tree.pointer(node), pointer, "{needle} + {add}");
        };
        check("{", 0, "");
        check("\"a\"", 1, "");
        check("1,", 0, "/a/0");
        check("1,", 1, "/a/0");
        check("\"x", 2, "/a/1/b~1~0");
        check("true", 4, "/c");
        assert_eq!(tree.node_at(9_999), tree.root());
    }
}
