//! The fewest lines that must differ between two texts, found by comparing what they say.
//!
//! Both texts are read here by a reader of its own, down to names, values, brackets and commas.
//! What means the same on both sides is kept; everything else must go or come. A line must change
//! when something on it goes or comes, and no line else. The edit that made the new text is not
//! looked at.

/// How many lines of the old text must go, and how many of the new one come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Lines {
    pub old: usize,
    pub new: usize,
}

/// The lines that must differ; nothing when one of the texts is no JSON.
pub fn needed(old: &str, new: &str) -> Option<Lines> {
    let (old_side, new_side) = (Side::read(old)?, Side::read(new)?);
    let mut pairs =
        Pairs { of_old: vec![None; old_side.lines.len()], of_new: vec![None; new_side.lines.len()] };
    pairs.compare(&old_side.root, &new_side.root);
    let mut must_old: Vec<bool> = lines_with_loose(&old_side.lines, &pairs.of_old, old);
    let mut must_new: Vec<bool> = lines_with_loose(&new_side.lines, &pairs.of_new, new);
    // What is kept of a line that changes stands on one line of the other side, which changes too.
    let from_old = touched(&old_side.lines, &new_side.lines, &pairs.of_old, &must_old);
    let from_new = touched(&new_side.lines, &old_side.lines, &pairs.of_new, &must_new);
    from_old.into_iter().for_each(|it| must_new[it] = true);
    from_new.into_iter().for_each(|it| must_old[it] = true);
    Some(count(old, new, &must_old, &must_new, &old_side, &new_side, &pairs))
}

/// One text, read.
struct Side {
    root: Node,
    /// The line of each token.
    lines: Vec<usize>,
}

struct Node {
    /// First and last token.
    tokens: (usize, usize),
    /// Without white space.
    spelled: String,
    open: char,
    n_lines: usize,
    items: Vec<Item>,
}

struct Item {
    /// Empty in arrays, where there is no token either.
    name: String,
    name_token: Option<usize>,
    value: Node,
    comma: Option<usize>,
}

struct Reader<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    line: usize,
    lines: Vec<usize>,
}

impl Side {
    fn read(text: &str) -> Option<Side> {
        serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')).ok()?;
        let mut reader = Reader {
            rest: text.trim_start_matches('\u{feff}').chars().peekable(),
            line: 0,
            lines: Vec::new(),
        };
        let root = reader.node()?;
        Some(Side { root, lines: reader.lines })
    }
}

impl Reader<'_> {
    fn skip_space(&mut self) -> Option<char> {
        while let Some(space) = self.rest.next_if(|it| it.is_whitespace()) {
            self.line += usize::from(space == '\n');
        }
        self.rest.peek().copied()
    }

    fn token(&mut self) -> usize {
        self.lines.push(self.line);
        self.lines.len() - 1
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::from(self.rest.next()?);
        loop {
            let char = self.rest.next()?;
            text.push(char);
            match char {
                '\\' => text.push(self.rest.next()?),
                '"' => return Some(text),
                _ => {}
            }
        }
    }

    fn node(&mut self) -> Option<Node> {
        let open = self.skip_space()?;
        let first_line = self.line;
        let first = self.token();
        if !matches!(open, '{' | '[') {
            let mut spelled = String::new();
            match open {
                '"' => spelled = self.string()?,
                _ => {
                    while let Some(char) = self.rest.next_if(|it| !it.is_whitespace() && !",]}".contains(*it))
                    {
                        spelled.push(char);
                    }
                }
            }
            return Some(Node { tokens: (first, first), spelled, open: ' ', n_lines: 1, items: Vec::new() });
        }
        self.rest.next();
        let mut node =
            Node { tokens: (first, first), spelled: open.to_string(), open, n_lines: 1, items: Vec::new() };
        loop {
            let next = self.skip_space()?;
            if matches!(next, '}' | ']') {
                self.rest.next();
                node.n_lines = 1 + self.line - first_line;
                node.tokens.1 = self.token();
                node.spelled.push(next);
                return Some(node);
            }
            let (mut name, mut name_token) = (String::new(), None);
            if open == '{' {
                name_token = Some(self.token());
                name = self.string()?;
                self.skip_space();
                self.rest.next();
                node.spelled.push_str(&name);
                node.spelled.push(':');
            }
            let value = self.node()?;
            node.spelled.push_str(&value.spelled);
            let mut comma = None;
            if self.skip_space()? == ',' {
                self.rest.next();
                comma = Some(self.token());
                node.spelled.push(',');
            }
            node.items.push(Item { name, name_token, value, comma });
        }
    }
}

/// Which tokens mean the same on both sides.
struct Pairs {
    of_old: Vec<Option<usize>>,
    of_new: Vec<Option<usize>>,
}

impl Pairs {
    fn pair(&mut self, old: usize, new: usize) {
        self.of_old[old] = Some(new);
        self.of_new[new] = Some(old);
    }

    fn compare(&mut self, old: &Node, new: &Node) {
        if old.spelled == new.spelled {
            for (old, new) in (old.tokens.0..=old.tokens.1).zip(new.tokens.0..=new.tokens.1) {
                self.pair(old, new);
            }
            return;
        }
        if old.open != new.open || old.open == ' ' {
            return;
        }
        self.pair(old.tokens.0, new.tokens.0);
        self.pair(old.tokens.1, new.tokens.1);
        for (idx, new_idx) in matched(old, new) {
            let (old, new) = (&old.items[idx], &new.items[new_idx]);
            if let (Some(token), Some(new_token), true) =
                (old.name_token, new.name_token, old.name == new.name)
            {
                self.pair(token, new_token);
            }
            self.compare(&old.value, &new.value);
            if let (Some(comma), Some(new_comma)) = (old.comma, new.comma) {
                self.pair(comma, new_comma);
            }
        }
    }
}

/// The items of two objects or arrays that are the same item, changed or not, in order.
fn matched(old: &Node, new: &Node) -> Vec<(usize, usize)> {
    let is_object = old.open == '{';
    let same = |old: &Item, new: &Item| match is_object {
        true => old.name == new.name,
        false => old.value.spelled == new.value.spelled,
    };
    // The heaviest common order: of two that changed places, the larger one stays.
    let (n, m) = (old.items.len(), new.items.len());
    let mut best = vec![vec![0_usize; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let skip = best[i + 1][j].max(best[i][j + 1]);
            let gain = weight(&old.items[i].value);
            let take = if same(&old.items[i], &new.items[j]) { best[i + 1][j + 1] + gain } else { 0 };
            best[i][j] = skip.max(take);
        }
    }
    let (mut i, mut j, mut kept) = (0, 0, Vec::new());
    while i < n && j < m {
        let gain = weight(&old.items[i].value);
        if same(&old.items[i], &new.items[j]) && best[i][j] == best[i + 1][j + 1] + gain {
            kept.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] == best[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    // What stands between the same neighbors on both sides is one item that changed: an element of
    // an array, or a member with another name and the same value.
    let mut all = Vec::new();
    let (mut old_from, mut new_from) = (0, 0);
    for (i, j) in kept.into_iter().chain([(n, m)]) {
        if i - old_from == j - new_from {
            for (i, j) in (old_from..i).zip(new_from..j) {
                let (old, new) = (&old.items[i], &new.items[j]);
                let renamed = || old.value.spelled.replace(&old.name, &new.name) == new.value.spelled;
                if !is_object || renamed() {
                    all.push((i, j));
                }
            }
        }
        if i < n {
            all.push((i, j));
        }
        (old_from, new_from) = (i + 1, j + 1);
    }
    all
}

/// What it weighs to keep an item: first of all its lines, then what is in it.
fn weight(node: &Node) -> usize {
    node.n_lines * 100_000 + node.tokens.1 - node.tokens.0
}

fn lines_with_loose(lines: &[usize], partners: &[Option<usize>], text: &str) -> Vec<bool> {
    let mut must = vec![false; text.split('\n').count()];
    for (line, partner) in lines.iter().zip(partners) {
        must[*line] |= partner.is_none();
    }
    must
}

/// For each line that must change, the first line of the other side with something kept of it.
fn touched(lines: &[usize], others: &[usize], partners: &[Option<usize>], must: &[bool]) -> Vec<usize> {
    let mut found: Vec<Option<usize>> = vec![None; must.len()];
    for (line, partner) in lines.iter().zip(partners) {
        if let (true, Some(partner)) = (must[*line], partner) {
            found[*line] = found[*line].or(Some(others[*partner]));
        }
    }
    found.into_iter().flatten().collect()
}

/// Counts what is left between lines that stay, when lines that read the same are put together.
fn count(
    old: &str,
    new: &str,
    must_old: &[bool],
    must_new: &[bool],
    old_side: &Side,
    new_side: &Side,
    pairs: &Pairs,
) -> Lines {
    let old_lines: Vec<&str> = old.split('\n').collect();
    let new_lines: Vec<&str> = new.split('\n').collect();
    let mut partner: Vec<Option<usize>> = vec![None; old_lines.len()];
    for (token, line) in old_side.lines.iter().enumerate() {
        let new_line = pairs.of_old[token].map(|it| new_side.lines[it]);
        if let Some(new_line) = new_line.filter(|it| !must_old[*line] && !must_new[*it]) {
            partner[*line] = partner[*line].or(Some(new_line));
        }
    }
    let (mut total, mut old_from, mut new_from) = (Lines::default(), 0, 0);
    let stays = partner.iter().enumerate().filter_map(|(line, new)| new.map(|new| (line, new)));
    for (line, new_line) in stays.chain([(old_lines.len(), new_lines.len())]) {
        if new_line < new_from {
            continue;
        }
        let gone: Vec<&str> = (old_from..line).filter(|it| must_old[*it]).map(|it| old_lines[it]).collect();
        let come: Vec<&str> =
            (new_from..new_line).filter(|it| must_new[*it]).map(|it| new_lines[it]).collect();
        let (gone, come) = trimmed(&gone, &come);
        total.old += gone.len();
        total.new += come.len();
        (old_from, new_from) = (line + 1, new_line + 1);
    }
    total
}

/// Two runs of lines without what both begin and end with; blanks at the end of a line do not count.
pub fn trimmed<'r, 't>(mut old: &'r [&'t str], mut new: &'r [&'t str]) -> (&'r [&'t str], &'r [&'t str]) {
    while let ([first, old_rest @ ..], [new_first, new_rest @ ..]) = (old, new)
        && first.trim_end() == new_first.trim_end()
    {
        (old, new) = (old_rest, new_rest);
    }
    while let ([old_rest @ .., last], [new_rest @ .., new_last]) = (old, new)
        && last.trim_end() == new_last.trim_end()
    {
        (old, new) = (old_rest, new_rest);
    }
    (old, new)
}

#[test]
fn only_lines_with_a_difference_are_needed() {
    let text = "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": 2\n  }\n}";
    for (new, lines) in [
        (text.to_owned(), (0, 0)),
        (text.replace("\"c\": 2", "\"c\": 3"), (1, 1)),
        (text.replace("\"b\"", "\"B\""), (1, 1)),
        // A comma comes with the new last member, and nothing else of its neighbor changes.
        (text.replace("  }\n}", "  },\n  \"d\": 4\n}"), (1, 2)),
        (text.replace("  \"a\": 1,\n", ""), (1, 0)),
        // Written anew without need: still nothing has to differ.
        (text.replace("{\n    \"c\": 2\n  }", "{ \"c\": 2 }"), (0, 0)),
    ] {
        assert_eq!(needed(text, &new), Some(Lines { old: lines.0, new: lines.1 }), "{new}");
    }
    let list = "[{\n  \"a\": 1\n}, {\n  \"b\": [2, 2, 2]\n}]";
    let swapped = "[{\n  \"b\": [2, 2, 2]\n}, {\n  \"a\": 1\n}]";
    assert_eq!(needed(list, swapped), Some(Lines { old: 2, new: 2 }));
    assert_eq!(needed("no", "{}"), None);
}
