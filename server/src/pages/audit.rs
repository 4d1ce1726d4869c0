//! Who looked at whose records. Whoever reviews a scope reads a person's entries when there is a reason to; each look is
//! written down before the page leaves, and a look that can't be written down isn't shown.

use rusqlite::Connection;
use sanji_core::ids::{Label, PersonId, PostingId, SchoolId};
use sanji_core::time::{UtcMs, days_since_epoch};

use super::PageError;
use super::access::Viewer;
use crate::app::SharedApp;
use crate::store::SqliteLedger;
use crate::tables::period::Period;

/// The table of this module: no foreign keys, since a look outlives account, person and posting.
pub(crate) const SCHEMA: &str = "
CREATE TABLE look (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    account TEXT NOT NULL,
    person BLOB NOT NULL,
    page TEXT NOT NULL,
    school BLOB,
    posting BLOB,
    day INTEGER
) STRICT;
CREATE INDEX look_posting ON look (posting, day);
";

/// What somebody looks at.
#[derive(Clone, Copy, Debug)]
pub enum Look {
    /// The entries of one posting's day.
    Day(SchoolId, PostingId, jiff::civil::Date),
    /// The entries of one posting's term.
    Term(SchoolId, PostingId, Label),
    /// The entries of the scope that don't count.
    Flagged,
    /// The figures of a school over a week, month or term, taken away as a file.
    Export(SchoolId, Period),
    /// The requests that wait for the viewer's decision.
    Queue,
}

fn write(sql: &Connection, account: &str, person: PersonId, look: Look, now: UtcMs) -> rusqlite::Result<()> {
    let (page, school, posting, day) = match look {
        Look::Day(school, posting, day) => {
            ("day".to_owned(), Some(school.0), Some(posting.0), Some(days_since_epoch(day)))
        }
        Look::Term(school, posting, term) => {
            (format!("term {term}"), Some(school.0), Some(posting.0), Some(days_since_epoch(term.days().0)))
        }
        Look::Flagged => ("flagged".to_owned(), None, None, None),
        Look::Export(school, period) => {
            (format!("export {period}"), Some(school.0), None, Some(days_since_epoch(period.days().first)))
        }
        Look::Queue => ("queue".to_owned(), None, None, None),
    };
    let text =
        "INSERT INTO look (at_ms, account, person, page, school, posting, day) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    sql.prepare_cached(text)?.execute((now.0, account, &person.0[..], page, school, posting, day)).map(|_| ())
}

/// Writes a look down.
///
/// # Errors
/// When it could not be stored: then nothing may be shown.
pub(crate) async fn note(app: &SharedApp, viewer: &Viewer, look: Look) -> Result<(), PageError> {
    let (account, person) = (viewer.account.clone(), viewer.person);
    let work = move |store: &mut SqliteLedger, now| write(store.sql(), &account, person, look, now);
    match app.writer.run(work).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(PageError::Unavailable),
    }
}
