//! Which swarm a verb talks to, and that it is the one the user means.

use swarm_node::controller::remote::{Remote, RemoteError};
use swarm_protocol::genesis::SignedGenesis;
use swarm_protocol::limits::MESSAGE_OCTETS_MAX;

use crate::report::{Exit, Failure};

/// A controller, by its address.
///
/// # Errors
/// When the text is no address.
pub(crate) fn controller(address: &str) -> Result<Remote, Failure> {
    Remote::new(address).map_err(|error| failure(&error).at("--controller"))
}

/// The genesis record of a controller; of the swarm with this fingerprint, when one is given.
///
/// # Errors
/// When the controller does not answer, or answers for another swarm.
pub(crate) async fn genesis(controller: &Remote, expected: Option<&str>) -> Result<SignedGenesis, Failure> {
    let genesis: SignedGenesis =
        controller.get("/v1/genesis", MESSAGE_OCTETS_MAX).await.map_err(|error| failure(&error))?;
    match expected {
        Some(text) if !is_of(text, &genesis) => Err(other_swarm(&genesis).at(controller.base())),
        _ => Ok(genesis),
    }
}

/// Whether a fingerprint (with spaces or without) or a base58 digest is a swarm's.
pub(crate) fn is_of(text: &str, genesis: &SignedGenesis) -> bool {
    let packed = |text: &str| text.split_whitespace().collect::<String>();
    packed(text).eq_ignore_ascii_case(&packed(&genesis.fingerprint()))
        || text.trim() == genesis.swarm().to_string()
}

fn other_swarm(genesis: &SignedGenesis) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("this controller serves another swarm, with the fingerprint {}", genesis.fingerprint()),
    )
    .hint(
        "compare it with the one that `zenswarm controller init` printed; do not go on before they are equal",
    )
}

/// A failed exchange as the user sees it.
pub(crate) fn failure(error: &RemoteError) -> Failure {
    let (exit, place) = match error {
        RemoteError::Address { .. } => (Exit::Usage, None),
        RemoteError::Unreachable { url, .. } | RemoteError::Timeout { url } => (Exit::Unreachable, Some(url)),
        RemoteError::Refused { url, .. } => (Exit::Refused, Some(url)),
        RemoteError::Unreadable { url, .. } => (Exit::Unreachable, Some(url)),
    };
    let failure = Failure::new(exit, error.to_string()).hint(error.hint());
    match place {
        Some(url) => failure.at(url),
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    use swarm_protocol::genesis::Genesis;
    use swarm_protocol::key::SigningKey;
    use swarm_protocol::time::Timestamp;

    use super::*;

    #[test]
    fn a_fingerprint_is_recognized_with_and_without_spaces_and_in_capitals() {
        let key = SigningKey::from_octets([1; 32]);
        let admin = SigningKey::from_octets([2; 32]).public();
        let genesis = Genesis::new("x".parse().unwrap(), vec![admin], key.public(), Timestamp::ZERO);
        let genesis = genesis.sign(&key).unwrap();
        let fingerprint = genesis.fingerprint();
        assert!(is_of(&fingerprint, &genesis));
        assert!(is_of(&fingerprint.replace(' ', ""), &genesis));
        assert!(is_of(&fingerprint.to_uppercase(), &genesis));
        assert!(is_of(&genesis.swarm().to_string(), &genesis));
        assert!(!is_of(&fingerprint[1..], &genesis));
        assert!(!is_of("", &genesis));
    }
}
