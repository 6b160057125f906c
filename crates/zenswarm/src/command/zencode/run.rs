//! `zenswarm zencode run`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use zencode::{Contract, Diagnostic, Inputs, Library, Limits, Note, Output, Seed, Settings, Step};
use zencode_crypto::encoding::hex;
use zeroize::Zeroizing;

use super::excerpt::Excerpt;
use super::source::{read, shown};
use crate::args::zencode::Run;
use crate::report::{Console, Exit, Failure, Format};

/// Octets of a seed.
const SEED_OCTETS: usize = 64;

/// Runs a contract: its output goes to standard output, everything else to standard error.
///
/// # Errors
/// When a file cannot be read or the seed is none.
pub(super) fn run(arguments: &Run, console: &Console) -> Result<Exit, Failure> {
    let limits = Limits::default();
    let seed = seed(arguments.seed.as_deref())?;
    let text = read(&arguments.script, limits.contract_octets_max)?;
    let input = |path: &Option<PathBuf>| match path {
        Some(path) => read(path, limits.input_octets_max).map(Zeroizing::new),
        None => Ok(Zeroizing::default()),
    };
    let (data, keys, extra) = (input(&arguments.data)?, input(&arguments.keys)?, input(&arguments.extra)?);
    let inputs = Inputs { extra: &extra, data: &data, keys: &keys };
    let refuse = |fault: &Diagnostic| refuse(fault, &arguments.script, &text, console);
    let contract = match Contract::compile(&text, Library::Language, &limits) {
        Ok(contract) => contract,
        Err(fault) => return Ok(refuse(&fault)),
    };
    if console.format() == Format::Human {
        for warning in contract.warnings() {
            eprintln!("{}\n", Excerpt::of_warning(warning, &text).draw(&shown(&arguments.script)));
        }
    }
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let settings = Settings { seed, now_ms: i64::try_from(now_ms).unwrap_or(i64::MAX), limits };
    match contract.start(inputs, settings).and_then(|mut run| run.step()) {
        Ok(Step::Done(output)) => print(&output, console),
        // The language alone has no sentence that asks.
        Ok(Step::Ask(_)) => {
            Err(Failure::internal("the contract asks for something that only an oracle can do"))
        }
        Err(failure) => {
            show(&failure.notes, console);
            Ok(refuse(&failure.diagnostic))
        }
    }
}

fn seed(text: Option<&str>) -> Result<Seed, Failure> {
    let Some(text) = text else {
        let mut octets = [0; 32];
        getrandom::fill(&mut octets).map_err(Failure::internal)?;
        return Ok(Seed::Fresh(octets));
    };
    let octets = hex::decode(text).ok().filter(|octets| octets.len() == SEED_OCTETS);
    let octets = octets.and_then(|octets| octets.try_into().ok()).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("a seed is {SEED_OCTETS} octets in hexadecimal"))
            .at("--seed")
            .hint(format!("give {} digits, or leave it out for a fresh one", 2 * SEED_OCTETS))
    })?;
    Ok(Seed::Reference(octets))
}

/// The output as it is: it is one JSON document, whose numbers another writer would round.
fn print(output: &Output, console: &Console) -> Result<Exit, Failure> {
    show(&output.notes, console);
    let text = match console.format() {
        Format::Human => output.json.clone(),
        Format::Json => format!(r#"{{"output":{},"warnings":{}}}"#, output.json, json!(output.warnings)),
    };
    let written = writeln!(std::io::stdout().lock(), "{text}");
    written.map_err(|error| Failure::new(Exit::Usage, format!("the output cannot be written: {error}")))?;
    Ok(Exit::Done)
}

/// What debugging statements wrote.
fn show(notes: &[Note], console: &Console) {
    if console.format() == Format::Json {
        return;
    }
    for note in notes {
        match note {
            Note::Trace(lines) => eprintln!("{}", lines.join("\n")),
            Note::Heap(text) | Note::Text(text) => eprintln!("{text}"),
        }
    }
}

fn refuse(fault: &Diagnostic, script: &Path, text: &str, console: &Console) -> Exit {
    let excerpt = Excerpt::of_fault(fault, text);
    if console.format() == Format::Human {
        eprintln!("{}", excerpt.draw(&shown(script)));
        return Exit::Failed;
    }
    let place = excerpt.line.map_or_else(|| shown(script), |line| format!("{}:{line}", shown(script)));
    let failure = Failure::new(Exit::Failed, excerpt.message.clone()).at(place);
    console.fail(&match &fault.hint {
        Some(hint) => failure.hint(hint.clone()),
        None => failure,
    })
}
