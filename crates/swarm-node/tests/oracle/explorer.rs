//! The explorer without a script: pages, forms, and what they refuse.

use std::net::SocketAddr;

use reqwest::Response;
use serde_json::json;
use swarm_node::client::{self, Tls};
use swarm_node::config::Layer;
use swarm_node::oracle::Oracle;
use url::form_urlencoded::Serializer;

use crate::start;

async fn serve(contracts: &[(&str, &str)], layer: Layer) -> (tempfile::TempDir, Oracle) {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("contracts");
    std::fs::create_dir(&below).unwrap();
    for (name, text) in contracts {
        std::fs::write(below.join(name), text).unwrap();
    }
    let layer = Layer { contracts: (!contracts.is_empty()).then_some(below), ..layer };
    let oracle = start(&folder.path().join("state"), layer).await;
    (folder, oracle)
}

async fn shipped() -> (tempfile::TempDir, Oracle) {
    serve(&[], Layer::default()).await
}

async fn get(address: SocketAddr, path: &str) -> Response {
    client::new(Tls::Off).unwrap().get(format!("http://{address}{path}")).send().await.unwrap()
}

async fn page(address: SocketAddr, path: &str) -> (u16, String) {
    let response = get(address, path).await;
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn send(address: SocketAddr, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    send_raw(address, path, body.into_bytes()).await
}

async fn send_raw(address: SocketAddr, path: &str, body: Vec<u8>) -> (u16, String) {
    let client = client::new(Tls::Off).unwrap();
    let request = client.post(format!("http://{address}{path}")).body(body);
    let response = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// What a reader sees: the page without its tags.
fn text(page: &str) -> String {
    let pieces = page.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces
        .collect::<String>()
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

const ADD: &str = "Given I have a 'number' named 'left'\nGiven I have a 'number' named 'right'\n\
                   When I create the result of 'left' + 'right'\nThen print the 'result'\n";

#[tokio::test]
async fn the_list_has_every_contract() {
    let (_folder, oracle) = shipped().await;
    let (status, page) = page(oracle.local_addr(), "/docs").await;
    let (_, names) = crate::get(oracle.local_addr(), "/apis").await;
    assert_eq!(status, 200);
    for name in names.as_array().unwrap() {
        let name = name.as_str().unwrap().trim_start_matches("/api/");
        assert!(page.contains(&format!("href=\"/docs/{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn a_search_and_a_tag_narrow_the_list() {
    let (_folder, oracle) = shipped().await;
    let (_, found) = page(oracle.local_addr(), "/docs?q=SIGN+ecdsa").await;
    assert!(found.contains("/docs/zenswarm-oracle-sign-ecdsa\""));
    assert!(!found.contains("/docs/zenswarm-oracle-ping\""));
    let (_, tagged) = page(oracle.local_addr(), "/docs?tag=schnorr").await;
    assert!(tagged.contains("/docs/zenswarm-oracle-sign-schnorr\""));
    assert!(!tagged.contains("/docs/zenswarm-oracle-sign-ecdsa\""));
    let (_, none) = page(oracle.local_addr(), "/docs?q=unheard-of").await;
    assert!(text(&none).contains("No contract fits"));
}

#[tokio::test]
async fn a_page_shows_text_inputs_and_example() {
    let (_folder, oracle) = shipped().await;
    let (status, page) = page(oracle.local_addr(), "/docs/zenswarm-oracle-sign-ecdsa").await;
    assert_eq!(status, 200);
    let seen = text(&page);
    assert!(seen.contains("When I create the ecdh signature of 'asset'"), "{seen}");
    assert!(seen.contains("string dictionary"), "{seen}");
    assert!(page.contains("name=\"/asset\""), "{page}");
    assert!(seen.contains("curl http://"), "{seen}");
}

#[tokio::test]
async fn a_form_runs_the_contract_and_shows_the_answer() {
    let (_folder, oracle) = serve(&[("add.zen", ADD)], Layer::default()).await;
    let (status, page) = send(oracle.local_addr(), "/docs/add", &[("/left", "40"), ("/right", "2")]).await;
    assert_eq!(status, 200);
    assert!(text(&page).contains("\"result\": 42"), "{page}");
    assert!(page.contains("value=\"40\""), "the form keeps what was sent");
}

#[tokio::test]
async fn json_is_sent_instead_of_the_fields() {
    let (_folder, oracle) = serve(&[("add.zen", ADD)], Layer::default()).await;
    let json = json!({ "left": 1, "right": 2 }).to_string();
    let (_, page) = send(oracle.local_addr(), "/docs/add", &[("/left", "40"), ("json", &json)]).await;
    assert!(text(&page).contains("\"result\": 3"), "{page}");
}

#[tokio::test]
async fn a_contract_that_fails_is_shown_with_the_line_marked() {
    let text_of =
        "Given I have a 'number' named 'a'\nWhen I verify 'a' is less than 'a'\nThen print the 'a'\n";
    let (_folder, oracle) = serve(&[("x.zen", text_of)], Layer::default()).await;
    let (status, page) = send(oracle.local_addr(), "/docs/x", &[("/a", "1")]).await;
    assert_eq!(status, 200);
    assert!(text(&page).contains("The contract failed"), "{page}");
    assert!(page.contains("class=\"line fault\" id=\"L2\""), "{page}");
}

#[tokio::test]
async fn a_contract_that_does_not_compile_has_a_page_that_says_why() {
    let (_folder, oracle) =
        serve(&[("x.zen", "Given nothing\nWhen I fly to the 'moon'\n")], Layer::default()).await;
    let (status, page) = page(oracle.local_addr(), "/docs/x").await;
    assert_eq!(status, 200);
    assert!(
        text(&page).contains("does not compile") && page.contains("class=\"line fault\" id=\"L2\""),
        "{page}"
    );
}

#[tokio::test]
async fn a_form_with_faults_is_not_sent() {
    let (_folder, oracle) = serve(&[("add.zen", ADD)], Layer::default()).await;
    let (status, page) = send(oracle.local_addr(), "/docs/add", &[("/left", "40")]).await;
    assert_eq!(status, 422);
    assert!(text(&page).contains("this is needed") && page.contains("aria-invalid=\"true\""), "{page}");
    for json in ["{", "[]", "1", "{} {}"] {
        let (status, page) = send(oracle.local_addr(), "/docs/add", &[("json", json)]).await;
        assert_eq!(status, 422, "{json}: {page}");
    }
}

#[tokio::test]
async fn a_form_beyond_the_limit_of_bodies_is_413() {
    let layer = Layer::from_toml("[oracle]\nbody_max = \"1KiB\"\n", "test").unwrap();
    let (_folder, oracle) = serve(&[("add.zen", ADD)], layer).await;
    let (status, page) = send(oracle.local_addr(), "/docs/add", &[("/left", &"1".repeat(2000))]).await;
    assert_eq!(status, 413);
    assert!(text(&page).contains("exceeds 1024 octets"), "{page}");
}

#[tokio::test]
async fn no_body_is_a_fault_of_the_oracle() {
    let (_folder, oracle) = serve(&[("add.zen", ADD)], Layer::default()).await;
    for body in [
        &b""[..],
        b"\xff\xfe",
        b"%",
        b"%zz=%",
        b"&&==&",
        b"json",
        b"/left=%00&/right=%ff",
        b"/left=1&/left=2",
    ] {
        let (status, page) = send_raw(oracle.local_addr(), "/docs/add", body.to_vec()).await;
        assert!(status < 500, "{body:?}: {page}");
    }
}

#[tokio::test]
async fn what_comes_from_outside_is_text_and_no_markup() {
    let contract =
        "# <script>alert(1)</script>\nGiven I have a 'string' named '<img>'\nThen print the '<img>'\n";
    let files = [("x.zen", contract), ("x.metadata.json", "{\"description\":\"<script>\"}")];
    let (_folder, oracle) = serve(&files, Layer::default()).await;
    let address = oracle.local_addr();
    let (_, list) = page(address, "/docs?q=%3Cscript%3E%22").await;
    let (_, sheet) = page(address, "/docs/x").await;
    let (_, run) = send(address, "/docs/x", &[("/<img>", "<script>\"'")]).await;
    for page in [list, sheet, run] {
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(!page.contains("<img>"), "{page}");
    }
}

#[tokio::test]
async fn an_unknown_or_private_contract_is_404() {
    let files = [("known.zen", ADD), ("hidden.zen", ADD), ("hidden.metadata.json", "{\"private\":true}")];
    let (_folder, oracle) = serve(&files, Layer::default()).await;
    let (status, unknown) = page(oracle.local_addr(), "/docs/knwon").await;
    assert_eq!(status, 404);
    assert!(text(&unknown).contains("did you mean /api/known?"), "{unknown}");
    assert_eq!(page(oracle.local_addr(), "/docs/hidden").await.0, 404);
    assert_eq!(send(oracle.local_addr(), "/docs/hidden", &[]).await.0, 404);
    assert!(!page(oracle.local_addr(), "/docs").await.1.contains("hidden.zen"));
}

#[tokio::test]
async fn a_page_loads_from_the_oracle_and_says_so() {
    let (_folder, oracle) = shipped().await;
    for path in ["/docs", "/docs/zenswarm-oracle-ping", "/docs/none"] {
        let response = get(oracle.local_addr(), path).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let page = response.text().await.unwrap();
        for attribute in [" src=\"", " href=\"", " action=\""] {
            for address in page.split(attribute).skip(1) {
                assert!(
                    address.starts_with('/') && !address.starts_with("//") || address.starts_with('#'),
                    "{address:.60}"
                );
            }
        }
    }
}

#[tokio::test]
async fn assets_have_a_type_and_a_tag() {
    let (_folder, oracle) = shipped().await;
    let client = client::new(Tls::Off).unwrap();
    for (name, kind) in
        [("zenswarm.css", "text/css"), ("zenswarm.js", "text/javascript"), ("zenswarm.svg", "image/svg+xml")]
    {
        let url = format!("http://{}/assets/{name}", oracle.local_addr());
        let response = client.get(&url).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(kind));
        let again = client.get(&url).header("if-none-match", response.headers()["etag"].clone());
        assert_eq!(again.send().await.unwrap().status().as_u16(), 304);
    }
    let none = get(oracle.local_addr(), "/assets/..%2fCargo.toml").await;
    assert_eq!(none.status().as_u16(), 404);
}

#[tokio::test]
async fn no_key_is_in_any_page() {
    let failing = "Scenario 'ecdh': x\nGiven I have a 'keyring'\nGiven I have a 'string' named 'own'\n\
                   When I verify 'own' is equal to 'token'\nThen print the 'own'\n";
    let files = [
        ("x.zen", failing),
        ("x.keys.json", "{\"token\":\"canary\"}"),
        ("x.metadata.json", "{\"keyring\":true,\"public\":true}"),
    ];
    let (folder, oracle) = serve(&files, Layer::default()).await;
    let keyring = std::fs::read_to_string(folder.path().join("state/keyring.json")).unwrap();
    let keyring: serde_json::Value = serde_json::from_str(&keyring).unwrap();
    let secret = keyring["keyring"]["ecdh"].as_str().unwrap();
    let address = oracle.local_addr();
    let pages = [
        page(address, "/docs").await.1,
        page(address, "/docs/x").await.1,
        send(address, "/docs/x", &[("/own", "b")]).await.1,
        page(address, "/openapi.json").await.1,
    ];
    for page in pages {
        assert!(!page.contains("canary") && !page.contains(secret), "{page}");
    }
}

#[tokio::test]
async fn a_closed_contract_is_403() {
    let files = [("x.zen", ADD), ("x.metadata.json", "{\"keyring\":true}")];
    let (_folder, oracle) = serve(&files, Layer::default()).await;
    let (status, page) = page(oracle.local_addr(), "/docs/x").await;
    assert_eq!(status, 403);
    assert!(text(&page).contains("is closed"), "{page}");
    assert_eq!(send(oracle.local_addr(), "/docs/x", &[("/left", "1"), ("/right", "1")]).await.0, 403);
}

#[tokio::test]
async fn an_applet_keeps_the_rules_of_the_contracts_address() {
    let schema = json!({ "properties": { "left": { "maximum": 3 } } }).to_string();
    let files = [("x.zen", ADD), ("x.schema.json", schema.as_str())];
    let (_folder, oracle) = serve(&files, Layer::default()).await;
    let (status, page) = send(oracle.local_addr(), "/docs/x", &[("/left", "4"), ("/right", "1")]).await;
    assert_eq!(status, 422);
    assert!(text(&page).contains("Not run") && text(&page).contains("/left"), "{page}");
}

#[tokio::test]
async fn a_chain_has_a_page_and_an_applet() {
    let chain = "start: one\nblocks:\n  one:\n    zenFile: add.zen\n";
    let (_folder, oracle) = serve(&[("sum.yml", chain), ("add.zen", ADD)], Layer::default()).await;
    let (_, page) = send(oracle.local_addr(), "/docs/sum.chain", &[("/left", "40"), ("/right", "2")]).await;
    assert!(text(&page).contains("\"result\": 42") && text(&page).contains("zenFile: add.zen"), "{page}");
}

#[tokio::test]
async fn keys_in_the_text_of_a_chain_are_not_shown() {
    let chain = "steps:\n  - id: one\n    zencodeFromFile: x.zen\n    keys: '{\"token\":\"canary\"}'\n";
    let files = [
        ("c.chain.yml", chain),
        ("x.zen", "Given I have a 'string' named 'token'\nThen print the string 'done'\n"),
    ];
    let (_folder, oracle) = serve(&files, Layer::default()).await;
    let (status, page) = page(oracle.local_addr(), "/docs/c.chain").await;
    assert_eq!(status, 200);
    assert!(!page.contains("canary") && !page.contains("name=\"/token\""), "{page}");
    let (_, document) = crate::get(oracle.local_addr(), "/openapi.json").await;
    assert!(!document.to_string().contains("canary"));
}

#[tokio::test]
async fn below_a_base_path_everything_links_below_it() {
    let layer = Layer::from_toml("[oracle]\nbase_path = \"/oracle\"\n", "test").unwrap();
    let (_folder, oracle) = serve(&[("add.zen", ADD)], layer).await;
    let (status, sheet) = page(oracle.local_addr(), "/oracle/docs/add").await;
    assert_eq!(status, 200);
    for attribute in [" src=\"", " href=\"", " action=\""] {
        for address in sheet.split(attribute).skip(1) {
            assert!(address.starts_with("/oracle/") || address.starts_with('#'), "{address:.60}");
        }
    }
    assert!(text(&sheet).contains("/oracle/api/add"), "{sheet}");
    let (status, _) = send(oracle.local_addr(), "/oracle/docs/add", &[("/left", "1"), ("/right", "1")]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_changed_folder_has_a_changed_description() {
    let (folder, oracle) = serve(&[("add.zen", ADD)], Layer::default()).await;
    let before = get(oracle.local_addr(), "/openapi.json").await.headers()["etag"].clone();
    std::fs::write(folder.path().join("contracts/more.zen"), ADD).unwrap();
    let changed = async {
        while !page(oracle.local_addr(), "/docs").await.1.contains("/docs/more\"") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), changed).await.unwrap();
    let response = get(oracle.local_addr(), "/openapi.json").await;
    assert_ne!(response.headers()["etag"], before);
    assert!(response.text().await.unwrap().contains("/api/more"));
}
