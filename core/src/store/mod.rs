//! The phone's file: SQLite, every value sealed, one process that writes.

mod folder;
mod keys;
pub mod schema;
mod sqlite;

pub use folder::{Condition, Folder};
#[cfg(feature = "phone")]
pub(crate) use keys::write_whole;
pub use keys::{FileKeys, KeyProvider, OsRandom};
pub use sqlite::SqliteStore;
