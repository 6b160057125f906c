//! The signature algorithms of tokens, by the many names that they go by.

use zencode_crypto::{ecdh, es256};

use crate::error::Error;
use crate::json::Json;
use crate::library::LIBRARY;
use crate::machine::Machine;
use crate::scheme::{SignatureScheme, Tools};
use crate::value::{Table, Value};

/// Octets of the name of an algorithm.
const NAME_OCTETS: usize = 32;

/// Octets of a coordinate of both curves.
const COORDINATE_OCTETS: usize = 32;
/// Octets of the modulus and the exponent in a public key of RSA.
const MODULUS_OCTETS: usize = 512;
const EXPONENT_OCTETS: usize = 4;

/// A signature algorithm.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Algorithm {
    /// Its name in headers.
    pub(crate) iana: &'static str,
    /// Its name in sentences and in the keyring.
    pub(crate) key: &'static str,
    /// What it is called besides, in small letters.
    aliases: &'static [&'static str],
}

/// ECDSA on P-256 with SHA-256.
pub(crate) static ES256: Algorithm =
    Algorithm { iana: "ES256", key: "es256", aliases: &["p256", "es-256", "secp256r1", "p-256"] };

/// ECDSA on secp256k1, with half of SHA-512 as Zenroom has it: not RFC 8812.
pub(crate) static ES256K: Algorithm =
    Algorithm { iana: "ES256K", key: "ecdh", aliases: &["ecdsa", "secp256k1"] };

/// RSA with 4096 bits, PKCS #1 and SHA-256.
pub(crate) static RS256: Algorithm = Algorithm { iana: "RS256", key: "rsa", aliases: &[] };

static ML_DSA_44: Algorithm =
    Algorithm { iana: "ML-DSA-44", key: "mldsa44", aliases: &["dilithium2-44", "fips204", "fips204-44"] };

static ALGORITHMS: [&Algorithm; 4] = [&ES256K, &ES256, &ML_DSA_44, &RS256];

/// The algorithm of a name, in letters of any size.
///
/// # Errors
/// For any other name. EdDSA is one of them: the reference engine knows its name and fails.
///
/// # Source
/// Zenroom `crypto_loader.lua`.
pub(crate) fn named(name: &str) -> Result<&'static Algorithm, Error> {
    if name.len() > NAME_OCTETS {
        return Err(Error::failed(format!("the name of an algorithm has at most {NAME_OCTETS} letters")));
    }
    let small = name.to_ascii_lowercase();
    let is = |algorithm: &&&Algorithm| {
        algorithm.iana.to_ascii_lowercase() == small
            || algorithm.key == small
            || algorithm.aliases.contains(&small.as_str())
    };
    let found = ALGORITHMS.iter().find(is);
    found.copied().ok_or_else(|| {
        Error::failed(format!(
            "Crypto algorithm not found: {name}; there are ES256, ES256K, RS256, ML-DSA-44"
        ))
    })
}

impl Algorithm {
    /// The name of its public key in memory.
    pub(crate) fn public_key_name(&self) -> String {
        format!("{}_public_key", self.key)
    }

    pub(crate) fn scheme(&self) -> Result<&'static SignatureScheme, Error> {
        let found = LIBRARY.iter().filter_map(|row| row.scheme).find(|scheme| scheme.name == self.key);
        found.ok_or_else(|| Error::failed(format!("{} is not built in", self.iana)))
    }

    /// Signs with the key in the keyring. The two halves of a signature are one behind the other.
    ///
    /// # Source
    /// RFC 7518, 3.4.
    pub(crate) fn sign(&self, machine: &mut Machine, message: &[u8]) -> Result<Vec<u8>, Error> {
        let secret = machine.secret_key(self.key)?;
        let tools = Tools { random: &mut machine.random, keys: &machine.key_cache };
        let signature = (self.scheme()?.sign)(&secret, message, tools)?;
        let halves = |table: &Table| {
            let half = |name| table.member(name).and_then(Value::octets);
            Some([half("r")?, half("s")?].concat())
        };
        let octets = match &signature {
            Value::Table(table) => halves(table),
            whole => whole.octets(),
        };
        octets.ok_or_else(|| Error::failed("the signature has no octets"))
    }

    /// The public key in memory, or else that of the secret key in the keyring.
    pub(crate) fn own_public_key(&self, machine: &mut Machine) -> Result<Vec<u8>, Error> {
        if let Some(public) = machine.may_have(&self.public_key_name()) {
            return public.value.octets().ok_or_else(|| self.no_public_key());
        }
        let secret = machine.secret_key(self.key)?;
        (self.scheme()?.public_key)(&secret)
    }

    fn no_public_key(&self) -> Error {
        Error::failed(format!("{} is no {} public key", self.public_key_name(), self.iana))
    }

    /// What a JSON Web Key says of a public key, its numbers as octets: type, curve and numbers.
    ///
    /// # Source
    /// RFC 7517; RFC 7518, 6; RFC 8812, 3.1.
    pub(crate) fn public_jwk(&self, public: &[u8]) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
        let curve = |curve: &str, x: &[u8], y: &[u8]| {
            vec![("kty", b"EC".to_vec()), ("crv", curve.into()), ("x", x.into()), ("y", y.into())]
        };
        match self.key {
            "es256" => {
                let point = es256::coordinates(public).map_err(|_| self.no_public_key())?;
                let (x, y) = point.split_at(COORDINATE_OCTETS);
                Ok(curve("P-256", x, y))
            }
            "ecdh" if ecdh::is_public_key(public) && public.len() >= ecdh::PUBLIC_KEY_OCTETS => {
                let (x, y) = public[1..ecdh::PUBLIC_KEY_OCTETS].split_at(COORDINATE_OCTETS);
                Ok(curve("secp256k1", x, y))
            }
            "rsa" if public.len() == MODULUS_OCTETS + EXPONENT_OCTETS => {
                let (modulus, exponent) = public.split_at(MODULUS_OCTETS);
                Ok(vec![("kty", b"RSA".to_vec()), ("n", trimmed(modulus)), ("e", trimmed(exponent))])
            }
            "mldsa44" => Err(Error::failed("a public key of ML-DSA-44 has no place in a header")),
            _ => Err(self.no_public_key()),
        }
    }

    /// The public key in a JSON Web Key, if it is of this algorithm. Coordinates are put in one piece.
    ///
    /// # Source
    /// RFC 7518, 6; Zenroom `crypto_jose.lua`, `jwk_to_pk`.
    pub(crate) fn key_of_jwk(&self, jwk: &Json) -> Option<Vec<u8>> {
        let number = |name: &str| zencode_crypto::encoding::url64::decode(text(jwk, name)?).ok();
        match text(jwk, "kty")? {
            "EC" if named(text(jwk, "crv")?).ok()? == self => Some(
                [padded(&number("x")?, COORDINATE_OCTETS), padded(&number("y")?, COORDINATE_OCTETS)].concat(),
            ),
            "RSA" if *self == RS256 => {
                let (modulus, exponent) = (number("n")?, number("e")?);
                let fits = modulus.len() == MODULUS_OCTETS && (1..=EXPONENT_OCTETS).contains(&exponent.len());
                fits.then(|| [modulus, padded(&exponent, EXPONENT_OCTETS)].concat())
            }
            _ => None,
        }
    }
}

/// A member of a JSON object.
pub(crate) fn member<'a>(json: &'a Json, name: &str) -> Option<&'a Json> {
    match json {
        Json::Object(members) => members.get(name).filter(|member| **member != Json::Null),
        _ => None,
    }
}

/// A text in a JSON object.
pub(crate) fn text<'a>(json: &'a Json, name: &str) -> Option<&'a str> {
    match member(json, name)? {
        Json::Text(text) => Some(text),
        _ => None,
    }
}

/// Octets without the zeros that they begin with.
fn trimmed(octets: &[u8]) -> Vec<u8> {
    octets.iter().copied().skip_while(|octet| *octet == 0).collect()
}

/// So many octets: the last ones, behind zeros where there are too few.
fn padded(octets: &[u8], length: usize) -> Vec<u8> {
    let zeros = length.saturating_sub(octets.len());
    let kept = &octets[octets.len().saturating_sub(length)..];
    [&vec![0; zeros], kept].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_algorithm_has_many_names() {
        for name in ["ES256K", "es256k", "ecdh", "ECDSA", "secp256k1"] {
            assert_eq!(named(name), Ok(&ES256K), "{name}");
        }
        for name in ["ES256", "P-256", "secp256r1"] {
            assert_eq!(named(name), Ok(&ES256), "{name}");
        }
    }

    #[test]
    fn an_unknown_or_long_name_is_refused() {
        for name in ["", "eddsa", "none", "HS256", "es256kes256kes256kes256kes256kes256k"] {
            assert!(named(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_coordinate_has_its_length() {
        assert_eq!(padded(&[7], 3), [0, 0, 7]);
        assert_eq!(padded(&[7, 8, 9, 10], 3), [8, 9, 10]);
    }
}
