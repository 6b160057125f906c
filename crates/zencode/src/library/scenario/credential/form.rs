//! The tables that credentials are in memory and in JSON: which member is a point, and which an integer.

use num_bigint::{BigInt, Sign};
use zencode_crypto::bls12_381::{G1, G2, Scalar};
use zencode_crypto::credential::{BlindSignature, Credential, IssuerPublicKey, Proof, Request};

use crate::encoding::Input;
use crate::error::Error;
use crate::export::Printed;
use crate::json::Json;
use crate::point::Point;
use crate::schema::{Reading, member};
use crate::value::{Table, Value};

/// What a member is.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A point of the first group.
    First,
    /// A point of the second group.
    Second,
    /// A number below the order, in base64 whatever the contract's encoding.
    Integer,
}

/// The members of a table, by path.
pub(crate) type Form = &'static [(&'static str, Kind)];

pub(crate) const ISSUER_PUBLIC_KEY: Form = &[("alpha", Kind::Second), ("beta", Kind::Second)];

const REQUEST: Form = &[
    ("sign.a", Kind::First),
    ("sign.b", Kind::First),
    ("pi_s.rr", Kind::Integer),
    ("pi_s.rm", Kind::Integer),
    ("pi_s.rk", Kind::Integer),
    ("pi_s.commit", Kind::Integer),
    ("commit", Kind::First),
    ("public", Kind::First),
];

pub(crate) const SIGNATURE: Form = &[("h", Kind::First), ("b_tilde", Kind::First), ("a_tilde", Kind::First)];

pub(crate) const CREDENTIALS: Form = &[("h", Kind::First), ("s", Kind::First)];

pub(crate) const PROOF: Form = &[
    ("nu", Kind::First),
    ("kappa", Kind::Second),
    ("pi_v.c", Kind::Integer),
    ("pi_v.rm", Kind::Integer),
    ("pi_v.rr", Kind::Integer),
    ("sigma_prime.h_prime", Kind::First),
    ("sigma_prime.s_prime", Kind::First),
];

/// Reads a table of a form.
///
/// # Errors
/// When a member is missing, is no text in its encoding, or is no point or number of its kind.
pub(crate) fn import(json: &Json, form: Form, reading: &Reading) -> Result<Value, Error> {
    let mut members = Vec::with_capacity(form.len());
    for (path, kind) in form {
        members.push((*path, import_member(json, path, *kind, reading)?));
    }
    Ok(table(members))
}

fn import_member(json: &Json, path: &str, kind: Kind, reading: &Reading) -> Result<Value, Error> {
    let (owner, name) = match path.split_once('.') {
        Some((inner, name)) => (inner_of(json, inner)?, name),
        None => (json, path),
    };
    let encoding = match kind {
        Kind::Integer => Input::Base64,
        Kind::First | Kind::Second => reading.encoding,
    };
    let octets = member(owner, name, encoding)?;
    let named = |error: &dyn std::fmt::Display| Error::input(format!("{path}: {error}"));
    match kind {
        Kind::First => Point::first(&octets).map(Value::from).map_err(|error| named(&error)),
        Kind::Second => Point::second(&octets).map(Value::from).map_err(|error| named(&error)),
        Kind::Integer => {
            Scalar::from_canonical(&octets).map(|scalar| integer(&scalar)).map_err(|error| named(&error))
        }
    }
}

/// A member that is a table itself.
pub(crate) fn inner_of<'a>(json: &'a Json, name: &str) -> Result<&'a Json, Error> {
    let found = match json {
        Json::Object(members) => members.get(name),
        _ => None,
    };
    found.ok_or_else(|| Error::input(format!("Key not found in object conversion: {name}")))
}

/// A table of members by path.
pub(crate) fn table(members: Vec<(&str, Value)>) -> Value {
    let mut table = Table::default();
    for (path, value) in members {
        match path.split_once('.') {
            None => {
                table.set(path, value);
            }
            Some((inner, name)) => {
                let mut found = match table.take(&crate::value::Key::Name(inner.to_owned())) {
                    Some(Value::Table(found)) => found,
                    _ => Table::default(),
                };
                found.set(name, value);
                table.set(inner, Value::Table(found));
            }
        }
    }
    Value::Table(table)
}

/// A number that is no secret, as a value.
pub(crate) fn integer(scalar: &Scalar) -> Value {
    Value::Integer(BigInt::from_bytes_be(Sign::Plus, &scalar.to_octets()))
}

fn at<'a>(table: &'a Table, path: &str) -> Result<&'a Value, Error> {
    let found = match path.split_once('.') {
        Some((inner, name)) => {
            table.member(inner).and_then(Value::table).and_then(|inner| inner.member(name))
        }
        None => table.member(path),
    };
    found.ok_or_else(|| Error::failed(format!("there is no {path}")))
}

/// The point of the first group at a path.
pub(crate) fn first(table: &Table, path: &str) -> Result<G1, Error> {
    Point::first_of(at(table, path)?)
}

/// The point of the second group at a path.
pub(crate) fn second(table: &Table, path: &str) -> Result<G2, Error> {
    Point::second_of(at(table, path)?)
}

/// The number at a path.
pub(crate) fn scalar(table: &Table, path: &str) -> Result<Scalar, Error> {
    let octets = at(table, path)?.octets().ok_or_else(|| Error::failed(format!("{path} is no number")))?;
    Scalar::from_octets(&octets).map_err(|error| Error::failed(format!("{path}: {error}")))
}

/// Reads a request, whose proof has to be right.
///
/// # Errors
/// As [`import`], and when the proof is wrong.
pub(crate) fn import_request(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let value = import(json, REQUEST, reading)?;
    let right = value.table().map(request_of).transpose()?.is_some_and(|request| request.verify());
    let fault = || Error::input("Error in credential request: proof is invalid (verify_pi_s)");
    if right { Ok(value) } else { Err(fault()) }
}

/// Reads an issuer's public key: two points, or both in Zcash's encoding one behind the other.
///
/// # Errors
/// When it is neither.
pub(crate) fn import_issuer_public_key(json: &Json, reading: &Reading) -> Result<Value, Error> {
    if !matches!(json, Json::Text(_)) {
        return import(json, ISSUER_PUBLIC_KEY, reading);
    }
    issuer_public_key_from_zcash(&crate::schema::octets(json, "issuer public key", reading.encoding)?)
}

/// Reads both points in Zcash's encoding, one behind the other.
///
/// # Errors
/// When the halves are no points.
pub(crate) fn issuer_public_key_from_zcash(octets: &[u8]) -> Result<Value, Error> {
    let point = |octets: &[u8]| G2::from_zcash(octets).map_err(|error| Error::input(error.to_string()));
    let (alpha, beta) = octets.split_at(octets.len() / 2);
    Ok(issuer_public_key(&IssuerPublicKey { alpha: point(alpha)?, beta: point(beta)? }))
}

/// Both points in Zcash's encoding, one behind the other.
pub(crate) fn export_compressed(value: &Value) -> Result<Printed, Error> {
    let table = value.table().ok_or_else(|| Error::failed("an issuer public key is a table"))?;
    let key = issuer_public_key_of(table)?;
    Ok(Printed::Raw(Value::Octet([key.alpha.to_zcash(), key.beta.to_zcash()].concat())))
}

/// The numbers of a proof as octets, which look the same in every encoding but those of numbers.
pub(crate) fn export_proof(value: &Value) -> Result<Printed, Error> {
    let octets = |value: &Value| {
        Ok::<_, Error>(match value {
            Value::Integer(_) => Value::Octet(value.octets().unwrap_or_default()),
            other => other.clone(),
        })
    };
    match value {
        Value::Table(table) => Ok(Printed::raw(&Value::Table(table.map(&mut octets.clone())?))),
        _ => Err(Error::failed("a credential proof is a table")),
    }
}

pub(crate) fn issuer_public_key(key: &IssuerPublicKey) -> Value {
    table(vec![("alpha", key.alpha.into()), ("beta", key.beta.into())])
}

pub(crate) fn issuer_public_key_of(table: &Table) -> Result<IssuerPublicKey, Error> {
    Ok(IssuerPublicKey { alpha: second(table, "alpha")?, beta: second(table, "beta")? })
}

pub(crate) fn request(request: &Request) -> Value {
    table(vec![
        ("commit", request.commit.into()),
        ("public", request.public.into()),
        ("sign.a", request.a.into()),
        ("sign.b", request.b.into()),
        ("pi_s.commit", integer(&request.challenge)),
        ("pi_s.rk", integer(&request.rk)),
        ("pi_s.rm", integer(&request.rm)),
        ("pi_s.rr", integer(&request.rr)),
    ])
}

pub(crate) fn request_of(table: &Table) -> Result<Request, Error> {
    Ok(Request {
        commit: first(table, "commit")?,
        public: first(table, "public")?,
        a: first(table, "sign.a")?,
        b: first(table, "sign.b")?,
        challenge: scalar(table, "pi_s.commit")?,
        rk: scalar(table, "pi_s.rk")?,
        rm: scalar(table, "pi_s.rm")?,
        rr: scalar(table, "pi_s.rr")?,
    })
}

pub(crate) fn signature(signature: &BlindSignature) -> Value {
    table(vec![("h", signature.h.into()), ("a_tilde", signature.a.into()), ("b_tilde", signature.b.into())])
}

pub(crate) fn signature_of(table: &Table) -> Result<BlindSignature, Error> {
    Ok(BlindSignature { h: first(table, "h")?, a: first(table, "a_tilde")?, b: first(table, "b_tilde")? })
}

pub(crate) fn credential(credential: &Credential) -> Value {
    table(vec![("h", credential.h.into()), ("s", credential.s.into())])
}

pub(crate) fn credential_of(table: &Table) -> Result<Credential, Error> {
    Ok(Credential { h: first(table, "h")?, s: first(table, "s")? })
}

pub(crate) fn proof(proof: &Proof) -> Value {
    table(vec![
        ("nu", proof.nu.into()),
        ("kappa", proof.kappa.into()),
        ("pi_v.c", integer(&proof.challenge)),
        ("pi_v.rm", integer(&proof.rm)),
        ("pi_v.rr", integer(&proof.rr)),
        ("sigma_prime.h_prime", proof.h_prime.into()),
        ("sigma_prime.s_prime", proof.s_prime.into()),
    ])
}

pub(crate) fn proof_of(table: &Table) -> Result<Proof, Error> {
    Ok(Proof {
        nu: first(table, "nu")?,
        kappa: second(table, "kappa")?,
        h_prime: first(table, "sigma_prime.h_prime")?,
        s_prime: first(table, "sigma_prime.s_prime")?,
        challenge: scalar(table, "pi_v.c")?,
        rm: scalar(table, "pi_v.rm")?,
        rr: scalar(table, "pi_v.rr")?,
    })
}
