//! The one thing that a Lua file behind `-l` can say here: what time it is.
//!
//! # Source
//! Zenroom `zenroom_common.lua`, `TIME_NOW_OVERRIDE`.

/// The variable that replaces the clock.
const TIME: &str = "TIME_NOW_OVERRIDE";

/// Reads the time in milliseconds; nothing where the file is empty but for comments.
///
/// # Errors
/// When the file says anything else: there is no Lua in this program.
pub(super) fn time_ms(text: &str) -> Result<Option<i64>, String> {
    let mut time = None;
    for line in text.lines().map(str::trim) {
        let line = line.strip_suffix(';').unwrap_or(line).trim_end();
        if line.is_empty() || line.starts_with("--") {
            continue;
        }
        let value = line.strip_prefix(TIME).map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
        let seconds = value.and_then(|value| seconds(value.trim())).ok_or_else(|| {
            let shown: String = line.chars().take(60).collect();
            format!("{shown}: there is no Lua in this program: a file behind -l can only say {TIME} = '1700000000'")
        })?;
        time = Some(seconds);
    }
    Ok(time)
}

/// Seconds between quotes or without, as milliseconds.
fn seconds(value: &str) -> Option<i64> {
    let quoted = |mark: char| value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    let digits = quoted('\'').or_else(|| quoted('"')).unwrap_or(value);
    if !digits.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    digits.parse::<i64>().ok()?.checked_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_read() {
        assert_eq!(time_ms("TIME_NOW_OVERRIDE = '2524608128'\n"), Ok(Some(2_524_608_128_000)));
        assert_eq!(time_ms("-- later\n\nTIME_NOW_OVERRIDE=\"7\";\n"), Ok(Some(7000)));
        assert_eq!(time_ms("TIME_NOW_OVERRIDE = 7"), Ok(Some(7000)));
        assert_eq!(time_ms("-- nothing\n"), Ok(None));
    }

    #[test]
    fn anything_else_is_refused() {
        let beyond = format!("TIME_NOW_OVERRIDE = {}", i64::MAX);
        for text in
            ["print('x')", "TIME_NOW_OVERRIDE = now()", "TIME_NOW_OVERRIDE = '-7'", "TIME = 7", &beyond]
        {
            assert!(time_ms(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_time_or_a_fault(text in "(TIME_NOW_OVERRIDE)?[ =]{0,3}['\"]?\\PC{0,30}") {
            drop(time_ms(&text));
        }
    }
}
