//! What is said of each type: its form, and what no form tells.

/// What a value of a type is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Octets, as many as one of these numbers; any number when there is none.
    Octets(&'static [usize]),
    /// A text with a form of its own.
    Text,
    /// A dictionary that has these members, and perhaps others.
    Dictionary(&'static [&'static str]),
    /// An array of dictionaries that have these members.
    Array(&'static [&'static str]),
}

/// A type.
#[derive(Debug)]
pub(super) struct Shape {
    /// As it is called in memory.
    pub(super) name: &'static str,
    pub(super) form: Form,
    /// How its octets are read and written; none where the encodings of the contract say it.
    pub(super) encoding: Option<&'static str>,
    pub(super) about: &'static str,
}

impl Shape {
    /// With an encoding of its own.
    const fn encoded(self, encoding: &'static str) -> Self {
        Self { encoding: Some(encoding), ..self }
    }
}

const fn octets(name: &'static str, lengths: &'static [usize], about: &'static str) -> Shape {
    Shape { name, form: Form::Octets(lengths), encoding: None, about }
}

const fn text(name: &'static str, about: &'static str) -> Shape {
    Shape { name, form: Form::Text, encoding: Some("text"), about }
}

const fn dictionary(name: &'static str, members: &'static [&'static str], about: &'static str) -> Shape {
    Shape { name, form: Form::Dictionary(members), encoding: None, about }
}

const fn array(name: &'static str, members: &'static [&'static str], about: &'static str) -> Shape {
    Shape { name, form: Form::Array(members), encoding: None, about }
}

const SECP256K1: &str = "a point of secp256k1: `04`, x and y; `02` or `03` and x is read too";
const WEI: &str = "a whole number of wei in decimal digits";
const UNSPENT: &str = "outputs that may be spent, as wallets list them: the amount in bitcoin, `txid` in hex";
const PROOF_OF_CREDENTIAL: &str = "points of BLS12-381 of 49 and 192 octets, numbers of 32";

/// Every type, in the order of the library.
pub(super) const SHAPES: &[Shape] = &[
    octets("multihash", &[34, 66], "a digest behind the code of its function and its length; any function"),
    octets("multihash_sha256", &[34], "begins with the octets `12 20`"),
    octets("multihash_sha512", &[66], "begins with the octets `13 40`"),
    octets("multihash_sha3_512", &[66], "begins with the octets `14 40`"),
    octets("multihash_sha3_256", &[34], "begins with the octets `16 20`"),
    octets("multihash_shake256", &[34], "begins with the octets `19 20`"),
    octets("multihash_keccak256", &[34], "begins with the octets `1b 20`"),
    dictionary(
        "date_table",
        &["year", "month", "day", "hour", "min", "sec", "isdst"],
        "numbers, and `isdst` is a truth value",
    )
    .encoded("number"),
    dictionary(
        "keyring",
        &[],
        "secret keys by the name of their algorithm; the one of an issuer is `x` and `y`",
    )
    .encoded("base64; `eddsa` in base58, `ethereum` in hex, `bitcoin` and `testnet` in wallet import format"),
    octets("public_key", &[65], SECP256K1),
    octets("ecdh_public_key", &[65], SECP256K1),
    dictionary("signature", &["r", "s"], "32 octets each"),
    dictionary("ecdh_signature", &["r", "s"], "32 octets each"),
    dictionary(
        "secret_message",
        &["checksum", "header", "iv", "text"],
        "AES-GCM: `checksum` has 16 octets, `iv` 32",
    ),
    octets("eddsa_public_key", &[32], "RFC 8032").encoded("base58"),
    octets("eddsa_signature", &[64], "RFC 8032").encoded("base58"),
    octets(
        "es256_public_key",
        &[64],
        "a point of P-256: x and y; with `04` before them, or `02` or `03` and x, it is read too",
    ),
    octets("es256_signature", &[64], "r and s"),
    octets("dilithium_public_key", &[1312], "Dilithium2 of round 3"),
    octets("dilithium_signature", &[2420], "Dilithium2 of round 3"),
    octets("mldsa44_public_key", &[1312], "FIPS 204"),
    octets("mldsa44_signature", &[2420], "FIPS 204"),
    octets("kyber_public_key", &[800], "Kyber512 of round 3"),
    octets("kyber_secret", &[32], "what two sides share"),
    octets("kyber_ciphertext", &[768], "what the owner of the public key makes the secret of"),
    dictionary("kyber_kem", &["kyber_secret", "kyber_ciphertext"], "both of the above"),
    octets("mlkem512_public_key", &[800], "FIPS 203"),
    octets("mlkem512_secret", &[32], "what two sides share"),
    octets("mlkem512_ciphertext", &[768], "what the owner of the public key makes the secret of"),
    dictionary("mlkem512_kem", &["mlkem512_secret", "mlkem512_ciphertext"], "both of the above"),
    octets("ntrup_public_key", &[1158], "sntrup761"),
    octets("ntrup_secret", &[32], "what two sides share"),
    octets("ntrup_ciphertext", &[1039], "what the owner of the public key makes the secret of"),
    dictionary("ntrup_kem", &["ntrup_secret", "ntrup_ciphertext"], "both of the above"),
    octets("bitcoin_public_key", &[33], "a point of secp256k1: `02` or `03`, and x"),
    text("bitcoin_address", "of the main network, BIP-173: `bc1…`"),
    text("testnet_address", "of the test network, BIP-173: `tb1…`"),
    text("satoshi_amount", "a whole number in decimal digits"),
    text("satoshi_fee", "a whole number in decimal digits"),
    array("satoshi_unspent", &["amount", "txid", "vout"], "outputs that may be spent, the amount in satoshi")
        .encoded("text"),
    array("bitcoin_unspent", &["amount", "txid", "vout"], UNSPENT).encoded("text"),
    array("testnet_unspent", &["amount", "txid", "vout"], UNSPENT).encoded("text"),
    octets("schnorr_public_key", &[32], "BIP-340: the x of a point of secp256k1"),
    octets("schnorr_signature", &[64], "BIP-340"),
    octets("ethereum_public_key", &[65], "a point of secp256k1: `04`, x and y").encoded("hex"),
    octets("ethereum_address", &[20], "EIP-55: `0x`, and capital letters as its checksum says").encoded("hex"),
    text("ethereum_nonce", "a whole number below 2³¹ in decimal digits"),
    dictionary(
        "ethereum_transaction",
        &["gas_limit", "gas_price", "to", "value"],
        "numbers in decimal digits; `nonce`, `data`, and the `v`, `r`, `s` of a signed one, are there when they are set",
    )
    .encoded("text; octets in hex"),
    octets("signed_ethereum_transaction", &[], "RLP, as a node takes it").encoded("hex"),
    text("gas_price", WEI),
    text("gas_limit", "a whole number in decimal digits"),
    text("wei_value", WEI),
    text("gwei_value", "a whole number of gwei in decimal digits; in memory it is wei"),
    text("ethereum_value", "a whole number of ether in decimal digits; in memory it is wei"),
    octets("ethereum_signature", &[65], "`0x`, then r, s and v").encoded("hex"),
    dictionary("ethereum_signature_table", &["r", "s", "v"], "`v` in decimal digits").encoded("hex"),
    dictionary(
        "ethereum_method",
        &["name", "input", "output"],
        "a method of a contract on the ledger: its name, and the types of what it takes and gives",
    )
    .encoded("text"),
    dictionary("ethereum_address_signature_pair", &["address", "signature"], "an address and its signature")
        .encoded("hex"),
    dictionary("jwk", &["kty"], "RFC 7517: `crv`, `x`, `y` of a curve, or `n`, `e` of RSA").encoded("url64"),
    octets("rsa_public_key", &[516], "the modulus, and the exponent in four octets"),
    octets("rsa_signature", &[512], "RFC 8017, 8.2"),
    text("json_web_token", "RFC 7519: three parts in base64url with dots between them"),
    text("jwt", "the same under a shorter name"),
    dictionary("did_document", &["@context", "id"], "W3C DID Core 1.0; every leaf is a text").encoded("text"),
    dictionary("verificationMethod", &[], "the public keys of a document by the name of their type")
        .encoded("as each key"),
    dictionary("verification_method", &[], "the public keys of a document by the name of their type, or a text")
        .encoded("as each key"),
    dictionary("verifiable_credential", &[], "any dictionary; every leaf is a text").encoded("text"),
    dictionary(
        "supported_selective_disclosure",
        &["authorization_servers", "credential_configurations_supported", "credential_endpoint", "credential_issuer"],
        "OpenID4VCI, 12.2: what an issuer offers",
    )
    .encoded("text"),
    dictionary("decoded_selective_disclosure", &["jwt", "disclosures"], "a signed one with its parts readable")
        .encoded("text"),
    dictionary("selective_disclosure_request", &["fields", "object"], "an object, and which of its members to hide")
        .encoded("text"),
    dictionary("selective_disclosure", &["payload", "disclosures"], "RFC 9901, before it is signed")
        .encoded("text"),
    text("signed_selective_disclosure", "RFC 9901: a token and its disclosures, a `~` behind each"),
    text(
        "signed_selective_disclosure_with_key_binding",
        "the same, and behind the last `~` a token by the holder's key",
    ),
    dictionary("issuer_public_key", &["alpha", "beta"], "points of BLS12-381, 192 octets each"),
    dictionary("compressed_issuer_public_key", &["alpha", "beta"], "points of BLS12-381, 96 octets each"),
    dictionary("credential_request", &["commit", "pi_s", "public", "sign"], PROOF_OF_CREDENTIAL),
    dictionary("credential_signature", &["a_tilde", "b_tilde", "h"], "points of BLS12-381, 49 octets each"),
    dictionary("credentials", &["h", "s"], "points of BLS12-381, 49 octets each"),
    dictionary("credential_proof", &["kappa", "nu", "pi_v", "sigma_prime"], PROOF_OF_CREDENTIAL),
    dictionary("petition_scores", &["neg", "pos"], "encrypted counts: `left` and `right`, points of 49 octets"),
    dictionary("petition", &["owner", "scores", "uid"], "and `list`, once somebody has signed"),
    dictionary("petition_signature", &["proof", "uid_petition", "uid_signature"], PROOF_OF_CREDENTIAL),
    dictionary("petition_tally", &["c", "dec", "rx", "uid"], "the owner's proof of what the counts are"),
    octets("reflow_public_key", &[192], "a point of the second group of BLS12-381"),
    octets("reflow_identity", &[49], "a point of the first group of BLS12-381"),
    dictionary("reflow_seal", &["SM", "identity", "verifier"], "and `fingerprints`, once somebody has signed"),
    dictionary("reflow_signature", &["identity", "proof", "signature", "zeta"], PROOF_OF_CREDENTIAL),
    dictionary("material_passport", &["proof", "seal", "zeta"], "a seal, and the proof that a credential stands behind it"),
    dictionary("fsp_ciphertext", &["k", "n", "p"], "`k` and `p` have 256 octets, `n` less"),
    octets("fsp_response", &[256], "the answer to a message"),
    octets("fsp_session", &[256], "the key that one message brings"),
    octets("pvss_public_key", &[48], "a point of the first group of BLS12-381 as ZCash writes it"),
    dictionary(
        "pvss_public_shares",
        &["commitments", "encrypted_shares", "proof", "public_keys"],
        "points of 48 octets; numbers of proofs always in base64",
    ),
    dictionary("pvss_secret_share", &["dec_share", "enc_share", "index", "proof", "pub_key"], "one participant's share"),
    dictionary("pvss_verified_shares", &["valid_indexes", "valid_shares"], "the shares that are what they claim"),
    octets("bbs_public_key", &[96], "a point of the second group of BLS12-381 as ZCash writes it"),
    octets("bbs_signature", &[80], "draft-irtf-cfrg-bbs-signatures, with SHA-256"),
    octets("bbs_credential", &[80], "a signature under another name"),
    octets("bbs_proof", &[], "272 octets, and 32 for each message that is not shown"),
    octets("bbs_shake_public_key", &[96], "a point of the second group of BLS12-381 as ZCash writes it"),
    octets("bbs_shake_signature", &[80], "draft-irtf-cfrg-bbs-signatures, with SHAKE-256"),
    octets("bbs_shake_credential", &[80], "a signature under another name"),
    octets("bbs_shake_proof", &[], "272 octets, and 32 for each message that is not shown"),
    dictionary("dcql_query", &["credentials"], "OpenID4VP, 6: the Digital Credentials Query Language")
        .encoded("text"),
    dictionary("single_share", &["x", "y"], "1 to 32 octets each"),
    array("secret_shares", &["x", "y"], "1 to 32 octets each").encoded("base64, however they were read"),
];
