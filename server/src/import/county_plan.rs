//! From a county file to entries of the county document: what is new gets an id, what changed replaces what it was, what is
//! the same is left alone. Reading the same file twice writes nothing the second time.
//!
//! A county document holds a school year whole, so the first import of a school year writes everything anew, under the ids
//! that the older documents know.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use rand::Rng;
use sanji_core::documents::county::County;
use sanji_core::documents::facts::Row;
use sanji_core::ids::{GroupId, Label, SchoolId};
use sanji_core::policy::Pack;
use sanji_core::records::{
    Body, CalendarSet, EntryRef, GroupKind, GroupSet, MemberRole, MembershipSet, PackMap, PairingSet, SchoolSet,
    SettingSet,
};
use sanji_core::review::{PLACE, PUBLISH_DAY, pack_hash};

use super::county::{CountyFile, SchoolLine};
use crate::said;
use crate::said::Said;

/// The setting that holds the county's name.
pub const NAME: &str = "name";
/// The setting that holds its bureau's name.
pub const BUREAU: &str = "bureau";
/// The setting that holds its relays' addresses, host and port each, separated by spaces.
pub const ADDRESSES: &str = "addresses";

/// What an import would write.
#[derive(Clone, Debug, Default)]
pub struct CountyPlan {
    /// Entries of the county document, with what each replaces.
    pub entries: Vec<(Vec<EntryRef>, Body)>,
    /// How many rows are new, changed and the same, by what they are.
    pub tally: BTreeMap<&'static str, Tally>,
    /// What the administrator should know.
    pub notes: Vec<Said>,
}

/// Rows of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// New ones.
    pub added: usize,
    /// Changed ones.
    pub changed: usize,
    /// Unchanged ones.
    pub same: usize,
}

impl CountyPlan {
    fn set<T: Clone + PartialEq + Into<Body>>(&mut self, what: &'static str, held: Option<&Row<T>>, value: T) {
        let tally = self.tally.entry(what).or_default();
        match held {
            Some(row) if !row.in_conflict() && row.now.value == value => tally.same += 1,
            Some(row) => {
                tally.changed += 1;
                let replaced = row.all_now().map(|held| held.source.entry).collect();
                self.entries.push((replaced, value.into()));
            }
            None => {
                tally.added += 1;
                self.entries.push((Vec::new(), value.into()));
            }
        }
    }
}

/// Plans the import of `file` on `today`. `views` are the county's documents, in any order.
pub fn plan(file: &CountyFile, views: &[(Label, County)], today: Date, rng: &mut impl Rng) -> CountyPlan {
    let mut views: Vec<&(Label, County)> = views.iter().collect();
    views.sort_by_key(|(label, _)| std::cmp::Reverse(*label));
    let none = County::default();
    let this = views.iter().find(|(label, _)| *label == Label::year_of(today)).map_or(&none, |(_, view)| view);
    let year = if today.month() >= 9 { today.year() } else { today.year() - 1 };
    let mut planner = Planner {
        this,
        views: views.iter().map(|(_, view)| view).collect(),
        // What the file gives no first day holds from the beginning of the school year.
        since: date(year, 9, 1),
        today,
        plan: CountyPlan::default(),
    };
    let schools = planner.schools(file, rng);
    let groups = planner.groups(file, rng);
    planner.memberships(file, &schools, &groups);
    planner.pairings(file, &schools, &groups);
    planner.packs(file, &schools);
    planner.years(file);
    planner.settings(file);
    planner.plan
}

struct Planner<'a> {
    this: &'a County,
    views: Vec<&'a County>,
    since: Date,
    today: Date,
    plan: CountyPlan,
}

impl Planner<'_> {
    fn schools<'f>(
        &mut self,
        file: &'f CountyFile,
        rng: &mut impl Rng,
    ) -> BTreeMap<&'f str, (SchoolId, &'f SchoolLine)> {
        let mut known: BTreeMap<&str, &SchoolSet> = BTreeMap::new();
        for row in self.views.iter().flat_map(|view| view.schools.values()) {
            known.entry(&row.now.value.name).or_insert(&row.now.value);
        }
        let mut ids = BTreeMap::new();
        for line in &file.schools {
            let before = known.remove(line.name.as_str());
            let school = before.map_or_else(|| SchoolId::random(rng), |set| set.school);
            let value = SchoolSet {
                school,
                name: line.name.clone(),
                kind: line.kind,
                senior: line.senior.then_some(true),
                township: line.township.clone(),
                county_town: line.county_town.then_some(true),
                boarding: line.boarding.then_some(true),
                from: line.from.or(before.map(|set| set.from)).unwrap_or(self.since),
                to: line.to,
                area: line.area.clone(),
            };
            self.plan.set("schools", self.this.schools.get(&school), value);
            ids.insert(line.name.as_str(), (school, line));
        }
        let open = |set: &&SchoolSet| set.to.is_none_or(|to| self.today <= to);
        let left: Vec<&str> = known.values().copied().filter(open).map(|set| set.name.as_str()).collect();
        if !left.is_empty() {
            let names = left.join("、");
            self.plan.notes.push(said!(
                "文件中没有而系统中已有的学校保持不变:{names}。如已撤并,请在文件中写上末日 to",
                "schools that the file doesn't list stay as they are: {names}. If one was closed, list it with its last day (to)"
            ));
        }
        ids
    }

    fn groups<'f>(&mut self, file: &'f CountyFile, rng: &mut impl Rng) -> BTreeMap<&'f str, GroupId> {
        let mut ids = BTreeMap::new();
        for line in &file.groups {
            let known = self.views.iter().flat_map(|view| view.groups.values());
            let before = known.map(|row| &row.now.value).find(|set| set.name == line.name);
            let group = before.map_or_else(|| GroupId::random(rng), |set| set.group);
            let (name, townships) = (line.name.clone(), line.townships.clone());
            let value = GroupSet { group, name, kind: line.kind, townships };
            self.plan.set("groups", self.this.groups.get(&group), value);
            ids.insert(line.name.as_str(), group);
        }
        ids
    }

    /// Leads and members by name, and the schools of a group's townships. A county-town school stands in a group only where
    /// it is named (it may support several), a senior school only in a senior group.
    fn memberships(
        &mut self,
        file: &CountyFile,
        schools: &BTreeMap<&str, (SchoolId, &SchoolLine)>,
        groups: &BTreeMap<&str, GroupId>,
    ) {
        let mut wanted: BTreeMap<(SchoolId, GroupId), (MemberRole, Date)> = BTreeMap::new();
        for line in &file.groups {
            let Some(group) = groups.get(line.name.as_str()) else { continue };
            let by_township = file.schools.iter().filter(|school| !school.county_town);
            let by_township = by_township.filter(|school| line.townships.contains(&school.township));
            let by_township = by_township.filter(|school| line.kind == GroupKind::Senior || !school.senior);
            let members = by_township.map(|school| &school.name).chain(&line.members);
            let members = members.map(|name| (name, MemberRole::Member));
            for (name, role) in members.chain(line.leads.iter().map(|name| (name, MemberRole::Lead))) {
                if let Some((school, line)) = schools.get(name.as_str()) {
                    wanted.insert((*school, *group), (role, line.from.unwrap_or(self.since)));
                }
            }
        }
        let this = self.this;
        let in_file = |set: &MembershipSet| {
            schools.values().any(|(id, _)| *id == set.school) && groups.values().any(|id| *id == set.group)
        };
        for row in &this.memberships {
            let held = &row.now.value;
            if !in_file(held) || held.to.is_some() {
                continue;
            }
            match wanted.remove(&(held.school, held.group)) {
                Some((role, _)) => self.plan.set("memberships", Some(row), MembershipSet { role, ..held.clone() }),
                None => {
                    let to = self.today.yesterday().ok();
                    self.plan.set("memberships", Some(row), MembershipSet { to, ..held.clone() });
                }
            }
        }
        for ((school, group), (role, from)) in wanted {
            self.plan.set("memberships", None, MembershipSet { school, group, role, from, to: None });
        }
    }

    fn pairings(
        &mut self,
        file: &CountyFile,
        schools: &BTreeMap<&str, (SchoolId, &SchoolLine)>,
        groups: &BTreeMap<&str, GroupId>,
    ) {
        let mut wanted: BTreeMap<(SchoolId, GroupId), Date> = BTreeMap::new();
        for line in &file.groups {
            for name in &line.support {
                if let (Some((school, _)), Some(group)) = (schools.get(name.as_str()), groups.get(line.name.as_str())) {
                    wanted.insert((*school, *group), self.since);
                }
            }
        }
        let this = self.this;
        for row in &this.pairings {
            let held = &row.now.value;
            if !groups.values().any(|id| *id == held.group) || held.to.is_some() {
                continue;
            }
            let to = match wanted.remove(&(held.school, held.group)) {
                Some(_) => None,
                None => self.today.yesterday().ok(),
            };
            self.plan.set("pairings", Some(row), PairingSet { to, ..held.clone() });
        }
        for ((school, group), from) in wanted {
            self.plan.set("pairings", None, PairingSet { school, group, from, to: None });
        }
    }

    fn packs(&mut self, file: &CountyFile, schools: &BTreeMap<&str, (SchoolId, &SchoolLine)>) {
        for line in &file.packs {
            let Some(pack) = Pack::named(line.pack) else { continue };
            let named = line.schools.iter().filter_map(|name| schools.get(name.as_str()));
            let value = PackMap {
                pack: pack_hash(pack),
                chapter: line.chapter.code().to_owned(),
                from: line.from,
                townships: line.townships.clone(),
                schools: named.map(|(school, _)| *school).collect(),
            };
            let place = |map: &PackMap| (map.chapter.clone(), map.from, map.townships.clone(), map.schools.clone());
            let held = self.this.packs.iter().find(|row| place(&row.now.value) == place(&value));
            self.plan.set("packs", held, value);
        }
    }

    fn years(&mut self, file: &CountyFile) {
        for line in &file.years {
            let (holidays, workdays) = (line.holidays.clone(), line.make_up.clone());
            let value = CalendarSet { year: line.year, holidays, workdays, terms: line.terms.clone() };
            self.plan.set("calendar years", self.this.calendars.get(&line.year), value);
        }
    }

    fn settings(&mut self, file: &CountyFile) {
        let addresses = (!file.addresses.is_empty()).then(|| file.addresses.join(" "));
        let settings = [
            (NAME, Some(file.name.clone())),
            (BUREAU, file.bureau.clone()),
            (ADDRESSES, addresses),
            (PUBLISH_DAY, file.publish_day.map(str::to_owned)),
            (PLACE, file.place.map(|wanted| if wanted { "on" } else { "off" }.to_owned())),
        ];
        for (name, value) in settings {
            if let Some(value) = value {
                let value = SettingSet { name: name.to_owned(), value };
                self.plan.set("settings", self.this.settings.get(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::county::parse;
    use super::*;
    use crate::random::rng;
    use sanji_core::crypto::EntryHash;
    use sanji_core::documents::journal::{Author, Item, Journal, Standing};
    use sanji_core::evidence::Placement;
    use sanji_core::ids::ActorId;
    use sanji_core::records::{Entry, Reading};
    use sanji_core::sync::message::Via;

    const TODAY: Date = date(2026, 3, 2);
    const HEZHANG: &str = include_str!("../../data/hezhang.toml");

    /// A county document to which plans are written.
    #[derive(Default)]
    struct Document(Journal, u64);

    impl Document {
        fn write(&mut self, plan: &CountyPlan) {
            for (re, body) in &plan.entries {
                self.1 += 1;
                let reading = Reading::default();
                let entry = Entry { reading, re: re.clone(), was: None, blobs: Vec::new(), body: body.clone() };
                self.0.insert(Item {
                    actor: ActorId([1; 16]),
                    author: Author { person: None, via: Via::Desk },
                    seq: self.1,
                    hash: EntryHash([self.1 as u8; 32]),
                    value: sanji_core::cbor::encode_map(&entry.to_map()),
                    placed: Placement::by_phone(&reading),
                    standing: Standing::Counts,
                });
            }
        }
        fn views(&self, at: Date) -> Vec<(Label, County)> {
            vec![(Label::year_of(at), County::of(&self.0.fold()))]
        }
    }

    fn tally(plan: &CountyPlan, what: &str) -> (usize, usize, usize) {
        plan.tally.get(what).map_or((0, 0, 0), |t| (t.added, t.changed, t.same))
    }

    #[test]
    fn the_real_organisation_is_imported_once() {
        let file = parse(HEZHANG).unwrap();
        let mut document = Document::default();
        let first = plan(&file, &document.views(TODAY), TODAY, &mut rng());
        assert_eq!(tally(&first, "groups"), (10, 0, 0));
        assert_eq!(tally(&first, "pairings"), (24, 0, 0));
        assert_eq!(tally(&first, "memberships"), (6, 0, 0));
        assert_eq!(first.entries.len(), first.tally.values().map(|t| t.added).sum::<usize>());
        document.write(&first);
        let views = document.views(TODAY);
        assert_eq!(views[0].1.groups.values().flat_map(|g| &g.now.value.townships).count(), 30);
        let again = plan(&file, &views, TODAY, &mut rng());
        assert_eq!((again.entries, again.notes), (vec![], vec![]));
    }

    #[test]
    fn a_change_replaces_what_it_was_and_keeps_the_id() {
        let mut document = Document::default();
        document.write(&plan(&parse(HEZHANG).unwrap(), &[], TODAY, &mut rng()));
        let before = document.views(TODAY).remove(0).1;
        let moved = HEZHANG
            .replace("name = \"赫章县第五中学\"\nkind", "name = \"赫章县第五中学\"\nboarding = true\nkind")
            .replace("\"赫章县第五中学\", \"赫章县第三小学\"", "\"赫章县第四中学\", \"赫章县第三小学\"");
        assert_ne!(moved, HEZHANG);
        let change = plan(&parse(&moved).unwrap(), &document.views(TODAY), TODAY, &mut rng());
        assert_eq!(tally(&change, "schools"), (0, 1, 20));
        assert_eq!(tally(&change, "pairings"), (1, 1, 23));
        assert!(change.entries.iter().filter(|(re, _)| !re.is_empty()).count() == 2);
        document.write(&change);
        let after = document.views(TODAY).remove(0).1;
        assert_eq!(after.schools.len(), before.schools.len());
        assert!(after.schools.values().all(|row| !row.in_conflict()));
        let open = after.pairings.iter().filter(|row| row.now.value.to.is_none()).count();
        assert_eq!(open, 24);
        assert_eq!(plan(&parse(&moved).unwrap(), &document.views(TODAY), TODAY, &mut rng()).entries, []);
    }

    #[test]
    fn a_new_school_year_is_written_whole_under_the_same_ids() {
        let file = parse(HEZHANG).unwrap();
        let mut document = Document::default();
        document.write(&plan(&file, &[], TODAY, &mut rng()));
        let views = document.views(TODAY);
        let next = date(2026, 9, 1);
        let anew = plan(&file, &views, next, &mut rng());
        assert_eq!(tally(&anew, "schools"), (21, 0, 0));
        let mut second = Document::default();
        second.write(&anew);
        let ids = |view: &County| view.schools.keys().copied().collect::<Vec<_>>();
        assert_eq!(ids(&second.views(next)[0].1), ids(&views[0].1));
    }

    #[test]
    fn schools_that_the_file_leaves_out_stay_and_are_named() {
        let mut document = Document::default();
        document.write(&plan(&parse(HEZHANG).unwrap(), &[], TODAY, &mut rng()));
        let (head, _) = HEZHANG.split_once("# ── Senior").unwrap();
        let change = plan(&parse(head).unwrap(), &document.views(TODAY), TODAY, &mut rng());
        assert_eq!(change.entries, []);
        assert!(change.notes[0].zh.contains("赫章县第十幼儿园"), "{}", change.notes[0].zh);
    }
}
