//! Settings of a process: file, then environment, then flags.
