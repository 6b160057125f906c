//! Random octets from a seed: the reference engine's generator, or a faster one.

mod draws;
mod fresh;
mod reference;

pub(crate) use draws::Draws;

use zeroize::{ZeroizeOnDrop, Zeroizing};

/// The fewest octets that the reference engine takes for `seed random with`. [`Generator::reseed`] takes any.
pub const RESEED_OCTETS_MIN: usize = 4;

/// The number of values of [`Generator::int16`], and the largest modulo.
pub const MODULO16_MAX: u32 = 1 << 16;

/// The longest collection that [`Generator::pick`] takes.
pub const PICK_LENGTH_MAX: usize = 65_535;

/// Where the random octets of a run come from.
#[derive(Clone, ZeroizeOnDrop)]
pub enum Seed {
    /// The reference engine's generator, for the same octets under the same `rngseed`.
    Reference([u8; 64]),
    /// A stream cipher keyed with fresh entropy, for runs that nobody repeats.
    Fresh([u8; 32]),
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Reference(_) => "Reference(..)",
            Self::Fresh(_) => "Fresh(..)",
        })
    }
}

/// Why a draw was refused. Nothing is drawn then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A modulo that a 16-bit draw cannot serve.
    #[error("modulo {0} found, expected 1 to {MODULO16_MAX}")]
    Modulo(u32),
    /// A collection too long for 16-bit draws.
    #[error("{length} elements found, expected at most {max}")]
    Length {
        /// The length found.
        length: usize,
        /// The longest accepted.
        max: usize,
    },
    /// More elements wanted than there are.
    #[error("{wanted} of {length} elements wanted")]
    Wanted {
        /// The number of elements wanted.
        wanted: usize,
        /// The number of elements there are.
        length: usize,
    },
}

/// Draws random octets and numbers from a [`Seed`]. Costs nothing before its first draw.
///
/// # Example
/// ```
/// use zencode_crypto::random::{Generator, Seed};
/// let mut generator = Generator::new(&Seed::Reference([0; 64]));
/// assert_eq!(generator.octets(4), [0x5d, 0xd8, 0xc0, 0x62]);
/// ```
pub struct Generator {
    source: Source,
    /// The seed that the run started from, when it is the reference engine's.
    origin: Option<Zeroizing<[u8; 64]>>,
    table_seed: Option<u32>,
}

enum Source {
    Seed(Seed),
    // Boxed, as a generator that never draws moves around with every run.
    Reference(Box<reference::Stream>),
    Fresh(Box<fresh::Stream>),
}

impl std::fmt::Debug for Generator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Generator(..)")
    }
}

impl Generator {
    /// Makes a generator. The work of seeding is left to the first draw.
    ///
    /// # Source
    /// Zenroom `zen_random.c`; zenroom-cli.md, 2: "Determinism".
    pub fn new(seed: &Seed) -> Self {
        let origin = match seed {
            Seed::Reference(seed) => Some(Zeroizing::new(*seed)),
            Seed::Fresh(_) => None,
        };
        Self { source: Source::Seed(seed.clone()), origin, table_seed: None }
    }

    /// The seed of the reference engine's string hashes: the first four octets of the run, which no contract
    /// draws. None for a fresh seed. Starting again from other octets does not change it.
    ///
    /// # Source
    /// Zenroom `lib/lua54/src/lstate.c`, `luai_makeseed`.
    pub fn table_seed(&mut self) -> Option<u32> {
        if self.table_seed.is_none() {
            self.table_seed = self.origin.as_ref().map(|seed| reference::first_number(&seed[..]));
        }
        self.table_seed
    }

    /// Whether the octets of the seed that the run started from, read as signed numbers, add up to zero: the
    /// reference engine signs with ML-DSA-44 without randomness then. A seed of zeros is the usual case.
    ///
    /// # Source
    /// Zenroom `zen_qp.c`, `ml_dsa_44_signature`.
    pub fn seed_adds_up_to_zero(&self) -> bool {
        let sum = |seed: &[u8; 64]| seed.iter().map(|octet| i32::from(octet.cast_signed())).sum::<i32>();
        self.origin.as_ref().is_some_and(|seed| sum(seed) == 0)
    }

    /// Starts again from the octets given, whatever the generator came from.
    ///
    /// Everything drawn later depends on these octets alone, as in the reference engine: octets that someone
    /// else knows give keys that someone else knows. The reference engine refuses fewer than
    /// [`RESEED_OCTETS_MIN`].
    ///
    /// # Source
    /// Zenroom `zen_random.c`, `random_seed`, behind `seed random with ''`.
    pub fn reseed(&mut self, seed: &[u8]) {
        self.source = Source::Reference(Box::new(reference::Stream::new(seed)));
    }

    /// Fills `octets` with random octets.
    ///
    /// # Source
    /// zencode.md, F.0 "PRNG"; for [`Seed::Fresh`], ChaCha20 of RFC 8439.
    pub fn fill(&mut self, octets: &mut [u8]) {
        match &mut self.source {
            Source::Reference(stream) => stream.fill(octets),
            Source::Fresh(stream) => stream.fill(octets),
            Source::Seed(seed) => {
                self.source = match seed {
                    Seed::Reference(seed) => Source::Reference(Box::new(reference::Stream::new(&*seed))),
                    Seed::Fresh(seed) => Source::Fresh(Box::new(fresh::Stream::new(seed))),
                };
                self.fill(octets);
            }
        }
    }

    /// Draws `count` octets.
    ///
    /// # Source
    /// Zenroom `zen_octet.c`, `OCTET.random`.
    pub fn octets(&mut self, count: usize) -> Vec<u8> {
        let mut octets = vec![0; count];
        self.fill(&mut octets);
        octets
    }

    /// Draws `N` octets.
    ///
    /// # Source
    /// As [`Generator::octets`].
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut octets = [0; N];
        self.fill(&mut octets);
        octets
    }

    /// Draws a number of 16 bits: two octets, the low one first.
    ///
    /// # Source
    /// Zenroom `zen_random.c`, `random_int16`.
    pub fn int16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    /// Draws a signed number of 32 bits: four octets, the low one first.
    ///
    /// # Source
    /// Zenroom `zen_random.c`, `random_int32`.
    pub fn int32(&mut self) -> i32 {
        i32::from_le_bytes(self.array())
    }

    /// Draws one of 1 to `modulo`, each as likely, from as many 16-bit draws as it takes.
    ///
    /// # Errors
    /// `Modulo` unless it is within 1 to [`MODULO16_MAX`].
    ///
    /// # Source
    /// Zenroom `zencode_random.lua`, behind `create random array with '' numbers modulo ''`.
    pub fn modulo16(&mut self, modulo: u32) -> Result<u32, Error> {
        if modulo == 0 || modulo > MODULO16_MAX {
            return Err(Error::Modulo(modulo));
        }
        let bound = MODULO16_MAX / modulo * modulo;
        loop {
            let drawn = u32::from(self.int16());
            if drawn < bound {
                return Ok(drawn % modulo + 1);
            }
        }
    }

    /// Draws a number below `order`, a big-endian integer; the answer has as many octets.
    ///
    /// Twice as many bits as the order has are drawn, each octet from its low bit on, and reduced. The work
    /// does not depend on the bits drawn. An order of zero gives zero and draws nothing.
    ///
    /// # Source
    /// Zenroom's `BIG.random` and `BIG.modrand`; zencode.md, F.0 "Random scalar".
    pub fn scalar(&mut self, order: &[u8]) -> Zeroizing<Vec<u8>> {
        let leading_zeros = order.iter().position(|octet| *octet != 0).map_or(order.len() * 8, |index| {
            // `index` is where `position` found an octet, so it is in range.
            index * 8 + order[index].leading_zeros() as usize
        });
        let bits = 2 * (order.len() * 8 - leading_zeros);
        let drawn = Zeroizing::new(self.octets(bits.div_ceil(8)));
        reduce_bits(order, (0..bits).map(|index| (drawn[index / 8] >> (index % 8)) & 1))
    }

    /// Draws 64 octets as an integer of 512 bits, big-endian: the octets with their bits in reverse.
    pub(crate) fn wide_integer(&mut self) -> Zeroizing<[u8; 64]> {
        let mut octets = Zeroizing::new([0; 64]);
        self.fill(&mut *octets);
        for octet in octets.iter_mut() {
            *octet = octet.reverse_bits();
        }
        octets
    }

    /// Puts the elements in a random order. It is the reference engine's order, which is not quite uniform.
    ///
    /// # Errors
    /// `Length` for more than [`MODULO16_MAX`] elements.
    ///
    /// # Source
    /// Zenroom `zencode_random.lua`, behind `randomize '' array`.
    pub fn shuffle<T>(&mut self, elements: &mut [T]) -> Result<(), Error> {
        let max = MODULO16_MAX as usize;
        if elements.len() > max {
            return Err(Error::Length { length: elements.len(), max });
        }
        for length in (2..=elements.len()).rev() {
            let drawn = self.modulo16(length as u32)? as usize;
            // The reference adds one twice; with positions from zero that leaves one.
            elements.swap(length - 1, drawn % length);
        }
        Ok(())
    }

    /// Picks `count` positions of a collection of `length` elements, in the order in which the picked
    /// elements stand in the result.
    ///
    /// # Errors
    /// `Length` for more than [`PICK_LENGTH_MAX`] elements, `Wanted` if there are fewer than `count`.
    ///
    /// # Source
    /// Zenroom `zencode_random.lua`, behind `create random pick from ''` and
    /// `create random array with '' elements from ''`.
    pub fn pick(&mut self, count: usize, length: usize) -> Result<Vec<usize>, Error> {
        if length > PICK_LENGTH_MAX {
            return Err(Error::Length { length, max: PICK_LENGTH_MAX });
        }
        if count > length {
            return Err(Error::Wanted { wanted: count, length });
        }
        let mut picked: Vec<usize> = (0..count).collect();
        for position in count..length {
            let drawn = usize::from(self.int16());
            if drawn % (position + 1) < count {
                picked[drawn % count] = position;
            }
        }
        Ok(picked)
    }
}

/// The integer whose bits come highest first, modulo `order`, one bit at a time and without a branch on it.
fn reduce_bits(order: &[u8], bits: impl Iterator<Item = u8>) -> Zeroizing<Vec<u8>> {
    let modulus = limbs(order);
    let mut value = Zeroizing::new(vec![0u64; modulus.len()]);
    let mut less = Zeroizing::new(vec![0u64; modulus.len()]);
    for bit in bits {
        let mut carry = u64::from(bit);
        let mut borrow = false;
        for index in 0..modulus.len() {
            let doubled = (value[index] << 1) | carry;
            carry = value[index] >> 63;
            value[index] = doubled;
            let (difference, below) = doubled.overflowing_sub(modulus[index]);
            let (difference, below_again) = difference.overflowing_sub(u64::from(borrow));
            less[index] = difference;
            borrow = below | below_again;
        }
        // Doubling overflowed, or the modulus went in: either way the difference is the value.
        let mask = (carry | u64::from(!borrow)).wrapping_neg();
        for (value, less) in value.iter_mut().zip(less.iter()) {
            *value ^= mask & (*value ^ *less);
        }
    }
    let mut octets = Zeroizing::new(vec![0; order.len()]);
    for (index, octet) in octets.iter_mut().rev().enumerate() {
        *octet = value[index / 8].to_le_bytes()[index % 8];
    }
    octets
}

/// Limbs of a big-endian integer, least significant first.
fn limbs(octets: &[u8]) -> Vec<u64> {
    octets
        .rchunks(8)
        .map(|chunk| chunk.iter().fold(0, |limb, octet| (limb << 8) | u64::from(*octet)))
        .collect()
}

#[cfg(test)]
mod tests;
