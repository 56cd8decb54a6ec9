//! Texts that nobody would write on purpose: cut off anywhere, with tokens missing, with merge
//! conflicts, as large as AWS takes them, with names that only look different. Whatever the text,
//! nothing panics, no byte is lost, every problem has a place and a sentence, and what a command does
//! to the text leaves all other states as they were.

mod published;
mod samples;

use std::time::{Duration, Instant};

use stepglass::asl::{Document, ScopePath, StatePath, StateType};
use stepglass::json::{TokenKind, quote};
use stepglass::studio::{Command, Effect, OpenedFrom, ProblemsView, Reply, Studio, Template};
use stepglass::text::{TextEdit, TextRange};

/// The samples and the published workflows with their names; the latter where they are.
fn workflows() -> Vec<(String, String)> {
    let mut found = published::workflows();
    found.extend(samples::ids().into_iter().map(|id| (id.clone(), samples::texts(&id).0)));
    found
}

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

fn opened(text: &str) -> Studio {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open {
        name: "hostile.asl.json".into(),
        text: text.into(),
        from: OpenedFrom::File,
    });
    studio
}

/// What holds of any text: no byte is lost on the way in, and each problem has a sentence and a
/// place in the text.
fn check(name: &str, text: &str) -> Document {
    let document = Document::new(text, 0);
    assert_eq!(document.tree.print(), text, "{name}");
    assert!(document.tree.is_valid() || !document.diagnostics.is_empty(), "{name}: broken without a word");
    for it in document.diagnostics.iter() {
        let is_sentence = it.message.starts_with(|it: char| !it.is_whitespace()) && it.message.len() > 3;
        assert!(is_sentence && !it.code.is_empty(), "{name}: {it:?}");
        assert!(it.range.end <= text.len() && it.range.start <= it.range.end, "{name}: {it:?}");
        assert!(text.is_char_boundary(it.range.start) && text.is_char_boundary(it.range.end), "{name}");
    }
    document
}

/// Opens a text, makes some edits of it and takes each back. An edit is refused with a sentence, or
/// changes only what is its business.
fn check_edits(name: &str, text: &str, dice: &mut Dice) -> Counts {
    let mut studio = opened(text);
    let whole = studio.document_view().text.clone();
    let document = Document::new(whole.clone(), 0);
    let problems: std::sync::Arc<ProblemsView> = studio.problems_view();
    for problem in &problems.problems {
        assert!(problem.line >= 1 && problem.column >= 1, "{name}: {problem:?}");
    }
    let states: Vec<StatePath> = document.machine.states.iter().map(|it| it.path.clone()).collect();
    let mut counts = Counts::default();
    let Some(state) = states.get(dice.roll(states.len())).cloned() else { return counts };
    let template = || Template { state_type: StateType::Wait, id: "wait".into() };
    for command in [
        Command::Rename { state: state.clone(), name: "Another name".into() },
        Command::Delete { state: state.clone() },
        Command::AddAfter { state: state.clone(), template: template() },
        Command::AddToScope { scope: ScopePath::new(""), template: template() },
        Command::Duplicate { state: state.clone() },
        Command::SetField { owner: state.to_string(), field: "Comment".into(), json: "\"x\"".into() },
    ] {
        let allowed = studio.can(&command);
        let edit = edit_of(studio.dispatch(command.clone()));
        let new = studio.document_view().text.clone();
        let Err(refusal) = allowed else {
            counts.n_made += 1;
            assert_eq!(edit.apply(&whole), *new, "{name}: {command:?} did something else");
            check_untouched(name, &document, &edit, &state, &command);
            studio.dispatch(Command::Undo);
            assert_eq!(studio.document_view().text, whole, "{name}: {command:?} is not taken back");
            continue;
        };
        counts.n_refused += 1;
        assert!(refusal.0.len() > 10, "{name}: {command:?}: {refusal:?}");
        assert_eq!(new, whole, "{name}: {command:?} was refused and did something");
    }
    counts
}

/// The edit that a command made.
fn edit_of(reply: Reply) -> TextEdit {
    let edit = reply.effects.into_iter().find_map(|it| match it {
        Effect::EditCode { edit } => Some(edit),
        _ => None,
    });
    edit.unwrap_or_default()
}

#[derive(Default)]
struct Counts {
    n_made: usize,
    n_refused: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.n_made += other.n_made;
        self.n_refused += other.n_refused;
    }
}

/// The text of every intact state that is neither the one at hand, nor around it, nor in it is left
/// alone, but for where it leads; and where the text is whole, so is the meaning of those states.
fn check_untouched(name: &str, before: &Document, edit: &TextEdit, subject: &StatePath, command: &Command) {
    let is_inside = |inner: &str, outer: &str| inner == outer || inner.starts_with(&format!("{outer}/"));
    for state in before.machine.states.iter().filter(|it| !it.broken) {
        let path = state.path.as_str();
        if is_inside(path, subject.as_str()) || is_inside(subject.as_str(), path) {
            continue;
        }
        for member in before.tree.members(state.node) {
            // Where it leads, or that it ends, changes with its neighbors.
            if matches!(&*member.name, "Next" | "End" | "Default" | "Catch" | "Choices") {
                continue;
            }
            // What is added into a Map or Parallel is added there.
            if matches!(&*member.name, "Branches" | "ItemProcessor" | "Iterator") {
                continue;
            }
            let touches = edit.indels().iter().find(|it| {
                it.delete.intersects(member.range)
                    || (it.delete.is_empty()
                        && member.range.start < it.delete.start
                        && it.delete.start < member.range.end)
            });
            assert!(touches.is_none(), "{name}: {command:?} touched {path} by {touches:?}\n{}", before.text);
        }
    }
}

#[test]
fn every_cut_is_survived() {
    let mut dice = Dice(0xc07);
    let (mut n_cuts, mut counts) = (0, Counts::default());
    for (name, text) in workflows() {
        let cuts = (0..text.len()).step_by(97).filter(|it| text.is_char_boundary(*it));
        for at in cuts {
            n_cuts += 1;
            let name = format!("{name} up to {at}");
            check(&name, &text[..at]);
            // Edits take longest, so they are tried on some of the cuts, other ones in each text.
            if dice.roll(12) == 0 {
                counts.add(check_edits(&name, &text[..at], &mut dice));
            }
        }
    }
    println!("{n_cuts} cuts; {} edits made and undone, {} refused", counts.n_made, counts.n_refused);
}

#[test]
fn missing_tokens_are_survived() {
    let mut dice = Dice(0xde1);
    let (mut n_texts, mut counts) = (0, Counts::default());
    for (name, text) in workflows() {
        let document = Document::new(text.as_str(), 0);
        let tokens: Vec<TextRange> = document
            .tree
            .tokens()
            .iter()
            .filter(|it| !matches!(it.kind, TokenKind::Whitespace | TokenKind::End))
            .map(|it| TextRange::new(it.start as usize, it.end as usize))
            .collect();
        for n_missing in [1, 1, 1, 2, 3, 8] {
            let mut edit = TextEdit::builder();
            for _ in 0..n_missing {
                if let Some(range) = tokens.get(dice.roll(tokens.len())) {
                    edit.delete(*range);
                }
            }
            n_texts += 1;
            let damaged = edit.finish().apply(&text);
            let name = format!("{name} without {n_missing}");
            check(&name, &damaged);
            counts.add(check_edits(&name, &damaged, &mut dice));
        }
    }
    println!(
        "{n_texts} damaged texts; {} edits made and undone, {} refused",
        counts.n_made, counts.n_refused
    );
}

// ---- merge conflicts -----------------------------------------------------------------------

/// Puts a conflict into a text: some of its lines, and the same lines changed.
fn with_conflict(text: &str, dice: &mut Dice) -> Option<(String, String, String)> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.len() < 4 || !text.ends_with('\n') {
        return None;
    }
    let from = dice.roll(lines.len() - 1);
    let to = (from + 1 + dice.roll(6)).min(lines.len());
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let theirs: Vec<String> = match dice.roll(4) {
        0 => Vec::new(),
        1 => lines[from..to].iter().map(|it| it.replace('a', "b")).collect(),
        2 => lines[from..to].iter().map(|it| format!("  {it}")).collect(),
        _ => vec![format!("  \"Comment\": \"{{[ theirs\",{newline}")],
    };
    let base = match dice.roll(2) {
        0 => String::new(),
        _ => format!("||||||| base{newline}{{{newline}"),
    };
    let (before, ours, after) = (lines[..from].concat(), lines[from..to].concat(), lines[to..].concat());
    let theirs = theirs.concat();
    let marked = format!(
        "{before}<<<<<<< HEAD{newline}{ours}{base}======={newline}{theirs}>>>>>>> feature{newline}{after}"
    );
    Some((marked, format!("{before}{ours}{after}"), format!("{before}{theirs}{after}")))
}

#[test]
fn a_conflict_is_drawn_as_its_first_side_and_keeps_both() {
    let mut dice = Dice(0x3e6);
    let (mut n_conflicts, mut counts) = (0, Counts::default());
    for (name, text) in workflows() {
        for _ in 0..4 {
            let Some((marked, ours, theirs)) = with_conflict(&text, &mut dice) else { continue };
            n_conflicts += 1;
            let document = check(&name, &marked);
            let plain = Document::new(ours.as_str(), 0);
            let names = |it: &Document| -> Vec<String> {
                it.machine.states.iter().map(|it| it.path.to_string()).collect()
            };
            if plain.tree.is_valid() {
                assert_eq!(names(&document), names(&plain), "{name}: the first side is drawn\n{marked}");
                assert_eq!(document.tree.errors().len(), 1, "{name}: {:?}", document.tree.errors());
            }
            let told: Vec<&stepglass::asl::Diagnostic> =
                document.diagnostics.iter().filter(|it| it.rule == "merge-conflict").collect();
            let [conflict] = told.as_slice() else { panic!("{name}: {told:?}\n{marked}") };
            assert_eq!(conflict.message, "Conflict between “HEAD” and “feature”");

            let idx = document.diagnostics.iter().position(|it| it.rule == "merge-conflict").unwrap();
            for (fix_idx, expected) in [(0, &ours), (1, &theirs)] {
                assert_eq!(conflict.fixes[fix_idx].edit.apply(&marked), *expected, "{name}");
                let mut studio = opened(&marked);
                if *studio.document_view().text != *marked {
                    continue;
                }
                studio.dispatch(Command::Fix { problem_idx: idx, fix_idx });
                assert_eq!(&*studio.document_view().text, expected, "{name}");
                studio.dispatch(Command::Undo);
                assert_eq!(&*studio.document_view().text, &marked, "{name}");
            }
            if let Some(both) = conflict.fixes.get(2) {
                assert!(Document::new(both.edit.apply(&marked), 0).tree.is_valid(), "{name}");
            }
            // No gesture takes away the side that is not drawn.
            counts.add(check_edits(&name, &marked, &mut dice));
            check_hidden_side_stays(&name, &marked, &mut dice);
        }
    }
    println!(
        "{n_conflicts} conflicts; {} edits made and undone, {} refused",
        counts.n_made, counts.n_refused
    );
}

fn check_hidden_side_stays(name: &str, marked: &str, dice: &mut Dice) {
    let mut studio = opened(marked);
    let document = Document::new(studio.document_view().text.clone(), 0);
    let hidden = |document: &Document| -> Vec<String> {
        let tokens = document.tree.tokens().iter();
        let kept = tokens.filter(|it| matches!(it.kind, TokenKind::ConflictMark | TokenKind::ConflictRest));
        kept.map(|it| document.text[it.start as usize..it.end as usize].to_owned()).collect()
    };
    for _ in 0..4 {
        let states = &document.machine.states;
        let Some(state) = states.get(dice.roll(states.len())).map(|it| it.path.clone()) else { return };
        let command = match dice.roll(3) {
            0 => Command::Delete { state },
            1 => Command::MoveEarlier { state },
            _ => Command::Duplicate { state },
        };
        studio.dispatch(command.clone());
        let after = Document::new(studio.document_view().text.clone(), 0);
        assert_eq!(hidden(&after), hidden(&document), "{name}: {command:?}\n{}", after.text);
        studio.dispatch(Command::Undo);
    }
}

// ---- size and names ------------------------------------------------------------------------

/// A chain of so many states, padded to about so many bytes.
fn chain(n_states: usize, n_bytes: usize) -> String {
    let padding = "x".repeat((n_bytes / n_states).saturating_sub(90));
    let state = |n: usize| {
        let next = if n + 1 == n_states {
            "\"End\": true".to_owned()
        } else {
            format!("\"Next\": \"State {}\"", n + 1)
        };
        format!(
            "    \"State {n}\": {{\n      \"Type\": \"Pass\",\n      \"Comment\": \"{padding}\",\n      {next}\n    }}"
        )
    };
    let states: Vec<String> = (0..n_states).map(state).collect();
    format!("{{\n  \"StartAt\": \"State 0\",\n  \"States\": {{\n{}\n  }}\n}}\n", states.join(",\n"))
}

#[test]
fn a_definition_at_the_limit_of_aws_is_taken_and_one_beyond_is_told() {
    const LIMIT: usize = 1 << 20;
    let mut text = chain(2_000, LIMIT - 40_000);
    assert!(text.len() < LIMIT);
    text.push_str(&" ".repeat(LIMIT - text.len()));
    let document = check("1 MiB", &text);
    assert_eq!(document.diagnostics.len(), 0, "{:?}", document.diagnostics);
    text.push(' ');
    let document = check("1 MiB and a byte", &text);
    let told: Vec<&str> = document.diagnostics.iter().map(|it| it.rule).collect();
    assert_eq!(told, ["definition-size"]);
    let mut dice = Dice(0x51e);
    let damaged = text.replacen("\"Type\"", "\"Type", 3);
    let started = Instant::now();
    check("1 MiB, damaged", &damaged);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    check_edits("1 MiB, damaged", &damaged[..LIMIT - 10], &mut dice);
}

#[test]
fn faults_at_every_level_of_deep_conditions_are_told_quickly() {
    let depth = 3_000;
    for (open, close) in
        [("{\"Nope\":1,\"Not\":", "}"), ("{\"Not\":[", "]}"), ("{\"Next\":\"C\",\"And\":[", "]}")]
    {
        let rule = format!("{}{{}}{}", open.repeat(depth), close.repeat(depth));
        for language in ["JSONPath", "JSONata"] {
            let text = format!(
                r#"{{"QueryLanguage":"{language}","StartAt":"C","States":{{"C":{{"Type":"Choice","Choices":[{rule}]}}}}}}"#
            );
            let started = Instant::now();
            let document = check(open, &text);
            assert!(started.elapsed() < Duration::from_secs(4), "{open} {:?}", started.elapsed());
            assert_eq!(document.diagnostics.len(), 1_000, "{open}");
            for found in document.diagnostics.iter().skip(990) {
                let location = found.location.as_deref().expect("a place");
                assert!(document.tree.find(location).is_some(), "{open}");
            }
        }
    }
}

#[test]
fn ten_thousand_states_are_opened_and_edited() {
    let text = chain(10_000, 900_000);
    let document = check("10,000 states", &text);
    assert_eq!(document.machine.states.len(), 10_000);
    assert_eq!(document.diagnostics.len(), 0);
    let mut studio = opened(&text);
    assert_eq!(studio.document_view().n_states, 10_000);
    let command = Command::Rename { state: StatePath::new("/States/State 5000"), name: "Middle".into() };
    let edit = edit_of(studio.dispatch(command.clone()));
    let after = Document::new(studio.document_view().text.clone(), 1);
    assert_eq!(after.machine.states.len(), 10_000);
    assert_eq!(after.text.matches("\"Middle\"").count(), 2);
    check_untouched("10,000 states", &document, &edit, &StatePath::new("/States/State 5000"), &command);
    studio.dispatch(Command::Undo);
    assert_eq!(&*studio.document_view().text, &text);
}

#[test]
fn names_that_look_alike_are_different_states() {
    let names = ["Café", "Cafe\u{301}", "café", "CAFÉ", "Café ", "Café\u{200b}", "\u{212b}", "Å", "A\u{30a}"];
    let states: Vec<String> = names
        .iter()
        .zip(names.iter().skip(1).map(Some).chain([None]))
        .map(|(name, next)| match next {
            Some(next) => format!("{}: {{\"Type\": \"Pass\", \"Next\": {}}}", quote(name), quote(next)),
            None => format!("{}: {{\"Type\": \"Succeed\"}}", quote(name)),
        })
        .collect();
    let text = format!("{{\"StartAt\": \"Café\", \"States\": {{\n{}\n}}}}\n", states.join(",\n"));
    let document = check("names", &text);
    assert_eq!(document.machine.states.len(), names.len());
    let errors: Vec<&str> = document.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(document.diagnostics.iter().filter(|it| it.rule == "unknown-target").count(), 0, "{errors:?}");
    for name in names {
        let mut studio = opened(&text);
        let state = ScopePath::new("").state(name);
        studio.dispatch(Command::Rename { state: state.clone(), name: "Other".into() });
        let after = Document::new(studio.document_view().text.clone(), 1);
        let left: Vec<&str> = after.machine.states.iter().map(|it| it.name.as_str()).collect();
        let expected: Vec<&str> = names.iter().map(|it| if *it == name { "Other" } else { it }).collect();
        assert_eq!(left, expected);
        assert_eq!(after.diagnostics.iter().filter(|it| it.rule == "unknown-target").count(), 0);
    }
}
