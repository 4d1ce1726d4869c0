//! The phone's folder: the lock that keeps other processes out, the file of records, and files that could not be opened,
//! which are moved aside and kept.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fs4::FileExt;

use super::keys::KeyProvider;
use super::sqlite::SqliteStore;
use crate::sync::phone::StoreError;

const RECORDS: &str = "records.sanji";
/// What these files held was taken over.
const KEPT: &str = "kept";
/// Only the key is missing to these: it may come back.
const LOCKED: &str = "locked";
/// These can't be read.
const DAMAGED: &str = "damaged";
/// More locked files than a phone ever has.
const LOCKED_FILES: u32 = 100;
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
        fs::create_dir_all(&path)?;
        let lock = File::create(path.join(LOCK))?;
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
    /// When the file is newer than this version, the key storage can't be asked now, the disk is full, or not even a new file
    /// can be made.
    pub fn store(&self, keys: &dyn KeyProvider) -> Result<(SqliteStore, Condition), StoreError> {
        let why = match SqliteStore::open(&self.records(), keys) {
            Ok(store) => return Ok((store, Condition::Sound)),
            Err(why @ (StoreError::Damaged(_) | StoreError::KeyGone(_) | StoreError::Row { .. })) => why,
            Err(other) => return Err(other),
        };
        let name = if matches!(why, StoreError::KeyGone(_)) { LOCKED } else { DAMAGED };
        let kept = self.move_to(name)?;
        let store = SqliteStore::open(&self.records(), keys)?;
        Ok((store, Condition::Replaced { kept, why }))
    }

    /// Moves the file of records and its log aside, under a name that was not used yet. No process may have it open.
    ///
    /// # Errors
    /// When the files can't be renamed.
    pub fn move_aside(&self) -> Result<PathBuf, StoreError> {
        self.move_to(DAMAGED)
    }

    fn move_to(&self, name: &str) -> Result<PathBuf, StoreError> {
        let to = self.free(name);
        rename(&self.records(), &to)?;
        Ok(to)
    }

    fn free(&self, name: &str) -> PathBuf {
        let place = |k: u32| self.path.join(format!("records.{name}{k}.sanji"));
        place((1..u32::MAX).find(|k| !place(*k).exists()).unwrap_or(u32::MAX))
    }

    /// The files that were moved aside because the key storage did not give their key, oldest first.
    pub fn locked(&self) -> Vec<PathBuf> {
        let place = |k: u32| self.path.join(format!("records.{LOCKED}{k}.sanji"));
        (1..LOCKED_FILES).map(place).filter(|path| path.exists()).collect()
    }

    /// Keeps a locked file from now on: what it held is taken over.
    ///
    /// # Errors
    /// When it can't be renamed.
    pub fn unlocked(&self, path: &Path) -> Result<(), StoreError> {
        rename(path, &self.free(KEPT))
    }

    /// Keeps a locked file from now on: its key is there, and it can't be read all the same.
    ///
    /// # Errors
    /// When it can't be renamed.
    pub fn unreadable(&self, path: &Path) -> Result<(), StoreError> {
        rename(path, &self.free(DAMAGED))
    }

    /// The bytes of all files of records, kept ones included.
    pub fn size(&self) -> u64 {
        let files = fs::read_dir(&self.path).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
    }

    /// How many files of records were moved aside.
    pub fn kept(&self) -> usize {
        self.count(|name| name != RECORDS)
    }

    /// How many files of records can't be read: what of them had not been sent is there only.
    pub fn damaged(&self) -> usize {
        self.count(|name| name.starts_with(&format!("records.{DAMAGED}")))
    }

    fn count(&self, which: impl Fn(&str) -> bool) -> usize {
        let files = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let counts = |name: &str| name.ends_with(".sanji") && which(name);
        files.filter(|file| file.file_name().to_str().is_some_and(counts)).count()
    }
}

/// Renames a file of records with its log. The log first: a file without its log is the older state, a log without its file is
/// nothing.
fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    let with = |path: &Path, tail: &str| PathBuf::from(format!("{}{tail}", path.display()));
    for tail in ["-wal", "-shm", ""] {
        if with(from, tail).exists() {
            fs::rename(with(from, tail), with(to, tail))?;
        }
    }
    Ok(())
}
