//! A sealed stream: what is written comes out only with the passphrase, whole, in order and unchanged.
//!
//! A head (magic, version, salt, argon2id parameters), then pieces of 64 KiB, each sealed with ChaCha20-Poly1305 under a key
//! that argon2id makes of passphrase and salt. The nonce is the piece's number and whether it is the last, the head is
//! associated data; so no piece can be left out, moved, repeated or cut off, and no parameter changed.

use std::io::{self, Read, Write};

use argon2::{Algorithm, Argon2, Params, Version};
use rand::CryptoRng;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

const MAGIC: &[u8; 8] = b"SANJIBK\x01";

/// Bytes of a piece before it is sealed.
const PIECE: usize = 64 * 1024;

/// Bytes that sealing adds.
const TAG: usize = 16;

/// The head: magic, salt, memory in KiB, passes.
const HEAD: usize = 8 + 16 + 4 + 4;

/// Memory and passes of argon2id for a new stream: 64 MiB, 3 passes (RFC 9106 section 4, second choice, one lane).
const COST: (u32, u32) = (64 * 1024, 3);

/// Most memory that a head from outside may ask for: 1 GiB.
const MOST_MEMORY: u32 = 1024 * 1024;

/// Why a stream can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Something else, or a later version.
    #[error("this is no backup of sanji, or one of a later version")]
    Foreign,
    /// The passphrase is wrong, or the stream was changed or cut.
    #[error("the passphrase is wrong, or the file was changed or cut")]
    Broken,
    /// Reading failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

struct Seal {
    key: LessSafeKey,
    head: [u8; HEAD],
    number: u64,
}

impl Seal {
    fn new(passphrase: &str, head: [u8; HEAD]) -> Option<Self> {
        let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (memory, passes) = (number(24), number(28));
        if memory > MOST_MEMORY || passes > 100 {
            return None;
        }
        let params = Params::new(memory, passes, 1, Some(32)).ok()?;
        let mut key = [0; 32];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon.hash_password_into(passphrase.as_bytes(), &head[8..24], &mut key).ok()?;
        let key = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key).ok()?);
        Some(Seal { key, head, number: 0 })
    }

    fn nonce(&mut self, last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[..8].copy_from_slice(&self.number.to_be_bytes());
        nonce[11] = u8::from(last);
        self.number += 1;
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Seals what is written to it. Nothing counts before [`SealWriter::finish`].
pub struct SealWriter<W> {
    to: W,
    seal: Seal,
    piece: Vec<u8>,
}

impl<W: Write> SealWriter<W> {
    /// Begins a stream.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(mut to: W, passphrase: &str, rng: &mut impl CryptoRng) -> io::Result<Self> {
        let mut head = [0; HEAD];
        head[..8].copy_from_slice(MAGIC);
        rng.fill_bytes(&mut head[8..24]);
        head[24..28].copy_from_slice(&COST.0.to_be_bytes());
        head[28..].copy_from_slice(&COST.1.to_be_bytes());
        to.write_all(&head)?;
        let seal = Seal::new(passphrase, head).ok_or_else(|| io::Error::other("no memory for the passphrase"))?;
        Ok(SealWriter { to, seal, piece: Vec::with_capacity(PIECE + TAG) })
    }

    fn put(&mut self, last: bool) -> io::Result<()> {
        let nonce = self.seal.nonce(last);
        let aad = Aad::from(self.seal.head);
        let sealed = self.seal.key.seal_in_place_append_tag(nonce, aad, &mut self.piece);
        sealed.map_err(|_| io::Error::other("a piece can't be sealed"))?;
        self.to.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }

    /// Ends the stream and gives back what it was written to.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece is only put once more comes: the last one is marked.
        if self.piece.len() == PIECE && !bytes.is_empty() {
            self.put(false)?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Opens a sealed stream. Each piece is given only after it was checked; the end only if it is the real one.
pub struct SealReader<R> {
    from: R,
    seal: Seal,
    next: Vec<u8>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> SealReader<R> {
    /// Begins to read a stream, up to and with the check of its first piece.
    ///
    /// # Errors
    /// When it is no sealed stream, or the passphrase is wrong.
    pub fn new(mut from: R, passphrase: &str) -> Result<Self, OpenError> {
        let mut head = [0; HEAD];
        from.read_exact(&mut head).map_err(|_| OpenError::Foreign)?;
        if &head[..8] != MAGIC {
            return Err(OpenError::Foreign);
        }
        let seal = Seal::new(passphrase, head).ok_or(OpenError::Foreign)?;
        let mut reader = SealReader { from, seal, next: Vec::new(), piece: Vec::new(), at: 0, ended: false };
        reader.next = reader.sealed()?;
        reader.advance().map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => OpenError::Broken,
            _ => OpenError::Io(error),
        })?;
        Ok(reader)
    }

    /// The next sealed piece; empty at the end.
    fn sealed(&mut self) -> io::Result<Vec<u8>> {
        let mut sealed = Vec::new();
        Read::take(&mut self.from, (PIECE + TAG) as u64).read_to_end(&mut sealed)?;
        Ok(sealed)
    }

    fn advance(&mut self) -> io::Result<()> {
        let mut sealed = std::mem::take(&mut self.next);
        self.next = self.sealed()?;
        let last = self.next.is_empty();
        let nonce = self.seal.nonce(last);
        let aad = Aad::from(self.seal.head);
        let open = self.seal.key.open_in_place(nonce, aad, &mut sealed);
        let length = open.map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?.len();
        sealed.truncate(length);
        (self.piece, self.at, self.ended) = (sealed, 0, last);
        Ok(())
    }
}

impl<R: Read> Read for SealReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && !self.ended {
            self.advance()?;
        }
        let given = bytes.len().min(self.piece.len() - self.at);
        bytes[..given].copy_from_slice(&self.piece[self.at..self.at + given]);
        self.at += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::rng;

    fn sealed(content: &[u8]) -> Vec<u8> {
        let mut writer = SealWriter::new(Vec::new(), "three gatherings", &mut rng()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap()
    }

    fn opened(bytes: &[u8], passphrase: &str) -> Result<Vec<u8>, OpenError> {
        let mut content = Vec::new();
        SealReader::new(bytes, passphrase)?.read_to_end(&mut content).map_err(|_| OpenError::Broken)?;
        Ok(content)
    }

    #[test]
    fn what_was_sealed_comes_out_with_the_passphrase_and_not_without() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let content: Vec<u8> = (0..length).map(|i| (i * 7) as u8).collect();
            let bytes = sealed(&content);
            assert_eq!(bytes.len(), HEAD + content.len() + TAG * content.len().div_ceil(PIECE).max(1));
            assert_eq!(opened(&bytes, "three gatherings").unwrap(), content);
            assert!(matches!(opened(&bytes, "three gathering"), Err(OpenError::Broken)));
        }
    }

    #[test]
    fn a_stream_that_was_cut_moved_or_changed_is_refused() {
        let content: Vec<u8> = (0..3 * PIECE).map(|i| (i / PIECE) as u8).collect();
        let bytes = sealed(&content);
        let piece = PIECE + TAG;
        for cut in [HEAD - 1, HEAD, HEAD + 5, HEAD + piece, HEAD + 2 * piece, bytes.len() - 1] {
            assert!(opened(&bytes[..cut], "three gatherings").is_err(), "cut at {cut}");
        }
        for place in [0, 9, 25, 29, HEAD, HEAD + piece, bytes.len() - 1] {
            let mut bent = bytes.clone();
            bent[place] ^= 1;
            assert!(opened(&bent, "three gatherings").is_err(), "bent at {place}");
        }
        let (head, pieces) = bytes.split_at(HEAD);
        let moved = [head, &pieces[piece..2 * piece], &pieces[..piece], &pieces[2 * piece..]].concat();
        assert!(opened(&moved, "three gatherings").is_err());
        assert!(matches!(opened(b"something else altogether, and long enough", "x"), Err(OpenError::Foreign)));
    }
}
