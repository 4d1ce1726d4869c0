//! The relay's machine: `(now, push) → answer` over a ledger. No SQL, no network, no clock.
//!
//! A push goes through `admission` (who, next link, signature), `intake` (entries, twins, readings, marks), `directory`
//! (what entries say about people, schools and grants), `authority` (what counts), and `pull` (what this person may read
//! beyond the cursor). Everything of one push happens in one transaction of the ledger; the answer leaves after its commit.

mod admission;
mod authority;
mod blobs;
pub mod book;
mod bundle;
mod desk;
mod directory;
mod enrolment;
mod intake;
mod placement;
mod pull;
mod read;
mod readmit;
mod rewind;
pub mod rows;
mod settle;
mod verify;
mod welcome;

use crate::crypto::{BodyHash, EnvelopeHash, PublicKey, SecretKey, Signature, sha256};
use crate::ids::{ActorId, CountyId};
use crate::labels;
use crate::sync::ledger::{Ledger, LedgerError};
use crate::sync::message::{Answer, AnswerBody, DeviceName, Head, Push, Refusal, Row, SignedHead, SignedRow};
use crate::sync::wire;
use crate::time::UtcMs;
use book::{Book, LogHead};

use admission::Way;

pub use admission::VerifiedPush;
pub use bundle::BundleTaken;
pub use desk::Desk;
pub use read::{device_fact, placement};
pub use verify::{Fault, Verified};

/// Why the relay did nothing. Nothing of the transaction may be kept then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// The store failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The push, or the act, is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What a push is answered: made in its transaction, signed after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What the answer says.
    pub body: AnswerBody,
    log: LogHead,
    now: UtcMs,
    actor: ActorId,
    push: u64,
    envelope: EnvelopeHash,
}

/// A county's relay: its keys and limits. What it knows is in the ledger.
#[derive(Clone)]
pub struct Relay {
    county: CountyId,
    key: SecretKey,
}

impl Relay {
    /// The relay of a county with this signing key.
    pub fn new(county: CountyId, key: SecretKey) -> Self {
        Relay { county, key }
    }

    /// The county.
    pub fn county(&self) -> CountyId {
        self.county
    }

    /// The key that phones pin.
    pub fn public_key(&self) -> PublicKey {
        self.key.public()
    }

    /// Answers a sync: admits the push, stores it, and gives what the device may read beyond its cursor. The bytes may leave
    /// only once the ledger's transaction is committed.
    ///
    /// # Errors
    /// When the push is refused or the store fails; then the transaction must be rolled back.
    pub fn sync(&self, ledger: &mut dyn Ledger, now: UtcMs, body: &[u8]) -> Result<Vec<u8>, RelayError> {
        let mut book = Book::new(self.county, ledger);
        let limits = wire::Limits::default();
        let (push, signature) = wire::decode_push(body, &limits)?;
        Ok(self.seal(&self.reply(&mut book, now, push, signature)?).1)
    }

    /// As [`Relay::sync`], on decoded messages.
    ///
    /// # Errors
    /// As [`Relay::sync`].
    pub fn answer(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        push: Push,
        signature: Signature,
    ) -> Result<Answer, RelayError> {
        let reply = self.reply(book, now, push, signature)?;
        Ok(Answer { head: self.seal(&reply).0, body: reply.body })
    }

    /// What [`Relay::sync`] does within the ledger's transaction; [`Relay::seal`] does the rest, once that is committed.
    ///
    /// # Errors
    /// As [`Relay::sync`].
    pub fn reply(
        &self,
        book: &mut Book<'_>,
        now: UtcMs,
        push: Push,
        signature: Signature,
    ) -> Result<Reply, RelayError> {
        let verified = self.admit(book, now, push, signature, Way::Sync)?;
        let envelope = verified.envelope();
        let (actor, n) = (verified.actor(), verified.push().n);
        let body = self.take(book, now, verified)?;
        Ok(Reply { log: book.head()?, now, actor, push: n, envelope, body })
    }

    /// Signs a reply; gives its head, and the bytes of the whole message.
    pub fn seal(&self, reply: &Reply) -> (SignedHead, Vec<u8>) {
        let bytes = wire::encode_body(&reply.body);
        let head = Head {
            county: self.county,
            n: reply.log.n,
            l: reply.log.l,
            relay: reply.now,
            actor: reply.actor,
            push: reply.push,
            envelope: reply.envelope,
            body: BodyHash(sha256(&[&bytes])),
        };
        let signature = self.key.sign(labels::HEAD, &head.signed_bytes());
        let head = SignedHead { head, signature };
        let message = wire::encode_answer(&head, &bytes);
        (head, message)
    }

    /// Signs a row for phones to keep and hand back.
    fn sign_row(&self, row: Row) -> SignedRow {
        let signature = self.key.sign(labels::ROW, &wire::row_bytes(self.county, &row));
        SignedRow { row, signature }
    }

    fn is_own_row(&self, row: &SignedRow) -> bool {
        self.key.public().verifies(labels::ROW, &wire::row_bytes(self.county, &row.row), &row.signature)
    }
}

/// The actor that a push claims, where its device is named by key.
fn claimed_actor(device: &DeviceName) -> Option<ActorId> {
    match device {
        DeviceName::Key(key) => Some(key.actor()),
        DeviceName::Number(_) => None,
    }
}
