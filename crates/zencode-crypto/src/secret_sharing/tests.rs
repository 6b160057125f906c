use proptest::prelude::*;

use super::*;
use crate::encoding::base64;
use crate::random::Seed;

fn generator() -> Generator {
    Generator::new(&Seed::Reference([0; 64]))
}

fn share(x: &[u8], y: &[u8]) -> Share {
    Share { x: Number::from_octets(x).unwrap(), y: Number::from_octets(y).unwrap() }
}

#[test]
fn a_line_through_two_points_meets_zero_at_the_secret() {
    // y = 3 + 2x
    assert_eq!(*compose(&[share(&[1], &[5]), share(&[2], &[7])]).unwrap(), [3]);
}

#[test]
fn shares_are_those_of_the_reference_engine() {
    let shares = split(b"hello", 3, 2, &mut generator()).unwrap();
    let first = (base64::encode(&shares[0].x.to_octets()), base64::encode(&shares[0].y.to_octets()));
    let expected =
        ("hn2/txSCl1Tb+MRoNAc03+8Ijd1/SiTekjtNKEHivms=", "IAX0/WnZ5DxVrpYsC88ZJd1SJgBza6ekFQA9izyGmaU=");
    assert_eq!((first.0.as_str(), first.1.as_str()), expected);
}

#[test]
fn a_quorum_of_all_is_refused() {
    let found = split(b"hello", 3, 3, &mut generator());
    assert_eq!(found, Err(Error::Quorum { quorum: 3, total: 3 }));
}

#[test]
fn a_secret_that_would_come_back_shorter_is_refused() {
    assert_eq!(split(&[0, 1], 3, 2, &mut generator()), Err(Error::LeadingZero));
    assert_eq!(split(&[0xff; 32], 3, 2, &mut generator()), Err(Error::Range));
    assert_eq!(split(&[1; 33], 3, 2, &mut generator()), Err(Error::Range));
    assert_eq!(split(&[1; 49], 3, 2, &mut generator()), Err(Error::Length(49)));
    assert_eq!(split(&[], 3, 2, &mut generator()), Err(Error::Length(0)));
}

#[test]
fn more_shares_than_the_limit_are_refused() {
    assert_eq!(split(b"a", SHARES_MAX + 1, 2, &mut generator()), Err(Error::Shares(SHARES_MAX + 1)));
    let many = vec![share(&[1], &[1]); SHARES_MAX + 1];
    assert_eq!(compose(&many), Err(Error::Shares(SHARES_MAX + 1)));
}

#[test]
fn two_shares_at_one_place_are_refused() {
    assert_eq!(compose(&[share(&[1], &[5]), share(&[1], &[7])]), Err(Error::Twice));
    let mut same = PRIME.to_be_bytes().as_ref().to_vec();
    same[31] += 1;
    assert_eq!(compose(&[share(&[1], &[5]), share(&same, &[7])]), Err(Error::Twice));
}

proptest! {
    #[test]
    fn any_quorum_finds_the_secret(
        secret in proptest::collection::vec(1_u8..255, 1..=32), quorum in 1_usize..6, more in 1_usize..4, seed: [u8; 32],
    ) {
        let mut generator = Generator::new(&Seed::Fresh(seed));
        let mut shares = split(&secret, quorum + more, quorum, &mut generator).unwrap();
        generator.shuffle(&mut shares).unwrap();
        prop_assert_eq!(&*compose(&shares[..quorum]).unwrap(), &secret);
        prop_assert_eq!(&*compose(&shares).unwrap(), &secret);
    }

    #[test]
    fn a_changed_share_gives_another_secret(at in 0_usize..5, seed: [u8; 32], y in proptest::collection::vec(any::<u8>(), 1..=48)) {
        let mut shares = split(b"a secret", 6, 5, &mut Generator::new(&Seed::Fresh(seed))).unwrap();
        shares[at].y = Number::from_octets(&y).unwrap();
        prop_assert_ne!(&*compose(&shares[..5]).unwrap(), b"a secret");
    }
}
