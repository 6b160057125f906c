//! Redis: in memory, nothing saved, a password.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::process::{Process, Start};
use crate::{Identity, Program, word};

/// A Redis server.
#[derive(Debug)]
pub struct Redis {
    process: Process,
    port: u16,
    password: String,
    _folder: TempDir,
}

impl Redis {
    /// Starts one; it takes a hundredth of a second.
    ///
    /// # Errors
    /// When the program is missing, or ends before it listens.
    pub fn start() -> Result<Self> {
        Self::launch(None)
    }

    /// Starts one that speaks TLS alone.
    ///
    /// # Errors
    /// As [`Redis::start`].
    pub fn start_secure(identity: &Identity) -> Result<Self> {
        Self::launch(Some(identity))
    }

    fn launch(identity: Option<&Identity>) -> Result<Self> {
        let program = Program::Redis.folder()?.join("redis-server");
        let folder = TempDir::with_prefix("redis-")?;
        let password = word();
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        if let Some(identity) = identity {
            fs::write(&certificate, &identity.certificate)?;
            fs::write(&key, &identity.key)?;
        }
        let command = |port: u16| {
            let mut command = Command::new(&program);
            let port = port.to_string();
            command.args(["--bind", "127.0.0.1"]);
            if identity.is_some() {
                command.args(["--port", "0", "--tls-port", &port, "--tls-auth-clients", "no"]);
                command.arg("--tls-cert-file").arg(&certificate).arg("--tls-key-file").arg(&key);
            } else {
                command.args(["--port", &port]);
            }
            command.args(["--save", "", "--appendonly", "no", "--requirepass", &password]);
            command.arg("--dir").arg(folder.path());
            command
        };
        let start = Start {
            user: None,
            end: ("KILL", Signal::KILL),
            ready: "Ready to accept connections",
            command: &command,
        };
        let (process, port) = start.run().context("Redis cannot be started")?;
        Ok(Self { process, port, password, _folder: folder })
    }

    /// Its address with the password, to be reached by its number: `redis://:PASSWORD@127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}", self.password, self.port)
    }

    /// The same over TLS, to be reached by a name.
    pub fn secure_url(&self, host: &str) -> String {
        format!("rediss://:{}@{host}:{}", self.password, self.port)
    }

    /// Stops it without ending it: it listens, and never answers again.
    pub fn suspend(&self) {
        self.process.suspend();
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.process.end();
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_server_listens_until_it_is_dropped() {
        if crate::shared(Program::Redis).is_none() {
            return;
        }
        let server = Redis::start().unwrap();
        let address = ("127.0.0.1", server.port);
        assert!(TcpStream::connect(address).is_ok());
        drop(server);
        assert!(TcpStream::connect(address).is_err());
    }
}
