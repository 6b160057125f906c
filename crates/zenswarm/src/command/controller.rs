//! `zenswarm controller`.

use serde_json::json;
use swarm_node::controller::folder::{self, FolderError, Founding};
use swarm_node::controller::{Controller as Node, ControllerError, Running, clock};
use swarm_node::tls::{Tls, TlsFiles};
use swarm_protocol::genesis::SignedGenesis;
use tokio::signal::unix::{SignalKind, signal};

use crate::args::controller::{Controller, Init, Serve, Show};
use crate::report::{Console, Exit, Failure};

pub(crate) async fn run(arguments: Controller, console: &Console) -> Result<Exit, Failure> {
    match arguments {
        Controller::Init(it) => init(&it, console),
        Controller::Serve(it) => serve(it, console).await,
        Controller::Show(it) => show(&it, console),
    }
}

fn init(arguments: &Init, console: &Console) -> Result<Exit, Failure> {
    let admin = arguments.admin_key.parse().map_err(|error| {
        Failure::new(Exit::Usage, format!("{error}"))
            .at("--admin-key")
            .hint("give the public key that `zenswarm admin keygen` printed")
    })?;
    let name = arguments.name.parse().map_err(|error| {
        Failure::new(Exit::Usage, format!("{error}")).at("--name").hint("use a short printable name")
    })?;
    let founding = Founding { name, admin, permissionless: arguments.permissionless, test: arguments.test };
    let genesis = folder::found(&arguments.state, &founding, clock::now()).map_err(failure)?;
    let state = arguments.state.display();
    let human = format!(
        "The swarm \"{}\" is made.\n{}\n\nNext: zenswarm controller serve --state {state}\n\
         Hand the fingerprint and the issuer's key to operators and users on another way than over this network.",
        genesis.genesis().name,
        lines(&genesis)
    );
    console.print(&human, &document(&genesis));
    Ok(Exit::Done)
}

fn show(arguments: &Show, console: &Console) -> Result<Exit, Failure> {
    let opened = folder::open(&arguments.state).map_err(failure)?;
    let human = format!("Swarm \"{}\"\n{}", opened.genesis.genesis().name, lines(&opened.genesis));
    console.print(&human, &document(&opened.genesis));
    Ok(Exit::Done)
}

/// Serves until SIGTERM or SIGINT.
async fn serve(arguments: Serve, console: &Console) -> Result<Exit, Failure> {
    let mut terminated = signal(SignalKind::terminate()).map_err(Failure::internal)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::internal)?;
    let Serve { state, listen, contracts, tls_certificate, tls_key } = arguments;
    let files = tls_certificate.zip(tls_key).map(|(certificate, key)| TlsFiles { certificate, key });
    let tls = files.map(Tls::load).transpose().map_err(|error| {
        Failure::new(Exit::Usage, error.to_string()).at("--tls-certificate").hint(error.hint())
    })?;
    let opened = tokio::task::spawn_blocking(move || Node::open(&state, contracts.as_deref()));
    let controller = opened.await.map_err(Failure::internal)?.map_err(start_failure)?;
    let running = controller.serve_in(listen, tls).await.map_err(|error| start_failure(error.into()))?;
    ready(&running, console);
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    running.shutdown();
    running.join().await.map_err(|error| start_failure(error.into()))?;
    console.print("The controller has stopped.", &json!({ "event": "stopped" }));
    Ok(Exit::Done)
}

/// One line that says that the controller can be used; programs wait for it.
fn ready(running: &Running, console: &Console) {
    let genesis = running.controller().genesis();
    let (oracles, entries) = {
        let registry = running.controller().registrar().registry();
        (registry.oracles().count(), registry.size())
    };
    let human = format!(
        "The controller of \"{}\" serves at {} ({oracles} oracles, {entries} entries in the log).\n  \
         fingerprint  {}\nStop it with Ctrl-C.",
        genesis.genesis().name,
        running.url(),
        genesis.fingerprint(),
    );
    let mut document = document(genesis);
    document["event"] = "ready".into();
    document["address"] = json!(running.local_addr());
    document["url"] = running.url().into();
    console.print(&human, &document);
}

fn start_failure(error: ControllerError) -> Failure {
    let place = match &error {
        ControllerError::Folder(_) | ControllerError::Replay(_) => "--state",
        ControllerError::Contracts(_) => "--contracts",
        ControllerError::Server(_) | ControllerError::Client(_) => "--listen",
    };
    Failure::new(Exit::Usage, error.to_string()).at(place).hint(error.hint())
}

/// What people compare and hand around.
fn lines(genesis: &SignedGenesis) -> String {
    let record = genesis.genesis();
    let admins: Vec<String> = record.admins.iter().map(ToString::to_string).collect();
    let enrolment = if record.permissionless { "also without a ticket" } else { "with a ticket" };
    format!(
        "  fingerprint  {}\n  swarm        {}\n  issuer key   {}\n  admin key    {}\n  enrolment    {enrolment}{}",
        genesis.fingerprint(),
        genesis.swarm(),
        record.controller,
        admins.join(", "),
        if record.test { "\n  purpose      tests: do not rely on its certificates" } else { "" },
    )
}

fn document(genesis: &SignedGenesis) -> serde_json::Value {
    let record = genesis.genesis();
    json!({
        "fingerprint": genesis.fingerprint(),
        "swarm": genesis.swarm(),
        "controller": genesis.controller(),
        "issuer_key": record.controller,
        "admins": record.admins,
        "name": record.name,
        "permissionless": record.permissionless,
        "test": record.test,
    })
}

fn failure(error: FolderError) -> Failure {
    Failure::new(Exit::Usage, error.to_string()).at("--state").hint(error.hint())
}
