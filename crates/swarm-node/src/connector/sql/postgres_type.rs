//! Types of PostgreSQL as JSON, one by one; what is not here is refused by name.
//!
//! As the peers give them: `bigint` and `numeric` are texts, times are texts in UTC with milliseconds. Different
//! from them: `bytea` is a text in base64.

use std::error::Error;

use bytes::BytesMut;
use data_encoding::BASE64;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde_json::Value;
use tokio_postgres::types::{Format, FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};
use zencode::SqlValue;

use super::float;

/// Why a value cannot be read.
type Unreadable = Box<dyn Error + Sync + Send>;

/// A parameter, sent as text: the server reads it as the type that its place has.
#[derive(Debug)]
pub(super) struct Bound<'a>(Option<&'a str>);

impl<'a> Bound<'a> {
    pub(super) fn new(value: &'a SqlValue) -> Self {
        Self(match value {
            SqlValue::Null => None,
            SqlValue::Boolean(true) => Some("true"),
            SqlValue::Boolean(false) => Some("false"),
            SqlValue::Number(text) | SqlValue::Text(text) => Some(text),
        })
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, _ty: &Type, out: &mut BytesMut) -> Result<IsNull, Unreadable> {
        Ok(match self.0 {
            None => IsNull::Yes,
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                IsNull::No
            }
        })
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    fn encode_format(&self, _ty: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// A value of a row.
#[derive(Debug)]
pub(super) struct Cell(pub(super) Value);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Unreadable> {
        value(ty, raw).map(Self)
    }

    fn from_sql_null(_ty: &Type) -> Result<Self, Unreadable> {
        Ok(Self(Value::Null))
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }
}

fn value(ty: &Type, raw: &[u8]) -> Result<Value, Unreadable> {
    if let Kind::Array(_) = ty.kind() {
        let items = Vec::<Cell>::from_sql(ty, raw)?;
        return Ok(Value::Array(items.into_iter().map(|Cell(item)| item).collect()));
    }
    if let Kind::Domain(inner) = ty.kind() {
        return value(inner, raw);
    }
    Ok(match *ty {
        Type::BOOL => Value::Bool(bool::from_sql(ty, raw)?),
        Type::INT2 => Value::from(i16::from_sql(ty, raw)?),
        Type::INT4 => Value::from(i32::from_sql(ty, raw)?),
        Type::OID => Value::from(u32::from_sql(ty, raw)?),
        Type::INT8 => Value::String(i64::from_sql(ty, raw)?.to_string()),
        Type::FLOAT4 => float(shortest(f32::from_sql(ty, raw)?)),
        Type::FLOAT8 => float(f64::from_sql(ty, raw)?),
        Type::NUMERIC => Value::String(numeric(raw).ok_or("a numeric of unknown form")?),
        Type::BYTEA => Value::String(BASE64.encode(raw)),
        Type::JSON => serde_json::from_slice(raw)?,
        // Its first octet is the version of the form.
        Type::JSONB => serde_json::from_slice(raw.get(1..).unwrap_or_default())?,
        Type::UUID => Value::String(uuid(raw)),
        Type::DATE => Value::String(date(i32::from_be_bytes(raw.try_into()?))?),
        Type::TIME => Value::String(time(i64::from_be_bytes(raw.try_into()?))),
        Type::TIMESTAMP | Type::TIMESTAMPTZ => Value::String(timestamp(i64::from_be_bytes(raw.try_into()?))?),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => text(raw)?,
        Type::VOID => Value::Null,
        _ if matches!(ty.kind(), Kind::Enum(_)) => text(raw)?,
        _ => return Err(format!("its type {} is not known here; add ::text to it", ty.name()).into()),
    })
}

fn text(raw: &[u8]) -> Result<Value, Unreadable> {
    Ok(Value::String(std::str::from_utf8(raw)?.to_owned()))
}

/// 0.1 as it is written, not as the nearest number of twice the size.
fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}

/// # Source
/// PostgreSQL `numeric.c`: count of digits, weight, sign, scale, then digits to the base 10000.
fn numeric(raw: &[u8]) -> Option<String> {
    let words: Vec<i16> = raw.chunks_exact(2).map(|it| i16::from_be_bytes([it[0], it[1]])).collect();
    let (&[_, weight, sign, scale], digits) = words.split_first_chunk::<4>()?;
    let sign = match sign.cast_unsigned() {
        0x0000 => "",
        0x4000 => "-",
        0xC000 => return Some("NaN".to_owned()),
        0xD000 => return Some("Infinity".to_owned()),
        0xF000 => return Some("-Infinity".to_owned()),
        _ => return None,
    };
    let digit = |place: i32| usize::try_from(place).ok().and_then(|it| digits.get(it)).copied().unwrap_or(0);
    let weight = i32::from(weight);
    let mut whole: String = (0..=weight).map(|place| format!("{:04}", digit(place))).collect();
    whole = whole.trim_start_matches('0').to_owned();
    if whole.is_empty() {
        whole.push('0');
    }
    let scale = usize::try_from(scale).ok()?;
    let groups = i32::try_from(scale.div_ceil(4)).ok()?;
    // The place of a group is counted from the first that is written, which may stand far behind the point.
    let point = weight + 1;
    let fraction: String = (point..point + groups).map(|place| format!("{:04}", digit(place))).collect();
    Some(match fraction.get(..scale).filter(|it| !it.is_empty()) {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    })
}

fn uuid(raw: &[u8]) -> String {
    let hex = data_encoding::HEXLOWER.encode(raw);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| hex.get(part).unwrap_or_default());
    parts.join("-")
}

/// Days since 2000-01-01.
fn date(days: i32) -> Result<String, Unreadable> {
    match days {
        i32::MAX => Ok("infinity".to_owned()),
        i32::MIN => Ok("-infinity".to_owned()),
        _ => Ok(Date::new(2000, 1, 1)?.checked_add(Span::new().try_days(days)?)?.to_string()),
    }
}

/// Microseconds since midnight.
fn time(microseconds: i64) -> String {
    let (seconds, rest) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { clock } else { format!("{clock}.{rest:06}").trim_end_matches('0').to_owned() }
}

/// Microseconds since 2000-01-01; one without a zone is taken to be in UTC.
fn timestamp(microseconds: i64) -> Result<String, Unreadable> {
    const EPOCH_SECONDS: i64 = 946_684_800;
    match microseconds {
        i64::MAX => return Ok("infinity".to_owned()),
        i64::MIN => return Ok("-infinity".to_owned()),
        _ => {}
    }
    let since_1970 = microseconds.checked_add(EPOCH_SECONDS * 1_000_000).ok_or("a time out of range")?;
    let milliseconds = since_1970.div_euclid(1000);
    Ok(Timestamp::from_millisecond(milliseconds)?.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[i16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn numerics_are_written_with_their_scale() {
        let check = |raw: &[i16], expected: &str| {
            assert_eq!(numeric(&words(raw)).as_deref(), Some(expected));
        };
        check(&[0, 0, 0, 0], "0");
        check(&[0, 0, 0, 2], "0.00");
        check(&[2, 0, 0, 2, 12, 3400], "12.34");
        check(&[1, 0, 0x4000, 0, 7], "-7");
        check(&[1, 1, 0, 0, 5], "50000");
        check(&[1, -1, 0, 4, 1], "0.0001");
        check(&[1, -2, 0, 8, 1], "0.00000001");
        check(&[0, 0, i16::from_be_bytes([0xC0, 0]), 0], "NaN");
    }

    #[test]
    fn a_numeric_of_unknown_form_is_refused() {
        assert_eq!(numeric(&[1, 2, 3]), None);
        assert_eq!(numeric(&words(&[0, 0, 0x1000, 0])), None);
    }

    #[test]
    fn times_are_written_in_utc_with_milliseconds() {
        assert_eq!(timestamp(0).unwrap(), "2000-01-01T00:00:00.000Z");
        assert_eq!(timestamp(-1).unwrap(), "1999-12-31T23:59:59.999Z");
        assert_eq!(timestamp(i64::MAX).unwrap(), "infinity");
        assert!(timestamp(i64::MAX - 1).is_err());
    }

    #[test]
    fn dates_and_hours_are_written() {
        assert_eq!(date(366).unwrap(), "2001-01-01");
        assert_eq!(time(3_723_500_000), "01:02:03.5");
    }
}
