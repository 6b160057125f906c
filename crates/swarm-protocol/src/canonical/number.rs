//! A look at the text before it is read: how deep it goes, and whether each number survives canonical JSON.

use super::JsonError;
use crate::limits::{INTEGER_MAX, NESTING_MAX};

/// Characters of a refused number that its error repeats.
const NUMBER_SHOWN_MAX: usize = 32;

/// Walks over the text outside strings. What is not JSON is left to the reader that follows.
pub(super) fn scan(json: &[u8]) -> Result<(), JsonError> {
    let (mut position, mut depth) = (0, 0_usize);
    while let Some(&octet) = json.get(position) {
        position = match octet {
            b'"' => after_string(json, position),
            b'{' | b'[' => {
                depth += 1;
                if depth > NESTING_MAX {
                    return Err(JsonError::TooDeep { nesting_max: NESTING_MAX, position });
                }
                position + 1
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                position + 1
            }
            b'-' | b'0'..=b'9' => {
                let end = after_number(json, position);
                check(&json[position..end], position)?;
                end
            }
            _ => position + 1,
        };
    }
    Ok(())
}

fn after_string(json: &[u8], start: usize) -> usize {
    let mut position = start + 1;
    while let Some(&octet) = json.get(position) {
        match octet {
            b'"' => return position + 1,
            b'\\' => position += 2,
            _ => position += 1,
        }
    }
    json.len()
}

fn after_number(json: &[u8], start: usize) -> usize {
    let is_part = |octet: &&u8| matches!(octet, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    start + json[start..].iter().take_while(is_part).count()
}

/// Refuses a number whose decimal value differs from that of its canonical form.
fn check(number: &[u8], position: usize) -> Result<(), JsonError> {
    let Ok(text) = std::str::from_utf8(number) else { return Ok(()) };
    // What is not a number at all is a syntax error, which the reader reports with its place.
    let Ok(value) = serde_json::from_str::<f64>(text) else { return refuse_overflow(text, position) };
    let integer_max = INTEGER_MAX as f64;
    // Above 2^53 neighbouring integers share one canonical form, so that even those which keep their
    // value cannot be told from their neighbours by who reads them as doubles.
    let unsafe_integer = value.abs() > integer_max && !text.contains(['.', 'e', 'E']);
    // Canonical JSON writes minus zero as 0.
    let minus_zero = value == 0.0 && text.starts_with('-');
    if unsafe_integer || minus_zero || decimal(text) != decimal(&format!("{value:e}")) {
        return Err(refusal(text, position));
    }
    Ok(())
}

/// Tells a number too large for a double, which is a number, from a text that is none.
fn refuse_overflow(text: &str, position: usize) -> Result<(), JsonError> {
    match text.parse::<f64>() {
        Ok(value) if value.is_infinite() => Err(refusal(text, position)),
        _ => Ok(()),
    }
}

fn refusal(text: &str, position: usize) -> JsonError {
    JsonError::Number { number: text.chars().take(NUMBER_SHOWN_MAX).collect(), position }
}

/// Sign, significant digits and exponent of a decimal text, each in one form only.
fn decimal(text: &str) -> (bool, String, i64) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let kept = digits.trim_end_matches('0');
    let dropped = i64::try_from(digits.len() - kept.len()).unwrap_or(i64::MAX);
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX);
    let kept = kept.trim_start_matches('0').to_owned();
    if kept.is_empty() {
        return (negative, kept, 0);
    }
    (negative, kept, exponent.saturating_sub(places).saturating_add(dropped))
}
