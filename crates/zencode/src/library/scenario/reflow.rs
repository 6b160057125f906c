//! `reflow`: a seal on an object that several participants sign one after the other, each with a credential and
//! none twice; and passports of materials, which one participant signs.

use zencode_crypto::bls12_381::{G1, G2, Scalar, pairings_agree};
use zencode_macros::{check, when};
use zeroize::Zeroizing;

use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::export::serialize;
use crate::library::scenario::credential::{form as credential, sum_of_public_keys};
use crate::machine::Machine;
use crate::point::Point;
use crate::schema::{Export, Import, Schema};
use crate::statement::Statement;
use crate::value::{Key, Table, Value};

mod form;
mod passport;

use form::FINGERPRINTS;

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_REFLOW_KEY,
    CREATE_REFLOW_KEY_WITH_SECRET,
    CREATE_REFLOW_PUBLIC_KEY,
    AGGREGATE_REFLOW_PUBLIC_KEY,
    CREATE_REFLOW_IDENTITY,
    CREATE_REFLOW_IDENTITY_OF_OBJECTS,
    CREATE_REFLOW_SEAL,
    CREATE_REFLOW_SEAL_WITH_IDENTITY,
    CREATE_REFLOW_SIGNATURE,
    PREPARE_CREDENTIALS,
    HAS_SIGNATURE_CREDENTIAL,
    FINGERPRINT_IS_NEW,
    ADD_FINGERPRINT,
    ADD_SIGNATURE,
    SEAL_IS_VALID,
    AGGREGATE_SEALS,
    passport::CREATE_MATERIAL_PASSPORT,
    passport::HAS_MATERIAL_PASSPORT,
    passport::MATERIAL_PASSPORT_IS_VALID,
];

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("reflow_public_key", form::import_public_key, None),
    schema("reflow_identity", form::import_identity, None),
    schema("reflow_seal", form::import_seal, None),
    Schema {
        complex: true,
        ..schema("reflow_signature", form::import_signature, Some(form::export_signature))
    },
    schema("material_passport", form::import_passport, None),
];

const fn schema(name: &'static str, import: Import, export: Option<Export>) -> Schema {
    Schema { name, import, export, complex: false, open: false }
}

/// The name of the key, in sentences and in the keyring.
const REFLOW: &str = "reflow";

/// Objects or points that one sentence takes: hashing this many to points takes a core some seconds.
const OBJECTS_MAX: usize = 10_000;

/// Refuses more objects than one sentence takes.
fn limited(count: usize) -> Result<(), Error> {
    if count > OBJECTS_MAX {
        return Err(Error::Limit(format!("Object limit exceeded: {OBJECTS_MAX} objects, found {count}")));
    }
    Ok(())
}

impl Machine {
    fn reflow_key(&mut self) -> Result<Scalar, Error> {
        let secret = Zeroizing::new(self.secret_key(REFLOW)?);
        let key = Scalar::from_octets(&secret).map_err(|error| Error::failed(error.to_string()))?;
        if key.is_zero() {
            return Err(Error::failed("the reflow key is zero modulo the order of BLS12-381"));
        }
        Ok(key)
    }
}

/// The point that an object is identified by.
fn identity_of(value: &Value) -> Result<G1, Error> {
    Ok(G1::hash(&serialize(value)?))
}

/// Draws a reflow key into the keyring.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': a new key
/// Given nothing
/// When I create the reflow key
/// Then print the 'keyring'
/// ```
#[when("create reflow key")]
fn create_reflow_key(machine: &mut Machine) -> Result<(), Error> {
    machine.ensure_no_key(REFLOW)?;
    let key = Scalar::draw(&mut machine.random);
    machine.keep_key(REFLOW, key.to_octets().to_vec())
}

/// Puts an object into the keyring as the reflow key: its octets are read as an integer.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': a key from elsewhere
/// Given I have a 'base64' named 'secret'
/// When I create the reflow key with secret key 'secret'
/// Then print the 'keyring'
/// ```
/// ```json keys
/// { "secret": "CKGied4Ww03qmsUM/vnOMDodgwPp9Fc3QJuiFcBGQ/k=" }
/// ```
#[when("create reflow key with secret key ''", "create reflow key with secret ''")]
fn create_reflow_key_with_secret(machine: &mut Machine, secret: &str) -> Result<(), Error> {
    machine.keep_integer_key(REFLOW, secret)
}

/// Makes `reflow_public_key` of the reflow key in the keyring: a point of the second group.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': show who I am
/// Given I have a 'keyring'
/// When I create the reflow public key
/// Then print the 'reflow public key'
/// ```
/// ```json keys
/// { "keyring": { "reflow": "CKGied4Ww03qmsUM/vnOMDodgwPp9Fc3QJuiFcBGQ/k=" } }
/// ```
#[when("create reflow public key")]
fn create_reflow_public_key(machine: &mut Machine) -> Result<(), Error> {
    machine.empty("reflow_public_key")?;
    let public = G2::generator() * &machine.reflow_key()?;
    machine.create("reflow_public_key", public.into(), Traits::default())
}

/// Makes `reflow_public_key`: the sum of those in a table whose members have one each.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': one key for two participants
/// Given I have a 'reflow public key array' named 'participants'
/// When I aggregate the reflow public key from array 'participants'
/// Then print the 'reflow public key'
/// ```
/// ```json data
/// {
///   "participants": [
///     {
///       "reflow_public_key": "DCVR1myU23U3freVJYRhzFy20WPOhzqn/JyEZMNN/y+gj7KvdEDKfuVjBMy6z7O4AbU9noh14cse4Dxs06XyQW7skeIDzX8r1P1Ldf4D6w6/xI2tbpdC65LeZYkKpTe0ABWqN14boyg0tZhdFaXti3+MKbZx4A6isA+c9tGoDLhVbFtvvXAY3gyzD4paCwG/AL5yjOcrIqiTiOaHJbEtwkQ/OfC3j/xfuPR1yTTq7sgTlk0HbiTemeopEn10F5pO"
///     },
///     {
///       "reflow_public_key": "FwWLOfRBAoZKfykEvq26iNn2D64gvwgCfinWWZnG4HotCuomB6EB9qJ0sinpV5LNB6GdkrKU3wvYMUU+fBMX8mtR77E3x/ljbqpwwpcmjB9YtONG1peywJvRhXqhIBJSALFTXAB2Y1XtM63Uw5/CBex8zH3wXyYU6sv/ctKi5bUZ2Zzqua9Q8LMqtgLsrrB9GDKbmPT1einkXVMLX0kuJV/AOTnA57q91HKXMCvlvlKs/sr5mJ70FchdEZl0UHIV"
///     }
///   ]
/// }
/// ```
#[when("aggregate reflow public key from array ''")]
fn aggregate_reflow_public_key(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("reflow_public_key")?;
    let mut sum = None;
    for (key, value) in machine.table(name)?.entries() {
        let named = key == Key::Name("reflow_public_key".to_owned());
        let inner = || value.table().and_then(|table| table.member("reflow_public_key"));
        let found = if named { Some(value) } else { inner() };
        let missing = || Error::refused(format!("Reflow public key not found in array: {name} at key {key}"));
        let point = Point::second_of(found.ok_or_else(missing)?)?;
        sum = Some(sum.map_or(point, |sum: G2| sum + point));
    }
    let sum = sum.ok_or_else(|| Error::refused(format!("Empty table: {name}")))?;
    machine.create("reflow_public_key", sum.into(), Traits::default())
}

/// Makes `reflow_identity`: the point that an object hashes to.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': what is sold
/// Given I have a 'string dictionary' named 'sale'
/// When I create the reflow identity of 'sale'
/// Then print the 'reflow identity'
/// ```
/// ```json data
/// { "sale": { "good": "cow", "price": "100" } }
/// ```
#[when("create reflow identity of ''")]
fn create_reflow_identity(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("reflow_identity")?;
    let identity = identity_of(machine.value(name)?)?;
    machine.create("reflow_identity", identity.into(), Traits::default())
}

/// Makes `reflow_identity`: the sum of the identities of a table's members, which have one or get one.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': two goods
/// Given I have a 'string array' named 'goods'
/// When I create the reflow identity of objects in 'goods'
/// Then print the 'reflow identity'
/// ```
/// ```json data
/// { "goods": ["cow", "calf"] }
/// ```
#[when("create reflow identity of objects in ''")]
fn create_reflow_identity_of_objects(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("reflow_identity")?;
    let mut sum = None;
    let objects = machine.table(name)?;
    limited(objects.count())?;
    for (key, value) in objects.entries() {
        let identity = match value.table().and_then(|table| table.member("reflow_identity")) {
            None => identity_of(value)?,
            Some(found) => {
                let point = Point::first_of(found)?;
                let fault = || format!("Object {name}[{key}] has an invalid reflow identity");
                ensure(!point.is_infinity(), fault)?;
                point
            }
        };
        sum = Some(sum.map_or(identity, |sum: G1| sum + identity));
    }
    let sum = sum.ok_or_else(|| Error::failed(format!("there are no objects in {name}")))?;
    machine.create("reflow_identity", sum.into(), Traits::default())
}

fn seal(machine: &mut Machine, name: &str) -> Result<(), Error> {
    machine.empty("reflow_seal")?;
    let Value::Point(identity) = machine.value(name)? else {
        return Err(Error::refused(format!("Invalid reflow identity: {name}")));
    };
    let Point::First(identity) = **identity else {
        return Err(Error::refused(format!("Invalid reflow identity: {name}")));
    };
    let public = Point::second_of(machine.value("reflow_public_key")?)?;
    let r = Scalar::draw(&mut machine.random);
    let seal = credential::table(vec![
        ("identity", identity.into()),
        ("SM", (identity * &r).into()),
        ("verifier", (public + G2::generator() * &r).into()),
    ]);
    machine.create("reflow_seal", seal, Traits::default())
}

/// Makes `reflow_seal` of `reflow_identity` and `reflow_public_key`.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': a seal
/// Given I have a 'string dictionary' named 'sale'
/// When I create the reflow key
/// When I create the reflow public key
/// When I create the reflow identity of 'sale'
/// When I create the reflow seal
/// Then print the 'reflow seal'
/// ```
/// ```json data
/// { "sale": { "good": "cow", "price": "100" } }
/// ```
#[when("create reflow seal")]
fn create_reflow_seal(machine: &mut Machine) -> Result<(), Error> {
    seal(machine, "reflow_identity")
}

/// Makes `reflow_seal` of an identity and `reflow_public_key`.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': a seal on what has another name
/// Given I have a 'string dictionary' named 'sale'
/// When I create the reflow key
/// When I create the reflow public key
/// When I create the reflow identity of 'sale'
/// When I rename the 'reflow identity' to 'cow'
/// When I create the reflow seal with identity 'cow'
/// Then print the 'reflow seal'
/// ```
/// ```json data
/// { "sale": { "good": "cow", "price": "100" } }
/// ```
#[when("create reflow seal with identity ''")]
fn create_reflow_seal_with_identity(machine: &mut Machine, name: &str) -> Result<(), Error> {
    seal(machine, name)
}

/// Makes `reflow_signature` of `reflow_seal`, with the proof to have `credentials` of the issuers.
///
/// `issuer_public_key` holds the issuers' keys by name, as `Given I have a 'issuer public key' from 'issuer'`
/// leaves them.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': sign a seal
/// Given I am 'Alice'
/// Given I have my 'keyring'
/// Given I have a 'issuer public key' from 'Authority'
/// Given I have a 'credentials'
/// Given I have a 'string' named 'good'
/// When I create the reflow public key
/// When I create the reflow identity of 'good'
/// When I create the reflow seal with identity 'reflow identity'
/// When I create the reflow signature
/// Then print the 'reflow signature'
/// ```
/// ```json data
/// {
///   "good": "cow",
///   "credentials": {
///     "h": "AhL6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg==",
///     "s": "AhQPFzhhDn7kJioh1DTXPs4zfm2iIAkX3zhqj92tjZeIRIWdZaaet+hBmpqMMRnKNg=="
///   },
///   "Authority": {
///     "issuer_public_key": {
///       "alpha": "DCVR1myU23U3freVJYRhzFy20WPOhzqn/JyEZMNN/y+gj7KvdEDKfuVjBMy6z7O4AbU9noh14cse4Dxs06XyQW7skeIDzX8r1P1Ldf4D6w6/xI2tbpdC65LeZYkKpTe0ABWqN14boyg0tZhdFaXti3+MKbZx4A6isA+c9tGoDLhVbFtvvXAY3gyzD4paCwG/AL5yjOcrIqiTiOaHJbEtwkQ/OfC3j/xfuPR1yTTq7sgTlk0HbiTemeopEn10F5pO",
///       "beta": "FwWLOfRBAoZKfykEvq26iNn2D64gvwgCfinWWZnG4HotCuomB6EB9qJ0sinpV5LNB6GdkrKU3wvYMUU+fBMX8mtR77E3x/ljbqpwwpcmjB9YtONG1peywJvRhXqhIBJSALFTXAB2Y1XtM63Uw5/CBex8zH3wXyYU6sv/ctKi5bUZ2Zzqua9Q8LMqtgLsrrB9GDKbmPT1einkXVMLX0kuJV/AOTnA57q91HKXMCvlvlKs/sr5mJ70FchdEZl0UHIV"
///     }
///   }
/// }
/// ```
/// ```json keys
/// {
///   "Alice": {
///     "keyring": {
///       "credential": "CKGied4Ww03qmsUM/vnOMDodgwPp9Fc3QJuiFcBGQ/k=",
///       "reflow": "abYTJShT0ZBKU+ZwJlEIPNinT6TFU+unaKMEZ+u3kbs="
///     }
///   }
/// }
/// ```
#[when("create reflow signature")]
fn create_reflow_signature(machine: &mut Machine) -> Result<(), Error> {
    machine.empty("reflow_signature")?;
    let identity = credential::first(machine.table("reflow_seal")?, "identity")?;
    let issuers = sum_of_public_keys(machine.table("issuer_public_key")?)?;
    let key = machine.reflow_key()?;
    let holder = machine.holder_key()?;
    let credentials = credential::credential_of(machine.table("credentials")?)?;
    let (proof, zeta) =
        credentials.prove_about(&issuers, &holder, &identity.to_octets(), &mut machine.random);
    let signature = credential::table(vec![
        ("identity", identity.into()),
        ("signature", (identity * &key).into()),
        ("proof", credential::proof(&proof)),
        ("zeta", zeta.into()),
    ]);
    machine.create("reflow_signature", signature, Traits::default())
}

/// Makes `verifiers`: the sum of the issuers' public keys by name. There has to be a `credential`.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': the key that credentials are verified with
/// Given I have a 'issuer public key' from 'Authority'
/// Given I have a 'string' named 'credential'
/// When I prepare credentials for verification
/// Then print the string 'prepared'
/// ```
/// ```json data
/// {
///   "credential": "any",
///   "Authority": {
///     "issuer_public_key": {
///       "alpha": "DCVR1myU23U3freVJYRhzFy20WPOhzqn/JyEZMNN/y+gj7KvdEDKfuVjBMy6z7O4AbU9noh14cse4Dxs06XyQW7skeIDzX8r1P1Ldf4D6w6/xI2tbpdC65LeZYkKpTe0ABWqN14boyg0tZhdFaXti3+MKbZx4A6isA+c9tGoDLhVbFtvvXAY3gyzD4paCwG/AL5yjOcrIqiTiOaHJbEtwkQ/OfC3j/xfuPR1yTTq7sgTlk0HbiTemeopEn10F5pO",
///       "beta": "FwWLOfRBAoZKfykEvq26iNn2D64gvwgCfinWWZnG4HotCuomB6EB9qJ0sinpV5LNB6GdkrKU3wvYMUU+fBMX8mtR77E3x/ljbqpwwpcmjB9YtONG1peywJvRhXqhIBJSALFTXAB2Y1XtM63Uw5/CBex8zH3wXyYU6sv/ctKi5bUZ2Zzqua9Q8LMqtgLsrrB9GDKbmPT1einkXVMLX0kuJV/AOTnA57q91HKXMCvlvlKs/sr5mJ70FchdEZl0UHIV"
///     }
///   }
/// }
/// ```
#[when("prepare credentials for verification")]
fn prepare_credentials(machine: &mut Machine) -> Result<(), Error> {
    machine.have("credential")?;
    let sum = sum_of_public_keys(machine.table("issuer_public_key")?)?;
    machine.create("verifiers", credential::issuer_public_key(&sum), Traits::default())
}

/// Requires the proof in `reflow_signature` to be of a credential of the issuers behind `verifiers`.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': the signer has a credential
/// Given I have a 'string' named 'good'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I aggregate all the issuer public keys
/// When I rename the 'issuer public key' to 'Authority'
/// When I create the new dictionary named 'issuer public key'
/// When I move 'Authority' in 'issuer public key'
/// When I create the reflow key
/// When I create the reflow public key
/// When I create the reflow identity of 'good'
/// When I create the reflow seal with identity 'reflow identity'
/// When I create the reflow signature
/// When I verify the reflow signature credential
/// Then print the string 'signed by somebody with a credential'
/// ```
/// ```json data
/// { "good": "cow" }
/// ```
#[check("verify reflow signature credential")]
fn has_signature_credential(machine: &mut Machine) -> Result<(), Error> {
    let signature = machine.table("reflow_signature")?;
    let issuers = credential::issuer_public_key_of(machine.table("verifiers")?)?;
    let identity = credential::first(machine.table("reflow_seal")?, "identity")?;
    let proof = signature.member("proof").and_then(Value::table);
    let proof = credential::proof_of(proof.ok_or_else(|| Error::failed("the signature has no proof"))?)?;
    let zeta = credential::first(signature, "zeta")?;
    if proof.verify_about(&issuers, &identity.to_octets(), &zeta) {
        return Ok(());
    }
    Err(Error::failed("Signature has an invalid credential to sign"))
}

/// Requires the fingerprint of `reflow_signature` to be none that `reflow_seal` has already.
///
/// With the line `Rule set reflow strict` a second signature is refused. Without it one is warned of: the
/// reference engine looks for the fingerprint where it never is. Who signs twice spoils the seal in any case,
/// which is valid with one signature of each key only.
///
/// # Example
/// ```zencode
/// Rule set reflow strict
/// Scenario 'reflow': the signer has not signed before
/// Given I have a 'string' named 'good'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I aggregate all the issuer public keys
/// When I rename the 'issuer public key' to 'Authority'
/// When I create the new dictionary named 'issuer public key'
/// When I move 'Authority' in 'issuer public key'
/// When I create the reflow key
/// When I create the reflow public key
/// When I create the reflow identity of 'good'
/// When I create the reflow seal with identity 'reflow identity'
/// When I create the reflow signature
/// When I verify the reflow signature fingerprint is new
/// Then print the string 'signed once'
/// ```
/// ```json data
/// { "good": "cow" }
/// ```
#[check("verify reflow signature fingerprint is new")]
fn fingerprint_is_new(machine: &mut Machine) -> Result<(), Error> {
    let zeta = credential::first(machine.table("reflow_signature")?, "zeta")?;
    let Some(found) = machine.table("reflow_seal")?.member(FINGERPRINTS).and_then(Value::table) else {
        return Ok(());
    };
    let mut known = false;
    for fingerprint in found.values() {
        known |= Point::first_of(fingerprint)? == zeta;
    }
    ensure(!(known && machine.rules.reflow_strict), || "Signature fingerprint is not new".to_owned())?;
    if known {
        machine.warn("Signature fingerprint is not new: the line 'Rule set reflow strict' refuses it");
    }
    Ok(())
}

/// Adds the fingerprint of `reflow_signature` to `reflow_seal`.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': note who has signed
/// Given I have a 'string' named 'good'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I aggregate all the issuer public keys
/// When I rename the 'issuer public key' to 'Authority'
/// When I create the new dictionary named 'issuer public key'
/// When I move 'Authority' in 'issuer public key'
/// When I create the reflow key
/// When I create the reflow public key
/// When I create the reflow identity of 'good'
/// When I create the reflow seal with identity 'reflow identity'
/// When I create the reflow signature
/// When I add the reflow fingerprint to the reflow seal
/// Then print the 'reflow seal'
/// ```
/// ```json data
/// { "good": "cow" }
/// ```
#[when("add reflow fingerprint to reflow seal")]
fn add_fingerprint(machine: &mut Machine) -> Result<(), Error> {
    let zeta: Value = credential::first(machine.table("reflow_signature")?, "zeta")?.into();
    machine.charge(zeta.weight())?;
    let seal = machine.table_mut("reflow_seal")?;
    let mut fingerprints = match seal.take(&Key::Name(FINGERPRINTS.to_owned())) {
        Some(Value::Table(found)) => found,
        _ => Table::default(),
    };
    fingerprints.push(zeta);
    seal.set(FINGERPRINTS, Value::Table(fingerprints));
    Ok(())
}

/// Adds `reflow_signature` to `reflow_seal`.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': a seal that everybody has signed
/// Given I have a 'string' named 'good'
/// When I create the credential key
/// When I create the credential request
/// When I create the issuer key
/// When I create the credential signature
/// When I create the credentials
/// When I create the issuer public key
/// When I aggregate all the issuer public keys
/// When I rename the 'issuer public key' to 'Authority'
/// When I create the new dictionary named 'issuer public key'
/// When I move 'Authority' in 'issuer public key'
/// When I create the reflow key
/// When I create the reflow public key
/// When I create the reflow identity of 'good'
/// When I create the reflow seal with identity 'reflow identity'
/// When I create the reflow signature
/// When I add the reflow signature to the reflow seal
/// When I verify the reflow seal is valid
/// Then print the 'reflow seal'
/// ```
/// ```json data
/// { "good": "cow" }
/// ```
#[when("add reflow signature to reflow seal")]
fn add_signature(machine: &mut Machine) -> Result<(), Error> {
    let sealed = credential::first(machine.table("reflow_seal")?, "SM")?;
    let signature = credential::first(machine.table("reflow_signature")?, "signature")?;
    machine.table_mut("reflow_seal")?.set("SM", (sealed + signature).into());
    Ok(())
}

/// Whether what is signed is what the verifier stands for.
fn is_sealed(verifier: &G2, identity: &G1, sealed: &G1) -> bool {
    pairings_agree((verifier, identity), (&G2::generator(), sealed))
}

/// Requires `reflow_seal` to be signed by everybody whose key is in its verifier.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': a seal that nobody has signed
/// Given I have a 'string' named 'good'
/// When I create the reflow key
/// When I create the reflow public key
/// When I create the reflow identity of 'good'
/// When I create the reflow seal with identity 'reflow identity'
/// If I verify the reflow seal is valid
/// Then print the string 'sold'
/// EndIf
/// Then print the 'good'
/// ```
/// ```json data
/// { "good": "cow" }
/// ```
#[check("verify reflow seal is valid")]
fn seal_is_valid(machine: &mut Machine) -> Result<(), Error> {
    let seal = machine.table("reflow_seal")?;
    let verifier = credential::second(seal, "verifier")?;
    let (identity, sealed) = (credential::first(seal, "identity")?, credential::first(seal, "SM")?);
    ensure(is_sealed(&verifier, &identity, &sealed), || "reflow seal doesn't validates".to_owned())
}

/// Makes `reflow_seal`: the sums of what is signed and of the verifiers in a table of seals.
///
/// It has no identity, as in the reference engine, so that it cannot be verified.
///
/// # Example
/// ```zencode
/// Scenario 'reflow': two seals in one
/// Given I have a 'string' named 'good'
/// When I create the reflow key
/// When I create the reflow public key
/// When I create the reflow identity of 'good'
/// When I create the reflow seal with identity 'reflow identity'
/// When I create the new array
/// When I copy 'reflow seal' in 'new array'
/// When I move 'reflow seal' in 'new array'
/// When I aggregate the reflow seal array in 'new array'
/// Then print the 'reflow seal'
/// ```
/// ```json data
/// { "good": "cow" }
/// ```
#[when("aggregate reflow seal array in ''")]
fn aggregate_seals(machine: &mut Machine, name: &str) -> Result<(), Error> {
    let seals = machine.table(name)?;
    machine.empty("reflow_seal")?;
    let mut sum: Option<(G1, G2)> = None;
    for value in seals.values() {
        let seal = value.table().ok_or_else(|| Error::failed("a reflow seal is a table"))?;
        let (sealed, verifier) = (credential::first(seal, "SM")?, credential::second(seal, "verifier")?);
        sum = Some(sum.map_or((sealed, verifier), |sum| (sum.0 + sealed, sum.1 + verifier)));
    }
    let sum = sum.map_or_else(Vec::new, |sum| vec![("SM", sum.0.into()), ("verifier", sum.1.into())]);
    machine.create("reflow_seal", credential::table(sum), Traits::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_objects_than_a_core_hashes_in_seconds_are_refused() {
        assert!(limited(OBJECTS_MAX).is_ok());
        assert!(matches!(limited(OBJECTS_MAX + 1), Err(Error::Limit(_))));
    }
}
