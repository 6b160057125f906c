//! Documents of decentralised identifiers: asked of the oracle's controller, or of resolvers that the operator
//! names. Nothing is hard-coded.

use url::Url;
use zencode::{Answer, HttpAnswer, HttpCalls, HttpMethod, HttpRequest, Pace};

use super::Scope;
use super::egress::Rule;
use super::http::Http;
use crate::config::ConnectorConfig;

/// Who resolves which identifiers.
#[derive(Debug)]
pub(crate) struct Resolvers {
    /// `did:dyne`.
    dyne: Option<Url>,
    /// Every other method.
    universal: Option<Url>,
}

impl Resolvers {
    pub(crate) fn new(config: &ConnectorConfig) -> Self {
        Self { dyne: config.did_resolver.clone(), universal: config.universal_resolver.clone() }
    }

    pub(crate) async fn answer(
        &self,
        did: String,
        resolver: Option<String>,
        http: &Http,
        scope: &Scope,
    ) -> Answer {
        if let Some(resolver) = resolver {
            let url = format!("{}/{did}", resolver.trim_end_matches('/'));
            return document(&did, http.answer(get(url), scope).await);
        }
        let (known, key) = if did.starts_with("did:dyne:") {
            (&self.dyne, "controller or did_resolver")
        } else {
            (&self.universal, "universal_resolver")
        };
        let Some(url) = known else {
            return Answer::Refused(format!(
                "nobody here resolves {did}: the operator has configured no {key}"
            ));
        };
        // The operator named it, so it may be reached wherever it is.
        let mut trusted = scope.clone();
        trusted.egress.extend(rule(url));
        let url = format!("{}/{did}", url.as_str().trim_end_matches('/'));
        document(&did, http.answer(get(url), &trusted).await)
    }
}

fn get(url: String) -> HttpCalls {
    let call = HttpRequest { method: HttpMethod::Get, url, headers: Vec::new(), body: None };
    HttpCalls { calls: vec![call], pace: Pace::Together }
}

fn rule(url: &Url) -> Option<Rule> {
    format!("{}:{}", url.host_str()?, url.port_or_known_default()?).parse().ok()
}

fn document(did: &str, answer: Answer) -> Answer {
    let Answer::Http(answers) = answer else { return answer };
    match answers.into_iter().next() {
        Some(HttpAnswer::Response { status: 200..=299, body })
            if serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok() =>
        {
            Answer::Json(body)
        }
        Some(HttpAnswer::Response { status: 200..=299, .. }) => {
            Answer::Refused(format!("{did} cannot be resolved: the resolver's answer is not JSON"))
        }
        Some(HttpAnswer::Response { status, .. }) => {
            Answer::Refused(format!("{did} cannot be resolved: the resolver answered {status}"))
        }
        Some(HttpAnswer::Unreachable { code }) => {
            Answer::Refused(format!("{did} cannot be resolved: the resolver cannot be reached, {code}"))
        }
        None => Answer::Refused(format!("{did} cannot be resolved")),
    }
}
