//! Transactions that spend from segwit addresses of version 0: what is signed, and what is sent.

use super::{HASH_OCTETS, double_sha256};
use crate::ecdh;

/// Octets of the id of a transaction.
pub const ID_OCTETS: usize = 32;

/// The kind of signature that covers every input and output.
const SIGHASH_ALL: u32 = 1;

/// An output of another transaction that is spent here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The id of the other transaction, as it is shown: its octets from last to first.
    pub id: [u8; ID_OCTETS],
    /// Which of its outputs.
    pub index: u32,
    /// The hash of the key that may spend it.
    pub hash: [u8; HASH_OCTETS],
    /// What it is worth, in satoshi.
    pub amount: u64,
    /// The sequence number.
    pub sequence: u32,
}

impl Input {
    fn outpoint(&self) -> Vec<u8> {
        let mut octets: Vec<u8> = self.id.iter().rev().copied().collect();
        octets.extend(self.index.to_le_bytes());
        octets
    }
}

/// An amount and who may spend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What it is worth, in satoshi.
    pub amount: u64,
    /// The script that says who may spend it.
    pub script: Vec<u8>,
}

impl Output {
    /// Pays to the hash of a key.
    ///
    /// # Source
    /// BIP-141, "P2WPKH".
    pub fn to_hash(amount: u64, hash: &[u8; HASH_OCTETS]) -> Self {
        Self { amount, script: [&[0x00, 0x14], &hash[..]].concat() }
    }

    fn encoded(&self) -> Vec<u8> {
        [&self.amount.to_le_bytes()[..], &compact(self.script.len()), &self.script].concat()
    }
}

/// A transaction without its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The version.
    pub version: u32,
    /// What is spent.
    pub inputs: Vec<Input>,
    /// What is paid.
    pub outputs: Vec<Output>,
    /// The block or time before which it is not valid.
    pub lock_time: u32,
}

impl Transaction {
    /// What is signed for an input; none when there is no such input.
    ///
    /// # Source
    /// BIP-143.
    pub fn digest(&self, input: usize) -> Option<[u8; 32]> {
        let input = self.inputs.get(input)?;
        let outpoints: Vec<u8> = self.inputs.iter().flat_map(Input::outpoint).collect();
        let sequences: Vec<u8> = self.inputs.iter().flat_map(|input| input.sequence.to_le_bytes()).collect();
        let outputs: Vec<u8> = self.outputs.iter().flat_map(Output::encoded).collect();
        let content = [
            &self.version.to_le_bytes()[..],
            &double_sha256(&outpoints),
            &double_sha256(&sequences),
            &input.outpoint(),
            // The script of an old address to the same key.
            &[0x19, 0x76, 0xa9, 0x14],
            &input.hash,
            &[0x88, 0xac],
            &input.amount.to_le_bytes(),
            &input.sequence.to_le_bytes(),
            &double_sha256(&outputs),
            &self.lock_time.to_le_bytes(),
            &SIGHASH_ALL.to_le_bytes(),
        ];
        Some(double_sha256(&content.concat()))
    }

    /// The transaction as it is sent, with what each input is spent by; without, it is the unsigned one.
    ///
    /// # Source
    /// BIP-144.
    pub fn encoded(&self, witnesses: &[Vec<Vec<u8>>]) -> Vec<u8> {
        let mut octets = self.version.to_le_bytes().to_vec();
        if !witnesses.is_empty() {
            octets.extend([0, 1]);
        }
        octets.extend(compact(self.inputs.len()));
        for input in &self.inputs {
            octets.extend(input.outpoint());
            octets.push(0);
            octets.extend(input.sequence.to_le_bytes());
        }
        octets.extend(compact(self.outputs.len()));
        octets.extend(self.outputs.iter().flat_map(Output::encoded));
        for witness in witnesses {
            octets.extend(compact(witness.len()));
            for item in witness {
                octets.extend(compact(item.len()));
                octets.extend(item);
            }
        }
        octets.extend(self.lock_time.to_le_bytes());
        octets
    }
}

/// A number of items or octets.
fn compact(number: usize) -> Vec<u8> {
    let number = number as u64;
    match (u8::try_from(number), u16::try_from(number), u32::try_from(number)) {
        (Ok(octet), ..) if octet < 0xfd => vec![octet],
        (_, Ok(short), _) => [&[0xfd], &short.to_le_bytes()[..]].concat(),
        (_, _, Ok(long)) => [&[0xfe], &long.to_le_bytes()[..]].concat(),
        _ => [&[0xff], &number.to_le_bytes()[..]].concat(),
    }
}

/// A signature as a witness holds it: in DER, the kind of signature behind it.
///
/// # Source
/// BIP-66, BIP-143.
pub fn witness_signature(signature: &ecdh::Signature) -> Vec<u8> {
    let integers = [der_integer(&signature.r), der_integer(&signature.s)].concat();
    let mut octets = vec![0x30, integers.len() as u8];
    octets.extend(integers);
    octets.push(SIGHASH_ALL as u8);
    octets
}

/// The shortest form of an integer that is not below zero.
fn der_integer(integer: &[u8; ecdh::SCALAR_OCTETS]) -> Vec<u8> {
    let zeros = integer.iter().take_while(|octet| **octet == 0).count().min(integer.len() - 1);
    let mut digits = integer[zeros..].to_vec();
    if digits[0] >= 0x80 {
        digits.insert(0, 0);
    }
    [&[0x02, digits.len() as u8], &digits[..]].concat()
}

#[cfg(test)]
mod tests;
