//! Enrolment and sync over the network. Every change to the records is one synchronous transaction between two waits, so
//! the future may be dropped at any of them: what was taken in holds, what was not comes again.

use std::collections::VecDeque;
use std::sync::Arc;

use super::error::{PhoneError, Problem, Result};
use super::handle::{Phone, Shared};
use super::home::Home;
use super::http::{HttpError, Relays};
use super::listener::PhoneEvent;
use super::tls::Pin;
use crate::crypto::BlobHash;
use crate::ids::DocId;
use crate::records::field::Bytes;
use crate::sync::blob::BlobAct;
use crate::sync::enrol::{Card, EnrolAnswer, EnrolRequest, Invitation, Pass, TypedCode};
use crate::sync::message::Refusal;
use crate::sync::phone::state::{BlobRow, HeldPosting, Holder, Named, load, save, set_fact};
use crate::sync::phone::{
    Applied, Blob, Delivery, Effect, Event, Outgoing, PhoneStore, Standing, Table, answer, show_certificate, standing,
};
use crate::time::UtcMs;

/// The most pushes of one sync; a machine that wants more goes on at the next.
const MOST_PUSHES: usize = 400;

/// What a sync came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncOutcome {
    /// Pushes that left.
    pub pushes: usize,
    /// Bytes of bodies, up and down, before HTTP.
    pub bytes: (u64, u64),
    /// Records that reached the relay.
    pub delivered: u64,
    /// Documents in which something arrived or changed.
    pub changed: Vec<DocId>,
    /// Whether the relay takes this phone's records.
    pub standing: Standing,
    /// Entries that still wait.
    pub unsent: u64,
    /// When to try again, ms; absent if nothing is left to do.
    pub retry_in_ms: Option<u64>,
    /// Why no connection was made, for diagnostics.
    pub offline: Option<String>,
}

impl SyncOutcome {
    /// Adds what a second run came to.
    fn goes_on(&mut self, further: SyncOutcome) {
        self.pushes += further.pushes;
        self.bytes = (self.bytes.0 + further.bytes.0, self.bytes.1 + further.bytes.1);
        self.delivered += further.delivered;
        self.changed.extend(further.changed);
        self.changed.sort();
        self.changed.dedup();
        (self.retry_in_ms, self.offline) = (further.retry_in_ms, further.offline);
    }
}

impl From<HttpError> for PhoneError {
    fn from(e: HttpError) -> Self {
        match e {
            HttpError::Offline(why) => PhoneError::Offline(why),
            HttpError::Ticket(_) => PhoneError::Failed("the relay did not take the ticket".into()),
            HttpError::Refused(Refusal::Certificate(why)) => PhoneError::Refused(Standing::Certificate(why)),
            HttpError::Refused(Refusal::UnknownDevice) => PhoneError::Refused(Standing::Unknown),
            HttpError::Refused(Refusal::Version(version)) => PhoneError::Refused(Standing::Outdated(version)),
            HttpError::Refused(Refusal::Revoked(at)) => PhoneError::Refused(Standing::Revoked(at)),
            HttpError::Refused(Refusal::Busy(_) | Refusal::Unavailable) => {
                PhoneError::Offline("the relay is busy: please try again in a minute".into())
            }
            HttpError::Refused(other) => PhoneError::Refused(Standing::Refused(other.to_string())),
        }
    }
}

impl Phone {
    /// Makes this the phone of whoever the invitation is for (the text of its QR code). The same invitation again gets the
    /// same answer, so a cut transfer costs nothing.
    ///
    /// # Errors
    /// When the text is no invitation, no relay can be reached, or the relay refuses it.
    pub async fn enrol(&self, invitation: &str) -> Result<()> {
        self.enrol_by(Invitation::from_qr(invitation)?).await
    }

    /// As [`Phone::enrol`], by an address (`host:port`) and the typed code of 20 characters.
    ///
    /// # Errors
    /// As [`Phone::enrol`], and when the county at the address isn't the one of the code.
    pub async fn enrol_typed(&self, address: &str, code: &str) -> Result<()> {
        let code = TypedCode::parse(code)?;
        let relays = Relays::new(&[address.to_owned()], Pin::Anyone, &self.shared.network)?;
        let card = Card::from_bytes(&relays.card().await?)?;
        self.enrol_by(code.with_card(card)?).await
    }

    async fn enrol_by(&self, invitation: Invitation) -> Result<()> {
        let Invitation { card, secret } = invitation;
        let build = self.shared.limits.build;
        let request = self.with(|home| {
            if home.member.is_some() {
                return Err(PhoneError::AlreadyEnrolled);
            }
            Ok(EnrolRequest::new(card.county, &secret, build, &home.new_device()?))
        })?;
        let relays = Relays::new(&card.addresses, Pin::Key(card.tls_pin()), &self.shared.network)?;
        let answer = EnrolAnswer::from_bytes(&relays.enrol(request.to_bytes()).await?)?;
        self.with(|home| {
            let holder = Holder { person: answer.person, kiosk: answer.kiosk };
            let held = answer.postings.iter();
            let held = held.map(|p| HeldPosting { posting: p.posting, school: p.school, role: p.role });
            let relay = card.relay_key();
            home.install(card.clone(), &holder, held.collect(), |rows, forge| {
                set_fact(rows, &Named { number: Some(answer.device), introduce: None, void: None })?;
                answer::keep_rows(rows, forge, &relay, &answer.rows).map(|_| ())
            })
        })
    }

    /// Makes this the phone of whoever a principal made a certificate for, without a network: the text of the QR code that
    /// the principal's phone showed for this phone's [`Phone::device_key`]. The relay hears of it at the first sync.
    ///
    /// # Errors
    /// When the text is no such certificate, or it is for another phone.
    pub fn enrol_with_certificate(&self, pass: &str) -> Result<()> {
        let Pass { card, certificate } = Pass::from_qr(pass)?;
        self.with(|home| {
            if home.device_key()? != certificate.key {
                return Err(PhoneError::invalid("invitation", Problem::OtherPhone));
            }
            let kiosk = certificate.posting.is_none();
            let holder =
                Holder { person: (!kiosk).then_some(certificate.person), kiosk: kiosk.then_some(certificate.school) };
            let held = certificate.posting.map(|posting| HeldPosting {
                posting,
                school: certificate.school,
                role: certificate.role,
            });
            let held = held.into_iter().collect();
            home.install(card, &holder, held, |rows, _| show_certificate(rows, &certificate))
        })
    }

    /// Syncs until nothing more can be done now. At most one sync runs at a time; a second call waits for the first and then
    /// runs itself. No connection is an outcome, not an error.
    ///
    /// # Errors
    /// When the phone isn't enrolled, is closed, or its store fails.
    pub async fn sync_now(&self) -> Result<SyncOutcome> {
        let mut running = self.shared.syncing.lock().await;
        let card = self.with(|home| Ok(home.member()?.card.clone()))?;
        let relays = match running.take().filter(|(known, _)| *known == card) {
            Some((_, relays)) => relays,
            None => Arc::new(Relays::new(&card.addresses, Pin::Key(card.tls_pin()), &self.shared.network)?),
        };
        *running = Some((card, Arc::clone(&relays)));
        let before = self.with(|home| home.read(standing))?;
        let mut outcome = self.shared.run(&relays).await?;
        if outcome.offline.is_none() && self.shared.ask(&relays).await? {
            let further = self.shared.run(&relays).await?;
            outcome.goes_on(further);
        }
        let (now, unsent) = self.with(|home| Ok((home.read(standing)?, home.unsent()?.entries)))?;
        outcome.standing = now.clone();
        outcome.unsent = unsent;
        if now != before {
            self.shared.listeners.tell(&[PhoneEvent::Standing(now)]);
        }
        Ok(outcome)
    }

    /// The content of a blob: what is here, else from the relay, which lets whoever may read the document read its blobs.
    /// `None` if the relay hasn't got it either.
    ///
    /// # Errors
    /// When it isn't here and the relay can't be reached or refuses.
    pub async fn blob(&self, doc: DocId, hash: BlobHash) -> Result<Option<Vec<u8>>> {
        let here = self.with(|home| home.read(|rows| load::<BlobRow>(rows, Table::Blob, &hash.0)))?;
        if let Some(row) = here {
            return Ok(Some(Blob::content(&row.bytes.0).to_vec()));
        }
        let card = self.with(|home| Ok(home.member()?.card.clone()))?;
        let relays = Relays::new(&card.addresses, Pin::Key(card.tls_pin()), &self.shared.network)?;
        let mut at = self.with(Home::relay_now)?;
        for last in [false, true] {
            let ticket = self.with(|home| Ok(home.member()?.machine.forge().ticket(BlobAct::Get, &hash, doc, at)))?;
            match relays.get_blob(&hash, ticket.to_header()).await {
                Ok(None) => return Ok(None),
                Ok(Some(bytes)) if BlobHash(crate::crypto::sha256(&[&bytes])) == hash => {
                    let row = BlobRow { doc, bytes: Bytes(bytes.clone()) };
                    self.with(|home| Ok(home.store.write(|rows| save(rows, Table::Blob, &hash.0, &row))?))?;
                    return Ok(Some(Blob::content(&bytes).to_vec()));
                }
                Ok(Some(_)) => return Err(PhoneError::Failed("the relay sent other bytes than were named".into())),
                Err(HttpError::Ticket(Some(relay))) if !last => at = UtcMs(relay),
                Err(e) => return Err(e.into()),
            }
        }
        Err(PhoneError::Failed("the relay did not take the ticket".into()))
    }

    /// Where an entry of this phone and its blobs stand; `None` for another's.
    ///
    /// # Errors
    /// When the store fails.
    pub fn delivery(&self, at: &super::EntryAt, blobs: &[BlobHash]) -> Result<Option<Delivery>> {
        self.with(|home| home.read(|rows| crate::sync::phone::delivery(rows, at.doc, &at.entry, blobs)))
    }
}

impl Shared {
    async fn run(&self, relays: &Relays) -> Result<SyncOutcome> {
        let mut outcome = SyncOutcome {
            pushes: 0,
            bytes: (0, 0),
            delivered: 0,
            changed: Vec::new(),
            standing: Standing::Fine,
            unsent: 0,
            retry_in_ms: None,
            offline: None,
        };
        if self.connectivity.as_ref().is_some_and(|system| !system.online()) {
            outcome.offline = Some("the system has no network".into());
            return Ok(outcome);
        }
        let mut effects: VecDeque<Effect> = self.step(Event::Due)?.into();
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Send(_) if outcome.pushes >= MOST_PUSHES => outcome.retry_in_ms = Some(1000),
                Effect::Send(outgoing) => effects.extend(self.send(relays, &outgoing, &mut outcome).await?),
                Effect::PutBlob(hash) => effects.extend(self.put_blob(relays, hash, &mut outcome).await?),
                Effect::Changed(applied) => self.changed(&applied, &mut outcome)?,
                Effect::Wait(ms) => outcome.retry_in_ms = Some(ms),
                Effect::Settled => {}
            }
        }
        outcome.changed.sort();
        outcome.changed.dedup();
        Ok(outcome)
    }

    fn step(&self, event: Event) -> Result<Vec<Effect>> {
        self.with(|home| {
            let clocks = home.clocks();
            let member = home.member.as_mut().ok_or(PhoneError::NotEnrolled)?;
            Ok(member.machine.handle(&mut home.store, &clocks, home.rng.as_mut(), event)?)
        })
    }

    async fn send(&self, relays: &Relays, outgoing: &Outgoing, outcome: &mut SyncOutcome) -> Result<Vec<Effect>> {
        let n = outgoing.n;
        // The number must be outside the file before the body leaves: else a file that went back could use it again.
        self.with(|home| home.keys.set_counter(n).map_err(PhoneError::Failed))?;
        let body = outgoing.body();
        outcome.pushes += 1;
        outcome.bytes.0 += body.len() as u64;
        let event = match relays.sync(body).await {
            Ok(body) => {
                outcome.bytes.1 += body.len() as u64;
                outcome.offline = None;
                Event::Answered { n, body }
            }
            Err(HttpError::Refused(refusal)) => Event::Refused { n, refusal },
            Err(HttpError::Offline(why)) => {
                outcome.offline = Some(why);
                Event::Failed { n }
            }
            Err(HttpError::Ticket(_)) => Event::Failed { n },
        };
        self.step(event)
    }

    async fn put_blob(&self, relays: &Relays, hash: BlobHash, outcome: &mut SyncOutcome) -> Result<Vec<Effect>> {
        let row = self.with(|home| home.read(|rows| load::<BlobRow>(rows, Table::Blob, &hash.0)))?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let mut at = self.with(Home::relay_now)?;
        for last in [false, true] {
            let ticket =
                self.with(|home| Ok(home.member()?.machine.forge().ticket(BlobAct::Put, &hash, row.doc, at)))?;
            match relays.put_blob(&hash, ticket.to_header(), row.bytes.0.clone()).await {
                Ok(()) => {
                    outcome.bytes.0 += row.bytes.0.len() as u64;
                    return self.step(Event::BlobStored(hash));
                }
                Err(HttpError::Ticket(Some(relay))) if !last => at = UtcMs(relay),
                Err(HttpError::Offline(why)) => {
                    outcome.offline = Some(why);
                    break;
                }
                Err(_) => break,
            }
        }
        self.step(Event::BlobFailed(hash))
    }

    fn changed(&self, applied: &Applied, outcome: &mut SyncOutcome) -> Result<()> {
        outcome.delivered += applied.delivered;
        outcome.changed.extend(&applied.changed);
        self.with(|home| {
            applied.changed.iter().chain(&applied.dropped).for_each(|doc| home.shelf.forget(*doc));
            if applied.people {
                home.shelf.forget_people();
            }
            if applied.renewed.is_some() {
                home.shelf = Default::default();
                home.keep_anchor()?;
            }
            Ok(())
        })?;
        let mut events = Vec::new();
        if applied.delivered > 0 {
            events.push(PhoneEvent::Delivered(applied.delivered));
        }
        if !applied.changed.is_empty() {
            events.push(PhoneEvent::Changed(applied.changed.iter().copied().collect()));
        }
        if !applied.dropped.is_empty() {
            events.push(PhoneEvent::NotArrived(applied.dropped.iter().copied().collect()));
        }
        if applied.renewed.is_some() {
            events.push(PhoneEvent::NewKey);
        }
        if applied.rewound && applied.renewed.is_none() {
            events.push(PhoneEvent::RelayWentBack);
        }
        if applied.people {
            events.push(PhoneEvent::People);
        }
        self.listeners.tell(&events);
        Ok(())
    }
}
