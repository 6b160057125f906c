//! What issuers say of the credentials they give, and credentials in readable form.

use super::{export_texts, member, record};
use crate::encoding::{Input, Output};
use crate::error::{Error, ensure};
use crate::export::Printed;
use crate::json::Json;
use crate::library::jose;
use crate::library::scenario::w3c::did::texts;
use crate::schema::{Reading, encode_octets, octets};
use crate::value::Value;

/// What an issuer's description has to support: the member, and what is accepted.
const FORMATS: &[&str] = &["ldp_vc", "dc+sd-jwt"];
const ALGORITHMS: &[&str] = &["ES256", "EDDSA", "MLDSA44", "SECP256K1"];
const LINKED_DATA_ALGORITHMS: &[&str] = &["Ed25519Signature2018"];
const BINDINGS: &[&str] = &["jwk", "did:dyne:sandbox.signroom"];

/// Reads the description of an issuer.
///
/// # Source
/// OpenID for Verifiable Credential Issuance, 12.2; Zenroom `zencode_sd_jwt.lua`.
pub(super) fn import_supported(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let mut read = Vec::new();
    for name in ["credential_issuer", "credential_endpoint"] {
        let Json::Text(text) = member(json, name)? else {
            return Err(Error::input(format!("{name} is a text")));
        };
        read.push((name, Value::text(text)));
    }
    let servers = member(json, "authorization_servers")?;
    let kinds = member(json, "credential_configurations_supported")?;
    match kinds {
        Json::Object(kinds) => kinds.values().try_for_each(check_kind)?,
        Json::Array(kinds) => kinds.iter().try_for_each(check_kind)?,
        _ => return Err(Error::input("credential_configurations_supported is a table")),
    }
    read.push(("authorization_servers", texts(servers)));
    read.push(("credential_configurations_supported", texts(kinds)));
    Ok(record(read))
}

fn check_kind(kind: &Json) -> Result<(), Error> {
    member(kind, "display")?;
    supports(kind, "format", FORMATS)?;
    let format = member(kind, "format")?;
    if *format == Json::Text("dc+sd-jwt".to_owned()) {
        supports(kind, "credential_signing_alg_values_supported", ALGORITHMS)?;
        member(kind, "vct")?;
    }
    if *format == Json::Text("ldp_vc".to_owned()) {
        supports(kind, "credential_signing_alg_values_supported", LINKED_DATA_ALGORITHMS)?;
    }
    supports(kind, "cryptographic_binding_methods_supported", BINDINGS)
}

/// A text that is one of the accepted, or a list that has one of them at its place.
fn supports(kind: &Json, name: &str, accepted: &[&str]) -> Result<(), Error> {
    let is = |json: &Json, word: &str| matches!(json, Json::Text(text) if text == word);
    let found = match member(kind, name)? {
        Json::Array(items) => items.iter().zip(accepted).any(|(item, word)| is(item, word)),
        single => accepted.iter().any(|word| is(single, word)),
    };
    ensure(found, || format!("Found parameter not supported in {name}"))
}

/// Reads a credential in readable form: only its signature is encoded.
pub(super) fn import_decoded(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let (token, disclosures) = (member(json, "jwt")?, member(json, "disclosures")?);
    let signature = octets(member(token, "signature")?, "signature", Input::Url64)?;
    let mut token = jose::value(token)?;
    if let Value::Table(members) = &mut token {
        members.set("signature", Value::Octet(signature));
    }
    Ok(record(vec![("jwt", token), ("disclosures", jose::value(disclosures)?)]))
}

pub(super) fn export_decoded(value: &Value) -> Result<Printed, Error> {
    let fault = || Error::failed("a decoded selective disclosure has a token with a signature");
    let signature = super::part(value, "jwt")?.table().and_then(|token| token.member("signature"));
    let signature = encode_octets(signature.ok_or_else(fault)?, Output::Url64)?;
    let Printed::Dictionary(mut printed) = export_texts(value)? else { return Err(fault()) };
    printed.retain(|name, _| matches!(name.as_str(), "jwt" | "disclosures"));
    if let Some(Printed::Dictionary(token)) = printed.get_mut("jwt") {
        token.insert("signature".to_owned(), signature);
    }
    Ok(Printed::Dictionary(printed))
}
