use super::super::hash160;
use super::*;
use proptest::prelude::*;

fn octets(digits: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal")
}

/// The id of an outpoint of BIP-143, which is written as it is hashed there.
fn id(digits: &str) -> [u8; 32] {
    let mut octets = octets(digits);
    octets.reverse();
    octets.try_into().unwrap()
}

#[test]
fn bip_143_native_p2wpkh_has_its_digest_and_its_signature_verifies() {
    let public = octets("025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee6357");
    let transaction = Transaction {
        version: 1,
        inputs: vec![
            Input {
                id: id("fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f"),
                index: 0,
                hash: [0; 20],
                amount: 625_000_000,
                sequence: 0xffff_ffee,
            },
            Input {
                id: id("ef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a"),
                index: 1,
                hash: hash160(&public),
                amount: 600_000_000,
                sequence: 0xffff_ffff,
            },
        ],
        outputs: vec![
            Output {
                amount: 112_340_000,
                script: octets("76a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac"),
            },
            Output {
                amount: 223_450_000,
                script: octets("76a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac"),
            },
        ],
        lock_time: 17,
    };
    assert_eq!(
        transaction.encoded(&[]),
        octets(
            "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffff\
             ef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff\
             02202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac\
             9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac11000000"
        )
    );
    let digest = transaction.digest(1).unwrap();
    assert_eq!(digest.to_vec(), octets("c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670"));
    assert_eq!(transaction.digest(2), None);
    let secret = octets("619c335025c7f4012e556c2a58b2506e30b8511b53ade95ea316fd8c3286feb9");
    let signature = crate::ethereum::sign(&secret, &digest).unwrap().integers;
    assert_eq!(
        witness_signature(&signature),
        octets(
            "304402203609e17b84f6a7d30c80bfa610b5b4542f32a8a0d5447a12fb1366d7f01cc44a\
             0220573a954c4518331561406f90300e8f3358f51928d43c212a8caed02de67eebee01"
        )
    );
}

#[test]
fn an_integer_is_written_in_the_shortest_form() {
    let mut integer = [0; 32];
    assert_eq!(der_integer(&integer), [2, 1, 0]);
    integer[31] = 0x7f;
    assert_eq!(der_integer(&integer), [2, 1, 0x7f]);
    integer[31] = 0x80;
    assert_eq!(der_integer(&integer), [2, 2, 0, 0x80]);
    assert_eq!(der_integer(&[0xff; 32])[..3], [2, 33, 0]);
}

#[test]
fn numbers_of_items_take_as_many_octets_as_they_need() {
    assert_eq!(compact(0xfc), [0xfc]);
    assert_eq!(compact(0xfd), [0xfd, 0xfd, 0]);
    assert_eq!(compact(0x1_0000), [0xfe, 0, 0, 1, 0]);
    assert_eq!(compact(0x1_0000_0000), [0xff, 0, 0, 0, 0, 1, 0, 0, 0]);
}

proptest! {
    #[test]
    fn another_amount_is_another_digest(amount in any::<u64>(), change in 1..u64::MAX) {
        let input = Input { id: [1; 32], index: 0, hash: [2; 20], amount, sequence: u32::MAX };
        let outputs = vec![Output::to_hash(5, &[3; 20])];
        let one = Transaction { version: 2, inputs: vec![input.clone()], outputs, lock_time: 0 };
        let other = Input { amount: amount.wrapping_add(change), ..input };
        let other = Transaction { inputs: vec![other], ..one.clone() };
        prop_assert_ne!(one.digest(0), other.digest(0));
        prop_assert_eq!(one.encoded(&[]), other.encoded(&[]));
    }
}
