//! Why an oracle does not start, join, or leave as it should.

use swarm_protocol::enrolment::{EnrolmentError, TicketError};
use swarm_protocol::envelope::EnvelopeError;
use swarm_protocol::key::PublicKey;
use swarm_protocol::profile::ProfileError;

use super::contracts::ContractsError;
use super::keys::KeysError;
use crate::config::ConfigError;
use crate::controller::keyfile::FileError;
use crate::controller::remote::RemoteError;
use crate::server::ServerError;
use crate::tls::TlsError;

/// The status by which a controller says that a DID is deactivated.
const GONE: u16 = 410;

/// Why an oracle does not start, or does not stop as it should.
#[derive(Debug, thiserror::Error)]
pub enum OracleError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The contracts.
    #[error(transparent)]
    Contracts(#[from] ContractsError),
    /// The socket.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The TLS certificate or its key.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The swarm.
    #[error(transparent)]
    Swarm(#[from] SwarmError),
}

/// Why an oracle and its swarm do not come together.
#[derive(Debug, thiserror::Error)]
pub enum SwarmError {
    /// A file of the state folder, or the ticket's.
    #[error(transparent)]
    File(#[from] FileError),
    /// The ticket.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// What the oracle would say about itself.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The controller did not answer, or refused.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// A message of the controller is not what it should be.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The enrolment.
    #[error(transparent)]
    Enrolment(#[from] EnrolmentError),
    /// The swarm's controller is not the pinned one.
    #[error("the controller's key is {found}, pinned is {expected}")]
    OtherIssuer {
        /// The key in the genesis record.
        found: PublicKey,
        /// The key that the operator gave.
        expected: PublicKey,
    },
    /// The acknowledgement is of another message.
    #[error("the controller acknowledged another message")]
    OtherAcknowledgement,
    /// The oracle belongs to no swarm.
    #[error("this oracle belongs to no swarm")]
    NoSwarm,
    /// A dial-back came, and no enrolment is under way.
    #[error("no enrolment is under way here")]
    NotJoining,
    /// The enrolment was given up on the way.
    #[error("the enrolment was interrupted by another one")]
    Interrupted,
    /// Misbehaviour was asked for where it is not allowed.
    #[error("a fault was asked for, and the swarm is not one for tests")]
    FaultRefused,
    /// The system gave no entropy.
    #[error("the system gives no random octets: {0}")]
    Entropy(#[from] getrandom::Error),
}

impl OracleError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Config(error) => error.hint.clone(),
            Self::Keys(error) => error.hint().to_owned(),
            Self::Contracts(_) => "correct the file, or move it out of the contracts folder".to_owned(),
            Self::Server(_) => "choose another address with --listen; port 0 takes a free one".to_owned(),
            Self::Tls(error) => error.hint().to_owned(),
            Self::Swarm(error) => error.hint(),
        }
    }
}

impl SwarmError {
    /// Whether the controller answered, and said no.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Remote(RemoteError::Refused { .. }))
    }

    /// Whether the controller says that this DID is deactivated, for good.
    pub fn is_the_end(&self) -> bool {
        matches!(self, Self::Remote(RemoteError::Refused { problem, .. }) if problem.status == GONE)
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::File(error) => error.hint().to_owned(),
            Self::Ticket(error) => error.hint().to_owned(),
            Self::Profile(error) => error.hint().to_owned(),
            Self::Remote(error) => error.hint(),
            Self::Envelope(error) => error.hint().to_owned(),
            Self::Enrolment(error) => error.hint().to_owned(),
            Self::OtherIssuer { .. } => {
                "ask the operator for the right key; someone else may answer at this address".to_owned()
            }
            Self::OtherAcknowledgement | Self::Interrupted => "try again".to_owned(),
            Self::NoSwarm => "check --state, or join a swarm first".to_owned(),
            Self::NotJoining => "start again with a new hello".to_owned(),
            Self::FaultRefused => "faults are for swarms whose genesis says that they are tests".to_owned(),
            Self::Entropy(_) => "check that the system's random generator works".to_owned(),
        }
    }
}
