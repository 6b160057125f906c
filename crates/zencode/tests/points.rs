//! What is read as a point or as a table of points: as it was written, or not at all.

use proptest::prelude::*;
use zencode::{Contract, Inputs, Library, Limits, Seed, Settings, Step};
use zencode_crypto::encoding::base64;

/// A value of each named type that has points in it, as the reference engine writes it.
const VALID: &[(&str, &str)] = &[
    (
        "issuer_public_key",
        concat!(
            r#"{"alpha":"DCVR1myU23U3freVJYRhzFy20WPOhzqn/JyEZMNN/y+gj7KvdEDKfuVjBMy6z7O4AbU9noh14cse4Dxs06XyQW"#,
            r#"7skeIDzX8r1P1Ldf4D6w6/xI2tbpdC65LeZYkKpTe0ABWqN14boyg0tZhdFaXti3+MKbZx4A6isA+c9tGoDLhVbFtvvXAY3g"#,
            r#"yzD4paCwG/AL5yjOcrIqiTiOaHJbEtwkQ/OfC3j/xfuPR1yTTq7sgTlk0HbiTemeopEn10F5pO","beta":"FwWLOfRBAoZK"#,
            r#"fykEvq26iNn2D64gvwgCfinWWZnG4HotCuomB6EB9qJ0sinpV5LNB6GdkrKU3wvYMUU+fBMX8mtR77E3x/ljbqpwwpcmjB9Y"#,
            r#"tONG1peywJvRhXqhIBJSALFTXAB2Y1XtM63Uw5/CBex8zH3wXyYU6sv/ctKi5bUZ2Zzqua9Q8LMqtgLsrrB9GDKbmPT1eink"#,
            r#"XVMLX0kuJV/AOTnA57q91HKXMCvlvlKs/sr5mJ70FchdEZl0UHIV"}"#,
        ),
    ),
    (
        "credential_request",
        concat!(
            r#"{"commit":"AhL6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg==","pi_s":{"commit"#,
            r#"":"GudcgN/bvlqYF/+XhtR8h3mHytJ2GAQWTe7OeQ7KZw0=","rk":"NNRuCDqBDa/6mifTh7uRe6iGJYHRBtrpenV1oogoP"#,
            r#"KE=","rm":"Wly+eTmSM40uM7HkUmKB4PZmRFX7Ajua6ZZdylW4eKg=","rr":"HfDYOAJCh49v4NQsVzXbTuzju1vPiet1A"#,
            r#"Gkb8U2Q79c="},"public":"AhI6Hg/QJKYeF1E3O50Wwr1mYHs8rCHX+7HfDRM9zrr/Y2bw6rQiip+EGP1PrOOMXw==","s"#,
            r#"ign":{"a":"Ahn2OgUGQd/EAU7DgTY9mq0HaDfxFFajWSA463x8E8H5Xoks2TdaP+WlokFQSeH4BA==","b":"AhhFCFOlnj"#,
            r#"kjlZdFzTKtiIoc9ibm0MezXYTpqnMzjwv7fRJP60qgLinjxnDYRg0w4g=="}}"#,
        ),
    ),
    (
        "credential_signature",
        concat!(
            r#"{"a_tilde":"AggzyoZNliGTjzGvYoT/1z0YvIACmnLv5/+PSjEmvM0SZQFtYv2elSVKC4p+lEPTOQ==","b_tilde":"AhL"#,
            r#"6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg==","h":"AhL6ktfHJ1U3m80PNAvj+9qq"#,
            r#"imlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg=="}"#,
        ),
    ),
    (
        "credentials",
        concat!(
            r#"{"h":"AhL6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg==","s":"AggzyoZNliGTjzG"#,
            r#"vYoT/1z0YvIACmnLv5/+PSjEmvM0SZQFtYv2elSVKC4p+lEPTOQ=="}"#,
        ),
    ),
    (
        "credential_proof",
        concat!(
            r#"{"kappa":"GNZ+cD1N6IMaqUCtC7028XITDJ3UWdHgGlkDsgqybKRvYxEokDzLNxF10KvPEr3qFvnH37QcaGP76R++yLjlFm"#,
            r#"KoxX8fol6HwXZWM7EEXd1tHm5ALtOb8LSR+KNNZVo+FACA/9R14D7QaiO8pBSxO5Xtb30J1c+Zamsr5eQuY8m6NvzA1teVH5"#,
            r#"wjwBDvnubtCmCKN86mcQWp7Y3gZCyprp11fp7MMV2YYf0i39hS8kOa9kDzIypmqXFitqXtC80q","nu":"AwaXYNSgY36mGk"#,
            r#"PXO832lfzqKKmc309ZuhQBWQPB2ABqi0EOwEk/ENBZ5/biLXpuHA==","pi_v":{"c":"FwleJBD8AqhHHVNSXOrhuyXgkmk"#,
            r#"sJWljF2Tvpm6bv/A=","rm":"UTmcAbKE4Uzj8vbncJpk9O6fuJUmaiHRElOLHIMOy0g=","rr":"PZ6Kdd3vSF2jn1qMALS"#,
            r#"inm4v0Zk1NFgfn/qWfJXLD9o="},"sigma_prime":{"h_prime":"AhClGrLHKllUz2+RcrIKAWAmfsCzz2OwERAl6ssXOZ"#,
            r#"V1shH781APwR27jyd8MqmBXA==","s_prime":"AgR2e2s17otCJ3MF1X2OO3RMzVoShKseY9nL192nGzWf1YbQp6Lmtjl2h"#,
            r#"MM4ZrJBWQ=="}}"#,
        ),
    ),
    (
        "reflow_public_key",
        concat!(
            r#""FwWLOfRBAoZKfykEvq26iNn2D64gvwgCfinWWZnG4HotCuomB6EB9qJ0sinpV5LNB6GdkrKU3wvYMUU+fBMX8mtR77E3x/l"#,
            r#"jbqpwwpcmjB9YtONG1peywJvRhXqhIBJSALFTXAB2Y1XtM63Uw5/CBex8zH3wXyYU6sv/ctKi5bUZ2Zzqua9Q8LMqtgLsrrB"#,
            r#"9GDKbmPT1einkXVMLX0kuJV/AOTnA57q91HKXMCvlvlKs/sr5mJ70FchdEZl0UHIV""#,
        ),
    ),
    ("reflow_identity", r#""AhL6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg==""#),
    (
        "reflow_seal",
        concat!(
            r#"{"SM":"AggzyoZNliGTjzGvYoT/1z0YvIACmnLv5/+PSjEmvM0SZQFtYv2elSVKC4p+lEPTOQ==","fingerprints":["Ah"#,
            r#"L6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg==","AggzyoZNliGTjzGvYoT/1z0YvIA"#,
            r#"CmnLv5/+PSjEmvM0SZQFtYv2elSVKC4p+lEPTOQ=="],"identity":"AhL6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/"#,
            r#"cQSdQj729BljAAqjwGx9RSVsmg==","verifier":"DCVR1myU23U3freVJYRhzFy20WPOhzqn/JyEZMNN/y+gj7KvdEDKfu"#,
            r#"VjBMy6z7O4AbU9noh14cse4Dxs06XyQW7skeIDzX8r1P1Ldf4D6w6/xI2tbpdC65LeZYkKpTe0ABWqN14boyg0tZhdFaXti3"#,
            r#"+MKbZx4A6isA+c9tGoDLhVbFtvvXAY3gyzD4paCwG/AL5yjOcrIqiTiOaHJbEtwkQ/OfC3j/xfuPR1yTTq7sgTlk0HbiTeme"#,
            r#"opEn10F5pO"}"#,
        ),
    ),
    (
        "reflow_signature",
        concat!(
            r#"{"identity":"AhL6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg==","proof":{"kap"#,
            r#"pa":"GNZ+cD1N6IMaqUCtC7028XITDJ3UWdHgGlkDsgqybKRvYxEokDzLNxF10KvPEr3qFvnH37QcaGP76R++yLjlFmKoxX8"#,
            r#"fol6HwXZWM7EEXd1tHm5ALtOb8LSR+KNNZVo+FACA/9R14D7QaiO8pBSxO5Xtb30J1c+Zamsr5eQuY8m6NvzA1teVH5wjwBD"#,
            r#"vnubtCmCKN86mcQWp7Y3gZCyprp11fp7MMV2YYf0i39hS8kOa9kDzIypmqXFitqXtC80q","nu":"AwaXYNSgY36mGkPXO83"#,
            r#"2lfzqKKmc309ZuhQBWQPB2ABqi0EOwEk/ENBZ5/biLXpuHA==","pi_v":{"c":"FwleJBD8AqhHHVNSXOrhuyXgkmksJWlj"#,
            r#"F2Tvpm6bv/A=","rm":"UTmcAbKE4Uzj8vbncJpk9O6fuJUmaiHRElOLHIMOy0g=","rr":"PZ6Kdd3vSF2jn1qMALSinm4v"#,
            r#"0Zk1NFgfn/qWfJXLD9o="},"sigma_prime":{"h_prime":"AhClGrLHKllUz2+RcrIKAWAmfsCzz2OwERAl6ssXOZV1shH"#,
            r#"781APwR27jyd8MqmBXA==","s_prime":"AgR2e2s17otCJ3MF1X2OO3RMzVoShKseY9nL192nGzWf1YbQp6Lmtjl2hMM4Zr"#,
            r#"JBWQ=="}},"signature":"AggzyoZNliGTjzGvYoT/1z0YvIACmnLv5/+PSjEmvM0SZQFtYv2elSVKC4p+lEPTOQ==","ze"#,
            r#"ta":"AhL6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg=="}"#,
        ),
    ),
    (
        "material_passport",
        concat!(
            r#"{"proof":{"kappa":"GNZ+cD1N6IMaqUCtC7028XITDJ3UWdHgGlkDsgqybKRvYxEokDzLNxF10KvPEr3qFvnH37QcaGP76"#,
            r#"R++yLjlFmKoxX8fol6HwXZWM7EEXd1tHm5ALtOb8LSR+KNNZVo+FACA/9R14D7QaiO8pBSxO5Xtb30J1c+Zamsr5eQuY8m6N"#,
            r#"vzA1teVH5wjwBDvnubtCmCKN86mcQWp7Y3gZCyprp11fp7MMV2YYf0i39hS8kOa9kDzIypmqXFitqXtC80q","nu":"AwaXY"#,
            r#"NSgY36mGkPXO832lfzqKKmc309ZuhQBWQPB2ABqi0EOwEk/ENBZ5/biLXpuHA==","pi_v":{"c":"FwleJBD8AqhHHVNSXO"#,
            r#"rhuyXgkmksJWljF2Tvpm6bv/A=","rm":"UTmcAbKE4Uzj8vbncJpk9O6fuJUmaiHRElOLHIMOy0g=","rr":"PZ6Kdd3vSF"#,
            r#"2jn1qMALSinm4v0Zk1NFgfn/qWfJXLD9o="},"sigma_prime":{"h_prime":"AhClGrLHKllUz2+RcrIKAWAmfsCzz2OwE"#,
            r#"RAl6ssXOZV1shH781APwR27jyd8MqmBXA==","s_prime":"AgR2e2s17otCJ3MF1X2OO3RMzVoShKseY9nL192nGzWf1YbQ"#,
            r#"p6Lmtjl2hMM4ZrJBWQ=="}},"seal":{"SM":"AggzyoZNliGTjzGvYoT/1z0YvIACmnLv5/+PSjEmvM0SZQFtYv2elSVKC4"#,
            r#"p+lEPTOQ==","fingerprints":["AhL6ktfHJ1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg="#,
            r#"=","AggzyoZNliGTjzGvYoT/1z0YvIACmnLv5/+PSjEmvM0SZQFtYv2elSVKC4p+lEPTOQ=="],"identity":"AhL6ktfHJ"#,
            r#"1U3m80PNAvj+9qqimlBQSP7Jm8kqRl/cQSdQj729BljAAqjwGx9RSVsmg==","verifier":"DCVR1myU23U3freVJYRhzFy"#,
            r#"20WPOhzqn/JyEZMNN/y+gj7KvdEDKfuVjBMy6z7O4AbU9noh14cse4Dxs06XyQW7skeIDzX8r1P1Ldf4D6w6/xI2tbpdC65L"#,
            r#"eZYkKpTe0ABWqN14boyg0tZhdFaXti3+MKbZx4A6isA+c9tGoDLhVbFtvvXAY3gyzD4paCwG/AL5yjOcrIqiTiOaHJbEtwkQ"#,
            r#"/OfC3j/xfuPR1yTTq7sgTlk0HbiTemeopEn10F5pO"},"zeta":"AggzyoZNliGTjzGvYoT/1z0YvIACmnLv5/+PSjEmvM0S"#,
            r#"ZQFtYv2elSVKC4p+lEPTOQ=="}"#,
        ),
    ),
    (
        "petition",
        concat!(
            r#"{"list":["Awgp+bSAE3CZXmQxJwQGakjuDGC98lVVNp1JoRQuJsn55S4/Tx54/G+QtkTo2fk5nA=="],"owner":"AhI6Hg"#,
            r#"/QJKYeF1E3O50Wwr1mYHs8rCHX+7HfDRM9zrr/Y2bw6rQiip+EGP1PrOOMXw==","scores":{"neg":{"left":"AwiNrf8"#,
            r#"KsOOIxHImcktui19GcU9QP+ljXk9EWF2YyB6DYFZTp+aQ05o9DHV8rp7TBA==","right":"AhBJtssIOFIhprP+pnO/hJXc"#,
            r#"kXbZkjJnT/Cl7cgxUHTaL7XHRm2eJBvpoA8JzDzruQ=="},"pos":{"left":"AgiNrf8KsOOIxHImcktui19GcU9QP+ljXk"#,
            r#"9EWF2YyB6DYFZTp+aQ05o9DHV8rp7TBA==","right":"AxSNHJLqcmHWP4T5UPvscw2IRxyjv12Sgwqnc4mkx0df8EgdsFh"#,
            r#"k6+K3OP2iggYlWg=="}},"uid":"YV9i"}"#,
        ),
    ),
    (
        "petition_signature",
        concat!(
            r#"{"proof":{"kappa":"F+B//6GsQHaMlPut8UI67KFHTDA0/6cZXyYetwpAVVDeXsPnRSZNxoHeQ+RTAcXNC52yl8VFtiytB"#,
            r#"Z/vyd1aZoXuMpArGcKtvCuZSMWM1iunGvKOJFn1jgH8MB0R/gV2D/BNQsCmblJa72lT1/nbvYigFsdZRjGqaZaNZEiqcZMtT"#,
            r#"fKMxZCl9I6n3PFsegWmBo8c6+ajtjkubaHyNXkLK0PU7pBhwTVNjlxBPfebYftzkZydN9q1HpUpDJpfi/6u","nu":"AxQcb"#,
            r#"9GKVPjzAVbazravPr3iGX9Y8EbTUuRW4RB7Xjn5kZq0kmUkc3ssmn7yjhkfvg==","pi_v":{"c":"DDtu946zY1k0V3lE3C"#,
            r#"wamqivwcq8gPPjRlXpBaXZupI=","rm":"VKCOZp4Fem2TDOMYAl2H62OW/BKx0VDOA+e8WveP47o=","rr":"cGQl5hB7Ss"#,
            r#"pCW3abZXKTnlYcn7p8+xxWvZrM0dFgOiA="},"sigma_prime":{"h_prime":"AwMJgeJtwHos9P0kfKtuJpRMNgMinhmgs"#,
            r#"GtDDwqN48wKcUHfLSen8s2SPKk+9JrcNA==","s_prime":"AxUoYncKPOiGUXNgKE/w0vylIG0Bm1LYBmDiBA2GnewsER11"#,
            r#"d7ydGlmz+TECBXVEnw=="}},"uid_petition":"YV9i","uid_signature":"Awgp+bSAE3CZXmQxJwQGakjuDGC98lVVN"#,
            r#"p1JoRQuJsn55S4/Tx54/G+QtkTo2fk5nA=="}"#,
        ),
    ),
    (
        "petition_tally",
        concat!(
            r#"{"c":"ZJMafZR9KnE+ft0paHvz7QecrRLQHvY04WO/6y9QubI=","dec":{"neg":"AxBJtssIOFIhprP+pnO/hJXckXbZkj"#,
            r#"JnT/Cl7cgxUHTaL7XHRm2eJBvpoA8JzDzruQ==","pos":"AhBJtssIOFIhprP+pnO/hJXckXbZkjJnT/Cl7cgxUHTaL7XHR"#,
            r#"m2eJBvpoA8JzDzruQ=="},"rx":"KmeDVkJTgHzZMna/JLaZorsd+ACerc+ZXnPwmHmwtgo=","uid":"YV9i"}"#,
        ),
    ),
];

/// What a contract prints that reads a value and prints it again; nothing when the value is refused.
fn printed(schema: &str, json: &str) -> Option<String> {
    let script = format!(
        "Scenario 'reflow'\nScenario 'petition'\nGiven I have a '{schema}' named 'x'\nThen print the 'x'\n"
    );
    let limits = Limits::default();
    let contract = Contract::compile(&script, Library::Language, &limits).expect("the contract is right");
    let settings = Settings { seed: Seed::Fresh([7; 32]), now_ms: 0, limits };
    let data = format!("{{\"x\":{json}}}");
    let mut run = contract.start(Inputs { extra: "", data: &data, keys: "" }, settings).expect("it is JSON");
    match run.step() {
        Ok(Step::Done(done)) => Some(done.json),
        _ => None,
    }
}

/// Where the texts in base64 stand between the quotes of a value.
fn texts(json: &str) -> Vec<usize> {
    let parts = json.split('"').enumerate();
    parts.filter(|(_, part)| part.len() > 24).map(|(index, _)| index).collect()
}

/// The value with the octets of one text changed.
fn changed(json: &str, which: usize, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut parts: Vec<String> = json.split('"').map(str::to_owned).collect();
    let texts = texts(json);
    let part = &mut parts[texts[which % texts.len()]];
    let mut octets = base64::decode(part).expect("the text is base64");
    change(&mut octets);
    *part = base64::encode(&octets);
    parts.join("\"")
}

/// One of the values: its type and its JSON.
fn any_valid() -> impl Strategy<Value = (&'static str, String)> {
    let valid: Vec<_> = VALID.iter().map(|(schema, json)| (*schema, (*json).to_owned())).collect();
    prop::sample::select(valid)
}

#[test]
fn what_the_reference_writes_is_read_and_written_again() {
    for (schema, json) in VALID {
        let printed = printed(schema, json).expect(schema);
        assert_eq!(printed, format!("{{\"x\":{json}}}"), "{schema}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn one_changed_bit_is_refused_or_seen(
        (schema, json) in any_valid(), which in any::<usize>(), bit in any::<prop::sample::Index>(),
    ) {
        let other = changed(&json, which, |octets| {
            let bit = bit.index(octets.len() * 8);
            octets[bit / 8] ^= 1 << (bit % 8);
        });
        prop_assert_ne!(printed(schema, &other), printed(schema, &json));
    }

    #[test]
    fn another_length_is_refused(
        (schema, json) in any_valid(), which in any::<usize>(), length in 1_usize..200,
    ) {
        let mut same = false;
        let other = changed(&json, which, |octets| {
            same = octets.len() == length || octets.len() == 32;
            octets.resize(length, 1);
        });
        prop_assume!(!same);
        prop_assert_eq!(printed(schema, &other), None);
    }

    #[test]
    fn random_octets_are_refused(
        (schema, json) in any_valid(),
        which in any::<usize>(),
        random in prop::collection::vec(any::<u8>(), 192),
    ) {
        let mut number = false;
        let other = changed(&json, which, |octets| {
            number = octets.len() == 32;
            let length = octets.len();
            // The tag of a compressed point stays, so that more than the tag is looked at.
            octets[1..].copy_from_slice(&random[1..length]);
        });
        prop_assume!(!number);
        prop_assert_eq!(printed(schema, &other), None);
    }
}
