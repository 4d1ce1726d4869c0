//! A host's signature between two phones that have no network: the visitor's phone shows the visit as QR codes, the host's
//! phone reads them, shows what they say, and signs. Every hash is made anew from what was read, so the signature names what
//! the host saw and nothing else; if something else arrives at the relay, it isn't covered.

use std::collections::BTreeMap;

use data_encoding::BASE32_NOPAD;

use super::error::{self, PhoneError, Problem};
use super::handle::Phone;
use super::home::Home;
use crate::cbor;
use crate::crypto::sha256;
use crate::documents::chain::{Tip, to_wire};
use crate::documents::journal::{Author, Item, Journal, Standing};
use crate::documents::visit::Visit;
use crate::evidence::Placement;
use crate::ids::{ActorId, CountyId, DocId, DocKind, PersonId};
use crate::records::field::{Bytes, Scalar, record};
use crate::records::{EntryRef, HostCountersign, reading_of};
use crate::sync::message::Via;
use crate::sync::phone::{Draft, Recorded};

/// What each QR code begins with; then its number, how many there are, which visit they are of, and the text.
const PREFIX: &str = "SANJI1V";

/// The most letters of one QR code: a cheap camera reads it from another phone's screen.
const LETTERS: usize = 700;

/// The most QR codes of one visit: nobody holds two phones together for longer.
const MOST_PAGES: usize = 40;

record! {
    /// A device's entries.
    ShownChain {
        /// The device.
        1 actor: ActorId,
        /// Its person.
        2 person: Option<PersonId>,
        /// How it writes.
        3 via: Via,
        /// The entries as they travel.
        4 values: Vec<Bytes>,
    }
}

record! {
    /// A visit as it is shown.
    ShownVisit {
        /// The county.
        1 county: CountyId,
        /// The visit.
        2 doc: DocId,
        /// What its devices wrote.
        3 chains: Vec<ShownChain>,
    }
}

/// A visit that was read from another phone's screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitRead {
    /// Its document.
    pub doc: DocId,
    /// What it says.
    pub visit: Visit,
    /// The entries of its archive: what a signature covers.
    pub seen: Vec<EntryRef>,
}

fn wrong(why: Problem) -> PhoneError {
    PhoneError::invalid("visit", why)
}

fn mark(bytes: &[u8]) -> String {
    let digest = sha256(&[bytes]);
    format!("{:02X}{:02X}", digest[0], digest[1])
}

impl Home {
    fn shown(&mut self, doc: DocId) -> error::Result<Vec<u8>> {
        if doc.kind != DocKind::Visit {
            return Err(wrong(Problem::NoVisit));
        }
        let journal = self.journal(doc)?;
        let mut chains: BTreeMap<ActorId, ShownChain> = BTreeMap::new();
        for line in journal.fold().lines() {
            let item = line.item();
            let chain = chains.entry(item.actor).or_insert_with(|| ShownChain {
                actor: item.actor,
                person: item.author.person,
                via: item.author.via,
                values: Vec::new(),
            });
            if item.standing != Standing::Twin && item.seq == chain.values.len() as u64 + 1 {
                let value = to_wire(item.seq, &item.value).map_err(|e| PhoneError::Failed(e.to_string()))?;
                chain.values.push(Bytes(value));
            }
        }
        let mut chains: Vec<ShownChain> = chains.into_values().collect();
        chains.retain(|chain| !chain.values.is_empty());
        if chains.is_empty() {
            return Err(PhoneError::NotHere);
        }
        Ok(cbor::encode(&ShownVisit { county: self.member()?.card.county, doc, chains }.to_value()))
    }

    fn read_shown(&mut self, bytes: &[u8]) -> error::Result<VisitRead> {
        let unreadable = || wrong(Problem::Unreadable);
        let map = cbor::decode_map(bytes).map_err(|_| unreadable())?;
        let shown = ShownVisit::read(&map).map_err(|_| unreadable())?;
        if shown.county != self.member()?.card.county {
            return Err(wrong(Problem::OtherCounty));
        }
        if shown.doc.kind != DocKind::Visit {
            return Err(wrong(Problem::NoVisit));
        }
        let mut journal = Journal::default();
        for chain in &shown.chains {
            let first = chain.values.first().ok_or_else(unreadable)?;
            let mut tip = Tip::start_of(shown.county, shown.doc, chain.actor, &first.0).map_err(|_| unreadable())?;
            for value in &chain.values {
                let (next, link) = tip.append_wire(&value.0).map_err(|_| unreadable())?;
                tip = next;
                let reading = cbor::decode_map(&link.value).ok().and_then(|map| reading_of(&map).ok());
                journal.insert(Item {
                    actor: chain.actor,
                    author: Author { person: chain.person, via: chain.via },
                    seq: link.seq,
                    hash: link.hash,
                    placed: Placement::by_phone(&reading.unwrap_or_default()),
                    standing: Standing::Counts,
                    value: link.value,
                });
            }
        }
        let visit = Visit::of(&journal.fold());
        let seen = visit.archive();
        if seen.is_empty() {
            return Err(unreadable());
        }
        Ok(VisitRead { doc: shown.doc, visit, seen })
    }
}

/// The QR codes of some bytes.
fn pages(bytes: &[u8]) -> Vec<String> {
    let text = BASE32_NOPAD.encode(bytes);
    let mark = mark(bytes);
    let parts: Vec<&str> = (0..text.len()).step_by(LETTERS).map(|at| &text[at..text.len().min(at + LETTERS)]).collect();
    let count = parts.len();
    parts.iter().enumerate().map(|(at, part)| format!("{PREFIX}:{}:{count}:{mark}:{part}", at + 1)).collect()
}

/// The bytes of all QR codes, in any order, some perhaps read twice.
fn together(pages: &[String]) -> error::Result<Vec<u8>> {
    let unreadable = || wrong(Problem::Unreadable);
    let mut parts: BTreeMap<usize, &str> = BTreeMap::new();
    let mut whole: Option<(usize, &str)> = None;
    for page in pages {
        let fields: Vec<&str> = page.trim().splitn(5, ':').collect();
        let [PREFIX, at, count, mark, part] = fields[..] else { return Err(unreadable()) };
        let (at, count): (usize, usize) =
            at.parse().ok().zip(count.parse().ok()).filter(|(at, _)| *at > 0).ok_or_else(unreadable)?;
        if count > MOST_PAGES || *whole.get_or_insert((count, mark)) != (count, mark) {
            return Err(unreadable());
        }
        parts.insert(at, part);
    }
    let (count, said) = whole.ok_or_else(|| wrong(Problem::PagesMissing))?;
    if parts.len() < count {
        return Err(wrong(Problem::PagesMissing));
    }
    let text: String = parts.into_values().collect();
    let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| unreadable())?;
    if mark(&bytes) == said { Ok(bytes) } else { Err(unreadable()) }
}

impl Phone {
    /// A visit as the texts of QR codes, to be shown one after another to the host's phone.
    ///
    /// # Errors
    /// When the visit isn't here, or it has too much text for this way.
    pub fn show_visit(&self, doc: DocId) -> error::Result<Vec<String>> {
        let pages = pages(&self.with(|home| home.shown(doc))?);
        if pages.len() > MOST_PAGES { Err(wrong(Problem::TooLong)) } else { Ok(pages) }
    }

    /// What another phone shows of a visit; the QR codes may come in any order.
    ///
    /// # Errors
    /// When QR codes are missing, are of something else, or of another county.
    pub fn read_visit(&self, pages: &[String]) -> error::Result<VisitRead> {
        let bytes = together(pages)?;
        self.with(|home| home.read_shown(&bytes))
    }

    /// Signs as the host for a visit as another phone shows it. It goes to the relay with this phone's next sync, whether the
    /// visit itself has arrived there or not.
    ///
    /// # Errors
    /// As [`Phone::read_visit`], and when the entry can't be saved.
    pub fn countersign_shown(&self, pages: &[String], text: Option<String>) -> error::Result<Recorded> {
        let VisitRead { doc, seen, .. } = self.read_visit(pages)?;
        self.record(|_| Ok(Draft::new(doc, HostCountersign { text }).re(seen)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_together_in_any_order_and_only_with_their_own() {
        let bytes: Vec<u8> = (0..2_000_u32).map(|n| (n * 7 % 251) as u8).collect();
        let mut shown = pages(&bytes);
        assert_eq!(shown.len(), 5);
        assert!(
            shown.iter().all(|page| page.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b':'))
        );
        shown.reverse();
        shown.push(shown[0].clone());
        assert_eq!(together(&shown), Ok(bytes));
        for missing in 0..5 {
            let mut some = pages(&shown.concat().into_bytes()[..2_000]);
            some.remove(missing);
            assert_eq!(together(&some), Err(wrong(Problem::PagesMissing)));
        }
        let other = pages(&[9; 2_000]);
        assert!(together(&[&shown[..4], &other[..1]].concat()).is_err());
        assert!(together(&["SANJI1:ABC".into()]).is_err());
        assert_eq!(together(&[]), Err(wrong(Problem::PagesMissing)));
    }
}
