//! Numbers as the reference engine has them: 32-bit integers and floats inside, seven digits outside.

/// A number of the reference engine's own Lua, which is built with 32-bit numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Integer(i32),
    Float(f32),
}

impl Number {
    /// Reads a number the way Lua's `tonumber` does: blanks around, hexadecimal, decimal, exponent.
    ///
    /// # Source
    /// Lua 5.4 manual, 3.1 and `tonumber`, with `LUA_32BITS`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            return Self::parse_hexadecimal(hex, negative);
        }
        if !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit())
            && let Ok(integer) = format!("{}{digits}", if negative { "-" } else { "" }).parse()
        {
            return Some(Self::Integer(integer));
        }
        let value = parse_float(digits)?;
        Some(Self::Float(if negative { -value } else { value }))
    }

    fn parse_hexadecimal(hex: &str, negative: bool) -> Option<Self> {
        if !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            // Hexadecimal integers wrap around, as in Lua.
            let mut value = 0_u32;
            for digit in hex.chars() {
                value = value.wrapping_mul(16).wrapping_add(digit.to_digit(16)?);
            }
            let value = value.cast_signed();
            return Some(Self::Integer(if negative { value.wrapping_neg() } else { value }));
        }
        let value = parse_hexadecimal_float(hex)?;
        Some(Self::Float(if negative { -value } else { value }))
    }

    /// The text that Lua's `tostring` makes.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Integer(value) => value.to_string(),
            Self::Float(value) => {
                let text = seven_digits(value);
                if text.bytes().all(|b| b == b'-' || b.is_ascii_digit()) { format!("{text}.0") } else { text }
            }
        }
    }

    /// The value as a float.
    #[expect(clippy::cast_precision_loss, reason = "the reference engine keeps 24 bits too")]
    pub(crate) fn float(self) -> f32 {
        match self {
            Self::Integer(value) => value as f32,
            Self::Float(value) => value,
        }
    }

    /// The decimal text of an integral value.
    pub(crate) fn integral_text(self) -> Option<String> {
        match self {
            Self::Integer(value) => Some(value.to_string()),
            Self::Float(value) if value.is_finite() && value.fract() == 0.0 => Some(format!("{value:.0}")),
            Self::Float(_) => None,
        }
    }
}

/// C's `strtof` on a whole text, without sign, infinities and not-a-number refused.
fn parse_float(digits: &str) -> Option<f32> {
    let valid = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    if !valid || !digits.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse::<f32>().ok()
}

fn parse_hexadecimal_float(hex: &str) -> Option<f32> {
    let (mantissa, exponent) = match hex.split_once(['p', 'P']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (hex, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0_f64;
    for digit in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(digit.to_digit(16)?);
    }
    let scale = exponent.checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    #[expect(clippy::cast_possible_truncation, reason = "strtof rounds to single precision")]
    Some((value * 2.0_f64.powi(scale)) as f32)
}

/// C's `strtof` on a whole text, as `FLOAT.new` uses it: blanks in front allowed, none behind.
pub(crate) fn whole_float(text: &str) -> Option<f32> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    if text.ends_with(|c: char| c.is_ascii_whitespace()) {
        return None;
    }
    let value = Number::parse(text)?.float();
    // A whole number has lost the sign of its zero on the way.
    let value = if value == 0.0 && text.starts_with('-') { -0.0 } else { value };
    value.is_finite().then_some(value)
}

/// Whether `strtof` would read the whole text, infinities included.
pub(crate) fn float_like(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{b}');
    let bare = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    matches!(bare.as_str(), "inf" | "infinity" | "nan") || text.is_empty() || whole_float(text).is_some()
}

/// C's `%.7g`.
pub(crate) fn seven_digits(value: f32) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0".to_owned() } else { "0".to_owned() };
    }
    if !value.is_finite() {
        return if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .to_owned();
    }
    let scientific = format!("{:.6e}", f64::from(value));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..7).contains(&exponent) {
        let decimals = usize::try_from(6 - exponent).unwrap_or(0);
        return trim_zeros(&format!("{:.decimals$}", f64::from(value))).to_owned();
    }
    format!("{}e{}{:02}", trim_zeros(mantissa), if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The text of a `float` object: six decimals without trailing zeros, or an exponent above a million.
///
/// # Source
/// Zenroom `zen_float.c`, `_string_from_float`.
pub(crate) fn float_text(value: f32) -> String {
    if value > 1_000_000.0 {
        let text = format!("{:.6e}", f64::from(value));
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{mantissa}e+{exponent:0>2}");
    }
    trim_zeros(&format!("{:.6}", f64::from(value))).to_owned()
}

fn trim_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn prints(value: f32, expected: &str) {
        let text = float_text(value);
        assert_eq!(Number::parse(&text).map(Number::text).as_deref(), Some(expected));
    }

    #[test]
    fn floats_print_as_the_reference_prints_them() {
        prints(1_000_000.0, "1000000");
        prints(1_000_001.0, "1000001.0");
        prints(12_345_678.0, "1.234568e+07");
        prints(1e10, "1e+10");
        prints(0.000_000_4, "0");
        prints(0.000_01, "1e-05");
        prints(-5_000_000.0, "-5000000");
        prints(123_456.79, "123456.8");
        prints(3.5, "3.5");
    }

    #[test]
    fn seconds_beyond_2038_lose_digits() {
        assert_eq!(Number::parse("2147483648").map(Number::text).as_deref(), Some("2.147484e+09"));
        assert_eq!(Number::parse("9999999999").map(Number::text).as_deref(), Some("1e+10"));
    }

    #[test]
    fn blanks_and_hexadecimal_are_read_as_by_strtof() {
        assert_eq!(whole_float(" 3"), Some(3.0));
        assert_eq!(whole_float("3 "), None);
        assert_eq!(whole_float("0x10"), Some(16.0));
        assert_eq!(whole_float("inf"), None);
    }
}
