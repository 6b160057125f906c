//! Signing with keys of the usual exponent, three times as fast as with any other.

use ::rsa::BoxedUint;
use crypto_bigint::{ConcatenatingMul as _, Limb, NonZero, Resize as _};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPairComponents, PublicKeyComponents};
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use zeroize::Zeroizing;

use super::{EXPONENT, PRIME_BITS, PRIME_OCTETS, SECRET_OCTETS, SIGNATURE_OCTETS};
use crate::bls12_381::significant;

/// Bits of the private exponent while it is computed: a product of the modulus and the exponent.
const PRODUCT_BITS: u32 = 2 * PRIME_BITS + Limb::BITS;

/// Signs a message; none when the exponent is not the usual one, or the numbers do not belong together.
///
/// That is seen at the end, where the library verifies what it made, so that a wrong number cannot give a
/// signature that tells the primes.
pub(super) fn sign(secret: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let mut signature = vec![0; SIGNATURE_OCTETS];
    // The padding of PKCS #1 v1.5 is not random: the generator is never asked.
    key_pair(secret)?.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
    Some(signature)
}

/// The library's key. It wants all the numbers of RFC 8017, of which a secret key here has five. The library does not wipe
/// it.
fn key_pair(secret: &[u8]) -> Option<RsaKeyPair> {
    if secret.len() != SECRET_OCTETS {
        return None;
    }
    let part = |index: usize| &secret[index * PRIME_OCTETS..][..PRIME_OCTETS];
    let number = |index| BoxedUint::from_be_slice(part(index), PRIME_BITS).ok().map(Zeroizing::new);
    let (p, q) = (number(0)?, number(1)?);
    let private = private_exponent(&p, &q)?;
    let (modulus, exponent) = (p.concatenating_mul(&*q).to_be_bytes(), EXPONENT.to_be_bytes());
    // The last number of a secret key is the inverse of its first prime; the library wants that of the second.
    let components = KeyPairComponents {
        public_key: PublicKeyComponents { n: &modulus[..], e: significant(&exponent) },
        d: significant(&private),
        p: part(1),
        q: part(0),
        dP: part(3),
        dQ: part(2),
        qInv: part(4),
    };
    RsaKeyPair::from_components(&components).ok()
}

/// The inverse `d` of the usual exponent modulo `(p - 1)(q - 1)`, by one short division.
///
/// `d e = 1 + k (p - 1)(q - 1)` for the one `k` below the prime `e` that makes the right side a multiple of it.
///
/// # Source
/// RFC 8017, 3.2.
fn private_exponent(p: &BoxedUint, q: &BoxedUint) -> Option<Zeroizing<Box<[u8]>>> {
    let one = BoxedUint::one_with_precision(PRIME_BITS);
    let order = Zeroizing::new(p.wrapping_sub(&one).concatenating_mul(q.wrapping_sub(&one)));
    let exponent = NonZero::new(Limb::from(EXPONENT)).into_option()?;
    let inverse = inverse(u64::from(order.rem_limb(exponent)));
    let factor = BoxedUint::from(u64::from(EXPONENT) - inverse);
    let order = Zeroizing::new((*order).clone().resize_unchecked(PRODUCT_BITS));
    let product = Zeroizing::new(order.wrapping_mul(&factor));
    let product = Zeroizing::new(product.wrapping_add(BoxedUint::one_with_precision(PRODUCT_BITS)));
    let private = Zeroizing::new(product.div_rem_limb(exponent).0);
    Some(Zeroizing::new(private.to_be_bytes()))
}

/// The inverse of a number modulo the usual exponent, which is a prime: its power of the exponent less two.
fn inverse(number: u64) -> u64 {
    let modulus = u64::from(EXPONENT);
    // That power is 2^16 - 1: every bit of it is set.
    (0..16).rev().fold(1, |power, _| power * power % modulus * number % modulus)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_times_its_number_is_one() {
        for number in [1, 2, 3, 40_000, 65_535, 65_536] {
            assert_eq!(number * inverse(number) % 65_537, 1);
        }
    }

    #[test]
    fn the_private_exponent_times_the_public_one_is_one_modulo_the_order() {
        // 2^31 - 1 and 2^61 - 1 are primes.
        let (p, q) = ((1_u64 << 31) - 1, (1_u64 << 61) - 1);
        let wide = |number: u64| BoxedUint::from(number).resize_unchecked(PRIME_BITS);
        let octets = private_exponent(&wide(p), &wide(q)).unwrap();
        let exponent = u128::from_be_bytes(*octets.last_chunk().unwrap());
        let order = u128::from(p - 1) * u128::from(q - 1);
        assert!(exponent < order);
        assert_eq!(exponent % order * 65_537 % order, 1);
    }
}
