//! The smallest HTTP client that can measure and compare: one connection, the request as it is written, the whole answer.
//!
//! A path goes out octet for octet, so that paths which a well-behaved client would mend can be tried.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Octets of an answer's body, at most.
const BODY_OCTETS_MAX: usize = 64 * 1024 * 1024;

/// One open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    host: String,
    reader: BufReader<TcpStream>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// Headers besides `host` and `content-length`.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// None sends no `content-length` either.
    pub(crate) body: Option<&'a str>,
}

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// By their names in lower case; the last of a name counts.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Connection {
    /// Connects to `host:port`.
    pub(crate) fn open(host: &str) -> Result<Self> {
        let stream = TcpStream::connect(host).with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self { host: host.to_owned(), reader: BufReader::new(stream) })
    }

    /// Posts JSON and reads the whole answer.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> Result<Answer> {
        let headers = [("content-type", "application/json")];
        self.send(Request { method: "POST", path, headers: &headers, body: Some(body) })
    }

    /// Sends a request and reads the whole answer.
    pub(crate) fn send(&mut self, request: Request<'_>) -> Result<Answer> {
        let Request { method, path, headers, body } = request;
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.host);
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = body {
            text += &format!("content-length: {}\r\n", body.len());
        }
        text += "\r\n";
        text += body.unwrap_or_default();
        // One write, so that head and body leave in one packet.
        let written = self.reader.get_mut().write_all(text.as_bytes());
        // Who refuses a body may answer and close before all of it is sent: the answer is what counts.
        self.answer(method)
            .or_else(|error| written.map_err(anyhow::Error::from).and(Err(error)))
            .with_context(|| format!("{method} {path} at {}", self.host))
    }

    fn answer(&mut self, method: &str) -> Result<Answer> {
        let (status, headers) = self.head()?;
        let chunked = headers.get("transfer-encoding").is_some_and(|it| it.eq_ignore_ascii_case("chunked"));
        let length =
            headers.get("content-length").map_or(Ok(0), |it| it.parse()).context("content-length")?;
        let body = match status {
            _ if method == "HEAD" => Vec::new(),
            204 | 304 => Vec::new(),
            _ if chunked => self.chunks()?,
            _ => self.octets(length)?,
        };
        Ok(Answer { status, headers, body: String::from_utf8(body).context("the body is not UTF-8")? })
    }

    fn head(&mut self) -> Result<(u16, BTreeMap<String, String>)> {
        let line = self.line()?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.with_context(|| format!("`{line}` is no status"))?;
        let mut headers = BTreeMap::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok((status, headers));
            }
            let (name, value) = line.split_once(':').with_context(|| format!("`{line}` is no header"))?;
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)
                .context("chunk size")?;
            body.extend(self.octets(size)?);
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn octets(&mut self, count: usize) -> Result<Vec<u8>> {
        if count > BODY_OCTETS_MAX {
            bail!("the body has {count} octets, more than {BODY_OCTETS_MAX}");
        }
        let mut octets = vec![0; count];
        self.reader.read_exact(&mut octets)?;
        Ok(octets)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            bail!("the connection was closed");
        }
        Ok(line.trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// What the client makes of an answer.
    fn read(method: &str, answer: &str) -> Result<Answer> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let host = listener.local_addr()?.to_string();
        let answer = answer.to_owned();
        let server = std::thread::spawn(move || -> Result<()> {
            let (mut stream, _) = listener.accept()?;
            stream.write_all(answer.as_bytes())?;
            stream.shutdown(std::net::Shutdown::Write)?;
            // Until the client goes, so that its request is never refused.
            stream.read_to_end(&mut Vec::new())?;
            Ok(())
        });
        let request = Request { method, path: "/", headers: &[], body: None };
        let answer = Connection::open(&host)?.send(request);
        server.join().expect("the server does not panic")?;
        answer
    }

    #[test]
    fn a_body_of_known_length_is_read_with_its_headers() {
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nHi";
        let answer = read("GET", answer).unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, "Hi"));
        assert_eq!(answer.headers["content-type"], "text/plain");
    }

    #[test]
    fn chunks_are_put_together() {
        let answer =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nHi\r\n1;x=y\r\n!\r\n0\r\n\r\n";
        assert_eq!(read("GET", answer).unwrap().body, "Hi!");
    }

    #[test]
    fn the_answer_to_head_has_no_body_whatever_its_length_says() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 26\r\n\r\n";
        assert_eq!(read("HEAD", answer).unwrap().body, "");
    }

    #[test]
    fn an_answer_that_breaks_off_is_an_error() {
        assert!(read("GET", "HTTP/1.1 200 OK\r\ncontent-length: 26\r\n\r\nHi").is_err());
    }
}
