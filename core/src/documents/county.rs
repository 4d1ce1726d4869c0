//! A county document as it holds: schools, groups, memberships, pairings, packs by date, calendar, settings.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::facts::{Row, Sourced, of_kind, rows_by, strands};
use super::fold::Fold;
use crate::ids::{GroupId, SchoolId};
use crate::records::{CalendarSet, GroupSet, MembershipSet, PackMap, PairingSet, SchoolSet, SettingSet};

/// One county in one school year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct County {
    /// Schools.
    pub schools: BTreeMap<SchoolId, Row<SchoolSet>>,
    /// Groups.
    pub groups: BTreeMap<GroupId, Row<GroupSet>>,
    /// Places of schools in groups; a school may have several.
    pub memberships: Vec<Row<MembershipSet>>,
    /// Pairings of county-town schools with groups.
    pub pairings: Vec<Row<PairingSet>>,
    /// Which pack holds from when, by chapter and scope.
    pub packs: Vec<Row<PackMap>>,
    /// Calendars, by year.
    pub calendars: BTreeMap<u16, Row<CalendarSet>>,
    /// Settings, by name.
    pub settings: BTreeMap<String, Row<SettingSet>>,
}

impl County {
    /// The state of a county's journal.
    pub fn of(fold: &Fold<'_>) -> Self {
        County {
            schools: rows_by!(fold, SchoolSet, |row| row.school),
            groups: rows_by!(fold, GroupSet, |row| row.group),
            memberships: strands(fold, of_kind!(MembershipSet)),
            pairings: strands(fold, of_kind!(PairingSet)),
            packs: strands(fold, of_kind!(PackMap)),
            calendars: rows_by!(fold, CalendarSet, |row| row.year),
            settings: rows_by!(fold, SettingSet, |row| row.name.clone()),
        }
    }

    /// The pack by which a chapter is judged for a school on a date, if the county named one; rivals are other packs
    /// that it named for the same first day and scope. The later first day goes first; of two with the same first day the
    /// narrower scope (schools, then townships, then all).
    pub fn pack_on(&self, chapter: &str, date: Date, school: SchoolId) -> Option<Row<PackMap>> {
        let township = self.schools.get(&school).map(|row| row.now.value.township.as_str());
        let width = |map: &PackMap| match (map.schools.is_empty(), map.townships.is_empty()) {
            _ if map.schools.contains(&school) => Some(2),
            _ if township.is_some_and(|name| map.townships.iter().any(|t| t == name)) => Some(1),
            (true, true) => Some(0),
            _ => None,
        };
        let maps = self.packs.iter().flat_map(Row::all_now);
        let maps = maps.filter(|map| map.value.chapter == chapter && map.value.from <= date);
        let maps: Vec<((Date, i32), &Sourced<PackMap>)> =
            maps.filter_map(|map| Some(((map.value.from, width(&map.value)?), map))).collect();
        let best = maps.iter().map(|(rank, _)| *rank).max()?;
        let (first, rest): (Vec<_>, Vec<_>) = maps.into_iter().partition(|(rank, _)| *rank == best);
        let mut first: Vec<Sourced<PackMap>> = first.into_iter().map(|(_, map)| map.clone()).collect();
        first.sort_by_key(|map| map.source.entry);
        let now = first.pop()?;
        first.retain(|map| map.value.pack != now.value.pack);
        Some(Row { now, rivals: first, before: rest.into_iter().map(|(_, map)| map.clone()).collect() })
    }

    /// The places that a school has in groups on a date.
    pub fn memberships_on(&self, school: SchoolId, date: Date) -> impl Iterator<Item = &Sourced<MembershipSet>> {
        let rows = self.memberships.iter().map(|row| &row.now);
        rows.filter(move |row| row.value.school == school && holds(date, row.value.from, row.value.to))
    }

    /// The pairings that hold on a date.
    pub fn pairings_on(&self, date: Date) -> impl Iterator<Item = &Sourced<PairingSet>> {
        let rows = self.pairings.iter().map(|row| &row.now);
        rows.filter(move |row| holds(date, row.value.from, row.value.to))
    }

    /// The schools that exist on a date.
    pub fn schools_on(&self, date: Date) -> impl Iterator<Item = &Sourced<SchoolSet>> {
        let rows = self.schools.values().map(|row| &row.now);
        rows.filter(move |row| holds(date, row.value.from, row.value.to))
    }
}

fn holds(date: Date, from: Date, to: Option<Date>) -> bool {
    from <= date && to.is_none_or(|to| date <= to)
}
