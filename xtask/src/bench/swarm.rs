//! Seven oracles and a controller on loopback, asked for a ping under `bft`: latency and throughput of a query.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::report::{Goal, Row};
use crate::binary::{Scratch, command};
use crate::http::Connection;
use crate::process;
use crate::running::Running;

const ORACLES: usize = 7;
/// Queries thrown away before the first that counts.
const WARM_UP: usize = 50;
/// Queries one after the other, for the latency.
const QUERIES: usize = 500;
/// Callers at once, for the throughput.
const CALLERS: usize = 8;
/// How long they ask.
const DURATION: Duration = Duration::from_secs(5);
/// Five of seven must agree.
const QUERY: &str =
    r#"{"contract":{"name":"zenswarm-oracle-ping"},"data":{},"policy":"bft 2","deadline_ms":5000}"#;

/// A swarm that ends with this value.
struct Swarm {
    controller: Running,
    _oracles: Vec<Running>,
}

/// Measures queries that need five equal votes of seven.
pub(crate) fn measure(zenswarm: &Path) -> Result<Vec<Row>> {
    let scratch = Scratch::new("swarm")?;
    let swarm = start(zenswarm, &scratch)?;
    let address = &swarm.controller.address;
    let mut connection = Connection::open(address)?;
    for _ in 0..WARM_UP {
        ask(&mut connection)?;
    }
    let mut times_ms = (0..QUERIES).map(|_| ask(&mut connection)).collect::<Result<Vec<f64>>>()?;
    times_ms.sort_by(f64::total_cmp);
    let row = |what: &str, unit, ours, goal| Row {
        what: format!("query to 7 oracles, {what}"),
        unit,
        ours,
        reference: None,
        goal,
    };
    Ok(vec![
        row("p50", "ms", times_ms[QUERIES / 2], Some(Goal::AtMost(5.0))),
        row("p99", "ms", times_ms[QUERIES * 99 / 100], None),
        row("8 callers", "queries/s", throughput(address)?, None),
    ])
}

/// Asks once and returns the milliseconds it took.
fn ask(connection: &mut Connection) -> Result<f64> {
    let started = Instant::now();
    let answer = connection.post("/v1/queries", QUERY)?;
    if answer.status != 200 {
        bail!("a query was answered with {}: {}", answer.status, answer.body);
    }
    Ok(started.elapsed().as_secs_f64() * 1e3)
}

fn throughput(address: &str) -> Result<f64> {
    let started = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let address = address.to_owned();
            std::thread::spawn(move || -> Result<usize> {
                let mut connection = Connection::open(&address)?;
                let mut answers = 0;
                while started.elapsed() < DURATION {
                    ask(&mut connection)?;
                    answers += 1;
                }
                Ok(answers)
            })
        })
        .collect();
    let mut answers = 0;
    for caller in callers {
        answers += caller.join().map_err(|_| anyhow::anyhow!("a caller panicked"))??;
    }
    Ok(answers as f64 / started.elapsed().as_secs_f64())
}

fn start(zenswarm: &Path, scratch: &Scratch) -> Result<Swarm> {
    let say = |arguments: &[&str]| -> Result<Value> {
        let text = process::output(&mut command(zenswarm, arguments, scratch))?;
        serde_json::from_str(text.trim())
            .with_context(|| format!("zenswarm printed what is not JSON: {text}"))
    };
    let key = text(&say(&["--json", "admin", "keygen"])?, "public_key")?;
    let genesis =
        say(&["--json", "controller", "init", "--admin-key", &key, "--state", "controller", "--test"])?;
    let issuer = text(&genesis, "issuer_key")?;
    let controller = Running::start(&mut command(
        zenswarm,
        &["controller", "serve", "--state", "controller", "--listen", "127.0.0.1:0"],
        scratch,
    ))?;
    let url = format!("http://{}", controller.address);
    let uses = ORACLES.to_string();
    process::output(&mut command(
        zenswarm,
        &["admin", "ticket", "--controller", &url, "--host", "127.0.0.1", "--uses", &uses],
        scratch,
    ))?;
    let mut oracles = Vec::new();
    for number in 0..ORACLES {
        let name = format!("oracle{number}");
        // An oracle prints its address when it has joined and announced.
        oracles.push(Running::start(&mut command(
            zenswarm,
            &[
                "oracle",
                "run",
                "--state",
                &name,
                "--listen",
                "127.0.0.1:0",
                "--operator",
                &name,
                "--controller",
                &url,
                "--issuer-key",
                &issuer,
                "--ticket",
                "ticket.json",
            ],
            scratch,
        ))?);
    }
    Ok(Swarm { controller, _oracles: oracles })
}

fn text(document: &Value, member: &str) -> Result<String> {
    Ok(document[member].as_str().with_context(|| format!("no `{member}` in {document}"))?.to_owned())
}
