//! A network that breaks when it is told to: a TCP proxy before the relay that knows nothing of what it carries.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What happens to connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// They go through.
    #[default]
    Through,
    /// No network: a connection is closed at once.
    Down,
    /// A connection breaks after so many bytes from the phone.
    CutUp(usize),
    /// A connection breaks after so many bytes from the relay: what the phone sent was stored, but no whole answer arrives.
    CutDown(usize),
}

/// The proxy. It stops when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    route: watch::Sender<(Fate, SocketAddr)>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy on loopback before `relay`.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(relay: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (route, watching) = watch::channel((Fate::Through, relay));
        let task = tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                tokio::spawn(carry(phone, watching.clone()));
            }
        });
        Ok(Proxy { address, route, task })
    }

    /// Where phones connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What happens to connections from now on; those that stand are closed, as when a phone changes its cell.
    pub fn set(&self, fate: Fate) {
        self.route.send_modify(|route| route.0 = fate);
    }

    /// The relay listens elsewhere.
    pub fn set_relay(&self, relay: SocketAddr) {
        self.route.send_modify(|route| route.1 = relay);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(phone: TcpStream, mut route: watch::Receiver<(Fate, SocketAddr)>) {
    let (fate, relay) = *route.borrow_and_update();
    if fate == Fate::Down {
        return;
    }
    let Ok(relay) = TcpStream::connect(relay).await else { return };
    let _ = (phone.set_nodelay(true), relay.set_nodelay(true));
    let (mut phone_in, mut phone_out) = phone.into_split();
    let (mut relay_in, mut relay_out) = relay.into_split();
    let (up, down) = match fate {
        Fate::CutUp(bytes) => (bytes, usize::MAX),
        Fate::CutDown(bytes) => (usize::MAX, bytes),
        Fate::Through | Fate::Down => (usize::MAX, usize::MAX),
    };
    // Whichever direction breaks or ends first takes the other with it, as a lost radio link does.
    tokio::select! {
        () = copy(&mut phone_in, &mut relay_out, up) => {}
        () = copy(&mut relay_in, &mut phone_out, down) => {}
        _ = route.changed() => {}
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
