//! Back-pressure, cancellation and fairness.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use swarm_node::client::{self, Tls};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::metrics::sample;
use super::{FAST, SLOW, WAITS, asks, numbers, serve, silent, until};
use crate::{Reply, get, post};

fn call(address: SocketAddr, path: &'static str, body: String) -> JoinHandle<Reply> {
    tokio::spawn(async move { post(address, path, body).await })
}

async fn metric(address: SocketAddr, series: &str) -> Option<f64> {
    sample(&super::metrics::text(address).await, &format!("zenswarm_oracle_{series}"))
}

/// Waits until so many runs of a contract are under way.
async fn under_way(address: SocketAddr, contract: &str, runs: f64) {
    let series = format!("runs_under_way{{contract=\"{contract}\"}}");
    until("runs under way", || async { (metric(address, &series).await == Some(runs)).then_some(()) }).await;
}

async fn refused(address: SocketAddr, path: &str, body: String) -> (u16, Option<String>, Value) {
    let client = client::new(Tls::Off).unwrap();
    let response = client.post(format!("http://{address}{path}")).body(body).send().await.unwrap();
    let retry_after = response.headers().get("retry-after").map(|it| it.to_str().unwrap().to_owned());
    let (status, body) = crate::reply(response).await;
    (status, retry_after, body)
}

#[tokio::test]
async fn a_slow_contract_on_all_seats_does_not_starve_a_fast_one() {
    let (_folder, oracle) = serve("workers = 1", &[("slow.zen", SLOW), ("fast.zen", FAST)]).await;
    let address = oracle.local_addr();
    let slow: Vec<_> = (0..8).map(|_| call(address, "/api/slow", numbers())).collect();
    under_way(address, "slow", 8.0).await;
    for _ in 0..20 {
        assert_eq!(get(address, "/api/fast").await, (200, json!({ "output": ["fast"] })));
    }
    assert!(slow.iter().all(|it| !it.is_finished()), "the slow ones are not slow enough to show anything");
    slow.iter().for_each(JoinHandle::abort);
}

#[tokio::test]
async fn a_caller_that_goes_away_frees_its_seat() {
    let (_folder, oracle) = serve("workers = 1", &[("slow.zen", SLOW), ("fast.zen", FAST)]).await;
    let address = oracle.local_addr();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = numbers();
    let head = format!("POST /api/slow HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    until("a busy worker", || async { (metric(address, "workers_busy").await == Some(1.0)).then_some(()) })
        .await;
    drop(stream);
    until("a free worker", || async { (metric(address, "workers_busy").await == Some(0.0)).then_some(()) })
        .await;
    let series = "runs_total{contract=\"slow\",outcome=\"cancelled\"}";
    assert_eq!(metric(address, series).await, Some(1.0));
    let requests = "requests_total{route=\"/api/{*name}\",method=\"POST\",status=\"499\"}";
    assert_eq!(metric(address, requests).await, Some(1.0));
}

#[tokio::test]
async fn a_run_whose_time_is_over_frees_its_seat() {
    let (_folder, oracle) = serve("workers = 1\nrun_timeout = \"50ms\"", &[("slow.zen", SLOW)]).await;
    let address = oracle.local_addr();
    let (status, body) = post(address, "/api/slow", numbers()).await;
    assert_eq!(status, 500);
    assert!(body["zenroom_errors"]["logs"].as_str().unwrap().contains("within 50 ms"), "{body}");
    until("a free worker", || async { (metric(address, "workers_busy").await == Some(0.0)).then_some(()) })
        .await;
    assert_eq!(metric(address, "runs_total{contract=\"slow\",outcome=\"timeout\"}").await, Some(1.0));
}

#[tokio::test]
async fn a_contract_beyond_its_own_limit_is_429_and_others_go_on() {
    let limits = "{\"limits\":{\"concurrency\":1,\"queue\":1}}";
    let files = [("waits.zen", WAITS), ("waits.metadata.json", limits), ("fast.zen", FAST)];
    let (_folder, oracle) = serve("egress_allow = [\"127.0.0.1/32\"]", &files).await;
    let (address, service) = (oracle.local_addr(), silent().await);
    let held: Vec<_> = (0..2).map(|_| call(address, "/api/waits", asks(&service))).collect();
    under_way(address, "waits", 2.0).await;
    let (status, retry_after, body) = refused(address, "/api/waits", asks(&service)).await;
    assert_eq!((status, retry_after.as_deref()), (429, Some("1")), "{body}");
    assert_eq!(body["type"], json!("urn:zenswarm:problem:too-many-runs"));
    assert_eq!(get(address, "/api/fast").await.0, 200);
    held.iter().for_each(JoinHandle::abort);
}

#[tokio::test]
async fn one_contract_has_its_share_of_the_pool_and_no_more() {
    let files = [("waits.zen", WAITS), ("fast.zen", FAST)];
    let (_folder, oracle) = serve("runs_max = 4\negress_allow = [\"127.0.0.1/32\"]", &files).await;
    let (address, service) = (oracle.local_addr(), silent().await);
    // Three quarters of four.
    let held: Vec<_> = (0..3).map(|_| call(address, "/api/waits", asks(&service))).collect();
    under_way(address, "waits", 3.0).await;
    assert_eq!(refused(address, "/api/waits", asks(&service)).await.0, 429);
    assert_eq!(get(address, "/api/fast").await.0, 200);
    held.iter().for_each(JoinHandle::abort);
}

#[tokio::test]
async fn what_waits_at_a_contracts_own_limit_comes_next() {
    let limits = "{\"limits\":{\"concurrency\":1}}";
    let settings = "egress_allow = [\"127.0.0.1/32\"]\negress_timeout = \"300ms\"";
    let (_folder, oracle) = serve(settings, &[("waits.zen", WAITS), ("waits.metadata.json", limits)]).await;
    let (address, service) = (oracle.local_addr(), silent().await);
    let held = [call(address, "/api/waits", asks(&service)), call(address, "/api/waits", asks(&service))];
    for call in held {
        let reply = call.await.unwrap();
        assert_eq!(reply, (200, json!({ "output": { "status": "ETIMEDOUT", "result": "" } })));
    }
}

#[tokio::test]
async fn each_limit_of_a_contract_ends_its_run_with_its_name() {
    let ones =
        "Given nothing\nWhen I create the random object of '4096' bytes\nThen print the 'random object'\n";
    for (text, limits, said) in [
        (SLOW, "\"statements\":100", "100 statements"),
        (SLOW, "\"iterations\":10", "10"),
        (SLOW, "\"timeout\":\"20ms\"", "within 20 ms"),
        (ones, "\"memory\":\"1KiB\"", "1024"),
        (ones, "\"output\":\"1KiB\"", "1024"),
    ] {
        let metadata = format!("{{\"limits\":{{{limits}}}}}");
        let (_folder, oracle) = serve("", &[("a.zen", text), ("a.metadata.json", &metadata)]).await;
        let body = if text == SLOW { numbers() } else { String::new() };
        let (status, body) = post(oracle.local_addr(), "/api/a", body).await;
        let logs = body["zenroom_errors"]["logs"].as_str().unwrap_or_default();
        assert!(status == 500 && logs.contains(said), "{limits}: {status} {body}");
    }
}

#[tokio::test]
async fn a_contracts_own_limit_of_the_body_is_413() {
    let metadata = "{\"limits\":{\"body\":\"16B\"}}";
    let (_folder, oracle) = serve("", &[("fast.zen", FAST), ("fast.metadata.json", metadata)]).await;
    let address = oracle.local_addr();
    assert_eq!(post(address, "/api/fast", "{\"data\":{}}").await.0, 200);
    assert_eq!(post(address, "/api/fast", "{\"data\":{}       }").await.0, 413);
}

#[tokio::test]
async fn a_metadata_file_with_a_limit_that_is_none_is_refused_with_its_path() {
    for limits in ["\"concurrency\":0", "\"timeout\":5", "\"rate\":\"0/s\"", "\"statments\":5"] {
        let metadata = format!("{{\"limits\":{{{limits}}}}}");
        let folder = super::folder(&[("a.zen", FAST), ("a.metadata.json", &metadata)]);
        let layer = swarm_node::config::Layer {
            state: Some(folder.path().join("state")),
            ..super::layer("", &folder)
        };
        let error = swarm_node::oracle::Oracle::start(layer.resolve().unwrap()).await.unwrap_err();
        assert!(error.to_string().contains("a.metadata.json"), "{limits}: {error}");
    }
}

#[tokio::test]
async fn a_caller_that_asks_too_often_is_429_with_the_time_to_wait() {
    let (_folder, oracle) = serve("rate = \"2/h\"", &[("fast.zen", FAST)]).await;
    let address = oracle.local_addr();
    for _ in 0..2 {
        assert_eq!(get(address, "/api/fast").await.0, 200);
    }
    let (status, retry_after, body) = refused(address, "/api/fast", String::new()).await;
    assert_eq!(status, 429, "{body}");
    let seconds: u64 = retry_after.unwrap().parse().unwrap();
    assert!((1700..=1800).contains(&seconds), "{seconds}");
    // Whoever watches the oracle is no caller.
    assert_eq!(get(address, "/health").await.0, 200);
}

#[tokio::test]
async fn a_contracts_own_rate_counts_for_that_contract() {
    let metadata = "{\"limits\":{\"rate\":\"1/h\"}}";
    let files = [("a.zen", FAST), ("a.metadata.json", metadata), ("b.zen", FAST)];
    let (_folder, oracle) = serve("", &files).await;
    let address = oracle.local_addr();
    assert_eq!(get(address, "/api/a").await.0, 200);
    assert_eq!(get(address, "/api/a").await.0, 429);
    assert_eq!(get(address, "/api/b").await.0, 200);
}

#[tokio::test]
async fn callers_behind_a_trusted_proxy_are_told_apart() {
    let settings = "rate = \"1/h\"\ntrusted_proxies = [\"127.0.0.1\"]";
    let (_folder, oracle) = serve(settings, &[("fast.zen", FAST)]).await;
    let client = client::new(Tls::Off).unwrap();
    let url = format!("http://{}/api/fast", oracle.local_addr());
    let mut statuses = Vec::new();
    for address in ["192.0.2.1", "192.0.2.2", "192.0.2.1", "198.51.100.1, 192.0.2.2"] {
        let response = client.get(&url).header("x-forwarded-for", address).send().await.unwrap();
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 429, 429]);
}

#[tokio::test]
async fn a_body_that_never_comes_holds_no_run() {
    let (_folder, oracle) = serve("runs_max = 1", &[("fast.zen", FAST)]).await;
    let address = oracle.local_addr();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"POST /api/fast HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{").await.unwrap();
    let answered = tokio::time::timeout(Duration::from_secs(20), get(address, "/api/fast")).await;
    assert_eq!(answered.unwrap().0, 200);
}
