//! Live reload.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Served, Told, serve, write};

/// How long a change may take at most before a test gives up; it takes a tenth of a second.
const PATIENCE: Duration = Duration::from_secs(20);

fn says(word: &str) -> String {
    format!("Given nothing\nThen print the string '{word}'\n")
}

/// Asks until the answer is right.
async fn until(it: &Served, path: &str, is_right: impl Fn(&Told) -> bool) -> Told {
    let begun = Instant::now();
    loop {
        let reply = it.get(path).await;
        if is_right(&reply) {
            return reply;
        }
        assert!(begun.elapsed() < PATIENCE, "{path}: {} {}", reply.status, reply.text);
        tokio::task::yield_now().await;
    }
}

fn output(reply: &Told) -> Value {
    serde_json::from_str::<Value>(&reply.text).unwrap_or_default()["output"][0].clone()
}

#[tokio::test]
async fn a_new_a_changed_and_a_deleted_contract_take_effect() {
    let it = serve("", &[("a.zen", &says("old"))]).await;
    write(&it.contracts(), &[("a.zen", &says("new")), ("sub/b.zen", &says("b"))]);
    until(&it, "/api/a", |reply| output(reply) == "new").await;
    until(&it, "/api/sub/b", |reply| reply.status == 200).await;
    std::fs::remove_file(it.contracts().join("a.zen")).unwrap();
    until(&it, "/api/a", |reply| reply.status == 404).await;
}

#[tokio::test]
async fn changed_companions_take_effect() {
    let it = serve("", &[("a.zen", "Given I have a 'string' named 'k'\nThen print the 'k'\n")]).await;
    assert_eq!(it.get("/api/a").await.status, 500);
    write(&it.contracts(), &[("a.keys", "k: one\n")]);
    until(&it, "/api/a", |reply| reply.status == 200).await;
    write(&it.contracts(), &[("a.metadata.json", r#"{"success_code":201}"#)]);
    until(&it, "/api/a", |reply| reply.status == 201).await;
    write(&it.contracts(), &[("a.metadata.json", r#"{"private":true}"#)]);
    until(&it, "/api/a", |reply| reply.status == 404).await;
}

#[tokio::test]
async fn a_changed_step_changes_its_chain() {
    let it =
        serve("", &[("x.yml", "start: a\nblocks:\n  a:\n    zenFile: a.zen\n"), ("a.zen", &says("old"))])
            .await;
    write(&it.contracts(), &[("a.zen", &says("new"))]);
    until(&it, "/api/x.chain", |reply| output(reply) == "new").await;
}

#[tokio::test]
async fn a_broken_file_leaves_the_old_version_and_health_says_so_until_it_is_mended() {
    let it = serve("", &[("a.zen", &says("old"))]).await;
    write(&it.contracts(), &[("a.zen", "Given nothing\nWhen I fly\n")]);
    let health = until(&it, "/health", |reply| reply.json()["faults"] != json!([])).await;
    assert_eq!(health.json()["faults"], json!([{"file": "a.zen", "line": 2}]));
    assert_eq!(output(&it.get("/api/a").await), "old");
    write(&it.contracts(), &[("a.zen", &says("new"))]);
    until(&it, "/api/a", |reply| output(reply) == "new").await;
    assert_eq!(it.get("/health").await.json()["faults"], json!([]));
}

#[tokio::test]
async fn a_folder_that_goes_leaves_everything_in_service() {
    let it = serve("", &[("a.zen", &says("old"))]).await;
    std::fs::rename(it.contracts(), it.folder.path().join("elsewhere")).unwrap();
    until(&it, "/health", |reply| reply.json()["faults"] != json!([])).await;
    assert_eq!(output(&it.get("/api/a").await), "old");
}

#[tokio::test]
async fn a_folder_that_is_made_anew_is_read_and_watched_again() {
    let it = serve("", &[("a.zen", &says("old"))]).await;
    for pause in [Duration::ZERO, Duration::from_millis(700)] {
        std::fs::remove_dir_all(it.contracts()).unwrap();
        tokio::time::sleep(pause).await;
        write(&it.contracts(), &[("a.zen", &says("new"))]);
        until(&it, "/api/a", |reply| output(reply) == "new").await;
        write(&it.contracts(), &[("a.zen", &says("old"))]);
        until(&it, "/api/a", |reply| output(reply) == "old").await;
    }
}

#[tokio::test]
async fn a_folder_that_is_a_link_is_read_again_when_the_link_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("one/a.zen", &says("one")), ("two/a.zen", &says("two"))]);
    let switch = |to: &str| {
        std::os::unix::fs::symlink(to, folder.path().join("next")).unwrap();
        std::fs::rename(folder.path().join("next"), folder.path().join("contracts")).unwrap();
    };
    switch("one");
    let root = folder.path().to_owned();
    let it = super::up(folder, "").await;
    assert_eq!(output(&it.get("/api/a").await), "one");
    std::os::unix::fs::symlink("two", root.join("next")).unwrap();
    std::fs::rename(root.join("next"), root.join("contracts")).unwrap();
    until(&it, "/api/a", |reply| output(reply) == "two").await;
    // What is watched is what the link leads to by now.
    write(&root.join("two"), &[("b.zen", &says("b"))]);
    until(&it, "/api/b", |reply| reply.status == 200).await;
}

#[tokio::test]
async fn requests_go_on_while_files_change() {
    let it = serve("", &[("a.zen", &says("v0"))]).await;
    for version in 1..=5 {
        write(&it.contracts(), &[("a.zen", &says(&format!("v{version}")))]);
        until(&it, "/api/a", |reply| {
            assert_eq!(reply.status, 200, "{}", reply.text);
            output(reply) == format!("v{version}")
        })
        .await;
    }
}

#[tokio::test]
async fn a_request_under_way_ends_on_the_version_it_began_with() {
    let (sender, mut arrived) = tokio::sync::mpsc::channel::<tokio::sync::oneshot::Sender<()>>(1);
    let service = axum::Router::new().fallback(move || {
        let sender = sender.clone();
        async move {
            let (go, wait) = tokio::sync::oneshot::channel();
            sender.send(go).await.unwrap();
            wait.await.unwrap();
            "{}"
        }
    });
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let service = swarm_node::server::Socket::bind(listen).await.unwrap().serve(service);
    let slow = |word: &str| {
        format!(
            "Given I have a endpoint named 'url'\nGiven I connect to 'url' and save the output into 'x'\nThen print the string '{word}'\n"
        )
    };
    let new = "Given I have a 'string' named 'url'\nThen print the string 'new'\n";
    let url = format!("url: http://{}/\n", service.local_addr());
    let it = serve("egress_allow = [\"127.0.0.1/32\"]", &[("a.zen", &slow("old")), ("a.keys", &url)]).await;
    let first = it.get("/api/a");
    let change = async {
        let go = arrived.recv().await.unwrap();
        write(&it.contracts(), &[("a.zen", new), ("b.zen", &says("b"))]);
        until(&it, "/api/b", |reply| reply.status == 200).await;
        assert_eq!(output(&it.get("/api/a").await), "new");
        go.send(()).unwrap();
    };
    let (reply, ()) = tokio::join!(first, change);
    assert_eq!(output(&reply), "old", "{}", reply.text);
}
