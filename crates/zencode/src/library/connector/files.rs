//! Connector: files below the host's folder, in the sentences of restroom-mw.

use zencode_macros::ask;

use crate::error::Error;
use crate::known::Known;
use crate::question::{Question, Target};
use crate::request::{FilesRequest, Missing, Names, Request};
use crate::statement::Statement;

mod orders;

pub(in crate::library) use orders::STATEMENTS as ORDERS;

pub(in crate::library) const STATEMENTS: &[Statement] =
    &[READ_CONTENT, READ_CONTENT_INTO, LIST_CONTENT, STORE, DOWNLOAD];

/// Asks the host for a JSON file, and makes each of its members an input.
///
/// The file is named by its path, or by an input that holds the path. One that does not exist has no members.
///
/// # Example
/// ```zencode
/// Given I read the content of 'office.json'
/// Given I have a 'string' named 'street'
/// Then print the 'street'
/// ```
/// ```json answer
/// { "street": "via Jervis 77", "city": "Ivrea" }
/// ```
#[ask(before, "read content of ''")]
fn read_content(known: &Known, file: &str) -> Result<Question, Error> {
    read(known, file, Target::Members)
}

/// Asks the host for a JSON file, and keeps all of it as one input.
///
/// The file is named by its path, or by an input that holds the path.
///
/// # Example
/// ```zencode
/// Given I read the content of 'list' and save the output into 'prices'
/// Given I have a 'number dictionary' named 'prices'
/// Then print the 'prices'
/// ```
/// ```json data
/// { "list": "2026/prices.json" }
/// ```
/// ```json answer
/// { "bread": 3.5, "milk": 1.8 }
/// ```
#[ask(before, "read content of '' and save output into ''")]
fn read_content_into(known: &Known, file: &str, target: &str) -> Result<Question, Error> {
    read(known, file, Target::Member(target.to_owned()))
}

fn read(known: &Known, file: &str, target: Target) -> Result<Question, Error> {
    let request = FilesRequest::Json { path: known.text_or_literal(file)?, missing: Missing::Empty };
    Ok(Question::json(Request::Files(request), target))
}

/// Asks the host what is in a folder, and keeps an array with a record for each entry.
///
/// A record has the `name` of the entry, its `mode` in octal digits, the numbers `dev`, `nlink`, `uid`, `gid`,
/// `size`, `blksize` and `blocks`, and the times `atime`, `mtime`, `ctime` and `birthtime` in ISO 8601.
///
/// # Example
/// ```zencode
/// Given I list the content of directory '2026' as 'reports'
/// Given I have a 'string array' named 'reports'
/// When I create the size of 'reports'
/// Then print the 'size'
/// ```
/// ```json answer
/// [ { "name": "prices.json", "mode": "100644", "size": 25, "mtime": "2026-05-01T08:00:00.000Z" } ]
/// ```
#[ask(before, "list content of directory '' as ''")]
fn list_content(known: &Known, folder: &str, target: &str) -> Result<Question, Error> {
    let request = FilesRequest::List { path: known.text_or_literal(folder)?, names: Names::Bare };
    Ok(Question::json(Request::Files(request), Target::Member(target.to_owned())))
}

/// Asks the host to write an object into a file as JSON, after the contract has run.
///
/// The object and the path are members of the output, or else inputs. Folders are made as they are needed, a
/// file that exists is replaced.
///
/// # Example
/// ```zencode
/// Given I have a 'string dictionary' named 'report'
/// Given I have a 'string' named 'path'
/// Then print the 'report'
/// Then I store 'report' in the file 'path'
/// ```
/// ```json data
/// { "report": { "city": "Ivrea" }, "path": "2026/report.json" }
/// ```
/// ```json answer
/// null
/// ```
#[ask(after, writes, "store '' in file ''")]
fn store(known: &Known, object: &str, file: &str) -> Result<Question, Error> {
    let request = FilesRequest::Store { path: known.text(file)?, content: known.json(object)? };
    Ok(Question::json(Request::Files(request), Target::Nothing))
}

/// Asks the host to download a ZIP archive and to extract it into a folder, after the contract has run.
///
/// Address and folder are members of the output, or else inputs. Links, absolute paths and `..` in the archive are
/// refused, and so is an archive that is too large once extracted.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'folder'
/// Then print the 'folder'
/// Then I download the 'release' and extract it into 'folder'
/// ```
/// ```json data
/// { "release": "https://releases.example/contracts.zip", "folder": "releases/7" }
/// ```
/// ```json answer
/// null
/// ```
#[ask(after, writes, "download '' and extract it into ''")]
fn download(known: &Known, archive: &str, folder: &str) -> Result<Question, Error> {
    let request = FilesRequest::Extract { url: known.text(archive)?, path: known.text(folder)? };
    Ok(Question::json(Request::Files(request), Target::Nothing))
}
