//! What a shell gives a phone at its start.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::{CryptoRng, TryRng};

use super::clock::Clock;
use crate::store::{KeyProvider, OsRandom};
use crate::sync::phone::Limits;

/// How the network is used.
#[derive(Clone, Debug)]
pub struct Network {
    /// How long a connection may take to stand. Default 15 s.
    pub connect: Duration,
    /// How long one request may take in all. Default 120 s: 48 kB at 2G's 20 kbit/s, and some more.
    pub request: Duration,
    /// Addresses to be used instead of those of the county card; for tests and the demonstration.
    pub instead: Vec<SocketAddr>,
}

impl Default for Network {
    fn default() -> Self {
        Network { connect: Duration::from_secs(15), request: Duration::from_secs(120), instead: Vec::new() }
    }
}

/// Whether the system has a network at all, as the system says. Trying without one only costs battery.
pub trait Connectivity: Send + Sync {
    /// Whether there may be one.
    fn online(&self) -> bool;
}

/// A phone's surroundings.
pub struct PhoneConfig {
    /// Where its files lie. The folder is the phone's alone.
    pub folder: PathBuf,
    /// The system's key storage.
    pub keys: Arc<dyn KeyProvider>,
    /// The system's clocks.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from: keys, salts, ids. A test or the demonstration gives a seeded one, with another seed at each
    /// start of a phone: the same numbers again would be the same key again.
    pub rng: Box<dyn CryptoRng + Send>,
    /// What bounds a push.
    pub limits: Limits,
    /// How the network is used.
    pub network: Network,
    /// What the system says of the network; absent where nobody says it.
    pub connectivity: Option<Arc<dyn Connectivity>>,
}

impl PhoneConfig {
    /// The usual: the system's randomness, default limits.
    pub fn new(folder: impl Into<PathBuf>, keys: Arc<dyn KeyProvider>, clock: Arc<dyn Clock>) -> Self {
        PhoneConfig {
            folder: folder.into(),
            keys,
            clock,
            rng: Box::new(OsRandom),
            limits: Limits::default(),
            network: Network::default(),
            connectivity: None,
        }
    }
}

/// One generator for all that a phone draws, across pauses.
#[derive(Clone)]
pub(super) struct SharedRng(Arc<Mutex<Box<dyn CryptoRng + Send>>>);

impl SharedRng {
    pub(super) fn new(rng: Box<dyn CryptoRng + Send>) -> Self {
        SharedRng(Arc::new(Mutex::new(rng)))
    }
}

impl TryRng for SharedRng {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).try_next_u64()
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Self::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).try_fill_bytes(dest)
    }
}

impl rand::TryCryptoRng for SharedRng {}
