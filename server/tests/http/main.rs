//! The relay over real HTTPS: what phones send, well-formed and not, and what browsers are told.
#![allow(clippy::unwrap_used)]

mod accounts;
mod client;
mod relay;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use client::Client;
use sanji_core::time::UtcMs;
use sanji_server::app::{App, Settings, SharedApp};
use sanji_server::clock::{Clock, SharedClock, SystemClock};
use sanji_server::folder::DataFolder;
use sanji_server::http::serve::{Serving, listen};
use sanji_server::http::tls;
use sanji_server::keys::{RelayKeys, SERVER_NAME};
use sanji_server::random::rng;
use tokio::runtime::Runtime;

/// A relay that serves from a folder of its own.
struct Relay {
    runtime: Runtime,
    serving: Option<Serving>,
    keys: RelayKeys,
    folder: DataFolder,
    address: SocketAddr,
    _dir: Option<tempfile::TempDir>,
}

impl Relay {
    fn start() -> Self {
        Relay::with(Settings::default(), Router::new())
    }

    fn with(settings: Settings, pages: Router<SharedApp>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(dir.path()).unwrap();
        let mut relay = Relay::on(folder, settings, pages, Arc::new(SystemClock));
        relay._dir = Some(dir);
        relay
    }

    fn on(folder: DataFolder, settings: Settings, pages: Router<SharedApp>, clock: SharedClock) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let keys = RelayKeys::open(&folder.keys(), &folder.store(), &mut rng()).unwrap();
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let tls = tls::config(&keys, None).unwrap();
        let serving = runtime.block_on(async {
            let (app, writer) = App::start(&folder, &keys, vec!["127.0.0.1:1".into()], clock, settings, true).unwrap();
            Serving::start(app, writer, pages, listener, Some(tls)).unwrap()
        });
        let address = serving.address;
        Relay { runtime, serving: Some(serving), keys, folder, address, _dir: None }
    }

    fn app(&self) -> &SharedApp {
        self.serving.as_ref().unwrap().app()
    }

    /// A connection as a phone makes it.
    fn connect(&self) -> Client {
        Client::connect(self.address, SERVER_NAME)
    }

    fn stop(&mut self) {
        let serving = self.serving.take().unwrap();
        self.runtime.block_on(serving.stop()).unwrap();
    }
}

/// A clock that a test moves.
struct Moved(std::sync::atomic::AtomicI64);

impl Moved {
    fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Clock for Moved {
    fn now(&self) -> UtcMs {
        UtcMs(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}
