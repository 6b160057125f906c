//! `zenswarm query`: asks, checks the certificate before it believes it, and keeps it.

mod divergence;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use swarm_node::controller::keyfile;
use swarm_node::controller::remote::{Remote, Reply};
use swarm_protocol::certificate::{Certificate, CertificateError, Report};
use swarm_protocol::limits::{CERTIFICATE_OCTETS_MAX, CONTRACT_OCTETS_MAX, QUERY_OCTETS_MAX};
use swarm_protocol::octets::Digest;
use swarm_protocol::query::Policy;

use crate::args::query::Query;
use crate::command::swarm;
use crate::report::{Console, Exit, Failure};

/// Time for the controller to answer after the deadline.
const GRACE: Duration = Duration::from_secs(10);

pub(crate) async fn run(arguments: Query, console: &Console) -> Result<Exit, Failure> {
    let controller = swarm::controller(&arguments.controller)?;
    let contract = contract(&arguments)?;
    let data = data(&arguments.data)?;
    let genesis = swarm::genesis(&controller, arguments.swarm.as_deref()).await?;
    let policy = policy(&arguments.policy, &controller).await?;
    let deadline_ms = u64::try_from(arguments.deadline.as_millis()).unwrap_or(u64::MAX);
    let query = json!({ "contract": contract, "data": data, "policy": policy, "deadline_ms": deadline_ms });
    let octets_max = CERTIFICATE_OCTETS_MAX;
    let time = arguments.deadline.saturating_add(GRACE);
    let reply = controller
        .post_raw("/v1/queries", query.to_string(), octets_max, time)
        .await
        .map_err(|error| swarm::failure(&error))?;
    match reply.status {
        200 => {
            let pinned = arguments.swarm.is_some();
            certified(&reply, genesis.swarm(), pinned, arguments.out, console)
        }
        _ => not_certified(&reply, &controller, console),
    }
}

fn contract(arguments: &Query) -> Result<Value, Failure> {
    match (&arguments.contract, &arguments.file) {
        (_, Some(path)) => {
            let text = keyfile::read_text(path, CONTRACT_OCTETS_MAX).map_err(|error| {
                Failure::new(Exit::Usage, error.to_string()).at("--file").hint("give a contract in Zencode")
            })?;
            Ok(json!({ "text": text }))
        }
        (name, None) => Ok(json!({ "name": name })),
    }
}

/// The data, as it is written or from a file.
fn data(argument: &str) -> Result<Value, Failure> {
    let fault = |message: String| {
        Failure::new(Exit::Usage, message)
            .at("--data")
            .hint("write a JSON object, or @FILE, or @- for standard input")
    };
    let text = match argument.strip_prefix('@') {
        None => argument.to_owned(),
        Some("-") => {
            let mut text = String::new();
            let limit = QUERY_OCTETS_MAX as u64;
            std::io::stdin()
                .take(limit)
                .read_to_string(&mut text)
                .map_err(|error| fault(error.to_string()))?;
            text
        }
        Some(path) => {
            keyfile::read_text(Path::new(path), QUERY_OCTETS_MAX).map_err(|error| fault(error.to_string()))?
        }
    };
    // Read as strictly as the swarm reads it: a number that would change is refused here.
    swarm_protocol::canonical::parse(text.as_bytes(), QUERY_OCTETS_MAX)
        .map_err(|error| fault(format!("the data is not what a query takes: {error}")))
}

/// The policy; `bft` alone tolerates as many faults as the swarm's size allows.
async fn policy(text: &str, controller: &Remote) -> Result<Policy, Failure> {
    if text == "bft" {
        let list: Value = controller
            .get("/v1/oracles?state=active&limit=0", QUERY_OCTETS_MAX)
            .await
            .map_err(|error| swarm::failure(&error))?;
        return bft(list["total"].as_u64().unwrap_or(0));
    }
    let spelled = match text.split_once('/') {
        Some((quorum, of)) => format!("{quorum} of {of}"),
        None => text.to_owned(),
    };
    spelled.parse().map_err(|error: swarm_protocol::query::PolicyError| {
        Failure::new(Exit::Usage, error.to_string())
            .at("--policy")
            .hint("write full, bft, majority or K/N, for instance 4/7")
    })
}

fn bft(active: u64) -> Result<Policy, Failure> {
    match u32::try_from(active.saturating_sub(1) / 3) {
        Ok(faults) if faults > 0 => Ok(Policy::Bft { f: faults }),
        _ => Err(Failure::new(
            Exit::Refused,
            format!("bft needs 4 active oracles, and the swarm has {active}"),
        )
        .at("--policy")
        .hint("start more oracles, or ask with --policy majority or --policy full")),
    }
}

/// Verifies the certificate before anything is said about it, and keeps it.
fn certified(
    reply: &Reply,
    swarm: Digest,
    is_pinned: bool,
    out: Option<PathBuf>,
    console: &Console,
) -> Result<Exit, Failure> {
    let failure = |error: CertificateError| {
        Failure::new(Exit::Failed, format!("the controller's certificate does not hold: {error}"))
            .hint("do not use the answer; tell the swarm's operator")
    };
    let certificate = Certificate::parse(&reply.octets).map_err(failure)?;
    let report = certificate.verify(Some(swarm)).map_err(failure)?;
    let digest = Digest::of(&reply.octets).to_string();
    let path = out.unwrap_or_else(|| PathBuf::from(format!("certificate-{}.json", &digest[..8])));
    std::fs::write(&path, &reply.octets).map_err(|error| {
        Failure::new(Exit::Usage, format!("cannot write {}: {error}", path.display()))
            .at("--out")
            .hint("choose a file in a folder that you may write to")
    })?;
    let document = json!({
        "answer": report.outcome.value(),
        "certificate": path,
        "fingerprint": certificate.contents().genesis.fingerprint(),
        "pinned": is_pinned,
        "report": report,
        "failures": certificate.contents().failures,
        "laggards": certificate.contents().laggards,
    });
    console.print(&human(&report, &certificate, &path)?, &document);
    Ok(Exit::Done)
}

fn human(report: &Report, certificate: &Certificate, path: &Path) -> Result<String, Failure> {
    let answer = serde_json::to_string_pretty(&report.outcome.value()).map_err(Failure::internal)?;
    let contents = certificate.contents();
    let mut lines = format!(
        "{answer}\n\n{} of {} oracles agree; {} are needed (policy {}).\n",
        report.signers.len(),
        report.of,
        report.quorum,
        report.policy
    );
    for did in &report.dissenters {
        lines.push_str(&format!("  {did}  said something else\n"));
    }
    for failed in &contents.failures {
        lines.push_str(&format!("  {}  {}\n", failed.oracle, divergence::failure(&failed.failure)));
    }
    for did in &contents.laggards {
        lines.push_str(&format!("  {did}  had not answered yet\n"));
    }
    let path = path.display();
    let fingerprint = contents.genesis.fingerprint().replace(' ', "");
    lines.push_str(&format!(
        "\ncertificate  {path}\nverify it    zenswarm verify {path} --swarm {fingerprint}"
    ));
    Ok(lines)
}

/// No agreement is an outcome, with a report; everything else is a refusal.
fn not_certified(reply: &Reply, controller: &Remote, console: &Console) -> Result<Exit, Failure> {
    let url = controller.url("/v1/queries");
    let body: Value = serde_json::from_slice(&reply.octets).unwrap_or_default();
    match serde_json::from_value(body["divergence"].clone()) {
        Ok(report) => {
            let document = json!({ "error": { "kind": "no-agreement", "message": body["detail"], "hint": body["hint"] },
                "divergence": body["divergence"] });
            console.print(&divergence::human(&report, &body), &document);
            Ok(Exit::Failed)
        }
        Err(_) => {
            let text = |key: &str| body[key].as_str().map(str::to_owned);
            let message =
                text("detail").unwrap_or_else(|| format!("status {} without an explanation", reply.status));
            let hint = text("hint")
                .unwrap_or_else(|| "check that the address is that of a zenswarm controller".into());
            Err(Failure::new(Exit::Refused, message).at(url).hint(hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bft_tolerates_as_many_faults_as_the_swarm_allows() {
        for (active, faults) in [(4, 1), (6, 1), (7, 2), (10, 3)] {
            assert_eq!(bft(active).unwrap(), Policy::Bft { f: faults });
        }
        for active in 0..4 {
            assert_eq!(bft(active).unwrap_err().exit, Exit::Refused);
        }
    }

    #[test]
    fn data_that_is_not_json_names_the_flag() {
        let failure = data("{").unwrap_err();
        assert_eq!((failure.exit, failure.place.as_deref()), (Exit::Usage, Some("--data")));
        assert_eq!(data("{\"a\":1}").unwrap(), json!({"a": 1}));
    }
}
