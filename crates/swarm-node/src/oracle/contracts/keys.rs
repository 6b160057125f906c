//! What a contract gets as KEYS: its own file, and what of the oracle's its metadata grants.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};
use zencode::KeyCache;
use zeroize::Zeroizing;

use super::fault::Cause;
use crate::members::Members;
use crate::yaml;

/// KEYS as JSON text, with what is kept of them: wiped when dropped, never printed.
#[derive(Clone, Default)]
pub(crate) struct Secret {
    pub(crate) text: Arc<Zeroizing<String>>,
    pub(crate) cache: KeyCache,
    /// The names at the top, as contracts know them.
    names: Arc<BTreeSet<String>>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// The contract's own keys and the granted keyring.
    pub(crate) fn new(
        own: Option<Zeroizing<String>>,
        keyring: Option<&Zeroizing<String>>,
    ) -> Result<Self, Cause> {
        let text = merge(own, keyring)?;
        let names = Members::parse(&text).map_err(|_| "it is JSON, but no object")?;
        let names = names.iter().map(|(name, _)| in_memory(name)).collect();
        Ok(Self { text: Arc::new(text), cache: KeyCache::default(), names: Arc::new(names) })
    }

    /// The same keys, with the public keys that a host knows already.
    pub(crate) fn with_known(self, host: &KeyCache) -> Self {
        Self { cache: host.for_other_keys(), ..self }
    }

    /// Whether there are no keys at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether there is a key of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(&in_memory(name))
    }

    /// Names at the top.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// DATA without the members that KEYS has too: what a contract holds as a key, no caller replaces.
    pub(crate) fn over(&self, data: String) -> String {
        if self.names.is_empty() || data.is_empty() {
            return data;
        }
        match Members::parse(&data) {
            Ok(mut members) if members.iter().any(|(name, _)| self.has(name)) => {
                members.retain(|name| !self.has(name));
                members.data()
            }
            // What is no object is the language's to refuse.
            _ => data,
        }
    }
}

/// A name as the language knows it: spaces are underscores.
fn in_memory(name: &str) -> String {
    name.replace(' ', "_")
}

/// Reads a file of keys: JSON, or YAML where its name says nothing of JSON.
pub(super) fn read(text: Zeroizing<String>, is_yaml: bool) -> Result<Zeroizing<String>, Cause> {
    if text.trim().is_empty() {
        return Ok(Zeroizing::default());
    }
    match object(&text) {
        Ok(_) => Ok(text),
        Err(cause) if !is_yaml || text.trim_start().starts_with(['{', '[']) => Err(cause),
        Err(_) => {
            // The reader's message could quote a secret; the place is enough.
            let value: Value = yaml::read(&text).map_err(|fault| Cause {
                line: fault.line,
                text: "it is neither JSON nor YAML".to_owned(),
            })?;
            match value {
                Value::Object(_) => Ok(Zeroizing::new(value.to_string())),
                Value::Null => Ok(Zeroizing::default()),
                _ => Err("it is YAML, but no mapping".into()),
            }
        }
    }
}

fn merge(
    own: Option<Zeroizing<String>>,
    keyring: Option<&Zeroizing<String>>,
) -> Result<Zeroizing<String>, Cause> {
    let Some(own) = own.filter(|own| !own.trim().is_empty()) else {
        return Ok(keyring.cloned().unwrap_or_default());
    };
    let members = object(&own)?;
    let Some(keyring) = keyring else { return Ok(own) };
    if members.contains_key("keyring") {
        return Err("it holds a keyring, and the metadata grants the oracle's: one must go".into());
    }
    if members.is_empty() {
        return Ok(keyring.clone());
    }
    // Texts are joined, not values: a parsed keyring would leave copies of its secrets behind.
    let inside = |text: &str| -> Option<Zeroizing<String>> {
        let inside = text.trim().strip_prefix('{')?.strip_suffix('}')?;
        Some(Zeroizing::new(inside.to_owned()))
    };
    match (inside(keyring), inside(&own)) {
        (Some(keyring), Some(own)) => Ok(Zeroizing::new(format!("{{{},{}}}", *keyring, *own))),
        _ => Err("it is JSON, but no object".into()),
    }
}

/// Reads an object whose text may be secret.
pub(super) fn object(json: &str) -> Result<Map<String, Value>, Cause> {
    match serde_json::from_str(json) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err("it is JSON, but no object".into()),
        Err(error) if error.is_syntax() || error.is_eof() => {
            // The parser's message could quote a secret; the place is enough.
            let text = format!("it is not JSON from column {} on", error.column());
            Err(Cause { line: Some(error.line()), text })
        }
        Err(error) => Err(error.to_string().into()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEYRING: &str = "{\"keyring\":{\"ecdh\":\"canary\"}}";

    fn secret(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[test]
    fn keys_in_yaml_are_keys() {
        let keys = read(secret("endpoint: http://localhost\nuser:\n  name: Ada\n"), true).unwrap();
        assert_eq!(*keys, "{\"endpoint\":\"http://localhost\",\"user\":{\"name\":\"Ada\"}}");
    }

    #[test]
    fn keys_in_json_keep_their_text() {
        let keys = read(secret("{ \"n\": 1.50 }"), true).unwrap();
        assert_eq!(*keys, "{ \"n\": 1.50 }");
    }

    #[test]
    fn a_json_file_is_not_read_as_yaml() {
        assert!(read(secret("a: b\n"), false).is_err());
    }

    #[test]
    fn a_fault_of_keys_does_not_quote_them() {
        for (text, is_yaml) in [
            ("a: [canary\nb: 1\n", true),
            ("canary", true),
            ("{\"a\": canary}", false),
            ("a: canary: b", true),
        ] {
            let cause = read(secret(text), is_yaml).unwrap_err();
            assert!(!cause.text.contains("canary"), "{cause:?}");
        }
    }

    #[test]
    fn no_caller_replaces_a_key() {
        let keys = Secret::new(Some(secret("{\"end point\":1}")), None).unwrap();
        assert_eq!(keys.over("{\"end_point\":2,\"x\":1.50}".to_owned()), "{\"x\":1.50}");
        assert_eq!(keys.over("{\"end point\":2}".to_owned()), "");
        assert_eq!(keys.over("{ \"x\":1 }".to_owned()), "{ \"x\":1 }");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,80}") {
            drop(read(secret(&text), true));
            drop(Secret::new(Some(secret(&text)), Some(&secret(KEYRING))));
        }

        #[test]
        fn joined_keys_hold_what_both_held(own in "[a-z{}]{0,8}", value in "[{}, \"]{0,8}") {
            let object = serde_json::json!({ own.clone(): { "inner": value } });
            let joined = merge(Some(secret(&object.to_string())), Some(&secret(KEYRING)));
            let mut expected = object;
            expected["keyring"] = serde_json::json!({ "ecdh": "canary" });
            prop_assert_eq!(serde_json::from_str::<Value>(&joined.unwrap()).unwrap(), expected);
        }
    }
}
