//! Connector: git repositories below the host's files folder, in the sentences of restroom-mw and of slangroom.

use serde::Deserialize;
use zencode_macros::{ask, order};

use super::address;
use crate::error::Error;
use crate::known::Known;
use crate::order::Ordered;
use crate::question::{Question, Target, Want};
use crate::request::{GitCommit, GitRequest, Request};
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] =
    &[VERIFY_PATH, CLONE_INTO, MAKE_COMMIT, VERIFY_REPOSITORY, CLONE_REPOSITORY, CREATE_COMMIT];

/// Ends the run unless a folder is a git repository, or lies in one.
///
/// The folder is what stands in quotes, or the input of that name.
///
/// # Example
/// ```zencode
/// Given I verify the path 'notes' is a git repository
/// Given I have a 'string' named 'title'
/// Then print the 'title'
/// ```
/// ```json data
/// { "title": "about the river" }
/// ```
/// ```json answer
/// null
/// ```
#[ask(before, "verify path '' is a git repository")]
fn verify_path(known: &Known, path: &str) -> Result<Question, Error> {
    let request = GitRequest::Verify { path: known.text_or_literal(path)? };
    Ok(Question::json(Request::Git(request), Target::Nothing))
}

/// Asks the host to clone a git repository into a folder that is new or empty.
///
/// The address is of the form `https://host/name.git`, or `file://path` for a repository below the files folder.
///
/// # Example
/// ```zencode
/// Given I clone the repository 'origin' in 'copies/notes'
/// Given I have a 'string' named 'title'
/// Then print the 'title'
/// ```
/// ```json data
/// { "origin": "https://git.example/notes.git", "title": "about the bridge" }
/// ```
/// ```json answer
/// null
/// ```
#[ask(before, writes, "clone repository '' in ''")]
fn clone_into(known: &Known, repository: &str, path: &str) -> Result<Question, Error> {
    let request = GitRequest::Clone { url: address(known, repository)?, path: known.text_or_literal(path)? };
    Ok(Question::json(Request::Git(request), Target::Nothing))
}

/// Asks the host to commit files to the branch that is checked out, after the contract has run.
///
/// `commit`, a member of the output or an input, says with which `message`, `author` and `email`, and names the
/// `files` as paths below the files folder. Hooks do not run.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'commit'
/// Then print the string 'done'
/// Then I make a new commit to the git repository in 'notes'
/// ```
/// ```json data
/// {
///   "commit": {
///     "message": "spring", "author": "Ada", "email": "ada@example.org", "files": ["notes/spring.txt"]
///   }
/// }
/// ```
/// ```json answer
/// "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
/// ```
#[ask(after, writes, "make a new commit to git repository in ''")]
fn make_commit(known: &Known, path: &str) -> Result<Question, Error> {
    let path = known.text_or_literal(path)?;
    let mut commit = commit(&known.json("commit")?)?;
    let folder = format!("{}/", path.trim_end_matches('/'));
    for file in &mut commit.files {
        *file = file.strip_prefix(&folder).map(str::to_owned).ok_or_else(|| {
            Error::input(format!("'{file}' is not a file of the repository: paths begin with '{folder}'"))
        })?;
    }
    Ok(Question::json(Request::Git(GitRequest::Commit { path, commit }), Target::Nothing))
}

/// Ends the run unless a folder is a git repository, or lies in one.
///
/// # Example
/// ```zencode
/// Given I open 'folder' and verify git repository
/// Given I have a 'string' named 'folder'
/// Then print the 'folder'
/// ```
/// ```json data
/// { "folder": "notes" }
/// ```
/// ```json answer
/// null
/// ```
#[order(open, "verify git repository")]
fn verify_repository(order: &Ordered<'_>) -> Result<Want, Error> {
    Ok(Want::json(Request::Git(GitRequest::Verify { path: order.address()? })))
}

/// Asks the host to clone a git repository into a folder that is new or empty.
///
/// # Example
/// ```zencode
/// Given I connect to 'origin' and send path 'folder' and clone repository
/// Given I have a 'string' named 'folder'
/// Then print the 'folder'
/// ```
/// ```json data
/// { "origin": "https://git.example/notes.git", "folder": "copies/more notes" }
/// ```
/// ```json answer
/// null
/// ```
#[order(connect, writes, send(path), "clone repository")]
fn clone_repository(order: &Ordered<'_>) -> Result<Want, Error> {
    let request = GitRequest::Clone { url: order.address()?, path: order.text("path")? };
    Ok(Want::json(Request::Git(request)))
}

/// Asks the host to commit files to the branch that is checked out; gives the hash of the commit.
///
/// The commit is a dictionary with `message`, `author` and `email`, and the `files` as paths below the repository's
/// folder. Hooks do not run.
///
/// # Example
/// ```zencode
/// Given I open 'folder' and send commit 'change' and create new git commit and output into 'hash'
/// Given I have a 'hex' named 'hash'
/// Then print the 'hash'
/// ```
/// ```json data
/// {
///   "folder": "notes",
///   "change": { "message": "summer", "author": "Ada", "email": "ada@example.org", "files": ["summer.txt"] }
/// }
/// ```
/// ```json answer
/// "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
/// ```
#[order(open, writes, send(commit), "create new git commit")]
fn create_commit(order: &Ordered<'_>) -> Result<Want, Error> {
    let commit = commit(&order.json("commit")?)?;
    Ok(Want::json(Request::Git(GitRequest::Commit { path: order.address()?, commit })))
}

/// A commit as contracts write it.
#[derive(Deserialize)]
struct Written {
    message: String,
    author: String,
    email: String,
    files: Vec<String>,
}

fn commit(json: &str) -> Result<GitCommit, Error> {
    let written = serde_json::from_str::<Written>(json);
    let Written { message, author, email, files } = written.map_err(|fault| {
        Error::input(format!(
            "a commit is a dictionary of texts, message, author and email, and an array of files: {fault}"
        ))
    })?;
    Ok(GitCommit { message, author, email, files })
}
