//! The phone's machine: `(clocks, event) → effects` over a transactional store. No SQL, no network, no clock.
//!
//! `forge` makes entries; `outbox` says what waits; `push` builds what leaves and `answer` takes in what comes, with
//! `receive` for others' chains, `rewound` for a relay that went back, `renew` for a new key, `rescue` for
//! records whose key came back, and `refusal` for everything
//! that the relay won't take. All of an event happens in one transaction, so the phone may be killed between any two.

pub mod answer;
mod forge;
mod machine;
mod memory;
mod outbox;
mod push;
mod receive;
mod refusal;
mod renew;
mod rescue;
mod rewound;
pub mod session;
pub mod state;
mod store;

pub use answer::{Applied, Receipt};
pub use forge::{Blob, Draft, Forge, ForgeError, MAX_BLOB, Recorded};
pub use machine::{Effect, Event, Machine, MachineError, backoff_ms, standing};
pub use memory::MemoryStore;
pub use outbox::{Delivery, Standing, Waiting, blobs_waiting, delivery, retired, waiting};
pub use push::{Bundled, Limits, Outgoing, SMALL_BLOB, build_bundle, cursor_start};
pub use receive::drop_unreadable;
pub use renew::{Reissued, reissued, renew, show_certificate};
pub use rescue::Rescue;
pub use session::Clocks;
pub use store::{Pair, PhoneStore, Rows, StoreError, Table, after_prefix, scan_prefix};
