//! The relay of the demonstration: a real one, over HTTPS on loopback, with a SQLite file in a folder; and how it is put
//! back to yesterday's copy.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::DemoError;
use super::clock::VirtualClock;
use crate::app::{App, Settings, SharedApp};
use crate::folder::DataFolder;
use crate::http::limits::Rate;
use crate::http::serve::{Serving, listen};
use crate::keys::RelayKeys;
use crate::pages::Pages;

/// A running relay and its folder.
pub struct Host {
    folder: DataFolder,
    keys: RelayKeys,
    clock: VirtualClock,
    serving: Option<Serving>,
    /// Keeps the pages' sums, once it only serves; ends by its word.
    following: Option<(watch::Sender<bool>, JoinHandle<()>)>,
}

impl Host {
    /// Starts a relay in an empty folder, on `port` (0 for any).
    ///
    /// # Errors
    /// When the folder can't be written or the port can't be opened.
    pub async fn start(
        path: &Path,
        clock: VirtualClock,
        port: u16,
        rng: &mut impl rand::CryptoRng,
    ) -> Result<Self, DemoError> {
        let folder = DataFolder::open(path)?;
        let keys = RelayKeys::open(&folder.keys(), &folder.store(), rng)?;
        let mut host = Host { folder, keys, clock, serving: None, following: None };
        host.listen(port).await?;
        Ok(host)
    }

    async fn listen(&mut self, port: u16) -> Result<Arc<Pages>, DemoError> {
        // All phones of the county come from one address here.
        let any = Rate::new(1_000_000, 100_000);
        let settings = Settings { address_rate: any, device_rate: any, entry_rate: any, ..Settings::default() };
        let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let here = listener.local_addr().map(|address| address.to_string());
        let clock = Arc::new(self.clock.clone());
        let (app, writer) = App::start(&self.folder, &self.keys, here.into_iter().collect(), clock, settings, true)?;
        let tls = crate::http::tls::config(&self.keys, None)?;
        let pages = Pages::new(Arc::clone(&app), None);
        self.serving = Some(Serving::start(app, writer, pages.router(), listener, Some(tls))?);
        Ok(pages)
    }

    /// What the relay's requests share.
    pub fn app(&self) -> &SharedApp {
        self.serving().app()
    }

    /// The keys, for the county card.
    pub fn keys(&self) -> &RelayKeys {
        &self.keys
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.serving().address
    }

    fn serving(&self) -> &Serving {
        self.serving.as_ref().expect("the relay is down only within `stop` and `put_back`")
    }

    /// Copies the store as it is now, as a nightly backup would.
    ///
    /// # Errors
    /// When the copy can't be written.
    pub async fn copy(&mut self, to: &Path) -> Result<(), DemoError> {
        self.stop().await?;
        std::fs::copy(self.folder.store(), to)?;
        let port = 0;
        self.listen(port).await.map(drop)
    }

    /// Puts the store back to an earlier copy: what came since is gone from this disk.
    ///
    /// # Errors
    /// When the copy can't be put in place.
    pub async fn put_back(&mut self, copy: &Path) -> Result<(), DemoError> {
        self.stop().await?;
        let store = self.folder.store();
        for end in ["-wal", "-shm"] {
            let mut beside = store.clone().into_os_string();
            beside.push(end);
            let _ = std::fs::remove_file(PathBuf::from(beside));
        }
        std::fs::copy(copy, &store)?;
        self.listen(0).await.map(drop)
    }

    /// Starts it again on another port; for serving at the end.
    ///
    /// # Errors
    /// When the port can't be opened.
    pub async fn listen_on(&mut self, port: u16) -> Result<(), DemoError> {
        self.stop().await?;
        // Nothing arrives any more: what the pages show stays as it is.
        let pages = self.listen(port).await?;
        pages.catch_up().await?;
        pages.sum().await?;
        let (stop, stopping) = watch::channel(false);
        self.following = Some((stop, tokio::spawn(pages.follow(stopping))));
        Ok(())
    }

    /// Stops it.
    ///
    /// # Errors
    /// When something waited that could not be stored.
    pub async fn stop(&mut self) -> Result<(), DemoError> {
        if let Some((stop, following)) = self.following.take() {
            let _ = stop.send(true);
            let _ = following.await;
        }
        match self.serving.take() {
            Some(serving) => Ok(serving.stop().await?),
            None => Ok(()),
        }
    }

    /// Waits until the server ends by itself, or for ever.
    pub async fn ended(&mut self) {
        if let Some(serving) = &mut self.serving {
            serving.ended().await;
        }
    }
}
