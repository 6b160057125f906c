//! Queries over credentials and the credentials themselves, damaged in every way: answered or refused.

use proptest::prelude::*;
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};
use zencode_crypto::encoding::url64;

const QUERY: &str = r#"{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":["T"]},"claims":[{"id":"x","path":["n","k",1],"values":["v",7,true]},{"id":"y","path":["t"]}],"claim_sets":[["x","y"],["y"]]},{"id":"b","format":"ldp_vc","meta":{"type_values":[["Z"]]},"claims":[{"path":["credentialSubject","n"]}]}],"credential_sets":[{"options":[["a","b"],["b"]],"required":false}]}"#;

const LINKED: &str =
    r#"{"@context":["c"],"type":["Z"],"validUntil":"2030-01-01T00:00:00Z","credentialSubject":{"n":"v"}}"#;

/// A token with one disclosure.
fn token(payload: &str, disclosure: &str) -> String {
    let part = |text: &str| url64::encode(text.as_bytes());
    format!("{}.{}.YWJj~{}~", part(r#"{"alg":"ES256"}"#), part(payload), part(disclosure))
}

const PAYLOAD: &str = r#"{"exp":1792167598,"t":true,"vct":"T"}"#;
const DISCLOSURE: &str = r#"["salt","n",{"k":["v"]}]"#;

/// What the contract prints; nothing when it refuses.
fn asked(query: &str, linked: &str, token: &str) -> Option<String> {
    let script = "Scenario 'dcql_query'\nGiven I have a 'dcql_query' named 'q'\n\
        Given I have a 'string dictionary' named 'w'\n\
        When I create the credentials from 'w' matching dcql_query 'q'\nThen print the 'credentials'\n";
    let limits = Limits::default();
    let contract = Contract::compile(script, Library::Language, &limits).expect("the contract is right");
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 1_700_000_000_000, limits };
    let data = format!(r#"{{"q":{query},"w":{{"dc+sd-jwt":["{token}"],"ldp_vc":[{linked}]}}}}"#);
    let mut run = contract.start(Inputs { extra: "", data: &data, keys: "" }, settings).ok()?;
    match run.step() {
        Ok(Step::Done(done)) => Some(done.json),
        _ => None,
    }
}

/// A text with some of its characters replaced, taken out or said twice.
fn damaged(text: &'static str) -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..3_u8, any::<prop::sample::Index>());
    prop::collection::vec(change, 1..4).prop_map(move |changes| {
        let mut characters: Vec<char> = text.chars().collect();
        for (at, kind, other) in changes {
            let at = at.index(characters.len());
            let other = characters[other.index(characters.len())];
            match kind {
                0 => characters[at] = other,
                1 => drop(characters.remove(at)),
                _ => characters.insert(at, other),
            }
        }
        characters.into_iter().collect()
    })
}

#[test]
fn the_undamaged_question_is_answered() {
    let answer = asked(QUERY, LINKED, &token(PAYLOAD, DISCLOSURE)).expect("both credentials match");
    assert!(answer.contains(r#""b":[{"@context""#) && answer.contains(r#""a":["eyJ"#), "{answer}");
}

#[test]
fn a_question_with_too_many_names_is_refused() {
    let credential = |id: usize| {
        format!(
            r#"{{"id":"n{id}","format":"ldp_vc","meta":{{"type_values":[["Z"]]}},"claims":[{{"path":["x"]}}]}}"#
        )
    };
    let query = |count| {
        let credentials: Vec<String> = (0..count).map(credential).collect();
        format!(r#"{{"credentials":[{}]}}"#, credentials.join(","))
    };
    assert!(asked(&query(1000), LINKED, "").is_some());
    assert!(asked(&query(1001), LINKED, "").is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_damaged_question_is_answered_or_refused(query in damaged(QUERY)) {
        drop(asked(&query, LINKED, &token(PAYLOAD, DISCLOSURE)));
    }

    #[test]
    fn a_damaged_credential_is_shown_or_refused(
        linked in damaged(LINKED), payload in damaged(PAYLOAD), disclosure in damaged(DISCLOSURE),
    ) {
        drop(asked(QUERY, &linked, &token(PAYLOAD, DISCLOSURE)));
        drop(asked(QUERY, LINKED, &token(&payload, DISCLOSURE)));
        drop(asked(QUERY, LINKED, &token(PAYLOAD, &disclosure)));
    }

    #[test]
    fn any_text_is_a_token_or_refused(token in "[A-Za-z0-9_.~-]{0,60}") {
        drop(asked(QUERY, LINKED, &token));
    }
}
