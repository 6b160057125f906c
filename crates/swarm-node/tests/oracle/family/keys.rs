//! Contracts whose keys say whom an oracle believes: the tracker that it announces itself to, who issues keys, who signs updates.

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};
use swarm_node::config::Layer;
use swarm_node::server::Server;

use super::{ask, call, call_as_server, edited, serve, service, url};
use crate::start;

/// Makes an ephemeral key and signs it, as the issuer of the seed does.
const ISSUE: &str = "\
Scenario 'ecdh': sign
Given I have a 'keyring'
When I create the random of '32' bytes
When I rename the 'random' to 'schnorr'
When I create the ecdh signature of 'schnorr'
When I rename the 'ecdh signature' to 'schnorr.signature'
Then print the 'schnorr' as 'base64'
Then print the 'schnorr.signature'
";

/// Checks an answer to it, as the issuer of the seed does.
const CHECK: &str = "\
Scenario 'ecdh': verify
Scenario 'schnorr': verify
Given I have a 'base64' named 'schnorr'
Given I have a 'string dictionary' named 'identity'
Given I have a 'schnorr signature' named 'schnorr.signature.identity'
Given I have a 'ecdh signature' named 'ecdh.signature.identity'
Given I have a 'ecdh public key'
When I create the schnorr public key with secret key 'schnorr'
When I verify the 'identity' has a schnorr signature in 'schnorr.signature.identity' by 'schnorr public key'
When I verify the 'identity' has a ecdh signature in 'ecdh.signature.identity' by 'ecdh public key'
Then print the string 'approved'
";

const GRANTED: &str = "{\"keyring\":true,\"public\":true}";

/// Keys that send announcements to a tracker.
fn announcing(tracker: &Server) -> String {
    format!(
        "consensusMaster: {{ \"add-identity\": \"{}add\" }}\nempty: {{}}\nplace of address: add-identity\n\
         place of identity: data.identity\n",
        url(tracker)
    )
}

#[tokio::test]
async fn an_oracle_announces_itself_to_its_tracker_and_nobody_else_to_nobody_else() {
    let (tracker, bodies) = service(false).await;
    let (trap, trapped) = service(false).await;
    let (_folder, oracle) = edited(&[("consensusroom-announce.keys", &announcing(&tracker))]).await;
    for name in ["consensusroom-announce", "consensusroom-announce.chain"] {
        let data = json!({
            "identity": { "did": "did:dyne:zenswarm:someone-else" },
            "consensusMaster": { "add-identity": url(&trap) }
        });
        let reply = call(&oracle, name, data).await;
        assert_eq!(reply, (200, json!({ "output": { "status": 200, "result": { "number": "0" } } })));
    }
    for body in bodies.lock().unwrap().iter() {
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["data"]["identity"]["did"], json!(oracle.did()));
    }
    assert_eq!((bodies.lock().unwrap().len(), trapped.lock().unwrap().len()), (2, 0));
    let (status, _) = call(&oracle, "consensusroom-announce", json!({ "add-identity": url(&trap) })).await;
    assert_eq!((status, trapped.lock().unwrap().len()), (422, 0));
}

#[tokio::test]
async fn an_identity_is_announced_to_a_given_controller_for_those_who_say_who_they_are() {
    let (controller, bodies) = service(false).await;
    let (folder, oracle) = edited(&[]).await;
    let post = json!({ "data": { "identity": { "uid": "x" } } });
    let data = json!({ "add-identity": url(&controller), "post": post });
    let (status, _) = call(&oracle, "zenswarm-oracle-announce", data.clone()).await;
    assert_eq!((status, bodies.lock().unwrap().len()), (401, 0));
    let reply = call_as_server(&folder, &oracle, "zenswarm-oracle-announce", data).await;
    assert_eq!(reply, (200, json!({ "output": { "status": 200, "result": { "number": "0" } } })));
    assert_eq!(*bodies.lock().unwrap(), [post.to_string()]);
}

#[tokio::test]
async fn the_old_name_gives_the_same_public_keys() {
    let folder = tempfile::tempdir().unwrap();
    let oracle = start(&folder.path().join("state"), Layer::default()).await;
    assert_eq!(
        ask(&oracle, "consensusroom-generate-all-public-keys").await,
        ask(&oracle, "zenswarm-oracle-generate-all-public-keys").await
    );
}

/// An archive of one file, at an address.
async fn archive() -> Server {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("new.zen", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut writer, b"Given nothing\n").unwrap();
    let octets = writer.finish().unwrap().into_inner();
    serve(Router::new().fallback(move || std::future::ready((StatusCode::OK, octets.clone())))).await
}

#[tokio::test]
async fn an_update_is_installed_when_the_right_key_has_signed_it() {
    for name in ["consensusroom-update", "zenswarm-oracle-update"] {
        let (_apiroom_folder, apiroom) = edited(&[]).await;
        let key = ask(&apiroom, "zenswarm-oracle-generate-all-public-keys").await["ecdh_public_key"].clone();
        let archive = archive().await;
        let update = json!({ "myMessage": "the newest", "myFile": url(&archive) });
        let (_, signed) = call(&apiroom, "zenswarm-oracle-sign-ecdsa", json!({ "asset": update })).await;
        let signature = signed["ecdsa_signature"].clone();
        let info =
            |update: &Value| json!({ "updateInfo": { "update": update, "update.signature": signature } });
        let keys = json!({ "Apiroom": { "ecdh_public_key": key }, "myFolder": "updates" }).to_string();
        let (folder, oracle) = edited(&[(&format!("{name}.keys.json"), &keys)]).await;
        let installed = folder.path().join("files/updates/new.zen");

        assert_eq!(call(&oracle, name, info(&update)).await.0, 401);
        let mut forged = update.clone();
        forged["myMessage"] = json!("something else");
        assert_eq!(call_as_server(&folder, &oracle, name, info(&forged)).await.0, 500);
        assert!(!installed.exists());

        let (status, body) = call_as_server(&folder, &oracle, name, info(&update)).await;
        let said = json!(["Zenroom_verified_the_Apiroom_signature_are_all_correct!"]);
        let expected = json!({ "output": said, "myFile": url(&archive), "myFolder": "updates" });
        assert_eq!((status, body), (200, expected));
        assert_eq!(std::fs::read_to_string(installed).unwrap(), "Given nothing\n");
    }
}

#[tokio::test]
async fn an_update_is_refused_while_nobody_may_sign_it_and_no_caller_says_who_may() {
    let (folder, oracle) = edited(&[]).await;
    let data = serde_json::from_str::<Value>(include_str!(
        "../../../../../contracts/zenswarm-oracle-update.data.json"
    ));
    let mut data = data.unwrap();
    let name = "zenswarm-oracle-update";
    let (status, body) = call_as_server(&folder, &oracle, name, data.clone()).await;
    assert!(status == 500 && body["zenroom_errors"]["logs"].as_str().unwrap().contains("Apiroom"), "{body}");
    data["Apiroom"] = json!({ "ecdh_public_key": "BA==" });
    assert_eq!(call_as_server(&folder, &oracle, name, data).await.0, 422);
}

#[tokio::test]
async fn an_oracle_proves_its_identity_to_the_issuer_whose_key_it_holds() {
    let (_issuer_folder, issuer) =
        edited(&[("issue.zen", ISSUE), ("issue.metadata.json", GRANTED), ("check.zen", CHECK)]).await;
    let keys = ask(&issuer, "zenswarm-oracle-generate-all-public-keys").await;
    let keys = json!({ "Issuer": { "ecdh_public_key": keys["ecdh_public_key"] } }).to_string();
    let (_folder, oracle) = edited(&[("zenswarm-oracle-key-issuance-1.keys.json", &keys)]).await;
    let issued = ask(&issuer, "issue").await;
    let (status, mut proof) = call(&oracle, "zenswarm-oracle-key-issuance.chain", issued.clone()).await;
    assert_eq!(status, 200, "{proof}");
    let members: Vec<&String> = proof.as_object().unwrap().keys().collect();
    let expected = ["ecdh.signature.identity", "ecdh_public_key", "identity", "schnorr.signature.identity"];
    assert_eq!(members, expected);
    assert_eq!(proof["identity"]["did"], json!(oracle.did()));
    proof["schnorr"] = issued["schnorr"].clone();
    assert_eq!(call(&issuer, "check", proof.clone()).await, (200, json!({ "output": ["approved"] })));
    proof["identity"]["uid"] = json!("someone else");
    assert_eq!(call(&issuer, "check", proof).await.0, 500);
}

#[tokio::test]
async fn an_ephemeral_key_that_the_issuer_did_not_sign_is_refused() {
    let (_folder, oracle) = edited(&[]).await;
    let (_issuer_folder, issuer) = edited(&[("issue.zen", ISSUE), ("issue.metadata.json", GRANTED)]).await;
    let name = "zenswarm-oracle-key-issuance.chain";
    let mut issued = ask(&issuer, "issue").await;
    let (status, body) = call(&oracle, name, issued.clone()).await;
    assert!(status == 500 && body["zenroom_errors"]["logs"].as_str().unwrap().contains("Issuer"), "{body}");
    let keys = ask(&issuer, "zenswarm-oracle-generate-all-public-keys").await;
    issued["Issuer"] = json!({ "ecdh_public_key": keys["ecdh_public_key"] });
    assert_eq!(call(&oracle, name, issued).await.0, 422);

    let own = ask(&oracle, "zenswarm-oracle-generate-all-public-keys").await;
    let keys = json!({ "Issuer": { "ecdh_public_key": own["ecdh_public_key"] } }).to_string();
    let (_folder, pinned) = edited(&[("zenswarm-oracle-key-issuance-1.keys.json", &keys)]).await;
    let (status, body) = call(&pinned, name, ask(&issuer, "issue").await).await;
    assert!(
        status == 500 && body["zenroom_errors"]["logs"].as_str().unwrap().contains("not authentic"),
        "{body}"
    );
}
