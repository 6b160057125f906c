//! Redis: in memory, nothing saved, a password.

use std::process::Command;

use anyhow::{Context, Result};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::process::{Process, Start};
use crate::{Program, word};

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
        let program = Program::Redis.folder()?.join("redis-server");
        let folder = TempDir::with_prefix("redis-")?;
        let password = word();
        let command = |port: u16| {
            let mut command = Command::new(&program);
            command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
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

    /// Its address with the password: `redis://:PASSWORD@127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}", self.password, self.port)
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
