//! A connection that can't be held for nothing: it ends when no byte has moved for a while, in either direction, and after a
//! longest life in any case. Phones keep no connection for long, and a cut one costs a sync nothing.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long a connection may be held.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Without any byte moving.
    pub idle: Duration,
    /// In all.
    pub life: Duration,
}

/// Wraps the connections of another acceptor, and takes no more than so many at once.
#[derive(Clone)]
pub struct Bounded<A> {
    inner: A,
    patience: Patience,
    places: std::sync::Arc<Semaphore>,
}

impl<A> Bounded<A> {
    /// At most `connections` at once, each with this patience.
    pub fn new(inner: A, patience: Patience, connections: usize) -> Self {
        Bounded { inner, patience, places: std::sync::Arc::new(Semaphore::new(connections)) }
    }
}

impl<A, I, S> Accept<I, S> for Bounded<A>
where
    A: Accept<I, S> + Clone + Send + 'static,
    A::Future: Send,
    I: Send + 'static,
    S: Send + 'static,
{
    type Stream = BoundedStream<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        // A place is held through the handshake too. With none left the connection is closed at once: a phone tries again.
        let place = std::sync::Arc::clone(&self.places).try_acquire_owned();
        let (inner, patience) = (self.inner.clone(), self.patience);
        Box::pin(async move {
            let place = place.map_err(|_| io::Error::other("no place for another connection"))?;
            let (stream, service) = inner.accept(stream, service).await?;
            Ok((BoundedStream::new(stream, patience, place), service))
        })
    }
}

/// A connection with its patience.
pub struct BoundedStream<T> {
    inner: T,
    idle: Duration,
    end: Instant,
    timer: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl<T> BoundedStream<T> {
    fn new(inner: T, patience: Patience, place: OwnedSemaphorePermit) -> Self {
        let now = Instant::now();
        let end = now + patience.life;
        let timer = Box::pin(sleep_until(end.min(now + patience.idle)));
        BoundedStream { inner, idle: patience.idle, end, timer, _place: place }
    }

    /// Passes on what the connection did: bytes moved restart the clock, and waiting ends with it.
    fn judge<R>(&mut self, cx: &mut Context<'_>, poll: Poll<io::Result<R>>) -> Poll<io::Result<R>> {
        match poll {
            Poll::Ready(result) => {
                let next = self.end.min(Instant::now() + self.idle);
                self.timer.as_mut().reset(next);
                Poll::Ready(result)
            }
            Poll::Pending => {
                ready!(self.timer.as_mut().poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for BoundedStream<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.inner).poll_read(cx, buf);
        self.judge(cx, poll)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for BoundedStream<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.judge(cx, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.judge(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_flush(cx) {
            // A flush moves no byte of its own: only waiting for it is judged.
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => self.judge(cx, Poll::Pending),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_shutdown(cx) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => self.judge(cx, Poll::Pending),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    fn bounded(
        idle: u64,
        life: u64,
        buffer: usize,
    ) -> (BoundedStream<tokio::io::DuplexStream>, tokio::io::DuplexStream) {
        let (ours, theirs) = duplex(buffer);
        let place = std::sync::Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        let patience = Patience { idle: Duration::from_secs(idle), life: Duration::from_secs(life) };
        (BoundedStream::new(ours, patience, place), theirs)
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_writes_nothing_is_let_go() {
        let (mut stream, _theirs) = bounded(60, 600, 64);
        let error = stream.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_reads_nothing_is_let_go() {
        let (mut stream, _theirs) = bounded(60, 600, 64);
        let error = stream.write_all(&[0; 1000]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_peer_may_take_its_time_but_not_for_ever() {
        let (mut stream, mut theirs) = bounded(60, 620, 64);
        let feeder = tokio::spawn(async move {
            for byte in 0.. {
                tokio::time::sleep(Duration::from_secs(50)).await;
                if theirs.write_u8(byte).await.is_err() {
                    break;
                }
            }
        });
        let mut read = 0;
        while let Ok(byte) = stream.read_u8().await {
            assert_eq!(byte, read);
            read += 1;
        }
        assert_eq!(read, 12, "a byte every 50 s, for 620 s");
        drop(stream);
        feeder.await.unwrap();
    }
}
