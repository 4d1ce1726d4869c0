//! A school document as it holds: the profile by date, and the roster by posting.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time};

use super::facts::{Parts, Row, Sourced, rows_by};
use super::fold::Fold;
use crate::ids::PostingId;
use crate::records::{Body, ProfileSet, RosterSet};

/// A school's profile on one date, each field with the entry that set it; a field that nobody set is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Whether it follows the boarding row.
    pub boarding: Option<Row<bool>>,
    /// Normal dismissal.
    pub dismissal: Option<Row<Time>>,
    /// Own windows, beginnings and ends in turn.
    pub windows: Option<Row<Vec<Time>>>,
    /// Version of the filed rules (细则).
    pub rules_version: Option<Row<String>>,
}

/// One school in one school year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct School {
    sets: Vec<Set>,
    /// Postings at this school, each with what its row said before.
    pub roster: BTreeMap<PostingId, Row<RosterSet>>,
}

/// An entry that set profile fields.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Set {
    said: Sourced<ProfileSet>,
    index: usize,
    /// The sets that it replaces, directly or through others.
    replaced: BTreeSet<usize>,
}

/// A school's profile on a date, by its documents with the oldest school year first: a field that a year leaves out is as the
/// year before it said.
pub fn profile_on(years: &[School], date: Date) -> Profile {
    let said: Vec<Profile> = years.iter().rev().map(|year| year.profile_on(date)).collect();
    Profile {
        boarding: said.iter().find_map(|profile| profile.boarding.clone()),
        dismissal: said.iter().find_map(|profile| profile.dismissal.clone()),
        windows: said.iter().find_map(|profile| profile.windows.clone()),
        rules_version: said.iter().find_map(|profile| profile.rules_version.clone()),
    }
}

impl School {
    /// The state of a school's journal.
    pub fn of(fold: &Fold<'_>) -> Self {
        let sets = fold.lines().iter().filter(|line| line.counts()).filter_map(|line| match line.body() {
            Some(Body::ProfileSet(set)) => Some(Set {
                said: Sourced::new(line, set.clone()),
                index: line.index(),
                replaced: fold.replaced(line.index()),
            }),
            _ => None,
        });
        School { sets: sets.collect(), roster: rows_by!(fold, RosterSet, |row| row.posting) }
    }

    /// What this school year says of the profile on a date; see [`profile_on`] for what holds.
    pub fn profile_on(&self, date: Date) -> Profile {
        Profile {
            boarding: self.field(date, |set| set.boarding),
            dismissal: self.field(date, |set| set.dismissal),
            windows: self.field(date, |set| (!set.windows.is_empty()).then(|| set.windows.clone())),
            rules_version: self.field(date, |set| set.rules_version.clone()),
        }
    }

    /// The postings that hold on a date.
    pub fn roster_on(&self, date: Date) -> impl Iterator<Item = (PostingId, &Row<RosterSet>)> {
        let holds = move |row: &RosterSet| row.from <= date && row.to.is_none_or(|to| date <= to);
        self.roster.iter().filter(move |(_, row)| holds(&row.now.value)).map(|(posting, row)| (*posting, row))
    }

    /// What a field is on a date. Fields that an entry leaves out stay as they were, so each field has a history of its
    /// own; of sets that don't know of each other the one with the later first day holds.
    fn field<T: PartialEq>(&self, date: Date, get: impl Fn(&ProfileSet) -> Option<T>) -> Option<Row<T>> {
        let begun = self.sets.iter().filter(|set| set.said.value.from <= date);
        let begun: Vec<(&Set, T)> = begun.filter_map(|set| Some((set, get(&set.said.value)?))).collect();
        let replaced: BTreeSet<usize> = begun.iter().flat_map(|(set, _)| &set.replaced).copied().collect();
        let stands = |set: &Set| !replaced.contains(&set.index);
        let since = begun.iter().filter(|(set, _)| stands(set)).map(|(set, _)| set.said.value.from).max()?;
        let (mut parts, mut values) = (Parts::default(), Vec::new());
        for (set, value) in begun {
            let holds = stands(set) && set.said.value.from == since;
            parts.add(holds, set.said.source.entry, values.len());
            values.push(Some(Sourced { value, source: set.said.source }));
        }
        let mut row = parts.row(&mut values)?;
        row.rivals.retain(|other| other.value != row.now.value);
        Some(row)
    }
}
