//! Following the log while the relay serves. Folding happens on a reading connection; the writer gets the differences only,
//! in small jobs, so that no phone waits for a page.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use sanji_core::sync::ledger::LedgerError;
use tokio::sync::watch;

use super::kept::Kept;
use super::{Pass, ProjectionError, Projector, TOGETHER, Through, Touched, clear, set_through, sums, through};
use crate::app::SharedApp;
use crate::store::SqliteLedger;
use crate::writer::WriterError;

/// How often the end of the log is looked at; what happens in between is taken together.
const EVERY: Duration = Duration::from_secs(1);

/// After how many looks a pass is made though the log stands still: when a phone was last heard stands in no log.
const ANYWAY: u32 = 60;

/// Portions of sums that are made before the end of the log is looked at again.
const PORTIONS: usize = 8;

/// Follows the log of a relay.
#[derive(Clone)]
pub struct Follower {
    app: SharedApp,
    projector: Projector,
    kept: Arc<Kept>,
    /// The days for which sums are kept.
    days: Arc<Mutex<Wanted>>,
    /// Held during a pass: two at once could write rows of which one is older than the other's.
    passing: Arc<tokio::sync::Mutex<()>>,
}

/// The days for which sums are kept.
#[derive(Default)]
struct Wanted {
    /// Those that have their rows.
    filled: BTreeSet<Date>,
    /// Those that a page asked for and that have none yet.
    asked: BTreeSet<Date>,
    /// The day up to which the last weeks have their rows.
    today: Option<Date>,
}

/// Why a pass was cut off. What is missing is made at the next one.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The projection.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// The writer.
    #[error(transparent)]
    Writer(#[from] WriterError),
    /// A thread died.
    #[error("the projecting thread died")]
    Died,
}

impl From<LedgerError> for FollowError {
    fn from(error: LedgerError) -> Self {
        FollowError::Projection(error.into())
    }
}

impl Follower {
    /// A follower of this relay.
    pub fn new(app: SharedApp, kept: Arc<Kept>) -> Self {
        let projector = Projector::new(app.relay.clone());
        Follower { projector, app, kept, days: Arc::default(), passing: Arc::default() }
    }

    /// Follows until `stop` says so.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut still = 0;
        let mut at = None;
        loop {
            match self.head().await {
                Ok(head) if Some(head) != at || still >= ANYWAY => match self.catch_up().await {
                    Ok(_) => (at, still) = (Some(head), 0),
                    Err(error) => tracing::error!(%error, "the pages are behind the log; trying again"),
                },
                Ok(_) => still += 1,
                Err(error) => tracing::error!(%error, "the end of the log can't be read; trying again"),
            }
            let all = self.sum(PORTIONS).await.unwrap_or_else(|error| {
                tracing::error!(%error, "sums could not be made; trying again");
                true
            });
            let pause = if all { EVERY } else { Duration::ZERO };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                // A sender that is gone means that the relay stops.
                changed = stop.changed() => if changed.is_err() || *stop.borrow() { return },
            }
        }
    }

    /// Follows to the end of the log.
    ///
    /// # Errors
    /// When the store fails or the relay stops.
    pub async fn catch_up(&self) -> Result<Touched, FollowError> {
        let _pass = self.passing.lock().await;
        let mut all = Touched::default();
        loop {
            let pass = self.read(|projector, store| projector.next(store)).await?;
            if pass.anew {
                all.everything = true;
                self.write(|store| clear(store.sql())).await?;
            }
            for docs in pass.docs.chunks(TOGETHER) {
                let docs = docs.to_vec();
                let changes = self.read(move |projector, store| Ok((projector.changes(store, &docs)?, docs))).await?;
                all.add(self.write_changes(changes).await?);
            }
            let changes = self.read(|projector, store| Ok((projector.device_changes(store)?, Vec::new()))).await?;
            all.add(self.write_changes(changes).await?);
            self.reach(&pass).await?;
            if all.everything {
                // There may be other schools or school days now.
                let mut wanted = self.days.lock().unwrap_or_else(PoisonError::into_inner);
                let filled = std::mem::take(&mut wanted.filled);
                wanted.asked.extend(filled);
                wanted.today = None;
            }
            if pass.last {
                return Ok(all);
            }
        }
    }

    /// A page asks for these days: from now on their sums are kept. Gives whether they were before.
    pub fn want(&self, days: impl IntoIterator<Item = Date>) -> bool {
        let mut wanted = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<Date> = days.into_iter().filter(|day| !wanted.filled.contains(day)).collect();
        let known = new.is_empty();
        wanted.asked.extend(new);
        known
    }

    /// Makes up to so many portions of the sums that don't hold now; gives whether all hold then.
    ///
    /// # Errors
    /// When the store fails or the relay stops.
    pub async fn sum(&self, portions: usize) -> Result<bool, FollowError> {
        let now = self.app.clock.now().secs();
        self.fill(now.date()).await?;
        for _ in 0..portions {
            // A pass at the same time could mark a row that is just being made of what stood before.
            let _pass = self.passing.lock().await;
            let kept = Arc::clone(&self.kept);
            let made = self.read(move |_, store| sums::portion(&kept, store, now)).await?;
            if made.is_empty() {
                return Ok(true);
            }
            self.write(move |store| sums::put(store.sql(), &made)).await?;
        }
        Ok(false)
    }

    /// Adds the rows of days for which sums have to be kept from now on.
    async fn fill(&self, today: Date) -> Result<(), FollowError> {
        let (new, mut days) = {
            let mut wanted = self.days.lock().unwrap_or_else(PoisonError::into_inner);
            (wanted.today != Some(today), std::mem::take(&mut wanted.asked))
        };
        if !new && days.is_empty() {
            return Ok(());
        }
        let kept = Arc::clone(&self.kept);
        let county = self.read(move |_, store| Ok(kept.county(store)?)).await?;
        if new {
            days.extend(sums::window(county.calendar(), today));
        }
        let filled: Vec<Date> = days.iter().copied().collect();
        self.write(move |store| sums::fill(store.sql(), &county, &filled)).await?;
        let mut wanted = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.filled.extend(days);
        wanted.today = Some(today);
        Ok(())
    }

    async fn head(&self) -> Result<Through, FollowError> {
        self.read(|projector, store| {
            let head = sanji_core::sync::relay::book::Book::new(projector.relay.county(), store).head()?;
            Ok(Through { log: head.n, notes: head.notes })
        })
        .await
    }

    async fn reach(&self, pass: &Pass) -> Result<(), FollowError> {
        let reached = pass.through;
        if self.read(|_, store| Ok(through(store.sql())?)).await? != Some(reached) {
            self.write(move |store| set_through(store.sql(), reached)).await?;
        }
        Ok(())
    }

    async fn write_changes(
        &self,
        (changes, docs): (super::tables::Changes, Vec<sanji_core::ids::DocId>),
    ) -> Result<Touched, FollowError> {
        if changes.is_empty() && docs.is_empty() {
            return Ok(Touched::default());
        }
        self.write(move |store| {
            let mut touched = Touched::default();
            touched.apply(store.sql(), &docs, &changes)?;
            sums::mark(store.sql(), &touched)?;
            Ok(touched)
        })
        .await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Projector, &mut crate::store::ReadLedger<'_>) -> Result<T, ProjectionError> + Send + 'static,
    ) -> Result<T, FollowError> {
        let (app, projector) = (Arc::clone(&self.app), self.projector.clone());
        let read = tokio::task::spawn_blocking(move || app.readers.read(|store| work(&projector, store)));
        Ok(read.await.map_err(|_| FollowError::Died)???)
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SqliteLedger) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, FollowError> {
        let written = self.app.writer.run(move |store, _| work(store)).await?;
        Ok(written.map_err(ProjectionError::from)?)
    }
}
