//! `jwk`: JSON Web Keys of the keys in memory.

use zencode_crypto::encoding::url64;
use zencode_macros::when;

use crate::codec::Traits;
use crate::encoding::{Input, Output};
use crate::error::{Error, ensure};
use crate::export::{Printed, tree};
use crate::json::Json;
use crate::library::jose::algorithm::{Algorithm, ES256, ES256K, RS256, member};
use crate::machine::Machine;
use crate::schema::{Reading, Schema, octets};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_ES256_JWK,
    CREATE_ES256_JWK_WITH_PRIVATE_KEY,
    CREATE_ES256_JWK_OF,
    CREATE_ES256K_JWK,
    CREATE_ES256K_JWK_WITH_PRIVATE_KEY,
    CREATE_ES256K_JWK_OF,
    CREATE_RS256_JWK,
    CREATE_RS256_JWK_WITH_PRIVATE_KEY,
    CREATE_RS256_JWK_OF,
];

const JWK: &str = "jwk";

pub(crate) const SCHEMAS: &[Schema] =
    &[Schema { name: JWK, import, export: Some(export), complex: true, open: false }];

/// Octets of a coordinate.
const COORDINATE_OCTETS: usize = 32;

/// What is printed of a key; anything else stays behind.
const PRINTED: &[&str] =
    &["d", "kty", "crv", "x", "y", "use", "alg", "kid", "n", "e", "p", "q", "dp", "dq", "qi"];

/// Reads a key. Its numbers become octets, and are printed as such: the reference engine does not turn them
/// into text again.
///
/// # Source
/// RFC 7517; Zenroom `zencode_jwk.lua`.
fn import(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let kind = member(json, "kty");
    let kind = kind.ok_or_else(|| Error::refused("The input is not a valid JSON Web Key, missing kty"))?;
    let mut key = Table::default();
    key.set("kty", word(kind, "kty")?);
    if *kind == Json::Text("RSA".to_owned()) {
        for name in ["n", "e"] {
            let found = member(json, name);
            let found = found.ok_or_else(|| Error::refused(format!("RSA JWK missing {name}")))?;
            key.set(name, Value::Octet(octets(found, name, Input::Url64)?));
        }
        if let Some(secret) = member(json, "d") {
            key.set("d", Value::Octet(octets(secret, "d", Input::Url64)?));
        }
    } else {
        for name in ["x", "y"] {
            key.set(name, Value::Octet(coordinate(json, name)?));
        }
        let curve = member(json, "crv").ok_or_else(|| Error::input("the JSON Web Key has no crv"))?;
        key.set("crv", word(curve, "crv")?);
    }
    import_notes(json, &mut key)?;
    Ok(Value::Table(key))
}

/// What a key is for, and its name.
fn import_notes(json: &Json, key: &mut Table) -> Result<(), Error> {
    if let Some(algorithm) = member(json, "alg") {
        key.set("alg", word(algorithm, "alg")?);
    }
    if let Some(purpose) = member(json, "use") {
        ensure(*purpose == Json::Text("sig".to_owned()), || "use must be sig".to_owned())?;
        key.set("use", word(purpose, "use")?);
    }
    if let Some(name) = member(json, "kid") {
        key.set("kid", Value::Octet(octets(name, "kid", Input::Url64)?));
    }
    Ok(())
}

fn coordinate(json: &Json, name: &str) -> Result<Vec<u8>, Error> {
    let found = member(json, name);
    let found = found
        .ok_or_else(|| Error::refused(format!("The input is not a valid JSON Web Key, missing {name}")))?;
    let octets = octets(found, name, Input::Url64)?;
    let length = octets.len();
    ensure(length == COORDINATE_OCTETS, || {
        format!("Wrong length in field '{name}', expected {COORDINATE_OCTETS} given is {length}")
    })?;
    Ok(octets)
}

/// A word of a key; Lua reads numbers as texts too.
fn word(json: &Json, name: &str) -> Result<Value, Error> {
    match json {
        Json::Text(text) => Ok(Value::text(text)),
        Json::Number(number) => Ok(Value::text(&number.text())),
        _ => Err(Error::input(format!("{name} of a JSON Web Key is a text"))),
    }
}

/// A member that was taken out of a key has nothing to print.
fn export(value: &Value) -> Result<Printed, Error> {
    let mut printed = std::collections::BTreeMap::new();
    for name in PRINTED {
        if let Some(found) = value.table().and_then(|key| key.member(name)) {
            printed.insert((*name).to_owned(), tree(found, Output::Text)?);
        }
    }
    Ok(Printed::Dictionary(printed))
}

/// Which key of an algorithm is written.
enum Which<'a> {
    /// That of the keyring, or else the public key in memory.
    Own,
    /// That of the keyring, the secret with it.
    Secret,
    /// A public key by its name.
    Named(&'a str),
}

fn create(machine: &mut Machine, algorithm: &Algorithm, which: Which<'_>) -> Result<(), Error> {
    machine.empty(JWK)?;
    let mut jwk = Table::default();
    let public = match which {
        Which::Named(name) => public_key(machine, algorithm, name)?,
        Which::Own | Which::Secret => match secret_key(machine, algorithm) {
            Some(secret) => {
                if matches!(which, Which::Secret) {
                    jwk.set("d", Value::text(&url64::encode(&secret)));
                }
                (algorithm.scheme()?.public_key)(&secret)?
            }
            None if matches!(which, Which::Secret) => {
                let iana = algorithm.iana;
                return Err(Error::failed(format!(
                    "Private key for {iana} algorithm not found in the keyring"
                )));
            }
            None => public_key(machine, algorithm, &algorithm.public_key_name())?,
        },
    };
    for (name, octets) in algorithm.public_jwk(&public)? {
        let is_number = !matches!(name, "kty" | "crv");
        let text = if is_number { url64::encode(&octets).into_bytes() } else { octets };
        jwk.set(name, Value::Octet(text));
    }
    machine.create(JWK, Value::Table(jwk), Traits::default())
}

fn secret_key(machine: &Machine, algorithm: &Algorithm) -> Option<Vec<u8>> {
    machine.objects.get("keyring")?.value.table()?.member(algorithm.key)?.octets()
}

/// A public key of the right kind; that of RSA may be any octets.
fn public_key(machine: &Machine, algorithm: &Algorithm, name: &str) -> Result<Vec<u8>, Error> {
    let object = machine.have(name)?;
    let wanted = algorithm.public_key_name();
    let fits = *algorithm == RS256 || object.codec.schema.is_some_and(|schema| schema.name == wanted);
    let iana = algorithm.iana;
    if !fits {
        return Err(Error::failed(format!("The {iana} algorithm does not match the public key {name}")));
    }
    object.value.octets().ok_or_else(|| Error::failed(format!("{name} is no {iana} public key")))
}

/// Makes `jwk`: the public key of the keyring, or else the one in memory, as a key of P-256.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a key for others
/// Given I have a 'keyring'
/// When I create the jwk of p256 public key
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when(
    "create jwk of p256 public key",
    "create jwk of es256 public key",
    "create jwk of secp256r1 public key"
)]
fn create_es256_jwk(machine: &mut Machine) -> Result<(), Error> {
    create(machine, &ES256, Which::Own)
}

/// Makes `jwk`: the secret key of the keyring and its public key, as a key of P-256.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a key to keep
/// Given I have a 'keyring'
/// When I create the jwk of p256 public key with private key
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "keyring": { "es256": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when(
    "create jwk of p256 public key with private key",
    "create jwk of es256 public key with private key",
    "create jwk of secp256r1 public key with private key"
)]
fn create_es256_jwk_with_private_key(machine: &mut Machine) -> Result<(), Error> {
    create(machine, &ES256, Which::Secret)
}

/// Makes `jwk`: a public key by its name, as a key of P-256.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': the key of another
/// Given I have a 'es256 public key'
/// When I rename the 'es256 public key' to 'key of Ada'
/// When I create the jwk of p256 public key 'key of Ada'
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "es256_public_key": "gyvKONZZiFmTUbQseoJ6KdAYJPyFixv0rMXL2T39sawziR3I49jMp/6ChAupQYqZhYPVC/RtxBI+tUcULh1SCg==" }
/// ```
#[when(
    "create jwk of p256 public key ''",
    "create jwk of es256 public key ''",
    "create jwk of secp256r1 public key ''"
)]
fn create_es256_jwk_of(machine: &mut Machine, key: &str) -> Result<(), Error> {
    create(machine, &ES256, Which::Named(key))
}

/// Makes `jwk`: the public key of the keyring, or else the one in memory, as a key of secp256k1.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a key for others
/// Given I have a 'keyring'
/// When I create the jwk of ecdh public key
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when(
    "create jwk of ecdh public key",
    "create jwk of es256k public key",
    "create jwk of secp256k1 public key"
)]
fn create_es256k_jwk(machine: &mut Machine) -> Result<(), Error> {
    create(machine, &ES256K, Which::Own)
}

/// Makes `jwk`: the secret key of the keyring and its public key, as a key of secp256k1.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a key to keep
/// Given I have a 'keyring'
/// When I create the jwk of ecdh public key with private key
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "keyring": { "ecdh": "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=" } }
/// ```
#[when(
    "create jwk of ecdh public key with private key",
    "create jwk of es256k public key with private key",
    "create jwk of secp256k1 public key with private key"
)]
fn create_es256k_jwk_with_private_key(machine: &mut Machine) -> Result<(), Error> {
    create(machine, &ES256K, Which::Secret)
}

/// Makes `jwk`: a public key by its name, as a key of secp256k1.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': the key of another
/// Given I have a 'ecdh public key'
/// When I rename the 'ecdh public key' to 'key of Ada'
/// When I create the jwk of ecdh public key 'key of Ada'
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "ecdh_public_key": "BHdrWMNBRclVO1I1/iEaYjfEi5C0eEvG2GZgsCNq87qy8feZ74JEvnKK9FC07ThhJ8s4ON2ZQcLJ+8HpWMfKPww=" }
/// ```
#[when(
    "create jwk of ecdh public key ''",
    "create jwk of es256k public key ''",
    "create jwk of secp256k1 public key ''"
)]
fn create_es256k_jwk_of(machine: &mut Machine, key: &str) -> Result<(), Error> {
    create(machine, &ES256K, Which::Named(key))
}

/// Makes `jwk`: the RSA public key of the keyring, or else the one in memory.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a key for others
/// Given I have a 'base64' named 'rsa public key'
/// When I create the jwk of rsa public key
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "rsa_public_key": "hS4HyP201h/LX23wCPcUOREwBIvSaQ2kZ3GBfIXBw+SMdvZkvgcsQnfd+pruy9WrPt9R80wSkEaZLBRuoiSbRBQ5w5dyMpGzNXOh3c08Q0sGw/O8ffg54vkH8eKKyj8hGszIsFXC7pXcFJJTjOED8Kv62LCP1mv2RQv9k15g2p1NdNM7/biKsNNLM0oVNc6GsXfMl9zaTJpKXsh+5Gcl9WEr0xP3aTmqnms2x5E9gKYL2Yzpp5imjqJ0K9OvcFkTCnOcuKqI0a/oihw2WrgqC5u9iTbhfqM3y5Pnu1U64hIfPrmAl0gu+hGhyFA8Pn+d/dM7nXLMdzZ52ClgkPkg/aW0eT62jmWt47T7TM27omBpN/ngKCA+86+mEaju1ib6Z1m5vYqaiO5Ye9B1iHMqo/9iHW+YywC7gfmGFCT5JB/KFsdj1pX+1WrsBB+8S5aE/HcmbGT460f+4Dh7K3atPU1+hhrbE6xyohezkVXwdJnZgSW/O6iwU0oE2scbNq5dQ+B+K1jjtRrEq6vucxMqFldoyH00c4+cAnK/dnbKuLofFHusarmugQX6vCoCh55xtj7G1mKZ511s2zvEcLXJRkZPttsuF+R3bzYyEd63fow98FPD9/KRnZPsryICyywCsDa6xvd2H8Zs/K67zIsGBxED1wAHmcUxyKOQJ55yTDkAAQAB" }
/// ```
#[when("create jwk of rsa public key", "create jwk of rs256 public key")]
fn create_rs256_jwk(machine: &mut Machine) -> Result<(), Error> {
    create(machine, &RS256, Which::Own)
}

/// Makes `jwk`: the RSA secret key of the keyring and its public key.
///
/// `d` is the secret key as Zenroom has it, 1280 octets: no other program reads it.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': a key to keep
/// Scenario 'rsa': the same
/// Given I have a 'keyring'
/// When I create the jwk of rsa public key with private key
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "keyring": { "rsa": "iZLFrTu7CX8HtAkIO5Ad+aoKAxbQOQITmQcLC/pyAZi2lpmEF79rvgQSPOpudKLrGNIXK5hWOTLQdZDKgFBqsrD4bqqEbukOzCu1fvSkcetOJqsH8lkXhry8sXY5YkGTvTL5KsMwuGpY3IOsnoAw0PmuQNAj2b9Aj95ryeBySpyn3kiEnlmm7Z9RIgSMpGKxdn0GWfg5ksgCfeFQUAbAC5diNc4sUlnmPRKnDF6qV9t0ut1xPMjHNLtL9N0s5prAuhsDRvyJxnt+3WQwxOOL++dn/ElPgsWeRz/JskqN5gTqRB63hV9fODVo14aASfIfPaFjZjYXfV5it/AfmUJBQ/fTDS9jMsqOZoTLTkQPfT6fN94m4mB2GuSQzljcFBR3GsZDO7D/Ae9G45RhN7cHPaHaWo2K4BV5sr/TSX7X0Td3vLsYxsfJtXH/cU4JbllSVGMul5lfO3Tojhhrg13FaifpsMFt2ZDWZpIp8b/YFSpcm1fkKOd8fsA/A1bPs39kQdEmhyHUpzH4KUqwhbueMfmIh3H9aXCRaGqoLKWevbDf0wRnBNBVRb1ErTem/K6DXBS54V8w6h1nfcae+gIICMCP2afCQUXi2NHSQBfWudWNc1FJfX0O4QDX+KQDGD49SSB6WIIQynMlIYg+fyQQQkDXvh394O4Mm/6/Am3OVtMYP+bYQk8VvW5+LZll5mFiQLbDFKJfah5KOxOXaO3vmhuVMDo4dWVoeQ897ZTKumz2UxICfTe1nV9hWcRYGdS06rzfxO7THgGdu5aiaj0SV4fPCRa9gTbEaUBZh51V1HlWQEXrY7ySxSwkspEa3z27mEc+5XFsUGnw8iPN0eJThImShPXbc7IY8Jw8gtDHqR3e5OrZsQd0+Ax4Y97kPExdvrFxCoaFfZM38LHBXG5qTiSlS6NKM5npkZox70qa22xdYaWSPbGLavlRzPdLvVBPdtq9fa6mPm9H39aNttaMVRF2MHPo7oa6Qa/ZTbwPTL50/p2mxqIdVyXPhmQLf8JBSG78VJRm3QM//aI6jvQEBFCfEKRG2DDM7W9RkHFKwSyKu9Yc1T/Dff83N0Au+6T3I55hhytHEZ/PWffUbGmB8fdiR0EXoH9ZNCeYI1noUd0ZYx/UGXTXOPVbytFpxPeVbnMEQZTs2UOBGUl/KjZrAUWt9cNvHTGrDl+chzwP17Ui85GSP5YbBCTnVLhBbjPvoWKBTBToQ4mMflgHLKU4BkF1OL0vkADMcGRpSHHbOtqUCE7IC32Nf+imv23p3rwgar/guwKw9081ViZgq1cMW9mLEgAr2GiH5So6tx1ccZySChcYVXO46Gy630p8+Lpz0uX74GI64vj2gz+q4xNDF2vAgxg5xPk3idzIriLUkEbDchyPDsvEooQeyMYZeeQ+HRG+N57xS2DsY4vXJBrUmOQB0RTAxZwZ+PxRinPEXcnjFNr5JkXiYVa8WLAXSTDPWa50cChg5ErsuYdQWl6tIDUESZd+oi12PAcK1qv+dTNun+fIS6Z0pa/b+ZIgxU2vd4S7PdF+B8pGKT0cUgfNLWmrGi/xSyhkyWWHy4cfcXobSEH49D5Tej4VjrKUiSgCQU7mbdkOSLSVQDNprnSd0ThtRG52SH+w0MvFsnx0wUgzG+COJChQ+IM9PSigZZ8qe/SKO/yz+fRm5pWO3uy5KeQCKwG9EdVd956B+fl7loo=" } }
/// ```
#[when("create jwk of rsa public key with private key", "create jwk of rs256 public key with private key")]
fn create_rs256_jwk_with_private_key(machine: &mut Machine) -> Result<(), Error> {
    create(machine, &RS256, Which::Secret)
}

/// Makes `jwk`: an RSA public key by its name.
///
/// # Example
/// ```zencode
/// Scenario 'w3c': the key of another
/// Given I have a 'base64' named 'key of Ada'
/// When I create the jwk of rsa public key 'key of Ada'
/// Then print the 'jwk'
/// ```
/// ```json keys
/// { "key_of_Ada": "hS4HyP201h/LX23wCPcUOREwBIvSaQ2kZ3GBfIXBw+SMdvZkvgcsQnfd+pruy9WrPt9R80wSkEaZLBRuoiSbRBQ5w5dyMpGzNXOh3c08Q0sGw/O8ffg54vkH8eKKyj8hGszIsFXC7pXcFJJTjOED8Kv62LCP1mv2RQv9k15g2p1NdNM7/biKsNNLM0oVNc6GsXfMl9zaTJpKXsh+5Gcl9WEr0xP3aTmqnms2x5E9gKYL2Yzpp5imjqJ0K9OvcFkTCnOcuKqI0a/oihw2WrgqC5u9iTbhfqM3y5Pnu1U64hIfPrmAl0gu+hGhyFA8Pn+d/dM7nXLMdzZ52ClgkPkg/aW0eT62jmWt47T7TM27omBpN/ngKCA+86+mEaju1ib6Z1m5vYqaiO5Ye9B1iHMqo/9iHW+YywC7gfmGFCT5JB/KFsdj1pX+1WrsBB+8S5aE/HcmbGT460f+4Dh7K3atPU1+hhrbE6xyohezkVXwdJnZgSW/O6iwU0oE2scbNq5dQ+B+K1jjtRrEq6vucxMqFldoyH00c4+cAnK/dnbKuLofFHusarmugQX6vCoCh55xtj7G1mKZ511s2zvEcLXJRkZPttsuF+R3bzYyEd63fow98FPD9/KRnZPsryICyywCsDa6xvd2H8Zs/K67zIsGBxED1wAHmcUxyKOQJ55yTDkAAQAB" }
/// ```
#[when("create jwk of rsa public key ''", "create jwk of rs256 public key ''")]
fn create_rs256_jwk_of(machine: &mut Machine, key: &str) -> Result<(), Error> {
    create(machine, &RS256, Which::Named(key))
}
