//! A policy pack: one scheme.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::built_in;
use super::chapters::{Office, Service};
use super::obligation::{Obligation, Quota, RecordForm};
use super::value::{Clause, Day, Name};
use super::words::{Chapter, Force, SchoolKind};

/// One scheme as data. It never changes: its bytes, as [`Pack::source`] gives them, are what a hash names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pack {
    #[serde(skip)]
    pub(super) source: Arc<str>,
    /// Its name, such as `hezhang-2021`.
    pub id: String,
    /// The scheme's code in citations, such as `HZ`.
    pub code: String,
    /// The county's name, which a school's name may begin with.
    pub county: Option<String>,
    /// The notice's number.
    pub document: Option<String>,
    /// The day or month of the notice, as the source gives it.
    pub dated: Option<String>,
    /// What the scheme is called.
    pub title: Name,
    /// From when each chapter holds, and for whom.
    pub phases: Vec<Phase>,
    /// The centralized office.
    pub office: Option<Office>,
    /// The after-school service.
    pub service: Option<Service>,
    /// What is owed and judged.
    pub obligations: Vec<Obligation>,
    /// What is owed and kept as data.
    pub quotas: Vec<Quota>,
    /// The records that the source names.
    pub records: Vec<RecordForm>,
    /// What the source says in clauses that reasons cite.
    pub quotes: Vec<Quote>,
}

/// A clause in the source's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// Which.
    pub clause: Clause,
    /// Its words, in the source's language; `……` where some are left out.
    pub text: String,
}

/// A span of time in which a chapter holds, for everyone or for some.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawPhase")]
pub struct Phase {
    /// Which chapter.
    pub chapter: Chapter,
    /// Its first day.
    pub from: Day,
    /// Its last day; `None` if it has no end.
    pub to: Option<Day>,
    /// Whether everyone is in it.
    pub everyone: bool,
    /// Townships whose schools are in it.
    pub townships: Vec<String>,
    /// Kinds of school of the county town that are in it.
    pub county_town: Vec<SchoolKind>,
    /// Single schools that are in it, with or without the county's name before theirs.
    pub schools: Vec<String>,
    /// How strongly the source speaks.
    pub force: Force,
    /// The clause.
    pub clause: Clause,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPhase {
    chapter: Chapter,
    from: Day,
    to: Option<Day>,
    #[serde(default)]
    everyone: bool,
    #[serde(default)]
    townships: Vec<String>,
    #[serde(default)]
    county_town: Vec<SchoolKind>,
    #[serde(default)]
    schools: Vec<String>,
    force: Force,
    clause: Clause,
}

impl TryFrom<RawPhase> for Phase {
    type Error = &'static str;
    fn try_from(raw: RawPhase) -> Result<Self, Self::Error> {
        if raw.to.is_some_and(|to| to < raw.from) {
            return Err("the phase ends before it begins: correct from or to");
        }
        let some = !(raw.townships.is_empty() && raw.county_town.is_empty() && raw.schools.is_empty());
        if raw.everyone == some {
            return Err("say for whom the phase is: either everyone = true, or townships, county_town or schools");
        }
        Ok(Phase {
            chapter: raw.chapter,
            from: raw.from,
            to: raw.to,
            everyone: raw.everyone,
            townships: raw.townships,
            county_town: raw.county_town,
            schools: raw.schools,
            force: raw.force,
            clause: raw.clause,
        })
    }
}

impl Pack {
    /// The packs that come with the program.
    pub fn built_in() -> &'static [Pack] {
        &built_in::get().packs
    }

    /// The pack of this name that comes with the program.
    pub fn named(id: &str) -> Option<&'static Pack> {
        Pack::built_in().iter().find(|pack| pack.id == id)
    }

    /// The bytes that were read, unchanged.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What the source says in a clause, cited as it is shown (`HZ 二(一)2`); `None` if the pack doesn't quote it.
    pub fn quoted(&self, cited: &str) -> Option<&str> {
        let (code, clause) = cited.split_once(' ')?;
        let quote = self.quotes.iter().find(|quote| code == self.code && quote.clause.as_str() == clause)?;
        Some(&quote.text)
    }

    /// A clause of this pack as it is shown: `HZ 二(一)2`.
    pub fn cite(&self, clause: &Clause) -> Clause {
        clause.cited(&self.code)
    }
}
