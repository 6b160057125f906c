//! Octets of a fixed length and their text: base58 with the Bitcoin alphabet, one text for one value.

/// Why a text is not the base58 of as many octets as wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OctetsError {
    /// A character outside the alphabet.
    #[error("character {character:?} at position {position} is not base58")]
    Character {
        /// What was found.
        character: char,
        /// Where, counted in octets from 0.
        position: usize,
    },
    /// Too few or too many octets.
    #[error("text is not the base58 of {expected} octets")]
    Length {
        /// Octets wanted.
        expected: usize,
    },
    /// The octets are no Ed25519 public key that can be trusted: not on the curve, or of small order.
    #[error("octets are not an Ed25519 public key")]
    NotAKey,
}

impl OctetsError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Character { .. } => {
                "base58 uses neither 0, O, I nor l: copy the text again from where it was printed"
            }
            Self::Length { .. } => "the text may be cut short, or be another kind of value",
            Self::NotAKey => {
                "copy the key again from where it was printed; a key of another kind does not serve here"
            }
        }
    }
}

/// The octets of a base58 text.
pub(crate) fn from_base58<const N: usize>(text: &str) -> Result<[u8; N], OctetsError> {
    // A length check first keeps the quadratic decoder away from long texts.
    if text.len() > N * 3 / 2 + 1 {
        return Err(OctetsError::Length { expected: N });
    }
    let mut octets = [0_u8; N];
    match bs58::decode(text).onto(&mut octets[..]) {
        Ok(length) if length == N => Ok(octets),
        Err(bs58::decode::Error::InvalidCharacter { character, index }) => {
            Err(OctetsError::Character { character, position: index })
        }
        Err(bs58::decode::Error::NonAsciiCharacter { index }) => Err(OctetsError::Character {
            character: text.get(index..).and_then(|rest| rest.chars().next()).unwrap_or('?'),
            position: index,
        }),
        _ => Err(OctetsError::Length { expected: N }),
    }
}

/// The base58 text of octets.
pub(crate) fn to_base58(octets: &[u8]) -> String {
    zencode_crypto::encoding::base58::encode(octets)
        .expect("keys, digests and signatures are far below the limit")
}

/// A type of `N` octets whose text and JSON are base58.
macro_rules! octets_type {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// Wraps the octets.
            pub const fn new(octets: [u8; $length]) -> Self {
                Self(octets)
            }

            /// The octets.
            pub const fn octets(&self) -> &[u8; $length] {
                &self.0
            }
        }

        $crate::octets::text_type!($name);

        impl std::str::FromStr for $name {
            type Err = $crate::octets::OctetsError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::octets::from_base58(text).map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::octets::to_base58(&self.0))
            }
        }
    };
}

/// `Debug`, `Serialize` and `Deserialize` of a type by its text.
macro_rules! text_type {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use {octets_type, text_type};

octets_type!(
    /// A SHA-256 digest; its text is base58 of 32 octets.
    Digest,
    32
);

octets_type!(
    /// A random value used once; its text is base58 of 16 octets.
    Nonce,
    16
);

impl Digest {
    /// The SHA-256 digest of octets.
    ///
    /// # Source
    /// FIPS 180-4.
    pub fn of(octets: &[u8]) -> Self {
        Self(zencode_crypto::hash::sha256(octets))
    }
}
