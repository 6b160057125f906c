//! What the tests of the stores share: connections to loopback, within small limits.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::dial::Dialer;
use super::egress::Policy;
use super::http::Names;
use crate::config::EgressConfig;

/// Octets of an answer in tests.
pub(crate) const OCTETS_MAX: usize = 100_000;

/// What may be reached, and for how long.
pub(crate) fn dialer(allowed: &[&str], timeout: Duration) -> Arc<Dialer> {
    let egress = EgressConfig {
        policy: Policy::new(allowed.iter().map(|it| it.parse().expect("a rule")).collect()),
        timeout,
        reply_octets_max: OCTETS_MAX,
    };
    Arc::new(Dialer::new(egress, Names::Table(BTreeMap::new())))
}

/// Loopback, with time enough on a machine that does other things too.
pub(crate) fn loopback() -> Arc<Dialer> {
    dialer(&["127.0.0.1"], Duration::from_secs(30))
}

/// Loopback, for requests that nobody will answer.
pub(crate) fn impatient() -> Arc<Dialer> {
    dialer(&["127.0.0.1"], Duration::from_millis(300))
}

/// A files folder with room for secrets beside it.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("files")).expect("a folder in it");
        Self(folder)
    }

    /// What contracts may read and write.
    pub(crate) fn files(&self) -> PathBuf {
        self.0.path().join("files")
    }

    /// What they may not.
    pub(crate) fn outside(&self) -> &Path {
        self.0.path()
    }
}
