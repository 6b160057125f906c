//! `eddsa`: Ed25519 signatures, keys and signatures in base58.

use crate::encoding::{Input, Output};
use crate::error::Error;
use crate::export::Printed;
use crate::json::Json;
use crate::schema::{Reading, Schema, encode_octets, octets};
use crate::scheme::SignatureScheme;
use crate::value::Value;

pub(crate) const SCHEMAS: &[Schema] = &[schema("eddsa_public_key"), schema("eddsa_signature")];

const fn schema(name: &'static str) -> Schema {
    Schema { name, import, export: Some(export), complex: true, open: false }
}

fn import(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    octets(json, "eddsa", Input::Base58).map(Value::Octet)
}

fn export(value: &Value) -> Result<Printed, Error> {
    encode_octets(value, Output::Base58)
}

/// Octets of a secret or public key.
const KEY_OCTETS: usize = 32;

pub(crate) static SCHEME: SignatureScheme = SignatureScheme {
    name: "eddsa",
    draw_key: |random| random.octets(KEY_OCTETS),
    public_key: |secret| Ok(zencode_crypto::eddsa::public_key(&key(secret)?).to_vec()),
    sign: |secret, message, tools| Ok(Value::Octet(tools.keys.eddsa_sign(&key(secret)?, message).to_vec())),
    verify: |public, message, signature, keys| {
        let signature = signature.octets().and_then(|octets| octets.try_into().ok());
        let signature = signature.ok_or_else(|| Error::failed("an eddsa signature has 64 octets"))?;
        Ok(keys.eddsa_verify(&key(public)?, message, &signature))
    },
    encoding: Some("base58"),
    public_keys: &["eddsa_public_key"],
};

fn key(octets: &[u8]) -> Result<[u8; KEY_OCTETS], Error> {
    let found = octets.len();
    octets
        .try_into()
        .map_err(|_| Error::failed(format!("an eddsa key has {KEY_OCTETS} octets, found {found}")))
}
