//! Forms of keys that cost time to make, kept for the runs to come.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use subtle::{Choice, ConstantTimeEq as _};
use zencode_crypto::eddsa::{self, KeyPair, KnownKeys};
use zencode_crypto::secret::Secret;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::json::Json;
use crate::machine::{KEYRING, wipe};
use crate::value::Value;

/// What a host keeps beside the KEYS that it grants again and again.
///
/// An Ed25519 signature needs the public key too; deriving it costs as much as signing. The first key that
/// signs under a cache is expanded once; any other key is expanded for each use. Public keys of others that
/// come again and again are expanded too, up to a number of them. KEYS that come a second time are kept as they were
/// read, and the keyring among them as memory has it. What a run gives does not depend on it.
#[derive(Clone, Default)]
pub struct KeyCache {
    eddsa: Arc<OnceLock<(Secret<32>, KeyPair)>>,
    known: KnownKeys,
    keys: Arc<Again<Keys>>,
    keyring: Arc<OnceLock<Keyring>>,
}

/// KEYS: the text, and what was read of it.
struct Keys {
    text: Zeroizing<String>,
    json: Json,
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.json.wipe();
    }
}

/// A keyring: as it was read, and as memory has it.
struct Keyring {
    json: Json,
    value: Value,
}

impl Drop for Keyring {
    fn drop(&mut self) {
        self.json.wipe();
        wipe(&mut self.value);
    }
}

/// What is kept from the second time on: most runs have a cache of their own, and no second time.
struct Again<T> {
    asked: AtomicBool,
    kept: OnceLock<T>,
}

impl<T> Default for Again<T> {
    fn default() -> Self {
        Self { asked: AtomicBool::new(false), kept: OnceLock::new() }
    }
}

impl<T> Again<T> {
    fn keep(&self, make: impl FnOnce() -> T) {
        if self.asked.swap(true, Ordering::Relaxed) {
            self.kept.get_or_init(make);
        }
    }
}

impl std::fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyCache(..)")
    }
}

impl KeyCache {
    /// A cache for other KEYS of the same host, with the public keys that this one knows.
    pub fn for_other_keys(&self) -> Self {
        Self { known: self.known.clone(), ..Self::default() }
    }

    /// KEYS, read by this function unless they are kept.
    pub(crate) fn read(&self, text: &str, read: impl FnOnce() -> Result<Json, Error>) -> Result<Json, Error> {
        match self.keys.kept.get() {
            Some(kept) if *kept.text == text => Ok(kept.json.clone()),
            Some(_) => read(),
            None => {
                let json = read()?;
                self.keys.keep(|| Keys { text: Zeroizing::new(text.to_owned()), json: json.clone() });
                Ok(json)
            }
        }
    }

    /// The keyring as memory has it, made by this function unless it is kept. Only the keyring of KEYS that are kept is:
    /// one that a caller sends is gone with its run.
    pub(crate) fn keyring(
        &self,
        json: &Json,
        import: impl FnOnce() -> Result<Value, Error>,
    ) -> Result<Value, Error> {
        match self.keyring.get() {
            Some(kept) if is_same(&kept.json, json) => Ok(kept.value.clone()),
            Some(_) => import(),
            None => {
                let value = import()?;
                if self.granted().is_some_and(|granted| is_same(granted, json)) {
                    self.keyring.get_or_init(|| Keyring { json: json.clone(), value: value.clone() });
                }
                Ok(value)
            }
        }
    }

    /// The keyring in the KEYS that are kept.
    fn granted(&self) -> Option<&Json> {
        match &self.keys.kept.get()?.json {
            Json::Object(members) => members.get(KEYRING),
            _ => None,
        }
    }

    /// Signs with Ed25519.
    ///
    /// # Source
    /// RFC 8032, 5.1.6.
    pub(crate) fn eddsa_sign(&self, secret: &[u8; 32], message: &[u8]) -> [u8; 64] {
        let wanted = Secret::new(*secret);
        let (kept, pair) = self.eddsa.get_or_init(|| (Secret::new(*secret), KeyPair::new(secret)));
        if *kept == wanted { pair.sign(message) } else { eddsa::sign(secret, message) }
    }

    /// Whether an Ed25519 signature is authentic, by the rules of [`eddsa::verify`].
    ///
    /// # Source
    /// RFC 8032, 5.1.7.
    pub(crate) fn eddsa_verify(&self, public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        self.known.verify(public, message, signature)
    }
}

/// Whether two keyrings hold the same keys, found out in a time that does not depend on what the keys are.
fn is_same(kept: &Json, json: &Json) -> bool {
    let (Json::Object(kept), Json::Object(json)) = (kept, json) else { return false };
    let names = kept.keys().eq(json.keys());
    let texts = kept.values().zip(json.values()).map(|pair| match pair {
        (Json::Text(kept), Json::Text(json)) => kept.as_bytes().ct_eq(json.as_bytes()),
        // The issuer's key has two parts, and is made anew.
        _ => Choice::from(0),
    });
    names && texts.fold(Choice::from(1), |same, next| same & next).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Contract, Inputs, Library, Limits, Seed, Settings, Step};

    #[test]
    fn a_second_key_signs_with_itself_and_not_with_the_kept_one() {
        let cache = KeyCache::default();
        for secret in [[1; 32], [2; 32], [1; 32]] {
            let signature = cache.eddsa_sign(&secret, b"message");
            assert!(eddsa::verify_strict(&eddsa::public_key(&secret), b"message", &signature));
        }
    }

    #[test]
    fn a_kept_public_key_takes_its_own_signatures_alone() {
        let cache = KeyCache::default();
        let public = eddsa::public_key(&[1; 32]);
        for _ in 0..5 {
            assert!(cache.eddsa_verify(&public, b"message", &eddsa::sign(&[1; 32], b"message")));
            assert!(!cache.eddsa_verify(&public, b"message", &eddsa::sign(&[2; 32], b"message")));
            assert!(!cache.eddsa_verify(&public, b"another", &eddsa::sign(&[1; 32], b"message")));
        }
    }

    #[test]
    fn a_cache_for_other_keys_keeps_no_secret_key() {
        let cache = KeyCache::default();
        cache.eddsa_sign(&[1; 32], b"message");
        assert!(cache.for_other_keys().eddsa.get().is_none());
    }

    #[test]
    fn other_keys_are_never_answered_by_the_kept_ones() {
        let cache = KeyCache::default();
        let keys = |word: &str| format!(r#"{{"keyring":{{"ecdh":"{word}"}},"{word}":1}}"#);
        let contract = "Scenario 'ecdh': keys\nGiven I have a 'keyring'\nWhen I create the ecdh public key\nThen print the data\n";
        let contract = Contract::compile(contract, Library::Language, &Limits::default()).unwrap();
        let printed = |keys: &str, cache: &KeyCache| {
            let settings = Settings { seed: Seed::Fresh([1; 32]), now_ms: 0, limits: Limits::default() };
            let inputs = Inputs { keys, ..Inputs::default() };
            match contract.start_with(inputs, settings, cache).unwrap().step().unwrap() {
                Step::Done(output) => output.json,
                Step::Ask(_) => unreachable!("it asks for nothing"),
            }
        };
        let secrets =
            ["B4rYTWx6UMbc2YPWRNpl4w2M6gY9jqSa637H8Cr8NCE=", "WzD8xDqRAXDy8qmXdiG8Nqnqq5ZqHgRNJkoTcOaTBdA="];
        for word in secrets.into_iter().cycle().take(8) {
            assert_eq!(printed(&keys(word), &cache), printed(&keys(word), &KeyCache::default()));
        }
        assert!(cache.keys.kept.get().is_some() && cache.keyring.get().is_some());
    }

    #[test]
    fn the_keyring_of_a_caller_is_not_kept() {
        let cache = KeyCache::default();
        let keyring = |word: &str| Json::Object([("ecdh".to_owned(), Json::Text(word.to_owned()))].into());
        let keys = || Ok(Json::Object([(KEYRING.to_owned(), keyring("ours"))].into()));
        for sent in ["theirs", "theirs", "theirs"] {
            cache.read("keys", keys).unwrap();
            cache.keyring(&keyring(sent), || Ok(Value::Boolean(false))).unwrap();
        }
        assert!(cache.keyring.get().is_none());
        cache.keyring(&keyring("ours"), || Ok(Value::Boolean(true))).unwrap();
        assert!(cache.keyring.get().is_some());
        let theirs = cache.keyring(&keyring("theirs"), || Ok(Value::Boolean(false))).unwrap();
        assert!(matches!(theirs, Value::Boolean(false)));
    }

    #[test]
    fn what_comes_once_is_not_kept() {
        let cache = KeyCache::default();
        cache.read("{}", || Ok(Json::Array(Vec::new()))).unwrap();
        assert!(cache.keys.kept.get().is_none());
    }

    #[test]
    fn it_shows_nothing() {
        assert_eq!(format!("{:?}", KeyCache::default()), "KeyCache(..)");
    }
}
