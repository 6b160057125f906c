//! The command line: clap types only, one file per verb.
//!
//! Nothing here reads a file or decides anything, so that the manual and the completions can be
//! made from these types alone.

pub(crate) mod admin;
pub(crate) mod completions;
pub(crate) mod controller;
pub(crate) mod demo;
pub(crate) mod did;
pub(crate) mod duration;
pub(crate) mod oracle;
pub(crate) mod ps;
pub(crate) mod query;
pub(crate) mod statements;
pub(crate) mod verify;
pub(crate) mod zencode;
pub(crate) mod zenroom;

use clap::{Parser, Subcommand};

use crate::report::Format;

/// A swarm of oracles: many machines execute the same contract, and one answer comes back that
/// anybody can verify.
#[derive(Debug, Parser)]
#[command(name = "zenswarm", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Print results and errors as JSON, one document per line.
    #[arg(long, global = true, env = "ZENSWARM_JSON")]
    json: bool,
    /// What to log on standard error: error, warn, info, debug, trace, or a filter such as
    /// `swarm_node=debug`.
    #[arg(long, global = true, env = "ZENSWARM_LOG", value_name = "FILTER", default_value = "warn")]
    pub(crate) log: String,
    /// The verb.
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// How results are printed.
    pub(crate) fn format(&self) -> Format {
        if self.json { Format::Json } else { Format::Human }
    }
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a swarm on this machine, send it one query, and verify the certificate.
    Demo(demo::Demo),
    /// Run an oracle: join a swarm, serve contracts, vote, leave.
    #[command(subcommand)]
    Oracle(Box<oracle::Oracle>),
    /// Run a controller: the registry, the issuer's key, the relay of queries.
    #[command(subcommand)]
    Controller(controller::Controller),
    /// The operator's work: keys, tickets, admissions, evictions.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Send a query to a swarm and save its certificate.
    Query(query::Query),
    /// Verify a certificate, without a network.
    Verify(verify::Verify),
    /// Resolve a DID.
    #[command(subcommand)]
    Did(did::Did),
    /// List the oracles of a swarm.
    Ps(ps::Ps),
    /// Run, check and format contracts.
    #[command(subcommand)]
    Zencode(zencode::Zencode),
    /// Run one contract like the reference interpreter: same flags, output and exit code.
    Zenroom(zenroom::Zenroom),
    /// Run one contract from standard input like the reference executor.
    #[command(name = "zencode-exec")]
    ZencodeExec(zenroom::ZencodeExec),
    /// List every statement of the language.
    Statements(statements::Statements),
    /// Print a shell's completion script.
    Completions(completions::Completions),
}

/// What the process ends with; `report::Exit` is the same list.
const EXIT_CODES: &str = "\
Exit codes:
   0  done
   1  a contract, a verification or a query failed
   2  the command line, a file or the configuration is wrong
   3  the other side cannot be reached
   4  the other side refused
  70  a fault of zenswarm itself";
