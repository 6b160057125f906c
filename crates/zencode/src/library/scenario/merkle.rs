//! `merkle`: one digest for a list of objects.

use zencode_crypto::hash::Algorithm;
use zencode_macros::{check, when};

use crate::codec::{Shape, Traits};
use crate::error::Error;
use crate::machine::Machine;
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_ROOT,
    CREATE_ROOT_USING,
    CREATE_ROOT_OF_PATH,
    CREATE_ROOT_OF_PATH_USING,
    VERIFY_ROOT,
    VERIFY_ROOT_OF_PATH,
];

const MERKLE_ROOT: &str = "merkle_root";

/// Makes `merkle_root` of a list: the digests of its items, then digests of two neighbours, until one is left.
///
/// A digest without a neighbour goes up as it is. The list may be at the end of a path such as `a.b`.
///
/// # Example
/// ```zencode
/// Scenario 'merkle': one digest for a log
/// Given I have a 'string array' named 'log'
/// When I create the merkle root of 'log'
/// Then print the 'merkle root'
/// ```
/// ```json data
/// { "log": ["opened", "paid", "closed"] }
/// ```
#[when("create merkle root of ''")]
fn create_root(machine: &mut Machine, path: &str) -> Result<(), Error> {
    let hash = machine.rules.hash.clone();
    create(machine, path, &hash)
}

/// Makes `merkle_root` of a list, with a digest of a name.
///
/// # Example
/// ```zencode
/// Scenario 'merkle': one digest for a log
/// Given I have a 'string array' named 'log'
/// When I create the merkle root of 'log' using hash 'keccak256'
/// Then print the 'merkle root'
/// ```
/// ```json data
/// { "log": ["opened", "paid", "closed"] }
/// ```
#[when("create merkle root of '' using hash ''")]
fn create_root_using(machine: &mut Machine, path: &str, hash: &str) -> Result<(), Error> {
    create(machine, path, hash)
}

/// Makes `merkle_root` of a list at the end of a path that starts at a dictionary.
///
/// # Example
/// ```zencode
/// Scenario 'merkle': one digest for a log
/// Given I have a 'string dictionary' named 'order'
/// When I create the merkle root of dictionary path 'order.log'
/// Then print the 'merkle root'
/// ```
/// ```json data
/// { "order": { "buyer": "Ada", "log": ["opened", "paid", "closed"] } }
/// ```
#[when("create merkle root of dictionary path ''")]
fn create_root_of_path(machine: &mut Machine, path: &str) -> Result<(), Error> {
    ensure_dictionary(machine, path)?;
    create_root(machine, path)
}

/// Makes `merkle_root` of a list at the end of a path that starts at a dictionary, with a digest of a name.
///
/// # Example
/// ```zencode
/// Scenario 'merkle': one digest for a log
/// Given I have a 'string dictionary' named 'order'
/// When I create the merkle root of dictionary path 'order.log' using hash 'sha512'
/// Then print the 'merkle root'
/// ```
/// ```json data
/// { "order": { "buyer": "Ada", "log": ["opened", "paid", "closed"] } }
/// ```
#[when("create merkle root of dictionary path '' using hash ''")]
fn create_root_of_path_using(machine: &mut Machine, path: &str, hash: &str) -> Result<(), Error> {
    ensure_dictionary(machine, path)?;
    create(machine, path, hash)
}

/// Requires an object to be the Merkle root of a list, by the contract's own digest.
///
/// # Example
/// ```zencode
/// Scenario 'merkle': is the log complete?
/// Given I have a 'base64' named 'published'
/// Given I have a 'string array' named 'log'
/// When I verify the merkle root 'published' of 'log'
/// Then print the string 'the log is complete'
/// ```
/// ```json data
/// { "published": "1Fu3eBfOGVlDihcanmfcZj45yuy4Z3/SrSq1iupzD/Q=", "log": ["data1", "data2", "data3", "data4"] }
/// ```
#[check("verify merkle root '' of ''")]
fn verify_root(machine: &mut Machine, root: &str, path: &str) -> Result<(), Error> {
    verify(machine, root, path)
}

/// Requires an object to be the Merkle root of a list at the end of a path that starts at a dictionary.
///
/// # Example
/// ```zencode
/// Scenario 'merkle': is the log complete?
/// Given I have a 'base64' named 'published'
/// Given I have a 'string dictionary' named 'order'
/// When I verify the merkle root 'published' of dictionary path 'order.log'
/// Then print the string 'the log is complete'
/// ```
/// ```json data
/// {
///   "published": "1Fu3eBfOGVlDihcanmfcZj45yuy4Z3/SrSq1iupzD/Q=",
///   "order": { "log": ["data1", "data2", "data3", "data4"] }
/// }
/// ```
#[check("verify merkle root '' of dictionary path ''")]
fn verify_root_of_path(machine: &mut Machine, root: &str, path: &str) -> Result<(), Error> {
    machine.value(root)?;
    ensure_dictionary(machine, path)?;
    verify(machine, root, path)
}

fn create(machine: &mut Machine, path: &str, hash: &str) -> Result<(), Error> {
    let root = root_of(machine, path, hash)?;
    let root = root.ok_or_else(|| Error::failed(format!("{path} has no items, and so no merkle root")))?;
    machine.create(MERKLE_ROOT, Value::Octet(root), Traits::element())
}

fn verify(machine: &Machine, root: &str, path: &str) -> Result<(), Error> {
    let expected = machine.value(root)?;
    let found = root_of(machine, path, &machine.rules.hash)?;
    match found {
        Some(found) if *expected == Value::Octet(found.clone()) => Ok(()),
        _ => Err(Error::failed(format!("The merkle root in {root} does not match {path}"))),
    }
}

fn ensure_dictionary(machine: &Machine, path: &str) -> Result<(), Error> {
    let parts = machine.path(path);
    let root = parts.first().ok_or_else(|| Error::failed("the path is empty"))?;
    match machine.have(root)?.codec.shape {
        Shape::Dictionary => Ok(()),
        Shape::Element | Shape::Array => Err(Error::failed(format!("Not a dictionary: {root}"))),
    }
}

/// The root of the list at the end of a path; none when it has no items.
fn root_of(machine: &Machine, path: &str, hash: &str) -> Result<Option<Vec<u8>>, Error> {
    let algorithm = Algorithm::from_name(hash);
    let algorithm = algorithm.ok_or_else(|| Error::failed(format!("Hash algorithm not known: {hash}")))?;
    let found = machine.follow(path);
    // What is not there ends the run, even in an If.
    let (value, _) = found.map_err(|error| Error::failed(format!("Table not found in path: {error}")))?;
    let table = value.table();
    let table = table.ok_or_else(|| Error::failed(format!("Table not found in path: {path}")))?;
    let Table::Array(items) = table else { return Ok(None) };
    let leaf = |item: &Value| {
        let octets = item.octets();
        octets.ok_or_else(|| Error::failed(format!("{path} has an item without octets: {}", item.kind())))
    };
    let mut level = Vec::with_capacity(items.len());
    for item in items {
        level.push(algorithm.digest(&leaf(item)?));
    }
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => algorithm.digest(&[left.as_slice(), right].concat()),
                alone => alone.concat(),
            })
            .collect();
    }
    Ok(level.pop())
}
