//! X25519, for keys that two machines agree on.

use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// The public key of 32 secret octets, which are clamped as they are used.
///
/// # Source
/// RFC 7748, 6.1.
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    PublicKey::from(&StaticSecret::from(*secret)).to_bytes()
}

/// The secret that two keys share, or nothing if the other key forces it to zero.
///
/// # Source
/// RFC 7748, 6.1, with the check for zero that it allows and RFC 8446, 7.4.2 demands.
pub fn shared(secret: &[u8; 32], public: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
    let shared = StaticSecret::from(*secret).diffie_hellman(&PublicKey::from(*public));
    shared.was_contributory().then(|| Zeroizing::new(shared.to_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(digits: &str) -> [u8; 32] {
        let octets = data_encoding::HEXLOWER.decode(digits.as_bytes()).expect("the vectors are hexadecimal");
        octets.try_into().expect("the vectors have 32 octets")
    }

    #[test]
    fn rfc_7748_s_first_scalar_and_coordinate_multiply_to_its_result() {
        let secret = octets("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4");
        let public = octets("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c");
        assert_eq!(
            *shared(&secret, &public).unwrap(),
            octets("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
        );
    }

    #[test]
    fn rfc_7748_s_bob_agrees_with_alice() {
        let bob = octets("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        let alice = octets("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        assert_eq!(
            public_key(&bob),
            octets("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        );
        assert_eq!(
            *shared(&bob, &alice).unwrap(),
            octets("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
        );
    }

    #[test]
    fn a_key_that_forces_the_secret_to_zero_is_refused() {
        for first in [0, 1] {
            let mut public = [0; 32];
            public[0] = first;
            assert_eq!(shared(&[7; 32], &public), None);
        }
    }

    #[test]
    fn two_parties_share_one_secret() {
        let (a, b) = ([3; 32], [4; 32]);
        assert_eq!(shared(&a, &public_key(&b)), shared(&b, &public_key(&a)));
    }
}
