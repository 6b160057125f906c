//! Drawing primes as the reference engine does, so that the same seed gives the same key.

use ::rsa::BoxedUint;
use crypto_bigint::CheckedAdd as _;
use crypto_primes::{Flavor, is_prime};
use zeroize::Zeroizing;

use super::{EXPONENT, PRIME_BITS, PRIME_OCTETS};
use crate::random::Generator;

/// A number is drawn in parts of 512 bits, the lowest part first.
const PART_OCTETS: usize = 64;
/// The reference engine divides by the primes of 3 to 19 before it draws anything for a candidate.
const SIEVE: u32 = 3 * 5 * 7 * 11 * 13 * 17 * 19;
/// Octets that one round of its primality test draws: a number twice as long as the candidate.
const ROUND_OCTETS: usize = 2 * PRIME_OCTETS;
/// Rounds that a prime passes. Composite numbers fail the first.
const ROUNDS: usize = 10;
/// Odd divisors below this are tried before the primality test, which is slow.
const DIVISOR_MAX: u32 = 10_000;
/// Candidates are 3 modulo 4, and so is the distance from one to the next.
const STEP: u32 = 4;

/// Draws a prime of 2048 bits that is 3 modulo 4, and whose predecessor 65537 does not divide.
///
/// # Source
/// Milagro `rsa.c.in`, `RSA_WWW_KEY_PAIR`; `ff.c.in`, `FF_WWW_prime`.
pub(super) fn draw(generator: &mut Generator) -> BoxedUint {
    loop {
        let start = start(generator);
        if let Some(prime) = next(&start, generator)
            && remainder(&prime.to_be_bytes(), EXPONENT) != 1
        {
            return prime;
        }
    }
}

/// Draws a number whose top bit is set; it is drawn in parts, and bits within an octet come lowest first.
fn start(generator: &mut Generator) -> Zeroizing<[u8; PRIME_OCTETS]> {
    let mut octets = Zeroizing::new([0; PRIME_OCTETS]);
    for part in octets.rchunks_exact_mut(PART_OCTETS) {
        fill(part, generator);
    }
    while octets[0] < 0x80 {
        fill(&mut octets[..PART_OCTETS], generator);
    }
    octets[PRIME_OCTETS - 1] |= 3;
    octets
}

fn fill(part: &mut [u8], generator: &mut Generator) {
    generator.fill(part);
    for octet in part {
        *octet = octet.reverse_bits();
    }
}

/// The first prime from a start on; none when it has more bits. Draws what the reference engine draws for its
/// tests, which decide the same.
fn next(start: &[u8; PRIME_OCTETS], generator: &mut Generator) -> Option<BoxedUint> {
    let divisors = || (3..DIVISOR_MAX).step_by(2);
    let mut remainders: Zeroizing<Vec<u32>> =
        Zeroizing::new(divisors().map(|divisor| remainder(start, divisor)).collect());
    let mut sieve = remainder(start, SIEVE);
    let mut candidate = BoxedUint::from_be_slice(start, PRIME_BITS).ok()?;
    let mut unused = Zeroizing::new([0; ROUND_OCTETS]);
    loop {
        if is_coprime(sieve) {
            generator.fill(&mut *unused);
            let divided = remainders.contains(&0);
            if !divided && is_prime(Flavor::Any, &candidate) {
                (1..ROUNDS).for_each(|_| generator.fill(&mut *unused));
                return Some(candidate);
            }
        }
        candidate = Option::from(candidate.checked_add(&BoxedUint::from(STEP)))?;
        sieve = (sieve + STEP) % SIEVE;
        for (remainder, divisor) in remainders.iter_mut().zip(divisors()) {
            *remainder = (*remainder + STEP) % divisor;
        }
    }
}

/// Whether none of the primes of the sieve divides a number with this remainder.
fn is_coprime(remainder: u32) -> bool {
    [3, 5, 7, 11, 13, 17, 19].iter().all(|prime| !remainder.is_multiple_of(*prime))
}

/// The remainder of a number, written from its highest octet on.
fn remainder(octets: &[u8], divisor: u32) -> u32 {
    let step = |remainder: u64, octet: &u8| (remainder << 8 | u64::from(*octet)) % u64::from(divisor);
    octets.iter().fold(0, step) as u32
}
