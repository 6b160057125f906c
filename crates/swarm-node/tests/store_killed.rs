//! A process killed with SIGKILL while it writes loses nothing that it acknowledged.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use swarm_node::store::disk::DiskStore;
use swarm_node::store::{Batch, Store as _};

/// Names the database for the child; without it, the child's test does nothing.
const PATH_VARIABLE: &str = "ZENSWARM_TEST_STORE";
/// What the child prints in front of the number of entries that are safe.
const MARK: &str = "acknowledged ";
const ROUNDS: u64 = 20;

fn entry(index: u64) -> Vec<u8> {
    format!("entry {index} {}", "x".repeat((index % 700) as usize)).into_bytes()
}

/// Entries in the batch that starts at an index: one to five, so that batches are told apart.
fn batch_length(first: u64) -> u64 {
    first * 7 % 5 + 1
}

#[test]
fn child_writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(PATH_VARIABLE) else { return };
    let store = DiskStore::create(Path::new(&path)).unwrap();
    let mut first = store.entries_count().unwrap();
    loop {
        let after = first + batch_length(first);
        let values = vec![("count".to_owned(), after.to_string().into_bytes())];
        store.commit(&Batch { first, entries: (first..after).map(entry).collect(), values }).unwrap();
        writeln!(std::io::stdout(), "{MARK}{after}").unwrap();
        first = after;
    }
}

fn start_child(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["child_writes_until_it_is_killed", "--exact", "--nocapture"])
        .env(PATH_VARIABLE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a child acknowledge a number of batches, kills it, and returns the last acknowledgement.
fn kill_after(path: &Path, batches: u64) -> u64 {
    let mut child = start_child(path);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = 0;
    let mut seen = 0;
    for line in lines {
        let Some(count) = line.unwrap().split(MARK).nth(1).map(|text| text.trim().parse::<u64>().unwrap())
        else {
            continue;
        };
        acknowledged = count;
        seen += 1;
        if seen == batches {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

#[test]
fn nothing_acknowledged_is_lost_when_the_writer_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.redb");
    for round in 0..ROUNDS {
        let acknowledged = kill_after(&path, 5 + round * 3);
        let store = DiskStore::open(&path).unwrap();
        let count = store.entries_count().unwrap();
        assert!(count >= acknowledged, "round {round}: {acknowledged} acknowledged, {count} there");
        let entries = store.entries(0, usize::MAX).unwrap();
        assert_eq!(entries.len() as u64, count);
        assert!((0..).zip(&entries).all(|(index, found)| *found == entry(index)));
        assert_eq!(store.value("count").unwrap(), Some(count.to_string().into_bytes()));
    }
}
