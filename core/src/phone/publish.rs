//! Publishing a week: an immutable snapshot of the school's table as this phone knows it, with what it lacked.

use jiff::ToSpan;
use jiff::civil::Date;

use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use crate::crypto::sha256;
use crate::ids::{DocId, Label, SchoolId};
use crate::labels;
use crate::policy::Chapter;
use crate::records::field::Bytes;
use crate::records::{Lack, Publication};
use crate::review::{WeekRow, pack_hash, week_table};
use crate::rules;
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
            if monday.weekday() != jiff::civil::Weekday::Monday {
                return Err(PhoneError::invalid("monday", Problem::NotMonday));
            }
            let now = home.now()?;
            let sunday = monday.checked_add(6.days()).unwrap_or(monday);
            if now.date() <= sunday {
                return Err(PhoneError::invalid("monday", Problem::WeekNotOver));
            }
            let latest = home.read(fact::<Latest>)?;
            let head = latest.and_then(|latest| wire::decode_signed_head(&latest.head.0).ok());
            let head = head.ok_or_else(|| PhoneError::Offline("the phone has not synced yet".into()))?.head;
            let county = home.county(Label::year_of(monday))?;
            let (pack, _) = county
                .pack(Chapter::Office, monday, school)
                .ok_or_else(|| PhoneError::invalid("school", Problem::NoRules))?;
            let (mut table, mut lacked): (Vec<WeekRow>, Vec<Lack>) = (Vec::new(), Vec::new());
            for colleague in home.colleagues(school, monday)? {
                let mut cells = Vec::with_capacity(7);
                for offset in 0..7 {
                    let date = monday.checked_add(offset.days()).unwrap_or(monday);
                    let cell = home.cell(colleague.row.person, colleague.posting, school, date, now)?;
                    for wait in cell.iter().flat_map(|cell| &cell.waits) {
                        let lack = Lack { posting: colleague.posting, actor: wait.actor, through: wait.through };
                        if !lacked.contains(&lack) {
                            lacked.push(lack);
                        }
                    }
                    cells.push(cell);
                }
                table.push(WeekRow { posting: colleague.posting, name: colleague.row.name, cells });
            }
            let bytes = week_table(&table);
            let rows = home.new_blob(&bytes)?;
            let body = Publication {
                monday,
                log: i64::try_from(head.n.0).unwrap_or(i64::MAX),
                head: head.l,
                pack: pack_hash(pack),
                rules: u32::from(rules::VERSION),
                table: Bytes(sha256(&[labels::PUBLICATION, &bytes]).to_vec()),
                rows: rows.hash,
                lacked,
            };
            Ok(Draft::new(DocId::register(school, monday), body).blob(rows))
        })
    }
}
