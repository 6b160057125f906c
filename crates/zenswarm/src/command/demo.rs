//! `zenswarm demo`: a real swarm on this machine, from nothing to a verified certificate.
//!
//! Every actor is a process of its own, started with the same commands that an operator types.

mod process;
mod service;
mod story;

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use crate::args::demo::Demo;
use crate::report::{Console, Exit, Failure};
use process::{Process, call};
use service::Service;
use story::{Names, Story};

/// The contract that every query names: it posts to a web service and returns the reply.
const CONTRACT: &str = "zenswarm-oracle-http-post";

/// Runs the demonstration.
///
/// # Errors
/// When a step does not end as it should; everything that was started is stopped then.
pub(crate) async fn run(arguments: Demo, console: &Console) -> Result<Exit, Failure> {
    let mut terminated = signal(SignalKind::terminate()).map_err(Failure::internal)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::internal)?;
    tokio::select! {
        ended = play(&arguments, console) => ended,
        _ = terminated.recv() => Err(Failure::new(Exit::Failed, "stopped before its end")),
        _ = interrupted.recv() => Err(Failure::new(Exit::Failed, "stopped before its end")),
    }
}

async fn play(arguments: &Demo, console: &Console) -> Result<Exit, Failure> {
    let started = Instant::now();
    let story = Story::new(*console);
    let folder = Folder::new()?;
    let mut swarm = Swarm::found(&folder.path, arguments.oracles, &story).await?;
    swarm.first_query(&arguments.out, &story).await?;
    story.tamper(&arguments.out, &swarm.fingerprint).await?;
    swarm.break_two(&story).await?;
    swarm.second_query(&folder.path, &story).await?;
    swarm.third_query(&folder.path, &story).await?;
    let summary = json!({
        "event": "demo",
        "certificate": arguments.out,
        "fingerprint": swarm.fingerprint,
        "controller": swarm.controller_url,
        "milliseconds": u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "kept": arguments.keep.then(|| swarm.processes()),
    });
    if arguments.keep {
        story.kept(&swarm.controller_url, &swarm.processes(), &folder.path, &summary);
        swarm.leave_running();
        folder.keep();
    } else {
        swarm.stop().await;
        story.ended(&arguments.out, started.elapsed(), &summary);
    }
    Ok(Exit::Done)
}

/// A folder for keys and databases, removed at the end unless it is kept.
struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    fn new() -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt as _;
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(Failure::internal)?;
        let name = format!("zenswarm-demo-{}", zencode_crypto::encoding::hex::encode(&random));
        let path = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new().mode(0o700).create(&path).map_err(|error| {
            Failure::new(Exit::Usage, error.to_string())
                .at(path.display())
                .hint("set TMPDIR to a writable folder")
        })?;
        Ok(Self { path, kept: false })
    }

    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing can be done about a folder that cannot be removed, and nothing depends on it.
            drop(std::fs::remove_dir_all(&self.path));
        }
    }
}

/// The processes of the demonstration.
struct Swarm {
    controller: Process,
    oracles: Vec<Member>,
    service: Service,
    fingerprint: String,
    issuer_key: String,
    controller_url: String,
    ticket: PathBuf,
    /// Numbers and DIDs of all that ever ran.
    names: Vec<(u16, String)>,
}

/// One oracle: its number, its process while it runs.
struct Member {
    number: u16,
    state: PathBuf,
    did: String,
    process: Process,
}

/// A text member of a JSON document.
fn text(document: &Value, name: &str) -> Result<String, Failure> {
    let found = document.get(name).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| Failure::internal(format!("a command printed no '{name}': {document}")))
}

impl Swarm {
    /// Keys, genesis, controller, ticket, oracles.
    async fn found(folder: &Path, count: u16, story: &Story) -> Result<Self, Failure> {
        let service = Service::start().await?;
        let key = folder.join("admin.key");
        let state = folder.join("controller");
        let admin = call(&["admin", "keygen", "--out"], &[key.as_os_str()]).await?.success()?;
        let admin_key = text(&admin, "public_key")?;
        let founding =
            ["controller", "init", "--test", "--name", "demo", "--admin-key", &admin_key, "--state"];
        let genesis = call(&founding, &[state.as_os_str()]).await?.success()?;
        let fingerprint = text(&genesis, "fingerprint")?;
        let issuer_key = text(&genesis, "issuer_key")?;
        let serving = ["controller", "serve", "--listen", "127.0.0.1:0", "--state"];
        let (controller, ready) = Process::start(&serving, &[state.as_os_str()]).await?;
        let controller_url = format!("http://{}", text(&ready, "address")?);
        story.controller(&fingerprint, &controller_url);
        let ticket = folder.join("ticket.json");
        let uses = count.to_string();
        let inviting = [
            "admin",
            "ticket",
            "--host",
            "127.0.0.1",
            "--uses",
            &uses,
            "--controller",
            &controller_url,
            "--key",
        ];
        let files = [key.as_os_str(), "--out".as_ref(), ticket.as_os_str()];
        call(&inviting, &files).await?.success()?;
        let (oracles, names) = (Vec::new(), Vec::new());
        let mut swarm =
            Self { controller, oracles, service, fingerprint, issuer_key, controller_url, ticket, names };
        swarm.start_oracles(folder, count, story).await?;
        Ok(swarm)
    }

    async fn start_oracles(&mut self, folder: &Path, count: u16, story: &Story) -> Result<(), Failure> {
        let started = Instant::now();
        let mut starting = Vec::new();
        for number in 1..=count {
            starting.push(self.start_oracle(folder.join(format!("oracle-{number}")), number, None));
        }
        for member in story.while_waiting("starting oracles", join_all(starting)).await {
            self.oracles.push(member?);
        }
        self.names = self.oracles.iter().map(|it| (it.number, it.did.clone())).collect();
        story.oracles(&self.names, started.elapsed());
        Ok(())
    }

    /// The command of one oracle, ready to be waited for.
    fn start_oracle(
        &self,
        state: PathBuf,
        number: u16,
        fault: Option<&str>,
    ) -> impl Future<Output = Result<Member, Failure>> + Send + use<> {
        let mut words: Vec<String> =
            ["oracle", "run", "--listen", "127.0.0.1:0", "--controller"].map(str::to_owned).to_vec();
        words.push(self.controller_url.clone());
        words.extend(["--issuer-key".to_owned(), self.issuer_key.clone()]);
        words.extend(["--operator".to_owned(), format!("operator-{number}")]);
        words.extend(["--egress-allow".to_owned(), self.service.address.to_string()]);
        if let Some(fault) = fault {
            words.extend(["--fault".to_owned(), fault.to_owned()]);
        }
        words.push("--ticket".to_owned());
        let ticket = self.ticket.clone();
        async move {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let files = [ticket.as_os_str(), "--state".as_ref(), state.as_os_str()];
            let (process, ready) = Process::start(&words, &files).await?;
            Ok(Member { number, did: text(&ready, "did")?, state, process })
        }
    }

    /// What every query asks: the rate that the demonstration's web service quotes.
    fn query_words(&self, policy: &str) -> Vec<String> {
        let data = json!({
            "endpoint": format!("http://{}/rate", self.service.address),
            "post": { "data": { "pair": "EUR/USD" } },
        });
        let words = ["query", CONTRACT, "--data", &data.to_string(), "--policy", policy, "--controller"];
        let mut words: Vec<String> = words.map(str::to_owned).to_vec();
        words.extend([self.controller_url.clone(), "--swarm".to_owned(), self.fingerprint.clone()]);
        words.push("--out".to_owned());
        words
    }

    async fn query(&self, policy: &str, out: &Path) -> Result<process::Ended, Failure> {
        let words = self.query_words(policy);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        call(&words, &[out.as_os_str()]).await
    }

    async fn first_query(&self, out: &Path, story: &Story) -> Result<(), Failure> {
        let started = Instant::now();
        let answer = self.query("full", out).await?.success()?;
        let title = "3. Every oracle asks a web service, and all agree";
        story.answered(title, &self.names(), &answer, started.elapsed());
        story.verified(out, &self.fingerprint).await
    }

    /// One oracle is killed, one is made to lie.
    async fn break_two(&mut self, story: &Story) -> Result<(), Failure> {
        let mut killed = self.oracles.pop().ok_or_else(|| Failure::internal("no oracle to kill"))?;
        killed.process.kill().await;
        let mut liar = self.oracles.pop().ok_or_else(|| Failure::internal("no oracle to turn"))?;
        liar.process.stop().await;
        let (number, state) = (liar.number, liar.state);
        let liar = self.start_oracle(state, number, Some("lie")).await?;
        story.broken(killed.number, liar.number);
        self.oracles.push(liar);
        Ok(())
    }

    async fn second_query(&self, folder: &Path, story: &Story) -> Result<(), Failure> {
        let out = folder.join("second.json");
        let started = Instant::now();
        let answer = self.query("bft", &out).await?.success()?;
        let title = "5. Two thirds and one agree, which is enough";
        story.answered(title, &self.names(), &answer, started.elapsed());
        story.verified(&out, &self.fingerprint).await
    }

    async fn third_query(&self, folder: &Path, story: &Story) -> Result<(), Failure> {
        let started = Instant::now();
        let ended = self.query("full", &folder.join("third.json")).await?;
        let refusal = ended.failure("full consensus, although one oracle lies and one is dead")?;
        let title = "6. Full consensus is refused, and the report says why";
        story.refused(title, &self.names(), &refusal, started.elapsed());
        Ok(())
    }

    fn names(&self) -> Names {
        Names::new(self.names.clone())
    }

    fn processes(&self) -> Vec<u32> {
        let all = self.oracles.iter().map(|member| &member.process).chain([&self.controller]);
        all.filter_map(Process::id).collect()
    }

    /// The oracles say goodbye first, all at once; the controller is there to hear it.
    async fn stop(mut self) {
        let stopping = self.oracles.into_iter().map(|mut member| async move {
            member.process.stop().await;
            Ok(())
        });
        drop(join_all(stopping.collect()).await);
        self.controller.stop().await;
    }

    fn leave_running(self) {
        for member in self.oracles {
            member.process.leave_running();
        }
        self.controller.leave_running();
    }
}

/// Waits for all, each on a task of its own.
async fn join_all<T: Send + 'static>(
    futures: Vec<impl Future<Output = Result<T, Failure>> + Send + 'static>,
) -> Vec<Result<T, Failure>> {
    let handles: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::with_capacity(handles.len());
    for handle in handles {
        results.push(handle.await.unwrap_or_else(|error| Err(Failure::internal(error))));
    }
    results
}
