//! A small file beside the records: what a phone needs to go on when its records can't be opened. County, person and device
//! key, the key wrapped by the phone's key storage. No name, no record.

use std::path::{Path, PathBuf};

use crate::cbor;
use crate::crypto::SecretKey;
use crate::ids::{ActorId, PersonId, SchoolId};
use crate::records::field::{Bytes, Scalar, record};
use crate::store::{KeyError, KeyProvider, write_whole};
use crate::sync::enrol::Card;
use crate::sync::phone::StoreError;
use crate::sync::phone::state::{HeldPosting, Holder};

record! {
    /// The anchor.
    Anchor {
        /// The county card.
        1 card: Card,
        /// The person; absent for a kiosk.
        2 person: Option<PersonId>,
        /// The kiosk's school.
        3 kiosk: Option<SchoolId>,
        /// Postings at enrolment.
        4 postings: Vec<HeldPosting>,
        /// The device.
        5 actor: ActorId,
        /// Its seed, wrapped by the key provider.
        6 seed: Bytes,
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("anchor")
}

impl Anchor {
    /// The anchor of a folder; `None` if there is none that can be read.
    pub(super) fn load(folder: &Path) -> Option<Self> {
        let bytes = std::fs::read(path(folder)).ok()?;
        Anchor::from_value(&cbor::decode(&bytes).ok()?)
    }

    /// Writes the anchor.
    pub(super) fn save(&self, folder: &Path) -> Result<(), StoreError> {
        let bytes = cbor::encode(&self.to_value());
        Ok(write_whole(&path(folder), &bytes)?)
    }

    /// The holder.
    pub(super) fn holder(&self) -> Holder {
        Holder { person: self.person, kiosk: self.kiosk }
    }

    /// The device's key; `None` if the key storage lost it, or never had it.
    ///
    /// # Errors
    /// When the key storage can't be asked now.
    pub(super) fn key(&self, keys: &dyn KeyProvider) -> Result<Option<SecretKey>, StoreError> {
        if !self.has_seed() {
            return Ok(None);
        }
        let key = match keys.unwrap(&self.seed.0) {
            Ok(seed) => SecretKey::from_seed(&seed),
            Err(KeyError::Gone(_)) => return Ok(None),
            Err(busy) => return Err(busy.into()),
        };
        Ok((key.public().actor() == self.actor).then_some(key))
    }

    /// Whether the key storage took the device's key when this was written.
    pub(super) fn has_seed(&self) -> bool {
        !self.seed.0.is_empty()
    }
}
