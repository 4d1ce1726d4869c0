//! A document's entries as they arrived: in any order, however often. What they mean together is [`Fold`]'s matter.
//!
//! [`Fold`]: super::fold::Fold

use std::collections::BTreeMap;

use crate::cbor::{self, Map, Value};
use crate::crypto::EntryHash;
use crate::evidence::Placement;
use crate::ids::{ActorId, PersonId};
use crate::records::field::Scalar;
use crate::records::{Entry, EntryError, EntryRef, Reading, key, kind_of, reading_of};

/// By what kind of device an entry was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// A person's phone.
    Phone,
    /// A school's kiosk, which belongs to no person.
    Kiosk,
    /// The review page or the command line, where the relay holds the key.
    Desk,
}

/// Who wrote an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Author {
    /// The person; none for a kiosk, or where the device's enrolment hasn't arrived.
    pub person: Option<PersonId>,
    /// The kind of device.
    pub via: Via,
}

/// Whether an entry counts, as the relay judges it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It counts.
    Counts,
    /// It stands beside what counts until its flag lifts; with the relay's number of the reason.
    Flagged(u8),
    /// A second, different entry at a place that was taken: neither counts nor is matched by `re` until it is issued
    /// again.
    Twin,
}

/// An entry as it is stored, and what the relay says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The device that wrote it.
    pub actor: ActorId,
    /// Who that was.
    pub author: Author,
    /// Its number in the device's chain, from 1.
    pub seq: u64,
    /// Its hash.
    pub hash: EntryHash,
    /// Its value as stored: canonical CBOR, salt included.
    pub value: Vec<u8>,
    /// Its time.
    pub placed: Placement,
    /// Whether it counts.
    pub standing: Standing,
}

impl Item {
    /// The reference by which other entries name this one.
    pub fn entry_ref(&self) -> EntryRef {
        EntryRef::to(self.actor, self.seq, &self.hash)
    }
}

/// An item and what this version reads in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub item: Item,
    pub entry: Result<Entry, EntryError>,
    /// The kind's number, known even where the rest can't be read.
    pub kind: Option<u16>,
    /// The clock reading, known even where the rest can't be read.
    pub reading: Option<Reading>,
    /// The entry of an earlier actor that this one issues again.
    pub was: Option<EntryRef>,
}

impl Stored {
    fn read(item: Item) -> Self {
        match cbor::decode_map(&item.value) {
            Err(error) => Stored { item, entry: Err(error.into()), kind: None, reading: None, was: None },
            Ok(map) => Stored {
                entry: Entry::from_map(&map),
                kind: kind_of(&map),
                reading: reading_of(&map).ok(),
                was: map.get(&key::WAS).and_then(EntryRef::from_value),
                item,
            },
        }
    }

    /// What the entry says, without what an issue under another actor changes: salt, `was`, and `re`, whose targets may
    /// have been issued again too.
    pub fn words(&self) -> Option<Map> {
        let mut map = cbor::decode_map(&self.item.value).ok()?;
        map.retain(|key, _: &mut Value| ![key::SALT, key::WAS, key::RE].contains(key));
        Some(map)
    }
}

/// The entries of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    items: BTreeMap<(ActorId, u64, EntryHash), Stored>,
}

impl Journal {
    /// Adds an entry. The same entry again changes nothing; with another standing or placement it takes what was said
    /// last.
    pub fn insert(&mut self, item: Item) {
        let place = (item.actor, item.seq, item.hash);
        match self.items.get_mut(&place) {
            Some(known) => {
                known.item.standing = item.standing;
                known.item.placed = item.placed;
                known.item.author = item.author;
            }
            None => {
                self.items.insert(place, Stored::read(item));
            }
        }
    }

    /// How many entries there are, twins and unreadable ones included.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing has arrived yet.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn stored(&self) -> impl Iterator<Item = &Stored> {
        self.items.values()
    }
}

impl Extend<Item> for Journal {
    fn extend<I: IntoIterator<Item = Item>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.insert(item));
    }
}
