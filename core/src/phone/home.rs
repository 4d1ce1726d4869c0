//! What a phone has open: its folder, its records, whose it is, and the machine that syncs. Here is decided what to do when
//! the records can't be opened or went back.

use std::sync::Arc;

use rand::CryptoRng;

use super::anchor::Anchor;
use super::clock::{self, Clock};
use super::error::{PhoneError, Result};
use super::found::Found;
use super::shelf::Shelf;
use crate::crypto::{PublicKey, SecretKey};
use crate::ids::DocId;
use crate::records::field::Bytes;
use crate::store::{Condition, Folder, KeyProvider, SqliteStore};
use crate::sync::enrol::Card;
use crate::sync::phone::state::{
    Fact, Held, HeldPosting, Holder, Identity, Named, Past, Pushes, Session, chain_of_key, fact, set_fact,
};
use crate::sync::phone::{
    Draft, Forge, ForgeError, Limits, Machine, PhoneStore, Recorded, Rows, StoreError, drop_unreadable, renew,
};

/// More sessions than one file of records ever sees.
const SESSIONS_OF_A_FILE: u32 = 1 << 16;

impl Fact for Card {
    const NAME: &'static [u8] = b"card";
}

/// Whose phone it is, and the machine that writes and syncs for them.
pub(super) struct Member {
    pub card: Card,
    pub holder: Holder,
    pub held: Vec<HeldPosting>,
    pub machine: Machine,
}

/// An open phone.
pub(super) struct Home {
    pub folder: Folder,
    pub store: SqliteStore,
    pub keys: Arc<dyn KeyProvider>,
    pub clock: Arc<dyn Clock>,
    pub rng: Box<dyn CryptoRng + Send>,
    pub limits: Limits,
    pub member: Option<Member>,
    pub shelf: Shelf,
    pub found: Found,
}

impl Home {
    pub fn open(
        path: &std::path::Path,
        keys: Arc<dyn KeyProvider>,
        clock: Arc<dyn Clock>,
        rng: Box<dyn CryptoRng + Send>,
        limits: Limits,
    ) -> Result<Self> {
        let folder = Folder::open(path)?;
        let (store, condition) = folder.store(keys.as_ref())?;
        let found = match condition {
            Condition::Sound => Found::Sound,
            Condition::Replaced { kept, why } => Found::Replaced { kept, why: why.to_string() },
        };
        let shelf = Shelf::default();
        let mut home = Home { folder, store, keys, clock, rng, limits, member: None, shelf, found };
        home.take_up()?;
        home.unlock();
        home.keep_found();
        Ok(home)
    }

    /// Finds out whose phone it is; recovers from the anchor where the records are new.
    fn take_up(&mut self) -> Result<()> {
        let known = self.store.read(|rows| {
            let card = fact::<Card>(rows)?;
            Ok::<_, StoreError>(match card {
                Some(card) => Forge::open(rows, card.county)?.map(|forge| (card, forge)),
                None => None,
            })
        })?;
        match (known, Anchor::load(self.folder.path())) {
            (Some((card, forge)), _) => {
                let forge = self.check_number(forge)?;
                self.become_member(card, forge)
            }
            (None, Some(anchor)) => {
                let old = anchor.key(self.keys.as_ref())?;
                self.recover(&anchor, old)
            }
            (None, None) => Ok(()),
        }
    }

    pub(super) fn become_member(&mut self, card: Card, forge: Forge) -> Result<()> {
        let (holder, held) = self.store.read(|rows| {
            let holder = fact::<Holder>(rows)?.unwrap_or(Holder { person: None, kiosk: None });
            let held = fact::<Held>(rows)?.map_or(Vec::new(), |held| held.postings);
            Ok::<_, StoreError>((holder, held))
        })?;
        let machine = Machine::new(forge, card.relay_key(), self.limits);
        self.member = Some(Member { card, holder, held, machine });
        self.keep_anchor()
    }

    /// The number outside the file must not be ahead of the one inside: else the file went back.
    fn check_number(&mut self, forge: Forge) -> Result<Forge> {
        // A counter that can't be read now says nothing; the relay notices a file that went back as well.
        let outside = self.keys.counter().unwrap_or(0);
        let inside = self.store.read(fact::<Pushes>)?.map_or(0, |p| p.n);
        if outside <= inside {
            return Ok(forge);
        }
        let rng = self.rng.as_mut();
        let renewed = self.store.write(|rows| {
            set_fact(rows, &Pushes { n: outside })?;
            renew(rows, &forge, rng)
        })?;
        self.found = Found::WentBack;
        Ok(renewed)
    }

    /// Begins new records for the person of the anchor, under a new key that the old one signs where it still exists.
    fn recover(&mut self, anchor: &Anchor, old: Option<SecretKey>) -> Result<()> {
        let card = anchor.card.clone();
        let n = self.keys.counter().unwrap_or(0);
        let rng = self.rng.as_mut();
        // Entries of a locked file may be issued again beside those of this one: their sessions must not have one number.
        let number = u32::try_from(self.folder.locked().len()).unwrap_or(u32::MAX).saturating_mul(SESSIONS_OF_A_FILE);
        let sessions = Session { number, boot: String::new(), zero: u64::MAX, last: u64::MAX, offset: 0 };
        let forge = self.store.write(|rows| {
            set_fact(rows, &card)?;
            set_fact(rows, &anchor.holder())?;
            set_fact(rows, &Held { postings: anchor.postings.clone() })?;
            set_fact(rows, &Pushes { n })?;
            set_fact(rows, &Named { introduce: Some(true), ..Named::default() })?;
            set_fact(rows, &sessions)?;
            match old {
                Some(key) => {
                    let forge = Forge::adopt(rows, card.county, key)?;
                    renew(rows, &forge, rng)
                }
                None => {
                    let past = crate::sync::phone::state::PastActor { actor: anchor.actor, seed: None };
                    set_fact(rows, &Past { actors: vec![past] })?;
                    Ok::<_, ForgeError>(Forge::adopt(rows, card.county, SecretKey::random(&mut &mut *rng))?)
                }
            }
        })?;
        self.store.wrap_for_county(&anchor.card.seal_key())?;
        if self.found == Found::Sound {
            self.found = Found::Replaced { kept: self.folder.records(), why: "the records were gone".into() };
        }
        self.become_member(anchor.card.clone(), forge)
    }

    /// The public key of this device; draws the key where there is none yet.
    pub fn device_key(&mut self) -> Result<PublicKey> {
        let rng = self.rng.as_mut();
        let seed = self.store.write(|rows| {
            if let Some(identity) = fact::<Identity>(rows)? {
                return Ok::<_, StoreError>(identity.seed);
            }
            let key = SecretKey::random(&mut &mut *rng);
            let seed = Bytes(key.seed().to_vec());
            set_fact(rows, &Identity { seed: seed.clone(), actor: key.public().actor() })?;
            Ok(seed)
        })?;
        self.key_of(&seed).map(|key| key.public())
    }

    pub(super) fn key_of(&self, seed: &Bytes) -> Result<SecretKey> {
        let seed = seed.0[..].try_into().map_err(|_| PhoneError::Failed("the device key is damaged".into()))?;
        Ok(SecretKey::from_seed(&seed))
    }

    /// The device's key, before it belongs to anybody.
    pub fn new_device(&mut self) -> Result<SecretKey> {
        self.device_key()?;
        let identity = self.store.read(fact::<Identity>)?;
        let seed = identity.ok_or_else(|| PhoneError::Failed("the device key is gone".into()))?.seed;
        self.key_of(&seed)
    }

    /// Makes this the phone of a person, or the kiosk of a school. `more` is written in the same transaction.
    pub fn install(
        &mut self,
        card: Card,
        holder: &Holder,
        held: Vec<HeldPosting>,
        more: impl FnOnce(&mut dyn Rows, &Forge) -> std::result::Result<(), StoreError>,
    ) -> Result<()> {
        if self.member.is_some() {
            return Err(PhoneError::AlreadyEnrolled);
        }
        let key = self.new_device()?;
        self.store.wrap_for_county(&card.seal_key())?;
        let forge = self.store.write(|rows| {
            set_fact(rows, &card)?;
            set_fact(rows, holder)?;
            set_fact(rows, &Held { postings: held })?;
            let forge = Forge::adopt(rows, card.county, key)?;
            more(rows, &forge)?;
            Ok::<_, StoreError>(forge)
        })?;
        self.become_member(card, forge)
    }

    /// Writes the anchor, if it isn't up to date.
    pub fn keep_anchor(&mut self) -> Result<()> {
        let Some(member) = &self.member else { return Ok(()) };
        let actor = member.machine.forge().actor();
        if Anchor::load(self.folder.path()).is_some_and(|anchor| anchor.actor == actor && anchor.has_seed()) {
            return Ok(());
        }
        let Some(identity) = self.store.read(fact::<Identity>)? else { return Ok(()) };
        let seed =
            identity.seed.0[..].try_into().map_err(|_| PhoneError::Failed("the device key is damaged".into()))?;
        let anchor = Anchor {
            card: member.card.clone(),
            person: member.holder.person,
            kiosk: member.holder.kiosk,
            postings: member.held.clone(),
            actor,
            // Without the key storage there is still the county, the person and the number; the key is added at a later start.
            seed: Bytes(self.keys.wrap(&seed).unwrap_or_default()),
        };
        Ok(anchor.save(self.folder.path())?)
    }

    pub fn member(&self) -> Result<&Member> {
        self.member.as_ref().ok_or(PhoneError::NotEnrolled)
    }

    pub fn clocks(&self) -> crate::sync::phone::Clocks {
        clock::read(self.clock.as_ref())
    }

    /// Records an entry: one transaction, one durable commit.
    pub fn record(&mut self, draft: &Draft) -> Result<Recorded> {
        let clocks = self.clocks();
        let forge = self.member()?.machine.forge().clone();
        let rng = self.rng.as_mut();
        let result = self.store.write(|rows| forge.record(rows, &clocks, rng, draft));
        let recorded = match result {
            Err(ForgeError::Store(StoreError::Damaged(_) | StoreError::Row { .. })) => {
                // The device's own chain can't be read: what can be saved is saved, and this entry goes under a new key.
                let forge = self.replace_records()?;
                let clocks = self.clocks();
                let rng = self.rng.as_mut();
                self.store.write(|rows| forge.record(rows, &clocks, rng, draft))?
            }
            other => other?,
        };
        self.shelf.forget(draft.doc);
        Ok(recorded)
    }

    /// Moves damaged records aside and begins new ones under a new key.
    fn replace_records(&mut self) -> Result<Forge> {
        let anchor = Anchor::load(self.folder.path()).ok_or(PhoneError::NotEnrolled)?;
        // A key storage that can't be asked now must not end in a new key: it is asked before anything is moved.
        let old = anchor.key(self.keys.as_ref())?;
        // SQLite must let go of the file before it is moved, and nothing may be recorded meanwhile.
        let parked = SqliteStore::parked(self.keys.as_ref())?;
        drop(std::mem::replace(&mut self.store, parked));
        self.member = None;
        let kept = self.folder.move_aside()?;
        let (store, _) = self.folder.store(self.keys.as_ref())?;
        self.store = store;
        self.shelf = Shelf::default();
        self.found = Found::Replaced { kept, why: "a stored row can't be read".into() };
        self.recover(&anchor, old)?;
        self.keep_found();
        Ok(self.member()?.machine.forge().clone())
    }

    /// Reads from the store; a copy of another's chain that doesn't open is dropped on the way and asked for again.
    pub fn read<R>(&mut self, mut work: impl FnMut(&mut dyn Rows) -> std::result::Result<R, StoreError>) -> Result<R> {
        loop {
            match self.store.read(&mut work) {
                Err(StoreError::Row { table: "entry", key }) => self.drop_chain(&key)?,
                other => return Ok(other?),
            }
        }
    }

    fn drop_chain(&mut self, key: &[u8]) -> Result<()> {
        let forge = self.member()?.machine.forge().clone();
        let broken = || PhoneError::Failed("a stored entry can't be read".into());
        let (doc, actor): (DocId, _) = chain_of_key(key).ok_or_else(broken)?;
        let dropped = self.store.write(|rows| drop_unreadable(rows, &forge, doc, actor))?;
        self.shelf.forget(doc);
        if dropped { Ok(()) } else { self.replace_records().map(|_| ()) }
    }
}
