//! Following the log while the relay serves. Folding happens on a reading connection; the writer gets the differences only,
//! in small jobs, so that no phone waits for a page.

use std::sync::Arc;
use std::time::Duration;

use sanji_core::sync::ledger::LedgerError;
use tokio::sync::watch;

use super::{Pass, ProjectionError, Projector, TOGETHER, Through, Touched, clear, set_through, through};
use crate::app::SharedApp;
use crate::store::SqliteLedger;
use crate::writer::WriterError;

/// How often the end of the log is looked at; what happens in between is taken together.
const EVERY: Duration = Duration::from_secs(1);

/// After how many looks a pass is made though the log stands still: when a phone was last heard stands in no log.
const ANYWAY: u32 = 60;

/// Follows the log of a relay.
#[derive(Clone)]
pub struct Follower {
    app: SharedApp,
    projector: Projector,
    /// Held during a pass: two at once could write rows of which one is older than the other's.
    passing: Arc<tokio::sync::Mutex<()>>,
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
    pub fn new(app: SharedApp) -> Self {
        Follower { projector: Projector::new(app.relay.clone()), app, passing: Arc::default() }
    }

    /// Follows until `stop` says so; `touched` is told what changed after each pass.
    pub async fn run(self, mut stop: watch::Receiver<bool>, touched: impl Fn(Touched)) {
        let mut still = 0;
        let mut at = None;
        loop {
            match self.head().await {
                Ok(head) if Some(head) != at || still >= ANYWAY => match self.catch_up().await {
                    Ok(what) => {
                        (at, still) = (Some(head), 0);
                        touched(what);
                    }
                    Err(error) => tracing::error!(%error, "the pages are behind the log; trying again"),
                },
                Ok(_) => still += 1,
                Err(error) => tracing::error!(%error, "the end of the log can't be read; trying again"),
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
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
            if pass.last {
                return Ok(all);
            }
        }
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
            changes.apply(store.sql())?;
            let mut touched = Touched::default();
            touched.note(store.sql(), &docs, &changes)?;
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

impl Touched {
    fn add(&mut self, other: Touched) {
        self.schools.extend(other.schools);
        self.everything |= other.everything;
    }
}
