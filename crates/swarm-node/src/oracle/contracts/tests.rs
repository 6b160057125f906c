use proptest::prelude::*;

use super::*;

const KEYRING: &str = "{\"keyring\":{\"ecdh\":\"canary\"}}";

fn load(files: &[(&str, &str)]) -> Result<Contracts, ContractsError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    Contracts::load(Some(folder.path()), &Zeroizing::new(KEYRING.to_owned()))
}

fn keys(contracts: &Contracts, name: &str) -> String {
    contracts.public(name).unwrap().keys.0.to_string()
}

#[test]
fn the_binary_holds_every_contract_of_the_repository() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let keyring = Zeroizing::new(KEYRING.to_owned());
    let inside = Contracts::load(None, &keyring).unwrap();
    let outside = Contracts::load(Some(&folder), &keyring).unwrap();
    let digests =
        |it: &Contracts| it.entries.values().map(|it| (it.name.clone(), it.digest)).collect::<Vec<_>>();
    assert_eq!(digests(&inside), digests(&outside));
    assert!(inside.public("zenswarm-oracle-ping").is_some());
}

#[test]
fn every_contract_inside_the_binary_compiles() {
    for entry in Contracts::load(None, &Zeroizing::new(KEYRING.to_owned())).unwrap().all_public() {
        assert!(entry.contract.is_ok(), "{}: {:?}", entry.name, entry.contract);
    }
}

#[test]
fn a_contract_in_a_folder_below_is_named_by_its_path() {
    let contracts = load(&[("a/b/c.zen", "Given nothing\n")]).unwrap();
    assert!(contracts.public("a/b/c").is_some());
    assert!(contracts.public("c").is_none());
}

#[test]
fn only_a_contract_that_is_granted_the_keyring_gets_it() {
    let contracts = load(&[
        ("plain.zen", ""),
        ("granted.zen", ""),
        ("granted.metadata.json", "{\"keyring\":true}"),
        ("listed.zen", ""),
        ("listed.metadata.json", "{\"grants\":[\"keyring\"]}"),
        ("denied.zen", ""),
        ("denied.metadata.json", "{\"keyring\":false}"),
    ])
    .unwrap();
    assert_eq!(keys(&contracts, "plain"), "");
    assert_eq!(keys(&contracts, "denied"), "");
    assert_eq!(keys(&contracts, "granted"), KEYRING);
    assert_eq!(keys(&contracts, "listed"), KEYRING);
}

#[test]
fn own_keys_and_the_keyring_are_one_object() {
    let contracts = load(&[
        ("both.zen", ""),
        ("both.keys.json", " { \"endpoint\": {\"a\":1} } "),
        ("both.metadata.json", "{\"keyring\":true}"),
        ("empty.zen", ""),
        ("empty.keys", "{}"),
        ("empty.metadata.json", "{\"keyring\":true}"),
    ])
    .unwrap();
    let both: Value = serde_json::from_str(&keys(&contracts, "both")).unwrap();
    assert_eq!(both, serde_json::json!({ "keyring": { "ecdh": "canary" }, "endpoint": { "a": 1 } }));
    assert_eq!(keys(&contracts, "empty"), KEYRING);
}

#[test]
fn a_private_contract_is_never_routable() {
    let contracts = load(&[("secret.zen", ""), ("secret.metadata.json", "{\"private\":true}")]).unwrap();
    assert!(contracts.public("secret").is_none());
    assert_eq!(contracts.all_public().count(), 0);
    assert_eq!(contracts.nearest("secre"), None);
}

#[test]
fn unknown_metadata_is_an_error_that_names_the_file() {
    for json in ["{\"privat\":true}", "{\"grants\":[\"root\"]}", "{\"inputs\":[\"keyring\"]}", "[]", "{", "1"]
    {
        let error = load(&[("x.zen", ""), ("x.metadata.json", json)]).unwrap_err();
        assert!(error.path.ends_with("x.metadata.json"), "{error}");
    }
}

#[test]
fn broken_keys_are_an_error_that_does_not_quote_them() {
    for json in ["{\"canary", "canary", "[\"canary\"]", "{\"a\":canary}"] {
        let error = load(&[("x.zen", ""), ("x.keys.json", json)]).unwrap_err().to_string();
        assert!(error.contains("x.keys.json") && !error.contains("canary"), "{error}");
    }
}

#[test]
fn two_key_files_of_one_contract_are_an_error() {
    assert!(load(&[("x.zen", ""), ("x.keys.json", "{}"), ("x.keys", "{}")]).is_err());
}

#[test]
fn a_keyring_of_its_own_and_the_granted_one_are_an_error() {
    let files =
        [("x.zen", ""), ("x.keys.json", "{\"keyring\":{}}"), ("x.metadata.json", "{\"keyring\":true}")];
    assert!(load(&files).is_err());
}

#[test]
fn the_nearest_name_is_found() {
    let contracts = Contracts::load(None, &Zeroizing::default()).unwrap();
    assert_eq!(contracts.nearest("zenswarm-oracle-pingg"), Some("zenswarm-oracle-ping"));
    assert_eq!(contracts.nearest("nothing-like-it"), None);
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    assert!(Contracts::load(Some(Path::new("/nowhere/at/all")), &Zeroizing::default()).is_err());
}

proptest! {
    #[test]
    fn no_companion_breaks_the_reader(json in "\\PC{0,80}") {
        drop(Metadata::parse(&json));
        drop(merge_keys(Some(Zeroizing::new(json.clone())), Some(&Zeroizing::new(KEYRING.to_owned()))));
    }

    #[test]
    fn joined_keys_hold_what_both_held(own in "[a-z{}]{0,8}", value in "[{}, \"]{0,8}") {
        let object = serde_json::json!({ own.clone(): { "inner": value } });
        let joined = merge_keys(
            Some(Zeroizing::new(object.to_string())),
            Some(&Zeroizing::new(KEYRING.to_owned())),
        );
        let mut expected = object;
        expected["keyring"] = serde_json::json!({ "ecdh": "canary" });
        prop_assert_eq!(serde_json::from_str::<Value>(&joined.unwrap()).unwrap(), expected);
    }
}
