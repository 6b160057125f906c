//! Compares this implementation with the reference engine, and prints where they differ.
//!
//! Exit code 0: every difference is listed with a reason. 1: some are not. 2: the comparison could not be made.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use conformance::{
    Case, KnownDifferences, Recording, Reference, Row, Settings, Table, Verdict, committed_cases, compare,
    default_parts_folder, ours, random, stale_documents, write_documents,
};

/// Runs contracts through this implementation and through npm `zenroom`, and compares the two.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// A folder of `.zen` files with `.data.json` and `.keys.json` beside them; the committed cases when absent.
    folder: Option<PathBuf>,
    /// Only cases whose name contains this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Where `node_modules/zenroom` is.
    #[arg(long, value_name = "FOLDER", default_value_os_t = default_parts_folder())]
    parts: PathBuf,
    /// Write what the reference engine answers beside the cases, and compare nothing.
    #[arg(long, conflicts_with = "check_recordings")]
    record: bool,
    /// Fail when a committed recording is not what the reference engine answers.
    #[arg(long)]
    check_recordings: bool,
    /// Write the manual and the table of conformance, and compare nothing. Needs no Node.js.
    #[arg(long, conflicts_with_all = ["folder", "record", "check_recordings", "check_documents", "random"])]
    write_documents: bool,
    /// Fail when the manual or the table of conformance is not what would be written. Needs no Node.js.
    #[arg(long, conflicts_with_all = ["folder", "record", "check_recordings", "random"])]
    check_documents: bool,
    /// Compare this many contracts made from the seed instead of a folder.
    #[arg(long, value_name = "COUNT", conflicts_with_all = ["folder", "record", "check_recordings"])]
    random: Option<usize>,
    /// What random contracts are made from.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("conformance: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool> {
    if arguments.write_documents || arguments.check_documents {
        return documents(arguments.write_documents);
    }
    let (mut cases, known) = match (&arguments.folder, arguments.random) {
        (_, Some(count)) => (random::cases(arguments.seed, count), KnownDifferences::default()),
        (Some(folder), None) => (Case::read_all(folder)?, KnownDifferences::default()),
        (None, None) => committed_cases()?,
    };
    if let Some(only) = &arguments.only {
        cases.retain(|case| case.name.contains(only));
    }
    let mut reference = Reference::start(&arguments.parts)?;
    if arguments.record || arguments.check_recordings {
        return recordings(&cases, &mut reference, arguments.record);
    }
    let mut rows = Vec::new();
    for case in &cases {
        let settings = settings_of(case)?;
        let theirs = reference.run(case, &settings)?;
        let verdict = compare(&ours::run(case, &settings), &theirs);
        if arguments.random.is_some() && verdict == Verdict::NoReference {
            continue;
        }
        if case.stem.is_none() && !verdict.is_agreement() && !arguments.json {
            println!("{}\n{}{}", case.name, case.script, case.data);
        }
        rows.push(Row { case: case.name.clone(), verdict });
    }
    // A known difference outside the selection is not stale.
    let known = if arguments.only.is_some() { KnownDifferences::default() } else { known };
    let table = Table::new(rows, known);
    if arguments.json {
        println!("{:#}", table.json());
    } else {
        print!("{}", table.text(arguments.folder.is_some()));
    }
    Ok(table.unexplained().is_empty() && table.stale().is_empty())
}

fn documents(write: bool) -> Result<bool> {
    let stale = if write { write_documents()? } else { stale_documents()? };
    for path in &stale {
        println!("{path}: {}", if write { "written" } else { "not what would be written" });
    }
    Ok(write || stale.is_empty())
}

fn recordings(cases: &[Case], reference: &mut Reference, write: bool) -> Result<bool> {
    let mut stale = 0;
    for case in cases {
        let outcome = reference.run(case, &settings_of(case)?)?;
        let fresh = Recording::of(&outcome).with_context(|| case.name.clone())?;
        if Recording::read(case)?.as_ref() == Some(&fresh) {
            continue;
        }
        stale += 1;
        if write {
            fresh.write(case)?;
        } else {
            println!("{}: the recording is not what the reference engine answers", case.name);
        }
    }
    println!("{} recordings, {stale} {}", cases.len(), if write { "written" } else { "stale" });
    Ok(write || stale == 0)
}

fn settings_of(case: &Case) -> Result<Settings> {
    let settings = case.conf.as_deref().map_or_else(|| Ok(Settings::default()), Settings::from_conf);
    settings.with_context(|| case.name.clone())
}
