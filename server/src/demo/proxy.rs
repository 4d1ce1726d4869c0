//! A network that breaks when it is told to: a TCP proxy before the relay that knows nothing of what it carries.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the next connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It goes through.
    #[default]
    Through,
    /// No network: the connection is closed at once.
    Down,
    /// It breaks after so many bytes from the phone.
    CutUp(usize),
    /// It breaks after so many bytes from the relay: what the phone sent was stored, but no whole answer arrives.
    CutDown(usize),
}

/// The proxy. It stops when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    task: tokio::task::JoinHandle<()>,
}

struct State {
    fate: Mutex<Fate>,
    relay: Mutex<SocketAddr>,
}

impl Proxy {
    /// Starts a proxy on loopback before `relay`.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(relay: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State { fate: Mutex::new(Fate::Through), relay: Mutex::new(relay) });
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let (fate, relay) = (*lock(&shared.fate), *lock(&shared.relay));
                tokio::spawn(carry(phone, relay, fate));
            }
        });
        Ok(Proxy { address, state, task })
    }

    /// Where phones connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What happens to connections from now on.
    pub fn set(&self, fate: Fate) {
        *lock(&self.state.fate) = fate;
    }

    /// The relay was started again elsewhere.
    pub fn set_relay(&self, relay: SocketAddr) {
        *lock(&self.state.relay) = relay;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

async fn carry(phone: TcpStream, relay: SocketAddr, fate: Fate) {
    if fate == Fate::Down {
        return;
    }
    let Ok(relay) = TcpStream::connect(relay).await else { return };
    let (mut phone_in, mut phone_out) = phone.into_split();
    let (mut relay_in, mut relay_out) = relay.into_split();
    let (up, down) = match fate {
        Fate::CutUp(bytes) => (bytes, usize::MAX),
        Fate::CutDown(bytes) => (usize::MAX, bytes),
        _ => (usize::MAX, usize::MAX),
    };
    // Whichever direction breaks or ends first takes the other with it, as a lost radio link does.
    tokio::select! {
        () = copy(&mut phone_in, &mut relay_out, up) => {}
        () = copy(&mut relay_in, &mut phone_out, down) => {}
    }
}

async fn copy(from: &mut (impl AsyncReadExt + Unpin), to: &mut (impl AsyncWriteExt + Unpin), most: usize) {
    let mut left = most;
    let mut buffer = vec![0; 16 * 1024];
    while left > 0 {
        let take = left.min(buffer.len());
        match from.read(&mut buffer[..take]).await {
            Ok(read) if read > 0 => {
                left -= read;
                if to.write_all(&buffer[..read]).await.is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}
