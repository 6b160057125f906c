//! The vectors that standards and their collections publish, against what this crate answers.
//!
//! The tables in `vectors/` name their source and hold a part of it: the first, the last, and some of every
//! kind. Where a result differs from the source's, the test says so and why.

#[path = "vectors/ciphers.rs"]
mod ciphers;
#[path = "vectors/curves.rs"]
mod curves;
#[path = "vectors/digests.rs"]
mod digests;
#[path = "vectors/lattices.rs"]
mod lattices;
#[path = "vectors/points.rs"]
mod points;

use data_encoding::{BASE64, HEXLOWER};

/// The fields of each line that is no comment.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        fields.try_into().expect("every line has as many fields as its table")
    })
}

fn octets(digits: &str) -> Vec<u8> {
    HEXLOWER.decode(digits.as_bytes()).expect("the tables hold hexadecimal digits")
}

fn octets64(text: &str) -> Vec<u8> {
    BASE64.decode(text.as_bytes()).expect("the tables hold base64")
}

fn array<const N: usize>(digits: &str) -> Option<[u8; N]> {
    octets(digits).try_into().ok()
}
