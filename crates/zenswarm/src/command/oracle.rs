//! `zenswarm oracle`.

mod api_key;

use serde_json::{Value, json};
use swarm_node::config::{ConfigError, Fault, Layer, OracleConfig};
use swarm_node::controller::remote::RemoteError;
use swarm_node::oracle::keys::Keys;
use swarm_node::oracle::membership::Record;
use swarm_node::oracle::{Oracle as Node, OracleError, SwarmError};
use tokio::signal::unix::{SignalKind, signal};

use crate::args::oracle::{Fault as FaultWord, Join, Oracle, Run, Settings};
use crate::report::{Console, Exit, Failure, Format};

pub(crate) async fn run(arguments: Oracle, console: &Console) -> Result<Exit, Failure> {
    match arguments {
        Oracle::Run(Run { settings, join }) => serve(config(settings, Some(join))?, console).await,
        Oracle::Serve(settings) => serve(config(settings, None)?, console).await,
        Oracle::Join(Run { settings, join }) => enrol(config(settings, Some(join))?, console).await,
        Oracle::Leave(settings) => leave(config(settings, None)?, console).await,
        Oracle::Show(settings) => show(&config(settings, None)?, console),
        Oracle::ApiKey(it) => api_key::run(it, console),
    }
}

/// Serves until SIGTERM or SIGINT, and then says goodbye.
async fn serve(config: OracleConfig, console: &Console) -> Result<Exit, Failure> {
    // Before anything is announced, so that no signal is missed.
    let mut terminated = signal(SignalKind::terminate()).map_err(Failure::internal)?;
    let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::internal)?;
    let oracle = tokio::select! {
        oracle = Node::start(config) => oracle.map_err(failure)?,
        _ = terminated.recv() => return Ok(Exit::Done),
        _ = interrupted.recv() => return Ok(Exit::Done),
    };
    ready(&oracle, console);
    tokio::select! {
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
    let did = oracle.did();
    oracle.stop().await.map_err(failure)?;
    console.print(&format!("{did} has left."), &json!({ "event": "stopped", "did": did }));
    Ok(Exit::Done)
}

/// One line that says that the oracle can be used; programs wait for it.
fn ready(oracle: &Node, console: &Console) {
    let endpoint = oracle.endpoint().as_str().trim_end_matches('/');
    let standing = oracle.standing();
    let state = standing.as_ref().map(|it| json!(it.state));
    let place = match &state {
        Some(state) => format!("{} in its swarm", state.as_str().unwrap_or_default()),
        None => "in no swarm".to_owned(),
    };
    console.print(
        &format!("{}\nserves at {}, {place}. Stop it with Ctrl-C.", oracle.did(), endpoint),
        &json!({
            "event": "ready",
            "did": oracle.did(),
            "address": oracle.local_addr(),
            "endpoint": endpoint,
            "state": state,
        }),
    );
}

async fn enrol(config: OracleConfig, console: &Console) -> Result<Exit, Failure> {
    if config.swarm.is_none() {
        return Err(Failure::new(Exit::Usage, "no swarm is named")
            .at("--controller")
            .hint("name the controller's address and its key"));
    }
    let oracle = Node::serve(config).await.map_err(failure)?;
    let record = oracle.join().await;
    let did = oracle.did();
    oracle.stop().await.map_err(failure)?;
    let swarm = record.map_err(failure)?.map(|record| record.genesis);
    let Some(genesis) = swarm else { return Err(Failure::internal("joined, and no record was kept")) };
    console.print(
        &format!("{did} is enrolled in {}.", genesis.genesis().name),
        &json!({ "did": did, "swarm": genesis.swarm(), "fingerprint": genesis.fingerprint() }),
    );
    Ok(Exit::Done)
}

/// An oracle that does not run says goodbye too.
async fn leave(config: OracleConfig, console: &Console) -> Result<Exit, Failure> {
    let did = Node::leave(&config).await.map_err(failure)?;
    console.print(&format!("{did} has left."), &json!({ "event": "left", "did": did }));
    Ok(Exit::Done)
}

fn show(config: &OracleConfig, console: &Console) -> Result<Exit, Failure> {
    let keys = Keys::open(&config.state).map_err(|error| failure(error.into()))?;
    let record = Record::read(&config.state).map_err(|error| failure(SwarmError::from(error).into()))?;
    let swarm = record.map(|record| {
        json!({
            "name": record.genesis.genesis().name,
            "id": record.genesis.swarm(),
            "fingerprint": record.genesis.fingerprint(),
            "controller": record.controller,
        })
    });
    let public: serde_json::Map<String, Value> =
        keys.public().into_iter().map(|(name, key)| (name.to_owned(), json!(key))).collect();
    let document = json!({ "did": keys.did(), "keys": public, "swarm": swarm });
    let human = match console.format() {
        Format::Human => serde_json::to_string_pretty(&document).map_err(Failure::internal)?,
        Format::Json => String::new(),
    };
    console.print(&human, &document);
    Ok(Exit::Done)
}

/// File, then environment, then flags.
fn config(settings: Settings, join: Option<Join>) -> Result<OracleConfig, Failure> {
    let file = match &settings.config {
        Some(path) => Layer::from_file(path).map_err(config_failure)?,
        None => Layer::default(),
    };
    let environment = Layer::from_environment(|name| std::env::var(name).ok()).map_err(config_failure)?;
    let fault = settings.fault;
    let mut config = flags(settings, join)?.over(environment).over(file).resolve().map_err(config_failure)?;
    config.fault = fault.map(|word| match word {
        FaultWord::Lie => Fault::Lie,
        FaultWord::Silent => Fault::Silent,
        FaultWord::Error => Fault::Error,
    });
    Ok(config)
}

fn flags(settings: Settings, join: Option<Join>) -> Result<Layer, Failure> {
    let egress_allow = settings.egress_allow.iter().map(|it| parse(it, "--egress-allow"));
    let egress_allow: Vec<_> = egress_allow.collect::<Result<_, _>>()?;
    let layer = Layer {
        state: settings.state,
        contracts: settings.contracts,
        files: settings.files,
        listen: settings.listen,
        endpoint: settings.endpoint.map(|it| parse(&it, "--endpoint")).transpose()?,
        tls_certificate: settings.tls_certificate,
        tls_key: settings.tls_key,
        egress_allow: (!egress_allow.is_empty()).then_some(egress_allow),
        ..Layer::default()
    };
    let Some(join) = join else { return Ok(layer) };
    Ok(Layer {
        controller: join.controller.map(|it| parse(&it, "--controller")).transpose()?,
        issuer_key: join.issuer_key.map(|it| parse(&it, "--issuer-key")).transpose()?,
        ticket: join.ticket,
        operator: join.operator,
        region: join.region,
        ..layer
    })
}

fn parse<T: std::str::FromStr>(text: &str, flag: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| {
        Failure::new(Exit::Usage, error.to_string()).at(flag).hint("see `zenswarm oracle run --help`")
    })
}

fn config_failure(error: ConfigError) -> Failure {
    Failure::new(Exit::Usage, error.message).at(error.place).hint(error.hint)
}

fn failure(error: OracleError) -> Failure {
    let exit = match &error {
        OracleError::Swarm(SwarmError::Remote(RemoteError::Refused { .. })) => Exit::Refused,
        OracleError::Swarm(SwarmError::Remote(RemoteError::Address { .. })) => Exit::Usage,
        OracleError::Swarm(SwarmError::Remote(_)) => Exit::Unreachable,
        OracleError::Swarm(SwarmError::Envelope(_) | SwarmError::OtherAcknowledgement) => Exit::Failed,
        OracleError::Swarm(SwarmError::Entropy(_)) => Exit::Internal,
        _ => Exit::Usage,
    };
    let failure = Failure::new(exit, error.to_string()).hint(error.hint());
    match &error {
        OracleError::Config(config) => failure.at(&config.place),
        OracleError::Contracts(contracts) => failure.at(contracts.path.display()),
        OracleError::Swarm(SwarmError::Remote(RemoteError::Refused { url, .. })) => failure.at(url),
        _ => failure,
    }
}
