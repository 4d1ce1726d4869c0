//! Ending a call that waits for the network, for a language that can't drop it: the generated Swift can't.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

/// Ends the call that it was given to, whether that has begun or not. What was recorded, sent or taken in stays.
#[derive(Default, uniffi::Object)]
pub struct Cancellation(Mutex<State>);

#[derive(Default)]
struct State {
    cancelled: bool,
    waiting: Vec<Waker>,
}

#[uniffi::export]
impl Cancellation {
    /// One that has not been used.
    #[uniffi::constructor]
    pub fn new() -> Self {
        Self::default()
    }

    /// The call ends at once as if the connection had been cut. Doing it twice, or when the call is over, does no harm.
    pub fn cancel(&self) {
        let waiting = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.cancelled = true;
            std::mem::take(&mut state.waiting)
        };
        waiting.iter().for_each(Waker::wake_by_ref);
    }
}

impl Cancellation {
    /// What the work gives, unless it is cancelled before: then the work is dropped, and nothing is given.
    pub(crate) async fn unless<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|context| {
            {
                let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if state.cancelled {
                    return Poll::Ready(None);
                }
                if !state.waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                    state.waiting.push(context.waker().clone());
                }
            }
            work.as_mut().poll(context).map(Some)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Wake};

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll<T>(future: Pin<&mut impl Future<Output = T>>, woken: &Arc<Woken>) -> Poll<T> {
        let waker = Waker::from(Arc::clone(woken));
        future.poll(&mut Context::from_waker(&waker))
    }

    #[test]
    fn work_that_is_not_cancelled_gives_what_it_gives() {
        let cancellation = Cancellation::new();
        assert_eq!(poll(pin!(cancellation.unless(ready(7))), &Arc::default()), Poll::Ready(Some(7)));
    }

    #[test]
    fn work_that_waits_is_woken_once_and_ends_when_it_is_cancelled() {
        let (cancellation, woken) = (Cancellation::new(), Arc::<Woken>::default());
        let mut call = pin!(cancellation.unless(pending::<()>()));
        assert_eq!(poll(call.as_mut(), &woken), Poll::Pending);
        assert_eq!(poll(call.as_mut(), &woken), Poll::Pending);
        cancellation.cancel();
        cancellation.cancel();
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert_eq!(poll(call.as_mut(), &woken), Poll::Ready(None));
    }

    #[test]
    fn work_that_is_cancelled_before_it_begins_never_begins() {
        let cancellation = Cancellation::new();
        cancellation.cancel();
        let work = async { panic!("it began") };
        assert_eq!(poll(pin!(cancellation.unless::<()>(work)), &Arc::default()), Poll::Ready(None));
    }
}
