//! What lies beside entries: reasons in words, pictures of certificates, published tables.

use axum::extract::{Extension, Path};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sanji_core::crypto::BlobHash;
use sanji_core::ids::VisitId;
use sanji_core::records::{Body, Entry};
use sanji_core::sync::message::LogNo;
use sanji_core::sync::phone::Blob;
use sanji_core::sync::relay::book::Book;

use super::access::Viewer;
use super::act::{may_act_in, named};
use super::audit::{Look, note};
use super::shell::Ask;
use super::{PageError, Pages, SharedPages, visit, week};
use crate::projector::Store;
use crate::projector::board::{Days, posting};
use crate::store::ReadLedger;

/// The content of a blob without its salt; nothing if it hasn't arrived.
pub(super) fn content(pages: &Pages, store: &mut impl Store, hash: &BlobHash) -> Result<Option<Vec<u8>>, PageError> {
    let row = Book::new(pages.kept.relay().county(), store).blob(hash)?;
    let bytes = match row {
        None => None,
        Some(row) => match row.bytes {
            Some(bytes) => Some(bytes.0),
            None => pages.app.blobs.get(hash).map_err(|error| {
                tracing::error!(%error, "a blob could not be read");
                PageError::Unavailable
            })?,
        },
    };
    Ok(bytes.map(|bytes| Blob::content(&bytes).to_vec()))
}

/// The picture that a request brings along, for whoever may see the request; or one of a visit, for whoever may read the visit.
pub(super) async fn evidence(
    Extension(pages): Extension<SharedPages>,
    Path(entry): Path<String>,
    ask: Ask,
    viewer: Viewer,
) -> Response {
    match picture(&pages, &ask, &viewer, entry).await {
        Ok(bytes) => {
            let kind = picture_kind(&bytes);
            let headers = [
                (header::CONTENT_TYPE, kind.unwrap_or("application/octet-stream")),
                (header::CONTENT_DISPOSITION, if kind.is_some() { "inline" } else { "attachment" }),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => ask.failed(Some(&viewer), &error),
    }
}

async fn picture(pages: &SharedPages, ask: &Ask, viewer: &Viewer, entry: String) -> Result<Vec<u8>, PageError> {
    let (looking, now) = (viewer.clone(), ask.now);
    let find = move |pages: &Pages, store: &mut ReadLedger<'_>| {
        let n = LogNo(entry.parse().map_err(|_| PageError::NotFound)?);
        let relay = pages.kept.relay();
        let (doc, _) = named(relay, store, n)?.ok_or(PageError::NotFound)?;
        let row = Book::new(relay.county(), store).entry(n)?.ok_or(PageError::NotFound)?;
        let body = row.value.and_then(|value| Entry::from_bytes(&value.0).ok()).map(|entry| entry.body);
        if let Some(Body::VisitPicture(picture)) = &body {
            visit::readable(pages, store, &looking, VisitId(doc.object))?;
            let bytes = content(pages, store, &picture.picture)?.ok_or(PageError::NotFound)?;
            return Ok((bytes, None));
        }
        let about = doc.posting().ok_or(PageError::NotFound)?;
        let one = posting(store, about)?.ok_or(PageError::NotFound)?;
        let (hash, date) = match body {
            Some(Body::Leave(leave)) => (leave.certificate, leave.from.date()),
            Some(Body::CorrectionRequest(request)) => (request.evidence, request.date),
            _ => return Err(PageError::NotFound),
        };
        let days = Days { first: date, last: date };
        let (seen, logged) = match week::sight(pages, store, &looking, one.school, days) {
            Ok(sight) => (sight.entries_of(about), sight.logged && !looking.is(&one)),
            Err(PageError::NotFound) => (false, false),
            Err(error) => return Err(error),
        };
        if !seen && !may_act_in(relay, store, now.ms(), &looking, doc)? {
            return Err(PageError::NotFound);
        }
        let bytes = content(pages, store, &hash.ok_or(PageError::NotFound)?)?.ok_or(PageError::NotFound)?;
        Ok((bytes, logged.then_some(Look::Day(one.school, about, date))))
    };
    let (bytes, look) = pages.read(find).await?;
    if let Some(look) = look {
        note(&pages.app, viewer, look).await?;
    }
    Ok(bytes)
}

/// The kind of a picture that a browser may show, by its first bytes; whatever else it claims to be is only to be kept.
fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::picture_kind;

    #[test]
    fn only_pictures_are_shown_whatever_else_is_uploaded() {
        assert_eq!(picture_kind(b"\xff\xd8\xff\xe0JFIF"), Some("image/jpeg"));
        assert_eq!(picture_kind(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture_kind(b"RIFF\x01\x02\x03\x04WEBPVP8 "), Some("image/webp"));
        for other in [&b"<html><script>alert(1)</script>"[..], b"<svg xmlns", b"GIF89a", b"%PDF-1.7", b"", b"\xff\xd8"]
        {
            assert_eq!(picture_kind(other), None);
        }
    }
}
