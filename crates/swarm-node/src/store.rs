//! Where a controller keeps its log.
