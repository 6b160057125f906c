//! What of a request's head says who calls.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use zeroize::Zeroizing;

use crate::connector::egress::Rule;
use crate::oracle::Shared;
use crate::oracle::api_keys;

/// The scheme of signed requests.
pub(super) const SCHEME: &str = "Zenswarm";
/// Addresses of one `X-Forwarded-For` that are looked at.
const FORWARDED_MAX: usize = 32;

/// What of a request's head says who calls, and what is asked.
#[derive(Debug)]
pub(crate) struct Head {
    /// The caller's address, as far as it is to be believed.
    pub(super) address: IpAddr,
    /// The verb.
    pub(super) method: Method,
    /// Path and query.
    pub(super) target: String,
    /// An API key.
    pub(super) api_key: Option<Zeroizing<String>>,
    /// A signed message, in base64url.
    pub(super) signed: Option<String>,
}

impl FromRequestParts<Arc<Shared>> for Head {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, oracle: &Arc<Shared>) -> Result<Self, Infallible> {
        let (api_key, signed) = credentials(&parts.headers);
        Ok(Self {
            address: address(parts, &oracle.config.serving.trusted_proxies),
            method: parts.method.clone(),
            target: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            api_key,
            signed,
        })
    }
}

fn credentials(headers: &HeaderMap) -> (Option<Zeroizing<String>>, Option<String>) {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (scheme, value) = text(header::AUTHORIZATION.as_str())
        .and_then(|value| value.split_once(' '))
        .map_or(("", ""), |(scheme, value)| (scheme, value.trim()));
    let bearer = Some(value).filter(|_| scheme.eq_ignore_ascii_case("Bearer"));
    let api_key = text("x-api-key").or(bearer).filter(|it| it.starts_with(api_keys::PREFIX));
    let signed = Some(value).filter(|_| scheme.eq_ignore_ascii_case(SCHEME));
    (api_key.map(|it| Zeroizing::new(it.to_owned())), signed.map(str::to_owned))
}

/// The peer, or whom trusted proxies name: the last address that is none of theirs.
fn address(parts: &Parts, trusted: &[Rule]) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(Ipv6Addr::UNSPECIFIED.into(), |it| it.0.ip().to_canonical());
    let is_trusted = |address: IpAddr| trusted.iter().any(|rule| rule.holds(address));
    if !is_trusted(peer) {
        return peer;
    }
    let lines = parts.headers.get_all("x-forwarded-for").into_iter();
    let named: Vec<&str> =
        lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).collect();
    let mut nearest = peer;
    for text in named.iter().rev().take(FORWARDED_MAX) {
        // What is no address was not written by a proxy of ours.
        let Ok(address) = text.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
        if !is_trusted(nearest) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(peer: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = axum::http::Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        let peer: IpAddr = peer.parse().unwrap();
        parts.extensions.insert(ConnectInfo(SocketAddr::from((peer, 1))));
        parts
    }

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let headers: Vec<_> = forwarded.iter().map(|it| ("x-forwarded-for", *it)).collect();
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        address(&parts(peer, &headers), &trusted).to_string()
    }

    #[test]
    fn the_word_of_a_stranger_about_its_address_is_not_taken() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
    }

    #[test]
    fn the_word_of_a_trusted_proxy_is_taken() {
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_a_caller_put_before_the_proxys_word_does_not_count() {
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9, nonsense"]), "10.0.0.1");
    }

    #[test]
    fn credentials_of_others_are_left_to_the_contract() {
        for value in ["Bearer eyJhbGciOi", "Basic dXNlcjpwYXNz", "Bearer", "", "DPoP x"] {
            let (api_key, signed) = credentials(&parts("::1", &[("authorization", value)]).headers);
            assert!(api_key.is_none() && signed.is_none(), "{value}");
        }
    }

    #[test]
    fn our_credentials_are_found_whatever_the_case_of_their_scheme() {
        let key = |name, value| credentials(&parts("::1", &[(name, value)]).headers).0;
        assert_eq!(key("authorization", "bearer zsk_a_b").as_deref().map(String::as_str), Some("zsk_a_b"));
        assert_eq!(key("x-api-key", "zsk_a_b").as_deref().map(String::as_str), Some("zsk_a_b"));
        let signed = credentials(&parts("::1", &[("authorization", "zenswarm abc")]).headers).1;
        assert_eq!(signed.as_deref(), Some("abc"));
    }
}
