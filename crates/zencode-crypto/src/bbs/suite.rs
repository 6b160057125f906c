//! The two ciphersuites: labels, generators, and hashes to scalars.

use std::sync::{LazyLock, OnceLock};

use super::{Error, MESSAGES_MAX, PublicKey};
use crate::bls12_381::{Expansion, G1, Scalar};
use crate::encoding::hex;

/// A ciphersuite; keys, signatures and proofs of one are none of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// `BLS12-381-SHA-256`.
    Sha256,
    /// `BLS12-381-SHAKE-256`.
    Shake256,
}

/// Generators that are kept: those of most signatures.
const KEPT: usize = 64;

/// What a suite is made of.
struct Parts {
    expansion: Expansion,
    interface: String,
    key: String,
    generator_seed: String,
    generator: String,
    hash: String,
    message: String,
    base: G1,
    kept: [OnceLock<G1>; KEPT],
}

impl Parts {
    fn new(expansion: Expansion, name: &str, base: &str) -> Self {
        let interface = format!("{name}H2G_HM2S_");
        let base = hex::decode(base).expect("the constants of this file are hexadecimal");
        Self {
            expansion,
            key: format!("{name}KEYGEN_DST_"),
            generator_seed: format!("{interface}SIG_GENERATOR_SEED_"),
            generator: format!("{interface}SIG_GENERATOR_DST_"),
            hash: format!("{interface}H2S_"),
            message: format!("{interface}MAP_MSG_TO_SCALAR_AS_HASH_"),
            base: G1::from_zcash(&base).expect("a test reads the base points"),
            interface,
            kept: [const { OnceLock::new() }; KEPT],
        }
    }
}

static SHA256: LazyLock<Parts> = LazyLock::new(|| {
    Parts::new(
        Expansion::Sha256,
        "BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_",
        "a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9",
    )
});

static SHAKE256: LazyLock<Parts> = LazyLock::new(|| {
    Parts::new(
        Expansion::Shake256,
        "BBS_BLS12381G1_XOF:SHAKE-256_SSWU_RO_",
        "8929dfbc7e6642c4ed9cba0856e493f8b9d7d5fcb0c31ef8fdcd34d50648a56c795e106e9eada6e0bda386b414150755",
    )
});

impl Suite {
    fn parts(self) -> &'static Parts {
        match self {
            Self::Sha256 => &SHA256,
            Self::Shake256 => &SHAKE256,
        }
    }

    pub(super) fn expansion(self) -> Expansion {
        self.parts().expansion
    }

    pub(super) fn key_label(self) -> &'static str {
        &self.parts().key
    }

    /// The point that commitments start from.
    pub(super) fn base(self) -> G1 {
        self.parts().base
    }

    /// The scalar of octets.
    pub(super) fn hash(self, octets: &[u8]) -> Scalar {
        self.expansion().scalar(octets, &self.parts().hash)
    }

    /// The scalar of a message.
    pub(super) fn message(self, message: &[u8]) -> Scalar {
        self.expansion().scalar(message, &self.parts().message)
    }

    /// The generator of the domain, and one for each of `count` messages.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 4.1.1 "Generators calculation".
    pub(super) fn generators(self, count: usize) -> Result<Vec<G1>, Error> {
        if count > MESSAGES_MAX {
            return Err(Error::Messages(count));
        }
        let parts = self.parts();
        let seed = format!("{}MESSAGE_GENERATOR_SEED", parts.interface);
        let mut state = parts.expansion.octets(seed.as_bytes(), &parts.generator_seed);
        let mut generators = Vec::with_capacity(count + 1);
        for index in 0..=count {
            let counter = (index as u64 + 1).to_be_bytes();
            state = parts.expansion.octets(&[&state[..], &counter].concat(), &parts.generator_seed);
            let make = || parts.expansion.point(&state, &parts.generator);
            generators.push(parts.kept.get(index).map_or_else(make, |kept| *kept.get_or_init(make)));
        }
        Ok(generators)
    }

    /// What binds a signature to its key and to the number of messages.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 4.2.3 "Domain calculation", the header empty.
    pub(super) fn domain(self, public: &PublicKey, generators: &[G1]) -> Scalar {
        let mut octets = public.to_octets().to_vec();
        octets.extend_from_slice(&(generators.len() as u64 - 1).to_be_bytes());
        for generator in generators {
            octets.extend_from_slice(&generator.to_zcash());
        }
        octets.extend_from_slice(self.parts().interface.as_bytes());
        octets.extend_from_slice(&0_u64.to_be_bytes());
        self.hash(&octets)
    }
}
