//! The form of each named type in JSON: what somebody writes who sends one to a contract.
//!
//! The imports of the types decide what is taken; this table tells a person, or a program that describes contracts,
//! what to send. A test holds it against the list of types.

/// How a value of a named type is written in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text in the contract's input encoding.
    Octets,
    /// A text in this encoding, whatever the contract says; `string` is plain text.
    Text(&'static str),
    /// A whole number in decimal, as a number or as a text.
    Decimal,
    /// A dictionary with at least these members.
    Record(&'static [(&'static str, Form)]),
    /// An array of values of one form.
    List(&'static Form),
    /// A dictionary whose members the type does not fix.
    Dictionary,
    /// A value that has more than one form.
    Any,
}

const OCTETS: Form = Form::Octets;
const BASE64: Form = Form::Text("base64");
const HEX: Form = Form::Text("hex");
const TEXT: Form = Form::Text("string");
const DECIMAL: Form = Form::Decimal;

const COORDINATES: Form = Form::Record(&[("r", OCTETS), ("s", OCTETS)]);
const SHARE: Form = Form::Record(&[("x", OCTETS), ("y", OCTETS)]);
const POINTS: Form = Form::Record(&[("left", OCTETS), ("right", OCTETS)]);
const SCORES: Form = Form::Record(&[("pos", POINTS), ("neg", POINTS)]);
const CREDENTIAL_PROOF: Form = Form::Record(&[
    ("nu", OCTETS),
    ("kappa", OCTETS),
    ("pi_v", Form::Record(&[("c", BASE64), ("rm", BASE64), ("rr", BASE64)])),
    ("sigma_prime", Form::Record(&[("h_prime", OCTETS), ("s_prime", OCTETS)])),
]);
const SEAL: Form = Form::Record(&[("identity", OCTETS), ("SM", OCTETS), ("verifier", OCTETS)]);
const LIST_OF_NUMBERS: Form = Form::List(&BASE64);

/// Every named type, in the order of the library.
const FORMS: &[(&str, Form)] = &[
    ("multihash", OCTETS),
    ("multihash_sha256", OCTETS),
    ("multihash_sha512", OCTETS),
    ("multihash_sha3_512", OCTETS),
    ("multihash_sha3_256", OCTETS),
    ("multihash_shake256", OCTETS),
    ("multihash_keccak256", OCTETS),
    ("date_table", Form::Dictionary),
    ("keyring", Form::Dictionary),
    ("public_key", OCTETS),
    ("ecdh_public_key", OCTETS),
    ("signature", COORDINATES),
    ("ecdh_signature", COORDINATES),
    (
        "secret_message",
        Form::Record(&[("checksum", OCTETS), ("header", OCTETS), ("iv", OCTETS), ("text", OCTETS)]),
    ),
    ("eddsa_public_key", Form::Text("base58")),
    ("eddsa_signature", Form::Text("base58")),
    ("es256_public_key", OCTETS),
    ("es256_signature", OCTETS),
    ("dilithium_public_key", OCTETS),
    ("dilithium_signature", OCTETS),
    ("mldsa44_public_key", OCTETS),
    ("mldsa44_signature", OCTETS),
    ("kyber_public_key", OCTETS),
    ("kyber_secret", OCTETS),
    ("kyber_ciphertext", OCTETS),
    ("kyber_kem", Form::Record(&[("kyber_secret", OCTETS), ("kyber_ciphertext", OCTETS)])),
    ("mlkem512_public_key", OCTETS),
    ("mlkem512_secret", OCTETS),
    ("mlkem512_ciphertext", OCTETS),
    ("mlkem512_kem", Form::Record(&[("mlkem512_secret", OCTETS), ("mlkem512_ciphertext", OCTETS)])),
    ("ntrup_public_key", OCTETS),
    ("ntrup_secret", OCTETS),
    ("ntrup_ciphertext", OCTETS),
    ("ntrup_kem", Form::Record(&[("ntrup_secret", OCTETS), ("ntrup_ciphertext", OCTETS)])),
    ("bitcoin_public_key", OCTETS),
    ("bitcoin_address", TEXT),
    ("testnet_address", TEXT),
    ("satoshi_amount", DECIMAL),
    ("satoshi_fee", DECIMAL),
    ("satoshi_unspent", Form::List(&Form::Dictionary)),
    ("bitcoin_unspent", Form::List(&Form::Dictionary)),
    ("testnet_unspent", Form::List(&Form::Dictionary)),
    ("schnorr_public_key", OCTETS),
    ("schnorr_signature", OCTETS),
    ("ethereum_public_key", HEX),
    ("ethereum_address", HEX),
    ("ethereum_nonce", DECIMAL),
    (
        "ethereum_transaction",
        Form::Record(&[
            ("nonce", DECIMAL),
            ("gas_price", DECIMAL),
            ("gas_limit", DECIMAL),
            ("value", DECIMAL),
            ("to", HEX),
        ]),
    ),
    ("signed_ethereum_transaction", HEX),
    ("gas_price", DECIMAL),
    ("gas_limit", DECIMAL),
    ("wei_value", DECIMAL),
    ("gwei_value", DECIMAL),
    ("ethereum_value", DECIMAL),
    ("ethereum_signature", Form::Any),
    ("ethereum_signature_table", Form::Any),
    ("ethereum_method", Form::Record(&[("name", TEXT), ("input", Form::List(&TEXT)), ("output", Form::Any)])),
    ("ethereum_address_signature_pair", Form::Record(&[("address", HEX), ("signature", Form::Any)])),
    ("jwk", Form::Record(&[("kty", TEXT)])),
    ("rsa_public_key", OCTETS),
    ("rsa_signature", OCTETS),
    ("json_web_token", TEXT),
    ("jwt", TEXT),
    ("did_document", Form::Record(&[("@context", Form::Any), ("id", TEXT)])),
    ("verificationMethod", Form::Dictionary),
    ("verification_method", Form::Any),
    ("verifiable_credential", Form::Dictionary),
    ("supported_selective_disclosure", Form::Dictionary),
    ("decoded_selective_disclosure", Form::Any),
    (
        "selective_disclosure_request",
        Form::Record(&[("fields", Form::List(&TEXT)), ("object", Form::Dictionary)]),
    ),
    ("selective_disclosure", Form::Record(&[("payload", Form::Dictionary), ("disclosures", Form::Any)])),
    ("signed_selective_disclosure", TEXT),
    ("signed_selective_disclosure_with_key_binding", TEXT),
    ("issuer_public_key", Form::Any),
    ("compressed_issuer_public_key", Form::Any),
    (
        "credential_request",
        Form::Record(&[
            ("sign", Form::Record(&[("a", OCTETS), ("b", OCTETS)])),
            ("pi_s", Form::Record(&[("rr", BASE64), ("rm", BASE64), ("rk", BASE64), ("commit", BASE64)])),
            ("commit", OCTETS),
            ("public", OCTETS),
        ]),
    ),
    ("credential_signature", Form::Record(&[("h", OCTETS), ("b_tilde", OCTETS), ("a_tilde", OCTETS)])),
    ("credentials", Form::Record(&[("h", OCTETS), ("s", OCTETS)])),
    ("credential_proof", CREDENTIAL_PROOF),
    ("petition_scores", SCORES),
    ("petition", Form::Record(&[("uid", TEXT), ("scores", SCORES)])),
    (
        "petition_signature",
        Form::Record(&[("uid_petition", TEXT), ("uid_signature", OCTETS), ("proof", CREDENTIAL_PROOF)]),
    ),
    (
        "petition_tally",
        Form::Record(&[
            ("uid", TEXT),
            ("c", BASE64),
            ("rx", BASE64),
            ("dec", Form::Record(&[("neg", OCTETS), ("pos", OCTETS)])),
        ]),
    ),
    ("reflow_public_key", Form::Any),
    ("reflow_identity", Form::Any),
    ("reflow_seal", SEAL),
    (
        "reflow_signature",
        Form::Record(&[
            ("identity", OCTETS),
            ("signature", OCTETS),
            ("zeta", OCTETS),
            ("proof", CREDENTIAL_PROOF),
        ]),
    ),
    ("material_passport", Form::Record(&[("zeta", OCTETS), ("proof", CREDENTIAL_PROOF), ("seal", SEAL)])),
    ("fsp_ciphertext", Form::Record(&[("p", OCTETS), ("k", OCTETS), ("n", OCTETS)])),
    ("fsp_response", OCTETS),
    ("fsp_session", OCTETS),
    ("pvss_public_key", OCTETS),
    (
        "pvss_public_shares",
        Form::Record(&[
            ("public_keys", Form::List(&OCTETS)),
            ("proof", LIST_OF_NUMBERS),
            ("commitments", LIST_OF_NUMBERS),
            ("encrypted_shares", LIST_OF_NUMBERS),
        ]),
    ),
    (
        "pvss_secret_share",
        Form::Record(&[
            ("index", DECIMAL),
            ("proof", LIST_OF_NUMBERS),
            ("dec_share", BASE64),
            ("enc_share", BASE64),
            ("pub_key", OCTETS),
        ]),
    ),
    (
        "pvss_verified_shares",
        Form::Record(&[("valid_indexes", Form::List(&DECIMAL)), ("valid_shares", LIST_OF_NUMBERS)]),
    ),
    ("bbs_public_key", OCTETS),
    ("bbs_signature", OCTETS),
    ("bbs_credential", OCTETS),
    ("bbs_proof", OCTETS),
    ("bbs_shake_public_key", OCTETS),
    ("bbs_shake_signature", OCTETS),
    ("bbs_shake_credential", OCTETS),
    ("bbs_shake_proof", OCTETS),
    ("dcql_query", Form::Record(&[("credentials", Form::List(&Form::Dictionary))])),
    ("single_share", SHARE),
    ("secret_shares", Form::Any),
];

impl Form {
    /// The form of a named type, such as `ecdh_signature`; none when there is no such type.
    ///
    /// # Example
    /// ```
    /// assert_eq!(zencode::Form::of("eddsa_signature"), Some(zencode::Form::Text("base58")));
    /// ```
    pub fn of(schema: &str) -> Option<Self> {
        FORMS.iter().find(|(name, _)| *name == schema).map(|(_, form)| *form)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::library::LIBRARY;

    #[test]
    fn every_named_type_has_a_form_and_nothing_else_has() {
        let types = LIBRARY.iter().flat_map(|scenario| scenario.schemas).map(|schema| schema.name);
        let rows = FORMS.iter().map(|(name, _)| *name);
        assert_eq!(rows.collect::<BTreeSet<_>>(), types.collect::<BTreeSet<_>>());
    }

    #[test]
    fn no_named_type_has_two_forms() {
        assert_eq!(FORMS.iter().map(|(name, _)| name).collect::<BTreeSet<_>>().len(), FORMS.len());
    }
}
