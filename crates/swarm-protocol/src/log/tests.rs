//! The published tree of RFC 6962's reference implementation, and proofs against a slow model.

use proptest::prelude::*;

use super::*;
use crate::did::Did;
use crate::key::SigningKey;
use crate::time::Timestamp;

/// The eight leaves and the roots that Certificate Transparency's own tests use.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap()
}

fn tree(size: usize) -> Tree {
    let mut tree = Tree::new();
    for index in 0..size {
        tree.append(leaf_hash(&index.to_be_bytes()));
    }
    tree
}

#[test]
fn the_roots_are_those_of_certificate_transparency() {
    let mut tree = Tree::new();
    assert_eq!(
        tree.root().octets()[..],
        hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    );
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        tree.append(leaf_hash(&hex(leaf)));
        assert_eq!(tree.root().octets()[..], hex(root));
    }
    assert_eq!(tree.root_at(5).unwrap().octets()[..], hex(ROOTS[4]));
}

#[test]
fn the_proofs_are_those_of_certificate_transparency() {
    let mut tree = Tree::new();
    LEAVES.iter().for_each(|leaf| tree.append(leaf_hash(&hex(leaf))));
    let shown = |path: Option<Vec<Digest>>| -> Vec<String> {
        path.unwrap().iter().map(|hash| data_encoding::HEXLOWER.encode(hash.octets())).collect()
    };
    assert_eq!(
        shown(tree.inclusion_proof(0, 8)),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
    assert_eq!(
        shown(tree.consistency_proof(6, 8)),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_nothing_else() {
    let tree = tree(33);
    for size in 1..=33 {
        let root = tree.root_at(size).unwrap();
        for index in 0..size {
            let path = tree.inclusion_proof(index, size).unwrap();
            let leaf = leaf_hash(&(index as usize).to_be_bytes());
            assert!(verify_inclusion(&leaf, index, size, &path, &root));
            assert!(!verify_inclusion(&leaf, index + 1, size, &path, &root));
            assert!(!verify_inclusion(&leaf_hash(b"x"), index, size, &path, &root));
            if let Some((_, shorter)) = path.split_last() {
                assert!(!verify_inclusion(&leaf, index, size, shorter, &root));
            }
        }
        assert_eq!(tree.inclusion_proof(size, size), None);
    }
}

#[test]
fn every_small_tree_is_the_beginning_of_every_larger_one() {
    let tree = tree(33);
    for new in 1..=33 {
        for old in 1..=new {
            let path = tree.consistency_proof(old, new).unwrap();
            let (before, after) = (tree.root_at(old).unwrap(), tree.root_at(new).unwrap());
            assert!(verify_consistency(old, new, &before, &after, &path), "{old} {new}");
            assert!(!verify_consistency(old, new, &leaf_hash(b"x"), &after, &path));
            assert!(old == new || !verify_consistency(old, new, &before, &before, &path));
        }
    }
    assert_eq!(tree.consistency_proof(0, 5), None);
    assert_eq!(tree.consistency_proof(6, 5), None);
    assert_eq!(tree.consistency_proof(5, 34), None);
}

proptest! {
    #[test]
    fn random_paths_prove_nothing_and_break_nothing(
        index: u64, size: u64, path in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let path: Vec<Digest> = path.into_iter().map(Digest::new).collect();
        let root = leaf_hash(b"root");
        prop_assert!(!verify_inclusion(&leaf_hash(b"leaf"), index, size, &path, &root));
        prop_assert!(!verify_consistency(index, size, &leaf_hash(b"old"), &root, &path));
    }

    #[test]
    fn a_random_text_is_no_checkpoint(text in "\\PC{0,300}") {
        prop_assert!(text.parse::<SignedCheckpoint>().is_err());
    }
}

fn checkpoint() -> (SigningKey, SignedCheckpoint) {
    let key = SigningKey::from_octets([1; 32]);
    let checkpoint = Checkpoint {
        swarm: Digest::new([7; 32]),
        size: 3,
        root: Digest::new([8; 32]),
        active: ActiveRoot { count: 2, root: Digest::new([9; 32]) },
        at: Timestamp::from_millis(1_700_000_000_000),
    };
    let signed = checkpoint.sign(&key);
    (key, signed)
}

#[test]
fn a_checkpoint_is_a_signed_note_of_seven_lines() {
    let (key, signed) = checkpoint();
    let text = signed.to_string();
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!(
        lines[..6],
        [
            "zenswarm/US517G5965aydkZ46HS38QLi7UQiSojurfbQfKCELFx",
            "3",
            "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=",
            "active 2 CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=",
            "at 1700000000000",
            "",
        ]
    );
    assert!(lines[6].starts_with("\u{2014} zenswarm/US517G5965aydkZ46HS38QLi7UQiSojurfbQfKCELFx "));
    assert_eq!(lines[7..], [""]);
    let read: SignedCheckpoint = text.parse().unwrap();
    assert_eq!(read.verify(Digest::new([7; 32]), Did::of(key.public())), Ok(signed.checkpoint()));
}

#[test]
fn a_checkpoint_changed_in_any_octet_is_refused() {
    let (key, signed) = checkpoint();
    let text = signed.to_string();
    for position in 0..text.len() {
        for change in [1, 2, 7, 32] {
            let mut octets = text.clone().into_bytes();
            octets[position] ^= change;
            let accepted = std::str::from_utf8(&octets).is_ok_and(|text| {
                text.parse::<SignedCheckpoint>()
                    .is_ok_and(|read| read.verify(Digest::new([7; 32]), Did::of(key.public())).is_ok())
            });
            assert!(!accepted, "octet {position} ^ {change}");
        }
    }
}

#[test]
fn another_controllers_checkpoint_is_refused() {
    let (_, signed) = checkpoint();
    let other = Did::of(SigningKey::from_octets([2; 32]).public());
    assert_eq!(
        signed.verify(Digest::new([7; 32]), other),
        Err(CheckpointError::BadSignature { controller: other })
    );
}
