//! One thing that is measured, on our side and on that of its peers.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::rounds::{Side, here};

/// How long one round of one side lasts, in processor time.
const ROUND: Duration = Duration::from_millis(15);
/// Rounds of each side; the fastest counts, for what disturbs a round only makes it longer.
const ROUNDS: usize = 20;

/// Something that the program `clean` beside this one does, round by round as it is told.
fn elsewhere(name: &str) -> Result<Side> {
    let program = std::env::current_exe()?.with_file_name("clean");
    let mut command = Command::new(program);
    let mut child = Ended(command.arg(name).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
    let mut asked = child.0.stdin.take().context("a pipe to the other program")?;
    let mut answers = BufReader::new(child.0.stdout.take().context("a pipe from the other program")?);
    Ok(Box::new(move |count| {
        let _running = &child;
        writeln!(asked, "{count}")?;
        let mut line = String::new();
        answers.read_line(&mut line)?;
        Ok(line.trim().parse()?)
    }))
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait().map(drop)).unwrap_or_default(); // it may have ended already
    }
}

/// One operation, done by us and by others.
pub struct Subject {
    /// What is done.
    pub name: String,
    ours: Side,
    /// The others' names, and what they do.
    peers: Vec<(&'static str, Side)>,
}

impl Subject {
    /// An operation of ours, so far without a peer.
    pub fn new<T>(name: &str, ours: impl FnMut() -> T + 'static) -> Self {
        Self { name: name.into(), ours: here(ours), peers: Vec::new() }
    }

    /// The same operation in another crate.
    pub fn beside<T>(mut self, peer: &'static str, work: impl FnMut() -> T + 'static) -> Self {
        self.peers.push((peer, here(work)));
        self
    }

    /// The same operation in a crate that only the program `clean` beside this one can hold.
    pub fn beside_program(mut self, peer: &'static str) -> Self {
        let name = self.name.clone();
        let mut side = None;
        let late = move |count| {
            let side = match &mut side {
                Some(side) => side,
                none => none.insert(elsewhere(&name)?),
            };
            side(count)
        };
        self.peers.push((peer, Box::new(late)));
        self
    }

    /// Microseconds of one operation: ours, and each peer's by its name.
    pub fn microseconds(&mut self) -> Result<(f64, Vec<(&'static str, f64)>)> {
        let mut sides: Vec<&mut Side> = vec![&mut self.ours];
        sides.extend(self.peers.iter_mut().map(|(_, side)| side));
        let mut counts = Vec::new();
        for side in &mut sides {
            side(1)?; // tables are made
            counts.push((ROUND.as_secs_f64() * 1e6 / side(3)?).clamp(3.0, 1e6) as u32);
        }
        let mut fastest = vec![f64::INFINITY; sides.len()];
        for _ in 0..ROUNDS {
            for ((side, count), fastest) in sides.iter_mut().zip(&counts).zip(&mut fastest) {
                *fastest = fastest.min(side(*count)?);
            }
        }
        let mut fastest = fastest.into_iter();
        let ours = fastest.next().unwrap_or(f64::NAN);
        Ok((ours, self.peers.iter().map(|(peer, _)| *peer).zip(fastest).collect()))
    }
}
