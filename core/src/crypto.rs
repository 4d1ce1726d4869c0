//! Hashes and signatures, each a type by what it is of. No randomness is drawn here: seeds are arguments.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::ids::ActorId;

/// SHA-256 of the parts, one after another.
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

macro_rules! hash {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// The first 8 bytes, which travel where both sides can rebuild the whole.
            pub fn short(&self) -> [u8; 8] {
                let mut short = [0; 8];
                short.copy_from_slice(&self.0[..8]);
                short
            }

            /// The hash in these bytes; `None` unless there are 32.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), data_encoding::HEXLOWER.encode(&self.0[..8]))
            }
        }
    };
}

hash!(
    /// The Automerge hash of a change: of one entry, its document, its device and all that the device wrote there before.
    EntryHash
);
hash!(
    /// The county log up to and with a row: L(n).
    LogHash
);
hash!(
    /// A log row: leaf(n) = SHA-256(0x00 ‖ row), as in RFC 6962.
    LeafHash
);
hash!(
    /// A blob: SHA-256 of its salt and bytes.
    BlobHash
);
hash!(
    /// A signed envelope.
    EnvelopeHash
);
hash!(
    /// A policy pack: SHA-256 of its source text.
    PackHash
);
hash!(
    /// The body of an answer.
    BodyHash
);

/// An Ed25519 public key (RFC 8032).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// The actor of the device that holds this key.
    pub fn actor(&self) -> ActorId {
        let digest = sha256(&[&self.0]);
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        ActorId(id)
    }

    /// Whether `signature` is this key's over the label and the message (strict verification: no malleable or small-order
    /// signatures).
    pub fn verifies(&self, label: &[u8], message: &[u8], signature: &Signature) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.0) else { return false };
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(&[label, message].concat(), &signature).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", data_encoding::HEXLOWER.encode(&self.0[..8]))
    }
}

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl Signature {
    /// The signature in these bytes; `None` unless there are 64.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Signature)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", data_encoding::HEXLOWER.encode(&self.0[..8]))
    }
}

/// A signing key. It has no `Debug` and no way to print it.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key with this 32-byte seed.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        SecretKey(SigningKey::from_bytes(seed))
    }

    /// Draws a new key.
    pub fn random(rng: &mut impl rand::CryptoRng) -> Self {
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        SecretKey::from_seed(&seed)
    }

    /// The seed, to be kept wrapped.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs the label and the message.
    pub fn sign(&self, label: &[u8], message: &[u8]) -> Signature {
        Signature(self.0.sign(&[label, message].concat()).to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_label_only() {
        let key = SecretKey::from_seed(&[1; 32]);
        let signature = key.sign(b"sanji/push/1", b"body");
        assert!(key.public().verifies(b"sanji/push/1", b"body", &signature));
        assert!(!key.public().verifies(b"sanji/head/1", b"body", &signature));
        assert!(!key.public().verifies(b"sanji/push/1", b"bodY", &signature));
        assert!(!PublicKey([0xff; 32]).verifies(b"sanji/push/1", b"body", &signature));
    }

    #[test]
    fn the_actor_is_the_hash_of_the_key() {
        let key = SecretKey::from_seed(&[1; 32]).public();
        assert_eq!(key.actor().0[..], sha256(&[&key.0])[..16]);
    }
}
