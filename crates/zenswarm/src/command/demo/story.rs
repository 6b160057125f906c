//! What the demonstration tells: sentences for people, or one JSON document per event.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::process::call;
use crate::report::{Console, Failure, Format};

/// The teller.
pub(super) struct Story {
    console: Console,
}

impl Story {
    pub(super) fn new(console: Console) -> Self {
        Self { console }
    }

    fn tell(&self, human: &str, event: &Value) {
        self.console.print(human, event);
    }

    /// Waits for something, and shows a person that it goes on.
    pub(super) async fn while_waiting<T>(&self, what: &str, work: impl Future<Output = T>) -> T {
        let shown = self.console.format() == Format::Human && std::io::stderr().is_terminal();
        let mut work = std::pin::pin!(work);
        let mut tick = tokio::time::interval(Duration::from_millis(120));
        let mut turn = 0_usize;
        loop {
            tokio::select! {
                result = &mut work => {
                    if shown {
                        eprint!("\r\x1b[2K");
                    }
                    return result;
                }
                _ = tick.tick(), if shown => {
                    eprint!("\r{} {what} … ", ["|", "/", "-", "\\"][turn % 4]);
                    drop(std::io::stderr().flush());
                    turn += 1;
                }
            }
        }
    }

    pub(super) fn controller(&self, fingerprint: &str, url: &str) {
        self.tell(
            &format!("1. A swarm is made.\n   fingerprint  {fingerprint}\n   controller   {url}"),
            &json!({ "event": "controller", "fingerprint": fingerprint, "url": url }),
        );
    }

    pub(super) fn oracles(&self, oracles: &[(u16, String)], took: Duration) {
        let lines: Vec<String> =
            oracles.iter().map(|(number, did)| format!("   oracle {number}  {did}")).collect();
        self.tell(
            &format!(
                "\n2. {} oracles enrol with a ticket ({}).\n{}",
                oracles.len(),
                time(took),
                lines.join("\n")
            ),
            &json!({
                "event": "oracles",
                "dids": oracles.iter().map(|(_, did)| did).collect::<Vec<_>>(),
                "milliseconds": milliseconds(took),
            }),
        );
    }

    pub(super) fn answered(&self, title: &str, names: &Names, answer: &Value, took: Duration) {
        let report = answer.get("report").unwrap_or(&Value::Null);
        let mut human = format!(
            "\n{title} (policy {}, {}).\n   answer       {}\n   agreed       {} of {}",
            report.get("policy").and_then(Value::as_str).unwrap_or("unknown"),
            time(took),
            answer.get("answer").unwrap_or(answer),
            members(report, "signers").len(),
            report.get("of").and_then(Value::as_u64).unwrap_or_default(),
        );
        let others = [
            ("differed", members(report, "dissenters")),
            ("too late", members(answer, "laggards")),
            ("failed", failed(answer)),
        ];
        for (word, dids) in others.iter().filter(|(_, dids)| !dids.is_empty()) {
            human.push_str(&format!("\n   {word:<12} {}", names.list(dids)));
        }
        self.tell(
            &human,
            &json!({ "event": "answer", "answer": answer, "milliseconds": milliseconds(took) }),
        );
    }

    /// Verifies a certificate with the command that needs no network.
    pub(super) async fn verified(&self, file: &Path, fingerprint: &str) -> Result<(), Failure> {
        let report = call(&["verify", "--swarm", fingerprint], &[file.as_os_str()]).await?.success()?;
        self.tell(
            "   certificate  verified without a network, against the fingerprint",
            &json!({ "event": "verified", "report": report }),
        );
        Ok(())
    }

    /// Changes one octet of a copy of the certificate, and shows that it is refused.
    pub(super) async fn tamper(&self, file: &Path, fingerprint: &str) -> Result<(), Failure> {
        let mut octets = std::fs::read(file).map_err(Failure::internal)?;
        let middle = octets.len() / 2;
        octets[middle] = if octets[middle] == b'a' { b'b' } else { b'a' };
        let copy = file.with_extension("tampered.json");
        std::fs::write(&copy, &octets).map_err(Failure::internal)?;
        let ended = call(&["verify", "--swarm", fingerprint], &[copy.as_os_str()]).await;
        drop(std::fs::remove_file(&copy));
        let refusal = ended?.failure("a changed certificate was not refused")?;
        let reason =
            refusal.pointer("/error/message").or_else(|| refusal.get("message")).and_then(Value::as_str);
        self.tell(
            &format!("   with one octet changed it is refused: {}", reason.unwrap_or("no reason was given")),
            &json!({ "event": "tampered", "refusal": refusal }),
        );
        Ok(())
    }

    pub(super) fn broken(&self, killed: u16, liar: u16) {
        self.tell(
            &format!("\n4. Oracle {killed} is killed; oracle {liar} comes back as a liar."),
            &json!({ "event": "broken", "killed": killed, "liar": liar }),
        );
    }

    pub(super) fn refused(&self, title: &str, names: &Names, refusal: &Value, took: Duration) {
        self.tell(
            &format!("\n{title} ({}).\n{}", time(took), divergence(names, refusal)),
            &json!({ "event": "refused", "refusal": refusal, "milliseconds": milliseconds(took) }),
        );
    }

    pub(super) fn ended(&self, certificate: &Path, took: Duration, summary: &Value) {
        self.tell(
            &format!(
                "\nDone in {}; everything is stopped. The first certificate stays:\n   zenswarm verify {}",
                time(took),
                certificate.display()
            ),
            summary,
        );
    }

    pub(super) fn kept(&self, url: &str, processes: &[u32], folder: &Path, summary: &Value) {
        let ids: Vec<String> = processes.iter().map(u32::to_string).collect();
        self.tell(
            &format!(
                "\nThe swarm goes on running.\n   list it   zenswarm ps --controller {url}\n   ask it    zenswarm \
                 query zenswarm-oracle-ping --controller {url}\n   stop it   kill {}\n   files     {}",
                ids.join(" "),
                folder.display()
            ),
            summary,
        );
    }
}

/// The demonstration's numbers of its oracles: nobody remembers a DID.
pub(super) struct Names(Vec<(u16, String)>);

impl Names {
    pub(super) fn new(oracles: Vec<(u16, String)>) -> Self {
        Self(oracles)
    }

    fn list(&self, dids: &[&str]) -> String {
        let name = |did: &&str| match self.0.iter().find(|(_, found)| found == did) {
            Some((number, _)) => format!("oracle {number}"),
            None => (*did).to_owned(),
        };
        let mut names: Vec<String> = dids.iter().map(name).collect();
        names.sort();
        names.join(", ")
    }
}

/// The DIDs under a name of a document.
fn members<'a>(document: &'a Value, name: &str) -> Vec<&'a str> {
    let found = document.get(name).and_then(Value::as_array);
    found.map(|dids| dids.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// The DIDs of those that gave no vote.
fn failed(document: &Value) -> Vec<&str> {
    let found = document.get("failures").and_then(Value::as_array);
    let dids =
        found.map(|failures| failures.iter().filter_map(|it| it.get("oracle").and_then(Value::as_str)));
    dids.map(Iterator::collect).unwrap_or_default()
}

/// Who said what, where it differs, and which policy would have agreed.
fn divergence(names: &Names, refusal: &Value) -> String {
    let report = refusal.get("divergence").unwrap_or(&Value::Null);
    let list = |name: &str| report.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let message = refusal.pointer("/error/message").and_then(Value::as_str);
    let mut lines = vec![message.unwrap_or("no reason was given").to_owned()];
    for cluster in list("clusters") {
        let who = names.list(&members(&cluster, "members"));
        let outcome = cluster.pointer("/outcome/result").or_else(|| cluster.get("outcome")).cloned();
        lines.push(format!("said         {}", outcome.unwrap_or_default()));
        lines.push(format!("             by {who}"));
    }
    let silent = failed(report);
    if !silent.is_empty() {
        lines.push(format!("failed       {}", names.list(&silent)));
    }
    for difference in list("differences") {
        let place = difference.get("pointer").and_then(Value::as_str).unwrap_or_default();
        lines.push(format!("differs at   {place}"));
    }
    let policies: Vec<String> =
        list("would_agree").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if !policies.is_empty() {
        lines.push(format!("would agree  under {}", policies.join(", ")));
    }
    lines.iter().map(|line| format!("   {line}")).collect::<Vec<_>>().join("\n")
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

fn time(took: Duration) -> String {
    if took.as_millis() < 1000 {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}
