//! The measures of the picture in CSS pixels at zoom 1, and what follows from them: how large a
//! node is and where lines may touch its outline.

use crate::asl::StateType;
use crate::flow::graph::{EdgeKind, FlowEdge, FlowNode, Shape};
use crate::flow::layout::Orientation;

/// Height of the band at the top of a frame that carries icon, name and counts.
pub const FRAME_HEADER: i64 = 32;
/// Space between the outline of a frame and what it holds, at the sides and at the bottom.
pub const FRAME_PADDING: i64 = 16;
/// Space between two branches of a Parallel.
pub const BRANCH_GAP: i64 = 24;
/// Space around the whole picture.
pub const MARGIN: i64 = 24;
/// Height of an ordinary node.
pub const NODE_HEIGHT: i64 = 52;
/// How far the cards of a Map's stack stick out to the right and below.
pub const STACK_OFFSET: i64 = 8;
/// Depth of the chevron ends of a Choice.
pub const CHEVRON: i64 = 18;
/// Least distance of two lines, and of their ends at one node.
pub const LINE_GAP: i64 = 16;
/// From a node to a line that leaves or passes at its side.
pub const SIDE_GAP: i64 = 28;
/// Height of the band that holds labels between two ranks.
pub const LABEL_HEIGHT: i64 = 18;
/// From a line to the left end of its label.
pub const LABEL_OFFSET: i64 = 10;
/// From a level line to the label above or below it.
pub const LABEL_LIFT: i64 = 2;

/// Advance of one column of the 12 px label font.
const LABEL_COLUMN: f64 = 7.0;
/// Advance of one column of the 14 px semibold name font.
const NAME_COLUMN: f64 = 7.8;
/// The circle with the number of a rule and the space after it.
const RULE_NUMBER: i64 = 24;
/// The lightning sign before the error names and the space after it.
const CATCH_SIGN: i64 = 16;

/// Distances that differ between the machine itself and the inside of a frame.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Spacing {
    /// Between two nodes above one another.
    pub down: i64,
    /// Between two nodes side by side.
    pub across: i64,
}

impl Spacing {
    /// For a scope that is (not) inside a frame.
    pub fn of(inside_frame: bool) -> Spacing {
        match inside_frame {
            false => Spacing { down: 40, across: 40 },
            true => Spacing { down: 28, across: 28 },
        }
    }
}

/// Width and height of a node that is not a frame.
pub fn node_size(node: &FlowNode) -> (i64, i64) {
    let inside_frame = node.parent.is_some();
    let text = (node.size_hint.columns as f64 * NAME_COLUMN).ceil().min(4000.0) as i64;
    let width = |least: i64, beside_text: i64| even((text + beside_text).clamp(least, 280));
    match node.shape {
        Shape::Start if inside_frame => (8, 8),
        Shape::Start => (12, 12),
        Shape::End if inside_frame => (14, 14),
        Shape::End => (18, 18),
        Shape::Missing => (width(150, 68), NODE_HEIGHT),
        Shape::State(StateType::Fail | StateType::Succeed) => (width(150, 76), NODE_HEIGHT),
        _ if node.collapsed.is_some() => (width(260, 72), NODE_HEIGHT),
        Shape::State(StateType::Choice) => (even((text + 100).clamp(220, 300)), NODE_HEIGHT),
        Shape::State(_) | Shape::Unknown => (width(220, 72), NODE_HEIGHT),
    }
}

/// Least width of a frame, so that its name and its counts fit into the header.
pub fn frame_width(node: &FlowNode) -> i64 {
    node_size(node).0.max(220) + 20
}

/// How much room a label takes beside its line, signs before the text included; 0 for none.
pub fn label_width(edge: &FlowEdge, columns: usize) -> i64 {
    let text = (columns as f64 * LABEL_COLUMN).ceil() as i64;
    match edge.kind {
        EdgeKind::Choice(_) => RULE_NUMBER + text,
        EdgeKind::Catch(_) => CATCH_SIGN + text,
        _ => text,
    }
}

/// How far from the middle of the border where the flow comes and goes a node may be touched;
/// `across` is the length of this border.
pub fn port_reach(shape: Shape, across: i64, orientation: Orientation) -> i64 {
    let unfit = match shape {
        Shape::Start | Shape::End => return 0,
        _ if orientation == Orientation::Horizontal => 10,
        Shape::State(StateType::Choice) => CHEVRON + 8,
        Shape::State(StateType::Wait | StateType::Succeed) => NODE_HEIGHT / 2 + 2,
        _ => 16,
    };
    (across / 2 - unfit).max(0)
}

/// How far inside the left or right of the box the outline runs at a height `from_middle` above or
/// below the middle.
pub fn side_inset(shape: Shape, height: i64, from_middle: i64) -> f64 {
    let half = height as f64 / 2.0;
    let from_middle = (from_middle as f64).abs().min(half);
    match shape {
        Shape::State(StateType::Choice) if half > 0.0 => CHEVRON as f64 * from_middle / half,
        Shape::State(StateType::Wait | StateType::Succeed) | Shape::Start | Shape::End => {
            half - (half * half - from_middle * from_middle).sqrt()
        }
        _ => 0.0,
    }
}

/// Widths are even, so that the middle is a whole pixel.
pub fn even(width: i64) -> i64 {
    width + width.rem_euclid(2)
}

/// Columns a text takes in a monospaced reading: wide East Asian characters and emoji count twice,
/// combining marks and joiners not at all.
pub fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

/// Cuts a text to at most `limit` columns, with “…” in the place of what is lost.
pub fn shorten(text: &str, limit: usize) -> String {
    if columns(text) <= limit {
        return text.to_owned();
    }
    let mut taken = 0;
    let kept: String = text
        .chars()
        .take_while(|it| {
            taken += char_columns(*it);
            taken < limit
        })
        .collect();
    format!("{}…", kept.trim_end())
}

fn char_columns(char: char) -> usize {
    match u32::from(char) {
        0x0300..=0x036F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_twice_and_marks_not_at_all() {
        assert_eq!(columns("Ship"), 4);
        assert_eq!(columns("注文"), 4);
        assert_eq!(columns("e\u{301}"), 1);
        assert_eq!(shorten("total > 100", 40), "total > 100");
        assert_eq!(shorten("a very long reading", 10), "a very lo…");
    }
}
