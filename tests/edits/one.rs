//! Verbs over one state, one connection or one field.

use stepglass::asl::{Document, ScopePath, StatePath, StateType};
use stepglass::studio::{Command, ConnectTo, Effect, PALETTE, PasteAt, Studio};
use stepglass::text::TextRange;

use crate::check::*;

#[test]
fn a_state_on_a_connection_is_one_new_member_and_one_changed_reference() {
    check(
        CHAIN,
        insert("/States/A/Next", "wait"),
        &["+\"Next\": \"Wait\"", "+},", "+\"Wait\": {", "+\"Type\": \"Wait\",", "+\"Seconds\": 5,"],
    );
    check(
        CHAIN,
        insert("/StartAt", "pass"),
        &[
            "-\"StartAt\": \"A\",",
            "+\"StartAt\": \"Pass\",",
            "+\"Pass\": {",
            "+\"Type\": \"Pass\",",
            "+\"Next\": \"A\"",
            "+},",
        ],
    );
    check(
        CHAIN,
        insert("/States/C/End", "wait"),
        &["+\"Next\": \"Wait\"", "+},", "+\"Wait\": {", "+\"Type\": \"Wait\",", "+\"Seconds\": 5,"],
    );
}

#[test]
fn rules_defaults_and_catchers_take_a_state_too() {
    check(
        CHOICE,
        insert("/States/Pick/Choices/0/Next", "pass"),
        &[
            "-{ \"Variable\": \"$.a\", \"IsPresent\": true, \"Next\": \"Yes\" }",
            "+{ \"Variable\": \"$.a\", \"IsPresent\": true, \"Next\": \"Pass\" }",
            "+\"Pass\": {",
            "+\"Type\": \"Pass\",",
            "+\"Next\": \"Yes\"",
            "+},",
        ],
    );
    check(
        CHOICE,
        insert("/States/Pick/Default", "pass"),
        &[
            "-\"Default\": \"No\"",
            "+\"Default\": \"Pass\"",
            "+},",
            "+\"Pass\": {",
            "+\"Type\": \"Pass\",",
            "+\"Next\": \"No\"",
        ],
    );
    let after = edited(CHOICE, &insert("/States/Yes/Catch/0/Next", "wait"));
    assert!(after.contains(r#"[{ "ErrorEquals": ["E"], "Next": "Wait" }], "Next": "Done" }"#), "{after}");
}

#[test]
fn every_template_fits_on_an_end_and_between_two_states() {
    for row in PALETTE.iter() {
        let terminal = matches!(row.state_type, StateType::Succeed | StateType::Fail);
        let after = edited(CHAIN, &insert("/States/C/End", &row.id));
        assert_clean(&after, &row.id);
        if !terminal {
            assert_clean(&edited(CHAIN, &insert("/States/A/Next", &row.id)), &row.id);
            let jsonata = CHAIN.replacen('{', "{\n  \"QueryLanguage\": \"JSONata\",", 1);
            assert_clean(&edited(&jsonata, &insert("/States/A/Next", &row.id)), &row.id);
        }
    }
}

/// No problem at all: templates are valid as they come.
#[track_caller]
fn assert_clean(text: &str, what: &str) {
    let document = Document::new(text, 0);
    let problems: Vec<&str> = document.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert!(document.is_intact() && problems.is_empty(), "{what}: {problems:?}\n{text}");
}

#[test]
fn what_cannot_be_inserted_is_refused_with_the_reason() {
    check_refused(
        CHAIN,
        insert("/States/A/Next", "fail"),
        "Fail has no next state, so it cannot stand between two states",
    );
    check_refused(
        CHOICE,
        insert("/States/Done/Type", "wait"),
        "“Done” has no next state, so nothing can follow it",
    );
    check_refused(CHAIN, insert("/States/Q/Next", "wait"), "This connection is not there any more");
}

#[test]
fn the_style_around_is_kept() {
    let crlf = CHAIN.replace('\n', "\r\n");
    assert!(!edited(&crlf, &insert("/States/A/Next", "wait")).replace("\r\n", "").contains('\n'));
    let tabs = CHAIN.replace("  ", "\t");
    let after = edited(&tabs, &insert("/States/A/Next", "wait"));
    assert!(after.contains("\n\t\t\"Wait\": {\n\t\t\t\"Type\": \"Wait\","), "{after}");
    let compact = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
    assert_eq!(
        edited(compact, &insert("/States/A/End", "wait")),
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"Wait"},"Wait":{"Type":"Wait","Seconds":5,"End":true}}}"#
    );
}

#[test]
fn names_of_new_states_are_unique_in_the_whole_machine() {
    let text = NESTED.replace("\"X\"", "\"Wait\"");
    let after = edited(&text, &insert("/States/P/Next", "wait"));
    assert!(after.contains("\"Wait 2\": {"), "{after}");
    let after = edited(&after, &insert("/States/Last/End", "wait"));
    assert!(after.contains("\"Wait 3\": {"), "{after}");
}

#[test]
fn adding_after_a_choice_makes_one_more_way() {
    let after = edited(CHOICE, &Command::AddAfter { state: path("Pick"), template: template("wait") });
    assert!(after.contains(r#"{ "Variable": "$.a", "IsPresent": true, "Next": "Yes" },"#), "{after}");
    assert!(after.contains("\"Next\": \"Wait\""), "{after}");
    assert_clean(&after, "a rule to a new state");
    let no_default = CHOICE.replace(",\n      \"Default\": \"No\"", "");
    let after = edited(&no_default, &Command::AddAfter { state: path("Pick"), template: template("wait") });
    assert!(after.contains("\"Default\": \"Wait\""), "{after}");
    let done = Command::AddAfter { state: path("Done"), template: template("wait") };
    check_refused(CHOICE, done, "“Done” has no next state, so nothing can follow it");
}

#[test]
fn an_empty_text_and_an_empty_scope_take_a_first_state() {
    let root = Command::AddToScope { scope: ScopePath::new(""), template: template("wait") };
    let after = edited("", &root);
    assert_clean(&after, "the first state");
    assert_clean(&edited("{}", &root), "the first state of an empty object");
    let empty = r#"{"StartAt":"","States":{}}"#;
    assert_eq!(
        edited(empty, &root),
        r#"{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":5,"End":true}}}"#
    );
    let after = edited(CHAIN, &root);
    assert!(
        after.contains("\"End\": true\n    },\n    \"Wait\": {"),
        "unconnected, as the last one: {after}"
    );
    check_refused(
        "[1]",
        root,
        "The text is not a definition yet: it needs to be an object with StartAt and States",
    );
}

#[test]
fn a_branch_brings_a_state_along() {
    let after = edited(NESTED, &Command::AddBranch { state: path("P") });
    assert_clean(&after, "three branches");
    assert!(after.contains("\"StartAt\": \"Pass\""), "{after}");
    let last = Command::AddBranch { state: path("Last") };
    check_refused(NESTED, last, "“Last” has no branches; only a Parallel has");
}

#[test]
fn deleting_heals_every_reference() {
    check(
        CHAIN,
        Command::Delete { state: path("B") },
        &["-\"Next\": \"B\"", "-},", "-\"B\": {", "-\"Type\": \"Pass\","],
    );
    check(
        CHAIN,
        Command::Delete { state: path("A") },
        &[
            "-\"StartAt\": \"A\",",
            "+\"StartAt\": \"B\",",
            "-\"A\": {",
            "-\"Type\": \"Pass\",",
            "-\"Next\": \"B\"",
            "-},",
        ],
    );
    check(
        CHAIN,
        Command::Delete { state: path("C") },
        &["-\"Next\": \"C\"", "-},", "-\"C\": {", "-\"Type\": \"Pass\","],
    );
    let after = edited(CHOICE, &Command::Delete { state: path("Yes") });
    assert!(after.contains(r#""IsPresent": true, "Next": "Done" }"#), "{after}");
    assert_clean(&after, "the rule leads past the deleted state");
}

#[test]
fn what_cannot_be_healed_stays_open_and_is_selected() {
    let mut studio = opened(CHOICE);
    studio.dispatch(Command::Delete { state: path("No") });
    let after = text_of(&studio);
    assert!(after.contains("\"Default\": \"No\""), "{after}");
    assert_eq!(studio.selection_view().edge, Some(edge("/States/Pick/Default")));
    studio.dispatch(Command::Undo);
    assert_eq!(text_of(&studio), CHOICE);
}

#[test]
fn after_deleting_the_state_before_is_selected() {
    let mut studio = opened(CHAIN);
    studio.dispatch(Command::Select { state: Some(path("B")) });
    studio.dispatch(Command::Delete { state: path("B") });
    assert_eq!(studio.selection_view().state, Some(path("A")));
    studio.dispatch(Command::Undo);
    assert_eq!(studio.selection_view().state, Some(path("B")), "undo restores the selection");
}

#[test]
fn the_only_state_goes_with_its_branch_or_not_at_all() {
    let x = StatePath::new("/States/P/Branches/0/States/X");
    let after = edited(NESTED, &Command::Delete { state: x });
    assert!(!after.contains("\"X\"") && after.contains("\"Y\""), "{after}");
    assert_clean(&after, "one branch left");
    let only = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
    check_refused(
        only,
        Command::Delete { state: path("A") },
        "“A” is the only state, and a workflow needs one; add another state first",
    );
}

#[test]
fn renaming_follows_every_reference_of_its_scope() {
    let rename = |name: &str| Command::Rename { state: path("No"), name: name.into() };
    let after = edited(CHOICE, &rename("Never/ever"));
    assert_eq!(after, CHOICE.replace("\"No\"", "\"Never/ever\""));
    check_refused(CHOICE, rename(""), "A state needs a name");
    check_refused(
        CHOICE,
        rename("Yes"),
        "There is already a state “Yes”; every name stands once in the whole workflow",
    );
    check_refused(CHOICE, rename(&"x".repeat(81)), "A name has at most 80 characters, this one has 81");
    check(CHOICE, rename("No"), &[]);
    let y = Command::Rename { state: StatePath::new("/States/P/Branches/1/States/Y"), name: "First".into() };
    assert_eq!(edited(NESTED, &y), NESTED.replace("\"Y\"", "\"First\""));
}

#[test]
fn connections_lead_elsewhere() {
    let reconnect = |key: &str, target: ConnectTo| Command::Reconnect { edge: edge(key), target };
    check(CHAIN, reconnect("/States/A/Next", to("C")), &["-\"Next\": \"B\"", "+\"Next\": \"C\""]);
    check(CHAIN, reconnect("/States/A/Next", ConnectTo::End), &["-\"Next\": \"B\"", "+\"End\": true"]);
    check(CHAIN, reconnect("/States/C/End", to("A")), &["-\"End\": true", "+\"Next\": \"A\""]);
    check(CHAIN, reconnect("/StartAt", to("B")), &["-\"StartAt\": \"A\",", "+\"StartAt\": \"B\","]);
    check(CHAIN, reconnect("/States/A/Next", to("B")), &[]);
    check_refused(
        NESTED,
        reconnect("/States/P/Next", to("X")),
        "“X” lies outside of the state machine; a connection never leaves the branch or body it is in",
    );
    check_refused(CHAIN, reconnect("/States/A/Next", to("Q")), "There is no state “Q” in the state machine");
    check_refused(
        CHOICE,
        reconnect("/States/Pick/Default", ConnectTo::End),
        "A rule of a Choice must lead to a state; add a Succeed to end there",
    );
}

#[test]
fn new_connections_are_next_default_or_a_rule() {
    let connect = |name: &str, target: ConnectTo| Command::Connect { state: path(name), target };
    check(CHAIN, connect("C", to("A")), &["-\"End\": true", "+\"Next\": \"A\""]);
    let loose = CHAIN.replace(",\n      \"End\": true", "");
    check(
        &loose,
        connect("C", to("A")),
        &["-\"Type\": \"Pass\"", "+\"Type\": \"Pass\",", "+\"Next\": \"A\""],
    );
    check(
        &loose,
        connect("C", ConnectTo::End),
        &["-\"Type\": \"Pass\"", "+\"Type\": \"Pass\",", "+\"End\": true"],
    );
    let after = edited(CHOICE, &connect("Pick", to("Done")));
    assert!(after.contains("\"Next\": \"Done\""), "{after}");
    assert_clean(&after, "a second rule");
    check_refused(CHOICE, connect("Done", to("No")), "“Done” ends here and has no next state");
}

#[test]
fn moving_on_to_a_connection_heals_behind_itself() {
    let movement = |name: &str, key: &str| Command::MoveToEdge { state: path(name), edge: edge(key) };
    let after = edited(CHAIN, &movement("A", "/States/B/Next"));
    assert_eq!(ways(&after), ["-> B", "A -> C", "B -> A", "C -> end"]);
    let after = edited(CHAIN, &movement("B", "/States/C/End"));
    assert_eq!(ways(&after), ["-> A", "A -> C", "B -> end", "C -> B"]);
    check_refused(CHAIN, movement("B", "/States/A/Next"), "“B” is there already");
    check_refused(
        CHOICE,
        movement("Done", "/StartAt"),
        "“Done” has no next state, so it cannot stand between two states",
    );
    check_refused(
        NESTED,
        movement("P", "/States/P/Branches/0/States/X/End"),
        "“P” cannot be moved into itself",
    );
}

#[test]
fn a_state_moves_into_and_out_of_a_branch_with_its_text() {
    let z = StatePath::new("/States/P/Branches/1/States/Z");
    let after = edited(NESTED, &Command::MoveToEdge { state: z.clone(), edge: edge("/States/P/Next") });
    assert_eq!(
        ways(&after),
        ["-> P", "P -> Z", "-> X", "X -> end", "-> Y", "Y -> end", "Z -> Last", "Last -> end"]
    );
    assert!(
        after.contains("    \"Z\": { \"Type\": \"Pass\", \"Next\": \"Last\" },\n    \"Last\""),
        "{after}"
    );
    let branch = ScopePath::new("/States/P/Branches/0");
    let after = edited(NESTED, &Command::MoveToScope { state: path("Last"), scope: branch.clone() });
    assert_eq!(
        ways(&after),
        ["-> P", "P -> end", "-> X", "X -> Last", "Last -> end", "-> Y", "Y -> Z", "Z -> end"]
    );
    check_refused(
        NESTED,
        Command::MoveToScope { state: path("P"), scope: branch },
        "“P” cannot be moved into itself",
    );
    let only = StatePath::new("/States/P/Branches/0/States/X");
    check_refused(
        NESTED,
        Command::MoveToEdge { state: only, edge: edge("/States/P/Next") },
        "“X” is the only state there; add another state first",
    );
}

#[test]
fn earlier_and_later_change_places_in_a_chain() {
    let after = edited(CHAIN, &Command::MoveLater { state: path("A") });
    assert_eq!(ways(&after), ["-> B", "A -> C", "B -> A", "C -> end"]);
    assert_eq!(edited(CHAIN, &Command::MoveEarlier { state: path("B") }), after);
    let after = edited(CHAIN, &Command::MoveLater { state: path("B") });
    assert_eq!(ways(&after), ["-> A", "A -> C", "B -> end", "C -> B"]);
    check_refused(CHAIN, Command::MoveEarlier { state: path("A") }, "“A” is the first state already");
    check_refused(CHAIN, Command::MoveLater { state: path("C") }, "“C” is the last state already");
    check_refused(
        CHOICE,
        Command::MoveLater { state: path("Yes") },
        "“Done” is a succeed state, and a plain state cannot pass it",
    );
}

/// Every connection as “A -> B”.
fn ways(text: &str) -> Vec<String> {
    let document = Document::new(text, 0);
    assert!(document.is_intact(), "{text}");
    let mut ways = Vec::new();
    let mut seen_scopes = 0;
    for state in &document.machine.states {
        // A scope is told before its first state.
        while seen_scopes <= state.scope.0 as usize {
            let scope = &document.machine.scopes[seen_scopes];
            ways.push(format!("-> {}", scope.start_at.as_ref().map_or("?", |it| it.name.as_str())));
            seen_scopes += 1;
        }
        ways.extend(state.targets().iter().map(|it| format!("{} -> {}", state.name, it.name)));
        if state.end {
            ways.push(format!("{} -> end", state.name));
        }
    }
    ways
}

#[test]
fn a_copy_has_names_of_its_own() {
    let after = edited(CHAIN, &Command::Duplicate { state: path("A") });
    assert_eq!(ways(&after), ["-> A", "A -> A 2", "A 2 -> B", "B -> C", "C -> end"]);
    let after = edited(NESTED, &Command::Duplicate { state: path("P") });
    assert_clean(&after, "a Parallel twice");
    for name in ["P 2", "X 2", "Y 2", "Z 2"] {
        assert!(after.contains(&format!("\"{name}\": {{")), "{name}: {after}");
    }
    assert!(after.contains("\"StartAt\": \"Y 2\"") && after.contains("\"Next\": \"Z 2\""), "{after}");
}

#[test]
fn fields_are_set_and_what_excludes_them_gives_way() {
    let set = |owner: &str, field: &str, json: &str| Command::SetField {
        owner: owner.into(),
        field: field.into(),
        json: json.into(),
    };
    check(CHAIN, set("/States/A", "Comment", "\"Hi\""), &["+\"Comment\": \"Hi\","]);
    check(CHAIN, set("/States/C", "Next", "\"A\""), &["-\"End\": true", "+\"Next\": \"A\""]);
    check(CHAIN, set("/States/A", "End", "true"), &["-\"Next\": \"B\"", "+\"End\": true"]);
    check(CHAIN, set("/States/A", "Type", "\"Wait\""), &["-\"Type\": \"Pass\",", "+\"Type\": \"Wait\","]);
    let wait = edited(CHAIN, &insert("/States/A/Next", "wait"));
    check(
        &wait,
        set("/States/Wait", "Timestamp", "\"2026-01-01T00:00:00Z\""),
        &["-\"Seconds\": 5,", "+\"Timestamp\": \"2026-01-01T00:00:00Z\","],
    );
    check(&wait, set("/States/Wait", "Seconds", "5.50e1"), &["-\"Seconds\": 5,", "+\"Seconds\": 5.50e1,"]);
    check(CHAIN, set("", "TimeoutSeconds", "60"), &["-}", "+},", "+\"TimeoutSeconds\": 60"]);
    let remove = Command::RemoveField { owner: "/States/A".into(), field: "Next".into() };
    check(CHAIN, remove, &["-\"Type\": \"Pass\",", "-\"Next\": \"B\"", "+\"Type\": \"Pass\""]);
    let mut studio = opened(CHAIN);
    studio.dispatch(set("/States/A", "Comment", "{oops"));
    assert_eq!(text_of(&studio), CHAIN);
    assert!(studio.workspace_view().notice.as_deref().is_some_and(|it| it.starts_with("This is not JSON")));
}

#[test]
fn items_come_go_and_move() {
    let append = |owner: &str, json: &str| Command::AppendItem { owner: owner.into(), json: json.into() };
    let retry = append("/States/Yes/Retry", r#"{"ErrorEquals":["X"]}"#);
    let after = edited(CHOICE, &retry);
    assert!(after.contains(r#""Retry": ["#), "{after}");
    let after = edited(&after, &Command::RemoveItem { owner: "/States/Yes/Retry".into(), idx: 0 });
    assert!(!after.contains("Retry"), "the empty list goes too: {after}");
    let after = edited(CHOICE, &append("/States/Yes/Catch/0/ErrorEquals", "\"F\""));
    assert!(after.contains(r#""ErrorEquals": ["E", "F"]"#), "{after}");
    let moved = Command::MoveItem { owner: "/States/Yes/Catch/0/ErrorEquals".into(), from: 1, to: 0 };
    assert!(edited(&after, &moved).contains(r#""ErrorEquals": ["F", "E"]"#));
    check_refused(
        CHOICE,
        Command::RemoveItem { owner: "/States/Pick/Choices".into(), idx: 7 },
        "Choices has no item 8",
    );
}

#[test]
fn while_one_state_is_broken_the_others_can_be_edited() {
    let broken = CHAIN.replace("\"Type\": \"Pass\",\n      \"Next\": \"C\"", "\"Type\": \"Pa");
    let after = edited(&broken, &insert("/States/C/End", "wait"));
    assert!(after.contains("\"Wait\": {"), "{after}");
    let after = edited(&broken, &Command::Rename { state: path("C"), name: "Last".into() });
    assert!(after.contains("\"Last\": {"), "{after}");
    check_refused(
        &broken,
        Command::SetField { owner: "/States/B".into(), field: "Comment".into(), json: "\"x\"".into() },
        "The text of “B” is unfinished at line 9; mend it first",
    );
}

#[test]
fn a_preview_says_what_would_come_and_changes_nothing() {
    let studio = opened(CHAIN);
    let preview = studio.preview(&insert("/States/A/Next", "wait")).unwrap();
    assert_eq!(preview.sentence, "Insert Wait after “A”");
    assert_eq!(preview.changed, [(6, "      \"Next\": \"Wait\"".to_owned())]);
    let added: Vec<&str> = preview.added.iter().map(|(_, it)| it.trim()).collect();
    assert_eq!(added, ["\"Wait\": {", "\"Type\": \"Wait\",", "\"Seconds\": 5,", "\"Next\": \"B\"", "},"]);
    assert!(studio.preview(&insert("/States/A/Next", "fail")).is_err());
    assert_eq!(text_of(&studio), CHAIN);
}

#[test]
fn mocks_follow_a_rename_and_come_back_with_undo() {
    let text = CHOICE;
    let mut studio = opened(text);
    let answer = stepglass::studio::AnswerInput::Succeed("1".into());
    let answers = vec![stepglass::studio::MockAnswer { first: 0, last: None, answer }];
    studio.dispatch(Command::SetMock { state: "Yes".into(), answers: answers.clone() });
    studio.dispatch(Command::Rename { state: path("Yes"), name: "Ja".into() });
    let mock = |studio: &Studio| {
        studio.scenarios_view().mocks.first().map(|it| (it.state.clone(), it.answers.clone()))
    };
    assert_eq!(mock(&studio), Some(("Ja".into(), answers.clone())));
    studio.dispatch(Command::Undo);
    assert_eq!(mock(&studio), Some(("Yes".into(), answers)));
}

#[test]
fn the_caret_selects_and_typing_keeps_the_selection() {
    let mut studio = opened(CHAIN);
    let at = CHAIN.find("\"Next\": \"C\"").unwrap();
    studio.dispatch(Command::SelectText { range: TextRange::empty(at) });
    assert_eq!(studio.selection_view().state, Some(path("B")));
    let name = CHAIN.find("\"B\": {").unwrap() + 2;
    let edit = stepglass::text::TextEdit::insert(name, "b");
    studio.dispatch(Command::Type { edit, at_millis: 0 });
    assert_eq!(studio.selection_view().state, Some(path("Bb")), "the state that is being renamed by typing");
}

/// Whatever is cut off and whatever is asked: nothing panics, what is done can be undone, and what
/// is refused changes nothing.
#[test]
fn every_verb_survives_every_unfinished_text() {
    let mut n_done = 0;
    for text in [CHAIN, CHOICE, NESTED] {
        for cut in (0..text.len()).step_by(23) {
            for broken in
                [text[..cut].to_owned(), format!("{}{}", &text[..cut], &text[(cut + 3).min(text.len())..])]
            {
                let mut studio = opened(&broken);
                let text = text_of(&studio);
                for command in all_verbs(&studio) {
                    let allowed = studio.can(&command);
                    let reply = studio.dispatch(command.clone());
                    let changed = reply.effects.iter().any(|it| matches!(it, Effect::EditCode { .. }));
                    if changed {
                        n_done += 1;
                        assert_eq!(allowed, Ok(()), "{command:?}");
                        studio.dispatch(Command::Undo);
                    }
                    assert_eq!(text_of(&studio), text, "{command:?} on\n{text}");
                }
            }
        }
    }
    assert!(n_done > 500, "only {n_done} edits were possible");
}

fn all_verbs(studio: &Studio) -> Vec<Command> {
    let graph = studio.graph_view();
    let states: Vec<StatePath> = graph.nodes.iter().filter_map(|it| it.state.clone()).collect();
    let mut commands = Vec::new();
    for edge in graph.edges.iter().map(|it| it.key.clone()) {
        commands.push(Command::InsertOnEdge { edge: edge.clone(), template: template("choice") });
        commands.push(Command::Reconnect { edge: edge.clone(), target: ConnectTo::End });
        if let Some(state) = states.last() {
            commands.push(Command::Reconnect { edge: edge.clone(), target: to(&state.name()) });
            let some: Vec<StatePath> = states.iter().take(2).cloned().collect();
            let text = r#""N": {"Type":"Pass","Next":"A"}"#.to_owned();
            commands.push(Command::Paste { text, at: PasteAt::Edge(edge.clone()) });
            commands.push(Command::MoveStates { states: some, edge: edge.clone() });
            commands.push(Command::MoveToEdge { state: state.clone(), edge });
        }
    }
    for some in states.windows(2) {
        let some = || some.to_vec();
        commands.push(Command::DeleteStates { states: some() });
        commands.push(Command::DuplicateStates { states: some() });
        commands.push(Command::CutStates { states: some() });
        commands.push(Command::WrapInParallel { states: some() });
        commands.push(Command::WrapInMap { states: some() });
        commands.push(Command::ExtractToChild { states: some(), name: "Child".into() });
    }
    for state in states {
        let paste = |text: &str, at: PasteAt| Command::Paste { text: text.to_owned(), at };
        commands.push(paste(CHAIN, PasteAt::After(state.clone())));
        commands.push(paste(NESTED, PasteAt::Scope(state.scope())));
        commands.push(Command::AddBefore { state: state.clone(), template: template("wait") });
        commands.push(Command::AddToChoice { state: state.clone(), template: template("pass") });
        commands.push(Command::Unwrap { state: state.clone() });
        commands.push(Command::InlineChild { state: state.clone() });
        commands.push(Command::AddRule { state: state.clone() });
        commands.push(Command::RemoveRule { state: state.clone(), idx: 0 });
        commands.push(Command::MoveRule { state: state.clone(), from: 0, to: 1 });
        commands.push(Command::RemoveBranch { state: state.clone(), idx: 1 });
        commands.push(Command::MoveBranch { state: state.clone(), from: 1, to: 0 });
        commands.push(Command::AddAfter { state: state.clone(), template: template("parallel") });
        commands.push(Command::AddToScope { scope: state.scope(), template: template("map") });
        commands.push(Command::AddBranch { state: state.clone() });
        commands.push(Command::Delete { state: state.clone() });
        commands.push(Command::Rename { state: state.clone(), name: "New".into() });
        commands.push(Command::MoveLater { state: state.clone() });
        commands.push(Command::Duplicate { state: state.clone() });
        commands.push(Command::MoveToScope { state: state.clone(), scope: ScopePath::new("") });
        let owner = state.to_string();
        commands.push(Command::SetField { owner: owner.clone(), field: "Next".into(), json: "\"B\"".into() });
        commands.push(Command::RemoveField { owner: owner.clone(), field: "Type".into() });
        commands.push(Command::AppendItem { owner: format!("{owner}/Catch"), json: "{}".into() });
    }
    commands
}

#[test]
fn a_pattern_brings_several_states_and_leads_on_where_the_connection_led() {
    let after = edited(CHAIN, &insert("/States/A/Next", "pattern-approval"));
    assert_eq!(
        ways(&after),
        [
            "-> A",
            "A -> Ask for approval",
            "Ask for approval -> Approved?",
            "Ask for approval -> Not approved",
            "Approved? -> B",
            "Approved? -> Not approved",
            "B -> C",
            "C -> end",
        ]
    );
    let after = edited(CHAIN, &insert("/States/C/End", "pattern-approval"));
    assert!(
        ways(&after).contains(&"Approved? -> Succeed".to_owned()),
        "a Choice cannot end by itself: {after}"
    );
    let after = edited(CHAIN, &insert("/States/C/End", "pattern-saga"));
    assert!(ways(&after).contains(&"Ship order -> end".to_owned()), "{after}");
    // Twice in one workflow: all names are new.
    let twice = edited(&after, &insert("/StartAt", "pattern-saga"));
    assert!(ways(&twice).contains(&"Ship order 2 -> Refund card 2".to_owned()), "{twice}");
    assert_clean(&twice, "the same pattern twice");
}

/// Many verbs in a row, chosen by a small generator: the text stays readable all the way, what is
/// selected is always there, and undoing everything gives the first bytes back.
#[test]
fn a_long_session_undoes_to_the_first_bytes() {
    for seed in 1..=6_u64 {
        let mut dice = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut roll = |n: usize| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            (dice % n.max(1) as u64) as usize
        };
        let first = [CHAIN, CHOICE, NESTED][roll(3)];
        let mut studio = opened(first);
        let mut n_edits = 0;
        for _ in 0..60 {
            let mut commands = all_verbs(&studio);
            let command = commands.swap_remove(roll(commands.len()));
            let reply = studio.dispatch(command.clone());
            n_edits += usize::from(reply.effects.iter().any(|it| matches!(it, Effect::EditCode { .. })));
            let document = Document::new(text_of(&studio), 0);
            assert!(document.is_intact(), "seed {seed}: {command:?} gave\n{}", document.text);
            if let Some(state) = studio.selection_view().state.clone() {
                assert!(document.state(&state).is_some(), "seed {seed}: {state} is selected and gone");
            }
        }
        let last = text_of(&studio);
        assert!(n_edits > 10, "seed {seed}: {n_edits} edits");
        for _ in 0..n_edits {
            studio.dispatch(Command::Undo);
        }
        assert_eq!(
            (text_of(&studio).as_str(), studio.document_view().undo.clone()),
            (first, None),
            "seed {seed}"
        );
        for _ in 0..n_edits {
            studio.dispatch(Command::Redo);
        }
        assert_eq!(text_of(&studio), last, "seed {seed}");
    }
}
