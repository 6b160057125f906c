//! The proofs of DID documents: a detached signature over the JSON of everything else.

use zencode_crypto::encoding::{base58, url64};
use zencode_macros::check;

use super::did::text;
use super::vc::proof;
use crate::error::{Error, ensure};
use crate::library::jose::algorithm::{self, Algorithm, ES256, ES256K, RS256, member};
use crate::library::jose::jws::{self, Jws};
use crate::machine::Machine;
use crate::value::{Key, Value};

/// The algorithms that a proof may be by.
const ALGORITHMS: [&Algorithm; 3] = [&ES256K, &ES256, &RS256];

/// The signature in the proof of a document.
fn signature(machine: &Machine, document: &str) -> Result<Value, Error> {
    machine.value(document)?;
    let signature = proof(machine, document).ok().and_then(|proof| proof.member("jws")).cloned();
    signature.ok_or_else(|| Error::refused(format!("The object has no signature: {document}")))
}

/// The JSON that a proof is of: the document without it.
fn signed_json(machine: &Machine, document: &str) -> Result<Vec<u8>, Error> {
    let object = machine.have(document)?;
    let mut value = machine.copy_of(document)?;
    if let Value::Table(table) = &mut value {
        table.take(&Key::Name("proof".to_owned()));
    }
    match object.codec.schema {
        Some(schema) if schema.name == "did_document" => jws::payload_json(&value),
        _ => machine.json_text(&value, &object.codec.encoding).map(String::into_bytes),
    }
}

/// The algorithm of a proof, written as in the standard.
fn algorithm_of(signature: &Jws) -> Result<&'static Algorithm, Error> {
    let name = algorithm::text(&signature.header, "alg").unwrap_or_default();
    let found = ALGORITHMS.into_iter().find(|algorithm| algorithm.iana == name);
    found.ok_or_else(|| Error::failed(format!("{name} signs no proof: expected ES256K, ES256 or RS256")))
}

/// The key in the header of a proof; one of another algorithm is an error.
fn key_in_header(signature: &Jws, algorithm: &Algorithm) -> Result<Option<Vec<u8>>, Error> {
    let Some(jwk) = member(&signature.header, "jwk") else { return Ok(None) };
    let (kind, curve) = (algorithm::text(jwk, "kty"), algorithm::text(jwk, "crv"));
    let (fits, numbers) = match algorithm.iana {
        "RS256" => (kind == Some("RSA"), ["n", "e"]),
        "ES256" => (kind == Some("EC") && curve == Some("P-256"), ["x", "y"]),
        _ => (kind == Some("EC") && curve == Some("secp256k1"), ["x", "y"]),
    };
    if !fits {
        return Err(Error::failed(format!("the key in the header is none of {}", algorithm.iana)));
    }
    if numbers.iter().any(|name| member(jwk, name).is_none()) {
        return Ok(None);
    }
    let key = signature.own_key(algorithm);
    key.map(Some).ok_or_else(|| Error::failed("the key in the header is damaged"))
}

/// Requires a proof to be by a key; without one by the key in memory, or else the key in its header.
///
/// # Source
/// Zenroom `crypto_w3c.lua`, `verify_jws_from_proof`. There the key in the header comes first: whoever
/// changes a document could bring the key along.
fn verify(machine: &mut Machine, document: &str, key: Option<Vec<u8>>) -> Result<(), Error> {
    let signature = jws::parse(&signature(machine, document)?)?;
    let json = signed_json(machine, document)?;
    let text = url64::encode(&json);
    let algorithm = algorithm_of(&signature)?;
    let in_header = key_in_header(&signature, algorithm)?;
    if signature.payload.as_ref().is_some_and(|signed| *signed != text) {
        return Err(Error::failed("JWS payload does not match the payload in input"));
    }
    let in_memory = machine.objects.get(&algorithm.public_key_name()).and_then(|key| key.value.octets());
    let public = key.or(in_memory).or(in_header);
    let public = public.ok_or_else(|| Error::Missing(algorithm.public_key_name()))?;
    if signature.is_of(&text, &public, algorithm, &machine.key_cache)? {
        return Ok(());
    }
    if signature.signs(&json, &public, algorithm, &machine.key_cache)? {
        machine.warn("Raw signature of the payload verified, but is non standard jws");
        return Ok(());
    }
    Err(Error::failed(format!("The signature does not validate: {document}")))
}

/// Requires the proof of a DID document to be authentic.
///
/// It is looked at with the public key of its algorithm that is in memory, or else the key in its own header.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': is the document authentic?
/// Given I have a 'did document'
/// Given I have a 'ecdh public key'
/// When I verify the did document named 'did document'
/// Then print the string 'the document is authentic'
/// ```
/// ```json data
/// {
///   "did_document": {
///     "@context": ["https://www.w3.org/ns/did/v1"],
///     "description": "d",
///     "id": "did:dyne:example:abc",
///     "proof": {
///       "jws": "eyJhbGciOiJFUzI1NksifQ..0wutShzVG-CHpYhNVxrELuVZvgDwiEoc4PYiYzFehC34HW9S6czE3mrycYGX7Lh5YOa28V_y4RIwBEuQyn4cdA"
///     }
///   },
///   "ecdh_public_key": "BHdrWMNBRclVO1I1/iEaYjfEi5C0eEvG2GZgsCNq87qy8feZ74JEvnKK9FC07ThhJ8s4ON2ZQcLJ+8HpWMfKPww="
/// }
/// ```
#[check("verify did document named ''")]
pub(super) fn has_document_proof(machine: &mut Machine, document: &str) -> Result<(), Error> {
    verify(machine, document, None)
}

/// Requires the proof of a DID document to be by a key in the document of its signer.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': did the issuer sign the document?
/// Given I have a 'did document'
/// Given I have a 'did document' named 'issuer'
/// When I verify the did document named 'did document' is signed by 'issuer'
/// Then print the string 'the issuer signed'
/// ```
/// ```json data
/// {
///   "did_document": {
///     "@context": ["https://www.w3.org/ns/did/v1"],
///     "description": "d",
///     "id": "did:dyne:example:abc",
///     "proof": {
///       "jws": "eyJhbGciOiJFUzI1NksifQ..0wutShzVG-CHpYhNVxrELuVZvgDwiEoc4PYiYzFehC34HW9S6czE3mrycYGX7Lh5YOa28V_y4RIwBEuQyn4cdA",
///       "verificationMethod": "did:dyne:issuer:x#ecdh_public_key"
///     }
///   },
///   "issuer": {
///     "@context": ["https://www.w3.org/ns/did/v1"],
///     "id": "did:dyne:issuer:x",
///     "verificationMethod": [
///       {
///         "id": "did:dyne:issuer:x#ecdh_public_key",
///         "publicKeyBase58": "Prv7EbvuXevABNJytdsoXPqjJFJxnuiHVk3QqcuWHtn7yzEQHkctuEgezzjG9tCCNriD4HsmFNnFPFDcGfMs3kmR"
///       }
///     ]
///   }
/// }
/// ```
#[check("verify did document named '' is signed by ''")]
pub(super) fn is_signed_by(machine: &mut Machine, document: &str, signer: &str) -> Result<(), Error> {
    machine.value(signer)?;
    signature(machine, document)?;
    let method = proof(machine, document)?.member("verificationMethod").and_then(Value::octets);
    let method = method
        .ok_or_else(|| Error::refused(format!("The proof inside {document} has no verificationMethod")))?;
    let method = String::from_utf8_lossy(&method).into_owned();
    let id = text(machine.value(signer)?, "id").unwrap_or_default();
    ensure(method.split('#').next() == Some(&id), || {
        format!("The signer id in proof is different from the one in {signer}")
    })?;
    let key = key_of(machine, signer, &method)?;
    let key = key.ok_or_else(|| {
        Error::refused(format!("{method} used to sign {document} not found in the did document {signer}"))
    })?;
    verify(machine, document, Some(key))
}

/// The key of a method in a document, if it is there.
fn key_of(machine: &Machine, signer: &str, method: &str) -> Result<Option<Vec<u8>>, Error> {
    let methods = machine.table(signer)?.member("verificationMethod").and_then(Value::table);
    let methods = methods.ok_or_else(|| Error::failed(format!("{signer} has no verificationMethod")))?;
    let Some(found) = methods.values().find(|found| text(found, "id").is_ok_and(|id| id == method)) else {
        return Ok(None);
    };
    let digits = text(found, "publicKeyBase58")?;
    base58::decode(&digits)
        .map(Some)
        .map_err(|error| Error::failed(format!("{method} is not base58: {error}")))
}
