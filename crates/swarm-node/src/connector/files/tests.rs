//! What contracts can do below the files folder, and that they can do nothing outside it.

use serde_json::Value;
use zencode::Names;

use super::*;

struct Place {
    kept: tempfile::TempDir,
    folder: Dir,
}

fn place() -> Place {
    let kept = tempfile::tempdir().unwrap();
    let files = kept.path().join("files");
    std::fs::create_dir_all(files.join("below")).unwrap();
    std::fs::write(files.join("below/list.json"), "{\"a\":[1,2]}").unwrap();
    std::fs::write(files.join("broken.json"), "{\"a\":").unwrap();
    std::fs::write(files.join("octets"), b"\xff\xfe").unwrap();
    std::fs::write(kept.path().join("secret.json"), "{\"key\":1}").unwrap();
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, files.join(name)).unwrap();
    link("../secret.json", "link.json");
    link("..", "up");
    link("/etc", "etc");
    link("below/list.json", "inner.json");
    let folder = open_folder(&files).unwrap();
    Place { kept, folder }
}

impl Place {
    fn ask(&self, request: FilesRequest) -> Result<String, String> {
        perform(&self.folder, request).map_err(|fault| fault.to_string())
    }

    fn json(&self, path: &str, missing: Missing) -> Result<String, String> {
        self.ask(FilesRequest::Json { path: path.into(), missing })
    }

    fn store(&self, path: &str, content: &str) -> Result<String, String> {
        self.ask(FilesRequest::Store { path: path.into(), content: content.into() })
    }
}

/// Paths that lead out of the folder, or nowhere.
const OUT: &[&str] = &[
    "../secret.json",
    "/etc/passwd",
    "below/../../secret.json",
    "link.json",
    "up/secret.json",
    "etc/passwd",
    "",
    ".",
    "a\0b",
];

#[test]
fn a_file_below_the_folder_is_read() {
    assert_eq!(place().json("below/list.json", Missing::Refused).as_deref(), Ok("{\"a\":[1,2]}"));
    assert_eq!(place().json("./below/list.json", Missing::Refused).as_deref(), Ok("{\"a\":[1,2]}"));
}

#[test]
fn a_link_that_stays_below_the_folder_is_followed() {
    assert_eq!(place().json("inner.json", Missing::Refused).as_deref(), Ok("{\"a\":[1,2]}"));
}

#[test]
fn a_missing_file_reads_as_an_empty_object_where_it_may() {
    assert_eq!(place().json("below/none.json", Missing::Empty).as_deref(), Ok("{}"));
    assert!(place().json("below/none.json", Missing::Refused).is_err());
}

#[test]
fn a_path_that_leaves_the_folder_is_not_read() {
    for path in OUT {
        assert!(place().json(path, Missing::Empty).is_err(), "{path:?}");
        assert!(place().ask(FilesRequest::Text { path: (*path).into() }).is_err(), "{path:?}");
    }
}

#[test]
fn a_path_that_leaves_the_folder_is_not_written() {
    for path in OUT.iter().filter(|path| **path != "link.json") {
        assert!(place().store(path, "x").is_err(), "{path:?}");
    }
}

#[test]
fn a_link_is_replaced_and_not_written_through() {
    let place = place();
    place.store("link.json", "new").unwrap();
    assert_eq!(std::fs::read_to_string(place.kept.path().join("secret.json")).unwrap(), "{\"key\":1}");
}

#[test]
fn a_path_that_leaves_the_folder_is_not_listed() {
    for path in ["..", "/", "up", "etc", "below/.."] {
        let request = FilesRequest::List { path: path.into(), names: Names::Bare };
        assert!(place().ask(request).is_err(), "{path:?}");
    }
}

#[test]
fn whether_a_file_outside_exists_is_not_told() {
    for path in ["../secret.json", "link.json", "etc/passwd"] {
        for exists in [true, false] {
            let request = FilesRequest::Verify { path: path.into(), exists };
            assert!(place().ask(request).is_err(), "{path:?}");
        }
    }
}

#[test]
fn what_is_stored_is_read_again() {
    let place = place();
    place.store("new/deep/file.json", "{\"b\":1}").unwrap();
    assert_eq!(place.json("new/deep/file.json", Missing::Refused).as_deref(), Ok("{\"b\":1}"));
    place.store("new/deep/file.json", "{}").unwrap();
    assert_eq!(place.json("new/deep/file.json", Missing::Refused).as_deref(), Ok("{}"));
    let left: Vec<_> = std::fs::read_dir(place.kept.path().join("files/new/deep")).unwrap().collect();
    assert_eq!(left.len(), 1, "no draft is left behind");
}

#[test]
fn a_folder_is_not_replaced_by_a_file() {
    assert!(place().store("below", "x").unwrap_err().contains("it is a folder"));
}

#[test]
fn a_file_that_is_not_what_was_asked_for_says_where() {
    assert!(place().json("broken.json", Missing::Empty).unwrap_err().contains("not JSON: line 1 column 5"));
    assert!(place().json("octets", Missing::Empty).unwrap_err().contains("not text in UTF-8"));
    assert!(place().json("below", Missing::Empty).unwrap_err().contains("it is no file"));
}

#[test]
fn a_pipe_is_not_waited_for() {
    let place = place();
    let pipe = place.kept.path().join("files/pipe");
    assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    assert!(place.json("pipe", Missing::Empty).unwrap_err().contains("it is no file"));
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let place = place();
    let file = std::fs::File::create(place.kept.path().join("files/large")).unwrap();
    file.set_len(FILE_OCTETS_MAX + 1).unwrap();
    assert!(place.json("large", Missing::Empty).unwrap_err().contains("more than"));
}

#[test]
fn a_folder_is_listed_by_name() {
    let request = FilesRequest::List { path: "below".into(), names: Names::Paths };
    let records: Value = serde_json::from_str(&place().ask(request).unwrap()).unwrap();
    let record = &records[0];
    assert_eq!((&record["name"], &record["size"]), (&"below/list.json".into(), &11.into()));
    assert!(record["mode"].as_str().unwrap().starts_with("100"), "{record}");
    assert_eq!(record["mtime"].as_str().unwrap().len(), "2024-05-01T08:00:00.007Z".len());
    assert_eq!(record.as_object().unwrap().len(), 13);
}

#[test]
fn the_folder_itself_is_listed_without_what_leads_out() {
    let request = FilesRequest::List { path: ".".into(), names: Names::Bare };
    let records: Vec<Value> = serde_json::from_str(&place().ask(request).unwrap()).unwrap();
    let names: Vec<_> = records.iter().map(|record| record["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["below", "broken.json", "inner.json", "octets"]);
}

#[test]
fn a_file_is_there_or_not() {
    let verify = |path: &str, exists| place().ask(FilesRequest::Verify { path: path.into(), exists }).is_ok();
    assert!(verify("below/list.json", true) && !verify("below/list.json", false));
    assert!(verify("below/none.json", false) && !verify("below/none.json", true));
}
