use super::*;
use crate::encoding::base58;
use crate::random::{Generator, Seed};
use proptest::prelude::*;

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal")
}

#[test]
fn bip_173_and_350_every_valid_address_is_read_and_written() {
    // BIP-350, "Test vectors": valid segwit addresses and their scriptPubKeys.
    for (text, script) in [
        ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "0014751e76e8199196d454941c45d1b3a323f1433bd6"),
        (
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
            "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
        ),
        (
            "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
            "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6",
        ),
        ("BC1SW50QGDZ25J", "6002751e"),
        ("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "5210751e76e8199196d454941c45d1b3a323"),
        (
            "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
            "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
        ),
        (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        ),
    ] {
        let address = Address::parse(text).unwrap();
        let script = octets(script);
        assert_eq!(script[2..], address.program);
        assert_eq!(script[0], if address.version == 0 { 0 } else { 0x50 + address.version });
        assert_eq!(address.to_text().unwrap(), text.to_lowercase());
    }
}

#[test]
fn bip_350_no_invalid_address_is_read() {
    for text in [
        "tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL",
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
        "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R",
        "bc1pw5dgrnzv",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j",
        "bc1gmk9yu",
        "",
    ] {
        assert_eq!(Address::parse(text), Err(Error::Address), "{text}");
    }
}

#[test]
fn the_key_of_the_bitcoin_wiki_comes_back() {
    // en.bitcoin.it, "Wallet import format", compressed.
    let secret: [u8; 32] =
        octets("0c28fca386c7a227600b2fe50b7cae11ec86d3bf1fbe471be89827e19d72aa1d").try_into().unwrap();
    let wif = base58::decode("KwdMAjGmerYanjeui5SHS7JkmpZvVipYvB2LJGU1ZxJwYvP98617").unwrap();
    assert_eq!(*from_wif(&wif).unwrap(), secret);
    assert_eq!(to_wif(&secret, Network::Main).to_vec(), wif);
}

#[test]
fn a_key_that_is_damaged_or_of_another_form_is_refused() {
    let wif = to_wif(&[7; 32], Network::Test);
    let changed = |at: usize| {
        let mut octets = *wif;
        octets[at] ^= 0x10;
        from_wif(&octets).map(|_| ())
    };
    assert_eq!(changed(0), Err(Error::Version(0xff)));
    assert_eq!(changed(5), Err(Error::Checksum));
    assert_eq!(changed(33), Err(Error::Compression(0x11)));
    assert_eq!(changed(37), Err(Error::Checksum));
    assert_eq!(from_wif(&wif[1..]).map(|_| ()), Err(Error::Length(37)));
}

#[test]
fn the_reference_engine_s_key_and_address_are_reproduced() {
    // zencode.md, J: the zero seed.
    let secret = crate::ecdh::generate(&mut Generator::new(&Seed::Reference([0; 64])));
    let wif = base58::decode("KwUNYVyf7W8u1Vca6sK3cvjyeG3jpxEHJCPeT3xMtcGVZkU3WX8S").unwrap();
    assert_eq!(to_wif(&secret, Network::Main).to_vec(), wif);
    let public = crate::ecdh::public_key(&*secret).and_then(|public| crate::ecdh::compress(&public)).unwrap();
    let program = hash160(&public).to_vec();
    let address = Address { network: Network::Main, version: 0, program };
    assert_eq!(address.to_text().unwrap(), "bc1qc5wzp53l39v499nvycmcvu2aaqlu84xnu3mzkl");
}

#[test]
fn an_address_that_nobody_could_spend_from_is_not_written() {
    for (version, octets) in [(0, 19), (0, 21), (1, 1), (1, 41), (17, 20), (32, 20), (255, 20)] {
        let address = Address { network: Network::Test, version, program: vec![1; octets] };
        assert_eq!(address.to_text(), Err(Error::Program { version, octets }));
    }
}

proptest! {
    #[test]
    fn foreign_keys_are_refused_and_ours_come_back(octets in prop::collection::vec(any::<u8>(), 0..45), secret in any::<[u8; 32]>()) {
        prop_assert!(from_wif(&octets).is_err());
        prop_assert_eq!(*from_wif(&*to_wif(&secret, Network::Main)).unwrap(), secret);
    }

    #[test]
    fn a_damaged_address_is_refused(at in 0..42_usize, letter in "[a-z0-9]") {
        let text = "bc1qc5wzp53l39v499nvycmcvu2aaqlu84xnu3mzkl";
        let mut damaged = text.to_owned();
        damaged.replace_range(at..=at, &letter);
        prop_assert_eq!(Address::parse(&damaged).is_ok(), damaged == text);
    }

    #[test]
    fn any_text_is_an_address_or_refused(text in "\\PC{0,100}") {
        if let Ok(address) = Address::parse(&text) {
            prop_assert_eq!(address.to_text().unwrap(), text.to_lowercase());
        }
    }
}
