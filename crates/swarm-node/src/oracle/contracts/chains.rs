//! What a chain finds around it: contracts, keys and other files of the same folders.

use std::collections::BTreeSet;

use zencode::{Contract, Diagnostic};
use zeroize::Zeroizing;

use super::assembly::Assembly;
use super::fault::Cause;
use super::folder::Text;
use super::{Metadata, keys};
use crate::oracle::chain::{Files, Grants, Piece};

/// The files around one chain.
pub(super) struct Neighbours<'a, 'b> {
    assembly: &'a mut Assembly<'b>,
    folder: String,
    grants: Grants,
    /// Names of the contracts that are its steps.
    pub(super) steps: BTreeSet<String>,
}

impl<'a, 'b> Neighbours<'a, 'b> {
    pub(super) fn new(assembly: &'a mut Assembly<'b>, stem: &str, grants: Grants) -> Self {
        let folder = stem.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Self { assembly, folder, grants, steps: BTreeSet::new() }
    }

    /// Paths that a path may mean: from the folder of the chain, and from the contracts folder.
    fn meanings(&self, path: &str) -> Vec<String> {
        let path = path.strip_prefix("./").unwrap_or(path);
        if self.folder.is_empty() {
            return vec![path.to_owned()];
        }
        vec![format!("{}/{path}", self.folder), path.to_owned()]
    }

    fn file(&self, path: &str) -> Result<Text, Cause> {
        let mut found = Err(format!("there is no file {path:?}"));
        for path in self.meanings(path) {
            found = self.assembly.places.file(&path);
            if found.is_ok() {
                break;
            }
        }
        found.map_err(Cause::from)
    }

    /// What the metadata of a contract grant it. Faulty metadata grant nothing.
    fn grants_of(&self, name: &str) -> Grants {
        let companions = self.assembly.files.companions.get(name);
        let metadata = companions.and_then(|companions| companions.metadata.as_ref());
        let metadata = metadata.and_then(|text| Metadata::parse(&text.text).ok());
        metadata.map(|metadata| metadata.grants()).unwrap_or_default()
    }
}

impl Files for Neighbours<'_, '_> {
    fn folder(&self) -> &str {
        &self.folder
    }

    fn grants(&self) -> Grants {
        self.grants.clone()
    }

    fn contract(&mut self, path: &str) -> Result<Piece, Cause> {
        let names = self.meanings(path);
        let mut known = names.iter().filter_map(|path| path.strip_suffix(".zen"));
        let known = known.find(|name| self.assembly.files.contracts.contains_key(*name)).map(str::to_owned);
        let (text, grants) = match &known {
            Some(name) => (self.assembly.files.contracts[name].text.clone(), self.grants_of(name)),
            None => (self.file(path)?.text, Grants::default()),
        };
        self.steps.extend(known);
        let contract = self.assembly.compile(&text);
        let contract = contract.map_err(|fault| Cause { line: fault.line, text: fault.message })?;
        Ok(Piece { contract, grants })
    }

    fn compile(&mut self, text: &str) -> Result<Contract, Diagnostic> {
        self.assembly.compile(text)
    }

    fn keys(&mut self, path: &str) -> Result<Zeroizing<String>, Cause> {
        let text = self.file(path)?;
        let is_yaml = text.is_yaml();
        keys::read(text.text, is_yaml)
    }

    fn text(&mut self, path: &str) -> Result<Zeroizing<String>, Cause> {
        Ok(self.file(path)?.text)
    }

    fn keyring(&self) -> &Zeroizing<String> {
        self.assembly.keyring
    }
}
