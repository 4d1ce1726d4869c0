//! What views are made of: values with the entry that they come from, and rows of which several may hold at once.

use std::collections::BTreeMap;

use super::fold::{Fold, Line};
use super::journal::Author;
use crate::evidence::Placement;
use crate::records::field::choice;
use crate::records::{Body, Comment, Decision, Entry, EntryRef};

choice! {
    /// What was decided on a request, or that nothing is yet.
    Decided {
        /// Approved.
        1 Approved = "approved",
        /// Refused.
        2 Refused = "refused",
        /// Nothing yet, or decisions that contradict each other.
        3 Pending = "pending",
    }
}

impl From<Decision> for Decided {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Approved => Decided::Approved,
            Decision::Refused => Decided::Refused,
        }
    }
}

/// The entry that a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The entry.
    pub entry: EntryRef,
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub placed: Placement,
}

impl Source {
    pub(super) fn of(line: &Line<'_>) -> Self {
        Source { entry: line.entry_ref(), author: line.item().author, placed: line.item().placed }
    }
}

/// A value and the entry that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// What the entry says.
    pub value: T,
    /// The entry.
    pub source: Source,
}

impl<T> Sourced<T> {
    pub(super) fn new(line: &Line<'_>, value: T) -> Self {
        Sourced { value, source: Source::of(line) }
    }
}

/// A fact that entries set and replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<T> {
    /// What holds. Where several do, one of them is taken here, the same on every device.
    pub now: Sourced<T>,
    /// What holds beside it: a conflict, until an entry replaces all of them.
    pub rivals: Vec<Sourced<T>>,
    /// What held before, oldest first.
    pub before: Vec<Sourced<T>>,
}

impl<T> Row<T> {
    /// Whether people set this at the same time, without knowing of each other's.
    pub fn in_conflict(&self) -> bool {
        !self.rivals.is_empty()
    }

    /// All values that hold, in the order in which they were written: for showing them side by side.
    pub fn by_time(&self) -> Vec<&Sourced<T>> {
        let mut all: Vec<&Sourced<T>> = self.all_now().collect();
        all.sort_by_key(|said| (said.source.placed.judged, said.source.entry));
        all
    }

    /// All values that hold.
    pub fn all_now(&self) -> impl Iterator<Item = &Sourced<T>> {
        std::iter::once(&self.now).chain(&self.rivals)
    }
}

/// Which values of one key hold and which did: where they stand in a list. It knows no type of value, so that a phone's
/// library has its code once and not for each of thirty kinds of record.
#[derive(Default)]
pub(super) struct Parts {
    now: Vec<(EntryRef, usize)>,
    before: Vec<usize>,
}

impl Parts {
    pub(super) fn add(&mut self, holds: bool, entry: EntryRef, at: usize) {
        if holds {
            self.now.push((entry, at));
        } else {
            self.before.push(at);
        }
    }

    /// The row of these values, taken out of the list; `None` if nothing holds.
    pub(super) fn row<T>(mut self, values: &mut [Option<Sourced<T>>]) -> Option<Row<T>> {
        // Which of several is taken must not hang on clocks.
        self.now.sort_unstable();
        let (_, last) = self.now.pop()?;
        let mut take = |at: usize| values[at].take();
        Some(Row {
            now: take(last)?,
            rivals: self.now.into_iter().filter_map(|(_, at)| take(at)).collect(),
            before: self.before.into_iter().filter_map(take).collect(),
        })
    }
}

/// The rows that `pick` finds in the entries that count, in the order of their keys.
fn keyed<'a, K: Ord, T>(
    fold: &Fold<'a>,
    pick: impl Fn(&Line<'a>, &'a Body) -> Option<(K, T)>,
) -> impl Iterator<Item = (K, Row<T>)> {
    let mut parts: BTreeMap<K, Parts> = BTreeMap::new();
    let mut values = Vec::new();
    for line in fold.lines().iter().filter(|line| line.counts()) {
        let Some((key, value)) = line.body().and_then(|body| pick(line, body)) else { continue };
        parts.entry(key).or_default().add(line.current(), line.entry_ref(), values.len());
        values.push(Some(Sourced::new(line, value)));
    }
    parts.into_iter().filter_map(move |(key, parts)| Some((key, parts.row(&mut values)?)))
}

/// The rows that `pick` finds in the entries that count, by key.
pub(super) fn rows<'a, K: Ord, T>(
    fold: &Fold<'a>,
    pick: impl Fn(&Line<'a>, &'a Body) -> Option<(K, T)>,
) -> BTreeMap<K, Row<T>> {
    let mut rows = BTreeMap::new();
    rows.extend(keyed(fold, pick));
    rows
}

/// Rows that have no key of their own: entries joined by replacing are one row.
pub(super) fn strands<'a, T>(fold: &Fold<'a>, pick: impl Fn(&'a Body) -> Option<T>) -> Vec<Row<T>> {
    keyed(fold, |line, body| Some((line.strand, pick(body)?))).map(|(_, row)| row).collect()
}

/// Current entries, each a fact by itself.
pub(super) fn facts<'a, T>(fold: &Fold<'a>, pick: impl Fn(&'a Body) -> Option<T>) -> Vec<Sourced<T>> {
    fold.current().filter_map(|line| Some(Sourced::new(line, pick(line.body()?)?))).collect()
}

/// The current entries of one kind that are about a line.
pub(super) fn answers<'a, T>(
    fold: &Fold<'a>,
    line: &Line<'a>,
    pick: impl Fn(&'a Body) -> Option<T>,
) -> Vec<Sourced<T>> {
    let by = line.answered_by.iter().map(|by| fold.line(*by)).filter(|by| by.current());
    by.filter_map(|by| Some(Sourced::new(by, pick(by.body()?)?))).collect()
}

/// What several decisions on one thing say together: nothing, unless they agree.
pub(super) fn together(decisions: impl Iterator<Item = Decision> + Clone) -> Decided {
    match decisions.clone().next() {
        Some(first) if decisions.clone().all(|other| other == first) => first.into(),
        _ => Decided::Pending,
    }
}

/// A comment, and the entries that it is about; none if it is about the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentFact {
    /// The comment.
    pub said: Sourced<Comment>,
    /// What it is about, arrived or not.
    pub about: Vec<EntryRef>,
}

/// The comments in a journal, by time.
pub(super) fn comments(fold: &Fold<'_>) -> Vec<CommentFact> {
    let comments = fold.current().filter_map(|line| match line.entry() {
        Ok(Entry { body: Body::Comment(said), re, .. }) => {
            Some(CommentFact { said: Sourced::new(line, said.clone()), about: re.clone() })
        }
        _ => None,
    });
    comments.collect()
}

/// Picks the body of one kind out of an entry, cloned.
macro_rules! of_kind {
    ($kind:ident) => {
        |body| match body {
            $crate::records::Body::$kind(value) => Some(value.clone()),
            _ => None,
        }
    };
}
pub(super) use of_kind;

/// Rows of one kind by a key made of their fields.
macro_rules! rows_by {
    ($fold:expr, $kind:ident, |$value:ident| $key:expr) => {
        $crate::documents::facts::rows($fold, |_, body| match body {
            $crate::records::Body::$kind($value) => Some(($key, $value.clone())),
            _ => None,
        })
    };
}
pub(super) use rows_by;
