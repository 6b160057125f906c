//! Contracts that run by themselves.

use super::{Served, up, write};

const STORE: &str = "Given I have a 'string' named 'text'\nThen print the 'text'\nThen I store the 'text' in the file 'place'\n";

async fn start_with(files: &[(&str, &str)]) -> Served {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("files/keep", "")]);
    write(&folder.path().join("contracts"), &[("a.zen", "Given nothing\n")]);
    write(&folder.path().join("contracts/.autorun"), files);
    up(folder, "files = \"@/files\"").await
}

async fn again(it: Served) -> Served {
    it.oracle.stop().await.unwrap();
    up(it.folder, "files = \"@/files\"").await
}

fn wrote(it: &Served, file: &str) -> bool {
    it.folder.path().join("files").join(file).exists()
}

fn forget(it: &Served, file: &str) {
    std::fs::remove_file(it.folder.path().join("files").join(file)).unwrap();
}

#[tokio::test]
async fn a_startup_contract_runs_at_every_start() {
    let it = start_with(&[
        ("s.zen", STORE),
        ("s.data.json", r#"{"text":"x","place":"startup.json"}"#),
        ("s.metadata.json", r#"{"autorun":"startup"}"#),
    ])
    .await;
    assert!(wrote(&it, "startup.json"));
    forget(&it, "startup.json");
    assert!(wrote(&again(it).await, "startup.json"));
}

#[tokio::test]
async fn an_install_contract_runs_once() {
    let it = start_with(&[
        ("i.zen", STORE),
        ("i.keys.json", r#"{"text":"x","place":"install.json"}"#),
        ("i.metadata.json", r#"{"autorun":"install","executed":false}"#),
    ])
    .await;
    assert!(wrote(&it, "install.json"));
    forget(&it, "install.json");
    assert!(!wrote(&again(it).await, "install.json"));
}

#[tokio::test]
async fn an_install_that_failed_is_tried_again() {
    let it = start_with(&[("i.zen", STORE), ("i.metadata.json", r#"{"autorun":"install"}"#)]).await;
    assert!(!wrote(&it, "install.json"));
    write(&it.contracts().join(".autorun"), &[("i.data.json", r#"{"text":"x","place":"install.json"}"#)]);
    assert!(wrote(&again(it).await, "install.json"));
}

#[tokio::test]
async fn what_ncr_has_run_is_not_run_again() {
    let it = start_with(&[
        ("i.zen", STORE),
        ("i.data.json", r#"{"text":"x","place":"install.json"}"#),
        ("i.metadata.json", r#"{"autorun":"install","executed":true}"#),
    ])
    .await;
    assert!(!wrote(&it, "install.json"));
}

#[tokio::test]
async fn a_chain_runs_by_itself_too() {
    let chain =
        format!("steps:\n  - id: a\n    zencode: |\n      {}\n", STORE.trim_end().replace('\n', "\n      "));
    let it = start_with(&[
        ("c.chain.yaml", &chain),
        ("c.data.json", r#"{"text":"x","place":"chain.json"}"#),
        ("c.metadata.json", r#"{"autorun":"install"}"#),
    ])
    .await;
    assert!(wrote(&it, "chain.json"));
}

#[tokio::test]
async fn contracts_that_run_by_themselves_are_not_served_and_others_there_do_not_run() {
    let it = start_with(&[("x.zen", STORE), ("x.data.json", r#"{"text":"x","place":"x.json"}"#)]).await;
    assert!(!wrote(&it, "x.json"));
    for path in ["/api/x", "/api/.autorun/x"] {
        assert_eq!(it.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_faulty_folder_keeps_nothing_else_from_being_served() {
    let it = start_with(&[("x.zen", ""), ("x.metadata.json", "{")]).await;
    assert_eq!(it.get("/api/a").await.status, 200);
}
