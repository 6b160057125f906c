//! The mathematics of Zencode and of the swarm: octets in, octets out.
//!
//! One scheme or family per module. There is no JSON here, no word of Zencode, no entropy and no clock: whoever
//! wants a random draw brings a [`random::Seed`]. Where the reference engine has a way of its own, this crate
//! has the same, octet for octet; `tests/reference` holds what the engine answered.
//!
//! # Example
//! ```
//! use zencode_crypto::ecdh;
//! use zencode_crypto::encoding::base64;
//! use zencode_crypto::random::{Generator, Seed};
//!
//! // As in a contract that runs with `rngseed=hex:000…0`.
//! let mut generator = Generator::new(&Seed::Reference([0; 64]));
//! let secret = ecdh::generate(&mut generator);
//! assert_eq!(base64::encode(&*secret), "B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637n8Kr2pPc=");
//!
//! let signature = ecdh::sign(&*secret, b"hello", &mut generator)?;
//! let public = ecdh::public_key(&*secret)?;
//! assert!(ecdh::verify(&public, b"hello", &signature));
//! assert!(!ecdh::verify(&public, b"hello!", &signature));
//! # Ok::<(), ecdh::Error>(())
//! ```

pub mod aes;
pub mod bbs;
pub mod bitcoin;
pub mod bls12_381;
pub mod credential;
pub mod dilithium;
pub mod ecdh;
pub mod eddsa;
pub mod encoding;
pub mod es256;
pub mod ethereum;
pub mod hash;
pub mod kyber;
pub mod mldsa44;
pub mod mlkem512;
pub mod ntrup;
pub mod petition;
pub mod pvss;
pub mod random;
pub mod rsa;
pub mod schnorr;
pub mod secret;
pub mod secret_sharing;
pub mod x25519;
