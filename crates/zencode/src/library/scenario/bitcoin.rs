//! `bitcoin`: keys and addresses, in the money's network and in the one for tests.
//!
//! `bitcoin` and `testnet` are two rows of the same sentences.

mod transaction;
mod unspent;

use zencode_crypto::bitcoin::{self, Address, Network};
use zencode_crypto::ecdh;
use zencode_macros::when;

use crate::codec::Traits;
use crate::encoding::Input;
use crate::error::{Error, ensure};
use crate::export::Printed;
use crate::json::Json;
use crate::library::signature::{CREATE_KEY, CREATE_PUBLIC_KEY};
use crate::machine::Machine;
use crate::schema::{Export, Import, Reading, Schema, octets};
use crate::scheme::SignatureScheme;
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_KEY,
    CREATE_KEY_WITH_WIF,
    CREATE_PUBLIC_KEY,
    CREATE_ADDRESS,
    transaction::CREATE_TRANSACTION,
    transaction::CREATE_TRANSACTION_TO,
    transaction::SIGN_TRANSACTION,
    transaction::CREATE_RAW_TRANSACTION,
];

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("bitcoin_public_key", import_public_key, None),
    schema("bitcoin_address", import_address, Some(export_address)),
    schema("testnet_address", import_address, Some(export_address)),
    unspent::SATOSHI_AMOUNT,
    unspent::SATOSHI_FEE,
    unspent::SATOSHI_UNSPENT,
    unspent::BITCOIN_UNSPENT,
    unspent::TESTNET_UNSPENT,
];

const fn schema(name: &'static str, import: Import, export: Option<Export>) -> Schema {
    Schema { name, import, export, complex: true, open: false }
}

pub(crate) static MAIN: SignatureScheme = scheme("bitcoin");
pub(crate) static TEST: SignatureScheme = scheme("testnet");

const fn scheme(name: &'static str) -> SignatureScheme {
    SignatureScheme {
        name,
        draw_key: |random| ecdh::generate(random).to_vec(),
        public_key: |secret| {
            let found = secret.len();
            ensure(found == ecdh::SCALAR_OCTETS, || {
                format!("a secret key has {} octets, found {found}", ecdh::SCALAR_OCTETS)
            })?;
            let public = ecdh::public_key(secret).and_then(|public| ecdh::compress(&public));
            public.map(|public| public.to_vec()).map_err(|error| Error::failed(error.to_string()))
        },
        sign: |_, _, _| Err(Error::failed("bitcoin signs transactions only")),
        verify: |_, _, _, _| Err(Error::failed("bitcoin verifies nothing by a public key")),
        encoding: None,
        public_keys: &[],
    }
}

fn network(scheme: &SignatureScheme) -> Network {
    if scheme.name == TEST.name { Network::Test } else { Network::Main }
}

fn fault(error: bitcoin::Error) -> Error {
    Error::failed(error.to_string())
}

fn import_public_key(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, "bitcoin public key", reading.encoding)?;
    let (found, expected) = (octets.len(), ecdh::COMPRESSED_OCTETS);
    ensure(found == expected, || format!("Invalid public key size: {found}, {expected} octets expected"))?;
    ensure(ecdh::is_public_key(&octets), || "Public key is not a valid point on curve".to_owned())?;
    Ok(Value::Octet(octets))
}

fn import_address(json: &Json, _reading: &Reading) -> Result<Value, Error> {
    let text = octets(json, "address", Input::Text)?;
    let text = String::from_utf8_lossy(&text);
    let address = Address::parse(&text).map_err(|error| Error::input(error.to_string()))?;
    Ok(address_value(&address))
}

fn address_value(address: &Address) -> Value {
    let mut table = Table::default();
    table.set("raw", Value::Octet(address.program.clone()));
    table.set("version", Value::Float(address.version.into()));
    table.set("network", Value::text(address.network.prefix()));
    Value::Table(table)
}

fn export_address(value: &Value) -> Result<Printed, Error> {
    let missing = || Error::failed("Cannot export invalid bitcoin address");
    let part = |name: &str| value.table().and_then(|table| table.member(name)).ok_or_else(missing);
    let program = part("raw")?.octets().ok_or_else(missing)?;
    let prefix = part("network")?.octets().ok_or_else(missing)?;
    let network = Network::of_prefix(&String::from_utf8_lossy(&prefix)).ok_or_else(missing)?;
    let version = part("version")?.number().and_then(|number| number.integral_text());
    let version = version.and_then(|text| text.parse().ok()).ok_or_else(missing)?;
    let text = Address { network, version, program }.to_text().map_err(fault)?;
    Ok(Printed::Text(text.into_bytes()))
}

/// Puts a secret key into the keyring: 32 octets, or the 38 of the wallet import format.
///
/// # Example
/// ```zencode
/// Scenario 'bitcoin': a key from a wallet
/// Given I have a 'hex' named 'secret'
/// When I create the bitcoin key with secret key 'secret'
/// Then print the 'keyring'
/// ```
/// ```json keys
/// { "secret": "0c28fca386c7a227600b2fe50b7cae11ec86d3bf1fbe471be89827e19d72aa1d" }
/// ```
#[when("create {scheme} key with secret key ''", "create {scheme} key with secret ''")]
fn create_key_with_wif(
    machine: &mut Machine,
    scheme: &'static SignatureScheme,
    secret: &str,
) -> Result<(), Error> {
    let octets = machine.octets(secret)?;
    let octets = match octets.len() {
        bitcoin::WIF_OCTETS => bitcoin::from_wif(&octets).map_err(fault)?.to_vec(),
        ecdh::SCALAR_OCTETS => octets,
        found => {
            return Err(Error::failed(format!("Invalid {} key size for {secret}: {found}", scheme.name)));
        }
    };
    machine.ensure_no_key(scheme.name)?;
    (scheme.public_key)(&octets)?;
    machine.keep_key(scheme.name, octets)
}

/// Makes the address of the public key in memory, or else of the key in the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'bitcoin': show where I can be paid
/// Given I have a 'keyring'
/// When I create the bitcoin address
/// Then print the 'bitcoin address'
/// ```
/// ```json keys
/// { "keyring": { "bitcoin": "KwUNYVyf7W8u1Vca6sK3cvjyeG3jpxEHJCPeT3xMtcGVZkU3WX8S" } }
/// ```
#[when("create {scheme} address")]
fn create_address(machine: &mut Machine, scheme: &'static SignatureScheme) -> Result<(), Error> {
    let name = format!("{}_address", scheme.name);
    machine.empty(&name)?;
    let public = match machine.objects.get(&format!("{}_public_key", scheme.name)) {
        Some(object) => object.value.octets().ok_or_else(|| Error::failed("a public key is octets"))?,
        None => (scheme.public_key)(&machine.secret_key(scheme.name)?)?,
    };
    let program = bitcoin::hash160(&public).to_vec();
    let address = Address { network: network(scheme), version: 0, program };
    machine.create(&name, address_value(&address), Traits::default())
}
