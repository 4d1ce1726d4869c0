//! Phones without a network or without their key: handing records over as a file, enrolling beside each other, and being let
//! in again.

use sanji_core::crypto::PublicKey;
use sanji_core::ids::{PersonId, PostingId};

use crate::error::PhoneError;
use crate::given::{Result, id};
use crate::phone::Phone;

/// A file of unsent records.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct BundleFile {
    /// What the file holds: sealed, only the county opens it.
    pub bytes: Vec<u8>,
    /// How many records that wait are in it.
    pub entries: u64,
    /// How many pictures and attachments that wait are in it.
    pub blobs: u64,
    /// Whether nothing that waits was left out.
    pub complete: bool,
}

/// A phone that asks to be let in again.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Asking {
    /// The device.
    pub device: String,
    /// The school.
    pub school: String,
    /// The person's name in the roster; empty for a kiosk.
    pub name: String,
    /// Since when.
    pub since_secs: i64,
    /// Whether it has old records that open with the approval.
    pub recovers: bool,
}

#[uniffi::export]
impl Phone {
    /// This phone's key, to be shown to a principal's phone as a QR code: 64 letters and digits.
    pub fn device_key(&self) -> Result<String> {
        Ok(self.core().device_key()?.0.iter().map(|byte| format!("{byte:02X}")).collect())
    }

    /// Makes a pass for another phone, to be shown to it as a QR code: for somebody of the roster, or, without one, for the
    /// school's kiosk.
    pub fn make_pass(
        &self,
        device_key: String,
        school: String,
        person: Option<String>,
        posting_id: Option<String>,
    ) -> Result<String> {
        let wrong = || PhoneError::unreadable("device_key", "64 letters and digits were expected");
        let digit = |at: usize| u8::from_str_radix(device_key.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..64).step_by(2).map(digit).collect();
        let key = bytes.filter(|_| device_key.len() == 64).and_then(|bytes| bytes.try_into().ok()).ok_or_else(wrong)?;
        let person: Option<PersonId> = crate::given::maybe("person", &person)?;
        let posting: Option<PostingId> = crate::given::maybe("posting", &posting_id)?;
        Ok(self.core().certify(PublicKey(key), id("school", &school)?, person.zip(posting))?)
    }

    /// Makes this the phone of whoever a principal's phone made a pass for, without a network.
    pub fn enrol_with_pass(&self, pass: String) -> Result<()> {
        Ok(self.core().enrol_with_certificate(&pass)?)
    }

    /// What waits here, as a file for any channel.
    pub fn bundle(&self) -> Result<BundleFile> {
        let file = self.core().bundle()?;
        Ok(BundleFile { bytes: file.bytes, entries: file.entries, blobs: file.blobs, complete: file.complete })
    }

    /// The six digits to show to the principal, as long as this phone waits to be let in again.
    pub fn approval_digits(&self) -> Result<Option<String>> {
        Ok(self.core().approval_digits()?)
    }

    /// How many files of earlier records wait for their key.
    pub fn locked_records(&self) -> Result<u32> {
        Ok(u32::try_from(self.core().locked_records()?).unwrap_or(u32::MAX))
    }

    /// How many files of earlier records can't be read. What of them had not been sent is there only: clearing the phone
    /// erases it.
    pub fn damaged_records(&self) -> Result<u32> {
        Ok(u32::try_from(self.core().damaged_records()?).unwrap_or(u32::MAX))
    }

    /// What helps to find out why something doesn't work, to be sent to whoever helps. No personal data.
    pub fn diagnostics(&self) -> Result<String> {
        Ok(self.core().diagnostics()?)
    }

    /// The bytes of this phone's files.
    pub fn storage_bytes(&self) -> Result<u64> {
        Ok(self.core().storage_bytes()?)
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl Phone {
    /// The phones that ask to be let in again at the schools that this person heads.
    pub async fn phones_asking(&self) -> Result<Vec<Asking>> {
        let asking = self.core().phones_asking().await?.into_iter();
        Ok(asking
            .map(|one| Asking {
                device: one.device.to_string(),
                school: one.school.to_string(),
                name: one.name,
                since_secs: one.since.secs().0,
                recovers: one.recovers,
            })
            .collect())
    }

    /// Lets a phone in again, by the six digits that it shows. Where it has earlier records, this is the consent to open them.
    pub async fn approve_phone(&self, device: String, digits: String) -> Result<()> {
        Ok(self.core().approve_phone(id("device", &device)?, &digits).await?)
    }
}
