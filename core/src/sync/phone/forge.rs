//! Makes entries. The only holder of the device's key and of the next seq: nothing else in the phone can write into the
//! device's chains.

use rand::CryptoRng;

use crate::cbor;
use crate::crypto::{BlobHash, SecretKey, Signature, sha256};
use crate::documents::chain::{LinkError, Salt, Tip};
use crate::ids::{ActorId, CountyId, DocId};
use crate::records::field::Bytes;
use crate::records::{Body, Entry, EntryRef, Reading, reading_of};
use crate::sync::blob::{BlobAct, BlobTicket};
use crate::sync::message::Via;
use crate::time::UtcMs;

use super::session::{self, Clocks};
use super::state::{
    BlobRow, ChainRow, EntryRow, Holder, Identity, chain, chain_key, entry, entry_key, fact, last_entry, save,
    set_chain, set_entry, set_fact,
};
use super::store::{Rows, StoreError, Table};

/// The most bytes that a blob may have, its salt included.
pub const MAX_BLOB: usize = 256 * 1024;

/// Why an entry could not be made. Nothing was saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForgeError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The entry can't stand in a chain: it is too long.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A picture or text is larger than a blob may be.
    #[error("{0} bytes are too much for a picture or attachment; at most {MAX_BLOB} are taken: please make it smaller")]
    BlobTooLarge(usize),
}

/// A picture, certificate or free text, named by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// SHA-256 of `bytes`.
    pub hash: BlobHash,
    /// 16 bytes of salt, then the content.
    pub bytes: Vec<u8>,
}

impl Blob {
    /// A blob of this content under a new salt.
    ///
    /// # Errors
    /// When the content is too large.
    pub fn new(content: &[u8], rng: &mut dyn CryptoRng) -> Result<Self, ForgeError> {
        let mut bytes = vec![0; 16];
        rng.fill_bytes(&mut bytes);
        bytes.extend_from_slice(content);
        if bytes.len() > MAX_BLOB {
            return Err(ForgeError::BlobTooLarge(content.len()));
        }
        Ok(Blob { hash: BlobHash(sha256(&[&bytes])), bytes })
    }

    /// The content without its salt.
    pub fn content(bytes: &[u8]) -> &[u8] {
        bytes.get(16..).unwrap_or_default()
    }
}

/// What is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The document.
    pub doc: DocId,
    /// What it answers or replaces.
    pub re: Vec<EntryRef>,
    /// Its blobs.
    pub blobs: Vec<Blob>,
    /// What it says.
    pub body: Body,
}

impl Draft {
    /// An entry that answers nothing and has no blobs.
    pub fn new(doc: DocId, body: impl Into<Body>) -> Self {
        Draft { doc, re: Vec::new(), blobs: Vec::new(), body: body.into() }
    }

    /// The same, answering or replacing these entries.
    pub fn re(mut self, re: impl IntoIterator<Item = EntryRef>) -> Self {
        self.re.extend(re);
        self
    }

    /// The same with a blob.
    pub fn blob(mut self, blob: Blob) -> Self {
        self.blobs.push(blob);
        self
    }
}

/// An entry that was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its document.
    pub doc: DocId,
    /// The reference to it.
    pub entry: EntryRef,
    /// The clocks that it carries.
    pub reading: Reading,
}

/// A device's pen.
#[derive(Clone)]
pub struct Forge {
    county: CountyId,
    key: SecretKey,
    actor: ActorId,
}

impl Forge {
    /// The forge of the identity in the store; `None` before there is one.
    ///
    /// # Errors
    /// When the store fails.
    pub fn open(rows: &mut dyn Rows, county: CountyId) -> Result<Option<Self>, StoreError> {
        let Some(identity) = fact::<Identity>(rows)? else { return Ok(None) };
        let seed = identity.seed.0[..].try_into().map_err(|_| StoreError::Damaged("the device key".into()))?;
        Ok(Some(Forge { county, key: SecretKey::from_seed(&seed), actor: identity.actor }))
    }

    /// Takes this key as the device's own from now on.
    ///
    /// # Errors
    /// When the store fails.
    pub fn adopt(rows: &mut dyn Rows, county: CountyId, key: SecretKey) -> Result<Self, StoreError> {
        let actor = key.public().actor();
        set_fact(rows, &Identity { seed: Bytes(key.seed().to_vec()), actor })?;
        Ok(Forge { county, key, actor })
    }

    /// The county in whose documents it writes.
    pub fn county(&self) -> CountyId {
        self.county
    }

    /// The device.
    pub fn actor(&self) -> ActorId {
        self.actor
    }

    /// The device's public key.
    pub fn public(&self) -> crate::crypto::PublicKey {
        self.key.public()
    }

    /// The device's signature.
    pub fn sign(&self, label: &[u8], message: &[u8]) -> Signature {
        self.key.sign(label, message)
    }

    /// A ticket for a large blob; `at` is the relay's clock.
    pub fn ticket(&self, act: BlobAct, blob: &BlobHash, doc: DocId, at: UtcMs) -> BlobTicket {
        BlobTicket::sign(&self.key, self.county, act, blob, doc, at)
    }

    /// Records an entry with the reading of these clocks.
    ///
    /// # Errors
    /// When the entry is too long or the store fails; nothing of it holds then.
    pub fn record(
        &self,
        rows: &mut dyn Rows,
        clocks: &Clocks,
        rng: &mut dyn CryptoRng,
        draft: &Draft,
    ) -> Result<Recorded, ForgeError> {
        let before = last_entry(rows, draft.doc, self.actor)?
            .and_then(|last| cbor::decode_map(&last.row.value).ok())
            .and_then(|map| reading_of(&map).ok());
        let reading = session::reading(rows, clocks, before)?;
        let entry = Entry {
            reading,
            re: draft.re.clone(),
            was: None,
            blobs: draft.blobs.iter().map(|b| b.hash).collect(),
            body: draft.body.clone(),
        };
        let recorded = self.append(rows, rng, draft.doc, entry.to_map())?;
        for blob in &draft.blobs {
            let row = BlobRow { doc: draft.doc, bytes: Bytes(blob.bytes.clone()) };
            save(rows, Table::Blob, &blob.hash.0, &row)?;
            rows.put(Table::BlobUnsent, &blob.hash.0, &entry_key(draft.doc, self.actor, recorded.seq))?;
        }
        Ok(Recorded { doc: draft.doc, entry: recorded, reading })
    }

    /// Appends a map without salt to the device's chain in a document.
    pub(super) fn append(
        &self,
        rows: &mut dyn Rows,
        rng: &mut dyn CryptoRng,
        doc: DocId,
        map: cbor::Map,
    ) -> Result<EntryRef, ForgeError> {
        let known = chain(rows, doc, self.actor)?;
        let tip = match &known {
            Some(row) => super::state::tip(rows, doc, self.actor, row)?,
            None => None,
        };
        let (tip, known) = match (tip, known) {
            (Some(tip), Some(row)) => (tip, row),
            (_, Some(row)) if row.through > 0 => {
                let what = format!("the copy of {doc}, of which the relay has {} entries, is gone", row.through);
                return Err(StoreError::Damaged(what).into());
            }
            (_, known) => {
                let mut salt = [0; 16];
                rng.fill_bytes(&mut salt);
                let person = fact::<Holder>(rows)?.and_then(|h| h.person);
                let row = ChainRow {
                    salt: Some(Bytes(salt.to_vec())),
                    number: known.and_then(|k| k.number),
                    through: 0,
                    person,
                    via: if person.is_some() { Via::Phone } else { Via::Kiosk },
                    stopped: None,
                    mine: Some(true),
                };
                set_chain(rows, doc, self.actor, &row)?;
                (Tip::start(self.county, doc, self.actor, Salt(salt)), row)
            }
        };
        let (next, link) = tip.append(map)?;
        let row = EntryRow { hash: link.hash, note: None, value: link.value };
        set_entry(rows, doc, self.actor, next.seq, &row)?;
        if known.through == tip.seq {
            rows.put(Table::Unsent, &chain_key(doc, self.actor), &[])?;
        }
        Ok(EntryRef::to(self.actor, next.seq, &next.hash))
    }

    /// The entry behind a reference, if it is here and its hash is the one named.
    ///
    /// # Errors
    /// When the store fails.
    pub fn find(rows: &mut dyn Rows, doc: DocId, re: &EntryRef) -> Result<Option<EntryRow>, StoreError> {
        Ok(entry(rows, doc, re.actor, re.seq)?.filter(|row| row.hash.short() == re.hash))
    }
}
