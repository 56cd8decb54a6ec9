//! The outlines of the nodes as SVG path data, by kind: shape says what a state is, so that color
//! is free to say how it fares. Paths start at the node's own upper left corner.

use crate::asl::StateType;
use crate::flow::Shape;

/// Depth of the points at the ends of a Choice.
const CHEVRON: f64 = 14.0;
/// The cut corner of a Fail, and of any node that failed.
const NOTCH: f64 = 12.0;
/// Corner radius of an ordinary node.
const RADIUS: f64 = 8.0;
/// Height of the header of a frame.
pub const HEADER: f64 = 32.0;
/// How far each further sheet of a Map stands out.
const SHEET: f64 = 4.0;

/// The outline of a node of this size. A node that failed in a run has a cut corner too, so that
/// failure shows without color.
pub fn outline(shape: Shape, w: f64, h: f64, failed: bool) -> String {
    inset_outline(shape, w, h, failed, 0.0)
}

/// The same outline moved inwards: the second line of a double border.
pub fn inset_outline(shape: Shape, w: f64, h: f64, failed: bool, inset: f64) -> String {
    let (left, top, right, bottom) = (inset, inset, w - inset, h - inset);
    match shape {
        Shape::State(StateType::Choice) => {
            let depth = CHEVRON.min(w / 4.0);
            let middle = h / 2.0;
            // The slanted sides move inwards by the same distance as the level ones.
            let slant = inset * (depth.hypot(middle) / middle.max(1.0));
            let (point_left, point_right) = (slant, w - slant);
            let (in_left, in_right) = (depth + inset * 0.6, w - depth - inset * 0.6);
            if failed {
                let cut = NOTCH.min(h / 3.0);
                format!(
                    "M{point_left:.1} {middle:.1}L{in_left:.1} {top:.1}H{:.1}L{in_right:.1} {:.1}\
                     L{point_right:.1} {middle:.1}L{in_right:.1} {bottom:.1}H{in_left:.1}Z",
                    in_right - cut,
                    top + cut / 2.0
                )
            } else {
                format!(
                    "M{point_left:.1} {middle:.1}L{in_left:.1} {top:.1}H{in_right:.1}\
                     L{point_right:.1} {middle:.1}L{in_right:.1} {bottom:.1}H{in_left:.1}Z"
                )
            }
        }
        Shape::State(StateType::Wait) | Shape::State(StateType::Succeed) if !failed => {
            rounded(left, top, right, bottom, (bottom - top) / 2.0, 0.0)
        }
        Shape::State(StateType::Pass) if !failed => rounded(left, top, right, bottom, 2.0, 0.0),
        Shape::State(StateType::Fail) => rounded(left, top, right, bottom, (RADIUS - inset).max(1.0), NOTCH),
        _ => rounded(left, top, right, bottom, (RADIUS - inset).max(1.0), if failed { NOTCH } else { 0.0 }),
    }
}

/// The outline of a state whose text is unfinished: the lower edge is torn.
pub fn torn(w: f64, h: f64) -> String {
    let mut path = format!(
        "M0 {RADIUS}A{RADIUS} {RADIUS} 0 0 1 {RADIUS} 0H{:.1}A{RADIUS} {RADIUS} 0 0 1 {w:.1} {RADIUS}V{h:.1}",
        w - RADIUS
    );
    let teeth = (w / 12.0).floor().max(2.0);
    let step = w / (2.0 * teeth);
    let mut x = w;
    for tooth in 0..(2 * teeth as usize) {
        x -= step;
        let y = if tooth % 2 == 0 { h - 5.0 } else { h };
        path.push_str(&format!("L{x:.1} {y:.1}"));
    }
    path.push('Z');
    path
}

/// The sheets behind a Map, from the second on: what is seen of them below and to the right.
pub fn sheets(w: f64, h: f64) -> String {
    let sheet = |by: f64| {
        format!(
            "M{:.1} {:.1}H{:.1}A{RADIUS} {RADIUS} 0 0 0 {:.1} {:.1}V{:.1}",
            RADIUS + by,
            h + by,
            w + by - RADIUS,
            w + by,
            h + by - RADIUS,
            RADIUS + by
        )
    };
    format!("{}{}", sheet(SHEET), sheet(2.0 * SHEET))
}

/// The line under the header of a frame.
pub fn header_rule(w: f64) -> String {
    format!("M0 {HEADER}H{w:.1}")
}

/// The word for the kind in `data-shape`.
pub fn word(shape: Shape) -> &'static str {
    match shape {
        Shape::Start => "start",
        Shape::End => "end",
        Shape::Unknown => "unknown",
        Shape::Missing => "missing",
        Shape::State(StateType::Task) => "task",
        Shape::State(StateType::Pass) => "pass",
        Shape::State(StateType::Choice) => "choice",
        Shape::State(StateType::Wait) => "wait",
        Shape::State(StateType::Succeed) => "succeed",
        Shape::State(StateType::Fail) => "fail",
        Shape::State(StateType::Parallel) => "parallel",
        Shape::State(StateType::Map) => "map",
    }
}

/// Where text may stand: from the left edge and from the right edge.
pub fn text_inset(shape: Shape) -> (f64, f64) {
    match shape {
        Shape::State(StateType::Choice) => (CHEVRON + 12.0, CHEVRON + 6.0),
        Shape::State(StateType::Wait) | Shape::State(StateType::Succeed) => (18.0, 16.0),
        Shape::State(StateType::Fail) => (12.0, NOTCH + 4.0),
        _ => (12.0, 10.0),
    }
}

fn rounded(left: f64, top: f64, right: f64, bottom: f64, radius: f64, notch: f64) -> String {
    let r = radius.min((bottom - top) / 2.0).min((right - left) / 2.0).max(0.0);
    let corner = |x: f64, y: f64| format!("A{r:.1} {r:.1} 0 0 1 {x:.1} {y:.1}");
    let upper_right = if notch > 0.0 {
        format!("H{:.1}L{right:.1} {:.1}", right - notch, top + notch)
    } else {
        format!("H{:.1}{}", right - r, corner(right, top + r))
    };
    format!(
        "M{:.1} {top:.1}{upper_right}V{:.1}{}H{:.1}{}V{:.1}{}Z",
        left + r,
        bottom - r,
        corner(right - r, bottom),
        left + r,
        corner(left, bottom - r),
        top + r,
        corner(left + r, top)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_outline() {
        use StateType::*;
        let kinds = [Task, Choice, Wait, Fail, Pass];
        let outlines: Vec<String> =
            kinds.iter().map(|it| outline(Shape::State(*it), 220.0, 52.0, false)).collect();
        for (idx, one) in outlines.iter().enumerate() {
            assert!(one.starts_with('M') && one.ends_with('Z'), "{one}");
            assert!(!outlines[..idx].contains(one), "{one} stands for two kinds");
        }
    }

    #[test]
    fn failure_changes_the_outline_of_every_kind() {
        use StateType::*;
        for kind in [Task, Choice, Wait, Pass, Parallel, Map, Succeed] {
            let shape = Shape::State(kind);
            assert_ne!(outline(shape, 220.0, 52.0, true), outline(shape, 220.0, 52.0, false));
        }
    }

    #[test]
    fn tiny_boxes_have_outlines_without_nonsense() {
        for inset in [0.0, 4.0] {
            for shape in [Shape::State(StateType::Choice), Shape::State(StateType::Wait), Shape::Unknown] {
                let path = inset_outline(shape, 4.0, 4.0, false, inset);
                assert!(!path.contains("NaN") && !path.contains("inf"), "{path}");
            }
        }
    }
}
