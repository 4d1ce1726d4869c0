//! What the administrator's commands work with: the data folder, opened without serving. A relay may serve from it at the same
//! time: the store lets one write after the other.

use sanji_core::sync::relay::Relay;
use sanji_core::time::UtcMs;

use super::Context;
use super::failure::Failure;
use crate::acts;
use crate::clock::{Clock, SystemClock};
use crate::folder::DataFolder;
use crate::keys::RelayKeys;
use crate::random::rng;
use crate::store::SqliteLedger;

/// An opened data folder.
pub(super) struct Office {
    pub folder: DataFolder,
    pub keys: RelayKeys,
    pub relay: Relay,
    pub store: SqliteLedger,
    pub now: UtcMs,
}

impl Office {
    /// Opens the data folder, and makes it, its keys and its store where there are none yet.
    pub(super) fn open(context: &Context) -> Result<Self, Failure> {
        let folder = DataFolder::open(&context.data)?;
        let keys = RelayKeys::open(&folder.keys(), &folder.store(), &mut rng())?;
        let store = SqliteLedger::open(&folder.store())?;
        let relay = Relay::new(keys.county, keys.signing.clone());
        Ok(Office { folder, keys, relay, store, now: SystemClock.now() })
    }

    /// Does an act in one transaction, which stands only if `work` succeeds, and writes it down there.
    pub(super) fn act<T, E: Into<Failure>>(
        &mut self,
        act: &str,
        subject: &str,
        work: impl FnOnce(&Relay, &mut SqliteLedger, UtcMs) -> Result<T, E>,
    ) -> Result<T, Failure> {
        let (relay, now) = (&self.relay, self.now);
        self.store.transaction(|store| {
            let done = work(relay, store, now).map_err(Into::into)?;
            acts::note(store.sql(), acts::COMMAND_LINE, act, subject, now)?;
            Ok(done)
        })
    }
}
