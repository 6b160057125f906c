//! Executions per second on one core: this implementation beside the reference engine, in one run.
//!
//! Both sides run the same contract on the same data. Rounds alternate, so that a busy machine slows
//! both; the median round counts. Time is processor time, so that other programs on the machine count for
//! neither side. The contract is compiled once here, as an oracle does; the reference
//! engine has no such step and starts its machine for every execution, as its servers do.

mod measure;
mod schemes;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use conformance::{Case, Reference, Settings, default_parts_folder};
use serde_json::json;

/// Measures executions per second and prints JSON.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where `node_modules/zenroom` is.
    #[arg(long, value_name = "FOLDER", default_value_os_t = default_parts_folder())]
    parts: PathBuf,
    /// Rounds per contract; the median counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Measure the schemes of keys, signatures and proofs instead of the language.
    #[arg(long)]
    schemes: bool,
    /// Only the schemes whose name holds this.
    #[arg(long, default_value = "", value_name = "TEXT")]
    only: String,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut reference = Reference::start(&arguments.parts)?;
    let settings = Settings::default();
    let subjects = if arguments.schemes {
        schemes::subjects(&mut reference, &settings, &arguments.only)?
    } else {
        subjects()
    };
    let mut rows = Vec::new();
    for case in subjects {
        let speed = measure::speed(&case, &mut reference, &settings, arguments.rounds)?;
        rows.push(json!({ "contract": case.name, "ours_per_second": speed.ours,
                          "reference_per_second": speed.reference, "ratio": speed.ours / speed.reference }));
    }
    println!("{}", json!({ "vm": rows }));
    Ok(())
}

const KEYRING: &str = r#"{"keyring":{"ecdh":"B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=","eddsa":"7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH"}}"#;
const ASSET: &str = r#"{"asset":{"address":"7 Ridge Road","rooms":"4","owner":"Ada","price":"125000","tags":["stone","garden"]}}"#;

fn subjects() -> Vec<Case> {
    let ping = Case::from_text("ping", "Given nothing\nThen print string 'I am alive'\n");
    let sign = |name: &str, scheme: &str| Case {
        data: ASSET.into(),
        keys: KEYRING.into(),
        ..Case::from_text(
            name,
            &format!(
                "Scenario '{scheme}': sign\nGiven I have a 'keyring'\nGiven I have a 'string dictionary' named 'asset'\n\
                 When I create the {scheme} signature of 'asset'\nThen print the '{scheme} signature'\n"
            ),
        )
    };
    let twenty = Case {
        data: include_str!("../../cases/core/twenty_statements.data.json").into(),
        ..Case::from_text("20 statements", include_str!("../../cases/core/twenty_statements.zen"))
    };
    vec![ping, twenty, sign("sign ecdsa", "ecdh"), sign("sign eddsa", "eddsa")]
}
