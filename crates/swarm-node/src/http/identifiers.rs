//! DIDs and their documents.

#[cfg(test)]
pub(crate) mod representation;
