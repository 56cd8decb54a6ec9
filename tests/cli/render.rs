//! `stepglass render`.

use crate::{Folder, RETRIED, stepglass};

#[test]
fn a_drawing_has_every_node_and_every_line_between_its_nodes() {
    let outcome = stepglass(&["render", "--json", "-"], RETRIED);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
    let drawing = outcome.json();
    let nodes = drawing["nodes"].as_array().unwrap();
    let paths: Vec<&str> = nodes.iter().map(|it| it["path"].as_str().unwrap()).collect();
    for path in ["#start", "/States/Check", "/States/Charge", "/States/Refuse", "/States/Done"] {
        assert!(paths.contains(&path), "{path} is not in {paths:?}");
    }
    for node in nodes {
        assert_eq!(node["scope"], "");
        assert!(node["w"].as_f64().unwrap() > 0.0 && node["h"].as_f64().unwrap() > 0.0);
    }
    let kinds: Vec<&str> =
        drawing["edges"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert!(["start", "choice", "default", "next"].iter().all(|it| kinds.contains(it)), "{kinds:?}");
    for edge in drawing["edges"].as_array().unwrap() {
        assert!(paths.contains(&edge["from"].as_str().unwrap()), "{edge}");
        assert!(paths.contains(&edge["to"].as_str().unwrap()), "{edge}");
        assert!(2 <= edge["points"].as_array().unwrap().len(), "{edge}");
    }
}

#[test]
fn inner_states_name_their_scope() {
    let definition = r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{
        "StartAt":"In","States":{"In":{"Type":"Pass","End":true}}},"End":true}}}"#;
    let drawing = stepglass(&["render", "--json", "-"], definition).json();
    let inner = drawing["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["path"] == "/States/M/ItemProcessor/States/In");
    assert_eq!(inner.unwrap()["scope"], "/States/M/ItemProcessor");
}

#[test]
fn a_picture_is_a_whole_svg_and_the_same_every_time() {
    let folder = Folder::new("picture");
    let file = folder.file("Order & co.asl.json", RETRIED);
    let first = stepglass(&["render", "--svg", &file], "");
    assert!(first.out.starts_with("<svg ") && first.out.ends_with("</svg>\n"));
    assert!(first.out.contains("<title>Order &amp; co</title>"), "{}", first.out);
    assert_eq!(first.out, stepglass(&["render", &file, "--svg"], "").out);
}

#[test]
fn broken_text_is_drawn_as_far_as_it_goes() {
    let outcome = stepglass(&["render", "--json", "-"], &RETRIED[..RETRIED.len() - 1]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert!(outcome.err.starts_with("Standard input, line "), "{}", outcome.err);
    assert!(outcome.out.contains("/States/Done"));
}

#[test]
fn a_flowchart_is_mermaid_text() {
    let outcome = stepglass(&["render", "--mermaid", "-"], RETRIED);
    assert_eq!((outcome.code, outcome.err.as_str()), (0, ""));
    assert!(outcome.out.starts_with("flowchart TD\n"), "{}", outcome.out);
    assert!(outcome.out.contains("s_Check -->|\"otherwise\"| s_Refuse"), "{}", outcome.out);
}

#[test]
fn the_flow_goes_to_the_right_when_asked_to() {
    let place = |args: &[&str]| {
        let drawing = stepglass(args, RETRIED).json();
        let node = &drawing["nodes"][1];
        (node["x"].as_f64().unwrap(), node["y"].as_f64().unwrap())
    };
    let (down, right) =
        (place(&["render", "--json", "-"]), place(&["render", "--json", "--horizontal", "-"]));
    assert!(down.0 < down.1 && right.1 < right.0, "{down:?} {right:?}");
}
