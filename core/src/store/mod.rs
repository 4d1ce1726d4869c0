//! The phone's file: SQLite, every value sealed, one process that writes.

mod folder;
mod keys;
pub mod schema;
mod sqlite;

pub use folder::{Condition, Folder};
pub use keys::{FileKeys, KeyError, KeyProvider, OsRandom};
#[cfg(feature = "phone")]
pub(crate) use keys::{seal_for, write_whole};
pub use sqlite::SqliteStore;
