//! JSON Web Signatures: three parts between dots, the second left out when the payload is elsewhere.

use zencode_crypto::encoding::url64;

use super::algorithm::{self, Algorithm};
use super::{NESTING_MAX, Style, text_of, write};
use crate::encoding::Input;
use crate::error::Error;
use crate::export::{Printed, leaf};
use crate::json::{self, Json};
use crate::key_cache::KeyCache;
use crate::machine::Machine;
use crate::schema::octets;
use crate::value::Value;

/// A signature as it was read.
#[derive(Debug)]
pub(crate) struct Jws {
    header_text: String,
    pub(crate) header: Json,
    /// The text of the payload, if it is there.
    pub(crate) payload: Option<String>,
    signature: Vec<u8>,
}

/// A payload: texts, times and truth values. Everything else becomes the text of its octets, and empty texts
/// are left out.
const PAYLOAD: Style = Style {
    comma: ",",
    colon: ":",
    scalar: |value| match value {
        Value::Boolean(truth) => Ok(Some(truth.to_string().into_bytes())),
        Value::Time(_) => match leaf(value, crate::encoding::Output::Text)? {
            Printed::Number(number) => Ok(Some(number.text().into_bytes())),
            _ => Err(Error::failed("a time is a number")),
        },
        other => text_in(other),
    },
};

/// A header: as a payload, but the octets of a time are a text too.
const HEADER: Style = Style {
    scalar: |value| match value {
        Value::Boolean(truth) => Ok(Some(truth.to_string().into_bytes())),
        other => text_in(other),
    },
    ..PAYLOAD
};

fn text_in(value: &Value) -> Result<Option<Vec<u8>>, Error> {
    let octets = value.octets();
    octets.map(|octets| text_of(&octets)).ok_or_else(|| Error::failed("a table is no text"))
}

fn encoded(value: &Value, style: &Style) -> Result<String, Error> {
    let mut json = Vec::new();
    write(&mut json, value, style)?;
    Ok(url64::encode(&json))
}

/// The JSON of a payload that is a table.
pub(crate) fn payload_json(payload: &Value) -> Result<Vec<u8>, Error> {
    let mut json = Vec::new();
    write(&mut json, payload, &PAYLOAD)?;
    Ok(json)
}

/// A payload as it is signed: the JSON of a table, the octets of an element.
///
/// # Source
/// Zenroom `zenroom_json.lua`, `JSON.serialize`.
pub(crate) fn payload_text(payload: &Value) -> Result<String, Error> {
    match payload {
        Value::Table(_) => encoded(payload, &PAYLOAD),
        Value::Octet(_) | Value::Integer(_) | Value::Point(_) => {
            Ok(url64::encode(&payload.octets().unwrap_or_default()))
        }
        Value::Float(_) | Value::Time(_) | Value::Boolean(_) => {
            Err(Error::failed("the payload of a signature is a table, a text or an integer"))
        }
    }
}

/// Signs a payload under a header that names the algorithm; a detached signature leaves the payload out.
///
/// # Source
/// RFC 7515, 7.1 and appendix F.
pub(crate) fn create(
    machine: &mut Machine,
    header: &Value,
    payload: &Value,
    detached: bool,
) -> Result<String, Error> {
    let table = header.table().ok_or_else(|| Error::failed("the header of a signature is a dictionary"))?;
    let name = table.member("alg").and_then(Value::octets);
    let name = name.ok_or_else(|| Error::failed("Algorithm not specified in jws header"))?;
    let algorithm = algorithm::named(&String::from_utf8_lossy(&name))?;
    let header = encoded(header, &HEADER)?;
    let payload = payload_text(payload)?;
    let signature = algorithm.sign(machine, format!("{header}.{payload}").as_bytes())?;
    let payload = if detached { "" } else { &payload };
    Ok(format!("{header}.{payload}.{}", url64::encode(&signature)))
}

/// Reads a signature; what stands behind a third dot is overlooked, as in the reference engine.
///
/// # Source
/// RFC 7515, 7.1; Zenroom `crypto_jose.lua`, `parse_jws`.
pub(crate) fn parse(value: &Value) -> Result<Jws, Error> {
    let Value::Octet(text) = value else { return Err(Error::failed("a JWS is a text")) };
    let text = String::from_utf8_lossy(text);
    let mut parts = text.split('.');
    let mut part = |name: &str| {
        parts
            .next()
            .ok_or_else(|| Error::failed(format!("The JWS has no {name}: it is three parts between dots")))
    };
    let (header_text, payload, signature) = (part("header")?, part("payload")?, part("signature")?);
    let header = String::from_utf8_lossy(&decoded(header_text, "header")?).into_owned();
    let header = json::decode(&header, NESTING_MAX).map_err(Error::failed)?;
    let payload = (!payload.is_empty()).then_some(payload);
    payload.map(|payload| decoded(payload, "payload")).transpose()?;
    let signature = decoded(signature, "signature")?;
    if signature.is_empty() {
        return Err(Error::failed("The JWS has no signature"));
    }
    Ok(Jws { header_text: header_text.to_owned(), header, payload: payload.map(str::to_owned), signature })
}

fn decoded(part: &str, name: &str) -> Result<Vec<u8>, Error> {
    let octets = octets(&Json::Text(part.to_owned()), name, Input::Url64);
    octets.map_err(|error| Error::failed(format!("The JWS is damaged: {error}")))
}

impl Jws {
    /// The algorithm that the header names.
    pub(crate) fn algorithm(&self) -> Result<&'static Algorithm, Error> {
        let name = algorithm::text(&self.header, "alg");
        algorithm::named(name.ok_or_else(|| Error::failed("Algorithm not specified in jws header"))?)
    }

    /// The key in the header, if it is one of the algorithm.
    pub(crate) fn own_key(&self, algorithm: &Algorithm) -> Option<Vec<u8>> {
        algorithm.key_of_jwk(algorithm::member(&self.header, "jwk")?)
    }

    /// Whether it is the signature of a payload by a key; without a key none is.
    pub(crate) fn is_of(
        &self,
        payload: &str,
        public: &[u8],
        algorithm: &Algorithm,
        keys: &KeyCache,
    ) -> Result<bool, Error> {
        let message = format!("{}.{payload}", self.header_text);
        self.signs(message.as_bytes(), public, algorithm, keys)
    }

    /// Whether it is the signature of octets that are no JWS payload.
    pub(crate) fn signs(
        &self,
        octets: &[u8],
        public: &[u8],
        algorithm: &Algorithm,
        keys: &KeyCache,
    ) -> Result<bool, Error> {
        (algorithm.scheme()?.verify)(public, octets, &Value::Octet(self.signature.clone()), keys)
    }
}
