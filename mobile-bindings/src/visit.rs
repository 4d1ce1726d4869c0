//! Support visits: plan, time on site, the four parts, people, lessons observed, pictures, the host's signature.

use sanji_core::crypto::BlobHash;
use sanji_core::ids::DocId;
use sanji_core::phone as core;
use sanji_core::records::{self, PairingField, Part, VisitKind};
use sanji_core::time::Minutes;

use crate::day::Entry;
use crate::error::PhoneError;
use crate::given::{Result, code, date, entry, id, ids, maybe};
use crate::phone::Phone;

/// The plan of a visit.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct VisitPlan {
    /// The kind's code.
    pub kind: String,
    /// For which day.
    pub date: String,
    /// The school that is visited.
    pub host: String,
    /// The school that visits, of a pairing.
    #[uniffi(default = None)]
    pub from: Option<String>,
    /// The group of the pairing.
    #[uniffi(default = None)]
    pub group: Option<String>,
    /// The code of the pairing's field.
    #[uniffi(default = None)]
    pub field: Option<String>,
    /// Who comes, by their persons.
    #[uniffi(default = [])]
    pub visitors: Vec<String>,
    /// Teachers that it is about, by their postings.
    #[uniffi(default = [])]
    pub teachers: Vec<String>,
    /// Whether the host may know before it is opened on site.
    #[uniffi(default = None)]
    pub announced: Option<bool>,
}

/// A school by its name.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SchoolName {
    /// The school.
    pub school: String,
    /// Its name.
    pub name: String,
}

/// A visit in a list.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct VisitSummary {
    /// Its document.
    pub document: String,
    /// The kind's code, once its plan has arrived.
    pub kind: Option<String>,
    /// The school that is visited.
    pub host: Option<String>,
    /// For which day.
    pub date: Option<String>,
    /// It was opened on site.
    pub opened: bool,
    /// It was closed.
    pub closed: bool,
}

/// A text, and what others wrote at the same time.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PartText {
    /// `plan`, `measures`, `record` or `summary`.
    pub part: String,
    /// The text.
    pub text: String,
    /// What others wrote at the same time.
    pub rivals: Vec<String>,
}

/// Somebody at the visit.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Participant {
    /// The person, if known to the county.
    pub person: Option<String>,
    /// The name otherwise.
    pub name: Option<String>,
    /// What for.
    pub duty: Option<String>,
}

/// A lesson observed.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Observation {
    /// The teacher's posting.
    pub teacher: String,
    /// The lesson.
    pub lesson: String,
    /// The review.
    pub review: Option<String>,
    /// The grade, in the county's words.
    pub grade: Option<String>,
    /// Length in minutes.
    pub minutes: Option<u32>,
}

/// A lesson observed, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ObservationShown {
    /// Its newest version.
    pub entry: Entry,
    /// What it says.
    pub observation: Observation,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Picture {
    /// By what `picture` finds its bytes.
    pub hash: String,
    /// What it shows.
    pub caption: Option<String>,
}

/// A host's signature.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Countersign {
    /// What the host said.
    pub text: Option<String>,
    /// When, as it is judged.
    pub at_secs: i64,
    /// How many entries the host saw.
    pub seen: u32,
    /// How many of them hold no more.
    pub changed: u32,
    /// How many entries the host had not seen.
    pub unseen: u32,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Visit {
    /// Its document.
    pub document: String,
    /// Its plan, once it has arrived.
    pub plan: Option<VisitPlan>,
    /// It was opened on site.
    pub opened: bool,
    /// It was closed.
    pub closed: bool,
    /// Minutes spent.
    pub minutes: Option<u32>,
    /// The parts that were written.
    pub parts: Vec<PartText>,
    /// Who took part.
    pub people: Vec<Participant>,
    /// Lessons observed.
    pub observations: Vec<ObservationShown>,
    /// Notes.
    pub notes: Vec<String>,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// Signatures of the host.
    pub countersigns: Vec<Countersign>,
    /// Answers of those with whom it was shared.
    pub answers: Vec<String>,
    /// Comments.
    pub comments: Vec<String>,
    /// Two people changed one thing at the same time.
    pub conflict: bool,
}

fn plan_shown(plan: &records::VisitPlan) -> VisitPlan {
    VisitPlan {
        kind: plan.kind.name().to_owned(),
        date: plan.date.to_string(),
        host: plan.host.to_string(),
        from: plan.from.map(|school| school.to_string()),
        group: plan.group.map(|group| group.to_string()),
        field: plan.field.map(|field| field.name().to_owned()),
        visitors: plan.visitors.iter().map(ToString::to_string).collect(),
        teachers: plan.teachers.iter().map(ToString::to_string).collect(),
        announced: plan.announced,
    }
}

impl TryFrom<&VisitPlan> for records::VisitPlan {
    type Error = PhoneError;

    fn try_from(plan: &VisitPlan) -> Result<Self> {
        Ok(records::VisitPlan {
            kind: code("kind", &plan.kind, VisitKind::from_name)?,
            date: date("date", &plan.date)?,
            host: id("host", &plan.host)?,
            from: maybe("from", &plan.from)?,
            group: maybe("group", &plan.group)?,
            field: plan.field.as_deref().map(|field| code("field", field, PairingField::from_name)).transpose()?,
            visitors: ids("visitors", &plan.visitors)?,
            teachers: ids("teachers", &plan.teachers)?,
            announced: plan.announced,
        })
    }
}

fn observation(seen: &Observation) -> Result<records::Observation> {
    Ok(records::Observation {
        teacher: id("teacher", &seen.teacher)?,
        lesson: seen.lesson.clone(),
        review: seen.review.clone(),
        grade: seen.grade.clone(),
        minutes: seen.minutes.map(Minutes),
    })
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn shown(doc: DocId, visit: &core::Visit) -> Visit {
    let part = |(part, row): (&Part, &core::Row<records::VisitPart>)| PartText {
        part: part.name().to_owned(),
        text: row.now.value.text.clone(),
        rivals: row.rivals.iter().map(|said| said.value.text.clone()).collect(),
    };
    let participant = |one: &records::Participant| Participant {
        person: one.person.map(|person| person.to_string()),
        name: one.name.clone(),
        duty: one.duty.clone(),
    };
    let seen = |row: &core::Row<records::Observation>| ObservationShown {
        entry: core::EntryAt { doc, entry: row.now.source.entry }.into(),
        observation: Observation {
            teacher: row.now.value.teacher.to_string(),
            lesson: row.now.value.lesson.clone(),
            review: row.now.value.review.clone(),
            grade: row.now.value.grade.clone(),
            minutes: row.now.value.minutes.map(|minutes| minutes.0),
        },
    };
    let picture = |row: &core::Row<records::VisitPicture>| Picture {
        hash: row.now.value.picture.to_string(),
        caption: row.now.value.caption.clone(),
    };
    let signed = |sign: &core::Countersign| Countersign {
        text: sign.said.value.text.clone(),
        at_secs: sign.said.source.placed.judged.0,
        seen: count(sign.seen.len()),
        changed: count(sign.changed.len()),
        unseen: count(sign.unseen.len()),
    };
    Visit {
        document: doc.to_string(),
        plan: visit.plan.as_ref().map(|row| plan_shown(&row.now.value)),
        opened: !visit.opened.is_empty(),
        closed: !visit.closed.is_empty(),
        minutes: visit.minutes.map(|minutes| minutes.0),
        parts: visit.parts.iter().map(part).collect(),
        people: visit.people.iter().flat_map(|row| &row.now.value.people).map(participant).collect(),
        observations: visit.observations.iter().map(seen).collect(),
        notes: visit.notes.iter().map(|row| row.now.value.text.clone()).collect(),
        pictures: visit.pictures.iter().map(picture).collect(),
        countersigns: visit.countersigns.iter().map(signed).collect(),
        answers: visit.answers.iter().map(|row| row.now.value.text.clone()).collect(),
        comments: visit.comments.iter().map(|comment| comment.said.value.text.clone()).collect(),
        conflict: visit.in_conflict(),
    }
}

fn hash(text: &str) -> Result<BlobHash> {
    let wrong = || PhoneError::unreadable("hash", "64 hexadecimal digits were expected");
    let digit = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..64).step_by(2).map(digit).collect();
    bytes.filter(|_| text.len() == 64).as_deref().and_then(BlobHash::from_slice).ok_or_else(wrong)
}

#[uniffi::export]
impl Phone {
    /// The schools of the county on a day, by name; empty until the county's document has arrived.
    pub fn schools(&self, day: String) -> Result<Vec<SchoolName>> {
        let named = |set: records::SchoolSet| SchoolName { school: set.school.to_string(), name: set.name };
        let mut schools: Vec<SchoolName> = self.core().schools(date("day", &day)?)?.into_iter().map(named).collect();
        schools.sort_by(|a, b| (&a.name, &a.school).cmp(&(&b.name, &b.school)));
        Ok(schools)
    }

    /// The visits of the term of a day, newest first.
    pub fn visits(&self, day: String) -> Result<Vec<VisitSummary>> {
        let visits = self.core().visits(date("day", &day)?)?.into_iter();
        Ok(visits
            .map(|visit| VisitSummary {
                document: visit.doc.to_string(),
                kind: visit.kind.map(|kind| kind.name().to_owned()),
                host: visit.host.map(|host| host.to_string()),
                date: visit.date.map(|date| date.to_string()),
                opened: visit.opened,
                closed: visit.closed,
            })
            .collect())
    }

    /// A visit as it stands on this phone.
    pub fn visit(&self, document: String) -> Result<Visit> {
        let doc = id("document", &document)?;
        Ok(shown(doc, &self.core().visit(doc)?))
    }

    /// Plans a visit; gives its document.
    pub fn plan_visit(&self, plan: VisitPlan) -> Result<String> {
        Ok(self.core().plan_visit((&plan).try_into()?)?.doc.to_string())
    }

    /// Changes a visit's plan.
    pub fn change_visit(&self, document: String, plan: VisitPlan) -> Result<Entry> {
        Ok(self.core().change_visit(id("document", &document)?, (&plan).try_into()?)?.into())
    }

    /// Opens a visit on site: from now on its host may read it.
    pub fn open_visit(&self, document: String) -> Result<Entry> {
        Ok(self.core().open_visit(id("document", &document)?)?.into())
    }

    /// Closes a visit on site; `minutes` if the time spent on its purpose differs from the time on site.
    pub fn close_visit(&self, document: String, minutes: Option<u32>) -> Result<Entry> {
        Ok(self.core().close_visit(id("document", &document)?, minutes.map(Minutes))?.into())
    }

    /// Writes one of the four parts (`plan`, `measures`, `record`, `summary`).
    pub fn write_part(&self, document: String, part: String, text: String) -> Result<Entry> {
        let part = code("part", &part, Part::from_name)?;
        Ok(self.core().write_part(id("document", &document)?, part, &text)?.into())
    }

    /// Sets who took part.
    pub fn set_people(&self, document: String, people: Vec<Participant>) -> Result<Entry> {
        let one = |one: &Participant| -> Result<records::Participant> {
            Ok(records::Participant {
                person: maybe("person", &one.person)?,
                name: one.name.clone(),
                duty: one.duty.clone(),
            })
        };
        let people = people.iter().map(one).collect::<Result<_>>()?;
        Ok(self.core().set_people(id("document", &document)?, people)?.into())
    }

    /// Records a lesson observed; `instead` names a version of the one that it changes.
    pub fn observe(&self, document: String, seen: Observation, instead: Option<Entry>) -> Result<Entry> {
        let instead = instead.as_ref().map(entry).transpose()?.map(|at| at.entry);
        Ok(self.core().observe(id("document", &document)?, observation(&seen)?, instead)?.into())
    }

    /// Adds a picture of at most 256 kB; gives by what its bytes are found.
    pub fn add_picture(&self, document: String, picture: Vec<u8>, caption: Option<String>) -> Result<String> {
        Ok(self.core().add_picture(id("document", &document)?, &picture, caption)?.1.to_string())
    }

    /// Adds a note.
    pub fn add_visit_note(&self, document: String, text: String) -> Result<Entry> {
        Ok(self.core().add_visit_note(id("document", &document)?, &text)?.into())
    }

    /// Shares a visit with observed teachers.
    pub fn share_visit(&self, document: String, postings: Vec<String>) -> Result<Entry> {
        Ok(self.core().share_visit(id("document", &document)?, ids("with", &postings)?)?.into())
    }

    /// Answers a visit that was shared.
    pub fn answer_visit(&self, document: String, text: String) -> Result<Entry> {
        Ok(self.core().answer_visit(id("document", &document)?, &text)?.into())
    }

    /// Signs as the host for what of a visit has arrived on this phone.
    pub fn countersign(&self, document: String, text: Option<String>) -> Result<Entry> {
        Ok(self.core().countersign(id("document", &document)?, text)?.into())
    }

    /// A visit as the texts of QR codes, to be shown one after another to the host's phone.
    pub fn show_visit(&self, document: String) -> Result<Vec<String>> {
        Ok(self.core().show_visit(id("document", &document)?)?)
    }

    /// What another phone shows of a visit; the QR codes may come in any order.
    pub fn read_visit(&self, codes: Vec<String>) -> Result<Visit> {
        let read = self.core().read_visit(&codes)?;
        Ok(shown(read.doc, &read.visit))
    }

    /// Signs as the host for a visit as another phone shows it.
    pub fn countersign_shown(&self, codes: Vec<String>, text: Option<String>) -> Result<Entry> {
        Ok(self.core().countersign_shown(&codes, text)?.into())
    }
}

#[uniffi::export(async_runtime = "tokio")]
impl Phone {
    /// The bytes of a picture or attachment: from here, else from the relay; absent if it hasn't got them either.
    pub async fn picture(&self, document: String, hash_text: String) -> Result<Option<Vec<u8>>> {
        Ok(self.core().blob(id("document", &document)?, hash(&hash_text)?).await?)
    }
}
