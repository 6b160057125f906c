//! Making credentials: a request, what it discloses, and the signature.

use zencode_crypto::encoding::url64;
use zencode_crypto::hash::sha256;
use zencode_macros::when;

use super::{SIGNED, part, record};
use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::library::jose;
use crate::library::jose::algorithm::{Algorithm, ES256, named};
use crate::machine::Machine;
use crate::value::{Table, Value};

/// Octets of the salt of a disclosure.
const SALT_OCTETS: usize = 16;

/// Claims that are never disclosed by choice.
const RESERVED: &[&str] = &["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "typ", "type", "cty", "cnf"];

/// Makes `selective disclosure request`: what an object says of the claims that an issuer supports.
///
/// # Example
/// ```zencode
/// Scenario 'sd_jwt': ask for an identity
/// Given I have a 'supported selective disclosure' named 'issuer'
/// Given I have a 'string' named 'kind'
/// Given I have a 'string dictionary' named 'person'
/// When I create the selective disclosure request from 'issuer' with id 'kind' for 'person'
/// Then print the 'selective disclosure request'
/// ```
/// ```json data
/// {
///   "issuer": {
///     "credential_issuer": "https://issuer.example.org",
///     "credential_endpoint": "https://issuer.example.org/credential",
///     "authorization_servers": ["https://login.example.org"],
///     "credential_configurations_supported": {
///       "identity": {
///         "format": "dc+sd-jwt",
///         "credential_signing_alg_values_supported": ["ES256"],
///         "cryptographic_binding_methods_supported": ["jwk"],
///         "vct": "identity_credential",
///         "display": [{ "name": "Identity", "locale": "en" }],
///         "claims": [{ "path": ["given_name"] }, { "path": ["family_name"] }]
///       }
///     }
///   },
///   "kind": "identity_credential",
///   "person": { "given_name": "Ada", "family_name": "Lovelace" }
/// }
/// ```
#[when("create selective disclosure request from '' with id '' for ''")]
pub(super) fn create_request(
    machine: &mut Machine,
    issuer: &str,
    id: &str,
    object: &str,
) -> Result<(), Error> {
    let kinds = part(machine.value(issuer)?, "credential_configurations_supported")?;
    let kinds = kinds.table().ok_or_else(|| Error::failed(format!("{issuer} supports no credential")))?;
    let id = machine.value(id)?;
    let object = machine.copy_of(object)?;
    let member = |kind: &Value, name: &str| kind.table().and_then(|kind| kind.member(name)).cloned();
    let kind = kinds.values().find(|kind| member(kind, "vct").as_ref() == Some(id));
    let claims = match kind {
        Some(kind) => member(kind, "claims"),
        None => return Err(Error::refused("Unknown credential id")),
    };
    let fault = || Error::failed("the claims of a credential are a table of paths");
    let mut fields: Vec<Value> = Vec::new();
    for claim in claims.as_ref().and_then(Value::table).ok_or_else(fault)?.values() {
        let path = member(claim, "path").ok_or_else(fault)?;
        let field = path.table().and_then(|path| path.position(1)).ok_or_else(fault)?;
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
    let request = record(vec![("fields", Value::Table(Table::Array(fields))), ("object", object)]);
    machine.create("selective_disclosure_request", request, Traits::default())
}

/// Makes `selective disclosure`: every field of a request under a salt, and the digests that stand for them.
///
/// # Example
/// ```zencode
/// Scenario 'sd_jwt': what may be disclosed
/// Given I have a 'selective disclosure request' named 'request'
/// When I create the selective disclosure of 'request'
/// Then print the 'selective disclosure'
/// ```
/// ```json data
/// {
///   "request": {
///     "fields": ["given_name"],
///     "object": { "iss": "https://issuer.example.org", "given_name": "Ada" }
///   }
/// }
/// ```
///
/// # Source
/// RFC 9901, 4.2: "Disclosures".
#[when("create selective disclosure of ''")]
pub(super) fn create_disclosure(machine: &mut Machine, request: &str) -> Result<(), Error> {
    let request = machine.copy_of(request)?;
    let fault = || Error::failed("a request has fields and an object");
    let fields = part(&request, "fields")?.table().ok_or_else(fault)?;
    let object = part(&request, "object")?.table().ok_or_else(fault)?;
    let (mut disclosures, mut digests) = (Vec::new(), Vec::new());
    for field in fields.values() {
        let name = field.octets().ok_or_else(fault)?;
        let mut salt = [0; SALT_OCTETS];
        machine.random.fill(&mut salt);
        let mut disclosure = vec![Value::text(&url64::encode(&salt)), field.clone()];
        disclosure.extend(object.member(&String::from_utf8_lossy(&name)).map(disclosed).transpose()?);
        let disclosure = Value::Table(Table::Array(disclosure));
        digests.push(Value::text(&digest(&disclosure)?));
        disclosures.push(disclosure);
    }
    let mut payload = Table::default();
    payload.set("_sd_alg", Value::text("sha-256"));
    payload.set("_sd", Value::Table(Table::Array(digests)));
    for claim in RESERVED {
        if let Some(value) = object.member(claim) {
            payload.set(claim, value.clone());
        }
    }
    let disclosure = record(vec![
        ("disclosures", Value::Table(Table::Array(disclosures))),
        ("payload", Value::Table(payload)),
    ]);
    machine.create("selective_disclosure", disclosure, Traits::default())
}

/// What is disclosed of a field: tables hold texts only, and no empty ones.
fn disclosed(value: &Value) -> Result<Value, Error> {
    let Value::Table(table) = value else { return Ok(value.clone()) };
    let is_left = |item: &Value| !matches!(item, Value::Octet(octets) if octets.is_empty());
    let leaf = |item: &Value| match item {
        Value::Octet(_) | Value::Table(_) => disclosed(item),
        other => Err(Error::failed(format!("a {} inside a table is not disclosed", other.kind()))),
    };
    Ok(Value::Table(match table {
        Table::Array(items) => {
            // What is empty at the end is left out; before others the JSON is refused.
            let last = items.iter().rposition(is_left).map_or(0, |last| last + 1);
            Table::Array(items[..last].iter().map(leaf).collect::<Result<_, _>>()?)
        }
        Table::Dictionary(members) => {
            let mut kept = Table::default();
            for (name, item) in members.iter().filter(|(_, item)| is_left(item)) {
                kept.set(name, leaf(item)?);
            }
            kept
        }
    }))
}

/// The digest of a disclosure.
///
/// # Source
/// RFC 9901, 4.2.3.
pub(super) fn digest(disclosure: &Value) -> Result<String, Error> {
    let text = url64::encode(&jose::spaced(disclosure)?);
    Ok(url64::encode(&sha256(text.as_bytes())))
}

/// Makes `signed selective disclosure`: a credential, signed with the es256 key.
///
/// # Example
/// ```zencode
/// Scenario 'sd_jwt': issue a credential
/// Given I have a 'keyring'
/// Given I have a 'selective disclosure request' named 'request'
/// When I create the selective disclosure of 'request'
/// When I create the signed selective disclosure of 'selective disclosure'
/// Then print the 'signed selective disclosure'
/// ```
/// ```json data
/// {
///   "request": {
///     "fields": ["given_name"],
///     "object": { "iss": "https://issuer.example.org", "given_name": "Ada" }
///   }
/// }
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("create signed selective disclosure of ''")]
pub(super) fn create_signed(machine: &mut Machine, disclosure: &str) -> Result<(), Error> {
    sign(machine, disclosure, &ES256)
}

/// Makes `signed selective disclosure`, signed by an algorithm: its name, or an object that says it.
///
/// # Example
/// ```zencode
/// Scenario 'sd_jwt': issue a credential
/// Given I have a 'keyring'
/// Given I have a 'selective disclosure request' named 'request'
/// When I create the selective disclosure of 'request'
/// When I create the signed selective disclosure of 'selective disclosure' with 'es256'
/// Then print the 'signed selective disclosure'
/// ```
/// ```json data
/// {
///   "request": {
///     "fields": ["given_name"],
///     "object": { "iss": "https://issuer.example.org", "given_name": "Ada" }
///   }
/// }
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when("create signed selective disclosure of '' with ''")]
pub(super) fn create_signed_with(
    machine: &mut Machine,
    disclosure: &str,
    algorithm: &str,
) -> Result<(), Error> {
    let name = match machine.may_have(algorithm) {
        Some(_) => machine.text(algorithm)?,
        None => algorithm.to_owned(),
    };
    sign(machine, disclosure, named(&name)?)
}

fn sign(machine: &mut Machine, disclosure: &str, algorithm: &Algorithm) -> Result<(), Error> {
    machine.empty(SIGNED)?;
    let disclosure = machine.copy_of(disclosure)?;
    let payload = part(&disclosure, "payload")?.clone();
    let header = record(vec![("alg", Value::text(algorithm.iana)), ("typ", Value::text("dc+sd-jwt"))]);
    let mut token = Table::default();
    token.set("header", header);
    token.set("payload", payload);
    let mut token = Value::Table(token);
    let message = jose::signed(&token, jose::spaced)?;
    let signature = algorithm.sign(machine, message.as_bytes())?;
    if let Value::Table(members) = &mut token {
        members.set("signature", Value::Octet(signature));
    }
    let disclosures = part(&disclosure, "disclosures")?.clone();
    ensure(disclosures.table().is_some(), || "disclosures are an array".to_owned())?;
    machine.create(SIGNED, record(vec![("jwt", token), ("disclosures", disclosures)]), Traits::default())
}
