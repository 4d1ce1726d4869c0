//! Large blobs travel beside the sync: `PUT` and `GET /v1/blobs/{SHA-256 in hex}`. The permission is the document's: who may
//! read it may read its blobs, and who wrote or may read an entry that names a blob may bring it. So each request carries a
//! ticket, in `Authorization: Sanji <ticket>`: the device's signature over what it asks for and when.

use data_encoding::BASE64URL_NOPAD;

use crate::crypto::{BlobHash, PublicKey, SecretKey, Signature};
use crate::ids::{CountyId, DocId};
use crate::labels;
use crate::time::UtcMs;

/// A ticket holds for so long before and after its time, by the relay's clock: 5 minutes. A phone takes the relay's time from
/// the last answer and adds what has passed since; where it has none, or its own is off, the relay's refusal says the time.
pub const TICKET_MS: i64 = 5 * 60 * 1000;

/// What is to be done with the blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobAct {
    /// Read it.
    Get,
    /// Bring it.
    Put,
}

impl BlobAct {
    fn byte(self) -> u8 {
        match self {
            BlobAct::Get => 0,
            BlobAct::Put => 1,
        }
    }
}

/// A device's ticket for one act on one blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobTicket {
    /// The device's key.
    pub key: PublicKey,
    /// The document to which the blob belongs.
    pub doc: DocId,
    /// When it was made, by the relay's clock as far as the device knows it.
    pub at: UtcMs,
    signature: Signature,
}

impl BlobTicket {
    /// Signs a ticket.
    pub fn sign(key: &SecretKey, county: CountyId, act: BlobAct, blob: &BlobHash, doc: DocId, at: UtcMs) -> Self {
        let signature = key.sign(labels::BLOB, &signed(county, act, blob, doc, at));
        BlobTicket { key: key.public(), doc, at, signature }
    }

    /// Whether the device that it names signed it for this act, and not too long ago or ahead.
    pub fn holds(&self, county: CountyId, act: BlobAct, blob: &BlobHash, now: UtcMs) -> bool {
        let fresh = (now.0.saturating_sub(TICKET_MS)..=now.0.saturating_add(TICKET_MS)).contains(&self.at.0);
        fresh && self.key.verifies(labels::BLOB, &signed(county, act, blob, self.doc, self.at), &self.signature)
    }

    /// The value of the `Authorization` header.
    pub fn to_header(&self) -> String {
        let bytes = [&self.key.0[..], &self.doc.to_bytes(), &self.at.0.to_be_bytes(), &self.signature.0].concat();
        format!("Sanji {}", BASE64URL_NOPAD.encode(&bytes))
    }

    /// Reads the value of the `Authorization` header; `None` if it is no ticket.
    pub fn from_header(header: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(header.strip_prefix("Sanji ")?.as_bytes()).ok()?;
        let (key, rest) = bytes.split_first_chunk::<32>()?;
        let (doc, rest) = rest.split_first_chunk::<{ DocId::LEN }>()?;
        let (at, signature) = rest.split_first_chunk::<8>()?;
        Some(BlobTicket {
            key: PublicKey(*key),
            doc: DocId::from_bytes(doc)?,
            at: UtcMs(i64::from_be_bytes(*at)),
            signature: Signature::from_slice(signature)?,
        })
    }
}

fn signed(county: CountyId, act: BlobAct, blob: &BlobHash, doc: DocId, at: UtcMs) -> Vec<u8> {
    [&county.0[..], &[act.byte()], &blob.0, &doc.to_bytes(), &at.0.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SchoolId;
    use jiff::civil::date;

    const COUNTY: CountyId = CountyId([1; 8]);
    const BLOB: BlobHash = BlobHash([2; 32]);
    const NOW: UtcMs = UtcMs(1_772_411_470_000);

    fn ticket(act: BlobAct) -> BlobTicket {
        let doc = DocId::register(SchoolId([3; 8]), date(2026, 3, 2));
        BlobTicket::sign(&SecretKey::from_seed(&[9; 32]), COUNTY, act, &BLOB, doc, NOW)
    }

    #[test]
    fn a_ticket_holds_for_what_it_was_made_for_and_nothing_else() {
        let ticket = ticket(BlobAct::Get);
        assert!(ticket.holds(COUNTY, BlobAct::Get, &BLOB, NOW));
        assert!(!ticket.holds(COUNTY, BlobAct::Put, &BLOB, NOW));
        assert!(!ticket.holds(COUNTY, BlobAct::Get, &BlobHash([4; 32]), NOW));
        assert!(!ticket.holds(CountyId([5; 8]), BlobAct::Get, &BLOB, NOW));
        let other = DocId::register(SchoolId([6; 8]), date(2026, 3, 2));
        assert!(!BlobTicket { doc: other, ..ticket }.holds(COUNTY, BlobAct::Get, &BLOB, NOW));
    }

    #[test]
    fn a_ticket_holds_for_five_minutes() {
        let ticket = ticket(BlobAct::Put);
        for (later, holds) in [(TICKET_MS, true), (-TICKET_MS, true), (TICKET_MS + 1, false), (-TICKET_MS - 1, false)] {
            assert_eq!(ticket.holds(COUNTY, BlobAct::Put, &BLOB, NOW.plus(later)), holds, "{later} ms later");
        }
        let extreme = BlobTicket { at: UtcMs(i64::MIN), ..ticket };
        assert!(!extreme.holds(COUNTY, BlobAct::Put, &BLOB, UtcMs(i64::MIN)), "the signature is over another time");
    }

    #[test]
    fn a_ticket_travels_in_a_header() {
        let ticket = ticket(BlobAct::Put);
        assert_eq!(BlobTicket::from_header(&ticket.to_header()), Some(ticket));
        for bad in ["", "Sanji ", "Basic abc", &ticket.to_header()[..80], &format!("{}AA", ticket.to_header())] {
            assert_eq!(BlobTicket::from_header(bad), None, "{bad}");
        }
    }
}
