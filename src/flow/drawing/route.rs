//! The line of a connection: its path with rounded corners, its arrow head, its distance from a
//! place.

use crate::flow::Point;

/// Radius of the corners.
const CORNER: f64 = 8.0;
/// Length and half width of an arrow head.
const ARROW: (f64, f64) = (8.0, 5.0);

/// The line as SVG path data. It ends at the back of the arrow head, so that a thick line does
/// not stick out at its tip.
pub fn path(points: &[Point]) -> String {
    let Some((first, rest)) = points.split_first() else { return String::new() };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    let mut before = *first;
    for (idx, corner) in rest.iter().enumerate() {
        match rest.get(idx + 1) {
            Some(after) => {
                let radius = CORNER.min(distance(before, *corner) / 2.0).min(distance(*corner, *after) / 2.0);
                let start = toward(*corner, before, radius);
                let end = toward(*corner, *after, radius);
                path.push_str(&format!(
                    "L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}",
                    start.x, start.y, corner.x, corner.y, end.x, end.y
                ));
            }
            None => {
                let length = distance(before, *corner);
                let end = toward(*corner, before, (ARROW.0 - 1.0).min(length));
                path.push_str(&format!("L{:.1} {:.1}", end.x, end.y));
            }
        }
        before = *corner;
    }
    path
}

/// The arrow head at the end of the line, as SVG path data.
pub fn arrow(points: &[Point]) -> String {
    let (Some(tip), Some(from)) = (points.last(), points.iter().rev().find(|it| Some(*it) != points.last()))
    else {
        return String::new();
    };
    let back = toward(*tip, *from, ARROW.0);
    let (dx, dy) = ((tip.x - back.x) / ARROW.0 * ARROW.1, (tip.y - back.y) / ARROW.0 * ARROW.1);
    format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
        tip.x,
        tip.y,
        back.x - dy,
        back.y + dx,
        back.x + dy,
        back.y - dx
    )
}

/// The hollow diamond of an “otherwise”, with its first corner where the line starts. The second
/// part of the answer is where the line goes on.
pub fn diamond(points: &[Point]) -> Option<(String, Point)> {
    const HALF: f64 = 6.0;
    let [first, second, ..] = points else { return None };
    let center = toward(*first, *second, HALF);
    let far = toward(*first, *second, 2.0 * HALF);
    let (dx, dy) = (center.x - first.x, center.y - first.y);
    let path = format!(
        "M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
        first.x,
        first.y,
        center.x - dy,
        center.y + dx,
        far.x,
        far.y,
        center.x + dy,
        center.y - dx
    );
    Some((path, far))
}

/// How far a place is from the line.
pub fn distance_to(points: &[Point], at: Point) -> f64 {
    points
        .windows(2)
        .map(|pair| match pair {
            [from, to] => distance(at, nearest_on(*from, *to, at)),
            _ => f64::INFINITY,
        })
        .fold(f64::INFINITY, f64::min)
}

/// The middle of the line's longest stretch: where something fits onto it.
pub fn roomiest(points: &[Point]) -> Point {
    let mut best = (-1.0, points.first().copied().unwrap_or_default());
    for pair in points.windows(2) {
        if let [from, to] = pair {
            let length = distance(*from, *to);
            if best.0 < length {
                best = (length, Point { x: (from.x + to.x) / 2.0, y: (from.y + to.y) / 2.0 });
            }
        }
    }
    best.1
}

fn nearest_on(from: Point, to: Point, at: Point) -> Point {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let square = dx * dx + dy * dy;
    if square == 0.0 {
        return from;
    }
    let part = (((at.x - from.x) * dx + (at.y - from.y) * dy) / square).clamp(0.0, 1.0);
    Point { x: from.x + dx * part, y: from.y + dy * part }
}

fn distance(one: Point, other: Point) -> f64 {
    (one.x - other.x).hypot(one.y - other.y)
}

/// The place that is `by` pixels away from `from` on the way to `to`.
fn toward(from: Point, to: Point, by: f64) -> Point {
    let length = distance(from, to);
    if length == 0.0 {
        return from;
    }
    Point { x: from.x + (to.x - from.x) / length * by, y: from.y + (to.y - from.y) / length * by }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(places: &[(f64, f64)]) -> Vec<Point> {
        places.iter().map(|(x, y)| Point { x: *x, y: *y }).collect()
    }

    #[test]
    fn corners_are_rounded_and_the_line_ends_behind_the_arrow() {
        let bent = points(&[(0.0, 0.0), (0.0, 50.0), (100.0, 50.0)]);
        assert_eq!(path(&bent), "M0.0 0.0L0.0 42.0Q0.0 50.0 8.0 50.0L93.0 50.0");
        assert_eq!(arrow(&bent), "M100.0 50.0L92.0 55.0L92.0 45.0Z");
    }

    #[test]
    fn short_stretches_get_small_corners() {
        let tight = points(&[(0.0, 0.0), (0.0, 6.0), (4.0, 6.0), (4.0, 30.0)]);
        assert_eq!(path(&tight), "M0.0 0.0L0.0 4.0Q0.0 6.0 2.0 6.0L2.0 6.0Q4.0 6.0 4.0 8.0L4.0 23.0");
    }

    #[test]
    fn degenerate_lines_are_survived() {
        for places in [vec![], points(&[(1.0, 1.0)]), points(&[(1.0, 1.0), (1.0, 1.0)])] {
            assert!(!path(&places).contains("NaN"));
            assert_eq!(arrow(&places), "");
        }
        assert_eq!(distance_to(&[], Point::default()), f64::INFINITY);
    }

    #[test]
    fn distance_is_to_the_line_not_its_corners() {
        let bent = points(&[(0.0, 0.0), (0.0, 50.0), (100.0, 50.0)]);
        assert_eq!(distance_to(&bent, Point { x: 3.0, y: 25.0 }), 3.0);
        assert_eq!(distance_to(&bent, Point { x: 50.0, y: 40.0 }), 10.0);
        assert_eq!(roomiest(&bent), Point { x: 50.0, y: 50.0 });
    }
}
