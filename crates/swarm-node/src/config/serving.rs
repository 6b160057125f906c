//! How an oracle serves: TLS, rates, origins, and how it ends.

use std::time::Duration;

use axum::http::HeaderValue;
use url::Url;

use super::{ConfigError, Layer, Rate, fault, within};
use crate::connector::egress::Rule;
use crate::tls::TlsFiles;

/// How an oracle serves.
#[derive(Debug, Clone)]
pub struct ServingConfig {
    /// Certificate and key; plain HTTP without.
    pub tls: Option<TlsFiles>,
    /// Requests to contracts by one caller.
    pub rate: Option<Rate>,
    /// Proxies whose word about the caller's address is taken.
    pub trusted_proxies: Vec<Rule>,
    /// Origins whose pages may call.
    pub origins: Origins,
    /// Time between being told to stop and taking no more connections.
    pub drain: Duration,
    /// Time that requests under way are given after that.
    pub grace: Duration,
}

/// Origins whose pages may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// All.
    Any,
    /// These, or none.
    List(Vec<HeaderValue>),
}

impl Layer {
    pub(super) fn serving(&self) -> Result<ServingConfig, ConfigError> {
        let trusted_proxies = self.trusted_proxies.clone().unwrap_or_default();
        if let Some(rule) = trusted_proxies.iter().find(|rule| !rule.is_range()) {
            return Err(fault(format!("{rule} is not an address or a range"), "trusted_proxies")
                .hint("write proxies like 10.0.0.7 or 10.0.0.0/24"));
        }
        Ok(ServingConfig {
            tls: self.tls()?,
            rate: self.rate,
            trusted_proxies,
            origins: origins(self.cors_origins.as_deref().unwrap_or_default())?,
            drain: self.drain.map_or(Ok(Duration::ZERO), |span| within("drain", Some(span), 1))?,
            grace: within("shutdown_grace", self.shutdown_grace, 30)?,
        })
    }

    fn tls(&self) -> Result<Option<TlsFiles>, ConfigError> {
        let one = |place, other| {
            Err(fault(format!("{place} is given without {other}"), place)
                .hint("give both files for TLS, or neither for plain HTTP"))
        };
        match (&self.tls_certificate, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                Ok(Some(TlsFiles { certificate: certificate.clone(), key: key.clone() }))
            }
            (None, None) => Ok(None),
            (Some(_), None) => one("tls_certificate", "tls_key"),
            (None, Some(_)) => one("tls_key", "tls_certificate"),
        }
    }
}

fn origins(texts: &[String]) -> Result<Origins, ConfigError> {
    if texts.iter().any(|text| text == "*") {
        return Ok(Origins::Any);
    }
    texts.iter().map(|text| origin(text)).collect::<Result<_, _>>().map(Origins::List)
}

/// Scheme, host and port as browsers send them: a path or a slash at the end would never match.
fn origin(text: &str) -> Result<HeaderValue, ConfigError> {
    let is_origin = Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text);
    match HeaderValue::from_str(text) {
        Ok(value) if is_origin => Ok(value),
        _ => Err(fault(format!("{text:?} is not an origin"), "cors_origins")
            .hint("write it like https://example.org, without a path and without a slash at the end")),
    }
}
