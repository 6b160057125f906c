//! What a contract reads from elsewhere, changed octet by octet: keys, signatures, proofs, ciphertexts and shares. A
//! contract that looks at them refuses what was changed, or prints something else; it never panics.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};
use zencode_crypto::encoding::{base58, base64, hex};

/// What a contract prints, or why it does not.
fn run(script: &str, data: &str) -> Result<String, String> {
    let limits = Limits::default();
    let contract = Contract::compile(script, Library::Language, &limits).expect("the lines are statements");
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 1_700_000_000_000, limits };
    let inputs = Inputs { extra: "", data, keys: "" };
    match contract.start(inputs, settings).and_then(|mut run| run.step()) {
        Ok(Step::Done(output)) => Ok(output.json),
        Ok(Step::Ask(request)) => Err(format!("{request:?}")),
        Err(failure) => Err(failure.to_string()),
    }
}

/// How octets are written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Base58,
    Base64,
    /// `0x` and digits.
    Hex,
}

impl Form {
    fn read(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base58 => base58::decode(text).ok(),
            Self::Base64 => base64::decode(text).ok(),
            Self::Hex => hex::decode(text.strip_prefix("0x")?).ok(),
        }
    }

    fn write(self, octets: &[u8]) -> String {
        match self {
            Self::Base58 => base58::encode(octets).expect("they are few"),
            Self::Base64 => base64::encode(octets),
            Self::Hex => format!("0x{}", hex::encode(octets)),
        }
    }
}

impl Form {
    /// Octets behind an Ethereum signature are left out, as the reference engine does, and `v` says but one thing:
    /// the parity.
    fn is_same_signature(self, one: &[u8], other: &[u8]) -> bool {
        const OCTETS: usize = 65;
        let parity = |octets: &[u8]| octets[OCTETS - 1] % 2;
        let long = one.len() >= OCTETS && other.len() >= OCTETS;
        self == Self::Hex && long && one[..OCTETS - 1] == other[..OCTETS - 1] && parity(one) == parity(other)
    }
}

/// A contract that makes material, one that looks at it, and how its octets are written.
struct Case {
    name: String,
    make: String,
    look: String,
    form: Form,
}

/// A signature that `make` makes and `look` verifies.
fn signature(scenario: &str, scheme: &str, form: Form) -> Case {
    let start = format!("Scenario '{scenario}'\nGiven I have a 'string' named 'message'\n");
    let make = format!(
        "{start}When I create the {scheme} key\nWhen I create the {scheme} public key\n\
         When I create the {scheme} signature of 'message'\n\
         Then print the '{scheme} public key'\nThen print the '{scheme} signature'\n"
    );
    let look = format!(
        "{start}Given I have a '{scheme} public key'\nGiven I have a '{scheme} signature'\n\
         When I verify the 'message' has a {scheme} signature in '{scheme} signature' by '{scheme} public key'\n\
         Then print the string 'authentic'\n"
    );
    Case { name: format!("{scheme} signature"), make, look, form }
}

/// A secret that is sealed for a key and opened again.
fn sealed(scheme: &str) -> Case {
    let start = "Scenario 'qp'\n";
    let make = format!(
        "{start}Given I have a 'string' named 'message'\nWhen I create the {scheme} key\nWhen I create the {scheme} public key\n\
         When I rename '{scheme} public key' to 'Ada'\nWhen I create the {scheme} kem for 'Ada'\n\
         When I create the copy of '{scheme}_ciphertext' from dictionary '{scheme} kem'\n\
         When I rename the 'copy' to 'ciphertext'\nThen print the 'ciphertext' as 'base64'\nThen print the 'keyring'\n"
    );
    let look = format!(
        "{start}Given I have a 'keyring'\nGiven I have a '{scheme} ciphertext' named 'ciphertext'\n\
         When I create the {scheme} secret from 'ciphertext'\nThen print the '{scheme} secret'\n"
    );
    Case { name: format!("{scheme} ciphertext"), make, look, form: Form::Base64 }
}

fn proof(scheme: &str) -> Case {
    let start = "Scenario 'bbs'\nGiven I have a 'string array' named 'bbs messages'\n\
                 Given I have a 'number array' named 'bbs disclosed indexes'\n\
                 Given I have a 'string' named 'bbs presentation header'\n";
    let make = format!(
        "{start}When I create the {scheme} key\nWhen I create the {scheme} public key\n\
         When I create the {scheme} signature of 'bbs messages'\n\
         When I rename the '{scheme} signature' to '{scheme} credential'\nWhen I create the {scheme} proof\n\
         Then print the '{scheme} proof'\nThen print the '{scheme} public key'\n"
    );
    let look = format!(
        "{start}Given I have a '{scheme} proof'\nGiven I have a '{scheme} public key'\n\
         When I create the bbs disclosed messages\nWhen I verify the {scheme} proof\n\
         Then print the string 'authentic'\n"
    );
    Case { name: format!("{scheme} proof"), make, look, form: Form::Base64 }
}

/// A key of 4096 bits takes long to draw, so it comes along.
const RSA: [&str; 2] = [
    "Scenario 'rsa'\nGiven I have a 'string' named 'message'\nGiven I have a 'keyring'\n\
     When I create the rsa public key\nWhen I create the rsa signature of 'message'\n\
     Then print the 'rsa public key'\nThen print the 'rsa signature'\n",
    "Scenario 'rsa'\nGiven I have a 'string' named 'message'\nGiven I have a 'rsa public key'\n\
     Given I have a 'rsa signature'\n\
     When I verify the 'message' has a rsa signature in 'rsa signature' by 'rsa public key'\n\
     Then print the string 'authentic'\n",
];
const PUBLIC_SHARES: [&str; 2] = [
    "Scenario 'pvss'\nGiven I have a 'base64' named 'secret'\nGiven I have a 'integer' named 'one'\n\
     When I create the pvss key\nWhen I create the pvss public key\nWhen I create the new array\n\
     When I move 'pvss public key' in 'new array'\n\
     When I create the pvss public shares of 'secret' with 'one' quorum 'one' using the public keys 'new array'\n\
     Then print the 'pvss public shares'\n",
    "Scenario 'pvss'\nGiven I have a 'pvss public shares'\nGiven I have a 'integer' named 'one'\n\
     When I verify the pvss public shares with 'one' quorum 'one'\nThen print the string 'authentic'\n",
];
const SECRET_SHARE: [&str; 2] = [
    "Scenario 'pvss'\nGiven I have a 'base64' named 'secret'\nGiven I have a 'integer' named 'one'\n\
     When I create the pvss key\nWhen I create the pvss public key\nWhen I create the new array\n\
     When I copy 'pvss public key' in 'new array'\n\
     When I create the pvss public shares of 'secret' with 'one' quorum 'one' using the public keys 'new array'\n\
     When I create the secret share with public key 'pvss public key'\nThen print the 'pvss secret share'\n",
    "Scenario 'pvss'\nGiven I have a 'pvss secret share'\nWhen I create the new array\n\
     When I move 'pvss secret share' in 'new array'\nWhen I create the pvss verified shares from 'new array'\n\
     Then print the 'pvss verified shares'\n",
];
const SHARES: [&str; 2] = [
    "Scenario 'secshare'\nGiven I have a 'string' named 'password'\n\
     When I create the secret shares of 'password' with '3' quorum '2'\nThen print the 'secret shares'\n",
    "Scenario 'secshare'\nGiven I have a 'secret shares'\nWhen I compose the secret using 'secret shares'\n\
     Then print the 'secret'\n",
];
const SECRET_MESSAGE: [&str; 2] = [
    "Scenario 'ecdh'\nGiven I have a 'string' named 'message'\nGiven I have a 'string' named 'password'\n\
     When I encrypt the secret message 'message' with 'password'\nThen print the 'secret message'\n",
    "Scenario 'ecdh'\nGiven I have a 'secret message'\nGiven I have a 'string' named 'password'\n\
     When I decrypt the text of 'secret message' with 'password'\nThen print the 'text' as 'string'\n",
];
const ETHEREUM: [&str; 2] = [
    "Scenario 'ethereum'\nGiven I have a 'string' named 'message'\nWhen I create the ethereum key\n\
     When I create the ethereum address\nWhen I create the ethereum signature of 'message'\n\
     Then print the 'ethereum signature'\nThen print the 'ethereum address'\n",
    "Scenario 'ethereum'\nGiven I have a 'string' named 'message'\nGiven I have a 'ethereum signature'\n\
     Given I have a 'ethereum address'\n\
     When I verify the 'message' has a ethereum signature in 'ethereum signature' by 'ethereum address'\n\
     Then print the string 'authentic'\n",
];

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let fixed = |name: &str, [make, look]: [&str; 2], form| Case {
        name: name.to_owned(),
        make: make.to_owned(),
        look: look.to_owned(),
        form,
    };
    vec![
        signature("ecdh", "ecdh", Form::Base64),
        signature("eddsa", "eddsa", Form::Base58),
        signature("es256", "es256", Form::Base64),
        signature("schnorr", "schnorr", Form::Base64),
        signature("qp", "dilithium", Form::Base64),
        signature("qp", "mldsa44", Form::Base64),
        signature("bbs", "bbs", Form::Base64),
        signature("bbs", "bbs shake", Form::Base64),
        proof("bbs"),
        proof("bbs shake"),
        sealed("kyber"),
        sealed("mlkem512"),
        sealed("ntrup"),
        fixed("secret message", SECRET_MESSAGE, Form::Base64),
        fixed("ethereum signature", ETHEREUM, Form::Hex),
        fixed("rsa signature", RSA, Form::Base64),
        fixed("pvss public shares", PUBLIC_SHARES, Form::Base64),
        fixed("pvss secret share", SECRET_SHARE, Form::Base64),
        fixed("secret shares", SHARES, Form::Base64),
    ]
});

const DATA: &str = r#""message":"a message of some length","password":"seven quiet otters","bbs_messages":["above 18","italian"],"bbs_disclosed_indexes":[1],"bbs_presentation_header":"today","secret":"TubTlydO4PIGfFROYCFkRtt6mWeDP1o2/G3r8Uv4iBo=","one":"1""#;
const RSA_KEY: &str = include_str!("../../zencode-crypto/src/rsa/secret.base64");

/// Everything the second contract reads: what is known, and what the first one made.
fn material(case: &Case) -> String {
    let keys = format!(r#""keyring":{{"rsa":"{}"}}"#, RSA_KEY.trim_end());
    let made = run(&case.make, &format!("{{{DATA},{keys}}}")).expect(&case.name);
    format!("{{{DATA},{}", made.strip_prefix('{').expect("an object is printed"))
}

static MATERIAL: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let looked = |case: &Case| {
        let material = material(case);
        let printed = run(&case.look, &material).expect(&case.name);
        (material, printed)
    };
    CASES.iter().map(looked).collect()
});

/// Where the octets that were made stand between the quotes: long texts in the form, behind what is known and before
/// the keyring, whose owner changes nothing in it.
fn places(material: &str, form: Form) -> Vec<usize> {
    let known = DATA.matches('"').count();
    let parts = material.split('"').enumerate().skip(known).take_while(|(_, part)| *part != "keyring");
    let found = parts.filter(|(_, part)| part.len() > 16 && form.read(part).is_some());
    found.map(|(index, _)| index).collect()
}

fn changed(octets: &[u8], change: usize, at: Index, more: &[u8]) -> Vec<u8> {
    let mut changed = octets.to_vec();
    let bit = at.index(8 * octets.len());
    match change {
        0 => changed[bit / 8] ^= 1 << (bit % 8),
        1 => changed.truncate(bit / 8),
        2 => changed.extend(more),
        3 => changed.fill(0),
        4 => changed.fill(0xff),
        _ => changed.iter_mut().zip(more.iter().cycle()).for_each(|(octet, more)| *octet ^= more),
    }
    changed
}

#[test]
fn what_one_contract_makes_another_one_reads() {
    for (case, (material, _)) in CASES.iter().zip(&*MATERIAL) {
        assert!(!places(material, case.form).is_empty(), "{}", case.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_was_changed_is_refused_or_something_else_is_printed(
        case in any::<Index>(), place in any::<Index>(), change in 0..6_usize, at in any::<Index>(),
        more in prop::collection::vec(1_u8.., 1..40),
    ) {
        let number = case.index(CASES.len());
        let (case, (material, printed)) = (&CASES[number], &MATERIAL[number]);
        let places = places(material, case.form);
        let mut parts: Vec<String> = material.split('"').map(str::to_owned).collect();
        let part = &mut parts[places[place.index(places.len())]];
        let octets = case.form.read(part).expect("the place holds octets");
        let other = changed(&octets, change, at, &more);
        prop_assume!(other != octets && !case.form.is_same_signature(&octets, &other));
        *part = case.form.write(&other);
        let found = run(&case.look, &parts.join("\""));
        prop_assert_ne!(found.as_ref(), Ok(printed), "{}", case.name);
    }
}
