//! Keys, credentials and documents from elsewhere, damaged in every way, are read or refused.

use proptest::prelude::*;
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};

const PROOF: &str = "eyJhbGciOiJFUzI1NksifQ..0wutShzVG-CHpYhNVxrELuVZvgDwiEoc4PYiYzFehC34HW9S6czE3mrycYGX7Lh5YOa28V_y4RIwBEuQyn4cdA";

/// A type, JSON that is one, and what is done with it besides printing it.
fn documents() -> Vec<(&'static str, String, &'static str)> {
    let proof = format!(r#"{{"jws":"{PROOF}","verificationMethod":"did:a:b#k"}}"#);
    vec![
        ("jwk", r#"{"crv":"P-256","kty":"EC","kid":"aGVsbG8","x":"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg","y":"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg"}"#.to_owned(), ""),
        ("did document", format!(r#"{{"@context":["x"],"id":"did:a:b","verificationMethod":[{{"id":"did:a:b#k","publicKeyBase58":"2s5"}}],"proof":{proof}}}"#), "If I verify the did document named 'a' is signed by 'a'\nThen print string 'yes'\nEndIf\n"),
        ("verifiable credential", format!(r#"{{"a":"b","proof":{proof}}}"#), "When I get the verification method in 'a'\nIf I verify the verifiable credential named 'a'\nThen print string 'yes'\nEndIf\n"),
        ("selective disclosure request", r#"{"fields":["a","b"],"object":{"iss":"x","a":{"b":"c"},"b":1.5}}"#.to_owned(), "When I create the es256 key\nWhen I create the selective disclosure of 'a'\nWhen I create the signed selective disclosure of 'selective disclosure'\n"),
        ("supported selective disclosure", r#"{"credential_issuer":"i","credential_endpoint":"e","authorization_servers":["a"],"credential_configurations_supported":{"k":{"format":"dc+sd-jwt","credential_signing_alg_values_supported":["ES256"],"cryptographic_binding_methods_supported":["jwk"],"vct":"v","display":[],"claims":[{"path":["a"]}]}}}"#.to_owned(), ""),
        ("decoded selective disclosure", r#"{"jwt":{"header":{"alg":"ES256"},"payload":{"iss":"x","n":1},"signature":"aGVsbG8"},"disclosures":[["s","a","b"]]}"#.to_owned(), ""),
    ]
}

/// Runs a contract that reads a document; what comes of it is not looked at.
fn run(kind: &str, json: &str, lines: &str) {
    let limits = Limits::default();
    let script = format!(
        "Scenario 'w3c'\nScenario 'sd_jwt'\nGiven I have a '{kind}' named 'a'\n{lines}Then print the 'a'\n"
    );
    let contract = Contract::compile(&script, Library::Language, &limits).expect("the lines are statements");
    let data = format!("{{\"a\":{json}}}");
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 1_700_000_000_000, limits };
    let run = contract.start(Inputs { extra: "", data: &data, keys: "" }, settings);
    assert!(run.is_err() || run.is_ok_and(|mut run| !matches!(run.step(), Ok(Step::Ask(_)))));
}

proptest! {
    #[test]
    fn a_damaged_document_is_read_or_refused(
        index in 0..6_usize,
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize, "[0-9a-zA-Z~.=#:\\[\\]{}\",]{0,6}"), 0..4),
    ) {
        let (kind, json, lines) = &documents()[index];
        let mut letters: Vec<char> = json.chars().collect();
        for (place, gone, come) in damages {
            let start = place.index(letters.len() + 1);
            let end = (start + gone).min(letters.len());
            letters.splice(start..end, come.chars());
        }
        run(kind, &letters.into_iter().collect::<String>(), lines);
    }
}
