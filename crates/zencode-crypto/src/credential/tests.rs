use super::*;
use crate::random::Seed;

fn generator() -> Generator {
    Generator::new(&Seed::Reference([0; 64]))
}

/// An issuer, a holder and the holder's credential.
fn issued(generator: &mut Generator) -> (IssuerKey, HolderKey, Credential) {
    let (issuer, holder) = (IssuerKey::draw(generator), HolderKey::draw(generator));
    let request = Request::new(&holder, generator);
    let credential = holder.unblind(&[issuer.sign(&request).unwrap()]).unwrap();
    (issuer, holder, credential)
}

#[test]
fn the_salt_is_a_point() {
    assert_eq!(salt().to_octets(), SALT);
}

#[test]
fn a_proof_of_a_credential_verifies() {
    let generator = &mut generator();
    let (issuer, holder, credential) = issued(generator);
    assert!(credential.prove(&issuer.public_key(), &holder, generator).verify(&issuer.public_key()));
}

#[test]
fn a_proof_is_no_proof_for_another_issuer() {
    let generator = &mut generator();
    let (issuer, holder, credential) = issued(generator);
    let other = IssuerKey::draw(generator).public_key();
    assert!(!credential.prove(&issuer.public_key(), &holder, generator).verify(&other));
    assert!(!credential.prove(&other, &holder, generator).verify(&other));
}

#[test]
fn the_credential_of_another_holder_proves_nothing() {
    let generator = &mut generator();
    let (issuer, _, credential) = issued(generator);
    let thief = HolderKey::draw(generator);
    assert!(!credential.prove(&issuer.public_key(), &thief, generator).verify(&issuer.public_key()));
}

#[test]
fn signatures_of_two_issuers_add_up() {
    let generator = &mut generator();
    let (first, second) = (IssuerKey::draw(generator), IssuerKey::draw(generator));
    let holder = HolderKey::draw(generator);
    let request = Request::new(&holder, generator);
    let signatures = [first.sign(&request).unwrap(), second.sign(&request).unwrap()];
    let credential = holder.unblind(&signatures).unwrap();
    let both = first.public_key() + second.public_key();
    let proof = credential.prove(&both, &holder, generator);
    assert!(proof.verify(&both));
    assert!(!proof.verify(&first.public_key()));
}

#[test]
fn a_changed_request_is_not_signed() {
    let generator = &mut generator();
    let issuer = IssuerKey::draw(generator);
    let request = Request::new(&HolderKey::draw(generator), generator);
    let other = G1::hash(b"other");
    let changed = [
        Request { commit: other, ..request.clone() },
        Request { public: other, ..request.clone() },
        Request { a: other, ..request.clone() },
        Request { b: other, ..request.clone() },
        Request { rk: Scalar::one(), ..request.clone() },
        Request { rm: Scalar::one(), ..request.clone() },
        Request { rr: Scalar::one(), ..request.clone() },
        Request { challenge: Scalar::one(), ..request.clone() },
    ];
    assert!(issuer.sign(&request).is_some());
    for request in changed {
        assert!(issuer.sign(&request).is_none(), "{request:?}");
    }
}

#[test]
fn a_changed_proof_is_refused() {
    let generator = &mut generator();
    let (issuer, holder, credential) = issued(generator);
    let public = issuer.public_key();
    let proof = credential.prove(&public, &holder, generator);
    let other = G1::hash(b"other");
    let changed = [
        Proof { nu: other, ..proof.clone() },
        Proof { kappa: G2::hash(b"other"), ..proof.clone() },
        Proof { h_prime: other, ..proof.clone() },
        Proof { s_prime: other, ..proof.clone() },
        Proof { rm: Scalar::one(), ..proof.clone() },
        Proof { rr: Scalar::one(), ..proof.clone() },
        Proof { challenge: Scalar::one(), ..proof.clone() },
    ];
    for proof in changed {
        assert!(!proof.verify(&public), "{proof:?}");
    }
}

#[test]
fn a_proof_of_nothing_is_refused() {
    // With the signature and its base at infinity the pairings agree whatever the attribute is.
    let generator = &mut generator();
    let (issuer, holder, _) = issued(generator);
    let nothing = Credential { h: G1::infinity(), s: G1::infinity() };
    assert!(!nothing.prove(&issuer.public_key(), &holder, generator).verify(&issuer.public_key()));
}

#[test]
fn a_mark_is_the_holders_on_the_subject() {
    let generator = &mut generator();
    let (issuer, holder, credential) = issued(generator);
    let public = issuer.public_key();
    let (proof, mark) = credential.prove_about(&public, &holder, b"bridge", generator);
    assert!(proof.verify_about(&public, b"bridge", &mark));
    assert!(!proof.verify_about(&public, b"tunnel", &mark));
    assert!(!proof.verify_about(&public, b"bridge", &G1::generator()));
    assert!(!proof.verify(&public));
    let (_, again) = credential.prove_about(&public, &holder, b"bridge", generator);
    assert_eq!(mark, again);
}

#[test]
fn a_key_beyond_the_order_keeps_its_octets() {
    let key = HolderKey::from_octets(&[0xff; 32]).unwrap();
    assert_eq!(key.to_octets(), [0xff; 32]);
    assert_eq!(key.secret, Scalar::from_octets(&[0xff; 32]).unwrap());
    assert_eq!(key.attribute, scalar(&Algorithm::Sha256.digest(&[0xff; 32])));
}

#[test]
fn a_key_has_no_leading_zeros() {
    assert_eq!(HolderKey::from_octets(&[0, 0, 7]).unwrap().to_octets(), [7]);
    assert_eq!(HolderKey::from_octets(&[0, 0]).unwrap().to_octets(), [0]);
    assert_eq!(HolderKey::from_octets(&[]).unwrap_err(), Error::ScalarLength(0));
}

#[test]
fn debug_shows_no_key() {
    let generator = &mut generator();
    let shown = format!("{:?} {:?}", IssuerKey::draw(generator), HolderKey::draw(generator));
    assert_eq!(shown, "IssuerKey { x: Scalar(..), y: Scalar(..) } HolderKey(..)");
}
