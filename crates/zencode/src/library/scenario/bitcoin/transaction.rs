//! Transactions of `bitcoin`: made of what may be spent, signed, and written for the network.

use num_bigint::BigInt;
use zencode_crypto::bitcoin::transaction::{Input, Output, Transaction, witness_signature};
use zencode_crypto::ethereum::sign_drawn;
use zencode_macros::when;

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::scheme::SignatureScheme;
use crate::value::{Table, Value};

/// Outputs that one transaction spends.
const INPUTS_MAX: usize = 10_000;

fn integer(value: &Value) -> Result<&BigInt, Error> {
    match value {
        Value::Integer(number) => Ok(number),
        other => Err(Error::failed(format!("an amount is an integer, found {}", other.kind()))),
    }
}

fn member<'a>(table: &'a Value, name: &str) -> Result<&'a Value, Error> {
    let found = table.table().and_then(|table| table.member(name));
    found.ok_or_else(|| Error::failed(format!("{name} is missing")))
}

fn record<const N: usize>(members: [(&str, Value); N]) -> Value {
    let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
    Value::Table(Table::Dictionary(members.collect()))
}

/// Takes outputs in order until they are enough, and pays what is left to the owner of the first.
fn create(machine: &mut Machine, network: &str, recipient: &str) -> Result<(), Error> {
    let to = machine.value(recipient)?.clone();
    let amount = integer(machine.value("satoshi_amount")?)?.clone();
    let wanted = &amount + integer(machine.value("satoshi_fee")?)?;
    let sender = machine.objects.get("sender").map(|object| object.value.clone());
    let (mut inputs, mut found) = (Vec::new(), BigInt::ZERO);
    for unspent in machine.table(&format!("{network}_unspent"))?.values() {
        if found >= wanted {
            break;
        }
        ensure(inputs.len() < INPUTS_MAX, || format!("a transaction spends at most {INPUTS_MAX} outputs"))?;
        let address = member(unspent, "address").ok().cloned().or_else(|| sender.clone());
        let address = address.ok_or_else(|| Error::failed("No sender address specified"))?;
        let worth = integer(member(unspent, "amount")?)?;
        found += worth;
        inputs.push(record([
            ("txid", member(unspent, "txid")?.clone()),
            ("vout", member(unspent, "vout")?.clone()),
            ("sigwit", Value::Octet(vec![1])),
            ("address", address),
            ("amountSpent", Value::Integer(worth.clone())),
            ("sequence", Value::Octet(vec![0xff; 4])),
        ]));
    }
    let enough = found >= wanted && !inputs.is_empty();
    ensure(enough, || format!("Not enough {network} in the unspent list"))?;
    let mut outputs = vec![record([("amount", Value::Integer(amount)), ("address", to)])];
    if found > wanted {
        let change = member(&inputs[0], "address")?.clone();
        outputs.push(record([("amount", Value::Integer(found - wanted)), ("address", change)]));
    }
    let transaction = record([
        ("version", Value::Integer(2.into())),
        ("txIn", Value::Table(Table::Array(inputs))),
        ("txOut", Value::Table(Table::Array(outputs))),
        ("nLockTime", Value::Integer(BigInt::ZERO)),
        ("nHashType", Value::Octet(vec![0, 0, 0, 1])),
    ]);
    machine.create(&format!("{network}_transaction"), transaction, Traits::default())
}

/// Makes a transaction that pays `satoshi amount` to `recipient`, and `satoshi fee` to whoever mines it.
///
/// # Example
/// ```zencode
/// Scenario 'bitcoin': pay Ugo
/// Given I have a 'bitcoin address' named 'recipient'
/// Given I have a 'bitcoin unspent'
/// Given I have a 'satoshi amount'
/// Given I have a 'satoshi fee'
/// When I create the bitcoin transaction
/// Then print the 'bitcoin transaction'
/// ```
/// ```json data
/// {
///   "recipient": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
///   "satoshi_amount": "1000",
///   "satoshi_fee": "141",
///   "bitcoin_unspent": [
///     {
///       "txid": "dd6d3c58fe0cd8729e731545830307fcdd36620c14bc5988308e0485d23ea53c",
///       "vout": 1,
///       "amount": "0.00031",
///       "address": "bc1qc5wzp53l39v499nvycmcvu2aaqlu84xnu3mzkl"
///     }
///   ]
/// }
/// ```
#[when("create {scheme} transaction")]
fn create_transaction(machine: &mut Machine, scheme: &'static SignatureScheme) -> Result<(), Error> {
    create(machine, scheme.name, "recipient")
}

/// Makes a transaction that pays `satoshi amount` to an address, and `satoshi fee` to whoever mines it.
///
/// # Example
/// ```zencode
/// Scenario 'bitcoin': pay Ugo
/// Given I have a 'bitcoin address' named 'Ugo'
/// Given I have a 'bitcoin unspent'
/// Given I have a 'satoshi amount'
/// Given I have a 'satoshi fee'
/// When I create the bitcoin transaction to 'Ugo'
/// Then print the 'bitcoin transaction'
/// ```
/// ```json data
/// {
///   "Ugo": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
///   "satoshi_amount": "1000",
///   "satoshi_fee": "141",
///   "bitcoin_unspent": [
///     {
///       "txid": "dd6d3c58fe0cd8729e731545830307fcdd36620c14bc5988308e0485d23ea53c",
///       "vout": 1,
///       "amount": "0.00031",
///       "address": "bc1qc5wzp53l39v499nvycmcvu2aaqlu84xnu3mzkl"
///     }
///   ]
/// }
/// ```
#[when("create {scheme} transaction to ''")]
fn create_transaction_to(
    machine: &mut Machine,
    scheme: &'static SignatureScheme,
    recipient: &str,
) -> Result<(), Error> {
    create(machine, scheme.name, recipient)
}

/// A number of at most `N` octets, as it is in memory: an integer, or octets. Of a float the text is taken for
/// octets, as the reference engine does: the output 1 of `satoshi unspent` is so number 49.
fn number<const N: usize>(transaction: &Value, name: &str) -> Result<[u8; N], Error> {
    let octets = member(transaction, name)?.octets().unwrap_or_default();
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let digits = &octets[zeros..];
    let start = N.checked_sub(digits.len());
    let start = start.ok_or_else(|| Error::failed(format!("{name} takes more than {N} octets")))?;
    let mut number = [0; N];
    number[start..].copy_from_slice(digits);
    Ok(number)
}

fn array<const N: usize>(value: &Value, name: &str) -> Result<[u8; N], Error> {
    let octets = value.octets().and_then(|octets| octets.try_into().ok());
    octets.ok_or_else(|| Error::failed(format!("{name} has {N} octets")))
}

/// The key's hash in an address, which may stand there alone.
fn hash(transaction: &Value) -> Result<[u8; 20], Error> {
    let address = member(transaction, "address")?;
    array(
        address.table().and_then(|address| address.member("raw")).unwrap_or(address),
        "an address of version 0",
    )
}

fn items<'a>(transaction: &'a Value, name: &str) -> Result<Vec<&'a Value>, Error> {
    let items = member(transaction, name)?.table();
    Ok(items.ok_or_else(|| Error::failed(format!("{name} is an array")))?.values().collect())
}

/// The transaction in memory, whichever way it came there.
fn read(transaction: &Value) -> Result<Transaction, Error> {
    let inputs = items(transaction, "txIn")?.into_iter().map(|input| {
        Ok(Input {
            id: array(member(input, "txid")?, "txid")?,
            index: u32::from_be_bytes(number(input, "vout")?),
            hash: hash(input)?,
            amount: u64::from_be_bytes(number(input, "amountSpent")?),
            sequence: u32::from_be_bytes(number(input, "sequence")?),
        })
    });
    let outputs = items(transaction, "txOut")?
        .into_iter()
        .map(|output| Ok(Output::to_hash(u64::from_be_bytes(number(output, "amount")?), &hash(output)?)));
    Ok(Transaction {
        version: u32::from_be_bytes(number(transaction, "version")?),
        inputs: inputs.collect::<Result<_, Error>>()?,
        outputs: outputs.collect::<Result<_, Error>>()?,
        lock_time: u32::from_be_bytes(number(transaction, "nLockTime")?),
    })
}

/// Signs every input of the transaction in memory; 128 octets are drawn for each.
///
/// # Example
/// ```zencode
/// Scenario 'bitcoin': pay Ugo
/// Given I have a 'keyring'
/// Given I have a 'bitcoin address' named 'Ugo'
/// Given I have a 'bitcoin unspent'
/// Given I have a 'satoshi amount'
/// Given I have a 'satoshi fee'
/// When I create the bitcoin transaction to 'Ugo'
/// When I sign the bitcoin transaction
/// Then print the 'bitcoin transaction'
/// ```
/// ```json data
/// {
///   "Ugo": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
///   "satoshi_amount": "1000",
///   "satoshi_fee": "141",
///   "bitcoin_unspent": [
///     {
///       "txid": "dd6d3c58fe0cd8729e731545830307fcdd36620c14bc5988308e0485d23ea53c",
///       "vout": 1,
///       "amount": "0.00031",
///       "address": "bc1qc5wzp53l39v499nvycmcvu2aaqlu84xnu3mzkl"
///     }
///   ]
/// }
/// ```
/// ```json keys
/// { "keyring": { "bitcoin": "KwUNYVyf7W8u1Vca6sK3cvjyeG3jpxEHJCPeT3xMtcGVZkU3WX8S" } }
/// ```
///
/// # Source
/// BIP-143.
#[when("sign {scheme} transaction")]
fn sign_transaction(machine: &mut Machine, scheme: &'static SignatureScheme) -> Result<(), Error> {
    let secret = machine.secret_key(scheme.name)?;
    let name = format!("{}_transaction", scheme.name);
    let value = machine.value(&name)?;
    ensure(member(value, "witness").is_err(), || {
        format!("The {} transaction is already signed", scheme.name)
    })?;
    let transaction = read(value)?;
    let public = (scheme.public_key)(&secret)?;
    let mut witnesses = Vec::new();
    for digest in (0..transaction.inputs.len()).filter_map(|input| transaction.digest(input)) {
        let signature = sign_drawn(&secret, &digest, &mut machine.random);
        let signature = signature.map_err(|error| Error::failed(error.to_string()))?.integers;
        let witness = [witness_signature(&signature), public.clone()].map(Value::Octet);
        witnesses.push(Value::Table(Table::Array(witness.to_vec())));
    }
    let witnesses = Value::Table(Table::Array(witnesses));
    machine.charge(witnesses.weight())?;
    machine.table_mut(&name)?.set("witness", witnesses);
    Ok(())
}

/// Writes the transaction in memory as the network takes it, signed or not.
///
/// # Example
/// ```zencode
/// Scenario 'bitcoin': pay Ugo
/// Given I have a 'keyring'
/// Given I have a 'bitcoin address' named 'Ugo'
/// Given I have a 'bitcoin unspent'
/// Given I have a 'satoshi amount'
/// Given I have a 'satoshi fee'
/// When I create the bitcoin transaction to 'Ugo'
/// When I sign the bitcoin transaction
/// When I create the bitcoin raw transaction
/// Then print the 'bitcoin raw transaction'
/// ```
/// ```json data
/// {
///   "Ugo": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
///   "satoshi_amount": "1000",
///   "satoshi_fee": "141",
///   "bitcoin_unspent": [
///     {
///       "txid": "dd6d3c58fe0cd8729e731545830307fcdd36620c14bc5988308e0485d23ea53c",
///       "vout": 1,
///       "amount": "0.00031",
///       "address": "bc1qc5wzp53l39v499nvycmcvu2aaqlu84xnu3mzkl"
///     }
///   ]
/// }
/// ```
/// ```json keys
/// { "keyring": { "bitcoin": "KwUNYVyf7W8u1Vca6sK3cvjyeG3jpxEHJCPeT3xMtcGVZkU3WX8S" } }
/// ```
#[when("create {scheme} raw transaction")]
fn create_raw_transaction(machine: &mut Machine, scheme: &'static SignatureScheme) -> Result<(), Error> {
    let value = machine.value(&format!("{}_transaction", scheme.name))?;
    let name = format!("{}_raw_transaction", scheme.name);
    machine.empty(&name)?;
    let mut witnesses = Vec::new();
    for witness in items(value, "witness").unwrap_or_default() {
        let items = witness.table().ok_or_else(|| Error::failed("a witness is an array of octets"))?;
        let items =
            items.values().map(|item| item.octets().ok_or_else(|| Error::failed("a witness is octets")));
        witnesses.push(items.collect::<Result<Vec<_>, _>>()?);
    }
    let raw = read(value)?.encoded(&witnesses);
    machine.create(&name, Value::Octet(raw), Traits::encoded("hex"))
}
