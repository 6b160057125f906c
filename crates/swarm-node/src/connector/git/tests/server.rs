//! A server of repositories: git's own HTTP backend, and a few that misbehave.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode, header};
use axum::routing::any;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::server::{Server, Socket};

/// A server on loopback.
pub(super) struct Backend(Server);

impl Backend {
    /// Serves every repository below a folder.
    pub(super) async fn serve(root: PathBuf) -> Self {
        let advertisement = |body: Body| {
            let kind = (header::CONTENT_TYPE, "application/x-git-upload-pack-advertisement");
            ([kind], body)
        };
        let router = Router::new()
            .route(
                "/redirect/{*rest}",
                any(|| async { (StatusCode::FOUND, [(header::LOCATION, "http://127.0.0.1/")]) }),
            )
            .route("/private/{*rest}", any(|| async { StatusCode::UNAUTHORIZED }))
            .route("/html/{*rest}", any(|| async { "<html>welcome</html>" }))
            .route("/garbage/{*rest}", any(move || async move { advertisement(Body::from("zzzz\0garbage")) }))
            .route("/silent/{*rest}", any(std::future::pending::<String>))
            .fallback(backend)
            .with_state(root);
        Self(Socket::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap().serve(router))
    }

    pub(super) fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.0.local_addr())
    }
}

/// The address of a server that breaks off in the middle of its answer.
pub(super) async fn cut() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let asked = stream.read(&mut [0; 4096]).await.unwrap();
        assert_ne!(asked, 0);
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n\
                      Content-Length: 1000\r\n\r\n000eversion 2\n";
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    format!("http://{address}/cut")
}

/// One request through `git http-backend`, a CGI program.
async fn backend(State(root): State<PathBuf>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let header =
        |name: &str| parts.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    let mut command = Command::new("git");
    command
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", &root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("REQUEST_METHOD", parts.method.as_str())
        .env("PATH_INFO", parts.uri.path())
        .env("QUERY_STRING", parts.uri.query().unwrap_or_default())
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("HTTP_GIT_PROTOCOL", header("git-protocol"));
    let printed = tokio::task::spawn_blocking(move || run(command, &body)).await.unwrap();
    answer(&printed)
}

fn run(mut command: Command, body: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.unwrap();
    child.stdin.take().unwrap().write_all(body).unwrap();
    child.wait_with_output().unwrap().stdout
}

/// What a CGI program prints, as a response: RFC 3875, section 6.
fn answer(printed: &[u8]) -> Response<Body> {
    let end = printed.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    let mut response = Response::builder();
    for line in std::str::from_utf8(&printed[..end]).unwrap().lines() {
        let (name, value) = line.split_once(": ").unwrap();
        response = match name {
            "Status" => response.status(value.split(' ').next().unwrap()),
            _ => response.header(name, value),
        };
    }
    response.body(Body::from(printed[end + 4..].to_vec())).unwrap()
}
