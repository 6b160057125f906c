//! What one run may use, at most. Exceeding a limit is a failure of the run, never of the process.

/// The limits of one compilation and one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets of contract text.
    pub contract_octets_max: usize,
    /// Octets of each of EXTRA, DATA and KEYS.
    pub input_octets_max: usize,
    /// Statements executed, loops included.
    pub statements_max: u64,
    /// Turns of one `Foreach`.
    pub iterations_max: u64,
    /// Octets held by the objects in memory, counted as statements create them.
    pub heap_octets_max: usize,
    /// Levels of nested arrays and dictionaries.
    pub nesting_max: usize,
    /// Octets of the printed output.
    pub output_octets_max: usize,
}

impl Default for Limits {
    /// The limits of the reference engine where it has any, and room for large inputs elsewhere.
    fn default() -> Self {
        Self {
            contract_octets_max: 512 * 1024,
            input_octets_max: 16 * 1024 * 1024,
            statements_max: 1_000_000,
            iterations_max: 1000,
            heap_octets_max: 256 * 1024 * 1024,
            nesting_max: 256,
            output_octets_max: 64 * 1024 * 1024,
        }
    }
}
