//! Large blobs: files named by the SHA-256 of what they hold, `ab/cd/<64 hex digits>`. A file is whole or not there; putting
//! it twice is putting it once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sanji_core::crypto::{BlobHash, sha256};

/// The most bytes of a blob, its 16 bytes of salt included: 256 kB.
pub const MAX_BLOB: usize = 256 * 1000;

/// The folder of large blobs.
#[derive(Clone, Debug)]
pub struct Blobs(PathBuf);

/// Why a blob was not stored or given.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The bytes have another hash than the name.
    #[error("the bytes have another SHA-256 than the name")]
    OtherHash,
    /// The system failed.
    #[error("the blob folder failed: {0}")]
    Io(#[from] io::Error),
}

impl Blobs {
    /// The blobs in this folder, which is made with the first one.
    pub fn new(folder: &Path) -> Self {
        Blobs(folder.into())
    }

    fn path(&self, hash: &BlobHash) -> PathBuf {
        let name = hash.to_string();
        self.0.join(&name[..2]).join(&name[2..4]).join(name)
    }

    /// Stores a blob; it is on the disk when this returns.
    ///
    /// # Errors
    /// When the bytes have another hash, or the disk fails or is full: then nothing is left of it.
    pub fn put(&self, hash: &BlobHash, bytes: &[u8]) -> Result<(), BlobError> {
        if sha256(&[bytes]) != hash.0 {
            return Err(BlobError::OtherHash);
        }
        let path = self.path(hash);
        if path.exists() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.0);
        if !folder.exists() {
            crate::folder::make_private(folder)?;
            // The two new levels are durable once the folders above them are.
            for above in folder.ancestors().skip(1).take(3) {
                if above.starts_with(&self.0) || self.0.parent() == Some(above) {
                    fs::File::open(above)?.sync_all()?;
                }
            }
        }
        Ok(crate::folder::write_private(&path, bytes)?)
    }

    /// The bytes of a blob; `None` if it isn't there. A file that was changed from outside is none.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn get(&self, hash: &BlobHash) -> Result<Option<Vec<u8>>, BlobError> {
        match fs::read(self.path(hash)) {
            Ok(bytes) if sha256(&[&bytes]) == hash.0 => Ok(Some(bytes)),
            Ok(_) => Err(BlobError::OtherHash),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Every blob's hash, in no order.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn list(&self) -> Result<Vec<BlobHash>, BlobError> {
        let mut found = Vec::new();
        for first in folders(&self.0)? {
            for second in folders(&first)? {
                for file in fs::read_dir(second)? {
                    let name = file?.file_name();
                    let hash = name.to_str().and_then(|name| data_encoding::HEXLOWER.decode(name.as_bytes()).ok());
                    found.extend(hash.and_then(|bytes| BlobHash::from_slice(&bytes)));
                }
            }
        }
        Ok(found)
    }
}

/// The folders in a folder; none if it isn't there.
fn folders(path: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_stored_once_under_its_hash() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(&dir.path().join("blobs"));
        assert_eq!(blobs.list().unwrap(), []);
        let hash = BlobHash(sha256(&[b"picture"]));
        assert_eq!(blobs.get(&hash).unwrap(), None);
        blobs.put(&hash, b"picture").unwrap();
        blobs.put(&hash, b"picture").unwrap();
        assert_eq!(blobs.get(&hash).unwrap().as_deref(), Some(&b"picture"[..]));
        assert_eq!(blobs.list().unwrap(), [hash]);
    }

    #[test]
    fn bytes_under_a_wrong_name_are_refused_and_changed_files_are_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(&dir.path().join("blobs"));
        let hash = BlobHash(sha256(&[b"picture"]));
        assert!(matches!(blobs.put(&hash, b"other"), Err(BlobError::OtherHash)));
        assert_eq!(blobs.list().unwrap(), []);
        blobs.put(&hash, b"picture").unwrap();
        fs::write(blobs.path(&hash), b"changed").unwrap();
        assert!(matches!(blobs.get(&hash), Err(BlobError::OtherHash)));
    }
}
