//! Several changes of the tree as one edit. Changes of one object are collected, because
//! neighbors share commas; changes of different places are joined.

use std::collections::BTreeMap;

use crate::json::{NodeId, ObjectEdit, Tree};
use crate::studio::command::Refusal;
use crate::text::{TextEdit, TextRange};

pub(crate) struct Draft<'d> {
    tree: &'d Tree,
    objects: BTreeMap<NodeId, Option<ObjectEdit<'d>>>,
    others: Vec<TextEdit>,
}

impl<'d> Draft<'d> {
    pub(crate) fn new(tree: &'d Tree) -> Draft<'d> {
        Draft { tree, objects: BTreeMap::new(), others: Vec::new() }
    }

    /// Changes an object together with all its other changes.
    pub(crate) fn object(
        &mut self,
        object: NodeId,
        change: impl FnOnce(ObjectEdit<'d>) -> ObjectEdit<'d>,
    ) -> &mut Draft<'d> {
        let edit = self.objects.entry(object).or_default();
        let before = edit.take().unwrap_or_else(|| ObjectEdit::new(self.tree, object));
        *edit = Some(change(before));
        self
    }

    /// Replaces a stretch of text, for instance a string with its quotes.
    pub(crate) fn replace(&mut self, range: TextRange, text: String) -> &mut Draft<'d> {
        if range.slice(self.tree.text()) != text {
            self.others.push(TextEdit::replace(range, text));
        }
        self
    }

    /// Adds an edit of a place that nothing else in the draft touches.
    pub(crate) fn add(&mut self, edit: TextEdit) -> &mut Draft<'d> {
        self.others.push(edit);
        self
    }

    pub(crate) fn finish(self) -> Result<TextEdit, Refusal> {
        let objects = self.objects.into_values().flatten().map(ObjectEdit::finish);
        let mut whole = TextEdit::builder();
        for edit in objects.chain(self.others) {
            whole.extend(edit);
        }
        let overlap = |_| Refusal("These changes touch each other; make them one by one".to_owned());
        whole.try_finish().map_err(overlap)
    }
}
