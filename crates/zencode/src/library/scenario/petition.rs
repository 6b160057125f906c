//! `petition`: whoever has a credential signs once, nobody learns who did, and the one who made the petition
//! proves how many.

use zencode_crypto::bls12_381::G1;
use zencode_crypto::petition::{COUNT_MAX, Scores, Signature, Tally, owner};
use zencode_macros::{check, when};

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::library::scenario::credential::form as credential;
use crate::machine::Machine;
use crate::point::Point;
use crate::schema::{Export, Import, Schema};
use crate::statement::Statement;
use crate::value::{Key, Table, Value};

mod form;

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_PETITION,
    PETITION_IS_EMPTY,
    CREATE_PETITION_SIGNATURE,
    SIGNATURE_PROOF_IS_CORRECT,
    SIGNATURE_IS_NOT_A_DUPLICATE,
    SIGNATURE_IS_JUST_ONE_MORE,
    ADD_SIGNATURE,
    CREATE_PETITION_TALLY,
    COUNT_PETITION_RESULTS,
];

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("petition_scores", form::import_scores, None),
    Schema { complex: true, ..schema("petition", form::import_petition, None) },
    Schema {
        complex: true,
        ..schema("petition_signature", form::import_signature, Some(form::export_signature))
    },
    Schema { complex: true, ..schema("petition_tally", form::import_tally, Some(form::export_tally)) },
];

const fn schema(name: &'static str, import: Import, export: Option<Export>) -> Schema {
    Schema { name, import, export, complex: false, open: false }
}

const PETITION: &str = "petition";
const SIGNATURE: &str = "petition_signature";
const TALLY: &str = "petition_tally";

/// The member that names a petition.
const UID: &str = "uid";
/// The member that counts.
const SCORES: &str = "scores";
/// The member of a petition that tells who has signed.
const LIST: &str = "list";
/// The member of a signature that is the same whenever its holder signs the petition.
const UID_SIGNATURE: &str = "uid_signature";
/// The member of a signature that is added to the scores.
const ONE: &str = "one";

/// The mark that a holder's signature leaves on a petition.
fn mark(signature: &Table) -> Result<G1, Error> {
    credential::first(signature, UID_SIGNATURE)
}

fn uid(table: &Table) -> Result<Vec<u8>, Error> {
    table.member(UID).and_then(Value::octets).ok_or_else(|| Error::failed("there is no uid"))
}

/// Makes `petition`, which nobody has signed, under a name. Its owner is the credential key of the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': a new petition
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the petition 'More privacy for all!'
/// Then print the 'petition'
/// Then print the 'uid' from 'petition' as 'string'
/// ```
#[when("create petition ''")]
fn create_petition(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let owner = owner(&machine.holder_key()?);
    let petition = credential::table(vec![
        (UID, Value::text(name)),
        ("owner", owner.into()),
        (SCORES, form::scores(&Scores::empty())),
    ]);
    machine.create(PETITION, petition, Traits::default())
}

/// Requires that nobody has signed `petition`.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': look at a petition before it is approved
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the petition 'More privacy for all!'
/// When I verify the new petition to be empty
/// Then print the string 'approved'
/// ```
#[when("verify new petition to be empty")]
fn petition_is_empty(machine: &mut Machine) -> Result<(), Error> {
    let scores = form::scores_of(machine.table(PETITION)?)?;
    let ends = [
        (scores.pos.left, "positive left"),
        (scores.pos.right, "positive right"),
        (scores.neg.left, "negative left"),
        (scores.neg.right, "negative right"),
    ];
    for (point, which) in ends {
        ensure(point.is_infinity(), || format!("Invalid new petition: {which} score is not zero"))?;
    }
    Ok(())
}

/// Makes `petition_signature` of `credentials` for the petition of a name.
///
/// Who signs twice leaves the same mark.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': sign
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the petition signature 'More privacy for all!'
/// Then print the 'petition signature'
/// ```
#[when("create petition signature ''")]
fn create_petition_signature(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let credentials = credential::credential_of(machine.table("credentials")?)?;
    let issuers = credential::issuer_public_key_of(machine.table("issuer_public_key")?)?;
    let key = machine.holder_key()?;
    let (proof, mark) = credentials.prove_about(&issuers, &key, name.as_bytes(), &mut machine.random);
    let mut signature = Table::default();
    signature.set("proof", credential::proof(&proof));
    signature.set(UID_SIGNATURE, mark.into());
    signature.set("uid_petition", Value::text(name));
    machine.create(SIGNATURE, Value::Table(signature), Traits::default())
}

/// Requires `petition_signature` to be of somebody with a credential of `issuer_public_key`.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': look at who signed
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the petition signature 'More privacy for all!'
/// When I verify the signature proof is correct
/// Then print the string 'somebody with a credential'
/// ```
#[check("verify signature proof is correct")]
fn signature_proof_is_correct(machine: &mut Machine) -> Result<(), Error> {
    let signature = machine.table(SIGNATURE)?;
    let issuers = credential::issuer_public_key_of(machine.table("issuer_public_key")?)?;
    let proof = signature.member("proof").and_then(Value::table);
    let proof = credential::proof_of(proof.ok_or_else(|| Error::failed("the signature has no proof"))?)?;
    let about = signature.member("uid_petition").and_then(Value::octets);
    let about = about.ok_or_else(|| Error::failed("the signature names no petition"))?;
    if proof.verify_about(&issuers, &about, &mark(signature)?) {
        return Ok(());
    }
    Err(Error::failed("Petition signature is invalid"))
}

/// Requires that the holder of `petition_signature` has not signed `petition` before, and notes that it has.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': nobody signs twice
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the petition 'More privacy for all!'
/// When I create the petition signature 'More privacy for all!'
/// When I verify the petition signature is not a duplicate
/// If I verify the petition signature is not a duplicate
/// Then print the string 'signed twice'
/// EndIf
/// Then print the 'petition'
/// ```
#[check("verify petition signature is not a duplicate")]
fn signature_is_not_a_duplicate(machine: &mut Machine) -> Result<(), Error> {
    let mark = mark(machine.table(SIGNATURE)?)?;
    let list = machine.table(PETITION)?.member(LIST).and_then(Value::table);
    for signature in list.into_iter().flat_map(Table::values) {
        let known = Point::first_of(signature)? == mark;
        ensure(!known, || "Duplicate petition signature detected".to_owned())?;
    }
    let mark = Value::from(mark);
    machine.charge(mark.weight())?;
    let petition = machine.table_mut(PETITION)?;
    let mut list = match petition.take(&Key::Name(LIST.to_owned())) {
        Some(Value::Table(list)) => list,
        _ => Table::default(),
    };
    list.push(mark);
    petition.set(LIST, Value::Table(list));
    Ok(())
}

/// Puts one encrypted signature into `petition_signature`, with the proof that it is one.
///
/// It is encrypted for the owner of `petition`.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': a signature counts one
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the petition 'More privacy for all!'
/// When I create the petition signature 'More privacy for all!'
/// When I verify the petition signature is just one more
/// Then print the 'one' from 'petition signature'
/// ```
#[check("verify petition signature is just one more")]
fn signature_is_just_one_more(machine: &mut Machine) -> Result<(), Error> {
    let owner = credential::first(machine.table(PETITION)?, "owner")?;
    machine.have(SIGNATURE)?;
    let one = Signature::new(&owner, &mut machine.random);
    ensure(one.verify(&owner), || "ABC petition signature adds more than one signature".to_owned())?;
    let one = form::one(&one);
    machine.charge(one.weight())?;
    machine.table_mut(SIGNATURE)?.set(ONE, one);
    Ok(())
}

/// Adds the encrypted signature in `petition_signature` to the scores of `petition`.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': a petition that one has signed
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the petition 'More privacy for all!'
/// When I create the petition signature 'More privacy for all!'
/// When I verify the petition signature is just one more
/// When I add the signature to the petition
/// Then print the 'petition'
/// ```
#[when("add signature to petition")]
fn add_signature(machine: &mut Machine) -> Result<(), Error> {
    let scores = form::scores_of(machine.table(PETITION)?)?;
    let one = machine.table(SIGNATURE)?.member(ONE).and_then(Value::table);
    let one =
        one.ok_or_else(|| Error::failed("the petition signature was not verified to be just one more"))?;
    let sum = scores + form::scores_of(one)?;
    machine.table_mut(PETITION)?.set(SCORES, form::scores(&sum));
    Ok(())
}

/// Makes `petition_tally`: what opens the scores of `petition`, which only its owner can make.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': open the scores
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the petition 'More privacy for all!'
/// When I create the petition signature 'More privacy for all!'
/// When I verify the petition signature is just one more
/// When I add the signature to the petition
/// When I create a petition tally
/// Then print the 'petition tally'
/// ```
#[when("create a petition tally")]
fn create_petition_tally(machine: &mut Machine) -> Result<(), Error> {
    let key = machine.holder_key()?;
    let petition = machine.table(PETITION)?;
    let (scores, uid) = (form::scores_of(petition)?, uid(petition)?);
    let tally = Tally::new(&key, &scores, &mut machine.random);
    machine.create(TALLY, form::tally(&tally, uid), Traits::default())
}

/// Makes `petition_results`: how many signed `petition`, 1 to 1000, as `petition_tally` opens it.
///
/// The proof in the tally is verified first; the reference engine does not look at it.
///
/// # Example
/// ```zencode
/// Scenario 'credential': who may sign
/// Scenario 'petition': how many
/// Given I am 'Alice'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I create the petition 'More privacy for all!'
/// When I create the petition signature 'More privacy for all!'
/// When I verify the petition signature is just one more
/// When I add the signature to the petition
/// When I verify the petition signature is just one more
/// When I add the signature to the petition
/// When I create a petition tally
/// When I count the petition results
/// Then print the 'petition results' as 'integer'
/// ```
#[when("count petition results")]
fn count_petition_results(machine: &mut Machine) -> Result<(), Error> {
    let (petition, tally) = (machine.table(PETITION)?, machine.table(TALLY)?);
    ensure(uid(petition)? == uid(tally)?, || "Tally does not correspond to petition".to_owned())?;
    let scores = form::scores_of(petition)?;
    let tally = form::tally_of(tally)?;
    ensure(tally.verify(&scores), || "The proof of the tally does not verify for this petition".to_owned())?;
    let none = || Error::failed(format!("the tally opens to no number from 1 to {COUNT_MAX}"));
    let count = tally.count(&scores).ok_or_else(none)?;
    machine.create("petition_results", Value::Integer(count.into()), Traits::default())
}
