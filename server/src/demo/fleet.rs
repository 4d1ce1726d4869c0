//! The phones: real phone cores with real files, on clocks that the demonstration sets.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use sanji_core::phone::{Clock, Network, Phone, PhoneConfig};
use sanji_core::store::FileKeys;
use sanji_core::sync::phone::Limits;
use sanji_core::time::UtcSecs;

use super::DemoError;
use super::clock::VirtualClock;

/// The clocks of one phone.
pub struct PhoneClock {
    truth: VirtualClock,
    /// Milliseconds by which the wall clock is ahead of the truth.
    ahead: AtomicI64,
    /// When the phone was last switched on, true time.
    booted: AtomicI64,
    boots: AtomicU32,
}

impl PhoneClock {
    fn new(truth: VirtualClock) -> Self {
        // It had been on for a day.
        let booted = truth.time().0 - 86_400_000;
        PhoneClock { truth, ahead: AtomicI64::new(0), booted: AtomicI64::new(booted), boots: AtomicU32::new(1) }
    }

    /// Somebody sets the wall clock.
    pub fn set_ahead(&self, ms: i64) {
        self.ahead.store(ms, Ordering::SeqCst);
    }

    /// The phone is switched on again.
    pub fn boot(&self) {
        self.booted.store(self.truth.time().0 - 40_000, Ordering::SeqCst);
        self.boots.fetch_add(1, Ordering::SeqCst);
    }
}

impl Clock for PhoneClock {
    fn wall(&self) -> UtcSecs {
        self.truth.time().plus(self.ahead.load(Ordering::SeqCst)).secs()
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.truth.time().0 - self.booted.load(Ordering::SeqCst)).unwrap_or(0)
    }

    fn boot(&self) -> String {
        format!("boot {}", self.boots.load(Ordering::SeqCst))
    }
}

/// A phone with its folder.
pub struct Handset {
    /// The phone core.
    pub phone: Phone,
    /// Its clocks.
    pub clock: Arc<PhoneClock>,
    /// Whether it still exists.
    pub exists: bool,
    folder: PathBuf,
    network: SocketAddr,
    seed: u64,
}

impl Handset {
    /// A new phone whose connections go to `network`.
    ///
    /// # Errors
    /// When its files can't be made.
    pub fn new(folder: PathBuf, truth: &VirtualClock, network: SocketAddr, seed: u64) -> Result<Self, DemoError> {
        let clock = Arc::new(PhoneClock::new(truth.clone()));
        let phone = open(&folder, &clock, network, seed)?;
        Ok(Handset { phone, clock, exists: true, folder, network, seed })
    }

    /// Copies the phone's records, as a backup app would: without what the system's key storage holds.
    ///
    /// # Errors
    /// When a file can't be copied.
    pub fn back_up(&self) -> Result<(), DemoError> {
        self.phone.pause()?;
        let copied = copy_files(&records(&self.folder), &self.folder.join("backup"));
        self.phone.resume()?;
        Ok(copied?)
    }

    /// Puts the records back to the copy and opens the phone again.
    ///
    /// # Errors
    /// When a file can't be copied, or the phone doesn't open.
    pub fn restore(&mut self) -> Result<(), DemoError> {
        self.phone.close()?;
        std::fs::remove_dir_all(records(&self.folder))?;
        copy_files(&self.folder.join("backup"), &records(&self.folder))?;
        self.seed += 1;
        self.phone = open(&self.folder, &self.clock, self.network, self.seed)?;
        Ok(())
    }
}

fn records(folder: &Path) -> PathBuf {
    folder.join("records")
}

fn open(folder: &Path, clock: &Arc<PhoneClock>, network: SocketAddr, seed: u64) -> Result<Phone, DemoError> {
    let keys = Arc::new(FileKeys::open(folder.join("keys"))?);
    let config = PhoneConfig {
        folder: records(folder),
        keys,
        clock: clock.clone(),
        rng: Box::new(StdRng::seed_from_u64(seed)),
        limits: Limits::default(),
        network: Network { connect: Duration::from_secs(5), request: Duration::from_secs(20), instead: vec![network] },
        connectivity: None,
    };
    Ok(Phone::open(config)?)
}

fn copy_files(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
