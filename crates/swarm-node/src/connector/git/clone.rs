//! A clone: made beside its place and renamed when it is complete, so that a broken one leaves nothing.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use gix::create::{Kind, Options};
use gix::objs::Write as _;
use gix::protocol::handshake::Ref;
use gix::protocol::transport::Protocol;
use gix::protocol::transport::client::blocking_io::http::Transport;
use gix::refs::transaction::{PreviousValue, RefEdit};
use gix::refs::{FullName, Target as RefTarget};
use gix::remote::fetch::Tags;
use gix::{ObjectId, Repository, ThreadSafeRepository};
use url::Url;

use super::smart::Smart;
use super::{Fault, Source, Stop, checkout, fault, repository};
use crate::connector::confined;

/// Octets of the objects that a clone copies from the files folder.
const OBJECT_OCTETS_MAX: usize = 256 * 1024 * 1024;

/// Clones into a folder that is new or empty.
pub(super) fn run(files: &Path, path: &str, source: Source, stop: &Stop) -> Result<(), Fault> {
    let place = confined::below(files, path)?;
    if fs::read_dir(&place).is_ok_and(|mut entries| entries.next().is_some()) || place.is_file() {
        return Err(Fault::input(format!("{path:?} is there already, and is not an empty folder")));
    }
    let unfinished = Unfinished::new(&place)?;
    let repository: Repository = ThreadSafeRepository::init_opts(
        &unfinished.0,
        Kind::WithWorktree,
        Options::default(),
        repository::options(),
    )
    .map_err(fault)?
    .into();
    let head = match source {
        Source::Folder(from) => copy(&repository, &repository::find(files, &from)?.repository, stop)?,
        Source::Server { smart, url } => fetch(&repository, *smart, &url, stop)?,
    };
    stop.check()?;
    if let Some(head) = head {
        let commit = repository.find_object(head.id).map_err(fault)?.peel_to_tree().map_err(fault)?;
        head.set(&repository)?;
        checkout::run(&repository, &unfinished.0, commit.id, stop)?;
    }
    unfinished.finish(&place)
}

/// A clone that is not complete; it goes away unless it is finished.
struct Unfinished(PathBuf);

impl Unfinished {
    fn new(place: &Path) -> Result<Self, Fault> {
        let refused = |error: std::io::Error| Fault::refused("git", error);
        let mut octets = [0; 8];
        getrandom::fill(&mut octets).map_err(|error| Fault::refused("git", error))?;
        let name = format!(".clone-{}", data_encoding::HEXLOWER.encode(&octets));
        let parent = place.parent().unwrap_or(place);
        fs::create_dir_all(parent).map_err(refused)?;
        let folder = parent.join(name);
        fs::create_dir(&folder).map_err(refused)?;
        Ok(Self(folder))
    }

    fn finish(self, place: &Path) -> Result<(), Fault> {
        fs::rename(&self.0, place).map_err(|error| Fault::refused("git", error))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // After a success it is no longer there.
        fs::remove_dir_all(&self.0).ok();
    }
}

/// What is checked out: a branch, or a commit by itself.
struct Head {
    branch: Option<FullName>,
    id: ObjectId,
}

impl Head {
    fn set(&self, repository: &Repository) -> Result<(), Fault> {
        let name: FullName = "HEAD".try_into().map_err(fault)?;
        let edits = match &self.branch {
            Some(branch) => vec![
                RefEdit::update(branch.clone(), RefTarget::Object(self.id), PreviousValue::Any, "clone"),
                RefEdit::update(name, RefTarget::Symbolic(branch.clone()), PreviousValue::Any, "clone"),
            ],
            None => vec![RefEdit::update(name, RefTarget::Object(self.id), PreviousValue::Any, "clone")],
        };
        repository.edit_references(edits).map_err(fault)?;
        Ok(())
    }
}

fn fetch(repository: &Repository, smart: Smart, url: &Url, stop: &Stop) -> Result<Option<Head>, Fault> {
    let failure = smart.failure();
    let fetched = fetch_all(repository, smart.within(stop), url, &stop.abandoned);
    // What this side refused says more than what the library made of it.
    let head = fetched.map_err(|error| failure.take().unwrap_or_else(|| fault(error)))?;
    remember(repository, url)?;
    Ok(head)
}

fn fetch_all(
    repository: &Repository,
    smart: Smart,
    url: &Url,
    abandoned: &AtomicBool,
) -> gix::Result<Option<Head>> {
    let address = gix::url::parse(url.as_str())?;
    let remote = repository
        .remote_at_without_url_rewrite(address.clone())?
        .with_refspecs(["+refs/heads/*:refs/remotes/origin/*"], gix::remote::Direction::Fetch)?
        .with_fetch_tags(Tags::None);
    let head = gix::refspec::parse("HEAD".into(), gix::refspec::parse::Operation::Fetch)?.to_owned();
    let options = gix::remote::ref_map::Options { extra_refspecs: vec![head], ..Default::default() };
    let transport = Transport::new_http(smart, address, Protocol::V2, false);
    let outcome = remote
        .to_connection_with_transport(transport)
        // No program is asked for a password.
        .with_credentials(|_| Ok(None))
        .prepare_fetch(gix::progress::Discard, options)?
        .with_write_packed_refs_only(true)
        .receive(gix::progress::Discard, abandoned)?;
    Ok(outcome.ref_map.remote_refs.iter().find_map(|it| match it {
        Ref::Symbolic { full_ref_name, target, object, .. } if full_ref_name == "HEAD" => {
            let branch = target.starts_with(b"refs/heads/").then(|| FullName::try_from(target.clone()).ok());
            Some(Head { branch: branch.flatten(), id: *object })
        }
        Ref::Direct { full_ref_name, object } if full_ref_name == "HEAD" => {
            Some(Head { branch: None, id: *object })
        }
        // An empty repository has no commit to check out.
        _ => None,
    }))
}

/// Notes where the clone came from, as git does. The URL library leaves no quote and no line end in an address.
fn remember(repository: &Repository, url: &Url) -> Result<(), Fault> {
    let section =
        format!("[remote \"origin\"]\n\turl = \"{url}\"\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n");
    fs::OpenOptions::new()
        .append(true)
        .open(repository.git_dir().join("config"))
        .and_then(|mut config| config.write_all(section.as_bytes()))
        .map_err(|error| Fault::refused("git", error))
}

/// Copies all objects and branches of a repository that lies in the same folder.
fn copy(repository: &Repository, source: &Repository, stop: &Stop) -> Result<Option<Head>, Fault> {
    let mut octets = 0;
    for id in source.objects.iter().map_err(fault)? {
        stop.check()?;
        let object = source.find_object(id.map_err(fault)?).map_err(fault)?;
        octets += object.data.len();
        if octets > OBJECT_OCTETS_MAX {
            return Err(Fault::Oversized { what: "the git repository".to_owned(), limit: OBJECT_OCTETS_MAX });
        }
        repository.objects.write_buf(object.kind, &object.data).map_err(fault)?;
    }
    for branch in source.references().map_err(fault)?.local_branches().map_err(fault)? {
        let branch = branch.map_err(fault)?;
        let edit = RefEdit::update(
            branch.name().to_owned(),
            RefTarget::Object(branch.id().detach()),
            PreviousValue::Any,
            "clone",
        );
        repository.edit_reference(edit).map_err(fault)?;
    }
    let head = source.head().map_err(fault)?;
    let branch = head.referent_name().map(|name| name.to_owned());
    Ok(head.id().map(|id| Head { branch, id: id.detach() }))
}
