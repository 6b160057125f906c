//! The sentences that every signature scheme has: one function each, one row per scheme.

use zencode_crypto::mldsa44;
use zencode_macros::{check, when};

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::export::serialize;
use crate::machine::Machine;
use crate::scheme::{SignatureScheme, Tools};
use crate::statement::Statement;
use crate::value::Value;

/// The sentences of a scheme that has all of them.
pub(super) const STATEMENTS: &[Statement] = &[
    CREATE_KEY,
    CREATE_KEY_WITH_SECRET,
    CREATE_PUBLIC_KEY,
    CREATE_PUBLIC_KEY_WITH_SECRET,
    CREATE_SIGNATURE,
    HAS_SIGNATURE,
];

fn traits(scheme: &SignatureScheme) -> Traits {
    scheme.encoding.map_or_else(Traits::default, Traits::element_encoded)
}

/// Draws a new secret key and puts it into the keyring, unless it holds one of its kind already.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': a new key
/// Given nothing
/// When I create the eddsa key
/// Then print the 'keyring'
/// ```
#[when("create {scheme} key")]
fn create_key(machine: &mut Machine, scheme: &'static SignatureScheme) -> Result<(), Error> {
    machine.ensure_no_key(scheme.name)?;
    let secret = (scheme.draw_key)(&mut machine.random);
    machine.keep_key(scheme.name, secret)
}

/// Puts the octets of an object into the keyring as the secret key, unless it holds one of its kind already.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': a key from elsewhere
/// Given I have a 'base58' named 'secret'
/// When I create the eddsa key with secret key 'secret'
/// Then print the 'keyring'
/// ```
/// ```json keys
/// { "secret": "7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH" }
/// ```
#[when("create {scheme} key with secret key ''", "create {scheme} key with secret ''")]
fn create_key_with_secret(
    machine: &mut Machine,
    scheme: &'static SignatureScheme,
    secret: &str,
) -> Result<(), Error> {
    let octets = machine.octets(secret)?;
    machine.ensure_no_key(scheme.name)?;
    (scheme.public_key)(&octets)?;
    machine.keep_key(scheme.name, octets)
}

/// Makes the public key of the secret key in the keyring, under a name such as `eddsa_public_key`.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': show who I am
/// Given I have a 'keyring'
/// When I create the eddsa public key
/// Then print the 'eddsa public key'
/// ```
/// ```json keys
/// { "keyring": { "eddsa": "7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH" } }
/// ```
#[when("create {scheme} public key")]
fn create_public_key(machine: &mut Machine, scheme: &'static SignatureScheme) -> Result<(), Error> {
    let name = format!("{}_public_key", scheme.name);
    machine.empty(&name)?;
    let secret = machine.secret_key(scheme.name)?;
    let public = (scheme.public_key)(&secret)?;
    machine.create(&name, Value::Octet(public), traits(scheme))
}

/// Makes the public key of a secret key that is an object, under a name such as `eddsa_public_key`.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': a key from elsewhere
/// Given I have a 'base58' named 'secret'
/// When I create the eddsa public key with secret key 'secret'
/// Then print the 'eddsa public key'
/// ```
/// ```json keys
/// { "secret": "7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH" }
/// ```
#[when("create {scheme} public key with secret key ''")]
fn create_public_key_with_secret(
    machine: &mut Machine,
    scheme: &'static SignatureScheme,
    secret: &str,
) -> Result<(), Error> {
    let octets = machine.octets(secret)?;
    let public = (scheme.public_key)(&octets)?;
    machine.create(&format!("{}_public_key", scheme.name), Value::Octet(public), traits(scheme))
}

/// Makes the signature of an object by the secret key in the keyring, under a name such as `eddsa_signature`.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': sign a letter
/// Given I have a 'keyring'
/// Given I have a 'string' named 'letter'
/// When I create the eddsa signature of 'letter'
/// Then print the 'eddsa signature'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "eddsa": "7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH" } }
/// ```
#[when("create {scheme} signature of ''")]
fn create_signature(
    machine: &mut Machine,
    scheme: &'static SignatureScheme,
    message: &str,
) -> Result<(), Error> {
    sign_as(machine, scheme, message, &format!("{}_signature", scheme.name))
}

/// Signs an object and keeps the signature under a name.
pub(super) fn sign_as(
    machine: &mut Machine,
    scheme: &SignatureScheme,
    message: &str,
    name: &str,
) -> Result<(), Error> {
    let secret = machine.secret_key(scheme.name)?;
    machine.empty(name)?;
    let octets = signed_octets(machine, scheme, message)?;
    let tools = Tools { random: &mut machine.random, keys: &machine.key_cache };
    let signature = (scheme.sign)(&secret, &octets, tools)?;
    machine.create(name, signature, traits(scheme))
}

/// The algorithm whose messages have a context, in the object [`CONTEXT`].
const WITH_CONTEXT: &str = "mldsa44";

/// What a signature of [`WITH_CONTEXT`] is made for; it verifies for nothing else.
const CONTEXT: &str = "ctx";

/// The octets of an object that a signature is of.
fn signed_octets(machine: &mut Machine, scheme: &SignatureScheme, message: &str) -> Result<Vec<u8>, Error> {
    let octets = serialize(machine.value(message)?)?;
    if scheme.name != WITH_CONTEXT {
        return Ok(octets);
    }
    // A number or a table is no context, in the reference engine neither.
    let context = match machine.may_have(CONTEXT).map(|object| object.value) {
        Some(Value::Octet(octets)) => octets,
        _ => Vec::new(),
    };
    mldsa44::framed(&octets, &context).map_err(|error| Error::failed(error.to_string()))
}

/// Requires a signature of an object to be authentic: made with the secret key of a public key.
///
/// # Example
/// ```zencode
/// Scenario 'eddsa': sign a letter and look at the signature
/// Given I have a 'keyring'
/// Given I have a 'string' named 'letter'
/// When I create the eddsa public key
/// When I create the eddsa signature of 'letter'
/// When I verify the 'letter' has a eddsa signature in 'eddsa signature' by 'eddsa public key'
/// Then print the string 'the signature is authentic'
/// ```
/// ```json data
/// { "letter": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "eddsa": "7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH" } }
/// ```
#[check("verify '' has a {scheme} signature in '' by ''")]
fn has_signature(
    machine: &mut Machine,
    scheme: &'static SignatureScheme,
    message: &str,
    signature: &str,
    signer: &str,
) -> Result<(), Error> {
    verify(machine, scheme, message, signature, signer)
}

/// Verifies a signature of an object by the public key of a name.
pub(super) fn verify(
    machine: &mut Machine,
    scheme: &SignatureScheme,
    message: &str,
    signature: &str,
    signer: &str,
) -> Result<(), Error> {
    let public = match public_key(machine, scheme, signer) {
        Err(error @ Error::Refused(_)) => Err(error),
        found => Ok(found?),
    };
    let octets = signed_octets(machine, scheme, message)?;
    // The reference engine goes on without the key, and what else is wrong ends the run even in an If.
    let known = public.as_deref().unwrap_or_default();
    let authentic = (scheme.verify)(known, &octets, machine.value(signature)?, &machine.key_cache)?;
    public?;
    ensure(authentic, || format!("The {} signature by {signer} is not authentic", scheme.name))
}

/// The algorithm whose missing public key chooses the other branch of an If; with the others it ends the run.
const MISSING_KEY_IS_REFUSED: &str = "ecdh";

/// The public key of a name: an object of that name, or a member of the table of public keys.
pub(super) fn public_key(
    machine: &Machine,
    scheme: &SignatureScheme,
    signer: &str,
) -> Result<Vec<u8>, Error> {
    let found = match machine.objects.get(signer) {
        Some(object) => Some(&object.value),
        None => scheme.public_keys.iter().find_map(|name| machine.objects.get(*name)).and_then(|object| {
            match &object.value {
                Value::Table(keys) => keys.member(signer),
                key => Some(key),
            }
        }),
    };
    let message = || format!("Public key not found for: {signer}");
    match found {
        Some(key) => key.octets().ok_or_else(|| Error::failed(message())),
        None if scheme.name == MISSING_KEY_IS_REFUSED => Err(Error::refused(message())),
        None => Err(Error::failed(message())),
    }
}
