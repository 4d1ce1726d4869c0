//! `sanji demo`: a school week of real phones against a real relay, with everything that goes wrong in the field.
//!
//! Nothing here is part of the product but the proof of it: the phones are the very core that the apps call, the relay is
//! the one that `serve` runs, and between them is HTTPS over a network that breaks when the script says so.

mod acts;
mod agree;
mod attack;
mod cast;
mod clock;
mod fleet;
mod host;
mod plan;
mod proxy;
mod run;
mod script;
mod setup;
mod summary;
mod visits;
mod world;

pub use run::{Login, Options, Running, run};
pub use summary::Summary;

/// Why the demonstration could not go on.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The relay could not start.
    #[error(transparent)]
    Start(#[from] crate::app::StartError),
    /// The relay could not stop.
    #[error(transparent)]
    Stop(#[from] crate::http::serve::StopError),
    /// Its folder.
    #[error(transparent)]
    Folder(#[from] crate::folder::FolderError),
    /// Its keys.
    #[error(transparent)]
    Keys(#[from] crate::keys::KeysError),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] crate::http::tls::TlsError),
    /// A phone.
    #[error("a phone: {0}")]
    Phone(#[from] sanji_core::phone::PhoneError),
    /// A phone's key storage.
    #[error("a phone's store: {0}")]
    PhoneStore(#[from] sanji_core::sync::phone::StoreError),
    /// An act of the administrator.
    #[error(transparent)]
    Admin(#[from] crate::admin::AdminError),
    /// The relay's machine.
    #[error(transparent)]
    Relay(#[from] sanji_core::sync::relay::RelayError),
    /// The relay's store.
    #[error(transparent)]
    Ledger(#[from] sanji_core::sync::ledger::LedgerError),
    /// The relay's writer.
    #[error(transparent)]
    Writer(#[from] crate::writer::WriterError),
    /// The review pages.
    #[error(transparent)]
    Pages(#[from] crate::projector::follow::FollowError),
    /// A file.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Something in the script doesn't fit.
    #[error("the script: {0}")]
    Script(String),
}
