//! The smallest HTTP client that can measure: one connection, kept open, POST and JSON only.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// One open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    host: String,
    reader: BufReader<TcpStream>,
}

/// Status and body of an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
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
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        // One write, so that head and body leave in one packet.
        self.reader.get_mut().write_all((head + body).as_bytes())?;
        self.answer().with_context(|| format!("POST {path} at {}", self.host))
    }

    fn answer(&mut self) -> Result<Answer> {
        let status = self.line()?;
        let status = status
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .with_context(|| format!("`{status}` is no status"))?;
        let mut length = None;
        let mut chunked = false;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(':') {
                Some(("content-length", value)) => {
                    length = Some(value.trim().parse().context("content-length")?)
                }
                Some(("transfer-encoding", value)) => chunked = value.trim() == "chunked",
                _ => {}
            }
            if line.is_empty() {
                break;
            }
        }
        let body = if chunked { self.chunks()? } else { self.octets(length.unwrap_or(0))? };
        Ok(Answer { status, body: String::from_utf8(body).context("the body is not UTF-8")? })
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
