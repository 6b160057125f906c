//! Keys, credentials and documents from elsewhere, damaged in every way, are read or refused.

use proptest::prelude::*;
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};

const PROOF: &str = "eyJhbGciOiJFUzI1NksifQ..0wutShzVG-CHpYhNVxrELuVZvgDwiEoc4PYiYzFehC34HW9S6czE3mrycYGX7Lh5YOa28V_y4RIwBEuQyn4cdA";

/// Two parts of 256 octets, and a nonce.
fn fsp() -> String {
    let part = "AAAA".repeat(85) + "AA==";
    format!(r#"{{"k":"{part}","n":"aGVsbG8=","p":"{part}"}}"#)
}

/// A type, JSON that is one, and what is done with it besides printing it.
fn documents() -> Vec<(&'static str, String, &'static str)> {
    let proof = format!(r#"{{"jws":"{PROOF}","verificationMethod":"did:a:b#k"}}"#);
    vec![
        ("jwk", r#"{"crv":"P-256","kty":"EC","kid":"aGVsbG8","x":"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg","y":"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg"}"#.to_owned(), ""),
        ("did document", format!(r#"{{"@context":["x"],"id":"did:a:b","verificationMethod":[{{"id":"did:a:b#k","publicKeyBase58":"2s5"}}],"proof":{proof}}}"#), "If I verify the did document named 'a' is signed by 'a'\nThen print string 'yes'\nEndIf\n"),
        ("verifiable credential", format!(r#"{{"a":"b","proof":{proof}}}"#), "When I get the verification method in 'a'\nIf I verify the verifiable credential named 'a'\nThen print string 'yes'\nEndIf\n"),
        ("selective disclosure request", r#"{"fields":["a","b"],"object":{"iss":"x","a":{"b":"c"},"b":1.5}}"#.to_owned(), "When I create the es256 key\nWhen I create the selective disclosure of 'a'\nWhen I create the signed selective disclosure of 'selective disclosure'\n"),
        ("supported selective disclosure", r#"{"credential_issuer":"i","credential_endpoint":"e","authorization_servers":["a"],"credential_configurations_supported":{"k":{"format":"dc+sd-jwt","credential_signing_alg_values_supported":["ES256"],"cryptographic_binding_methods_supported":["jwk"],"vct":"v","display":[],"claims":[{"path":["a"]}]}}}"#.to_owned(), ""),
        ("keyring", r#"{"ecdh":"B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=","eddsa":"7KLcVpkbhftT4jefzfvYvPAoLikwCCtsfTnwPuo7VZhH","es256":"XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=","schnorr":"XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=","ethereum":"078ad84d6c7a50c6dcd983d644da65e30d8cea063d8ea49aeb7ee7f0aaf6a4f7","bitcoin":"KwUNYVyf7W8u1Vca6sK3cvjyeG3jpxEHJCPeT3xMtcGVZkU3WX8S","reflow":"XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA=","bbs":"EIRxtRfx2zDcSEogGyVJ29yj4wHwncuNQMrCpLnfknA="}"#.to_owned(), ""),
        ("ethereum transaction", r#"{"nonce":"130","to":"0x1b620cA5172A8D6A64798FcA2ee690066F7A7816","gas price":"100000000000","gas limit":"300000","value":"12345678901234567890","data":"00ff","v":"0a96","r":"776b58","s":"61eebb"}"#.to_owned(), "When I rename the 'a' to 'ethereum transaction'\nWhen I create the ethereum key\nWhen I create the signed ethereum transaction for chain '1337'\nWhen I rename the 'ethereum transaction' to 'a'\n"),
        ("ethereum signature table", r#"{"r":"ed8f36c71989f8660e8f5d4adbfd8f1c0288cca90d3a5330b7bf735d71ab52fe","s":"7ba0a7827dc4ba707431f1c10babd389f658f8e208b89390a9be3c097579a2ff","v":"27"}"#.to_owned(), "When I write string 'hello' in 'm'\nIf I verify the 'm' has a ethereum signature in 'a' by 'm'\nThen print string 'yes'\nEndIf\n"),
        ("ethereum address signature pair array", r#"[{"address":"0x0Ba910bA5FcceD2A2538718367ea0A57C0ca881A","signature":"0xa1a663bf3b43daa32835488b7725510aa4b900d8b30c6eb7f80e56bb58301f2a618b22c9a02c59fc78865708deaf37fc07adc32f0b1938e6c3149e2a19ee95101b"}]"#.to_owned(), "When I write string 'hello' in 'm'\nWhen I use the ethereum address signature pair array 'a' to create the result array of 'm'\n"),
        ("ethereum method", r#"{"name":"transfer","input":["address","uint256"],"output":["bool"]}"#.to_owned(), ""),
        ("bitcoin unspent", r#"[{"txid":"dd6d3c58fe0cd8729e731545830307fcdd36620c14bc5988308e0485d23ea53c","vout":300,"amount":"0.000001","address":"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},{"prevout_hash":"dd6d3c58fe0cd8729e731545830307fcdd36620c14bc5988308e0485d23ea53c","prevout_n":"0","value":"1.5","address":"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"}]"#.to_owned(), ""),
        ("base64 dictionary", r#"{"nHashType":"AAAAAQ==","nLockTime":"AA==","txIn":[{"address":{"network":"dGI=","raw":"xRwg0j+JWVKWbCY3hnFd6D/D1NM=","version":0},"amountSpent":"ATdk","sequence":"/////w==","sigwit":"AQ==","txid":"3W08WP4M2HKecxVFgwMH/N02YgwUvFmIMI4EhdI+pTw=","vout":1}],"txOut":[{"address":{"network":"dGI=","raw":"9HAvm/7kKw1Pm6Ql+YNDeTiT8vQ=","version":0},"amount":"AQ=="}],"version":"Ag=="}"#.to_owned(), "When I rename the 'a' to 'testnet transaction'\nWhen I create the testnet key\nWhen I sign the testnet transaction\nWhen I create the testnet raw transaction\nWhen I rename the 'testnet transaction' to 'a'\n"),
        ("secret shares", r#"[{"x":"hn2/txSCl1Tb+MRoNAc03+8Ijd1/SiTekjtNKEHivms=","y":"aGVsbG8="},{"x":"aGVsbG8=","y":"hn2/txSCl1Tb+MRoNAc03+8Ijd1/SiTekjtNKEHivms="}]"#.to_owned(), "When I compose the secret using 'a'\n"),
        ("fsp ciphertext", fsp(), ""),
        ("decoded selective disclosure", r#"{"jwt":{"header":{"alg":"ES256"},"payload":{"iss":"x","n":1},"signature":"aGVsbG8"},"disclosures":[["s","a","b"]]}"#.to_owned(), ""),
    ]
}

/// Whether a contract that reads a document comes to its end.
fn reads(kind: &str, json: &str, lines: &str) -> bool {
    let limits = Limits::default();
    let script = format!(
        "Scenario 'w3c'\nScenario 'sd_jwt'\nScenario 'ethereum'\nScenario 'bitcoin'\nScenario 'secshare'\nScenario 'fsp'\nGiven I have a '{kind}' named 'a'\n{lines}Then print the 'a'\n"
    );
    let contract = Contract::compile(&script, Library::Language, &limits).expect("the lines are statements");
    let data = format!("{{\"a\":{json}}}");
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 1_700_000_000_000, limits };
    let run = contract.start(Inputs { extra: "", data: &data, keys: "" }, settings);
    let step = run.and_then(|mut run| run.step());
    assert!(!matches!(step, Ok(Step::Ask(_))));
    step.is_ok()
}

#[test]
fn undamaged_documents_are_read() {
    for (kind, json, lines) in documents() {
        // The proofs of these two are of other documents.
        let is_signed = matches!(kind, "did document" | "verifiable credential");
        assert_eq!(reads(kind, &json, lines), !is_signed, "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_damaged_document_is_read_or_refused(
        index in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize, "[0-9a-zA-Z~.=#:\\[\\]{}\",]{0,6}"), 0..4),
    ) {
        let documents = documents();
        let (kind, json, lines) = &documents[index.index(documents.len())];
        let mut letters: Vec<char> = json.chars().collect();
        for (place, gone, come) in damages {
            let start = place.index(letters.len() + 1);
            let end = (start + gone).min(letters.len());
            letters.splice(start..end, come.chars());
        }
        reads(kind, &letters.into_iter().collect::<String>(), lines);
    }
}
