//! “Did you mean”: which of several words was probably meant by one that is none of them.

/// Longer words are compared by their beginning.
const MAX_COMPARED: usize = 100;

/// The candidate that is spelled most like a word, the first of equally good ones. Case does not
/// count. `max_slips` says how many letters may differ for a word and a candidate of so many letters.
pub fn nearest<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    max_slips: fn(usize, usize) -> usize,
) -> Option<&'c str> {
    let word = letters(word);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let meant = letters(candidate);
        let most = max_slips(word.len(), meant.len());
        if most < meant.len().abs_diff(word.len()) {
            continue;
        }
        let slips = n_slips(&word, &meant);
        if slips <= most && best.is_none_or(|it| slips < it.0) {
            best = Some((slips, candidate));
        }
    }
    best.map(|it| it.1)
}

fn letters(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).take(MAX_COMPARED).collect()
}

/// How many letters must be put in, taken out, changed or swapped with their neighbor.
fn n_slips(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (row, a_char) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, b_char) in b.iter().enumerate() {
            let at = |line: &[usize], idx: usize| line.get(idx).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&last, column) + usize::from(a_char != b_char);
            let mut best = changed.min(at(&last, column + 1) + 1).min(at(&current, column) + 1);
            let is_swap =
                row > 0 && column > 0 && a.get(row - 1) == Some(b_char) && b.get(column - 1) == Some(a_char);
            if is_swap {
                best = best.min(at(&before_last, column - 1) + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, candidates: &[&str], max_slips: fn(usize, usize) -> usize, expected: Option<&str>) {
        assert_eq!(nearest(word, candidates.iter().copied(), max_slips), expected, "{word}");
    }

    #[test]
    fn the_fewest_slips_within_the_bound_win() {
        let one: fn(usize, usize) -> usize = |_, _| 1;
        check("nxet", &["Next", "Text"], one, Some("Next"));
        check("ext", &["Text", "Next"], one, Some("Text"));
        check("nest", &["Next", "nests", "NEST"], one, Some("NEST"));
        check("", &["a", "bc"], one, Some("a"));
        check("", &["bc"], one, None);
        check("abcd", &["abxx"], one, None);
        check("abcd", &["abxx"], |word, meant| word.min(meant) / 2, Some("abxx"));
        check("ÉTÉ", &["été"], |_, _| 0, Some("été"));
        check(&"x".repeat(5_000), &[&"x".repeat(4_000)], |_, _| 0, Some(&"x".repeat(4_000)));
    }
}
