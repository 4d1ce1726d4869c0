//! The handle that an app holds.

use std::sync::{Arc, Mutex, PoisonError};

use super::config::{Network, PhoneConfig, SharedRng};
use super::day::{CheckLine, EntryAt, PostingDay, StaffDay, Today};
use super::error::{PhoneError, Result};
use super::found::Found;
use super::home::Home;
use super::http::Relays;
use super::listener::{Listener, Listeners, PhoneEvent, Subscription};
use super::people::{Colleague, MyPosting};
use super::queue::{Conflict, Flagged, Pending, Unsent};
use crate::crypto::PublicKey;
use crate::ids::{ActorId, PostingId, SchoolId};
use crate::sync::enrol::Card;
use crate::sync::phone::state::Holder;
use crate::sync::phone::{Draft, Limits, Receipt, Recorded, Standing, answer, standing};
use crate::time::UtcSecs;
use jiff::civil::Date;

/// One phone. Clones are the same phone.
#[derive(Clone)]
pub struct Phone {
    pub(super) shared: Arc<Shared>,
}

/// What the clones of a phone share.
pub(super) struct Shared {
    home: Mutex<Option<Home>>,
    folder: std::path::PathBuf,
    keys: Arc<dyn crate::store::KeyProvider>,
    clock: Arc<dyn super::Clock>,
    rng: SharedRng,
    pub limits: Limits,
    pub network: Network,
    pub connectivity: Option<Arc<dyn super::Connectivity>>,
    pub listeners: Listeners,
    /// Held while a sync runs; keeps the connections of the last one.
    pub syncing: tokio::sync::Mutex<Option<(Card, Arc<Relays>)>>,
}

impl Shared {
    /// Works on the open phone.
    pub fn with<R>(&self, work: impl FnOnce(&mut Home) -> Result<R>) -> Result<R> {
        let mut home = self.home.lock().unwrap_or_else(PoisonError::into_inner);
        work(home.as_mut().ok_or(PhoneError::Closed)?)
    }

    fn open(&self) -> Result<Home> {
        let (keys, clock) = (Arc::clone(&self.keys), Arc::clone(&self.clock));
        Home::open(&self.folder, keys, clock, Box::new(self.rng.clone()), self.limits)
    }
}

impl Phone {
    /// Opens a phone's folder, or makes it.
    ///
    /// # Errors
    /// When another process has it open, the key storage can't be asked now, its records are newer than this version, or the
    /// disk is full: nothing is moved or made then. Records that can't be opened are kept beside, and new ones begun: [`Phone::found`] says so.
    pub fn open(config: PhoneConfig) -> Result<Self> {
        let PhoneConfig { folder, keys, clock, rng, limits, network, connectivity } = config;
        let shared = Shared {
            home: Mutex::new(None),
            folder,
            keys,
            clock,
            rng: SharedRng::new(rng),
            limits,
            network,
            connectivity,
            listeners: Listeners::default(),
            syncing: tokio::sync::Mutex::new(None),
        };
        let phone = Phone { shared: Arc::new(shared) };
        phone.resume()?;
        Ok(phone)
    }

    /// Writes everything back and lets go of the file, so that the system may stop the process. Doing it twice does no harm.
    ///
    /// # Errors
    /// When the last write fails; the file is let go of all the same.
    pub fn pause(&self) -> Result<()> {
        let home = self.shared.home.lock().unwrap_or_else(PoisonError::into_inner).take();
        match home {
            Some(mut home) => Ok(home.store.checkpoint()?),
            None => Ok(()),
        }
    }

    /// Opens the file again after [`Phone::pause`]. Doing it twice does no harm.
    ///
    /// # Errors
    /// As [`Phone::open`].
    pub fn resume(&self) -> Result<()> {
        let mut home = self.shared.home.lock().unwrap_or_else(PoisonError::into_inner);
        if home.is_none() {
            *home = Some(self.shared.open()?);
        }
        Ok(())
    }

    /// As [`Phone::pause`]; what is called afterwards says that the phone is closed.
    ///
    /// # Errors
    /// As [`Phone::pause`].
    pub fn close(&self) -> Result<()> {
        self.pause()
    }

    pub(super) fn with<R>(&self, work: impl FnOnce(&mut Home) -> Result<R>) -> Result<R> {
        self.shared.with(work)
    }

    /// Records an entry and tells whoever listens.
    pub(super) fn record(&self, make: impl FnOnce(&mut Home) -> Result<Draft>) -> Result<Recorded> {
        let recorded = self.with(|home| {
            let draft = make(home)?;
            home.record(&draft)
        })?;
        self.shared.listeners.tell(&[PhoneEvent::Changed(vec![recorded.doc])]);
        Ok(recorded)
    }

    /// Tells `listener` what happens, as long as the subscription lives.
    #[must_use = "listening ends when the subscription is dropped"]
    pub fn listen(&self, listener: Arc<dyn Listener>) -> Subscription {
        self.shared.listeners.add(listener)
    }

    /// How the records were found when they were opened: said for a day from the first call on.
    ///
    /// # Errors
    /// When the phone is closed.
    pub fn found(&self) -> Result<Found> {
        self.with(|home| Ok(home.found()))
    }

    /// The public key of this phone, for a principal's certificate. It is drawn at the first call.
    ///
    /// # Errors
    /// When the store fails.
    pub fn device_key(&self) -> Result<PublicKey> {
        self.with(Home::device_key)
    }

    /// The actor under which this phone writes now; absent before enrolment.
    ///
    /// # Errors
    /// When the phone is closed.
    pub fn actor(&self) -> Result<Option<ActorId>> {
        self.with(|home| Ok(home.member.as_ref().map(|member| member.machine.forge().actor())))
    }

    /// Whose phone this is.
    ///
    /// # Errors
    /// When it is nobody's yet.
    pub fn holder(&self) -> Result<Holder> {
        self.with(|home| Ok(home.member()?.holder.clone()))
    }

    /// The county that this phone belongs to.
    ///
    /// # Errors
    /// When it belongs to none yet.
    pub fn card(&self) -> Result<Card> {
        self.with(|home| Ok(home.member()?.card.clone()))
    }

    /// The instant by which a record made now would be judged: the phone's best knowledge of the relay's clock.
    ///
    /// # Errors
    /// When the store fails.
    pub fn now(&self) -> Result<UtcSecs> {
        self.with(Home::now)
    }

    /// What the first screen shows, from the phone's own state.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn today(&self) -> Result<Today> {
        self.with(Home::today)
    }

    /// The person's postings today.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn postings(&self) -> Result<Vec<MyPosting>> {
        self.with(|home| {
            let date = home.now()?.date();
            home.postings(date)
        })
    }

    /// One of the person's days.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn day(&self, posting: Option<PostingId>, date: Date) -> Result<PostingDay> {
        self.with(|home| {
            let now = home.now()?;
            let posting = home.posting(date, posting)?;
            home.posting_day(posting, date, now)
        })
    }

    /// One of the person's weeks, Monday to Sunday.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn week(&self, posting: Option<PostingId>, monday: Date) -> Result<Vec<PostingDay>> {
        self.with(|home| {
            let posting = home.posting(monday, posting)?;
            home.week(&posting, monday)
        })
    }

    /// A school's day, as far as its documents may be read here.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn school_day(&self, school: SchoolId, date: Date) -> Result<Vec<StaffDay>> {
        self.with(|home| home.school_day(school, date))
    }

    /// The checks of a colleague's day, by time, as far as they may be read here.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn colleague_checks(&self, posting: PostingId, date: Date) -> Result<Vec<CheckLine>> {
        self.with(|home| home.checks(posting, date))
    }

    /// The roster of a school on a date.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn colleagues(&self, school: SchoolId, date: Date) -> Result<Vec<Colleague>> {
        self.with(|home| home.colleagues(school, date))
    }

    /// What has not reached the relay, and why.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn unsent(&self) -> Result<Unsent> {
        self.with(Home::unsent)
    }

    /// Whether the relay takes this phone's records, as far as it said so; a kiosk's as well.
    ///
    /// # Errors
    /// When the store fails.
    pub fn standing(&self) -> Result<Standing> {
        self.with(|home| home.read(standing))
    }

    /// What waits for a decision of this phone's person.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn pending(&self) -> Result<Vec<Pending>> {
        self.with(Home::pending)
    }

    /// Entries that don't count, and why.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn flagged(&self) -> Result<Vec<Flagged>> {
        self.with(Home::flagged)
    }

    /// What two people changed at the same time.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn conflicts(&self) -> Result<Vec<Conflict>> {
        self.with(Home::conflicts)
    }

    /// Receipts of the relay for this phone's pushes: with an entry, proof of its delivery that shows nobody else's data.
    ///
    /// # Errors
    /// As [`Phone::today`].
    pub fn receipts(&self) -> Result<Vec<Receipt>> {
        self.with(|home| home.read(answer::receipts))
    }

    /// A document as this phone has it: what arrived, and what waits here. Empty if nothing of it is here. For diagnostics and
    /// for comparing with a relay.
    ///
    /// # Errors
    /// When the store fails.
    pub fn journal(&self, doc: crate::ids::DocId) -> Result<crate::documents::journal::Journal> {
        self.with(|home| Ok(home.journal(doc)?.as_ref().clone()))
    }

    /// An entry as its document shows it.
    ///
    /// # Errors
    /// When it isn't here.
    pub fn entry(&self, at: &EntryAt) -> Result<crate::documents::journal::Item> {
        self.with(|home| {
            let journal = home.journal(at.doc)?;
            let fold = journal.fold();
            let found = fold.lines().iter().find(|line| line.entry_ref() == at.entry).map(|line| line.item().clone());
            found.ok_or(PhoneError::NotHere)
        })
    }
}
