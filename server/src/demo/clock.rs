//! One virtual clock for relay and phones: it stands still but for what the demonstration lets pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sanji_core::time::UtcMs;

/// The true time of the demonstration.
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<AtomicI64>);

impl VirtualClock {
    /// A clock that shows `now`.
    pub fn at(now: UtcMs) -> Self {
        VirtualClock(Arc::new(AtomicI64::new(now.0)))
    }

    /// Moves on to `now`; never back.
    pub fn advance(&self, now: UtcMs) {
        self.0.fetch_max(now.0, Ordering::SeqCst);
    }

    /// The true time.
    pub fn time(&self) -> UtcMs {
        UtcMs(self.0.load(Ordering::SeqCst))
    }
}

impl crate::clock::Clock for VirtualClock {
    fn now(&self) -> UtcMs {
        // Each look takes a millisecond, so that no two instants of the relay are the same.
        UtcMs(self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn is_virtual(&self) -> bool {
        true
    }
}
