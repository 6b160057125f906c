//! Executions per second on one core: this implementation beside the reference engine, in one run.
//!
//! Both sides run the same contract on the same data. Rounds alternate, so that a busy machine slows
//! both; the median round counts. Time is processor time, so that other programs on the machine count for
//! neither side. The contract is compiled once here, as an oracle does; the reference
//! engine has no such step and starts its machine for every execution, as its servers do.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Parser;
use conformance::{Case, Outcome, Reference, Settings, default_parts_folder};
use serde_json::json;
use zencode::{Contract, Inputs, KeyCache, Library, Step};

/// How long one round of ours lasts.
const ROUND: Duration = Duration::from_millis(300);
/// Executions of the reference engine per round.
const REFERENCE_ROUND: u32 = 15;

/// Measures executions per second and prints JSON.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where `node_modules/zenroom` is.
    #[arg(long, value_name = "FOLDER", default_value_os_t = default_parts_folder())]
    parts: PathBuf,
    /// Rounds per contract; the median counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut reference = Reference::start(&arguments.parts)?;
    let settings = Settings::default();
    let mut rows = Vec::new();
    for case in subjects() {
        // The first round of either side warms caches and is thrown away.
        our_round(&case, &settings)?;
        reference_round(&mut reference, &case, &settings)?;
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        for _ in 0..arguments.rounds.max(1) {
            theirs.push(reference_round(&mut reference, &case, &settings)?);
            ours.push(our_round(&case, &settings)?);
        }
        let (ours, theirs) = (median(ours), median(theirs));
        rows.push(json!({ "contract": case.name, "ours_per_second": ours, "reference_per_second": theirs,
                          "ratio": ours / theirs }));
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
        data: include_str!("../cases/core/twenty_statements.data.json").into(),
        ..Case::from_text("20 statements", include_str!("../cases/core/twenty_statements.zen"))
    };
    vec![ping, twenty, sign("sign ecdsa", "ecdh"), sign("sign eddsa", "eddsa")]
}

/// Executions per second of this implementation in one round.
fn our_round(case: &Case, settings: &Settings) -> Result<f64> {
    let contract = match Contract::compile(&case.script, Library::Language, &settings.limits) {
        Ok(contract) => contract,
        Err(diagnostic) => bail!("{}: {diagnostic}", case.name),
    };
    // An oracle grants the same keys to a contract again and again.
    let keys = KeyCache::default();
    let started = Instant::now();
    let processor = processor_seconds()?;
    let mut executions = 0_u32;
    while started.elapsed() < ROUND {
        for _ in 0..16 {
            execute(case, &contract, settings, &keys)?;
        }
        executions += 16;
    }
    Ok(f64::from(executions) / (processor_seconds()? - processor))
}

/// Processor time of this thread, from the kernel's scheduler.
fn processor_seconds() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")
        .context("processor time is read from Linux")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse().context("schedstat")?;
    Ok(nanoseconds / 1e9)
}

fn execute(case: &Case, contract: &Contract, settings: &Settings, keys: &KeyCache) -> Result<()> {
    let inputs = Inputs { extra: "", data: &case.data, keys: &case.keys };
    // Oracles serve with fresh entropy; the reference's slow generator is for comparisons of output.
    let settings = zencode::Settings {
        seed: zencode::Seed::Fresh([7; 32]),
        now_ms: settings.now_ms,
        limits: settings.limits,
    };
    match contract.start_with(inputs, settings, keys).and_then(|mut run| run.step()) {
        Ok(Step::Done(output)) => {
            std::hint::black_box(output);
            Ok(())
        }
        Ok(Step::Ask(_)) => bail!("{} asks its host, which is not measured here", case.name),
        Err(failure) => bail!("{}: {failure}", case.name),
    }
}

/// Executions per second of the reference engine in one round.
fn reference_round(reference: &mut Reference, case: &Case, settings: &Settings) -> Result<f64> {
    let measured = reference.measure(case, settings, REFERENCE_ROUND)?;
    if let Outcome::Failed { message, .. } = &measured.outcome {
        bail!("the reference engine refuses {}: {message}", case.name);
    }
    // Its garbage collector works on other threads: the smaller of the two times is the one in its favour.
    let times = measured.wall_us.iter().zip(&measured.cpu_us).map(|(wall, cpu)| wall.min(cpu));
    let per_execution: Vec<f64> = times.map(|us| *us as f64).collect();
    Ok(1e6 / median(per_execution))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
