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

    pub(super) fn answered(&self, policy: &str, answer: &Value, took: Duration) {
        let number = if policy == "full" {
            "3. Every oracle asks a web service, and all agree"
        } else {
            "5. Two thirds and one agree, which is enough"
        };
        let result = answer.get("result").unwrap_or(answer);
        let count = |name: &str| answer.get(name).and_then(Value::as_array).map_or(0, Vec::len);
        let mut human = format!(
            "\n{number} (policy {policy}, {}).\n   answer       {result}\n   agreed       {}",
            time(took),
            count("signers")
        );
        for name in ["dissenters", "laggards", "failed"] {
            if count(name) > 0 {
                human.push_str(&format!("\n   {name:<12} {}", count(name)));
            }
        }
        let event = json!({
            "event": "answer", "policy": policy, "answer": answer, "milliseconds": milliseconds(took),
        });
        self.tell(&human, &event);
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

    pub(super) fn refused(&self, refusal: &Value, took: Duration) {
        let human = refusal.get("human").and_then(Value::as_str).map(str::to_owned);
        let shown = human.unwrap_or_else(|| differences(refusal));
        self.tell(
            &format!("\n6. Full consensus is refused, and the report says why ({}).\n{shown}", time(took)),
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

/// Who said what, from a divergence report.
fn differences(refusal: &Value) -> String {
    serde_json::to_string_pretty(refusal)
        .unwrap_or_default()
        .lines()
        .map(|line| format!("   {line}"))
        .collect::<Vec<_>>()
        .join("\n")
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
