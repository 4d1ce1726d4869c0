//! Pens that write real chains for the tests of folding.
#![allow(dead_code, clippy::unwrap_used)]

use jiff::civil::{Date, Time, date};
use sanji_core::crypto::SecretKey;
use sanji_core::documents::chain::{Salt, Tip};
use sanji_core::documents::journal::{Author, Item, Journal, Standing, Via};
use sanji_core::evidence::{Placement, TimeLabel};
use sanji_core::ids::{CountyId, DocId, PersonId, PostingId};
use sanji_core::records::{Body, Entry, EntryRef, Reading};
use sanji_core::time::{UtcSecs, instant};

pub const TEACHER: PersonId = PersonId([1; 8]);
pub const PRINCIPAL: PersonId = PersonId([2; 8]);
pub const SUPERVISOR: PersonId = PersonId([3; 8]);

/// 2 March 2026, a Monday.
pub fn monday() -> Date {
    date(2026, 3, 2)
}

pub fn clock(hour: i8, minute: i8) -> Time {
    Time::new(hour, minute, 0, 0).unwrap()
}

/// An instant on that Monday, or so many days later.
pub fn at(day: i32, hour: i8, minute: i8) -> UtcSecs {
    instant(monday(), clock(hour, minute)).plus(i64::from(day) * 86_400)
}

/// A device that writes one chain.
#[derive(Clone)]
pub struct Pen {
    pub author: Author,
    pub tip: Tip,
}

/// What a device writes beside the body.
#[derive(Clone, Default)]
pub struct With {
    pub re: Vec<EntryRef>,
    pub was: Option<EntryRef>,
}

impl Pen {
    pub fn new(seed: u8, person: Option<PersonId>, via: Via) -> Self {
        let actor = SecretKey::from_seed(&[seed; 32]).public().actor();
        let doc = DocId::duty(PostingId([9; 8]), monday());
        Pen { author: Author { person, via }, tip: Tip::start(CountyId([7; 8]), doc, actor, Salt([seed; 16])) }
    }

    pub fn phone(seed: u8, person: PersonId) -> Self {
        Pen::new(seed, Some(person), Via::Phone)
    }

    /// Writes what answers nothing.
    pub fn write(&mut self, when: UtcSecs, body: impl Into<Body>) -> Item {
        self.write_with(when, With::default(), body)
    }

    /// Writes what answers or replaces these.
    pub fn re(&mut self, when: UtcSecs, re: &[&Item], body: impl Into<Body>) -> Item {
        let re = re.iter().map(|item| item.entry_ref()).collect();
        self.write_with(when, With { re, was: None }, body)
    }

    /// Issues again what was written under another actor.
    pub fn again(&mut self, original: &Item) -> Item {
        let Entry { re, body, .. } = Entry::from_bytes(&original.value).unwrap();
        self.write_with(original.placed.judged, With { re, was: Some(original.entry_ref()) }, body)
    }

    pub fn write_with(&mut self, when: UtcSecs, with: With, body: impl Into<Body>) -> Item {
        let ms = u64::try_from(when.0 - at(-30, 0, 0).0).unwrap() * 1000;
        let reading = Reading { wall: when, session: 1, ms };
        let entry = Entry { reading, re: with.re, was: with.was, blobs: vec![], body: body.into() };
        self.write_map(when, entry.to_map())
    }

    pub fn write_map(&mut self, when: UtcSecs, map: sanji_core::cbor::Map) -> Item {
        let (tip, link) = self.tip.append(map).unwrap();
        self.tip = tip;
        let placed = Placement {
            earliest: when.ms().plus(-30_000),
            latest: when.ms().plus(30_000),
            judged: when,
            phone: when,
            label: TimeLabel::Verified,
        };
        Item {
            actor: tip.actor,
            author: self.author,
            seq: link.seq,
            hash: link.hash,
            value: link.value,
            placed,
            standing: Standing::Counts,
        }
    }
}

pub fn flagged(item: &Item) -> Item {
    Item { standing: Standing::Flagged(1), ..item.clone() }
}

pub fn twin(item: &Item) -> Item {
    Item { standing: Standing::Twin, ..item.clone() }
}

pub fn journal(items: &[&Item]) -> Journal {
    let mut journal = Journal::default();
    journal.extend(items.iter().map(|item| (*item).clone()));
    journal
}
