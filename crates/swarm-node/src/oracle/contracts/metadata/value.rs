//! Values of metadata that are checked once, when they are read.

use std::fmt;

use axum::http::{HeaderValue, StatusCode};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

/// A status that ends an exchange: 200 to 599. ncr writes it as text, with or without its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status(StatusCode);

/// A media type, fit for a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType(HeaderValue);

/// A type that the body of a POST may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum BodyType {
    /// JSON.
    #[serde(rename = "application/json")]
    Json,
    /// The fields of a form.
    #[serde(rename = "application/x-www-form-urlencoded")]
    Form,
}

impl Status {
    /// The status.
    pub fn get(self) -> StatusCode {
        self.0
    }

    /// Whether an answer with this status has no body.
    pub(crate) fn is_bare(self) -> bool {
        matches!(self.0.as_u16(), 204 | 205 | 304)
    }
}

impl MediaType {
    /// The value of the header.
    pub fn header(&self) -> &HeaderValue {
        &self.0
    }
}

impl BodyType {
    /// The name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;
        impl Visitor<'_> for Code {
            type Value = Status;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a status from 200 to 599, such as 201 or \"201\"")
            }

            fn visit_u64<E: de::Error>(self, code: u64) -> Result<Status, E> {
                let status = u16::try_from(code).ok().filter(|code| (200..600).contains(code));
                let status = status.and_then(|code| StatusCode::from_u16(code).ok());
                status.map(Status).ok_or_else(|| E::invalid_value(de::Unexpected::Unsigned(code), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Status, E> {
                let digits = text.split_whitespace().next().unwrap_or_default();
                match digits.parse() {
                    Ok(code) => self.visit_u64(code),
                    Err(_) => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(Code)
    }
}

impl<'de> Deserialize<'de> for MediaType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let halves = text.split_once('/').filter(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
        match (halves, HeaderValue::from_str(&text)) {
            (Some(_), Ok(value)) => Ok(Self(value)),
            _ => Err(de::Error::custom(format!("{text:?} is not a media type such as text/html"))),
        }
    }
}
