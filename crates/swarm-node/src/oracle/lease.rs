//! Staying in a swarm: announce, renew in good time, say goodbye.

use std::sync::Arc;
use std::time::Duration;

use swarm_protocol::did::Did;
use swarm_protocol::envelope::{Expected, Message, Signed};
use swarm_protocol::key::SigningKey;
use swarm_protocol::limits::MESSAGE_OCTETS_MAX;
use swarm_protocol::registry::{Acknowledgement, Announce, Goodbye, Renew};

use crate::controller::clock;
use crate::oracle::enrolment::profile;
use crate::oracle::membership::Membership;
use crate::oracle::{Shared, SwarmError};

const ANNOUNCE_PATH: &str = "/v1/announcements";
const RENEW_PATH: &str = "/v1/renewals";
const GOODBYE_PATH: &str = "/v1/goodbyes";
/// Time for the controller to acknowledge.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(10);
/// Shortest pause between two attempts.
const PAUSE_MIN: Duration = Duration::from_millis(100);

/// Tells the controller where this oracle is and what it runs; starts the lease.
pub(super) async fn announce(oracle: &Shared, member: &Membership) -> Result<Acknowledgement, SwarmError> {
    let body = Announce {
        profile: profile(&oracle.endpoint, oracle.config.swarm.as_ref())?,
        lease_ms: lease_ms(oracle),
    };
    exchange(oracle.keys.did_key(), member, ANNOUNCE_PATH, body).await
}

/// Tells the controller that this oracle leaves.
pub(super) async fn goodbye(key: &SigningKey, member: &Membership) -> Result<Acknowledgement, SwarmError> {
    exchange(key, member, GOODBYE_PATH, Goodbye {}).await
}

/// Renews the lease for ever: at a third of its time, a little earlier or later so that oracles
/// started together do not come back together.
///
/// A renewal that the controller refuses is followed by an announcement: after its restart it knows
/// who is enrolled, but not who is here.
pub(super) async fn keep(oracle: Arc<Shared>, member: Arc<Membership>) {
    let mut failures = 0_u32;
    loop {
        tokio::time::sleep(pause(lease_ms(&oracle), failures)).await;
        let renewed = match renew(&oracle, &member).await {
            Err(error) if error.is_refusal() => {
                tracing::debug!(%error, "renewal refused, announcing again");
                announce(&oracle, &member).await
            }
            renewed => renewed,
        };
        match renewed {
            Ok(_) => {
                failures = 0;
                oracle.metrics.renewals.inc();
            }
            Err(error) if error.is_the_end() => {
                tracing::error!(%error, "this DID is over; evicted oracles need a new state folder");
                return;
            }
            Err(error) => {
                failures = failures.saturating_add(1);
                oracle.metrics.renewals_failed.inc();
                tracing::warn!(%error, failures, "the lease was not renewed");
            }
        }
    }
}

async fn renew(oracle: &Shared, member: &Membership) -> Result<Acknowledgement, SwarmError> {
    exchange(oracle.keys.did_key(), member, RENEW_PATH, Renew { lease_ms: lease_ms(oracle) }).await
}

/// A third of the lease after a success; after failures a twelfth, so that several attempts fit into
/// what is left of it; then doubling, up to the lease.
fn pause(lease_ms: u64, failures: u32) -> Duration {
    let base_ms = match failures {
        0 => lease_ms / 3,
        failures => (lease_ms / 12).saturating_mul(1 << (failures - 1).min(8)).min(lease_ms),
    };
    // Without entropy there is no jitter, which is no reason to stop renewing.
    let jitter = clock::random::<1>().map_or(128, |[octet]| u64::from(octet));
    Duration::from_millis(base_ms * (896 + jitter) / 1024).max(PAUSE_MIN)
}

fn lease_ms(oracle: &Shared) -> u64 {
    u64::try_from(oracle.config.lease.as_millis()).unwrap_or(u64::MAX)
}

/// Sends one message, and believes nothing but a signed acknowledgement of exactly it.
async fn exchange<B: Message>(
    key: &SigningKey,
    member: &Membership,
    path: &str,
    body: B,
) -> Result<Acknowledgement, SwarmError> {
    let message = member.sign(key, body);
    let answer: Signed<Acknowledgement> = member
        .controller
        .post(path, message.to_json().into_bytes(), MESSAGE_OCTETS_MAX, EXCHANGE_TIMEOUT)
        .await?;
    let expected = Expected::new(member.genesis.swarm(), Did::of(key.public()), clock::now());
    let answer = answer.verify(&expected.by(member.genesis.controller()))?;
    if answer.body().accepted != message.digest() {
        return Err(SwarmError::OtherAcknowledgement);
    }
    member.acknowledge(answer.header().issued_at, answer.body().clone());
    Ok(answer.body().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_renewed_at_a_third_of_its_time_give_or_take_an_eighth() {
        for _ in 0..1000 {
            let pause = pause(30_000, 0);
            assert!((8_750..=11_250).contains(&pause.as_millis()), "{pause:?}");
        }
    }

    #[test]
    fn failed_renewals_are_repeated_within_the_lease_and_then_less_often() {
        assert!(pause(30_000, 1) <= Duration::from_millis(2_850));
        assert!(pause(30_000, 2) <= Duration::from_millis(5_700));
        assert!(pause(30_000, u32::MAX) <= Duration::from_millis(34_000));
        assert!(pause(1_000, 1) >= PAUSE_MIN);
    }
}
