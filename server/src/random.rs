//! The system's randomness, for keys, ids and tokens.

use rand::SeedableRng;
use rand::rngs::{StdRng, SysRng};

/// A generator that cryptographic use may rely on, seeded by the system.
///
/// # Panics
/// When the system gives no randomness: nothing that needs it may go on.
pub fn rng() -> StdRng {
    StdRng::try_from_rng(&mut SysRng).expect("the system gives randomness")
}
