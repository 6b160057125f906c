use proptest::prelude::*;

use super::*;
use crate::random::Seed;

fn dealt(seed: [u8; 32], quorum: usize, total: usize) -> (Scalar, Vec<Scalar>, Shares, Generator) {
    let mut generator = Generator::new(&Seed::Fresh(seed));
    let keys: Vec<Scalar> = (0..total).map(|_| draw_key(&mut generator)).collect();
    let secret = Scalar::draw(&mut generator);
    let shares = Shares::of(&secret, quorum, keys.iter().map(public_key).collect(), &mut generator);
    (secret, keys, shares.unwrap(), generator)
}

#[test]
fn the_generators_are_points_and_differ() {
    assert_ne!(*COMMITMENT_GENERATOR, *KEY_GENERATOR);
}

#[test]
fn a_secret_for_nobody_is_refused() {
    let mut generator = Generator::new(&Seed::Fresh([1; 32]));
    let found = Shares::of(&Scalar::one(), 1, Vec::new(), &mut generator);
    assert_eq!(found, Err(Error::Participants(0)));
    let many = vec![G1::generator(); PARTICIPANTS_MAX + 1];
    let found = Shares::of(&Scalar::one(), 1, many, &mut generator);
    assert_eq!(found, Err(Error::Participants(PARTICIPANTS_MAX + 1)));
}

#[test]
fn a_key_without_a_share_is_refused() {
    let (_, _, shares, mut generator) = dealt([2; 32], 1, 2);
    let stranger = draw_key(&mut generator);
    assert_eq!(shares.decrypt(&stranger, &mut generator), Err(Error::NoShare));
    let zero = Scalar::from_octets(&[0]).unwrap();
    assert_eq!(shares.decrypt(&zero, &mut generator), Err(Error::ZeroKey));
}

#[test]
fn two_shares_of_one_participant_are_refused() {
    let point = G1::generator();
    assert_eq!(compose(&[(1, point), (1, point)]), Err(Error::Twice));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn a_quorum_finds_the_secret(seed: [u8; 32], quorum in 1_usize..4) {
        let (secret, keys, shares, mut generator) = dealt(seed, quorum, 4);
        prop_assert!(shares.verify().unwrap());
        let found: Vec<Share> =
            keys[4 - quorum..].iter().map(|key| shares.decrypt(key, &mut generator).unwrap()).collect();
        prop_assert!(found.iter().all(Share::verify));
        let found: Vec<_> = found.iter().map(|share| (share.index, share.decrypted)).collect();
        prop_assert_eq!(compose(&found).unwrap(), public_key(&secret));
    }

    #[test]
    fn changed_shares_are_not_authentic(seed: [u8; 32], at in 0_usize..3, part in 0_usize..5) {
        let (_, _, mut shares, _) = dealt(seed, 3, 3);
        match part {
            0 => shares.commitments[at] = shares.commitments[at] + G1::generator(),
            1 => shares.public_keys[at] = shares.public_keys[at] + G1::generator(),
            2 => shares.encrypted[at] = -shares.encrypted[at],
            3 => shares.proof.responses[at] = Scalar::one(),
            _ => shares.proof.challenge = Scalar::one(),
        }
        prop_assert!(!shares.verify().unwrap());
    }

    #[test]
    fn a_changed_share_is_not_valid(seed: [u8; 32], part in 0_usize..4) {
        let (_, keys, shares, mut generator) = dealt(seed, 1, 2);
        let mut share = shares.decrypt(&keys[1], &mut generator).unwrap();
        match part {
            0 => share.public_key = -share.public_key,
            1 => share.encrypted = G1::infinity(),
            2 => share.decrypted = G1::generator(),
            _ => share.proof.responses.push(Scalar::one()),
        }
        prop_assert!(!share.verify());
    }
}
