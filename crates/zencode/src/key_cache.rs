//! Forms of keys that cost time to make, kept for the runs to come.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use subtle::{Choice, ConstantTimeEq as _};
use zencode_crypto::eddsa::{self, KeyPair, KnownKeys};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::json::Json;
use crate::machine::{KEYRING, wipe};
use crate::run::Root;
use crate::value::{Table, Value};

/// What a host keeps beside the KEYS that it grants again and again.
///
/// KEYS that come a second time are kept as they were read, and the keyring among them as memory has it. An Ed25519
/// signature needs the public key too, and deriving it costs as much as signing: the key of the kept keyring is expanded
/// once, any other key for each use. Public keys of others that come again and again are expanded too, up to a number of
/// them. What a run gives does not depend on it.
#[derive(Clone, Default)]
pub struct KeyCache {
    known: KnownKeys,
    keys: Arc<Again<Keys>>,
    keyring: Arc<OnceLock<Keyring>>,
}

/// KEYS: the text, and what was read of it.
struct Keys {
    text: Zeroizing<String>,
    root: Root,
}

impl Drop for Keys {
    fn drop(&mut self) {
        let Root::Object(members) = &mut self.root else { return };
        members.iter_mut().filter_map(|(_, json)| Arc::get_mut(json)).for_each(Json::wipe);
    }
}

/// A keyring: as it was read, as memory has it, and its Ed25519 key expanded.
struct Keyring {
    json: Arc<Json>,
    value: Value,
    eddsa: OnceLock<KeyPair>,
}

impl Keyring {
    /// Whether its Ed25519 key is this one, found out in a time that does not depend on what the key is.
    fn signs_with(&self, secret: &[u8; 32]) -> bool {
        let Value::Table(Table::Dictionary(members)) = &self.value else { return false };
        matches!(members.get("eddsa"), Some(Value::Octet(kept)) if kept.as_slice().ct_eq(secret).into())
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        if let Some(json) = Arc::get_mut(&mut self.json) {
            json.wipe();
        }
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
    pub(crate) fn read(&self, text: &str, read: impl FnOnce() -> Result<Root, Error>) -> Result<Root, Error> {
        match self.keys.kept.get() {
            Some(kept) if *kept.text == text => Ok(kept.root.clone()),
            Some(_) => read(),
            None => {
                let root = read()?;
                self.keys.keep(|| Keys { text: Zeroizing::new(text.to_owned()), root: root.clone() });
                Ok(root)
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
                if let Some(granted) = self.granted().filter(|granted| is_same(granted, json)) {
                    self.keyring.get_or_init(|| Keyring {
                        json: Arc::clone(granted),
                        value: value.clone(),
                        eddsa: OnceLock::new(),
                    });
                }
                Ok(value)
            }
        }
    }

    /// The keyring in the KEYS that are kept.
    fn granted(&self) -> Option<&Arc<Json>> {
        self.keys.kept.get()?.root.get(KEYRING)
    }

    /// Signs with Ed25519.
    ///
    /// # Source
    /// RFC 8032, 5.1.6.
    pub(crate) fn eddsa_sign(&self, secret: &[u8; 32], message: &[u8]) -> [u8; 64] {
        match self.keyring.get().filter(|kept| kept.signs_with(secret)) {
            Some(kept) => kept.eddsa.get_or_init(|| KeyPair::new(secret)).sign(message),
            None => eddsa::sign(secret, message),
        }
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
    if std::ptr::eq(kept, json) {
        return true;
    }
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

    /// A cache that keeps a keyring with this Ed25519 key.
    fn granted(secret: [u8; 32]) -> KeyCache {
        let cache = KeyCache::default();
        let keyring = || Json::Object([("eddsa".to_owned(), Json::Text(format!("{secret:?}")))].into());
        for _ in 0..2 {
            cache.read("keys", || Ok(Root::Object(vec![(KEYRING.to_owned(), Arc::new(keyring()))]))).unwrap();
            let members = [("eddsa".to_owned(), Value::Octet(secret.to_vec()))];
            cache.keyring(&keyring(), || Ok(Value::Table(Table::Dictionary(members.into())))).unwrap();
        }
        cache
    }

    #[test]
    fn another_key_signs_with_itself_and_not_with_the_kept_one() {
        let cache = granted([1; 32]);
        for secret in [[1; 32], [2; 32], [1; 32]] {
            let signature = cache.eddsa_sign(&secret, b"message");
            assert!(eddsa::verify_strict(&eddsa::public_key(&secret), b"message", &signature));
        }
    }

    #[test]
    fn only_the_key_that_a_host_grants_is_kept_expanded() {
        let kept =
            |cache: &KeyCache| cache.keyring.get().is_some_and(|keyring| keyring.eddsa.get().is_some());
        let cache = granted([1; 32]);
        cache.eddsa_sign(&[2; 32], b"message");
        assert!(!kept(&cache));
        cache.eddsa_sign(&[1; 32], b"message");
        assert!(kept(&cache));
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
        assert!(granted([1; 32]).for_other_keys().keyring.get().is_none());
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
        let keys = || Ok(Root::Object(vec![(KEYRING.to_owned(), Arc::new(keyring("ours")))]));
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
        cache.read("{}", || Ok(Root::Array { is_empty: true })).unwrap();
        assert!(cache.keys.kept.get().is_none());
    }

    #[test]
    fn it_shows_nothing() {
        assert_eq!(format!("{:?}", KeyCache::default()), "KeyCache(..)");
    }
}
