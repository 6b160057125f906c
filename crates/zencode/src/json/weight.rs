//! What a JSON text will take of memory, before it is read.

use memchr::{memchr, memchr2};

/// Octets of memory that a JSON text takes once it is read, at most: a value follows each sign of its structure.
pub(crate) fn weight_max(text: &str) -> usize {
    /// A value, its name, and what the allocator adds.
    const VALUE: usize = 128;
    let is_sign = |octet: &&u8| matches!(octet, b'[' | b'{' | b',' | b':');
    let mut values = 1_usize;
    let mut rest = text.as_bytes();
    while let Some(quote) = memchr(b'"', rest) {
        values += rest[..quote].iter().filter(is_sign).count();
        rest = behind_text(&rest[quote + 1..]);
    }
    values += rest.iter().filter(is_sign).count();
    values.saturating_mul(VALUE).saturating_add(2 * text.len())
}

/// What follows the quote that ends a text.
fn behind_text(mut rest: &[u8]) -> &[u8] {
    while let Some(end) = memchr2(b'"', b'\\', rest) {
        if rest[end] == b'"' {
            return &rest[end + 1..];
        }
        // Whatever is escaped ends nothing.
        rest = rest.get(end + 2..).unwrap_or_default();
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Octet by octet, as the format is defined.
    fn signs(text: &str) -> usize {
        let (mut quoted, mut escaped, mut signs) = (false, false, 0);
        for octet in text.bytes() {
            match octet {
                _ if escaped => escaped = false,
                b'\\' => escaped = quoted,
                b'"' => quoted = !quoted,
                b'[' | b'{' | b',' | b':' if !quoted => signs += 1,
                _ => {}
            }
        }
        signs
    }

    proptest::proptest! {
        #[test]
        fn a_text_weighs_what_the_signs_of_its_structure_do(text in "[\\[{,:\"\\\\a ]{0,40}") {
            proptest::prop_assert_eq!(weight_max(&text), (signs(&text) + 1) * 128 + 2 * text.len());
        }
    }
}
