//! Publishing a week: an immutable snapshot of the school's table as this phone knows it, with what it lacked.

use jiff::ToSpan;
use jiff::civil::Date;

use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use crate::ids::{DocId, Label, SchoolId};
use crate::policy::Chapter;
use crate::review::{WeekRow, WeekTable, act};
use crate::sync::phone::state::{Latest, fact};
use crate::sync::phone::{Draft, Recorded};
use crate::sync::wire;

impl Phone {
    /// Publishes a school's week (本周考勤公布). What arrives later shows as an amendment.
    ///
    /// # Errors
    /// When `monday` is no Monday, the week isn't over, the phone has never synced, or the county names no pack.
    pub fn publish_week(&self, school: SchoolId, monday: Date) -> Result<Recorded> {
        self.record(|home| {
            let now = home.now()?;
            act::publishable(monday, now)?;
            let latest = home.read(fact::<Latest>)?;
            let head = latest.and_then(|latest| wire::decode_signed_head(&latest.head.0).ok());
            let head = head.ok_or_else(|| PhoneError::Offline("the phone has not synced yet".into()))?.head;
            let county = home.county(Label::year_of(monday))?;
            let (pack, _) = county
                .pack(Chapter::Office, monday, school)
                .ok_or_else(|| PhoneError::invalid("school", Problem::NoRules))?;
            let mut rows: Vec<WeekRow> = Vec::new();
            for colleague in home.colleagues(school, monday)? {
                let (person, posting) = (colleague.row.person, colleague.posting);
                let mut cells = Vec::with_capacity(7);
                for offset in 0..7 {
                    let date = monday.saturating_add(offset.days());
                    cells.push(home.cell(person, posting, school, date, now)?);
                }
                rows.push(WeekRow { posting, name: colleague.row.name, cells });
            }
            let table = WeekTable::of(&rows);
            let blob = home.new_blob(&table.bytes)?;
            let body = table.publication(monday, (head.n, head.l), pack, blob.hash);
            Ok(Draft::new(DocId::register(school, monday), body).blob(blob))
        })
    }
}
