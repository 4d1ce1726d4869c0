//! A bundle: what a phone has not sent, as a file for any channel (a memory card, a colleague's phone, mail). It holds a sync
//! body and the large blobs of its entries, in an X25519 sealed box for the county's key, so whoever carries it reads nothing.
//! Taking it in is a push like any other: twice, late or beside a sync, the relay has each entry once. The phone learns of it
//! only by the answer to a push of its own; until then everything stays in its outbox.
//!
//! The file is [`labels::BUNDLE`], the county's 8 bytes, and the sealed box of the canonical CBOR of [`Bundle`].

use crate::cbor;
use crate::ids::{CountyId, DocId};
use crate::labels;
use crate::records::field::{Bytes, Scalar, record};

/// The most bytes of a file that are read: a day of pictures has less.
pub const LARGEST: usize = 64 << 20;

/// Why a file can't be taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// It is another kind of file.
    #[error("this is no file of unsent records")]
    NotABundle,
    /// It is for another county.
    #[error("the file is another county's ({0})")]
    OtherCounty(CountyId),
    /// It was cut or changed on the way, or sealed for another key.
    #[error("the file doesn't open with the county's key: it was cut or changed on the way")]
    Sealed,
    /// What it holds can't be read.
    #[error("what the file holds can't be read: {0}")]
    Malformed(String),
}

record! {
    /// A large blob of an entry in the body.
    BundleBlob {
        /// The document that owns it.
        1 doc: DocId,
        /// 16 bytes of salt, then the content.
        2 bytes: Bytes,
    }
}

record! {
    /// What the sealed box holds.
    Bundle {
        /// The body of a push.
        1 body: Bytes,
        /// Blobs that don't travel in a body.
        2 blobs: Vec<BundleBlob>,
    }
}

impl Bundle {
    /// What is to be sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&self.to_value())
    }

    /// Reads what was sealed.
    ///
    /// # Errors
    /// When it is no bundle.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        let map = cbor::decode_map(bytes).map_err(|e| BundleError::Malformed(e.to_string()))?;
        Bundle::read(&map).map_err(|e| BundleError::Malformed(e.to_string()))
    }
}

/// The file around a sealed box.
pub fn file(county: CountyId, sealed: &[u8]) -> Vec<u8> {
    [labels::BUNDLE, &county.0, sealed].concat()
}

/// The sealed box in a file.
///
/// # Errors
/// When the file is another, or another county's.
pub fn sealed(county: CountyId, file: &[u8]) -> Result<&[u8], BundleError> {
    let rest = file.strip_prefix(labels::BUNDLE).ok_or(BundleError::NotABundle)?;
    let (of, sealed) = rest.split_first_chunk::<8>().ok_or(BundleError::NotABundle)?;
    if *of != county.0 {
        return Err(BundleError::OtherCounty(CountyId(*of)));
    }
    Ok(sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_bundle_is_read_as_it_was_written_and_a_cut_one_is_none() {
        let doc = DocId::register(crate::ids::SchoolId([3; 8]), date(2026, 3, 2));
        let blob = BundleBlob { doc, bytes: Bytes(vec![7; 300]) };
        let bundle = Bundle { body: Bytes(vec![1, 2, 3]), blobs: vec![blob] };
        let bytes = bundle.to_bytes();
        assert_eq!(Bundle::from_bytes(&bytes), Ok(bundle));
        for cut in 0..bytes.len() {
            assert!(Bundle::from_bytes(&bytes[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn a_file_says_what_it_is_and_whose() {
        let (here, there) = (CountyId([1; 8]), CountyId([2; 8]));
        let file = file(here, b"box");
        assert_eq!(sealed(here, &file), Ok(&b"box"[..]));
        assert_eq!(sealed(there, &file), Err(BundleError::OtherCounty(here)));
        assert_eq!(sealed(here, b"GIF89a"), Err(BundleError::NotABundle));
        assert_eq!(sealed(here, labels::BUNDLE), Err(BundleError::NotABundle));
    }
}
