//! What every request of the relay works with.

use std::sync::Arc;
use std::time::Duration;

use sanji_core::sync::enrol::Card;
use sanji_core::sync::relay::Relay;
use tokio::sync::Semaphore;

use crate::blobs::Blobs;
use crate::clock::SharedClock;
use crate::folder::{DataFolder, FolderError};
use crate::http::limits::{Limits, Rate};
use crate::keys::{KeysError, RelayKeys};
use crate::store::{OpenError, Readers, SqliteLedger};
use crate::writer::{Writer, WriterThread};

/// How much a relay takes, and how long it waits.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Requests from one network address.
    pub address_rate: Rate,
    /// Attempts from one network address to enrol or to sign in.
    pub entry_rate: Rate,
    /// Requests of one device.
    pub device_rate: Rate,
    /// Most bytes of a sync body, as it arrives.
    pub body_limit_bytes: usize,
    /// Longest time for a request, its body included.
    pub request_timeout: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Bodies being read at once: bounds the memory that they take.
    pub bodies: usize,
    /// Longest time for a handshake, or for a request's header: a few round trips of a slow network.
    pub handshake_timeout: Duration,
    /// A connection on which no byte moves ends after this time.
    pub idle_timeout: Duration,
    /// A connection ends after this time in any case.
    pub connection_life: Duration,
    /// How long requests in flight may take when the relay stops.
    pub stop_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            // A school, or a whole county behind one operator's address, may come at once after a power cut.
            address_rate: Rate::new(6_000, 2_000),
            entry_rate: Rate::new(30, 30),
            device_rate: Rate::new(60, 60),
            body_limit_bytes: 1 << 20,
            request_timeout: Duration::from_secs(150),
            handshake_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(60),
            connection_life: Duration::from_secs(30 * 60),
            connections: 4_000,
            bodies: 200,
            stop_timeout: Duration::from_secs(30),
        }
    }
}

/// What requests share.
pub struct App {
    /// The relay's machine.
    pub relay: Relay,
    /// Opens what phones sealed for the county.
    pub recovery: crypto_box::SecretKey,
    /// The county card, as phones fetch it.
    pub card: Card,
    /// Stores.
    pub writer: Writer,
    /// Reads.
    pub readers: Readers,
    /// Large blobs.
    pub blobs: Blobs,
    /// The relay's clock.
    pub clock: SharedClock,
    /// How much it takes.
    pub settings: Settings,
    /// Whether requests come over TLS, so that cookies may be bound to it.
    pub tls: bool,
    /// Counters of requests.
    pub limits: Limits,
    /// Counters of attempts to enrol or to sign in.
    pub entry_limits: Limits,
    /// Places for bodies being read.
    pub(crate) bodies: Semaphore,
    /// Places for password hashes being computed: each takes 19 MiB.
    pub(crate) hashes: Semaphore,
}

/// The app as handlers hold it.
pub type SharedApp = Arc<App>;

/// Why a relay can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The store.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] crate::http::tls::TlsError),
    /// The address can't be listened on.
    #[error("can't listen on {address}: {why}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// The system's words.
        why: std::io::Error,
    },
}

impl App {
    /// Opens the store of a data folder and starts its writer.
    ///
    /// # Errors
    /// When the store can't be opened.
    pub fn start(
        folder: &DataFolder,
        keys: &RelayKeys,
        addresses: Vec<String>,
        clock: SharedClock,
        settings: Settings,
        tls: bool,
    ) -> Result<(SharedApp, WriterThread), StartError> {
        let store = SqliteLedger::open(&folder.store())?;
        let (writer, thread) = Writer::start(store, Arc::clone(&clock));
        let app = App {
            relay: Relay::new(keys.county, keys.signing.clone()),
            recovery: keys.recovery.clone(),
            card: keys.card(addresses),
            writer,
            readers: Readers::new(&folder.store()),
            blobs: Blobs::new(&folder.blobs()),
            clock,
            settings,
            tls,
            limits: Limits::new(settings.address_rate, settings.device_rate),
            entry_limits: Limits::new(settings.entry_rate, settings.entry_rate),
            bodies: Semaphore::new(settings.bodies),
            hashes: Semaphore::new(2),
        };
        Ok((Arc::new(app), thread))
    }
}
