//! A phone whose key storage lost its key: it records on under a new key, asks to be let in again, and takes over what its
//! earlier records hold once their key comes back. And the other side: a head's phone that approves it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{PhoneError, Problem, Result};
use super::handle::{Phone, Shared};
use super::home::Home;
use super::http::{HttpError, Relays};
use super::listener::PhoneEvent;
use super::tls::Pin;
use crate::ids::ActorId;
use crate::labels;
use crate::records::field::Bytes;
use crate::store::SqliteStore;
use crate::sync::enrol::EnrolAnswer;
use crate::sync::phone::state::{Digits, Identity, Named, Past, drop_fact, fact, set_fact};
use crate::sync::phone::{PhoneStore, Rescue, Standing, answer, standing};
use crate::sync::readmit::{Approval, ApprovalAnswer, ApprovalRequest, Asking, Plea, ReadmitAnswer, ReadmitRequest};

impl Home {
    /// Takes over locked records whose key the key storage gives again: it had failed for a while only.
    pub(super) fn unlock(&mut self) {
        for path in self.folder.locked() {
            // What doesn't open now stays as it is, for the next start or the county's key.
            if let Ok(old) = SqliteStore::open(&path, self.keys.as_ref()) {
                let _ = self.rescue(&path, old);
            }
        }
    }

    fn rescue(&mut self, path: &Path, mut old: SqliteStore) -> Result<()> {
        let (county, holder, forge) = {
            let member = self.member()?;
            (member.card.county, member.holder.clone(), member.machine.forge().clone())
        };
        let rescue = old.read(|rows| Rescue::read(rows, county, &holder))?;
        drop(old);
        let rng = self.rng.as_mut();
        let forge = self.store.write(|rows| {
            let forge = rescue.take_over(rows, &forge, rng)?;
            drop_fact::<Digits>(rows)?;
            set_fact(rows, &Standing::Fine)?;
            Ok::<_, crate::sync::phone::ForgeError>(forge)
        })?;
        let card = self.member()?.card.clone();
        self.shelf = Default::default();
        self.become_member(card, forge)?;
        self.folder.unlocked(path)?;
        self.taken_over()
    }

    /// What this phone asks for, where the relay doesn't know its key or earlier records are locked.
    fn plea(&mut self) -> Result<Option<(ReadmitRequest, Option<PathBuf>)>> {
        let locked = self.folder.locked();
        let (unknown, past, identity) = self.read(|rows| {
            let unknown = standing(rows)? == Standing::Unknown;
            Ok((unknown, fact::<Past>(rows)?, fact::<Identity>(rows)?))
        })?;
        if !unknown && locked.is_empty() {
            return Ok(None);
        }
        let found = locked.into_iter().rev().find_map(|path| Some((SqliteStore::sealed_key_of(&path)?, path)));
        if !unknown && found.is_none() {
            return Ok(None);
        }
        let identity = identity.ok_or(PhoneError::NotEnrolled)?;
        let past = past.map_or(Vec::new(), |past| past.actors);
        let lost = past.iter().rev().find(|p| p.seed.is_none()).or(past.first());
        let member = self.member()?;
        let (sealed, path) = found.unzip();
        let plea = Plea {
            county: member.card.county,
            key: Bytes::default(),
            person: member.holder.person,
            kiosk: member.holder.kiosk,
            old: lost.map_or(identity.actor, |p| p.actor),
            sealed: sealed.map(Bytes),
            build: self.limits.build,
        };
        Ok(Some((ReadmitRequest::new(plea, &self.key_of(&identity.seed)?), path)))
    }

    /// The relay knows this key from now on.
    fn let_in(&mut self, answer: &EnrolAnswer) -> Result<()> {
        let member = self.member()?;
        let (relay, forge) = (member.machine.relay(), member.machine.forge().clone());
        Ok(self.store.write(|rows| {
            drop_fact::<Digits>(rows)?;
            set_fact(rows, &Standing::Fine)?;
            set_fact(rows, &Named { number: Some(answer.device), introduce: None, void: None })?;
            answer::keep_rows(rows, &forge, &relay, &answer.rows).map(|_| ())
        })?)
    }

    /// Opens locked records with their recovered key; those that can't be read are kept, and no more asked for. What fails
    /// otherwise is tried again.
    fn recovered(&mut self, path: &Path, data_key: [u8; 32]) -> Result<()> {
        let opened = SqliteStore::open_with(path, data_key).map_err(PhoneError::from);
        let taken = opened.and_then(|old| self.rescue(path, old));
        match taken {
            Err(PhoneError::Failed(_)) => Ok(self.folder.unreadable(path)?),
            other => other,
        }
    }

    fn approval(&mut self, named: Option<(ActorId, u32)>) -> Result<ApprovalRequest> {
        let at = self.relay_now()?;
        let forge = self.member()?.machine.forge().clone();
        let (device, digits) = named.unzip();
        let key = forge.public();
        let asks = Approval { county: forge.county(), key: Bytes(key.0.to_vec()), at, device, digits };
        let proof = forge.sign(labels::APPROVE, &ApprovalRequest::signed_bytes(&asks));
        Ok(ApprovalRequest { asks, key, proof })
    }
}

impl Shared {
    /// Asks to be let in again, where that is due. Gives whether something changed, so that a sync may get further.
    pub(super) async fn ask(&self, relays: &Relays) -> Result<bool> {
        let Some((request, path)) = self.with(Home::plea)? else { return Ok(false) };
        let bytes = match relays.readmit(request.to_bytes()).await {
            Ok(bytes) => bytes,
            // What stands in the way is known from the sync itself, or will be at the next.
            Err(HttpError::Offline(_) | HttpError::Refused(_) | HttpError::Ticket(_)) => return Ok(false),
        };
        match ReadmitAnswer::from_bytes(&bytes)? {
            ReadmitAnswer::Waiting(digits) => {
                self.with(|home| Ok(home.store.write(|rows| set_fact(rows, &Digits { digits }))?))?;
                Ok(false)
            }
            ReadmitAnswer::Enrolled(answer) => {
                self.with(|home| home.let_in(&answer))?;
                Ok(true)
            }
            ReadmitAnswer::Recovered(key) => {
                let path =
                    path.ok_or_else(|| PhoneError::Failed("the relay gave a key that wasn't asked for".into()))?;
                self.with(|home| home.recovered(&path, key))?;
                self.listeners.tell(&[PhoneEvent::NewKey]);
                Ok(true)
            }
        }
    }
}

impl Phone {
    /// The six digits to show to the principal, as long as this phone waits to be let in again.
    ///
    /// # Errors
    /// When the store fails.
    pub fn approval_digits(&self) -> Result<Option<String>> {
        let digits = self.with(|home| home.read(|rows| fact::<Digits>(rows)))?;
        Ok(digits.map(|digits| format!("{:06}", digits.digits)))
    }

    /// How many files of earlier records wait for their key.
    ///
    /// # Errors
    /// When the phone is closed.
    pub fn locked_records(&self) -> Result<usize> {
        self.with(|home| Ok(home.folder.locked().len()))
    }

    /// How many files of earlier records can't be read. What of them had not been sent is there only: clearing the phone
    /// erases it.
    ///
    /// # Errors
    /// When the phone is closed.
    pub fn damaged_records(&self) -> Result<usize> {
        self.with(|home| Ok(home.folder.damaged()))
    }

    /// The phones that ask to be let in again at the schools that this phone's person heads.
    ///
    /// # Errors
    /// When no relay can be reached, or it refuses.
    pub async fn phones_asking(&self) -> Result<Vec<Asking>> {
        Ok(self.approvals(None).await?.asking)
    }

    /// Lets a phone in again, by the six digits that it shows. Where it has earlier records, this is the consent to open them
    /// for it.
    ///
    /// # Errors
    /// When the digits are others, the person may not approve this phone, no relay can be reached, or it refuses.
    pub async fn approve_phone(&self, device: ActorId, digits: &str) -> Result<()> {
        let wrong = || PhoneError::invalid("digits", Problem::OtherDigits);
        let typed: String = digits.chars().filter(|c| !c.is_whitespace()).collect();
        let number = typed.parse().ok().filter(|_| typed.len() == 6).ok_or_else(wrong)?;
        match self.approvals(Some((device, number))).await?.approved {
            Some(true) => Ok(()),
            _ => Err(wrong()),
        }
    }

    async fn approvals(&self, named: Option<(ActorId, u32)>) -> Result<ApprovalAnswer> {
        let (card, request) = self.with(|home| Ok((home.member()?.card.clone(), home.approval(named)?)))?;
        let relays = Arc::new(Relays::new(&card.addresses, Pin::Key(card.tls_pin()), &self.shared.network)?);
        Ok(ApprovalAnswer::from_bytes(&relays.approvals(request.to_bytes()).await?)?)
    }
}
