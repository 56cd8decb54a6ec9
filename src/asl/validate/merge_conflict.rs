//! The text holds a merge conflict. Each is one problem with both sides to choose from; until one is
//! chosen, the first side is what is drawn and checked, and no byte of the other one is touched.

use std::collections::HashSet;

use crate::asl::diagnostic::Diagnostic;
use crate::asl::validate::{Definition, MAX_WITH_FIX, Rule, is_full};
use crate::json::{NodeId, NodeKind, SyntaxError, TokenKind, Tree, lex, parse};
use crate::text::conflict::mark_at;
use crate::text::{Conflict, TextEdit, TextRange};

pub const RULE: Rule = Rule {
    name: "merge-conflict",
    code: "INVALID_JSON_DESCRIPTION",
    help: "No merge conflict is left in the definition",
    check,
};

/// “Keep both” is offered where both together were read as sound JSON, and that takes time: in all
/// conflicts together at most so many bytes are read for it.
const MAX_READ: usize = 1 << 20;

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let tree = definition.tree;
    let text = tree.text();
    let marks: Vec<TextRange> =
        tree.errors().iter().filter(|it| is_mark(tree, it)).map(|it| it.range).collect();
    let conflicts: Vec<Conflict> = marks.iter().filter_map(|it| Conflict::at(text, it.start)).collect();
    let mut n_to_read = MAX_READ;
    for mark in marks {
        if is_full(found) {
            return;
        }
        let Some(conflict) = conflicts.iter().find(|it| it.range.start == mark.start) else {
            found.push(left_over(tree, mark));
            continue;
        };
        let diagnostic = RULE
            .error(mark, conflict.sentence())
            .hint("Two sides changed these lines. The first one is drawn; choose what to keep");
        let (ours, theirs) = labels(conflict);
        let mut diagnostic = diagnostic.fix(ours, conflict.keep_ours()).fix(theirs, conflict.keep_theirs());
        if found.len() < MAX_WITH_FIX
            && text.len() <= n_to_read
            && let Some(edit) = keep_both(text, &conflicts, conflict)
        {
            diagnostic = diagnostic.fix("Keep both", edit);
        }
        n_to_read = n_to_read.saturating_sub(text.len());
        found.push(diagnostic);
    }
}

/// Whether a syntax error is a mark of a conflict, which this rule tells.
pub fn is_mark(tree: &Tree, error: &SyntaxError) -> bool {
    mark_at(tree.text(), error.range.start) == Some(error.range)
}

fn left_over(tree: &Tree, mark: TextRange) -> Diagnostic {
    let error = tree.errors().iter().find(|it| it.range == mark);
    let message = error.map(|it| it.message.clone()).unwrap_or_default();
    let text = tree.text();
    let rest = TextRange::new(mark.end, text.len()).slice(text);
    let line_end = rest.find('\n').map_or(text.len(), |it| mark.end + it + 1);
    let line = TextRange::new(mark.start, line_end);
    RULE.error(mark, message).fix("Remove the line", TextEdit::delete(line))
}

fn labels(conflict: &Conflict) -> (String, String) {
    let (ours, theirs) = (&conflict.our_label, &conflict.their_label);
    if ours == theirs || ours.is_empty() || theirs.is_empty() {
        return ("Keep the first side".to_owned(), "Keep the second side".to_owned());
    }
    (format!("Keep “{ours}”"), format!("Keep “{theirs}”"))
}

/// Both sides one after the other, where that is sound JSON with no name twice. Often the lines
/// that close the first side stand only once, behind the conflict: then they are repeated.
fn keep_both(text: &str, conflicts: &[Conflict], conflict: &Conflict) -> Option<TextEdit> {
    let ours = conflict.ours.slice(text);
    let closing = closing_of(ours, TextRange::new(conflict.range.end, text.len()).slice(text))?;
    let kept = ours.trim_end();
    let is_separated = closing.is_empty() && (kept.is_empty() || kept.ends_with(','));
    let comma_at = conflict.ours.start + if closing.is_empty() { kept.len() } else { ours.len() };
    let newline = if ours.ends_with("\r\n") { "\r\n" } else { "\n" };
    let between = match (is_separated, closing.is_empty()) {
        (true, _) => String::new(),
        (false, true) => ",".to_owned(),
        (false, false) => format!("{closing},{newline}"),
    };

    let mut edit = TextEdit::builder();
    edit.delete(TextRange::new(conflict.range.start, conflict.ours.start));
    edit.insert(comma_at, between);
    edit.delete(TextRange::new(conflict.ours.end, conflict.theirs.start));
    edit.delete(TextRange::new(conflict.theirs.end, conflict.range.end));
    let edit = edit.finish();

    let mut whole = TextEdit::builder();
    whole.extend(edit.clone());
    let others = conflicts.iter().filter(|it| it.range != conflict.range);
    others.for_each(|it| {
        whole.extend(it.keep_ours());
    });
    is_sound(&whole.finish().apply(text)).then_some(edit)
}

/// The brackets behind a conflict that close what one of its sides has left open.
fn closing_of<'t>(side: &str, behind: &'t str) -> Option<&'t str> {
    let change = |kind: TokenKind| match kind {
        TokenKind::OpenBrace | TokenKind::OpenBracket => 1,
        TokenKind::CloseBrace | TokenKind::CloseBracket => -1,
        _ => 0,
    };
    let mut n_open: i64 = 0;
    for token in lex(side) {
        n_open += change(token.kind);
        // It closes what stands before it: then the other side does not go behind it.
        if n_open < 0 {
            return None;
        }
    }
    if n_open == 0 {
        return Some("");
    }
    for token in lex(behind) {
        n_open += change(token.kind);
        if n_open == 0 {
            return behind.get(..token.end as usize);
        }
    }
    None
}

/// Whether a text is JSON in which no object has a name twice.
fn is_sound(text: &str) -> bool {
    let tree = parse(text);
    let objects = (0..u32::try_from(tree.n_nodes()).unwrap_or(u32::MAX)).map(NodeId);
    tree.is_valid()
        && objects.filter(|it| tree.kind(*it) == NodeKind::Object).all(|it| {
            let mut names = HashSet::new();
            tree.members(it).iter().all(|member| names.insert(&member.name))
        })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::asl::Document;
    use crate::asl::validate::testing::check;

    /// Shows every text that a fix makes, under the name of the fix.
    #[track_caller]
    fn check_choices(text: &str, expected: Expect) {
        let document = Document::new(text, 0);
        let mut shown = String::new();
        for diagnostic in document.diagnostics.iter().filter(|it| it.rule == "merge-conflict") {
            shown += &format!("{}\n", diagnostic.message);
            for fix in &diagnostic.fixes {
                shown += &format!("--- {}\n{}", fix.label, fix.edit.apply(text));
            }
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn one_conflict_is_one_problem() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Pass",
            <<<<<<< HEAD
            ^^^^^^^^^^^^ merge-conflict: Conflict between “HEAD” and “feature”
                "Next":"B"},
            =======
                "Next":"C"},
            >>>>>>> feature
              "B":{"Type":"Succeed"},
              "C":{"Type":"Fail", "Nope": 1}}}
                                  ^^^^^^ unknown-field: Field 'Nope' is not supported
        "#]]);
    }

    #[test]
    fn a_mark_alone_is_left_over() {
        check_choices(
            "{\"StartAt\":\"A\",\"States\":{\n=======\n\"A\":{\"Type\":\"Succeed\"}}}\n>>>>>>> feature",
            expect![[r#"
                Remove the line “=======”: a merge left it behind
                --- Remove the line
                {"StartAt":"A","States":{
                "A":{"Type":"Succeed"}}}
                >>>>>>> featureRemove the line “>>>>>>> feature”: a merge left it behind
                --- Remove the line
                {"StartAt":"A","States":{
                =======
                "A":{"Type":"Succeed"}}}
            "#]],
        );
    }

    #[test]
    fn both_sides_are_offered_where_they_go_together() {
        let with = |ours: &str, theirs: &str, behind: &str| {
            format!("{{\n\"A\": 1,\n<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> feature\n{behind}}}\n")
        };
        check_choices(
            &with("\"B\": 2\n", "\"C\": 3\n", ""),
            expect![[r#"
            Conflict between “HEAD” and “feature”
            --- Keep “HEAD”
            {
            "A": 1,
            "B": 2
            }
            --- Keep “feature”
            {
            "A": 1,
            "C": 3
            }
            --- Keep both
            {
            "A": 1,
            "B": 2,
            "C": 3
            }
        "#]],
        );
        check_choices(
            &with("\"B\": {\n\"x\": 1\n", "\"C\": {\n\"x\": 2\n", "}\n"),
            expect![[r#"
            Conflict between “HEAD” and “feature”
            --- Keep “HEAD”
            {
            "A": 1,
            "B": {
            "x": 1
            }
            }
            --- Keep “feature”
            {
            "A": 1,
            "C": {
            "x": 2
            }
            }
            --- Keep both
            {
            "A": 1,
            "B": {
            "x": 1
            },
            "C": {
            "x": 2
            }
            }
        "#]],
        );
        check_choices(
            &with("\"B\": 2,\n", "\"B\": 3,\n", "\"C\": 1\n"),
            expect![[r#"
            Conflict between “HEAD” and “feature”
            --- Keep “HEAD”
            {
            "A": 1,
            "B": 2,
            "C": 1
            }
            --- Keep “feature”
            {
            "A": 1,
            "B": 3,
            "C": 1
            }
        "#]],
        );
    }
}
