//! Connector: files below the host's folder, in the sentences of slangroom.

use zencode_macros::order;

use crate::error::Error;
use crate::order::Ordered;
use crate::question::Want;
use crate::request::{FilesRequest, Missing, Names, Request};
use crate::statement::Statement;

pub(in crate::library) const STATEMENTS: &[Statement] =
    &[READ_FILE, READ_VERBATIM, STORE_IN_FILE, LIST_DIRECTORY, VERIFY_FILE, DOWNLOAD_AND_EXTRACT];

fn ask(request: FilesRequest) -> Result<Want, Error> {
    Ok(Want::json(Request::Files(request)))
}

/// Asks the host for a JSON file; one that does not exist ends the run.
///
/// # Example
/// ```zencode
/// Given I send path 'list' and read file content and output into 'prices'
/// Given I have a 'number dictionary' named 'prices'
/// Then print the 'prices'
/// ```
/// ```json data
/// { "list": "2027/prices.json" }
/// ```
/// ```json answer
/// { "bread": 4.0 }
/// ```
#[order(send(path), "read file content")]
fn read_file(order: &Ordered<'_>) -> Result<Want, Error> {
    ask(FilesRequest::Json { path: order.text("path")?, missing: Missing::Refused })
}

/// Asks the host for the content of a file, as a text.
///
/// # Example
/// ```zencode
/// Given I send path 'poem' and read verbatim file content and output into 'verse'
/// Given I have a 'string' named 'verse'
/// Then print the 'verse'
/// ```
/// ```json data
/// { "poem": "poems/1.txt" }
/// ```
/// ```json answer
/// "Tanto gentile e tanto onesta pare"
/// ```
#[order(send(path), "read verbatim file content")]
fn read_verbatim(order: &Ordered<'_>) -> Result<Want, Error> {
    ask(FilesRequest::Text { path: order.text("path")? })
}

/// Asks the host to write a file: a text as it is, anything else as JSON.
///
/// Folders are made as they are needed, a file that exists is replaced.
///
/// # Example
/// ```zencode
/// Given I have a 'string' named 'verse'
/// Then print the 'verse'
/// Then I send content 'verse' and send path 'poem' and store in file
/// ```
/// ```json data
/// { "poem": "poems/2.txt", "verse": "la donna mia quand'ella altrui saluta" }
/// ```
/// ```json answer
/// null
/// ```
#[order(writes, send(content, path), "store in file")]
fn store_in_file(order: &Ordered<'_>) -> Result<Want, Error> {
    let json = order.json("content")?;
    let content = serde_json::from_str::<String>(&json).unwrap_or(json);
    ask(FilesRequest::Store { path: order.text("path")?, content })
}

/// Asks the host what is in a folder: an array with a record for each entry.
///
/// The `name` of a record is a path below the files folder; the other members are those of
/// `list the content of directory`.
///
/// # Example
/// ```zencode
/// Given I send path 'folder' and list directory content and output into 'poems'
/// Given I have a 'string array' named 'poems'
/// When I create the size of 'poems'
/// Then print the 'size'
/// ```
/// ```json data
/// { "folder": "poems" }
/// ```
/// ```json answer
/// [ { "name": "poems/1.txt", "mode": "100644", "size": 33, "mtime": "2026-05-01T08:00:00.000Z" } ]
/// ```
#[order(send(path), "list directory content")]
fn list_directory(order: &Ordered<'_>) -> Result<Want, Error> {
    ask(FilesRequest::List { path: order.text("path")?, names: Names::Paths })
}

/// Ends the run unless there is a file or folder, or unless there is none.
///
/// # Example
/// ```zencode
/// Given I send path 'poem' and verify file exists
/// Given I have a 'string' named 'poem'
/// Then print the 'poem'
/// ```
/// ```json data
/// { "poem": "poems/3.txt" }
/// ```
/// ```json answer
/// null
/// ```
#[order(send(path), "verify file exists", "verify file does not exist")]
fn verify_file(order: &Ordered<'_>) -> Result<Want, Error> {
    let exists = order.phrase().ends_with("exists");
    ask(FilesRequest::Verify { path: order.text("path")?, exists })
}

/// Asks the host to download a ZIP archive and to extract it into a folder.
///
/// Links, absolute paths and `..` in the archive are refused, and so is an archive that is too large once
/// extracted.
///
/// # Example
/// ```zencode
/// Given I connect to 'release' and send path 'folder' and download and extract
/// Given I have a 'string' named 'folder'
/// Then print the 'folder'
/// ```
/// ```json data
/// { "release": "https://releases.example/contracts.zip", "folder": "releases/8" }
/// ```
/// ```json answer
/// null
/// ```
#[order(connect, writes, send(path), "download and extract")]
fn download_and_extract(order: &Ordered<'_>) -> Result<Want, Error> {
    ask(FilesRequest::Extract { url: order.address()?, path: order.text("path")? })
}
