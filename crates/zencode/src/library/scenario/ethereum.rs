//! `ethereum`: keys, addresses, signatures of messages, transactions, and the data that contracts take.

mod abi;
mod call;
mod schema;
mod transaction;

use num_bigint::BigInt;
use zencode_crypto::{ecdh, ethereum};
use zencode_macros::{check, when};

use crate::codec::{Shape, Traits};
use crate::error::{Error, ensure};
use crate::library::signature::{CREATE_KEY, CREATE_KEY_WITH_SECRET, sign_as};
use crate::machine::Machine;
use crate::scheme::SignatureScheme;
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) use schema::SCHEMAS;

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_KEY,
    CREATE_KEY_WITH_SECRET,
    CREATE_ADDRESS,
    IS_VALID_ADDRESS,
    CREATE_ETHEREUM_SIGNATURE,
    HAS_ETHEREUM_SIGNATURE,
    CREATE_ADDRESS_OF_SIGNER,
    HAVE_SIGNATURES,
    CREATE_RESULTS,
    transaction::CREATE_PAYMENT,
    transaction::CREATE_TRANSACTION,
    transaction::CREATE_SIGNED,
    transaction::CREATE_SIGNED_FOR_CHAIN,
    transaction::IS_SIGNED,
    call::STORE,
    call::TRANSFER_TOKENS,
    call::TRANSFER_TOKENS_WITH_DETAILS,
    call::CREATE_ASSET,
    call::CREATE_ASSET_OF_OBJECT,
    call::TRANSFER_ASSET,
    call::APPROVE_ASSET,
    call::TRANSFER_ASSET_TO_PLANETMINT,
    call::RUN,
    call::CREATE_ENCODING,
    call::CREATE_DECODING,
    call::CREATE_STRING,
    call::CREATE_DECODED,
];

pub(crate) static SCHEME: SignatureScheme = SignatureScheme {
    name: "ethereum",
    draw_key: |random| ecdh::generate(random).to_vec(),
    public_key: |secret| ecdh::public_key(secret).map(|key| key.to_vec()).map_err(fault),
    sign: |secret, message, _| {
        let signature = ethereum::sign(secret, &ethereum::message_digest(message)).map_err(fault)?;
        Ok(signature_value(&signature))
    },
    verify: |address, message, signature, _| {
        let signature = signature_of(signature)?;
        let digest = ethereum::message_digest(message);
        Ok(signature.is_some_and(|signature| ethereum::is_signer(address, &digest, &signature)))
    },
    encoding: None,
    // Signatures are verified by addresses, which have no table of their own.
    public_keys: &[],
};

fn fault(error: ecdh::Error) -> Error {
    Error::failed(error.to_string())
}

/// `v` for an even y; one more for an odd one.
///
/// # Source
/// Ethereum Yellow Paper, appendix F.
const V_EVEN: u8 = 27;

fn signature_value(signature: &ethereum::Signature) -> Value {
    let mut table = Table::default();
    table.set("r", Value::Octet(signature.integers.r.to_vec()));
    table.set("s", Value::Octet(signature.integers.s.to_vec()));
    table.set("v", Value::Integer(BigInt::from(V_EVEN + u8::from(signature.y_is_odd))));
    Value::Table(table)
}

/// The signature of an object; none when its integers are too long for one. Like the reference engine it takes
/// the parity from the last bit of `v`, whatever `v` is: odd is even.
fn signature_of(value: &Value) -> Result<Option<ethereum::Signature>, Error> {
    let table = value.table().ok_or_else(|| Error::failed("an ethereum signature has r, s and v"))?;
    let part = |name: &str| {
        let octets = table.member(name).and_then(Value::octets);
        octets.ok_or_else(|| Error::failed(format!("the ethereum signature has no {name}")))
    };
    let (r, s) = (part("r")?, part("s")?);
    let Some(Value::Integer(v)) = table.member("v") else {
        return Err(Error::failed("the ethereum signature has no v"));
    };
    let integers = ecdh::Signature::from_parts(&r, &s).ok();
    Ok(integers.map(|integers| ethereum::Signature { integers, y_is_odd: !v.bit(0) }))
}

/// The octets of a message: a text or octets, or an integer. Anything else has no agreed length.
fn message_octets(machine: &Machine, name: &str) -> Result<Vec<u8>, Error> {
    match machine.value(name)? {
        message @ (Value::Octet(_) | Value::Integer(_)) => Ok(message.octets().unwrap_or_default()),
        other => {
            let kind = other.kind();
            Err(Error::failed(format!("ethereum signs octets and integers, {name} is a {kind}")))
        }
    }
}

/// Makes the address of the public key in memory, or else of the key in the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': show where I can be paid
/// Given I have a 'keyring'
/// When I create the ethereum address
/// Then print the 'ethereum address'
/// ```
/// ```json keys
/// { "keyring": { "ethereum": "078ad84d6c7a50c6dcd983d644da65e30d8cea063d8ea49aeb7ee7f0aaf6a4f7" } }
/// ```
#[when("create ethereum address")]
fn create_address(machine: &mut Machine) -> Result<(), Error> {
    machine.empty("ethereum_address")?;
    let public = match machine.objects.get("ethereum_public_key") {
        Some(object) => object.value.octets().ok_or_else(|| Error::failed("a public key is octets"))?,
        None => (SCHEME.public_key)(&machine.secret_key(SCHEME.name)?)?,
    };
    let address = ethereum::address(&public).map_err(fault)?;
    machine.create("ethereum_address", Value::Octet(address.to_vec()), Traits::encoded("complex"))
}

/// Requires the text of an address to have the right checksum.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': an address as somebody wrote it
/// Given I have a 'string' named 'address'
/// When I verify the ethereum address string 'address' is valid
/// Then print the string 'the address is well written'
/// ```
/// ```json data
/// { "address": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816" }
/// ```
#[when("verify ethereum address string '' is valid")]
fn is_valid_address(machine: &mut Machine, address: &str) -> Result<(), Error> {
    let text = machine.text(address)?;
    let octets = zencode_crypto::encoding::hex::decode(&text);
    let octets = octets.map_err(|error| Error::failed(format!("{address} is not hexadecimal: {error}")))?;
    ensure(text == ethereum::checksummed(&octets), || "The address has a wrong encoding".to_owned())
}

/// Signs an object as a personal message, with the ethereum key.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': sign a letter
/// Given I have a 'keyring'
/// Given I have a 'string' named 'letter'
/// When I create the ethereum signature of 'letter'
/// Then print the 'ethereum signature'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "ethereum": "078ad84d6c7a50c6dcd983d644da65e30d8cea063d8ea49aeb7ee7f0aaf6a4f7" } }
/// ```
#[when("create ethereum signature of ''")]
fn create_ethereum_signature(machine: &mut Machine, message: &str) -> Result<(), Error> {
    message_octets(machine, message)?;
    sign_as(machine, &SCHEME, message, schema::SIGNATURE)
}

/// Requires a signature of a personal message to be that of an address.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': a signed letter
/// Given I have a 'string' named 'letter'
/// Given I have a 'ethereum signature'
/// Given I have a 'ethereum address'
/// When I verify the 'letter' has a ethereum signature in 'ethereum signature' by 'ethereum address'
/// Then print the string 'the signature is authentic'
/// ```
/// ```json data
/// {
///   "letter": "hello",
///   "ethereum_signature": "0xa1a663bf3b43daa32835488b7725510aa4b900d8b30c6eb7f80e56bb58301f2a618b22c9a02c59fc78865708deaf37fc07adc32f0b1938e6c3149e2a19ee95101b",
///   "ethereum_address": "0x0Ba910bA5FcceD2A2538718367ea0A57C0ca881A"
/// }
/// ```
#[check("verify '' has a ethereum signature in '' by ''")]
fn has_ethereum_signature(
    machine: &mut Machine,
    message: &str,
    signature: &str,
    signer: &str,
) -> Result<(), Error> {
    let message = message_octets(machine, message)?;
    let address = machine.value(signer)?.octets();
    let address = address.ok_or_else(|| Error::failed(format!("{signer} is no ethereum address")))?;
    let authentic = (SCHEME.verify)(&address, &message, machine.value(signature)?, &machine.key_cache)?;
    ensure(authentic, || format!("The ethereum signature by {signer} is not authentic"))
}

/// Makes the address of whoever signed a personal message.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': who wrote this letter?
/// Given I have a 'string' named 'letter'
/// Given I have a 'ethereum signature'
/// When I create the ethereum address from the ethereum signature 'ethereum signature' of 'letter'
/// Then print the 'ethereum address'
/// ```
/// ```json data
/// {
///   "letter": "hello",
///   "ethereum_signature": "0xa1a663bf3b43daa32835488b7725510aa4b900d8b30c6eb7f80e56bb58301f2a618b22c9a02c59fc78865708deaf37fc07adc32f0b1938e6c3149e2a19ee95101b"
/// }
/// ```
#[when("create ethereum address from ethereum signature '' of ''")]
fn create_address_of_signer(machine: &mut Machine, signature: &str, message: &str) -> Result<(), Error> {
    machine.empty("ethereum_address")?;
    let digest = ethereum::message_digest(&message_octets(machine, message)?);
    let found = signature_of(machine.value(signature)?)?;
    let signer = found.and_then(|found| ethereum::signer(&digest, &found));
    let signer = signer
        .ok_or_else(|| Error::failed(format!("No valid address found related to signature: {signature}")))?;
    let traits = Traits { shape: Some(Shape::Element), ..Traits::encoded("complex") };
    machine.create("ethereum_address", Value::Octet(signer.to_vec()), traits)
}

/// The pairs of an array that came in as such, each with whether it is authentic.
fn verified_pairs(machine: &Machine, pairs: &str, message: &str) -> Result<Vec<(String, bool)>, Error> {
    let message = message_octets(machine, message)?;
    let object = machine.have(pairs)?;
    let fits = object.codec.schema.is_some() && object.codec.shape == Shape::Array;
    ensure(fits, || "The ethereum address signature pair array is not an array of that schema".to_owned())?;
    let mut verified = Vec::new();
    for pair in machine.table(pairs)?.values() {
        let part = |name: &str| {
            let part = pair.table().and_then(|pair| pair.member(name));
            part.ok_or_else(|| Error::failed(format!("a member of {pairs} has no {name}")))
        };
        let address = part("address")?.octets().ok_or_else(|| Error::failed("an address is octets"))?;
        let authentic = (SCHEME.verify)(&address, &message, part("signature")?, &machine.key_cache)?;
        verified.push((ethereum::checksummed(&address), authentic));
    }
    Ok(verified)
}

/// Requires every signature of an array to be that of the address beside it.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': everybody has signed
/// Given I have a 'string' named 'letter'
/// Given I have a 'ethereum address signature pair array' named 'signatures'
/// When I verify the ethereum address signature pair array 'signatures' of 'letter'
/// Then print the string 'everybody has signed'
/// ```
/// ```json data
/// {
///   "letter": "hello",
///   "signatures": [
///     {
///       "address": "0x0Ba910bA5FcceD2A2538718367ea0A57C0ca881A",
///       "signature": "0xa1a663bf3b43daa32835488b7725510aa4b900d8b30c6eb7f80e56bb58301f2a618b22c9a02c59fc78865708deaf37fc07adc32f0b1938e6c3149e2a19ee95101b"
///     }
///   ]
/// }
/// ```
#[check("verify ethereum address signature pair array '' of ''")]
fn have_signatures(machine: &mut Machine, pairs: &str, message: &str) -> Result<(), Error> {
    let verified = verified_pairs(machine, pairs, message)?;
    verified.into_iter().try_for_each(|(address, authentic)| {
        ensure(authentic, || format!("The ethereum signature by {address} is not authentic"))
    })
}

/// Makes `result array`: for each address of an array of signatures whether it is `verified` or `not verified`.
///
/// # Example
/// ```zencode
/// Scenario 'ethereum': who has signed?
/// Given I have a 'string' named 'letter'
/// Given I have a 'ethereum address signature pair array' named 'signatures'
/// When I use the ethereum address signature pair array 'signatures' to create the result array of 'letter'
/// Then print the 'result array'
/// ```
/// ```json data
/// {
///   "letter": "hello",
///   "signatures": [
///     {
///       "address": "0x0Ba910bA5FcceD2A2538718367ea0A57C0ca881A",
///       "signature": "0xa1a663bf3b43daa32835488b7725510aa4b900d8b30c6eb7f80e56bb58301f2a618b22c9a02c59fc78865708deaf37fc07adc32f0b1938e6c3149e2a19ee95101b"
///     },
///     {
///       "address": "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
///       "signature": "0xa1a663bf3b43daa32835488b7725510aa4b900d8b30c6eb7f80e56bb58301f2a618b22c9a02c59fc78865708deaf37fc07adc32f0b1938e6c3149e2a19ee95101b"
///     }
///   ]
/// }
/// ```
#[when("use ethereum address signature pair array '' to create result array of ''")]
fn create_results(machine: &mut Machine, pairs: &str, message: &str) -> Result<(), Error> {
    machine.empty("result_array")?;
    let verified = verified_pairs(machine, pairs, message)?;
    let results = verified.into_iter().map(|(address, authentic)| {
        let mut result = Table::default();
        result.set("address", Value::text(&address));
        result.set("status", Value::text(if authentic { "verified" } else { "not verified" }));
        Value::Table(result)
    });
    machine.create("result_array", Value::Table(Table::Array(results.collect())), Traits::encoded("string"))
}
