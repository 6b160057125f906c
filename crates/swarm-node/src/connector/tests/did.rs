//! Who is asked for the document of an identifier.

use url::Url;

use super::super::did::Resolvers;
use super::*;
use crate::config::ConnectorConfig;

fn resolvers(dyne: Option<String>, universal: Option<String>) -> Resolvers {
    let url = |text: Option<String>| text.map(|text| Url::parse(&text).unwrap());
    Resolvers::new(&ConnectorConfig {
        files: None,
        logs: None,
        did_resolver: url(dyne),
        universal_resolver: url(universal),
        egress: EgressConfig {
            policy: Policy::default(),
            timeout: Duration::from_secs(5),
            reply_octets_max: 1000,
        },
    })
}

async fn registry() -> Server {
    let router = Router::new()
        .route("/dids/did:dyne:a:1", get(|| async { "{\"dyne\":1}" }))
        .route("/1.0/identifiers/did:key:z1", get(|| async { "{\"key\":1}" }))
        .route("/dids/did:dyne:a:2", get(|| async { "no JSON" }));
    Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router)
}

async fn resolve(resolvers: &Resolvers, did: &str, from: Option<String>) -> Answer {
    resolvers.answer(did.into(), from, &http(&[], &[]), &Scope::default()).await
}

#[tokio::test]
async fn each_method_has_its_resolver_which_may_be_private() {
    let server = registry().await;
    let address = server.local_addr();
    let resolvers =
        resolvers(Some(format!("http://{address}/dids")), Some(format!("http://{address}/1.0/identifiers/")));
    assert_eq!(resolve(&resolvers, "did:dyne:a:1", None).await, Answer::Json("{\"dyne\":1}".into()));
    assert_eq!(resolve(&resolvers, "did:key:z1", None).await, Answer::Json("{\"key\":1}".into()));
}

#[tokio::test]
async fn an_unknown_identifier_and_a_broken_answer_end_the_run() {
    let server = registry().await;
    let resolvers = resolvers(Some(format!("http://{}/dids", server.local_addr())), None);
    for (did, why) in
        [("did:dyne:a:3", "404"), ("did:dyne:a:2", "not JSON"), ("did:key:z1", "universal_resolver")]
    {
        let answer = resolve(&resolvers, did, None).await;
        assert!(matches!(&answer, Answer::Refused(reason) if reason.contains(why)), "{answer:?}");
    }
}

#[tokio::test]
async fn a_resolver_that_the_contract_names_is_bound_by_the_policy() {
    let server = registry().await;
    let from = Some(format!("http://{}/dids", server.local_addr()));
    let resolvers = resolvers(None, None);
    let answer = resolve(&resolvers, "did:dyne:a:1", from.clone()).await;
    assert!(matches!(&answer, Answer::Refused(reason) if reason.contains("egress policy")), "{answer:?}");
    let allowed = Scope { egress: vec!["127.0.0.1".parse().unwrap()], ..Scope::default() };
    let answer = resolvers.answer("did:dyne:a:1".into(), from, &http(&[], &[]), &allowed).await;
    assert_eq!(answer, Answer::Json("{\"dyne\":1}".into()));
}
