//! Listening, and stopping without losing anything: new connections are refused, requests in flight end, what waits is
//! stored, and the write-ahead log is moved into the file.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use sanji_core::sync::ledger::LedgerError;
use tokio::task::JoinHandle;

use super::stream::{Bounded, Patience};
use crate::app::{SharedApp, StartError};
use crate::writer::{WriterError, WriterThread};

/// How often the counters are tidied.
const TIDY: Duration = Duration::from_secs(60);

/// A relay that serves.
pub struct Serving {
    /// Where it listens; the port is the real one where 0 was asked for.
    pub address: SocketAddr,
    app: SharedApp,
    handle: Handle<SocketAddr>,
    server: JoinHandle<std::io::Result<()>>,
    tidying: JoinHandle<()>,
    writer: WriterThread,
}

/// Why a relay ended badly.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// The listener failed.
    #[error("the listener failed: {0}")]
    Listener(#[from] std::io::Error),
    /// The writer failed.
    #[error(transparent)]
    Writer(#[from] WriterError),
    /// The last checkpoint failed; everything is stored, in the write-ahead log.
    #[error("the last checkpoint failed: {0}; nothing is lost, keep the -wal file beside the store")]
    Checkpoint(LedgerError),
    /// The server's task ended by itself.
    #[error("the server's task failed")]
    Task,
}

/// Listens on an address; port 0 takes any free one.
///
/// # Errors
/// When that isn't allowed or taken.
pub fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let failed = |why| StartError::Listen { address, why };
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

impl Serving {
    /// Serves `app` with these pages to whoever comes to `listener`; over TLS where there is a configuration for it. Called
    /// within a runtime.
    ///
    /// # Errors
    /// When the listener can't be used.
    pub fn start(
        app: SharedApp,
        writer: WriterThread,
        pages: Router<SharedApp>,
        listener: TcpListener,
        tls: Option<rustls::ServerConfig>,
    ) -> Result<Self, StartError> {
        let unspecified = SocketAddr::from(([0, 0, 0, 0], 0));
        let address = listener.local_addr().map_err(|why| StartError::Listen { address: unspecified, why })?;
        let failed = |why| StartError::Listen { address, why };
        let handle = Handle::new();
        let service = super::router(Arc::clone(&app), pages).into_make_service_with_connect_info::<SocketAddr>();
        let settings = app.settings;
        let patience = Patience { idle: settings.idle_timeout, life: settings.connection_life };
        let (connections, handshake) = (settings.connections, settings.handshake_timeout);
        let mut server = axum_server::from_tcp(listener).map_err(failed)?.handle(handle.clone());
        server.http_builder().http1().header_read_timeout(handshake).max_buf_size(64 * 1024);
        // A scanner or a phone that lost its network: of interest only to whoever looks for it.
        let server = server.accept_error_handler(|_, error| tracing::debug!(%error, "a connection was not taken"));
        let server = server.first_request_timeout(handshake).http1_only();
        let server = match tls {
            Some(config) => {
                let config = RustlsConfig::from_config(Arc::new(config));
                let acceptor =
                    RustlsAcceptor::new(config).handshake_timeout(handshake).acceptor(NoDelayAcceptor::new());
                let server = server.acceptor(Bounded::new(acceptor, patience, connections));
                tokio::spawn(server.serve(service))
            }
            None => {
                let server = server.acceptor(Bounded::new(NoDelayAcceptor::new(), patience, connections));
                tokio::spawn(server.serve(service))
            }
        };
        let tidying = tokio::spawn(tidy(Arc::clone(&app)));
        Ok(Serving { address, app, handle, server, tidying, writer })
    }

    /// What requests share.
    pub fn app(&self) -> &SharedApp {
        &self.app
    }

    /// Waits until the server ends by itself, which it does only if it fails.
    pub async fn ended(&mut self) {
        // Its result is read by `stop`; here only the end counts.
        while !self.server.is_finished() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Stops: no new connections, requests in flight end, what waits is stored, the store is one file again.
    ///
    /// # Errors
    /// When something failed on the way; what was acknowledged is on the disk in any case.
    pub async fn stop(self) -> Result<(), StopError> {
        self.handle.graceful_shutdown(Some(self.app.settings.stop_timeout));
        let served = self.server.await.map_err(|_| StopError::Task);
        self.tidying.abort();
        let mut store = self.writer.stop().await?;
        store.checkpoint().map_err(StopError::Checkpoint)?;
        Ok(served??)
    }
}

async fn tidy(app: SharedApp) {
    loop {
        tokio::time::sleep(TIDY).await;
        app.limits.tidy();
        app.entry_limits.tidy();
    }
}
