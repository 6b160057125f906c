//! BLS12-381.

use blstrs::{Bls12, G1Affine, G1Projective, G2Affine, G2Prepared, G2Projective, Scalar};
use ff::PrimeField as _;
use group::{Curve as _, Group as _};
use pairing::{MillerLoopResult as _, MultiMillerLoop as _};
use zencode_crypto::bls12_381::{self as ours, Expansion, G1, G2, pairings_agree};

use crate::curves::generator;
use crate::subject::Subject;

const LABEL: &str = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";

pub fn subjects() -> Vec<Subject> {
    let scalar = ours::Scalar::draw(&mut generator());
    let mut octets = *scalar.to_fixed();
    octets.reverse();
    let theirs = Scalar::from_repr_vartime(octets).expect("scalar");
    let (first, second) = (G1::generator() * &scalar, G2::generator() * &scalar);
    let (their_first, their_second) =
        (G1Projective::generator() * theirs, G2Projective::generator() * theirs);
    let (zcash, zcash2) = (first.to_zcash(), second.to_zcash());
    let again = scalar.clone();
    vec![
        Subject::new("BLS12-381 G1 times scalar", move || first * &scalar)
            .beside("blst", move || their_first * theirs),
        Subject::new("BLS12-381 G2 times scalar", move || second * &again)
            .beside("blst", move || their_second * theirs),
        Subject::new("BLS12-381 two pairings", move || {
            assert!(pairings_agree((&second, &G1::generator()), (&G2::generator(), &first)));
        })
        .beside("blst", move || assert!(agree(&their_first, &their_second))),
        Subject::new("BLS12-381 G1 read", move || G1::from_zcash(&zcash).expect("point"))
            .beside("blst", move || G1Affine::from_compressed(&zcash).expect("point")),
        Subject::new("BLS12-381 G2 read", move || G2::from_zcash(&zcash2).expect("point"))
            .beside("blst", move || G2Affine::from_compressed(&zcash2).expect("point")),
        Subject::new("BLS12-381 G1 hash to curve", || Expansion::Sha256.point(b"abc", LABEL))
            .beside("blst", || G1Projective::hash_to_curve(b"abc", LABEL.as_bytes(), &[])),
    ]
}

fn agree(first: &G1Projective, second: &G2Projective) -> bool {
    let left = (G1Projective::generator().to_affine(), G2Prepared::from(second.to_affine()));
    let right = ((-first).to_affine(), G2Prepared::from(G2Projective::generator().to_affine()));
    let product = Bls12::multi_miller_loop(&[(&left.0, &left.1), (&right.0, &right.1)]);
    product.final_exponentiation().is_identity().into()
}
