//! The relay's keys: made at its first start, then kept in one file that only its owner may read. Whoever has the file is the
//! relay; without it phones trust no other. `backup` contains it.

use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use rand::CryptoRng;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};
use sanji_core::crypto::{SecretKey, sha256};
use sanji_core::ids::CountyId;
use sanji_core::records::field::Bytes;
use sanji_core::sync::enrol::Card;
use serde::Deserialize;

/// The name under which phones ask for the relay's own certificate (server name indication). It is no name of any network.
pub const SERVER_NAME: &str = "sanji";

/// The keys of a county's relay.
pub struct RelayKeys {
    /// The county.
    pub county: CountyId,
    /// Signs heads, rows and cards.
    pub signing: SecretKey,
    /// Opens what phones sealed for the county (X25519).
    pub recovery: crypto_box::SecretKey,
    tls_key: KeyPair,
    tls_certificate: Vec<u8>,
}

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    county: CountyId,
    signing: String,
    recovery: String,
    tls_key: String,
    tls_certificate: String,
}

/// Why the keys can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file can't be read or written.
    #[error("{path}: {why}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        why: io::Error,
    },
    /// The file holds something else.
    #[error(
        "{path} holds no keys of a relay ({why}): put it back from a backup; without it phones won't trust this relay"
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong, without any key.
        why: &'static str,
    },
    /// The store holds a county's records, but the keys are gone.
    #[error(
        "{0} is missing although the store holds records: put it back from a backup; without it phones won't trust this relay"
    )]
    Missing(PathBuf),
    /// A key could not be made.
    #[error("a key could not be made: {0}")]
    Make(#[from] rcgen::Error),
}

impl RelayKeys {
    /// Reads the keys, or makes them where there is neither a file nor a `store`.
    ///
    /// # Errors
    /// When the file can't be read, is broken, or is missing beside a store.
    pub fn open(path: &Path, store: &Path, rng: &mut impl CryptoRng) -> Result<Self, KeysError> {
        let io = |why| KeysError::Io { path: path.into(), why };
        match std::fs::read_to_string(path) {
            Ok(text) => RelayKeys::parse(&text).map_err(|why| KeysError::Broken { path: path.into(), why }),
            Err(e) if e.kind() == io::ErrorKind::NotFound && store.exists() => Err(KeysError::Missing(path.into())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let keys = RelayKeys::make(rng)?;
                crate::folder::write_private(path, keys.text().as_bytes()).map_err(io)?;
                Ok(keys)
            }
            Err(e) => Err(io(e)),
        }
    }

    fn make(rng: &mut impl CryptoRng) -> Result<Self, KeysError> {
        let mut recovery = [0; 32];
        rng.fill_bytes(&mut recovery);
        let tls_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let certificate = rcgen::CertificateParams::new(vec![SERVER_NAME.to_owned()])?.self_signed(&tls_key)?;
        Ok(RelayKeys {
            county: CountyId::random(rng),
            signing: SecretKey::random(rng),
            recovery: crypto_box::SecretKey::from_bytes(recovery),
            tls_key,
            tls_certificate: certificate.der().to_vec(),
        })
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let stored: Stored = toml::from_str(text).map_err(|_| "it can't be read")?;
        let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).ok();
        let seed = |text: &str| bytes(text).and_then(|b| <[u8; 32]>::try_from(b).ok());
        let tls_key = bytes(&stored.tls_key).and_then(|der| KeyPair::try_from(der).ok());
        Ok(RelayKeys {
            county: stored.county,
            signing: SecretKey::from_seed(&seed(&stored.signing).ok_or("signing is no key")?),
            recovery: crypto_box::SecretKey::from_bytes(seed(&stored.recovery).ok_or("recovery is no key")?),
            tls_key: tls_key.ok_or("tls_key is no key")?,
            tls_certificate: bytes(&stored.tls_certificate).ok_or("tls_certificate is no certificate")?,
        })
    }

    fn text(&self) -> String {
        let parts = [
            ("county", self.county.to_string()),
            ("signing", HEXLOWER.encode(&self.signing.seed())),
            ("recovery", HEXLOWER.encode(&self.recovery.to_bytes())),
            ("tls_key", HEXLOWER.encode(self.tls_key.serialized_der())),
            ("tls_certificate", HEXLOWER.encode(&self.tls_certificate)),
        ];
        let mut text =
            String::from("# The keys of a Sanji relay. Secret: whoever has this file is the relay. Keep a backup.\n");
        for (name, value) in parts {
            text += &format!("{name} = \"{value}\"\n");
        }
        text
    }

    /// The X25519 key for which phones seal what only the county may open.
    pub fn recovery_public(&self) -> [u8; 32] {
        *self.recovery.public_key().as_bytes()
    }

    /// The county card, with these addresses of its relays (host and port, tried in turn).
    pub fn card(&self, addresses: Vec<String>) -> Card {
        Card {
            county: self.county,
            addresses,
            relay: Bytes(self.signing.public().0.to_vec()),
            seal: Bytes(self.recovery_public().to_vec()),
            pin: Bytes(self.tls_pin().to_vec()),
        }
    }

    /// What phones pin: SHA-256 of the TLS key's SubjectPublicKeyInfo (RFC 7469 section 2.4).
    pub fn tls_pin(&self) -> [u8; 32] {
        sha256(&[&self.tls_key.subject_public_key_info()])
    }

    /// The relay's own certificate (DER), self-signed: phones look at its key alone.
    pub fn tls_certificate(&self) -> &[u8] {
        &self.tls_certificate
    }

    /// The private key of that certificate (PKCS #8, DER).
    pub fn tls_key(&self) -> &[u8] {
        self.tls_key.serialized_der()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::rng;

    #[test]
    fn keys_are_made_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let (path, store) = (dir.path().join("keys.toml"), dir.path().join("relay.sqlite"));
        let made = RelayKeys::open(&path, &store, &mut rng()).unwrap();
        let read = RelayKeys::open(&path, &store, &mut rng()).unwrap();
        assert_eq!(made.county, read.county);
        assert_eq!(made.signing.public(), read.signing.public());
        assert_eq!(made.recovery_public(), read.recovery_public());
        assert_eq!(made.tls_pin(), read.tls_pin());
        assert_eq!(made.tls_certificate(), read.tls_certificate());
    }

    #[test]
    fn broken_or_missing_keys_are_never_replaced_by_new_ones() {
        let dir = tempfile::tempdir().unwrap();
        let (path, store) = (dir.path().join("keys.toml"), dir.path().join("relay.sqlite"));
        RelayKeys::open(&path, &store, &mut rng()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for broken in [
            String::new(),
            text.replace("tls_key = \"30", "tls_key = \"31"),
            text.replace("signing = \"", "signing = \"x"),
        ] {
            assert_ne!(broken, text);
            std::fs::write(&path, &broken).unwrap();
            assert!(matches!(RelayKeys::open(&path, &store, &mut rng()), Err(KeysError::Broken { .. })));
            assert_eq!(std::fs::read_to_string(&path).unwrap(), broken);
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&store, b"").unwrap();
        assert!(matches!(RelayKeys::open(&path, &store, &mut rng()), Err(KeysError::Missing(_))));
        assert!(!path.exists());
    }
}
