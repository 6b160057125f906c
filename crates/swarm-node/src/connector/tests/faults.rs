//! Servers that do what servers should not: each is a clean answer or refusal within its time.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;

/// A server that says these octets to whoever connects, and then closes or keeps silent.
struct Rude {
    address: SocketAddr,
    _serving: JoinSet<()>,
}

#[derive(Clone, Copy)]
enum Then {
    Closes,
    KeepsSilent,
}

async fn rude(says: &'static [u8], then: Then) -> Rude {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            // The request is read first: a connection that is closed on unread octets is a reset.
            drop(stream.read(&mut [0; 4096]).await);
            drop(stream.write_all(says).await);
            match then {
                Then::Closes => drop(stream.shutdown().await),
                Then::KeepsSilent => silent.push(stream),
            }
        }
    });
    Rude { address, _serving: serving }
}

async fn hear(says: &'static [u8], then: Then) -> Answer {
    let server = rude(says, then).await;
    fetch(&http(&["127.0.0.1"], &[]), &format!("http://{}/", server.address)).await
}

#[tokio::test]
async fn a_head_that_never_ends_is_a_code() {
    assert_eq!(hear(b"HTTP/1.1 200 OK\r\nx-a: ", Then::KeepsSilent).await, unreachable("ETIMEDOUT"));
    assert_eq!(hear(b"", Then::KeepsSilent).await, unreachable("ETIMEDOUT"));
}

#[tokio::test]
async fn a_body_that_never_ends_is_a_code() {
    let said = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"a\":";
    assert_eq!(hear(said, Then::KeepsSilent).await, unreachable("ETIMEDOUT"));
}

#[tokio::test]
async fn what_is_cut_is_a_code() {
    for said in [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"a\":"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"a",
        b"HTTP/1.1 200 OK\r\nx-a",
        b"",
    ] {
        assert_eq!(hear(said, Then::Closes).await, unreachable("ECONNRESET"), "{said:?}");
    }
}

#[tokio::test]
async fn what_is_no_http_is_a_code() {
    for said in [
        &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"\xff\xfe\x00",
    ] {
        let answer = hear(said, Then::Closes).await;
        assert!(
            matches!(&answer, Answer::Http(it) if matches!(it[..], [HttpAnswer::Unreachable { .. }])),
            "{said:?}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_of_http_1_0_is_read_to_its_end() {
    assert_eq!(hear(b"HTTP/1.0 200 OK\r\n\r\n{\"a\":1}", Then::Closes).await, response(200, "{\"a\":1}"));
}

#[tokio::test]
async fn a_head_without_end_is_a_code() {
    let said: &'static [u8] = Box::leak(
        [b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-a: b\r\n".repeat(200_000)].concat().into_boxed_slice(),
    );
    let answer = hear(said, Then::KeepsSilent).await;
    assert!(
        matches!(&answer, Answer::Http(it) if matches!(it[..], [HttpAnswer::Unreachable { .. }])),
        "{answer:?}"
    );
}

#[tokio::test]
async fn octets_that_are_no_text_are_replaced() {
    let said = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\xff\xfe";
    assert_eq!(hear(said, Then::Closes).await, response(200, "\u{fffd}\u{fffd}"));
}

#[tokio::test]
async fn a_request_that_is_dropped_closes_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let http = http(&["127.0.0.1"], &[]);
    let mut stream = {
        let asking = fetch(&http, &url);
        tokio::pin!(asking);
        tokio::select! {
            answer = &mut asking => panic!("{answer:?}"),
            accepted = listener.accept() => accepted.unwrap().0,
        }
    };
    // The request is gone: what comes is at most what was sent before, and then the end.
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest));
    read.await.expect("the connection is closed").unwrap_or_default();
}

/// Names that mean another address each time they are asked for.
#[tokio::test]
async fn a_name_that_turns_private_is_refused_when_it_is_asked_for_again() {
    let turns: Vec<Vec<IpAddr>> =
        vec![vec!["192.0.2.1".parse().unwrap()], vec!["127.0.0.1".parse().unwrap()]];
    let names = Names::Turns(Mutex::new(BTreeMap::from([("rebinding.example".to_owned(), turns)])));
    let egress = EgressConfig {
        policy: Policy::new(vec!["192.0.2.0/24".parse().unwrap()]),
        timeout: Duration::from_millis(50),
        reply_octets_max: 1000,
    };
    let http = Http::new(egress, names);
    // The first answer is allowed; nobody is there, and nobody else is connected to.
    let first = fetch(&http, "http://rebinding.example/").await;
    assert!(matches!(first, Answer::Http(_)), "{first:?}");
    http.forget();
    assert!(is_refused(&http, "http://rebinding.example/").await);
}

#[tokio::test]
async fn one_private_address_among_public_ones_refuses_the_name() {
    let names = BTreeMap::from([(
        "both.example".to_owned(),
        vec!["203.0.114.1".parse().unwrap(), "10.0.0.1".parse().unwrap()],
    )]);
    let egress = EgressConfig {
        policy: Policy::default(),
        timeout: Duration::from_millis(50),
        reply_octets_max: 1000,
    };
    assert!(is_refused(&Http::new(egress, Names::Table(names)), "http://both.example/").await);
}
