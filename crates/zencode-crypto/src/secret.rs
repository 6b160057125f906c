//! Octets that must not leak: wiped when dropped, shown to nobody, compared in constant time.

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// `N` secret octets.
///
/// # Example
/// ```
/// use zencode_crypto::secret::Secret;
/// let secret = Secret::new([7; 32]);
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert_eq!(secret.expose(), &[7; 32]);
/// ```
pub struct Secret<const N: usize>(Zeroizing<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// Takes octets in. The caller's copy is the caller's to wipe.
    ///
    /// # Source
    /// zenswarm's style guide, rule 41.
    pub fn new(octets: [u8; N]) -> Self {
        Self(Zeroizing::new(octets))
    }

    /// Takes in octets of the right number, or nothing.
    ///
    /// # Source
    /// zenswarm's style guide, rule 41.
    pub fn from_slice(octets: &[u8]) -> Option<Self> {
        let mut secret = Self::new([0; N]);
        if octets.len() != N {
            return None;
        }
        secret.0.copy_from_slice(octets);
        Some(secret)
    }

    /// The octets. Whoever asks is responsible for where they go.
    ///
    /// # Source
    /// zenswarm's style guide, rule 41.
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> From<Zeroizing<[u8; N]>> for Secret<N> {
    fn from(octets: Zeroizing<[u8; N]>) -> Self {
        Self(octets)
    }
}

impl<const N: usize> std::fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<const N: usize> PartialEq for Secret<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&*other.0).into()
    }
}

impl<const N: usize> Eq for Secret<N> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_octets_are_equal_secrets() {
        assert!(Secret::new([1, 2, 3]) == Secret::new([1, 2, 3]));
    }

    #[test]
    fn one_other_octet_is_another_secret() {
        assert!(Secret::new([1, 2, 3]) != Secret::new([1, 2, 4]));
    }

    #[test]
    fn octets_of_another_number_are_no_secret() {
        assert!(Secret::<3>::from_slice(&[1, 2]).is_none());
        assert!(Secret::<3>::from_slice(&[1, 2, 3, 4]).is_none());
        assert!(Secret::<3>::from_slice(&[1, 2, 3]) == Some(Secret::new([1, 2, 3])));
    }

    #[test]
    fn debug_shows_no_octet() {
        assert_eq!(format!("{:?}", Secret::new(*b"AAAA")), "Secret(..)");
    }
}
