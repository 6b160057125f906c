//! Tickets: an admin's signed permission to enrol, and the one-time secret that claims it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::Zeroizing;

use crate::canonical::{self, JsonError};
use crate::envelope::{EnvelopeError, Message, Sender, Signed};
use crate::key::{PublicKey, SigningKey};
use crate::limits::{TICKET_OCTETS_MAX, TICKET_VALIDITY_MS_MAX};
use crate::octets::{self, OctetsError, text_type};
use crate::profile::Endpoint;

/// The label under which the claim key is derived from the secret.
const CLAIM: &str = "zenswarm/v1/ticket-claim-key";

/// An admin's permission to enrol. The header's nonce names the ticket; its audience is the controller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Where the oracle must be.
    pub host: HostRule,
    /// How many oracles may enrol with it.
    pub uses: u32,
    /// The public key derived from the one-time secret: whoever enrols signs with its other half.
    pub claim: PublicKey,
}

impl Message for Ticket {
    const TYPE: &'static str = "ticket";
    const VALIDITY_MS_MAX: u64 = TICKET_VALIDITY_MS_MAX;
}

/// The secret of a ticket: 32 octets, wiped when dropped. It goes to the oracle by a side channel and never
/// travels between machines of the swarm: the oracle only signs with the key derived from it.
#[derive(Clone)]
pub struct TicketSecret(Zeroizing<[u8; 32]>);

impl TicketSecret {
    /// Wraps 32 random octets.
    pub fn new(octets: [u8; 32]) -> Self {
        Self(Zeroizing::new(octets))
    }

    /// The key that claims the ticket.
    pub fn claim_key(&self) -> SigningKey {
        SigningKey::derive(&self.0, CLAIM)
    }
}

impl fmt::Debug for TicketSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketSecret(..)")
    }
}

/// A ticket with its secret: what an operator carries to the machine that will enrol.
#[derive(Debug, Clone)]
pub struct HeldTicket {
    /// The admin's permission.
    pub ticket: Signed<Ticket>,
    /// What claims it.
    pub secret: TicketSecret,
}

/// The file's form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeldWire {
    ticket: serde_json::Value,
    secret: String,
}

/// Why a ticket file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TicketError {
    /// Not strict JSON, or other fields.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The ticket inside is not a signed ticket.
    #[error("ticket: {0}")]
    Envelope(#[from] EnvelopeError),
    /// The secret is not base58 of 32 octets.
    #[error("ticket secret: {0}")]
    Secret(#[from] OctetsError),
    /// The secret belongs to another ticket.
    #[error("secret does not belong to this ticket")]
    OtherSecret,
}

impl TicketError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Json(error) => error.hint(),
            Self::Envelope(error) => error.hint(),
            Self::Secret(error) => error.hint(),
            Self::OtherSecret => "ask the admin for a new ticket file",
        }
    }
}

/// Why a ticket does not serve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TicketRefusal {
    /// Issued by somebody who is no admin of this swarm.
    #[error("is issued by {issuer}, who is no admin of this swarm")]
    NotAnAdmin {
        /// Who issued it.
        issuer: Sender,
    },
    /// Not between one use and the most.
    #[error("has {uses} uses, expected 1 to {uses_max}")]
    Uses {
        /// Uses found.
        uses: u32,
        /// Uses allowed.
        uses_max: u32,
    },
    /// For another host.
    #[error("is for {host}")]
    OtherHost {
        /// Where the oracle must be.
        host: HostRule,
    },
    /// The one-time secret's signature is missing or wrong.
    #[error("is not claimed with its secret")]
    NotClaimed,
    /// Named by a sequence number instead of a nonce.
    #[error("has no nonce")]
    NoNonce,
    /// Used as often as it may be.
    #[error("has been used {uses} times, as often as it may be")]
    UsedUp {
        /// Uses allowed.
        uses: u32,
    },
}

impl TicketRefusal {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAnAdmin { .. } => "have the ticket issued by an admin that the genesis record names",
            Self::OtherHost { .. } => "enrol from the host that the ticket names, with that endpoint",
            Self::NotClaimed => "use the whole ticket file, with its secret",
            Self::Uses { .. } | Self::NoNonce | Self::UsedUp { .. } => "ask the admin for a new ticket",
        }
    }
}

impl HeldTicket {
    /// The file's text, secret included. For the operator's file and nothing else.
    pub fn expose(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(octets::to_base58(&self.secret.0[..]));
        Zeroizing::new(canonical::text(&json!({"ticket": self.ticket, "secret": *secret})) + "\n")
    }

    /// Reads a ticket file. The admin's signature is the controller's to check.
    ///
    /// # Errors
    /// [`TicketError`].
    pub fn parse(text: &[u8]) -> Result<Self, TicketError> {
        let HeldWire { ticket, secret } = canonical::parse_as(text, TICKET_OCTETS_MAX, "ticket file")?;
        let secret = TicketSecret::new(octets::from_base58(&Zeroizing::new(secret))?);
        let ticket = Signed::<Ticket>::from_value(ticket)?;
        if secret.claim_key().public() != ticket.body().claim {
            return Err(TicketError::OtherSecret);
        }
        Ok(Self { ticket, secret })
    }
}

/// Where an oracle must be to use a ticket: any host, a host name, an address, or a network (`10.0.0.0/8`).
#[derive(Clone, PartialEq, Eq)]
pub enum HostRule {
    /// Anywhere; its text is `*`.
    Any,
    /// A host name, in lower case.
    Name(String),
    /// A network: its address and the length of its prefix. One address is a network of full length.
    Network(IpAddr, u8),
}

/// A text that is no host rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not `*`, a host name, an address or a network")]
pub struct HostRuleError {
    /// The text, at most 80 characters of it.
    found: String,
}

impl HostRuleError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        "write it like oracle.example.org, 192.0.2.7 or 192.0.2.0/24"
    }
}

impl HostRule {
    /// Whether an oracle that claims this endpoint, and was reached at this address, may use the ticket.
    pub fn admits(&self, endpoint: &Endpoint, reached_at: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Name(name) => endpoint.host() == *name,
            // What counts is the address that was dialled, not what a name server says before or after.
            Self::Network(network, length) => contains(*network, *length, reached_at),
        }
    }

    /// Whether the claimed endpoint can pass at all; a host name has no address before it is dialled.
    pub fn may_admit(&self, endpoint: &Endpoint) -> bool {
        match (self, endpoint.address()) {
            (Self::Network(network, length), Some(address)) => contains(*network, *length, address),
            (Self::Network(..), None) | (Self::Any, _) => true,
            (Self::Name(name), _) => endpoint.host() == *name,
        }
    }
}

fn contains(network: IpAddr, length: u8, address: IpAddr) -> bool {
    let (network, address, width) = match (network, address.to_canonical()) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            (u128::from(network.to_bits()) << 96, u128::from(address.to_bits()) << 96, 32)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => (network.to_bits(), address.to_bits(), 128),
        _ => return false,
    };
    length <= width && (length == 0 || (network ^ address) >> (128 - u32::from(length)) == 0)
}

text_type!(HostRule);

impl fmt::Display for HostRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Name(name) => f.write_str(name),
            Self::Network(address, length) => write!(f, "{address}/{length}"),
        }
    }
}

impl FromStr for HostRule {
    type Err = HostRuleError;

    fn from_str(text: &str) -> Result<Self, HostRuleError> {
        let refused = || HostRuleError { found: text.chars().take(80).collect() };
        if text == "*" {
            return Ok(Self::Any);
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(address, width(address)));
        }
        if let Some((address, length)) = text.split_once('/') {
            let address = address.parse::<IpAddr>().map_err(|_| refused())?;
            let canonical = length.parse::<u8>().ok().filter(|parsed| parsed.to_string() == length);
            let length = canonical.filter(|length| *length <= width(address)).ok_or_else(refused)?;
            return Ok(Self::Network(address, length));
        }
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if text.len() <= 253 && text.split('.').all(is_label) {
            Ok(Self::Name(text.to_owned()))
        } else {
            Err(refused())
        }
    }
}

const fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}
