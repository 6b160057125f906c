//! Compares this implementation with the reference engine, and prints where they differ.
//!
//! Exit code 0: every difference is listed with a reason. 1: some are not. 2: the comparison could not be made.

use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use conformance::{
    Case, KnownDifferences, Recording, Reference, Row, Settings, Table, committed_cases, compare,
    default_parts_folder, fuzz, ours, random, stale_documents, write_documents,
};

/// Runs contracts through this implementation and through npm `zenroom`, and compares the two.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
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
    #[arg(long, conflicts_with_all = ["folder", "record", "check_recordings", "check_documents"])]
    write_documents: bool,
    /// Fail when the manual or the table of conformance is not what would be written. Needs no Node.js.
    #[arg(long, conflicts_with_all = ["folder", "record", "check_recordings"])]
    check_documents: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Compares contracts composed of the language's table of statements, and saves what differs without a reason.
    Fuzz(FuzzArguments),
}

#[derive(Debug, Args)]
struct FuzzArguments {
    /// Begin no further case after so many minutes.
    #[arg(long, value_name = "COUNT", conflicts_with = "seconds")]
    minutes: Option<u64>,
    /// Begin no further case after so many seconds.
    #[arg(long, value_name = "COUNT")]
    seconds: Option<u64>,
    /// Run so many cases at most.
    #[arg(long, value_name = "COUNT")]
    cases: Option<u64>,
    /// What cases are made of.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Only statements that need no scenario, and no beginnings of committed cases: always the same cases.
    #[arg(long)]
    core: bool,
    /// Number of the first case.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    first: u64,
    /// Reference engines that run at once; one per core when absent.
    #[arg(long, value_name = "COUNT")]
    workers: Option<usize>,
    /// Where differences are saved.
    #[arg(long, value_name = "FOLDER", default_value_os_t = fuzz::saved_differences_folder())]
    save: PathBuf,
    /// Where `node_modules/zenroom` is.
    #[arg(long, value_name = "FOLDER", default_value_os_t = default_parts_folder())]
    parts: PathBuf,
    /// Print the cases instead of running them.
    #[arg(long, requires = "cases")]
    show: bool,
}

/// How long the fuzzer runs when neither time nor number of cases is given.
const DEFAULT_SECONDS: u64 = 60;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.verb {
        Some(Verb::Fuzz(fuzzing)) => fuzzed(fuzzing),
        None => run(&arguments),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("conformance: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn fuzzed(arguments: &FuzzArguments) -> Result<bool> {
    let source = if arguments.core { random::Source::Core } else { random::Source::Everything };
    if arguments.show {
        for number in arguments.first..arguments.first + arguments.cases.unwrap_or(0) {
            let case = random::case(source, arguments.seed, number);
            println!("# case {number}\n{}data: {}\nkeys: {}\n", case.script, case.data, case.keys);
        }
        return Ok(true);
    }
    let seconds = arguments.seconds.or(arguments.minutes.map(|minutes| minutes * 60));
    let unlimited = if arguments.cases.is_some() { u64::MAX } else { DEFAULT_SECONDS };
    let summary = fuzz::run(&fuzz::Options {
        source,
        seed: arguments.seed,
        first: arguments.first,
        cases: arguments.cases.unwrap_or(u64::MAX),
        time: Duration::from_secs(seconds.unwrap_or(unlimited)),
        workers: arguments.workers.unwrap_or_else(|| available_parallelism().map_or(1, NonZero::get)),
        parts: arguments.parts.clone(),
        save: arguments.save.clone(),
    })?;
    print!("{}", summary.text());
    Ok(summary.is_explained())
}

fn run(arguments: &Arguments) -> Result<bool> {
    if arguments.write_documents || arguments.check_documents {
        return documents(arguments.write_documents);
    }
    let (mut cases, known) = match &arguments.folder {
        Some(folder) => (Case::read_all(folder)?, KnownDifferences::default()),
        None => committed_cases()?,
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
        println!("{path}: {}", if write { "brought up to date" } else { "stale" });
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
