//! Against git itself: it makes repositories, serves them, and judges what was made of them.

mod server;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use zencode::GitCommit;

use super::*;
use crate::connector::trial::{Place, dialer, impatient, loopback};
use server::Backend;

/// The time of commits here: 2026-01-01.
const NOW: i64 = 1_767_225_600;

impl Place {
    /// A repository with one commit, made by git.
    fn repository(&self, name: &str) -> PathBuf {
        let folder = self.files().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        git(&folder, &["init", "--quiet", "--initial-branch=trunk"]);
        std::fs::write(folder.join("first.txt"), "one\n").unwrap();
        git(&folder, &["add", "."]);
        git(&folder, &["commit", "--quiet", "-m", "first"]);
        folder
    }

    async fn ask(&self, request: GitRequest) -> Result<String, Fault> {
        Git::new(loopback(), Some(self.files())).answer(request, NOW, &Scope::default()).await
    }

    async fn refused(&self, request: GitRequest) -> String {
        self.ask(request).await.unwrap_err().to_string()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.files()).unwrap();
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// What git says, with no settings but these.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "safe.directory=*"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn commit(path: &str, files: &[&str]) -> GitRequest {
    GitRequest::Commit {
        path: path.to_owned(),
        commit: GitCommit {
            message: "second\n".to_owned(),
            author: "Ugo È".to_owned(),
            email: "ugo@example.org".to_owned(),
            files: files.iter().map(|it| (*it).to_owned()).collect(),
        },
    }
}

fn clone(url: &str, path: &str) -> GitRequest {
    GitRequest::Clone { url: url.to_owned(), path: path.to_owned() }
}

fn verify(path: &str) -> GitRequest {
    GitRequest::Verify { path: path.to_owned() }
}

#[tokio::test]
async fn a_folder_in_a_repository_is_verified() {
    let place = Place::new();
    std::fs::create_dir(place.repository("r").join("below")).unwrap();
    assert_eq!(place.ask(verify("r")).await.unwrap(), "null");
    assert_eq!(place.ask(verify("r/below")).await.unwrap(), "null");
}

#[tokio::test]
async fn a_folder_without_a_repository_is_refused() {
    let place = Place::new();
    std::fs::create_dir(place.files().join("plain")).unwrap();
    // One above the files folder does not count.
    git(place.outside(), &["init", "--quiet"]);
    for path in ["plain", "missing"] {
        assert!(place.refused(verify(path)).await.contains("is no git repository"), "{path}");
    }
}

#[tokio::test]
async fn a_path_that_leaves_the_folder_is_refused() {
    let place = Place::new();
    let outside = place.outside().join("outside");
    std::fs::create_dir(&outside).unwrap();
    git(&outside, &["init", "--quiet"]);
    std::os::unix::fs::symlink("../outside", place.files().join("link")).unwrap();
    for path in ["../outside", "/etc", "link", "", ".", "a/../../outside"] {
        for request in [verify(path), commit(path, &["a"]), clone("file://r", path)] {
            assert!(place.ask(request).await.is_err(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_repository_that_leads_elsewhere_is_refused() {
    let place = Place::new();
    let borrowing = place.repository("borrowing");
    std::fs::write(borrowing.join(".git/objects/info/alternates"), "/elsewhere/objects\n").unwrap();
    let linking = place.repository("linking");
    std::fs::rename(linking.join(".git/refs"), place.outside().join("refs")).unwrap();
    std::os::unix::fs::symlink("../../../refs", linking.join(".git/refs")).unwrap();
    std::fs::create_dir(place.files().join("pointing")).unwrap();
    std::fs::write(place.files().join("pointing/.git"), "gitdir: ../borrowing/.git\n").unwrap();
    for path in ["borrowing", "linking"] {
        assert!(place.refused(verify(path)).await.contains("leads elsewhere by"), "{path}");
    }
    assert!(place.refused(verify("pointing")).await.contains("is no git repository"));
}

#[tokio::test]
async fn a_commit_is_one_that_git_reads() {
    let place = Place::new();
    let folder = place.repository("r");
    std::fs::create_dir(folder.join("below")).unwrap();
    std::fs::write(folder.join("below/è.txt"), "two\n").unwrap();
    std::fs::write(folder.join("first.txt"), "changed\n").unwrap();
    std::fs::write(folder.join("other.txt"), "not named\n").unwrap();
    let hash = place.ask(commit("r", &["below/è.txt", "first.txt"])).await.unwrap();
    assert_eq!(hash, format!("\"{}\"", git(&folder, &["rev-parse", "trunk"])));
    assert_eq!(
        git(&folder, &["log", "-1", "--format=%an|%ae|%at|%cn|%B"]),
        format!("Ugo È|ugo@example.org|{NOW}|Ugo È|second")
    );
    let names = git(&folder, &["-c", "core.quotepath=off", "show", "--name-status", "--format=", "HEAD"]);
    assert_eq!(names, "A\tbelow/è.txt\nM\tfirst.txt");
    assert_eq!(git(&folder, &["status", "--porcelain"]), "?? other.txt");
    git(&folder, &["fsck", "--strict"]);
}

#[tokio::test]
async fn the_first_commit_of_a_repository_is_made() {
    let place = Place::new();
    let folder = place.files().join("new");
    std::fs::create_dir(&folder).unwrap();
    git(&folder, &["init", "--quiet", "--initial-branch=trunk"]);
    std::fs::write(folder.join("a"), "").unwrap();
    place.ask(commit("new", &["a"])).await.unwrap();
    assert_eq!(git(&folder, &["log", "--format=%an", "trunk"]), "Ugo È");
    assert_eq!(git(&folder, &["status", "--porcelain"]), "");
}

#[tokio::test]
async fn no_hook_and_no_filter_runs() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    let folder = place.repository("r");
    let mark = place.outside().join("ran");
    let script = format!("#!/bin/sh\ntouch {}\ncat\n", mark.display());
    for hook in ["pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"] {
        let file = folder.join(".git/hooks").join(hook);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &script).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let filter = folder.join(".git/hooks/pre-commit");
    git(&folder, &["config", "filter.evil.clean", filter.to_str().unwrap()]);
    git(&folder, &["config", "core.fsmonitor", filter.to_str().unwrap()]);
    std::fs::remove_file(&mark).ok();
    std::fs::write(folder.join(".gitattributes"), "* filter=evil\n").unwrap();
    std::fs::write(folder.join("a"), "two\n").unwrap();
    place.ask(commit("r", &["a", ".gitattributes"])).await.unwrap();
    assert!(!mark.exists());
}

#[tokio::test]
async fn a_file_that_is_none_is_not_committed() {
    let place = Place::new();
    let folder = place.repository("r");
    std::fs::write(place.outside().join("secret"), "x").unwrap();
    std::os::unix::fs::symlink("../../secret", folder.join("link")).unwrap();
    std::fs::create_dir(folder.join("below")).unwrap();
    for name in ["missing", "link", "below", "../../secret", "/etc/passwd", ".git/config", ".GIT/x", ""] {
        assert!(place.ask(commit("r", &[name])).await.is_err(), "{name}");
    }
    assert!(place.ask(commit("r", &[])).await.is_err());
    assert_eq!(git(&folder, &["rev-list", "--count", "HEAD"]), "1");
}

#[tokio::test]
async fn a_name_that_would_forge_a_commit_is_refused() {
    let place = Place::new();
    place.repository("r");
    for (author, email) in
        [("a\nparent x", "e"), ("a <b>", "e"), ("a", "e> 0 +0000\n"), ("", "e"), ("a", " ")]
    {
        let GitRequest::Commit { path, mut commit } = commit("r", &["first.txt"]) else { unreachable!() };
        (commit.author, commit.email) = (author.to_owned(), email.to_owned());
        let error = place.refused(GitRequest::Commit { path, commit }).await;
        assert!(error.contains("the author and the email of a commit"), "{error}");
    }
}

#[tokio::test]
async fn a_repository_is_cloned_from_a_server() {
    let place = Place::new();
    let served = Place::new();
    let source = served.repository("source");
    std::fs::write(source.join("run.sh"), "#!/bin/sh\n").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", source.join("link")).unwrap();
    git(&source, &["update-index", "--add", "--chmod=+x", "run.sh"]);
    git(&source, &["add", "link"]);
    git(&source, &["commit", "--quiet", "-m", "more"]);
    git(&source, &["branch", "side", "HEAD~1"]);
    let backend = Backend::serve(served.files()).await;
    assert_eq!(place.ask(clone(&backend.url("source"), "a/copy")).await.unwrap(), "null");
    let copy = place.files().join("a/copy");
    git(&copy, &["fsck", "--strict"]);
    assert_eq!(git(&copy, &["rev-parse", "trunk"]), git(&source, &["rev-parse", "trunk"]));
    assert_eq!(git(&copy, &["rev-parse", "origin/side"]), git(&source, &["rev-parse", "side"]));
    assert_eq!(git(&copy, &["symbolic-ref", "HEAD"]), "refs/heads/trunk");
    assert_eq!(git(&copy, &["remote", "get-url", "origin"]), backend.url("source"));
    assert_eq!(git(&copy, &["ls-files", "--stage", "run.sh"]).split(' ').next(), Some("100755"));
    let link = copy.join("link").symlink_metadata().unwrap();
    assert!(link.is_file(), "a link is written as the text that it holds");
    place.ask(commit("a/copy", &["run.sh"])).await.unwrap();
}

#[tokio::test]
async fn an_empty_repository_is_cloned() {
    let (place, served) = (Place::new(), Place::new());
    std::fs::create_dir(served.files().join("empty")).unwrap();
    git(&served.files().join("empty"), &["init", "--quiet"]);
    let backend = Backend::serve(served.files()).await;
    place.ask(clone(&backend.url("empty"), "copy")).await.unwrap();
    assert_eq!(place.ask(verify("copy")).await.unwrap(), "null");
}

#[tokio::test]
async fn a_repository_is_cloned_within_the_folder() {
    let place = Place::new();
    let source = place.repository("below/source");
    place.ask(clone("file://below/source", "copy")).await.unwrap();
    let copy = place.files().join("copy");
    git(&copy, &["fsck", "--strict"]);
    assert_eq!(git(&copy, &["rev-parse", "trunk"]), git(&source, &["rev-parse", "trunk"]));
    assert_eq!(std::fs::read_to_string(copy.join("first.txt")).unwrap(), "one\n");
    assert_eq!(git(&copy, &["status", "--porcelain"]), "");
    assert!(place.ask(clone("file:///etc", "other")).await.is_err());
    assert!(place.ask(clone("file://../secret", "other")).await.is_err());
}

#[tokio::test]
async fn what_is_there_is_not_overwritten() {
    let place = Place::new();
    place.repository("r");
    assert!(place.refused(clone("file://r", "r")).await.contains("is there already"));
}

#[tokio::test]
async fn loopback_is_refused_unless_it_is_allowed() {
    let (place, served) = (Place::new(), Place::new());
    served.repository("source");
    let backend = Backend::serve(served.files()).await;
    let strict = Git::new(dialer(&[], Duration::from_secs(5)), Some(place.files()));
    let error =
        strict.answer(clone(&backend.url("source"), "copy"), NOW, &Scope::default()).await.unwrap_err();
    assert!(matches!(error, Fault::Forbidden { .. }), "{error}");
}

#[tokio::test]
async fn a_clone_that_fails_leaves_nothing() {
    let (place, served) = (Place::new(), Place::new());
    served.repository("source");
    let backend = Backend::serve(served.files()).await;
    for (url, expected) in [
        (backend.url("missing"), "status 404"),
        (backend.url("redirect"), "status 302"),
        (backend.url("private"), "status 401"),
        (backend.url("html"), "'smart' protocol"),
        (backend.url("garbage"), "git refused"),
        (server::cut().await, "broke the connection off"),
    ] {
        let error = place.refused(clone(&url, "copy")).await;
        assert!(error.contains(expected), "{url}: {error}");
        assert_eq!(place.names(), Vec::<String>::new(), "{url}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_a_timeout_and_leaves_nothing() {
    let (place, served) = (Place::new(), Place::new());
    let backend = Backend::serve(served.files()).await;
    let git = Git::new(impatient(), Some(place.files()));
    let error = git.answer(clone(&backend.url("silent"), "copy"), NOW, &Scope::default()).await.unwrap_err();
    assert!(matches!(error, Fault::Timeout { .. }), "{error}");
    assert_eq!(place.names(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_no_address_is_refused_without_being_quoted() {
    let place = Place::new();
    for url in [
        "",
        "ssh://git@example.org/r",
        "git@example.org:r",
        "https://user:secret@example.org/r",
        "/etc",
        "--upload-pack=x",
    ] {
        let error = place.refused(clone(url, "copy")).await;
        assert!(
            error.contains("are not the address of a git repository") && !error.contains("secret"),
            "{error}"
        );
    }
}
