//! The relay's clock: an argument, so that a demonstration can stay at its date and a test can move it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use sanji_core::time::UtcMs;

/// What tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now(&self) -> UtcMs;

    /// Whether it shows a made-up time: pages say so then.
    fn is_virtual(&self) -> bool {
        false
    }
}

/// A clock that threads share.
pub type SharedClock = Arc<dyn Clock>;

/// The clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcMs {
        // A machine set before 1970 counts as 1970.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UtcMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
pub(crate) mod test {
    use super::*;

    /// A clock that stands.
    pub(crate) struct Still(i64);

    impl Still {
        pub(crate) fn at(ms: i64) -> Arc<Self> {
            Arc::new(Still(ms))
        }
    }

    impl Clock for Still {
        fn now(&self) -> UtcMs {
            UtcMs(self.0)
        }
    }
}
