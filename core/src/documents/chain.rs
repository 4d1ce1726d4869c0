//! A chain: what one device wrote into one document. A change is a pure function of (document, actor, seq, previous hash,
//! value), built without loading a document and byte-identical to what Automerge's AutoCommit writes.
//!
//! Salt: a chain's first entry carries 16 random bytes; entry seq carries the first 8 bytes of
//! HMAC-SHA-256(salt, label ‖ seq). Later salts never travel: both sides make them. Without the first, no hash of the chain
//! can be tried against guesses, so deleting the values deletes them.

use automerge::{ActorId as AmActor, Change, ChangeHash};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::genesis;
use crate::cbor::{self, CborError, Map, Value};
use crate::crypto::EntryHash;
use crate::ids::{ActorId, CountyId, DocId};
use crate::labels;
use crate::records::{MAX_VALUE, key};

/// The random bytes with which a chain begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl Salt {
    /// The salt of the entry with this seq.
    fn bytes(&self, seq: u64) -> Vec<u8> {
        if seq == 1 {
            return self.0.to_vec();
        }
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(labels::SALT);
        mac.update(&seq.to_be_bytes());
        mac.finalize().into_bytes()[..8].to_vec()
    }
}

/// The end of a chain: all that is needed to build its next entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The document.
    pub doc: DocId,
    /// The device.
    pub actor: ActorId,
    /// Number of the last entry; 0 before the first.
    pub seq: u64,
    /// Hash of the last entry, or of the genesis.
    pub hash: EntryHash,
    /// The chain's salt; drawn by its device for the first entry, read from it by everyone else.
    pub salt: Salt,
}

/// An entry in its place: its seq, its hash, and the value that was hashed, salt included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Number in its chain, from 1.
    pub seq: u64,
    /// Hash of the change.
    pub hash: EntryHash,
    /// Canonical CBOR, salt included.
    pub value: Vec<u8>,
}

/// Why a value can't be the next link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// No canonical CBOR map.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Longer than an entry may be.
    #[error("an entry of {0} bytes; at most {MAX_VALUE} are taken")]
    TooLong(usize),
    /// The first entry's salt is missing, or a later entry carries one.
    #[error("the salt of entry {0} is not where it belongs")]
    Salt(u64),
    /// A chain of more entries than can be counted.
    #[error("the chain is full")]
    Full,
}

impl Tip {
    /// The start of a chain of `actor` in `doc`.
    pub fn start(county: CountyId, doc: DocId, actor: ActorId, salt: Salt) -> Self {
        Tip { doc, actor, seq: 0, hash: genesis::hash(county, doc), salt }
    }

    /// The start of a chain whose first value came from elsewhere: its salt is read from it.
    ///
    /// # Errors
    /// When the value is no canonical map or has no salt of 16 bytes.
    pub fn start_of(county: CountyId, doc: DocId, actor: ActorId, first: &[u8]) -> Result<Self, LinkError> {
        let map = cbor::decode_map(first)?;
        let salt = map.get(&key::SALT).and_then(Value::bytes).and_then(|b| b.try_into().ok());
        Ok(Tip::start(county, doc, actor, Salt(salt.ok_or(LinkError::Salt(1))?)))
    }

    /// Builds the next link from an entry's map, which holds no salt yet.
    ///
    /// # Errors
    /// When the entry is too long.
    pub fn append(&self, mut map: Map) -> Result<(Tip, Link), LinkError> {
        let seq = self.seq.checked_add(1).filter(|seq| *seq < 1 << 32).ok_or(LinkError::Full)?;
        map.insert(key::SALT, Value::Bytes(self.salt.bytes(seq)));
        let value = cbor::encode_map(&map);
        if value.len() > MAX_VALUE {
            return Err(LinkError::TooLong(value.len()));
        }
        let hash = EntryHash(build(self, seq, value.clone()).hash().0);
        Ok((Tip { seq, hash, ..*self }, Link { seq, hash, value }))
    }

    /// Builds the next link from a value as it travels: with its salt if it is the first, without if it is a later one.
    ///
    /// # Errors
    /// When the value is no canonical map, too long, or carries a salt where none belongs.
    pub fn append_wire(&self, value: &[u8]) -> Result<(Tip, Link), LinkError> {
        if value.len() > MAX_VALUE {
            return Err(LinkError::TooLong(value.len()));
        }
        let map = cbor::decode_map(value)?;
        let salted = map.get(&key::SALT);
        let right = if self.seq == 0 { salted.and_then(Value::bytes) == Some(&self.salt.0) } else { salted.is_none() };
        if !right {
            return Err(LinkError::Salt(self.seq + 1));
        }
        self.append(map)
    }

    /// The Automerge change of the next link with this stored value.
    pub fn change(&self, value: &[u8]) -> Change {
        build(self, self.seq + 1, value.to_vec())
    }
}

/// A stored value as it travels: a later entry's salt is left out.
///
/// # Errors
/// When the stored value is no canonical map.
pub fn to_wire(seq: u64, value: &[u8]) -> Result<Vec<u8>, CborError> {
    if seq == 1 {
        return Ok(value.to_vec());
    }
    let mut map = cbor::decode_map(value)?;
    map.remove(&key::SALT);
    Ok(cbor::encode_map(&map))
}

/// The key at ROOT of an entry: actor in hex, a full stop, seq in base 36.
pub fn root_key(actor: ActorId, seq: u64) -> String {
    let mut digits = Vec::new();
    let mut rest = seq;
    loop {
        digits.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[(rest % 36) as usize]);
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    digits.reverse();
    format!("{}.{}", data_encoding::HEXLOWER.encode(&actor.0), String::from_utf8_lossy(&digits))
}

fn build(tip: &Tip, seq: u64, value: Vec<u8>) -> Change {
    let actor = AmActor::from(&tip.actor.0[..]);
    let key = root_key(tip.actor, seq);
    Change::from(genesis::put(actor, seq, genesis::OPS + seq, vec![ChangeHash(tip.hash.0)], key, value))
}
