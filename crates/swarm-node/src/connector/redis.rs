//! Redis servers that contracts read and write. Values are JSON texts.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, ErrorKind, Pipeline, RedisConnectionInfo, RedisError};
use zencode::{RedisCommand, RedisRequest};

use super::Scope;
use super::address::Address;
use super::dial::{Connected, Dialer};
use super::fault::Fault;
use super::metered::Allowance;
use super::pool::{Driver, Pool};

/// Octets of a key.
const KEY_OCTETS_MAX: usize = 1024;
/// Keys that one request finds.
const KEYS_MAX: usize = 1000;
/// Keys that the server looks at in one step, so that others are served in between.
const SCAN_STEP: usize = 500;
/// What a key is made with when it is read first.
const EMPTY: &str = "{}";

/// Performs requests to Redis.
#[derive(Debug)]
pub(crate) struct Redis {
    dialer: Arc<Dialer>,
    pool: Pool<Connection>,
}

/// One connection.
struct Connection {
    redis: MultiplexedConnection,
    allowance: Allowance,
    driver: Driver,
    peer: IpAddr,
}

impl Redis {
    pub(crate) fn new(dialer: Arc<Dialer>) -> Self {
        Self { dialer, pool: Pool::default() }
    }

    /// Performs one request; the answer is a JSON text.
    pub(crate) async fn answer(&self, request: RedisRequest, scope: &Scope) -> Result<String, Fault> {
        let address = parse(&request.url)?;
        check(&request.command, self.dialer.octets_max())?;
        let work = async {
            let mut connection = self.connection(&request.url, &address, scope).await?;
            connection.allowance.renew(self.dialer.octets_max());
            let answer = run(&mut connection.redis, &request.command).await;
            match answer {
                Ok(json) => {
                    self.pool.give(&request.url, connection);
                    within(json, &address, self.dialer.octets_max())
                }
                Err(error) => Err(self.fault(error, &address, &connection.allowance)),
            }
        };
        self.dialer.within(&address.target, work).await
    }

    async fn connection(&self, url: &str, address: &Address, scope: &Scope) -> Result<Connection, Fault> {
        while let Some(waiting) = self.pool.take(url) {
            if !waiting.driver.is_finished() {
                self.dialer.judge(&address.target, waiting.peer, scope)?;
                return Ok(waiting);
            }
        }
        let Connected { stream, allowance, peer } = self.dialer.connect(&address.target, scope).await?;
        let (redis, driver) = if address.scheme == "rediss" {
            self.greet(self.dialer.secure(&address.target, stream).await?, address, &allowance).await?
        } else {
            self.greet(stream, address, &allowance).await?
        };
        Ok(Connection { redis, allowance, driver, peer })
    }

    async fn greet<S>(
        &self,
        stream: S,
        address: &Address,
        allowance: &Allowance,
    ) -> Result<(MultiplexedConnection, Driver), Fault>
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let info = info(address)?;
        let config = AsyncConnectionConfig::new().set_response_timeout(Some(self.dialer.timeout()));
        let greeted = MultiplexedConnection::new_with_config(&info, stream, config).await;
        let (redis, driver) = greeted.map_err(|error| self.fault(error.into(), address, allowance))?;
        Ok((redis, Driver::spawn(driver)))
    }

    fn fault(&self, error: Failure, address: &Address, allowance: &Allowance) -> Fault {
        let target = address.target.clone();
        let limit = self.dialer.octets_max();
        match error {
            _ if allowance.is_exceeded() => Fault::Oversized { what: target.to_string(), limit },
            Failure::Content(reason) => Fault::Input(format!("{target}: {reason}")),
            Failure::Redis(error) => match error.kind() {
                ErrorKind::AuthenticationFailed => Fault::Denied(target),
                _ if denied(&error) => Fault::Denied(target),
                _ if error.is_timeout() => {
                    Fault::Timeout { what: target.to_string(), limit: self.dialer.timeout() }
                }
                ErrorKind::Io | ErrorKind::Parse => {
                    Fault::Broken { target, reason: super::dial::reason(&error) }
                }
                _ => Fault::refused(target, error),
            },
        }
    }
}

/// Why a command gave nothing.
enum Failure {
    Redis(RedisError),
    /// What is stored is not what contracts can read.
    Content(String),
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        Self::Redis(error)
    }
}

/// Whether the server wanted another password, be it for a command or for one of several.
fn denied(error: &RedisError) -> bool {
    let errors = error.clone().into_server_errors();
    errors.iter().flat_map(|errors| errors.iter()).any(|(_, it)| matches!(it.code(), "NOAUTH" | "WRONGPASS"))
}

fn parse(url: &str) -> Result<Address, Fault> {
    let address = Address::parse(url, "Redis", 6379, "redis://:PASSWORD@host:6379/0")?;
    if !matches!(address.scheme.as_str(), "redis" | "rediss") {
        return Err(Fault::input(format!(
            "{:?} is no way to reach Redis; expected redis:// or, with TLS, rediss://",
            address.scheme
        )));
    }
    if let Some((name, _)) = address.options.first() {
        return Err(Fault::input(format!("the address of Redis has no option {name:?}; leave it out")));
    }
    Ok(address)
}

fn info(address: &Address) -> Result<RedisConnectionInfo, Fault> {
    let mut info = RedisConnectionInfo::default().set_skip_set_lib_name();
    if !address.path.is_empty() {
        let number = address.path.parse::<u16>().map_err(|_| {
            Fault::input(format!("{:?} is no database of Redis; expected a number such as 0", address.path))
        })?;
        info = info.set_db(number.into());
    }
    if let Some(user) = &address.user {
        info = info.set_username(user);
    }
    if let Some(password) = &address.password {
        info = info.set_password(password);
    }
    Ok(info)
}

fn check(command: &RedisCommand, octets_max: usize) -> Result<(), Fault> {
    let (key, value) = match command {
        RedisCommand::Write { key, value } => (key, value.len()),
        RedisCommand::Read { key } | RedisCommand::Increment { key } | RedisCommand::Delete { key } => {
            (key, 0)
        }
        RedisCommand::ReadContaining { part } => (part, 0),
    };
    if key.len() > KEY_OCTETS_MAX {
        return Err(Fault::input(format!(
            "a key of {} octets is too long for Redis here; expected at most {KEY_OCTETS_MAX}",
            key.len()
        )));
    }
    if value > octets_max {
        return Err(Fault::input(format!(
            "a value of {value} octets is too large for Redis here; expected at most {octets_max} (egress_reply_max)"
        )));
    }
    Ok(())
}

async fn run(redis: &mut MultiplexedConnection, command: &RedisCommand) -> Result<String, Failure> {
    match command {
        RedisCommand::Read { key } => {
            let mut both = Pipeline::with_capacity(2);
            both.atomic().cmd("SETNX").arg(key).arg(EMPTY).ignore().cmd("GET").arg(key);
            let (value,): (Option<Vec<u8>>,) = both.query_async(redis).await?;
            value.map_or_else(|| Ok(EMPTY.to_owned()), |value| json(key.as_bytes(), value))
        }
        RedisCommand::ReadContaining { part } => containing(redis, part).await,
        RedisCommand::Increment { key } => {
            let after: i64 = Cmd::new().arg("INCR").arg(key).query_async(redis).await?;
            Ok((after - 1).to_string())
        }
        RedisCommand::Write { key, value } => {
            let () = Cmd::new().arg("SET").arg(key).arg(value).query_async(redis).await?;
            Ok("\"OK\"".to_owned())
        }
        RedisCommand::Delete { key } => {
            let count: i64 = Cmd::new().arg("DEL").arg(key).query_async(redis).await?;
            Ok(count.to_string())
        }
    }
}

/// The values of the keys that match, in the order of the keys, so that every oracle gives the same.
async fn containing(redis: &mut MultiplexedConnection, part: &str) -> Result<String, Failure> {
    let pattern = format!("*{part}*");
    let mut keys = BTreeSet::new();
    let mut cursor = 0_u64;
    loop {
        let mut scan = Cmd::new();
        scan.arg("SCAN").arg(cursor).arg("MATCH").arg(&pattern).arg("COUNT").arg(SCAN_STEP);
        let (next, found): (u64, Vec<Vec<u8>>) = scan.query_async(redis).await?;
        keys.extend(found);
        if keys.len() > KEYS_MAX {
            return Err(Failure::Content(format!(
                "more than {KEYS_MAX} keys contain {part:?}; ask for a longer part"
            )));
        }
        cursor = next;
        if cursor == 0 {
            break;
        }
    }
    if keys.is_empty() {
        return Ok("[]".to_owned());
    }
    let mut get = Cmd::new();
    get.arg("MGET");
    keys.iter().for_each(|key| {
        get.arg(key.as_slice());
    });
    let values: Vec<Option<Vec<u8>>> = get.query_async(redis).await?;
    let values = keys.iter().zip(values).map(|(key, value)| match value {
        Some(value) => json(key, value),
        // A list or a set, or a key that has just been removed.
        None => Ok("null".to_owned()),
    });
    Ok(format!("[{}]", values.collect::<Result<Vec<_>, _>>()?.join(",")))
}

fn json(key: &[u8], value: Vec<u8>) -> Result<String, Failure> {
    let key = String::from_utf8_lossy(key);
    let text = String::from_utf8(value);
    let text = text.map_err(|_| Failure::Content(format!("the value of {key:?} is not UTF-8")))?;
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::Content(format!("the value of {key:?} is not JSON: {error}"))),
    }
}

fn within(json: String, address: &Address, limit: usize) -> Result<String, Fault> {
    if json.len() > limit {
        return Err(Fault::Oversized { what: address.target.to_string(), limit });
    }
    Ok(json)
}

#[cfg(test)]
mod tests;
