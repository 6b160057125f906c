//! Passports of materials: one participant seals an object, with the identities of who had it before.

use zencode_crypto::bls12_381::{G1, G2, Scalar};
use zencode_macros::{check, when};

use super::form::FINGERPRINTS;
use super::{identity_of, is_sealed};
use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::library::scenario::credential::form as credential;
use crate::machine::Machine;
use crate::point::Point;
use crate::value::{Table, Value};

/// The object's identity and those of everybody who had it.
fn signed_identity(identity: G1, fingerprints: &[Value]) -> Result<G1, Error> {
    fingerprints.iter().try_fold(identity, |sum, fingerprint| Ok(sum + Point::first_of(fingerprint)?))
}

/// Makes `material_passport` of an object: sealed with the reflow key, with the proof to have `credentials`.
///
/// `reflow_identity` is the participant's, and is added to the `fingerprints` there are.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': a passport
/// Given I have a 'string' named 'good'
/// Given I have a 'string' named 'owner'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the reflow key
/// When I create the reflow identity of 'owner'
/// When I create the material passport of 'good'
/// Then print the 'material passport'
/// ```
/// ```json data
/// { "good": "cow", "owner": "Alice" }
/// ```
#[when("create material passport of ''")]
pub(super) fn create_material_passport(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let key = machine.reflow_key()?;
    let credentials = credential::credential_of(machine.table("credentials")?)?;
    let participant = Point::first_of(machine.value("reflow_identity")?)?;
    let issuer = credential::issuer_public_key_of(machine.table("issuer_public_key")?)?;
    let identity = identity_of(machine.value(name)?)?;
    machine.empty("material_passport")?;
    let mut fingerprints = match machine.objects.get(FINGERPRINTS).map(|object| &object.value) {
        Some(Value::Table(Table::Array(found))) => found.clone(),
        _ => Vec::new(),
    };
    fingerprints.push(participant.into());
    let signed = signed_identity(identity, &fingerprints)?;
    let r = Scalar::draw(&mut machine.random);
    let holder = machine.holder_key()?;
    let (proof, zeta) = credentials.prove_about(&issuer, &holder, &signed.to_octets(), &mut machine.random);
    let passport = credential::table(vec![
        ("seal.identity", identity.into()),
        ("seal.fingerprints", Value::Table(Table::Array(fingerprints))),
        ("seal.SM", (signed * &r + signed * &key).into()),
        ("seal.verifier", (G2::generator() * &r + G2::generator() * &key).into()),
        ("proof", credential::proof(&proof)),
        ("zeta", zeta.into()),
    ]);
    machine.create("material_passport", passport, Traits::default())
}

/// Requires `material_passport` to be an object's, sealed, and made with a credential of the issuer.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': look at a passport
/// Given I have a 'string' named 'good'
/// Given I have a 'string' named 'owner'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the reflow key
/// When I create the reflow identity of 'owner'
/// When I create the material passport of 'good'
/// When I verify the material passport of 'good'
/// Then print the string 'the good is what its passport says'
/// ```
/// ```json data
/// { "good": "cow", "owner": "Alice" }
/// ```
#[check("verify material passport of ''")]
pub(super) fn has_material_passport(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let object = machine.value(name)?;
    let passport = machine.table("material_passport")?;
    let issuer = credential::issuer_public_key_of(machine.table("issuer_public_key")?)?;
    let part = |part: &str| {
        let found = passport.member(part).and_then(Value::table);
        found.ok_or_else(|| Error::failed(format!("the material passport has no {part}")))
    };
    let (seal, proof) = (part("seal")?, credential::proof_of(part("proof")?)?);
    let Some(Value::Table(Table::Array(fingerprints))) = seal.member(FINGERPRINTS) else {
        return Err(Error::refused(format!("No fingerprints found in material passport seal: {name}")));
    };
    let identity = identity_of(object)?;
    ensure(identity == credential::first(seal, "identity")?, || {
        format!("Object does not match material passport identity (needs track and trace?): {name}")
    })?;
    let signed = signed_identity(identity, fingerprints)?;
    let verifier = credential::second(seal, "verifier")?;
    let sealed = credential::first(seal, "SM")?;
    ensure(is_sealed(&verifier, &signed, &sealed), || {
        format!("Object matches, but seal is invalid: {name}")
    })?;
    let zeta = credential::first(passport, "zeta")?;
    if proof.verify_about(&issuer, &signed.to_octets(), &zeta) {
        return Ok(());
    }
    Err(Error::failed(format!("Object and seal are valid, but proof of issuance fails: {name}")))
}

/// Refuses: the reference engine looks for an object whose name ends in `.seal`, and checks nothing.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': a sentence that checks nothing
/// Given I have a 'string' named 'good'
/// When I verify the material passport of 'good' is valid
/// Then print the 'good'
/// ```
/// ```json data
/// { "good": "cow" }
/// ```
#[check("verify material passport of '' is valid")]
pub(super) fn material_passport_is_valid(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.have(name)?;
    Err(Error::Missing(format!("{name}.seal")))
}
