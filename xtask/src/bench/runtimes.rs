//! This oracle beside npm's restroom-mw and beside the bare reference engine, on the same contracts: requests per
//! second, latency, memory, start.
//!
//! Each server answers alone, for a few seconds in turn, so that a neighbour's noise falls on all of them. Both
//! others run the same version of the engine; the bare one does nothing but execute, and is faster than any server
//! that the engine's users have.

pub(crate) mod folder;
pub(crate) mod servers;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use self::servers::{Kind, Servers};
use super::report::{Goal, Row};
use super::wrk::{self, Load, Pace};
use crate::binary::Scratch;
use crate::parts;
use crate::running::Running;

/// Rounds of load; of each figure the median counts.
const ROUNDS: usize = 3;
/// Starts of each server; the median counts.
const STARTS: usize = 5;
/// One turn of one server under the load that the goals are about.
const TURN: Duration = Duration::from_secs(2);
/// One turn with one connection.
const SINGLE_TURN: Duration = Duration::from_secs(1);
/// Connections of the load that the goals are about.
const CONNECTIONS: usize = 16;
/// p99 under load, idle memory and start, each over that of the other server, at most.
const P99_RATIO: f64 = 1.0 / 20.0;
const IDLE_RATIO: f64 = 1.0 / 6.0;
const START_RATIO: f64 = 1.0 / 10.0;
/// Contracts of a large folder, and the time in which it should serve.
const MANY: usize = 10_000;
const MANY_START_MS: f64 = 2000.0;

/// A contract under measurement.
#[derive(Debug)]
pub(super) struct Measured {
    what: &'static str,
    /// Its name in the folder `contracts`, and in its address.
    name: &'static str,
    /// How many times the requests per second of another server.
    goal: f64,
}

const CONTRACTS: &[Measured] = &[
    Measured { what: "ping", name: "zenswarm-oracle-ping", goal: 400.0 },
    Measured { what: "timestamp", name: "zenswarm-oracle-get-timestamp", goal: 400.0 },
    Measured { what: "sign ecdsa", name: "zenswarm-oracle-sign-ecdsa", goal: 250.0 },
    Measured { what: "sign dilithium", name: "zenswarm-oracle-sign-dilithium", goal: 100.0 },
];

/// Figures of the three servers, in the order of [`Kind::ALL`].
type Figures<T> = [T; Kind::ALL.len()];

/// One turn of one server.
#[derive(Debug, Clone, Copy)]
struct Turn {
    pace: Pace,
    /// Time of all cores for one request, in microseconds: what a busy machine falsifies least.
    cpu_us: f64,
}

/// All turns of each server with one contract.
#[derive(Debug, Default)]
struct Turns {
    loaded: Figures<Vec<Turn>>,
    single: Figures<Vec<Turn>>,
}

/// Measures all three.
pub(super) fn measure(zenswarm: &Path, parts: &Path) -> Result<Vec<Row>> {
    let scratch = Scratch::new("runtimes")?;
    let servers = Servers::prepare(&scratch, zenswarm, parts, &parts::install_runtimes()?)?;
    let mut rows = starts(&servers)?;
    let running = Kind::ALL.map(|kind| servers.start(kind)).into_iter().collect::<Result<Vec<_>>>()?;
    running.iter().try_for_each(servers::expect_ping)?;
    let idle = Goal::RatioAtMost(IDLE_RATIO);
    rows.extend(beside("memory when idle", "MB", memory(&running, Running::resident_octets)?, Some(idle)));
    for measured in CONTRACTS {
        rows.extend(figures(measured, &take_turns(measured, &running, &scratch)?));
    }
    rows.extend(beside("memory at its peak", "MB", memory(&running, Running::peak_octets)?, None));
    drop(running);
    rows.push(many(&servers)?);
    Ok(rows)
}

fn memory(running: &[Running], octets: fn(&Running) -> Result<f64>) -> Result<Figures<f64>> {
    let mut megabytes = [0.0; Kind::ALL.len()];
    for (megabytes, server) in megabytes.iter_mut().zip(running) {
        *megabytes = octets(server)? / 1e6;
    }
    Ok(megabytes)
}

/// From the start of a process to its first answer.
fn starts(servers: &Servers<'_>) -> Result<Vec<Row>> {
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..STARTS {
        for (times, kind) in times.iter_mut().zip(Kind::ALL) {
            let started = Instant::now();
            let server = servers.start(kind)?;
            servers::expect_ping(&server)?;
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(beside("start to first answer", "ms", times.map(median), Some(Goal::RatioAtMost(START_RATIO))))
}

/// One contract: every server in its turn, and again.
fn take_turns(measured: &Measured, running: &[Running], scratch: &Scratch) -> Result<Turns> {
    let body = folder::body(measured.name)?;
    let path = format!("/api/{}", measured.name);
    let turn = |server: &Running, connections, time: Duration| -> Result<Turn> {
        let load = Load { path: &path, body: &body, connections, time };
        let before = server.cpu_seconds()?;
        let pace = wrk::drive(scratch, &server.address, load)?;
        let requests = pace.per_second * time.as_secs_f64();
        Ok(Turn { pace, cpu_us: (server.cpu_seconds()? - before) * 1e6 / requests })
    };
    let mut turns = Turns::default();
    for server in running {
        turn(server, CONNECTIONS, SINGLE_TURN)?;
    }
    for _ in 0..ROUNDS {
        for (index, server) in running.iter().enumerate() {
            turns.loaded[index].push(turn(server, CONNECTIONS, TURN)?);
            turns.single[index].push(turn(server, 1, SINGLE_TURN)?);
        }
    }
    Ok(turns)
}

fn figures(measured: &Measured, turns: &Turns) -> Vec<Row> {
    let of = |turns: &Figures<Vec<Turn>>, figure: fn(&Turn) -> f64| -> Figures<f64> {
        [0, 1, 2].map(|server| median(turns[server].iter().map(figure).collect()))
    };
    let (per_second, p99) = (Goal::Ratio(measured.goal), Goal::RatioAtMost(P99_RATIO));
    let what = |figure: &str| format!("{}, {figure}", measured.what);
    let (many, one) = (&turns.loaded, &turns.single);
    [
        beside(&what("16 connections"), "requests/s", of(many, |it| it.pace.per_second), Some(per_second)),
        beside(&what("16 connections, p50"), "ms", of(many, |it| it.pace.p50_ms), None),
        beside(&what("16 connections, p99"), "ms", of(many, |it| it.pace.p99_ms), Some(p99)),
        beside(&what("cores' time of one request"), "µs", of(many, |it| it.cpu_us), None),
        beside(&what("1 connection, p50"), "ms", of(one, |it| it.pace.p50_ms), None),
        beside(&what("1 connection, p99"), "ms", of(one, |it| it.pace.p99_ms), None),
    ]
    .concat()
}

/// A folder of ten thousand contracts: from the start to an answer of the last of them.
fn many(servers: &Servers<'_>) -> Result<Row> {
    let last = servers.write_many(MANY)?;
    let started = Instant::now();
    let oracle = servers.start_many()?;
    servers::expect_success(&oracle, &format!("/api/{last}"), r#"{"data":{}}"#)?;
    Ok(Row {
        what: format!("{MANY} contracts, start to first answer"),
        unit: "ms",
        ours: started.elapsed().as_secs_f64() * 1e3,
        reference: None,
        goal: Some(Goal::AtMost(MANY_START_MS)),
    })
}

/// One row for each of the others: a goal is reached when it is reached beside both.
fn beside(what: &str, unit: &'static str, figures: Figures<f64>, goal: Option<Goal>) -> Vec<Row> {
    let [ours, others @ ..] = figures;
    let [_, kinds @ ..] = Kind::ALL;
    kinds
        .into_iter()
        .zip(others)
        .map(|(kind, theirs)| Row {
            what: format!("{what}, beside {}", kind.name()),
            unit,
            ours,
            reference: Some(theirs),
            goal,
        })
        .collect()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
