//! What each refusal means for the phone, and its next step. Everything is kept in every case.

use crate::sync::message::Refusal;

use super::forge::Forge;
use super::outbox::{self, Standing, set_through};
use super::push::Limits;
use super::renew::next_signer;
use super::rewound::void_numbers;
use super::state::{BodyLimit, Named, Proof, chain, fact, set_fact};
use super::store::{Rows, StoreError};

/// The smallest limit of a body, bytes: below it a single entry goes alone.
const LEAST_BODY: u32 = 1024;

/// What to do after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is about an older push.
    Ignore,
    /// Push again at once, in another way.
    Again,
    /// Wait, at least so many ms.
    Pause(u64),
    /// Nothing helps until somebody does something.
    Stop,
}

pub(super) fn take(rows: &mut dyn Rows, forge: &Forge, limits: &Limits, refusal: &Refusal) -> Result<Step, StoreError> {
    let stand = |rows: &mut dyn Rows, standing: Standing, step: Step| set_fact(rows, &standing).map(|()| step);
    match refusal {
        Refusal::NumbersVoid | Refusal::Signature => numbers_void(rows, forge, refusal),
        Refusal::UnknownDevice => unknown(rows, forge),
        Refusal::TooLarge(taken) => {
            let now = fact::<BodyLimit>(rows)?.map_or(limits.body, |l| l.bytes);
            if now <= LEAST_BODY {
                return stand(rows, Standing::Refused(refusal.to_string()), Step::Pause(0));
            }
            set_fact(rows, &BodyLimit { bytes: (now / 2).min(*taken).max(LEAST_BODY) })?;
            Ok(Step::Again)
        }
        Refusal::Version(version) => stand(rows, Standing::Outdated(*version), Step::Stop),
        Refusal::Revoked(at) => stand(rows, Standing::Revoked(*at), Step::Stop),
        Refusal::Certificate(why) => stand(rows, Standing::Certificate(why.clone()), Step::Stop),
        Refusal::Malformed(why) => stand(rows, Standing::Refused(why.clone()), Step::Pause(0)),
        Refusal::Busy(seconds) => Ok(Step::Pause(u64::from(*seconds) * 1000)),
        Refusal::Unavailable => Ok(Step::Pause(0)),
    }
}

/// First ask by names without entries, since the relay may have less than was thought; then send by names; then send the
/// waiting chains from their beginning, which can always be checked.
fn numbers_void(rows: &mut dyn Rows, forge: &Forge, refusal: &Refusal) -> Result<Step, StoreError> {
    let void = fact::<Named>(rows)?.unwrap_or_default().void.unwrap_or(0) + 1;
    void_numbers(rows)?;
    let named = fact::<Named>(rows)?.unwrap_or_default();
    set_fact(rows, &Named { void: Some(void.min(4)), ..named })?;
    match void {
        1 | 2 => Ok(Step::Again),
        3 => {
            for wait in outbox::waiting(rows)? {
                if let Some(row) = chain(rows, wait.doc, forge.actor())? {
                    set_through(rows, wait.doc, forge.actor(), &row, 0)?;
                }
            }
            Ok(Step::Again)
        }
        _ => {
            set_fact(rows, &Standing::Refused(refusal.to_string()))?;
            Ok(Step::Pause(0))
        }
    }
}

/// Show everything that speaks for this device, with the signatures of its earlier keys in turn.
fn unknown(rows: &mut dyn Rows, forge: &Forge) -> Result<Step, StoreError> {
    let named = fact::<Named>(rows)?.unwrap_or_default();
    if named.introduce == Some(true) {
        if next_signer(rows, forge)? {
            return Ok(Step::Again);
        }
        set_fact(rows, &Standing::Unknown)?;
        return Ok(Step::Stop);
    }
    let proof = fact::<Proof>(rows)?.unwrap_or_default();
    set_fact(rows, &Proof { rows: Some(true), ..proof })?;
    void_numbers(rows)?;
    let named = fact::<Named>(rows)?.unwrap_or_default();
    set_fact(rows, &Named { number: None, introduce: Some(true), ..named })?;
    Ok(Step::Again)
}
