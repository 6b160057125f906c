use proptest::prelude::*;

use super::*;
use crate::encoding::hex;
use crate::random::Seed;

/// A published vector without a header.
struct Vector {
    suite: Suite,
    secret: &'static str,
    public: &'static str,
    signature: &'static str,
    proof: &'static str,
}

/// What the vectors sign.
const MESSAGES: [&str; 10] = [
    "9872ad089e452c7b6e283dfac2a80d58e8d0ff71cc4d5e310a1debdda4a45f02",
    "c344136d9ab02da4dd5908bbba913ae6f58c2cc844b802a6f811f5fb075f9b80",
    "7372e9daa5ed31e6cd5c825eac1b855e84476a1d94932aa348e07b73",
    "77fe97eb97a1ebe2e81e4e3597a3ee740a66e9ef2412472c",
    "496694774c5604ab1b2544eababcf0f53278ff50",
    "515ae153e22aae04ad16f759e07237b4",
    "d183ddc6e2665aa4e2f088af",
    "ac55fb33a75909ed",
    "96012096",
    "",
];

/// What the vectors' proofs are made for.
const HEADER: &str = "bed231d880675ed101ead304512e043ade9958dd0241ea70b4b3957fba941501";

/// What the vectors' proofs show.
const POSITIONS: [usize; 4] = [0, 2, 4, 6];

/// draft-irtf-cfrg-bbs-signatures, appendix D: "no header", of signatures and of proofs.
const VECTORS: [Vector; 2] = [
    Vector {
        suite: Suite::Sha256,
        secret: "60e55110f76883a13d030b2f6bd11883422d5abde717569fc0731f51237169fc",
        public: "a820f230f6ae38503b86c70dc50b61c58a77e45c39ab25c0652bbaa8fa136f2851bd4781c9dcde39fc9d1d52c9e60268061e7d7632171d91aa8d460acee0e96f1e7c4cfb12d3ff9ab5d5dc91c277db75c845d649ef3c4f63aebc364cd55ded0c",
        signature: "8c87e2080859a97299c148427cd2fcf390d24bea850103a9748879039262ecf4f42206f6ef767f298b6a96b424c1e86c26f8fba62212d0e05b95261c2cc0e5fdc63a32731347e810fd12e9c58355aa0d",
        proof: concat!(
            "81925c2e525d9fbb0ba95b438b5a13fff5874c7c0515c193628d7d143ddc3bb487771ad73658895997a88dd5b254ed29",
            "abc019bfca62c09b8dafb37e5f09b1d380e084ec3623d071ec38d6b8602af93aa0ddbada307c9309cca86be16db53dc7",
            "ac310574f509c712bb1a181d64ea3c1ee075c018a2bc773e2480b5c033ccb9bfea5af347a88ab83746c9342ba76db367",
            "5ff70ce9006d166fd813a81b448a632216521c864594f3f92965974914992f8d1845230915b11680cf44b25886c56709",
            "04ac2d88255c8c31aea7b072e9c4eb7e4c3fdd38836ae9d2e9fa271c8d9fd42f669a9938aeeba9d8ae613bf11f489ce9",
            "47616f5cbaee95511dfaa5c73d85e4ddd2f29340f821dc2fb40db3eae5f5bc08467eb195e38d7d436b63e556ea653168",
            "282a23b53d5792a107f85b1203f82aab46f6940650760e5b320261ffc0ca5f15917b51e7d2ad4bcbec94de792e229db6",
            "63abff23af392a5e73ce115c27e8492ec24a0815091c69874dbd9dae2d2eed000810c748a798a78a804a39034c6e745c",
            "ee455812cc982eea7105948b2cb55b82278a77237fcbec4748e2d2255af0994dd09dba8ac60515a39b24632a2c1c840c",
            "4a70506add5b2eb0be9ff66e3ea8deae666f198edfbb1391c6834e6df4f1026d",
        ),
    },
    Vector {
        suite: Suite::Shake256,
        secret: "2eee0f60a8a3a8bec0ee942bfd46cbdae9a0738ee68f5a64e7238311cf09a079",
        public: "92d37d1d6cd38fea3a873953333eab23a4c0377e3e049974eb62bd45949cdeb18fb0490edcd4429adff56e65cbce42cf188b31bddbd619e419b99c2c41b38179eb001963bc3decaae0d9f702c7a8c004f207f46c734a5eae2e8e82833f3e7ea5",
        signature: "88beeb970f803160d3058eacde505207c576a8c9e4e5dc7c5249cbcf2a046c15f8df047031eef3436e04b779d92a9cdb1fe4c6cc035ba1634f1740f9dd49816d3ca745ecbe39f655ea61fb700137fded",
        proof: concat!(
            "8ac336eea1d278656372d9914483c3d3b3069dfa4a7862293ac021dfeeebca93cadd7eb2b818f7b89719cdeffa5aa859",
            "89a7d691be11b1929a2bf089bfe9f2adc2c06788edc30585546efb74877f34ad91f0d6923b4ed7a53c49051dda8d056a",
            "95644ee738810772d90c1033f1dfe45c0b1b453d131170aafa8a99f812f3b90a5d1d9e6bd05a4dee6a50dd277ffc646f",
            "2429372f3ad9d5946ffeb53f24d41ffcc83c32cbb68afc9b6e0b64eebd24c69c6a7bd3bca8a6394ed8ae315abd555a69",
            "96f34d9da7680447947b3f35f54c38b562e990ee4d17a21569af4fc02f2991e6db78cc32d3ef9f6069fc5c2d47c8d8ff",
            "116dfb8a59641641961b854427f67649df14ab6e63f2d0d2a0cba2b2e1e835d20cd45e41f274532e9d50f31a690e5fef",
            "1c1456b65c668b80d8ec17b09bd5fb3b2c4edd6d6f5f790a5d6da22eb9a1aa2196d1a607f3c753813ba2bc6ece15d352",
            "63218fc7667c5f0fabfffe74745a8000e0415c8dafd5654ce6850ac2c6485d02433fdaebd9993f8b86a2eebb3beb10b4",
            "cc7735330384a3f4dfd4d5b21998ad0227b37e736cf9c144a0386f28cccf27a01e50aab45dda8275eb877728e77d2055",
            "309dba8c6604e7cff0d2c46ce6026b8e232c192955f909da6e47c2130c7e3f4f",
        ),
    },
];

fn messages() -> Vec<Vec<u8>> {
    // The last message is empty, which is no hexadecimal text.
    MESSAGES.iter().map(|message| hex::decode(message).unwrap_or_default()).collect()
}

fn shown() -> Vec<Vec<u8>> {
    POSITIONS.iter().map(|position| messages()[*position].clone()).collect()
}

fn signed(seed: [u8; 32]) -> (PublicKey, Signature, Generator) {
    let mut generator = Generator::new(&Seed::Fresh(seed));
    let key = SecretKey::draw(Suite::Sha256, &mut generator);
    (key.public_key(), key.sign(Suite::Sha256, &messages()).unwrap(), generator)
}

#[test]
fn public_keys_are_those_of_the_draft() {
    for vector in VECTORS {
        let secret = SecretKey::from_octets(&hex::decode(vector.secret).unwrap()).unwrap();
        assert_eq!(hex::encode(&secret.public_key().to_octets()), vector.public);
    }
}

#[test]
fn signatures_are_those_of_the_draft() {
    for vector in VECTORS {
        let secret = SecretKey::from_octets(&hex::decode(vector.secret).unwrap()).unwrap();
        let signature = secret.sign(vector.suite, &messages()).unwrap();
        assert_eq!(hex::encode(&signature.to_octets()), vector.signature);
        assert_eq!(signature.verify(vector.suite, &secret.public_key(), &messages()), Ok(true));
    }
}

#[test]
fn proofs_of_the_draft_verify() {
    for vector in VECTORS {
        let public = PublicKey::from_octets(&hex::decode(vector.public).unwrap()).unwrap();
        let proof = Proof::from_octets(&hex::decode(vector.proof).unwrap()).unwrap();
        let header = hex::decode(HEADER).unwrap();
        assert_eq!(proof.verify(vector.suite, &public, &header, &shown(), &POSITIONS), Ok(true));
        assert_eq!(proof.verify(vector.suite, &public, b"", &shown(), &POSITIONS), Ok(false));
        assert_eq!(hex::encode(&proof.to_octets()), vector.proof);
    }
}

#[test]
fn a_signature_of_one_suite_is_none_of_the_other() {
    let [sha, _] = VECTORS;
    let public = PublicKey::from_octets(&hex::decode(sha.public).unwrap()).unwrap();
    let signature = Signature::from_octets(&hex::decode(sha.signature).unwrap()).unwrap();
    assert_eq!(signature.verify(Suite::Shake256, &public, &messages()), Ok(false));
}

#[test]
fn more_messages_than_the_limit_are_refused() {
    let (public, signature, _) = signed([1; 32]);
    let many = vec![Vec::new(); MESSAGES_MAX + 1];
    let expected = Err(Error::Messages(MESSAGES_MAX + 1));
    assert_eq!(signature.verify(Suite::Sha256, &public, &many), expected);
}

#[test]
fn zero_is_no_key() {
    assert_eq!(SecretKey::from_octets(&[0]).err(), Some(Error::Zero));
    let order = crate::bls12_381::ORDER;
    assert_eq!(SecretKey::from_octets(&order).err(), Some(Error::Part(bls12_381::Error::ScalarRange)));
    let mut infinity = [0; 96];
    infinity[0] = 0xc0;
    assert_eq!(PublicKey::from_octets(&infinity).err(), Some(Error::Zero));
}

#[test]
fn positions_that_do_not_ascend_are_refused() {
    let (public, signature, mut generator) = signed([2; 32]);
    for positions in [&[1, 0][..], &[1, 1], &[10]] {
        let proof = signature.prove(Suite::Sha256, &public, b"", &messages(), positions, &mut generator);
        assert_eq!(proof.err(), Some(Error::Positions));
    }
}

#[test]
fn a_proof_that_shows_everything_or_nothing_verifies() {
    let (public, signature, mut generator) = signed([3; 32]);
    let all: Vec<usize> = (0..MESSAGES.len()).collect();
    for positions in [&[][..], &all] {
        let proof = signature.prove(Suite::Sha256, &public, b"h", &messages(), positions, &mut generator);
        let proof = Proof::from_octets(&proof.unwrap().to_octets()).unwrap();
        let shown = &messages()[..positions.len()];
        assert_eq!(proof.verify(Suite::Sha256, &public, b"h", shown, positions), Ok(true));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_changed_signature_is_refused(at in 0_usize..SIGNATURE_OCTETS * 8) {
        let [vector, _] = VECTORS;
        let public = PublicKey::from_octets(&hex::decode(vector.public).unwrap()).unwrap();
        let mut octets = hex::decode(vector.signature).unwrap();
        octets[at / 8] ^= 1 << (at % 8);
        if let Ok(signature) = Signature::from_octets(&octets) {
            prop_assert_eq!(signature.verify(vector.suite, &public, &messages()), Ok(false));
        }
    }

    #[test]
    fn a_changed_proof_is_refused(at in 0_usize..464 * 8) {
        let [vector, _] = VECTORS;
        let public = PublicKey::from_octets(&hex::decode(vector.public).unwrap()).unwrap();
        let mut octets = hex::decode(vector.proof).unwrap();
        octets[at / 8] ^= 1 << (at % 8);
        if let Ok(proof) = Proof::from_octets(&octets) {
            let header = hex::decode(HEADER).unwrap();
            let found = proof.verify(vector.suite, &public, &header, &shown(), &POSITIONS);
            prop_assert_eq!(found, Ok(false));
        }
    }

    #[test]
    fn random_octets_are_no_proof(octets in proptest::collection::vec(any::<u8>(), 0..700)) {
        prop_assert!(Proof::from_octets(&octets).is_err());
        prop_assert!(Signature::from_octets(&octets).is_err());
        prop_assert!(PublicKey::from_octets(&octets).is_err());
    }
}
