//! Which keys are good, and what is kept of them.

use std::os::unix::fs::PermissionsExt as _;

use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn check(state: &Path, text: &str) -> Result<String, String> {
    let keys = ApiKeys::open(state).unwrap();
    keys.check(text, NOW).map(|key| key.name).map_err(|error| error.to_string())
}

#[test]
fn a_key_is_known_by_its_name() {
    let state = tempfile::tempdir().unwrap();
    let (_, text) = create(state.path(), "dashboard", None).unwrap();
    assert_eq!(check(state.path(), &text), Ok("dashboard".to_owned()));
}

#[test]
fn a_key_has_256_random_bits_and_is_for_its_owner_alone() {
    let state = tempfile::tempdir().unwrap();
    let (key, text) = create(state.path(), "a", None).unwrap();
    let secret = text.strip_prefix(&format!("zsk_{}_", key.id)).unwrap();
    assert_eq!(bs58::decode(secret).into_vec().unwrap().len(), 32);
    let path = state.path().join("api-keys.json");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!std::fs::read_to_string(path).unwrap().contains(secret));
}

#[test]
fn any_other_text_is_unknown() {
    let state = tempfile::tempdir().unwrap();
    let (key, text) = create(state.path(), "a", None).unwrap();
    let (other, _) = create(state.path(), "b", None).unwrap();
    let swapped = text.replace(&key.id, &other.id);
    let longer = format!("{}1", *text);
    let shorter = &text[..text.len() - 1];
    for wrong in
        [&swapped, &longer, shorter, "", "zsk_", "zsk__", &format!("zsk_{}_", key.id), &"zsk_1_".repeat(9999)]
    {
        assert_eq!(check(state.path(), wrong), Err("this API key is not known".to_owned()));
    }
}

#[test]
fn a_revoked_key_and_one_whose_time_is_over_are_refused() {
    let state = tempfile::tempdir().unwrap();
    let (key, text) = create(state.path(), "a", None).unwrap();
    revoke(state.path(), "a").unwrap();
    assert_eq!(check(state.path(), &text), Err(format!("the API key {} was revoked", key.id)));
    let (key, text) = create(state.path(), "b", Some(NOW)).unwrap();
    assert_eq!(check(state.path(), &text), Err(format!("the API key {} has expired", key.id)));
    let (_, text) = create(state.path(), "c", Some(NOW.plus(1))).unwrap();
    assert_eq!(check(state.path(), &text), Ok("c".to_owned()));
}

#[test]
fn a_name_is_one_keys_until_it_is_revoked() {
    let state = tempfile::tempdir().unwrap();
    create(state.path(), "a", None).unwrap();
    assert!(matches!(create(state.path(), "a", None), Err(ApiKeyError::Taken(_))));
    revoke(state.path(), "a").unwrap();
    create(state.path(), "a", None).unwrap();
    assert_eq!(list(state.path()).unwrap().len(), 2);
}

#[test]
fn a_name_that_is_none_and_a_key_that_is_not_there_are_refused() {
    let state = tempfile::tempdir().unwrap();
    for name in ["", "a b", "é", "a\n", &"a".repeat(65)] {
        assert!(matches!(create(state.path(), name, None), Err(ApiKeyError::Name(_))), "{name:?}");
    }
    assert!(matches!(revoke(state.path(), "a"), Err(ApiKeyError::Missing(_))));
}

#[test]
fn a_serving_oracle_follows_the_file_and_keeps_its_keys_when_the_file_is_damaged() {
    let state = tempfile::tempdir().unwrap();
    let keys = ApiKeys::open(state.path()).unwrap();
    let (_, text) = create(state.path(), "a", None).unwrap();
    assert!(keys.check(&text, NOW).is_err());
    keys.reload();
    assert!(keys.check(&text, NOW).is_ok());
    std::fs::write(state.path().join("api-keys.json"), "{\"keys\":[").unwrap();
    keys.reload();
    assert!(keys.check(&text, NOW).is_ok());
    assert!(ApiKeys::open(state.path()).is_err());
}

#[test]
fn keys_made_at_once_are_all_kept() {
    let state = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let path = state.path();
            scope.spawn(move || create(path, &format!("key{number}"), None).unwrap());
        }
    });
    assert_eq!(list(state.path()).unwrap().len(), 8);
}

proptest! {
    #[test]
    fn no_text_breaks_the_check(text in ".{0,200}") {
        let state = tempfile::tempdir().unwrap();
        prop_assert!(check(state.path(), &text).is_err());
        let longer = format!("zsk_{text}");
        prop_assert!(check(state.path(), &longer).is_err());
    }
}
