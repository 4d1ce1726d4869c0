//! Publishing a week: an immutable snapshot of the school's table as this phone knows it, with what it lacked.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use super::home::Home;
use crate::ids::{DocId, SchoolId};
use crate::policy::Chapter;
use crate::review::{WeekRow, WeekTable, act};
use crate::sync::phone::state::{Latest, fact};
use crate::sync::phone::{Draft, Recorded};
use crate::sync::wire;
use crate::time::UtcSecs;

/// A school's week as whoever publishes it should know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekToPublish {
    /// When it was last published, as it is judged; absent if it was not, or that has not arrived.
    pub published: Option<UtcSecs>,
    /// The names of those of whom something has not arrived that a judged day waits for.
    pub missing: Vec<String>,
}

impl Home {
    fn week_rows(&mut self, school: SchoolId, monday: Date) -> Result<Vec<WeekRow>> {
        let now = self.now()?;
        let mut rows: Vec<WeekRow> = Vec::new();
        for colleague in self.colleagues(school, monday)? {
            let (person, posting) = (colleague.row.person, colleague.posting);
            let mut cells = Vec::with_capacity(7);
            for offset in 0..7 {
                cells.push(self.cell(person, posting, school, monday.saturating_add(offset.days()), now)?);
            }
            rows.push(WeekRow { posting, name: colleague.row.name, cells });
        }
        Ok(rows)
    }

    fn last_published(&mut self, school: SchoolId, monday: Date) -> Result<Option<UtcSecs>> {
        let register = self.register(DocId::register(school, monday))?;
        let published = register.publications.iter().filter(|said| said.value.monday == monday);
        Ok(published.map(|said| said.source.placed.judged).max())
    }
}

impl Phone {
    /// Publishes a school's week (本周考勤公布). What arrives later shows as an amendment.
    ///
    /// # Errors
    /// When `monday` is no Monday, the week isn't over, the phone has never synced, or the county names no pack.
    pub fn publish_week(&self, school: SchoolId, monday: Date) -> Result<Recorded> {
        self.record(|home| {
            act::publishable(monday, home.now()?)?;
            let latest = home.read(fact::<Latest>)?;
            let head = latest.and_then(|latest| wire::decode_signed_head(&latest.head.0).ok());
            let head = head.ok_or_else(|| PhoneError::Offline("the phone has not synced yet".into()))?.head;
            let county = home.county()?;
            let (pack, _) = county
                .pack(Chapter::Office, monday, school)
                .ok_or_else(|| PhoneError::invalid("school", Problem::NoRules))?;
            let table = WeekTable::of(&home.week_rows(school, monday)?);
            let blob = home.new_blob(&table.bytes)?;
            let body = table.publication(monday, (head.n, head.l), pack, blob.hash);
            Ok(Draft::new(DocId::register(school, monday), body).blob(blob))
        })
    }

    /// A school's week, named by its Monday, before it is published.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn week_to_publish(&self, school: SchoolId, monday: Date) -> Result<WeekToPublish> {
        self.with(|home| {
            let rows = home.week_rows(school, monday)?;
            let lacked = WeekTable::of(&rows).lacked;
            let missing = rows.into_iter().filter(|row| lacked.iter().any(|lack| lack.posting == row.posting));
            Ok(WeekToPublish {
                published: home.last_published(school, monday)?,
                missing: missing.map(|row| row.name).collect(),
            })
        })
    }

    /// The week, by its Monday, that waits to be published: from the weekday on that the county names, else as soon as it is
    /// over; one with a judged school day on which somebody was there.
    ///
    /// # Errors
    /// As [`Phone::week_to_publish`].
    pub fn week_due(&self, school: SchoolId) -> Result<Option<Date>> {
        self.with(|home| {
            let (today, county) = (home.now()?.date(), home.county()?);
            let from = county.publish_day().unwrap_or(Weekday::Monday);
            let Some(monday) = county.week_due(school, today, from) else { return Ok(None) };
            if home.last_published(school, monday)?.is_some() {
                return Ok(None);
            }
            let rows = home.week_rows(school, monday)?;
            let mut cells = rows.iter().flat_map(|row| &row.cells).flatten();
            Ok(cells.any(|cell| !cell.result.times().presence.is_empty()).then_some(monday))
        })
    }
}
