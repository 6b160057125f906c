//! `schnorr`: signatures on secp256k1 as in BIP-340, over a tagged digest of the message.

use zencode_crypto::schnorr;

use crate::error::{Error, ensure};
use crate::json::Json;
use crate::schema::{Import, Reading, Schema, octets};
use crate::scheme::SignatureScheme;
use crate::value::Value;

pub(crate) const SCHEMAS: &[Schema] =
    &[schema("schnorr_public_key", import_public_key), schema("schnorr_signature", import_signature)];

const fn schema(name: &'static str, import: Import) -> Schema {
    Schema { name, import, export: None, complex: false, open: false }
}

fn import_public_key(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "schnorr public key", reading.encoding)?;
    let expected = schnorr::KEY_OCTETS;
    ensure(schnorr::is_public_key(&octets), || {
        format!(
            "Schnorr public key is not valid: {expected} octets, the x coordinate of a point, are expected"
        )
    })?;
    Ok(Value::Octet(octets))
}

fn import_signature(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "schnorr signature", reading.encoding)?;
    let (found, expected) = (octets.len(), schnorr::SIGNATURE_OCTETS);
    ensure(found == expected, || {
        format!("Schnorr signature is not valid: {found} octets found, {expected} expected")
    })?;
    Ok(Value::Octet(octets))
}

/// What the scenario signs for, so that no signature of it is one of Bitcoin's.
const TAG: &str = "Zenroom/Schnorr/BIP340";

/// Without auxiliary randomness a message has one signature, and every oracle gives the same.
const NO_RANDOMNESS: [u8; schnorr::AUXILIARY_OCTETS] = [0; schnorr::AUXILIARY_OCTETS];

pub(crate) static SCHEME: SignatureScheme = SignatureScheme {
    name: "schnorr",
    draw_key: |random| schnorr::generate(random).to_vec(),
    public_key: |secret| schnorr::public_key(secret).map(|key| key.to_vec()).map_err(fault),
    sign: |secret, message, _| {
        let signature = schnorr::sign(secret, &schnorr::tagged_hash(TAG, message), &NO_RANDOMNESS);
        signature.map(|signature| Value::Octet(signature.to_vec())).map_err(fault)
    },
    verify: |public, message, signature, _| {
        let signature = signature.octets();
        let signature =
            signature.ok_or_else(|| Error::failed("a schnorr signature is octets, not a table"))?;
        Ok(schnorr::verify(public, &schnorr::tagged_hash(TAG, message), &signature))
    },
    encoding: None,
    public_keys: &["schnorr_public_key"],
};

fn fault(error: schnorr::Error) -> Error {
    Error::failed(error.to_string())
}
