//! Transactions of `ethereum`: made, filled with a call, signed and verified.

use num_bigint::{BigInt, BigUint, Sign};
use zencode_crypto::ethereum::{self, rlp};
use zencode_crypto::{ecdh, hash};
use zencode_macros::when;

use super::{SCHEME, fault};
use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::number::Number;
use crate::value::{Table, Value};

pub(super) const TRANSACTION: &str = "ethereum_transaction";
const SIGNED: &str = "signed_ethereum_transaction";

/// Members of a transaction, in the order in which they are signed.
const MEMBERS: [&str; 9] = ["nonce", "gas_price", "gas_limit", "to", "value", "data", "v", "r", "s"];

/// The chain of local test networks, for which transactions are signed when no chain is named.
const LOCAL_CHAIN: u32 = 1337;

/// What is added to twice the chain in a signature that is good on one chain only.
///
/// # Source
/// EIP-155.
const V_OFFSET: u32 = 35;

/// Octets of a chain's number. The reference engine reduces longer ones.
const CHAIN_OCTETS_MAX: usize = 31;

/// A member as RLP has it: numbers without leading zeros.
fn item(value: &Value) -> Result<Vec<u8>, Error> {
    match value {
        Value::Integer(number) if number.sign() == Sign::NoSign => Ok(Vec::new()),
        other => {
            other.octets().ok_or_else(|| Error::failed("a member of a transaction is no number or octets"))
        }
    }
}

/// The members that are there, encoded.
fn encoded(transaction: &Table) -> Result<Vec<u8>, Error> {
    let members = MEMBERS.iter().filter_map(|name| transaction.member(name));
    Ok(rlp::encode_list(&members.map(item).collect::<Result<Vec<_>, _>>()?))
}

fn create(machine: &mut Machine, to: &str, value: Value) -> Result<(), Error> {
    machine.empty(TRANSACTION)?;
    let mut transaction = Table::default();
    for (member, name) in
        [("gas_price", "gas_price"), ("gas_limit", "gas_limit"), ("nonce", "ethereum_nonce")]
    {
        transaction.set(member, machine.value(name)?.clone());
    }
    transaction.set("value", value);
    transaction.set("to", machine.value(to)?.clone());
    transaction.set("data", Value::Octet(Vec::new()));
    machine.create(TRANSACTION, Value::Table(transaction), Traits::default())
}

/// Makes a transaction that pays an amount to an address.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': pay Ugo
/// Given I have a 'ethereum address' named 'Ugo'
/// Given I have a 'ethereum nonce'
/// Given I have a 'gas price'
/// Given I have a 'gas limit'
/// Given I have a 'gwei value'
/// When I create the ethereum transaction of 'gwei value' to 'Ugo'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "Ugo": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///   "ethereum_nonce": "0",
///   "gas_price": "100000000000",
///   "gas_limit": "21000",
///   "gwei_value": "5"
/// }
/// ```
#[when("create ethereum transaction of '' to ''")]
fn create_payment(machine: &mut Machine, amount: &str, to: &str) -> Result<(), Error> {
    let value = machine.value(amount)?.clone();
    create(machine, to, value)
}

/// Makes a transaction to an address that pays nothing.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': call a contract
/// Given I have a 'ethereum address' named 'contract'
/// Given I have a 'ethereum nonce'
/// Given I have a 'gas price'
/// Given I have a 'gas limit'
/// When I create the ethereum transaction to 'contract'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "contract": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///   "ethereum_nonce": "0",
///   "gas_price": "100000000000",
///   "gas_limit": "300000"
/// }
/// ```
#[when("create ethereum transaction to ''")]
fn create_transaction(machine: &mut Machine, to: &str) -> Result<(), Error> {
    create(machine, to, Value::Octet(Vec::new()))
}

/// Signs the transaction in memory, and notes the signature in it. 128 octets are drawn.
fn sign(machine: &mut Machine, chain: &BigUint, clear: &[&str]) -> Result<(), Error> {
    let secret = machine.secret_key(SCHEME.name)?;
    let transaction = machine.table_mut(TRANSACTION)?;
    transaction.set("v", Value::Integer(chain.clone().into()));
    for name in clear {
        transaction.set(name, Value::Octet(Vec::new()));
    }
    for name in ["data", "value"] {
        if transaction.member(name).is_none() && !clear.is_empty() {
            transaction.set(name, Value::Octet(Vec::new()));
        }
    }
    let digest = hash::keccak256(&encoded(transaction)?);
    let signature = ethereum::sign_drawn(&secret, &digest, &mut machine.random).map_err(fault)?;
    let transaction = machine.table_mut(TRANSACTION)?;
    let v = chain * 2_u32 + V_OFFSET + u32::from(signature.y_is_odd);
    transaction.set("v", Value::Integer(v.into()));
    for (name, integer) in [("r", signature.integers.r), ("s", signature.integers.s)] {
        transaction.set(name, Value::Integer(BigInt::from_bytes_be(Sign::Plus, &integer)));
    }
    let signed = encoded(transaction)?;
    machine.create(SIGNED, Value::Octet(signed), Traits::default())
}

/// Signs the transaction for a local test network.
///
/// As in the reference engine the signature leaves out what EIP-155 adds, so that no ledger takes it.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': sign for a test
/// Given I have a 'keyring'
/// Given I have a 'ethereum transaction'
/// When I create the signed ethereum transaction
/// Then print the 'signed ethereum transaction'
/// ```
/// ```json data
/// {
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
/// ```json keys
/// { "keyring": { "ethereum": "078ad84d6c7a50c6dcd983d644da65e30d8cea063d8ea49aeb7ee7f0aaf6a4f7" } }
/// ```
#[when("create signed ethereum transaction")]
fn create_signed(machine: &mut Machine) -> Result<(), Error> {
    sign(machine, &LOCAL_CHAIN.into(), &[])
}

/// Signs the transaction for one chain, named by an object or by its number.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': sign for the chain 80001
/// Given I have a 'keyring'
/// Given I have a 'ethereum transaction'
/// When I create the signed ethereum transaction for chain '80001'
/// Then print the 'signed ethereum transaction'
/// ```
/// ```json data
/// {
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
/// ```json keys
/// { "keyring": { "ethereum": "078ad84d6c7a50c6dcd983d644da65e30d8cea063d8ea49aeb7ee7f0aaf6a4f7" } }
/// ```
///
/// # Source
/// EIP-155.
#[when("create signed ethereum transaction for chain ''")]
fn create_signed_for_chain(machine: &mut Machine, chain: &str) -> Result<(), Error> {
    machine.secret_key(SCHEME.name)?;
    machine.table(TRANSACTION)?;
    let chain = match machine.may_have(chain) {
        None => chain_of_text(chain.as_bytes())?,
        Some(object) => match (&object.value, object.codec.encoding.as_ref()) {
            (Value::Octet(text), "string") => chain_of_text(text)?,
            (Value::Integer(number), "integer") => {
                let number = number.to_biguint();
                number.ok_or_else(|| Error::failed("the number of a chain is not below zero"))?
            }
            (_, encoding) => return Err(Error::failed(format!("Invalid chain id encoding: {encoding}"))),
        },
    };
    ensure(chain.to_bytes_be().len() <= CHAIN_OCTETS_MAX, || {
        format!("the number of a chain has at most {CHAIN_OCTETS_MAX} octets")
    })?;
    sign(machine, &chain, &["r", "s"])
}

/// A chain by a text: its number in decimal, or else the text's octets as one.
fn chain_of_text(octets: &[u8]) -> Result<BigUint, Error> {
    let number = std::str::from_utf8(octets).ok().and_then(Number::parse);
    let Some(number) = number else { return Ok(BigUint::from_bytes_be(octets)) };
    let number = number.integral_text().and_then(|text| text.parse::<i32>().ok());
    let number = number.and_then(|number| u32::try_from(number).ok());
    number.map(BigUint::from).ok_or_else(|| {
        Error::failed("the number of a chain has at most 31 bits; declare a longer one as integer")
    })
}

/// Requires the signed transaction in memory to be signed by a public key.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': look at what I signed
/// Given I have a 'keyring'
/// Given I have a 'ethereum transaction'
/// Given I have a 'ethereum public key'
/// When I create the signed ethereum transaction for chain '80001'
/// When I verify the signed ethereum transaction from 'ethereum public key'
/// Then print the string 'the transaction is mine'
/// ```
/// ```json data
/// {
///   "ethereum_public_key": "04776b58c34145c9553b5235fe211a6237c48b90b4784bc6d86660b0236af3bab2f1f799ef8244be728af450b4ed386127cb3838dd9941c2c9fbc1e958c7ca3f0c",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
/// ```json keys
/// { "keyring": { "ethereum": "078ad84d6c7a50c6dcd983d644da65e30d8cea063d8ea49aeb7ee7f0aaf6a4f7" } }
/// ```
#[when("verify signed ethereum transaction from ''")]
fn is_signed(machine: &mut Machine, public: &str) -> Result<(), Error> {
    let public = machine.value(public)?.octets().ok_or_else(|| Error::failed("a public key is octets"))?;
    let signed = machine.value(SIGNED)?.octets();
    let signed = signed.ok_or_else(|| Error::failed("a signed transaction is octets"))?;
    let mut members = rlp::decode_list(&signed).map_err(|error| Error::failed(error.to_string()))?;
    let [.., v, r, s] = members.as_mut_slice() else {
        return Err(Error::failed("a signed transaction has nine members"));
    };
    let signature = ecdh::Signature::from_parts(r, s).map_err(fault)?;
    let chain = BigInt::from_bytes_be(Sign::Plus, v) - V_OFFSET;
    ensure(chain.sign() != Sign::Minus, || "the transaction is signed for no chain".to_owned())?;
    *v = item(&Value::Integer(chain >> 1_u32))?;
    r.clear();
    s.clear();
    let digest = hash::keccak256(&rlp::encode_list(&members));
    ensure(ethereum::verify(&public, &digest, &signature), || {
        "The signature of the ethereum transaction is not authentic".to_owned()
    })
}
