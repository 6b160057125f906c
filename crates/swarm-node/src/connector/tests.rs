//! The egress suite: what a contract reaches, and what it never does.

mod did;
mod faults;
mod tls;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::routing::{any, get, post};
use zencode::{Answer, HttpAnswer, HttpCalls, HttpMethod, HttpRequest, Pace};

use super::Scope;
use super::egress::Policy;
use super::http::{Http, Names};
use crate::config::EgressConfig;
use crate::server::{Server, Socket};

fn http(allowed: &[&str], names: &[(&str, &str)]) -> Http {
    let names: BTreeMap<String, Vec<IpAddr>> =
        names.iter().map(|(name, address)| ((*name).to_owned(), vec![address.parse().unwrap()])).collect();
    let egress = EgressConfig {
        policy: Policy::new(allowed.iter().map(|it| it.parse().unwrap()).collect()),
        timeout: Duration::from_millis(500),
        reply_octets_max: 1000,
    };
    Http::new(egress, Names::Table(names))
}

fn request(method: HttpMethod, url: &str, body: Option<&str>) -> HttpRequest {
    HttpRequest { method, url: url.into(), headers: Vec::new(), body: body.map(str::to_owned) }
}

async fn ask(http: &Http, requests: Vec<HttpRequest>) -> Answer {
    http.answer(HttpCalls { calls: requests, pace: Pace::Together }, &Scope::default()).await
}

async fn fetch(http: &Http, url: &str) -> Answer {
    ask(http, vec![request(HttpMethod::Get, url, None)]).await
}

async fn serve() -> Server {
    let redirect =
        |status: StatusCode, to: &'static str| move || async move { (status, [(header::LOCATION, to)]) };
    let router = Router::new()
        .route("/", get(|| async { "{\"a\":1}" }).post(|body: String| async move { body }))
        .route(
            "/said",
            any(|method: Method, headers: HeaderMap, body: String| async move {
                let value = |name: &str| headers.get(name).map(|it| it.to_str().unwrap().to_owned());
                format!("{method} {:?} {:?} {body}", value("content-type"), value("x-a"))
            }),
        )
        .route("/missing", get(|| async { (StatusCode::NOT_FOUND, "gone") }))
        .route("/large", get(|| async { "x".repeat(2000) }))
        .route("/slow", get(std::future::pending::<String>))
        .route("/same", get(redirect(StatusCode::FOUND, "/")))
        .route("/posted", post(redirect(StatusCode::SEE_OTHER, "/")))
        .route("/kept", post(redirect(StatusCode::PERMANENT_REDIRECT, "/")))
        .route("/loop", get(redirect(StatusCode::FOUND, "/loop")))
        .route("/out", get(redirect(StatusCode::FOUND, "http://169.254.169.254/latest/meta-data")))
        .route("/local", get(redirect(StatusCode::FOUND, "http://localhost/")))
        .route("/scheme", get(redirect(StatusCode::FOUND, "file:///etc/passwd")));
    Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router)
}

/// What a contract gets from a path of the server, the server being allowed.
async fn get_path(path: &str) -> Answer {
    let server = serve().await;
    let http = http(&["127.0.0.1/32"], &[]);
    fetch(&http, &format!("http://{}{path}", server.local_addr())).await
}

fn response(status: u16, body: &str) -> Answer {
    Answer::Http(vec![HttpAnswer::Response { status, body: body.into() }])
}

fn unreachable(code: &str) -> Answer {
    Answer::Http(vec![HttpAnswer::Unreachable { code: code.into() }])
}

async fn is_refused(http: &Http, url: &str) -> bool {
    matches!(fetch(http, url).await, Answer::Refused(_))
}

#[tokio::test]
async fn an_allowed_service_is_read() {
    assert_eq!(get_path("/").await, response(200, "{\"a\":1}"));
}

#[tokio::test]
async fn a_status_that_is_no_success_is_a_response() {
    assert_eq!(get_path("/missing").await, response(404, "gone"));
}

#[tokio::test]
async fn a_body_is_posted_as_json() {
    let server = serve().await;
    let url = format!("http://{}/", server.local_addr());
    let posted = request(HttpMethod::Post, &url, Some("{\"b\":2}"));
    assert_eq!(ask(&http(&["127.0.0.1"], &[]), vec![posted]).await, response(200, "{\"b\":2}"));
}

#[tokio::test]
async fn every_verb_is_sent_with_its_headers_and_body() {
    let server = serve().await;
    let url = format!("http://{}/said", server.local_addr());
    for method in HttpMethod::ALL {
        let headers = vec![("X-A".to_owned(), "1".to_owned())];
        let said = HttpRequest { headers, ..request(method, &url, Some("[]")) };
        let expected = format!("{} Some(\"application/json\") Some(\"1\") []", method.name());
        assert_eq!(ask(&http(&["127.0.0.1"], &[]), vec![said]).await, response(200, &expected));
    }
}

#[tokio::test]
async fn many_calls_are_answered_in_their_order() {
    let server = serve().await;
    let address = server.local_addr();
    let paths = ["/", "/missing", "/slow", "/large", "/"];
    let calls = paths.iter().cycle().take(100);
    let calls = calls.map(|path| request(HttpMethod::Get, &format!("http://{address}{path}"), None));
    let Answer::Http(answers) = ask(&http(&["127.0.0.1"], &[]), calls.collect()).await else { panic!() };
    let [first, second, third, fourth, ..] = answers.as_slice() else { panic!() };
    let code = |code: &str| HttpAnswer::Unreachable { code: code.to_owned() };
    assert_eq!(*first, HttpAnswer::Response { status: 200, body: "{\"a\":1}".into() });
    assert_eq!(*second, HttpAnswer::Response { status: 404, body: "gone".into() });
    assert_eq!((third, fourth), (&code("ETIMEDOUT"), &code("ERR_BAD_RESPONSE")));
    assert!(answers.len() == 100 && answers.chunks(5).all(|turn| turn == &answers[..5]));
}

#[tokio::test]
async fn calls_in_turn_wait_for_each_other() {
    let under_way = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (now, seen) = (under_way.clone(), most.clone());
    let handler = move || async move {
        seen.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        now.fetch_sub(1, SeqCst);
    };
    let router = Router::new().route("/", get(handler));
    let server = Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router);
    let url = format!("http://{}/", server.local_addr());
    let calls = vec![request(HttpMethod::Get, &url, None); 5];
    let http = http(&["127.0.0.1"], &[]);
    let answer = http.answer(HttpCalls { calls, pace: Pace::InTurn }, &Scope::default()).await;
    assert!(matches!(answer, Answer::Http(answers) if answers.len() == 5));
    assert_eq!(most.load(SeqCst), 1);
}

#[tokio::test]
async fn one_call_that_is_refused_refuses_them_all() {
    let server = serve().await;
    let url = format!("http://{}/", server.local_addr());
    let calls =
        vec![request(HttpMethod::Get, &url, None), request(HttpMethod::Get, "http://10.0.0.1/", None)];
    assert!(matches!(ask(&http(&["127.0.0.1"], &[]), calls).await, Answer::Refused(_)));
}

#[tokio::test]
async fn what_one_contract_may_reach_another_may_not() {
    let server = serve().await;
    let http = http(&[], &[]);
    let url = format!("http://{}/", server.local_addr());
    let allowed = Scope { egress: vec!["127.0.0.1".parse().unwrap()], ..Scope::default() };
    let calls = || HttpCalls { calls: vec![request(HttpMethod::Get, &url, None)], pace: Pace::Together };
    assert_eq!(http.answer(calls(), &allowed).await, response(200, "{\"a\":1}"));
    // The client that was made for the first is not the second's to use.
    assert!(matches!(http.answer(calls(), &Scope::default()).await, Answer::Refused(_)));
}

#[tokio::test]
async fn every_way_to_write_loopback_is_refused() {
    let http = http(&[], &[]);
    for host in [
        "127.0.0.1",
        "127.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "0.0.0.0",
        "[::]",
        "127.0.0.1.",
        "①②⑦.⓪.⓪.①",
        "user:password@127.0.0.1",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[::127.0.0.1]",
    ] {
        let answer = fetch(&http, &format!("http://{host}/")).await;
        assert!(matches!(answer, Answer::Refused(_)), "{host}: {answer:?}");
    }
}

#[tokio::test]
async fn private_ranges_and_cloud_metadata_are_refused() {
    let http = http(&[], &[]);
    for host in ["169.254.169.254", "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "[fd00:ec2::254]"]
    {
        assert!(is_refused(&http, &format!("http://{host}/")).await, "{host}");
    }
}

#[tokio::test]
async fn a_name_that_resolves_to_loopback_is_refused() {
    let http = http(&[], &[("innocent.example", "127.0.0.1"), ("localhost", "127.0.0.1")]);
    assert!(is_refused(&http, "http://innocent.example/").await);
    assert!(is_refused(&http, "http://localhost/").await);
}

#[tokio::test]
async fn the_systems_localhost_is_refused() {
    let egress =
        EgressConfig { policy: Policy::default(), timeout: Duration::from_secs(5), reply_octets_max: 1000 };
    assert!(is_refused(&Http::new(egress, Names::System), "http://localhost/").await);
}

#[tokio::test]
async fn a_connection_goes_to_the_address_that_was_checked() {
    let server = serve().await;
    let http = http(&["pinned.example"], &[("pinned.example", "127.0.0.1")]);
    // The system knows no such name: the answer proves that it was not asked again.
    let url = format!("http://pinned.example:{}/", server.local_addr().port());
    assert_eq!(fetch(&http, &url).await, response(200, "{\"a\":1}"));
}

#[tokio::test]
async fn an_unknown_name_is_a_code() {
    assert_eq!(fetch(&http(&[], &[]), "http://nowhere.example/").await, unreachable("ENOTFOUND"));
}

#[tokio::test]
async fn a_closed_port_is_a_code() {
    let address = Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().local_addr();
    let answer = fetch(&http(&["127.0.0.1"], &[]), &format!("http://{address}/")).await;
    assert_eq!(answer, unreachable("ECONNREFUSED"));
}

#[tokio::test]
async fn a_service_that_never_answers_is_a_code() {
    assert_eq!(get_path("/slow").await, unreachable("ETIMEDOUT"));
}

#[tokio::test]
async fn a_reply_beyond_its_limit_is_a_code() {
    assert_eq!(get_path("/large").await, unreachable("ERR_BAD_RESPONSE"));
}

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed() {
    assert_eq!(get_path("/same").await, response(200, "{\"a\":1}"));
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    for path in ["/out", "/local", "/scheme"] {
        assert_eq!(get_path(path).await, unreachable("ERR_FR_REDIRECTION_FAILURE"), "{path}");
    }
}

#[tokio::test]
async fn endless_redirects_end() {
    assert_eq!(get_path("/loop").await, unreachable("ERR_FR_TOO_MANY_REDIRECTS"));
}

#[tokio::test]
async fn a_redirected_post_turns_into_a_question_unless_told_otherwise() {
    let server = serve().await;
    let http = http(&["127.0.0.1"], &[]);
    for (path, body) in [("/posted", "{\"a\":1}"), ("/kept", "{\"b\":2}")] {
        let url = format!("http://{}{path}", server.local_addr());
        let posted = request(HttpMethod::Post, &url, Some("{\"b\":2}"));
        assert_eq!(ask(&http, vec![posted]).await, response(200, body), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_web_address_is_refused() {
    let http = http(&[], &[]);
    for url in ["", "x", "file:///etc/passwd", "ftp://example.org/", "http://", "javascript:1", "//host/"] {
        assert!(is_refused(&http, url).await, "{url}");
    }
    assert!(is_refused(&http, &format!("http://example.org/{}", "a".repeat(10_000))).await);
}
