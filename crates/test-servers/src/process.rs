//! One server process: started, awaited, ended by its id.
//!
//! Servers are started through `setpriv`, which replaces itself by the server: it asks the kernel to end
//! the server when the thread that started it ends, however that happens, and changes the user where
//! the server refuses to run as root.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// How often another port is tried when somebody else took the first.
const STARTS_MAX: usize = 5;

/// Time between two lines of a server that starts.
const READY_TIME: Duration = Duration::from_secs(60);

/// A server under way.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// Ends it at once; what it leaves behind is in its folder or nowhere.
    end: Signal,
}

/// The user that a server runs as; absent: the one who started the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// How a server is started and how it says that it is ready.
pub(crate) struct Start<'a> {
    pub(crate) user: Option<User>,
    /// Signal that ends it, by name and by number.
    pub(crate) end: (&'static str, Signal),
    /// Part of the line with which it says that it listens.
    pub(crate) ready: &'static str,
    /// Program and arguments for a port.
    pub(crate) command: &'a dyn Fn(u16) -> Command,
}

impl Start<'_> {
    /// Starts it on a free port.
    pub(crate) fn run(&self) -> Result<(Process, u16)> {
        let mut fault = None;
        for _ in 0..STARTS_MAX {
            let port = free_port()?;
            match self.on(port) {
                Ok(process) => return Ok((process, port)),
                Err(error) => fault = Some(error),
            }
        }
        Err(fault.context("no start was tried")?)
    }

    fn on(&self, port: u16) -> Result<Process> {
        let mut command = as_user(self.user, self.end.0, &(self.command)(port));
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start `setpriv`; hint: `apt-get install util-linux`")?;
        // Made before the server is awaited, so that one that never gets ready is ended too.
        let mut process = Process { child, end: self.end.1 };
        let stdout = process.child.stdout.take().context("the server has no standard output")?;
        let stderr = process.child.stderr.take().context("the server has no standard error")?;
        // Redis speaks on the one, PostgreSQL on the other.
        let (told, heard) = std::sync::mpsc::channel();
        for output in [Box::new(stdout) as Box<dyn Read + Send>, Box::new(stderr)] {
            listen(output, self.ready, told.clone());
        }
        drop(told);
        let mut said = Vec::new();
        loop {
            match heard.recv_timeout(READY_TIME) {
                Ok(Heard::Ready) => return Ok(process),
                Ok(Heard::Line(line)) => said.push(line),
                Err(error) => bail!("the server was not ready ({error}); it said:\n{}", said.join("\n")),
            }
        }
    }
}

enum Heard {
    Line(String),
    Ready,
}

/// Reads a server's words until the end, so that it never blocks on them.
fn listen(output: Box<dyn Read + Send>, ready: &'static str, told: std::sync::mpsc::Sender<Heard>) {
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let heard = if line.contains(ready) { Heard::Ready } else { Heard::Line(line) };
            // Nobody listens any more once it is ready.
            told.send(heard).ok();
        }
    });
}

/// The same program, as another user and ended with the thread that starts it.
pub(crate) fn as_user(user: Option<User>, end: &str, command: &Command) -> Command {
    let mut wrapped = Command::new("setpriv");
    wrapped.arg(format!("--pdeathsig={end}"));
    if let Some(User { uid, gid }) = user {
        wrapped.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups");
    }
    wrapped.arg("--").arg(command.get_program()).args(command.get_args());
    wrapped
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("there is no free port")?;
    Ok(listener.local_addr()?.port())
}

impl Process {
    /// Stops it without ending it.
    pub(crate) fn suspend(&self) {
        self.signal(Signal::STOP);
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself.
            kill_process(pid, signal).ok();
        }
    }

    /// Ends it, as a crash would, and waits until it is gone.
    pub(crate) fn end(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.signal(self.end);
            // One that is suspended hears other signals only now.
            self.signal(Signal::CONT);
        }
        self.child.wait().ok();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
