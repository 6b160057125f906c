//! Keys, signatures, addresses, tokens and transactions from elsewhere, damaged in every way, are read or refused.

use proptest::prelude::*;
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};

const ETHEREUM_SIGNATURE: &str = "0xa1a663bf3b43daa32835488b7725510aa4b900d8b30c6eb7f80e56bb58301f2a618b22c9a02c59fc78865708deaf37fc07adc32f0b1938e6c3149e2a19ee95101b";
const SIGNED_TRANSACTION: &str = "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";
const PUBLIC_KEY: &str = "04776b58c34145c9553b5235fe211a6237c48b90b4784bc6d86660b0236af3bab2f1f799ef8244be728af450b4ed386127cb3838dd9941c2c9fbc1e958c7ca3f0c";
const ABI: &str = "0000000000000000000000000000000000000000000000000000000000000020000000000000000000000000000000000000000000000000000000000000000568656c6c6f000000000000000000000000000000000000000000000000000000";
const TOKEN: &str =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.J-uNiP4NGTGNpiDOKlcEx2-5C1IMoVQ9n6plFOoChz0";
const SIGNED: &str = "eyJhbGciOiJFUzI1NiIsImp3ayI6eyJhbGciOiJFUzI1NiIsImNydiI6IlAtMjU2Iiwia2V5X29wcyI6WyJ2ZXJpZnkiXSwia3R5IjoiRUMiLCJ4IjoiZ3l2S09OWlppRm1UVWJRc2VvSjZLZEFZSlB5Rml4djByTVhMMlQzOXNhdyIsInkiOiJNNGtkeU9QWXpLZi1nb1FMcVVHS21ZV0QxUXYwYmNRU1ByVkhGQzRkVWdvIn19.aGVsbG8.F8sdx5dB7P5vBU-VsHp2UNh2bF0nRq2b81iwThzCBRz_VXi3CHg0FyWGeKV8HJ7tCzPvPwtOO5N4mX7ZnaAgwA";
const DISCLOSED: &str = "eyJhbGciOiAiRVMyNTYifQ.eyJpc3MiOiAiaHR0cHM6Ly9leGFtcGxlLm9yZyJ9.AAAA~WyJzYWx0IiwgImdpdmVuX25hbWUiLCAiQWRhIl0~";

/// A type, a text that is one, and what is done with it besides printing it.
const MATERIAL: &[(&str, &str, &str)] = &[
    ("schnorr public key", "8FoEYGz2vvk97x1A8B2yYxzASR1aMyYAOmxVSHU+fZ4=", ""),
    (
        "es256 public key",
        "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==",
        "",
    ),
    (
        "bitcoin public key",
        "AndrWMNBRclVO1I1/iEaYjfEi5C0eEvG2GZgsCNq87qy",
        "When I rename 'a' to 'bitcoin public key'\nWhen I create the bitcoin address\n",
    ),
    ("bitcoin address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", ""),
    (
        "base58",
        "KwUNYVyf7W8u1Vca6sK3cvjyeG3jpxEHJCPeT3xMtcGVZkU3WX8S",
        "When I create the bitcoin key with secret key 'a'\n",
    ),
    ("ethereum address", "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816", ""),
    (
        "string",
        "0x1b620cA5172A8D6A64798FcA2ee690066F7A7816",
        "When I verify the ethereum address string 'a' is valid\n",
    ),
    (
        "ethereum public key",
        PUBLIC_KEY,
        "When I rename 'a' to 'ethereum public key'\nWhen I create the ethereum address\n",
    ),
    (
        "ethereum signature",
        ETHEREUM_SIGNATURE,
        "When I write string 'hello' in 'm'\nWhen I create the ethereum address from the ethereum signature 'a' of 'm'\n",
    ),
    (
        "signed ethereum transaction",
        SIGNED_TRANSACTION,
        "When I rename 'a' to 'signed ethereum transaction'\nWhen I verify the signed ethereum transaction from 'key'\n",
    ),
    ("hex", ABI, "When I create the ethereum abi decoding of 'a' using 'types'\n"),
    ("hex", ABI, "When I create the 'text' decoded from ethereum bytes 'a'\n"),
    ("json web token", TOKEN, "When I verify the json web token in 'a' using 'hello'\n"),
    ("string", SIGNED, "When I verify the jws signature in 'a'\n"),
    (
        "signed selective disclosure",
        DISCLOSED,
        "When I create the disclosed kv from signed selective disclosure 'a'\n",
    ),
    (
        "string",
        "https://a.example:8080/x?y=%41",
        "When I create the url from 'a'\nWhen I append 'a' as http request to 'url'\n",
    ),
];

const PLANETMINT_TRANSACTION: &str = r#"{"inputs":[{"fulfills":{"output_index":1,"transaction_id":"2bd8"}},{"fulfills":null}],"operation":"TRANSFER"}"#;

/// What came of a contract that reads a text: whether it printed something.
fn prints(kind: &str, text: &str, lines: &str) -> bool {
    let limits = Limits::default();
    let script = format!(
        "Scenario 'schnorr'\nScenario 'http'\nScenario 'ethereum'\nScenario 'w3c'\nScenario 'sd_jwt'\n\
         Given I have a '{kind}' named 'a'\nGiven I have a 'ethereum public key' named 'key'\n\
         Given I have a 'string array' named 'types'\n{lines}Then print data\n"
    );
    let contract = Contract::compile(&script, Library::Language, &limits).expect("the lines are statements");
    let text: String =
        text.chars().filter(|letter| !matches!(letter, '"' | '\\') && !letter.is_control()).collect();
    let data = format!("{{\"a\":\"{text}\",\"key\":\"{PUBLIC_KEY}\",\"types\":[\"bytes\",\"uint256\"]}}");
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 1_700_000_000_000, limits };
    let run = contract.start(Inputs { extra: "", data: &data, keys: "" }, settings);
    run.is_ok_and(|mut run| matches!(run.step(), Ok(Step::Done(_))))
}

#[test]
fn undamaged_material_is_read() {
    for (kind, text, lines) in MATERIAL {
        // That transaction is somebody else's.
        assert_eq!(prints(kind, text, lines), *kind != "signed ethereum transaction", "{kind} {lines}");
    }
}

/// The warnings that an address in a letter case is read with.
fn warnings_of(address: &str) -> Vec<String> {
    let script = "Rule check version 5.38.1\nScenario 'ethereum'\nGiven I have a 'ethereum address' named 'a'\nThen print data\n";
    let limits = Limits::default();
    let contract = Contract::compile(script, Library::Language, &limits).expect("the lines are statements");
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 1_700_000_000_000, limits };
    let data = format!("{{\"a\":\"{address}\"}}");
    let mut run =
        contract.start(Inputs { extra: "", data: &data, keys: "" }, settings).expect("an address is read");
    match run.step() {
        Ok(Step::Done(output)) => output.warnings,
        other => panic!("{other:?}"),
    }
}

/// EIP-55, the first of its test cases.
#[test]
fn an_address_in_the_case_of_its_checksum_is_read_without_a_warning() {
    assert_eq!(warnings_of("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"), Vec::<String>::new());
}

#[test]
fn an_address_in_another_case_is_read_with_a_warning_that_shows_the_right_one() {
    let expected = "Invalid encoding for ethereum address. Expected encoding: 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    assert_eq!(warnings_of("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), [expected]);
}

/// How many signatures a contract prints for a Planetmint transaction; none when it refuses the transaction.
fn signs(transaction: &str) -> Option<usize> {
    let script = "Scenario 'planetmint'\nGiven I have a 'keyring'\nGiven I have a 'string' named 'a'\n\
                  When I create the planetmint signatures of 'a'\nThen print the 'planetmint signatures'\n";
    let limits = Limits::default();
    let contract = Contract::compile(script, Library::Language, &limits).expect("the lines are statements");
    let escaped: String = transaction.chars().filter(|letter| !letter.is_control()).collect();
    let escaped = escaped.replace('\\', "\\\\").replace('"', "\\\"");
    let keys = r#"{"keyring":{"eddsa":"5TADqG617sFWyv1iCv11nvWBmzHuAtEcdxKN3Jzq9Dkd"}}"#;
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 1_700_000_000_000, limits };
    let data = format!("{{\"a\":\"{escaped}\"}}");
    let mut run = contract.start(Inputs { extra: "", data: &data, keys }, settings).ok()?;
    match run.step() {
        Ok(Step::Done(output)) => Some(output.json.matches('"').count() / 2 - 1),
        _ => None,
    }
}

#[test]
fn a_planetmint_transaction_gets_a_signature_for_each_input() {
    assert_eq!(signs(PLANETMINT_TRANSACTION), Some(2));
}

/// A place in a text, a number of letters that go, and letters that come.
fn damage() -> impl Strategy<Value = (usize, usize, String)> {
    (any::<prop::sample::Index>(), 0..12_usize, prop_oneof!["[0-9a-zA-Z~.=+/_-]{0,8}", "\\PC{0,8}"])
        .prop_map(|(place, gone, come)| (place.index(400), gone, come))
}

proptest! {
    #[test]
    fn damaged_material_is_read_or_refused(
        index in any::<prop::sample::Index>(), damages in prop::collection::vec(damage(), 1..4),
    ) {
        let (kind, text, lines) = MATERIAL[index.index(MATERIAL.len())];
        let mut letters: Vec<char> = text.chars().collect();
        for (place, gone, come) in damages {
            let start = place % (letters.len() + 1);
            let end = (start + gone).min(letters.len());
            letters.splice(start..end, come.chars());
        }
        prints(kind, &letters.into_iter().collect::<String>(), lines);
    }

    #[test]
    fn a_damaged_planetmint_transaction_is_signed_or_refused(
        place in 0..PLANETMINT_TRANSACTION.len(), gone in 0..12_usize, come in "[\\[\\]{}\",:0-9a-z]{0,8}",
    ) {
        let end = (place + gone).min(PLANETMINT_TRANSACTION.len());
        let (before, after) = (&PLANETMINT_TRANSACTION[..place], &PLANETMINT_TRANSACTION[end..]);
        signs(&format!("{before}{come}{after}"));
    }
}
