//! What a transaction of `ethereum` tells a contract on the ledger, and what a contract answers.

use zencode_crypto::encoding::base64;
use zencode_macros::when;

use super::{abi, schema, transaction};
use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::machine::Machine;
use crate::value::{Value, until_zero};

/// Puts a call into the transaction in memory, which must have none.
fn use_transaction(
    machine: &mut Machine,
    function: &str,
    types: &[&str],
    arguments: &[Value],
) -> Result<(), Error> {
    let call = abi::call(abi::selector(function, types), types, arguments)?;
    fill(machine, call)
}

fn fill(machine: &mut Machine, call: Vec<u8>) -> Result<(), Error> {
    let transaction = machine.table(transaction::TRANSACTION)?;
    let data = transaction.member("data").and_then(Value::octets).unwrap_or_default();
    ensure(data.is_empty(), || "Cannot overwrite transaction data".to_owned())?;
    machine.charge(call.len())?;
    machine.table_mut(transaction::TRANSACTION)?.set("data", Value::Octet(call));
    Ok(())
}

/// The function that stores, in the contract that the reference engine's authors run.
///
/// # Source
/// Zenroom `crypto_ethereum.lua`, `make_storage_data`.
const STORE_SELECTOR: [u8; 4] = [0xb3, 0x74, 0x01, 0x2b];

fn values(machine: &Machine, names: &[&str]) -> Result<Vec<Value>, Error> {
    names.iter().map(|name| machine.value(name).cloned()).collect()
}

/// Fills the transaction with a call that stores a text or octets.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': keep a letter
/// Given I have a 'ethereum transaction'
/// Given I have a 'string' named 'letter'
/// When I use the ethereum transaction to store 'letter'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "letter": "Meet me at the bridge.",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to store ''")]
fn store(machine: &mut Machine, content: &str) -> Result<(), Error> {
    let content = Value::Octet(machine.octets(content)?);
    fill(machine, abi::call(STORE_SELECTOR, &["bytes"], &[content])?)
}

/// Fills the transaction with a transfer of tokens (ERC-20).
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': give Ugo five
/// Given I have a 'ethereum transaction'
/// Given I have a 'ethereum address' named 'Ugo'
/// Given I have a 'integer' named 'tokens'
/// When I use the ethereum transaction to transfer 'tokens' erc20 tokens to 'Ugo'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "Ugo": "0x380FfB13F42AfFBE88949643B27FA74Ba85B3977",
///   "tokens": "5",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to transfer '' erc20 tokens to ''")]
fn transfer_tokens(machine: &mut Machine, amount: &str, to: &str) -> Result<(), Error> {
    let arguments = values(machine, &[to, amount])?;
    use_transaction(machine, "transfer", &["address", "uint256"], &arguments)
}

/// Fills the transaction with a transfer of tokens that carries octets.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': give Ugo five, and say why
/// Given I have a 'ethereum transaction'
/// Given I have a 'ethereum address' named 'Ugo'
/// Given I have a 'integer' named 'tokens'
/// Given I have a 'string' named 'reason'
/// When I use the ethereum transaction to transfer 'tokens' erc20 tokens to 'Ugo' with details 'reason'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "Ugo": "0x380FfB13F42AfFBE88949643B27FA74Ba85B3977",
///   "tokens": "5",
///   "reason": "for the boat",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to transfer '' erc20 tokens to '' with details ''")]
fn transfer_tokens_with_details(
    machine: &mut Machine,
    amount: &str,
    to: &str,
    details: &str,
) -> Result<(), Error> {
    let arguments = values(machine, &[to, amount, details])?;
    use_transaction(machine, "transferDetails", &["address", "uint256", "bytes"], &arguments)
}

/// Fills the transaction with the making of an asset (ERC-721) that a text describes.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': a picture
/// Given I have a 'ethereum transaction'
/// Given I have a 'string' named 'picture'
/// When I use the ethereum transaction to create the erc721 of uri 'picture'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "picture": "https://example.org/bridge.png",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to create erc721 of uri ''")]
fn create_asset(machine: &mut Machine, uri: &str) -> Result<(), Error> {
    let uri = Value::Octet(machine.octets(uri)?);
    use_transaction(machine, "createAsset", &["string"], &[uri])
}

/// Fills the transaction with the making of an asset (ERC-721) that is an object's octets, in base64.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': a letter
/// Given I have a 'ethereum transaction'
/// Given I have a 'string' named 'letter'
/// When I use the ethereum transaction to create the erc721 of object 'letter'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "letter": "Meet me at the bridge.",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to create erc721 of object ''")]
fn create_asset_of_object(machine: &mut Machine, object: &str) -> Result<(), Error> {
    let text = base64::encode(&machine.octets(object)?);
    use_transaction(machine, "createAsset", &["string"], &[Value::text(&text)])
}

/// Fills the transaction with the transfer of an asset (ERC-721).
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': give Ugo the picture
/// Given I have a 'ethereum transaction'
/// Given I have a 'ethereum address' named 'Ada'
/// Given I have a 'ethereum address' named 'Ugo'
/// Given I have a 'integer' named 'asset'
/// When I use the ethereum transaction to transfer erc721 'asset' from 'Ada' to 'Ugo'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "Ada": "0x0Ba910bA5FcceD2A2538718367ea0A57C0ca881A",
///   "Ugo": "0x380FfB13F42AfFBE88949643B27FA74Ba85B3977",
///   "asset": "12",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to transfer erc721 '' from '' to ''")]
fn transfer_asset(machine: &mut Machine, asset: &str, from: &str, to: &str) -> Result<(), Error> {
    let arguments = values(machine, &[from, to, asset])?;
    use_transaction(machine, "safeTransferFrom", &["address", "address", "uint256"], &arguments)
}

/// Fills the transaction with leave to transfer an asset (ERC-721).
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': Ugo may take the picture
/// Given I have a 'ethereum transaction'
/// Given I have a 'ethereum address' named 'Ugo'
/// Given I have a 'integer' named 'asset'
/// When I use the ethereum transaction to approve erc721 'asset' transfer from 'Ugo'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "Ugo": "0x380FfB13F42AfFBE88949643B27FA74Ba85B3977",
///   "asset": "12",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to approve erc721 '' transfer from ''")]
fn approve_asset(machine: &mut Machine, asset: &str, from: &str) -> Result<(), Error> {
    let arguments = values(machine, &[from, asset])?;
    use_transaction(machine, "approve", &["address", "uint256"], &arguments)
}

/// Fills the transaction with the transfer of an asset (ERC-721) to Planetmint.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': the picture moves to another ledger
/// Given I have a 'ethereum transaction'
/// Given I have a 'ethereum address' named 'gallery'
/// Given I have a 'string' named 'owner'
/// Given I have a 'integer' named 'asset'
/// When I use the ethereum transaction to transfer erc721 'asset' in contract 'gallery' to 'owner' in planetmint
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "gallery": "0x380FfB13F42AfFBE88949643B27FA74Ba85B3977",
///   "owner": "FjcrbARfQ6vUokQgcnuLez1t6UizkdRRfAdp5AD1dngP",
///   "asset": "12",
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to transfer erc721 '' in contract '' to '' in planetmint")]
fn transfer_asset_to_planetmint(
    machine: &mut Machine,
    asset: &str,
    contract: &str,
    to: &str,
) -> Result<(), Error> {
    let arguments = values(machine, &[contract, asset, to])?;
    use_transaction(machine, "beginTransfer", &["address", "uint256", "bytes"], &arguments)
}

/// Fills the transaction with a call of a method, its arguments in an array.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': vote
/// Given I have a 'ethereum transaction'
/// Given I have a 'ethereum method' named 'vote'
/// Given I have a 'integer array' named 'choice'
/// When I use the ethereum transaction to run 'vote' using 'choice'
/// Then print the 'ethereum transaction'
/// ```
/// ```json data
/// {
///   "vote": { "name": "vote", "input": ["uint256", "uint8"], "output": ["bool"] },
///   "choice": ["12", "1"],
///   "ethereum_transaction": {
///     "nonce": "0",
///     "to": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///     "gas_price": "100000000000",
///     "gas_limit": "300000",
///     "value": "0"
///   }
/// }
/// ```
#[when("use ethereum transaction to run '' using ''")]
fn run(machine: &mut Machine, method: &str, arguments: &str) -> Result<(), Error> {
    let object = machine.have(method)?;
    let fits = object.codec.schema.is_some_and(|schema| schema.name == schema::METHOD);
    ensure(fits, || "method must be a `ethereum method`".to_owned())?;
    let method = object.value.clone();
    let part = |name: &str| method.table().and_then(|method| method.member(name));
    let types = part("input").map(texts).transpose()?.unwrap_or_default();
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let function = text(part("name").ok_or_else(|| Error::failed("the method has no name"))?)?;
    let arguments: Vec<Value> = machine.table(arguments)?.values().cloned().collect();
    use_transaction(machine, &function, &types, &arguments)
}

fn text(value: &Value) -> Result<String, Error> {
    let octets = value.octets().ok_or_else(|| Error::failed("a type is a text"))?;
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

fn texts(value: &Value) -> Result<Vec<String>, Error> {
    let table = value.table().ok_or_else(|| Error::failed("types are an array of texts"))?;
    table.values().map(text).collect()
}

/// Makes `ethereum abi encoding` of an argument and its type, or of an array of arguments and their types.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': arguments as a contract takes them
/// Given I have a 'string array' named 'types'
/// Given I have a 'string array' named 'arguments'
/// When I create the ethereum abi encoding of 'arguments' using 'types'
/// Then print the 'ethereum abi encoding'
/// ```
/// ```json data
/// {
///   "types": ["string", "bool"],
///   "arguments": ["Meet me at the bridge.", "true"]
/// }
/// ```
#[when("create ethereum abi encoding of '' using ''")]
fn create_encoding(machine: &mut Machine, arguments: &str, types: &str) -> Result<(), Error> {
    let argument = machine.value(arguments)?;
    let encoding = match (machine.value(types)?, argument) {
        (Value::Table(_), Value::Table(arguments)) => {
            let types = texts(machine.value(types)?)?;
            let types: Vec<&str> = types.iter().map(String::as_str).collect();
            abi::tuple(&types, arguments.values())?
        }
        (Value::Table(_), _) => return Err(Error::failed(format!("{arguments} is no array of arguments"))),
        (name, argument) => abi::single(&text(name)?, argument)?,
    };
    machine.create("ethereum_abi_encoding", Value::Octet(encoding), Traits::encoded("hex"))
}

/// Makes `ethereum abi decoding`: an array of what octets hold, by an array of types.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': what a contract answered
/// Given I have a 'string array' named 'types'
/// Given I have a 'hex' named 'answer'
/// When I create the ethereum abi decoding of 'answer' using 'types'
/// Then print the 'ethereum abi decoding'
/// ```
/// ```json data
/// {
///   "types": ["uint256", "bool"],
///   "answer": "00000000000000000000000000000000000000000000000000000000000000050000000000000000000000000000000000000000000000000000000000000001"
/// }
/// ```
#[when("create ethereum abi decoding of '' using ''")]
fn create_decoding(machine: &mut Machine, data: &str, types: &str) -> Result<(), Error> {
    let types = match machine.value(types)? {
        types @ Value::Table(_) => texts(types)?,
        _ => Vec::new(),
    };
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    ensure(!matches!(machine.value(data)?, Value::Float(_)), || {
        format!("{data} is a number, not an answer")
    })?;
    let decoding = abi::decode(&types, &machine.octets(data)?)?;
    let traits = Traits { shape: Some(Shape::Array), ..Traits::default() };
    machine.create("ethereum_abi_decoding", decoding, traits)
}

/// Makes `string`: the text that a contract answered.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': what a contract answered
/// Given I have a 'hex' named 'answer'
/// When I create the string from the ethereum bytes named 'answer'
/// Then print the 'string'
/// ```
/// ```json data
/// {
///   "answer": "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000000000000568656c6c6f000000000000000000000000000000000000000000000000000000"
/// }
/// ```
#[when("create string from ethereum bytes named ''")]
fn create_string(machine: &mut Machine, data: &str) -> Result<(), Error> {
    machine.empty("string")?;
    let octets = machine.octets(data)?;
    let text = until_zero(abi::decode_bytes(&octets)?);
    machine.create("string", Value::Octet(text.to_vec()), Traits::encoded("string"))
}

/// Makes an object of the text that a contract answered.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': what a contract answered
/// Given I have a 'hex' named 'answer'
/// When I create the 'letter' decoded from ethereum bytes 'answer'
/// Then print the 'letter'
/// ```
/// ```json data
/// {
///   "answer": "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000000000000568656c6c6f000000000000000000000000000000000000000000000000000000"
/// }
/// ```
#[when("create '' decoded from ethereum bytes ''")]
fn create_decoded(machine: &mut Machine, name: &str, data: &str) -> Result<(), Error> {
    machine.empty(name)?;
    let answer = abi::decode_bytes(&machine.octets(data)?)?.to_vec();
    machine.create(name, Value::Octet(answer), Traits::default())
}
