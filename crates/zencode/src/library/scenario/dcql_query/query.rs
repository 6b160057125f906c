//! What a query has to be made of before it is asked.
//!
//! # Source
//! OpenID for Verifiable Presentations 1.0, 6.1 to 6.4; Zenroom `crypto_dcql_query.lua`, `validate_query`.

use crate::error::Error;
use crate::json::Json;

const FORMATS: &[&str] = &["jwt_vc_json", "ldp_vc", "mso_mdoc", "dc+sd-jwt"];

const AUTHORITIES: &[&str] = &["aki", "etsi_tl", "openid_federation"];

/// Names of credentials or of claims in one query, at most: each is compared with those before it.
const NAMES_MAX: usize = 1000;

fn require(holds: bool, what: &str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::input(format!("Invalid dcql_query: {what}"))) }
}

fn member<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    match json {
        Json::Object(members) => members.get(name).filter(|member| **member != Json::Null),
        _ => None,
    }
}

/// The items of an array that is not empty, up to the first null.
fn items<'a>(json: Option<&'a Json>, what: &str) -> Result<Vec<&'a Json>, Error> {
    match json {
        Some(Json::Array(items)) if items.iter().any(|item| *item != Json::Null) => {
            Ok(items.iter().take_while(|item| **item != Json::Null).collect())
        }
        _ => Err(Error::input(format!("Invalid dcql_query: {what} is not an array with items"))),
    }
}

fn texts<'a>(json: Option<&'a Json>, what: &str) -> Result<Vec<&'a str>, Error> {
    let text = |json: &'a Json| match json {
        Json::Text(text) if !text.is_empty() => Ok(text.as_str()),
        _ => Err(Error::input(format!("Invalid dcql_query: an item of {what} is not a text"))),
    };
    items(json, what)?.into_iter().map(text).collect()
}

/// A name that no other of its kind has.
fn name<'a>(json: Option<&'a Json>, known: &[&str], what: &str) -> Result<&'a str, Error> {
    let sign = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'_' || octet == b'-';
    match json {
        Some(Json::Text(name)) if !name.is_empty() && name.bytes().all(sign) => {
            require(!known.contains(&name.as_str()), what)?;
            require(known.len() < NAMES_MAX, "it has too many names")?;
            Ok(name)
        }
        _ => Err(Error::input(format!("Invalid dcql_query: {what}"))),
    }
}

fn optional_boolean(json: &Json, name: &str) -> Result<(), Error> {
    let right = matches!(member(json, name), None | Some(Json::Boolean(_)));
    require(right, &format!("{name} is not true or false"))
}

/// That a query is one.
pub(super) fn validate(query: &Json) -> Result<(), Error> {
    let mut ids = Vec::new();
    for credential in items(member(query, "credentials"), "credentials")? {
        ids.push(name(member(credential, "id"), &ids, "missing or invalid credential id")?);
        validate_credential(credential)?;
    }
    let Some(sets) = member(query, "credential_sets") else { return Ok(()) };
    for set in items(Some(sets), "credential_sets")? {
        for option in items(member(set, "options"), "credential_set.options")? {
            for id in texts(Some(option), "credential_set.options")? {
                require(ids.contains(&id), "an option names a credential that is not asked for")?;
            }
        }
        optional_boolean(set, "required")?;
    }
    Ok(())
}

fn validate_credential(credential: &Json) -> Result<(), Error> {
    let format = match member(credential, "format") {
        Some(Json::Text(format)) if FORMATS.contains(&format.as_str()) => format.as_str(),
        _ => return Err(Error::input("Invalid dcql_query: missing or invalid credential format")),
    };
    optional_boolean(credential, "multiple")?;
    let meta = member(credential, "meta").ok_or_else(|| Error::input("Invalid dcql_query: missing meta"))?;
    validate_meta(format, meta)?;
    if let Some(authorities) = member(credential, "trusted_authorities") {
        for authority in items(Some(authorities), "trusted_authorities")? {
            let kind = member(authority, "type");
            let right = matches!(kind, Some(Json::Text(kind)) if AUTHORITIES.contains(&kind.as_str()));
            require(right, "missing or invalid trusted_authorities.type")?;
            items(member(authority, "values"), "trusted_authorities.values")?;
        }
    }
    optional_boolean(credential, "require_cryptographic_holder_binding")?;
    validate_claims(credential)
}

fn validate_meta(format: &str, meta: &Json) -> Result<(), Error> {
    match format {
        "ldp_vc" | "jwt_vc_json" => {
            for types in items(member(meta, "type_values"), "meta.type_values")? {
                texts(Some(types), "meta.type_values")?;
            }
            Ok(())
        }
        "dc+sd-jwt" => texts(member(meta, "vct_values"), "meta.vct_values").map(|_| ()),
        _ => {
            let right = matches!(member(meta, "doctype_value"), Some(Json::Text(text)) if !text.is_empty());
            require(right, "missing or invalid meta.doctype_value")
        }
    }
}

fn validate_claims(credential: &Json) -> Result<(), Error> {
    let (claims, sets) = (member(credential, "claims"), member(credential, "claim_sets"));
    let mut ids = Vec::new();
    if let Some(claims) = claims {
        for claim in items(Some(claims), "claims")? {
            let id = member(claim, "id").filter(|id| **id != Json::Boolean(false));
            if sets.is_some() || id.is_some() {
                ids.push(name(id, &ids, "missing or invalid claim id")?);
            }
            items(member(claim, "path"), "claim.path")?;
            if let Some(values) = member(claim, "values") {
                for value in items(Some(values), "claim.values")? {
                    let right = matches!(value, Json::Text(_) | Json::Number(_) | Json::Boolean(_));
                    require(right, "a value of a claim is not a text, number or truth value")?;
                }
            }
        }
    }
    let Some(sets) = sets else { return Ok(()) };
    require(claims.is_some(), "claim_sets present but claims is absent")?;
    for set in items(Some(sets), "claim_sets")? {
        for id in items(Some(set), "claim_sets")? {
            let known = matches!(id, Json::Text(id) if ids.contains(&id.as_str()));
            require(known, "a claim set names a claim that is not there")?;
        }
    }
    Ok(())
}
