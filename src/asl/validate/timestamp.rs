//! A literal time is written as RFC 3339 says, with an upper-case T and a Z or an offset.

use crate::asl::diagnostic::Diagnostic;
use crate::asl::fields::{FieldType, Operand, operator};
use crate::asl::machine::QueryLanguage;
use crate::asl::validate::definition::is_rule;
use crate::asl::validate::{Definition, Object, Rule, SCHEMA, is_full};
use crate::json::NodeId;

pub const RULE: Rule =
    Rule { name: "timestamp", code: SCHEMA, help: "Literal times are written as in RFC 3339", check };

fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for object in &definition.objects {
        if is_full(found) {
            return;
        }
        for (member, row) in definition.fields(object) {
            if row.field_type == FieldType::Timestamp && !is_jsonata(definition, object, member.value) {
                check_text(definition, member.value, found);
            }
        }
        if is_rule(object.owner) {
            for member in definition.tree.members(object.node) {
                if operator(&member.name).is_some_and(|it| it.operand == Operand::Timestamp) {
                    check_text(definition, member.value, found);
                }
            }
        }
    }
}

fn is_jsonata(definition: &Definition, object: &Object, node: NodeId) -> bool {
    object.language == QueryLanguage::Jsonata && definition.is_expression(node)
}

fn check_text(definition: &Definition, node: NodeId, found: &mut Vec<Diagnostic>) {
    let Some(text) = definition.tree.string(node).filter(|_| !definition.is_substituted(node)) else {
        return;
    };
    if !is_rfc3339(&text) {
        let diagnostic = RULE.error(definition.tree.range(node), "String does not match RFC3339 timestamp");
        let hint = "Write it like “2026-03-14T01:59:00Z” or “2026-03-14T01:59:00+01:00”";
        found.push(diagnostic.hint(hint).at(definition.pointer(node)));
    }
}

/// Whether a text is a time such as `2026-03-14T01:59:00.5Z`, and one that exists.
pub fn is_rfc3339(text: &str) -> bool {
    let Some((date, rest)) = text.split_once('T') else { return false };
    let [Some(year), Some(month), Some(day)] = parts(date, '-', [4, 2, 2]) else { return false };
    let zone_start = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (Some(clock), Some(zone)) = (rest.get(..zone_start), rest.get(zone_start..)) else { return false };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [Some(hour), Some(minute), Some(second)] = parts(clock, ':', [2, 2, 2]) else { return false };
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|it| it.is_ascii_digit());
    (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && is_fraction
        && is_zone(zone)
}

fn is_zone(zone: &str) -> bool {
    let Some(offset) = zone.strip_prefix(['+', '-']) else { return zone == "Z" };
    let clock = offset.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2);
    clock.is_some_and(|(hour, minute)| {
        number(hour).is_some_and(|it| it < 24) && number(minute).is_some_and(|it| it < 60)
    })
}

/// Three numbers of exactly these lengths.
fn parts(text: &str, separator: char, lengths: [usize; 3]) -> [Option<u32>; 3] {
    let mut pieces = text.splitn(3, separator);
    lengths.map(|len| pieces.next().filter(|it| it.len() == len).and_then(number))
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn days_in_month(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::is_rfc3339;
    use crate::asl::validate::testing::check;

    #[test]
    fn only_times_that_exist_and_name_their_zone() {
        for good in
            ["2026-03-14T01:59:00Z", "2024-02-29T23:59:59.123456789+05:30", "2000-02-29T00:00:00-11:00"]
        {
            assert!(is_rfc3339(good), "{good}");
        }
        for bad in [
            "",
            "T",
            "2026-03-14",
            "2026-03-14T01:59:00",
            "2026-3-14T01:59:00Z",
            "2026-02-29T01:59:00Z",
            "1900-02-29T00:00:00Z",
            "2026-03-14t01:59:00Z",
            "2026-03-14 01:59:00Z",
            "2026-03-14T24:00:00Z",
            "2026-03-14T01:60:00Z",
            "2026-03-14T01:59:00.Z",
            "2026-03-14T01:59:00+1:00",
            "2026-03-14T01:59:00z",
            "2026-03-14T01:59Z",
            "14-03-2026T01:59:00Z",
            "2026-03-14T01:59:00ZZ",
            "+026-03-14T01:59:00Z",
        ] {
            assert!(!is_rfc3339(bad), "{bad}");
        }
    }

    #[test]
    fn literal_times_are_looked_at() {
        check(expect![[r#"
            {"StartAt":"A","States":{
              "A":{"Type":"Wait","Timestamp":"tomorrow","Next":"B"},
                                             ^^^^^^^^^^ timestamp: String does not match RFC3339 timestamp
              "B":{"Type":"Wait","QueryLanguage":"JSONata","Timestamp":"{% $now() %}","Next":"C"},
              "C":{"Type":"Choice","Choices":[{"Variable":"$.t","TimestampLessThan":"2026","Next":"D"}]},
                                                                                    ^^^^^^ timestamp: String does not match RFC3339 timestamp
              "D":{"Type":"Succeed"}}}
        "#]]);
    }
}
