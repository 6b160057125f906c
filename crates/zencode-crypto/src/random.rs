//! Random octets from a seed: the reference engine's generator, or a faster one.

/// Where the random octets of a run come from.
#[derive(Clone)]
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
