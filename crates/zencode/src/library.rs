//! Every statement of the language, in the order of the manual, and the index that finds them.

use crate::schema::Schema;
use crate::scheme::SignatureScheme;
use crate::statement::{Action, Phase, Statement};
use crate::words;

mod array;
mod connector;
mod debug;
mod dictionary;
mod foreach;
mod given;
mod hash;
mod index;
mod jose;
mod kem;
mod keyring;
mod legacy;
mod math;
mod pack;
mod random;
mod signature;
mod suggestion;
mod table;
mod then;
mod time;
mod verify;
mod when;

pub use connector::absent::{ABSENT, Absent};
pub(crate) use index::{Found, Loaded};
pub use legacy::{LEGACY, Legacy};
pub use suggestion::distance;

mod scenario {
    pub(super) mod bbs;
    pub(super) mod bitcoin;
    pub(super) mod credential;
    pub(super) mod dcql_query;
    pub(super) mod dp3t;
    pub(super) mod ecdh;
    pub(super) mod eddsa;
    pub(super) mod es256;
    pub(super) mod ethereum;
    pub(super) mod fsp;
    pub(super) mod http;
    pub(super) mod merkle;
    pub(super) mod petition;
    pub(super) mod planetmint;
    pub(super) mod pvss;
    pub(super) mod qp;
    pub(super) mod reflow;
    pub(super) mod rsa;
    pub(super) mod schnorr;
    pub(super) mod sd_jwt;
    pub(super) mod secshare;
    pub(super) mod w3c;
}

/// A set of statements that a contract has always, or asks for with `Scenario`.
#[derive(Debug)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// When its statements can be used.
    pub load: Load,
    /// Its statements.
    pub statements: &'static [Statement],
    pub(crate) schemas: &'static [Schema],
    pub(crate) scheme: Option<&'static SignatureScheme>,
}

impl Scenario {
    /// The names of its types, as objects of them are called in memory: `eddsa_public_key`.
    pub fn types(&self) -> impl Iterator<Item = &'static str> {
        self.schemas.iter().map(|schema| schema.name)
    }

    /// Every sentence of the scenario, with the table it is found in and the statement behind it.
    pub fn sentences(&self) -> Vec<(Phase, String, &'static Statement)> {
        let mut all = Vec::new();
        for statement in self.statements {
            for pattern in statement.patterns {
                for phase in phases(&statement.run) {
                    let mut sentence = sentence_of(pattern, self.scheme);
                    if let Action::Ask(..) = statement.run {
                        // Each phase has filler words of its own.
                        sentence = words::sentence(&format!("{} I {sentence}", phase.name()), *phase);
                    }
                    all.push((*phase, sentence, statement));
                }
            }
        }
        all
    }
}

impl std::fmt::Debug for SignatureScheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignatureScheme({})", self.name)
    }
}

/// When the statements of a scenario can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Always.
    Always,
    /// After `Scenario 'name'`.
    OnDemand,
    /// Where the host offers connectors.
    Connectors,
}

const fn core(name: &'static str, statements: &'static [Statement], schemas: &'static [Schema]) -> Scenario {
    Scenario { name, load: Load::Always, statements, schemas, scheme: None }
}

const fn on_demand(
    name: &'static str,
    statements: &'static [Statement],
    schemas: &'static [Schema],
) -> Scenario {
    Scenario { name, load: Load::OnDemand, statements, schemas, scheme: None }
}

/// What a host answers: the name is of the form `connector_…`, so that it is no scenario's.
const fn connector(name: &'static str, statements: &'static [Statement]) -> Scenario {
    Scenario { name, load: Load::Connectors, statements, schemas: &[], scheme: None }
}

/// An algorithm of `qp`.
const fn quantum_proof(
    statements: &'static [Statement],
    schemas: &'static [Schema],
    scheme: &'static SignatureScheme,
) -> Scenario {
    Scenario { name: "qp", load: Load::Always, statements, schemas, scheme: Some(scheme) }
}

/// Every scenario, in the order of the manual.
pub const LIBRARY: &[Scenario] = &[
    core("given", given::STATEMENTS, &[]),
    core("when", when::STATEMENTS, &[]),
    core("then", then::STATEMENTS, &[]),
    core("verify", verify::STATEMENTS, &[]),
    core("foreach", foreach::STATEMENTS, &[]),
    core("array", array::STATEMENTS, &[]),
    core("dictionary", dictionary::STATEMENTS, &[]),
    core("table", table::STATEMENTS, &[]),
    core("math", math::STATEMENTS, &[]),
    core("random", random::STATEMENTS, &[]),
    core("hash", hash::STATEMENTS, hash::SCHEMAS),
    core("time", time::STATEMENTS, time::SCHEMAS),
    core("pack", pack::STATEMENTS, &[]),
    core("keyring", keyring::STATEMENTS, keyring::SCHEMAS),
    core("debug", debug::STATEMENTS, &[]),
    Scenario {
        name: "ecdh",
        load: Load::Always,
        statements: scenario::ecdh::STATEMENTS,
        schemas: scenario::ecdh::SCHEMAS,
        scheme: Some(&scenario::ecdh::SCHEME),
    },
    Scenario {
        name: "eddsa",
        load: Load::Always,
        statements: signature::STATEMENTS,
        schemas: scenario::eddsa::SCHEMAS,
        scheme: Some(&scenario::eddsa::SCHEME),
    },
    Scenario {
        name: "es256",
        load: Load::Always,
        statements: signature::STATEMENTS,
        schemas: scenario::es256::SCHEMAS,
        scheme: Some(&scenario::es256::SCHEME),
    },
    quantum_proof(scenario::qp::SIGNING, scenario::qp::SCHEMAS, &scenario::qp::DILITHIUM),
    quantum_proof(scenario::qp::SIGNING, &[], &scenario::qp::MLDSA44),
    quantum_proof(scenario::qp::AGREEING, &[], &scenario::qp::MLKEM512),
    quantum_proof(scenario::qp::AGREEING, &[], &scenario::qp::KYBER),
    quantum_proof(scenario::qp::AGREEING, &[], &scenario::qp::NTRUP),
    Scenario {
        name: "bitcoin",
        load: Load::Always,
        statements: scenario::bitcoin::STATEMENTS,
        schemas: scenario::bitcoin::SCHEMAS,
        scheme: Some(&scenario::bitcoin::MAIN),
    },
    Scenario {
        name: "bitcoin",
        load: Load::Always,
        statements: scenario::bitcoin::STATEMENTS,
        schemas: &[],
        scheme: Some(&scenario::bitcoin::TEST),
    },
    Scenario {
        name: "schnorr",
        load: Load::OnDemand,
        statements: signature::STATEMENTS,
        schemas: scenario::schnorr::SCHEMAS,
        scheme: Some(&scenario::schnorr::SCHEME),
    },
    Scenario {
        name: "ethereum",
        load: Load::OnDemand,
        statements: scenario::ethereum::STATEMENTS,
        schemas: scenario::ethereum::SCHEMAS,
        scheme: Some(&scenario::ethereum::SCHEME),
    },
    on_demand("jwk", scenario::w3c::jwk::STATEMENTS, scenario::w3c::jwk::SCHEMAS),
    on_demand("jws", scenario::w3c::jws::STATEMENTS, &[]),
    Scenario {
        name: "rsa",
        load: Load::OnDemand,
        statements: scenario::rsa::STATEMENTS,
        schemas: scenario::rsa::SCHEMAS,
        scheme: Some(&scenario::rsa::SCHEME),
    },
    on_demand("jwt", scenario::w3c::jwt::STATEMENTS, scenario::w3c::jwt::SCHEMAS),
    on_demand("did", scenario::w3c::did::STATEMENTS, scenario::w3c::did::SCHEMAS),
    on_demand("vc", scenario::w3c::vc::STATEMENTS, scenario::w3c::vc::SCHEMAS),
    on_demand("sd_jwt", scenario::sd_jwt::STATEMENTS, scenario::sd_jwt::SCHEMAS),
    on_demand("credential", scenario::credential::STATEMENTS, scenario::credential::SCHEMAS),
    on_demand("petition", scenario::petition::STATEMENTS, scenario::petition::SCHEMAS),
    on_demand("reflow", scenario::reflow::STATEMENTS, scenario::reflow::SCHEMAS),
    on_demand("http", scenario::http::STATEMENTS, &[]),
    on_demand("merkle", scenario::merkle::STATEMENTS, &[]),
    on_demand("planetmint", scenario::planetmint::STATEMENTS, &[]),
    on_demand("dp3t", scenario::dp3t::STATEMENTS, &[]),
    on_demand("fsp", scenario::fsp::STATEMENTS, scenario::fsp::SCHEMAS),
    on_demand("pvss", scenario::pvss::STATEMENTS, scenario::pvss::SCHEMAS),
    on_demand("bbs", scenario::bbs::STATEMENTS, scenario::bbs::SCHEMAS),
    on_demand("dcql_query", scenario::dcql_query::STATEMENTS, scenario::dcql_query::SCHEMAS),
    on_demand("secshare", scenario::secshare::STATEMENTS, scenario::secshare::SCHEMAS),
    connector("connector_http", connector::http::STATEMENTS),
    connector("connector_http", connector::http::ORDERS),
    connector("connector_files", connector::files::STATEMENTS),
    connector("connector_files", connector::files::ORDERS),
    connector("connector_time", connector::time::STATEMENTS),
    connector("connector_log", connector::log::STATEMENTS),
    connector("connector_did", connector::did::STATEMENTS),
    connector("connector_redis", connector::redis::STATEMENTS),
    connector("connector_sql", connector::sql::STATEMENTS),
    connector("connector_git", connector::git::STATEMENTS),
    connector("connector_influx", connector::influx::STATEMENTS),
    connector("connector_value", connector::value::STATEMENTS),
    connector("connector_value", connector::schema::STATEMENTS),
    connector("connector_value", connector::qr::STATEMENTS),
    connector("connector_value", connector::execute::STATEMENTS),
];

/// Scenario names that load nothing beyond what is always there.
const ALWAYS_LOADED: &[&str] = &[
    "array",
    "bitcoin",
    "data",
    "debug",
    "dictionary",
    "ecdh",
    "eddsa",
    "es256",
    "foreach",
    "given",
    "hash",
    "keyring",
    "math",
    "pack",
    "random",
    "table",
    "then",
    "time",
    "verify",
    "when",
];

/// Scenarios of the reference engine that are left out, and why.
pub const UNSUPPORTED: &[(&str, &str)] = &[
    ("mayo", "there is no well-kept Rust implementation of it"),
    ("longfellow", "there is no well-kept Rust implementation of the proof system"),
];

/// What to say to somebody who wants a scenario that is not there.
pub(crate) fn unknown_scenario(name: &str) -> String {
    match UNSUPPORTED.iter().find(|(scenario, _)| *scenario == name) {
        Some((_, why)) => format!("not supported, because {why}"),
        None => "`zenswarm statements` lists the scenarios; each stands on a line of its own".to_owned(),
    }
}

/// Scenarios that load others: all that such a name stands for.
const GROUPS: &[(&str, &[&str])] =
    &[("w3c", &["jwk", "jws", "jwt", "did", "vc"]), ("reflow", &["credential", "reflow"])];

/// The sentence of a pattern, the algorithm's name put in.
pub(crate) fn sentence_of(pattern: &str, scheme: Option<&'static SignatureScheme>) -> String {
    scheme.map_or_else(|| pattern.to_owned(), |scheme| pattern.replace("{scheme}", scheme.name))
}

pub(crate) use hash::multihash_schema;
pub(crate) use scenario::fsp::Session;

/// The tables that an action is found in.
pub(crate) fn phases(action: &Action) -> &'static [Phase] {
    match action {
        Action::Given(_) => &[Phase::Given],
        Action::When(_) => &[Phase::When],
        Action::Check(_) => &[Phase::When, Phase::If],
        Action::Foreach(_) => &[Phase::Foreach],
        Action::Then(_) => &[Phase::Then],
        // restroom-mw performs these wherever the line stands.
        Action::Ask(..) => &[Phase::Given, Phase::When, Phase::Then],
        Action::Order(..) => &[Phase::Given, Phase::Then],
    }
}

#[cfg(test)]
mod tests;
