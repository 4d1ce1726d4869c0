//! What a backup holds, within its seal: files one after another, each a name, a length and its bytes; then an empty name.

use std::io::{self, Read, Write};

use sanji_core::crypto::BlobHash;

use crate::folder::{BLOBS, KEYS, STORE};

/// A file of a backup. No other can be in one, so nothing can be written elsewhere at a restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The relay's keys.
    Keys,
    /// The store.
    Store,
    /// A large blob.
    Blob(BlobHash),
}

impl Part {
    fn name(&self) -> String {
        match self {
            Part::Keys => KEYS.to_owned(),
            Part::Store => STORE.to_owned(),
            Part::Blob(hash) => format!("{BLOBS}/{hash}"),
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        if name == KEYS {
            return Some(Part::Keys);
        }
        if name == STORE {
            return Some(Part::Store);
        }
        let hex = name.strip_prefix(BLOBS)?.strip_prefix('/')?;
        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
        BlobHash::from_slice(&bytes).map(Part::Blob)
    }
}

/// Writes a file.
///
/// # Errors
/// When reading or writing fails, or the file isn't as long as was said.
pub fn put(to: &mut impl Write, part: Part, length: u64, from: &mut impl Read) -> io::Result<()> {
    let name = part.name();
    let short = u16::try_from(name.len()).map_err(io::Error::other)?;
    to.write_all(&short.to_be_bytes())?;
    to.write_all(name.as_bytes())?;
    to.write_all(&length.to_be_bytes())?;
    if io::copy(&mut from.take(length), to)? != length {
        return Err(io::Error::other(format!("{name} became shorter while it was read")));
    }
    Ok(())
}

/// Ends the archive.
///
/// # Errors
/// When writing fails.
pub fn end(to: &mut impl Write) -> io::Result<()> {
    to.write_all(&0u16.to_be_bytes())
}

/// Reads the next file's name and length; its bytes follow. `None` at the end.
///
/// # Errors
/// When reading fails, or it names no file of a backup.
pub fn next(from: &mut impl Read) -> io::Result<Option<(Part, u64)>> {
    let mut length = [0; 2];
    from.read_exact(&mut length)?;
    let length = usize::from(u16::from_be_bytes(length));
    if length == 0 {
        return Ok(None);
    }
    let mut name = vec![0; length];
    from.read_exact(&mut name)?;
    let part = std::str::from_utf8(&name).ok().and_then(Part::from_name);
    let part = part.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no file of a backup"))?;
    let mut size = [0; 8];
    from.read_exact(&mut size)?;
    Ok(Some((part, u64::from_be_bytes(size))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_out_as_they_went_in() {
        let blob = Part::Blob(BlobHash([0xab; 32]));
        let mut archive = Vec::new();
        for (part, content) in [(Part::Keys, &b"keys"[..]), (Part::Store, b""), (blob, b"picture")] {
            put(&mut archive, part, content.len() as u64, &mut &content[..]).unwrap();
        }
        end(&mut archive).unwrap();
        let mut from = &archive[..];
        let mut files = Vec::new();
        while let Some((part, length)) = next(&mut from).unwrap() {
            let mut content = vec![0; length as usize];
            from.read_exact(&mut content).unwrap();
            files.push((part, content));
        }
        assert_eq!(files, [(Part::Keys, b"keys".to_vec()), (Part::Store, vec![]), (blob, b"picture".to_vec())]);
        let cut = &archive[archive.len() - 1..];
        assert!(next(&mut &cut[..]).is_err(), "an archive without its end");
    }

    #[test]
    fn no_other_name_is_taken() {
        for name in ["../keys.toml", "/etc/passwd", "blobs/../../x", "blobs/ab", "keys.toml/", ""] {
            assert_eq!(Part::from_name(name), None, "{name}");
        }
        let zeros = "0".repeat(64);
        assert!(Part::from_name(&format!("blobs/{zeros}")).is_some());
        assert!(Part::from_name(&format!("blobs//{zeros}")).is_none());
    }

    #[test]
    fn a_file_that_shrinks_while_it_is_read_fails_the_backup() {
        assert!(put(&mut Vec::new(), Part::Keys, 5, &mut &b"four"[..]).is_err());
    }
}
