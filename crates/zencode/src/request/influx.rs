//! Requests to an InfluxDB server, version 2 of its interface.

/// One request to an InfluxDB server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InfluxRequest {
    /// The server's address.
    pub url: String,
    /// What lets the contract in.
    pub token: String,
    /// The organisation.
    pub organisation: String,
    /// What to do.
    pub action: InfluxAction,
}

/// What is asked of an InfluxDB server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InfluxAction {
    /// Flux queries, one after the other; gives the rows of all as one array of objects.
    Query(Vec<String>),
    /// Lines in the line protocol, with times in nanoseconds.
    Write {
        /// The bucket.
        bucket: String,
        /// The lines.
        lines: String,
    },
}

impl InfluxAction {
    /// Whether the server is another one afterwards.
    pub fn writes(&self) -> bool {
        matches!(self, Self::Write { .. })
    }
}
