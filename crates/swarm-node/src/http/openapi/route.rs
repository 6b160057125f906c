//! One address that runs a contract, and all that is said of it.
//!
//! The document, the explorer and the applet are made from this and know nothing else of a contract; whatever can be said in
//! these words (a chain, an address in another runtime's form) is described by them too.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use zencode::{Contract, Diagnostic};

use super::answer::answer;
use super::field::Fields;
use crate::oracle::chain::{Keys, Plan, Source, Step};
use crate::oracle::contracts::{Access, Auth, BodyType, CHAIN_ENDING, Entry, Grant, Program};

/// How data travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// restroom-mw's: in the member `data` of the body, or as JSON in the query parameter `data`.
    Data,
    /// ncr's: the body is the data, or each query parameter is a member of them.
    Bare,
}

/// One address.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    /// The contract's name.
    pub(crate) name: String,
    /// The address below the oracle's.
    pub(crate) path: String,
    /// What it is for, in a few words.
    pub(crate) summary: String,
    /// What it is for, in its author's words.
    pub(crate) description: String,
    /// What it belongs to.
    pub(crate) tags: Vec<String>,
    /// How data travel.
    pub(crate) envelope: Envelope,
    /// Whether GET is taken.
    pub(crate) takes_get: bool,
    /// Whether POST is taken.
    pub(crate) takes_post: bool,
    /// What the body of a POST is.
    pub(crate) body: BodyType,
    /// Whether a body of another type is refused.
    pub(crate) is_strict: bool,
    /// Whether something has to be so before it runs.
    pub(crate) is_guarded: bool,
    /// How callers say who they are; none when they need not.
    pub(crate) auth: Option<Auth>,
    /// What it takes.
    pub(crate) fields: Fields,
    /// The schema of what it takes.
    pub(crate) data: Value,
    /// An example of its data.
    pub(crate) example: Option<Value>,
    /// Further examples, by name.
    pub(crate) examples: Map<String, Value>,
    /// What it answers.
    pub(crate) answer: Outcome,
    /// What it answers when it fails.
    pub(crate) failure: Outcome,
    /// Why it cannot run.
    pub(crate) fault: Option<Diagnostic>,
}

/// One way in which a call ends.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: StatusCode,
    pub(crate) description: String,
    /// Type and schema of the body, when there is one.
    pub(crate) body: Option<(String, Value)>,
}

impl Route {
    /// What is said of a contract or chain at one of its addresses.
    pub(crate) fn of(entry: &Entry, envelope: Envelope) -> Self {
        let metadata = &entry.metadata;
        let preface = Preface::of(shown(entry).unwrap_or_default());
        let summary =
            metadata.description.clone().or_else(|| preface.scenario.clone()).map(|it| sentence(&it));
        let fields = fields(entry);
        let expected = metadata.content_type;
        Self {
            name: entry.name.clone(),
            path: path(&entry.name, envelope),
            summary: summary.unwrap_or_else(|| entry.name.clone()),
            tags: tags(entry, &preface),
            description: preface.comment,
            envelope,
            takes_get: !metadata.disable_get,
            takes_post: !metadata.disable_post,
            body: expected.unwrap_or(BodyType::Json),
            is_strict: expected.is_some() || envelope == Envelope::Bare,
            is_guarded: metadata.precondition.is_some(),
            auth: match entry.access() {
                Access::Known { auth, .. } => Some(auth),
                Access::Anyone | Access::Nobody => None,
            },
            data: entry
                .schema
                .as_ref()
                .map_or_else(|| fields.schema(), |schema| rooted(schema.json(), &entry.name)),
            fields,
            example: entry.example.as_deref().and_then(|json| serde_json::from_str(json).ok()),
            examples: metadata.examples.clone(),
            answer: answered(entry),
            failure: failed(entry, envelope),
            fault: fault(entry).cloned(),
        }
    }
}

/// The text that anybody may read; none when it may hold keys.
pub(crate) fn shown(entry: &Entry) -> Option<&str> {
    let holds_keys = match &entry.program {
        Program::Contract(_) => false,
        Program::Chain(plan) => plan.as_ref().map_or(true, |plan| plan.holds_keys),
    };
    (!holds_keys).then_some(entry.text.as_str())
}

fn fault(entry: &Entry) -> Option<&Diagnostic> {
    match &entry.program {
        Program::Contract(contract) => contract.as_ref().err(),
        Program::Chain(plan) => plan.as_ref().err(),
    }
}

fn path(name: &str, envelope: Envelope) -> String {
    match envelope {
        Envelope::Data => format!("/api/{}", encoded(name)),
        Envelope::Bare => format!("/{}", encoded(name.strip_suffix(CHAIN_ENDING).unwrap_or(name))),
    }
}

/// A schema file as part of a document: what it refers to within itself stays within itself.
fn rooted(schema: &Value, name: &str) -> Value {
    let mut schema = schema.clone();
    if let Value::Object(members) = &mut schema {
        members.entry("$id").or_insert_with(|| json!(format!("urn:zenswarm:schema:{}", encoded(name))));
    }
    schema
}

fn fields(entry: &Entry) -> Fields {
    let mut brought: BTreeSet<String> =
        entry.metadata.inputs.iter().map(|input| input.name().to_owned()).collect();
    brought.extend(entry.keys.names().map(str::to_owned));
    if entry.metadata.is_granted(Grant::Keyring) {
        brought.insert("keyring".to_owned());
    }
    if entry.metadata.http_headers {
        brought.insert("http_headers".to_owned());
    }
    match &entry.program {
        Program::Contract(Ok(contract)) => Fields::of(contract, &brought, &entry.metadata.aliases),
        Program::Chain(Ok(plan)) => first_fields(plan, brought, entry),
        Program::Contract(Err(_)) | Program::Chain(Err(_)) => Fields::default(),
    }
}

/// A chain takes what its first step takes, when that step gets the caller's data as they came.
fn first_fields(plan: &Plan, mut brought: BTreeSet<String>, entry: &Entry) -> Fields {
    let first = plan.steps.first().filter(|step| {
        let is_the_callers = matches!(step.task.data, Source::Nothing | Source::Flow);
        is_the_callers && step.each.is_none() && step.precondition.is_none() && step.data_transform.is_none()
    });
    let Some(Step { task, .. }) = first else { return Fields { is_open: true, ..Fields::default() } };
    if let Keys::Fixed(keys) = &task.keys {
        brought.extend(keys.names().map(str::to_owned));
    }
    if task.keyring.is_some() {
        brought.insert("keyring".to_owned());
    }
    Fields::of(&task.contract, &brought, &entry.metadata.aliases)
}

fn answered(entry: &Entry) -> Outcome {
    let metadata = &entry.metadata;
    let status = metadata.success_code;
    let media_type = metadata.success_content_type.as_ref().map(|it| it.header());
    let is_json = media_type.is_none_or(|it| it.as_bytes().starts_with(BodyType::Json.name().as_bytes()));
    let media_type = media_type.and_then(|it| it.to_str().ok()).unwrap_or(BodyType::Json.name()).to_owned();
    let schema = if is_json { printed(entry) } else { json!({}) };
    Outcome {
        status: status.map_or(StatusCode::OK, |status| status.get()),
        description: metadata
            .success_description
            .clone()
            .unwrap_or_else(|| "what the contract printed".to_owned()),
        body: (!status.is_some_and(|status| status.is_bare())).then_some((media_type, schema)),
    }
}

/// The schema of what it prints; a chain prints what its last step prints, when that step always runs once.
fn printed(entry: &Entry) -> Value {
    let contract = match &entry.program {
        Program::Contract(contract) => contract.as_ref().ok(),
        Program::Chain(plan) => {
            let last = plan.as_ref().ok().and_then(|plan| plan.steps.last());
            let certain =
                |step: &&Step| step.each.is_none() && step.precondition.is_none() && step.on_error.is_none();
            last.filter(certain).map(|step| &step.task.contract)
        }
    };
    contract.map_or_else(|| json!({}), answer)
}

fn failed(entry: &Entry, envelope: Envelope) -> Outcome {
    let metadata = &entry.metadata;
    let body = match envelope {
        Envelope::Data => {
            (BodyType::Json.name().to_owned(), json!({ "$ref": "#/components/schemas/ContractFailure" }))
        }
        Envelope::Bare => {
            let media_type = metadata.error_content_type.as_ref().and_then(|it| it.header().to_str().ok());
            (media_type.unwrap_or("text/plain").to_owned(), json!({ "type": "string" }))
        }
    };
    Outcome {
        status: metadata.error_code.map_or(StatusCode::INTERNAL_SERVER_ERROR, |status| status.get()),
        description: metadata.error_description.clone().unwrap_or_else(|| "the contract failed".to_owned()),
        body: Some(body),
    }
}

fn tags(entry: &Entry, preface: &Preface) -> Vec<String> {
    if !entry.metadata.tags.is_empty() {
        return entry.metadata.tags.clone();
    }
    let mut tags = preface.scenarios.clone();
    match &entry.program {
        Program::Contract(contract) if contract.as_ref().is_ok_and(Contract::asks) => {
            tags.push("connector".to_owned());
        }
        Program::Contract(_) => {}
        Program::Chain(_) => tags = vec!["chain".to_owned()],
    }
    if tags.is_empty() {
        tags.push("core".to_owned());
    }
    tags
}

/// What a contract says of itself before it does anything.
#[derive(Debug, Default, PartialEq, Eq)]
struct Preface {
    /// The comment at its top.
    comment: String,
    /// The scenarios that it loads, each once.
    scenarios: Vec<String>,
    /// What the first scenario line says the contract is about.
    scenario: Option<String>,
}

impl Preface {
    fn of(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let comment = lines.clone().map_while(|line| line.strip_prefix('#')).map(str::trim);
        let mut preface =
            Self { comment: comment.collect::<Vec<_>>().join(" ").trim().to_owned(), ..Self::default() };
        for line in lines {
            preface.read(line);
        }
        preface
    }

    fn read(&mut self, line: &str) {
        let word = line.split([' ', ':', '\'']).next().unwrap_or_default();
        if !word.eq_ignore_ascii_case("scenario") {
            return;
        }
        let (before, after) = line.split_once(':').unwrap_or((line, ""));
        if let Some(scenario) = before.split('\'').nth(1).map(str::to_lowercase)
            && !self.scenarios.contains(&scenario)
        {
            self.scenarios.push(scenario);
        }
        if self.scenario.is_none() && !after.trim().is_empty() {
            self.scenario = Some(after.trim().to_owned());
        }
    }
}

/// Words with a capital letter in front.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A contract's name as part of an address.
///
/// # Source
/// RFC 3986, section 2.3: what need not be encoded. The braces of an address template have to be.
pub(crate) fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for octet in name.bytes() {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                text.push(char::from(octet))
            }
            _ => text.push_str(&format!("%{octet:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preface_is_the_comment_at_the_top_and_the_scenarios() {
        let text = "# Signs\n# an object.\n\nScenario 'ecdh': sign an asset\nScenario 'w3c': more\n# not this\nGiven nothing\n";
        let expected = Preface {
            comment: "Signs an object.".to_owned(),
            scenarios: vec!["ecdh".to_owned(), "w3c".to_owned()],
            scenario: Some("sign an asset".to_owned()),
        };
        assert_eq!(Preface::of(text), expected);
    }

    #[test]
    fn a_scenario_without_words_says_nothing() {
        assert_eq!(Preface::of("scenario 'ecdh'\nGiven nothing").scenario, None);
    }

    #[test]
    fn what_would_be_a_template_is_encoded() {
        assert_eq!(encoded("a b/{c}-é"), "a%20b/%7Bc%7D-%C3%A9");
    }
}
