//! The phone's file: SQLite, every value sealed, one process that writes.

mod folder;
mod keys;
pub mod schema;
mod sqlite;

pub use folder::{Condition, Folder};
pub use keys::{FileKeys, KeyProvider};
pub use sqlite::SqliteStore;
