//! Who calls a contract, and whether it may.
//!
//! A caller shows an API key (`Authorization: Bearer zsk_…` or `X-API-Key: zsk_…`), or a message about this very
//! request that its DID signed (`Authorization: Zenswarm …`, see [`signed`]). Every other credential is left to the
//! contract. A credential of ours that does not hold is refused even where none is needed: who sends one means it.
//!
//! 401: nobody is proved to call. 403: it is proved who calls, and it may not.

mod head;
mod signed;

use std::sync::Arc;
use std::time::Instant;

use axum::http::{HeaderValue, StatusCode, header};
use swarm_protocol::did::Did;
use swarm_protocol::envelope::Verified;
use swarm_protocol::request::Request;

use crate::config::Rate;
use crate::controller::clock;
use crate::http::error::Problem;
use crate::http::limit::Who;
use crate::oracle::Shared;
use crate::oracle::api_keys::{ApiKeyError, KeyName};
use crate::oracle::contracts::{Access, Auth};
pub(crate) use head::Head;

/// Who calls, once it is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nobody in particular.
    Anyone,
    /// Who holds an API key.
    ApiKey(KeyName),
    /// A DID.
    Did(Did),
}

impl Caller {
    /// The kind, for the log.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::ApiKey(_) => "api_key",
            Self::Did(_) => "did",
        }
    }

    fn is_named_in(&self, callers: &[String]) -> bool {
        let is_named = |name: &str| callers.iter().any(|it| it == name);
        match self {
            Self::Anyone => false,
            Self::ApiKey(key) => is_named(&key.id) || is_named(&key.name),
            Self::Did(did) => is_named(&did.to_string()),
        }
    }
}

/// Who calls, before the body is there; [`Visitor::confirm`] makes it a [`Caller`].
#[derive(Debug)]
pub(crate) struct Visitor {
    caller: Caller,
    signed: Option<Verified<Request>>,
    /// Whether the contract names its callers, and this is one of them.
    expected: bool,
}

/// What a contract asks of its callers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Door<'a> {
    /// The contract.
    pub(crate) name: &'a str,
    /// Who may call it.
    pub(crate) access: Access<'a>,
    /// How often one caller may.
    pub(crate) rate: Option<Rate>,
}

/// Lets a caller in as far as that can be said without the body.
///
/// # Errors
/// 401, 403, and 429 when the caller asks too often.
pub(crate) fn admit(oracle: &Shared, head: &Head, door: Door<'_>) -> Result<Visitor, Problem> {
    let admitted = recognize(oracle, head, door).and_then(|visitor| {
        may(oracle, &visitor.caller, door.access)?;
        let expected = matches!(door.access, Access::Known { callers: [_, ..], .. });
        Ok(Visitor { expected, ..visitor })
    });
    // Whoever is turned away is counted at its address, so that guessing has an end as well.
    let who = match &admitted {
        Ok(visitor) => who(visitor, head),
        Err(_) => Who::at(head.address),
    };
    slow_down(oracle, &who, door).map_err(|problem| count(oracle, "rate", problem))?;
    admitted.map_err(|problem| count(oracle, "auth", problem))
}

impl Visitor {
    /// Compares the body with the signed one, and takes note of the request, so that it cannot be repeated.
    ///
    /// # Errors
    /// 401.
    pub(crate) fn confirm(self, oracle: &Shared, body: &[u8]) -> Result<Caller, Problem> {
        if let Some(signed) = &self.signed {
            signed::confirm(oracle, signed, self.expected, body)
                .map_err(|problem| count(oracle, "auth", problem))?;
        }
        Ok(self.caller)
    }
}

fn recognize(oracle: &Shared, head: &Head, door: Door<'_>) -> Result<Visitor, Problem> {
    if let Some(text) = &head.signed {
        let (caller, signed) = signed::accept(oracle, head, text)?;
        return Ok(Visitor { caller: Caller::Did(caller), signed: Some(signed), expected: false });
    }
    if let Some(key) = &head.api_key {
        let key = oracle.api_keys.check(key, clock::now()).map_err(|error| unknown_key(oracle, &error))?;
        return Ok(Visitor { caller: Caller::ApiKey(key), signed: None, expected: false });
    }
    match door.access {
        Access::Anyone | Access::Nobody => {
            Ok(Visitor { caller: Caller::Anyone, signed: None, expected: false })
        }
        Access::Known { auth, .. } => Err(nobody(oracle, auth)),
    }
}

fn may(oracle: &Shared, caller: &Caller, access: Access<'_>) -> Result<(), Problem> {
    let Access::Known { auth, callers } = access else {
        return if access == Access::Nobody { Err(closed()) } else { Ok(()) };
    };
    let fits = match caller {
        Caller::Anyone => false,
        Caller::ApiKey(_) => auth != Auth::Did,
        Caller::Did(_) => auth != Auth::ApiKey,
    };
    if !fits {
        return Err(nobody(oracle, auth));
    }
    if callers.is_empty() || caller.is_named_in(callers) { Ok(()) } else { Err(not_named(caller)) }
}

/// Under which name requests are counted.
fn who(visitor: &Visitor, head: &Head) -> Who {
    match &visitor.caller {
        Caller::ApiKey(key) => Who::ApiKey(key.id.clone()),
        Caller::Did(did) if visitor.expected => Who::Did(*did),
        // DIDs cost nothing: another one is no other caller.
        Caller::Anyone | Caller::Did(_) => Who::at(head.address),
    }
}

fn slow_down(oracle: &Shared, who: &Who, door: Door<'_>) -> Result<(), Problem> {
    let at_this = door.rate.map(|rate| (Some(Arc::from(door.name)), rate));
    let at_all = oracle.config.serving.rate.map(|rate| (None, rate));
    for (contract, rate) in at_this.into_iter().chain(at_all) {
        let now = Instant::now();
        oracle.limiter.take((contract, who.clone()), rate, now).map_err(|wait| {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "this caller asks too often")
                .retry_after(seconds)
        })?;
    }
    Ok(())
}

fn count(oracle: &Shared, kind: &'static str, problem: Problem) -> Problem {
    oracle.metrics.turn_away(kind);
    problem
}

/// 401, with what would be accepted.
fn unauthorized(oracle: &Shared, auth: Auth, kind: &str, detail: impl Into<String>) -> Problem {
    let bearer = "Bearer realm=\"zenswarm\"".to_owned();
    let signed = signed::challenge(oracle);
    let challenge = match auth {
        Auth::ApiKey => bearer,
        Auth::Did => signed,
        Auth::Any | Auth::None => format!("{bearer}, {signed}"),
    };
    let problem = Problem::new(StatusCode::UNAUTHORIZED, kind, detail);
    match HeaderValue::from_str(&challenge) {
        Ok(value) => problem.header(header::WWW_AUTHENTICATE, value),
        Err(_) => problem,
    }
}

fn nobody(oracle: &Shared, auth: Auth) -> Problem {
    let (detail, hint) = match auth {
        Auth::ApiKey => ("this contract needs an API key", "send Authorization: Bearer and the key"),
        Auth::Did => ("this contract needs a signed request", "sign it: zenswarm did sign-request"),
        Auth::Any | Auth::None => (
            "this contract needs an API key or a signed request",
            "send Authorization: Bearer and the key, or sign it: zenswarm did sign-request",
        ),
    };
    unauthorized(oracle, auth, "not-authenticated", detail).hint(hint)
}

fn unknown_key(oracle: &Shared, error: &ApiKeyError) -> Problem {
    unauthorized(oracle, Auth::ApiKey, "api-key-refused", error.to_string()).hint(error.hint())
}

fn not_named(caller: &Caller) -> Problem {
    let detail = match caller {
        Caller::ApiKey(key) => format!("the API key {} may not call this contract", key.id),
        Caller::Did(did) => format!("{did} may not call this contract"),
        Caller::Anyone => "not everybody may call this contract".to_owned(),
    };
    Problem::new(StatusCode::FORBIDDEN, "caller-not-allowed", detail)
        .hint("the operator lists callers in the contract's metadata")
}

fn closed() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "contract-closed", "nobody may call this contract")
        .hint("the operator opens it by \"auth\" in the contract's metadata")
}
