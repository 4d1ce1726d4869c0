//! Keys of a phone's file. The data key that seals every value is wrapped by the phone's own key storage (Keystore,
//! Keychain) through [`KeyProvider`], and sealed for the county's X25519 key, so that a broken key storage doesn't end in
//! lost records.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use crate::sync::phone::StoreError;

/// Why the key storage didn't unwrap something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not now: it is busy, or locked until the phone is unlocked. Nothing is lost; a later try may succeed.
    #[error("{0}")]
    Unavailable(String),
    /// Never: its key is gone, or another one wrapped the bytes.
    #[error("{0}")]
    Gone(String),
}

/// The phone's key storage, and a number that the phone's file can't take back.
pub trait KeyProvider: Send + Sync {
    /// Wraps 32 bytes so that only this phone can unwrap them.
    ///
    /// # Errors
    /// When the key storage fails; the text says why.
    fn wrap(&self, key: &[u8; 32]) -> Result<Vec<u8>, String>;

    /// Unwraps what [`KeyProvider::wrap`] gave.
    ///
    /// # Errors
    /// When the key storage can't be asked now, or lost its key. Only a lost key may be called that: the file is then moved
    /// aside and the phone has to be let in again.
    fn unwrap(&self, wrapped: &[u8]) -> Result<[u8; 32], KeyError>;

    /// The number last kept; 0 at first. It lies outside the phone's file and its backups.
    ///
    /// # Errors
    /// When it can't be read.
    fn counter(&self) -> Result<u64, String>;

    /// Keeps a number, durably.
    ///
    /// # Errors
    /// When it can't be kept.
    fn set_counter(&self, n: u64) -> Result<(), String>;
}

/// A key for sealing: ChaCha20-Poly1305 with a random nonce before each sealed text.
pub(crate) struct Sealer(LessSafeKey);

impl Sealer {
    /// The sealer with this key.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key).expect("the key has the cipher's length");
        Sealer(LessSafeKey::new(key))
    }

    /// Seals `text`, bound to `aad`.
    pub(crate) fn seal(&self, aad: &[u8], text: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + text.len() + CHACHA20_POLY1305.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(text);
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut sealed[NONCE_LEN..])
            .map_err(|_| StoreError::Failed("sealing a value".into()))?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens what was sealed with the same `aad`; `None` if it was not.
    pub(crate) fn open(&self, aad: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = sealed.get(..NONCE_LEN)?.try_into().ok()?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let length = self.0.open_within(nonce, Aad::from(aad), &mut sealed, NONCE_LEN..).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
    }
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| StoreError::Failed("no random numbers".into()))?;
    Ok(bytes)
}

/// Seals bytes for an X25519 key (`crypto_box` sealed box): only its holder opens them.
pub(crate) fn seal_for(key: &[u8; 32], bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let fail = || StoreError::Failed("sealing for the county's key".into());
    crypto_box::PublicKey::from(*key).seal(&mut SystemRng, bytes).map_err(|_| fail())
}

/// `ring`'s randomness behind the trait that `crypto_box` takes.
struct SystemRng;

impl crypto_box::aead::rand_core::RngCore for SystemRng {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        SystemRandom::new().fill(dest).expect("the operating system gives random numbers");
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), crypto_box::aead::rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl crypto_box::aead::rand_core::CryptoRng for SystemRng {}

/// The operating system's randomness, for whatever takes a generator as an argument.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl rand::TryRng for OsRandom {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Self::Error> {
        SystemRandom::new().fill(dest).expect("the operating system gives random numbers");
        Ok(())
    }
}

impl rand::TryCryptoRng for OsRandom {}

/// A key provider in a folder of its own: for tests and the demo, and for a computer. Not as safe as a phone's Keystore.
#[derive(Clone, Debug)]
pub struct FileKeys {
    folder: PathBuf,
}

impl FileKeys {
    /// The keys in this folder; it is made, with a new key, if it isn't there. It must not lie in the phone's own folder.
    ///
    /// # Errors
    /// When the folder or its key can't be made.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder = folder.into();
        let failed = |e: std::io::Error| StoreError::KeysUnavailable(e.to_string());
        fs::create_dir_all(&folder).map_err(failed)?;
        let keys = FileKeys { folder };
        if !keys.key_path().exists() {
            write_whole(&keys.key_path(), &random::<32>()?).map_err(failed)?;
        }
        Ok(keys)
    }

    fn key_path(&self) -> PathBuf {
        self.folder.join("wrapping.key")
    }

    fn counter_path(&self) -> PathBuf {
        self.folder.join("counter")
    }

    fn sealer(&self) -> Result<Sealer, KeyError> {
        let key = fs::read(self.key_path()).map_err(|e| match e.kind() {
            ErrorKind::NotFound => KeyError::Gone(e.to_string()),
            _ => KeyError::Unavailable(e.to_string()),
        })?;
        let key: [u8; 32] = key[..].try_into().map_err(|_| KeyError::Gone("the wrapping key is damaged".into()))?;
        Ok(Sealer::new(&key))
    }
}

const WRAP: &[u8] = b"wrapped key";

impl KeyProvider for FileKeys {
    fn wrap(&self, key: &[u8; 32]) -> Result<Vec<u8>, String> {
        self.sealer().map_err(|e| e.to_string())?.seal(WRAP, key).map_err(|e| e.to_string())
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<[u8; 32], KeyError> {
        let open = self.sealer()?.open(WRAP, wrapped.to_vec());
        open.and_then(|key| key[..].try_into().ok())
            .ok_or_else(|| KeyError::Gone("not wrapped by this key storage".into()))
    }

    fn counter(&self) -> Result<u64, String> {
        match fs::read(self.counter_path()) {
            Ok(bytes) => bytes[..].try_into().map(u64::from_be_bytes).map_err(|_| "the counter is damaged".to_owned()),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(0),
            Err(e) => Err(e.to_string()),
        }
    }

    fn set_counter(&self, n: u64) -> Result<(), String> {
        write_whole(&self.counter_path(), &n.to_be_bytes()).map_err(|e| e.to_string())
    }
}

/// Writes a file so that either the old or the new content is there, whenever the power goes.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // The rename itself is durable once the folder is; a system that can't open folders loses at most the last write.
    if let Some(folder) = path.parent().and_then(|p| fs::File::open(p).ok()) {
        folder.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_only_with_the_folder_that_wrapped_it() {
        let one = FileKeys::open(tempfile::tempdir().unwrap().keep()).unwrap();
        let two = FileKeys::open(tempfile::tempdir().unwrap().keep()).unwrap();
        let wrapped = one.wrap(&[7; 32]).unwrap();
        assert_eq!(one.unwrap(&wrapped), Ok([7; 32]));
        assert!(matches!(two.unwrap(&wrapped), Err(KeyError::Gone(_))));
        assert!(matches!(one.unwrap(&wrapped[1..]), Err(KeyError::Gone(_))));
        assert_eq!(one.counter(), Ok(0));
        one.set_counter(9).unwrap();
        assert_eq!(FileKeys::open(&one.folder).unwrap().counter(), Ok(9));
    }

    #[test]
    fn a_folder_without_its_key_lost_it_and_one_that_cannot_be_read_only_does_not_answer() {
        let keys = FileKeys::open(tempfile::tempdir().unwrap().keep()).unwrap();
        let wrapped = keys.wrap(&[7; 32]).unwrap();
        let (key, away) = (keys.key_path(), keys.folder.join("away"));
        fs::rename(&key, &away).unwrap();
        assert!(matches!(keys.unwrap(&wrapped), Err(KeyError::Gone(_))));
        fs::create_dir(&key).unwrap();
        assert!(matches!(keys.unwrap(&wrapped), Err(KeyError::Unavailable(_))));
        fs::remove_dir(&key).unwrap();
        fs::rename(&away, &key).unwrap();
        assert_eq!(keys.unwrap(&wrapped), Ok([7; 32]));
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_place() {
        let sealer = Sealer::new(&[1; 32]);
        let sealed = sealer.seal(b"a1", b"value").unwrap();
        assert_eq!(sealer.open(b"a1", sealed.clone()), Some(b"value".to_vec()));
        assert_eq!(sealer.open(b"a2", sealed.clone()), None);
        assert_eq!(Sealer::new(&[2; 32]).open(b"a1", sealed.clone()), None);
        for cut in 0..sealed.len() {
            assert_eq!(sealer.open(b"a1", sealed[..cut].to_vec()), None);
        }
    }

    #[test]
    fn the_county_can_open_what_was_sealed_for_it() {
        let county = crypto_box::SecretKey::from([5; 32]);
        let sealed = seal_for(county.public_key().as_bytes(), &[9; 32]).unwrap();
        assert_eq!(county.unseal(&sealed).unwrap(), vec![9; 32]);
    }
}
