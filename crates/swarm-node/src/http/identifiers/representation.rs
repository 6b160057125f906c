//! Which form of an answer a client of the resolver asked for.
//!
//! # Source
//! RFC 9110, 12.5.1 (`Accept`); W3C DID Resolution, HTTP(S) binding.

/// Media type of a resolution result.
const RESULT: &str = "application/did-resolution";
/// The same before it had a name of its own; Universal Resolver clients send it.
const RESULT_LEGACY: &str = "application/ld+json;profile=\"https://w3id.org/did-resolution\"";
/// Profile that tells a resolution result from other JSON-LD.
const RESULT_PROFILE: &str = "https://w3id.org/did-resolution";
/// Elements of an `Accept` header that are looked at.
const ELEMENTS_MAX: usize = 32;

/// What is sent: the whole result or the document alone, and under which name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Representation {
    /// Document, resolution metadata and document metadata.
    Result(&'static str),
    /// The DID document alone.
    Document(&'static str),
}

impl Representation {
    /// What those get who do not say.
    pub(crate) const DEFAULT: Self = Self::Result(RESULT);

    /// The value for `Content-Type`.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Result(name) | Self::Document(name) => name,
        }
    }

    /// The best of what is accepted; `None` when nothing of it can be sent.
    pub(crate) fn of(accept: &str) -> Option<Self> {
        if accept.trim().is_empty() {
            return Some(Self::DEFAULT);
        }
        let mut best: Option<(u16, Self)> = None;
        for (quality, representation) in accept.split(',').take(ELEMENTS_MAX).filter_map(element) {
            // Of equals, the first one named.
            if quality > 0 && best.is_none_or(|(other, _)| quality > other) {
                best = Some((quality, representation));
            }
        }
        best.map(|(_, representation)| representation)
    }
}

/// Quality in thousandths, and what a media range stands for.
fn element(text: &str) -> Option<(u16, Representation)> {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next()?.to_ascii_lowercase();
    let mut quality = 1000;
    let mut profile = None;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = thousandths(value.trim())?,
            "profile" => profile = Some(value.trim().trim_matches('"')),
            _ => {}
        }
    }
    Some((quality, representation(&range, profile)?))
}

fn representation(range: &str, profile: Option<&str>) -> Option<Representation> {
    match (range, profile) {
        ("*/*" | "application/*" | RESULT, _) => Some(Representation::DEFAULT),
        ("application/ld+json", None | Some(RESULT_PROFILE)) => Some(Representation::Result(RESULT_LEGACY)),
        ("application/json", _) => Some(Representation::Result("application/json")),
        ("application/did", _) => Some(Representation::Document("application/did")),
        ("application/did+ld+json", _) => Some(Representation::Document("application/did+ld+json")),
        ("application/did+json", _) => Some(Representation::Document("application/did+json")),
        _ => None,
    }
}

/// `0`, `1`, `0.8`, `1.000`: at most three digits after the point.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let valid = fraction.len() <= 3 && fraction.bytes().all(|octet| octet.is_ascii_digit());
    let fraction: u16 = format!("{fraction:0<3}").parse().ok().filter(|_| valid)?;
    match (whole, fraction) {
        ("0", _) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(accept: &str, expected: Option<&str>) {
        assert_eq!(Representation::of(accept).map(Representation::content_type), expected, "{accept}");
    }

    #[test]
    fn those_who_do_not_say_get_the_whole_result() {
        check("", Some("application/did-resolution"));
        check("*/*", Some("application/did-resolution"));
        check("text/html, application/*;q=0.1", Some("application/did-resolution"));
    }

    #[test]
    fn a_document_is_asked_for_by_its_media_type() {
        check("application/did", Some("application/did"));
        check("application/did+ld+json", Some("application/did+ld+json"));
        assert_eq!(Representation::of("application/did"), Some(Representation::Document("application/did")));
    }

    #[test]
    fn the_legacy_profile_names_a_result() {
        check(RESULT_LEGACY, Some(RESULT_LEGACY));
        check("application/ld+json", Some(RESULT_LEGACY));
        check("application/ld+json;profile=\"https://example.org/other\"", None);
    }

    #[test]
    fn the_highest_quality_wins_and_zero_refuses() {
        check("application/did;q=0.5, application/did+ld+json;q=0.9", Some("application/did+ld+json"));
        check("application/did;q=0", None);
        check("application/did, application/did-resolution", Some("application/did"));
    }

    #[test]
    fn what_we_cannot_send_is_not_promised() {
        check("text/html", None);
        check("application/cbor", None);
        check("application/did;q=2", None);
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_a_panic(accept in "\\PC{0,200}") {
            let _ = Representation::of(&accept);
        }
    }
}
