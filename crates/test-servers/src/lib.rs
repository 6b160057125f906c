//! Real servers for tests: Redis and PostgreSQL, each started on a free loopback port with a folder of
//! its own and a password, ended by its process id when it is dropped or when the test dies.
//!
//! `cargo xtask test` starts one of each for all tests and passes their addresses in the environment
//! ([`SHARED`]); a test that harms its server starts one for itself. Nothing here is part of a product.

mod postgres;
mod process;
mod program;
mod redis;

pub use postgres::Postgres;
pub use program::Program;
pub use redis::Redis;

/// The servers that tests share, and the variable that holds the address of each.
pub const SHARED: &[(Program, &str)] =
    &[(Program::Redis, "ZENSWARM_TEST_REDIS"), (Program::Postgres, "ZENSWARM_TEST_POSTGRES")];

/// Servers that run until this is dropped.
#[derive(Debug)]
pub struct Servers {
    redis: Redis,
    postgres: Postgres,
}

impl Servers {
    /// Starts one of each.
    ///
    /// # Errors
    /// When a program is missing, or ends before it listens.
    pub fn start() -> anyhow::Result<Self> {
        Ok(Self { redis: Redis::start()?, postgres: Postgres::start()? })
    }

    /// What the environment of tests gets: variable and address.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let address = |program: &Program| match program {
            Program::Redis => self.redis.url(),
            Program::Postgres => self.postgres.url(),
        };
        SHARED.iter().map(|(program, variable)| (*variable, address(program))).collect()
    }
}

/// The address of the server that tests share. Without one, which happens outside `cargo xtask test`,
/// says what is left out and why.
pub fn shared(program: Program) -> Option<String> {
    let variable = SHARED.iter().find(|(it, _)| *it == program).map(|(_, variable)| *variable)?;
    let address = std::env::var(variable).ok().filter(|address| !address.is_empty());
    if address.is_none() {
        eprintln!(
            "LEFT OUT: this test needs {program:?} and {variable} is not set; \
             run `cargo xtask servers -- cargo test`, or `cargo xtask test`"
        );
    }
    address
}

/// A word that no other test has, for names of tables, keys and folders.
///
/// # Panics
/// When the system has no entropy.
pub fn word() -> String {
    let mut octets = [0; 8];
    getrandom::fill(&mut octets).expect("the system has entropy");
    octets.iter().map(|octet| char::from(b'a' + octet % 26)).collect()
}
