//! What an entry says, in a few words: for lists, and for two versions of one thing side by side.

use super::Texts;
use crate::policy::CodedName;
use crate::records::{Body, CheckTime, Decision, Direction};

impl Texts {
    /// The word for an entry's kind; one that this version doesn't know is said to be newer.
    pub fn entry_kind(&self, body: Option<&Body>) -> String {
        let number = body.map(Body::kind);
        let name = Body::KINDS.iter().find(|(kind, _)| Some(*kind) == number);
        self.word(&name.map_or("kind-newer".into(), |(_, name)| format!("kind-{name}"))).into_owned()
    }

    /// What an entry says beyond its kind; empty where the kind says it all. `leave_kinds` are the words of the pack.
    pub fn entry_says(&self, body: &Body, leave_kinds: &[CodedName]) -> String {
        let direction = |direction: Direction| self.word(&format!("direction-{}", direction.name())).into_owned();
        let decided = |decision: Decision| self.word(&format!("decision-{}", decision.name())).into_owned();
        let times = |checks: &[CheckTime]| {
            let one = |check: &CheckTime| format!("{} {}", direction(check.direction), self.moment(check.at));
            checks.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        let leave_kind = |code: &str| {
            let known = leave_kinds.iter().find(|kind| kind.code == code);
            known.map_or(code.to_owned(), |kind| self.pick(&kind.zh, &kind.en).to_owned())
        };
        let clock = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
        let pupils = |counted: Option<u32>| {
            counted.map(|count| self.get("servicepage-pupils-count", &[("count", count)])).unwrap_or_default()
        };
        let parts: Vec<String> = match body {
            Body::Check(check) => vec![direction(check.direction)],
            Body::KioskCheck(check) => vec![direction(check.direction)],
            Body::CheckOnBehalf(check) => {
                vec![direction(check.direction), self.moment(check.at), check.reason.clone()]
            }
            Body::Leave(leave) => {
                vec![leave_kind(&leave.kind), self.period(leave.from, leave.to)]
            }
            Body::LeaveDecision(said) => {
                let period = self.period(said.from, said.to);
                vec![decided(said.decision), period, said.reason.clone().unwrap_or_default()]
            }
            Body::Return(back) => vec![self.moment(back.at)],
            Body::CorrectionRequest(said) => vec![self.day(said.date), times(&said.checks), said.reason.clone()],
            Body::Correction(said) => vec![self.day(said.date), times(&said.checks), said.reason.clone()],
            Body::CorrectionDecision(said) => vec![decided(said.decision), said.reason.clone().unwrap_or_default()],
            Body::FlexibleHours(hours) => {
                vec![self.days(hours.from, hours.to), hours.ground.clone()]
            }
            Body::FlagLift(lift) => vec![lift.reason.clone()],
            Body::Note(note) => vec![self.day(note.date), note.text.clone()],
            Body::ServicePlan(plan) => {
                vec![self.days(plan.from, plan.to), plan.projects.join("、"), plan.text.clone().unwrap_or_default()]
            }
            Body::PlanReview(said) => vec![decided(said.decision), said.reason.clone().unwrap_or_default()],
            Body::KioskOutage(outage) => vec![self.day(outage.date), outage.reason.clone()],
            Body::ProfileSet(set) => {
                let dismissal = set.dismissal.map(clock).unwrap_or_default();
                let windows = set.windows.iter().map(|time| clock(*time)).collect::<Vec<_>>().join(" ");
                vec![self.date(set.from), dismissal, windows]
            }
            Body::RosterSet(row) => vec![
                row.name.clone(),
                self.word(&format!("role-{}", row.role.name())).into_owned(),
                self.date(row.from),
                row.to.map(|to| self.date(to)).unwrap_or_default(),
            ],
            Body::HostCountersign(said) => vec![said.text.clone().unwrap_or_default()],
            Body::Session(session) => vec![
                self.day(session.date),
                format!("{}–{}", clock(session.start), clock(session.end)),
                session.project.clone().unwrap_or_default(),
                pupils(session.pupils),
            ],
            Body::Handover(said) => vec![pupils(said.pupils), said.text.clone().unwrap_or_default()],
            Body::Comment(said) => vec![said.text.clone()],
            Body::VisitPlan(plan) => {
                vec![self.word(&format!("visit-{}", plan.kind.name())).into_owned(), self.day(plan.date)]
            }
            Body::VisitClose(close) => vec![close.minutes.map(|minutes| self.duration(minutes)).unwrap_or_default()],
            Body::VisitPart(part) => {
                vec![self.word(&format!("part-{}", part.part.name())).into_owned(), part.text.clone()]
            }
            Body::VisitPeople(people) => {
                vec![people.people.iter().filter_map(|one| one.name.clone()).collect::<Vec<_>>().join("、")]
            }
            Body::Observation(seen) => vec![
                seen.lesson.clone(),
                seen.review.clone().unwrap_or_default(),
                seen.grade.clone().unwrap_or_default(),
            ],
            Body::VisitNote(note) => vec![note.text.clone()],
            Body::VisitPicture(picture) => vec![picture.caption.clone().unwrap_or_default()],
            Body::ObservedAnswer(answer) => vec![answer.text.clone()],
            _ => Vec::new(),
        };
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}
