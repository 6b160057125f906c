//! Reading folders of contracts: plain files with plain names, each of bounded size.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use zencode::Limits;
use zeroize::Zeroizing;

use super::fault::{Fault, Faults};
use super::{COMPANION_OCTETS_MAX, CONTRACTS_MAX};

/// Levels of folders below the contracts folder.
const DEPTH_MAX: usize = 8;
/// Octets of a path that a chain or metadata name.
const PATH_OCTETS_MAX: usize = 1024;

/// A file as it was read.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) path: PathBuf,
    pub(super) text: Zeroizing<String>,
    pub(super) is_private: bool,
}

impl Text {
    pub(super) fn fault(&self, line: Option<usize>, cause: impl Into<String>) -> Fault {
        Fault { path: self.path.clone(), line, cause: cause.into() }
    }

    pub(super) fn is_yaml(&self) -> bool {
        self.path.extension().is_none_or(|it| it != "json")
    }
}

/// What lies beside a contract or chain.
#[derive(Debug, Clone, Default)]
pub(super) struct Companions {
    pub(super) keys: Option<Text>,
    pub(super) data: Option<Text>,
    pub(super) schema: Option<Text>,
    pub(super) metadata: Option<Text>,
    pub(super) conf: Option<Text>,
}

/// The files of folders, sorted by what they belong to.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Texts of contracts, by name.
    pub(super) contracts: BTreeMap<String, Text>,
    /// Texts of chains, by name without ending.
    pub(super) chains: BTreeMap<String, Text>,
    /// Companions, by the name before their ending.
    pub(super) companions: BTreeMap<String, Companions>,
    /// Files that cannot be served, with the reason; the rest goes on without them.
    pub(super) left_out: Vec<Fault>,
    pub(super) faults: Faults,
}

/// What a file is, by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Contract,
    Chain,
    Script,
    Keys,
    Data,
    Schema,
    Metadata,
    Conf,
}

/// Longer endings stand before those that they end with.
const ENDINGS: &[(&str, Role)] = &[
    (".zen", Role::Contract),
    (".chain.yaml", Role::Chain),
    (".chain.yml", Role::Chain),
    (".yaml", Role::Chain),
    (".yml", Role::Chain),
    (".chain.js", Role::Script),
    (".keys.json", Role::Keys),
    (".keys", Role::Keys),
    (".data.json", Role::Data),
    (".data", Role::Data),
    (".schema.json", Role::Schema),
    (".schema", Role::Schema),
    (".metadata.json", Role::Metadata),
    (".conf", Role::Conf),
];

/// Where contracts come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The folder that is served, or the contracts inside the binary.
    pub contracts: Option<PathBuf>,
    /// A folder of contracts that no caller reaches, and chains do.
    pub private: Option<PathBuf>,
}

impl Places {
    /// Reads every file that has a role.
    pub(super) fn read(&self) -> Files {
        let mut files = match &self.contracts {
            Some(_) => Files::default(),
            None => super::embedded::files(),
        };
        for (root, is_private) in [(&self.contracts, false), (&self.private, true)] {
            if let Some(root) = root {
                files.descend(root, "", 0, is_private);
            }
        }
        files
    }

    /// Reads one file that a chain or metadata name.
    ///
    /// A path is tried as it stands, and without the beginning that it has in common with the end of
    /// the folder's own path: ncr takes paths from where it was started.
    pub(super) fn file(&self, path: &str) -> Result<Text, String> {
        let plain = Path::new(path);
        if !is_plain(plain) || path.len() > PATH_OCTETS_MAX {
            return Err(format!("{path:?} is not a path below the contracts folder"));
        }
        if self.contracts.is_none()
            && let Some(text) = super::embedded::file(path)
        {
            return Ok(text);
        }
        for (root, is_private) in [(&self.contracts, false), (&self.private, true)] {
            let Some(root) = root else { continue };
            for inside in below(root, plain) {
                match open_below(root, &inside) {
                    Ok(None) => {}
                    Ok(Some(path)) => {
                        return content(&path, COMPANION_OCTETS_MAX, is_private).map_err(|it| it.cause);
                    }
                    Err(cause) => return Err(cause),
                }
            }
        }
        Err(format!("there is no file {path:?}"))
    }
}

/// Whether every part of a path is a plain name that is not hidden.
fn is_plain(path: &Path) -> bool {
    let is_name = |part: Component<'_>| match part {
        Component::Normal(name) => name.to_str().is_some_and(|it| !it.starts_with('.') && !it.contains('\0')),
        _ => false,
    };
    path.components().next().is_some() && path.components().all(is_name)
}

/// The path itself, then what is left of it when the folder's path ends with its beginning.
fn below(root: &Path, path: &Path) -> Vec<PathBuf> {
    let parts: Vec<Component<'_>> = path.components().collect();
    let shorter = (1..parts.len()).rev().filter_map(|count| {
        let start: PathBuf = parts[..count].iter().collect();
        root.ends_with(&start).then(|| parts[count..].iter().collect())
    });
    std::iter::once(path.to_owned()).chain(shorter).collect()
}

/// A link may lead anywhere; only what ends below the folder is the folder's.
fn open_below(root: &Path, inside: &Path) -> Result<Option<PathBuf>, String> {
    let Ok(root) = root.canonicalize() else { return Ok(None) };
    let Ok(real) = root.join(inside).canonicalize() else { return Ok(None) };
    if !real.starts_with(&root) {
        return Err(format!("{inside:?} leads out of the contracts folder"));
    }
    Ok(real.is_file().then_some(real))
}

impl Files {
    fn descend(&mut self, folder: &Path, prefix: &str, depth: usize, is_private: bool) {
        let fault = |cause: String| Fault { path: folder.to_owned(), line: None, cause };
        if depth > DEPTH_MAX {
            return self.faults.add(fault(format!("folders are nested deeper than {DEPTH_MAX}")));
        }
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.faults.add(fault(error.to_string())),
        };
        for entry in entries.flatten() {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
            if name.starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                self.descend(&entry.path(), &format!("{prefix}{name}/"), depth + 1, is_private);
            } else if kind.is_file() {
                let path = entry.path();
                self.sort(&path, prefix, &name, |octets_max| content(&path, octets_max, is_private));
            }
            if self.contracts.len() + self.chains.len() > CONTRACTS_MAX {
                return self.faults.add(fault(format!("there are more than {CONTRACTS_MAX} contracts")));
            }
        }
    }

    /// Sorts one file to what it belongs to, and reads it when it has a role: at most so many octets.
    pub(super) fn sort(
        &mut self,
        path: &Path,
        prefix: &str,
        name: &str,
        read: impl FnOnce(usize) -> Result<Text, Fault>,
    ) {
        let found = ENDINGS.iter().find_map(|(ending, role)| Some((name.strip_suffix(ending)?, *role)));
        let Some((stem, role)) = found.filter(|(stem, _)| !stem.is_empty()) else { return };
        let fault = |cause: &str| Fault { path: path.to_owned(), line: None, cause: cause.to_owned() };
        if role == Role::Script {
            return self.left_out.push(fault(
                "a chain in JavaScript is not run here: write it as NAME.chain.yaml, with transforms in Zencode",
            ));
        }
        let is_program = matches!(role, Role::Contract | Role::Chain);
        if is_program
            && !stem.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'))
        {
            return self.faults.add(fault("a contract's name has letters, digits, and - _ . only"));
        }
        let octets_max =
            if role == Role::Contract { Limits::default().contract_octets_max } else { COMPANION_OCTETS_MAX };
        match read(octets_max) {
            Ok(text) => self.put(format!("{prefix}{stem}"), role, text),
            Err(fault) => self.faults.add(fault),
        }
    }

    fn put(&mut self, stem: String, role: Role, text: Text) {
        let path = text.path.clone();
        let old = match role {
            Role::Contract => self.contracts.insert(stem, text),
            Role::Chain | Role::Script => self.chains.insert(stem, text),
            _ => {
                let companions = self.companions.entry(stem).or_default();
                let place = match role {
                    Role::Keys => &mut companions.keys,
                    Role::Data => &mut companions.data,
                    Role::Schema => &mut companions.schema,
                    Role::Metadata => &mut companions.metadata,
                    _ => &mut companions.conf,
                };
                place.replace(text)
            }
        };
        if let Some(old) = old {
            let cause = format!("{} says the same in another file: one must go", old.path.display());
            self.faults.add(Fault { path, line: None, cause });
        }
    }
}

fn content(path: &Path, octets_max: usize, is_private: bool) -> Result<Text, Fault> {
    let fault = |cause: String| Fault { path: path.to_owned(), line: None, cause };
    let mut text = Zeroizing::new(String::new());
    File::open(path)
        .and_then(|file| file.take(octets_max as u64 + 1).read_to_string(&mut text))
        .map_err(|error| fault(error.to_string()))?;
    if text.len() > octets_max {
        return Err(fault(format!("it is larger than {octets_max} octets")));
    }
    Ok(Text { path: path.to_owned(), text, is_private })
}
