//! Whether a connection is used: requests under way, and when one last began, ended, or had a part of its answer taken.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// What is known of one connection; clones share it.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    since: Instant,
    requests: AtomicUsize,
    last_ms: AtomicU64,
}

/// A request under way; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Request(Activity);

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(Counts {
            since: Instant::now(),
            requests: AtomicUsize::new(0),
            last_ms: AtomicU64::new(0),
        }))
    }

    /// Counts a request.
    pub(super) fn begin(&self) -> Request {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        self.note();
        Request(self.clone())
    }

    /// When the connection has been unused for so long, if nothing happens; none while a request is under way.
    pub(super) fn unused_at(&self, time: Duration) -> Option<Instant> {
        (self.0.requests.load(Ordering::Relaxed) == 0)
            .then(|| self.0.since + Duration::from_millis(self.0.last_ms.load(Ordering::Relaxed)) + time)
    }

    fn note(&self) {
        let ms = u64::try_from(self.0.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last_ms.store(ms, Ordering::Relaxed);
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.0.note();
        self.0.0.requests.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that notes when its peer takes octets.
#[derive(Debug)]
pub(super) struct Noted<S> {
    stream: S,
    activity: Activity,
}

impl<S> Noted<S> {
    pub(super) fn new(stream: S, activity: Activity) -> Self {
        Self { stream, activity }
    }

    fn taken(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.activity.note();
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Noted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, octets);
        self.taken(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.taken(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
