use super::*;
use crate::random::Seed;

fn zero() -> Generator {
    Generator::new(&Seed::Reference([0; 64]))
}

fn hex(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(octets)
}

#[test]
fn the_zero_seed_gives_the_reference_engine_s_key_and_signature() {
    let mut generator = zero();
    let secret = generate(&mut generator);
    assert_eq!(data_encoding::BASE64.encode(&*secret), "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=");
    let public = public_key(&*secret).unwrap();
    assert_eq!(
        hex(&public),
        "04776b58c34145c9553b5235fe211a6237c48b90b4784bc6d86660b0236af3bab2f1f799ef8244be728af450b4ed386127cb3838dd9941c2c9fbc1e958c7ca3f0c"
    );
    let signature = sign(&*secret, b"hello", &mut generator).unwrap();
    assert_eq!(hex(&signature.r), "d30bad4a1cd51be087a5884d571ac42ee559be00f0884a1ce0f62263315e842d");
    assert_eq!(hex(&signature.s), "445f87bf306d28342f9f655537c63ff6b880f58cf5fbb4f1a0794a55878cd298");
    assert!(verify(&public, b"hello", &signature));
}

#[test]
fn the_reference_engine_s_deterministic_signature_is_reproduced() {
    let secret = generate(&mut zero());
    let signature = sign_deterministic(&*secret, b"hello").unwrap();
    assert_eq!(hex(&signature.r), "f5de03949980e6bee9a6a3c139d8fe6cc566cdc31041fff4d952b9460a4d2c8a");
    assert_eq!(hex(&signature.s), "d6a3624994dba08d220543cd0f00ef2b78417a8f85e8bc85891cdde26e35216f");
}
