//! A school's profile: as it stands, and set anew.

use jiff::civil::{Date, Time};

use super::error::Result;
use super::handle::Phone;
use crate::documents::school::profile_on;
use crate::ids::{DocId, SchoolId};
use crate::records::ProfileSet;
use crate::review::act;
use crate::sync::phone::{Draft, Recorded};

/// A school's profile as it stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolProfile {
    /// Whether it is judged by the boarding row: as the school says, else the county.
    pub boarding: bool,
    /// When pupils go home, if the school said so.
    pub dismissal: Option<Time>,
    /// The school's own windows, beginnings and ends in turn; empty where it has those of the scheme.
    pub windows: Vec<Time>,
    /// The version of its filed rules (细则), if it filed some.
    pub rules_version: Option<String>,
    /// Whether the scheme lets it have windows of its own.
    pub shifts_windows: bool,
}

impl Phone {
    /// A school's profile as it stands on a day.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn profile(&self, school: SchoolId, date: Date) -> Result<SchoolProfile> {
        self.with(|home| {
            let (county, around) = (home.county()?, home.around(school, date)?);
            let held = profile_on(&around.schools, date);
            let rules = county.school(school).map(|set| county.rules_of(set, &around.schools, date));
            Ok(SchoolProfile {
                boarding: rules.is_some_and(|rules| rules.boarding),
                dismissal: held.dismissal.map(|row| row.now.value),
                windows: held.windows.map_or(Vec::new(), |row| row.now.value),
                rules_version: held.rules_version.map(|row| row.now.value),
                shifts_windows: county.shifts_windows(school, date),
            })
        })
    }

    /// Sets fields of a school's profile; fields that are left out stay as they were. Only what differs from what stands is
    /// recorded: `None` if nothing does.
    ///
    /// # Errors
    /// When the scheme doesn't let the school have these windows (its days could not be judged by them), the county's rules
    /// have not arrived, or the entry can't be saved.
    pub fn set_profile(&self, school: SchoolId, mut profile: ProfileSet) -> Result<Option<Recorded>> {
        let doc = DocId::school(school, profile.from);
        let draft = self.with(|home| {
            let (county, around) = (home.county()?, home.around(school, profile.from)?);
            // What the county says already needn't be said by the school.
            let said = profile_on(&around.schools, profile.from).boarding.is_some();
            let boards = county.school(school).is_some_and(|set| set.boarding == Some(true));
            profile.boarding = profile.boarding.filter(|boarding| said || *boarding != boards);
            let changed = act::set_profile(&county, school, &around.schools, home.school(doc)?.as_ref(), profile)?;
            Ok(changed.map(|(re, set)| Draft::new(doc, set).re(re)))
        })?;
        draft.map(|draft| self.record(|_| Ok(draft))).transpose()
    }
}
