//! Looking at credentials: claims, digests, times and the signature of the issuer.

use zencode_macros::check;

use super::issue::digest;
use super::{disclosures, part};
use crate::error::{Error, ensure};
use crate::library::jose;
use crate::library::jose::algorithm::named;
use crate::machine::Machine;
use crate::number::float_text;
use crate::value::{Table, Value};
use zencode_crypto::encoding::url64;

/// Claims that no disclosure may bring.
const NEVER_DISCLOSED: &[&str] = &["iss", "iat", "exp", "cnf", "type", "_sd", "_sd_alg"];

/// Requires a credential to be complete, in its time, and signed by its issuer.
///
/// The issuer is named by the object that is his public key, or by his name among the public keys.
///
/// # Example
/// ```zencode
/// Scenario 'sd_jwt': issue a credential and look at it
/// Given I have a 'keyring'
/// Given I have a 'selective disclosure request' named 'request'
/// When I create the es256 public key
/// When I create the selective disclosure of 'request'
/// When I create the signed selective disclosure of 'selective disclosure'
/// When I verify the signed selective disclosure 'signed selective disclosure' issued by 'es256 public key' is valid
/// Then print the string 'the credential is valid'
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
///
/// # Source
/// RFC 9901, 7.1; Zenroom `zencode_sd_jwt.lua`. A disclosure is written again before its digest is taken, so
/// that one with other blanks than ours is refused.
#[check("verify signed selective disclosure '' issued by '' is valid")]
pub(super) fn is_valid(machine: &mut Machine, credential: &str, issuer: &str) -> Result<(), Error> {
    let value = machine.copy_of(credential)?;
    let token = part(&value, "jwt")?;
    let header = jose::part(token, "header")?.table();
    let name = header.and_then(|header| header.member("alg")).and_then(Value::octets).unwrap_or_default();
    let name = String::from_utf8_lossy(&name).into_owned();
    let algorithm = named(&name)?;
    let public = public_key(machine, issuer, &format!("{}_public_key", name.to_lowercase()))?;
    let (message, raw) = signed_parts(&value, token)?;
    let payload = jose::part(token, "payload")?;
    let payload = payload.table().ok_or_else(|| Error::failed("the payload of a token is a dictionary"))?;
    let complete = payload.member("iss").is_some()
        && (payload.member("_sd").is_none() || payload.member("_sd_alg").is_some());
    ensure(complete, || "The JWT payload does not contain the mandatory claims".to_owned())?;
    ensure(are_disclosed(payload, &disclosures(&value)?)?, || "The disclosure is not valid".to_owned())?;
    check_times(machine, payload, raw.as_deref())?;
    let signature = Value::Octet(jose::part(token, "signature")?.octets().unwrap_or_default());
    let authentic =
        (algorithm.scheme()?.verify)(&public, message.as_bytes(), &signature, &machine.key_cache)?;
    ensure(authentic, || "The issuer signature is not valid".to_owned())
}

/// The public key of an issuer: an object, or a member of the table of public keys.
fn public_key(machine: &Machine, issuer: &str, keys: &str) -> Result<Vec<u8>, Error> {
    let found = machine.objects.get(issuer).map(|object| &object.value);
    let found = found.or_else(|| {
        let keys = &machine.objects.get(keys)?.value;
        keys.table().map_or(Some(keys), |table| table.member(issuer))
    });
    let octets = found.and_then(Value::octets);
    octets.ok_or_else(|| Error::failed(format!("Public key not found for: {issuer}")))
}

/// What is signed, and the JSON of the payload as it came.
fn signed_parts(value: &Value, token: &Value) -> Result<(String, Option<String>), Error> {
    let compact = value.table().and_then(|value| value.member("compact")).and_then(Value::octets);
    let Some(compact) = compact else { return Ok((jose::signed(token, jose::spaced)?, None)) };
    let compact = String::from_utf8_lossy(&compact);
    let mut parts = compact.split('~').next().unwrap_or_default().split('.');
    let (header, payload) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let raw = url64::decode(payload).map_err(|_| Error::failed("the payload is not base64"))?;
    Ok((format!("{header}.{payload}"), Some(String::from_utf8_lossy(&raw).into_owned())))
}

/// Whether every disclosure is one of those that the payload has digests of, and discloses another claim.
fn are_disclosed(payload: &Table, disclosures: &[&Value]) -> Result<bool, Error> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    for disclosure in disclosures {
        let disclosure = disclosure.table().map(with_text_numbers);
        let Some(Table::Array(items)) = disclosure else { return Ok(false) };
        let [Value::Octet(_), Value::Octet(name), _] = items.as_slice() else { return Ok(false) };
        if names.contains(name) || NEVER_DISCLOSED.iter().any(|claim| claim.as_bytes() == name.as_slice()) {
            return Ok(false);
        }
        names.push(name.clone());
        let digests = payload.member("_sd").and_then(Value::table);
        let digests = digests.ok_or_else(|| Error::failed("the payload has no digests of disclosures"))?;
        let digest = Value::text(&digest(&Value::Table(Table::Array(items)))?);
        if !digests.values().any(|known| *known == digest) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A disclosure with texts for its numbers.
fn with_text_numbers(disclosure: &Table) -> Table {
    let mut leaf = |value: &Value| {
        Ok::<_, std::convert::Infallible>(match value {
            Value::Float(float) => Value::text(&float_text(*float)),
            other => other.clone(),
        })
    };
    let Ok(mapped) = disclosure.map(&mut leaf);
    mapped
}

fn check_times(machine: &Machine, payload: &Table, raw: Option<&str>) -> Result<(), Error> {
    let now = machine.now_ms.div_euclid(1000);
    for name in ["iat", "exp", "nbf"] {
        if let Some(claim) = time_claim(payload, raw, name)? {
            let holds = if name == "exp" { claim > now } else { claim < now };
            ensure(holds, || format!("The {name} claim is not valid"))?;
        }
    }
    Ok(())
}

/// A time in a payload: the digits as they came, because a float may have lost some.
fn time_claim(payload: &Table, raw: Option<&str>, name: &str) -> Result<Option<i64>, Error> {
    if let Some(time) = raw.and_then(|raw| digits_behind(raw, name)) {
        return time.map(Some).ok_or_else(|| Error::failed(format!("{name} is no time")));
    }
    match payload.member(name) {
        None | Some(Value::Boolean(false)) => Ok(None),
        Some(Value::Time(time)) => Ok(Some(*time)),
        Some(_) => Err(Error::failed(format!("{name} is no time"))),
    }
}

/// The whole number behind the first member of a name that has one; nothing inside when it is too large.
fn digits_behind(json: &str, name: &str) -> Option<Option<i64>> {
    let quoted = format!("\"{name}\"");
    json.match_indices(&quoted).find_map(|(at, _)| {
        let rest = json[at + quoted.len()..].trim_start().strip_prefix(':')?.trim_start();
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest[sign..].bytes().take_while(u8::is_ascii_digit).count();
        (digits > 0).then(|| rest[..sign + digits].parse().ok())
    })
}
