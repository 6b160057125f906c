//! What a contract says about itself, and what it may do: `NAME.metadata.json`.
//!
//! The keys of ncr stand beside our own, so that a folder written for it is served as it is.

mod value;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::access::{Access, Auth};
use super::fault::{Cause, explained};
use super::limits::Limits;
use crate::connector::egress::Rule;
use crate::oracle::chain::Grants;
pub use value::{BodyType, MediaType, Status};

/// Aliases of one contract.
const ALIASES_MAX: usize = 64;
/// Callers of one contract.
const CALLERS_MAX: usize = 1024;

/// A contract's metadata. An unknown key is an error: a misspelt `private` must not publish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metadata {
    /// What the contract is for, in a sentence.
    pub description: Option<String>,
    /// Short for `"grants": ["keyring"]`.
    keyring: bool,
    /// What of the oracle's the contract gets as KEYS.
    grants: Vec<Grant>,
    /// What of the oracle's the contract gets as DATA.
    pub inputs: Vec<Input>,
    /// Destinations that the contract may reach although they are not public, beside those of the oracle.
    pub egress: Vec<Rule>,
    /// Whether nobody may call it.
    private: bool,
    /// Whether it may be called, although it would be closed: by everybody, unless `auth` says by whom.
    pub public: bool,
    /// Other names under which callers may send a member of DATA, with the name that the contract
    /// knows it by.
    pub aliases: BTreeMap<String, String>,
    /// How callers say who they are.
    pub auth: Option<Auth>,
    /// Who may call: names or ids of API keys, and DIDs. Empty: everybody who says so in that way.
    pub callers: Vec<String>,
    /// What one run, and all of them, may take.
    pub limits: Limits,
    /// ncr's word for `private`.
    hidden: bool,
    /// Whether no list and no description names it.
    pub hide_from_openapi: bool,
    /// Whether GET is refused.
    pub disable_get: bool,
    /// Whether POST is refused.
    pub disable_post: bool,
    /// The only type that the body of a POST may have.
    pub content_type: Option<BodyType>,
    /// Whether the contract gets the request's headers as `http_headers.request`, and gives headers of
    /// the answer as `http_headers.response`.
    pub http_headers: bool,
    /// Status of an answer. Absent: 200.
    pub success_code: Option<Status>,
    /// Media type of an answer. Absent: `application/json`.
    pub success_content_type: Option<MediaType>,
    /// What an answer is, in words.
    pub success_description: Option<String>,
    /// Status when the contract fails. Absent: 500.
    pub error_code: Option<Status>,
    /// Media type of ncr's answer when the contract fails. Absent: `text/plain`.
    pub error_content_type: Option<MediaType>,
    /// What a failure is, in words.
    pub error_description: Option<String>,
    /// Examples of DATA, by name.
    pub examples: Map<String, Value>,
    /// Words that descriptions sort contracts by.
    pub tags: Vec<String>,
    /// A contract that must end well on the same DATA before this one is run: a path without `.slang`
    /// or `.zen`.
    pub precondition: Option<String>,
    /// When the oracle runs it by itself; heeded in the folder `.autorun` alone.
    pub autorun: Option<Autorun>,
    /// Whether an `install` has been run already, as ncr notes it.
    pub executed: bool,
}

/// Something of the oracle's that is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// The service keyring.
    Keyring,
}

/// Something of the oracle's that is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Who the oracle is.
    Identity,
    /// Which ledgers it watches.
    Subscriptions,
    /// Which events of ledgers it watches.
    EventsSubscriptions,
}

/// When the oracle runs a contract by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Autorun {
    /// At every start.
    Startup,
    /// At the first start that sees it end well.
    Install,
}

impl Input {
    /// The member of DATA.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Subscriptions => "subscriptions",
            Self::EventsSubscriptions => "events_subscriptions",
        }
    }
}

impl Metadata {
    /// Reads the file.
    pub(super) fn parse(json: &str) -> Result<Self, Cause> {
        // Serde would read an array as the members in their order.
        if json.trim_start().starts_with('[') {
            return Err("it is an array, not an object".into());
        }
        let metadata: Self = serde_json::from_str(json)
            .map_err(|error| Cause { line: Some(error.line()), text: explained(&error.to_string()) })?;
        metadata.is_sound()?;
        metadata.access_is_sound()?;
        Ok(metadata)
    }

    fn is_sound(&self) -> Result<(), Cause> {
        if self.aliases.len() > ALIASES_MAX {
            return Err(format!("it has more than {ALIASES_MAX} aliases").into());
        }
        if self.public && self.is_private() {
            return Err("it says both that nobody and that everybody may call: one must go".into());
        }
        if self.disable_get && self.disable_post {
            return Err("it refuses GET and POST: write \"private\": true to close the contract".into());
        }
        Ok(())
    }

    fn access_is_sound(&self) -> Result<(), Cause> {
        if self.callers.len() > CALLERS_MAX {
            return Err(format!("it names more than {CALLERS_MAX} callers").into());
        }
        match self.auth {
            None if !self.callers.is_empty() => {
                Err("it names callers, and not how they say who they are: add \"auth\"".into())
            }
            Some(Auth::None) if !self.callers.is_empty() => {
                Err("it names callers, and \"auth\" lets everybody in: one must go".into())
            }
            _ => Ok(()),
        }
    }

    /// Who may call; `closed` says whether nobody may unless the metadata says so.
    pub fn access(&self, closed: bool) -> Access<'_> {
        match self.auth {
            None if closed => Access::Nobody,
            None | Some(Auth::None) => Access::Anyone,
            Some(auth) => Access::Known { auth, callers: &self.callers },
        }
    }

    /// Whether the contract gets this.
    pub fn is_granted(&self, grant: Grant) -> bool {
        self.grants.contains(&grant) || (grant == Grant::Keyring && self.keyring)
    }

    /// What it may do that others may not.
    pub(crate) fn grants(&self) -> Grants {
        Grants { keyring: self.is_granted(Grant::Keyring), egress: self.egress.clone(), limits: self.limits }
    }

    /// Whether nobody may call it.
    pub fn is_private(&self) -> bool {
        self.private || self.hidden
    }

    /// Whether its DATA are not simply what the caller sent.
    pub(crate) fn shapes_data(&self) -> bool {
        !self.inputs.is_empty() || !self.aliases.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cause(json: &str) -> String {
        Metadata::parse(json).unwrap_err().text
    }

    #[test]
    fn every_key_of_ncr_is_read() {
        let metadata = Metadata::parse(
            r#"{ "http_headers": true, "error_code": "418", "success_code": "302 Found", "success_description": "a",
                "error_description": "b", "content_type": "application/x-www-form-urlencoded", "disable_get": true,
                "disable_post": false, "success_content_type": "text/html", "error_content_type": "text/plain",
                "examples": { "one": { "value": { "a": 1 } } }, "tags": ["x"], "hidden": false,
                "hide_from_openapi": true, "precondition": "checks/one", "autorun": "install", "executed": true }"#,
        )
        .unwrap();
        assert_eq!(metadata.success_code.map(|it| it.get().as_u16()), Some(302));
        assert_eq!(metadata.error_code.map(|it| it.get().as_u16()), Some(418));
        assert_eq!(metadata.content_type, Some(BodyType::Form));
        assert_eq!(metadata.autorun, Some(Autorun::Install));
    }

    #[test]
    fn a_status_may_be_a_number() {
        let metadata = Metadata::parse(r#"{ "success_code": 201 }"#).unwrap();
        assert_eq!(metadata.success_code.map(|it| it.get().as_u16()), Some(201));
    }

    #[test]
    fn a_misspelt_key_is_answered_by_the_nearest() {
        assert_eq!(
            cause(r#"{ "http_header": true }"#),
            "there is no key `http_header`: did you mean `http_headers`?"
        );
    }

    #[test]
    fn a_fault_has_its_line() {
        assert_eq!(Metadata::parse("{\n  \"tags\": [],\n  \"privat\": true\n}").unwrap_err().line, Some(3));
    }

    #[test]
    fn hidden_is_private() {
        assert!(Metadata::parse(r#"{ "hidden": true }"#).unwrap().is_private());
    }

    #[test]
    fn contradictions_are_refused() {
        assert!(cause(r#"{ "hidden": true, "public": true }"#).contains("one must go"));
        assert!(cause(r#"{ "disable_get": true, "disable_post": true }"#).contains("private"));
    }

    #[test]
    fn callers_without_a_way_to_say_who_they_are_are_refused() {
        assert!(cause(r#"{ "callers": ["a"] }"#).contains("add \"auth\""));
        assert!(cause(r#"{ "auth": "none", "callers": ["a"] }"#).contains("one must go"));
    }

    #[test]
    fn what_is_closed_is_open_to_those_whom_auth_lets_in() {
        let access = |json: &str, closed| match Metadata::parse(json).unwrap().access(closed) {
            Access::Anyone => "anyone",
            Access::Nobody => "nobody",
            Access::Known { .. } => "known",
        };
        assert_eq!((access("{}", false), access("{}", true)), ("anyone", "nobody"));
        assert_eq!(access(r#"{ "auth": "did" }"#, true), "known");
        assert_eq!(access(r#"{ "public": true, "auth": "did" }"#, false), "known");
        assert_eq!(access(r#"{ "auth": "none" }"#, true), "anyone");
    }

    #[test]
    fn values_that_no_answer_can_have_are_refused() {
        for json in [
            r#"{ "success_code": "99" }"#,
            r#"{ "success_code": 600 }"#,
            r#"{ "success_code": 101 }"#,
            r#"{ "error_code": "teapot" }"#,
            r#"{ "success_content_type": "text" }"#,
            r#"{ "success_content_type": "text/html\r\nx: y" }"#,
            r#"{ "content_type": "text/plain" }"#,
            r#"{ "autorun": "sometimes" }"#,
        ] {
            assert!(Metadata::parse(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(
            json in "\\PC{0,80}",
            key in "[a-z_]{1,20}",
            value in prop_oneof!["[0-9]{1,5}", "\"\\PC{0,10}\"", Just("true".to_owned()), Just("{}".to_owned())],
        ) {
            drop(Metadata::parse(&json));
            drop(Metadata::parse(&format!("{{\"{key}\":{value}}}")));
        }
    }
}
