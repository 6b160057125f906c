//! I/O statements through a real oracle: contracts that ask the world, and what they get and leave behind.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::routing::{any, get as at};
use serde_json::{Value, json};
use swarm_node::client::{self, Tls};
use swarm_node::config::Layer;
use swarm_node::oracle::Oracle;
use swarm_node::server::{Server, Socket};

use crate::{Reply, post, start};

/// An oracle with these contracts, a files and a logs folder, and a web service that it may reach.
struct Place {
    folder: tempfile::TempDir,
    oracle: Oracle,
    service: Server,
}

async fn place(files: &[(&str, &str)]) -> Place {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    for name in ["contracts", "files", "logs"] {
        std::fs::create_dir_all(folder.path().join(name)).unwrap();
    }
    let layer = Layer {
        contracts: Some(folder.path().join("contracts")),
        files: Some(folder.path().join("files")),
        logs: Some(folder.path().join("logs")),
        egress_allow: Some(vec!["127.0.0.1/32".parse().unwrap()]),
        ..Layer::default()
    };
    let oracle = start(&folder.path().join("state"), layer).await;
    Place { folder, oracle, service: service().await }
}

async fn service() -> Server {
    let router = Router::new()
        .route(
            "/said",
            any(|method: Method, headers: HeaderMap, body: String| async move {
                let token = headers.get("x-token").map(|it| it.to_str().unwrap().to_owned());
                axum::Json(json!({ "method": method.as_str(), "token": token, "body": body }))
            }),
        )
        .route("/broken", at(|| async { (StatusCode::BAD_GATEWAY, "down") }))
        .route("/moved", at(|| async { (StatusCode::FOUND, [(header::LOCATION, "/said")]) }));
    Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router)
}

impl Place {
    async fn call(&self, name: &str, data: Value) -> Reply {
        post(self.oracle.local_addr(), &format!("/api/{name}"), json!({ "data": data }).to_string()).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.service.local_addr())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }
}

#[tokio::test]
async fn a_contract_submits_with_headers_and_stores_what_came_back() {
    let contract = "Given I connect to 'url' and send object 'letter' and send headers 'headers' and do put and output into 'reply'\n\
                    Given I have a 'string dictionary' named 'reply'\nThen print the 'reply'\n\
                    Then I send content 'reply' and send path 'path' and store in file\n";
    let place = place(&[("contracts/submit.zen", contract)]).await;
    let data = json!({
        "url": place.url("/said"), "letter": { "to": "Ada" }, "headers": { "X-Token": "t" }, "path": "a/reply.json"
    });
    let result = json!({ "method": "PUT", "token": "t", "body": "{\"to\":\"Ada\"}" });
    let reply = json!({ "status": "200", "result": result });
    assert_eq!(place.call("submit", data).await, (200, json!({ "reply": reply })));
    assert_eq!(serde_json::from_str::<Value>(&place.text("files/a/reply.json")).unwrap(), reply);
}

#[tokio::test]
async fn many_addresses_are_asked_at_once_and_answered_in_their_order() {
    let contract = "Given I execute parallel GET to array 'urls' and save the result named 'all' within the object 'replies'\n\
                    Given I have a 'string dictionary' named 'replies'\nThen print the 'replies'\n";
    let place = place(&[("contracts/many.zen", contract)]).await;
    let urls = [place.url("/broken"), place.url("/moved"), "http://127.0.0.1:1/".to_owned()];
    let (status, body) = place.call("many", json!({ "urls": urls })).await;
    assert_eq!(status, 200, "{body}");
    let all = &body["replies"]["all"];
    assert_eq!(all[0], json!({ "status": 502, "result": "down" }));
    assert_eq!((&all[1]["status"], &all[1]["result"]["method"]), (&json!(200), &json!("GET")));
    assert_eq!(all[2], json!({ "status": "ECONNREFUSED", "result": "" }));
}

#[tokio::test]
async fn a_contract_of_restroom_reads_a_file_logs_and_passes_its_output_on() {
    let contract = "Rule caller restroom-mw\nGiven I read the content of 'office.json'\nGiven I have a endpoint named 'url'\n\
                    Given I have a 'string' named 'street'\nThen print the 'street'\n\
                    Then I append the string 'street' to the logfile in 'streets.log'\nThen I pass the output to 'url'\n\
                    Then I store 'street' in the file 'path'\n";
    let files = [("contracts/old.zen", contract), ("files/office.json", "{\"street\":\"via Jervis\\n77\"}")];
    let place = place(&files).await;
    let data = json!({ "url": place.url("/said"), "path": "street.json" });
    let (status, body) = place.call("old", data).await;
    assert_eq!((status, &body), (200, &json!({ "street": "via Jervis\n77" })), "{body}");
    assert_eq!(place.text("logs/streets.log"), "via Jervis\\n77\n");
    assert_eq!(place.text("files/street.json"), "\"via Jervis\\n77\"");
}

#[tokio::test]
async fn a_contract_knows_the_request_that_it_answers_and_no_secret_of_it() {
    let contract = "Given I read the http request\nGiven I have a 'string dictionary' named 'http_request'\n\
                    Then print the 'http_request'\n";
    let place = place(&[("contracts/who.zen", contract)]).await;
    let address = place.oracle.local_addr();
    let request = client::new(Tls::Off)
        .unwrap()
        .get(format!("http://{address}/api/who"))
        .header("x-a", "b")
        .header("authorization", "Bearer secret");
    let body = request.send().await.unwrap().text().await.unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    let known = &body["http_request"];
    assert_eq!((&known["method"], &known["base_url"]), (&json!("GET"), &json!("/api/who")), "{body}");
    assert_eq!((&known["headers"]["x-a"], &known["http_version"]), (&json!("b"), &json!("1.1")));
    assert_eq!(known["socket"]["remote_address"], json!("127.0.0.1"));
    assert!(!body.to_string().contains("secret"));
}

#[tokio::test]
async fn what_the_metadata_of_one_contract_allows_another_may_not_reach() {
    let contract = "Given I connect to 'url' and do get and output into 'reply'\n\
                    Given I have a 'string dictionary' named 'reply'\nThen print the 'reply'\n";
    let folder = tempfile::tempdir().unwrap();
    let contracts = folder.path().join("contracts");
    std::fs::create_dir(&contracts).unwrap();
    for name in ["one", "other"] {
        std::fs::write(contracts.join(format!("{name}.zen")), contract).unwrap();
    }
    std::fs::write(contracts.join("one.metadata.json"), "{\"egress\":[\"127.0.0.1\"]}").unwrap();
    let layer = Layer { contracts: Some(contracts), ..Layer::default() };
    let oracle = start(&folder.path().join("state"), layer).await;
    let service = service().await;
    let data = json!({ "data": { "url": format!("http://{}/said", service.local_addr()) } }).to_string();
    let (status, body) = post(oracle.local_addr(), "/api/one", data.clone()).await;
    assert_eq!(status, 200, "{body}");
    let (status, body) = post(oracle.local_addr(), "/api/other", data).await;
    assert_eq!(status, 500);
    assert!(body["zenroom_errors"]["logs"].as_str().unwrap().contains("egress policy"), "{body}");
}

#[tokio::test]
async fn a_path_that_leads_out_ends_the_run_with_its_line() {
    let contract = "Given I send path 'path' and read verbatim file content and output into 'text'\n\
                    Given I have a 'string' named 'text'\nThen print the 'text'\n";
    let place = place(&[("contracts/read.zen", contract), ("secret", "s3cret")]).await;
    for path in ["../secret", "/etc/passwd"] {
        let (status, body) = place.call("read", json!({ "path": path })).await;
        assert_eq!(status, 500, "{path}");
        let log = body["zenroom_errors"]["logs"].as_str().unwrap();
        assert!(log.contains("leads out of the folder") && log.contains("line 1"), "{log}");
    }
}

#[tokio::test]
async fn an_archive_is_downloaded_and_extracted() {
    let contract = "Given I have a 'string' named 'folder'\nThen print the 'folder'\n\
                    Then I download the 'url' and extract it into 'folder'\n";
    let place = place(&[("contracts/fetch.zen", contract)]).await;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("deep/a.zen", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut writer, b"Given nothing\n").unwrap();
    let octets = writer.finish().unwrap().into_inner();
    let router = Router::new().route("/a.zip", at(move || async move { octets }));
    let service = Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router);
    let url = format!("http://{}/a.zip", service.local_addr());
    let (status, body) = place.call("fetch", json!({ "url": url, "folder": "releases/1" })).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(place.text("files/releases/1/deep/a.zen"), "Given nothing\n");
    let (status, _) = place.call("fetch", json!({ "url": place.url("/said"), "folder": "releases/2" })).await;
    assert_eq!((status, place.path("files/releases/2").exists()), (500, false));
}

#[tokio::test]
async fn a_service_that_dies_is_an_answer() {
    let contract = "Given I connect to 'url' and do get and output into 'reply'\n\
                    Given I have a 'string dictionary' named 'reply'\nThen print the 'reply'\n";
    let place = place(&[("contracts/get.zen", contract)]).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let dies = async {
        let (stream, _) = listener.accept().await.unwrap();
        stream.readable().await.unwrap();
        drop((stream, listener));
    };
    let (reply, ()) = tokio::join!(place.call("get", json!({ "url": url })), dies);
    assert_eq!(reply.1["reply"]["status"], json!("ECONNRESET"));
}
