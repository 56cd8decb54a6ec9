//! Which expression stands at a place: the field it belongs to, the language it is read in, and
//! where its bytes are in the text. Works on half-typed text, too.

use crate::asl::fields::{FieldRow, FieldType, Operand, Operator, Owner, field, operator};
use crate::asl::{Document, QueryLanguage, StatePath};
use crate::json::{NodeId, Tree, parse, source_offset};
use crate::studio::expressions::FieldDraft;
use crate::text::TextRange;

/// What kind of text a string is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// `{% … %}`.
    Query,
    /// A JSONPath.
    Path,
    /// A path to the place where a result is put.
    ReferencePath,
    /// A JSONPath or an intrinsic function call.
    PathOrCall,
}

/// The field in which an expression stands.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Site {
    pub kind: Kind,
    pub owner: Owner,
    /// The field of the owner, not the member deep inside of it.
    pub field: String,
    pub state: StatePath,
    /// JSON Pointer of the field.
    pub pointer: String,
}

/// An expression, and an offset in it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Spot {
    pub site: Site,
    /// The expression without its marks.
    pub text: String,
    /// Where the offset is in it.
    pub at: usize,
    /// The closing mark is there.
    is_closed: bool,
    source: Source,
}

/// How a text is spelled.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Source {
    /// With its quotes, if it has some.
    spelled: String,
    start: usize,
    is_quoted: bool,
    /// Bytes before the expression in what is meant: two for `{%`.
    skipped: usize,
}

/// Texts with escapes that are longer than this are not colored: finding the place of every word
/// would take too long.
const MAX_ESCAPED: usize = 16 << 10;

impl Spot {
    /// The expression at an offset of the document.
    pub(super) fn in_document(document: &Document, offset: usize) -> Option<Spot> {
        let node = document.tree.node_at(offset);
        let site = site(document, node)?;
        Spot::new(&document.tree, node, site, offset)
    }

    /// The expression at an offset of what is typed into a field.
    pub(super) fn in_draft(document: &Document, draft: &FieldDraft, offset: usize) -> Option<Spot> {
        let place = Place::of_draft(document, draft)?;
        if !draft.is_json {
            let site = place.site(&draft.name, &draft.text)?;
            let source = Source { spelled: draft.text.clone(), start: 0, is_quoted: false, skipped: 0 };
            return Some(source.spot(site, draft.text.clone(), offset));
        }
        let tree = parse(draft.text.as_str());
        place.spot_in(&tree, &draft.name, tree.node_at(offset), offset)
    }

    fn new(tree: &Tree, node: NodeId, site: Site, offset: usize) -> Option<Spot> {
        let (spelled, range) = (tree.source(node).to_string(), tree.range(node));
        // Outside of the quotes is not in the text.
        let is_closed = 1 < spelled.len() && spelled.ends_with('"');
        if offset <= range.start || (is_closed && range.end <= offset) {
            return None;
        }
        let source = Source { spelled, start: range.start, is_quoted: true, skipped: 0 };
        let text = tree.string(node)?.into_owned();
        let at = source.decoded(text.len(), offset);
        Some(source.spot(site, text, at))
    }

    /// Where bytes of the expression are in the document, or in the draft.
    pub(super) fn range(&self, start: usize, end: usize) -> TextRange {
        self.source.range(start, end)
    }

    /// The marks around an expression; the closing one may be missing.
    pub(super) fn marks(&self) -> (TextRange, Option<TextRange>) {
        let outer = Source { skipped: 0, ..self.source.clone() };
        let end = self.text.len() + self.source.skipped;
        let close = outer.range(end, end + 2);
        (outer.range(0, 2), Some(close).filter(|_| self.is_closed))
    }

    /// A text as it must be written here.
    pub(super) fn spell(&self, text: &str) -> String {
        if !self.source.is_quoted {
            return text.to_string();
        }
        let quoted = crate::json::quote(text);
        quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_string()
    }

    /// Whether the offset is in the expression and not in its marks.
    pub(super) fn is_inside(&self) -> bool {
        self.at <= self.text.len()
    }
}

impl Source {
    /// Takes the marks off.
    fn spot(mut self, site: Site, text: String, at: usize) -> Spot {
        if site.kind != Kind::Query {
            return Spot { site, at: at.min(text.len()), text, is_closed: true, source: self };
        }
        self.skipped = 2;
        let inner = text.strip_prefix("{%").unwrap_or(&text);
        let is_closed = inner.ends_with("%}");
        let inner = inner.strip_suffix("%}").unwrap_or(inner).to_string();
        // In front of the opening mark is nowhere.
        let at = at.checked_sub(2).unwrap_or(usize::MAX);
        Spot { site, text: inner, at, is_closed, source: self }
    }

    fn range(&self, start: usize, end: usize) -> TextRange {
        let place = |at: usize| {
            let at = at.saturating_add(self.skipped);
            let offset = if self.is_quoted { source_offset(&self.spelled, at) } else { at };
            self.start + offset.min(self.spelled.len())
        };
        TextRange::new(place(start), place(end.max(start)))
    }

    /// The byte of the meant text that is spelled at an offset.
    fn decoded(&self, len: usize, offset: usize) -> usize {
        let wanted = offset.saturating_sub(self.start);
        let (mut low, mut high) = (0, len);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            match source_offset(&self.spelled, middle) <= wanted {
                true => low = middle,
                false => high = middle - 1,
            }
        }
        low
    }
}

/// Every expression in a stretch of the document: its kind, its text and where it begins.
pub(super) fn expressions_in(document: &Document, range: TextRange) -> Vec<Spot> {
    let tree = &document.tree;
    let mut found = Vec::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        let own = tree.range(node);
        if own.end < range.start || range.end < own.start {
            continue;
        }
        let elements = tree.elements(node);
        let from = elements.partition_point(|it| tree.range(*it).end < range.start);
        let seen = elements.iter().skip(from).take_while(|it| tree.range(**it).start <= range.end);
        pending.extend(seen.copied());
        let members = tree.members(node);
        let from = members.partition_point(|it| it.range.end < range.start);
        let seen = members.iter().skip(from).take_while(|it| it.range.start <= range.end);
        pending.extend(seen.map(|it| it.value));
        let is_candidate = |text: &str| text.starts_with("{%") || text.starts_with(['$', 'S']);
        let Some(text) = tree.string(node).filter(|it| is_candidate(it)) else { continue };
        if tree.source(node).contains('\\') && MAX_ESCAPED < text.len() {
            continue;
        }
        found.extend(site(document, node).and_then(|it| Spot::new(tree, node, it, own.start + 1)));
    }
    found
}

/// Every expression in what is typed into a field.
pub(super) fn expressions_in_draft(document: &Document, draft: &FieldDraft, tree: &Tree) -> Vec<Spot> {
    let Some(place) = Place::of_draft(document, draft) else { return Vec::new() };
    if !draft.is_json {
        return Spot::in_draft(document, draft, 0).into_iter().collect();
    }
    let mut found = Vec::new();
    let mut pending = vec![tree.root()];
    while let Some(node) = pending.pop() {
        pending.extend(tree.children(node));
        found.extend(place.spot_in(tree, &draft.name, node, tree.range(node).start + 1));
    }
    found
}

/// What the way from the state down to a value has led to.
#[derive(Clone, Debug)]
struct Place {
    state: StatePath,
    language: QueryLanguage,
    pointer: String,
    at: At,
}

#[derive(Clone, Copy, Debug)]
enum At {
    Object(Owner),
    /// A list of such objects.
    List(Owner),
    /// In the value of a field.
    Field(Owner, &'static FieldRow, bool),
    /// The value of a test of a rule.
    Test(Owner, &'static Operator),
    Nowhere,
}

/// The field in which a string of the document stands, if it holds an expression.
fn site(document: &Document, node: NodeId) -> Option<Site> {
    let tree = &document.tree;
    let text = tree.string(node)?;
    let key = tree.member_of(node).map(|it| it.name.to_string()).unwrap_or_default();
    Place::of(document, node)?.site(&key, &text)
}

impl Place {
    /// Walks from the innermost state around a value down to it.
    fn of(document: &Document, node: NodeId) -> Option<Place> {
        let tree = &document.tree;
        let path = document.state_at(tree.range(node).start)?;
        let state = document.state(&path)?;
        let mut way: Vec<NodeId> = tree.path_to_root(node).take_while(|it| *it != state.node).collect();
        let is_inside = tree.path_to_root(node).any(|it| it == state.node);
        let owner = is_inside.then(|| state.kind.state_type()).flatten()?;
        let mut place = Place {
            pointer: path.as_str().to_string(),
            state: path,
            language: state.language,
            at: At::Object(Owner::State(owner)),
        };
        way.reverse();
        for step in way {
            place = match (tree.member_of(step), tree.index_of(step)) {
                (Some(member), _) => place.member(&member.name),
                (None, idx) => place.element(idx.unwrap_or_default()),
            };
        }
        Some(place)
    }

    /// The place of what is typed into a field. Without a name the owner itself is typed.
    fn of_draft(document: &Document, draft: &FieldDraft) -> Option<Place> {
        let place = Place::of(document, document.tree.find(&draft.owner)?)?;
        Some(if draft.name.is_empty() { place } else { place.member(&draft.name) })
    }

    /// The expression at a value of a tree whose root stands here; `name` is that of the root.
    fn spot_in(&self, tree: &Tree, name: &str, node: NodeId, offset: usize) -> Option<Spot> {
        let text = tree.string(node)?;
        let mut way: Vec<NodeId> = tree.path_to_root(node).take_while(|it| *it != tree.root()).collect();
        way.reverse();
        let place = way.into_iter().fold(self.clone(), |place, step| match tree.member_of(step) {
            Some(member) => place.member(&member.name),
            None => place.element(tree.index_of(step).unwrap_or_default()),
        });
        let key = tree.member_of(node).map_or(name, |it| &*it.name);
        let site = place.site(key, &text)?;
        Spot::new(tree, node, site, offset)
    }

    fn member(mut self, name: &str) -> Place {
        self.at = match self.at {
            At::Object(owner) => {
                self.pointer = format!("{}/{}", self.pointer, crate::asl::names::escape(name));
                let is_rule = matches!(owner, Owner::ChoiceRule | Owner::Condition);
                match (field(owner, name), operator(name).filter(|_| is_rule)) {
                    (Some(row), _) => match row.field_type {
                        FieldType::Items(inner) => At::List(inner),
                        FieldType::Group(inner) => At::Object(inner),
                        _ => At::Field(owner, row, false),
                    },
                    (None, Some(operator)) => match operator.operand {
                        Operand::Rules => At::List(Owner::Condition),
                        Operand::Rule => At::Object(Owner::Condition),
                        _ => At::Test(owner, operator),
                    },
                    (None, None) => At::Nowhere,
                }
            }
            At::Field(owner, row, _) => At::Field(owner, row, true),
            _ => At::Nowhere,
        };
        self
    }

    fn element(mut self, idx: usize) -> Place {
        self.at = match self.at {
            At::List(owner) => {
                self.pointer = format!("{}/{idx}", self.pointer);
                At::Object(owner)
            }
            At::Field(owner, row, _) => At::Field(owner, row, true),
            _ => At::Nowhere,
        };
        self
    }

    /// The site of a string here; `key` is the name of the member that holds it.
    fn site(self, key: &str, text: &str) -> Option<Site> {
        let (owner, name, kind) = match self.at {
            At::Field(owner, row, is_deep) => (owner, row.name, self.kind(row, is_deep, key, text)?),
            At::Test(owner, operator) if operator.operand == Operand::Path => {
                (owner, operator.name, Kind::Path)
            }
            _ => return None,
        };
        let is_path = kind != Kind::Query;
        // An operator is of JSONPath alone; fields have been judged by their language.
        if is_path != (self.language == QueryLanguage::JsonPath) {
            return None;
        }
        Some(Site { kind, owner, field: name.to_string(), state: self.state, pointer: self.pointer })
    }

    fn kind(&self, row: &FieldRow, is_deep: bool, key: &str, text: &str) -> Option<Kind> {
        if self.language == QueryLanguage::Jsonata {
            let is_query = row.field_type.holds_queries() && text.starts_with("{%");
            return is_query.then_some(Kind::Query);
        }
        match row.field_type {
            FieldType::Path => Some(Kind::Path),
            FieldType::ReferencePath => Some(Kind::ReferencePath),
            FieldType::PathOrIntrinsic => Some(Kind::PathOrCall),
            it if it.holds_template() && is_deep && key.ends_with(".$") => Some(Kind::PathOrCall),
            _ => None,
        }
    }
}
