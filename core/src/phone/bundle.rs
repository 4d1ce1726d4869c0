//! Handing unsent records over as a file, where there is no network.

use super::error::{PhoneError, Problem, Result};
use super::handle::Phone;
use super::home::Home;
use crate::records::field::Bytes;
use crate::store::seal_for;
use crate::sync::bundle::{self, Bundle};
use crate::sync::phone::{PhoneStore, build_bundle};

/// A file of unsent records, to be handed to whoever gets to the relay first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleFile {
    /// What the file holds: sealed, only the county opens it.
    pub bytes: Vec<u8>,
    /// How many records that wait are in it.
    pub entries: u64,
    /// How many pictures and attachments that wait are in it.
    pub blobs: u64,
    /// Whether nothing that waits was left out, because it was too much for one file.
    pub complete: bool,
}

impl Home {
    fn bundle(&mut self) -> Result<BundleFile> {
        let unsent = self.unsent()?;
        if unsent.entries == 0 && unsent.blobs == 0 {
            return Err(PhoneError::invalid("file", Problem::NothingWaits));
        }
        let clocks = self.clocks();
        let (forge, card) = {
            let member = self.member()?;
            (member.machine.forge().clone(), member.card.clone())
        };
        let limits = self.limits;
        let bundled = self.store.write(|rows| build_bundle(rows, &forge, &clocks, &limits))?;
        // As for a push over the network: the number must be outside the file before the body leaves.
        self.keys.set_counter(bundled.outgoing.n).map_err(PhoneError::Failed)?;
        let blobs = (bundled.outgoing.push.blobs.len() + bundled.blobs.len()) as u64;
        let bundle = Bundle { body: Bytes(bundled.outgoing.body()), blobs: bundled.blobs };
        let sealed = seal_for(&card.seal_key(), &bundle.to_bytes())?;
        let bytes = bundle::file(card.county, &sealed);
        Ok(BundleFile { bytes, entries: bundled.entries, blobs, complete: bundled.complete })
    }
}

impl Phone {
    /// What waits here, as a file for any channel. It may be made and taken in as often as one likes; a record leaves the
    /// list of what waits only when the relay itself has told this phone that it has it.
    ///
    /// # Errors
    /// When nothing waits, the phone isn't enrolled, or its store fails.
    pub fn bundle(&self) -> Result<BundleFile> {
        self.with(Home::bundle)
    }
}
