//! `credential`: an issuer signs an attribute without seeing it, and its holder proves to have the signature
//! without being recognised.

use zencode_crypto::bls12_381::Scalar;
use zencode_crypto::credential::{HolderKey, IssuerKey, IssuerPublicKey, Request};
use zencode_macros::{check, when};

use crate::codec::Traits;
use crate::error::Error;
use crate::library::keyring::{ISSUER, integer_or_octets};
use crate::machine::Machine;
use crate::schema::{Export, Import, Schema, record};
use crate::statement::Statement;
use crate::value::{Table, Value};

pub(super) mod form;

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_CREDENTIAL_KEY,
    CREATE_CREDENTIAL_KEY_WITH_SECRET,
    CREATE_ISSUER_KEY,
    CREATE_ISSUER_PUBLIC_KEY,
    CREATE_CREDENTIAL_REQUEST,
    CREATE_CREDENTIAL_SIGNATURE,
    CREATE_CREDENTIALS,
    AGGREGATE_CREDENTIALS,
    AGGREGATE_ISSUER_PUBLIC_KEYS,
    AGGREGATE_VERIFIERS,
    CREATE_CREDENTIAL_PROOF,
    HAS_CREDENTIAL_PROOF,
];

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("issuer_public_key", form::import_issuer_public_key, None),
    schema("compressed_issuer_public_key", form::import_issuer_public_key, Some(form::export_compressed)),
    schema("credential_request", form::import_request, None),
    schema("credential_signature", |json, reading| form::import(json, form::SIGNATURE, reading), None),
    schema("credentials", |json, reading| form::import(json, form::CREDENTIALS, reading), None),
    schema(
        "credential_proof",
        |json, reading| form::import(json, form::PROOF, reading),
        Some(form::export_proof),
    ),
];

const fn schema(name: &'static str, import: Import, export: Option<Export>) -> Schema {
    Schema { name, import, export, complex: true, open: false }
}

/// The name of the holder's key, in sentences and in the keyring.
const CREDENTIAL: &str = "credential";

impl Machine {
    /// The credential key of the keyring.
    pub(super) fn holder_key(&mut self) -> Result<HolderKey, Error> {
        let secret = zeroize::Zeroizing::new(self.secret_key(CREDENTIAL)?);
        HolderKey::from_octets(&secret).map_err(|error| Error::failed(error.to_string()))
    }

    /// The issuer key of the keyring.
    fn issuer_key(&mut self) -> Result<IssuerKey, Error> {
        self.ensure_keyring()?;
        let key = self.table("keyring")?.member(ISSUER).and_then(Value::table);
        let key = key.ok_or_else(|| Error::failed("Key not found: issuer"))?;
        let part = |name: &str| {
            let octets = key.member(name).and_then(Value::octets).map(zeroize::Zeroizing::new);
            let octets = octets.ok_or_else(|| Error::failed(format!("the issuer key has no {name}")))?;
            Scalar::from_octets(&octets).map_err(|error| Error::failed(error.to_string()))
        };
        Ok(IssuerKey { x: part("x")?, y: part("y")? })
    }

    /// The key that verifiers of a proof go by.
    fn verifiers(&self) -> Result<IssuerPublicKey, Error> {
        form::issuer_public_key_of(self.table("verifiers")?)
    }

    /// Puts an object as a key of integers into the keyring.
    pub(super) fn keep_integer_key(&mut self, kind: &str, secret: &str) -> Result<(), Error> {
        let octets = self.octets(secret)?;
        self.ensure_no_key(kind)?;
        self.keep_key(kind, integer_or_octets(kind, octets)?)
    }
}

/// The sum of the public keys in a table.
pub(super) fn sum_of_public_keys(keys: &Table) -> Result<IssuerPublicKey, Error> {
    let mut sum = None;
    for key in keys.values() {
        let key = key.table().ok_or_else(|| Error::failed("an issuer public key is a table"))?;
        let key = form::issuer_public_key_of(key)?;
        sum = Some(sum.map_or(key, |sum: IssuerPublicKey| sum + key));
    }
    sum.ok_or_else(|| Error::failed("there is no issuer public key"))
}

/// Draws a holder's key into the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'credential': a new key
/// Given nothing
/// When I create the credential key
/// Then print the 'keyring'
/// ```
#[when("create credential key")]
fn create_credential_key(machine: &mut Machine) -> Result<(), Error> {
    machine.ensure_no_key(CREDENTIAL)?;
    let key = HolderKey::draw(&mut machine.random);
    machine.keep_key(CREDENTIAL, key.to_octets().to_vec())
}

/// Puts an object into the keyring as a holder's key: its octets are read as an integer.
///
/// # Example
/// ```zencode
/// Scenario 'credential': a key from elsewhere
/// Given I have a 'base64' named 'secret'
/// When I create the credential key with secret key 'secret'
/// Then print the 'keyring'
/// ```
/// ```json keys
/// { "secret": "CKGied4Ww03qmsUM/vnOMDodgwPp9Fc3QJuiFcBGQ/k=" }
/// ```
#[when("create credential key with secret key ''", "create credential key with secret ''")]
fn create_credential_key_with_secret(machine: &mut Machine, secret: &str) -> Result<(), Error> {
    machine.keep_integer_key(CREDENTIAL, secret)
}

/// Draws an issuer's key into the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'credential': a new issuer
/// Given nothing
/// When I create the issuer key
/// Then print the 'keyring'
/// ```
#[when("create issuer key")]
fn create_issuer_key(machine: &mut Machine) -> Result<(), Error> {
    machine.ensure_no_key(ISSUER)?;
    let key = IssuerKey::draw(&mut machine.random);
    let parts = vec![("x", key.x.to_octets().to_vec()), ("y", key.y.to_octets().to_vec())];
    machine.table_mut("keyring")?.set(ISSUER, record(parts));
    Ok(())
}

/// Makes `issuer_public_key` of the issuer's key in the keyring: two points of the second group.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who issues
/// Given I have a 'keyring'
/// When I create the issuer public key
/// Then print the 'issuer public key'
/// ```
/// ```json keys
/// {
///   "keyring": {
///     "issuer": {
///       "x": "CKGied4Ww03qmsUM/vnOMDodgwPp9Fc3QJuiFcBGQ/k=",
///       "y": "abYTJShT0ZBKU+ZwJlEIPNinT6TFU+unaKMEZ+u3kbs="
///     }
///   }
/// }
/// ```
#[when("create issuer public key")]
fn create_issuer_public_key(machine: &mut Machine) -> Result<(), Error> {
    let key = machine.issuer_key()?.public_key();
    machine.create("issuer_public_key", form::issuer_public_key(&key), Traits::default())
}

/// Makes `credential_request`: asks for a signature of the holder's key without showing it.
///
/// # Example
/// ```zencode
/// Scenario 'credential': ask for a credential
/// Given I have a 'keyring'
/// When I create the credential request
/// Then print the 'credential request'
/// ```
/// ```json keys
/// { "keyring": { "credential": "CKGied4Ww03qmsUM/vnOMDodgwPp9Fc3QJuiFcBGQ/k=" } }
/// ```
#[when("create credential request")]
fn create_credential_request(machine: &mut Machine) -> Result<(), Error> {
    let key = machine.holder_key()?;
    let request = Request::new(&key, &mut machine.random);
    machine.create("credential_request", form::request(&request), Traits::default())
}

/// Makes `credential_signature` of a request, and `verifier`, the issuer's public key beside it.
///
/// # Example
/// ```zencode
/// Scenario 'credential': issue a credential
/// Given nothing
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// Then print the 'credential signature'
/// ```
#[when("create credential signature")]
fn create_credential_signature(machine: &mut Machine) -> Result<(), Error> {
    let request = form::request_of(machine.table("credential_request")?)?;
    let key = machine.issuer_key()?;
    let signature = key.sign(&request);
    let signature =
        signature.ok_or_else(|| Error::failed("Zero knowledge proof does not verify (Lambda.pi_s)"))?;
    machine.create("credential_signature", form::signature(&signature), Traits::default())?;
    machine.create("verifier", form::issuer_public_key(&key.public_key()), Traits::default())
}

/// Makes `credentials` of the issuer's signature: only the holder can.
///
/// # Example
/// ```zencode
/// Scenario 'credential': from the key to the credential
/// Given nothing
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// Then print the 'credentials'
/// ```
#[when("create credentials")]
fn create_credentials(machine: &mut Machine) -> Result<(), Error> {
    let signature = form::signature_of(machine.table("credential_signature")?)?;
    let credential = machine.holder_key()?.unblind(&[signature]);
    let credential = credential.ok_or_else(|| Error::failed("there is no signature"))?;
    machine.create("credentials", form::credential(&credential), Traits::default())
}

/// Makes `credentials` of the signatures of several issuers.
///
/// # Example
/// ```zencode
/// Scenario 'credential': signatures of more than one issuer
/// Given nothing
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the new array
/// When I copy 'credential signature' in 'new array'
/// When I copy 'credential signature' in 'new array'
/// When I aggregate the credentials in 'new array'
/// Then print the 'credentials'
/// ```
#[when("aggregate credentials in ''")]
fn aggregate_credentials(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let signature = |value: &Value| {
        form::signature_of(value.table().ok_or_else(|| Error::failed("a signature is a table"))?)
    };
    let signatures: Vec<_> = machine.table(name)?.values().map(signature).collect::<Result<_, _>>()?;
    let credential = machine.holder_key()?.unblind(&signatures);
    let credential = credential.ok_or_else(|| Error::failed(format!("there is no signature in {name}")))?;
    machine.create("credentials", form::credential(&credential), Traits::default())
}

/// Makes `verifiers`, the key that proofs are verified with, of `issuer_public_key`.
///
/// # Example
/// ```zencode
/// Scenario 'credential': the key that proofs are verified with
/// Given nothing
/// When I create the issuer key
/// When I create the issuer public key
/// When I aggregate all the issuer public keys
/// Then print the 'verifiers'
/// ```
#[when("aggregate issuer public keys")]
fn aggregate_issuer_public_keys(machine: &mut Machine) -> Result<(), Error> {
    let keys = machine.value("issuer_public_key")?.clone();
    machine.create("verifiers", keys, Traits::default())
}

/// Makes `verifiers`: the sum of the public keys of several issuers.
///
/// # Example
/// ```zencode
/// Scenario 'credential': one key for more than one issuer
/// Given nothing
/// When I create the issuer key
/// When I create the issuer public key
/// When I create the new array
/// When I copy 'issuer public key' in 'new array'
/// When I copy 'issuer public key' in 'new array'
/// When I aggregate the verifiers in 'new array'
/// Then print the 'verifiers'
/// ```
#[when("aggregate verifiers in ''")]
fn aggregate_verifiers(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let sum = sum_of_public_keys(machine.table(name)?)?;
    machine.create("verifiers", form::issuer_public_key(&sum), Traits::default())
}

/// Makes `credential_proof`: proves to have `credentials` of the issuers behind `verifiers`.
///
/// # Example
/// ```zencode
/// Scenario 'credential': prove to have a credential
/// Given nothing
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I aggregate all the issuer public keys
/// When I create the credential proof
/// Then print the 'credential proof'
/// ```
#[when("create credential proof")]
fn create_credential_proof(machine: &mut Machine) -> Result<(), Error> {
    let verifiers = machine.verifiers()?;
    let credential = form::credential_of(machine.table("credentials")?)?;
    machine.empty("credential_proof")?;
    let key = machine.holder_key()?;
    let proof = credential.prove(&verifiers, &key, &mut machine.random);
    machine.create("credential_proof", form::proof(&proof), Traits::default())
}

/// Requires `credential_proof` to prove a credential of the issuers behind `verifiers`.
///
/// # Example
/// ```zencode
/// Scenario 'credential': look at a proof
/// Given nothing
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I aggregate all the issuer public keys
/// When I create the credential proof
/// When I verify the credential proof
/// Then print the string 'somebody has a credential'
/// ```
#[check("verify credential proof")]
fn has_credential_proof(machine: &mut Machine) -> Result<(), Error> {
    let proof = form::proof_of(machine.table("credential_proof")?)?;
    if proof.verify(&machine.verifiers()?) {
        return Ok(());
    }
    Err(Error::failed("Credential proof does not validate"))
}
