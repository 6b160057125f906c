//! Times on the command line: a whole number with a unit.

use std::time::Duration;

/// Reads `500ms`, `5s`, `30m`, `12h` or `7d`.
///
/// # Errors
/// A sentence for the command line's report.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err("write a whole number and one of ms, s, m, h, d, for instance 5s".into()),
    };
    let number: u64 = number.parse().map_err(|_| "the number is missing or too large".to_owned())?;
    number.checked_mul(unit_ms).map(Duration::from_millis).ok_or_else(|| "the number is too large".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read() {
        for (text, ms) in [("0ms", 0), ("500ms", 500), ("5s", 5_000), ("30m", 1_800_000), ("7d", 604_800_000)]
        {
            assert_eq!(parse(text), Ok(Duration::from_millis(ms)));
        }
    }

    #[test]
    fn a_time_without_unit_or_number_is_refused() {
        for text in
            ["", "5", "s", "-5s", "5 s", "1.5h", "5S", "99999999999999999999s", "999999999999999999d", "٣s"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
