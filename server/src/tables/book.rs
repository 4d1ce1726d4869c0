//! The sheets that are exported: rows in the words of a language.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sanji_core::ids::SchoolId;
use sanji_core::policy::Chapter;
use sanji_core::review::CountyFacts;
use sanji_core::texts::Texts;

use super::attendance::{self, Attendance, Sized};
use super::days::{self, Found};
use super::leave;
use super::service::{Instructor, Service};
use super::sheet::{Column, Kind, Sheet, Value};
use super::{Judged, Person};
use crate::projector::board::Board;

/// A sheet that can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Attendance for pay, a row for each person.
    Attendance,
    /// Each person's days.
    Days,
    /// Leave.
    Leave,
    /// Days of after-school service.
    Service,
    /// Sessions of after-school service.
    Sessions,
    /// What each person led.
    Workload,
}

impl Name {
    /// Every sheet, in the order in which they stand in a file.
    pub const ALL: [Name; 6] =
        [Name::Attendance, Name::Leave, Name::Service, Name::Workload, Name::Sessions, Name::Days];

    /// Its name in addresses and text keys.
    pub fn code(self) -> &'static str {
        match self {
            Name::Attendance => "attendance",
            Name::Days => "days",
            Name::Leave => "leave",
            Name::Service => "service",
            Name::Sessions => "sessions",
            Name::Workload => "workload",
        }
    }

    /// The sheet of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Name::ALL.into_iter().find(|name| name.code() == code)
    }

    /// What it is called.
    pub fn title(self, t: &Texts) -> String {
        t.word(&format!("export-{}", self.code())).into_owned()
    }
}

/// Makes sheets of judged days.
pub struct Book<'a> {
    t: &'a Texts,
    judged: &'a Judged<'a>,
    service: Service,
}

impl<'a> Book<'a> {
    /// A book in these words.
    pub fn new(t: &'a Texts, judged: &'a Judged<'a>) -> Self {
        Book { t, judged, service: Service::of(judged.board) }
    }

    /// One sheet.
    pub fn sheet(&self, name: Name) -> Sheet {
        match name {
            Name::Attendance => self.attendance(),
            Name::Days => self.days(),
            Name::Leave => self.leave(),
            Name::Service => self.service(),
            Name::Sessions => self.sessions(),
            Name::Workload => self.workload(),
        }
    }

    fn titled(&self, name: Name, columns: &[(&str, Kind)], rows: Vec<Vec<Value>>) -> Sheet {
        let column = |(key, kind): &(&str, Kind)| Column { title: column(self.t, key), kind: *kind };
        Sheet { name: name.title(self.t), columns: columns.iter().map(column).collect(), rows }
    }

    fn attendance(&self) -> Sheet {
        const COUNTS: [(&str, fn(&Attendance) -> u32); 8] = [
            ("required-days", |a| a.required_days),
            ("present-days", |a| a.present_days),
            ("irregular-days", |a| a.irregular_days),
            ("short-days", |a| a.short_days),
            ("needs-correction-days", |a| a.needs_correction_days),
            ("absent-days", |a| a.absent_days),
            ("not-arrived-days", |a| a.not_arrived_days),
            ("open-days", |a| a.open_days),
        ];
        const FOUND: [(&str, fn(&Attendance) -> Sized); 4] = [
            ("late", |a| a.late),
            ("left-early", |a| a.left_early),
            ("away", |a| a.away),
            ("absent-from-window", |a| a.absent_from_window),
        ];
        const MINUTES: [(&str, fn(&Attendance) -> u32); 3] = [
            ("office-minutes", |a| a.office_minutes),
            ("required-minutes", |a| a.required_minutes),
            ("short-minutes", |a| a.short_minutes),
        ];
        let t = self.t;
        let rows = attendance::rows(self.judged);
        let kinds: BTreeSet<&String> =
            rows.iter().flat_map(|row| &row.sums.leave_days_by_kind).flat_map(|kinds| kinds.keys()).collect();
        let mut columns = vec![Column { title: column(t, "name"), kind: Kind::Word }];
        let mut add = |title: String, kind| columns.push(Column { title, kind });
        COUNTS.iter().for_each(|(key, _)| add(column(t, key), Kind::Count));
        add(column(t, "leave-days"), Kind::Count);
        for kind in &kinds {
            let of = kind.split('+').map(|kind| self.leave_kind(self.judged.board.days.last, kind));
            add(t.get("export-leave-kind", &[("kind", of.collect::<Vec<_>>().join("、"))]), Kind::Count);
        }
        for (key, _) in FOUND {
            add(column(t, &format!("{key}-count")), Kind::Count);
            add(column(t, &format!("{key}-minutes")), Kind::Minutes);
        }
        MINUTES.iter().for_each(|(key, _)| add(column(t, key), Kind::Minutes));
        add(column(t, "unjudged-days"), Kind::Count);
        let line = |row: &attendance::Row| {
            let sums = &row.sums;
            let mut line = vec![self.name(&row.name)];
            line.extend(COUNTS.iter().map(|(_, of)| Value::Count(of(sums))));
            line.push(Value::Count(sums.leave_days));
            for kind in &kinds {
                let known = sums.leave_days_by_kind.as_ref();
                line.push(known.map_or(Value::Empty, |known| Value::Count(known.get(*kind).copied().unwrap_or(0))));
            }
            for (_, of) in FOUND {
                let Sized { count, minutes } = of(sums);
                line.extend([Value::Count(count), Value::Minutes(minutes)]);
            }
            line.extend(MINUTES.iter().map(|(_, of)| Value::Minutes(of(sums))));
            line.push(Value::Count(sums.unjudged_days));
            line
        };
        let rows = rows.iter().map(line).collect();
        Sheet { name: Name::Attendance.title(t), columns, rows }
    }

    fn days(&self) -> Sheet {
        let t = self.t;
        let columns = [
            ("name", Kind::Word),
            ("date", Kind::Date),
            ("status", Kind::Text),
            ("office-minutes", Kind::Minutes),
            ("required-minutes", Kind::Minutes),
            ("findings", Kind::Text),
            ("open-items", Kind::Count),
        ];
        let line = |person: &Person<'_>, day: days::Day| {
            let status = match day.status {
                None => t.word("not-in-force").into_owned(),
                Some("awaiting_sync") if day.may_be_lost => t.word("finding-may_be_lost").into_owned(),
                Some("on_leave") => self.on_leave(day.date, day.leave_kinds.as_deref()),
                Some(status) => t.word(&format!("status-{status}")).into_owned(),
            };
            vec![
                self.name(&person.staff.name),
                day.date.into(),
                status.into(),
                Value::Minutes(day.office_minutes),
                day.required_minutes.map_or(Value::Empty, Value::Minutes),
                self.findings(&day.findings),
                Value::Count(day.undecided),
            ]
        };
        let of = |person| days::Row::cells(person).map(move |day| (person, day));
        let rows = self.judged.people.iter().flat_map(of).map(|(person, day)| line(person, day)).collect();
        self.titled(Name::Days, &columns, rows)
    }

    fn leave(&self) -> Sheet {
        let t = self.t;
        let columns = [
            ("name", Kind::Word),
            ("leave", Kind::Word),
            ("from", Kind::Moment),
            ("to", Kind::Moment),
            ("returned", Kind::Moment),
            ("decision", Kind::Word),
        ];
        let line = |row: leave::Row| {
            let kind = match &row.kind {
                Some(kind) => self.leave_kind(row.from.date(), kind),
                None => t.word("status-on_leave").into_owned(),
            };
            let decision = t.word(&format!("decision-{}", row.decision)).into_owned();
            vec![
                self.name(&row.name),
                kind.into(),
                row.from.into(),
                row.to.into(),
                row.returned.into(),
                decision.into(),
            ]
        };
        self.titled(Name::Leave, &columns, leave::rows(self.judged).into_iter().map(line).collect())
    }

    fn service(&self) -> Sheet {
        let columns = [("date", Kind::Date), ("service-minutes", Kind::Minutes), ("findings", Kind::Text)];
        let line = |day: &super::service::Day| {
            let found: Vec<Found> = day.finding.iter().cloned().collect();
            vec![day.date.into(), Value::Minutes(day.minutes), self.findings(&found)]
        };
        self.titled(Name::Service, &columns, self.service.days.iter().map(line).collect())
    }

    fn sessions(&self) -> Sheet {
        let columns = [
            ("date", Kind::Date),
            ("start", Kind::Clock),
            ("end", Kind::Clock),
            ("length", Kind::Minutes),
            ("content", Kind::Word),
            ("instructors", Kind::Text),
            ("pupils", Kind::Count),
            ("findings", Kind::Text),
        ];
        let line = |held: &super::service::Held| {
            let led: Vec<String> = held.instructors.iter().map(|one| self.instructor(one)).collect();
            vec![
                held.date.into(),
                held.start.into(),
                held.end.into(),
                Value::Minutes(held.minutes),
                content(self.t, self.judged.board, held.date, held.content).into(),
                led.join("、").into(),
                held.pupils.map_or(Value::Empty, Value::Count),
                self.findings(&held.findings),
            ]
        };
        self.titled(Name::Sessions, &columns, self.service.sessions.iter().map(line).collect())
    }

    fn workload(&self) -> Sheet {
        let columns = [
            ("name", Kind::Word),
            ("session-count", Kind::Count),
            ("service-days", Kind::Count),
            ("service-minutes", Kind::Minutes),
            ("counted-minutes", Kind::Minutes),
        ];
        let line = |load: &super::service::Workload| {
            vec![
                self.instructor(&load.who).into(),
                Value::Count(load.sessions),
                Value::Count(load.days),
                Value::Minutes(load.minutes),
                Value::Minutes(load.counted),
            ]
        };
        self.titled(Name::Workload, &columns, self.service.workload.iter().map(line).collect())
    }

    fn name(&self, name: &str) -> Value {
        if name.is_empty() { Value::Text(self.t.word("pages-unnamed").into_owned()) } else { name.into() }
    }

    fn instructor(&self, one: &Instructor) -> String {
        match one.posting {
            Some(_) => one.name.clone(),
            None => self.t.get("pages-outside", &[("name", one.name.as_str())]),
        }
    }

    fn findings(&self, found: &[Found]) -> Value {
        let one = |found: &Found| {
            self.t.get(&format!("finding-{}", found.code), &[("minutes", found.minutes.unwrap_or_default())])
        };
        let texts: Vec<String> = found.iter().map(one).collect();
        if texts.is_empty() { Value::Empty } else { texts.join(self.t.word("pages-and").as_ref()).into() }
    }

    fn on_leave(&self, date: Date, kinds: Option<&[String]>) -> String {
        match kinds {
            Some(kinds) if !kinds.is_empty() => {
                let kinds: Vec<String> = kinds.iter().map(|kind| self.leave_kind(date, kind)).collect();
                self.t.get("leave-of-kind", &[("kind", kinds.join("、"))])
            }
            _ => self.t.word("status-on_leave").into_owned(),
        }
    }

    fn leave_kind(&self, date: Date, code: &str) -> String {
        let board = self.judged.board;
        leave_kind(self.t, board.county(), board.school.school, date, code)
    }
}

/// A leave kind's name in the school's pack; its code where the pack has none.
pub(crate) fn leave_kind(t: &Texts, county: &CountyFacts, school: SchoolId, date: Date, code: &str) -> String {
    let pack = county.pack(Chapter::Office, date, school).map(|(pack, _)| pack);
    let kinds = pack.and_then(|pack| pack.office.as_ref()).map_or(&[][..], |office| &office.leave.kinds);
    let named = kinds.iter().find(|one| one.code == code);
    named.map_or(code.to_owned(), |one| t.pick(&one.zh, &one.en).to_owned())
}

/// What a session was about, in the pack's words.
pub(crate) fn content(t: &Texts, board: &Board, date: Date, code: &str) -> String {
    let pack = board.county().pack(Chapter::Service, date, board.school.school);
    let content = pack.and_then(|(pack, _)| pack.service.as_ref()).map(|service| &service.content);
    let named = content.and_then(|c| c.allowed.iter().chain(&c.forbidden).find(|one| one.code == code));
    named.map_or(code.to_owned(), |one| t.pick(&one.zh, &one.en).to_owned())
}

/// The heading of a column in files.
pub(super) fn column(t: &Texts, key: &str) -> String {
    t.word(&format!("export-{key}-column")).into_owned()
}
