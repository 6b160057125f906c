//! A controller killed with SIGKILL in a storm of enrolments and announcements keeps all that it acknowledged.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use swarm_node::controller::folder::{self, Founding};
use swarm_node::controller::{Controller, clock, keyfile};
use swarm_protocol::did::Did;
use swarm_protocol::key::SigningKey;
use tokio::sync::Notify;

use crate::member::Member;
use crate::swarm::{Swarm, key};

/// Names the state folder for the child; without it, the child's test does nothing.
const FOLDER_VARIABLE: &str = "ZENSWARM_TEST_CONTROLLER";
/// What the child prints in front of its address.
const MARK: &str = "serves at ";
const ROUNDS: usize = 6;
/// Oracles that enrol and announce at once.
const MEMBERS: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_serves_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER_VARIABLE) else { return };
    let controller = Controller::open(Path::new(&folder), None).unwrap();
    let running = controller.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    println!("{MARK}{}", running.url());
    std::future::pending::<()>().await;
}

/// Starts a child, and returns it with its address.
fn start_child(folder: &Path) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["killed::child_serves_until_it_is_killed", "--exact", "--nocapture"])
        .env(FOLDER_VARIABLE, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let url = lines.find_map(|line| line.split(MARK).nth(1).map(str::to_owned)).unwrap();
    (child, url)
}

/// The highest sequence number that was acknowledged, by oracle; 0 for an enrolment alone.
#[derive(Default)]
struct Acknowledged {
    sequences: Mutex<BTreeMap<Did, u64>>,
    count: Mutex<usize>,
    changed: Notify,
}

impl Acknowledged {
    fn note(&self, did: Did, sequence: u64) {
        self.sequences.lock().unwrap().insert(did, sequence);
        *self.count.lock().unwrap() += 1;
        self.changed.notify_one();
    }

    async fn reach(&self, count: usize) {
        while *self.count.lock().unwrap() < count {
            self.changed.notified().await;
        }
    }
}

/// Enrols and announces over and over, until the controller is gone.
async fn storm(swarm: Arc<Swarm>, acknowledged: Arc<Acknowledged>) {
    let member = Member::new(&swarm).await;
    let ticket = swarm.ticket("127.0.0.1", 1);
    if member.try_enrol(&swarm, ticket).await != Some(200) {
        return;
    }
    acknowledged.note(member.did(), 0);
    for sequence in 1.. {
        match member.try_announce(&swarm, sequence).await {
            Some(200) => acknowledged.note(member.did(), sequence),
            Some(status) => panic!("an announcement was refused with {status}"),
            None => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_controller_is_killed() {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    let admin = key();
    let founding =
        Founding { name: "test".parse().unwrap(), admin: admin.public(), permissionless: false, test: true };
    let genesis = folder::found(&state, &founding, clock::now()).unwrap();
    let issuer = SigningKey::from_octets(*keyfile::read_key(&state.join("issuer.key")).unwrap());
    let acknowledged = Arc::new(Acknowledged::default());
    for round in 0..ROUNDS {
        let (mut child, url) = start_child(&state);
        let swarm = Arc::new(Swarm::elsewhere(genesis.clone(), issuer.clone(), admin.clone(), url));
        let mut storms = tokio::task::JoinSet::new();
        for _ in 0..MEMBERS {
            storms.spawn(storm(swarm.clone(), acknowledged.clone()));
        }
        let before = *acknowledged.count.lock().unwrap();
        acknowledged.reach(before + 15 + round * 12).await;
        child.kill().unwrap();
        child.wait().unwrap();
        storms.join_all().await;
        let controller = Controller::open(&state, None).unwrap();
        let registry = controller.registrar().registry();
        for (did, sequence) in acknowledged.sequences.lock().unwrap().iter() {
            let found = registry.oracle(did).unwrap_or_else(|| panic!("round {round}: {did} is lost"));
            assert!(found.sequence >= *sequence, "round {round}: {did} is at {}", found.sequence);
        }
    }
}
