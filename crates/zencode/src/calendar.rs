//! The calendar: seconds since 1970 to dates and back, with no time zone but UTC.

use crate::value::{Table, Value};

/// Seconds of a day.
const DAY: i128 = 86_400;

/// Days from which the reference engine loses the sign of a time before 1970.
const MIRRORED_FROM_DAYS: i64 = 31;

/// A date and a time of day; fields may be out of range until it is made from seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

/// The names that contracts know the fields by, from the largest to the smallest.
pub(crate) const FIELDS: [&str; 6] = ["year", "month", "day", "hour", "min", "sec"];

impl Date {
    /// The date of a time. From 31 days before 1970 on the days count forward, as in the reference engine,
    /// whose integers have no sign when they are subtracted.
    ///
    /// # Source
    /// Zenroom `timetable.lua`, `new_from_timestamp`.
    pub(crate) fn of(seconds: i64) -> Self {
        let days = seconds / 86_400;
        let mirrored = days <= -MIRRORED_FROM_DAYS;
        let days = i128::from(if mirrored { -days } else { days });
        let total = days * DAY + i128::from(seconds % 86_400);
        let (year, month, day) = civil(total.div_euclid(DAY));
        let second_of_day = small(total.rem_euclid(DAY));
        Self {
            year: small(year),
            month: small(month),
            day: small(day),
            hour: second_of_day / 3600,
            minute: second_of_day / 60 % 60,
            second: second_of_day % 60,
        }
    }

    /// The time of a date, its fields carried over where they are out of range; none before 1970 and
    /// beyond what a time can hold.
    ///
    /// # Source
    /// Zenroom `timetable.lua`, `normalise` and `timestamp`.
    pub(crate) fn seconds(&self) -> Option<i64> {
        let month = i128::from(self.month) - 1;
        let year = i128::from(self.year) + month.div_euclid(12);
        let days = days_before(year, month.rem_euclid(12) + 1) + i128::from(self.day) - 1;
        let of_day = i128::from(self.hour) * 3600 + i128::from(self.minute) * 60 + i128::from(self.second);
        let total = days * DAY + of_day;
        i64::try_from(total).ok().filter(|seconds| *seconds >= 0)
    }

    /// The fields, in the order of [`FIELDS`].
    pub(crate) fn fields(&self) -> [i64; 6] {
        [self.year, self.month, self.day, self.hour, self.minute, self.second]
    }

    /// The table that contracts work on.
    pub(crate) fn table(&self) -> Table {
        let mut table = Table::default();
        for (name, value) in FIELDS.into_iter().zip(self.fields()) {
            table.set(name, Value::Time(value));
        }
        table
    }

    /// The text of RFC 3339, to the second, in UTC.
    pub(crate) fn text(&self) -> String {
        let [year, month, day, hour, minute, second] = self.fields();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// Reads a text of RFC 3339 in UTC. A fraction of a second makes the seconds zero, as in the
    /// reference engine; what follows the zone is not looked at.
    ///
    /// # Source
    /// Zenroom `timetable.lua`, `rfc_3339`; `zenroom_common.lua`, `zulu2timestamp`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        let number = |from: usize, digits: usize| -> Option<i64> {
            let part = text.get(from..from + digits)?;
            let digit = |value: Option<i64>, octet: &u8| {
                value.filter(|_| octet.is_ascii_digit()).map(|value| value * 10 + i64::from(octet - b'0'))
            };
            part.iter().fold(Some(0), digit)
        };
        let marks = [(4, b"-".as_slice()), (7, b"-"), (10, b"Tt"), (13, b":"), (16, b":")];
        let marked = marks.iter().all(|(at, any)| text.get(*at).is_some_and(|octet| any.contains(octet)));
        let (mut rest, mut second) = (text.get(19..)?, number(17, 2)?);
        if let [b'.', after @ ..] = rest {
            let digits = after.iter().take_while(|octet| octet.is_ascii_digit()).count();
            (rest, second) = (&after[digits..], 0);
        }
        let zone = matches!(rest, [b'Z' | b'z', ..] | [b'+' | b'-', b'0', b'0', b':', b'0', b'0', ..]);
        (marked && zone).then_some(())?;
        Some(Self {
            year: number(0, 4)?,
            month: number(5, 2)?,
            day: number(8, 2)?,
            hour: number(11, 2)?,
            minute: number(14, 2)?,
            second,
        })
    }
}

/// What the calendar of an `i64` of seconds cannot outgrow.
fn small(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Days from 1970 to the first of a month.
///
/// # Source
/// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days_before(year: i128, month: i128) -> i128 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month and day of a number of days after 1970.
///
/// # Source
/// H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i128::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: Option<i64>) {
        assert_eq!(Date::parse(text).and_then(|date| date.seconds()), expected);
    }

    #[test]
    fn a_leap_day_is_known_both_ways() {
        assert_eq!(Date::of(1_709_164_800).text(), "2024-02-29T00:00:00Z");
        reads("2024-02-29T00:00:00Z", Some(1_709_164_800));
    }

    #[test]
    fn the_year_2100_has_no_leap_day() {
        assert_eq!(Date::of(4_107_542_400).text(), "2100-03-01T00:00:00Z");
        reads("2100-02-29T00:00:00Z", Some(4_107_542_400));
    }

    #[test]
    fn times_before_1970_mirror_after_31_days() {
        assert_eq!(Date::of(-1).text(), "1969-12-31T23:59:59Z");
        assert_eq!(Date::of(-172_800).text(), "1969-12-30T00:00:00Z");
        assert_eq!(Date::of(-2_678_400).text(), "1970-02-01T00:00:00Z");
        assert_eq!(Date::of(-5_000_000).text(), "1970-02-26T03:06:40Z");
    }

    #[test]
    fn the_largest_time_has_a_date() {
        assert_eq!(Date::of(i64::MAX).seconds(), Some(i64::MAX));
        assert_eq!(Date::of(i64::MAX).text(), "292277026596-12-04T15:30:07Z");
    }

    #[test]
    fn fields_out_of_range_carry_over() {
        let date = Date { year: 2023, month: 14, day: 35, hour: 25, minute: 61, second: 61 };
        assert_eq!(
            date.seconds().map(Date::of).map(|date| date.text()).as_deref(),
            Some("2024-03-07T02:02:01Z")
        );
    }

    #[test]
    fn a_fraction_drops_the_seconds() {
        reads("2024-01-01T00:00:30.5Z", Some(1_704_067_200));
    }

    #[test]
    fn only_utc_is_read() {
        reads("2024-01-01T00:00:00+00:00", Some(1_704_067_200));
        reads("2024-01-01T00:00:00+01:00", None);
        reads("2024-01-01T00:00:00", None);
        reads("1969-12-31T23:59:59Z", None);
        reads("2024-01-01é00:00:00Z", None);
    }
}
