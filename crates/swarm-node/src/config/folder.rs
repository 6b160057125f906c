//! How an oracle serves its folder: which routes, what beside contracts, who may call.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ConfigError, Layer, fault, keep_apart};
use crate::oracle::contracts::FolderDefault;

/// Octets of the page for unknown addresses.
const NOT_FOUND_OCTETS_MAX: usize = 256 * 1024;

/// How an oracle serves its folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderConfig {
    /// Which routes contracts have.
    pub convention: Convention,
    /// Folder of contracts that only chains reach.
    pub private: Option<PathBuf>,
    /// Folder of static files.
    pub public: Option<PathBuf>,
    /// What comes before every path: empty, or a slash and names without one at the end.
    pub base_path: String,
    /// What is answered where there is nothing.
    pub not_found: Option<NotFound>,
    /// Whether contracts without metadata may be called.
    pub default: FolderDefault,
}

/// Which routes contracts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// restroom-mw's: `/api/NAME`, DATA in the member `data`.
    #[default]
    Restroom,
    /// ncr's: `/NAME`, the body is DATA.
    Ncr,
    /// Both.
    Both,
}

/// What is answered where there is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// The text of the answer.
    pub content: String,
    /// Its media type.
    pub media_type: String,
}

impl Convention {
    /// Whether there is `/api/NAME`.
    pub fn has_restroom(self) -> bool {
        self != Self::Ncr
    }

    /// Whether there is `/NAME`.
    pub fn has_ncr(self) -> bool {
        self != Self::Restroom
    }
}

impl Layer {
    pub(super) fn folder(&self, state: &Path) -> Result<FolderConfig, ConfigError> {
        keep_apart(state, self.private_contracts.as_deref(), "private_contracts")?;
        keep_apart(state, self.public.as_deref(), "public")?;
        if let Some(folder) = self.public.as_deref().filter(|folder| !folder.is_dir()) {
            return Err(fault(format!("{} is not a folder", folder.display()), "public")
                .hint("make the folder, or leave the key out: nothing but contracts is served then"));
        }
        Ok(FolderConfig {
            convention: self.convention.unwrap_or_default(),
            private: self.private_contracts.clone(),
            public: self.public.clone(),
            base_path: base_path(self.base_path.as_deref().unwrap_or_default())?,
            not_found: self.not_found()?,
            default: self.folder_default.unwrap_or_default(),
        })
    }

    fn not_found(&self) -> Result<Option<NotFound>, ConfigError> {
        match (&self.not_found_message, &self.not_found_file) {
            (None, None) => Ok(None),
            (Some(message), None) => Ok(Some(NotFound {
                content: message.clone(),
                media_type: "text/html; charset=utf-8".to_owned(),
            })),
            (None, Some(path)) => page(path).map(Some),
            (Some(_), Some(_)) => {
                Err(fault("there are not_found_message and not_found_file", "not_found_file")
                    .hint("one must go"))
            }
        }
    }
}

fn page(path: &Path) -> Result<NotFound, ConfigError> {
    let refused = |message: String| {
        fault(message, "not_found_file").hint("give a text file, such as a page of HTML, that can be read")
    };
    let mut content = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(NOT_FOUND_OCTETS_MAX as u64 + 1).read_to_string(&mut content))
        .map_err(|error| refused(format!("{} cannot be read: {error}", path.display())))?;
    if content.len() > NOT_FOUND_OCTETS_MAX {
        return Err(refused(format!("{} is larger than {NOT_FOUND_OCTETS_MAX} octets", path.display())));
    }
    let media_type = mime_guess::from_path(path).first_or_text_plain();
    Ok(NotFound { content, media_type: format!("{media_type}; charset=utf-8") })
}

/// A path before all others: plain names, so that it means the same to every proxy.
fn base_path(text: &str) -> Result<String, ConfigError> {
    let path = text.trim_end_matches('/');
    let is_name = |name: &str| {
        let is_plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.' | b'~');
        !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_plain)
    };
    let is_path = path.strip_prefix('/').is_some_and(|names| names.split('/').all(is_name));
    if path.is_empty() || is_path {
        Ok(path.to_owned())
    } else {
        Err(fault(format!("{text:?} is not the beginning of a path"), "base_path")
            .hint("write it like /oracle"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Result<FolderConfig, ConfigError> {
        Layer::from_toml(&format!("[oracle]\n{text}\n"), "oracle.toml")?.resolve().map(|config| config.folder)
    }

    #[test]
    fn what_is_not_said_is_as_it_was_before() {
        assert_eq!(resolve("").unwrap(), FolderConfig::default());
    }

    #[test]
    fn a_base_path_has_one_slash_per_name() {
        assert_eq!(resolve("base_path = \"/a/b-c/\"").unwrap().base_path, "/a/b-c");
        assert_eq!(resolve("base_path = \"/\"").unwrap().base_path, "");
        for path in ["a", "//a", "/a//b", "/..", "/a/../b", "/a b", "/%61", "/{a}", "/a?b"] {
            assert_eq!(resolve(&format!("base_path = {path:?}")).unwrap_err().place, "base_path", "{path}");
        }
    }

    #[test]
    fn an_unknown_convention_is_answered_by_the_known_ones() {
        let error = resolve("convention = \"nrc\"").unwrap_err();
        assert!(error.message.contains("restroom") && error.message.contains("both"), "{error}");
    }

    #[test]
    fn a_page_is_read_with_the_media_type_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("404.html");
        std::fs::write(&path, "<h1>lost</h1>").unwrap();
        let page = resolve(&format!("not_found_file = {path:?}")).unwrap().not_found.unwrap();
        assert_eq!(
            (page.content.as_str(), page.media_type.as_str()),
            ("<h1>lost</h1>", "text/html; charset=utf-8")
        );
    }

    #[test]
    fn a_page_and_a_message_contradict_each_other() {
        assert_eq!(
            resolve("not_found_message = \"a\"\nnot_found_file = \"b\"").unwrap_err().place,
            "not_found_file"
        );
    }

    #[test]
    fn folders_that_are_not_there_are_refused() {
        assert_eq!(resolve("public = \"/nowhere/at/all\"").unwrap_err().place, "public");
        assert_eq!(resolve("not_found_file = \"/nowhere/at/all\"").unwrap_err().place, "not_found_file");
    }

    #[test]
    fn keys_inside_the_public_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("public = {:?}\nstate = {:?}", folder.path(), folder.path().join("state"));
        assert_eq!(resolve(&text).unwrap_err().place, "state");
    }
}
