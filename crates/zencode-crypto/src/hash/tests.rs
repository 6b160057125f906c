use super::*;
use proptest::prelude::*;

fn hex(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(octets)
}

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal")
}

fn check_digest(algorithm: Algorithm, message: &str, expected: &str) {
    assert_eq!(hex(&algorithm.digest(message.as_bytes())), expected);
    assert_eq!(expected.len(), 2 * algorithm.octets());
}

#[test]
fn sha256_of_nothing_and_of_abc_are_those_of_fips_180() {
    check_digest(Algorithm::Sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_digest(
        Algorithm::Sha256,
        "abc",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
}

#[test]
fn sha512_of_nothing_and_of_abc_are_those_of_fips_180() {
    check_digest(
        Algorithm::Sha512,
        "",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    );
    check_digest(
        Algorithm::Sha512,
        "abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    );
}

#[test]
fn sha3_256_of_nothing_and_of_abc_are_those_of_fips_202() {
    check_digest(Algorithm::Sha3_256, "", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
    check_digest(
        Algorithm::Sha3_256,
        "abc",
        "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    );
}

#[test]
fn sha3_512_of_nothing_and_of_abc_are_those_of_fips_202() {
    check_digest(
        Algorithm::Sha3_512,
        "",
        "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a615b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26",
    );
    check_digest(
        Algorithm::Sha3_512,
        "abc",
        "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
    );
}

#[test]
fn keccak256_pads_one_octet_as_it_pads_more() {
    // Expected by @noble/hashes; the reference engine has another digest at this length.
    check_digest(
        Algorithm::Keccak256,
        &"x".repeat(135),
        "16570bdb055e663ea1cb57ac6f09194f4bc7b7070847971fc0b86710366dc34f",
    );
}

#[test]
fn keccak256_of_nothing_and_of_abc_are_ethereum_s() {
    check_digest(
        Algorithm::Keccak256,
        "",
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    );
    check_digest(
        Algorithm::Keccak256,
        "abc",
        "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    );
}

#[test]
fn shake256_of_nothing_is_that_of_fips_202() {
    check_digest(Algorithm::Shake256, "", "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f");
}

#[test]
fn names_are_read_as_they_are_written() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
    }
}

#[test]
fn other_names_are_no_digests() {
    for name in ["", "SHA256", "sha-256", "sha384", "ripemd160", "md5"] {
        assert_eq!(Algorithm::from_name(name), None);
    }
}

fn check_hmac(key: &[u8], message: &[u8], sha256: &str, sha512: &str) {
    assert_eq!(hex(&Algorithm::Sha256.hmac(key, message).unwrap()), sha256);
    assert_eq!(hex(&Algorithm::Sha512.hmac(key, message).unwrap()), sha512);
}

#[test]
fn hmac_agrees_with_rfc_4231_case_1() {
    check_hmac(
        &[0x0b; 20],
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    );
}

#[test]
fn hmac_agrees_with_rfc_4231_case_2_a_key_shorter_than_the_digest() {
    check_hmac(
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    );
}

#[test]
fn hmac_agrees_with_rfc_4231_case_6_a_key_longer_than_a_block() {
    check_hmac(
        &[0xaa; 131],
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    );
}

#[test]
fn hmac_with_other_digests_is_refused() {
    assert_eq!(Algorithm::Sha3_256.hmac(b"key", b"message"), Err(Error::Hmac(Algorithm::Sha3_256)));
}

#[test]
fn pbkdf2_agrees_with_the_vectors_of_rfc_6070_s_inputs() {
    let derive = |algorithm: Algorithm, rounds, octets| {
        hex(&algorithm.pbkdf2(b"password", b"salt", rounds, octets).unwrap())
    };
    assert_eq!(
        derive(Algorithm::Sha256, 1, 32),
        "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"
    );
    assert_eq!(
        derive(Algorithm::Sha256, 4096, 32),
        "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"
    );
    assert_eq!(
        derive(Algorithm::Sha512, 1, 64),
        "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce"
    );
}

#[test]
fn pbkdf2_refuses_no_rounds_and_too_many() {
    for rounds in [0, PBKDF2_ROUNDS_MAX + 1] {
        assert_eq!(Algorithm::Sha512.pbkdf2(b"", b"", rounds, 32), Err(Error::Rounds(rounds)));
    }
}

#[test]
fn hkdf_agrees_with_rfc_5869_case_1() {
    let derived =
        hkdf_sha256(&octets("000102030405060708090a0b0c"), &[0x0b; 22], &octets("f0f1f2f3f4f5f6f7f8f9"), 42);
    assert_eq!(
        hex(&derived.unwrap()),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    );
}

#[test]
fn hkdf_agrees_with_rfc_5869_case_3_without_salt_and_info() {
    assert_eq!(
        hex(&hkdf_sha256(&[], &[0x0b; 22], &[], 42).unwrap()),
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    );
}

#[test]
fn hkdf_gives_255_blocks_and_no_more() {
    assert_eq!(hkdf_sha256(&[], &[], &[], HKDF_OCTETS_MAX).unwrap().len(), HKDF_OCTETS_MAX);
    assert_eq!(hkdf_sha256(&[], &[], &[], HKDF_OCTETS_MAX + 1), Err(Error::Octets(HKDF_OCTETS_MAX + 1)));
}

proptest! {
    #[test]
    fn hmac_of_parts_is_hmac_of_the_whole(
        key in proptest::collection::vec(any::<u8>(), 0..200),
        parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..50), 0..5),
    ) {
        let slices: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(hmac_sha256_of(&key, &slices), hmac_sha256(&key, &parts.concat()));
        prop_assert_eq!(hmac_sha512_of(&key, &slices), hmac_sha512(&key, &parts.concat()));
    }
}
