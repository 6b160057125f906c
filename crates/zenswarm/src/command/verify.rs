//! `zenswarm verify`: needs no network, and says what it takes on trust.

use serde_json::{Value, json};
use swarm_node::controller::keyfile::{self, FileError};
use swarm_protocol::certificate::{Certificate, CertificateError, Report};
use swarm_protocol::genesis::SignedGenesis;
use swarm_protocol::limits::{CERTIFICATE_OCTETS_MAX, MESSAGE_OCTETS_MAX};
use swarm_protocol::octets::Digest;

use crate::args::verify::Verify;
use crate::command::swarm;
use crate::report::{Console, Exit, Failure};

pub(crate) fn run(arguments: Verify, console: &Console) -> Result<Exit, Failure> {
    let place = arguments.file.display();
    let text = keyfile::read_text(&arguments.file, CERTIFICATE_OCTETS_MAX).map_err(|error| {
        // A damaged file is a certificate that does not hold; one that is not there is a wrong command line.
        let exit = if matches!(error, FileError::Damaged { .. }) { Exit::Failed } else { Exit::Usage };
        Failure::new(exit, error.to_string()).hint("give the file that `zenswarm query` wrote")
    })?;
    let failure =
        |error: CertificateError| Failure::new(Exit::Failed, error.to_string()).at(&place).hint(error.hint());
    let certificate = Certificate::parse(text.as_bytes()).map_err(failure)?;
    let trust = trust(&arguments, &certificate)?;
    let report = certificate.verify(trust).map_err(failure)?;
    console.print(&human(&report, &certificate)?, &document(&report, &certificate));
    Ok(Exit::Done)
}

/// The swarm that the reader pins.
fn trust(arguments: &Verify, certificate: &Certificate) -> Result<Option<Digest>, Failure> {
    if let Some(path) = &arguments.genesis {
        let text = keyfile::read_text(path, MESSAGE_OCTETS_MAX).map_err(|error| {
            Failure::new(Exit::Usage, error.to_string()).at("--genesis").hint(error.hint())
        })?;
        let genesis = SignedGenesis::parse(text.trim_end().as_bytes()).map_err(|error| {
            Failure::new(Exit::Usage, error.to_string()).at(path.display()).hint(error.hint())
        })?;
        return Ok(Some(genesis.swarm()));
    }
    let Some(text) = &arguments.swarm else { return Ok(None) };
    let genesis = &certificate.contents().genesis;
    if swarm::is_of(text, genesis) {
        return Ok(Some(genesis.swarm()));
    }
    let message =
        format!("this certificate is of another swarm, with the fingerprint {}", genesis.fingerprint());
    Err(Failure::new(Exit::Failed, message)
        .at(arguments.file.display())
        .hint("compare it with the fingerprint that the swarm's operator gave you"))
}

/// The verdict, what was checked, and what is left to trust.
fn human(report: &Report, certificate: &Certificate) -> Result<String, Failure> {
    let answer = serde_json::to_string_pretty(&report.outcome.value()).map_err(Failure::internal)?;
    let fingerprint = certificate.contents().genesis.fingerprint();
    let contract = match &report.contract_name {
        Some(name) => format!("{name} (SHA-256 in base58 {})", report.contract),
        None => format!("sent with the query (SHA-256 in base58 {})", report.contract),
    };
    let (earliest, latest) = report.observed;
    let warning = match report.swarm_is_test {
        true => "\nThis is a swarm for tests: do not rely on it.\n",
        false => "",
    };
    let pin = match report.swarm_is_pinned {
        true => "which is the one you named".to_owned(),
        false => format!(
            "which you did not name: compare the fingerprint\n               {fingerprint}\n             \
             with the one that the swarm's operator gave you, or repeat with --swarm"
        ),
    };
    Ok(format!(
        "The certificate holds.\n{warning}\n{answer}\n\n\
         Checked:\n  \
         file       sealed by the swarm's controller, and not changed in any octet since {}\n  \
         swarm      \"{}\", {pin}\n  \
         registry   checkpoint over {} entries, signed by the controller at {}\n  \
         committee  {} oracles, each registered at that time, drawn as seed and rule say\n  \
         contract   {contract}\n  \
         votes      {} of {} signed this answer, {} are needed (policy {}), between {} and {}\n\
         {}\n\
         On trust:\n  \
         that fewer than {} of the {} are in league; that the controller drew the seed honestly;\n  \
         that the oracles' clocks are right; that the answer, which they agree on, is true.",
        report.sealed_at.xml_date_time(),
        report.swarm_name,
        report.checkpoint_size,
        report.checkpoint_at.xml_date_time(),
        report.of,
        report.signers.len(),
        report.of,
        report.quorum,
        report.policy,
        earliest.xml_date_time(),
        latest.xml_date_time(),
        others(report),
        report.quorum,
        report.of,
    ))
}

fn others(report: &Report) -> String {
    let mut lines = String::new();
    for (title, dids) in [("dissent  ", &report.dissenters), ("two votes", &report.equivocators)] {
        for did in dids {
            lines.push_str(&format!("  {title}  {did}\n"));
        }
    }
    lines
}

fn document(report: &Report, certificate: &Certificate) -> Value {
    let mut document = json!({
        "valid": true,
        "fingerprint": certificate.contents().genesis.fingerprint(),
        "answer": report.outcome.value(),
    });
    document["report"] = json!(report);
    document
}
