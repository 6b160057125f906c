use super::*;
use crate::random::Seed;

fn generator() -> Generator {
    Generator::new(&Seed::Reference([7; 64]))
}

fn signed(times: usize, key: &HolderKey, generator: &mut Generator) -> Scores {
    (0..times).fold(Scores::empty(), |scores, _| scores + Signature::new(&owner(key), generator).scores)
}

#[test]
fn as_many_are_counted_as_signed() {
    let generator = &mut generator();
    let key = HolderKey::draw(generator);
    for times in [1, 2, 7] {
        let scores = signed(times, &key, generator);
        assert_eq!(Tally::new(&key, &scores, generator).count(&scores), Some(times));
    }
}

#[test]
fn none_are_not_counted() {
    let generator = &mut generator();
    let key = HolderKey::draw(generator);
    let tally = Tally::new(&key, &Scores::empty(), generator);
    assert!(tally.verify(&Scores::empty()));
    assert_eq!(tally.count(&Scores::empty()), None);
}

#[test]
fn more_than_the_limit_are_not_counted() {
    let generator = &mut generator();
    let key = HolderKey::draw(generator);
    let one = signed(1, &key, generator);
    // One signature so often: it opens like as many of them.
    let times = |count: usize| (1..count).fold(one, |sum, _| sum + one);
    let (most, over) = (times(COUNT_MAX), times(COUNT_MAX + 1));
    assert_eq!(Tally::new(&key, &most, generator).count(&most), Some(COUNT_MAX));
    assert_eq!(Tally::new(&key, &over, generator).count(&over), None);
}

#[test]
fn a_signature_is_for_one_owner() {
    let generator = &mut generator();
    let (key, other) = (HolderKey::draw(generator), HolderKey::draw(generator));
    let signature = Signature::new(&owner(&key), generator);
    assert!(signature.verify(&owner(&key)));
    assert!(!signature.verify(&owner(&other)));
}

#[test]
fn a_changed_signature_is_refused() {
    let generator = &mut generator();
    let key = HolderKey::draw(generator);
    let signature = Signature::new(&owner(&key), generator);
    let (other, pos) = (G1::hash(b"other"), signature.scores.pos);
    let score = |pos: Score| Scores { pos, ..signature.scores };
    let changed = [
        Signature { scores: score(Score { left: other, ..pos }), ..signature.clone() },
        Signature { scores: score(Score { right: other, ..pos }), ..signature.clone() },
        Signature { scores: score(pos + pos), ..signature.clone() },
        Signature { commit: other, ..signature.clone() },
        Signature { challenge: Scalar::one(), ..signature.clone() },
        Signature { rk: Scalar::one(), ..signature.clone() },
        Signature { rm: Scalar::one(), ..signature.clone() },
        Signature { rr1: Scalar::one(), ..signature.clone() },
        Signature { rr2: Scalar::one(), ..signature.clone() },
    ];
    for signature in changed {
        assert!(!signature.verify(&owner(&key)), "{signature:?}");
    }
}

#[test]
fn a_tally_of_another_key_counts_nothing() {
    let generator = &mut generator();
    let (key, other) = (HolderKey::draw(generator), HolderKey::draw(generator));
    let scores = signed(2, &key, generator);
    assert_eq!(Tally::new(&other, &scores, generator).count(&scores), None);
}

#[test]
fn a_forged_tally_is_refused() {
    let generator = &mut generator();
    let key = HolderKey::draw(generator);
    let scores = signed(2, &key, generator);
    let tally = Tally::new(&key, &scores, generator);
    assert!(tally.verify(&scores));
    let inflated = Tally { pos: tally.pos + salt(), ..tally.clone() };
    assert_eq!(inflated.count(&scores), Some(3));
    let forged = [
        inflated,
        Tally { neg: tally.neg + salt(), ..tally.clone() },
        Tally { rx: Scalar::one(), ..tally.clone() },
        Tally { challenge: Scalar::one(), ..tally.clone() },
    ];
    for tally in forged {
        assert!(!tally.verify(&scores), "{tally:?}");
    }
    assert!(!tally.verify(&(scores + signed(1, &key, generator))));
}
