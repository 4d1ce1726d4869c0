//! After-school service: plan, sessions, handover.

use sanji_core::ids::{DocId, SchoolId};
use sanji_core::phone as core;
use sanji_core::records::{self, Content, Stage};

use crate::day::Entry;
use crate::given::{Result, clock, code, date, entries, entry, id, maybe, time};
use crate::leave::Named;
use crate::phone::Phone;

/// A plan of a term.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ServicePlan {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// What is offered.
    pub projects: Vec<String>,
    /// More of it.
    pub text: Option<String>,
}

/// A plan, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PlanShown {
    /// Its newest version.
    pub entry: Entry,
    /// What it says.
    pub plan: ServicePlan,
    /// `approved`, `refused` or `pending`.
    pub review: String,
    /// It is in force.
    pub filed: bool,
}

/// Who leads a session.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Instructor {
    /// The posting of a colleague.
    pub posting: Option<String>,
    /// The name of somebody from outside.
    pub name: Option<String>,
    /// Somebody from outside.
    pub outside: bool,
    /// Passed both checks of the school, and the county approved.
    pub vetted: bool,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Session {
    /// The day.
    pub date: String,
    /// `16:00`.
    pub start: String,
    /// `18:00`.
    pub end: String,
    /// The code of its content (`service_contents` lists them).
    pub content: String,
    /// For which pupils (`kindergarten`, `primary`, `junior`, `senior`).
    pub stage: Option<String>,
    /// Who leads it.
    pub instructors: Vec<Instructor>,
    /// Pupils counted.
    pub pupils: Option<u32>,
    /// The project of the plan.
    pub project: Option<String>,
}

/// A session, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SessionShown {
    /// Its newest version.
    pub entry: Entry,
    /// What it says.
    pub session: Session,
    /// The pupils were handed over.
    pub handed_over: bool,
    /// Two people changed it at the same time.
    pub conflict: bool,
}

/// The service of a school in a term.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Service {
    /// Plans.
    pub plans: Vec<PlanShown>,
    /// Sessions, by day and time.
    pub sessions: Vec<SessionShown>,
}

impl TryFrom<&ServicePlan> for records::ServicePlan {
    type Error = crate::error::PhoneError;

    fn try_from(plan: &ServicePlan) -> Result<Self> {
        Ok(records::ServicePlan {
            from: date("from", &plan.from)?,
            to: date("to", &plan.to)?,
            projects: plan.projects.clone(),
            text: plan.text.clone(),
        })
    }
}

impl TryFrom<&Session> for records::Session {
    type Error = crate::error::PhoneError;

    fn try_from(session: &Session) -> Result<Self> {
        let instructor = |one: &Instructor| -> Result<records::Instructor> {
            Ok(records::Instructor {
                posting: maybe("instructors", &one.posting)?,
                name: one.name.clone(),
                outside: one.outside.then_some(true),
                vetted: one.vetted.then_some(true),
            })
        };
        Ok(records::Session {
            date: date("date", &session.date)?,
            start: time("start", &session.start)?,
            end: time("end", &session.end)?,
            content: code("content", &session.content, Content::from_name)?,
            stage: session.stage.as_deref().map(|stage| code("stage", stage, Stage::from_name)).transpose()?,
            instructors: session.instructors.iter().map(instructor).collect::<Result<_>>()?,
            pupils: session.pupils,
            project: session.project.clone(),
        })
    }
}

fn shown(session: &records::Session) -> Session {
    let instructor = |one: &records::Instructor| Instructor {
        posting: one.posting.map(|posting| posting.to_string()),
        name: one.name.clone(),
        outside: one.outside == Some(true),
        vetted: one.vetted == Some(true),
    };
    Session {
        date: session.date.to_string(),
        start: clock(session.start),
        end: clock(session.end),
        content: session.content.name().to_owned(),
        stage: session.stage.map(|stage| stage.name().to_owned()),
        instructors: session.instructors.iter().map(instructor).collect(),
        pupils: session.pupils,
        project: session.project.clone(),
    }
}

fn service(doc: DocId, register: &core::Register) -> Service {
    let at = |entry| Entry::from(core::EntryAt { doc, entry });
    let plans = register.plans.iter().map(|fact| {
        let said = &fact.row.now;
        PlanShown {
            entry: at(said.source.entry),
            plan: ServicePlan {
                from: said.value.from.to_string(),
                to: said.value.to.to_string(),
                projects: said.value.projects.clone(),
                text: said.value.text.clone(),
            },
            review: fact.review.name().to_owned(),
            filed: fact.filed.is_some(),
        }
    });
    let mut facts: Vec<_> = register.sessions.iter().collect();
    facts.sort_by_key(|fact| (fact.row.now.value.date, fact.row.now.value.start));
    let sessions = facts.into_iter().map(|fact| SessionShown {
        entry: at(fact.row.now.source.entry),
        session: shown(&fact.row.now.value),
        handed_over: !fact.handovers.is_empty(),
        conflict: fact.row.in_conflict(),
    });
    Service { plans: plans.collect(), sessions: sessions.collect() }
}

#[uniffi::export]
impl Phone {
    /// What a session may hold at a school; empty until the county's rules have arrived.
    pub fn service_contents(&self, school: String) -> Result<Vec<Named>> {
        Ok(self.core().service_contents(id("school", &school)?)?.into_iter().map(Into::into).collect())
    }

    /// What a session may never hold at a school.
    pub fn forbidden_contents(&self, school: String) -> Result<Vec<Named>> {
        Ok(self.core().forbidden_contents(id("school", &school)?)?.into_iter().map(Into::into).collect())
    }

    /// The service of a school in the term of a day.
    pub fn service(&self, school: String, day: String) -> Result<Service> {
        let (school, day): (SchoolId, _) = (id("school", &school)?, date("day", &day)?);
        Ok(service(DocId::register(school, day), &self.core().service(school, day)?))
    }

    /// Writes the plan of a term; `instead` names the one that it changes.
    pub fn plan_service(&self, school: String, plan: ServicePlan, instead: Option<Entry>) -> Result<Entry> {
        let instead = instead.as_ref().map(entry).transpose()?;
        Ok(self.core().plan_service(id("school", &school)?, (&plan).try_into()?, instead.as_ref())?.into())
    }

    /// Records a session.
    pub fn record_session(&self, school: String, session: Session) -> Result<Entry> {
        Ok(self.core().record_session(id("school", &school)?, (&session).try_into()?)?.into())
    }

    /// Amends a session.
    pub fn amend_session(&self, amended: Entry, session: Session) -> Result<Entry> {
        Ok(self.core().amend_session(&entry(&amended)?, (&session).try_into()?)?.into())
    }

    /// Records the handover at the end of a session.
    pub fn hand_over(
        &self,
        session: Entry,
        to: Option<String>,
        pupils: Option<u32>,
        text: Option<String>,
    ) -> Result<Entry> {
        Ok(self.core().hand_over(&entry(&session)?, maybe("to", &to)?, pupils, text)?.into())
    }

    /// Comments on entries of a visit or of the service, or on all of it.
    pub fn comment(&self, document: String, about: Vec<Entry>, text: String) -> Result<Entry> {
        Ok(self.core().comment(id("document", &document)?, &entries(&about)?, &text)?.into())
    }
}
