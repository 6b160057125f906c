//! Counters of a process.
