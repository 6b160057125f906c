//! `zenswarm oracle`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::duration;

/// An oracle's life.
#[derive(Debug, Subcommand)]
pub(crate) enum Oracle {
    /// Join a swarm (when not yet a member), serve, and say goodbye at the end.
    Run(Run),
    /// Enrol with a controller, then stop; `serve` takes it from there.
    Join(Run),
    /// Serve contracts; as a member of a swarm when one was joined before.
    Serve(Settings),
    /// Say goodbye for an oracle that does not run; it may come back by serving again.
    Leave(Settings),
    /// Show who this oracle is: its DID, public keys and swarm.
    Show(Settings),
    /// Make, list and revoke the API keys of callers; a serving oracle follows within a second.
    #[command(subcommand)]
    ApiKey(ApiKey),
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub(crate) enum ApiKey {
    /// Make a key; its text is shown once, and only its digest is kept.
    Create(CreateKey),
    /// List all keys, revoked ones too.
    List(Settings),
    /// Revoke a key, for good.
    Revoke(RevokeKey),
}

/// Whom the key is for.
#[derive(Debug, Args)]
pub(crate) struct CreateKey {
    /// A name for who will hold it; metadata of contracts may list it.
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// How long it is good; without one, until it is revoked.
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) expires: Option<std::time::Duration>,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Which key.
#[derive(Debug, Args)]
pub(crate) struct RevokeKey {
    /// Its id or name.
    #[arg(value_name = "KEY")]
    pub(crate) key: String,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Serving and joining.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) join: Join,
}

/// What the oracle is to be; a flag wins over the environment, the environment over the file.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// Configuration file (TOML); every key of it is a flag or an environment variable as well.
    #[arg(long, env = "ZENSWARM_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder that holds the oracle's keys and receipt; made with mode 0700 when absent.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// Folder of contracts to serve; without one, the contracts inside the binary.
    #[arg(long, value_name = "DIR")]
    pub(crate) contracts: Option<PathBuf>,
    /// Folder that contracts may read files from; without one, none.
    #[arg(long, value_name = "DIR")]
    pub(crate) files: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// The address under which others reach this oracle; without one, the listening address.
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// PEM file of the TLS certificate and those that signed it; without one, plain HTTP.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// PEM file of the certificate's private key.
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Destination that contracts may reach although it is private: a host, `host:port`, an
    /// address or a range such as `127.0.0.1/32`. May be repeated.
    #[arg(long, value_name = "DESTINATION")]
    pub(crate) egress_allow: Vec<String>,
    /// Misbehave on purpose; refused unless the swarm's genesis says that it is a test.
    #[arg(long, value_name = "KIND")]
    pub(crate) fault: Option<Fault>,
}

/// Which swarm, and with which invitation.
#[derive(Debug, Args)]
pub(crate) struct Join {
    /// Address of the controller.
    #[arg(long, value_name = "URL")]
    pub(crate) controller: Option<String>,
    /// The controller's public key, iPK, in base58, learnt on another way than from the
    /// controller itself.
    #[arg(long, value_name = "KEY")]
    pub(crate) issuer_key: Option<String>,
    /// The admin's ticket, with the secret that claims it.
    #[arg(long, value_name = "FILE")]
    pub(crate) ticket: Option<PathBuf>,
    /// Who runs this oracle; a committee seats one oracle per operator.
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// Where it runs, in the operator's words.
    #[arg(long, value_name = "NAME")]
    pub(crate) region: Option<String>,
}

/// Kinds of misbehaviour, for demonstrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// Vote for a result that no contract gave.
    Lie,
    /// Never answer an assignment.
    Silent,
    /// Vote for an error.
    Error,
}
