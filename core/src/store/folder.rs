//! The phone's folder: the lock that keeps other processes out, the file of records, and files that could not be opened,
//! which are moved aside and kept.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fs4::FileExt;

use super::keys::KeyProvider;
use super::sqlite::SqliteStore;
use crate::sync::phone::StoreError;

const RECORDS: &str = "records.sanji";
const LOCK: &str = "records.lock";

/// How the file of records was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It was opened, or made where there was none.
    Sound,
    /// It could not be opened and was moved aside: recording goes on in a new file.
    Replaced {
        /// Where the old file is kept.
        kept: PathBuf,
        /// Why.
        why: StoreError,
    },
}

/// A phone's folder, held by this process until it is dropped.
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Takes hold of the folder; makes it if it isn't there.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process holds it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let path = path.into();
        let io = |e: std::io::Error| StoreError::Failed(e.to_string());
        fs::create_dir_all(&path).map_err(io)?;
        let lock = File::create(path.join(LOCK)).map_err(io)?;
        FileExt::try_lock(&lock).map_err(|_| StoreError::Locked)?;
        Ok(Folder { path, _lock: lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the file of records lies.
    pub fn records(&self) -> PathBuf {
        self.path.join(RECORDS)
    }

    /// Opens the file of records. One that is damaged, or whose key is gone, is moved aside and kept, and a new one made.
    ///
    /// # Errors
    /// When the file is newer than this version, the disk is full, or not even a new file can be made.
    pub fn store(&self, keys: &dyn KeyProvider) -> Result<(SqliteStore, Condition), StoreError> {
        let why = match SqliteStore::open(&self.records(), keys) {
            Ok(store) => return Ok((store, Condition::Sound)),
            Err(why @ (StoreError::Damaged(_) | StoreError::Keys(_) | StoreError::Row { .. })) => why,
            Err(other) => return Err(other),
        };
        let kept = self.move_aside()?;
        let store = SqliteStore::open(&self.records(), keys)?;
        Ok((store, Condition::Replaced { kept, why }))
    }

    /// Moves the file of records and its log aside, under a name that was not used yet. No process may have it open.
    ///
    /// # Errors
    /// When the files can't be renamed.
    pub fn move_aside(&self) -> Result<PathBuf, StoreError> {
        let io = |e: std::io::Error| StoreError::Failed(e.to_string());
        let free = |k: &u32| !self.path.join(format!("records.kept{k}.sanji")).exists();
        let k = (1..u32::MAX).find(free).unwrap_or(u32::MAX);
        let kept = self.path.join(format!("records.kept{k}.sanji"));
        // The log first: a file without its log is the older state, a log without its file is nothing.
        for tail in ["-wal", "-shm", ""] {
            let from = self.path.join(format!("{RECORDS}{tail}"));
            if from.exists() {
                fs::rename(&from, self.path.join(format!("records.kept{k}.sanji{tail}"))).map_err(io)?;
            }
        }
        Ok(kept)
    }
}
