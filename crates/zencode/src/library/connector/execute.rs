//! A contract inside a contract: computed here, no host is asked.

use zencode_crypto::hash::sha256;
use zencode_crypto::random::Seed;
use zencode_macros::order;

use crate::contract::{Contract, Library};
use crate::error::Error;
use crate::known::{Circumstances, Known};
use crate::order::Ordered;
use crate::question::Want;
use crate::run::{Inputs, Settings, Step};
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] = &[EXECUTE_ZENCODE];

/// Runs a contract that is an input, and gives what it prints.
///
/// `script` is its text; `data`, `keys` and `extra` are dictionaries, `conf` is a configuration string of which
/// `rngseed` counts. It is a contract of the language alone: it asks the host for nothing, and so it runs no
/// contract itself. The statements that it executes count as this contract's.
///
/// # Example
/// ```zencode
/// Given I send script 'greeting' and send data 'names' and send keys 'none' and execute zencode and output into 'printed'
/// Given I have a 'string dictionary' named 'printed'
/// Then print the 'printed'
/// ```
/// ```json data
/// {
///   "greeting": "Given I have a 'string' named 'name'\nThen print the 'name'\n",
///   "names": { "name": "Ada" },
///   "none": {}
/// }
/// ```
/// ```json answer
/// { "name": "Ada" }
/// ```
#[order(send(script, data, keys, extra?, conf?), "execute zencode")]
fn execute_zencode(order: &Ordered<'_>) -> Result<Want, Error> {
    let input = |name: &str| match order.source(name) {
        Some(_) => order.json(name).map(|json| if json == "{}" { String::new() } else { json }),
        None => Ok(String::new()),
    };
    let (script, extra, data, keys) =
        (order.text("script")?, input("extra")?, input("data")?, input("keys")?);
    let conf = if order.source("conf").is_some() { order.text("conf")? } else { String::new() };
    let Circumstances { now_ms, limits, .. } = order.known.settings;
    let settings = Settings { seed: seed(order.known, &conf)?, now_ms, limits };
    let contract = Contract::compile(&script, Library::Language, &limits)
        .map_err(|fault| Error::failed(format!("the contract inside does not compile: {fault}")))?;
    let inputs = Inputs { extra: &extra, data: &data, keys: &keys };
    let failed = |fault: Box<crate::Failure>| {
        Error::failed(format!("the contract inside failed: {}", fault.diagnostic))
    };
    let mut run = contract.start(inputs, settings).map_err(failed)?;
    match run.step().map_err(failed)? {
        Step::Done(output) => Ok(Want::Have { json: output.json, statements: run.executed() }),
        Step::Ask(_) => Err(Error::failed("the contract inside asks for something")),
    }
}

/// The seed that the configuration says, or one of the run's own that no other contract inside it has.
fn seed(known: &Known, conf: &str) -> Result<Seed, Error> {
    let said = conf.split(',').find_map(|pair| pair.trim().strip_prefix("rngseed="));
    if let Some(said) = said {
        let octets = said
            .trim()
            .strip_prefix("hex:")
            .and_then(|digits| zencode_crypto::encoding::hex::decode(digits).ok());
        let seed = octets.and_then(|octets| <[u8; 64]>::try_from(octets).ok());
        return seed
            .map(Seed::Reference)
            .ok_or_else(|| Error::input("rngseed is `hex:` and 128 hexadecimal digits"));
    }
    let mut message = b"zencode/execute".to_vec();
    message.extend(known.next_number().to_be_bytes());
    match &known.settings.seed {
        Seed::Reference(seed) => message.extend(seed),
        Seed::Fresh(seed) => message.extend(seed),
    }
    Ok(Seed::Fresh(sha256(&message)))
}
