//! A phone as its owner has it: the whole facade in a folder of its own, over the network.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sanji_core::phone::{Clock, Phone, PhoneConfig};
use sanji_core::store::FileKeys;
use sanji_core::time::UtcSecs;

use crate::Outcome;

/// The clocks of this machine, as a phone reads them.
pub struct Machine {
    started: Instant,
}

impl Machine {
    /// A phone that is switched on now.
    pub fn started() -> Arc<Self> {
        Arc::new(Machine { started: Instant::now() })
    }
}

impl Clock for Machine {
    fn wall(&self) -> UtcSecs {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UtcSecs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn boot(&self) -> String {
        "1".into()
    }
}

/// Where an owner's phone keeps its files.
#[derive(Clone, Debug)]
pub struct Place(PathBuf);

impl Place {
    /// A place of this name in a folder.
    pub fn new(folder: &Path, name: &str) -> Self {
        Place(folder.join(name))
    }

    /// The place whose folder this is.
    pub fn at(folder: &Path) -> Self {
        Place(folder.to_owned())
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The file of records.
    pub fn records(&self) -> PathBuf {
        self.0.join("phone").join("records.sanji")
    }

    /// Opens the phone there. With `instead`, that address is used whatever the county card says.
    ///
    /// # Errors
    /// When it can't be opened.
    pub fn open(&self, clock: Arc<dyn Clock>, instead: Option<SocketAddr>) -> Outcome<Phone> {
        let keys = FileKeys::open(self.0.join("keys"))?;
        let mut config = PhoneConfig::new(self.0.join("phone"), Arc::new(keys), clock);
        config.network.connect = Duration::from_secs(5);
        config.network.request = Duration::from_secs(20);
        config.network.instead = instead.into_iter().collect();
        Ok(Phone::open(config)?)
    }
}
