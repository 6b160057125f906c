//! `rsa`: RSA signatures with keys of 4096 bits.

use zencode_crypto::rsa;

use super::qp::{SIGNING, fixed, written};
use crate::error::Error;
use crate::schema::Schema;
use crate::scheme::SignatureScheme;
use crate::statement::Statement;
use crate::value::Value;

pub(crate) const STATEMENTS: &[Statement] = SIGNING;

pub(crate) const SCHEMAS: &[Schema] =
    &[fixed::<{ rsa::PUBLIC_OCTETS }>("rsa_public_key"), fixed::<{ rsa::SIGNATURE_OCTETS }>("rsa_signature")];

pub(crate) static SCHEME: SignatureScheme = SignatureScheme {
    name: "rsa",
    draw_key: |random| rsa::generate(random).to_vec(),
    public_key: |secret| rsa::public_key(secret).map_err(fault),
    sign: |secret, message, _| rsa::sign(secret, message).map(Value::Octet).map_err(fault),
    verify: |public, message, signature, _| rsa::verify(public, message, &written(signature)?).map_err(fault),
    encoding: None,
    public_keys: &["rsa_public_key"],
};

fn fault(error: rsa::Error) -> Error {
    Error::failed(error.to_string())
}
