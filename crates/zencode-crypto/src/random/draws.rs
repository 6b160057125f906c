//! The generator as the crates of the algorithms take it.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};

use super::Generator;

/// Draws from the run's generator, for a crate that wants a random source.
pub(crate) struct Draws<'a>(pub(crate) &'a mut Generator);

impl Draws<'_> {
    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut octets = [0; N];
        self.0.fill(&mut octets);
        octets
    }
}

impl TryRng for Draws<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.array()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.array()))
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(octets);
        Ok(())
    }
}

// What the seed is worth is what the draws are worth: the caller of the crate answers for it.
impl TryCryptoRng for Draws<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn it_draws_what_the_generator_draws_little_endian() {
        let mut generator = Generator::new(&Seed::Reference([0; 64]));
        let mut draws = Draws(&mut generator);
        assert_eq!(draws.try_next_u32(), Ok(0x62c0_d85d));
    }
}
