//! `zenswarm oracle` as a process: what it prints, how it ends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

/// Any key: the processes here never get as far as to compare it.
const ISSUER_KEY: &str = "GJSdpmVv4bUkr7G3cngfrXGAR2MEeMaSNDDeCNkv7DyK";

fn zenswarm(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zenswarm"));
    command.arg("--json").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A process that serves; killed when the test ends.
struct Serving {
    process: Child,
    stdout: BufReader<ChildStdout>,
    ready: Value,
}

impl Serving {
    fn start(state: &Path) -> Self {
        Self::start_with(state, &[])
    }

    fn start_with(state: &Path, flags: &[&str]) -> Self {
        let serve = ["oracle", "serve", "--state", state.to_str().unwrap()];
        let mut process = zenswarm(&[&serve, flags].concat()).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let ready = line(&mut stdout);
        Self { process, stdout, ready }
    }

    fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// Sends a further header line.
    fn get_with(&self, path: &str, header: &str) -> String {
        let address = self.ready["address"].as_str().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{header}\r\n")
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn line(stdout: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}

/// Exit code and the error's document.
fn fault(output: &Output) -> (Option<i32>, Value) {
    let document: Value = serde_json::from_slice(&output.stderr).unwrap();
    (output.status.code(), document["error"].clone())
}

fn run(arguments: &[&str]) -> (Option<i32>, Value) {
    fault(&zenswarm(arguments).output().unwrap())
}

#[test]
fn an_oracle_serves_until_it_is_told_to_stop() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut oracle = Serving::start(folder.path());
        assert_eq!(oracle.ready["event"], "ready");
        let answer = oracle.get("/api/zenswarm-oracle-ping");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with("{\"output\":[\"I_am_alive!\"]}"), "{answer}");
        oracle.signal(signal);
        assert_eq!(line(&mut oracle.stdout)["event"], "stopped");
        assert_eq!(oracle.process.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn an_oracle_that_was_killed_is_the_same_when_it_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let first = Serving::start(folder.path());
    first.signal("KILL");
    let did = first.ready["did"].clone();
    drop(first);
    assert_eq!(Serving::start(folder.path()).ready["did"], did);
}

#[test]
fn keys_that_others_may_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(Serving::start(folder.path()));
    let key = folder.path().join("root.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, error) = run(&["oracle", "serve", "--state", folder.path().to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert!(error["message"].as_str().unwrap().contains("mode 644"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("chmod 600"), "{error}");
}

#[test]
fn a_misspelt_setting_is_a_usage_error_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("oracle.toml");
    std::fs::write(&file, "[oracle]\nlisen = \"127.0.0.1:0\"\n").unwrap();
    let (code, error) = run(&["oracle", "serve", "--config", file.to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert_eq!(error["place"], format!("{}:2", file.display()));
    assert_eq!(error["hint"], "did you mean `listen`?");
}

#[test]
fn a_controller_that_does_not_answer_ends_with_3() {
    let folder = tempfile::tempdir().unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}");
    let state = folder.path().to_str().unwrap();
    let flags = ["--state", state, "--controller", &url, "--issuer-key", ISSUER_KEY];
    for verb in ["join", "run"] {
        let (code, error) = run(&[&["oracle", verb], &flags[..]].concat());
        assert_eq!((code, &error["kind"]), (Some(3), &Value::from("unreachable")), "{verb}: {error}");
    }
}

#[test]
fn a_fault_without_a_swarm_for_tests_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (code, error) =
        run(&["oracle", "serve", "--state", folder.path().to_str().unwrap(), "--fault", "lie"]);
    assert_eq!(code, Some(2));
    assert!(error["message"].as_str().unwrap().contains("fault"), "{error}");
}

#[test]
fn values_that_are_none_are_usage_errors_that_name_their_flag() {
    for (flag, value) in [
        ("--egress-allow", "10.0.0.0/99"),
        ("--endpoint", "not a url"),
        ("--controller", "ftp//x"),
        ("--issuer-key", "0OIl"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (code, error) = run(&["oracle", "run", "--state", folder.path().to_str().unwrap(), flag, value]);
        assert_eq!((code, &error["place"]), (Some(2), &Value::from(flag)), "{error}");
    }
}

/// The document that a command prints.
fn said(arguments: &[&str]) -> Value {
    let output = zenswarm(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// An oracle with one contract, `guarded`, of this metadata.
fn guarded(folder: &Path, metadata: &str) -> Serving {
    let contracts = folder.join("contracts");
    std::fs::create_dir(&contracts).unwrap();
    std::fs::write(contracts.join("guarded.zen"), "Given nothing\nThen print the string 'in'\n").unwrap();
    std::fs::write(contracts.join("guarded.metadata.json"), metadata).unwrap();
    Serving::start_with(&folder.join("state"), &["--contracts", contracts.to_str().unwrap()])
}

/// Asks until the answer is of this status: an oracle takes a second to follow, or to accept signatures.
fn until(status: &str, mut ask: impl FnMut() -> String) -> String {
    let begun = std::time::Instant::now();
    loop {
        let answer = ask();
        if answer.starts_with(&format!("HTTP/1.1 {status} ")) {
            return answer;
        }
        assert!(begun.elapsed().as_secs() < 60, "{answer}");
    }
}

#[test]
fn an_api_key_opens_from_its_making_to_its_revocation() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let flags = ["--state", state.to_str().unwrap()];
    let oracle = guarded(folder.path(), "{\"auth\":\"api_key\"}");
    let made = said(&[&["oracle", "api-key", "create", "dashboard"], &flags[..]].concat());
    let header = format!("authorization: Bearer {}\r\n", made["key"].as_str().unwrap());
    let ask = || oracle.get_with("/api/guarded", &header);
    assert!(until("200", ask).ends_with("{\"output\":[\"in\"]}"));
    let listed = said(&[&["oracle", "api-key", "list"], &flags[..]].concat());
    assert_eq!((&listed["keys"][0]["id"], &listed["keys"][0]["revoked"]), (&made["id"], &Value::Null));
    assert!(listed["keys"][0].get("key").is_none() && listed["keys"][0].get("digest").is_none(), "{listed}");
    said(&[&["oracle", "api-key", "revoke", "dashboard"], &flags[..]].concat());
    assert!(until("401", ask).contains("was revoked"));
}

#[test]
fn a_request_signed_on_the_command_line_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let oracle = guarded(folder.path(), "{\"auth\":\"did\"}");
    let key = folder.path().join("did.key");
    let key = key.to_str().unwrap();
    said(&["did", "keygen", "--out", key]);
    let did = oracle.ready["did"].as_str().unwrap();
    let answer = until("200", || {
        let url = "https://oracle.example.org/api/guarded?data=%7B%7D";
        let signed = said(&["did", "sign-request", "--key", key, "--oracle", did, url]);
        let header = format!("authorization: {}\r\n", signed["authorization"].as_str().unwrap());
        oracle.get_with("/api/guarded?data=%7B%7D", &header)
    });
    assert!(answer.ends_with("{\"output\":[\"in\"]}"), "{answer}");
}

#[test]
fn half_a_certificate_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    let (code, error) = run(&["oracle", "serve", "--state", state, "--tls-key", "tls.key"]);
    assert_eq!((code, &error["place"]), (Some(2), &Value::from("tls_key")), "{error}");
}
