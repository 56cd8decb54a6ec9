//! A state with a merge conflict inside. Its first side is what is drawn; where both sides are sound
//! JSON the state is whole all the same, and gestures that leave the conflict alone are possible.

use crate::json::{Member, Tree, parse};
use crate::text::Conflict;

/// So many bytes of a state are read a second time.
const MAX_READ: usize = 64 << 10;

/// Whether conflicts are all that is wrong with a member: with either side it would be sound.
pub fn is_only_conflicted(tree: &Tree, member: &Member) -> bool {
    let (text, range) = (tree.text(), member.range);
    if MAX_READ < range.len() {
        return false;
    }
    // What is wrong right behind it is wrong with it: a missing comma.
    let inside = tree.errors().iter().filter(|it| range.contains_inclusive(it.range.start));
    let (mut ours, mut theirs, mut at) = ("{".to_owned(), "{".to_owned(), range.start);
    for error in inside {
        let Some(conflict) = Conflict::at(text, error.range.start) else { return false };
        if conflict.range.start < at || range.end < conflict.range.end {
            return false;
        }
        let before = text.get(at..conflict.range.start).unwrap_or_default();
        ours.extend([before, conflict.ours.slice(text)]);
        theirs.extend([before, conflict.theirs.slice(text)]);
        at = conflict.range.end;
    }
    if at == range.start {
        return false;
    }
    let rest = text.get(at..range.end).unwrap_or_default();
    [ours, theirs].into_iter().all(|side| parse(format!("{side}{rest}}}")).is_valid())
}

#[cfg(test)]
mod tests {
    use crate::asl::Document;

    #[track_caller]
    fn check(inside: &str, broken: bool) {
        let text = format!(
            "{{\"StartAt\":\"A\",\"States\":{{\n\"A\":{{\"Type\":\"Pass\",\n{inside}\"End\":true}}}}}}"
        );
        let document = Document::new(text, 0);
        assert_eq!(document.machine.states.first().map(|it| it.broken), Some(broken), "{inside}");
    }

    #[test]
    fn a_state_is_whole_when_both_sides_of_its_conflicts_are() {
        let conflict =
            |ours: &str, theirs: &str| format!("<<<<<<< a\n{ours}\n=======\n{theirs}\n>>>>>>> b\n");
        check("", false);
        check(&conflict("\"Result\": 1,", "\"Result\": 2,"), false);
        check(&format!("{0}{0}", conflict("\"Result\": 1,", "")), false);
        check(&conflict("\"Result\": 1,", "\"Result\": ,"), true);
        check(&conflict("\"Result\": ", "\"Result\": 1,"), true);
        check(&conflict("\"Result\": {", "\"Result\": 1,"), true);
        check("\"Result\": ,\n<<<<<<< a\n=======\n>>>>>>> b\n", true);
        check("<<<<<<< a\n\"Result\": 1,\n", true);
        check("=======\n", true);
        check("\"Result\": 1\n", true);
    }
}
