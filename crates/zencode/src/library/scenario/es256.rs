//! `es256`: ECDSA on P-256 with SHA-256.

use zencode_crypto::es256;

use crate::error::{Error, ensure};
use crate::json::Json;
use crate::schema::{Import, Reading, Schema, octets};
use crate::scheme::SignatureScheme;
use crate::value::Value;

pub(crate) const SCHEMAS: &[Schema] =
    &[schema("es256_public_key", import_public_key), schema("es256_signature", import_signature)];

const fn schema(name: &'static str, import: Import) -> Schema {
    Schema { name, import, export: None, complex: true, open: false }
}

fn import_public_key(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "es256 public key", reading.encoding)?;
    ensure(es256::is_public_key(&octets), || "Public key is not a valid point on curve".to_owned())?;
    Ok(Value::Octet(octets))
}

fn import_signature(json: &Json, reading: &Reading) -> Result<Value, Error> {
    octets(json, "es256 signature", reading.encoding).map(Value::Octet)
}

pub(crate) static SCHEME: SignatureScheme = SignatureScheme {
    name: "es256",
    draw_key: |random| es256::generate(random).to_vec(),
    public_key: |secret| es256::public_key(secret).map(|key| key.to_vec()).map_err(fault),
    sign: |secret, message, tools| {
        let signature = es256::sign(secret, message, tools.random);
        signature.map(|signature| Value::Octet(signature.to_vec())).map_err(fault)
    },
    verify: |public, message, signature, _| {
        let signature = signature.octets().and_then(|octets| octets.try_into().ok());
        let signature = signature.ok_or_else(|| Error::failed("an es256 signature has 64 octets"))?;
        // Two coordinates that are no point have signed nothing; octets of another length are a mistake.
        if public.len() != es256::PUBLIC_OCTETS && !es256::is_public_key(public) {
            return Err(fault(es256::Error::PublicKey));
        }
        Ok(es256::verify(public, message, &signature))
    },
    encoding: Some("base64"),
    public_keys: &["es256_public_key"],
};

fn fault(error: es256::Error) -> Error {
    Error::failed(error.to_string())
}
