//! One suite for every store, and what only the one on disk can get wrong.

use proptest::prelude::*;

use super::disk::DiskStore;
use super::memory::MemoryStore;
use super::*;

/// Runs one fact over every store.
fn check_each(fact: impl Fn(&dyn Store)) {
    fact(&MemoryStore::new());
    let folder = tempfile::tempdir().unwrap();
    fact(&DiskStore::create(&folder.path().join("log.redb")).unwrap());
}

fn batch(first: u64, entries: &[&str]) -> Batch {
    Batch {
        first,
        entries: entries.iter().map(|text| text.as_bytes().to_vec()).collect(),
        values: Vec::new(),
    }
}

#[test]
fn a_new_store_is_empty() {
    check_each(|store| {
        assert_eq!(store.entries_count().unwrap(), 0);
        assert_eq!(store.entries(0, 10).unwrap(), Vec::<Vec<u8>>::new());
        assert_eq!(store.value("head").unwrap(), None);
    });
}

#[test]
fn entries_come_back_in_the_order_they_were_written() {
    check_each(|store| {
        store.commit(&batch(0, &["a", "b"])).unwrap();
        store.commit(&batch(2, &["c"])).unwrap();
        assert_eq!(store.entries_count().unwrap(), 3);
        assert_eq!(store.entries(0, 10).unwrap(), [b"a", b"b", b"c"]);
        assert_eq!(store.entries(1, 1).unwrap(), [b"b"]);
        assert_eq!(store.entries(3, 1).unwrap(), Vec::<Vec<u8>>::new());
        assert_eq!(store.entries(u64::MAX, 1).unwrap(), Vec::<Vec<u8>>::new());
    });
}

#[test]
fn a_value_is_the_last_one_written() {
    check_each(|store| {
        for text in ["one", "two"] {
            let values = vec![("head".to_owned(), text.as_bytes().to_vec())];
            store.commit(&Batch { values, ..Batch::default() }).unwrap();
        }
        assert_eq!(store.value("head").unwrap().as_deref(), Some(b"two".as_slice()));
    });
}

#[test]
fn a_batch_that_does_not_continue_the_log_leaves_nothing() {
    check_each(|store| {
        store.commit(&batch(0, &["a"])).unwrap();
        for first in [0, 2, u64::MAX] {
            let values = vec![("head".to_owned(), b"x".to_vec())];
            let refused = store.commit(&Batch { values, ..batch(first, &["z"]) });
            assert!(matches!(refused, Err(StoreError::OutOfOrder { end: 1, .. })));
        }
        assert_eq!(store.entries(0, 10).unwrap(), [b"a"]);
        assert_eq!(store.value("head").unwrap(), None);
    });
}

#[test]
fn an_entry_above_the_limit_is_refused_with_its_whole_batch() {
    check_each(|store| {
        let large = vec![0; ENTRY_OCTETS_MAX + 1];
        let refused = store.commit(&Batch { entries: vec![b"a".to_vec(), large], ..Batch::default() });
        assert!(matches!(refused, Err(StoreError::TooLarge { what: "an entry", .. })));
        assert_eq!(store.entries_count().unwrap(), 0);
    });
}

#[test]
fn the_disk_keeps_what_was_written_after_it_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.redb");
    let values = vec![("head".to_owned(), b"h".to_vec())];
    DiskStore::create(&path).unwrap().commit(&Batch { values, ..batch(0, &["a", "b"]) }).unwrap();
    let store = DiskStore::open(&path).unwrap();
    assert_eq!(store.entries(0, 10).unwrap(), [b"a", b"b"]);
    assert_eq!(store.value("head").unwrap().as_deref(), Some(b"h".as_slice()));
}

#[test]
fn a_second_opening_of_the_same_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.redb");
    let _first = DiskStore::create(&path).unwrap();
    assert!(matches!(DiskStore::open(&path), Err(StoreError::InUse { .. })));
}

#[test]
fn an_absent_file_is_missing_and_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.redb");
    assert!(matches!(DiskStore::open(&path), Err(StoreError::Missing { .. })));
    assert!(!path.exists());
}

/// A database file with forty entries, each in a commit of its own.
fn sample() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.redb");
    let store = DiskStore::create(&path).unwrap();
    for index in 0..40 {
        store.commit(&batch(index, &[&format!("entry {index}")])).unwrap();
    }
    drop(store);
    std::fs::read(&path).unwrap()
}

/// What a file of these octets holds, or the error it gives.
fn reopened(octets: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.redb");
    std::fs::write(&path, octets).unwrap();
    DiskStore::open(&path)?.entries(0, 1000)
}

#[test]
fn a_truncated_file_is_called_damaged() {
    let whole = sample();
    for length in [0, 1, 100, 4096, whole.len() / 2, whole.len() - 1] {
        let error = reopened(&whole[..length]).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{length} octets: {error}");
    }
}

#[test]
fn a_file_of_something_else_is_called_damaged() {
    let error = reopened(&vec![b'x'; 100_000]).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_file_with_changed_octets_is_damaged_or_holds_a_true_prefix(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let mut octets = sample();
        for (place, octet) in changes {
            let place = place.index(octets.len());
            octets[place] = octet;
        }
        if let Ok(entries) = reopened(&octets) {
            for (index, entry) in entries.iter().enumerate() {
                let expected = format!("entry {index}").into_bytes();
                prop_assert_eq!(entry, &expected);
            }
        }
    }
}
