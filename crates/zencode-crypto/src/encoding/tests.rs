use super::*;
use proptest::prelude::*;

/// Octets and the text for them, both ways.
fn check(
    encode: impl Fn(&[u8]) -> String,
    decode: impl Fn(&str) -> Result<Vec<u8>, Error>,
    pairs: &[(&[u8], &str)],
) {
    for (octets, text) in pairs {
        assert_eq!(encode(octets), *text);
        if !octets.is_empty() {
            assert_eq!(decode(text).as_deref(), Ok(*octets));
        }
    }
}

#[test]
fn hex_agrees_with_rfc_4648() {
    check(
        hex::encode,
        |text| hex::decode(&text.to_ascii_uppercase()),
        &[(b"", ""), (b"f", "66"), (b"foobar", "666f6f626172")],
    );
}

#[test]
fn base64_agrees_with_rfc_4648() {
    let pairs: &[(&[u8], &str)] = &[
        (b"", ""),
        (b"f", "Zg=="),
        (b"fo", "Zm8="),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg=="),
        (b"fooba", "Zm9vYmE="),
        (b"foobar", "Zm9vYmFy"),
    ];
    check(base64::encode, base64::decode, pairs);
}

#[test]
fn url64_agrees_with_rfc_4648() {
    check(
        url64::encode,
        url64::decode,
        &[(b"", ""), (b"f", "Zg"), (b"foob", "Zm9vYg"), (&[0xfb, 0xff, 0xbf], "-_-_")],
    );
}

#[test]
fn base32_agrees_with_rfc_4648() {
    let pairs: &[(&[u8], &str)] = &[
        (b"", ""),
        (b"f", "MY======"),
        (b"fo", "MZXQ===="),
        (b"foo", "MZXW6==="),
        (b"foob", "MZXW6YQ="),
        (b"fooba", "MZXW6YTB"),
        (b"foobar", "MZXW6YTBOI======"),
    ];
    check(base32::encode, base32::decode, pairs);
}

#[test]
fn base58_agrees_with_the_drafts_examples() {
    // draft-msporny-base58-03, 5.
    let pairs: &[(&[u8], &str)] = &[
        (b"", ""),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (&[0, 0, 0x28, 0x7f, 0xb4, 0xcd], "11233QC4"),
    ];
    check(|octets| base58::encode(octets).unwrap(), base58::decode, pairs);
}

#[test]
fn mnemonics_agree_with_bip_39_s_test_vectors() {
    let cases: &[(&str, &str)] = &[
        (
            "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
            "legal winner thank year wave sausage worth useful legal winner thank yellow",
        ),
        (
            "9e885d952ad362caeb4efe34a8e91bd2",
            "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic",
        ),
        (
            "808080808080808080808080808080808080808080808080",
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid letter always",
        ),
        (
            "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
            "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold",
        ),
    ];
    for (octets, words) in cases {
        let octets = hex::decode(octets).unwrap();
        assert_eq!(mnemonic::encode(&octets).as_deref(), Ok(*words));
        assert_eq!(mnemonic::decode(words), Ok(octets));
    }
}

#[test]
fn a_uuid_has_five_groups_of_digits() {
    let octets = hex::decode("f81d4fae7dec11d0a76500a0c91e6bf6").unwrap();
    // RFC 4122, 3.
    assert_eq!(uuid::encode(&octets).unwrap(), "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    assert_eq!(uuid::decode("urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"), Ok(octets));
}

#[test]
fn a_check_symbol_is_the_octets_modulo_37() {
    assert_eq!(base32crockford::encode_with_check(&[36]), "4GU");
    assert_eq!(base32crockford::encode_with_check(&[37]), "4M0");
    assert!(base32crockford::has_right_check("4gu"));
    assert!(!base32crockford::has_right_check("4g0"));
    assert!(!base32crockford::has_right_check("4"));
}

#[test]
fn a_wrong_check_symbol_is_read_over() {
    assert_eq!(base32crockford::decode_with_check("4GU"), Ok(vec![36]));
    assert_eq!(base32crockford::decode_with_check("4G0"), Ok(vec![36]));
}

#[test]
fn crockford_letters_that_look_like_digits_are_those_digits() {
    assert_eq!(base32crockford::decode("oO-iL"), base32crockford::decode("0011"));
}

#[test]
fn odd_hex_needs_the_prefix() {
    assert_eq!(hex::decode("0xabc"), Ok(vec![0x0a, 0xbc]));
    assert_eq!(
        hex::decode("abc").unwrap_err().to_string(),
        "length 3 found, expected an even number of digits, or 0x before them"
    );
    assert!(hex::is_valid("abc"));
    assert!(!hex::is_valid("0x"));
}

#[test]
fn base64_with_a_newline_is_refused() {
    assert_eq!(
        base64::decode("YWI=\n"),
        Err(Error::Length { found: 5, expected: "a multiple of 4 symbols" })
    );
    assert!(!base64::is_valid("YWI=\n"));
}

#[test]
fn base64_padded_in_the_middle_is_refused_where_the_padding_is() {
    for text in ["ab==cd==", "YWJjYWI=YWJj"] {
        let position = text.find('=').unwrap();
        assert!(matches!(
            base64::decode(text),
            Err(Error::Symbol { position: found, .. }) if found == position
        ));
    }
}

#[test]
fn blanks_and_digits_short_of_an_octet_are_dropped_from_binary() {
    assert_eq!(binary::decode("0110 1000\n0110"), Ok(vec![0x68]));
}

#[test]
fn a_wrong_symbol_is_named_with_its_place() {
    assert_eq!(
        hex::decode("0x12é4").unwrap_err().to_string(),
        "'é' found at position 2, expected 0-9, a-f or A-F"
    );
    assert_eq!(
        base58::decode("abc0").unwrap_err().to_string(),
        "'0' found at position 3, expected 1-9, A-Z or a-z without I, O and l"
    );
    assert_eq!(
        url64::decode("ab+c").unwrap_err().to_string(),
        "'+' found at position 2, expected A-Z, a-z, 0-9, - or _"
    );
    assert_eq!(
        base32crockford::decode_with_check("00é").unwrap_err().to_string(),
        "'é' found at position 2, expected one check symbol at the end: 0-9, A-Z, *, ~, $ or ="
    );
    assert_eq!(
        uuid::decode("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bfé").unwrap_err().to_string(),
        "length 46 found, expected 36 symbols, or 45 with urn:uuid: before them"
    );
}

#[test]
fn a_wrong_word_is_named_with_its_number() {
    assert_eq!(
        mnemonic::decode("legal winner thank year wave sausage worth useful legal winner thank Yellow"),
        Err(Error::Word { position: 12 })
    );
    assert_eq!(mnemonic::decode("legal  winner"), Err(Error::Word { position: 2 }));
    assert_eq!(mnemonic::decode(""), Err(Error::Word { position: 1 }));
}

#[test]
fn words_in_another_order_fail_the_checksum() {
    assert_eq!(
        mnemonic::decode("winner legal thank year wave sausage worth useful legal winner thank yellow"),
        Err(Error::Checksum)
    );
}

#[test]
fn mnemonics_of_other_lengths_are_refused() {
    assert!(matches!(mnemonic::decode("legal winner thank"), Err(Error::Length { found: 3, .. })));
    for length in [0, 12, 15, 17, 36] {
        assert!(
            matches!(mnemonic::encode(&vec![0; length]), Err(Error::Length { found, .. }) if found == length)
        );
    }
}

#[test]
fn texts_beyond_the_limits_are_refused() {
    let long = "1".repeat(TEXT_OCTETS_MAX + 1);
    for decode in [hex::decode, base64::decode, url64::decode, base32::decode, binary::decode] {
        assert_eq!(decode(&long), Err(Error::TooLong { found: long.len(), max: TEXT_OCTETS_MAX }));
    }
    assert_eq!(base32crockford::decode(&long).unwrap_err(), base64::decode(&long).unwrap_err());
    let long = "z".repeat(base58::SYMBOLS_MAX + 1);
    assert_eq!(base58::decode(&long), Err(Error::TooLong { found: long.len(), max: base58::SYMBOLS_MAX }));
    assert!(matches!(base58::encode(&[0; base58::OCTETS_MAX + 1]), Err(Error::TooLong { .. })));
    assert!(matches!(mnemonic::decode(&long), Err(Error::TooLong { .. })));
}

#[test]
fn the_most_octets_in_base58_are_read_again() {
    let octets = [0xff; base58::OCTETS_MAX];
    assert_eq!(base58::decode(&base58::encode(&octets).unwrap()), Ok(octets.to_vec()));
}

/// Texts of any symbols, and of those that encodings have.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9A-Za-z+/=_ *~$-]{0,60}",
        "(urn:uuid:|0x)?[0-9a-fA-F-]{0,40}",
        "[a-z]{1,9}( [a-z]{1,9}){0,25}"
    ]
}

fn any_octets() -> impl Strategy<Value = Vec<u8>> {
    (0usize..4, proptest::collection::vec(any::<u8>(), 0..100))
        .prop_map(|(zeros, rest)| [vec![0; zeros], rest].concat())
}

proptest! {
    #[test]
    fn no_text_makes_a_decoder_panic_and_what_passes_a_check_has_known_symbols(text in any_text()) {
        let _ = (base32crockford::decode(&text), base32crockford::decode_with_check(&text));
        let _ = (base32crockford::has_right_check(&text), mnemonic::decode(&text), uuid::decode(&text));
        let decoders = [
            (base64::is_valid as fn(&str) -> bool, base64::decode as fn(&str) -> Result<Vec<u8>, Error>),
            (url64::is_valid, url64::decode),
            (base58::is_valid, base58::decode),
            (base32::is_valid, base32::decode),
            (binary::is_valid, binary::decode),
        ];
        for (is_valid, decode) in decoders {
            prop_assert!(!is_valid(&text) || decode(&text).is_ok());
        }
        prop_assert!(hex::is_valid(&text) || hex::decode(&text).is_err());
    }

    #[test]
    fn octets_come_back_from_every_text(octets in any_octets()) {
        prop_assume!(!octets.is_empty());
        prop_assert_eq!(hex::decode(&hex::encode(&octets)), Ok(octets.clone()));
        prop_assert_eq!(base64::decode(&base64::encode(&octets)), Ok(octets.clone()));
        prop_assert_eq!(url64::decode(&url64::encode(&octets)), Ok(octets.clone()));
        prop_assert_eq!(base58::decode(&base58::encode(&octets).unwrap()), Ok(octets.clone()));
        prop_assert_eq!(base32::decode(&base32::encode(&octets)), Ok(octets.clone()));
        prop_assert_eq!(base32crockford::decode(&base32crockford::encode(&octets)), Ok(octets.clone()));
        let checked = base32crockford::encode_with_check(&octets);
        prop_assert_eq!(base32crockford::decode_with_check(&checked), Ok(octets.clone()));
        prop_assert!(base32crockford::has_right_check(&checked));
        prop_assert_eq!(binary::decode(&binary::encode(&octets)), Ok(octets.clone()));
    }

    #[test]
    fn sixteen_octets_come_back_from_words_and_uuids(octets in any::<[u8; 16]>()) {
        prop_assert_eq!(mnemonic::decode(&mnemonic::encode(&octets).unwrap()), Ok(octets.to_vec()));
        prop_assert_eq!(uuid::decode(&uuid::encode(&octets).unwrap()), Ok(octets.to_vec()));
    }

    #[test]
    fn base58_agrees_with_another_implementation(octets in any_octets(), text in "[1-9A-HJ-NP-Za-km-z]{1,80}") {
        prop_assert_eq!(base58::encode(&octets).unwrap(), bs58::encode(&octets).into_string());
        prop_assert_eq!(base58::decode(&text).unwrap(), bs58::decode(&text).into_vec().unwrap());
    }

    #[test]
    fn one_changed_check_symbol_is_told(octets in any_octets(), symbol in "[0-9A-HJKMNP-TV-Z*~$=U]") {
        let mut text = base32crockford::encode_with_check(&octets);
        let right = text.pop().unwrap().to_string() == symbol;
        text.push_str(&symbol);
        prop_assert_eq!(base32crockford::has_right_check(&text), right && !octets.is_empty());
    }
}
