//! What always holds for text and JSON, on real workflows, on damaged ones and on random input:
//! a tree prints its text, an edit can be taken back, an edit touches nothing else, and a
//! structured change of the text means the same as that change of the value.

mod published;

use proptest::prelude::*;
use published::workflows;
use serde_json::{Map, Value, json};
use stepglass::json::{self, NodeId, NodeKind, ObjectEdit, Tree, parse, value};
use stepglass::text::{LineIndex, Side, TextEdit, TextRange};

/// A small generator, so that damage is the same on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0)
}

/// Everything that must hold for any text whatever.
fn check_tree(text: &str) -> Tree {
    let tree = parse(text);
    assert_eq!(tree.print(), text);
    assert_eq!(tree.text(), text);
    let whole = TextRange::new(0, text.len());
    for id in (0..tree.n_nodes() as u32).map(NodeId) {
        let range = tree.range(id);
        assert!(whole.contains_range(range) && range.start <= range.end, "{range:?} in {text:?}");
        assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end));
        let mut end = range.start;
        for child in tree.children(id) {
            assert_eq!(tree.parent(child), Some(id));
            assert!(range.contains_range(tree.range(child)), "{text:?}");
            assert!(end <= tree.range(child).start, "children are in order: {text:?}");
            assert!(tree.is_broken(id) || !tree.is_broken(child), "damage shows in all that holds it");
            end = tree.range(child).end;
        }
        for member in tree.members(id) {
            assert!(member.broken || !tree.is_broken(member.value));
            assert!(range.contains_range(member.range) && member.range.contains_range(member.key_range));
        }
    }
    for error in tree.errors() {
        assert!(whole.contains_range(error.range));
        assert!(!error.message.is_empty() && !error.message.ends_with('.'));
    }
    assert_eq!(tree.errors().is_empty(), !tree.is_broken(tree.root()), "{text:?} {:?}", tree.errors());
    tree
}

#[test]
fn every_workflow_prints_back_and_reads_as_others_read_it() {
    let (mut n_valid, mut n_substituted, mut n_other) = (0, 0, 0);
    for (name, text) in workflows() {
        let tree = check_tree(&text);
        let theirs = serde_json::from_str::<Value>(&text);
        let placeholders =
            (0..tree.n_nodes() as u32).any(|id| tree.kind(NodeId(id)) == NodeKind::Placeholder);
        match &theirs {
            Ok(theirs) => {
                assert_eq!(tree.errors(), [], "{name}");
                assert_eq!(value(&tree, tree.root()).to_string(), theirs.to_string(), "{name}");
                let lenient = jsonc_parser::parse_to_serde_value::<Value>(&text, &Default::default());
                assert_eq!(lenient.unwrap(), *theirs, "{name}");
                n_valid += 1;
            }
            Err(_) if tree.is_valid() && placeholders => n_substituted += 1,
            Err(error) => {
                n_other += 1;
                println!("{name}: {error}");
                for ours in tree.errors() {
                    println!("    {:?} {}", ours.range, ours.message);
                }
                assert!(!tree.is_valid(), "{name}");
            }
        }
    }
    println!("workflows: {n_valid} valid, {n_substituted} with bare substitutions, {n_other} broken");
}

#[test]
fn damaged_workflows_still_have_trees() {
    let mut dice = Dice(0x5eed);
    let pieces = ["{", "}", "[", "]", "\"", ",", ":", "\n", "x", "//", "é", "\\", "${", "\r"];
    for (_, whole) in workflows() {
        let mut text = whole.clone();
        for _ in 0..12 {
            let at = boundary(&text, dice.roll(text.len() + 1));
            let end = boundary(&text, at + dice.roll(4)).max(at);
            let piece = if dice.roll(2) == 0 { "" } else { pieces[dice.roll(pieces.len())] };
            text.replace_range(at..end, piece);
            check_tree(&text);
        }
    }
}

/// Deletes one bracket, quote or comma inside one state after the other, and counts how many of
/// the states around it are still found where they were, with all their members.
#[test]
fn one_fault_damages_one_state() {
    let mut dice = Dice(0xfa17);
    let mut by_char: Map<String, Value> = Map::new();
    let (mut n_kept, mut n_all, mut n_told, mut n_faults) = (0, 0, 0, 0);
    for (_, text) in workflows() {
        let tree = parse(text.as_str());
        if !tree.is_valid() || !text.trim_end().contains('\n') {
            continue;
        }
        let states = states(&tree);
        for (n, state) in states.iter().enumerate() {
            // Three of the six at each state, in turn: the whole takes long enough.
            for char in ['{', ']', '"', '}', '[', ','].into_iter().skip(n % 2 * 3).take(3) {
                let inside = tree.range(*state);
                let places: Vec<usize> =
                    inside.slice(&text).match_indices(char).map(|(at, _)| inside.start + at).collect();
                if places.is_empty() {
                    continue;
                }
                let at = places[dice.roll(places.len())];
                let broken = TextEdit::delete(TextRange::new(at, at + 1)).apply(&text);
                let after = parse(broken.as_str());
                let others = states.iter().filter(|it| {
                    !tree.path_to_root(**it).any(|up| up == *state)
                        && !tree.path_to_root(*state).any(|up| up == **it)
                });
                let (mut kept, mut all) = (0_u64, 0_u64);
                for other in others {
                    all += 1;
                    let found = after.find(&tree.pointer(*other));
                    kept += u64::from(found.is_some_and(|it| names(&after, it) == names(&tree, *other)));
                }
                let entry = by_char.entry(char.to_string()).or_insert_with(|| json!([0, 0]));
                entry[0] = json!(entry[0].as_u64().unwrap() + kept);
                entry[1] = json!(entry[1].as_u64().unwrap() + all);
                n_kept += kept;
                n_all += all;
                n_told += after.errors().len();
                n_faults += usize::from(!after.is_valid());
            }
        }
    }
    if n_all == 0 {
        return;
    }
    for (char, counts) in &by_char {
        let share = 100.0 * counts[0].as_f64().unwrap() / counts[1].as_f64().unwrap().max(1.0);
        println!("without one {char}: {share:.2} % of the other states kept");
    }
    let share = 100.0 * n_kept as f64 / n_all as f64;
    println!("one fault: {share:.2} % of {n_all} other states kept; {n_told} errors for {n_faults} faults");
    assert!(share > 95.0, "{share} %");
}

/// The states of every machine in a workflow.
fn states(tree: &Tree) -> Vec<NodeId> {
    let objects = (0..tree.n_nodes() as u32).map(NodeId).filter_map(|it| tree.get(it, "States"));
    objects.flat_map(|it| tree.members(it).iter().map(|member| member.value)).collect()
}

fn names(tree: &Tree, object: NodeId) -> Vec<String> {
    tree.members(object).iter().map(|it| it.name.to_string()).collect()
}

#[test]
fn size_and_depth_are_survived() {
    let state = |n: usize| {
        format!(
            "\n    \"State {n}\": {{\n      \"Type\": \"Pass\",\n      \"Next\": \"State {}\"\n    }}",
            n + 1
        )
    };
    let n_states = 5_000_000 / state(10_000).len();
    let states: Vec<String> = (0..n_states).map(state).collect();
    let text = format!("{{\n  \"StartAt\": \"State 0\",\n  \"States\": {{{}\n  }}\n}}\n", states.join(","));
    let clock = std::time::Instant::now();
    let tree = parse(text.as_str());
    let whole = clock.elapsed();
    assert!(tree.is_valid());
    assert_eq!(tree.members(tree.get(tree.root(), "States").unwrap()).len(), n_states);
    let broken = TextEdit::delete(TextRange::new(text.len() / 2, text.len() / 2 + 40)).apply(&text);
    let clock = std::time::Instant::now();
    let tree = parse(broken.as_str());
    let damaged = clock.elapsed();
    assert!(!tree.is_valid());
    let speed = |time: std::time::Duration| text.len() as f64 / 1e6 / time.as_secs_f64();
    println!("{} bytes: whole {:.0} MB/s, broken {:.0} MB/s", text.len(), speed(whole), speed(damaged));
    let clock = std::time::Instant::now();
    let edit = json::set_member(&tree, tree.root(), "Comment", &json!("x"));
    println!("one member set in it: {:?}", clock.elapsed());
    assert!(!edit.is_empty());
    for depth in [3_000, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[\n{\"a\":\n", "")] {
            let text = open.repeat(depth) + &close.repeat(depth);
            let tree = parse(text.as_str());
            assert_eq!(tree.print(), text);
            let deepest = tree.node_at(text.trim_end().len() - close.len() * depth);
            assert!(!tree.pointer(deepest).is_empty(), "{open:?} {depth}");
            drop(value(&tree, tree.root()));
        }
    }
    let crossed = "[\n".repeat(60_000) + &" }\n".repeat(60_000);
    for text in [
        crossed.as_str(),
        &"{\"a\":[ ,".repeat(30_000),
        "\u{0}\u{1}\u{2}",
        &"}".repeat(100_000),
        &"\"a\":".repeat(100_000),
        &",[".repeat(60_000),
    ] {
        check_tree(text);
    }
}

// ---- random text -------------------------------------------------------------------------

fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => prop::sample::select(vec![
            "{", "}", "[", "]", ":", ",", "\"", "\"a\"", "\"b\":", "1", "-0.5e9", "true", "null",
            "\n", "\r\n", "\n  ", "\n    ", "\t", "//x", "/*", "*/", "'q'", "“w”", "${P}", "word",
            "\\", "\\u00e9", "é", "😀", "\u{feff}",
            "\n<<<<<<< a\n", "\n||||||| c\n", "\n=======\n", "\r\n>>>>>>> b\r\n",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(pieces, 0..40).prop_map(|it| it.concat())
}

fn any_edit(text: &str, cuts: &[(usize, usize, String)]) -> TextEdit {
    let mut builder = TextEdit::builder();
    for (from, len, insert) in cuts {
        let start = boundary(text, from % (text.len() + 1));
        let end = boundary(text, start + len);
        builder.replace(TextRange::new(start, end.max(start)), insert.as_str());
    }
    builder.finish()
}

fn any_cuts() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    prop::collection::vec((any::<usize>(), 0_usize..6, "[a-zé😀\n]{0,4}"), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_has_a_tree(text in any_text()) {
        let tree = check_tree(&text);
        if let Ok(theirs) = serde_json::from_str::<Value>(&text) {
            prop_assert!(tree.is_valid());
            prop_assert_eq!(value(&tree, tree.root()).to_string(), theirs.to_string());
        }
    }

    #[test]
    fn an_edit_is_taken_back_exactly(text in any_text(), cuts in any_cuts(), more in any_cuts()) {
        let edit = any_edit(&text, &cuts);
        let new = edit.apply(&text);
        prop_assert_eq!(edit.invert(&text).apply(&new), text.as_str());
        let then = any_edit(&new, &more);
        prop_assert_eq!(edit.compose(&then).apply(&text), then.apply(&new));
        // Nothing outside of the ranges changes, and offsets there find their bytes again.
        for (offset, char) in text.char_indices() {
            if edit.indels().iter().all(|it| !it.delete.contains(offset)) {
                let moved = edit.map_offset(offset, Side::After);
                prop_assert!(new[moved..].starts_with(char));
            }
        }
        prop_assert_eq!(TextEdit::diff(&text, &new).apply(&text), new.as_str());
        let index = LineIndex::new(&text);
        let changes = edit.to_utf16_changes(&index);
        prop_assert_eq!(TextEdit::from_utf16_changes(&index, changes), edit);
    }

    #[test]
    fn a_change_of_the_text_is_that_change_of_the_value(
        document in any_value(),
        style in 0_usize..6,
        place in any::<usize>(),
        wishes in prop::collection::vec(any_wish(), 1..6),
    ) {
        let text = written(&document, style);
        let tree = parse(text.as_str());
        let objects: Vec<NodeId> = (0..tree.n_nodes() as u32)
            .map(NodeId)
            .filter(|it| tree.kind(*it) == NodeKind::Object)
            .collect();
        prop_assume!(!objects.is_empty());
        let object = objects[place % objects.len()];
        let mut edit = ObjectEdit::new(&tree, object);
        let mut model: Vec<(String, Value)> = match value(&tree, object) {
            Value::Object(entries) => entries.into_iter().collect(),
            other => panic!("{other}"),
        };
        for wish in &wishes {
            edit = wish.change(edit, &mut model);
        }
        let edit = edit.finish();
        let new = edit.apply(&text);
        let mut expected = document.clone();
        let order: Vec<String> = model.iter().map(|it| it.0.clone()).collect();
        *expected.pointer_mut(&tree.pointer(object)).unwrap() = Value::Object(model.into_iter().collect());
        let read: Value = serde_json::from_str(&new)
            .unwrap_or_else(|error| panic!("{error}\n{text}\n{wishes:?}\n{new}"));
        prop_assert_eq!(&read, &expected, "{}\n{:?}\n{}", text, wishes, new);
        let changed = parse(new.as_str());
        let object_now = changed.find(&tree.pointer(object)).unwrap();
        prop_assert_eq!(names(&changed, object_now), order);
        prop_assert_eq!(edit.invert(&text).apply(&new), text.as_str());
        // The line ends of the file are kept.
        let crlf = text.contains("\r\n");
        prop_assert!(!crlf || new.matches('\n').count() == new.matches("\r\n").count());
    }

    #[test]
    fn elements_come_go_and_move(
        document in any_value(),
        style in 0_usize..6,
        picks in (any::<usize>(), any::<usize>(), any::<usize>(), 0_usize..4),
        new in any_value(),
    ) {
        let text = written(&document, style);
        let tree = parse(text.as_str());
        let arrays: Vec<NodeId> = (0..tree.n_nodes() as u32)
            .map(NodeId)
            .filter(|it| tree.kind(*it) == NodeKind::Array)
            .collect();
        prop_assume!(!arrays.is_empty());
        let array = arrays[picks.0 % arrays.len()];
        let Value::Array(mut model) = value(&tree, array) else { panic!("no array") };
        let n = model.len();
        let (from, to) = (picks.1 % (n + 1), picks.2 % (n + 1));
        let edit = match picks.3 {
            0 => {
                model.insert(from, new.clone());
                json::insert_element(&tree, array, from, &new)
            }
            1 => {
                if from < n {
                    model.remove(from);
                }
                json::remove_element(&tree, array, from)
            }
            2 => {
                if from < n {
                    let moved = model.remove(from);
                    model.insert(to.min(model.len()), moved);
                }
                json::move_element(&tree, array, from, to)
            }
            _ => {
                let node = tree.elements(array).get(from).copied();
                if let Some(old) = model.get_mut(from) {
                    *old = new.clone();
                }
                node.map(|it| json::replace_value(&tree, it, &new)).unwrap_or_default()
            }
        };
        let changed = edit.apply(&text);
        let mut expected = document.clone();
        *expected.pointer_mut(&tree.pointer(array)).unwrap() = Value::Array(model);
        let read: Value = serde_json::from_str(&changed)
            .unwrap_or_else(|error| panic!("{error}\n{text}\n{changed}"));
        prop_assert_eq!(read, expected, "{}\n{}", text, changed);
    }

    #[test]
    fn a_member_moves_with_all_it_holds(
        document in any_value(),
        style in 0_usize..6,
        picks in (any::<usize>(), any::<usize>(), any::<usize>(), any::<usize>()),
    ) {
        let text = written(&document, style);
        let tree = parse(text.as_str());
        let objects: Vec<NodeId> = (0..tree.n_nodes() as u32)
            .map(NodeId)
            .filter(|it| tree.kind(*it) == NodeKind::Object)
            .collect();
        let full: Vec<NodeId> = objects.iter().copied().filter(|it| !tree.members(*it).is_empty()).collect();
        prop_assume!(!full.is_empty());
        let from = full[picks.0 % full.len()];
        let to = objects[picks.1 % objects.len()];
        let member = &tree.members(from)[picks.2 % tree.members(from).len()];
        prop_assume!(!tree.path_to_root(to).any(|it| it == member.value));
        prop_assume!(from == to || tree.get(to, &member.name).is_none());
        let afters: Vec<Option<&str>> = std::iter::once(None)
            .chain(tree.members(to).iter().map(|it| Some(&*it.name)))
            .filter(|it| *it != Some(&*member.name))
            .collect();
        let after = afters[picks.3 % afters.len()];
        let new = json::move_member(&tree, from, &member.name, to, after).apply(&text);

        let mut expected = document.clone();
        let entries = |value: &mut Value, pointer: &str| match value.pointer_mut(pointer) {
            Some(Value::Object(entries)) => std::mem::take(entries).into_iter().collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        // Values move by name, so pointers through objects stay true while members leave.
        let from_pointer = tree.pointer(from);
        let to_pointer = tree.pointer(to);
        let mut source = entries(&mut expected, &from_pointer);
        let at = source.iter().position(|it| it.0 == *member.name).unwrap();
        let moved = source.remove(at);
        *expected.pointer_mut(&from_pointer).unwrap() = Value::Object(source.into_iter().collect());
        let mut target = entries(&mut expected, &to_pointer);
        let at = after.map_or(0, |name| target.iter().position(|it| it.0 == name).unwrap() + 1);
        target.insert(at, moved);
        *expected.pointer_mut(&to_pointer).unwrap() = Value::Object(target.into_iter().collect());

        let read: Value = serde_json::from_str(&new)
            .unwrap_or_else(|error| panic!("{error}\n{text}\n{new}"));
        prop_assert_eq!(read.to_string(), expected.to_string(), "{}\n{}", text, new);
    }
}

// ---- random documents and wishes -----------------------------------------------------------

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zé\"\\\\\n😀]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            3 => prop::collection::vec((any_name(), inner), 0..6)
                .prop_map(|it| Value::Object(it.into_iter().collect())),
        ]
    })
}

fn any_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c", "d", "e", "é~/", "Next", "__proto__", ""])
        .prop_map(str::to_owned)
}

/// A document as different authors would write it.
fn written(document: &Value, style: usize) -> String {
    let pretty = |unit: &str| {
        let mut out = Vec::new();
        let formatter = serde_json::ser::PrettyFormatter::with_indent(unit.as_bytes());
        let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
        serde::Serialize::serialize(document, &mut serializer).unwrap();
        String::from_utf8(out).unwrap()
    };
    match style {
        0 => pretty("  "),
        1 => pretty("    ") + "\n",
        2 => pretty("\t").replace('\n', "\r\n"),
        3 => document.to_string(),
        4 => pretty(""),
        _ => pretty(" ").replace("{\n", "{ \n\n").replace("\": ", "\" : "),
    }
}

#[derive(Clone, Debug)]
enum Wish {
    Set(String, Value),
    Remove(String),
    Rename(String, String),
    After(Option<String>, String, Value),
    Before(Option<String>, String, Value),
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let anchor = || prop::option::of(any_name());
    prop_oneof![
        (any_name(), any_value()).prop_map(|(name, value)| Wish::Set(name, value)),
        any_name().prop_map(Wish::Remove),
        any_name().prop_map(Wish::Remove),
        (any_name(), any_name()).prop_map(|(old, new)| Wish::Rename(old, new)),
        (anchor(), any_name(), any_value()).prop_map(|(at, name, value)| Wish::After(at, name, value)),
        (anchor(), any_name(), any_value()).prop_map(|(at, name, value)| Wish::Before(at, name, value)),
    ]
}

impl Wish {
    /// Makes the same change of the edit and of the plain list of members.
    fn change<'t>(&self, edit: ObjectEdit<'t>, model: &mut Vec<(String, Value)>) -> ObjectEdit<'t> {
        let at = |model: &[(String, Value)], name: &str| model.iter().position(|it| it.0 == name);
        let put =
            |model: &mut Vec<(String, Value)>, place: usize, name: &str, value: &Value| match at(model, name)
            {
                Some(idx) => model[idx].1 = value.clone(),
                None => model.insert(place.min(model.len()), (name.to_owned(), value.clone())),
            };
        let n = model.len();
        match self {
            Wish::Set(name, value) => {
                put(model, n, name, value);
                edit.set(name, value)
            }
            Wish::Remove(name) => {
                model.retain(|it| it.0 != *name);
                edit.remove(name)
            }
            Wish::Rename(old, new) => {
                // A name that is taken would make a duplicate: that is the caller's to refuse.
                if at(model, new).is_some() {
                    return edit;
                }
                if let Some(idx) = at(model, old) {
                    model[idx].0 = new.clone();
                }
                edit.rename(old, new)
            }
            Wish::After(anchor, name, value) => {
                let place = anchor.as_ref().map_or(0, |it| at(model, it).map_or(n, |idx| idx + 1));
                put(model, place, name, value);
                edit.insert_after(anchor.as_deref(), name, value)
            }
            Wish::Before(anchor, name, value) => {
                let place = anchor.as_ref().and_then(|it| at(model, it)).unwrap_or(n);
                put(model, place, name, value);
                edit.insert_before(anchor.as_deref(), name, value)
            }
        }
    }
}
