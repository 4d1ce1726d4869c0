//! A proxy on loopback that counts what passes: bytes of TCP in both directions, whatever they carry.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The proxy; it stops when it is dropped.
pub struct Counting {
    /// Where phones connect.
    pub address: SocketAddr,
    passed: Arc<Passed>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Passed {
    up: AtomicU64,
    down: AtomicU64,
}

impl Counting {
    /// Starts it before a relay. Called within a runtime.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(relay: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let passed = Arc::new(Passed::default());
        let counted = Arc::clone(&passed);
        let task = tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                tokio::spawn(carry(phone, relay, Arc::clone(&counted)));
            }
        });
        Ok(Counting { address, passed, task })
    }

    /// What passed since the last call, bytes up and down.
    pub fn take(&self) -> (u64, u64) {
        (self.passed.up.swap(0, Ordering::SeqCst), self.passed.down.swap(0, Ordering::SeqCst))
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(phone: TcpStream, relay: SocketAddr, passed: Arc<Passed>) {
    let Ok(relay) = TcpStream::connect(relay).await else { return };
    let (phone_in, phone_out) = phone.into_split();
    let (relay_in, relay_out) = relay.into_split();
    // Whichever side ends first ends both.
    tokio::select! {
        () = copy(phone_in, relay_out, &passed.up) => {}
        () = copy(relay_in, phone_out, &passed.down) => {}
    }
}

async fn copy(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, count: &AtomicU64) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        // Counted before it goes on, so that who has an answer finds it counted.
        count.fetch_add(read as u64, Ordering::SeqCst);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
