//! Ed25519 keys of machines and people: checked when made, secret when secret.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha512};
use zencode_crypto::{eddsa, hash};
use zeroize::Zeroizing;

use crate::octets::{self, OctetsError, octets_type, text_type};

octets_type!(
    /// An Ed25519 signature; its text is base58 of 64 octets.
    Signature,
    64
);

/// An Ed25519 public key: on the curve and not of small order; its text is base58 of 32 octets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Checks and wraps the octets of a key.
    ///
    /// # Errors
    /// [`OctetsError::NotAKey`] when the octets are not on the curve, or of small order (such a key
    /// accepts signatures that nobody made).
    pub fn from_octets(octets: [u8; 32]) -> Result<Self, OctetsError> {
        match VerifyingKey::from_bytes(&octets) {
            Ok(key) if !key.is_weak() => Ok(Self(octets)),
            _ => Err(OctetsError::NotAKey),
        }
    }

    /// The 32 octets.
    pub const fn octets(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether this key made the signature over exactly this message.
    ///
    /// # Source
    /// RFC 8032, 5.1.7, with the strict rules that leave one signature per message and signer.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> bool {
        eddsa::verify_strict(&self.0, message, signature.octets())
    }

    /// Whether this key made the Ed25519ph signature over this message in this context.
    ///
    /// # Source
    /// RFC 8032, 5.1 with F = 1.
    pub(crate) fn verify_in_context(&self, context: &[u8], message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature.octets());
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| {
            key.verify_prehashed_strict(Sha512::new_with_prefix(message), Some(context), &signature).is_ok()
        })
    }
}

text_type!(PublicKey);

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&octets::to_base58(&self.0))
    }
}

impl FromStr for PublicKey {
    type Err = OctetsError;

    fn from_str(text: &str) -> Result<Self, OctetsError> {
        octets::from_base58(text).and_then(Self::from_octets)
    }
}

/// An Ed25519 secret key: wiped when dropped, never printed, never serialized.
#[derive(Clone)]
pub struct SigningKey {
    secret: Zeroizing<[u8; 32]>,
    public: PublicKey,
}

impl SigningKey {
    /// The key of a 32-octet seed.
    pub fn from_octets(secret: [u8; 32]) -> Self {
        let secret = Zeroizing::new(secret);
        // A clamped scalar is never zero modulo the group's order, so the key is never of small order.
        let public = PublicKey(eddsa::public_key(&secret));
        Self { secret, public }
    }

    /// A labelled sub-key of a root secret, so that one sealed secret serves every purpose and no key serves two.
    ///
    /// # Source
    /// RFC 5869 with SHA-256, no salt, the label as info.
    pub fn derive(root: &[u8; 32], label: &str) -> Self {
        let octets = hash::hkdf_sha256(&[], root, label.as_bytes(), 32).map(Zeroizing::new);
        let octets = octets.expect("HKDF gives up to 8,160 octets, 32 are asked for");
        let mut secret = Zeroizing::new([0; 32]);
        secret.copy_from_slice(&octets);
        Self::from_octets(*secret)
    }

    /// The public half.
    pub const fn public(&self) -> PublicKey {
        self.public
    }

    /// Signs a message, which must start with a domain label (see [`crate::envelope`]).
    pub(crate) fn sign(&self, message: &[u8]) -> Signature {
        Signature::new(eddsa::sign(&self.secret, message))
    }

    /// Signs a message in a context: Ed25519ph.
    ///
    /// # Source
    /// RFC 8032, 5.1 with F = 1.
    pub(crate) fn sign_in_context(&self, context: &[u8], message: &[u8]) -> Signature {
        let key = ed25519_dalek::SigningKey::from_bytes(&self.secret);
        let signature = key
            .sign_prehashed(Sha512::new_with_prefix(message), Some(context))
            .expect("a context of at most 255 octets is accepted");
        Signature::new(signature.to_bytes())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets<const N: usize>(hex: &str) -> [u8; N] {
        data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn the_second_vector_of_rfc_8032_signs_as_published() {
        let key = SigningKey::from_octets(octets(
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        ));
        let public = octets("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = Signature::new(octets(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ));
        assert_eq!(key.public().octets(), &public);
        assert_eq!(key.sign(&[0x72]), signature);
        assert!(key.public().verify(&[0x72], &signature));
        assert!(!key.public().verify(&[0x73], &signature));
    }

    #[test]
    fn the_ed25519ph_vector_of_rfc_8032_verifies_only_with_its_empty_context() {
        let key = SigningKey::from_octets(octets(
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        ));
        let signature = Signature::new(octets(
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41\
             31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406",
        ));
        assert_eq!(key.sign_in_context(b"", b"abc"), signature);
        assert!(key.public().verify_in_context(b"", b"abc", &signature));
        assert!(!key.public().verify_in_context(b"x", b"abc", &signature));
        assert!(!key.public().verify(b"abc", &signature));
    }

    #[test]
    fn a_key_of_small_order_is_refused() {
        let mut identity = [0_u8; 32];
        identity[0] = 1;
        assert_eq!(PublicKey::from_octets(identity), Err(OctetsError::NotAKey));
        assert_eq!(PublicKey::from_octets([0; 32]), Err(OctetsError::NotAKey));
    }

    #[test]
    fn octets_outside_the_curve_are_refused() {
        let mut octets = [0_u8; 32];
        octets[0] = 2;
        assert_eq!(PublicKey::from_octets(octets), Err(OctetsError::NotAKey));
    }

    #[test]
    fn a_text_with_a_character_outside_the_alphabet_names_the_place() {
        let error = "0ogus".parse::<PublicKey>().unwrap_err();
        assert_eq!(error, OctetsError::Character { character: '0', position: 0 });
    }

    #[test]
    fn a_long_text_is_refused_by_its_length() {
        assert_eq!("1".repeat(100_000).parse::<PublicKey>(), Err(OctetsError::Length { expected: 32 }));
    }

    #[test]
    fn a_secret_key_prints_nothing() {
        assert_eq!(format!("{:?}", SigningKey::from_octets([7; 32])), "SigningKey(..)");
    }

    #[test]
    fn labels_give_unrelated_keys() {
        let root = [9; 32];
        assert_ne!(SigningKey::derive(&root, "a").public(), SigningKey::derive(&root, "b").public());
    }
}
