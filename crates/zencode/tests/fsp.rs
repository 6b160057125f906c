//! Messages that are no secret are made for those alone who say that they know.

use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};

const BODY: &str = "Scenario 'fsp'\nGiven I have a 'keyring'\nGiven I have a 'string' named 'm'\n\
                    When I create the random 'fsp nonce'\nWhen I create the fsp ciphertext of 'm'\nThen print 'fsp ciphertext' as 'hex'\n";
const KEYS: &str = r#"{"keyring":{"fsp":"XdjAYj+RY95+uyYMI8fR3+fmP5LyQaN54vyTTVKxZyA="}}"#;
const DATA: &str = r#"{"m":"meet me at the bridge"}"#;

fn run(rule: &str) -> Result<String, String> {
    let limits = Limits::default();
    let contract = Contract::compile(&format!("{rule}{BODY}"), Library::Language, &limits);
    let contract = contract.map_err(|faults| format!("{faults:?}"))?;
    let settings = Settings { seed: Seed::Reference([0; 64]), now_ms: 0, limits };
    let inputs = Inputs { extra: "", data: DATA, keys: KEYS };
    match contract.start(inputs, settings).and_then(|mut run| run.step()) {
        Ok(Step::Done(output)) => Ok(output.json),
        Ok(Step::Ask(request)) => Err(format!("{request:?}")),
        Err(failure) => Err(failure.to_string()),
    }
}

#[test]
fn a_message_without_the_rule_is_refused_and_told_why() {
    let refusal = run("").unwrap_err();
    assert!(refusal.contains("from the thirteenth octet on") && refusal.contains("Rule set fsp insecure"));
}

#[test]
fn a_message_with_the_rule_is_made() {
    assert!(run("Rule set fsp insecure\n").unwrap().starts_with(r#"{"fsp_ciphertext":{"k":"#));
}

#[test]
fn another_value_of_the_rule_is_refused() {
    assert!(run("Rule set fsp secure\n").is_err());
}
