//! What waits: entries to be sent and why, requests to be decided, entries that don't count yet, conflicts.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::day::EntryAt;
use super::error::Result;
use super::home::Home;
use crate::documents::facts::{Decided, Row};
use crate::documents::fold::State;
use crate::ids::{DocId, DocKind, Label, PersonId, PostingId};
use crate::records::{CorrectionRequest, EntryRef, Leave, reading_of};
use crate::sync::message::FlagReason;
use crate::sync::phone::state::{Failures, entry, fact};
use crate::sync::phone::{Reissued, Standing, Waiting, blobs_waiting, reissued, retired, standing, waiting};
use crate::time::UtcSecs;

/// Why entries wait, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// Nothing waits.
    Nothing,
    /// They go with the next connection.
    NextConnection,
    /// So many tries in a row found no connection, or were cut.
    NoConnection(u32),
    /// The relay doesn't take them; what it said tells what to do.
    Standing(Standing),
}

impl WaitReason {
    /// The stable code: its text stands under `wait-<code>`, for a standing under `standing-<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            WaitReason::Nothing => "nothing",
            WaitReason::NextConnection => "next_connection",
            WaitReason::NoConnection(_) => "no_connection",
            WaitReason::Standing(standing) => standing.code(),
        }
    }
}

/// What has not reached the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Entries.
    pub entries: u64,
    /// Pictures and attachments of entries.
    pub blobs: u64,
    /// When the oldest entry was made, by the phone's wall clock.
    pub oldest: Option<UtcSecs>,
    /// By document.
    pub by_document: Vec<Waiting>,
    /// Why.
    pub why: WaitReason,
    /// Entries that no relay takes any more, beside those that wait: their term's time is over.
    pub retired: u64,
    /// Files of earlier records whose key is lost: what of them had not been sent isn't counted above.
    pub locked: u64,
    /// Entries that were issued again under a new key.
    pub issued_again: Vec<Reissued>,
}

/// Something that a principal, deputy or supervisor decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The document and the version to decide on.
    pub at: EntryAt,
    /// Whose.
    pub posting: Option<PostingId>,
    /// Who asked.
    pub person: Option<PersonId>,
    /// What is asked.
    pub what: PendingKind,
    /// Versions, or decisions, contradict each other.
    pub conflict: bool,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PendingKind {
    /// A leave, or the part of it that is not decided.
    Leave(Leave),
    /// A correction of a day.
    Correction(CorrectionRequest),
}

/// An entry that doesn't count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flagged {
    /// Which.
    pub at: EntryAt,
    /// Why.
    pub reason: Option<FlagReason>,
    /// Who wrote it.
    pub person: Option<PersonId>,
    /// When, as it is judged.
    pub judged: UtcSecs,
    /// The number of its kind.
    pub kind: Option<u16>,
}

/// Two people changed one thing at the same time: all versions that hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The document.
    pub doc: DocId,
    /// The versions.
    pub versions: Vec<EntryRef>,
}

impl Home {
    /// What has not reached the relay, and why.
    pub fn unsent(&mut self) -> Result<Unsent> {
        let actor = self.member()?.machine.forge().actor();
        let locked = self.folder.locked().len() as u64;
        self.read(|rows| {
            let by_document = waiting(rows)?;
            let mut oldest: Option<UtcSecs> = None;
            for wait in &by_document {
                let first = entry(rows, wait.doc, actor, wait.first)?;
                let made = first.and_then(|row| reading_of(&crate::cbor::decode_map(&row.value).ok()?).ok());
                oldest = [oldest, made.map(|reading| reading.wall)].into_iter().flatten().min();
            }
            let entries = by_document.iter().map(Waiting::count).sum();
            let blobs = blobs_waiting(rows)?.len() as u64;
            let failures = fact::<Failures>(rows)?.map_or(0, |f| f.count);
            let why = match standing(rows)? {
                _ if entries == 0 && blobs == 0 => WaitReason::Nothing,
                Standing::Fine if failures == 0 => WaitReason::NextConnection,
                Standing::Fine => WaitReason::NoConnection(failures),
                other => WaitReason::Standing(other),
            };
            Ok(Unsent {
                entries,
                blobs,
                oldest,
                by_document,
                why,
                retired: retired(rows)?,
                locked,
                issued_again: reissued(rows)?,
            })
        })
    }

    /// The documents of the terms and school years around a date.
    fn open_docs(&mut self, date: Date) -> Result<Vec<DocId>> {
        let mut docs = self.docs(Label::term_of(date))?.as_ref().clone();
        docs.extend(self.docs(Label::year_of(date))?.iter());
        Ok(docs)
    }

    /// What waits for a decision in the documents of others that are here. Nobody decides on their own request.
    pub fn pending(&mut self) -> Result<Vec<Pending>> {
        let date = self.now()?.date();
        let me = self.member()?.holder.person;
        let mut found = Vec::new();
        // What was asked in the term before may still wait, and a wrong clock may have put it into another one.
        let term = Label::term_of(date);
        let before = Label::term_of(term.days().0.yesterday().unwrap_or(date));
        let mut docs: BTreeSet<DocId> = self.asked_in(term)?.into_iter().collect();
        docs.extend(self.asked_in(before)?);
        docs.extend(self.reaching(term)?.iter());
        for doc in docs {
            let duty = self.duty(doc)?;
            for leave in duty.leaves.iter().filter(|leave| leave.pieces.iter().any(|p| p.decision == Decided::Pending))
            {
                for said in &leave.newest {
                    found.push(Pending {
                        at: EntryAt { doc, entry: said.source.entry },
                        posting: doc.posting(),
                        person: said.source.author.person,
                        what: PendingKind::Leave(said.value.clone()),
                        conflict: leave.conflict,
                    });
                }
            }
            for request in duty.requests.iter().filter(|request| request.decision == Decided::Pending) {
                let said = &request.row.now;
                found.push(Pending {
                    at: EntryAt { doc, entry: said.source.entry },
                    posting: doc.posting(),
                    person: said.source.author.person,
                    what: PendingKind::Correction(said.value.clone()),
                    conflict: request.conflict,
                });
            }
        }
        found.retain(|pending| me.is_none() || pending.person != me);
        Ok(found)
    }

    /// Entries that don't count, in the documents that are open.
    pub fn flagged(&mut self) -> Result<Vec<Flagged>> {
        let date = self.now()?.date();
        let mut found = Vec::new();
        for doc in self.open_docs(date)? {
            let journal = self.journal(doc)?;
            let fold = journal.fold();
            for line in fold.lines() {
                let reason = match fold.state(line) {
                    State::Flagged(reason) => FlagReason::from_u8(reason),
                    State::Twin => Some(FlagReason::Twin),
                    State::Unreadable(_) => Some(FlagReason::Unreadable),
                    _ => continue,
                };
                found.push(Flagged {
                    at: EntryAt { doc, entry: line.entry_ref() },
                    reason,
                    person: line.item().author.person,
                    judged: line.item().placed.judged,
                    kind: line.kind(),
                });
            }
        }
        found.sort_by_key(|flagged| (flagged.judged, flagged.at));
        Ok(found)
    }

    /// What two people changed at the same time, in the documents that are open.
    pub fn conflicts(&mut self) -> Result<Vec<Conflict>> {
        let date = self.now()?.date();
        let mut found: Vec<Conflict> = Vec::new();
        for doc in self.open_docs(date)? {
            let journal = self.journal(doc)?;
            let fold = journal.fold();
            let mut seen = BTreeSet::new();
            for line in fold.current().filter(|line| fold.rivals(line).next().is_some()) {
                if seen.insert(line.strand) {
                    let mut versions: Vec<EntryRef> = fold.rivals(line).map(|rival| rival.entry_ref()).collect();
                    versions.push(line.entry_ref());
                    versions.sort();
                    found.push(Conflict { doc, versions });
                }
            }
            for versions in self.rivals(doc)? {
                let known = |conflict: &Conflict| conflict.doc == doc && conflict.versions == versions;
                if !found.iter().any(known) {
                    found.push(Conflict { doc, versions });
                }
            }
        }
        Ok(found)
    }

    /// Versions of one row that were each written without knowing of the other, so that neither names what it changes.
    fn rivals(&mut self, doc: DocId) -> Result<Vec<Vec<EntryRef>>> {
        let mut rows: Vec<Vec<EntryRef>> = match doc.kind {
            DocKind::Visit => {
                let visit = self.visit(doc)?;
                let parts = visit.parts.values().map(|row| Home::versions(Some(row)));
                parts.chain([Home::versions(visit.plan.as_ref()), Home::versions(visit.people.as_ref())]).collect()
            }
            DocKind::School => self.school(doc)?.roster.values().map(|row| Home::versions(Some(row))).collect(),
            _ => Vec::new(),
        };
        rows.retain(|versions| versions.len() > 1);
        rows.iter_mut().for_each(|versions| versions.sort());
        Ok(rows)
    }

    /// The entries of a row that hold now: what a new version replaces.
    pub fn versions<T>(row: Option<&Row<T>>) -> Vec<EntryRef> {
        row.map_or(Vec::new(), |row| row.all_now().map(|said| said.source.entry).collect())
    }
}
