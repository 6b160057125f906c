//! The tables of petitions, signatures and tallies in memory and in JSON.

use zencode_crypto::encoding::base64;
use zencode_crypto::petition::{Score, Scores, Signature, Tally};

use super::{LIST, SCORES, UID, UID_SIGNATURE};
use crate::error::Error;
use crate::export::Printed;
use crate::json::Json;
use crate::library::scenario::credential::form::{self, Form, Kind, integer};
use crate::point::Point;
use crate::schema::{Reading, member, octets, record};
use crate::value::{Table, Value};

const SCORES_FORM: Form = &[
    ("pos.left", Kind::First),
    ("pos.right", Kind::First),
    ("neg.left", Kind::First),
    ("neg.right", Kind::First),
];

const OWNER: Form = &[("owner", Kind::First)];

const SIGNATURE: Form = &[(UID_SIGNATURE, Kind::First)];

const TALLY: Form =
    &[("c", Kind::Integer), ("rx", Kind::Integer), ("dec.neg", Kind::First), ("dec.pos", Kind::First)];

/// Signatures that a list in JSON holds at most: reading a point takes a core a tenth of a millisecond.
const LIST_MAX: usize = 10_000;

pub(super) fn import_scores(json: &Json, reading: &Reading) -> Result<Value, Error> {
    form::import(json, SCORES_FORM, reading)
}

pub(super) fn import_petition(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let mut petition = with_text(Table::default(), json, UID, reading)?;
    petition.set(SCORES, import_scores(form::inner_of(json, SCORES)?, reading)?);
    let Json::Object(members) = json else { return Ok(Value::Table(petition)) };
    if members.contains_key("owner")
        && let Value::Table(owner) = form::import(json, OWNER, reading)?
    {
        owner.entries().into_iter().for_each(|(name, point)| {
            petition.set(&name.to_string(), point.clone());
        });
    }
    if let Some(key) = members.get("issuer_public_key") {
        petition.set("issuer_public_key", form::import_issuer_public_key(key, reading)?);
    }
    if let Some(list) = members.get(LIST) {
        petition.set(LIST, import_list(list, reading)?);
    }
    if let Some(signature) = members.get("signature") {
        let part = |name| member(signature, name, reading.encoding);
        petition.set("signature", record(vec![("r", part("r")?), ("s", part("s")?)]));
    }
    Ok(Value::Table(petition))
}

fn import_list(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let Json::Array(items) = json else {
        return Err(Error::input("the signatures of a petition are an array"));
    };
    if items.len() > LIST_MAX {
        let count = items.len();
        return Err(Error::Limit(format!("Signature limit exceeded: {LIST_MAX} signatures, found {count}")));
    }
    let point = |item: &Json| Point::first(&octets(item, LIST, reading.encoding)?).map(Value::from);
    items.iter().map(point).collect::<Result<_, _>>().map(Table::Array).map(Value::Table)
}

fn with_text(mut table: Table, json: &Json, name: &str, reading: &Reading) -> Result<Table, Error> {
    table.set(name, Value::Octet(member(json, name, reading.encoding)?));
    Ok(table)
}

/// A table of a form, with one member that is octets.
fn import_with_text(json: &Json, form: Form, name: &str, reading: &Reading) -> Result<Table, Error> {
    match form::import(json, form, reading)? {
        Value::Table(table) => with_text(table, json, name, reading),
        _ => Err(Error::failed("a table is expected")),
    }
}

pub(super) fn import_signature(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let mut signature = import_with_text(json, SIGNATURE, "uid_petition", reading)?;
    signature.set("proof", form::import(form::inner_of(json, "proof")?, form::PROOF, reading)?);
    Ok(Value::Table(signature))
}

pub(super) fn import_tally(json: &Json, reading: &Reading) -> Result<Value, Error> {
    import_with_text(json, TALLY, UID, reading).map(Value::Table)
}

/// The numbers of the proof as octets.
pub(super) fn export_signature(value: &Value) -> Result<Printed, Error> {
    let table = value.table().ok_or_else(|| Error::failed("a petition signature is a table"))?;
    let members = table.entries().into_iter().map(|(name, member)| {
        let name = name.to_string();
        let printed = if name == "proof" { form::export_proof(member)? } else { Printed::raw(member) };
        Ok((name, printed))
    });
    members.collect::<Result<_, Error>>().map(Printed::Dictionary)
}

/// The numbers in base64, whatever the contract's encoding.
pub(super) fn export_tally(value: &Value) -> Result<Printed, Error> {
    let table = value.table().ok_or_else(|| Error::failed("a petition tally is a table"))?;
    let members = table.entries().into_iter().map(|(name, member)| {
        let printed = match member {
            Value::Integer(_) => {
                Printed::Text(base64::encode(&member.octets().unwrap_or_default()).into_bytes())
            }
            other => Printed::raw(other),
        };
        (name.to_string(), printed)
    });
    Ok(Printed::Dictionary(members.collect()))
}

pub(super) fn scores(scores: &Scores) -> Value {
    form::table(vec![
        ("pos.left", scores.pos.left.into()),
        ("pos.right", scores.pos.right.into()),
        ("neg.left", scores.neg.left.into()),
        ("neg.right", scores.neg.right.into()),
    ])
}

/// The scores in a petition or in what is added to one.
pub(super) fn scores_of(owner: &Table) -> Result<Scores, Error> {
    let table = owner.member(SCORES).and_then(Value::table);
    let table = table.ok_or_else(|| Error::failed("there are no scores"))?;
    Ok(Scores {
        pos: Score { left: form::first(table, "pos.left")?, right: form::first(table, "pos.right")? },
        neg: Score { left: form::first(table, "neg.left")?, right: form::first(table, "neg.right")? },
    })
}

/// One more signature.
pub(super) fn one(signature: &Signature) -> Value {
    let mut one = form::table(vec![
        ("cv", signature.commit.into()),
        ("pi_vote.c", integer(&signature.challenge)),
        ("pi_vote.rk", integer(&signature.rk)),
        ("pi_vote.rm", integer(&signature.rm)),
        ("pi_vote.rr1", integer(&signature.rr1)),
        ("pi_vote.rr2", integer(&signature.rr2)),
    ]);
    if let Value::Table(one) = &mut one {
        one.set(SCORES, scores(&signature.scores));
    }
    one
}

pub(super) fn tally(tally: &Tally, uid: Vec<u8>) -> Value {
    form::table(vec![
        ("dec.pos", tally.pos.into()),
        ("dec.neg", tally.neg.into()),
        ("c", integer(&tally.challenge)),
        ("rx", integer(&tally.rx)),
        (UID, Value::Octet(uid)),
    ])
}

pub(super) fn tally_of(table: &Table) -> Result<Tally, Error> {
    Ok(Tally {
        pos: form::first(table, "dec.pos")?,
        neg: form::first(table, "dec.neg")?,
        challenge: form::scalar(table, "c")?,
        rx: form::scalar(table, "rx")?,
    })
}
