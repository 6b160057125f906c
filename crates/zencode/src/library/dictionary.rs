//! dictionary

use crate::statement::Statement;

pub(super) const STATEMENTS: &[Statement] = &[];
