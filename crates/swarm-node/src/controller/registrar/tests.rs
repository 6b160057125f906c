//! The writer of the log over a store in memory.
