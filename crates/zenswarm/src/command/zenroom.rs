//! `zenswarm zenroom` and `zenswarm zencode-exec`: both print like the reference programs, and so
//! take no console.
//!
//! # Source
//! Zenroom `cli-zenroom.c`, `zencode-exec.c`, `zen_config.c`.

mod library;
mod log;
mod options;

use std::io::{Read as _, Write as _};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use zencode::{Configuration, Contract, Inputs, Library, Note, Scope, Seed, Settings, Step};
use zencode_crypto::encoding::base64;

use crate::args::zenroom::{ZencodeExec, Zenroom};
use crate::report::{Exit, Failure};
use log::{Layout, Log};
use options::Options;

/// Octets of one input file, at most.
const FILE_OCTETS_MAX: u64 = 2_048_000;

/// The texts of one run.
#[derive(Default)]
struct Texts {
    script: String,
    keys: String,
    data: String,
    extra: String,
    /// What time it is, where not the clock tells.
    now_ms: Option<i64>,
}

/// Runs a contract as the reference interpreter runs it.
///
/// # Errors
/// None: every fault is told on standard error in that program's words, and ends with 1.
pub(crate) fn run(arguments: Zenroom) -> Result<Exit, Failure> {
    let started = Instant::now();
    let exit = match options::parse(&arguments.arguments) {
        Ok(options) if options.help => {
            print!("{}", options::HELP);
            return Ok(Exit::Done);
        }
        Ok(options) => interpret(&options).unwrap_or_else(|message| {
            eprintln!("{message}");
            Exit::Failed
        }),
        Err(message) => {
            eprintln!("{message}\n\nPlease use -h for help.");
            return Ok(Exit::Failed);
        }
    };
    eprintln!("Time used: {}", started.elapsed().as_micros());
    Ok(exit)
}

fn interpret(options: &Options) -> Result<Exit, String> {
    if !options.zencode {
        return Err("only contracts can be run here: add -z (there is no Lua in this program)".to_owned());
    }
    let configuration = Configuration::parse(&options.configuration);
    let read =
        |path: &Option<std::ffi::OsString>| path.as_deref().map_or_else(|| Ok(String::new()), read_file);
    let texts = Texts {
        keys: read(&options.keys)?,
        data: read(&options.data)?,
        extra: read(&options.extra)?,
        now_ms: library::time_ms(&read(&options.library)?)?,
        script: without_shebang(match &options.script {
            Some(path) => read_file(path)?,
            None => read_all(std::io::stdin().lock())?,
        }),
    };
    let configuration = match configuration {
        Ok(configuration) => configuration,
        Err(message) => return Err(format!("{message}\nInitialisation failed.")),
    };
    let layout = if configuration.json_log { Layout::Json } else { Layout::Text };
    Ok(execute(&texts, &configuration, Log::new(layout, configuration.debug)))
}

fn read_file(path: &std::ffi::OsStr) -> Result<String, String> {
    let file = std::fs::File::open(path);
    read_all(file.map_err(|error| format!("Error opening {}: {error}", path.display()))?)
}

fn read_all(source: impl std::io::Read) -> Result<String, String> {
    let mut octets = Vec::new();
    let read = source.take(FILE_OCTETS_MAX + 1).read_to_end(&mut octets);
    read.map_err(|error| format!("Error reading: {error}"))?;
    if octets.is_empty() {
        return Err("Error reading, file is empty".to_owned());
    }
    if u64::try_from(octets.len()).unwrap_or(u64::MAX) > FILE_OCTETS_MAX {
        return Err(format!("File too big, at most {FILE_OCTETS_MAX} octets are taken"));
    }
    String::from_utf8(octets).map_err(|error| format!("Error reading, not UTF-8: {error}"))
}

fn without_shebang(script: String) -> String {
    match script.split_once('\n') {
        Some((first, rest)) if first.starts_with("#!") => rest.to_owned(),
        _ => script,
    }
}

/// Runs a contract that comes on standard input, as the reference executor runs it.
///
/// # Errors
/// None: every fault is told on standard error, and ends with 1.
pub(crate) fn exec(arguments: ZencodeExec) -> Result<Exit, Failure> {
    if arguments.about {
        eprintln!("Zencode auxiliary executor for Zenroom bindings");
        return Ok(Exit::Done);
    }
    match read_lines() {
        Ok((configuration, texts)) => Ok(match Configuration::parse(&configuration) {
            Ok(configuration) => execute(&texts, &configuration, Log::new(Layout::Json, configuration.debug)),
            Err(message) => {
                Log::new(Layout::Json, 1).end_with(&[message, "Initialisation failed".to_owned()]);
                Exit::Failed
            }
        }),
        Err(message) => {
            eprintln!("{message}");
            Ok(Exit::Failed)
        }
    }
}

/// The configuration and the texts of the executor's protocol.
fn read_lines() -> Result<(String, Texts), String> {
    /// Octets of the whole protocol: five inputs in base64 and the configuration.
    const PROTOCOL_OCTETS_MAX: u64 = 5 * 4 * (FILE_OCTETS_MAX / 3 + 1) + 1024;
    let mut text = String::new();
    let read = std::io::stdin().lock().take(PROTOCOL_OCTETS_MAX).read_to_string(&mut text);
    read.map_err(|error| format!("zencode-exec error: {error}"))?;
    let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let Some(configuration) = lines.next().filter(|_| !text.is_empty()) else {
        return Err("zencode-exec missing conf at line 1".to_owned());
    };
    let mut next = || match lines.next() {
        None | Some("") => Ok(String::new()),
        Some(line) => {
            let octets = base64::decode(line).map_err(|_| "Invalid input base64 encoding".to_owned())?;
            String::from_utf8(octets).map_err(|_| "Invalid input: not UTF-8".to_owned())
        }
    };
    let texts = Texts { script: next()?, keys: next()?, data: next()?, extra: next()?, now_ms: None };
    Ok((configuration.to_owned(), texts))
}

/// Runs a contract: the output on standard output, everything else in the log.
fn execute(texts: &Texts, configuration: &Configuration, mut log: Log) -> Exit {
    let limits = configuration.limits;
    let compile = match configuration.scope {
        Scope::Full => Contract::compile,
        Scope::Given => Contract::compile_given,
    };
    let contract = match compile(&texts.script, Library::Language, &limits) {
        Ok(contract) => contract,
        Err(diagnostic) => {
            log.parser_error(&diagnostic);
            return Exit::Failed;
        }
    };
    let Some(seed) = seed(configuration) else {
        log.end_with(&["the system gave no entropy".to_owned()]);
        return Exit::Failed;
    };
    let settings = Settings { seed, now_ms: texts.now_ms.unwrap_or_else(clock_ms), limits };
    let inputs = Inputs { extra: &texts.extra, data: &texts.data, keys: &texts.keys };
    if configuration.scope == Scope::Given {
        return match contract.declare(inputs, settings) {
            Ok(declared) => end(&mut log, &declared.json, &declared.warnings, &declared.notes),
            Err(failure) => {
                log.run_failure(&failure);
                Exit::Failed
            }
        };
    }
    match contract.start(inputs, settings).and_then(|mut run| run.step()) {
        Ok(Step::Done(output)) => end(&mut log, &output.json, &output.warnings, &output.notes),
        // The language alone has no sentence that asks.
        Ok(Step::Ask(_)) => {
            log.end_with(&["the contract asks for something that only an oracle can do".to_owned()]);
            Exit::Failed
        }
        Err(failure) => {
            log.run_failure(&failure);
            Exit::Failed
        }
    }
}

/// Milliseconds from 1970.
fn clock_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    i64::try_from(now).unwrap_or(i64::MAX)
}

/// Ends a run that succeeded: the log first, then the output.
fn end(log: &mut Log, json: &str, warnings: &[String], notes: &[Note]) -> Exit {
    log.warnings(warnings);
    log.notes(notes);
    log.success();
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{json}").and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Done,
        Err(_) => Exit::Failed,
    }
}

fn seed(configuration: &Configuration) -> Option<Seed> {
    if let Some(octets) = configuration.seed {
        return Some(Seed::Reference(octets));
    }
    let mut octets = [0; 32];
    getrandom::fill(&mut octets).ok()?;
    Some(Seed::Fresh(octets))
}
