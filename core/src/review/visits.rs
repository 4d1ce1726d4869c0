//! Support visits as lists and obligations see them: one reading of a visit's document for phone, page, sheet and API.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::county::CountyFacts;
use crate::documents::visit::Visit;
use crate::ids::{DocId, GroupId, PersonId, PostingId, SchoolId};
use crate::policy::{self, Obligation, Pack, SubjectKind, words};
use crate::records::{MemberRole, SchoolKind, SchoolSet, VisitKind};
use crate::rules::{self, Period, Progress, obligations};
use crate::time::{Minutes, UtcSecs};

words! {
    /// How far a visit is.
    VisitState {
        /// Planned.
        Planned = "planned",
        /// Opened on site.
        Open = "open",
        /// Closed.
        Closed = "closed",
    }
}

words! {
    /// How an obligation of one period stands.
    OwedState {
        /// Met.
        Met = "met",
        /// Not met yet; its period isn't over.
        Due = "due",
        /// Not met, and its period is over.
        Overdue = "overdue",
        /// No visit proves it: rosters or decisions do.
        ByRoster = "by_roster",
    }
}

/// A visit as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitFact {
    /// Its document.
    pub doc: DocId,
    /// What kind.
    pub kind: VisitKind,
    /// For which day it was planned.
    pub planned: Date,
    /// The school that is visited.
    pub host: SchoolId,
    /// The school that visits.
    pub from: Option<SchoolId>,
    /// The group of the pairing.
    pub group: Option<GroupId>,
    /// Who comes: whoever planned it, is named in the plan or opened it.
    pub visitors: BTreeSet<PersonId>,
    /// Teachers that it is about: named in the plan, or observed.
    pub teachers: BTreeSet<PostingId>,
    /// When it was first opened on site.
    pub opened: Option<UtcSecs>,
    /// When it was last closed.
    pub closed: Option<UtcSecs>,
    /// Time spent.
    pub minutes: Option<Minutes>,
    /// Somewhere two values stand beside each other.
    pub conflict: bool,
}

impl VisitFact {
    /// The reading of a visit's document; nothing while its plan hasn't arrived.
    pub fn of(doc: DocId, visit: &Visit) -> Option<Self> {
        let plan = visit.plan.as_ref()?;
        let said = &plan.now.value;
        let mut visitors: BTreeSet<PersonId> = said.visitors.iter().copied().collect();
        visitors.extend(plan.all_now().filter_map(|plan| plan.source.author.person));
        visitors.extend(visit.opened.iter().filter_map(|opening| opening.author.person));
        let mut teachers: BTreeSet<PostingId> = said.teachers.iter().copied().collect();
        teachers.extend(visit.observations.iter().flat_map(|row| row.all_now()).map(|seen| seen.value.teacher));
        Some(VisitFact {
            doc,
            kind: said.kind,
            planned: said.date,
            host: said.host,
            from: said.from,
            group: said.group,
            visitors,
            teachers,
            opened: visit.opened.iter().map(|opening| opening.placed.judged).min(),
            closed: visit.closed.iter().map(|closing| closing.source.placed.judged).max(),
            minutes: visit.minutes,
            conflict: visit.in_conflict(),
        })
    }

    /// How far it is.
    pub fn state(&self) -> VisitState {
        match (self.opened, self.closed) {
            (_, Some(_)) => VisitState::Closed,
            (Some(_), None) => VisitState::Open,
            (None, None) => VisitState::Planned,
        }
    }

    /// Its day: when it was opened on site, else the planned one.
    pub fn date(&self) -> Date {
        self.opened.map_or(self.planned, UtcSecs::date)
    }
}

/// A posting as far as obligations go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teacher {
    /// The posting.
    pub posting: PostingId,
    /// Whose it is.
    pub person: PersonId,
    /// At which school.
    pub school: SchoolId,
    /// First day.
    pub from: Date,
    /// Last day, if known.
    pub to: Option<Date>,
    /// Whether the person teaches there.
    pub teaches: bool,
}

impl Teacher {
    fn during(&self, period: &Period) -> bool {
        self.from <= period.to && self.to.is_none_or(|to| period.from <= to)
    }
}

/// Who owes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Debtor {
    /// A group.
    Group(GroupId),
    /// A school.
    School(SchoolId),
    /// A teacher of a school.
    Teacher(SchoolId, PostingId),
}

impl Debtor {
    fn name(self) -> String {
        match self {
            Debtor::Group(group) => group.to_string(),
            Debtor::School(school) => school.to_string(),
            Debtor::Teacher(_, posting) => posting.to_string(),
        }
    }
}

/// An obligation of somebody in one period.
#[derive(Clone, Debug)]
pub struct Owed {
    /// The pack that asks for it.
    pub pack: &'static Pack,
    /// What is owed.
    pub obligation: &'static Obligation,
    /// By whom.
    pub debtor: Debtor,
    /// When.
    pub period: Period,
    /// How far it is.
    pub progress: Progress,
    /// How it stands.
    pub state: OwedState,
    /// The visits that count, by date.
    pub visits: Vec<DocId>,
}

/// Somebody who owes something, and what is known of them.
struct Subject<'a> {
    debtor: Debtor,
    /// The school by which the pack is found.
    school: SchoolId,
    teacher: Option<&'a Teacher>,
    case: rules::Subject,
}

/// What is owed in the periods that overlap `from` to `to` and have begun by `today`: by the groups, schools and teaching
/// staff of the county, each by the pack that its school has at the period's end. Visits that were closed count, for the
/// teachers that they are about, for host and visiting school, and for the group of the plan or, where the plan names none,
/// the groups that host and visitor share; a shadowing counts for whoever shadows.
pub fn owed(
    county: &CountyFacts,
    teachers: &[Teacher],
    visits: &[VisitFact],
    (from, to): (Date, Date),
    today: Date,
) -> Vec<Owed> {
    let to = to.min(today);
    if to < from {
        return Vec::new();
    }
    let places = Places::new(county, to);
    let closed: Vec<&VisitFact> = visits.iter().filter(|visit| visit.closed.is_some()).collect();
    let cases = cases(&closed, &places, teachers);
    let subjects = subjects(&places, teachers);
    let mut by_pack: BTreeMap<&str, (&'static Pack, BTreeMap<String, &Subject<'_>>)> = BTreeMap::new();
    for subject in &subjects {
        for pack in [from, to].into_iter().filter_map(|date| county.visits_pack(date, subject.school)) {
            let (_, here) = by_pack.entry(&pack.id).or_insert_with(|| (pack, BTreeMap::new()));
            here.insert(subject.case.id.clone(), subject);
        }
    }
    let mut owed = Vec::new();
    for (pack, subjects) in by_pack.into_values() {
        let owing: Vec<rules::Subject> = subjects.values().map(|one| one.case.clone()).collect();
        for row in obligations(&pack.obligations, county.calendar(), &owing, &cases, from, to) {
            let Some(subject) = subjects.get(&row.subject.id) else { continue };
            let by = county.visits_pack(row.period.to.min(today), subject.school);
            let here = subject.teacher.is_none_or(|teacher| teacher.during(&row.period));
            if !here || by.is_none_or(|by| by.id != pack.id) {
                continue;
            }
            owed.push(Owed {
                pack,
                obligation: row.obligation,
                debtor: subject.debtor,
                state: state(&row.progress, &row.period, today),
                period: row.period,
                progress: row.progress,
                visits: row.counted.iter().map(|at| closed[*at].doc).collect(),
            });
        }
    }
    owed
}

fn state(progress: &Progress, period: &Period, today: Date) -> OwedState {
    match progress {
        Progress::NotByVisits => OwedState::ByRoster,
        Progress::Counted { met: true, .. } => OwedState::Met,
        Progress::Counted { .. } if period.to < today => OwedState::Overdue,
        Progress::Counted { .. } => OwedState::Due,
    }
}

/// The county's schools on a day, with their groups.
struct Places<'a> {
    schools: BTreeMap<SchoolId, (&'a SchoolSet, Vec<(GroupId, MemberRole)>)>,
    groups: Vec<GroupId>,
}

impl<'a> Places<'a> {
    fn new(county: &'a CountyFacts, date: Date) -> Self {
        let of = |set: &'a SchoolSet| (set.school, (set, county.groups_of(set, date)));
        let schools = county.schools_on(date).into_iter().map(of).collect();
        Places { schools, groups: county.groups().into_iter().map(|group| group.group).collect() }
    }

    fn groups_of(&self, school: SchoolId) -> impl Iterator<Item = (GroupId, MemberRole)> {
        self.schools.get(&school).into_iter().flat_map(|(_, groups)| groups).copied()
    }

    fn members(&self, group: GroupId) -> impl Iterator<Item = (SchoolId, MemberRole)> {
        let of = move |(school, (_, groups)): (&SchoolId, &(_, Vec<(GroupId, MemberRole)>))| {
            groups.iter().find(|(id, _)| *id == group).map(|(_, role)| (*school, *role))
        };
        self.schools.iter().filter_map(of)
    }
}

fn subjects<'a>(places: &Places<'_>, teachers: &'a [Teacher]) -> Vec<Subject<'a>> {
    let mut subjects = Vec::new();
    let mut add = |debtor: Debtor, school, kind, members, teacher| {
        let case = rules::Subject { id: debtor.name(), kind, members };
        subjects.push(Subject { debtor, school, teacher, case });
    };
    for group in &places.groups {
        let all: Vec<(SchoolId, MemberRole)> = places.members(*group).collect();
        let lead = all.iter().find(|(_, role)| *role == MemberRole::Lead).or(all.first());
        let members = all.iter().filter(|(_, role)| *role == MemberRole::Member);
        if let Some((school, _)) = lead {
            let members = members.map(|(school, _)| school.to_string()).collect();
            add(Debtor::Group(*group), *school, SubjectKind::Group, members, None);
        }
    }
    for (school, (set, _)) in &places.schools {
        let kind = match set.kind {
            SchoolKind::Kindergarten => SubjectKind::Kindergarten,
            _ => SubjectKind::School,
        };
        add(Debtor::School(*school), *school, kind, Vec::new(), None);
    }
    for one in teachers.iter().filter(|one| one.teaches && places.schools.contains_key(&one.school)) {
        let debtor = Debtor::Teacher(one.school, one.posting);
        add(debtor, one.school, SubjectKind::Teacher, Vec::new(), Some(one));
    }
    subjects
}

fn cases(visits: &[&VisitFact], places: &Places<'_>, teachers: &[Teacher]) -> Vec<rules::Visit> {
    let mut of_person: BTreeMap<PersonId, Vec<PostingId>> = BTreeMap::new();
    for one in teachers {
        of_person.entry(one.person).or_default().push(one.posting);
    }
    let case = |visit: &&VisitFact| {
        let mut subjects: Vec<String> = visit.teachers.iter().map(PostingId::to_string).collect();
        if visit.kind == VisitKind::Shadowing {
            let own = visit.visitors.iter().filter_map(|person| of_person.get(person)).flatten();
            subjects.extend(own.map(PostingId::to_string));
        }
        subjects.extend([Some(visit.host), visit.from].into_iter().flatten().map(|school| school.to_string()));
        match (visit.group, visit.from) {
            (Some(group), _) => subjects.push(group.to_string()),
            (None, Some(from)) => {
                let theirs: Vec<GroupId> = places.groups_of(from).map(|(group, _)| group).collect();
                let shared = places.groups_of(visit.host).filter(|(group, _)| theirs.contains(group));
                subjects.extend(shared.map(|(group, _)| group.to_string()));
            }
            (None, None) => {}
        }
        rules::Visit {
            kind: policy::VisitKind::from_code(visit.kind.name()).unwrap_or(policy::VisitKind::OnSiteGuidance),
            date: visit.date(),
            minutes: visit.minutes.map_or(0, |minutes| minutes.0),
            subjects,
        }
    };
    visits.iter().map(case).collect()
}
