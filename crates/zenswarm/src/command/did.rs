//! `zenswarm did`.

mod sign_request;

use serde_json::Value;

use crate::args::did::{Did, Resolve};
use crate::command::swarm;
use crate::report::{Console, Exit, Failure};

/// Octets of a resolution result, at most.
const RESULT_OCTETS_MAX: usize = 256 * 1024;
/// The media type of a resolution result.
const RESULT: &str = "application/did-resolution";

pub(crate) async fn run(arguments: Did, console: &Console) -> Result<Exit, Failure> {
    match arguments {
        Did::Resolve(it) => resolve(&it, console).await,
        Did::Keygen(it) => sign_request::keygen(&it, console),
        Did::SignRequest(it) => sign_request::run(&it, console),
    }
}

async fn resolve(arguments: &Resolve, console: &Console) -> Result<Exit, Failure> {
    let did = &arguments.did;
    // The controller judges the DID; here it must only not change the address.
    if let Some(odd) = did.chars().find(|c| !c.is_ascii_alphanumeric() && !":._-".contains(*c)) {
        return Err(Failure::new(Exit::Usage, format!("a DID has no character {odd:?}"))
            .at("DID")
            .hint("write it like did:dyne:zenswarm:…"));
    }
    let controller = swarm::controller(&arguments.controller)?;
    let reply = controller
        .get_raw(&format!("/1.0/identifiers/{did}"), RESULT, RESULT_OCTETS_MAX)
        .await
        .map_err(|error| swarm::failure(&error))?;
    let result: Value = serde_json::from_slice(&reply.octets).map_err(|error| {
        Failure::new(Exit::Unreachable, format!("the answer is not a resolution result: {error}"))
            .at(controller.base())
            .hint("check that the address is that of a zenswarm controller")
    })?;
    match reply.status {
        200 => {
            console.print(&human(&result)?, &result);
            Ok(Exit::Done)
        }
        410 => {
            console.print(&format!("{did} is deactivated: it has no document any more."), &result);
            Ok(Exit::Failed)
        }
        _ => Err(refused(&result, did)),
    }
}

fn human(result: &Value) -> Result<String, Failure> {
    let document = serde_json::to_string_pretty(&result["didDocument"]).map_err(Failure::internal)?;
    let metadata = &result["didDocumentMetadata"];
    let text = |key: &str| metadata[key].as_str().unwrap_or_default().to_owned();
    Ok(format!(
        "{document}\n\n  created  {}\n  updated  {}\n  version  {}",
        text("created"),
        text("updated"),
        text("versionId")
    ))
}

fn refused(result: &Value, did: &str) -> Failure {
    let error = &result["didResolutionMetadata"]["error"];
    let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
    let message = format!("{} ({})", text("detail"), text("title"));
    Failure::new(Exit::Refused, message).at(did).hint(text("hint"))
}
