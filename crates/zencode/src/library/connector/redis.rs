//! Connector: Redis servers, in the sentences of restroom-mw and of slangroom.
//!
//! Values are JSON. Reading a key that does not exist makes it, so reading counts as writing.

use zencode_macros::{ask, order};

use super::{address, quoted};
use crate::error::Error;
use crate::known::Known;
use crate::order::Ordered;
use crate::question::{Question, Target, Want};
use crate::request::{RedisCommand, RedisRequest, Request};
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] = &[
    HAVE_REDIS,
    READ_KEY,
    READ_KEYS_CONTAINING,
    INCREMENT_KEY,
    WRITE_OUTPUT,
    WRITE_OUTPUT_NAMED,
    WRITE_VALUE,
    REMOVE_KEY,
    WRITE_OBJECT,
    READ_FROM_REDIS,
    DELETE_KEY,
];

/// What holds the address between the lines of restroom-mw.
const CONNECTION: &str = "redis connection";

/// Names the Redis server of the lines that follow, by its address or by an input that holds it.
///
/// The address is of the form `redis://user:password@host:port/number`, or `rediss://` with TLS. A password is
/// best kept in the keys.
///
/// # Example
/// ```zencode
/// Given I have a redis connection on 'cache'
/// Given I read from redis the data under the key 'greeting' and save the output into 'greeting'
/// Given I have a 'string dictionary' named 'greeting'
/// Then print the 'greeting'
/// ```
/// ```json data
/// { "cache": "redis://:secret@cache.example:6379/1" }
/// ```
/// ```json answer
/// { "text": "Buon giorno" }
/// ```
#[ask(before, "have a redis connection on ''")]
fn have_redis(known: &Known, server: &str) -> Result<Question, Error> {
    Ok(Question::new(Want::have(quoted(&address(known, server)?)), Target::Held(CONNECTION)))
}

/// Asks the host for the value of a key, and keeps it as an input.
///
/// The key is what stands in quotes, or the input of that name. One that does not exist is made with an empty
/// object, and that is its value.
///
/// # Example
/// ```zencode
/// Given I have a redis connection on 'redis://cache.example'
/// Given I read from redis the data under the key named 'key' and save the output into 'prices'
/// Given I have a 'number dictionary' named 'prices'
/// Then print the 'prices'
/// ```
/// ```json data
/// { "key": "prices:2026" }
/// ```
/// ```json answer
/// { "bread": 3.5 }
/// ```
#[ask(
    before,
    writes,
    "read from redis data under key '' and save output into ''",
    "read from redis data under key named '' and save output into ''"
)]
fn read_key(known: &Known, key: &str, target: &str) -> Result<Question, Error> {
    let command = RedisCommand::Read { key: known.text_or_literal(key)? };
    kept(known, command, target)
}

/// Asks the host for the values of all keys that have a part, and keeps them as an array in the order of the keys.
///
/// # Example
/// ```zencode
/// Given I have a redis connection on 'redis://cache.example'
/// Given I read from redis the data under the keys containing 'prices:' and save the output into 'years'
/// Given I have a 'string array' named 'years'
/// Then print the 'years'
/// ```
/// ```json answer
/// [ { "bread": 3.0 }, { "bread": 3.5 } ]
/// ```
#[ask(before, "read from redis data under keys containing '' and save output into ''")]
fn read_keys_containing(known: &Known, part: &str, target: &str) -> Result<Question, Error> {
    kept(known, RedisCommand::ReadContaining { part: known.text_or_literal(part)? }, target)
}

/// Asks the host to add one to a counter, and keeps as an input what it was before.
///
/// # Example
/// ```zencode
/// Given I have a redis connection on 'redis://cache.example'
/// Given I read into 'visits' and increment the key named by 'counter'
/// Given I have a 'number' named 'visits'
/// Then print the 'visits'
/// ```
/// ```json data
/// { "counter": "visits:ivrea" }
/// ```
/// ```json answer
/// 41
/// ```
#[ask(before, writes, "read into '' and increment key named by ''")]
fn increment_key(known: &Known, target: &str, key: &str) -> Result<Question, Error> {
    kept(known, RedisCommand::Increment { key: known.text_or_literal(key)? }, target)
}

/// Asks the host to store the whole output under a key, after the contract has run.
///
/// # Example
/// ```zencode
/// Given I have a redis connection on 'redis://cache.example'
/// Given I have a 'string' named 'city'
/// Then print the 'city'
/// Then I write the data into redis under the key 'latest'
/// ```
/// ```json data
/// { "city": "Ivrea" }
/// ```
/// ```json answer
/// "OK"
/// ```
#[ask(after, writes, "write data into redis under key ''")]
fn write_output(known: &Known, key: &str) -> Result<Question, Error> {
    done(known, RedisCommand::Write { key: key.to_owned(), value: known.output_json() })
}

/// Asks the host to store the whole output under a key that a member of the output or an input holds, after the
/// contract has run.
///
/// # Example
/// ```zencode
/// Given I have a redis connection on 'redis://cache.example'
/// Given I have a 'string' named 'city'
/// Then print the 'city'
/// Then I write the data into redis under the key named by 'place'
/// ```
/// ```json data
/// { "city": "Aosta", "place": "latest:north" }
/// ```
/// ```json answer
/// "OK"
/// ```
#[ask(after, writes, "write data into redis under key named by ''")]
fn write_output_named(known: &Known, key: &str) -> Result<Question, Error> {
    done(known, RedisCommand::Write { key: known.text_or_literal(key)?, value: known.output_json() })
}

/// Asks the host to store one object under a key, after the contract has run.
///
/// The object and the key are members of the output, or else inputs.
///
/// # Example
/// ```zencode
/// Given I have a redis connection on 'redis://cache.example'
/// Given I have a 'string dictionary' named 'report'
/// Given I have a 'string' named 'place'
/// Then print the 'report'
/// Then I write 'report' into redis under the key named by 'place'
/// ```
/// ```json data
/// { "report": { "sky": "clear" }, "place": "reports:ivrea" }
/// ```
/// ```json answer
/// "OK"
/// ```
#[ask(after, writes, "write '' into redis under key named by ''")]
fn write_value(known: &Known, object: &str, key: &str) -> Result<Question, Error> {
    done(known, RedisCommand::Write { key: known.text(key)?, value: known.json(object)? })
}

/// Asks the host to remove a key, which a member of the output or an input holds, after the contract has run.
///
/// # Example
/// ```zencode
/// Given I have a redis connection on 'redis://cache.example'
/// Given I have a 'string' named 'stale'
/// Then print the 'stale'
/// Then I remove the key 'stale' in redis
/// ```
/// ```json data
/// { "stale": "reports:2025" }
/// ```
/// ```json answer
/// 1
/// ```
#[ask(after, writes, "remove key '' in redis")]
fn remove_key(known: &Known, key: &str) -> Result<Question, Error> {
    done(known, RedisCommand::Delete { key: known.text(key)? })
}

/// Asks the host to store an object under a key; gives `OK`.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'report'
/// Then print the 'report'
/// Then I connect to 'cache' and send key 'place' and send object 'report' and write object into key in redis
/// ```
/// ```json data
/// { "cache": "redis://cache.example", "place": "reports:aosta", "report": { "sky": "rain" } }
/// ```
/// ```json answer
/// "OK"
/// ```
#[order(connect, writes, send(key, object), "write object into key in redis")]
fn write_object(order: &Ordered<'_>) -> Result<Want, Error> {
    ordered(order, RedisCommand::Write { key: order.text("key")?, value: order.json("object")? })
}

/// Asks the host for the value of a key, which is made with an empty object when it does not exist.
///
/// # Example
/// ```zencode
/// Given I connect to 'cache' and send key 'place' and read key from redis and output into 'report'
/// Given I have a 'string dictionary' named 'report'
/// Then print the 'report'
/// ```
/// ```json data
/// { "cache": "redis://cache.example", "place": "reports:torino" }
/// ```
/// ```json answer
/// { "sky": "fog" }
/// ```
#[order(connect, writes, send(key), "read key from redis")]
fn read_from_redis(order: &Ordered<'_>) -> Result<Want, Error> {
    ordered(order, RedisCommand::Read { key: order.text("key")? })
}

/// Asks the host to remove a key; gives how many there were, 1 or 0.
///
/// # Example
/// ```zencode
/// Given I connect to 'cache' and send key 'place' and delete key from redis and output into 'removed'
/// Given I have a 'number' named 'removed'
/// Then print the 'removed'
/// ```
/// ```json data
/// { "cache": "redis://cache.example", "place": "reports:2024" }
/// ```
/// ```json answer
/// 0
/// ```
#[order(connect, writes, send(key), "delete key from redis")]
fn delete_key(order: &Ordered<'_>) -> Result<Want, Error> {
    ordered(order, RedisCommand::Delete { key: order.text("key")? })
}

fn ordered(order: &Ordered<'_>, command: RedisCommand) -> Result<Want, Error> {
    Ok(Want::json(Request::Redis(RedisRequest { url: order.address()?, command })))
}

fn kept(known: &Known, command: RedisCommand, target: &str) -> Result<Question, Error> {
    Ok(Question::json(request(known, command)?, Target::Member(target.to_owned())))
}

fn done(known: &Known, command: RedisCommand) -> Result<Question, Error> {
    Ok(Question::json(request(known, command)?, Target::Nothing))
}

fn request(known: &Known, command: RedisCommand) -> Result<Request, Error> {
    let url = known.held(CONNECTION).and_then(|json| serde_json::from_str(json).ok());
    let url = url.ok_or_else(|| {
        Error::input(
            "no Redis server is named: a line before it says `Given I have a redis connection on ''`",
        )
    })?;
    Ok(Request::Redis(RedisRequest { url, command }))
}
