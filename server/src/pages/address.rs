//! Addresses with filters in them, so that what is seen can be sent to a colleague.

use std::fmt::Write;

/// What stands behind the `?` of an address; empty values are left out.
pub(super) fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        if !text.is_empty() {
            text.push('&');
        }
        let _ = write!(text, "{name}={}", part(value));
    }
    text
}

/// An address with its query, if there is one.
pub(super) fn with(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A text as a part of an address (RFC 3986: all but unreserved characters as `%hh` of their UTF-8 bytes).
pub(super) fn part(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// What was typed, without white space around it and not longer than a name can be.
pub(super) fn typed(text: Option<&str>) -> String {
    text.unwrap_or_default().trim().chars().take(64).collect()
}

/// The page of a long list that an address asks for, from 1; whatever isn't a page is the first.
pub(super) fn page_no(text: Option<&str>) -> usize {
    text.and_then(|text| text.parse().ok()).filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
}

/// A part of a long list: the rows of the page, the page (one that the list doesn't reach is the last), how many there are.
pub(super) fn paged<T>(rows: &[T], page: usize, each: usize) -> (&[T], usize, usize) {
    let pages = rows.len().div_ceil(each).max(1);
    let page = page.clamp(1, pages);
    (&rows[((page - 1) * each).min(rows.len())..(page * each).min(rows.len())], page, pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_an_address_or_is_no_ascii_is_encoded() {
        assert_eq!(query([("q", "可 a&b"), ("none", ""), ("day", "2026-03-02")]), "q=%E5%8F%AF%20a%26b&day=2026-03-02");
        assert_eq!(with("/county", ""), "/county");
        assert_eq!(with("/county", "a=b"), "/county?a=b");
    }

    #[test]
    fn a_page_beyond_the_end_is_the_last() {
        let rows: Vec<u8> = (0..5).collect();
        assert_eq!(paged(&rows, 2, 2), (&rows[2..4], 2, 3));
        assert_eq!(paged(&rows, 9, 2), (&rows[4..], 3, 3));
        assert_eq!(paged::<u8>(&[], 1, 2), (&[][..], 1, 1));
        for (text, page) in [(None, 1), (Some("0"), 1), (Some("x"), 1), (Some("-1"), 1), (Some("7"), 7)] {
            assert_eq!(page_no(text), page);
        }
    }
}
