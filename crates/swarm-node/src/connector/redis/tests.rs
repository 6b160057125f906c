//! Against a real Redis server.

use redis::{Client, Cmd, Commands as _};
use test_servers::{Program, shared, word};

use super::*;
use crate::connector::trial::{OCTETS_MAX, dialer, impatient, loopback};

async fn ask(url: &str, command: RedisCommand) -> Result<String, Fault> {
    Redis::new(loopback()).answer(RedisRequest { url: url.to_owned(), command }, &Scope::default()).await
}

async fn refused(url: &str, command: RedisCommand) -> String {
    ask(url, command).await.unwrap_err().to_string()
}

fn read(key: &str) -> RedisCommand {
    RedisCommand::Read { key: key.to_owned() }
}

fn write(key: &str, value: &str) -> RedisCommand {
    RedisCommand::Write { key: key.to_owned(), value: value.to_owned() }
}

fn containing(part: &str) -> RedisCommand {
    RedisCommand::ReadContaining { part: part.to_owned() }
}

/// A connection of the test's own, to look and to prepare.
fn client(url: &str) -> redis::Connection {
    Client::open(url).unwrap().get_connection().unwrap()
}

#[tokio::test]
async fn a_key_that_is_read_first_is_made() {
    let Some(url) = shared(Program::Redis) else { return };
    let key = word();
    assert_eq!(ask(&url, read(&key)).await.unwrap(), "{}");
    let stored: String = client(&url).get(&key).unwrap();
    assert_eq!(stored, "{}");
}

#[tokio::test]
async fn what_is_written_is_read() {
    let Some(url) = shared(Program::Redis) else { return };
    let key = word();
    assert_eq!(ask(&url, write(&key, "{\"a\":[1,null]}")).await.unwrap(), "\"OK\"");
    assert_eq!(ask(&url, read(&key)).await.unwrap(), "{\"a\":[1,null]}");
}

#[tokio::test]
async fn a_counter_gives_what_it_was_before() {
    let Some(url) = shared(Program::Redis) else { return };
    let key = word();
    let increment = RedisCommand::Increment { key };
    assert_eq!(ask(&url, increment.clone()).await.unwrap(), "0");
    assert_eq!(ask(&url, increment).await.unwrap(), "1");
}

#[tokio::test]
async fn a_key_is_removed_once() {
    let Some(url) = shared(Program::Redis) else { return };
    let key = word();
    let delete = RedisCommand::Delete { key: key.clone() };
    ask(&url, write(&key, "1")).await.unwrap();
    assert_eq!(ask(&url, delete.clone()).await.unwrap(), "1");
    assert_eq!(ask(&url, delete).await.unwrap(), "0");
}

#[tokio::test]
async fn keys_are_found_by_a_part_in_their_order() {
    let Some(url) = shared(Program::Redis) else { return };
    let part = word();
    for (number, letter) in [(2, "b"), (1, "a"), (3, "c")] {
        ask(&url, write(&format!("{letter}{part}x"), &number.to_string())).await.unwrap();
    }
    let () = client(&url).lpush(format!("d{part}"), "no text").unwrap();
    assert_eq!(ask(&url, containing(&part)).await.unwrap(), "[1,2,3,null]");
}

#[tokio::test]
async fn no_key_is_an_empty_array() {
    let Some(url) = shared(Program::Redis) else { return };
    assert_eq!(ask(&url, containing(&word())).await.unwrap(), "[]");
}

#[tokio::test]
async fn more_keys_than_the_limit_are_refused() {
    let Some(url) = shared(Program::Redis) else { return };
    let part = word();
    let keys: Vec<(String, &str)> = (0..=KEYS_MAX).map(|number| (format!("{part}{number}"), "1")).collect();
    let () = client(&url).mset(&keys).unwrap();
    let error = refused(&url, containing(&part)).await;
    assert!(error.contains("more than 1000 keys contain"), "{error}");
}

#[tokio::test]
async fn a_value_that_is_not_json_is_refused_by_its_key() {
    let Some(url) = shared(Program::Redis) else { return };
    let key = word();
    let () = client(&url).set(&key, "{broken").unwrap();
    let error = refused(&url, read(&key)).await;
    assert!(error.contains(&format!("the value of {key:?} is not JSON")), "{error}");
}

#[tokio::test]
async fn a_value_of_another_type_is_the_servers_refusal() {
    let Some(url) = shared(Program::Redis) else { return };
    let key = word();
    let () = client(&url).lpush(&key, "1").unwrap();
    let error = refused(&url, RedisCommand::Increment { key }).await;
    assert!(error.contains("refused") && error.contains("WRONGTYPE"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_not_repeated() {
    let Some(url) = shared(Program::Redis) else { return };
    let (_, host) = url.rsplit_once('@').unwrap();
    for url in [format!("redis://:wrongsecret@{host}"), format!("redis://{host}")] {
        let error = refused(&url, read("a")).await;
        assert!(error.contains("refused the user or the password"), "{error}");
        assert!(!error.contains("wrongsecret"), "{error}");
    }
}

#[tokio::test]
async fn a_value_larger_than_an_answer_is_not_read() {
    let Some(url) = shared(Program::Redis) else { return };
    for octets in [OCTETS_MAX + 10, 20 * OCTETS_MAX] {
        let key = word();
        let () = client(&url).set(&key, format!("\"{}\"", "x".repeat(octets))).unwrap();
        let error = refused(&url, read(&key)).await;
        assert!(error.contains("gave more than 100000 octets"), "{error}");
    }
}

#[tokio::test]
async fn what_is_too_large_is_not_sent() {
    let url = "redis://127.0.0.1:1";
    let error = refused(url, write("a", &"x".repeat(OCTETS_MAX + 1))).await;
    assert!(error.contains("a value of 100001 octets is too large"), "{error}");
    let error = refused(url, read(&"k".repeat(KEY_OCTETS_MAX + 1))).await;
    assert!(error.contains("a key of 1025 octets is too long"), "{error}");
}

#[tokio::test]
async fn loopback_is_refused_unless_it_is_allowed() {
    let Some(url) = shared(Program::Redis) else { return };
    let strict = Redis::new(dialer(&[], std::time::Duration::from_secs(5)));
    let error = strict.answer(RedisRequest { url, command: read("a") }, &Scope::default()).await.unwrap_err();
    assert!(matches!(error, Fault::Forbidden { .. }), "{error}");
}

#[tokio::test]
async fn what_is_no_address_of_redis_is_refused() {
    for url in ["", "secret", "http://127.0.0.1/", "unix:///run/redis.sock", "redis://h/x", "redis://h/0?a=b"]
    {
        let error = ask(url, read("a")).await.unwrap_err();
        assert!(matches!(error, Fault::Input(_) | Fault::Unknown(_)), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_connection_is_used_again() {
    if shared(Program::Redis).is_none() {
        return;
    }
    let server = test_servers::Redis::start().unwrap();
    let redis = Redis::new(loopback());
    for _ in 0..5 {
        redis
            .answer(RedisRequest { url: server.url(), command: read("a") }, &Scope::default())
            .await
            .unwrap();
    }
    let information: redis::InfoDict = Cmd::new().arg("INFO").query(&mut client(&server.url())).unwrap();
    // The second is the one that asks.
    assert_eq!(information.get::<u32>("total_connections_received"), Some(2));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_a_timeout() {
    if shared(Program::Redis).is_none() {
        return;
    }
    let server = test_servers::Redis::start().unwrap();
    let redis = Redis::new(impatient());
    server.suspend();
    let error = redis
        .answer(RedisRequest { url: server.url(), command: read("a") }, &Scope::default())
        .await
        .unwrap_err();
    assert!(matches!(error, Fault::Timeout { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_dies_during_a_request_is_an_error_at_once() {
    if shared(Program::Redis).is_none() {
        return;
    }
    let mut server = test_servers::Redis::start().unwrap();
    let redis = Redis::new(loopback());
    let request = RedisRequest { url: server.url(), command: read("a") };
    redis.answer(request.clone(), &Scope::default()).await.unwrap();
    server.suspend();
    let scope = Scope::default();
    let (answer, ()) = tokio::join!(redis.answer(request.clone(), &scope), async { server.kill() });
    let error = answer.unwrap_err();
    assert!(matches!(error, Fault::Broken { .. }), "{error}");
    let error = redis.answer(request, &Scope::default()).await.unwrap_err();
    assert!(matches!(error, Fault::Unreachable { .. }), "{error}");
}
