//! A phone whose key is gone (its key storage was reset, its records were damaged) goes on recording under a new key, which no
//! relay knows. It asks to be let in again (`POST /v1/readmit`); the relay answers six digits, made of the key and a secret of
//! the relay, so that nobody can look for a key with given digits. The phone shows them; a head of its school, or the
//! administrator, types them in (`POST /v1/approvals`, the page, the command line), which nobody can do who has not got them
//! from whoever holds the phone.
//!
//! Approval is consent too. Where the old records are still on the phone, it sends their data key as it was sealed for the
//! county at enrolment, and gets it back opened; else the new key is enrolled, and the old device retired as broken.

use crate::cbor;
use crate::crypto::{PublicKey, SecretKey, Signature};
use crate::ids::{ActorId, CountyId, PersonId, SchoolId};
use crate::labels;
use crate::records::field::{Bytes, Scalar, record};
use crate::sync::enrol::{EnrolAnswer, EnrolError, unversioned, versioned};
use crate::time::UtcMs;

/// How far the time in an approval may lie from the relay's clock, ms.
pub const APPROVAL_MS: i64 = 10 * 60 * 1000;

record! {
    /// What a phone asks for.
    Plea {
        /// The county.
        1 county: CountyId,
        /// The new key.
        2 key: Bytes,
        /// Whose phone it says that it is; absent for a kiosk.
        3 person: Option<PersonId>,
        /// The kiosk's school; absent for a person.
        4 kiosk: Option<SchoolId>,
        /// The device that it was.
        5 old: ActorId,
        /// The data key of its old records, sealed for the county; absent where there is nothing to recover.
        6 sealed: Option<Bytes>,
        /// Build version of the app.
        7 build: u32,
    }
}

/// A signed plea: the body of `POST /v1/readmit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadmitRequest {
    /// What is asked for.
    pub plea: Plea,
    /// The new key.
    pub key: PublicKey,
    /// Its signature.
    pub proof: Signature,
}

record! {
    /// As it travels, after the version byte.
    Signed {
        /// What is signed: canonical CBOR.
        1 said: Bytes,
        /// The signature.
        2 proof: Bytes,
    }
}

fn malformed(what: &str) -> EnrolError {
    EnrolError::Malformed(format!("the {what} can't be read"))
}

/// Reads a signed message: what was said, as map and as bytes, and the signature.
fn read_signed(bytes: &[u8]) -> Result<(cbor::Map, Vec<u8>, Signature), EnrolError> {
    let signed = Signed::read(&unversioned(bytes)?)?;
    let map = cbor::decode_map(&signed.said.0).map_err(|_| malformed("request"))?;
    let proof = Signature::from_slice(&signed.proof.0).ok_or_else(|| malformed("signature"))?;
    Ok((map, signed.said.0, proof))
}

fn signed(said: &impl Scalar, proof: &Signature) -> Vec<u8> {
    versioned(&Signed { said: Bytes(cbor::encode(&said.to_value())), proof: Bytes(proof.0.to_vec()) })
}

fn key_of(bytes: &Bytes) -> Result<PublicKey, EnrolError> {
    Ok(PublicKey(bytes.0[..].try_into().map_err(|_| malformed("key"))?))
}

impl ReadmitRequest {
    /// The request of the device with this key; the plea's key becomes that one.
    pub fn new(plea: Plea, key: &SecretKey) -> Self {
        let plea = Plea { key: Bytes(key.public().0.to_vec()), ..plea };
        let proof = key.sign(labels::READMIT, &cbor::encode(&plea.to_value()));
        ReadmitRequest { plea, key: key.public(), proof }
    }

    /// Version byte and canonical CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        signed(&self.plea, &self.proof)
    }

    /// Reads it and checks that the key that it names signed it.
    ///
    /// # Errors
    /// When it can't be read, or the signature doesn't fit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EnrolError> {
        let (map, said, proof) = read_signed(bytes)?;
        let plea = Plea::read(&map)?;
        let key = key_of(&plea.key)?;
        if !key.verifies(labels::READMIT, &said, &proof) {
            return Err(malformed("signature"));
        }
        Ok(ReadmitRequest { plea, key, proof })
    }
}

/// What a plea is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadmitAnswer {
    /// Nobody has approved it yet: these six digits are to be shown.
    Waiting(u32),
    /// The new key is enrolled.
    Enrolled(EnrolAnswer),
    /// The data key of the old records.
    Recovered([u8; 32]),
}

record! {
    /// As it travels, after the version byte.
    AnswerMap {
        /// Six digits.
        1 digits: Option<u32>,
        /// An enrolment's answer.
        2 enrolled: Option<Bytes>,
        /// A data key.
        3 data_key: Option<Bytes>,
    }
}

impl ReadmitAnswer {
    /// Version byte and canonical CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut map = AnswerMap { digits: None, enrolled: None, data_key: None };
        match self {
            ReadmitAnswer::Waiting(digits) => map.digits = Some(*digits),
            ReadmitAnswer::Enrolled(answer) => map.enrolled = Some(Bytes(answer.to_bytes())),
            ReadmitAnswer::Recovered(key) => map.data_key = Some(Bytes(key.to_vec())),
        }
        versioned(&map)
    }

    /// Reads it.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EnrolError> {
        let map = AnswerMap::read(&unversioned(bytes)?)?;
        match (map.digits, map.enrolled, map.data_key) {
            (Some(digits), None, None) if digits < 1_000_000 => Ok(ReadmitAnswer::Waiting(digits)),
            (None, Some(answer), None) => Ok(ReadmitAnswer::Enrolled(EnrolAnswer::from_bytes(&answer.0)?)),
            (None, None, Some(key)) => {
                Ok(ReadmitAnswer::Recovered(key.0[..].try_into().map_err(|_| malformed("data key"))?))
            }
            _ => Err(malformed("answer")),
        }
    }
}

record! {
    /// What a head's phone asks: who waits; with a device and its digits, to approve that one.
    Approval {
        /// The county.
        1 county: CountyId,
        /// The head's device key.
        2 key: Bytes,
        /// When, by the relay's clock as far as the device knows it.
        3 at: UtcMs,
        /// The device to approve.
        4 device: Option<ActorId>,
        /// The six digits that it shows.
        5 digits: Option<u32>,
    }
}

/// A signed [`Approval`]: the body of `POST /v1/approvals`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRequest {
    /// What is asked.
    pub asks: Approval,
    /// The head's device key.
    pub key: PublicKey,
    /// Its signature.
    pub proof: Signature,
}

impl ApprovalRequest {
    /// The bytes that the head's device signs under [`labels::APPROVE`].
    pub fn signed_bytes(asks: &Approval) -> Vec<u8> {
        cbor::encode(&asks.to_value())
    }

    /// Version byte and canonical CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        signed(&self.asks, &self.proof)
    }

    /// Reads it and checks that the key that it names signed it.
    ///
    /// # Errors
    /// When it can't be read, or the signature doesn't fit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EnrolError> {
        let (map, said, proof) = read_signed(bytes)?;
        let asks = Approval::read(&map)?;
        let key = key_of(&asks.key)?;
        if !key.verifies(labels::APPROVE, &said, &proof) {
            return Err(malformed("signature"));
        }
        Ok(ApprovalRequest { asks, key, proof })
    }
}

record! {
    /// A phone that asks to be let in again.
    Asking {
        /// The device.
        1 device: ActorId,
        /// Whose it says that it is; absent for a kiosk.
        2 person: Option<PersonId>,
        /// The school of the person's posting, or the kiosk's.
        3 school: SchoolId,
        /// The person's name in the roster; empty for a kiosk.
        4 name: String,
        /// Since when.
        5 since: UtcMs,
        /// Whether it has old records to recover.
        6 recovers: bool,
    }
}

record! {
    /// The answer to an [`Approval`].
    ApprovalAnswer {
        /// Who waits now.
        1 asking: Vec<Asking>,
        /// Whether the device that was named is approved; absent if none was named.
        2 approved: Option<bool>,
        /// The relay's clock.
        3 relay: UtcMs,
    }
}

impl ApprovalAnswer {
    /// Version byte and canonical CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        versioned(self)
    }

    /// Reads it.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EnrolError> {
        Ok(ApprovalAnswer::read(&unversioned(bytes)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plea() -> Plea {
        Plea {
            county: CountyId([1; 8]),
            key: Bytes(vec![]),
            person: Some(PersonId([2; 8])),
            kiosk: None,
            old: ActorId([3; 16]),
            sealed: Some(Bytes(vec![4; 80])),
            build: 1,
        }
    }

    #[test]
    fn a_plea_holds_only_as_its_key_signed_it() {
        let key = SecretKey::from_seed(&[9; 32]);
        let request = ReadmitRequest::new(plea(), &key);
        let bytes = request.to_bytes();
        assert_eq!(ReadmitRequest::from_bytes(&bytes), Ok(request.clone()));
        for at in 0..bytes.len() {
            assert!(ReadmitRequest::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert!(ReadmitRequest::from_bytes(&changed).is_err(), "changed at {at}");
        }
    }

    #[test]
    fn answers_read_back() {
        for answer in [ReadmitAnswer::Waiting(12), ReadmitAnswer::Recovered([5; 32])] {
            assert_eq!(ReadmitAnswer::from_bytes(&answer.to_bytes()), Ok(answer));
        }
        assert!(ReadmitAnswer::from_bytes(&ReadmitAnswer::Waiting(1_000_000).to_bytes()).is_err());
    }
}
