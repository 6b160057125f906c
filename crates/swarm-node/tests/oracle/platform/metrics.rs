//! `/metrics`, as Prometheus reads it.

use std::net::SocketAddr;

use swarm_node::client::{self, Tls};

use super::open_metrics::check;
use super::{FAST, SLOW, WAITS, asks, serve, silent};
use crate::{get, post};

/// The text of `/metrics`.
pub(super) async fn text(address: SocketAddr) -> String {
    let client = client::new(Tls::Off).unwrap();
    client.get(format!("http://{address}/metrics")).send().await.unwrap().text().await.unwrap()
}

/// The value of one series.
pub(super) fn sample(text: &str, series: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test]
async fn the_metrics_follow_the_grammar_whatever_has_happened() {
    let settings = "egress_allow = [\"127.0.0.1/32\"]\negress_timeout = \"50ms\"\nrate = \"6/h\"";
    let files =
        [("fast.zen", FAST), ("slow.zen", SLOW), ("waits.zen", WAITS), ("broken.zen", "Given I fly\n")];
    let (_folder, oracle) = serve(settings, &files).await;
    let (address, service) = (oracle.local_addr(), silent().await);
    check(&text(address).await);
    get(address, "/api/fast").await;
    get(address, "/api/none?data=%22%7B%0A").await;
    get(address, "/api/broken").await;
    post(address, "/api/slow", "{}").await;
    post(address, "/api/waits", asks(&service)).await;
    for _ in 0..4 {
        get(address, "/api/fast").await;
    }
    get(address, "/nowhere\"\\").await;
    let text = text(address).await;
    check(&text);
    for (series, value) in [
        ("runs_total{contract=\"broken\",outcome=\"failed\"}", 1.0),
        ("failures_total{contract=\"broken\",kind=\"unknown_statement\"}", 1.0),
        ("failures_total{contract=\"slow\",kind=\"input\"}", 1.0),
        ("run_duration_seconds_count{contract=\"waits\"}", 1.0),
        ("connector_duration_seconds_count{kind=\"http\"}", 1.0),
        ("turned_away_total{kind=\"rate\"}", 1.0),
        ("requests_total{route=\"none\",method=\"GET\",status=\"404\"}", 1.0),
    ] {
        assert_eq!(sample(&text, &format!("zenswarm_oracle_{series}")), Some(value), "{series}\n{text}");
    }
}

#[tokio::test]
async fn the_media_type_says_which_grammar() {
    let (_folder, oracle) = serve("", &[("fast.zen", FAST)]).await;
    let client = client::new(Tls::Off).unwrap();
    let response = client.get(format!("http://{}/metrics", oracle.local_addr())).send().await.unwrap();
    assert_eq!(
        response.headers()["content-type"],
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
}
