//! The first known answer of the NIST round 3 submission, which PQClean keeps as the digest of its text.

use std::collections::VecDeque;
use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

use super::*;
use crate::aes::{BLOCK_OCTETS, Block};
use crate::encoding::hex;
use crate::hash::sha256;

/// Octets of one number that is drawn for each coefficient, and of all of them: 761 coefficients.
const BATCH_OCTETS: usize = 4 * 761;

/// `CTR_DRBG` with AES-256 as NIST's known answers draw from it: NIST SP 800-90A, 10.2.1, without prediction.
struct Drbg {
    key: [u8; 32],
    counter: [u8; BLOCK_OCTETS],
    /// What was drawn in one go and is taken number by number.
    batch: VecDeque<u8>,
}

impl Drbg {
    fn new(seed: &[u8; 48]) -> Self {
        let mut drbg = Self { key: [0; 32], counter: [0; BLOCK_OCTETS], batch: VecDeque::new() };
        drbg.update(seed);
        drbg
    }

    fn blocks(&mut self, count: usize) -> Vec<u8> {
        let cipher = Block::new(&self.key);
        let mut octets = Vec::new();
        for _ in 0..count {
            self.counter = u128::from_be_bytes(self.counter).wrapping_add(1).to_be_bytes();
            octets.extend(cipher.encrypt(self.counter));
        }
        octets
    }

    fn update(&mut self, seed: &[u8; 48]) {
        let blocks = self.blocks(3);
        let mixed: Vec<u8> = blocks.iter().zip(seed).map(|(left, right)| left ^ right).collect();
        self.key.copy_from_slice(&mixed[..32]);
        self.counter.copy_from_slice(&mixed[32..]);
    }

    fn draw(&mut self, octets: &mut [u8]) {
        let drawn = self.blocks(octets.len().div_ceil(BLOCK_OCTETS));
        octets.copy_from_slice(&drawn[..octets.len()]);
        self.update(&[0; 48]);
    }
}

impl TryRng for Drbg {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        if self.batch.is_empty() {
            let mut batch = [0; BATCH_OCTETS];
            self.draw(&mut batch);
            self.batch.extend(batch);
        }
        let octets: Vec<u8> = self.batch.drain(..4).collect();
        Ok(u32::from_le_bytes(octets.try_into().expect("a batch holds whole numbers")))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("sntrup761 draws numbers of 32 bits")
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        self.draw(octets);
        Ok(())
    }
}

impl TryCryptoRng for Drbg {}

/// PQClean, `crypto_kem/sntrup761/META.yml`, `nistkat-sha256`.
#[test]
fn the_first_known_answer_of_the_third_round_is_reproduced() {
    let start: Vec<u8> = (0..48).collect();
    let mut seed = [0; 48];
    Drbg::new(start.as_slice().try_into().unwrap()).draw(&mut seed);
    let mut drbg = Drbg::new(&seed);
    let (public, secret) = sntrup761::generate_key(&mut drbg);
    let (ciphertext, shared) = public.encapsulate(&mut drbg);
    assert_eq!(public_key(secret.as_ref()).as_deref(), Ok(public.as_ref()));
    assert_eq!(*decapsulate(secret.as_ref(), ciphertext.as_ref()).unwrap(), shared.as_ref());
    let digits = |octets: &[u8]| hex::encode(octets).to_uppercase();
    let text = format!(
        "count = 0\nseed = {}\npk = {}\nsk = {}\nct = {}\nss = {}\n",
        digits(&seed),
        digits(public.as_ref()),
        digits(secret.as_ref()),
        digits(ciphertext.as_ref()),
        digits(shared.as_ref()),
    );
    assert_eq!(
        hex::encode(&sha256(text.as_bytes())),
        "afc42c3a5b10f4ef69654250097ebda9b9564570f4086744b24a6daf2bd1f89a"
    );
}
