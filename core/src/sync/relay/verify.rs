//! Checking the whole ledger again: every log link, every hash, every signature, every chain.

use super::book::{Book, leaf, link, log_start};
use super::rows::*;
use super::{Relay, RelayError};
use crate::cbor::{self, Value};
use crate::crypto::{EnvelopeHash, LeafHash, LogHash, Signature};
use crate::documents::chain::Tip;
use crate::labels;
use crate::sync::ledger::{Ledger, Table};
use crate::sync::message::{LogNo, envelope_hash};

/// What was found in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Log rows whose link holds.
    pub log_rows: u64,
    /// Entries whose hash and place in their chain hold.
    pub entries: u64,
    /// Signed envelopes that hold and cover their entries.
    pub envelopes: u64,
    /// Entries that another's phone brought back and that no signature covers.
    pub recovered: u64,
}

/// Something that doesn't hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: a log number, a chain or an envelope.
    pub place: String,
    /// What doesn't hold.
    pub what: String,
}

impl Relay {
    /// Checks everything that the ledger holds. `progress` is told rows done and rows in all.
    ///
    /// # Errors
    /// When the store fails; what doesn't hold is no error but a [`Fault`].
    pub fn verify(
        &self,
        ledger: &mut dyn Ledger,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(Verified, Vec<Fault>), RelayError> {
        let mut book = Book::new(self.county(), ledger);
        let mut verified = Verified::default();
        let mut faults = Vec::new();
        self.verify_log(&mut book, &mut verified, &mut faults, progress)?;
        let mut envelopes = std::collections::BTreeMap::new();
        let rows = book.ledger.scan(Table::Chain, &[], &[0xff; 9], usize::MAX, false)?;
        for (key, _) in rows {
            self.verify_chain(&mut book, LogNo(tail(&key)), &mut envelopes, &mut verified, &mut faults)?;
        }
        Ok((verified, faults))
    }

    fn verify_log(
        &self,
        book: &mut Book<'_>,
        verified: &mut Verified,
        faults: &mut Vec<Fault>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), RelayError> {
        let head = book.head()?;
        let mut l = log_start(self.county());
        for n in 1..=head.n.0 {
            let mut fault = |what: &str| faults.push(Fault { place: format!("log row {n}"), what: what.into() });
            let Some(row) = book.ledger.get(Table::Log, &be(n))? else {
                fault("is missing");
                continue;
            };
            let (stored_leaf, rest) = row.split_at(row.len().min(32));
            let (stored_l, bytes) = rest.split_at(rest.len().min(32));
            let stored_leaf = LeafHash::from_slice(stored_leaf).unwrap_or(LeafHash([0; 32]));
            // A row whose content was retired keeps its leaf.
            if !bytes.is_empty() && leaf(bytes) != stored_leaf {
                fault("has other bytes than its leaf");
            }
            l = link(&l, &stored_leaf);
            if LogHash::from_slice(stored_l) != Some(l) {
                fault("doesn't follow from the row before it");
                l = LogHash::from_slice(stored_l).unwrap_or(l);
            } else {
                verified.log_rows += 1;
            }
            if let Some(what) = self.verify_row(book, n, bytes)? {
                fault(&what);
            }
            if n % 1000 == 0 {
                progress(n, head.n.0);
            }
        }
        if head.l != l {
            faults.push(Fault { place: "counter row".into(), what: "has another L than the last log row".into() });
        }
        progress(head.n.0, head.n.0);
        Ok(())
    }

    /// An entry's log row names the entry that is stored under its number.
    fn verify_row(&self, book: &mut Book<'_>, n: u64, bytes: &[u8]) -> Result<Option<String>, RelayError> {
        let Ok(Value::Array(row)) = cbor::decode(bytes) else {
            return Ok((!bytes.is_empty()).then(|| "can't be read".into()));
        };
        if row.get(1).and_then(Value::int) != Some(1) {
            return Ok(None);
        }
        let Some(entry) = book.entry(LogNo(n))? else { return Ok(Some("names an entry that is missing".into())) };
        let same = row.get(6).and_then(Value::bytes) == Some(&entry.hash.0[..])
            && row.get(5).and_then(Value::uint) == Some(entry.seq)
            && row.get(3).and_then(Value::bytes) == Some(&entry.doc.to_bytes()[..]);
        Ok((!same).then(|| "names another entry than the stored one".into()))
    }

    fn verify_chain(
        &self,
        book: &mut Book<'_>,
        number: LogNo,
        envelopes: &mut std::collections::BTreeMap<EnvelopeHash, Option<Value>>,
        verified: &mut Verified,
        faults: &mut Vec<Fault>,
    ) -> Result<(), RelayError> {
        let Some(chain) = book.chain(number)? else { return Ok(()) };
        let place = |seq: u64| format!("{} of {}, entry {seq}", chain.doc, chain.actor);
        let mut tip: Option<Tip> = None;
        for seq in 1..=chain.seq {
            let mut fault = |what: String| faults.push(Fault { place: place(seq), what });
            let entry = match book.entry_no(number, seq)? {
                Some(n) => book.entry(n)?,
                None => None,
            };
            let Some(entry) = entry else {
                fault("is missing".into());
                return Ok(());
            };
            let Some(value) = entry.value.as_ref() else {
                // Retired: only its hash is left, and the chain can't be rebuilt beyond it.
                return Ok(());
            };
            let before = match tip {
                Some(tip) => tip,
                None => match Tip::start_of(self.county(), chain.doc, chain.actor, &value.0) {
                    Ok(tip) => tip,
                    Err(e) => {
                        fault(e.to_string());
                        return Ok(());
                    }
                },
            };
            let hash = crate::crypto::EntryHash(before.change(&value.0).hash().0);
            if hash != entry.hash {
                fault("has another hash than its value gives".into());
            } else {
                verified.entries += 1;
            }
            tip = Some(Tip { seq, hash: entry.hash, ..before });
            match entry.envelope {
                None => verified.recovered += 1,
                Some(envelope) => {
                    if let std::collections::btree_map::Entry::Vacant(slot) = envelopes.entry(envelope) {
                        let read = self.verify_envelope(book, &chain, envelope)?;
                        verified.envelopes += u64::from(read.is_some());
                        slot.insert(read);
                    }
                    let covers =
                        envelopes.get(&envelope).and_then(Option::as_ref).is_some_and(|v| covers(v, &chain, seq));
                    if !covers {
                        fault("isn't covered by a signature of its device".into());
                    }
                }
            }
        }
        if tip.is_some_and(|tip| tip.hash != chain.hash) {
            faults.push(Fault { place: place(chain.seq), what: "isn't the tip that the chain names".into() });
        }
        Ok(())
    }

    fn verify_envelope(
        &self,
        book: &mut Book<'_>,
        chain: &ChainRow,
        envelope: EnvelopeHash,
    ) -> Result<Option<Value>, RelayError> {
        let Some(bytes) = book.ledger.get(Table::Envelope, &envelope.0)? else { return Ok(None) };
        let Some(device) = book.device(chain.device)? else { return Ok(None) };
        let (signature, signed) = bytes.split_at(bytes.len().min(64));
        let Some(signature) = Signature::from_slice(signature) else { return Ok(None) };
        let holds =
            envelope_hash(signed, &signature) == envelope && device.key.verifies(labels::PUSH, signed, &signature);
        Ok(if holds { cbor::decode(signed).ok() } else { None })
    }
}

/// Whether a signed envelope speaks of this chain's document through at least this seq.
fn covers(envelope: &Value, chain: &ChainRow, seq: u64) -> bool {
    let Some(tips) = envelope.array().and_then(|parts| parts.get(8)).and_then(Value::array) else { return false };
    tips.iter().filter_map(Value::array).any(|tip| {
        tip.first().and_then(Value::bytes) == Some(&chain.doc.to_bytes()[..])
            && tip.get(1).and_then(Value::uint).is_some_and(|last| last >= seq)
    })
}
