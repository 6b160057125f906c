//! The contracts inside the binary, so that an oracle works without a folder.

use zeroize::Zeroizing;

use super::folder::{Companions, Files, Text};

/// One file of `contracts/` at the root of the repository.
macro_rules! file {
    ($name:literal) => {
        include_str!(concat!("../../../../../contracts/", $name))
    };
}

/// Name, contract, metadata, example.
type Row = (&'static str, &'static str, &'static str, Option<&'static str>);

/// In the order of their names.
const CONTRACTS: &[Row] = &[
    (
        "consensusroom-get-timestamp",
        file!("consensusroom-get-timestamp.zen"),
        file!("consensusroom-get-timestamp.metadata.json"),
        None,
    ),
    (
        "consensusroom-http-post",
        file!("consensusroom-http-post.zen"),
        file!("consensusroom-http-post.metadata.json"),
        Some(file!("consensusroom-http-post.data.json")),
    ),
    ("consensusroom-ping", file!("consensusroom-ping.zen"), file!("consensusroom-ping.metadata.json"), None),
    (
        "zenswarm-oracle-create-did-document",
        file!("zenswarm-oracle-create-did-document.zen"),
        file!("zenswarm-oracle-create-did-document.metadata.json"),
        Some(file!("zenswarm-oracle-create-did-document.data.json")),
    ),
    (
        "zenswarm-oracle-generate-all-public-keys",
        file!("zenswarm-oracle-generate-all-public-keys.zen"),
        file!("zenswarm-oracle-generate-all-public-keys.metadata.json"),
        None,
    ),
    (
        "zenswarm-oracle-get-identity",
        file!("zenswarm-oracle-get-identity.zen"),
        file!("zenswarm-oracle-get-identity.metadata.json"),
        None,
    ),
    (
        "zenswarm-oracle-get-signed-timestamp",
        file!("zenswarm-oracle-get-signed-timestamp.zen"),
        file!("zenswarm-oracle-get-signed-timestamp.metadata.json"),
        None,
    ),
    (
        "zenswarm-oracle-get-timestamp",
        file!("zenswarm-oracle-get-timestamp.zen"),
        file!("zenswarm-oracle-get-timestamp.metadata.json"),
        None,
    ),
    (
        "zenswarm-oracle-http-post",
        file!("zenswarm-oracle-http-post.zen"),
        file!("zenswarm-oracle-http-post.metadata.json"),
        Some(file!("zenswarm-oracle-http-post.data.json")),
    ),
    (
        "zenswarm-oracle-ping",
        file!("zenswarm-oracle-ping.zen"),
        file!("zenswarm-oracle-ping.metadata.json"),
        None,
    ),
    (
        "zenswarm-oracle-read-from-ethereum-payload",
        file!("zenswarm-oracle-read-from-ethereum-payload.zen"),
        file!("zenswarm-oracle-read-from-ethereum-payload.metadata.json"),
        Some(file!("zenswarm-oracle-read-from-ethereum-payload.data.json")),
    ),
    (
        "zenswarm-oracle-read-from-planetmint-payload",
        file!("zenswarm-oracle-read-from-planetmint-payload.zen"),
        file!("zenswarm-oracle-read-from-planetmint-payload.metadata.json"),
        Some(file!("zenswarm-oracle-read-from-planetmint-payload.data.json")),
    ),
    (
        "zenswarm-oracle-sign-did-document",
        file!("zenswarm-oracle-sign-did-document.zen"),
        file!("zenswarm-oracle-sign-did-document.metadata.json"),
        Some(file!("zenswarm-oracle-sign-did-document.data.json")),
    ),
    (
        "zenswarm-oracle-sign-dilithium",
        file!("zenswarm-oracle-sign-dilithium.zen"),
        file!("zenswarm-oracle-sign-dilithium.metadata.json"),
        Some(file!("zenswarm-oracle-sign-dilithium.data.json")),
    ),
    (
        "zenswarm-oracle-sign-ecdsa",
        file!("zenswarm-oracle-sign-ecdsa.zen"),
        file!("zenswarm-oracle-sign-ecdsa.metadata.json"),
        Some(file!("zenswarm-oracle-sign-ecdsa.data.json")),
    ),
    (
        "zenswarm-oracle-sign-eddsa",
        file!("zenswarm-oracle-sign-eddsa.zen"),
        file!("zenswarm-oracle-sign-eddsa.metadata.json"),
        Some(file!("zenswarm-oracle-sign-eddsa.data.json")),
    ),
    (
        "zenswarm-oracle-sign-schnorr",
        file!("zenswarm-oracle-sign-schnorr.zen"),
        file!("zenswarm-oracle-sign-schnorr.metadata.json"),
        Some(file!("zenswarm-oracle-sign-schnorr.data.json")),
    ),
    (
        "zenswarm-oracle-verify-did-document",
        file!("zenswarm-oracle-verify-did-document.zen"),
        file!("zenswarm-oracle-verify-did-document.metadata.json"),
        Some(file!("zenswarm-oracle-verify-did-document.data.json")),
    ),
    (
        "zenswarm-oracle-verify-dilithium",
        file!("zenswarm-oracle-verify-dilithium.zen"),
        file!("zenswarm-oracle-verify-dilithium.metadata.json"),
        Some(file!("zenswarm-oracle-verify-dilithium.data.json")),
    ),
    (
        "zenswarm-oracle-verify-ecdsa",
        file!("zenswarm-oracle-verify-ecdsa.zen"),
        file!("zenswarm-oracle-verify-ecdsa.metadata.json"),
        Some(file!("zenswarm-oracle-verify-ecdsa.data.json")),
    ),
    (
        "zenswarm-oracle-verify-eddsa",
        file!("zenswarm-oracle-verify-eddsa.zen"),
        file!("zenswarm-oracle-verify-eddsa.metadata.json"),
        Some(file!("zenswarm-oracle-verify-eddsa.data.json")),
    ),
    (
        "zenswarm-oracle-verify-schnorr",
        file!("zenswarm-oracle-verify-schnorr.zen"),
        file!("zenswarm-oracle-verify-schnorr.metadata.json"),
        Some(file!("zenswarm-oracle-verify-schnorr.data.json")),
    ),
    (
        "zenswarm-oracle-write-on-ethereum-payload",
        file!("zenswarm-oracle-write-on-ethereum-payload.zen"),
        file!("zenswarm-oracle-write-on-ethereum-payload.metadata.json"),
        Some(file!("zenswarm-oracle-write-on-ethereum-payload.data.json")),
    ),
    (
        "zenswarm-oracle-write-on-planetmint-payload",
        file!("zenswarm-oracle-write-on-planetmint-payload.zen"),
        file!("zenswarm-oracle-write-on-planetmint-payload.metadata.json"),
        Some(file!("zenswarm-oracle-write-on-planetmint-payload.data.json")),
    ),
];

pub(super) fn files() -> Files {
    let mut files = Files::default();
    let text = |name: &str, ending: &str, text: &str| Text {
        path: format!("(inside the binary)/{name}{ending}").into(),
        text: Zeroizing::new(text.to_owned()),
        is_private: false,
    };
    for (name, contract, metadata, data) in CONTRACTS {
        files.contracts.insert((*name).to_owned(), text(name, ".zen", contract));
        let companions = Companions {
            metadata: Some(text(name, ".metadata.json", metadata)),
            data: data.map(|data| text(name, ".data.json", data)),
            ..Companions::default()
        };
        files.companions.insert((*name).to_owned(), companions);
    }
    files
}
