//! Desks: a web account, and the administrator's command line, write entries like any device. Their keys are made from the
//! relay's own and never leave it; the time of what they write is the relay's; authority is judged as for a phone.

use super::book::Book;
use super::enrolment::Newcomer;
use super::intake::SMALL_BLOB;
use super::rewind::tip_of;
use super::rows::*;
use super::{Relay, RelayError};
use crate::crypto::{SecretKey, sha256};
use crate::documents::chain::{Link, Salt, Tip};
use crate::ids::{DocId, PersonId};
use crate::labels;
use crate::records::field::Bytes;
use crate::records::{Body, Entry, EntryRef, Reading};
use crate::sync::ledger::{Ledger, Table};
use crate::sync::message::{Cursor, DeviceName, LogNo, Push, Refusal, SignedTip, Via, envelope_hash};
use crate::sync::phone::Draft;
use crate::time::UtcMs;

/// Who acts at a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The person to whom the account belongs.
    pub person: PersonId,
}

impl Relay {
    fn desk_key(&self, desk: Desk) -> SecretKey {
        SecretKey::from_seed(&sha256(&[labels::DESK, &self.key.seed(), &self.county().0, &desk.person.0]))
    }

    /// The desk's device, enrolled at its first act.
    fn desk_device(&self, book: &mut Book<'_>, now: UtcMs, desk: Desk) -> Result<DeviceRow, RelayError> {
        let key = self.desk_key(desk).public();
        if let Some(device) = book.device_of(key.actor())? {
            return Ok(device);
        }
        let newcomer = Newcomer {
            key,
            via: Via::Desk,
            person: Some(desk.person),
            school: None,
            state: DeviceState::Active,
            since: now,
            certificate: None,
            follows: None,
        };
        self.enrol_newcomer(book, now, newcomer)
    }

    /// Writes entries at a desk, in one signed body; gives their log numbers and references. Whether they count is judged
    /// like for any other: look at the flag of the rows.
    ///
    /// # Errors
    /// When an entry is too long, the desk's device was revoked, or the store fails.
    pub fn write(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        desk: Desk,
        entries: Vec<(DocId, Vec<EntryRef>, Body)>,
    ) -> Result<Vec<(LogNo, EntryRef)>, RelayError> {
        let draft = |(doc, re, body)| Draft { doc, re, blobs: Vec::new(), body };
        self.write_drafts(ledger, now, desk, entries.into_iter().map(draft).collect())
    }

    /// As [`Relay::write`], for entries that may bring blobs. Of a blob that doesn't travel in a sync body only the row is
    /// written: its bytes have to lie in the blob folder before.
    ///
    /// # Errors
    /// As [`Relay::write`].
    pub fn write_drafts(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        desk: Desk,
        entries: Vec<Draft>,
    ) -> Result<Vec<(LogNo, EntryRef)>, RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let mut device = self.desk_device(&mut book, now, desk)?;
        if let Some(since) = device.revoked {
            return Err(Refusal::Revoked(since).into());
        }
        let key = self.desk_key(desk);
        let actor = device.actor();
        let mut links: Vec<(DocId, Salt, Link)> = Vec::with_capacity(entries.len());
        let mut tips: Vec<Tip> = Vec::new();
        for Draft { doc, re, blobs, body } in entries {
            let reading = Reading { wall: now.secs(), session: 1, ms: 0 };
            for blob in &blobs {
                let small = (blob.bytes.len() <= SMALL_BLOB).then(|| Bytes(blob.bytes.clone()));
                book.put_blob(&blob.hash, &BlobRow { doc, size: blob.bytes.len() as u64, bytes: small })?;
            }
            let blobs = blobs.iter().map(|blob| blob.hash).collect();
            let entry = Entry { reading, re, was: None, blobs, body };
            let at = match tips.iter().position(|tip| tip.doc == doc) {
                Some(at) => at,
                None => {
                    let chain = book.chain_of(doc, actor)?;
                    tips.push(match chain.as_ref().and_then(tip_of) {
                        Some(tip) => tip,
                        None => Tip::start(self.county(), doc, actor, self.desk_salt(&key, doc)),
                    });
                    tips.len() - 1
                }
            };
            let (tip, link) = tips[at].append(entry.to_map()).map_err(|e| Refusal::Malformed(e.to_string()))?;
            tips[at] = tip;
            links.push((doc, tip.salt, link));
        }
        device.last_n += 1;
        let push = Push {
            device: DeviceName::Number(device.number),
            n: device.last_n,
            build: 0,
            reading: Reading { wall: now.secs(), session: 1, ms: 0 },
            last_answer: None,
            cursor: Cursor::default(),
            nothing_unsent: true,
            page: 0,
            have: None,
            runs: Vec::new(),
            recovered: Vec::new(),
            blobs: Vec::new(),
            again: Vec::new(),
            rows: Vec::new(),
            lost_head: None,
            certificate: None,
            successor: None,
        };
        let tips: Vec<SignedTip> =
            tips.iter().map(|tip| SignedTip { doc: tip.doc, seq: tip.seq, hash: tip.hash }).collect();
        let signed = push.signed_bytes(self.county(), actor, &tips);
        let signature = key.sign(labels::PUSH, &signed);
        let envelope = envelope_hash(&signed, &signature);
        book.ledger.put(Table::Envelope, &envelope.0, &[&signature.0[..], &signed].concat())?;
        let written = self.store_desk(&mut book, now, &device, envelope, links)?;
        device.last_seen = Some(now);
        book.put_device(&device)?;
        self.settle(&mut book, now, written.iter().map(|(n, _)| *n).collect())?;
        Ok(written)
    }

    /// A desk's chains are salted from its key, so that no randomness is needed where it acts.
    fn desk_salt(&self, key: &SecretKey, doc: DocId) -> Salt {
        let digest = sha256(&[labels::SALT, &key.seed(), &doc.to_bytes()]);
        let mut salt = [0; 16];
        salt.copy_from_slice(&digest[..16]);
        Salt(salt)
    }
}
