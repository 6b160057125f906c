//! Pages of other origins.

use reqwest::{Method, Response};
use swarm_node::client::{self, Tls};

use super::{FAST, serve};

async fn ask(settings: &str, method: Method, headers: &[(&str, &str)]) -> Response {
    let (_folder, oracle) = serve(settings, &[("fast.zen", FAST)]).await;
    let client = client::new(Tls::Off).unwrap();
    let mut request = client.request(method, format!("http://{}/api/fast", oracle.local_addr()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

const PREFLIGHT: &[(&str, &str)] = &[
    ("origin", "https://example.org"),
    ("access-control-request-method", "POST"),
    ("access-control-request-headers", "authorization, content-type, x-api-key"),
];
const LISTED: &str = "cors_origins = [\"https://example.org\", \"http://localhost:3000\"]";

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|it| it.to_str().unwrap())
}

#[tokio::test]
async fn unless_origins_are_configured_no_page_may_call() {
    let response = ask("", Method::GET, PREFLIGHT).await;
    assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (200, None));
    let response = ask("", Method::OPTIONS, PREFLIGHT).await;
    assert_eq!((response.status().as_u16(), header(&response, "access-control-allow-origin")), (405, None));
}

#[tokio::test]
async fn a_preflight_of_a_listed_origin_is_answered() {
    let response = ask(LISTED, Method::OPTIONS, PREFLIGHT).await;
    assert!(response.status().is_success(), "{}", response.status());
    assert_eq!(header(&response, "access-control-allow-origin"), Some("https://example.org"));
    assert_eq!(header(&response, "access-control-allow-methods"), Some("GET,POST"));
    let allowed = header(&response, "access-control-allow-headers").unwrap();
    for name in ["authorization", "content-type", "x-api-key"] {
        assert!(allowed.split(',').any(|it| it == name), "{name} in {allowed}");
    }
    assert_eq!(header(&response, "access-control-allow-credentials"), None);
    assert!(header(&response, "vary").unwrap().to_ascii_lowercase().contains("origin"));
}

#[tokio::test]
async fn an_answer_to_a_listed_origin_says_so() {
    let response = ask(LISTED, Method::GET, PREFLIGHT).await;
    assert_eq!(header(&response, "access-control-allow-origin"), Some("https://example.org"));
    assert!(header(&response, "access-control-expose-headers").unwrap().contains("x-request-id"));
}

#[tokio::test]
async fn another_origin_is_not_allowed() {
    for origin in ["https://example.org.evil.test", "http://example.org", "https://example.org:444", "null"] {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        for method in [Method::OPTIONS, Method::GET] {
            let response = ask(LISTED, method, &headers).await;
            assert_eq!(header(&response, "access-control-allow-origin"), None, "{origin}");
        }
    }
}

#[tokio::test]
async fn a_star_allows_all() {
    let response = ask("cors_origins = [\"*\"]", Method::OPTIONS, PREFLIGHT).await;
    assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
}
