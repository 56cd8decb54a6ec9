//! Lossless, measured: each verb on each state of each published workflow. The edit must touch
//! exactly the lines that the meaning of the change needs, the result must read, and undo must
//! give the exact bytes back.

use std::collections::BTreeMap;

use stepglass::asl::{Document, StateKind, StatePath};
use stepglass::studio::edit::plan;
use stepglass::studio::{Command, OpenedFrom, PALETTE, PasteAt, Studio};
use stepglass::text::TextEdit;

use crate::semantic::{Lines, needed, trimmed};
use crate::workflows;

/// What was counted for one verb.
#[derive(Default)]
struct Row {
    n_edits: usize,
    n_refused: usize,
    changed: Lines,
    needed: Lines,
    /// Blank lines that went or came with a state.
    n_blank: usize,
}

#[test]
fn every_edit_changes_the_lines_that_must_change_and_no_other() {
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    let (mut n_workflows, mut n_no_json, mut n_states, mut n_same_after_paste) = (0, 0, 0, 0);
    let mut faults = Vec::new();
    for (file, text) in workflows() {
        let document = opened(&file, &text);
        n_workflows += 1;
        if needed(&document.text, &document.text).is_none() {
            // A bare `${Name}`: what it stands for is not known, so neither is what must differ.
            n_no_json += 1;
            continue;
        }
        for state in &document.machine.states {
            n_states += 1;
            let mut measure = |document: &Document, verb: &'static str, command: Command| {
                measure(document, &file, verb, command, rows.entry(verb).or_default(), &mut faults)
            };
            for (verb, command) in commands(&document, &state.path) {
                measure(&document, verb, command);
            }
            // Cut, and pasted where it was.
            let cut = Command::CutStates { states: vec![state.path.clone()] };
            let Some((without, clip)) = measure(&document, "cut", cut) else { continue };
            let without = Document::new(without, 0);
            let at = place(&without, &document, &state.path);
            let paste = Command::Paste { text: clip.unwrap_or_default(), at };
            let back = measure(&without, "paste", paste);
            n_same_after_paste += usize::from(back.is_some_and(|(it, _)| *it == *document.text));
        }
    }
    println!("{n_workflows} workflows ({n_no_json} with bare placeholders left out), {n_states} states");
    println!("verb             edits refused   lines changed  lines needed  blank lines beside");
    for (verb, row) in &rows {
        let (changed, needed) = (row.changed.old + row.changed.new, row.needed.old + row.needed.new);
        println!(
            "{verb:<16} {:>5} {:>7} {changed:>15} {needed:>13} {:>8}",
            row.n_edits, row.n_refused, row.n_blank
        );
    }
    println!("{n_same_after_paste} states pasted back where they were gave every byte of the old text");
    let n_faults = faults.len();
    assert!(
        faults.is_empty(),
        "{n_faults} edits change other lines than they need:\n{}",
        faults[..n_faults.min(12)].join("\n")
    );
    assert!(n_workflows == 0 || n_states > n_workflows);
}

fn opened(file: &str, text: &str) -> Document {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: file.into(), text: text.into(), from: OpenedFrom::File });
    // Of a template, what was taken out of it is the document.
    Document::new(studio.document_view().text.clone(), 0)
}

/// Makes an edit and compares. Gives the new text and what was copied; nothing when it is refused.
fn measure(
    document: &Document,
    file: &str,
    verb: &'static str,
    command: Command,
    row: &mut Row,
    faults: &mut Vec<String>,
) -> Option<(String, Option<String>)> {
    let Some(Ok(plan)) = plan(document, &command) else {
        row.n_refused += 1;
        return None;
    };
    row.n_edits += 1;
    let before = &*document.text;
    let after = plan.edit.apply(before);
    assert_eq!(plan.edit.invert(before).apply(&after), before, "{file}: undo of {verb}");
    let needed = needed(before, &after).unwrap_or_else(|| panic!("{file}: {verb} gives no JSON"));
    let (changed, n_blank) = changed(before, &after, &plan.edit);
    row.n_blank += n_blank;
    row.changed.old += changed.old;
    row.changed.new += changed.new;
    row.needed.old += needed.old;
    row.needed.new += needed.new;
    if changed != needed {
        let mut edit = format!("{:?}", plan.edit.indels());
        edit.truncate((0..=700).rev().find(|it| edit.is_char_boundary(*it)).unwrap_or(0));
        faults.push(format!("{file}: {verb}: changed {changed:?}, needed {needed:?}\n{edit}\n"));
    }
    Some((after, plan.copy))
}

/// The lines that an edit touches, and how many blank ones went that are not counted.
fn changed(old: &str, new: &str, edit: &TextEdit) -> (Lines, usize) {
    let old_lines: Vec<&str> = old.split('\n').collect();
    let new_lines: Vec<&str> = new.split('\n').collect();
    let line_of = |text: &str, at: usize| text[..at].matches('\n').count();
    // Stretches of whole lines, old and new.
    let mut blocks: Vec<([usize; 2], [usize; 2])> = Vec::new();
    let mut shift = 0_isize;
    for indel in edit.indels() {
        let new_start = (indel.delete.start as isize + shift) as usize;
        let new_end = new_start + indel.insert.len();
        shift += indel.insert.len() as isize - indel.delete.len() as isize;
        let old_block = [line_of(old, indel.delete.start), line_of(old, indel.delete.end) + 1];
        let new_block = [line_of(new, new_start), line_of(new, new_end) + 1];
        match blocks.last_mut() {
            Some((last, last_new)) if old_block[0] < last[1] => {
                last[1] = last[1].max(old_block[1]);
                last_new[1] = last_new[1].max(new_block[1]);
            }
            _ => blocks.push((old_block, new_block)),
        }
    }
    // Lines that read the same at the ends of a stretch are not changed; then neighbors join.
    let mut joined: Vec<([usize; 2], [usize; 2])> = Vec::new();
    for (old_block, new_block) in blocks {
        let (a, b) = (&old_lines[old_block[0]..old_block[1]], &new_lines[new_block[0]..new_block[1]]);
        let n_same = a.iter().zip(b).take_while(|(a, b)| a.trim_end() == b.trim_end()).count();
        let (rest, new_rest) = trimmed(a, b);
        let block = (
            [old_block[0] + n_same, old_block[0] + n_same + rest.len()],
            [new_block[0] + n_same, new_block[0] + n_same + new_rest.len()],
        );
        match joined.last_mut() {
            Some((last, last_new)) if last[1] == block.0[0] && last_new[1] == block.1[0] => {
                last[1] = block.0[1];
                last_new[1] = block.1[1];
            }
            _ => joined.push(block),
        }
    }
    let (mut lines, mut n_blank) = (Lines::default(), 0);
    for (old_block, new_block) in joined {
        let (gone, come) =
            trimmed(&old_lines[old_block[0]..old_block[1]], &new_lines[new_block[0]..new_block[1]]);
        let blank = |it: &&&str| it.trim().is_empty();
        n_blank += gone.iter().filter(blank).count();
        lines.old += gone.len() - gone.iter().filter(blank).count();
        n_blank += come.iter().filter(blank).count();
        lines.new += come.len() - come.iter().filter(blank).count();
    }
    (lines, n_blank)
}

fn commands(document: &Document, path: &StatePath) -> Vec<(&'static str, Command)> {
    let state = || path.clone();
    let wait = PALETTE.iter().find(|it| it.id == "wait").expect("a Wait").template();
    let mut commands = vec![
        ("rename", Command::Rename { state: state(), name: "Renamed é “x”".into() }),
        ("delete", Command::Delete { state: state() }),
        ("insert after", Command::AddAfter { state: state(), template: wait.clone() }),
        ("insert before", Command::AddBefore { state: state(), template: wait }),
        ("duplicate", Command::Duplicate { state: state() }),
        (
            "set field",
            Command::SetField { owner: path.to_string(), field: "Comment".into(), json: "\"new\"".into() },
        ),
        ("wrap", Command::WrapInParallel { states: vec![state()] }),
        ("unwrap", Command::Unwrap { state: state() }),
    ];
    let Some(kind) = document.state(path).map(|it| &it.kind) else { return commands };
    if matches!(kind, StateKind::Task { .. } | StateKind::Parallel { .. } | StateKind::Map { .. }) {
        let json =
            format!(r#"{{"ErrorEquals":["States.ALL"],"Next":{}}}"#, serde_json::Value::from(path.name()));
        commands.push(("add Catch", Command::AppendItem { owner: format!("{path}/Catch"), json }));
    }
    if let StateKind::Choice { rules, .. } = kind {
        let last = rules.len().saturating_sub(1);
        for (from, to) in [(0, 1), (0, last), (last, 0)] {
            if from != to && to <= last {
                commands.push(("reorder rules", Command::MoveRule { state: state(), from, to }));
            }
        }
    }
    commands
}

/// Where a state stood: on the first connection that led to it and is still there.
fn place(without: &Document, before: &Document, path: &StatePath) -> PasteAt {
    let scope = path.scope();
    let name = path.name();
    let start = before.machine.find_scope(&scope).and_then(|(_, it)| it.start_at.as_ref());
    let targets =
        before.machine.states.iter().filter(|it| it.path.scope() == scope).flat_map(|it| it.targets());
    let keys = start.into_iter().chain(targets).filter(|it| it.name == name).map(|it| it.key.clone());
    let ended = |it: &stepglass::asl::EdgeKey| {
        let end =
            it.as_str().strip_suffix("/Next").map(|it| stepglass::asl::EdgeKey::new(format!("{it}/End")));
        [Some(it.clone()), end]
    };
    let clip = r#"{"Type":"Pass"}"#;
    let fits = |it: &PasteAt| {
        matches!(plan(without, &Command::Paste { text: clip.into(), at: it.clone() }), Some(Ok(_)))
    };
    let mut places = keys.flat_map(|it| ended(&it)).flatten().map(PasteAt::Edge);
    places.find(fits).unwrap_or(PasteAt::Scope(scope))
}
