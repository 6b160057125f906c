//! The contracts of keys, signatures and proofs: each step of a scheme by itself, what it works on given as input.
//!
//! The steps of a scheme are run once on both sides before anything is measured, and have to print the same.

use anyhow::{Result, bail};
use conformance::{Case, Outcome, Reference, Settings};
use serde_json::{Map, Value, json};

/// A scheme: its name, its scenario, and the steps in their order. What a step prints is data of the later ones.
struct Scheme {
    name: String,
    scenario: &'static str,
    steps: Vec<Step>,
}

/// One contract without its first line; measured if it has a name.
struct Step {
    name: Option<&'static str>,
    script: String,
}

fn step(name: &'static str, script: &str) -> Step {
    Step { name: Some(name), script: script.into() }
}

/// A step that makes what the others need.
fn prepare(script: &str) -> Step {
    Step { name: None, script: script.into() }
}

/// Whom public keys of another are read from.
const OTHER: &str = "Other";

/// The measured steps of all schemes whose name holds a text.
pub(crate) fn subjects(reference: &mut Reference, settings: &Settings, only: &str) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for scheme in schemes().into_iter().filter(|scheme| scheme.name.contains(only)) {
        cases.extend(scheme.cases(reference, settings)?);
    }
    Ok(cases)
}

impl Scheme {
    /// Runs the steps one after the other, on both sides.
    fn cases(self, reference: &mut Reference, settings: &Settings) -> Result<Vec<Case>> {
        let mut data = inputs();
        let mut cases = Vec::new();
        for step in self.steps {
            let name = format!("{}, {}", self.name, step.name.unwrap_or("preparation"));
            let script = format!("Scenario '{}'\n{}", self.scenario, step.script);
            let given = Value::Object(named(&data, &script)).to_string();
            let case = Case { data: given, ..Case::from_text(&name, &script) };
            let printed = printed(&case, reference, settings)?;
            let printed: Map<String, Value> = serde_json::from_str(&printed)?;
            data.extend(printed.clone());
            let mut other = data.remove(OTHER).unwrap_or_else(|| json!({}));
            other.as_object_mut().into_iter().for_each(|other| other.extend(printed.clone()));
            data.insert(OTHER.into(), other);
            cases.extend(step.name.map(|_| case));
        }
        Ok(cases)
    }
}

/// The data whose names a contract holds in quotes.
fn named(data: &Map<String, Value>, script: &str) -> Map<String, Value> {
    let is_named = |name: &String| script.contains(&format!("'{}'", name.replace('_', " ")));
    data.iter()
        .filter(|(name, _)| is_named(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Steps for which the reference engine draws from the system, whatever its seed (docs/differences.md).
const DRAWN_ELSEWHERE: &[&str] = &[
    "dilithium, preparation",
    "kyber, preparation",
    "kyber, encapsulate",
    "ntrup, preparation",
    "ntrup, encapsulate",
];

/// What both sides print.
fn printed(case: &Case, reference: &mut Reference, settings: &Settings) -> Result<String> {
    match (conformance::ours::run(case, settings), reference.run(case, settings)?) {
        (Outcome::Printed(ours), Outcome::Printed(theirs))
            if ours == theirs || DRAWN_ELSEWHERE.contains(&case.name.as_str()) =>
        {
            Ok(ours)
        }
        (ours, theirs) => {
            bail!("{}: both sides do not print the same: {ours:?}, {theirs:?}", case.name)
        }
    }
}

/// What the first step of a scheme reads.
fn inputs() -> Map<String, Value> {
    let inputs = json!({
        "message": "Ada rents 7 Ridge Road, four rooms and a garden of stone, from the first of May for a year",
        "messages": ["born 1999", "Lisbon", "driver", "above 18", "resident"],
        "disclosed messages": ["Lisbon", "above 18"],
        "indexes": [2, 4],
        "header": "today at the door",
        "total": "3",
        "quorum": "2",
        "participants": [
            "iNt3+0VE0QWWahdEIQ14t4dpO4/Pw3J6g0LfSUQAbG14kDQN/Pe1dyc6/+0ja94H",
            "tXZ7QIy8dZKRzNNzx1msrj4BMS1H5DXKPNQWdxHLWCUKdYbhEuEg26auYQ7LpDnh",
            "h+HF0NNhVEbW6tcFi7+O6h/gAjehwQol0U+g+IF+Zc3kcuU5EAKkI9GHQc75oTvG"
        ]
    });
    let keyring = serde_json::from_str(include_str!("../../cases/rsa/sign_string.keys.json"));
    let mut all: Map<String, Value> = keyring.unwrap_or_default();
    all.extend(inputs.as_object().cloned().unwrap_or_default());
    all
}

fn schemes() -> Vec<Scheme> {
    let mut schemes: Vec<Scheme> = [
        ("ecdh", "ecdh"),
        ("eddsa", "eddsa"),
        ("schnorr", "schnorr"),
        ("es256", "es256"),
        ("dilithium", "qp"),
        ("mldsa44", "qp"),
        ("rsa", "rsa"),
    ]
    .map(|(name, scenario)| signatures(name, scenario))
    .into();
    schemes.extend(["kyber", "mlkem512", "ntrup"].map(encapsulation));
    schemes.extend(["bbs", "bbs shake"].map(bbs));
    schemes.extend([reflow(), credential(), secret_sharing(), public_shares()]);
    schemes
}

/// Signatures of a text by a key.
fn signatures(name: &str, scenario: &'static str) -> Scheme {
    // The reference engine takes longer for an RSA key than it is waited for: that one is given.
    let (key, keyring) = match name {
        "rsa" => ("Given I have a 'keyring'\n".into(), ""),
        _ => {
            let key = format!("Given I have a 'string' named 'message'\nWhen I create the {name} key\n");
            (key, "Then print the 'keyring'\n")
        }
    };
    let keys =
        format!("{key}When I create the {name} public key\n{keyring}Then print the '{name} public key'\n");
    let sign = format!(
        "Given I have a 'keyring'\nGiven I have a 'string' named 'message'\n\
         When I create the {name} signature of 'message'\nThen print the '{name} signature'\n"
    );
    let verify = format!(
        "Given I have a '{name} public key'\nGiven I have a '{name} signature'\n\
         Given I have a 'string' named 'message'\n\
         When I verify the 'message' has a {name} signature in '{name} signature' by '{name} public key'\n\
         Then print the string 'authentic'\n"
    );
    let name = if name == "ecdh" { "ecdsa" } else { name };
    Scheme {
        name: name.into(),
        scenario,
        steps: vec![prepare(&keys), step("sign", &sign), step("verify", &verify)],
    }
}

/// Secrets that are sent to a key.
fn encapsulation(name: &str) -> Scheme {
    let keys = format!(
        "Given I have a 'string' named 'message'\nWhen I create the {name} key\nWhen I create the {name} public key\n\
         Then print the 'keyring'\nThen print the '{name} public key'\n"
    );
    let send = format!(
        "Given I have a '{name} public key'\nWhen I create the {name} kem for '{name} public key'\n\
         When I pickup from path '{name}_kem.{name}_ciphertext'\nThen print the '{name} ciphertext'\n"
    );
    let receive = format!(
        "Given I have a 'keyring'\nGiven I have a '{name} ciphertext'\n\
         When I create the {name} secret from '{name} ciphertext'\nThen print the '{name} secret'\n"
    );
    Scheme {
        name: name.into(),
        scenario: "qp",
        steps: vec![prepare(&keys), step("encapsulate", &send), step("decapsulate", &receive)],
    }
}

fn bbs(name: &str) -> Scheme {
    let keys = format!(
        "Given I have a 'string' named 'message'\nWhen I create the {name} key\nWhen I create the {name} public key\n\
         Then print the 'keyring'\nThen print the '{name} public key'\n"
    );
    let sign = format!(
        "Given I have a 'keyring'\nGiven I have a 'string array' named 'messages'\n\
         When I create the {name} signature of 'messages'\nThen print the '{name} signature'\n"
    );
    let verify = format!(
        "Given I have a '{name} public key'\nGiven I have a '{name} signature'\n\
         Given I have a 'string array' named 'messages'\n\
         When I verify the 'messages' has a {name} signature in '{name} signature' by '{name} public key'\n\
         Then print the string 'authentic'\n"
    );
    let given = format!(
        "Given I have a '{name} public key'\nGiven I have a 'number array' named 'indexes'\n\
         Given I have a 'string' named 'header'\n"
    );
    let prove = format!(
        "{given}Given I have a '{name} signature'\nGiven I have a 'string array' named 'messages'\n\
         When I create the {name} proof of the signature '{name} signature' of the messages 'messages' with public \
         key '{name} public key' presentation header 'header' and disclosed indexes 'indexes'\n\
         Then print the '{name} proof'\n"
    );
    let verify_proof = format!(
        "{given}Given I have a '{name} proof'\nGiven I have a 'string array' named 'disclosed messages'\n\
         When I verify the {name} proof with public key '{name} public key' presentation header 'header' disclosed \
         messages 'disclosed messages' and disclosed indexes 'indexes'\nThen print the string 'authentic'\n"
    );
    let steps = vec![
        prepare(&keys),
        step("sign", &sign),
        step("verify", &verify),
        step("prove", &prove),
        step("verify proof", &verify_proof),
    ];
    Scheme { name: name.into(), scenario: "bbs", steps }
}

fn credential() -> Scheme {
    let request = "Given I have a 'keyring'\nWhen I create the credential request\n\
                   Then print the 'credential request'\n";
    let sign = "Given I have a 'keyring'\nGiven I have a 'credential request'\n\
                When I create the credential signature\nThen print the 'credential signature'\n";
    let unblind = "Given I have a 'keyring'\nGiven I have a 'credential signature'\n\
                   When I create the credentials\nThen print the 'credentials'\n";
    let prove = "Given I have a 'keyring'\nGiven I have a 'credentials'\nGiven I have a 'issuer public key'\n\
                 When I aggregate all the issuer public keys\nWhen I create the credential proof\n\
                 Then print the 'credential proof'\n";
    let verify = "Given I have a 'issuer public key'\nGiven I have a 'credential proof'\n\
                  When I aggregate all the issuer public keys\nWhen I verify the credential proof\n\
                  Then print the string 'authentic'\n";
    let steps = vec![
        prepare(
            "Given I have a 'string' named 'message'\nWhen I create the credential key\nWhen I create the issuer key\n\
             When I create the issuer public key\nThen print the 'keyring'\nThen print the 'issuer public key'\n",
        ),
        step("request", request),
        step("sign", sign),
        step("unblind", unblind),
        step("prove", prove),
        step("verify", verify),
    ];
    Scheme { name: "credential".into(), scenario: "credential", steps }
}

fn reflow() -> Scheme {
    let sign = "Given I have a 'keyring'\nGiven I have a 'credentials'\nGiven I have a 'reflow seal'\n\
                Given I have a 'issuer public key' from 'Other'\nWhen I create the reflow signature\n\
                Then print the 'reflow signature'\n";
    let collect = "Given I have a 'reflow seal'\nGiven I have a 'reflow signature'\n\
                   Given I have a 'issuer public key' in 'Other'\n\
                   When I aggregate all the issuer public keys\nWhen I verify the reflow signature credential\n\
                   When I verify the reflow signature fingerprint is new\n\
                   When I add the reflow fingerprint to the reflow seal\n\
                   When I add the reflow signature to the reflow seal\nThen print the 'reflow seal'\n";
    let steps = vec![
        prepare(
            "Given I have a 'string' named 'message'\nWhen I create the credential key\n\
             When I create the credential request\nWhen I create the issuer key\n\
             When I create the credential signature\nWhen I create the credentials\n\
             When I create the issuer public key\nWhen I create the reflow key\n\
             When I create the reflow public key\nWhen I create the reflow identity of 'message'\n\
             When I create the reflow seal with identity 'reflow identity'\n\
             Then print the 'keyring'\nThen print the 'credentials'\nThen print the 'issuer public key'\n\
             Then print the 'reflow seal'\n",
        ),
        step("sign", sign),
        step("collect a signature", collect),
        step(
            "verify the seal",
            "Given I have a 'reflow seal'\nWhen I verify the reflow seal is valid\n\
             Then print the string 'authentic'\n",
        ),
    ];
    Scheme { name: "reflow".into(), scenario: "reflow", steps }
}

fn secret_sharing() -> Scheme {
    let steps = vec![
        step(
            "share",
            "Given I have a 'string' named 'header'\n\
             When I create the secret shares of 'header' with '9' quorum '5'\nThen print the 'secret shares'\n",
        ),
        step(
            "compose",
            "Given I have a 'secret shares'\nWhen I compose the secret using 'secret shares'\n\
             Then print the 'secret'\n",
        ),
    ];
    Scheme { name: "secret sharing".into(), scenario: "secshare", steps }
}

fn public_shares() -> Scheme {
    let given = "Given I have a 'integer' named 'total'\nGiven I have a 'integer' named 'quorum'\n";
    let make = format!(
        "{given}Given I have a 'string' named 'header'\nGiven I have a 'pvss public key array' named 'participants'\n\
         When I create the pvss public shares of 'header' with 'total' quorum 'quorum' using the public keys \
         'participants'\nThen print the 'pvss public shares'\n"
    );
    let verify = format!(
        "{given}Given I have a 'pvss public shares'\n\
         When I verify the pvss public shares with 'total' quorum 'quorum'\nThen print the string 'authentic'\n"
    );
    let steps = vec![step("share", &make), step("verify shares", &verify)];
    Scheme { name: "pvss".into(), scenario: "pvss", steps }
}
