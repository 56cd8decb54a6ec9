//! The tree while it is being built: what is open, what is pending, what went wrong so far.
//! The parser decides; this only keeps the books, without recursion.

use std::sync::Arc;

use crate::json::tree::{Member, NO_PARENT, Node, NodeId, NodeKind, SyntaxError, TreeData};
use crate::text::TextRange;

/// A text that is no JSON at all is not described fault by fault.
const MAX_ERRORS: usize = 1_000;

pub(crate) struct Builder {
    /// The open objects and arrays, the outermost first.
    pub(crate) frames: Vec<Frame>,
    pub(crate) data: TreeData,
    /// Whether the document has its value.
    pub(crate) done: bool,
    /// Whether any error came up, told or not.
    pub(crate) failed: bool,
    /// Whether an error came up outside of everything that is open.
    broken_outside: bool,
    /// Members and elements of the frames, of the outermost first.
    pub(crate) pending_members: Vec<Member>,
    pub(crate) pending_elements: Vec<NodeId>,
    /// Names met before.
    names: Vec<Arc<str>>,
}

/// How many names are kept to be used again.
const N_NAMES: usize = 64;

/// An object or array that is still open.
pub(crate) struct Frame {
    pub(crate) kind: NodeKind,
    pub(crate) expect: Expect,
    /// The name whose value is due.
    pub(crate) key: Option<Key>,
    /// Its opening bracket is missing.
    pub(crate) implied: bool,
    /// An error was told and the parser has not found its feet since.
    pub(crate) silent: bool,
    /// The last item was read and dropped.
    pub(crate) after_orphan: bool,
    /// The indentation of the line it opens on.
    pub(crate) indent: u32,
    /// The column of its members or elements, from the first that starts a line.
    pub(crate) item_column: Option<u32>,
    node: u32,
    /// Where its members or elements start among the pending ones.
    first_pending: usize,
    /// It stands where no value can be, so it is read and then dropped.
    orphan: bool,
    broken: bool,
}

pub(crate) struct Key {
    pub(crate) range: TextRange,
    pub(crate) name: Arc<str>,
    pub(crate) broken: bool,
}

/// What a frame waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    /// A member or element, or the end: right after the opening bracket.
    ItemOrClose,
    /// A member or element: after a comma.
    Item,
    /// The value of a member.
    Value,
    /// What follows a member or element.
    CommaOrClose,
}

/// What stands where an object or array opens.
pub(crate) struct Opening {
    pub(crate) kind: NodeKind,
    pub(crate) range: TextRange,
    pub(crate) indent: u32,
    pub(crate) orphan: bool,
    pub(crate) implied: bool,
}

impl Builder {
    pub(crate) fn new() -> Builder {
        Builder {
            frames: Vec::new(),
            data: TreeData::default(),
            done: false,
            failed: false,
            broken_outside: false,
            pending_members: Vec::new(),
            pending_elements: Vec::new(),
            names: vec![Arc::default(); N_NAMES],
        }
    }

    /// A name, mostly one that is there already: a document says the same few over and over.
    pub(crate) fn name(&mut self, name: &str) -> Arc<str> {
        let (first, last) = (name.bytes().next().unwrap_or(0), name.bytes().next_back().unwrap_or(0));
        let place = (name.len() * 7 + usize::from(first) * 3 + usize::from(last)) % N_NAMES;
        let Some(known) = self.names.get_mut(place) else { return name.into() };
        if **known != *name {
            *known = name.into();
        }
        known.clone()
    }

    pub(crate) fn open(&mut self, opening: Opening) {
        let Opening { kind, range, indent, orphan, implied } = opening;
        let node = self.push_node(kind, range);
        let first_pending = match kind {
            NodeKind::Object => self.pending_members.len(),
            _ => self.pending_elements.len(),
        };
        self.frames.push(Frame {
            kind,
            expect: Expect::ItemOrClose,
            key: None,
            implied,
            silent: orphan,
            after_orphan: false,
            indent,
            item_column: None,
            node,
            first_pending,
            orphan,
            broken: implied,
        });
    }

    /// Completes the innermost frame, which ends at an offset.
    pub(crate) fn close(&mut self, end: usize) {
        let Some(frame) = self.frames.pop() else { return };
        let (first, after) = if frame.kind == NodeKind::Object {
            let first = self.data.members.len();
            self.data.members.extend(self.pending_members.drain(frame.first_pending..));
            (first, self.data.members.len())
        } else {
            let first = self.data.elements.len();
            self.data.elements.extend(self.pending_elements.drain(frame.first_pending..));
            (first, self.data.elements.len())
        };
        if let Some(node) = self.data.nodes.get_mut(frame.node as usize) {
            node.end = small(end).max(node.start);
            node.first_child = small(first);
            node.n_children = small(after - first);
            node.broken = frame.broken;
        }
        if frame.orphan {
            self.expect(Expect::CommaOrClose);
            self.mark_broken();
            if let Some(outer) = self.frames.last_mut() {
                outer.after_orphan = true;
            }
        } else {
            self.attach(frame.node, frame.broken);
        }
    }

    /// Adds a value that holds no others.
    pub(crate) fn leaf(&mut self, kind: NodeKind, range: TextRange, broken: bool) {
        let node = self.push_node(kind, range);
        self.attach(node, broken);
    }

    /// Adds what stands for a value that is not there.
    pub(crate) fn missing(&mut self, range: TextRange) {
        self.leaf(NodeKind::Missing, range, true);
    }

    /// Tells a fault and marks what it lies in, unless it follows from one that was told.
    pub(crate) fn error(&mut self, range: TextRange, message: String, expected: Option<&str>) {
        self.failed = true;
        self.mark_broken();
        let silent = self.frames.last().is_some_and(|it| it.silent);
        if !silent && self.data.errors.len() < MAX_ERRORS {
            let expected = expected.map(str::to_owned);
            self.data.errors.push(SyntaxError { range, message, expected });
        }
    }

    /// Marks the innermost frame and its current member.
    pub(crate) fn mark_broken(&mut self) {
        let Some(frame) = self.frames.last_mut() else {
            let root = self.data.nodes.get_mut(self.data.root as usize);
            match root.filter(|_| self.done) {
                Some(root) => root.broken = true,
                None => self.broken_outside = true,
            }
            return;
        };
        frame.broken = true;
        if let Some(key) = &mut frame.key {
            key.broken = true;
        } else if frame.expect == Expect::CommaOrClose && frame.kind == NodeKind::Object {
            let own = self.pending_members.get_mut(frame.first_pending..).unwrap_or_default();
            if let Some(member) = own.last_mut() {
                member.broken = true;
            }
        }
    }

    /// The last member of the innermost frame that is complete.
    pub(crate) fn last_member(&self) -> Option<&Member> {
        let frame = self.frames.last().filter(|it| it.kind == NodeKind::Object)?;
        self.pending_members.get(frame.first_pending..)?.last()
    }

    pub(crate) fn expect(&mut self, expect: Expect) {
        if let Some(frame) = self.frames.last_mut() {
            frame.expect = expect;
        }
    }

    pub(crate) fn set_silent(&mut self, silent: bool) {
        if let Some(frame) = self.frames.last_mut() {
            frame.silent = silent;
        }
    }

    /// Remembers the column of the first item that starts a line.
    pub(crate) fn note_column(&mut self, column: Option<u32>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.item_column = frame.item_column.or(column);
        }
    }

    /// Makes a value that is complete the next child of the innermost frame, or the root.
    fn attach(&mut self, node: u32, broken: bool) {
        let broken = broken || (self.frames.is_empty() && self.broken_outside);
        let end = self.data.nodes.get_mut(node as usize).map_or(0, |it| {
            it.broken = broken;
            it.end as usize
        });
        let Some(frame) = self.frames.last_mut() else {
            self.data.root = node;
            self.done = true;
            return;
        };
        frame.expect = Expect::CommaOrClose;
        frame.after_orphan = false;
        frame.broken |= broken;
        if frame.kind == NodeKind::Array {
            self.pending_elements.push(NodeId(node));
        } else if let Some(key) = frame.key.take() {
            self.pending_members.push(Member {
                key_range: key.range,
                name: key.name,
                value: NodeId(node),
                range: TextRange::new(key.range.start, end.max(key.range.end)),
                broken: broken || key.broken,
            });
        }
    }

    fn push_node(&mut self, kind: NodeKind, range: TextRange) -> u32 {
        let id = small(self.data.nodes.len());
        self.data.nodes.push(Node {
            kind,
            broken: false,
            parent: self.frames.last().map_or(NO_PARENT, |it| it.node),
            start: small(range.start),
            end: small(range.end),
            first_child: 0,
            n_children: 0,
        });
        id
    }
}

/// Documents are far below four gigabytes; one that is not would be cut off, not crash.
pub(super) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
