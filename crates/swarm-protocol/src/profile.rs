//! What an oracle says about itself: where it is reached, what it runs. Claims, bounded and checked in form.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::limits::{ENDPOINT_OCTETS_MAX, ENDPOINTS_MAX, NAME_OCTETS_MAX};
use crate::octets::text_type;

/// Why a name or an endpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Empty, too long, or with control characters.
    #[error("name of {octets} octets is not 1 to {octets_max} octets of printable text")]
    Name {
        /// Octets found.
        octets: usize,
        /// Octets allowed.
        octets_max: usize,
    },
    /// Not an absolute http or https URL without user, query and fragment.
    #[error("endpoint `{found}` is not an http or https URL without user, query and fragment")]
    Endpoint {
        /// The text, at most 80 characters of it.
        found: String,
    },
    /// No endpoint, or too many.
    #[error("{found} endpoints, expected 1 to {endpoints_max}")]
    Endpoints {
        /// Endpoints found.
        found: usize,
        /// Endpoints allowed.
        endpoints_max: usize,
    },
}

impl ProfileError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Name { .. } => "use a short printable name",
            Self::Endpoint { .. } => "write it like https://oracle.example.org:20000",
            Self::Endpoints { .. } => "name at least the one endpoint that the controller dials back",
        }
    }
}

/// A short printable text: a swarm's, contract's, region's or operator's name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_type!(Name);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Name {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        if text.is_empty() || text.len() > NAME_OCTETS_MAX || text.chars().any(char::is_control) {
            return Err(ProfileError::Name { octets: text.len(), octets_max: NAME_OCTETS_MAX });
        }
        Ok(Self(text.to_owned()))
    }
}

/// The base URL of an oracle or controller: scheme, host, port and an optional path, without a slash at the end.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Endpoint(String);

impl Endpoint {
    /// The URL, to which `/api/…` or `/v1/…` is appended.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host: a name in lower case, or an address.
    pub fn host(&self) -> String {
        match self.url().host() {
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            Some(Host::Domain(name)) => name.to_owned(),
            None => String::new(),
        }
    }

    /// The host's address, when it is written as one.
    pub fn address(&self) -> Option<IpAddr> {
        self.host().parse().ok()
    }

    fn url(&self) -> Url {
        Url::parse(&self.0).expect("the URL was parsed when the endpoint was made")
    }
}

text_type!(Endpoint);

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Endpoint {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, ProfileError> {
        let refused = || ProfileError::Endpoint { found: text.chars().take(80).collect() };
        if text.len() > ENDPOINT_OCTETS_MAX {
            return Err(refused());
        }
        let url = Url::parse(text).map_err(|_| refused())?;
        let plain = url.username().is_empty() && url.password().is_none();
        let bare = url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !plain || !bare {
            return Err(refused());
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

/// What an oracle announces about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Where it is reached; the first is the one that the controller dials.
    pub endpoints: Vec<Endpoint>,
    /// Name and version of the software.
    pub software: Name,
    /// Who runs it, as claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<Name>,
    /// Country, as claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Name>,
    /// Region, as claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Name>,
}

impl Profile {
    /// A profile of one endpoint.
    pub fn new(endpoint: Endpoint, software: Name) -> Self {
        Self { endpoints: vec![endpoint], software, operator: None, country: None, region: None }
    }

    /// Checks the number of endpoints; each is valid by construction.
    ///
    /// # Errors
    /// [`ProfileError::Endpoints`].
    pub fn check(&self) -> Result<(), ProfileError> {
        match self.endpoints.len() {
            1..=ENDPOINTS_MAX => Ok(()),
            found => Err(ProfileError::Endpoints { found, endpoints_max: ENDPOINTS_MAX }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(text: &str) -> Result<String, ProfileError> {
        text.parse::<Endpoint>().map(|endpoint| endpoint.to_string())
    }

    #[test]
    fn an_endpoint_has_one_form() {
        assert_eq!(endpoint("HTTPS://Oracle.Example.org:443/"), Ok("https://oracle.example.org".to_owned()));
        assert_eq!(endpoint("http://127.0.0.1:20000"), Ok("http://127.0.0.1:20000".to_owned()));
        assert_eq!(endpoint("http://[::1]:80/a/"), Ok("http://[::1]/a".to_owned()));
    }

    #[test]
    fn what_is_no_plain_web_address_is_refused() {
        for text in
            ["ftp://a", "http://u@a", "http://a?b", "http://a#b", "a:80", "", "http://", "file:///etc/passwd"]
        {
            assert!(matches!(endpoint(text), Err(ProfileError::Endpoint { .. })), "{text}");
        }
    }

    #[test]
    fn a_host_is_told_without_brackets() {
        let endpoint: Endpoint = "http://[::1]:8080".parse().unwrap();
        assert_eq!(endpoint.host(), "::1");
        assert_eq!(endpoint.address(), Some("::1".parse().unwrap()));
    }

    #[test]
    fn a_name_with_a_newline_is_refused() {
        assert!("a\nb".parse::<Name>().is_err());
        assert!("".parse::<Name>().is_err());
    }
}
