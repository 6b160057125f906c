//! DID documents: what the world reads about an oracle, and the controller's proof on them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Did;
use crate::canonical;
use crate::key::{PublicKey, Signature, SigningKey};
use crate::octets::{self, Digest};
use crate::profile::Endpoint;
use crate::service_key::{EcdhPublicKey, ServiceKeys};
use crate::time::Timestamp;

/// The vocabularies of the terms below.
const CONTEXT: [&str; 4] = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/suites/ed25519-2018/v1",
    "https://w3id.org/security/suites/secp256k1-2019/v1",
];

/// The type of our services.
const SERVICE_TYPE: &str = "ZenswarmOracle";

/// The two octets in front of an Ed25519 public key in Multikey.
///
/// # Source
/// W3C Controlled Identifiers 1.0, Multikey; multicodec `ed25519-pub`.
const ED25519_PREFIX: [u8; 2] = [0xed, 0x01];

/// The fragment of the DID's own key.
pub const DID_KEY: &str = "#did_key";

/// The fragment of the service key of Zenroom's `eddsa` scenario.
pub const EDDSA_KEY: &str = "#eddsa_public_key";

/// The fragment of the service key of Zenroom's `ecdh` scenario.
pub const ECDH_KEY: &str = "#ecdh_public_key";

/// The DID document of an oracle or controller.
///
/// # Source
/// W3C DID Core 1.0. Fragments and types of the service keys as in earlier `did:dyne` documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DidDocument {
    #[serde(rename = "@context")]
    context: Vec<String>,
    /// The DID.
    pub id: Did,
    /// Its keys; the first is the DID's own.
    #[serde(rename = "verificationMethod")]
    pub verification_method: Vec<VerificationMethod>,
    /// The keys by which it proves who it is: the DID's own.
    pub authentication: Vec<String>,
    /// The keys by which it makes statements: the DID's own for votes, the service keys for contracts.
    #[serde(rename = "assertionMethod")]
    pub assertion_method: Vec<String>,
    /// Where it is reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service: Vec<Service>,
}

/// A key of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerificationMethod {
    /// The DID and a fragment.
    pub id: String,
    /// The DID, as text: reading a key checks it, which takes time and is done for `id` already.
    pub controller: String,
    /// `Multikey`, `Ed25519VerificationKey2018` or `EcdsaSecp256k1VerificationKey2019`.
    pub r#type: String,
    /// A Multikey's text: `z` and base58 of prefix and key.
    #[serde(rename = "publicKeyMultibase", default, skip_serializing_if = "Option::is_none")]
    pub public_key_multibase: Option<String>,
    /// The older types' text: base58 of the key.
    #[serde(rename = "publicKeyBase58", default, skip_serializing_if = "Option::is_none")]
    pub public_key_base58: Option<String>,
}

/// Where an oracle is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The DID and a fragment.
    pub id: String,
    /// Always `ZenswarmOracle`.
    pub r#type: String,
    /// The base URL.
    #[serde(rename = "serviceEndpoint")]
    pub service_endpoint: Endpoint,
}

impl DidDocument {
    /// The document of an oracle.
    pub fn of_oracle(id: Did, keys: &ServiceKeys, endpoints: &[Endpoint]) -> Self {
        let mut document = Self::of_controller(id, endpoints);
        document.add_key(EDDSA_KEY, "Ed25519VerificationKey2018", keys.eddsa.octets());
        document.add_key(ECDH_KEY, "EcdsaSecp256k1VerificationKey2019", EcdhPublicKey::octets(&keys.ecdh));
        document
    }

    /// The document of a controller, which has no service keys.
    pub fn of_controller(id: Did, endpoints: &[Endpoint]) -> Self {
        let did_key = VerificationMethod {
            id: format!("{id}{DID_KEY}"),
            controller: id.to_string(),
            r#type: "Multikey".to_owned(),
            public_key_multibase: Some(multikey(&id.key())),
            public_key_base58: None,
        };
        let service = |(number, endpoint): (usize, &Endpoint)| Service {
            id: format!("{id}#endpoint-{}", number + 1),
            r#type: SERVICE_TYPE.to_owned(),
            service_endpoint: endpoint.clone(),
        };
        Self {
            context: CONTEXT.map(str::to_owned).to_vec(),
            id,
            authentication: vec![did_key.id.clone()],
            assertion_method: vec![did_key.id.clone()],
            verification_method: vec![did_key],
            service: endpoints.iter().enumerate().map(service).collect(),
        }
    }

    fn add_key(&mut self, fragment: &str, kind: &str, key: &[u8]) {
        let id = format!("{}{fragment}", self.id);
        self.assertion_method.push(id.clone());
        self.verification_method.push(VerificationMethod {
            id,
            controller: self.id.to_string(),
            r#type: kind.to_owned(),
            public_key_multibase: None,
            public_key_base58: Some(octets::to_base58(key)),
        });
    }

    /// The document's digest: SHA-256 of its canonical JSON, without proof.
    pub fn digest(&self) -> Digest {
        Digest::of(canonical::text_of(self).as_bytes())
    }

    /// The document with the controller's Data Integrity proof, as it is served.
    pub fn secured(&self, controller: &SigningKey, created: Timestamp) -> Value {
        let method = format!("{}{DID_KEY}", Did::of(controller.public()));
        let mut document = serde_json::to_value(self).expect("a document is an object of texts");
        let mut proof = json!({
            "@context": self.context,
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": created.xml_date_time(),
            "verificationMethod": method,
            "proofPurpose": "assertionMethod",
        });
        let signature = controller.sign(&proof_input(&proof, &document));
        proof["proofValue"] = Value::from(format!("z{signature}"));
        document["proof"] = proof;
        document
    }
}

/// An Ed25519 public key as Multikey text.
pub fn multikey(key: &PublicKey) -> String {
    format!("z{}", octets::to_base58(&[&ED25519_PREFIX[..], key.octets()].concat()))
}

/// Whether a document carries a Data Integrity proof `eddsa-jcs-2022` made with this key.
///
/// # Source
/// W3C Data Integrity EdDSA Cryptosuites 1.0, 3.3.
pub fn verify_proof(secured: &Value, key: &PublicKey) -> bool {
    let Some(object) = secured.as_object() else { return false };
    let mut document = object.clone();
    let Some(Value::Object(mut proof)) = document.shift_remove("proof") else { return false };
    let Some(Value::String(value)) = proof.shift_remove("proofValue") else { return false };
    let suite = proof.get("type") == Some(&json!("DataIntegrityProof"))
        && proof.get("cryptosuite") == Some(&json!("eddsa-jcs-2022"))
        && proof.get("proofPurpose") == Some(&json!("assertionMethod"))
        && proof.get("@context") == document.get("@context");
    let signature = value.strip_prefix('z').and_then(|text| text.parse::<Signature>().ok());
    let input = proof_input(&Value::Object(proof), &Value::Object(document));
    suite && signature.is_some_and(|signature| key.verify(&input, &signature))
}

/// What a Data Integrity proof signs: two digests. No label fits the standard's form; 64 octets of digests are
/// no text that any message of ours could be.
fn proof_input(proof: &Value, document: &Value) -> [u8; 64] {
    let mut input = [0; 64];
    input[..32].copy_from_slice(canonical::digest(proof).octets());
    input[32..].copy_from_slice(canonical::digest(document).octets());
    input
}

/// What a resolver answers.
///
/// # Source
/// W3C DID Resolution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Resolution {
    #[serde(rename = "@context")]
    context: &'static str,
    /// The secured document; null when the DID is deactivated.
    #[serde(rename = "didDocument")]
    pub document: Value,
    /// What is known about the document.
    #[serde(rename = "didDocumentMetadata")]
    pub document_metadata: DocumentMetadata,
    /// What is known about the answer.
    #[serde(rename = "didResolutionMetadata")]
    pub resolution_metadata: Value,
}

/// What is known about a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentMetadata {
    /// XML `dateTime` of the enrolment.
    pub created: String,
    /// XML `dateTime` of the latest change.
    pub updated: String,
    /// Whether the DID is over.
    pub deactivated: bool,
    /// The leaf hash of the log entry that made this version.
    #[serde(rename = "versionId")]
    pub version_id: Digest,
}

impl Resolution {
    /// The answer for a DID that is known; HTTP status 200, or 410 when it is deactivated.
    pub fn new(document: Value, document_metadata: DocumentMetadata) -> Self {
        let document = if document_metadata.deactivated { Value::Null } else { document };
        Self {
            context: "https://w3id.org/did-resolution/v1",
            document,
            document_metadata,
            resolution_metadata: json!({"contentType": "application/did"}),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> DidDocument {
        let did = Did::of(SigningKey::from_octets([1; 32]).public());
        let secrets = crate::service_key::ServiceSecrets::new([2; 32], [3; 32]).unwrap();
        DidDocument::of_oracle(did, &secrets.public(), &["http://127.0.0.1:8000".parse().unwrap()])
    }

    #[test]
    fn a_document_reads_back_and_refuses_unknown_fields() {
        let mut value = serde_json::to_value(document()).unwrap();
        assert_eq!(serde_json::from_value::<DidDocument>(value.clone()).unwrap(), document());
        value["evil"] = json!(1);
        assert!(serde_json::from_value::<DidDocument>(value).is_err());
    }

    #[test]
    fn the_did_key_of_the_data_integrity_standard_is_written_as_there() {
        // The key pair of the standard's test vectors.
        let key = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        let octets = bs58::decode(&key[1..]).into_vec().unwrap();
        assert_eq!(octets[..2], ED25519_PREFIX);
        let public = PublicKey::from_octets(octets[2..].try_into().unwrap()).unwrap();
        assert_eq!(multikey(&public), key);
    }

    #[test]
    fn a_proof_holds_for_its_document_and_key_only() {
        let controller = SigningKey::from_octets([9; 32]);
        let secured = document().secured(&controller, Timestamp::from_millis(1_700_000_000_000));
        assert!(verify_proof(&secured, &controller.public()));
        assert!(!verify_proof(&secured, &SigningKey::from_octets([8; 32]).public()));
        for pointer in ["/id", "/service/0/serviceEndpoint", "/proof/created", "/proof/proofPurpose"] {
            let mut changed = secured.clone();
            *changed.pointer_mut(pointer).unwrap() = json!("2023-11-14T22:13:21Z");
            assert!(!verify_proof(&changed, &controller.public()), "{pointer}");
        }
    }

    #[test]
    fn the_proof_that_the_standard_publishes_verifies_and_no_other_document_does() {
        // W3C Data Integrity EdDSA Cryptosuites 1.0, test vectors of eddsa-jcs-2022.
        let key = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        let context =
            json!(["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]);
        let mut credential = json!({
            "@context": context,
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            "type": ["VerifiableCredential", "AlumniCredential"],
            "name": "Alumni Credential",
            "description": "A minimum viable example of an Alumni Credential.",
            "issuer": "https://vc.example/issuers/5678",
            "validFrom": "2023-01-01T00:00:00Z",
            "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
            "proof": {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-jcs-2022",
                "created": "2023-02-24T23:36:38Z",
                "verificationMethod": format!("did:key:{key}#{key}"),
                "proofPurpose": "assertionMethod",
                "@context": context,
                "proofValue": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
            },
        });
        let key = bs58::decode(&key[1..]).into_vec().unwrap();
        let key = PublicKey::from_octets(key[2..].try_into().unwrap()).unwrap();
        assert!(verify_proof(&credential, &key));
        credential["name"] = json!("Alumna Credential");
        assert!(!verify_proof(&credential, &key));
    }

    #[test]
    fn a_deactivated_did_has_no_document() {
        let metadata = DocumentMetadata {
            created: Timestamp::ZERO.xml_date_time(),
            updated: Timestamp::ZERO.xml_date_time(),
            deactivated: true,
            version_id: Digest::new([0; 32]),
        };
        assert_eq!(Resolution::new(json!({"id": "x"}), metadata).document, Value::Null);
    }
}
