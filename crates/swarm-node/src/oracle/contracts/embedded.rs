//! The contracts inside the binary, so that an oracle works without a folder.

use std::path::Path;

use zeroize::Zeroizing;

use super::folder::{Files, Text};

/// One file of `contracts/` at the root of the repository: its name and its text.
macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../../contracts/", $name)))
    };
}

/// In the order of their names.
const FILES: &[(&str, &str)] = &[
    file!("consensusroom-announce.data.json"),
    file!("consensusroom-announce.keys"),
    file!("consensusroom-announce.metadata.json"),
    file!("consensusroom-announce.schema.json"),
    file!("consensusroom-announce.yml"),
    file!("consensusroom-announce.zen"),
    file!("consensusroom-generate-all-public-keys.metadata.json"),
    file!("consensusroom-generate-all-public-keys.zen"),
    file!("consensusroom-get-3RandomIdentities.keys"),
    file!("consensusroom-get-3RandomIdentities.metadata.json"),
    file!("consensusroom-get-3RandomIdentities.schema.json"),
    file!("consensusroom-get-3RandomIdentities.zen"),
    file!("consensusroom-get-6-timestamps.keys"),
    file!("consensusroom-get-6-timestamps.metadata.json"),
    file!("consensusroom-get-6-timestamps.schema.json"),
    file!("consensusroom-get-6-timestamps.yml"),
    file!("consensusroom-get-6-timestamps.zen"),
    file!("consensusroom-get-timestamp.metadata.json"),
    file!("consensusroom-get-timestamp.zen"),
    file!("consensusroom-http-post.data.json"),
    file!("consensusroom-http-post.metadata.json"),
    file!("consensusroom-http-post.zen"),
    file!("consensusroom-parallel-post-from-6random.data.json"),
    file!("consensusroom-parallel-post-from-6random.keys"),
    file!("consensusroom-parallel-post-from-6random.metadata.json"),
    file!("consensusroom-parallel-post-from-6random.schema.json"),
    file!("consensusroom-parallel-post-from-6random.yml"),
    file!("consensusroom-parallel-post-from-6random.zen"),
    file!("consensusroom-ping.metadata.json"),
    file!("consensusroom-ping.zen"),
    file!("consensusroom-server-get-3or6RandomIdentities.data.json"),
    file!("consensusroom-server-get-3or6RandomIdentities.keys"),
    file!("consensusroom-server-get-3or6RandomIdentities.metadata.json"),
    file!("consensusroom-server-get-3or6RandomIdentities.schema.json"),
    file!("consensusroom-server-get-3or6RandomIdentities.zen"),
    file!("consensusroom-server-get-6RandomIdentities.keys"),
    file!("consensusroom-server-get-6RandomIdentities.metadata.json"),
    file!("consensusroom-server-get-6RandomIdentities.schema.json"),
    file!("consensusroom-server-get-6RandomIdentities.zen"),
    file!("consensusroom-server-get-listOfIdentities.keys"),
    file!("consensusroom-server-get-listOfIdentities.metadata.json"),
    file!("consensusroom-server-get-listOfIdentities.schema.json"),
    file!("consensusroom-server-get-listOfIdentities.zen"),
    file!("consensusroom-update.data.json"),
    file!("consensusroom-update.keys.json"),
    file!("consensusroom-update.metadata.json"),
    file!("consensusroom-update.schema.json"),
    file!("consensusroom-update.zen"),
    file!("consensusroom-verify-announce.data.json"),
    file!("consensusroom-verify-announce.metadata.json"),
    file!("consensusroom-verify-announce.zen"),
    file!("zenswarm-oracle-announce.data.json"),
    file!("zenswarm-oracle-announce.metadata.json"),
    file!("zenswarm-oracle-announce.zen"),
    file!("zenswarm-oracle-create-did-document.data.json"),
    file!("zenswarm-oracle-create-did-document.metadata.json"),
    file!("zenswarm-oracle-create-did-document.zen"),
    file!("zenswarm-oracle-generate-all-public-keys.metadata.json"),
    file!("zenswarm-oracle-generate-all-public-keys.zen"),
    file!("zenswarm-oracle-get-identity.metadata.json"),
    file!("zenswarm-oracle-get-identity.zen"),
    file!("zenswarm-oracle-get-signed-timestamp.metadata.json"),
    file!("zenswarm-oracle-get-signed-timestamp.zen"),
    file!("zenswarm-oracle-get-timestamp.metadata.json"),
    file!("zenswarm-oracle-get-timestamp.zen"),
    file!("zenswarm-oracle-http-post.data.json"),
    file!("zenswarm-oracle-http-post.metadata.json"),
    file!("zenswarm-oracle-http-post.zen"),
    file!("zenswarm-oracle-key-issuance-1.keys.json"),
    file!("zenswarm-oracle-key-issuance-1.zen"),
    file!("zenswarm-oracle-key-issuance-2.metadata.json"),
    file!("zenswarm-oracle-key-issuance-2.zen"),
    file!("zenswarm-oracle-key-issuance.data.json"),
    file!("zenswarm-oracle-key-issuance.metadata.json"),
    file!("zenswarm-oracle-key-issuance.schema.json"),
    file!("zenswarm-oracle-key-issuance.yml"),
    file!("zenswarm-oracle-ping.metadata.json"),
    file!("zenswarm-oracle-ping.zen"),
    file!("zenswarm-oracle-read-from-ethereum-payload.data.json"),
    file!("zenswarm-oracle-read-from-ethereum-payload.metadata.json"),
    file!("zenswarm-oracle-read-from-ethereum-payload.zen"),
    file!("zenswarm-oracle-read-from-planetmint-payload.data.json"),
    file!("zenswarm-oracle-read-from-planetmint-payload.metadata.json"),
    file!("zenswarm-oracle-read-from-planetmint-payload.zen"),
    file!("zenswarm-oracle-sign-did-document.data.json"),
    file!("zenswarm-oracle-sign-did-document.metadata.json"),
    file!("zenswarm-oracle-sign-did-document.zen"),
    file!("zenswarm-oracle-sign-dilithium.data.json"),
    file!("zenswarm-oracle-sign-dilithium.metadata.json"),
    file!("zenswarm-oracle-sign-dilithium.zen"),
    file!("zenswarm-oracle-sign-ecdsa.data.json"),
    file!("zenswarm-oracle-sign-ecdsa.metadata.json"),
    file!("zenswarm-oracle-sign-ecdsa.zen"),
    file!("zenswarm-oracle-sign-eddsa.data.json"),
    file!("zenswarm-oracle-sign-eddsa.metadata.json"),
    file!("zenswarm-oracle-sign-eddsa.zen"),
    file!("zenswarm-oracle-sign-schnorr.data.json"),
    file!("zenswarm-oracle-sign-schnorr.metadata.json"),
    file!("zenswarm-oracle-sign-schnorr.zen"),
    file!("zenswarm-oracle-update.data.json"),
    file!("zenswarm-oracle-update.keys.json"),
    file!("zenswarm-oracle-update.metadata.json"),
    file!("zenswarm-oracle-update.schema.json"),
    file!("zenswarm-oracle-update.zen"),
    file!("zenswarm-oracle-verify-did-document.data.json"),
    file!("zenswarm-oracle-verify-did-document.metadata.json"),
    file!("zenswarm-oracle-verify-did-document.zen"),
    file!("zenswarm-oracle-verify-dilithium.data.json"),
    file!("zenswarm-oracle-verify-dilithium.metadata.json"),
    file!("zenswarm-oracle-verify-dilithium.zen"),
    file!("zenswarm-oracle-verify-ecdsa.data.json"),
    file!("zenswarm-oracle-verify-ecdsa.metadata.json"),
    file!("zenswarm-oracle-verify-ecdsa.zen"),
    file!("zenswarm-oracle-verify-eddsa.data.json"),
    file!("zenswarm-oracle-verify-eddsa.metadata.json"),
    file!("zenswarm-oracle-verify-eddsa.zen"),
    file!("zenswarm-oracle-verify-schnorr.data.json"),
    file!("zenswarm-oracle-verify-schnorr.metadata.json"),
    file!("zenswarm-oracle-verify-schnorr.zen"),
    file!("zenswarm-oracle-write-on-ethereum-payload.data.json"),
    file!("zenswarm-oracle-write-on-ethereum-payload.metadata.json"),
    file!("zenswarm-oracle-write-on-ethereum-payload.zen"),
    file!("zenswarm-oracle-write-on-planetmint-payload.data.json"),
    file!("zenswarm-oracle-write-on-planetmint-payload.metadata.json"),
    file!("zenswarm-oracle-write-on-planetmint-payload.zen"),
    file!("zenswarm-post-6-rand-oracles.data.json"),
    file!("zenswarm-post-6-rand-oracles.keys"),
    file!("zenswarm-post-6-rand-oracles.metadata.json"),
    file!("zenswarm-post-6-rand-oracles.schema.json"),
    file!("zenswarm-post-6-rand-oracles.yml"),
    file!("zenswarm-post-6-rand-oracles.zen"),
];

/// All files, sorted to what they belong to as those of a folder are.
pub(super) fn files() -> Files {
    let mut files = Files::default();
    for (name, text) in FILES {
        files.sort(Path::new(name), "", name, |_| Ok(owned(name, text)));
    }
    files
}

/// One file that a chain names.
pub(super) fn file(name: &str) -> Option<Text> {
    FILES.iter().find(|(known, _)| *known == name).map(|(name, text)| owned(name, text))
}

fn owned(name: &str, text: &str) -> Text {
    Text {
        path: format!("(inside the binary)/{name}").into(),
        text: Zeroizing::new(text.to_owned()),
        is_private: false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::Contracts;
    use super::*;

    #[test]
    fn the_binary_holds_every_contract_of_the_repository() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
        let keyring = Zeroizing::default();
        let inside = Contracts::load(None, &keyring).unwrap();
        let outside = Contracts::load(Some(&folder), &keyring).unwrap();
        let versions =
            |it: &Contracts| it.entries.values().map(|it| (it.name.clone(), it.version)).collect::<Vec<_>>();
        assert_eq!(versions(&inside), versions(&outside));
        assert!(inside.public("zenswarm-oracle-ping").is_some());
    }

    #[test]
    fn every_contract_inside_the_binary_compiles() {
        for entry in Contracts::load(None, &Zeroizing::default()).unwrap().all() {
            assert!(entry.broken().is_none(), "{}: {:?}", entry.name, entry.broken());
        }
    }

    #[test]
    fn every_contract_inside_the_binary_may_be_called_or_is_a_step_of_a_chain() {
        let inside = Contracts::load(None, &Zeroizing::default()).unwrap();
        let steps: BTreeSet<&String> = inside.all().flat_map(|entry| &entry.steps).collect();
        let callable: BTreeSet<&String> = inside.all_public().map(|entry| &entry.name).collect();
        for entry in inside.all() {
            assert!(callable.contains(&entry.name) || steps.contains(&entry.name), "{}", entry.name);
        }
    }

    #[test]
    fn a_chain_inside_the_binary_finds_its_keys() {
        let inside = Contracts::load(None, &Zeroizing::default()).unwrap();
        assert!(inside.public("zenswarm-post-6-rand-oracles.chain").unwrap().broken().is_none());
        assert!(inside.public("zenswarm-post-6-rand-oracles").is_none());
    }
}
