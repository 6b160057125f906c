//! A store that forgets everything with the process: for tests and for rehearsals.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Batch, Store, StoreError, check};

/// The store in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    content: Mutex<Content>,
}

#[derive(Debug, Default)]
struct Content {
    entries: Vec<Vec<u8>>,
    values: BTreeMap<String, Vec<u8>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        // A batch is checked before anything is written, so a panic elsewhere leaves no half of one.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn entries_count(&self) -> Result<u64, StoreError> {
        Ok(self.content().entries.len() as u64)
    }

    fn entries(&self, first: u64, count_max: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        Ok(self.content().entries.iter().skip(first).take(count_max).cloned().collect())
    }

    fn value(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.content().values.get(key).cloned())
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut content = self.content();
        check(batch, content.entries.len() as u64)?;
        content.entries.extend(batch.entries.iter().cloned());
        content.values.extend(batch.values.iter().cloned());
        Ok(())
    }
}
