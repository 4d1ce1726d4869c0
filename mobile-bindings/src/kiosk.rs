//! The kiosk, and the PINs for it.

use sanji_core::ids::PostingId;

use crate::day::{Check, Direction, Entry};
use crate::given::{Result, entry, id, posting};
use crate::phone::Phone;

/// Somebody who may check in at this kiosk.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KioskPerson {
    /// The posting.
    pub posting: String,
    /// The name.
    pub name: String,
    /// Whether a PIN is set; without one the person can't check in here.
    pub has_pin: bool,
}

#[uniffi::export]
impl Phone {
    /// Who may check in at this kiosk, by name.
    pub fn kiosk_people(&self) -> Result<Vec<KioskPerson>> {
        let people = self.core().kiosk_people()?.into_iter();
        Ok(people
            .map(|one| KioskPerson { posting: one.posting.to_string(), name: one.name, has_pin: one.has_pin })
            .collect())
    }

    /// Checks somebody in or out at this kiosk, with that person's PIN.
    pub fn kiosk_check(&self, posting_id: String, pin: String, direction: Direction) -> Result<Entry> {
        let posting: PostingId = id("posting", &posting_id)?;
        Ok(self.core().kiosk_check(posting, &pin, direction.into())?.into())
    }

    /// Takes back a check at this kiosk within five minutes, with the same PIN.
    pub fn kiosk_void(&self, check: Entry, pin: String) -> Result<Entry> {
        Ok(self.core().kiosk_void(&entry(&check)?, &pin)?.into())
    }

    /// The last taps of a person at this kiosk, newest first, with that person's PIN.
    pub fn kiosk_taps(&self, posting_id: String, pin: String, most: u32) -> Result<Vec<Check>> {
        let taps = self.core().kiosk_taps(id("posting", &posting_id)?, &pin, most as usize)?;
        Ok(taps.into_iter().map(Into::into).collect())
    }

    /// The kiosks of a school, as far as this phone has heard of them.
    pub fn kiosks(&self, school: String) -> Result<Vec<String>> {
        Ok(self.core().kiosks(id("school", &school)?)?.iter().map(ToString::to_string).collect())
    }

    /// Sets the PIN of the own posting at every kiosk of its school; a principal names the posting of somebody who has no
    /// phone. Where it fails, it is to be set again.
    pub fn set_pin(&self, posting_id: Option<String>, pin: String) -> Result<Vec<Entry>> {
        Ok(self.core().set_pin(posting(posting_id)?, &pin)?.into_iter().map(Into::into).collect())
    }
}
