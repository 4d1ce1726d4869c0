//! The phone that an app drives.

use std::sync::Arc;

use sanji_core::phone as core;

use crate::cancel::Cancellation;
use crate::day::{Direction, Entry, Fix, Now, Place, PostingDay, Today};
use crate::error::PhoneError;
use crate::given::{Result, date, posting};
use crate::sending::{Standing, SyncOutcome, Unsent};
use crate::shell::{Clock, Clocks, Connectivity, KeyStorage, Keys, Listener, Online, Told};

/// How the records were found when the phone was opened.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Records {
    /// As they were left.
    Sound,
    /// They went back to an earlier state: the phone took a new key, and what had not been sent is issued again.
    WentBack,
    /// They could not be opened; the old file is kept, and recording goes on in a new one.
    Replaced {
        /// Where the old file is.
        kept: String,
        /// Why it could not be opened, for diagnostics.
        reason: String,
    },
}

/// The records of one person, or of one kiosk, in a folder of their own.
#[derive(uniffi::Object)]
pub struct Phone(core::Phone);

/// Listening lasts as long as this is kept.
#[derive(uniffi::Object)]
pub struct Subscription {
    _kept: core::Subscription,
}

/// Whose phone this is.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Owner {
    /// The person; absent for a kiosk.
    pub person: Option<String>,
    /// The kiosk's school; absent for a person.
    pub kiosk: Option<String>,
    /// The device under which it writes now.
    pub device: String,
    /// The addresses of the county's relays.
    pub relays: Vec<String>,
    /// The person's postings today.
    pub postings: Vec<Posting>,
}

/// A posting of the phone's person.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Posting {
    /// The posting.
    pub posting: String,
    /// Its school.
    pub school: String,
    /// The school's name, once it has arrived.
    pub school_name: Option<String>,
    /// The role's code: its text stands under `role-<code>`.
    pub role: String,
    /// The name in the roster, once it has arrived.
    pub name: Option<String>,
    /// The last day, if it is known.
    pub to: Option<String>,
}

impl From<core::MyPosting> for Posting {
    fn from(posting: core::MyPosting) -> Self {
        Posting {
            posting: posting.posting.to_string(),
            school: posting.school.to_string(),
            school_name: posting.school_name,
            role: posting.role.name().to_owned(),
            name: posting.name,
            to: posting.to.map(|to| to.to_string()),
        }
    }
}

impl Phone {
    pub(crate) fn core(&self) -> &core::Phone {
        &self.0
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl Phone {
    /// Opens a phone's folder, or makes it. One process may have it open.
    #[uniffi::constructor]
    pub fn open(
        folder: String,
        keys: Arc<dyn KeyStorage>,
        clock: Arc<dyn Clock>,
        connectivity: Option<Arc<dyn Connectivity>>,
    ) -> Result<Arc<Self>> {
        let mut config = core::PhoneConfig::new(folder, Arc::new(Keys(keys)), Arc::new(Clocks(clock)));
        config.connectivity = connectivity.map(|system| Arc::new(Online(system)) as Arc<dyn core::Connectivity>);
        Ok(Arc::new(Phone(core::Phone::open(config)?)))
    }

    /// How the records were found.
    pub fn records(&self) -> Result<Records> {
        Ok(match self.0.found()? {
            core::Found::Sound => Records::Sound,
            core::Found::WentBack => Records::WentBack,
            core::Found::Replaced { kept, why } => Records::Replaced { kept: kept.display().to_string(), reason: why },
        })
    }

    /// Whether this is somebody's phone already.
    pub fn is_enrolled(&self) -> Result<bool> {
        Ok(self.0.actor()?.is_some())
    }

    /// Makes this the phone of whoever the invitation is for: the text of its QR code. The same invitation again gets the
    /// same answer, so a cut transfer costs nothing.
    pub async fn enrol(&self, invitation: String) -> Result<()> {
        Ok(self.0.enrol(&invitation).await?)
    }

    /// As `enrol`, by an address (`host:port`) and the typed code of 20 characters.
    pub async fn enrol_typed(&self, address: String, code: String) -> Result<()> {
        Ok(self.0.enrol_typed(&address, &code).await?)
    }

    /// Whose phone this is.
    pub fn owner(&self) -> Result<Owner> {
        let (holder, card) = (self.0.holder()?, self.0.card()?);
        let postings = if holder.person.is_some() { self.0.postings()? } else { Vec::new() };
        Ok(Owner {
            person: holder.person.map(|person| person.to_string()),
            kiosk: holder.kiosk.map(|school| school.to_string()),
            device: self.0.actor()?.map_or_else(String::new, |actor| actor.to_string()),
            relays: card.addresses,
            postings: postings.into_iter().map(Into::into).collect(),
        })
    }

    /// One of the person's days.
    pub fn day(&self, posting_id: Option<String>, day: String) -> Result<PostingDay> {
        Ok(self.0.day(posting(posting_id)?, date("day", &day)?)?.into())
    }

    /// One of the person's weeks, Monday to Sunday.
    pub fn week(&self, posting_id: Option<String>, monday: String) -> Result<Vec<PostingDay>> {
        Ok(self.0.week(posting(posting_id)?, date("monday", &monday)?)?.into_iter().map(Into::into).collect())
    }

    /// The instant by which a record made now would be judged, whatever the phone's wall clock says.
    pub fn now(&self) -> Result<Now> {
        let now = self.0.now()?;
        Ok(Now { date: now.date().to_string(), secs: now.0 })
    }

    /// What the first screen shows, from the phone's own state.
    pub fn today(&self) -> Result<Today> {
        Ok(self.0.today()?.into())
    }

    /// Checks in or out. The posting may be left out by who has one; the place is given only where the county wants it.
    pub fn check(&self, posting_id: Option<String>, direction: Direction, place: Option<Place>) -> Result<Entry> {
        Ok(self.0.check(posting(posting_id)?, direction.into(), place.map(Into::into))?.into())
    }

    /// Whether the county wants to know if a check is made at the school: only then is the system asked for a place.
    pub fn place_wanted(&self, posting_id: Option<String>) -> Result<bool> {
        Ok(self.0.place_wanted(posting(posting_id)?)?)
    }

    /// What a check says of a place; without a fix it is unknown.
    pub fn place(&self, posting_id: Option<String>, fix: Option<Fix>) -> Result<Place> {
        Ok(self.0.place(posting(posting_id)?, fix.map(Into::into).as_ref())?.into())
    }

    /// Takes back one's own entry of the last five minutes.
    pub fn void_entry(&self, entry: Entry) -> Result<Entry> {
        Ok(self.0.void(&(&entry).try_into()?)?.into())
    }

    /// What has not reached the relay, and why.
    pub fn unsent(&self) -> Result<Unsent> {
        Ok(self.0.unsent()?.into())
    }

    /// Whether the relay takes this phone's records, as far as it said so; a kiosk's as well.
    pub fn standing(&self) -> Result<Standing> {
        Ok(self.0.standing()?.into())
    }

    /// Syncs until nothing more can be done now. No connection is an outcome, not an error; being cancelled is no connection
    /// as an error.
    #[uniffi::method(default(cancellation = None))]
    pub async fn sync_now(&self, cancellation: Option<Arc<Cancellation>>) -> Result<SyncOutcome> {
        let sync = self.0.sync_now();
        let outcome = match cancellation {
            Some(cancellation) => cancellation.unless(sync).await.ok_or_else(PhoneError::cancelled)?,
            None => sync.await,
        };
        Ok(outcome?.into())
    }

    /// Tells the listener what happens, as long as the subscription is kept.
    pub fn listen(&self, listener: Arc<dyn Listener>) -> Arc<Subscription> {
        Arc::new(Subscription { _kept: self.0.listen(Arc::new(Told(listener))) })
    }

    /// Lets go of the file, so that the system may stop the process. Doing it twice does no harm.
    pub fn pause(&self) -> Result<()> {
        Ok(self.0.pause()?)
    }

    /// Opens the file again after `pause`. Doing it twice does no harm.
    pub fn resume(&self) -> Result<()> {
        Ok(self.0.resume()?)
    }
}
