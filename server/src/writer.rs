//! Group commit: one thread owns the writing connection. Jobs wait in a bounded queue; all that wait are done in one
//! transaction, each behind a mark so that one that fails doesn't hurt the others; the transaction is committed once; only
//! then are they answered. So an acknowledgement never leaves before it is on the disk, and one flush to disk serves many
//! phones: under load a batch is what arrived during the flush before, without load a job is done at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use sanji_core::sync::ledger::LedgerError;
use sanji_core::time::UtcMs;
use tokio::sync::{mpsc, oneshot};

use crate::clock::SharedClock;
use crate::store::{SqliteLedger, Transactions};

/// Jobs that may wait; one more is refused.
const QUEUE: usize = 1024;

/// Most jobs of one transaction, so that the first doesn't wait for ever on a long one.
const BATCH: usize = 256;

/// Why a job was not done. Nothing of it holds then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriterError {
    /// Too many jobs wait.
    #[error("too much waits to be stored, try again later")]
    Busy,
    /// The relay is stopping.
    #[error("the relay is stopping")]
    Stopped,
    /// The transaction could not be opened or committed.
    #[error(transparent)]
    Store(#[from] LedgerError),
    /// The job panicked.
    #[error("an internal error; the log of the relay says more")]
    Panicked,
}

/// Hands jobs to the writing thread.
pub struct Writer<S = SqliteLedger> {
    queue: mpsc::Sender<Message<S>>,
    transactions: Arc<AtomicU64>,
}

impl<S> Clone for Writer<S> {
    fn clone(&self) -> Self {
        Writer { queue: self.queue.clone(), transactions: Arc::clone(&self.transactions) }
    }
}

/// The writing thread, to be waited for at the end.
pub struct WriterThread<S = SqliteLedger> {
    queue: mpsc::Sender<Message<S>>,
    thread: JoinHandle<S>,
}

enum Message<S> {
    Job(Box<dyn Job<S>>),
    Stop,
}

/// A job in its two steps: done within the transaction, answered after it.
trait Job<S>: Send {
    /// Whether what it did is to stand.
    fn run(&mut self, store: &mut S, now: UtcMs) -> bool;
    /// Answers; with an error whatever it gave before.
    fn answer(self: Box<Self>, error: Option<WriterError>);
}

struct Task<F, T, E> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<Result<T, E>, WriterError>>,
}

impl<S, F, T, E> Job<S> for Task<F, T, E>
where
    F: FnOnce(&mut S, UtcMs) -> Result<T, E> + Send,
    T: Send,
    E: Send,
{
    fn run(&mut self, store: &mut S, now: UtcMs) -> bool {
        let Some(work) = self.work.take() else { return false };
        // A panic undoes the job and answers it; the marks of the transaction keep the store whole.
        self.result = catch_unwind(AssertUnwindSafe(|| work(store, now))).ok();
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, error: Option<WriterError>) {
        let answer = match (error, self.result) {
            (Some(error), _) => Err(error),
            (None, Some(result)) => Ok(result),
            (None, None) => Err(WriterError::Panicked),
        };
        // Nobody waits any more if the connection was cut; the job stands all the same.
        let _ = self.reply.send(answer);
    }
}

impl<S: Transactions + Send + 'static> Writer<S> {
    /// Starts the writing thread on this store.
    pub fn start(store: S, clock: SharedClock) -> (Writer<S>, WriterThread<S>) {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let transactions = Arc::new(AtomicU64::new(0));
        let done = Arc::clone(&transactions);
        let thread = std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || serve(store, jobs, &clock, &done))
            .expect("a thread can be started at start");
        (Writer { queue: queue.clone(), transactions }, WriterThread { queue, thread })
    }

    /// How many transactions were made durable since the start.
    pub fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::Relaxed)
    }

    /// Does `work` in a transaction and waits until it is durable. What `work` gives as an error is undone, and answered when
    /// the transaction of its batch has ended. Dropping the future doesn't stop the job.
    ///
    /// # Errors
    /// When nothing was done: the queue is full, the relay stops, the store failed, or the job panicked.
    pub async fn run<T, E, F>(&self, work: F) -> Result<Result<T, E>, WriterError>
    where
        F: FnOnce(&mut S, UtcMs) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task = Task { work: Some(work), result: None, reply };
        self.queue.try_send(Message::Job(Box::new(task))).map_err(|e| match e {
            mpsc::error::TrySendError::Full(_) => WriterError::Busy,
            mpsc::error::TrySendError::Closed(_) => WriterError::Stopped,
        })?;
        answer.await.unwrap_or(Err(WriterError::Stopped))
    }
}

impl<S: Transactions + Send + 'static> WriterThread<S> {
    /// Lets everything that waits be done, ends the thread and gives the store back. Later jobs are refused.
    ///
    /// # Errors
    /// When the thread had died of a panic outside a job.
    pub async fn stop(self) -> Result<S, WriterError> {
        // The queue closes with the thread, so a failing send means that it has ended already.
        let _ = self.queue.send(Message::Stop).await;
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        joined.ok().and_then(Result::ok).ok_or(WriterError::Panicked)
    }
}

fn serve<S: Transactions>(
    mut store: S,
    mut jobs: mpsc::Receiver<Message<S>>,
    clock: &SharedClock,
    done: &AtomicU64,
) -> S {
    let mut stopping = false;
    while !stopping {
        let mut batch = Vec::new();
        match jobs.blocking_recv() {
            Some(Message::Job(job)) => batch.push(job),
            Some(Message::Stop) | None => break,
        }
        while batch.len() < BATCH {
            match jobs.try_recv() {
                Ok(Message::Job(job)) => batch.push(job),
                Ok(Message::Stop) => {
                    stopping = true;
                    break;
                }
                Err(_) => break,
            }
        }
        let failed = transact(&mut store, &mut batch, clock).err().map(WriterError::Store);
        if let Some(error) = &failed {
            tracing::error!(jobs = batch.len(), %error, "nothing of this batch was stored");
        } else {
            done.fetch_add(1, Ordering::Relaxed);
        }
        for job in batch {
            job.answer(failed.clone());
        }
    }
    store
}

fn transact<S: Transactions>(
    store: &mut S,
    batch: &mut [Box<dyn Job<S>>],
    clock: &SharedClock,
) -> Result<(), LedgerError> {
    let work = |store: &mut S| {
        store.begin()?;
        for job in batch {
            store.mark()?;
            if !job.run(store, clock.now()) {
                store.undo()?;
            }
        }
        store.commit()
    };
    let result = work(store);
    if result.is_err() {
        store.rollback();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::test::Still;
    use crate::store::contract::MemoryStore;
    use sanji_core::sync::ledger::{Ledger, Table};

    type Nothing = Result<(), LedgerError>;

    fn put(key: u8) -> impl FnOnce(&mut MemoryStore, UtcMs) -> Nothing + Send + 'static {
        move |store, _| store.put(Table::Log, &[key], b"")
    }

    fn keys(store: &mut MemoryStore) -> Vec<u8> {
        store.scan(Table::Log, &[], &[255, 255], 999, false).unwrap().into_iter().map(|(key, _)| key[0]).collect()
    }

    #[tokio::test]
    async fn a_job_is_answered_with_what_it_gave_and_when_it_ran() {
        let (writer, thread) = Writer::start(MemoryStore::default(), Still::at(77));
        assert_eq!(writer.run(|_, now| Ok::<_, ()>(now)).await, Ok(Ok(UtcMs(77))));
        assert_eq!(writer.run(put(1)).await, Ok(Ok(())));
        assert_eq!(keys(&mut thread.stop().await.unwrap()), [1]);
        assert_eq!(writer.run(put(2)).await, Err(WriterError::Stopped));
    }

    #[tokio::test]
    async fn a_failing_job_and_a_panicking_job_leave_the_others_alone() {
        let (writer, thread) = Writer::start(MemoryStore::default(), Still::at(0));
        let failing = writer.run(|store: &mut MemoryStore, _| {
            store.put(Table::Log, &[9], b"").unwrap();
            Err::<(), _>("no")
        });
        let panicking = writer.run(|store: &mut MemoryStore, _| -> Result<(), ()> {
            store.put(Table::Log, &[8], b"").unwrap();
            panic!("by the test")
        });
        let (first, failed, panicked, last) = tokio::join!(writer.run(put(1)), failing, panicking, writer.run(put(2)));
        assert_eq!((first, last), (Ok(Ok(())), Ok(Ok(()))));
        assert_eq!(failed, Ok(Err("no")));
        assert_eq!(panicked, Err(WriterError::Panicked));
        assert_eq!(keys(&mut thread.stop().await.unwrap()), [1, 2]);
    }

    #[tokio::test]
    async fn when_the_commit_fails_nobody_is_acknowledged() {
        let store = MemoryStore::failing(LedgerError::Full);
        let (writer, thread) = Writer::start(store, Still::at(0));
        let (one, two) = tokio::join!(writer.run(put(1)), writer.run(put(2)));
        assert_eq!((one, two), (Err(LedgerError::Full.into()), Err(LedgerError::Full.into())));
        let mut store = thread.stop().await.unwrap();
        assert_eq!(keys(&mut store), [] as [u8; 0]);
    }

    /// Keeps the thread busy with a job that it has begun, until the sender is used.
    async fn hold(writer: &Writer<MemoryStore>) -> std::sync::mpsc::Sender<()> {
        let (release, held) = std::sync::mpsc::channel::<()>();
        let (started, running) = oneshot::channel();
        let writer = writer.clone();
        tokio::spawn(async move {
            let work = move |_: &mut MemoryStore, _| {
                let _ = started.send(());
                held.recv().map_err(|_| ())
            };
            writer.run(work).await
        });
        running.await.unwrap();
        release
    }

    /// Queues jobs and waits until they all stand in the queue.
    async fn queue(
        writer: &Writer<MemoryStore>,
        jobs: u8,
    ) -> Vec<tokio::task::JoinHandle<Result<Nothing, WriterError>>> {
        let before = writer.queue.capacity();
        let jobs: Vec<_> = (1..=jobs)
            .map(|key| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.run(put(key)).await })
            })
            .collect();
        while writer.queue.capacity() > before.saturating_sub(jobs.len()) {
            tokio::task::yield_now().await;
        }
        jobs
    }

    #[tokio::test]
    async fn what_waits_is_done_before_the_thread_ends() {
        let (writer, thread) = Writer::start(MemoryStore::default(), Still::at(0));
        let release = hold(&writer).await;
        let jobs = queue(&writer, 40).await;
        let stop = tokio::spawn(thread.stop());
        release.send(()).unwrap();
        let mut store = stop.await.unwrap().unwrap();
        for job in jobs {
            assert_eq!(job.await.unwrap(), Ok(Ok(())));
        }
        assert_eq!(keys(&mut store), (1..=40).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_full_queue_refuses_and_says_so() {
        let (writer, thread) = Writer::start(MemoryStore::default(), Still::at(0));
        let release = hold(&writer).await;
        let mut jobs = Vec::new();
        while writer.queue.capacity() > 0 {
            jobs.extend(queue(&writer, 128).await);
        }
        assert_eq!(writer.run(put(200)).await, Err(WriterError::Busy));
        release.send(()).unwrap();
        for job in jobs {
            assert_eq!(job.await.unwrap(), Ok(Ok(())));
        }
        assert_eq!(keys(&mut thread.stop().await.unwrap()), (1..=128).collect::<Vec<_>>());
    }
}
