//! Points that messages hash to, nonces that come from key and message, and the encodings of chains.

use zencode_crypto::bls12_381::{Expansion, G1};
use zencode_crypto::encoding::hex;
use zencode_crypto::ethereum::{self, rlp};
use zencode_crypto::hash::{keccak256, sha256};

use crate::{octets, rows};

#[test]
fn messages_hash_to_the_points_of_rfc_9380() {
    for [message, x, y] in rows(include_str!("hash_to_g1.tsv")) {
        let label = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";
        let expected = G1::from_octets(&[&[4], &octets(x)[..], &octets(y)].concat());
        assert_eq!(Ok(Expansion::Sha256.point(message.as_bytes(), label)), expected, "{message}");
    }
}

/// RFC 6979 on secp256k1 with SHA-256, the vectors that Bitcoin's libraries have had in common since 2013
/// (bitcointalk.org, topic 285142).
#[test]
fn deterministic_signatures_are_those_of_bitcoin_s_libraries() {
    const ONE: &str = "0000000000000000000000000000000000000000000000000000000000000001";
    const LAST: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";
    for (secret, message, r, s) in [
        (
            ONE,
            "Satoshi Nakamoto",
            "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
            "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
        ),
        (
            ONE,
            "All those moments will be lost in time, like tears in rain. Time to die...",
            "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
            "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21",
        ),
        (
            LAST,
            "Satoshi Nakamoto",
            "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0",
            "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5",
        ),
    ] {
        let signature = ethereum::sign(&octets(secret), &sha256(message.as_bytes())).unwrap().integers;
        assert_eq!([hex::encode(&signature.r), hex::encode(&signature.s)], [r, s]);
    }
}

/// ethereum.org, "Recursive-length prefix (RLP) serialization", the examples that are lists of octets.
#[test]
fn lists_are_written_as_ethereum_s_documentation_does() {
    for (items, expected) in [
        (vec![&b"cat"[..], b"dog"], "c88363617483646f67"),
        (vec![], "c0"),
        (vec![b""], "c180"),
        (vec![b"\x00"], "c100"),
        (vec![b"\x0f"], "c10f"),
        (vec![b"\x04\x00"], "c3820400"),
    ] {
        assert_eq!(hex::encode(&rlp::encode_list(&items)), expected);
        assert_eq!(rlp::decode_list(&octets(expected)), Ok(items.iter().map(|item| item.to_vec()).collect()));
    }
}

/// The ABI specification of Solidity, "Examples".
#[test]
fn functions_are_selected_as_solidity_s_documentation_says() {
    for (function, selector) in [
        ("baz(uint32,bool)", "cdcd77c0"),
        ("bar(bytes3[2])", "fce353f6"),
        ("sam(bytes,bool,uint256[])", "a5643bf2"),
        ("f(uint256,uint32[],bytes10,bytes)", "8be65246"),
        ("g(uint256[][],string[])", "2289b18c"),
    ] {
        assert_eq!(hex::encode(&keccak256(function.as_bytes())[..4]), selector);
    }
}
