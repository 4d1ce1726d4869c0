//! The data folder: everything that a relay has. Only its owner may read it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The store's file.
pub const STORE: &str = "relay.sqlite";
/// The relay's keys.
pub const KEYS: &str = "keys.toml";
/// The folder of large blobs.
pub const BLOBS: &str = "blobs";
/// Held by a relay that serves.
const LOCK: &str = "serve.lock";

/// A relay's data folder.
#[derive(Clone, Debug)]
pub struct DataFolder(PathBuf);

/// Why a data folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It can't be made or opened.
    #[error("{path}: {why}")]
    Io {
        /// Which path.
        path: PathBuf,
        /// The system's words.
        why: io::Error,
    },
    /// Another relay serves from it.
    #[error("another relay serves from {0}: stop it first, or use another --data folder")]
    Served(PathBuf),
}

impl DataFolder {
    /// Opens the folder, and makes it if it isn't there.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        make_private(path).map_err(|why| FolderError::Io { path: path.into(), why })?;
        Ok(DataFolder(path.into()))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.0.join(STORE)
    }

    /// The file of the relay's keys.
    pub fn keys(&self) -> PathBuf {
        self.0.join(KEYS)
    }

    /// The folder of large blobs.
    pub fn blobs(&self) -> PathBuf {
        self.0.join(BLOBS)
    }

    /// Makes sure that one relay serves from here, as long as the file is kept open.
    ///
    /// # Errors
    /// When another one does.
    pub fn lock(&self) -> Result<File, FolderError> {
        let path = self.0.join(LOCK);
        let failed = |why| FolderError::Io { path: path.clone(), why };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(FolderError::Served(self.0.clone())),
            Err(TryLockError::Error(why)) => Err(failed(why)),
        }
    }
}

/// Makes a folder, with those above it, that only its owner may enter.
///
/// # Errors
/// When the system doesn't allow it.
pub fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that only its owner may read: whole or not at all, and on the disk when this returns.
///
/// # Errors
/// When the system fails; then the file is as it was.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:016x}.tmp", rand::RngExt::random::<u64>(&mut crate::random::rng())));
    let temporary = PathBuf::from(name);
    let written = write_new_private(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // Already failing: what can't be removed stays as a file that nothing reads.
        let _ = fs::remove_file(&temporary);
        return written;
    }
    // The name is durable once the folder is.
    File::open(folder)?.sync_all()
}

fn write_new_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = new_private(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Opens a new file for writing that only its owner may read.
///
/// # Errors
/// When it exists, or the system fails.
pub fn new_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_relay_serves_from_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(&dir.path().join("deep/data")).unwrap();
        let held = folder.lock().unwrap();
        assert!(matches!(folder.lock(), Err(FolderError::Served(_))));
        drop(held);
        folder.lock().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(&dir.path().join("data")).unwrap();
        let path = folder.keys();
        write_private(&path, b"one").unwrap();
        write_private(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(folder.path())), (0o600, 0o700));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }
}
