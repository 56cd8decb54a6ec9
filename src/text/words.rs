//! Numbers, times and lists in the words the views use.

/// “1 key”, “3 keys”.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// `12,345`.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `00:00:04.900`; hours grow beyond two digits.
pub fn clock(millis: u64) -> String {
    let (seconds, hours) = (millis / 1_000, millis / 3_600_000);
    format!("{hours:02}:{:02}:{:02}.{:03}", seconds / 60 % 60, seconds % 60, millis % 1_000)
}

/// “4 s”, “1.5 s”, “250 ms”, “2 min 5 s”, “3 h”, “2 days 4 h”: at most the two largest units.
pub fn duration(millis: u64) -> String {
    let seconds = millis / 1_000;
    let two = |large: u64, large_unit: &str, small: u64, small_unit: &str| {
        if small == 0 {
            format!("{large}{large_unit}")
        } else {
            format!("{large}{large_unit} {small}{small_unit}")
        }
    };
    if millis < 1_000 && millis > 0 {
        format!("{millis} ms")
    } else if seconds < 60 {
        let tenths = millis % 1_000 / 100;
        if tenths == 0 { format!("{seconds} s") } else { format!("{seconds}.{tenths} s") }
    } else if seconds < 3_600 {
        two(seconds / 60, " min", seconds % 60, " s")
    } else if seconds < 86_400 {
        two(seconds / 3_600, " h", seconds / 60 % 60, " min")
    } else {
        let days = seconds / 86_400;
        two(days, if days == 1 { " day" } else { " days" }, seconds / 3_600 % 24, " h")
    }
}

/// The first characters of a text, with “…” where it was cut.
pub fn cut(text: &str, n_chars: usize) -> String {
    match text.char_indices().nth(n_chars) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_show_their_two_largest_units() {
        let told: Vec<String> = [0, 250, 4_000, 1_500, 125_000, 3_600_000, 5_400_000, 187_200_000]
            .into_iter()
            .map(duration)
            .collect();
        assert_eq!(told, ["0 s", "250 ms", "4 s", "1.5 s", "2 min 5 s", "1 h", "1 h 30 min", "2 days 4 h"]);
    }

    #[test]
    fn numbers_are_grouped_and_clocks_padded() {
        assert_eq!([grouped(7), grouped(1_000), grouped(1_234_567)], ["7", "1,000", "1,234,567"]);
        assert_eq!(clock(4_900), "00:00:04.900");
        assert_eq!(clock(360_061_001), "100:01:01.001");
    }
}
