//! What is taken over from the revision before is as if the text had been opened anew: random keys,
//! gestures and undo in every published workflow, each compared in every view that it changes.

mod published;

use published::workflows;
use stepglass::asl::{Document, StatePath, StateType};
use stepglass::json::NodeId;
use stepglass::studio::{Command, OpenedFrom, Studio, Template};
use stepglass::text::{TextEdit, TextRange, floor_char_boundary};

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

const TYPED: [&str; 12] = ["x", "7", "", "", "$.", "é", "\\n", "\"", " ", ",", "{% $x %}", "States.ALL"];

fn key(dice: &mut Dice, text: &str) -> TextEdit {
    let start = floor_char_boundary(text, dice.below(text.len()));
    let end = floor_char_boundary(text, start + dice.below(3));
    TextEdit::replace(TextRange::new(start, end.max(start)), TYPED[dice.below(TYPED.len())])
}

/// One value in the place of another, or beside it, so that the text stays sound JSON.
fn value(dice: &mut Dice, document: &Document) -> TextEdit {
    let tree = &document.tree;
    let mut node = || NodeId(dice.below(tree.n_nodes()) as u32);
    let (to, from) = (node(), node());
    match (tree.member_of(to), tree.member_of(from), dice.below(4)) {
        (Some(to), Some(from), 0) => {
            TextEdit::insert(to.range.end, format!(",\n{}", from.range.slice(tree.text())))
        }
        (Some(to), _, 1) => {
            let comma = tree.text()[to.range.end..].starts_with(',');
            TextEdit::delete(TextRange::new(to.range.start, to.range.end + usize::from(comma)))
        }
        (Some(to), Some(from), 2) => TextEdit::replace(to.key_range, from.key_range.slice(tree.text())),
        _ => TextEdit::replace(tree.range(to), tree.source(from)),
    }
}

fn gesture(dice: &mut Dice, states: &[StatePath]) -> Option<Command> {
    let state = states.get(dice.below(states.len()))?.clone();
    let template = Template { state_type: StateType::Wait, id: "wait".to_owned() };
    Some(match dice.below(4) {
        0 => Command::AddAfter { state, template },
        1 => Command::Delete { state },
        2 => Command::ToggleCollapse { state },
        _ => Command::Duplicate { state },
    })
}

fn opened(text: &str) -> Studio {
    let mut studio = Studio::new();
    studio.dispatch(Command::Open { name: "a.json".into(), text: text.into(), from: OpenedFrom::File });
    studio
}

#[test]
fn a_document_after_keys_is_as_if_read_anew() {
    let mut dice = Dice(1);
    let (mut n_kept, mut n_reread, mut n_keys) = (0, 0, 0);
    for (file, text) in workflows() {
        let mut document = Document::new(text, 0);
        for _ in 0..10 {
            let is_key = dice.below(2) == 0;
            let edit = if is_key { key(&mut dice, &document.text) } else { value(&mut dice, &document) };
            n_keys += 1;
            n_kept += usize::from(document.retyped(&edit).is_some());
            let text = edit.apply(&document.text).into();
            n_reread += usize::from(document.tree.reread(&edit, &text).is_some());
            let before = document.clone();
            document.edit(&edit);
            let anew = Document::new(document.text.clone(), document.revision);
            assert_eq!(document.diagnostics, anew.diagnostics, "{file}: {edit:?}");
            assert_eq!(*document.line_index, *anew.line_index, "{file}: {edit:?}");
            let machines =
                [&document, &anew].map(|it| format!("{:?}{:?}", it.machine.scopes, it.machine.states));
            assert!(machines[0] == machines[1], "{file}: {edit:?}");
            let nodes = |it: &Document| (0..it.tree.n_nodes() as u32).map(NodeId).collect::<Vec<_>>();
            let told = |it: &Document| -> Vec<_> {
                nodes(it).into_iter().map(|id| (it.tree.range(id), it.tree.pointer(id))).collect()
            };
            assert!(told(&document) == told(&anew), "{file}: {edit:?}");
            assert_eq!(document.tree.print(), *document.text);
            if !document.is_intact() {
                document = before;
            }
        }
    }
    println!("of {n_keys} edits {n_kept} change the inside of a value, {n_reread} a part of the tree");
    assert!(n_keys == 0 || (n_keys < n_kept * 20 && n_keys < n_reread * 4));
}

#[test]
fn a_picture_after_edits_is_as_if_drawn_anew() {
    let mut dice = Dice(2);
    for (file, text) in workflows() {
        let mut studio = opened(&text);
        let mut collapsed: Vec<StatePath> = Vec::new();
        for at_millis in 0..5 {
            let states: Vec<StatePath> =
                studio.graph_view().nodes.iter().filter_map(|it| it.state.clone()).collect();
            let command = match dice.below(4) {
                0 => Some(Command::Undo),
                1 => gesture(&mut dice, &states),
                _ => Some(Command::Type { edit: key(&mut dice, &studio.document_view().text), at_millis }),
            };
            let Some(command) = command else { continue };
            let is_typed = matches!(command, Command::Type { .. });
            let words = format!("{file}: {command:?}");
            studio.dispatch(command);
            let mut anew = opened(&studio.document_view().text);
            let view = studio.graph_view();
            collapsed.clear();
            collapsed.extend(view.nodes.iter().filter(|it| it.collapsed).filter_map(|it| it.state.clone()));
            for state in &collapsed {
                anew.dispatch(Command::ToggleCollapse { state: state.clone() });
            }
            assert!(*view == *anew.graph_view(), "{words}");
            assert_eq!(studio.problems_view(), anew.problems_view(), "{words}");
            if is_typed && dice.below(3) == 0 {
                studio.dispatch(Command::Undo);
            }
        }
    }
}
