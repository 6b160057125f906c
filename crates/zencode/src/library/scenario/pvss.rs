//! `pvss`: a secret is shared so that anybody can check the shares, and only their owners can read them.

use num_bigint::Sign;
use zencode_crypto::bls12_381::{G1, Scalar};
use zencode_crypto::pvss::{self, PARTICIPANTS_MAX, Proof, Share, Shares, compose};
use zencode_macros::when;
use zeroize::Zeroizing;

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::library::scenario::credential::form::table;
use crate::machine::Machine;
use crate::point::Point;
use crate::schema::Schema;
use crate::statement::Statement;
use crate::value::{Table, Value};

mod form;

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_PVSS_KEY,
    CREATE_PVSS_PUBLIC_KEY,
    CREATE_PVSS_PUBLIC_SHARES,
    ARE_PVSS_PUBLIC_SHARES,
    CREATE_SECRET_SHARE,
    CREATE_PVSS_VERIFIED_SHARES,
    COMPOSE_PVSS_SECRET,
];

pub(crate) const SCHEMAS: &[Schema] = form::SCHEMAS;

/// The name of the key, in sentences and in the keyring.
const PVSS: &str = "pvss";

fn fault(error: pvss::Error) -> Error {
    match error {
        pvss::Error::Participants(_) => Error::Limit(error.to_string()),
        _ => Error::failed(error.to_string()),
    }
}

fn secret_key(machine: &mut Machine) -> Result<Scalar, Error> {
    let secret = Zeroizing::new(machine.secret_key(PVSS)?);
    Scalar::from_octets(&secret).map_err(|error| Error::failed(error.to_string()))
}

/// A number of participants that an integer says.
fn count(machine: &Machine, name: &str) -> Result<usize, Error> {
    let Value::Integer(integer) = machine.value(name)? else {
        return Err(Error::failed(format!("{name} is not an integer")));
    };
    usize::try_from(integer)
        .ok()
        .filter(|count| *count <= PARTICIPANTS_MAX)
        .ok_or_else(|| Error::Limit(format!("{name} is not within 0 and {PARTICIPANTS_MAX}")))
}

fn scalar(value: &Value) -> Result<Scalar, Error> {
    let octets = Zeroizing::new(value.octets().ok_or_else(|| Error::failed("a number has octets"))?);
    Scalar::from_octets(&octets).map_err(|error| Error::failed(error.to_string()))
}

/// A member of a table, which is an array.
fn array<'a>(table: &'a Table, name: &str) -> Result<&'a [Value], Error> {
    match table.member(name) {
        Some(Value::Table(Table::Array(items))) => Ok(items),
        _ => Err(Error::refused(format!("'pvss {name}' is not an array"))),
    }
}

fn points(items: &[Value]) -> Result<Vec<G1>, Error> {
    items.iter().map(Point::first_of).collect()
}

fn point(table: &Table, name: &str) -> Result<G1, Error> {
    Point::first_of(table.member(name).ok_or_else(|| Error::failed(format!("there is no {name}")))?)
}

/// A proof of numbers: the challenge comes first.
fn proof_of(items: &[Value]) -> Result<Proof, Error> {
    let (challenge, responses) = items.split_first().ok_or_else(|| Error::failed("the proof is empty"))?;
    let below = |value: &Value| {
        let octets = value.octets().unwrap_or_default();
        Scalar::from_canonical(&octets).map_err(|_| Error::refused("Proof element is not modulo CURVE_ORDER"))
    };
    Ok(Proof {
        challenge: below(challenge)?,
        responses: responses.iter().map(below).collect::<Result<_, _>>()?,
    })
}

fn shares_of(table: &Table) -> Result<Shares, Error> {
    Ok(Shares {
        commitments: points(array(table, "commitments")?)?,
        public_keys: points(array(table, "public_keys")?)?,
        encrypted: points(array(table, "encrypted_shares")?)?,
        proof: proof_of(array(table, "proof")?)?,
    })
}

fn integer(octets: &[u8]) -> Value {
    Value::Integer(num_bigint::BigInt::from_bytes_be(Sign::Plus, octets))
}

fn values(points: impl IntoIterator<Item = G1>) -> Value {
    Value::Table(Table::Array(points.into_iter().map(Value::from).collect()))
}

fn proof_value(proof: &Proof) -> Value {
    let numbers = std::iter::once(&proof.challenge).chain(&proof.responses);
    Value::Table(Table::Array(numbers.map(|number| integer(&number.to_octets())).collect()))
}

/// Draws a pvss key into the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'pvss': a new key
/// Given nothing
/// When I create the pvss key
/// Then print the 'keyring'
/// ```
#[when("create pvss key")]
fn create_pvss_key(machine: &mut Machine) -> Result<(), Error> {
    machine.ensure_no_key(PVSS)?;
    let key = pvss::draw_key(&mut machine.random);
    machine.keep_key(PVSS, key.to_octets().to_vec())
}

/// Makes `pvss_public_key` of the key in the keyring: a point of the first group.
///
/// # Example
/// ```zencode
/// Scenario 'pvss': show who I am
/// Given I have a 'keyring'
/// When I create the pvss public key
/// Then print the 'pvss public key'
/// ```
/// ```json keys
/// { "keyring": { "pvss": "K+QxIAYwFcdLNq8E3JoQ6f9QpQS2FX7Z6uiuuEaTzBg=" } }
/// ```
#[when("create pvss public key")]
fn create_pvss_public_key(machine: &mut Machine) -> Result<(), Error> {
    machine.empty("pvss_public_key")?;
    let public = pvss::public_key(&secret_key(machine)?);
    machine.create("pvss_public_key", public.into(), Traits::element())
}

/// Makes `pvss_public_shares` of a secret.
///
/// Makes `pvss_public_shares` of a secret: one for each public key, of which a quorum finds the secret. The total is
/// the number of public keys.
///
/// # Example
/// ```zencode
/// Scenario 'pvss': share a secret among two
/// Given I have a 'base64' named 'secret'
/// Given I have a 'integer' named 'total'
/// Given I have a 'integer' named 'quorum'
/// Given I have a 'pvss public key array' named 'participants'
/// When I create the pvss public shares of 'secret' with 'total' quorum 'quorum' using the public keys 'participants'
/// Then print the 'pvss public shares'
/// ```
/// ```json data
/// {
///   "secret": "TubTlydO4PIGfFROYCFkRtt6mWeDP1o2/G3r8Uv4iBo=",
///   "total": "2",
///   "quorum": "1",
///   "participants": [
///     "iNt3+0VE0QWWahdEIQ14t4dpO4/Pw3J6g0LfSUQAbG14kDQN/Pe1dyc6/+0ja94H",
///     "tXZ7QIy8dZKRzNNzx1msrj4BMS1H5DXKPNQWdxHLWCUKdYbhEuEg26auYQ7LpDnh"
///   ]
/// }
/// ```
#[when("create pvss public shares of '' with '' quorum '' using public keys ''")]
fn create_pvss_public_shares(
    machine: &mut Machine,
    secret: &str,
    total: &str,
    quorum: &str,
    keys: &str,
) -> Result<(), Error> {
    machine.empty("pvss_public_shares")?;
    let secret = scalar(machine.value(secret)?)?;
    let (total, quorum) = (count(machine, total)?, count(machine, quorum)?);
    ensure(quorum <= total, || "Quorum is bigger than total".to_owned())?;
    let Value::Table(Table::Array(keys)) = machine.value(keys)? else {
        return Err(Error::failed(format!("Object is not an array: {keys}")));
    };
    let keys = points(keys)?;
    if keys.len() != total {
        return Err(Error::failed(format!("{} public keys found, {total} expected", keys.len())));
    }
    let shares = Shares::of(&secret, quorum, keys, &mut machine.random).map_err(fault)?;
    let value = table(vec![
        ("commitments", values(shares.commitments)),
        ("public_keys", values(shares.public_keys)),
        ("encrypted_shares", values(shares.encrypted)),
        ("proof", proof_value(&shares.proof)),
    ]);
    machine.create("pvss_public_shares", value, Traits::default())
}

/// Requires `pvss_public_shares` to be of one secret, and as many as said.
///
/// # Example
/// ```zencode
/// Scenario 'pvss': check the shares that were dealt
/// Given I have a 'base64' named 'secret'
/// Given I have a 'integer' named 'one'
/// When I create the pvss key
/// When I create the pvss public key
/// When I create the new array
/// When I move 'pvss public key' in 'new array'
/// When I create the pvss public shares of 'secret' with 'one' quorum 'one' using the public keys 'new array'
/// When I verify the pvss public shares with 'one' quorum 'one'
/// Then print the string 'the shares are authentic'
/// ```
/// ```json data
/// { "secret": "TubTlydO4PIGfFROYCFkRtt6mWeDP1o2/G3r8Uv4iBo=", "one": "1" }
/// ```
#[when("verify pvss public shares with '' quorum ''")]
fn are_pvss_public_shares(machine: &mut Machine, total: &str, quorum: &str) -> Result<(), Error> {
    let shares = shares_of(machine.table("pvss_public_shares")?)?;
    let (total, quorum) = (count(machine, total)?, count(machine, quorum)?);
    ensure(quorum <= total, || "Quorum is bigger than total".to_owned())?;
    let parts = [
        ("public keys", shares.public_keys.len(), total),
        ("commitments", shares.commitments.len(), quorum),
        ("encrypted shares", shares.encrypted.len(), total),
        ("responses", shares.proof.responses.len(), total),
    ];
    for (name, found, expected) in parts {
        ensure(found == expected, || format!("{found} pvss {name} found, {expected} expected"))?;
    }
    let authentic = shares.verify().map_err(fault)?;
    ensure(authentic, || "The pvss public shares are not authentic".to_owned())
}

/// Makes `pvss_secret_share`: the own one of `pvss_public_shares`, decrypted, with a proof of that.
///
/// # Example
/// ```zencode
/// Scenario 'pvss': read the own share
/// Given I have a 'base64' named 'secret'
/// Given I have a 'integer' named 'one'
/// When I create the pvss key
/// When I create the pvss public key
/// When I create the new array
/// When I copy 'pvss public key' in 'new array'
/// When I create the pvss public shares of 'secret' with 'one' quorum 'one' using the public keys 'new array'
/// When I create the secret share with public key 'pvss public key'
/// Then print the 'pvss secret share'
/// ```
/// ```json data
/// { "secret": "TubTlydO4PIGfFROYCFkRtt6mWeDP1o2/G3r8Uv4iBo=", "one": "1" }
/// ```
#[when("create secret share with public key ''")]
fn create_secret_share(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("pvss_secret_share")?;
    let secret = secret_key(machine)?;
    let own = Point::first_of(machine.value(name)?)? == pvss::public_key(&secret);
    ensure(own, || format!("{name} is not the public key of the pvss key"))?;
    let shares = shares_of(machine.table("pvss_public_shares")?)?;
    let share = shares.decrypt(&secret, &mut machine.random).map_err(fault)?;
    let value = table(vec![
        ("index", Value::Integer(share.index.into())),
        ("proof", proof_value(&share.proof)),
        ("dec_share", share.decrypted.into()),
        ("enc_share", share.encrypted.into()),
        ("pub_key", share.public_key.into()),
    ]);
    machine.create("pvss_secret_share", value, Traits::default())
}

fn index_of(value: Option<&Value>) -> Result<usize, Error> {
    let index = match value {
        Some(Value::Integer(integer)) => usize::try_from(integer).ok(),
        _ => None,
    };
    index.ok_or_else(|| Error::failed("the index of a share is an integer above zero"))
}

fn share_of(value: &Value) -> Result<Share, Error> {
    let table = value.table().ok_or_else(|| Error::failed("a pvss secret share is a table"))?;
    Ok(Share {
        index: index_of(table.member("index"))?,
        public_key: point(table, "pub_key")?,
        encrypted: point(table, "enc_share")?,
        decrypted: point(table, "dec_share")?,
        proof: proof_of(array(table, "proof")?)?,
    })
}

/// Makes `pvss_verified_shares` of an array of secret shares: those whose proof is right.
///
/// # Example
/// ```zencode
/// Scenario 'pvss': keep what is right of what participants showed
/// Given I have a 'base64' named 'secret'
/// Given I have a 'integer' named 'one'
/// When I create the pvss key
/// When I create the pvss public key
/// When I create the new array
/// When I copy 'pvss public key' in 'new array'
/// When I create the pvss public shares of 'secret' with 'one' quorum 'one' using the public keys 'new array'
/// When I create the secret share with public key 'pvss public key'
/// When I rename the 'new array' to 'keys'
/// When I create the new array
/// When I move 'pvss secret share' in 'new array'
/// When I create the pvss verified shares from 'new array'
/// Then print the 'pvss verified shares'
/// ```
/// ```json data
/// { "secret": "TubTlydO4PIGfFROYCFkRtt6mWeDP1o2/G3r8Uv4iBo=", "one": "1" }
/// ```
#[when("create pvss verified shares from ''")]
fn create_pvss_verified_shares(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let Value::Table(Table::Array(shares)) = machine.value(name)? else {
        return Err(Error::failed(format!("Object is not an array: {name}")));
    };
    if shares.len() > PARTICIPANTS_MAX {
        return Err(fault(pvss::Error::Participants(shares.len())));
    }
    let shares = shares.iter().map(share_of).collect::<Result<Vec<_>, _>>()?;
    let valid: Vec<&Share> = shares.iter().filter(|share| share.verify()).collect();
    let indexes = valid.iter().map(|share| Value::Integer(share.index.into())).collect();
    let value = table(vec![
        ("valid_shares", values(valid.iter().map(|share| share.decrypted))),
        ("valid_indexes", Value::Table(Table::Array(indexes))),
    ]);
    machine.create("pvss_verified_shares", value, Traits::default())
}

/// Makes `pvss_secret` of verified shares: as many as the quorum, the first ones.
///
/// # Example
/// ```zencode
/// Scenario 'pvss': put the secret together
/// Given I have a 'integer' named 'quorum'
/// Given I have a 'pvss verified shares'
/// When I compose the pvss secret using 'pvss verified shares' with quorum 'quorum'
/// Then print the 'pvss secret'
/// ```
/// ```json data
/// {
///   "quorum": "2",
///   "pvss_verified_shares": {
///     "valid_indexes": ["10", "9"],
///     "valid_shares": [
///       "qXIBaWuWTEylR5yP1e8EYLwyhG0dNz80kZ7qXu/4s8m7s4T5eDZWLt0hLsyU+alB",
///       "gTJ3xhArivens+O+uOT9nj6QoeHW7qVl7f+Q9eCX/Ko9wvtm5YOhFmHW6LepXAlq"
///     ]
///   }
/// }
/// ```
#[when("compose pvss secret using '' with quorum ''")]
fn compose_pvss_secret(machine: &mut Machine, shares: &str, quorum: &str) -> Result<(), Error> {
    machine.empty("pvss_secret")?;
    let quorum = count(machine, quorum)?;
    let shares = machine.table(shares)?;
    let points = points(array(shares, "valid_shares")?)?;
    let indexes = array(shares, "valid_indexes")?.iter().map(|index| index_of(Some(index)));
    let indexes = indexes.collect::<Result<Vec<_>, _>>()?;
    if points.len() < quorum || indexes.len() < quorum {
        let found = points.len().min(indexes.len());
        return Err(Error::failed(format!("{found} shares found, fewer than the quorum of {quorum}")));
    }
    let chosen: Vec<_> = indexes.into_iter().zip(points).take(quorum).collect();
    let secret = compose(&chosen).map_err(fault)?;
    machine.create("pvss_secret", Value::Octet(secret.to_zcash().to_vec()), Traits::element())
}
