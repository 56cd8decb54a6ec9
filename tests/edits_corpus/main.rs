//! Every verb on published workflows: the result reads, has the states it should have, differs
//! only inside the edit, and undo gives the exact bytes back.
//!
//! The workflows lie outside of the project (`STEPGLASS_CORPUS`, else `../shared/corpus`).

mod lossless;
#[path = "../published/mod.rs"]
mod published;
mod semantic;

use published::workflows;
use stepglass::asl::{Diagnostic, Document, EdgeKey, ScopePath, Severity, StatePath};
use stepglass::studio::{Command, ConnectTo, Effect, OpenedFrom, PALETTE, Studio, Template};
use stepglass::text::TextEdit;

#[test]
fn every_verb_on_every_workflow_reads_and_undoes() {
    let mut tally = Tally::default();
    for (file, text) in workflows() {
        let mut studio = Studio::new();
        studio.dispatch(Command::Open { name: file.clone(), text: text.clone(), from: OpenedFrom::File });
        if *studio.document_view().text != *text {
            // A template: what was taken out of it is the document.
            studio = {
                let text = studio.document_view().text.to_string();
                let mut studio = Studio::new();
                studio.dispatch(Command::Open { name: file.clone(), text, from: OpenedFrom::File });
                studio
            };
        }
        tally.n_workflows += 1;
        let document = Document::new(studio.document_view().text.clone(), 0);
        for command in commands(&document, tally.n_workflows) {
            check(&mut studio, &document, &file, command, &mut tally);
        }
    }
    println!(
        "{} workflows, {} edits made and undone, {} refused with a sentence",
        tally.n_workflows, tally.n_done, tally.n_refused
    );
    assert!(tally.n_workflows == 0 || tally.n_done > tally.n_workflows, "the verbs do something");
}

#[derive(Default)]
struct Tally {
    n_workflows: usize,
    n_done: usize,
    n_refused: usize,
}

#[track_caller]
fn check(studio: &mut Studio, before: &Document, file: &str, command: Command, tally: &mut Tally) {
    let text = before.text.clone();
    let reply = studio.dispatch(command.clone());
    let edit = reply.effects.iter().find_map(|it| match it {
        Effect::EditCode { edit } => Some(edit.clone()),
        _ => None,
    });
    let Some(edit) = edit else {
        assert_eq!(studio.document_view().text, text, "{file}: {command:?}");
        tally.n_refused += 1;
        return;
    };
    tally.n_done += 1;
    let after = Document::new(studio.document_view().text.clone(), 1);
    assert_untouched_outside(&text, &after.text, &edit, file);
    if before.is_intact() {
        assert!(after.is_intact(), "{file}: {command:?} broke the text: {:?}\n{edit:?}", after.tree.errors());
    }
    let grown = after.machine.states.len() as isize - before.machine.states.len() as isize;
    assert!(expected_growth(&command, before).contains(&grown), "{file}: {command:?} grew by {grown}");
    let keeps_valid = matches!(
        command,
        Command::InsertOnEdge { .. }
            | Command::Rename { .. }
            | Command::MoveToEdge { .. }
            | Command::MoveEarlier { .. }
            | Command::MoveLater { .. }
    );
    if keeps_valid && n_errors(before) == 0 {
        assert_eq!(n_errors(&after), 0, "{file}: {command:?}: {:?}\n{}", after.diagnostics, after.text);
    }
    let mut before_names = names(before);
    let after_names = names(&after);
    if matches!(command, Command::MoveToEdge { .. } | Command::MoveToScope { .. } | Command::Connect { .. }) {
        assert_eq!(before_names, after_names, "{file}: {command:?}");
    }
    before_names.retain(|it| !after_names.contains(it));
    assert!(
        before_names.len() <= 1 || matches!(command, Command::Delete { .. }),
        "{file}: {command:?} lost {before_names:?}"
    );
    studio.dispatch(Command::Undo);
    assert_eq!(studio.document_view().text, text, "{file}: undo of {command:?}");
}

fn n_errors(document: &Document) -> usize {
    // A state that is moved out of a Map takes its Assign along, which other states inside may repeat.
    let counts = |it: &&Diagnostic| it.severity == Severity::Error && it.rule != "variable-scope";
    document.diagnostics.iter().filter(counts).count()
}

fn names(document: &Document) -> Vec<String> {
    let mut names: Vec<String> = document.machine.states.iter().map(|it| it.name.clone()).collect();
    names.sort();
    names
}

/// By how many states a command may change the document.
fn expected_growth(command: &Command, document: &Document) -> std::ops::RangeInclusive<isize> {
    let inside = |path: &StatePath| {
        let prefix = format!("{path}/");
        document.machine.states.iter().filter(|it| it.path.as_str().starts_with(&prefix)).count() as isize
    };
    match command {
        // A Parallel brings two states along, a Choice at the end a Succeed, a pattern up to five.
        Command::InsertOnEdge { .. } | Command::AddAfter { .. } | Command::AddToScope { .. } => 1..=6,
        Command::AddBranch { .. } => 1..=1,
        Command::Delete { state } => -1 - inside(state)..=-1 - inside(state),
        Command::Duplicate { state } => 1 + inside(state)..=1 + inside(state),
        _ => 0..=0,
    }
}

/// What lies outside of the replaced stretches is the same on both sides.
#[track_caller]
fn assert_untouched_outside(old: &str, new: &str, edit: &TextEdit, file: &str) {
    let (mut at, mut new_at) = (0, 0);
    for indel in edit.indels() {
        let kept = &old[at..indel.delete.start];
        assert_eq!(&new[new_at..new_at + kept.len()], kept, "{file}");
        new_at += kept.len() + indel.insert.len();
        at = indel.delete.end;
    }
    assert_eq!(&new[new_at..], &old[at..], "{file}");
}

/// Every verb on two places of each kind, others in each workflow.
fn commands(document: &Document, turn: usize) -> Vec<Command> {
    let machine = &document.machine;
    let mut edges: Vec<EdgeKey> = Vec::new();
    for scope in &machine.scopes {
        edges.extend(scope.start_at.as_ref().map(|it| it.key.clone()));
    }
    for state in &machine.states {
        edges.extend(state.targets().iter().map(|it| it.key.clone()));
        if state.end {
            edges.push(EdgeKey::new(format!("{}/End", state.path)));
        }
    }
    let states: Vec<StatePath> = machine.states.iter().map(|it| it.path.clone()).collect();
    let scopes: Vec<ScopePath> = machine.scopes.iter().map(|it| it.path.clone()).collect();
    let templates: Vec<Template> =
        PALETTE.get(turn % PALETTE.len()).map(|it| it.template()).into_iter().collect();
    let mut commands = Vec::new();
    for edge in sample(&edges, turn) {
        for template in &templates {
            commands.push(Command::InsertOnEdge { edge: edge.clone(), template: template.clone() });
        }
        commands.push(Command::Reconnect { edge: edge.clone(), target: ConnectTo::End });
        for state in sample(&states, turn) {
            commands.push(Command::MoveToEdge { state: state.clone(), edge: edge.clone() });
            let target = ConnectTo::State(state.name());
            commands.push(Command::Reconnect { edge: edge.clone(), target });
        }
    }
    for state in sample(&states, turn) {
        let state = || state.clone();
        commands.push(Command::Delete { state: state() });
        commands.push(Command::Rename { state: state(), name: "A “new” name/~ é".into() });
        commands.push(Command::Duplicate { state: state() });
        commands.push(Command::MoveEarlier { state: state() });
        commands.push(Command::MoveLater { state: state() });
        commands.push(Command::AddBranch { state: state() });
        commands
            .extend(templates.iter().map(|it| Command::AddAfter { state: state(), template: it.clone() }));
        let owner = state().to_string();
        let field = |name: &str, json: &str| Command::SetField {
            owner: owner.clone(),
            field: name.into(),
            json: json.into(),
        };
        commands.push(field("Comment", "\"Changed\\nhere\""));
        commands.push(field("End", "true"));
        commands.push(Command::RemoveField { owner: owner.clone(), field: "Next".into() });
        commands.push(Command::AppendItem {
            owner: format!("{owner}/Retry"),
            json: r#"{ "ErrorEquals": ["States.ALL"] }"#.into(),
        });
        commands.push(Command::RemoveItem { owner: format!("{owner}/Catch"), idx: 0 });
        for scope in sample(&scopes, turn) {
            commands.push(Command::MoveToScope { state: state(), scope: scope.clone() });
        }
    }
    for scope in sample(&scopes, turn) {
        for template in &templates {
            commands.push(Command::AddToScope { scope: scope.clone(), template: template.clone() });
        }
    }
    commands
}

/// Two of them, or one, or none.
fn sample<T: Clone + PartialEq>(all: &[T], turn: usize) -> Vec<T> {
    let n = all.len().max(1);
    let mut some: Vec<T> = all.get(turn % n).into_iter().cloned().collect();
    some.extend(all.get((turn * 7 + 3) % n).filter(|it| !some.contains(it)).cloned());
    some
}
