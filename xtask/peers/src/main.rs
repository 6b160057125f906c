//! Each algorithm of `zencode-crypto` beside the fastest well-kept crate that has it, in one run; prints JSON.
//!
//! Rounds alternate, so that a busy machine slows both sides, and the fastest of each counts. Time is processor time of
//! this thread. Both sides get octets and give octets, as a contract does: reading keys is part of it.

mod curves;
mod lattices;
mod pairing;
mod rounds;
mod subject;

use anyhow::Result;
use serde_json::{Value, json};

use subject::Subject;

fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let subjects = [curves::subjects(), pairing::subjects(), lattices::subjects()];
    let mut rows = Vec::new();
    for subject in subjects.into_iter().flatten() {
        if wanted.is_empty() || wanted.iter().any(|word| subject.name.contains(word.as_str())) {
            rows.extend(measure(subject)?);
        }
    }
    println!("{}", Value::Array(rows));
    Ok(())
}

fn measure(mut subject: Subject) -> Result<Vec<Value>> {
    let (ours, peers) = subject.microseconds()?;
    let row =
        |(peer, theirs)| json!({ "what": subject.name, "ours_us": ours, "peer": peer, "peer_us": theirs });
    Ok(peers.into_iter().map(row).collect())
}
