//! How the records were found. It is said for a day from when it was first asked for, since a sync in the background may be the one
//! that finds out.

use std::path::PathBuf;

use super::error::Result;
use super::home::Home;
use crate::sync::phone::state::{Noticed, drop_fact, fact, set_fact};
use crate::sync::phone::{PhoneStore, StoreError};

/// For so long it is said, seconds.
const SAID_FOR: u64 = 86_400;

/// How the records were found when the phone was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// As they were left.
    Sound,
    /// The file went back to an earlier state (a restored backup): the phone took a new key, and what had not been sent is
    /// issued again.
    WentBack,
    /// The file could not be opened; it is kept there, and recording goes on in a new one under a new key.
    Replaced {
        /// Where the old file is.
        kept: PathBuf,
        /// Why it could not be opened, for diagnostics.
        why: String,
    },
}

impl From<Noticed> for Found {
    fn from(noticed: Noticed) -> Self {
        match noticed.kept {
            Some(kept) => Found::Replaced { kept: kept.into(), why: noticed.why.unwrap_or_default() },
            None => Found::WentBack,
        }
    }
}

impl Home {
    /// Writes down what was found, or finds what was written down. The records open whether this succeeds or not.
    pub(super) fn keep_found(&mut self) {
        let noticed = match &self.found {
            Found::Sound => {
                let noticed = self.store.read(fact::<Noticed>).ok().flatten();
                self.found = noticed.map_or(Found::Sound, Found::from);
                return;
            }
            Found::WentBack => Noticed { kept: None, why: None, said: None },
            Found::Replaced { kept, why } => {
                Noticed { kept: Some(kept.display().to_string()), why: Some(why.clone()), said: None }
            }
        };
        let _ = self.store.write(|rows| set_fact(rows, &noticed));
    }

    /// What was found, as long as it is to be said.
    pub(super) fn found(&mut self) -> Found {
        if self.found == Found::Sound {
            return Found::Sound;
        }
        let now = self.clocks().wall;
        let noticed = self.store.read(fact::<Noticed>).ok().flatten();
        match noticed.and_then(|noticed| noticed.said) {
            Some(said) if now.0.abs_diff(said.0) >= SAID_FOR => {
                // On a full disk it is said a little longer.
                if self.store.write(drop_fact::<Noticed>).is_ok() {
                    self.found = Found::Sound;
                }
            }
            Some(_) => {}
            None => {
                let _ = self.store.write(|rows| match fact::<Noticed>(rows)? {
                    Some(noticed) => set_fact(rows, &Noticed { said: Some(now), ..noticed }),
                    None => Ok::<_, StoreError>(()),
                });
            }
        }
        self.found.clone()
    }

    /// What locked records held is here again: there is nothing more to say of them.
    pub(super) fn taken_over(&mut self) -> Result<()> {
        if matches!(self.found, Found::Replaced { .. }) && self.folder.locked().is_empty() {
            self.store.write(drop_fact::<Noticed>)?;
            self.found = Found::Sound;
        }
        Ok(())
    }
}
