//! A connection that gives so many octets and no more: whatever a server sends, and however its library
//! buffers it, memory has a bound.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Octets that a server may send beyond its answer: greetings, headers, descriptions of columns.
const OVERHEAD_OCTETS: usize = 64 * 1024;

/// A connection with an allowance.
#[derive(Debug)]
pub(crate) struct Metered<S> {
    inner: S,
    left: Arc<AtomicUsize>,
}

/// The octets that may still arrive, shared with the connection.
#[derive(Debug)]
pub(crate) struct Allowance(Arc<AtomicUsize>);

/// More arrived than was allowed.
#[derive(Debug, thiserror::Error)]
#[error("more octets arrived than one answer may have")]
pub(crate) struct Exceeded;

impl<S> Metered<S> {
    /// Wraps a connection; only greetings fit until the allowance is renewed.
    pub(crate) fn new(inner: S) -> (Self, Allowance) {
        let left = Arc::new(AtomicUsize::new(OVERHEAD_OCTETS));
        (Self { inner, left: left.clone() }, Allowance(left))
    }
}

impl Allowance {
    /// Lets an answer of so many octets arrive.
    pub(crate) fn renew(&self, octets: usize) {
        self.0.store(octets.saturating_add(OVERHEAD_OCTETS), Ordering::Relaxed);
    }

    /// Whether more arrived than was allowed.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.inner).poll_read(context, buffer))?;
        let arrived = buffer.filled().len() - before;
        let left = this.left.load(Ordering::Relaxed);
        if arrived > 0 && arrived >= left {
            this.left.store(0, Ordering::Relaxed);
            buffer.set_filled(before);
            return Poll::Ready(Err(io::Error::other(Exceeded)));
        }
        this.left.store(left - arrived, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(context, octets)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn an_answer_within_the_allowance_arrives() {
        let sent = vec![7; OVERHEAD_OCTETS + 99];
        let (mut metered, allowance) = Metered::new(sent.as_slice());
        allowance.renew(100);
        let mut read = Vec::new();
        metered.read_to_end(&mut read).await.unwrap();
        assert_eq!(read, sent);
    }

    #[tokio::test]
    async fn an_answer_beyond_the_allowance_is_an_error() {
        let sent = vec![7; OVERHEAD_OCTETS + 101];
        let (mut metered, allowance) = Metered::new(sent.as_slice());
        allowance.renew(100);
        assert!(metered.read_to_end(&mut Vec::new()).await.is_err());
        assert!(allowance.is_exceeded());
    }
}
