//! Finding a row by what was typed: the service, the action, or a word for what it is good for.
//! What begins with the word comes before what only contains it.

use crate::studio::palette::{PALETTE, PaletteRow};
use crate::text::Arrange;

/// Rows under a heading.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// Empty over what was found.
    pub title: &'static str,
    pub rows: Vec<PaletteRow>,
}

/// The user's rows and ours, by their headings; with a filter those that fit, best first, in one
/// group, or no group when nothing fits.
pub fn groups(own: &[PaletteRow], filter: &str) -> Vec<Group> {
    let rows = own.iter().chain(PALETTE.iter());
    let wanted = filter.to_lowercase();
    if wanted.trim().is_empty() {
        let mut groups: Vec<Group> = Vec::new();
        for row in rows {
            match groups.last_mut() {
                Some(group) if group.title == row.group => group.rows.push(row.clone()),
                _ => groups.push(Group { title: row.group, rows: vec![row.clone()] }),
            }
        }
        return groups;
    }
    let mut found: Vec<(u32, &PaletteRow)> = rows.filter_map(|it| Some((rank(it, &wanted)?, it))).collect();
    found.arrange_by_key(|(rank, _)| *rank);
    match found.is_empty() {
        true => Vec::new(),
        false => vec![Group { title: "", rows: found.into_iter().map(|(_, it)| it.clone()).collect() }],
    }
}

/// How badly a row fits; `None` when a word does not occur.
fn rank(row: &PaletteRow, wanted: &str) -> Option<u32> {
    let label = row.label.to_lowercase();
    let title = row.title().to_lowercase();
    let id = if row.id.starts_with('{') { String::new() } else { row.id.to_lowercase() };
    let help = row.help.to_lowercase();
    let begins = |text: &str, word: &str| text.split(' ').any(|it| it.starts_with(word));
    let mut sum = 0;
    for word in wanted.split_whitespace() {
        sum += match word {
            _ if title.starts_with(word) || label.starts_with(word) => 0,
            _ if begins(&title, word) => 1,
            _ if begins(row.keywords, word) => 2,
            _ if begins(&help, word) => 3,
            _ if id.contains(word) => 4,
            _ if title.contains(word) || row.keywords.contains(word) => 5,
            _ => return None,
        };
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(filter: &str, first: &[&str]) {
        let found: Vec<String> =
            groups(&[], filter).iter().flat_map(|it| &it.rows).map(PaletteRow::title).collect();
        assert_eq!(found.iter().take(first.len()).collect::<Vec<_>>(), first, "{filter}: {found:?}");
    }

    #[test]
    fn rows_are_found_by_service_action_and_word() {
        check("lambda", &["Lambda Invoke"]);
        check("if", &["Choice"]);
        check("queue", &["SQS Send message", "Batch Submit job"]);
        check("email", &["SES Send email", "SNS Publish"]);
        check("dyn get", &["DynamoDB Get item"]);
        check("getobj", &["S3 Get object"]);
        check("s3:get", &["S3 Get object"]);
        check("  WAIT ", &["Wait"]);
        check("map", &["Map"]);
        check("saga", &["Undo on failure"]);
        assert!(groups(&[], "nothing like it").is_empty());
    }

    #[test]
    fn without_a_filter_all_are_listed_once_under_their_headings() {
        let groups = groups(&[], " ");
        let n_rows: usize = groups.iter().map(|it| it.rows.len()).sum();
        assert_eq!(n_rows, PALETTE.len());
        assert_eq!(
            groups.iter().map(|it| it.title).take(3).collect::<Vec<_>>(),
            ["Flow", "Actions", "Patterns"]
        );
        assert!(
            groups
                .iter()
                .enumerate()
                .all(|(idx, it)| groups.iter().skip(idx + 1).all(|other| other.title != it.title))
        );
    }
}
