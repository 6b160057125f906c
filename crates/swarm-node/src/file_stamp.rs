//! Whether a file is still the one that was read: what the system says about it, not its content.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// Device, inode, size and time of the last change; nothing of them when there is no file.
///
/// A file that was replaced has another inode, one that was written into another time: links that are turned to another
/// file, as certificates are renewed, are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileStamp(Option<(u64, u64, u64, i64, i64)>);

impl FileStamp {
    /// The stamp of a file as it is now.
    pub(crate) fn of(path: &Path) -> Self {
        let metadata = std::fs::metadata(path).ok();
        Self(metadata.map(|it| (it.dev(), it.ino(), it.size(), it.mtime(), it.mtime_nsec())))
    }
}
