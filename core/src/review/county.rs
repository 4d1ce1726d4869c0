//! What the county document says that a verdict needs: school, pack, calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

use crate::crypto::{PackHash, sha256};
use crate::documents::county::County;
use crate::documents::school::{School as SchoolView, profile_on};
use crate::ids::{GroupId, Label, SchoolId};
use crate::policy::{Calendar, Chapter, Pack, Place, School as SchoolRules, SchoolKind, Window};
use crate::records::{GroupSet, MemberRole, SchoolSet};
use crate::time::HourMinute;

use super::publication::{PUBLISH_DAY, WEEKDAYS, week_over};

/// The setting by which a county turns evidence of place on (`on`); without it nothing asks for a place.
pub const PLACE: &str = "place";

/// The packs that come with the program, by the hash that a county document names.
static PACKS: LazyLock<BTreeMap<PackHash, &'static Pack>> =
    LazyLock::new(|| Pack::built_in().iter().map(|pack| (pack_hash(pack), pack)).collect());

/// The name of a pack in documents: SHA-256 of its source.
pub fn pack_hash(pack: &Pack) -> PackHash {
    PackHash(sha256(&[pack.source().as_bytes()]))
}

/// The packs that come with the program.
pub fn packs() -> &'static BTreeMap<PackHash, &'static Pack> {
    &PACKS
}

/// A county's documents, newest first.
#[derive(Clone, Debug, Default)]
pub struct CountyFacts {
    views: Vec<County>,
    calendar: Calendar,
}

impl CountyFacts {
    /// Facts from the views of a county's documents, each with the school year that it is named for.
    pub fn new(views: impl IntoIterator<Item = (Label, County)>) -> Self {
        let mut views: Vec<(Label, County)> = views.into_iter().collect();
        views.sort_by_key(|(label, _)| std::cmp::Reverse(*label));
        let mut calendar = Calendar::national().clone();
        // Oldest first, so that what a newer document says of a year holds.
        for (_, view) in views.iter().rev() {
            for row in view.calendars.values() {
                let set = &row.now.value;
                calendar.set_year(i16::try_from(set.year).unwrap_or(0), &set.holidays, &set.workdays);
                for terms in set.terms.chunks_exact(4) {
                    calendar.set_terms([terms[0], terms[1], terms[2], terms[3]]);
                }
            }
        }
        CountyFacts { views: views.into_iter().map(|(_, view)| view).collect(), calendar }
    }

    /// The views, newest school year first.
    pub fn views(&self) -> &[County] {
        &self.views
    }

    /// The county's working days.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// A setting, from the newest document that has it.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.views.iter().find_map(|view| view.settings.get(name)).map(|row| row.now.value.value.as_str())
    }

    /// What the county says of a school.
    pub fn school(&self, school: SchoolId) -> Option<&SchoolSet> {
        self.views.iter().find_map(|view| view.schools.get(&school)).map(|row| &row.now.value)
    }

    /// Every school that the county names and that exists on `date`, in the order of ids.
    pub fn schools_on(&self, date: Date) -> Vec<&SchoolSet> {
        let mut by_id: BTreeMap<SchoolId, &SchoolSet> = BTreeMap::new();
        for view in &self.views {
            for (id, row) in &view.schools {
                by_id.entry(*id).or_insert(&row.now.value);
            }
        }
        by_id.into_values().filter(|s| s.from <= date && s.to.is_none_or(|to| date <= to)).collect()
    }

    /// The pack by which a chapter is judged for a school on a date, with whether it is really the one that the county
    /// named: a program that doesn't have that pack judges by its newest and says so.
    pub fn pack(&self, chapter: Chapter, date: Date, school: SchoolId) -> Option<(&'static Pack, bool)> {
        let named = self.views.iter().find_map(|view| view.pack_on(chapter.code(), date, school))?;
        match PACKS.get(&named.now.value.pack) {
            Some(pack) => Some((pack, true)),
            None => Pack::named("hezhang-2021").map(|pack| (pack, false)),
        }
    }

    /// The pack whose obligations a school has on a date: the one named for visits, else the one named for the office, since a
    /// scheme is one document.
    pub fn visits_pack(&self, date: Date, school: SchoolId) -> Option<&'static Pack> {
        let named = |chapter| self.pack(chapter, date, school).map(|(pack, _)| pack);
        named(Chapter::Visits).or_else(|| named(Chapter::Office))
    }

    /// The groups by name, in the order in which the county wrote them.
    pub fn groups(&self) -> Vec<&GroupSet> {
        let mut seen: BTreeSet<GroupId> = BTreeSet::new();
        let mut groups = Vec::new();
        for view in &self.views {
            let mut here: Vec<_> = view.groups.values().map(|row| &row.now).collect();
            here.sort_by_key(|said| said.source.entry.seq);
            groups.extend(here.into_iter().map(|said| &said.value).filter(|group| seen.insert(group.group)));
        }
        groups
    }

    /// The groups of a school on a date, with its role: by its places there, else the group that is responsible for its
    /// township (HZ 附2 一).
    pub fn groups_of(&self, school: &SchoolSet, date: Date) -> Vec<(GroupId, MemberRole)> {
        let placed = self.views.iter().map(|view| view.memberships_on(school.school, date));
        let placed = placed.map(|found| found.map(|said| (said.value.group, said.value.role)).collect::<Vec<_>>());
        if let Some(placed) = placed.into_iter().find(|placed| !placed.is_empty()) {
            return placed;
        }
        let townships = self.groups().into_iter().find(|group| group.townships.contains(&school.township));
        townships.map(|group| (group.group, MemberRole::Member)).into_iter().collect()
    }

    /// What the rules need to know of a school on a date.
    pub fn rules_of(&self, set: &SchoolSet, schools: &[SchoolView], date: Date) -> SchoolRules {
        let profile = profile_on(schools, date);
        SchoolRules {
            kind: SchoolKind::from_code(set.kind.name()).unwrap_or(SchoolKind::Primary),
            senior: set.senior.unwrap_or(false),
            boarding: profile.boarding.map_or(set.boarding.unwrap_or(false), |row| row.now.value),
            own_windows: profile.windows.map(|row| windows(&row.now.value)),
        }
    }

    /// Whether the scheme in force lets a school have windows of its own with these beginnings and ends from `date` on; `None`
    /// where the county names no scheme or school.
    pub fn allows_windows(&self, school: SchoolId, date: Date, ends: &[Time]) -> Option<bool> {
        let set = self.school(school)?;
        let (pack, _) = self.pack(Chapter::Office, date, school)?;
        let rules = SchoolRules { own_windows: Some(windows(ends)), ..self.rules_of(set, &[], date) };
        Some(ends.len().is_multiple_of(2) && pack.office_rules(&rules).is_ok())
    }

    /// Whether the scheme in force lets a school shift its windows at all.
    pub fn shifts_windows(&self, school: SchoolId, date: Date) -> bool {
        // Windows that every scheme would take where it takes any.
        const USUAL: [Time; 4] = [
            Time::constant(8, 30, 0, 0),
            Time::constant(12, 0, 0, 0),
            Time::constant(14, 30, 0, 0),
            Time::constant(17, 30, 0, 0),
        ];
        self.allows_windows(school, date, &USUAL).unwrap_or(false)
    }

    /// The weekday from which on the last week that is over is to be published, if the county names one.
    pub fn publish_day(&self) -> Option<Weekday> {
        let named = self.setting(PUBLISH_DAY)?;
        WEEKDAYS.iter().find(|(name, _)| *name == named).map(|(_, weekday)| *weekday)
    }

    /// Whether a school's week has a day that is judged: a school day on which the office chapter is in force.
    pub fn judges_week(&self, school: SchoolId, monday: Date) -> bool {
        let Some(set) = self.school(school) else { return false };
        let judged = |date: Date| {
            let pack = self.pack(Chapter::Office, date, school);
            self.calendar.is_school_day(date) && pack.is_some_and(|(pack, _)| self.office_in_force(pack, set, date))
        };
        (0..7).any(|offset| judged(monday.saturating_add(offset.days())))
    }

    /// The week, by its Monday, that a school is to have published by `today` where that is asked from `weekday` on, if that
    /// week is judged.
    pub fn week_due(&self, school: SchoolId, today: Date, weekday: Weekday) -> Option<Date> {
        Some(week_over(today, weekday)).filter(|monday| self.judges_week(school, *monday))
    }

    /// Whether the office chapter judges this school on `date`.
    pub fn office_in_force(&self, pack: &Pack, set: &SchoolSet, date: Date) -> bool {
        pack.office_in_force(date, &place(set))
    }
}

/// Windows from their beginnings and ends in turn.
fn windows(ends: &[Time]) -> Vec<Window> {
    ends.chunks_exact(2).map(|pair| Window { from: HourMinute::of(pair[0]), to: HourMinute::of(pair[1]) }).collect()
}

fn place(set: &SchoolSet) -> Place<'_> {
    Place {
        township: &set.township,
        kind: SchoolKind::from_code(set.kind.name()).unwrap_or(SchoolKind::Primary),
        county_town: set.county_town.unwrap_or(false),
        name: &set.name,
    }
}
