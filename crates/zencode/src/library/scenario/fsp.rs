//! `fsp`: messages and answers under a shared secret, which are no secret.
//!
//! The reference engine's cipher encrypts the first 16 octets of what it is given and leaves the rest as it
//! is, and the mark that should authenticate a message is the same in all. Whoever sees a message reads it
//! from its thirteenth octet on, and can change it there. All of this is done here in the same way, for those
//! who have such messages: after the line `Rule set fsp insecure`, and refused without it.
//!
//! # Source
//! Zenroom `crypto_fsp.lua`, `zen_aes.c`.

use zencode_crypto::aes::{BLOCK_OCTETS, Block};
use zencode_crypto::hash::sha256;
use zencode_macros::when;
use zeroize::Zeroizing;

use crate::calendar::Date;
use crate::codec::Traits;
use crate::error::{Error, ensure};
use crate::json::Json;
use crate::machine::Machine;
use crate::schema::{Import, Reading, Schema, member, octets, record};
use crate::statement::Statement;
use crate::value::Value;

pub(crate) const STATEMENTS: &[Statement] = &[
    CREATE_KEY,
    CREATE_KEY_WITH_SECRET,
    CREATE_CIPHERTEXT,
    CREATE_CLEARTEXT,
    CREATE_RESPONSE,
    CREATE_RESPONSE_OF,
    CREATE_CLEARTEXT_OF_RESPONSE,
    CREATE_CLEARTEXT_OF_RESPONSE_TO,
];

pub(crate) const SCHEMAS: &[Schema] = &[
    schema("fsp_ciphertext", import_ciphertext),
    schema("fsp_response", |json, reading| import_session(json, "response", reading)),
    schema("fsp_session", |json, reading| import_session(json, "session", reading)),
];

const fn schema(name: &'static str, import: Import) -> Schema {
    Schema { name, import, export: None, complex: false, open: false }
}

const FSP: &str = "fsp";
const CIPHERTEXT: &str = "fsp_ciphertext";
const CLEARTEXT: &str = "fsp_cleartext";
const RESPONSE: &str = "fsp_response";
const NONCE: &str = "fsp_nonce";
const SESSION: &str = "fsp_session";

/// Octets of a session key, and of what is encrypted with it.
const SESSION_OCTETS: usize = 256;
/// Octets of the mark before each text.
const MARK_OCTETS: usize = 4;
/// Octets of a text, at most: a zero follows it.
const TEXT_OCTETS_MAX: usize = SESSION_OCTETS - MARK_OCTETS - 1;
/// Octets of the shared secret.
const SECRET_OCTETS: usize = 32;

/// What a contract that has read a message needs for the answer to it.
pub(crate) struct Session {
    key: Zeroizing<Vec<u8>>,
    nonce: Vec<u8>,
}

fn import_ciphertext(json: &Json, reading: &Reading) -> Result<Value, Error> {
    let part = |name: &str| member(json, name, reading.encoding);
    let long = |name: &str| {
        let octets = part(name)?;
        ensure_length(&format!("Fsp ciphertext component {name}"), &octets)?;
        Ok(octets)
    };
    let (p, k, n) = (long("p")?, long("k")?, part("n")?);
    ensure(n.len() < SESSION_OCTETS, || {
        format!("Fsp ciphertext component n must be smaller than {SESSION_OCTETS} bytes")
    })?;
    Ok(record(vec![("p", p), ("k", k), ("n", n)]))
}

fn import_session(json: &Json, name: &str, reading: &Reading) -> Result<Value, Error> {
    let octets = octets(json, name, reading.encoding)?;
    ensure_length(&format!("FSP {name}"), &octets)?;
    Ok(Value::Octet(octets))
}

fn ensure_length(name: &str, octets: &[u8]) -> Result<(), Error> {
    let found = octets.len();
    ensure(found == SESSION_OCTETS, || format!("{name} must be {SESSION_OCTETS} bytes long, found {found}"))
}

/// Draws a new shared secret and puts it into the keyring, unless it holds one already.
///
/// # Example
/// ```zencode
/// Scenario 'fsp': a secret to share
/// Given nothing
/// When I create the fsp key
/// Then print the 'keyring'
/// ```
#[when("create fsp key")]
fn create_key(machine: &mut Machine) -> Result<(), Error> {
    machine.ensure_no_key(FSP)?;
    let secret = machine.random.octets(SECRET_OCTETS);
    machine.keep_key(FSP, secret)
}

/// Puts the octets of an object into the keyring as the shared secret, unless it holds one already.
///
/// # Example
/// ```zencode
/// Scenario 'fsp': a secret that we share
/// Given I have a 'hex' named 'ours'
/// When I create the fsp key with secret key 'ours'
/// Then print the 'keyring'
/// ```
/// ```json keys
/// { "ours": "5dd8c0623f9163de7ebb260c23c7d1dfe7e63f92f241a379e2fc934d52b16720" }
/// ```
#[when("create fsp key with secret key ''", "create fsp key with secret ''")]
fn create_key_with_secret(machine: &mut Machine, secret: &str) -> Result<(), Error> {
    let octets = machine.octets(secret)?;
    machine.ensure_no_key(FSP)?;
    machine.keep_key(FSP, octets)
}

/// Makes `fsp_ciphertext` of a text, for whoever has the shared secret.
///
/// Needs `Rule set fsp insecure`. The text has up to 250 octets. An object `fsp_nonce` is its nonce; without one it is the time of day.
///
/// # Example
/// ```zencode
/// Rule set fsp insecure
/// Scenario 'fsp': a message that is no secret
/// Given I have a 'keyring'
/// Given I have a 'string' named 'message'
/// When I create the random 'fsp nonce'
/// When I create the fsp ciphertext of 'message'
/// Then print the 'fsp ciphertext'
/// ```
/// ```json data
/// { "message": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "fsp": "XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=" } }
/// ```
#[when("create fsp ciphertext of ''")]
fn create_ciphertext(machine: &mut Machine, message: &str) -> Result<(), Error> {
    let secret = begin(machine)?;
    let text = text_of(machine, message)?;
    // The reference engine draws a session key that it does not use.
    if machine.may_have(SESSION).is_none() {
        machine.random.octets(SESSION_OCTETS);
    }
    let nonce = given_nonce(machine)?.unwrap_or_else(|| nonce_of_time(machine));
    let found = secret.len();
    ensure(found == SECRET_OCTETS, || {
        format!("FSP secret key length must be {SECRET_OCTETS} bytes, found {found}")
    })?;
    let session = Zeroizing::new(machine.random.octets(SESSION_OCTETS));
    let k = xor(&crypted(&secret, &session, &nonce), &crypted(&secret, &repeated(&nonce)?, &nonce));
    let p = crypted(&session, &xor(&session, &marked(machine, &text)?), &nonce);
    machine.create(CIPHERTEXT, record(vec![("k", k), ("n", nonce), ("p", p)]), Traits::default())
}

/// Makes `fsp_cleartext` of a message, and remembers what an answer to it needs.
///
/// Needs `Rule set fsp insecure`.
///
/// # Example
/// ```zencode
/// Rule set fsp insecure
/// Scenario 'fsp': send and read
/// Given I have a 'keyring'
/// Given I have a 'string' named 'message'
/// When I create the random 'fsp nonce'
/// When I create the fsp ciphertext of 'message'
/// When I create the fsp cleartext of 'fsp ciphertext'
/// Then print the 'fsp cleartext' as 'string'
/// ```
/// ```json data
/// { "message": "Meet me at the bridge." }
/// ```
/// ```json keys
/// { "keyring": { "fsp": "XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=" } }
/// ```
#[when("create fsp cleartext of ''")]
fn create_cleartext(machine: &mut Machine, ciphertext: &str) -> Result<(), Error> {
    let secret = begin(machine)?;
    let message = Message::of(machine, ciphertext)?;
    let nonce = match given_nonce(machine)? {
        Some(nonce) => nonce,
        None => message.nonce()?,
    };
    let (text, key) = message.open(&secret, &nonce)?;
    machine.create(CLEARTEXT, Value::Octet(text), Traits::default())?;
    machine.fsp_session = Some(Session { key, nonce });
    Ok(())
}

/// Makes `fsp_response`, the answer to the message that was read last.
///
/// Needs `Rule set fsp insecure`.
///
/// # Example
/// ```zencode
/// Rule set fsp insecure
/// Scenario 'fsp': read and answer
/// Given I have a 'keyring'
/// Given I have a 'string' named 'message'
/// Given I have a 'string' named 'answer'
/// When I create the random 'fsp nonce'
/// When I create the fsp ciphertext of 'message'
/// When I create the fsp cleartext of 'fsp ciphertext'
/// When I create the fsp response with 'answer'
/// Then print the 'fsp response'
/// ```
/// ```json data
/// { "message": "Meet me at the bridge.", "answer": "At noon." }
/// ```
/// ```json keys
/// { "keyring": { "fsp": "XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=" } }
/// ```
#[when("create fsp response with ''")]
fn create_response(machine: &mut Machine, answer: &str) -> Result<(), Error> {
    let secret = begin(machine)?;
    let text = text_of(machine, answer)?;
    let session = session(machine)?;
    let nonce = given_nonce(machine)?.or_else(|| remembered_nonce(machine));
    let nonce = nonce.ok_or_else(|| Error::failed("FSP nonce not found"))?;
    respond(machine, &secret, &nonce, &session, &text)
}

/// Makes `fsp_response`, the answer to a message.
///
/// Needs `Rule set fsp insecure`.
///
/// # Example
/// ```zencode
/// Rule set fsp insecure
/// Scenario 'fsp': answer
/// Given I have a 'keyring'
/// Given I have a 'string' named 'message'
/// Given I have a 'string' named 'answer'
/// When I create the random 'fsp nonce'
/// When I create the fsp ciphertext of 'message'
/// When I create the fsp response of 'fsp ciphertext' with 'answer'
/// Then print the 'fsp response'
/// ```
/// ```json data
/// { "message": "Meet me at the bridge.", "answer": "At one." }
/// ```
/// ```json keys
/// { "keyring": { "fsp": "XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=" } }
/// ```
#[when("create fsp response of '' with ''")]
fn create_response_of(machine: &mut Machine, ciphertext: &str, answer: &str) -> Result<(), Error> {
    let secret = begin(machine)?;
    let message = Message::of(machine, ciphertext)?;
    let text = text_of(machine, answer)?;
    let nonce = message.nonce()?;
    let (_, session) = message.open(&secret, &nonce)?;
    respond(machine, &secret, &nonce, &session, &text)
}

/// Makes `fsp_cleartext` of the answer to a message that was read before.
///
/// Needs `Rule set fsp insecure`. An object `fsp_session` is the key of the message, where there is one.
///
/// # Example
/// ```zencode
/// Rule set fsp insecure
/// Scenario 'fsp': read an answer to what I have read
/// Given I have a 'keyring'
/// Given I have a 'string' named 'message'
/// Given I have a 'string' named 'answer'
/// When I create the random 'fsp nonce'
/// When I create the fsp ciphertext of 'message'
/// When I create the fsp cleartext of 'fsp ciphertext'
/// When I create the fsp response with 'answer'
/// When I remove the 'fsp cleartext'
/// When I create the fsp cleartext of response 'fsp response'
/// Then print the 'fsp cleartext' as 'string'
/// ```
/// ```json data
/// { "message": "Meet me at the bridge.", "answer": "At two." }
/// ```
/// ```json keys
/// { "keyring": { "fsp": "XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=" } }
/// ```
#[when("create fsp cleartext of response ''")]
fn create_cleartext_of_response(machine: &mut Machine, response: &str) -> Result<(), Error> {
    let secret = begin(machine)?;
    let response = text_of(machine, response)?;
    let session = session(machine)?;
    let nonce = given_nonce(machine)?.or_else(|| remembered_nonce(machine));
    let nonce = nonce.unwrap_or_else(|| nonce_of_time(machine));
    read_response(machine, &secret, &nonce, &session, &response)
}

/// Makes `fsp_cleartext` of the answer to a message.
///
/// Needs `Rule set fsp insecure`.
///
/// # Example
/// ```zencode
/// Rule set fsp insecure
/// Scenario 'fsp': read an answer
/// Given I have a 'keyring'
/// Given I have a 'string' named 'message'
/// Given I have a 'string' named 'answer'
/// When I create the random 'fsp nonce'
/// When I create the fsp ciphertext of 'message'
/// When I create the fsp response of 'fsp ciphertext' with 'answer'
/// When I create the fsp cleartext of response 'fsp response' to 'fsp ciphertext'
/// Then print the 'fsp cleartext' as 'string'
/// ```
/// ```json data
/// { "message": "Meet me at the bridge.", "answer": "At three." }
/// ```
/// ```json keys
/// { "keyring": { "fsp": "XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=" } }
/// ```
#[when("create fsp cleartext of response '' to ''")]
fn create_cleartext_of_response_to(
    machine: &mut Machine,
    response: &str,
    ciphertext: &str,
) -> Result<(), Error> {
    let secret = begin(machine)?;
    let response = text_of(machine, response)?;
    let message = Message::of(machine, ciphertext)?;
    let nonce = message.nonce()?;
    let (_, session) = message.open(&secret, &nonce)?;
    read_response(machine, &secret, &nonce, &session, &response)
}

/// The shared secret, for a contract that knows what it does.
fn begin(machine: &mut Machine) -> Result<Zeroizing<Vec<u8>>, Error> {
    if !machine.rules.fsp_insecure {
        return Err(Error::failed(
            "the messages of fsp are no secret: anybody can read and change them from the thirteenth octet on; \
             add the line `Rule set fsp insecure` if that is known, or use ecdh, which encrypts",
        ));
    }
    machine.secret_key(FSP).map(Zeroizing::new)
}

fn text_of(machine: &Machine, name: &str) -> Result<Vec<u8>, Error> {
    match machine.value(name)? {
        Value::Octet(octets) => Ok(octets.clone()),
        other => Err(Error::failed(format!("{name} is not a text but {}", other.kind()))),
    }
}

fn given_nonce(machine: &mut Machine) -> Result<Option<Vec<u8>>, Error> {
    machine.may_have(NONCE).map(|_| text_of(machine, NONCE)).transpose()
}

fn remembered_nonce(machine: &Machine) -> Option<Vec<u8>> {
    machine.fsp_session.as_ref().map(|session| session.nonce.clone())
}

/// The time of day as a nonce: fourteen digits.
fn nonce_of_time(machine: &Machine) -> Vec<u8> {
    let text = Date::of(machine.now_ms.div_euclid(1000)).text();
    text.bytes().filter(u8::is_ascii_digit).collect()
}

/// The session key in `fsp_session`, or else of the message that was read last.
fn session(machine: &mut Machine) -> Result<Zeroizing<Vec<u8>>, Error> {
    if machine.may_have(SESSION).is_some() {
        return text_of(machine, SESSION).map(Zeroizing::new);
    }
    let found = machine.fsp_session.as_ref().map(|session| session.key.clone());
    found.ok_or_else(|| Error::failed("FSP session not found"))
}

fn respond(
    machine: &mut Machine,
    secret: &[u8],
    nonce: &[u8],
    session: &[u8],
    text: &[u8],
) -> Result<(), Error> {
    let response = crypted(secret, &xor(session, &marked(machine, text)?), nonce);
    machine.create(RESPONSE, Value::Octet(response), Traits::default())
}

fn read_response(
    machine: &mut Machine,
    secret: &[u8],
    nonce: &[u8],
    session: &[u8],
    response: &[u8],
) -> Result<(), Error> {
    let marked = crypted(secret, &xor(session, response), nonce);
    let text = unmarked(&marked, "response")?;
    machine.create(CLEARTEXT, Value::Octet(text), Traits::default())
}

/// A message as it is sent.
struct Message {
    k: Vec<u8>,
    p: Vec<u8>,
    n: Option<Vec<u8>>,
}

impl Message {
    fn of(machine: &Machine, name: &str) -> Result<Self, Error> {
        let table = machine.table(name)?;
        let part = |part: &str| match table.member(part) {
            Some(Value::Octet(octets)) => Ok(octets.clone()),
            _ => Err(Error::failed(format!("{name} has no {part}, and so is no fsp ciphertext"))),
        };
        Ok(Self { k: part("k")?, p: part("p")?, n: part("n").ok() })
    }

    fn nonce(&self) -> Result<Vec<u8>, Error> {
        self.n.clone().ok_or_else(|| Error::failed("the fsp ciphertext has no nonce n"))
    }

    /// The text and the session key.
    fn open(&self, secret: &[u8], nonce: &[u8]) -> Result<(Vec<u8>, Zeroizing<Vec<u8>>), Error> {
        // A text of the full length leaves no room for its end, and the reference engine cannot read it.
        ensure_length("Fsp ciphertext component p", &self.p)?;
        let session = xor(&self.k, &crypted(secret, &repeated(nonce)?, nonce));
        let session = Zeroizing::new(crypted(secret, &session, nonce));
        let marked = crypted(&session, &xor(&self.p, &session), nonce);
        Ok((unmarked(&marked, "ciphertext")?, session))
    }
}

/// The cipher of the reference engine: AES-256 in counter mode on the first block, and nothing behind it.
fn crypted(key: &[u8], text: &[u8], nonce: &[u8]) -> Vec<u8> {
    let digest = sha256(nonce);
    let mut counter = [0; BLOCK_OCTETS];
    counter.copy_from_slice(&digest[..BLOCK_OCTETS]);
    let stream = Block::new(&sha256(key)).encrypt(counter);
    let mut crypted = text.to_vec();
    crypted.iter_mut().zip(stream).for_each(|(octet, mask)| *octet ^= mask);
    crypted
}

/// As long as the shorter one.
fn xor(left: &[u8], right: &[u8]) -> Vec<u8> {
    left.iter().zip(right).map(|(left, right)| left ^ right).collect()
}

fn repeated(nonce: &[u8]) -> Result<Vec<u8>, Error> {
    if nonce.is_empty() {
        return Err(Error::failed("the fsp nonce is empty"));
    }
    Ok(nonce.iter().copied().cycle().take(SESSION_OCTETS).collect())
}

/// The mark before every text: the reference engine hashes a variable that is never set.
fn mark() -> [u8; MARK_OCTETS] {
    let digest = sha256(b"");
    [digest[0], digest[1], digest[2], digest[3]]
}

/// A text with the mark before it, and a zero and random octets behind it.
fn marked(machine: &mut Machine, text: &[u8]) -> Result<Vec<u8>, Error> {
    let found = text.len();
    ensure(found <= TEXT_OCTETS_MAX, || {
        format!("a text of {found} octets found, expected at most {TEXT_OCTETS_MAX}")
    })?;
    let mut marked = mark().to_vec();
    marked.extend(text);
    if found < TEXT_OCTETS_MAX {
        marked.push(0);
        marked.extend(machine.random.octets(TEXT_OCTETS_MAX - found));
    }
    Ok(marked)
}

/// The text behind the mark, up to the first zero.
fn unmarked(marked: &[u8], what: &str) -> Result<Vec<u8>, Error> {
    let text = marked.strip_prefix(&mark());
    let text = text.ok_or_else(|| Error::failed(format!("Invalid authentication of fsp {what}")))?;
    Ok(text.iter().copied().take_while(|octet| *octet != 0).collect())
}
