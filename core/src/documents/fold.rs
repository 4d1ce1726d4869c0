//! What the entries of a journal mean together. The result depends on the set of entries alone: neither the order of
//! their arrival nor what their clocks showed decides what replaces what.
//!
//! - Entries of which one was issued again under another actor (`was`) are one: one of them counts, and references to
//!   either meet.
//! - An entry that counts takes back, replaces or answers what its `re` names (`relation`); one that is flagged, a twin or
//!   unreadable does nothing and stops nothing.
//! - What nothing replaces is current. Several current entries that replace one another's past are rivals: a conflict
//!   for people to decide.

use std::collections::{BTreeMap, BTreeSet};

use super::journal::{Item, Journal, Standing, Stored, Via};
use super::relation::{Relation, relation};
use crate::ids::ActorId;
use crate::records::{Body, Entry, EntryError, EntryRef};

/// Within how many milliseconds of making it one may take back one's own entry.
pub const TAKE_BACK_MS: u64 = 5 * 60 * 1000;

/// An entry and its place among the others.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    stored: &'a Stored,
    /// Named by `re` and not arrived, or arrived as something else.
    pub waiting_for: Vec<EntryRef>,
    /// The entry that stands for this one and for those issued again with it: itself, if it is the only one.
    pub stands_for: usize,
    /// The entries that take it back.
    pub taken_back_by: Vec<usize>,
    /// The entries that count and hold instead of it.
    pub replaced_by: Vec<usize>,
    /// The entries that it holds instead of, or takes back.
    pub replaces: Vec<usize>,
    /// The entries that count and are about it.
    pub answered_by: Vec<usize>,
    /// The entries that it is about.
    pub answers: Vec<usize>,
    /// The first line of all that are joined to this one by replacing, whatever the direction.
    pub strand: usize,
    index: usize,
}

/// How a line stands, for a list of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It counts and nothing replaces it.
    Current,
    /// It counts as history: these hold instead.
    Replaced(Vec<EntryRef>),
    /// Taken back within five minutes.
    TakenBack(EntryRef),
    /// It would take back another's entry, or one older than five minutes.
    TooLate,
    /// Not counted yet, for this reason of the relay's.
    Flagged(u8),
    /// A second, different entry at the same place.
    Twin,
    /// Issued again; this one stands for it.
    IssuedAs(EntryRef),
    /// This version can't read it; its kind where that is known.
    Unreadable(Option<u16>),
}

impl<'a> Line<'a> {
    /// The stored entry.
    pub fn item(&self) -> &'a Item {
        &self.stored.item
    }

    /// What it says.
    ///
    /// # Errors
    /// Why this version can't read it.
    pub fn entry(&self) -> Result<&'a Entry, &'a EntryError> {
        self.stored.entry.as_ref()
    }

    /// Its body, if this version can read it.
    pub fn body(&self) -> Option<&'a Body> {
        self.stored.entry.as_ref().ok().map(|entry| &entry.body)
    }

    /// The number of its kind, known even where the rest can't be read.
    pub fn kind(&self) -> Option<u16> {
        self.stored.kind
    }

    /// The reference by which others name it.
    pub fn entry_ref(&self) -> EntryRef {
        self.stored.item.entry_ref()
    }

    /// Its place in the fold's list.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Whether it counts: now or, if something replaces it, as history.
    pub fn counts(&self) -> bool {
        self.may_act() && self.taken_back_by.is_empty()
    }

    /// Whether it counts and nothing replaces it.
    pub fn current(&self) -> bool {
        self.counts() && self.replaced_by.is_empty()
    }

    fn may_act(&self) -> bool {
        self.stored.item.standing == Standing::Counts && self.stored.entry.is_ok() && self.stands_for == self.index
    }
}

/// A journal's entries in their relations, in the order of their judged times.
#[derive(Clone, Debug)]
pub struct Fold<'a> {
    lines: Vec<Line<'a>>,
    by_place: BTreeMap<(ActorId, u64), Vec<usize>>,
}

impl Journal {
    /// Folds the entries that have arrived.
    pub fn fold(&self) -> Fold<'_> {
        let mut stored: Vec<&Stored> = self.stored().collect();
        stored.sort_by_key(|s| (s.item.placed.judged, s.item.actor, s.item.seq, s.item.hash));
        let mut by_place: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, s) in stored.iter().enumerate() {
            by_place.entry((s.item.actor, s.item.seq)).or_default().push(index);
        }
        let line = |(index, stored)| Line {
            stored,
            waiting_for: Vec::new(),
            stands_for: index,
            taken_back_by: Vec::new(),
            replaced_by: Vec::new(),
            replaces: Vec::new(),
            answered_by: Vec::new(),
            answers: Vec::new(),
            strand: index,
            index,
        };
        let mut fold = Fold { lines: stored.into_iter().enumerate().map(line).collect(), by_place };
        fold.join_issued_again();
        let targets = fold.targets();
        fold.take_back(&targets);
        fold.relate(&targets);
        fold.join_strands();
        fold
    }
}

impl<'a> Fold<'a> {
    /// All entries, in the order of their judged times.
    pub fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    /// The entries that count and that nothing replaces.
    pub fn current(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(|line| line.current())
    }

    /// The line at this place of the list, as other lines name it.
    pub fn line(&self, index: usize) -> &Line<'a> {
        &self.lines[index]
    }

    /// The line that this reference names: if the entry was issued again, the one that stands for it. A twin is not found
    /// until it is issued again.
    pub fn find(&self, named: &EntryRef) -> Option<&Line<'a>> {
        let line = &self.lines[self.lines[self.at(named)?].stands_for];
        (line.item().standing != Standing::Twin).then_some(line)
    }

    /// How a line stands.
    pub fn state(&self, line: &Line<'a>) -> State {
        let named = |index: &usize| self.lines[*index].entry_ref();
        if line.stands_for != line.index {
            return State::IssuedAs(named(&line.stands_for));
        }
        if let Some(by) = line.taken_back_by.first() {
            return State::TakenBack(named(by));
        }
        match line.item().standing {
            Standing::Twin => State::Twin,
            Standing::Flagged(reason) => State::Flagged(reason),
            Standing::Counts => match line.body() {
                None => State::Unreadable(line.kind()),
                Some(Body::Void(_) | Body::KioskVoid(_)) if line.replaces.is_empty() && line.waiting_for.is_empty() => {
                    State::TooLate
                }
                Some(_) if line.replaced_by.is_empty() => State::Current,
                Some(_) => State::Replaced(line.replaced_by.iter().map(named).collect()),
            },
        }
    }

    /// Other current entries joined to this one by replacing: whoever wrote them didn't know of each other's.
    pub fn rivals<'f>(&'f self, line: &'f Line<'a>) -> impl Iterator<Item = &'f Line<'a>> {
        self.current().filter(move |other| other.strand == line.strand && other.index != line.index)
    }

    /// All entries that this one replaces, directly or through others.
    pub fn replaced(&self, index: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut open = vec![index];
        while let Some(next) = open.pop() {
            open.extend(self.lines[next].replaces.iter().filter(|older| found.insert(**older)));
        }
        found
    }

    /// The entry with exactly this reference.
    fn at(&self, named: &EntryRef) -> Option<usize> {
        let there = self.by_place.get(&(named.actor, named.seq))?;
        there.iter().copied().find(|index| self.lines[*index].item().hash.short() == named.hash)
    }

    /// Finds for each entry that was issued again the one that stands for all its issues: one that counts before one that
    /// doesn't, then the original, whose clock evidence is the better.
    fn join_issued_again(&mut self) {
        let mut joined = Union::new(self.lines.len());
        let mut later = BTreeSet::new();
        // Issues of one entry are one also where that entry itself never arrived.
        let mut issues: BTreeMap<EntryRef, Vec<usize>> = BTreeMap::new();
        for line in &self.lines {
            let Some(was) = line.stored.was else { continue };
            let known = issues.entry(was).or_insert_with(|| self.at(&was).into_iter().collect());
            for other in known.iter().copied().filter(|other| *other != line.index) {
                if self.may_issue_again(line.stored, self.lines[other].stored) {
                    joined.join(line.index, other);
                    later.insert(line.index);
                }
            }
            known.push(line.index);
        }
        let rank = |line: &Line<'_>| {
            let standing = match line.item().standing {
                Standing::Counts => 0,
                Standing::Flagged(_) => 1,
                Standing::Twin => 2,
            };
            (standing, later.contains(&line.index), line.item().actor, line.item().seq, line.item().hash)
        };
        let mut best: BTreeMap<usize, usize> = BTreeMap::new();
        for line in &self.lines {
            let best = best.entry(joined.root(line.index)).or_insert(line.index);
            if rank(line) < rank(&self.lines[*best]) {
                *best = line.index;
            }
        }
        for line in &mut self.lines {
            line.stands_for = best[&joined.root(line.index)];
        }
    }

    /// Only one's own entry can be issued again, and only in the same words: nobody can hide or take another's.
    fn may_issue_again(&self, again: &Stored, original: &Stored) -> bool {
        let (a, b) = (again.item.author, original.item.author);
        let own = a.person == b.person && (a.person.is_some() || (a.via == Via::Kiosk && b.via == Via::Kiosk));
        own && again.words().is_some_and(|words| original.words() == Some(words))
    }

    /// The lines that each line's `re` names; what hasn't arrived is noted as waited for.
    fn targets(&mut self) -> Vec<Vec<usize>> {
        let mut targets = vec![Vec::new(); self.lines.len()];
        for (index, targets) in targets.iter_mut().enumerate() {
            let Ok(entry) = self.lines[index].entry() else { continue };
            for named in &entry.re {
                match self.find(named).map(Line::index) {
                    Some(target) if target == self.lines[index].stands_for || targets.contains(&target) => {}
                    Some(target) => targets.push(target),
                    None => self.lines[index].waiting_for.push(*named),
                }
            }
        }
        targets
    }

    /// Takings-back first: what is taken back replaces nothing.
    fn take_back(&mut self, targets: &[Vec<usize>]) {
        for (by, targets) in targets.iter().enumerate() {
            for &of in targets {
                if self.relation(by, of) == Some(Relation::TakesBack) && self.in_time(by, of) {
                    self.lines[of].taken_back_by.push(by);
                    self.lines[by].replaces.push(of);
                }
            }
        }
    }

    fn relate(&mut self, targets: &[Vec<usize>]) {
        for (by, targets) in targets.iter().enumerate() {
            if !self.lines[by].counts() {
                continue;
            }
            for &of in targets {
                match self.relation(by, of) {
                    Some(Relation::Replaces) => {
                        self.lines[by].replaces.push(of);
                        self.lines[of].replaced_by.push(by);
                    }
                    Some(Relation::Answers) => {
                        self.lines[by].answers.push(of);
                        self.lines[of].answered_by.push(by);
                    }
                    _ => {}
                }
            }
        }
    }

    fn relation(&self, by: usize, of: usize) -> Option<Relation> {
        let by = &self.lines[by];
        if !by.may_act() {
            return None;
        }
        Some(match (by.body()?, self.lines[of].body()) {
            (by, Some(of)) => relation(by, of),
            (Body::Void(_), None) => Relation::TakesBack,
            (_, None) => Relation::Answers,
        })
    }

    /// Whether `by` is the same person's (or the same kiosk's) and within five minutes of `of`: by the session's clock
    /// where both are of one session, else by their judged times.
    fn in_time(&self, by: usize, of: usize) -> bool {
        let (by, of) = (self.lines[by].stored, self.lines[of].stored);
        let own = match by.item.author.person {
            Some(_) => by.item.author.person == of.item.author.person,
            None => by.item.author == of.item.author && self.share_a_device(by, of),
        };
        let apart = match (by.reading, of.reading) {
            (Some(a), Some(b)) if by.item.actor == of.item.actor && a.session == b.session => a.ms.abs_diff(b.ms),
            _ => by.item.placed.judged.0.abs_diff(of.item.placed.judged.0).saturating_mul(1000),
        };
        own && apart <= TAKE_BACK_MS
    }

    /// Whether one device wrote both, or issued both again under one later actor.
    fn share_a_device(&self, a: &Stored, b: &Stored) -> bool {
        let issues = |of: &Stored| -> BTreeSet<ActorId> {
            let stands_for = self.at(&of.item.entry_ref()).map(|index| self.lines[index].stands_for);
            let same = self.lines.iter().filter(|line| Some(line.stands_for) == stands_for);
            same.map(|line| line.item().actor).collect()
        };
        a.item.actor == b.item.actor || !issues(a).is_disjoint(&issues(b))
    }

    fn join_strands(&mut self) {
        let mut joined = Union::new(self.lines.len());
        for line in &self.lines {
            line.replaced_by.iter().for_each(|by| joined.join(line.index, *by));
        }
        for line in &mut self.lines {
            line.strand = joined.root(line.index);
        }
    }
}

/// Sets of lines that belong together; the smallest is the root.
struct Union(Vec<usize>);

impl Union {
    fn new(len: usize) -> Self {
        Union((0..len).collect())
    }

    fn root(&mut self, index: usize) -> usize {
        let mut root = index;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}
