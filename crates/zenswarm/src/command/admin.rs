//! `zenswarm admin`.

use serde_json::{Value, json};
use swarm_node::controller::clock;
use swarm_node::controller::keyfile::{self, FileError};
use swarm_node::controller::remote::Remote;
use swarm_protocol::did::Did;
use swarm_protocol::enrolment::{HeldTicket, Ticket as TicketBody, TicketSecret};
use swarm_protocol::envelope::{Message, Order, Signed, Stamp};
use swarm_protocol::genesis::SignedGenesis;
use swarm_protocol::key::SigningKey;
use swarm_protocol::limits::MESSAGE_OCTETS_MAX;
use swarm_protocol::profile::Name;
use swarm_protocol::registry::{Admit, Evict, Suspend};

use crate::args::admin::{Admin, Keygen, Order as OrderArguments, Signer, Ticket};
use crate::command::swarm;
use crate::report::{Console, Exit, Failure};

/// How long the controller may take an order for, in milliseconds.
const ORDER_VALIDITY_MS: u64 = 60_000;
/// Time for the controller to carry an order out.
const ORDER_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(30);

pub(crate) async fn run(arguments: Admin, console: &Console) -> Result<Exit, Failure> {
    match arguments {
        Admin::Keygen(it) => keygen(&it, console),
        Admin::Ticket(it) => ticket(&it, console).await,
        Admin::Admit(it) => {
            let body = Admit { oracle: oracle(&it)? };
            order(&it, body, console).await
        }
        Admin::Suspend(it) => {
            let body = Suspend { oracle: oracle(&it)?, reason: reason(&it)? };
            order(&it, body, console).await
        }
        Admin::Evict(it) => {
            let body = Evict { oracle: oracle(&it)?, reason: reason(&it)? };
            order(&it, body, console).await
        }
    }
}

fn keygen(arguments: &Keygen, console: &Console) -> Result<Exit, Failure> {
    let octets = zeroize::Zeroizing::new(clock::random::<32>().map_err(Failure::internal)?);
    keyfile::write_key(&arguments.out, &octets).map_err(|error| file_failure(&error).at("--out"))?;
    let public = SigningKey::from_octets(*octets).public();
    let human = format!(
        "The admin's key pair is made.\n  secret key  {} (keep it off the swarm's machines)\n  public key  {public}\n\n\
         Next: zenswarm controller init --admin-key {public} --state DIR",
        arguments.out.display()
    );
    console.print(&human, &json!({ "public_key": public, "file": arguments.out }));
    Ok(Exit::Done)
}

async fn ticket(arguments: &Ticket, console: &Console) -> Result<Exit, Failure> {
    let host = arguments.host.parse().map_err(|error: swarm_protocol::enrolment::HostRuleError| {
        Failure::new(Exit::Usage, error.to_string()).at("--host").hint(error.hint())
    })?;
    let validity_ms = u64::try_from(arguments.expires.as_millis()).unwrap_or(u64::MAX);
    let limit_ms = TicketBody::VALIDITY_MS_MAX;
    if validity_ms == 0 || validity_ms > limit_ms {
        let days = limit_ms / 86_400_000;
        return Err(Failure::new(
            Exit::Usage,
            format!("a ticket is valid for more than nothing and at most {days} days"),
        )
        .at("--expires")
        .hint("write 12h or 7d"));
    }
    if arguments.uses == 0 || arguments.uses > swarm_protocol::limits::TICKET_USES_MAX {
        let limit = swarm_protocol::limits::TICKET_USES_MAX;
        return Err(Failure::new(Exit::Usage, format!("a ticket has 1 to {limit} uses")).at("--uses"));
    }
    let signing = Signing::prepare(&arguments.signer).await?;
    let secret = TicketSecret::new(clock::random().map_err(Failure::internal)?);
    let body = TicketBody { host, uses: arguments.uses, claim: secret.claim_key().public() };
    let ticket = signing.sign(body, validity_ms)?;
    let until = ticket.header().expires_at;
    let held = HeldTicket { ticket, secret };
    keyfile::write_secret(&arguments.out, held.expose().trim_end())
        .map_err(|error| file_failure(&error).at("--out"))?;
    let path = arguments.out.display();
    let human = format!(
        "The ticket is signed.\n  file   {path} (mode 0600: it holds the secret that claims the ticket)\n  host   {}\n  \
         uses   {}\n  until  {}\n\nNext, on the oracle's machine:\n  zenswarm oracle join --controller {} --issuer-key {} --ticket {path}",
        arguments.host,
        arguments.uses,
        until.xml_date_time(),
        signing.controller.base(),
        signing.genesis.genesis().controller,
    );
    let document = json!({
        "file": arguments.out, "host": arguments.host, "uses": arguments.uses, "expires_at": until,
        "issuer_key": signing.genesis.genesis().controller,
    });
    console.print(&human, &document);
    Ok(Exit::Done)
}

/// Signs an order, sends it, and says what became of it.
async fn order<B: Message>(arguments: &OrderArguments, body: B, console: &Console) -> Result<Exit, Failure> {
    let signing = Signing::prepare(&arguments.signer).await?;
    let message = signing.sign(body, ORDER_VALIDITY_MS)?;
    let answer: Value = signing
        .controller
        .post("/v1/admin", message.to_json().into_bytes(), MESSAGE_OCTETS_MAX, ORDER_TIMEOUT)
        .await
        .map_err(|error| swarm::failure(&error))?;
    let state = answer["state"].as_str().unwrap_or("changed");
    let human = format!("{} is {state} (entry {} of the log).", arguments.did, answer["index"]);
    console.print(&human, &answer);
    Ok(Exit::Done)
}

/// A key, and the swarm that it orders about.
struct Signing {
    controller: Remote,
    genesis: SignedGenesis,
    key: SigningKey,
}

impl Signing {
    async fn prepare(signer: &Signer) -> Result<Self, Failure> {
        let key = keyfile::read_key(&signer.key).map_err(|error| file_failure(&error).at("--key"))?;
        let key = SigningKey::from_octets(*key);
        let controller = swarm::controller(&signer.controller)?;
        let genesis = swarm::genesis(&controller, signer.swarm.as_deref()).await?;
        if !genesis.genesis().admins.contains(&key.public()) {
            let message = format!("the key {} is no admin of this swarm", key.public());
            return Err(Failure::new(Exit::Refused, message)
                .at(signer.key.display())
                .hint("use the key whose public half was given to `zenswarm controller init`"));
        }
        Ok(Self { controller, genesis, key })
    }

    fn sign<B: Message>(&self, body: B, validity_ms: u64) -> Result<Signed<B>, Failure> {
        let stamp = Stamp {
            swarm: self.genesis.swarm(),
            audience: self.genesis.controller().into(),
            order: Order::Nonce(clock::nonce().map_err(Failure::internal)?),
            issued_at: clock::now(),
            validity_ms,
        };
        Ok(Signed::by_admin(&self.key, stamp, body))
    }
}

fn oracle(arguments: &OrderArguments) -> Result<Did, Failure> {
    arguments.did.parse().map_err(|error: swarm_protocol::did::DidError| {
        Failure::new(Exit::Usage, error.to_string()).at("DID").hint(error.hint())
    })
}

fn reason(arguments: &OrderArguments) -> Result<Name, Failure> {
    arguments.reason.parse().map_err(|error| {
        Failure::new(Exit::Usage, format!("{error}"))
            .at("--reason")
            .hint("say why in a few words: it goes into the log")
    })
}

fn file_failure(error: &FileError) -> Failure {
    Failure::new(Exit::Usage, error.to_string()).hint(error.hint())
}
