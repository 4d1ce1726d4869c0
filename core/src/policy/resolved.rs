//! The numbers of a pack that hold for one school, ready for the rules.

use std::collections::BTreeSet;

use super::chapters::Stage;
use super::pack::Pack;
use super::value::{Clause, CodedName, Window, in_order};
use super::words::{Chapter, SchoolKind};
use crate::time::{HourMinute, Minutes};

/// What the rules need to know of a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// What it is.
    pub kind: SchoolKind,
    /// Whether a secondary school is senior (高中).
    pub senior: bool,
    /// Whether it follows the boarding row: a boarding school, or a day school that is allowed to.
    pub boarding: bool,
    /// Windows of its own, where the pack lets it shift them.
    pub own_windows: Option<Vec<Window>>,
}

impl School {
    /// A day school of this kind with the pack's windows.
    pub fn new(kind: SchoolKind) -> Self {
        School { kind, senior: false, boarding: false, own_windows: None }
    }
}

/// The office rules of one school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeRules {
    /// Its windows, in order and apart.
    pub windows: Vec<Window>,
    /// The hours outside of which presence counts nothing.
    pub presence: Window,
    /// What a day without leave asks for.
    pub daily: Minutes,
    /// Late and early up to this are no finding.
    pub grace: Minutes,
    /// What a finding or a status rests on.
    pub clauses: OfficeClauses,
}

/// Clauses of the office chapter, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeClauses {
    /// The windows.
    pub windows: Clause,
    /// The minutes of a day.
    pub daily: Clause,
    /// Leave.
    pub leave: Clause,
    /// The attendance register.
    pub register: Clause,
}

/// The service rules of one school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRules {
    /// Service must be over by then; exactly then is in time.
    pub latest_end: HourMinute,
    /// A day's service in principle.
    pub standard: Minutes,
    /// At least.
    pub least: Minutes,
    /// At most.
    pub most: Minutes,
    /// Codes of content that is never allowed.
    pub forbidden: BTreeSet<String>,
    /// Longest span of holiday care, in days.
    pub care_days_span: u32,
    /// Longest day of holiday care.
    pub care_day_most: Minutes,
    /// Codes of content that is never allowed in holiday care.
    pub care_forbidden: BTreeSet<String>,
    /// What a finding rests on.
    pub clauses: ServiceClauses,
}

/// Clauses of the service chapter, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceClauses {
    /// The latest end.
    pub latest_end: Clause,
    /// The minutes of a day.
    pub day_minutes: Clause,
    /// On which days.
    pub days: Clause,
    /// The start after dismissal.
    pub start: Clause,
    /// Content.
    pub content: Clause,
    /// Outside staff.
    pub vetting: Clause,
    /// Supervision and handover.
    pub safety: Clause,
    /// Holiday care.
    pub holiday_care: Clause,
}

/// Why a pack has no rules for a school.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotInPack {
    /// The scheme doesn't have the chapter.
    #[error("the pack {pack} has no chapter {chapter}")]
    Chapter {
        /// The pack.
        pack: String,
        /// The chapter.
        chapter: Chapter,
    },
    /// The scheme gives no windows for this kind of school.
    #[error("the pack {pack} has no office windows for {kind}")]
    Kind {
        /// The pack.
        pack: String,
        /// The kind.
        kind: SchoolKind,
    },
    /// The school has windows of its own, which the scheme doesn't allow for its kind.
    #[error("the pack {pack} doesn't let a school of kind {kind} shift its windows")]
    Shift {
        /// The pack.
        pack: String,
        /// The kind.
        kind: SchoolKind,
    },
    /// The school's own windows overlap, are out of order, are none or lie outside the counted hours.
    #[error("the school's own windows must be in order, apart and within {presence}")]
    Windows {
        /// The counted hours.
        presence: Window,
    },
}

impl NotInPack {
    /// The same in simplified Chinese.
    pub fn zh(&self) -> String {
        match self {
            NotInPack::Chapter { pack, chapter } => format!("方案 {pack} 没有“{chapter}”这一部分"),
            NotInPack::Kind { pack, kind } => format!("方案 {pack} 没有规定“{kind}”的办公时段"),
            NotInPack::Shift { pack, kind } => format!("方案 {pack} 不允许“{kind}”自行调整办公时段"),
            NotInPack::Windows { presence } => format!("学校自定的时段须先后有序、互不重叠,并在 {presence} 之内"),
        }
    }
}

impl Pack {
    /// The office rules for a school.
    ///
    /// # Errors
    /// See [`NotInPack`].
    pub fn office_rules(&self, school: &School) -> Result<OfficeRules, NotInPack> {
        let pack = || self.id.clone();
        let kind = school.kind;
        let office =
            self.office.as_ref().ok_or_else(|| NotInPack::Chapter { pack: pack(), chapter: Chapter::Office })?;
        let row =
            office.windows.iter().find(|row| row.kind == kind).ok_or_else(|| NotInPack::Kind { pack: pack(), kind })?;
        let presence = office.presence.hours;
        let windows = match &school.own_windows {
            None => row.times.clone(),
            Some(_) if !row.may_shift => return Err(NotInPack::Shift { pack: pack(), kind }),
            Some(own) => {
                let inside = own.iter().all(|window| presence.from <= window.from && window.to <= presence.to);
                if !in_order(own) || !inside {
                    return Err(NotInPack::Windows { presence });
                }
                own.clone()
            }
        };
        Ok(OfficeRules {
            windows,
            presence,
            daily: Minutes(office.daily.minutes),
            grace: Minutes(office.grace.minutes),
            clauses: OfficeClauses {
                windows: self.cite(&row.clause),
                daily: self.cite(&office.daily.clause),
                leave: self.cite(&office.leave.clause),
                register: self.cite(&office.register.clause),
            },
        })
    }

    /// The service rules for a school. The latest end is that of the senior row for senior secondary, else that of the
    /// compulsory row, whatever the kind: schools outside compulsory education follow its practice.
    ///
    /// # Errors
    /// [`NotInPack::Chapter`] if the scheme has no service chapter.
    pub fn service_rules(&self, school: &School) -> Result<ServiceRules, NotInPack> {
        let service = self
            .service
            .as_ref()
            .ok_or_else(|| NotInPack::Chapter { pack: self.id.clone(), chapter: Chapter::Service })?;
        let senior = school.senior && school.kind == SchoolKind::Secondary;
        let row = if senior { &service.latest_end.senior } else { &service.latest_end.compulsory };
        let care = &service.holiday_care;
        Ok(ServiceRules {
            latest_end: if school.boarding { row.boarding } else { row.day },
            standard: Minutes(service.day_minutes.standard),
            least: Minutes(service.day_minutes.least),
            most: Minutes(service.day_minutes.most),
            forbidden: service.content.forbidden.iter().map(|word| word.code.clone()).collect(),
            care_days_span: care.most_days_span,
            care_day_most: Minutes(care.most_day_minutes),
            care_forbidden: care.forbidden.iter().cloned().collect(),
            clauses: ServiceClauses {
                latest_end: self.cite(&row.clause),
                day_minutes: self.cite(&service.day_minutes.clause),
                days: self.cite(&service.days.clause),
                start: self.cite(&service.start.clause),
                content: self.cite(&service.content.clause),
                vetting: self.cite(&service.vetting.clause),
                safety: self.cite(&service.safety.clause),
                holiday_care: self.cite(&care.clause),
            },
        })
    }

    /// Whether a day school of this kind may be allowed the boarding row, for evening study.
    pub fn may_follow_boarding_row(&self, kind: SchoolKind, senior: bool) -> bool {
        let stage = if senior { Stage::Senior } else { Stage::Junior };
        kind == SchoolKind::Secondary
            && self.service.as_ref().is_some_and(|service| service.boarding_row.stages.contains(&stage))
    }

    /// The names of a kind of leave.
    pub fn leave_kind(&self, code: &str) -> Option<&CodedName> {
        self.office.as_ref()?.leave.kinds.iter().find(|kind| kind.code == code)
    }

    /// The names of a session's content, allowed or not.
    pub fn content(&self, code: &str) -> Option<&CodedName> {
        let content = &self.service.as_ref()?.content;
        content.allowed.iter().chain(&content.forbidden).find(|word| word.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hezhang() -> &'static Pack {
        Pack::named("hezhang-2021").expect("built in")
    }

    fn own(kind: SchoolKind, windows: &[&str]) -> Result<OfficeRules, NotInPack> {
        let windows = windows.iter().map(|text| Window::parse(text).expect("a window")).collect();
        hezhang().office_rules(&School { own_windows: Some(windows), ..School::new(kind) })
    }

    #[test]
    fn only_schools_that_may_shift_have_windows_of_their_own() {
        let shifted = own(SchoolKind::Vocational, &["08:00-11:30", "14:00-17:00"]).expect("may shift");
        assert_eq!(shifted.windows[0].to_string(), "08:00-11:30");
        assert!(matches!(own(SchoolKind::Primary, &["08:00-11:30"]), Err(NotInPack::Shift { .. })));
        for bad in [&["14:00-17:00", "08:00-11:30"][..], &["05:00-11:30"], &[]] {
            assert!(matches!(own(SchoolKind::Special, bad), Err(NotInPack::Windows { .. })), "{bad:?}");
        }
    }

    #[test]
    fn the_latest_end_follows_stage_and_boarding() {
        let end = |kind, senior, boarding| {
            let school = School { senior, boarding, ..School::new(kind) };
            hezhang().service_rules(&school).expect("has the chapter").latest_end.to_string()
        };
        assert_eq!(end(SchoolKind::Kindergarten, false, false), "18:00");
        assert_eq!(end(SchoolKind::Primary, false, true), "21:00");
        assert_eq!(end(SchoolKind::Secondary, false, false), "18:00");
        assert_eq!(end(SchoolKind::Secondary, true, false), "21:00");
        assert_eq!(end(SchoolKind::Secondary, true, true), "22:00");
        assert_eq!(end(SchoolKind::Vocational, true, false), "18:00", "only senior secondary has the senior row");
        assert!(hezhang().may_follow_boarding_row(SchoolKind::Secondary, false));
        assert!(!hezhang().may_follow_boarding_row(SchoolKind::Primary, false));
    }

    #[test]
    fn words_of_the_scheme_have_their_names() {
        assert_eq!(hezhang().leave_kind("sick").map(|kind| kind.zh.as_str()), Some("病假"));
        assert_eq!(hezhang().content("exam_drill").map(|word| word.en.as_str()), Some("exam drill"));
        assert_eq!(hezhang().content("sick"), None);
    }

    #[test]
    fn a_pack_without_a_chapter_says_so() {
        let linzi = Pack::named("linzi").expect("built in");
        let error = linzi.office_rules(&School::new(SchoolKind::Primary)).expect_err("no office chapter");
        assert_eq!(error.to_string(), "the pack linzi has no chapter office");
        assert!(linzi.service_rules(&School::new(SchoolKind::Primary)).is_err());
    }
}
