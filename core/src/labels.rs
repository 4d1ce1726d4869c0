//! Every domain label (`sanji/<what>/<version>`). Each hashed or signed structure begins with its own, so that no
//! signature or hash of one can pass for another.

/// Salts of a chain's later entries.
pub const SALT: &[u8] = b"sanji/salt/1";
/// The genesis of a document.
pub const GENESIS: &[u8] = b"sanji/genesis/1";
/// The county log before its first row.
pub const LOG: &[u8] = b"sanji/log/1";
/// A phone's push.
pub const PUSH: &[u8] = b"sanji/push/1";
/// The relay's answer to a push.
pub const HEAD: &[u8] = b"sanji/head/1";
/// A principal's certificate for a device enrolled without a network.
pub const CERTIFICATE: &[u8] = b"sanji/certificate/1";
/// An old key's signature for the key that follows it.
pub const SUCCESSOR: &[u8] = b"sanji/successor/1";
/// A new device's proof of its key, at enrolment.
pub const ENROL: &[u8] = b"sanji/enrol/1";
/// The county card that a typed invitation fetches.
pub const CARD: &[u8] = b"sanji/card/1";
/// A log row about a person, school or grant that the relay signs for phones to hand back.
pub const ROW: &[u8] = b"sanji/row/1";
/// The fingerprint of a phone's chains at its cursor.
pub const HAVE: &[u8] = b"sanji/have/1";
/// The secret of a typed invitation.
pub const INVITATION: &[u8] = b"sanji/invitation/1";
/// A kiosk's PIN verifier.
pub const PIN: &[u8] = b"sanji/pin/1";
/// The associated data of a value sealed on a phone.
pub const SEAL: &[u8] = b"sanji/seal/1";
/// A published week's table.
pub const PUBLICATION: &[u8] = b"sanji/publication/1";
/// The key of a desk: of a web account, or of the administrator's command line.
pub const DESK: &[u8] = b"sanji/desk/1";
/// A phone that lost its key asks to be let in again, and its six digits.
pub const READMIT: &[u8] = b"sanji/readmit/1";
/// A head of school looks at the phones that ask, or approves one.
pub const APPROVE: &[u8] = b"sanji/approve/1";
/// A file of unsent entries, sealed for the county.
pub const BUNDLE: &[u8] = b"sanji/bundle/1";
/// A device's ticket for a large blob.
pub const BLOB: &[u8] = b"sanji/blob/1";
