//! How a device becomes known to its county: the county card, the invitation as QR and as typed code, and the one request
//! of `POST /v1/enrol`.
//!
//! The QR holds the whole card and a secret of 40 bits. Who can't scan types an address and 20 characters: 60 bits of the
//! card's hash, 40 of the secret. The card is then fetched from that address (`GET /v1/card`) and counts only if its hash
//! fits; from then on the relay's key is pinned. The relay keeps SHA-256 of the secret only.

use data_encoding::BASE32_NOPAD;

use crate::cbor::{self, Map};
use crate::crypto::{PublicKey, SecretKey, Signature, sha256};
use crate::ids::{CountyId, PersonId, PostingId, SchoolId};
use crate::labels;
use crate::records::Role;
use crate::records::field::{Bytes, FieldError, Scalar, record};
use crate::sync::message::{Certificate, LogNo, SignedRow, VERSION};
use crate::sync::wire;
use crate::time::UtcMs;

/// What an invitation in a QR code begins with.
const QR_PREFIX: &str = "SANJI1:";

/// Why an invitation, card or enrolment message can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// Another QR code, or a damaged one.
    #[error("this is not an invitation of Sanji: {0}")]
    NotAnInvitation(String),
    /// The typed code isn't 20 characters of its alphabet.
    #[error("the code has 20 letters and digits, without I, L, O and U; please check {0}")]
    BadCode(String),
    /// The card at the address isn't the one that the code names.
    #[error("the code doesn't fit the county at this address: please check the address and the first 12 characters")]
    OtherCounty,
    /// A message that can't be read.
    #[error("malformed: {0}")]
    Malformed(String),
    /// A version that isn't spoken here.
    #[error("version {0} isn't spoken here")]
    Version(u8),
}

impl From<FieldError> for EnrolError {
    fn from(e: FieldError) -> Self {
        EnrolError::Malformed(e.to_string())
    }
}

record! {
    /// A county as a phone must know it: public, the same on every invitation.
    Card {
        /// The county.
        1 county: CountyId,
        /// Host and port of its relays, tried in turn.
        2 addresses: Vec<String>,
        /// The relay's signing key (Ed25519), 32 bytes.
        3 relay: Bytes,
        /// The county's key for bundles and recovery (X25519), 32 bytes.
        4 seal: Bytes,
        /// SHA-256 of the public key (SPKI) of the relay's TLS certificate, 32 bytes.
        5 pin: Bytes,
    }
}

impl Card {
    /// Canonical CBOR, as `GET /v1/card` gives it.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&self.to_value())
    }

    /// Reads a card and checks its lengths.
    ///
    /// # Errors
    /// When it is no card.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EnrolError> {
        let map = cbor::decode_map(bytes).map_err(|e| EnrolError::Malformed(e.to_string()))?;
        let card = Card::read(&map)?;
        let keys = [("relay key", &card.relay), ("county key", &card.seal), ("pin", &card.pin)];
        if let Some((name, _)) = keys.iter().find(|(_, key)| key.0.len() != 32) {
            return Err(EnrolError::Malformed(format!("the {name} of the card hasn't 32 bytes")));
        }
        if card.addresses.is_empty() {
            return Err(EnrolError::Malformed("the card has no address".into()));
        }
        Ok(card)
    }

    /// The relay's signing key.
    pub fn relay_key(&self) -> PublicKey {
        PublicKey(fixed(&self.relay))
    }

    /// The county's X25519 key.
    pub fn seal_key(&self) -> [u8; 32] {
        fixed(&self.seal)
    }

    /// The pin of the relay's TLS key.
    pub fn tls_pin(&self) -> [u8; 32] {
        fixed(&self.pin)
    }

    /// SHA-256 under the card's label.
    pub fn hash(&self) -> [u8; 32] {
        sha256(&[labels::CARD, &self.to_bytes()])
    }

    fn short_hash(&self) -> u64 {
        let mut eight = [0; 8];
        eight.copy_from_slice(&self.hash()[..8]);
        u64::from_be_bytes(eight) >> 4
    }
}

fn fixed(bytes: &Bytes) -> [u8; 32] {
    bytes.0[..].try_into().unwrap_or([0; 32])
}

/// The secret of an invitation: 40 bits, single use, expiring, guesses limited by the relay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u8; 5]);

impl Secret {
    /// Draws a secret.
    pub fn random(rng: &mut impl rand::CryptoRng) -> Self {
        let mut secret = [0; 5];
        rng.fill_bytes(&mut secret);
        Secret(secret)
    }

    /// What the relay knows an invitation by: SHA-256 of label, county and secret.
    pub fn hash(&self, county: CountyId) -> [u8; 32] {
        sha256(&[labels::INVITATION, &county.0, &self.0])
    }
}

/// An invitation of one person or kiosk.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The county.
    pub card: Card,
    /// The secret.
    pub secret: Secret,
}

impl Invitation {
    /// The text of the QR code: only characters of QR's alphanumeric mode.
    pub fn to_qr(&self) -> String {
        let bytes = [&self.secret.0[..], &self.card.to_bytes()].concat();
        format!("{QR_PREFIX}{}", BASE32_NOPAD.encode(&bytes))
    }

    /// Reads the text of a QR code.
    ///
    /// # Errors
    /// When it is no invitation.
    pub fn from_qr(text: &str) -> Result<Self, EnrolError> {
        let other = |why: &str| EnrolError::NotAnInvitation(why.into());
        let text = text.trim().strip_prefix(QR_PREFIX).ok_or_else(|| other("it doesn't begin with SANJI1"))?;
        if text.len() > 4096 {
            return Err(other("it is too long"));
        }
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| other("it is damaged"))?;
        let (secret, card) = bytes.split_first_chunk::<5>().ok_or_else(|| other("it is cut"))?;
        let card = Card::from_bytes(card).map_err(|e| other(&e.to_string()))?;
        Ok(Invitation { card, secret: Secret(*secret) })
    }

    /// The code to type beside an address.
    pub fn code(&self) -> TypedCode {
        TypedCode { card: self.card.short_hash(), secret: self.secret }
    }
}

/// What a pass begins with.
const PASS_PREFIX: &str = "SANJI1P:";

/// A principal's certificate with the card of the county: what a principal's phone shows for a phone that it enrols without
/// a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The county.
    pub card: Card,
    /// The certificate.
    pub certificate: Certificate,
}

record! {
    /// As it stands in the QR code.
    PassMap {
        /// The county card.
        1 card: Card,
        /// The certificate in its stand-alone form.
        2 certificate: Bytes,
    }
}

impl Pass {
    /// The text of the QR code.
    pub fn to_qr(&self) -> String {
        let certificate = Bytes(wire::encode_certificate(&self.certificate));
        let map = PassMap { card: self.card.clone(), certificate };
        format!("{PASS_PREFIX}{}", BASE32_NOPAD.encode(&cbor::encode(&map.to_value())))
    }

    /// Reads the text of a QR code.
    ///
    /// # Errors
    /// When it is no pass.
    pub fn from_qr(text: &str) -> Result<Self, EnrolError> {
        let other = |why: &str| EnrolError::NotAnInvitation(why.into());
        let text = text.trim().strip_prefix(PASS_PREFIX).ok_or_else(|| other("it doesn't begin with SANJI1P"))?;
        if text.len() > 4096 {
            return Err(other("it is too long"));
        }
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| other("it is damaged"))?;
        let map = cbor::decode_map(&bytes).map_err(|e| other(&e.to_string()))?;
        let map = PassMap::read(&map).map_err(|e| other(&e.to_string()))?;
        Ok(Pass {
            card: Card::from_bytes(&map.card.to_bytes())?,
            certificate: wire::decode_certificate(&map.certificate.0).map_err(|e| other(&e.to_string()))?,
        })
    }
}

/// The typed form of an invitation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypedCode {
    /// The first 60 bits of the card's hash.
    card: u64,
    /// The secret.
    secret: Secret,
}

/// Crockford's base 32: no letter that looks like a digit.
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl TypedCode {
    /// Reads 20 characters; case, spaces and hyphens don't matter.
    ///
    /// # Errors
    /// When they aren't 20 of the alphabet.
    pub fn parse(text: &str) -> Result<Self, EnrolError> {
        let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(100).collect();
        if letters.len() != 20 {
            return Err(EnrolError::BadCode(format!("its length ({} characters)", letters.len())));
        }
        let mut bits: u128 = 0;
        for (at, letter) in letters.into_iter().enumerate() {
            let symbol = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = ALPHABET.find(symbol).ok_or_else(|| EnrolError::BadCode(format!("character {}", at + 1)))?;
            bits = bits << 5 | value as u128;
        }
        let mut secret = [0; 5];
        secret.copy_from_slice(&bits.to_be_bytes()[11..]);
        Ok(TypedCode { card: (bits >> 40) as u64, secret: Secret(secret) })
    }

    /// The invitation, if the card that was fetched is the one that the code names.
    ///
    /// # Errors
    /// When it is another card.
    pub fn with_card(self, card: Card) -> Result<Invitation, EnrolError> {
        if card.short_hash() != self.card {
            return Err(EnrolError::OtherCounty);
        }
        Ok(Invitation { card, secret: self.secret })
    }
}

impl std::fmt::Display for TypedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut secret = [0; 8];
        secret[3..].copy_from_slice(&self.secret.0);
        let bits = u128::from(self.card) << 40 | u128::from(u64::from_be_bytes(secret));
        for at in 0..20 {
            if at > 0 && at % 5 == 0 {
                f.write_str("-")?;
            }
            let value = (bits >> (95 - 5 * at)) as usize & 31;
            f.write_str(&ALPHABET[value..=value])?;
        }
        Ok(())
    }
}

/// The body of `POST /v1/enrol`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolRequest {
    /// The county.
    pub county: CountyId,
    /// The hash of the invitation's secret.
    pub invitation: [u8; 32],
    /// The new device's key.
    pub key: PublicKey,
    /// Build version of the app.
    pub build: u32,
    /// The key's signature over the rest.
    pub proof: Signature,
}

record! {
    /// As it travels, after the version byte.
    RequestMap {
        /// The county.
        1 county: CountyId,
        /// Hash of the invitation's secret.
        2 invitation: Bytes,
        /// The device's key.
        3 key: Bytes,
        /// Build version of the app.
        4 build: u32,
        /// The key's signature.
        5 proof: Bytes,
    }
}

impl EnrolRequest {
    /// The request of the device with this key.
    pub fn new(county: CountyId, secret: &Secret, build: u32, key: &SecretKey) -> Self {
        let invitation = secret.hash(county);
        let public = key.public();
        let proof = key.sign(labels::ENROL, &Self::signed(county, &invitation, &public, build));
        EnrolRequest { county, invitation, key: public, build, proof }
    }

    fn signed(county: CountyId, invitation: &[u8; 32], key: &PublicKey, build: u32) -> Vec<u8> {
        [&county.0[..], invitation, &key.0, &build.to_be_bytes()].concat()
    }

    /// Whether the key that it names signed it.
    pub fn is_signed(&self) -> bool {
        let message = Self::signed(self.county, &self.invitation, &self.key, self.build);
        self.key.verifies(labels::ENROL, &message, &self.proof)
    }

    /// Version byte and canonical CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        versioned(&RequestMap {
            county: self.county,
            invitation: Bytes(self.invitation.to_vec()),
            key: Bytes(self.key.0.to_vec()),
            build: self.build,
            proof: Bytes(self.proof.0.to_vec()),
        })
    }

    /// Reads it; the signature is checked by [`EnrolRequest::is_signed`].
    ///
    /// # Errors
    /// When it can't be read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EnrolError> {
        let map = RequestMap::read(&unversioned(bytes)?)?;
        let length = |what: &str| EnrolError::Malformed(format!("the {what} has a wrong length"));
        Ok(EnrolRequest {
            county: map.county,
            invitation: map.invitation.0[..].try_into().map_err(|_| length("invitation"))?,
            key: PublicKey(map.key.0[..].try_into().map_err(|_| length("key"))?),
            build: map.build,
            proof: Signature::from_slice(&map.proof.0).ok_or_else(|| length("proof"))?,
        })
    }
}

record! {
    /// A posting of the person who is enrolled.
    EnrolledPosting {
        /// The posting.
        1 posting: PostingId,
        /// Its school.
        2 school: SchoolId,
        /// The role there.
        3 role: Role,
    }
}

/// The answer to an enrolment: who the device is for. The same request again gets the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolAnswer {
    /// The device's number.
    pub device: LogNo,
    /// The person; absent for a kiosk.
    pub person: Option<PersonId>,
    /// The kiosk's school; absent for a person.
    pub kiosk: Option<SchoolId>,
    /// The person's postings today.
    pub postings: Vec<EnrolledPosting>,
    /// Signed rows about the device and the person, to be kept.
    pub rows: Vec<SignedRow>,
    /// The relay's clock.
    pub relay: UtcMs,
}

record! {
    /// As it travels, after the version byte.
    AnswerMap {
        /// The device's number.
        1 device: i64,
        /// The person.
        2 person: Option<PersonId>,
        /// The kiosk's school.
        3 kiosk: Option<SchoolId>,
        /// The person's postings.
        4 postings: Vec<EnrolledPosting>,
        /// Signed rows.
        5 rows: Vec<Bytes>,
        /// The relay's clock, ms.
        6 relay: i64,
    }
}

impl EnrolAnswer {
    /// Version byte and canonical CBOR.
    pub fn to_bytes(&self) -> Vec<u8> {
        versioned(&AnswerMap {
            device: i64::try_from(self.device.0).unwrap_or(i64::MAX),
            person: self.person,
            kiosk: self.kiosk,
            postings: self.postings.clone(),
            rows: self.rows.iter().map(|row| Bytes(wire::encode_signed_row(row))).collect(),
            relay: self.relay.0,
        })
    }

    /// Reads it.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EnrolError> {
        let map = AnswerMap::read(&unversioned(bytes)?)?;
        let rows = map.rows.iter().map(|row| wire::decode_signed_row(&row.0)).collect::<Result<_, _>>();
        Ok(EnrolAnswer {
            device: LogNo(u64::try_from(map.device).map_err(|_| EnrolError::Malformed("device number".into()))?),
            person: map.person,
            kiosk: map.kiosk,
            postings: map.postings,
            rows: rows.map_err(|e| EnrolError::Malformed(e.to_string()))?,
            relay: UtcMs(map.relay),
        })
    }
}

pub(super) fn versioned(map: &impl Scalar) -> Vec<u8> {
    [&[VERSION][..], &cbor::encode(&map.to_value())].concat()
}

pub(super) fn unversioned(bytes: &[u8]) -> Result<Map, EnrolError> {
    match bytes.split_first() {
        Some((&VERSION, rest)) => cbor::decode_map(rest).map_err(|e| EnrolError::Malformed(e.to_string())),
        Some((other, _)) => Err(EnrolError::Version(*other)),
        None => Err(EnrolError::Malformed("the message is empty".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha12Rng;

    fn invitation() -> Invitation {
        let mut rng = ChaCha12Rng::seed_from_u64(7);
        let card = Card {
            county: CountyId(*b"hezhang1"),
            addresses: vec!["192.0.2.7:8443".into(), "relay.example:443".into()],
            relay: Bytes(SecretKey::random(&mut rng).public().0.to_vec()),
            seal: Bytes(vec![3; 32]),
            pin: Bytes(vec![4; 32]),
        };
        Invitation { card, secret: Secret::random(&mut rng) }
    }

    #[test]
    fn an_invitation_reads_back_from_its_qr() {
        let invitation = invitation();
        let qr = invitation.to_qr();
        assert!(qr.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b':'), "{qr}");
        assert!(Invitation::from_qr(&qr) == Ok(invitation));
        for cut in 0..qr.len() {
            assert!(Invitation::from_qr(&qr[..cut]).is_err(), "cut at {cut}");
        }
        assert!(Invitation::from_qr("https://example.org").is_err());
    }

    #[test]
    fn a_typed_code_finds_the_same_secret_whatever_the_case_and_spacing() {
        let invitation = invitation();
        let code = invitation.code().to_string();
        assert_eq!(code.len(), 23);
        let typed = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        let read = TypedCode::parse(&typed).unwrap();
        assert!(read.with_card(invitation.card.clone()) == Ok(invitation.clone()));
        let other = Card { addresses: vec!["evil.example:443".into()], ..invitation.card.clone() };
        assert!(read.with_card(other) == Err(EnrolError::OtherCounty));
        assert!(TypedCode::parse(&code[1..]).is_err());
        assert!(TypedCode::parse(&code.replacen(|c: char| c.is_ascii_alphanumeric(), "U", 1)).is_err());
    }

    #[test]
    fn a_request_holds_only_as_it_was_signed() {
        let invitation = invitation();
        let key = SecretKey::from_seed(&[9; 32]);
        let request = EnrolRequest::new(invitation.card.county, &invitation.secret, 3, &key);
        assert!(request.is_signed());
        let read = EnrolRequest::from_bytes(&request.to_bytes()).unwrap();
        assert_eq!(read, request);
        assert!(!EnrolRequest { key: SecretKey::from_seed(&[8; 32]).public(), ..read.clone() }.is_signed());
        assert!(!EnrolRequest { invitation: [0; 32], ..read }.is_signed());
        let bytes = request.to_bytes();
        for cut in 0..bytes.len() {
            assert!(EnrolRequest::from_bytes(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        assert_eq!(EnrolRequest::from_bytes(&[9, 0xa0]), Err(EnrolError::Version(9)));
    }
}
