//! PostgreSQL: a fresh cluster in a temporary folder, never synchronised to disk, a password.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use rustix::process::{Signal, geteuid};
use tempfile::TempDir;

use crate::process::{Process, Start, User, as_user};
use crate::{Program, word};

/// A PostgreSQL server.
#[derive(Debug)]
pub struct Postgres {
    process: Process,
    port: u16,
    password: String,
    _folder: TempDir,
}

impl Postgres {
    /// Makes a cluster and starts it; it takes about two seconds.
    ///
    /// # Errors
    /// When the programs are missing, or end before they listen.
    pub fn start() -> Result<Self> {
        let programs = Program::Postgres.folder()?;
        let folder = TempDir::with_prefix("postgres-")?;
        let user = if geteuid().is_root() { Some(unprivileged()?) } else { None };
        let password = word();
        init(&programs, folder.path(), user, &password)?;
        let data = folder.path().join("data");
        let command = |port: u16| {
            let mut command = Command::new(programs.join("postgres"));
            command.arg("-D").arg(&data).arg("-p").arg(port.to_string());
            command.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
            command.args(["-c", "fsync=off", "-c", "logging_collector=off", "-c", "log_min_messages=log"]);
            command.args(["-c", "lc_messages=C"]);
            command
        };
        let start = Start {
            user,
            // The postmaster takes its children along, at once; when it is killed they only notice later.
            end: ("QUIT", Signal::QUIT),
            ready: "database system is ready to accept connections",
            command: &command,
        };
        let (process, port) = start.run().context("PostgreSQL cannot be started")?;
        Ok(Self { process, port, password, _folder: folder })
    }

    /// Its address with the password: `postgres://oracle:PASSWORD@127.0.0.1:PORT/postgres`.
    pub fn url(&self) -> String {
        format!("postgres://oracle:{}@127.0.0.1:{}/postgres", self.password, self.port)
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

fn init(programs: &Path, folder: &Path, user: Option<User>, password: &str) -> Result<()> {
    let secret = folder.join("password");
    fs::write(&secret, password)?;
    if let Some(User { uid, gid }) = user {
        for path in [folder, &secret] {
            chown(path, Some(uid), Some(gid))?;
        }
    }
    let mut command = Command::new(programs.join("initdb"));
    command.arg("-D").arg(folder.join("data")).arg("--pwfile").arg(&secret);
    command.args(["-U", "oracle", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]);
    let output = as_user(user, "KILL", &command)
        .current_dir(folder)
        .output()
        .context("cannot start `setpriv`; hint: `apt-get install util-linux`")?;
    if !output.status.success() {
        bail!("initdb ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(())
}

/// PostgreSQL refuses to run as root: the user of Debian's package, or nobody.
fn unprivileged() -> Result<User> {
    let users = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| find(&users, name))
        .context("there is no user `postgres` and no `nobody` to run PostgreSQL as")
}

fn find(users: &str, name: &str) -> Option<User> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        Some(User { uid: fields.nth(1)?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_user_is_found_by_its_name() {
        let users = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(find(users, "postgres"), Some(User { uid: 101, gid: 104 }));
        assert_eq!(find(users, "post"), None);
    }

    #[test]
    fn a_server_listens_until_it_is_dropped() {
        if crate::shared(Program::Postgres).is_none() {
            return;
        }
        let server = Postgres::start().unwrap();
        let address = ("127.0.0.1", server.port);
        assert!(TcpStream::connect(address).is_ok());
        drop(server);
        assert!(TcpStream::connect(address).is_err());
    }
}
