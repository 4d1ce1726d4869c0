//! A relay of this process: its data folder while nobody serves from it, and the same relay serving over HTTPS.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use sanji_core::ids::PersonId;
use sanji_core::sync::enrol::{Invitation, Secret};
use sanji_core::sync::relay::Relay;
use sanji_core::time::{UtcMs, UtcSecs};
use sanji_server::app::{App, Settings, SharedApp};
use sanji_server::folder::DataFolder;
use sanji_server::http::serve::{Serving, listen};
use sanji_server::http::tls;
use sanji_server::keys::RelayKeys;
use sanji_server::random::rng;
use sanji_server::store::SqliteLedger;
use tokio::runtime::Runtime;

use crate::Outcome;

/// A clock that stands until it is set, for a relay and phones alike. A phone that goes by it was never switched off.
pub struct Moment(AtomicI64);

impl Moment {
    /// A clock at this instant.
    pub fn at(now: UtcMs) -> Arc<Self> {
        Arc::new(Moment(AtomicI64::new(now.0)))
    }

    /// Sets it.
    pub fn set(&self, now: UtcMs) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// What it shows.
    pub fn now(&self) -> UtcMs {
        UtcMs(self.0.load(Ordering::SeqCst))
    }
}

impl sanji_server::clock::Clock for Moment {
    fn now(&self) -> UtcMs {
        Moment::now(self)
    }
}

impl sanji_core::phone::Clock for Moment {
    fn wall(&self) -> UtcSecs {
        self.now().secs()
    }

    fn elapsed_ms(&self) -> u64 {
        self.now().0.unsigned_abs()
    }

    fn boot(&self) -> String {
        "1".into()
    }
}

/// A folder for what is measured, beside this program: on the disk, which a folder for temporary files may not be.
///
/// # Errors
/// When it can't be made.
pub fn scratch() -> Outcome<tempfile::TempDir> {
    let program = std::env::current_exe()?;
    let beside = program.parent().ok_or("the program lies in no folder")?;
    Ok(tempfile::Builder::new().prefix("sanji-").tempdir_in(beside)?)
}

/// A relay's data folder and keys.
pub struct Office {
    /// The folder.
    pub folder: DataFolder,
    /// The keys.
    pub keys: RelayKeys,
}

impl Office {
    /// Makes a relay's data folder.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn make(path: &Path) -> Outcome<Self> {
        let folder = DataFolder::open(path)?;
        let keys = RelayKeys::open(&folder.keys(), &folder.store(), &mut rng())?;
        Ok(Office { folder, keys })
    }

    /// The relay's machine.
    pub fn relay(&self) -> Relay {
        Relay::new(self.keys.county, self.keys.signing.clone())
    }

    /// Works on the store in one transaction.
    ///
    /// # Errors
    /// Those of `work`, and when the store fails; nothing of it holds then.
    pub fn write<T>(&self, work: impl FnOnce(&mut SqliteLedger) -> Outcome<T>) -> Outcome<T> {
        SqliteLedger::open(&self.folder.store())?.transaction(work)
    }

    /// Serves from the folder on a free port of this machine.
    ///
    /// # Errors
    /// When it can't.
    pub fn serve(&self, clock: Arc<Moment>, settings: Settings, workers: usize) -> Outcome<Served> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
        let config = tls::config(&self.keys, None)?;
        let serving = runtime.block_on(async {
            let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)))?;
            let addresses = vec![listener.local_addr()?.to_string()];
            let (app, writer) = App::start(&self.folder, &self.keys, addresses, clock, settings, true)?;
            Outcome::Ok(Serving::start(app, writer, Router::new(), listener, Some(config))?)
        })?;
        let address = serving.address;
        Ok(Served { runtime, serving, address, store: self.folder.store() })
    }
}

/// A relay that serves.
pub struct Served {
    runtime: Runtime,
    serving: Serving,
    /// Where it listens.
    pub address: SocketAddr,
    /// The file of its store.
    pub store: PathBuf,
}

impl Served {
    /// What its requests share.
    pub fn app(&self) -> &SharedApp {
        self.serving.app()
    }

    /// Invites a person's next phone; gives the text of the QR code.
    ///
    /// # Errors
    /// When the store fails.
    pub fn invite(&self, person: PersonId) -> Outcome<String> {
        let app = self.app();
        let (relay, secret) = (app.relay.clone(), Secret::random(&mut rng()));
        let hash = secret.hash(relay.county());
        let invite = move |ledger: &mut SqliteLedger, now: UtcMs| {
            relay.invite(ledger, now, &hash, Some(person), None, now.plus(86_400_000))
        };
        self.runtime.block_on(app.writer.run(invite))??;
        Ok(Invitation { card: app.card.clone(), secret }.to_qr())
    }

    /// Waits for a future of a phone.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Stops it as a signal does.
    ///
    /// # Errors
    /// When something failed on the way.
    pub fn stop(self) -> Outcome<()> {
        Ok(self.runtime.block_on(self.serving.stop())?)
    }
}
