//! Obligations, quotas and records that a pack names.

use serde::{Deserialize, Serialize};

use super::value::{Clause, Name};
use super::words::{Force, PeriodKind, SubjectKind, VisitKind};

/// What somebody owes in each period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawObligation")]
pub struct Obligation {
    /// Its name in cases and exports.
    pub id: String,
    /// Its name for people.
    pub name: Name,
    /// Who owes it.
    pub subject: SubjectKind,
    /// In each of which periods.
    pub period: PeriodKind,
    /// How much at least.
    pub least: Least,
    /// Which visits count; `None` if no visit proves it.
    pub counts: Option<Counted>,
    /// A visit shorter than this many minutes counts nothing.
    pub each_minutes: u32,
    /// Whether it must reach every member of the subject.
    pub every_member: bool,
    /// How strongly the source speaks.
    pub force: Force,
    /// The clause.
    pub clause: Clause,
}

/// How much an obligation asks for at least, in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Least {
    /// Visits that count.
    Visits(u32),
    /// Minutes of the visits that count, in all.
    Minutes(u32),
    /// Persons sent: proved by rosters, not by visits.
    Persons(u32),
    /// Pieces of work decided: proved by the decision, not by visits.
    Tasks(u32),
}

impl Least {
    /// Whether visits prove it.
    pub fn by_visits(self) -> bool {
        matches!(self, Least::Visits(_) | Least::Minutes(_))
    }
}

/// Which kinds of visit count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub enum Counted {
    /// Every kind.
    Any,
    /// These kinds.
    Kinds(Vec<VisitKind>),
}

impl Counted {
    /// Whether a visit of this kind counts.
    pub fn covers(&self, kind: VisitKind) -> bool {
        match self {
            Counted::Any => true,
            Counted::Kinds(kinds) => kinds.contains(&kind),
        }
    }
}

impl From<Counted> for Vec<String> {
    fn from(counted: Counted) -> Self {
        match counted {
            Counted::Any => vec!["any".to_owned()],
            Counted::Kinds(kinds) => kinds.iter().map(|kind| kind.code().to_owned()).collect(),
        }
    }
}

impl TryFrom<Vec<String>> for Counted {
    type Error = String;
    fn try_from(words: Vec<String>) -> Result<Self, String> {
        if words.len() == 1 && words[0] == "any" {
            return Ok(Counted::Any);
        }
        if words.is_empty() {
            return Err("no kind of visit is named: name kinds, or \"any\", or leave the key out".into());
        }
        let kind = |word: String| {
            VisitKind::from_code(&word)
                .ok_or_else(|| format!("\"{word}\" is no kind of visit: use a known kind or \"any\" alone"))
        };
        words.into_iter().map(kind).collect::<Result<_, _>>().map(Counted::Kinds)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawObligation {
    id: String,
    name: Name,
    subject: SubjectKind,
    period: PeriodKind,
    least: Least,
    counts: Option<Counted>,
    #[serde(default)]
    each_minutes: u32,
    #[serde(default)]
    every_member: bool,
    force: Force,
    clause: Clause,
}

impl TryFrom<RawObligation> for Obligation {
    type Error = &'static str;
    fn try_from(raw: RawObligation) -> Result<Self, Self::Error> {
        match (raw.least.by_visits(), &raw.counts) {
            (true, None) => Err("visits or minutes are asked for, but `counts` doesn't say which visits: add it"),
            (false, Some(_)) => Err("persons and tasks are not proved by visits: delete `counts`"),
            _ => Ok(Obligation {
                id: raw.id,
                name: raw.name,
                subject: raw.subject,
                period: raw.period,
                least: raw.least,
                counts: raw.counts,
                each_minutes: raw.each_minutes,
                every_member: raw.every_member,
                force: raw.force,
                clause: raw.clause,
            }),
        }
    }
}

/// A duty or share that is kept as data and not judged from visits.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Its name.
    pub id: String,
    /// Its name for people.
    pub name: Name,
    /// Whom it binds, in words.
    pub subject: String,
    /// How often, in words; `None` where the source gives no period.
    pub period: Option<String>,
    /// How much, in words.
    pub value: String,
    /// How strongly the source speaks.
    pub force: Force,
    /// The clause.
    pub clause: Clause,
}

/// A record or form that the source names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordForm {
    /// Its name.
    pub id: String,
    /// Its name for people.
    pub name: Name,
    /// What it holds.
    pub holds: String,
    /// Who keeps it, and for whom.
    pub by: String,
    /// The clause.
    pub clause: Clause,
}
