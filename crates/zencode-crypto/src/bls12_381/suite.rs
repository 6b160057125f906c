//! The hash to a point that RFC 9380 defines, in constant time. blst has it with SHA-256 only.

use bls12_381::G1Projective;
use bls12_381::hash_to_curve::{ExpandMessage, HashToCurve, Message};
use generic_array::ArrayLength;
use generic_array::typenum::{IsLess, U256};

use super::{G1, Scalar};
use crate::hash::{sha256, shake256};

/// Octets that a scalar is made of: 16 more than it has, so that every scalar is about as likely.
const SCALAR_OCTETS: usize = 48;

/// Octets that a point is made of: two elements of the base field of 64 octets each.
const POINT_OCTETS: usize = 128;

/// How a message becomes as many octets as are wanted. Labels have at most 255 octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expansion {
    /// `expand_message_xmd` with SHA-256.
    Sha256,
    /// `expand_message_xof` with SHAKE-256.
    Shake256,
}

impl Expansion {
    /// 48 octets of a message under a label.
    ///
    /// # Source
    /// RFC 9380, 5.3.1 and 5.3.2.
    pub fn octets(self, message: &[u8], label: &str) -> [u8; SCALAR_OCTETS] {
        self.expand(message, label)
    }

    /// The scalar of a message under a label.
    ///
    /// # Source
    /// draft-irtf-cfrg-bbs-signatures, 4.2.2 "Hash to scalar".
    pub fn scalar(self, message: &[u8], label: &str) -> Scalar {
        Scalar::from_octets(&self.octets(message, label)).expect("48 octets are a scalar")
    }

    /// The point of a message under a label.
    ///
    /// # Source
    /// RFC 9380, 8.8.1: `BLS12381G1_XMD:SHA-256_SSWU_RO_`, and the same with SHAKE-256.
    pub fn point(self, message: &[u8], label: &str) -> G1 {
        if self == Self::Sha256 {
            return G1::of(blstrs::G1Projective::hash_to_curve(message, label.as_bytes(), &[]));
        }
        let octets: [u8; POINT_OCTETS] = self.expand(message, label);
        let point = <G1Projective as HashToCurve<Ready>>::hash_to_curve([&octets], &[]);
        let octets = bls12_381::G1Affine::from(point).to_uncompressed();
        let point = blstrs::G1Affine::from_uncompressed_unchecked(&octets);
        G1::of(point.expect("both crates read a point").into())
    }

    fn expand<const COUNT: usize>(self, message: &[u8], label: &str) -> [u8; COUNT] {
        let mut suffix = label.as_bytes().to_vec();
        suffix.push(u8::try_from(label.len()).expect("labels have at most 255 octets"));
        let [.., high, low] = COUNT.to_be_bytes();
        let mut octets = [0; COUNT];
        match self {
            Self::Sha256 => {
                let start = sha256(&[&[0; 64], message, &[high, low, 0], &suffix].concat());
                let mut block = [0; 32];
                for (index, chunk) in (1_u8..).zip(octets.chunks_mut(32)) {
                    let mixed: Vec<u8> = start.iter().zip(block).map(|(left, right)| left ^ right).collect();
                    block = sha256(&[&mixed[..], &[index], &suffix].concat());
                    chunk.copy_from_slice(&block[..chunk.len()]);
                }
            }
            Self::Shake256 => {
                octets.copy_from_slice(&shake256(&[message, &[high, low], &suffix].concat(), COUNT));
            }
        }
        octets
    }
}

/// Octets that are expanded already.
struct Ready {
    octets: Vec<u8>,
    position: usize,
}

impl ExpandMessage for Ready {
    fn init_expand<M: Message, L: ArrayLength<u8> + IsLess<U256>>(message: M, _: &[u8], _: usize) -> Self {
        let mut octets = Vec::with_capacity(POINT_OCTETS);
        message.input_message(|part| octets.extend_from_slice(part));
        Self { octets, position: 0 }
    }

    fn read_into(&mut self, output: &mut [u8]) -> usize {
        let rest = &self.octets[self.position..];
        let count = rest.len().min(output.len());
        output[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        count
    }

    fn remain(&self) -> usize {
        self.octets.len() - self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex;

    #[test]
    fn a_point_is_that_of_the_standard() {
        // RFC 9380, J.9.1, for "abc".
        let label = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";
        let expected = "03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3aee664ba5379a7655d3c68900be2f6903";
        let point = Expansion::Sha256.point(b"abc", label).to_octets();
        assert_eq!(hex::encode(&point[1..]), expected);
    }

    #[test]
    fn octets_are_those_of_the_standard() {
        // What is asked for is hashed too, so 32 octets are not the first of 48.
        let table = include_str!("../../tests/vectors/expand.tsv");
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let [expander, message, expected] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
            let (expansion, label) = match expander {
                "sha256" => (Expansion::Sha256, "QUUX-V01-CS02-with-expander-SHA256-128"),
                _ => (Expansion::Shake256, "QUUX-V01-CS02-with-expander-SHAKE256"),
            };
            let expanded: [u8; 32] = expansion.expand(message.as_bytes(), label);
            assert_eq!(hex::encode(&expanded), expected, "{expander} of {message}");
        }
    }
}
