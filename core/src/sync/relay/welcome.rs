//! The answer to a device that shows an invitation.

use super::book::{Book, after};
use super::rows::DeviceRow;
use super::{Relay, RelayError};
use crate::sync::enrol::{EnrolAnswer, EnrolRequest, EnrolledPosting};
use crate::sync::ledger::{Ledger, LedgerError, Table};
use crate::sync::message::{Refusal, SignedRow};
use crate::sync::wire;
use crate::time::UtcMs;

impl Relay {
    /// Enrols the device that signed the request, and tells it for whom. The same request again gives the same device.
    ///
    /// # Errors
    /// When the request isn't this county's or isn't signed by its key, the invitation doesn't hold, or the store fails.
    pub fn welcome(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        request: &EnrolRequest,
    ) -> Result<EnrolAnswer, RelayError> {
        if request.county != self.county() {
            return Err(Refusal::Certificate("the invitation is another county's".into()).into());
        }
        if !request.is_signed() {
            return Err(Refusal::Signature.into());
        }
        let device = self.accept_invitation(ledger, now, &request.invitation, request.key)?;
        self.welcomed(ledger, now, &device)
    }

    /// What a device is told of itself when it is enrolled.
    pub(super) fn welcomed(
        &self,
        ledger: &mut dyn Ledger,
        now: UtcMs,
        device: &DeviceRow,
    ) -> Result<EnrolAnswer, RelayError> {
        let postings = match device.person {
            Some(person) => self.postings(ledger, person, now.secs().date())?,
            None => Vec::new(),
        };
        let object = device.person.map(|person| person.0).or(device.school.map(|school| school.0));
        let rows = match object {
            Some(object) => Book::new(self.county(), ledger).rows_about(&object)?,
            None => Vec::new(),
        };
        Ok(EnrolAnswer {
            device: device.number,
            person: device.person,
            kiosk: device.school.filter(|_| device.person.is_none()),
            postings: postings
                .into_iter()
                .map(|(posting, row)| EnrolledPosting { posting, school: row.school, role: row.role })
                .collect(),
            rows,
            relay: now,
        })
    }
}

impl Book<'_> {
    /// The signed rows about a person or school, by its 8 bytes of id.
    fn rows_about(&mut self, object: &[u8; 8]) -> Result<Vec<SignedRow>, LedgerError> {
        let rows = self.ledger.scan(Table::Row, object, &after(object), usize::MAX, false)?;
        let read = |bytes: &Vec<u8>| wire::decode_signed_row(bytes).map_err(|e| LedgerError::Corrupt(e.to_string()));
        rows.iter().map(|(_, bytes)| read(bytes)).collect()
    }
}
