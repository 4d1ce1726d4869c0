//! The phone's clocks, as the shell passes them.

use crate::sync::phone::Clocks;
use crate::time::UtcSecs;

/// Reads the phone's clocks. Android: `System.currentTimeMillis`, `SystemClock.elapsedRealtime`, `Settings.Global.BOOT_COUNT`;
/// iOS: `Date`, `mach_continuous_time`, the boot session's UUID. Never a clock that stops while the phone sleeps.
pub trait Clock: Send + Sync {
    /// The wall clock.
    fn wall(&self) -> UtcSecs;

    /// Milliseconds of a clock that never stops while the phone is on, since some beginning.
    fn elapsed_ms(&self) -> u64;

    /// Names this boot; it never leaves the phone.
    fn boot(&self) -> String;
}

/// All three at once.
pub(super) fn read(clock: &dyn Clock) -> Clocks {
    Clocks { wall: clock.wall(), elapsed: clock.elapsed_ms(), boot: clock.boot() }
}
