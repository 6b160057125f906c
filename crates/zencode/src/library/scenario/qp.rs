//! `qp`: signatures and agreement on secrets that withstand quantum computers.

use zencode_crypto::{dilithium, kyber, mldsa44, mlkem512, ntrup};

use crate::error::{Error, ensure};
use crate::json::Json;
use crate::library::kem::{CREATE_KEM, CREATE_SECRET, Kem};
use crate::library::signature::{
    CREATE_KEY, CREATE_PUBLIC_KEY, CREATE_PUBLIC_KEY_WITH_SECRET, CREATE_SIGNATURE, HAS_SIGNATURE,
};
use crate::schema::{Reading, Schema, member, octets, record};
use crate::scheme::SignatureScheme;
use crate::statement::Statement;
use crate::value::Value;

/// The statements of an algorithm that signs.
pub(crate) const SIGNING: &[Statement] =
    &[CREATE_KEY, CREATE_PUBLIC_KEY, CREATE_PUBLIC_KEY_WITH_SECRET, CREATE_SIGNATURE, HAS_SIGNATURE];

/// The statements of an algorithm that agrees on a secret.
pub(crate) const AGREEING: &[Statement] =
    &[CREATE_KEY, CREATE_PUBLIC_KEY, CREATE_PUBLIC_KEY_WITH_SECRET, CREATE_KEM, CREATE_SECRET];

/// Every type of the scenario.
pub(crate) const SCHEMAS: &[Schema] = &[
    fixed::<{ dilithium::PUBLIC_OCTETS }>("dilithium_public_key"),
    fixed::<{ dilithium::SIGNATURE_OCTETS }>("dilithium_signature"),
    fixed::<{ mldsa44::PUBLIC_OCTETS }>("mldsa44_public_key"),
    fixed::<{ mldsa44::SIGNATURE_OCTETS }>("mldsa44_signature"),
    fixed::<{ kyber::PUBLIC_OCTETS }>("kyber_public_key"),
    fixed::<{ kyber::SHARED_OCTETS }>("kyber_secret"),
    fixed::<{ kyber::CIPHERTEXT_OCTETS }>("kyber_ciphertext"),
    kem::<0>("kyber_kem"),
    fixed::<{ mlkem512::PUBLIC_OCTETS }>("mlkem512_public_key"),
    fixed::<{ mlkem512::SHARED_OCTETS }>("mlkem512_secret"),
    fixed::<{ mlkem512::CIPHERTEXT_OCTETS }>("mlkem512_ciphertext"),
    kem::<1>("mlkem512_kem"),
    fixed::<{ ntrup::PUBLIC_OCTETS }>("ntrup_public_key"),
    fixed::<{ ntrup::SHARED_OCTETS }>("ntrup_secret"),
    fixed::<{ ntrup::CIPHERTEXT_OCTETS }>("ntrup_ciphertext"),
    kem::<2>("ntrup_kem"),
];

/// A type of so many octets.
pub(super) const fn fixed<const OCTETS: usize>(name: &'static str) -> Schema {
    Schema { name, import: import_fixed::<OCTETS>, export: None, complex: true, open: false }
}

fn import_fixed<const OCTETS: usize>(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "octets of a fixed length", reading.encoding)?;
    of_length(octets, OCTETS).map(Value::Octet)
}

fn of_length(octets: Vec<u8>, expected: usize) -> Result<Vec<u8>, Error> {
    let found = octets.len();
    ensure(found == expected, || {
        format!("The length is not correct: {found} octets found, {expected} expected")
    })?;
    Ok(octets)
}

/// The type of what the algorithm at an index of [`KEMS`] makes.
const fn kem<const INDEX: usize>(name: &'static str) -> Schema {
    Schema { name, import: import_kem::<INDEX>, export: None, complex: true, open: false }
}

fn import_kem<const INDEX: usize>(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let kem = &KEMS[INDEX];
    let (secret, ciphertext) = (kem.secret(), kem.ciphertext());
    let part = |name: &str, length| {
        member(json, name, reading.encoding).and_then(|octets| of_length(octets, length))
    };
    let parts = vec![
        (&*secret, part(&secret, mlkem512::SHARED_OCTETS)?),
        (&*ciphertext, part(&ciphertext, kem.ciphertext_octets)?),
    ];
    Ok(record(parts))
}

pub(crate) static DILITHIUM: SignatureScheme = SignatureScheme {
    name: "dilithium",
    draw_key: |random| dilithium::generate(random).to_vec(),
    public_key: |secret| dilithium::public_key(secret).map_err(fault),
    sign: |secret, message, _| dilithium::sign(secret, message).map(Value::Octet).map_err(fault),
    verify: |public, message, signature, _| {
        dilithium::verify(public, message, &written(signature)?).map_err(fault)
    },
    encoding: None,
    public_keys: &["dilithium_public_key"],
};

/// Its messages are framed with their context before they come here.
pub(crate) static MLDSA44: SignatureScheme = SignatureScheme {
    name: "mldsa44",
    draw_key: |random| mldsa44::generate(random).to_vec(),
    public_key: |secret| mldsa44::public_key(secret).map_err(fault),
    sign: |secret, framed, tools| {
        mldsa44::sign(secret, framed, tools.random).map(Value::Octet).map_err(fault)
    },
    verify: |public, framed, signature, _| {
        mldsa44::verify(public, framed, &written(signature)?).map_err(fault)
    },
    encoding: None,
    public_keys: &["mldsa44_public_key"],
};

/// The octets of a signature.
pub(super) fn written(signature: &Value) -> Result<Vec<u8>, Error> {
    signature.octets().ok_or_else(|| Error::failed("a signature is octets, not a table"))
}

/// The keys of an algorithm that agrees on a secret; no statement of it signs.
const fn keys(
    name: &'static str,
    draw_key: fn(&mut zencode_crypto::random::Generator) -> Vec<u8>,
    public_key: fn(&[u8]) -> Result<Vec<u8>, Error>,
    public_keys: &'static [&'static str],
) -> SignatureScheme {
    SignatureScheme {
        name,
        draw_key,
        public_key,
        sign: |_, _, _| Err(Error::failed("the algorithm does not sign")),
        verify: |_, _, _, _| Err(Error::failed("the algorithm does not sign")),
        encoding: None,
        public_keys,
    }
}

pub(crate) static KYBER: SignatureScheme = keys(
    "kyber",
    |random| kyber::generate(random).to_vec(),
    |secret| kyber::public_key(secret).map_err(fault),
    &["kyber_public_key"],
);

pub(crate) static MLKEM512: SignatureScheme = keys(
    "mlkem512",
    |random| mlkem512::generate(random).to_vec(),
    |secret| mlkem512::public_key(secret).map_err(fault),
    &["mlkem512_public_key"],
);

pub(crate) static NTRUP: SignatureScheme = keys(
    "ntrup",
    |random| ntrup::generate(random).to_vec(),
    |secret| ntrup::public_key(secret).map_err(fault),
    &["ntrup_public_key"],
);

/// The algorithms that agree on a secret.
pub(crate) static KEMS: [Kem; 3] = [
    Kem {
        scheme: &KYBER,
        ciphertext_octets: kyber::CIPHERTEXT_OCTETS,
        encapsulate: |public, random| kyber::encapsulate(public, random).map_err(fault),
        decapsulate: |secret, ciphertext| kyber::decapsulate(secret, ciphertext).map_err(fault),
    },
    Kem {
        scheme: &MLKEM512,
        ciphertext_octets: mlkem512::CIPHERTEXT_OCTETS,
        encapsulate: |public, random| mlkem512::encapsulate(public, random).map_err(fault),
        decapsulate: |secret, ciphertext| mlkem512::decapsulate(secret, ciphertext).map_err(fault),
    },
    Kem {
        scheme: &NTRUP,
        ciphertext_octets: ntrup::CIPHERTEXT_OCTETS,
        encapsulate: |public, random| ntrup::encapsulate(public, random).map_err(fault),
        decapsulate: |secret, ciphertext| ntrup::decapsulate(secret, ciphertext).map_err(fault),
    },
];

fn fault(error: impl std::fmt::Display) -> Error {
    Error::failed(error.to_string())
}
