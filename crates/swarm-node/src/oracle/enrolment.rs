//! Getting into a swarm: the messages are the protocol's, this sends them.

use std::path::Path;
use std::time::Duration;

use swarm_protocol::enrolment::{DialBack, DialBackAnswer, HeldTicket, JoinEntropy, Joining, Newcomer};
use swarm_protocol::envelope::Signed;
use swarm_protocol::genesis::SignedGenesis;
use swarm_protocol::limits::{MESSAGE_OCTETS_MAX, TICKET_OCTETS_MAX};
use swarm_protocol::profile::{Endpoint, Name, Profile};
use url::Url;
use zeroize::Zeroizing;

use crate::config::SwarmConfig;
use crate::controller::clock;
use crate::controller::keyfile;
use crate::controller::remote::{Remote, RemoteError};
use crate::oracle::membership::{Record, pinned};
use crate::oracle::{Shared, SwarmError};

const GENESIS_PATH: &str = "/v1/genesis";
const HELLO_PATH: &str = "/v1/enrolments";
const PROOF_PATH: &str = "/v1/enrolments/proofs";
/// Time for one step of an enrolment; the controller dials back within it.
const STEP_TIMEOUT: Duration = Duration::from_secs(30);
/// The kind of problem by which a controller says that it knows this DID.
const KNOWN_ALREADY: &str = "urn:zenswarm:problem:already-enrolled";

/// Enrols, and keeps the receipt.
///
/// The oracle must be serving: the controller dials it back.
pub(super) async fn enrol(oracle: &Shared, config: &SwarmConfig) -> Result<Record, SwarmError> {
    let controller = Remote::new(config.controller.as_str())?;
    let genesis: SignedGenesis = controller.get(GENESIS_PATH, MESSAGE_OCTETS_MAX).await?;
    pinned(&genesis, config)?;
    let receipt = match knock(oracle, config, &controller, &genesis).await {
        // An earlier receipt was lost on the way; the DID is proved anew by each announcement.
        Err(SwarmError::Remote(RemoteError::Refused { problem, .. })) if problem.kind == KNOWN_ALREADY => {
            None
        }
        receipt => Some(receipt?),
    };
    let record = Record { controller: config.controller.clone(), genesis, receipt };
    record.write(&oracle.config.state)?;
    tracing::info!(swarm = %record.genesis.swarm(), "enrolled");
    Ok(record)
}

async fn knock(
    oracle: &Shared,
    config: &SwarmConfig,
    controller: &Remote,
    genesis: &SignedGenesis,
) -> Result<Signed<swarm_protocol::enrolment::Receipt>, SwarmError> {
    let newcomer = Newcomer {
        genesis: genesis.clone(),
        key: oracle.keys.did_key().clone(),
        secrets: oracle.keys.service().clone(),
        ticket: config.ticket.as_deref().map(read_ticket).transpose()?,
        profile: profile(&oracle.endpoint, Some(config))?,
    };
    let (mut joining, hello) = Joining::start(newcomer, clock::random()?, clock::now())?;
    let challenge = post(controller, HELLO_PATH, hello.to_json()).await?;
    let entropy = JoinEntropy { nonce: clock::random()?, ephemeral: clock::random()? };
    let proof = joining.challenge(challenge, entropy, clock::now())?;
    // The controller dials back before it answers.
    *oracle.joining() = Some(joining);
    let receipt = post(controller, PROOF_PATH, proof.to_json()).await;
    let joining = oracle.joining().take().ok_or(SwarmError::Interrupted)?;
    Ok(joining.receipt(receipt?, clock::now())?.into_signed())
}

async fn post<B: swarm_protocol::envelope::Message>(
    controller: &Remote,
    path: &str,
    json: String,
) -> Result<Signed<B>, RemoteError> {
    controller.post(path, json.into_bytes(), MESSAGE_OCTETS_MAX, STEP_TIMEOUT).await
}

/// Answers the controller's dial-back; only while an enrolment is under way.
pub(crate) fn dial_back(oracle: &Shared, octets: &[u8]) -> Result<Signed<DialBackAnswer>, SwarmError> {
    let dial_back = Signed::<DialBack>::parse(octets)?;
    let joining = oracle.joining();
    let joining = joining.as_ref().ok_or(SwarmError::NotJoining)?;
    Ok(joining.dial_back(dial_back, clock::random()?, clock::now())?)
}

/// What the oracle says about itself.
pub(super) fn profile(endpoint: &Url, config: Option<&SwarmConfig>) -> Result<Profile, SwarmError> {
    let endpoint: Endpoint = endpoint.as_str().parse()?;
    let software: Name = concat!("zenswarm/", env!("CARGO_PKG_VERSION")).parse()?;
    let mut profile = Profile::new(endpoint, software);
    let name = |text: &str| (!text.is_empty()).then(|| text.parse::<Name>()).transpose();
    if let Some(config) = config {
        profile.operator = name(&config.operator)?;
        profile.region = name(&config.region)?;
    }
    Ok(profile)
}

/// Reads a ticket's file, the secret that claims it inside.
fn read_ticket(path: &Path) -> Result<HeldTicket, SwarmError> {
    let text = Zeroizing::new(keyfile::read_text(path, TICKET_OCTETS_MAX)?);
    Ok(HeldTicket::parse(text.as_bytes())?)
}
