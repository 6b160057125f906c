//! The sentences of the suite with SHAKE-256.

use zencode_crypto::bbs::Suite;
use zencode_macros::{check, when};

use super::{Names, usual};
use crate::error::Error;
use crate::machine::Machine;

const SUITE: Suite = Suite::Shake256;

/// Draws a bbs shake key into the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, a new key
/// Given nothing
/// When I create the bbs shake key
/// Then print the 'keyring'
/// ```
#[when("create bbs shake key")]
fn create_bbs_shake_key(machine: &mut Machine) -> Result<(), Error> {
    super::create_key(machine, SUITE)
}

/// Puts an integer below the order of BLS12-381 into the keyring as the bbs shake key.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, a key from elsewhere
/// Given I have a 'integer' named 'secret'
/// When I create the bbs shake key with secret key 'secret'
/// Then print the 'keyring'
/// ```
/// ```json keys
/// { "secret": "7448372016393487233430457822357464190416226424387241234512" }
/// ```
#[when("create bbs shake key with secret key ''", "create bbs shake key with secret ''")]
fn create_bbs_shake_key_with_secret(machine: &mut Machine, secret: &str) -> Result<(), Error> {
    super::keep_key(machine, SUITE, secret)
}

/// Makes `bbs_shake_public_key` of the key in the keyring: 96 octets.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, show who I am
/// Given I have a 'keyring'
/// When I create the bbs shake public key
/// Then print the 'bbs shake public key'
/// ```
/// ```json keys
/// { "keyring": { "bbs_shake": "EIRxtRfx2zDcSEogGyVJ29yj4wHwncuNQMrCpLnfknA=" } }
/// ```
#[when("create bbs shake public key")]
fn create_bbs_shake_public_key(machine: &mut Machine) -> Result<(), Error> {
    super::create_public_key(machine, SUITE, None)
}

/// Makes `bbs_shake_public_key` of a secret key that is an object: an integer.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, the public key of an integer
/// Given I have a 'integer' named 'secret'
/// When I create the bbs shake public key with secret key 'secret'
/// Then print the 'bbs shake public key'
/// ```
/// ```json keys
/// { "secret": "7448372016393487233430457822357464190416226424387241234512" }
/// ```
#[when("create bbs shake public key with secret key ''")]
fn create_bbs_shake_public_key_with_secret(machine: &mut Machine, secret: &str) -> Result<(), Error> {
    super::create_public_key(machine, SUITE, Some(secret))
}

/// Makes `bbs_shake_signature` of a message, or of each of the messages in an array.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, sign what is true of somebody
/// Given I have a 'keyring'
/// Given I have a 'string array' named 'facts'
/// When I create the bbs shake signature of 'facts'
/// Then print the 'bbs shake signature'
/// ```
/// ```json data
/// { "facts": ["above 18", "italian", "professor"] }
/// ```
/// ```json keys
/// { "keyring": { "bbs_shake": "EIRxtRfx2zDcSEogGyVJ29yj4wHwncuNQMrCpLnfknA=" } }
/// ```
#[when("create bbs shake signature of ''")]
fn create_bbs_shake_signature(machine: &mut Machine, message: &str) -> Result<(), Error> {
    super::create_signature(machine, SUITE, message)
}

/// Requires a signature of a message, or of the messages in an array, to be authentic.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, sign and verify
/// Given I have a 'string array' named 'facts'
/// When I create the bbs shake key
/// When I create the bbs shake public key
/// When I create the bbs shake signature of 'facts'
/// When I verify the 'facts' has a bbs shake signature in 'bbs shake signature' by 'bbs shake public key'
/// Then print the string 'the signature is authentic'
/// ```
/// ```json data
/// { "facts": ["above 18", "italian", "professor"] }
/// ```
#[check("verify '' has a bbs shake signature in '' by ''")]
fn has_bbs_shake_signature(
    machine: &mut Machine,
    message: &str,
    signature: &str,
    signer: &str,
) -> Result<(), Error> {
    super::verify_signature(machine, SUITE, message, signature, signer)
}

/// Makes a proof to have a signature, and shows some of the messages.
///
/// Makes `bbs_shake_proof`: proves to have the signature `bbs_shake_credential` of all `bbs_messages`, and shows those at
/// `bbs_disclosed_indexes`, counted from 1. `bbs_presentation_header` is what the proof is made for.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, prove a part of what was signed
/// Given I have a 'string array' named 'bbs messages'
/// Given I have a 'number array' named 'bbs disclosed indexes'
/// Given I have a 'string' named 'bbs presentation header'
/// When I create the bbs shake key
/// When I create the bbs shake public key
/// When I create the bbs shake signature of 'bbs messages'
/// When I rename the 'bbs shake signature' to 'bbs shake credential'
/// When I create the bbs shake proof
/// Then print the 'bbs shake proof'
/// ```
/// ```json data
/// {
///   "bbs_messages": ["above 18", "italian", "professor"],
///   "bbs_disclosed_indexes": [1, 3],
///   "bbs_presentation_header": "for the museum, today"
/// }
/// ```
#[when("create bbs shake proof")]
fn create_bbs_shake_proof(machine: &mut Machine) -> Result<(), Error> {
    super::create_proof(
        machine,
        SUITE,
        "bbs_shake_credential",
        &usual("bbs_shake_public_key", "bbs_messages"),
    )
}

/// Makes `bbs_shake_proof` of a signature of messages: shows those at the positions, counted from 1.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, prove a part of what was signed, in other words
/// Given I have a 'string array' named 'facts'
/// Given I have a 'number array' named 'shown'
/// Given I have a 'string' named 'purpose'
/// When I create the bbs shake key
/// When I create the bbs shake public key
/// When I create the bbs shake signature of 'facts'
/// When I create the bbs shake proof of the signature 'bbs shake signature' of the messages 'facts' with public key 'bbs shake public key' presentation header 'purpose' and disclosed indexes 'shown'
/// Then print the 'bbs shake proof'
/// ```
/// ```json data
/// {
///   "facts": ["above 18", "italian", "professor"],
///   "shown": [2],
///   "purpose": "for the museum, today"
/// }
/// ```
#[when(
    "create bbs shake proof of signature '' of messages '' with public key '' presentation header '' and disclosed indexes ''"
)]
fn create_bbs_shake_proof_of(
    machine: &mut Machine,
    signature: &str,
    messages: &str,
    public_key: &str,
    header: &str,
    positions: &str,
) -> Result<(), Error> {
    super::create_proof(machine, SUITE, signature, &Names { public_key, header, messages, positions })
}

/// Requires a proof to be right.
///
/// Requires `bbs_shake_proof` to prove a signature, by `bbs_shake_public_key` and for `bbs_presentation_header`, of messages of
/// which `bbs_disclosed_messages` stand at `bbs_disclosed_indexes`.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, look at a proof
/// Given I have a 'string array' named 'bbs messages'
/// Given I have a 'number array' named 'bbs disclosed indexes'
/// Given I have a 'string' named 'bbs presentation header'
/// When I create the bbs shake key
/// When I create the bbs shake public key
/// When I create the bbs shake signature of 'bbs messages'
/// When I rename the 'bbs shake signature' to 'bbs shake credential'
/// When I create the bbs shake proof
/// When I create the bbs disclosed messages
/// When I verify the bbs shake proof
/// Then print the 'bbs disclosed messages'
/// ```
/// ```json data
/// {
///   "bbs_messages": ["above 18", "italian", "professor"],
///   "bbs_disclosed_indexes": [1, 3],
///   "bbs_presentation_header": "for the museum, today"
/// }
/// ```
#[check("verify bbs shake proof")]
fn has_bbs_shake_proof(machine: &mut Machine) -> Result<(), Error> {
    super::verify_proof(machine, SUITE, &usual("bbs_shake_public_key", "bbs_disclosed_messages"))
}

/// Requires a proof to be right, its parts named.
///
/// Requires `bbs_shake_proof` to prove a signature, by a public key and for a header, of messages of which those shown
/// stand at the positions, counted from 1.
///
/// # Example
/// ```zencode
/// Scenario 'bbs': with SHAKE-256, look at a proof, in other words
/// Given I have a 'string array' named 'facts'
/// Given I have a 'string array' named 'seen'
/// Given I have a 'number array' named 'shown'
/// Given I have a 'string' named 'purpose'
/// When I create the bbs shake key
/// When I create the bbs shake public key
/// When I create the bbs shake signature of 'facts'
/// When I create the bbs shake proof of the signature 'bbs shake signature' of the messages 'facts' with public key 'bbs shake public key' presentation header 'purpose' and disclosed indexes 'shown'
/// When I verify the bbs shake proof with public key 'bbs shake public key' presentation header 'purpose' disclosed messages 'seen' and disclosed indexes 'shown'
/// Then print the 'seen'
/// ```
/// ```json data
/// {
///   "facts": ["above 18", "italian", "professor"],
///   "seen": ["italian"],
///   "shown": [2],
///   "purpose": "for the museum, today"
/// }
/// ```
#[check(
    "verify bbs shake proof with public key '' presentation header '' disclosed messages '' and disclosed indexes ''"
)]
fn has_bbs_shake_proof_with(
    machine: &mut Machine,
    public_key: &str,
    header: &str,
    messages: &str,
    positions: &str,
) -> Result<(), Error> {
    super::verify_proof(machine, SUITE, &Names { public_key, header, messages, positions })
}
