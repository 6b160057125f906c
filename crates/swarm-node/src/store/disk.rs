//! The store in one file on disk, on redb: pure Rust, copy on write, one fsync per batch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use redb::{
    Database, DatabaseError, ReadableDatabase as _, ReadableTableMetadata as _, StorageError, TableDefinition,
};

use super::{Batch, Store, StoreError, check};

/// The log: index to entry.
const LOG: TableDefinition<u64, &[u8]> = TableDefinition::new("log");
/// The state: key to value.
const STATE: TableDefinition<&str, &[u8]> = TableDefinition::new("state");
/// Octets of pages that the engine may keep in memory; the registry itself is in memory anyway.
const CACHE_OCTETS_MAX: usize = 8 * 1024 * 1024;

/// The store on disk. The file is locked: a second process is refused.
pub struct DiskStore {
    path: PathBuf,
    database: Database,
}

impl std::fmt::Debug for DiskStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DiskStore").field("path", &self.path).finish_non_exhaustive()
    }
}

impl DiskStore {
    /// Makes the file with an empty log, or opens it when it is there.
    ///
    /// # Errors
    /// `InUse`, `Damaged` or `Io`.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let database = guarded(path, || builder().create(path).map_err(|error| opening(path, error)))?;
        let store = Self { path: path.to_owned(), database };
        let transaction = store.engine(store.database.begin_write())?;
        store.engine(transaction.open_table(LOG).map(drop))?;
        store.engine(transaction.open_table(STATE).map(drop))?;
        store.engine(transaction.commit())?;
        Ok(store)
    }

    /// Opens the file and checks every page of it.
    ///
    /// # Errors
    /// `Missing`, `InUse`, `Damaged` or `Io`.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.is_file() {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        let database = guarded(path, || {
            let mut database = builder().open(path).map_err(|error| opening(path, error))?;
            // A false answer means damage that the engine has repaired: by dropping what it could not read.
            match database.check_integrity().map_err(|error| opening(path, error))? {
                true => Ok(database),
                false => Err(damaged(path, "its checksums do not match its content")),
            }
        })?;
        let store = Self { path: path.to_owned(), database };
        store.entries_count()?;
        Ok(store)
    }

    /// Gives an error of the engine its place.
    fn engine<T, E: Into<redb::Error>>(&self, result: Result<T, E>) -> Result<T, StoreError> {
        result.map_err(|error| foreign(&self.path, error.into()))
    }
}

impl Store for DiskStore {
    fn entries_count(&self) -> Result<u64, StoreError> {
        let transaction = self.engine(self.database.begin_read())?;
        let log = self.engine(transaction.open_table(LOG))?;
        self.engine(log.len())
    }

    fn entries(&self, first: u64, count_max: usize) -> Result<Vec<Vec<u8>>, StoreError> {
        let transaction = self.engine(self.database.begin_read())?;
        let log = self.engine(transaction.open_table(LOG))?;
        let mut entries = Vec::new();
        for row in self.engine(log.range(first..))?.take(count_max) {
            let (index, entry) = self.engine(row)?;
            let expected = first + entries.len() as u64;
            if index.value() != expected {
                return Err(damaged(&self.path, &format!("entry {expected} of the log is missing")));
            }
            entries.push(entry.value().to_vec());
        }
        Ok(entries)
    }

    fn value(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let transaction = self.engine(self.database.begin_read())?;
        let state = self.engine(transaction.open_table(STATE))?;
        let value = self.engine(state.get(key))?;
        Ok(value.map(|value| value.value().to_vec()))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        // The engine's default is to sync the file before it returns.
        let transaction = self.engine(self.database.begin_write())?;
        {
            let mut log = self.engine(transaction.open_table(LOG))?;
            check(batch, self.engine(log.len())?)?;
            for (index, entry) in (batch.first..).zip(&batch.entries) {
                self.engine(log.insert(index, entry.as_slice()).map(drop))?;
            }
            let mut state = self.engine(transaction.open_table(STATE))?;
            for (key, value) in &batch.values {
                self.engine(state.insert(key.as_str(), value.as_slice()).map(drop))?;
            }
        }
        self.engine(transaction.commit())
    }
}

fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_OCTETS_MAX);
    builder
}

/// Runs the engine over a file that may hold anything: where it panics on damage, that is an error too.
fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(damaged(path, "the database engine gave up on its content")))
}

fn damaged(path: &Path, cause: &str) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), cause: cause.to_owned() }
}

fn opening(path: &Path, error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::InUse { path: path.to_owned() },
        // A file that ends too early is short, not unreadable.
        DatabaseError::Storage(StorageError::Io(error))
            if matches!(
                error.kind(),
                std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof
            ) =>
        {
            damaged(path, &error.to_string())
        }
        DatabaseError::RepairAborted | DatabaseError::UpgradeRequired(_) => damaged(path, &error.to_string()),
        other => foreign(path, other.into()),
    }
}

fn foreign(path: &Path, error: redb::Error) -> StoreError {
    let cause = error.to_string();
    match error {
        redb::Error::DatabaseAlreadyOpen => StoreError::InUse { path: path.to_owned() },
        redb::Error::Io(_) | redb::Error::PreviousIo => StoreError::Io { path: path.to_owned(), cause },
        _ => StoreError::Damaged { path: path.to_owned(), cause },
    }
}
