//! Reading contracts and inputs: from a file or standard input, up to a limit.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::report::{Exit, Failure};

/// The name that standard input goes by.
const STANDARD_INPUT: &str = "-";

/// Whether a path stands for standard input.
pub(super) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

/// What a path is called in messages.
pub(super) fn shown(path: &Path) -> String {
    if is_standard_input(path) { "standard input".to_owned() } else { path.display().to_string() }
}

/// The text of a file, or of standard input.
///
/// # Errors
/// When it cannot be read, is longer than `octets_max`, or is not UTF-8.
pub(super) fn read(path: &Path, octets_max: usize) -> Result<String, Failure> {
    let failure = |message: String| Failure::new(Exit::Usage, message).at(shown(path));
    let octets = if is_standard_input(path) {
        take(std::io::stdin().lock(), octets_max)
    } else {
        File::open(path).and_then(|file| take(file, octets_max))
    };
    let octets = octets.map_err(|error| {
        failure(format!("the file cannot be read: {error}")).hint("give a file, or - for standard input")
    })?;
    if octets.len() > octets_max {
        return Err(failure(format!("the file is too long: at most {octets_max} octets are taken"))
            .hint("split the contract, or send large data as an input"));
    }
    String::from_utf8(octets).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        failure(format!("the file is not UTF-8 at octet {place}")).hint("save it as UTF-8")
    })
}

fn take(source: impl Read, octets_max: usize) -> std::io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    // One more octet tells that there is more.
    let limit = u64::try_from(octets_max).unwrap_or(u64::MAX).saturating_add(1);
    source.take(limit).read_to_end(&mut octets)?;
    Ok(octets)
}
