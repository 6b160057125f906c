//! Time as the protocol writes it: whole milliseconds since 1970, always given by the caller.

use serde::{Deserialize, Serialize};

use crate::limits::INTEGER_MAX;

/// Milliseconds since 1970-01-01T00:00:00Z, at most 2^53 - 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Timestamp(u64);

/// A number of milliseconds that JSON cannot carry safely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("time {0} is above 2^53 - 1 milliseconds")]
pub struct TimeError(u64);

impl TimeError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "times are whole milliseconds since 1970, not microseconds or nanoseconds"
    }
}

impl Timestamp {
    /// The start of 1970.
    pub const ZERO: Self = Self(0);

    /// The time after all others: what never expires is written with it.
    pub const NEVER: Self = Self(INTEGER_MAX);

    /// The time so many milliseconds after 1970; later than [`Self::NEVER`] becomes that.
    pub const fn from_millis(millis: u64) -> Self {
        Self(if millis > INTEGER_MAX { INTEGER_MAX } else { millis })
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// The time so many milliseconds later.
    pub const fn plus(self, millis: u64) -> Self {
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this time; 0 when it is not earlier.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The XML `dateTime` of DID metadata, in whole seconds: `2020-12-20T19:17:47Z`.
    ///
    /// # Source
    /// W3C DID Resolution, DID document metadata.
    pub fn xml_date_time(self) -> String {
        let second = i64::try_from(self.0 / 1000).unwrap_or(i64::MAX);
        jiff::Timestamp::from_second(second)
            .unwrap_or(jiff::Timestamp::MAX)
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    }
}

impl TryFrom<u64> for Timestamp {
    type Error = TimeError;

    fn try_from(millis: u64) -> Result<Self, TimeError> {
        if millis > INTEGER_MAX { Err(TimeError(millis)) } else { Ok(Self(millis)) }
    }
}

impl From<Timestamp> for u64 {
    fn from(time: Timestamp) -> Self {
        time.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_the_resolution_standard_shows() {
        assert_eq!(Timestamp::from_millis(1_608_491_867_999).xml_date_time(), "2020-12-20T19:17:47Z");
        assert_eq!(Timestamp::ZERO.xml_date_time(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn the_latest_time_is_written_without_a_panic() {
        assert_eq!(Timestamp::NEVER.xml_date_time(), "9999-12-30T22:00:00Z");
    }

    #[test]
    fn a_time_that_json_cannot_carry_is_refused() {
        assert!(serde_json::from_str::<Timestamp>("9007199254740992").is_err());
        assert!(serde_json::from_str::<Timestamp>("-1").is_err());
        assert!(serde_json::from_str::<Timestamp>("1.5").is_err());
    }
}
