//! From files to entries: each file understood, each text compiled once, all faults gathered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use swarm_protocol::octets::Digest;
use zencode::{Configuration, Contract, Diagnostic, KeyCache, Library, Limits};
use zeroize::Zeroizing;

use super::chains::Neighbours;
use super::fault::{Cause, ContractsError, Fault, Faults};
use super::folder::{Companions, Files, Places, Text};
use super::{
    CHAIN_ENDING, Closed, Contracts, Entry, FolderDefault, Grant, Metadata, Precondition, Program, Schema,
    Secret, keys,
};
use crate::oracle::chain::{self, Grants, Plan};

/// Reads folders; with an older snapshot, whatever is at fault stays as it is there.
pub(super) fn assemble(
    places: &Places,
    default: FolderDefault,
    keyring: &Zeroizing<String>,
    previous: Option<&Contracts>,
) -> Result<Contracts, ContractsError> {
    let root = places.contracts.iter().chain(&places.private).find(|root| std::fs::read_dir(root).is_err());
    if let Some(root) = root {
        let cause = "the folder is not there, or may not be read".to_owned();
        return Err(ContractsError { faults: vec![Fault { path: root.clone(), line: None, cause }] });
    }
    let mut files = places.read();
    let faults = std::mem::take(&mut files.faults);
    let mut assembly = Assembly {
        places,
        default,
        keyring,
        previous,
        files: &files,
        faults,
        broken: Vec::new(),
        compiled: BTreeMap::new(),
        inner: BTreeSet::new(),
        entries: BTreeMap::new(),
        known: previous.map(|previous| previous.known.clone()).unwrap_or_default(),
    };
    // Chains first: they say which contracts are only steps.
    for (name, text) in &files.chains {
        assembly.chain(name, text);
    }
    for (name, text) in &files.contracts {
        assembly.contract(name, text);
    }
    assembly.finish()
}

pub(super) struct Assembly<'a> {
    pub(super) places: &'a Places,
    default: FolderDefault,
    pub(super) keyring: &'a Zeroizing<String>,
    previous: Option<&'a Contracts>,
    pub(super) files: &'a Files,
    /// Faults that keep an entry from being made.
    faults: Faults,
    /// Faults of entries that are there, and answer with them.
    broken: Vec<Fault>,
    compiled: BTreeMap<Digest, Result<Contract, Diagnostic>>,
    /// Names of contracts that are steps of a chain.
    inner: BTreeSet<String>,
    entries: BTreeMap<String, Arc<Entry>>,
    /// Public keys that signatures are verified with again and again: one store for all contracts.
    known: KeyCache,
}

/// What companions say, understood.
struct Understood {
    metadata: Metadata,
    keys: Secret,
    schema: Option<Schema>,
    configuration: Configuration,
    example: Option<String>,
    precondition: Option<Arc<Precondition>>,
}

impl Assembly<'_> {
    /// Compiles a text, unless it was compiled before.
    pub(super) fn compile(&mut self, text: &str) -> Result<Contract, Diagnostic> {
        let digest = Digest::of(text.as_bytes());
        if let Some(compiled) = self.compiled.get(&digest) {
            return compiled.clone();
        }
        let known = self.previous.and_then(|previous| previous.compiled.get(&digest));
        let compiled = known
            .cloned()
            .unwrap_or_else(|| Contract::compile(text, Library::Connectors, &Limits::default()));
        self.compiled.insert(digest, compiled.clone());
        compiled
    }

    fn contract(&mut self, name: &str, text: &Text) {
        let companions = self.files.companions.get(name).cloned().unwrap_or_default();
        let is_inner = self.inner.contains(name);
        let version = version(
            text,
            &companions,
            &[u8::from(is_inner), u8::from(self.default == FolderDefault::Closed)],
        );
        let contract = self.compile(&text.text);
        if let Some(old) = self.previous.and_then(|previous| previous.entries.get(name))
            // What a precondition reads lies outside of the version.
            && old.version == version && old.precondition.is_none() && old.broken().is_none()
        {
            self.entries.insert(name.to_owned(), old.clone());
            return;
        }
        let writes = contract.as_ref().is_ok_and(writes);
        let Some(understood) = self.understood(name, &companions, Some(self.keyring)) else {
            return self.keep(name);
        };
        let granted = understood.metadata.is_granted(Grant::Keyring);
        let entry =
            self.entry(name, text, version, understood, Program::Contract(contract), (granted, writes));
        self.put(entry, text);
    }

    fn chain(&mut self, stem: &str, text: &Text) {
        let name = format!("{stem}{CHAIN_ENDING}");
        let own = self.files.companions.get(&name).cloned().unwrap_or_default();
        let shared = self.files.companions.get(stem).cloned().unwrap_or_default();
        let companions = Companions {
            keys: own.keys.or(shared.keys),
            data: own.data.or(shared.data),
            schema: own.schema.or(shared.schema),
            metadata: own.metadata.or(shared.metadata),
            conf: own.conf.or(shared.conf),
        };
        // What is granted to a chain goes to the contracts that it holds itself, not to all of its steps.
        let Some(understood) = self.understood(&name, &companions, None) else {
            self.inner.extend(mentioned(&text.text));
            return self.keep(&name);
        };
        let (plan, steps) = self.plan(stem, text, understood.metadata.grants());
        let plan = match plan {
            Ok(None) => return,
            Ok(Some(plan)) => Ok(Arc::new(plan)),
            Err(diagnostic) => {
                // What a broken chain names is no more public than before.
                self.inner.extend(mentioned(&text.text));
                Err(*diagnostic)
            }
        };
        self.inner.extend(steps.iter().cloned());
        let version = version(text, &companions, &[]);
        let is_granted = plan.as_ref().is_ok_and(|plan| plan.is_granted);
        let writes = plan.as_ref().is_ok_and(|plan| plan.contracts().any(writes));
        let program = Program::Chain(plan);
        let mut entry = self.entry(&name, text, version, understood, program, (is_granted, writes));
        entry.steps = steps;
        self.put(entry, text);
    }

    fn plan(
        &mut self,
        stem: &str,
        text: &Text,
        grants: Grants,
    ) -> (Result<Option<Plan>, Box<Diagnostic>>, BTreeSet<String>) {
        let mut neighbours = Neighbours::new(self, stem, grants);
        let plan = chain::read(&text.text, &mut neighbours);
        let steps = neighbours.steps;
        for warning in plan
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .map(|plan| plan.warnings.as_slice())
            .unwrap_or_default()
        {
            tracing::warn!(chain = stem, "{warning}");
        }
        (plan, steps)
    }

    fn entry(
        &self,
        name: &str,
        text: &Text,
        version: Digest,
        understood: Understood,
        program: Program,
        (is_granted, writes): (bool, bool),
    ) -> Entry {
        let Understood { metadata, keys, schema, configuration, example, precondition } = understood;
        let is_inner = self.inner.contains(name);
        let closed = match self.default {
            _ if metadata.public => None,
            FolderDefault::Closed => Some(Closed::Folder),
            FolderDefault::Open if is_granted => Some(Closed::Granted),
            FolderDefault::Open => writes.then_some(Closed::Writes),
        };
        Entry {
            name: name.to_owned(),
            text: text.text.to_string(),
            digest: Digest::of(text.text.as_bytes()),
            program,
            example,
            schema,
            is_hidden: text.is_private || metadata.is_private() || (is_inner && !metadata.public),
            closed,
            metadata,
            keys,
            configuration,
            precondition,
            version,
            steps: BTreeSet::new(),
        }
    }

    /// Reads all companions, so that all their faults are told.
    fn understood(
        &mut self,
        name: &str,
        companions: &Companions,
        keyring: Option<&Zeroizing<String>>,
    ) -> Option<Understood> {
        let metadata = self.read(companions.metadata.as_ref(), |text| Metadata::parse(&text.text));
        let own = self.read(companions.keys.as_ref(), |text| keys::read(text.text.clone(), text.is_yaml()));
        let configuration = self.read(companions.conf.as_ref(), |text| {
            Configuration::parse(text.text.trim()).map_err(|cause| cause.replace('\n', ": ").into())
        });
        let granted = metadata.as_ref().is_some_and(|metadata| metadata.is_granted(Grant::Keyring));
        let keyring = keyring.filter(|_| granted);
        let own = own?;
        let own = (!own.is_empty()).then_some(own);
        let known = self.known.clone();
        let keys = self.read(companions.keys.as_ref().or(companions.metadata.as_ref()), |_| {
            Secret::new(own.clone(), keyring).map(|keys| keys.with_known(&known))
        })?;
        let schema = match &companions.schema {
            Some(text) => Some(self.read(Some(text), |text| Schema::parse(&text.text, &keys).map(Some))?),
            None => None,
        };
        let precondition = self.precondition(name, metadata.as_ref(), companions);
        Some(Understood {
            metadata: metadata?,
            keys,
            schema: schema.flatten(),
            configuration: configuration?,
            example: example(companions.data.as_ref()),
            precondition: precondition?,
        })
    }

    /// Understands one companion; an absent one is the default.
    fn read<T: Default>(
        &mut self,
        text: Option<&Text>,
        read: impl FnOnce(&Text) -> Result<T, Cause>,
    ) -> Option<T> {
        match text {
            Some(text) => self.faults.take(read(text).map_err(|cause| cause.at(text.path.clone()))),
            None => Some(T::default()),
        }
    }

    fn precondition(
        &mut self,
        name: &str,
        metadata: Option<&Metadata>,
        companions: &Companions,
    ) -> Option<Option<Arc<Precondition>>> {
        let (Some(path), Some(text)) =
            (metadata.and_then(|metadata| metadata.precondition.as_deref()), &companions.metadata)
        else {
            return Some(None);
        };
        let read = self
            .precondition_of(name, path)
            .map_err(|cause| text.fault(None, format!("precondition: {cause}")));
        self.faults.take(read.map(|it| Some(Arc::new(it))))
    }

    fn precondition_of(&mut self, name: &str, path: &str) -> Result<Precondition, String> {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let paths = [format!("{folder}/{path}"), path.to_owned()];
        let find = |endings: &[&str]| {
            let candidates =
                paths.iter().flat_map(|path| endings.iter().map(move |ending| format!("{path}{ending}")));
            candidates.filter_map(|path| self.places.file(path.trim_start_matches('/')).ok()).next()
        };
        let text = find(&[".slang", ".zen", ""]).ok_or_else(|| format!("there is no contract {path:?}"))?;
        let keys = find(&[".keys.json", ".keys"]);
        let contract = self.compile(&text.text).map_err(|diagnostic| format!("{path}, {diagnostic}"))?;
        let keys = keys.map(|text| keys::read(text.text.clone(), text.is_yaml())).transpose();
        let keys = keys.and_then(|own| Secret::new(own, None)).map_err(|cause| cause.text)?;
        Ok(Precondition { contract, keys })
    }

    /// Adds an entry; one that no longer compiles leaves the older one in service.
    fn put(&mut self, entry: Entry, text: &Text) {
        if let Some(diagnostic) = entry.broken() {
            let fault = text.fault(diagnostic.line, diagnostic.message.clone());
            tracing::warn!(contract = entry.name, %fault, "does not compile");
            self.broken.push(fault);
            if self.good(&entry.name).is_some() {
                return self.keep(&entry.name);
            }
        }
        if self.entries.contains_key(&entry.name) {
            self.faults
                .add(text.fault(None, format!("a chain has the name {:?} already: one must go", entry.name)));
            return;
        }
        self.entries.insert(entry.name.clone(), Arc::new(entry));
    }

    fn good(&self, name: &str) -> Option<&Arc<Entry>> {
        self.previous?.entries.get(name).filter(|old| old.broken().is_none())
    }

    /// Leaves the older version in service.
    fn keep(&mut self, name: &str) {
        if let Some(old) = self.good(name).cloned() {
            self.inner.extend(old.steps.iter().cloned());
            self.entries.insert(name.to_owned(), old);
        }
    }

    fn finish(self) -> Result<Contracts, ContractsError> {
        for left_out in &self.files.left_out {
            tracing::warn!("{left_out}");
        }
        let mut faults = self.faults.into_vec();
        if self.previous.is_none() && !faults.is_empty() {
            return Err(ContractsError { faults });
        }
        for fault in &faults {
            tracing::warn!(%fault, "the older version stays in service");
        }
        faults.extend(self.broken);
        let Self { entries, compiled, known, .. } = self;
        Ok(Contracts { entries, faults, compiled, known, description: OnceLock::new() })
    }
}

/// Whether a contract changes something outside.
fn writes(contract: &Contract) -> bool {
    contract.effects().iter().any(|effect| effect.writes)
}

/// An example that is no object harms descriptions alone.
fn example(text: Option<&Text>) -> Option<String> {
    let text = text.filter(|text| !text.text.trim().is_empty())?;
    match keys::object(&text.text) {
        Ok(_) => Some(text.text.to_string()),
        Err(cause) => {
            tracing::warn!("{}", cause.at(text.path.clone()));
            None
        }
    }
}

/// Names of contracts that the text of a chain may mean.
fn mentioned(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|it: char| it.is_whitespace() || "'\"{}[],".contains(it));
    words.filter_map(|word| word.strip_suffix(".zen")).map(str::to_owned)
}

fn version(text: &Text, companions: &Companions, more: &[u8]) -> Digest {
    let Companions { keys, data, schema, metadata, conf } = companions;
    let mut octets = Zeroizing::new(more.to_vec());
    octets.push(u8::from(text.is_private));
    for part in [Some(text), keys.as_ref(), data.as_ref(), schema.as_ref(), metadata.as_ref(), conf.as_ref()]
    {
        let part = part.map(|part| part.text.as_bytes());
        octets.extend(part.map_or(u64::MAX, |part| part.len() as u64).to_be_bytes());
        octets.extend(part.unwrap_or_default());
    }
    Digest::of(&octets)
}
