//! The report of `stepglass test` as JUnit XML, the form that build servers read.

use crate::cli::test::{Case, Suite};

/// The whole report.
pub fn xml(suites: &[Suite]) -> String {
    let cases = || suites.iter().flat_map(|it| &it.cases);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&format!("<testsuites name=\"stepglass\"{}>\n", counts(cases())));
    for suite in suites {
        let name = escape(&suite.name);
        xml.push_str(&format!("  <testsuite name=\"{name}\"{}>\n", counts(suite.cases.iter())));
        for case in &suite.cases {
            let start = format!(
                "    <testcase name=\"{}\" classname=\"{name}\" time=\"{:.3}\"",
                escape(&case.name),
                case.seconds
            );
            xml.push_str(&start);
            match case.differences.first() {
                None => xml.push_str("/>\n"),
                Some(first) => {
                    let all = escape(&case.differences.join("\n"));
                    let first = escape(first);
                    xml.push_str(&format!(
                        ">\n      <failure message=\"{first}\" type=\"difference\">{all}</failure>\n    </testcase>\n"
                    ));
                }
            }
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn counts<'c>(cases: impl Iterator<Item = &'c Case>) -> String {
    let (mut n_cases, mut n_failures, mut seconds) = (0, 0, 0.0);
    for case in cases {
        n_cases += 1;
        n_failures += usize::from(!case.differences.is_empty());
        seconds += case.seconds;
    }
    format!(" tests=\"{n_cases}\" failures=\"{n_failures}\" errors=\"0\" skipped=\"0\" time=\"{seconds:.3}\"")
}

/// Text for XML. Characters that XML cannot hold at all are shown by a sign.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push(' '),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}')
            }
            other => escaped.push(other),
        }
    }
    escaped
}
