use zeroize::Zeroizing;

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
    contracts.public(name).unwrap().keys.text.to_string()
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
    let both: serde_json::Value = serde_json::from_str(&keys(&contracts, "both")).unwrap();
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
        assert!(error.faults[0].path.ends_with("x.metadata.json"), "{error}");
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

fn closed(contracts: &Contracts, name: &str) -> Option<Closed> {
    contracts.public(name).unwrap().closed
}

#[test]
fn a_granted_key_closes_a_contract_until_its_metadata_opens_it() {
    let contracts = load(&[
        ("plain.zen", ""),
        ("keys.zen", ""),
        ("keys.keys", "{\"a\":1}"),
        ("granted.zen", ""),
        ("granted.metadata.json", "{\"keyring\":true}"),
        ("opened.zen", ""),
        ("opened.metadata.json", "{\"keyring\":true,\"public\":true}"),
    ])
    .unwrap();
    assert_eq!(closed(&contracts, "plain"), None);
    assert_eq!(closed(&contracts, "keys"), None);
    assert_eq!(closed(&contracts, "granted"), Some(Closed::Granted));
    assert_eq!(closed(&contracts, "opened"), None);
    assert!(contracts.all_public().all(|entry| entry.name != "granted"));
}

#[test]
fn a_contract_that_writes_is_closed_until_its_metadata_opens_it() {
    let text = "Given nothing\nWhen I write string 'x' in 'text'\nThen print the 'text'\n\
                Then I store the 'text' in the file 'x.json'\n";
    let contracts =
        load(&[("w.zen", text), ("o.zen", text), ("o.metadata.json", "{\"public\":true}")]).unwrap();
    assert!(contracts.public("w").unwrap().contract().unwrap().is_ok());
    assert_eq!(closed(&contracts, "w"), Some(Closed::Writes));
    assert_eq!(closed(&contracts, "o"), None);
}

#[test]
fn a_folder_can_be_closed_by_default() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.zen", ""), ("b.zen", ""), ("b.metadata.json", "{\"public\":true}")] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let places = Places { contracts: Some(folder.path().into()), private: None };
    let contracts = Contracts::read(&places, FolderDefault::Closed, &Zeroizing::default()).unwrap();
    assert_eq!(closed(&contracts, "a"), Some(Closed::Folder));
    assert_eq!(closed(&contracts, "b"), None);
}

const CHAIN: &str =
    "start: a\nblocks:\n  a:\n    zenFile: step.zen\n    next: b\n  b:\n    zenFile: open.zen\n";

#[test]
fn a_contract_that_is_only_a_step_is_hidden_unless_its_metadata_opens_it() {
    let contracts = load(&[
        ("x.yml", CHAIN),
        ("step.zen", "Given nothing\n"),
        ("open.zen", "Given nothing\n"),
        ("open.metadata.json", "{\"public\":true}"),
    ])
    .unwrap();
    assert!(contracts.public("step").is_none());
    assert!(contracts.public("open").is_some());
    assert!(matches!(contracts.public("x.chain").unwrap().program, Program::Chain(Ok(_))));
}

#[test]
fn the_steps_of_a_broken_chain_are_no_more_public_than_before() {
    let broken = CHAIN.replace("next: b", "nxt: b");
    let contracts = load(&[("x.yml", &broken), ("step.zen", ""), ("open.zen", "")]).unwrap();
    assert!(contracts.public("step").is_none() && contracts.public("open").is_none());
    assert!(matches!(contracts.public("x.chain").unwrap().program, Program::Chain(Err(_))));
    let fault = contracts.faults()[0].to_string();
    assert!(fault.contains("x.yml") && fault.contains("did you mean `next`?"), "{fault}");
}

#[test]
fn a_chain_with_a_step_that_is_granted_a_key_is_closed() {
    let files = [
        ("x.yml", "start: a\nblocks:\n  a:\n    zenFile: step.zen\n"),
        ("step.zen", "Given nothing\n"),
        ("step.metadata.json", "{\"keyring\":true}"),
    ];
    assert_eq!(closed(&load(&files).unwrap(), "x.chain"), Some(Closed::Granted));
    let opened = [files.as_slice(), &[("x.metadata.json", "{\"public\":true}")]].concat();
    assert_eq!(closed(&load(&opened).unwrap(), "x.chain"), None);
}

#[test]
fn chains_of_both_kinds_of_names_are_found() {
    let steps = "steps:\n  - id: a\n    zencode: Given nothing\n";
    let contracts = load(&[
        ("a.yml", CHAIN),
        ("b.yaml", CHAIN),
        ("sub/c.chain.yaml", steps),
        ("d.chain.yml", steps),
        ("step.zen", "Given nothing\n"),
        ("open.zen", ""),
    ])
    .unwrap();
    let names: Vec<&str> = contracts.all_public().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["a.chain", "b.chain", "d.chain", "sub/c.chain"]);
}

#[test]
fn yaml_of_another_kind_is_no_chain() {
    let contracts = load(&[("compose.yml", "services:\n  web: x\n"), ("a.zen", "Given nothing\n")]).unwrap();
    assert!(contracts.public("compose.chain").is_none());
    assert!(contracts.faults().is_empty());
}

#[test]
fn a_chain_in_javascript_is_left_out_and_the_rest_goes_on() {
    let contracts = load(&[("x.chain.js", "() => ({ steps: [] })"), ("a.zen", "Given nothing\n")]).unwrap();
    assert!(contracts.public("x.chain").is_none());
    assert!(contracts.public("a").is_some());
}

#[test]
fn a_chain_and_a_contract_of_one_name_are_an_error() {
    let error =
        load(&[("x.yml", CHAIN), ("x.chain.zen", ""), ("step.zen", "Given nothing\n"), ("open.zen", "")])
            .unwrap_err();
    assert!(error.to_string().contains("x.chain"), "{error}");
}

#[test]
fn all_faults_of_a_folder_are_told_at_once() {
    let error = load(&[
        ("a.zen", "Given nothing\n"),
        ("a.metadata.json", "{\n\"privat\": true}"),
        ("a.keys", "{"),
        ("b.zen", ""),
        ("b.schema.json", "{\"type\": 7}"),
        ("c.zen", ""),
        ("c.conf", "maxiter=7"),
        ("no name.zen", ""),
    ])
    .unwrap_err()
    .to_string();
    for expected in [
        "a.metadata.json:2: ",
        "did you mean `private`?",
        "a.keys:1: ",
        "b.schema.json: ",
        "c.conf: ",
        "no name.zen: ",
    ] {
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn a_faulty_example_harms_nothing() {
    let contracts =
        load(&[("a.zen", "Given nothing\n"), ("a.data", "no json"), ("b.zen", ""), ("b.data", "{\"x\":1}")])
            .unwrap();
    assert_eq!(contracts.public("a").unwrap().example, None);
    assert_eq!(contracts.public("b").unwrap().example.as_deref(), Some("{\"x\":1}"));
}

#[test]
fn a_private_folder_is_reached_by_chains_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (served, private) = (folder.path().join("served"), folder.path().join("private"));
    for (path, text) in [
        (served.join("x.yml"), "start: a\nblocks:\n  a:\n    zenFile: make.zen\n"),
        (private.join("make.zen"), "Given nothing\n"),
        (private.join("other.zen"), "Given nothing\n"),
        (private.join("other.metadata.json"), "{\"public\":true}"),
    ] {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let places = Places { contracts: Some(served.clone()), private: Some(private) };
    let read = || Contracts::read(&places, FolderDefault::Open, &Zeroizing::default());
    let contracts = read().unwrap();
    assert!(matches!(contracts.public("x.chain").unwrap().program, Program::Chain(Ok(_))));
    assert!(contracts.public("make").is_none() && contracts.public("other").is_none());
    std::fs::write(served.join("make.zen"), "").unwrap();
    assert!(read().unwrap_err().to_string().contains("one must go"));
}

#[test]
fn a_precondition_is_found_from_its_neighbour_from_the_folder_and_as_ncr_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("tests/fixtures");
    std::fs::create_dir_all(root.join("meta")).unwrap();
    std::fs::write(root.join("meta/check.slang"), "Given nothing\n").unwrap();
    for (name, path) in [("a", "check"), ("b", "meta/check"), ("c", "tests/fixtures/meta/check")] {
        std::fs::write(root.join(format!("meta/{name}.zen")), "Given nothing\n").unwrap();
        let metadata = format!("{{\"precondition\":{path:?}}}");
        std::fs::write(root.join(format!("meta/{name}.metadata.json")), metadata).unwrap();
    }
    let contracts = Contracts::load(Some(&root), &Zeroizing::default()).unwrap();
    for name in ["meta/a", "meta/b", "meta/c"] {
        assert!(contracts.public(name).unwrap().precondition.is_some(), "{name}");
    }
}

#[test]
fn a_precondition_that_is_not_there_is_an_error() {
    for path in ["none", "../none", "/etc/passwd", "."] {
        let metadata = format!("{{\"precondition\":{path:?}}}");
        assert!(load(&[("a.zen", "Given nothing\n"), ("a.metadata.json", &metadata)]).is_err(), "{path}");
    }
}

fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Places) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let places = Places { contracts: Some(folder.path().into()), private: None };
    (folder, places)
}

fn again(old: &Contracts, places: &Places) -> Contracts {
    old.read_again(places, FolderDefault::Open, &Zeroizing::default()).unwrap()
}

#[test]
fn what_is_read_again_and_has_not_changed_is_the_same_entry() {
    let (_folder, places) = folder(&[("a.zen", "Given nothing\n")]);
    let old = Contracts::read(&places, FolderDefault::Open, &Zeroizing::default()).unwrap();
    let new = again(&old, &places);
    assert!(Arc::ptr_eq(old.public("a").unwrap(), new.public("a").unwrap()));
    assert_eq!(new.changes(&old), (0, 0, 0));
}

#[test]
fn what_came_changed_and_went_is_seen() {
    let (folder, places) = folder(&[("a.zen", "Given nothing\n"), ("b.zen", "")]);
    let old = Contracts::read(&places, FolderDefault::Open, &Zeroizing::default()).unwrap();
    std::fs::write(folder.path().join("a.keys"), "{\"k\":1}").unwrap();
    std::fs::write(folder.path().join("c.zen"), "").unwrap();
    std::fs::remove_file(folder.path().join("b.zen")).unwrap();
    let new = again(&old, &places);
    assert_eq!(new.changes(&old), (1, 1, 1));
    assert!(new.public("a").unwrap().keys.has("k"));
    assert!(new.public("b").is_none() && new.public("c").is_some());
}

#[test]
fn a_file_at_fault_leaves_the_older_version() {
    let (folder, places) = folder(&[("a.zen", "Given nothing\n"), ("b.zen", "Given nothing\n")]);
    let old = Contracts::read(&places, FolderDefault::Open, &Zeroizing::default()).unwrap();
    std::fs::write(folder.path().join("a.zen"), "Given nothing\nWhen I fly\n").unwrap();
    std::fs::write(folder.path().join("b.metadata.json"), "{").unwrap();
    std::fs::write(folder.path().join("c.zen"), "Given nothing\n").unwrap();
    std::fs::write(folder.path().join("c.keys"), "{").unwrap();
    let new = again(&old, &places);
    for name in ["a", "b"] {
        assert!(Arc::ptr_eq(old.public(name).unwrap(), new.public(name).unwrap()), "{name}");
    }
    assert!(new.public("c").is_none());
    let mut faults: Vec<String> =
        new.faults().iter().map(|it| it.path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    faults.sort();
    assert_eq!(faults, ["a.zen", "b.metadata.json", "c.keys"]);
    std::fs::write(folder.path().join("a.zen"), "Given nothing\n# better\n").unwrap();
    assert_ne!(again(&new, &places).public("a").unwrap().digest, old.public("a").unwrap().digest);
}
