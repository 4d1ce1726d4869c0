//! The rows of postings and devices. The relay keeps both as tables of its own; here they can be searched and joined.

use sanji_core::ids::SchoolId;
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Relay, RelayError};

use super::tables::{DEVICE, POSTING, Rows};
use super::words::{reason_name, via_name};

/// The postings at a school.
pub(super) fn postings(relay: &Relay, ledger: &mut dyn Ledger, school: SchoolId) -> Result<Rows, RelayError> {
    let mut rows = Rows::default();
    for (posting, row) in Book::new(relay.county(), ledger).postings_of(&school.0)? {
        if row.school == school {
            let fields = [
                (&posting.0[..]).into(),
                (&row.person.0[..]).into(),
                (&school.0[..]).into(),
                row.name.as_str().into(),
                row.role.name().into(),
                row.from.into(),
                row.to.into(),
                row.teaches.into(),
            ];
            rows.add(&POSTING, fields.into());
        }
    }
    Ok(rows)
}

/// All devices. When one was last heard stands in no log, so they are read as a whole.
pub(super) fn devices(relay: &Relay, ledger: &mut dyn Ledger) -> Result<Rows, RelayError> {
    let mut rows = Rows::default();
    let mut book = Book::new(relay.county(), ledger);
    for device in book.devices()? {
        // The last push tells by how much the clock is off: it was built a moment before it arrived.
        let reading = book.reading(device.number, device.last_n)?;
        let fields = [
            device.number.0.into(),
            (&device.actor().0[..]).into(),
            via_name(device.via).into(),
            device.person.as_ref().map(|person| &person.0[..]).into(),
            device.school.as_ref().map(|school| &school.0[..]).into(),
            device.state.name().into(),
            device.since.into(),
            device.mark.into(),
            device.last_seen.into(),
            device.retired.into(),
            device.retired_why.map(reason_name).into(),
            device.revoked.into(),
            reading.map(|reading| reading.wall.saturating_sub(reading.arrival.secs().0)).into(),
        ];
        rows.add(&DEVICE, fields.into());
    }
    Ok(rows)
}

/// What an author's name in a document depends on, of every device that differs between two sets of rows.
pub(super) fn identity(device: &[super::tables::Field]) -> [&super::tables::Field; 4] {
    [&device[0], &device[1], &device[2], &device[3]]
}
