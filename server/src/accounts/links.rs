//! One-time links by which a person sets the password of an account: the first one of a new account, and a new one where it
//! was forgotten. Nobody else ever knows it. Of the links of one account only the newest opens anything; the store holds the
//! hash of its text only.

use data_encoding::BASE64URL_NOPAD;
use rand::CryptoRng;
use rusqlite::{Connection, OptionalExtension};
use sanji_core::crypto::sha256;
use sanji_core::time::UtcMs;

use super::{Account, AccountError};

/// The table of this module.
pub(crate) const SCHEMA: &str = "
CREATE TABLE welcome (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account (name) ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// How long a link opens: 7 days.
pub const DAYS: i64 = 7;

/// What stands at the end of a link: 24 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Draws one.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 24];
        rng.fill_bytes(&mut bytes);
        Secret(BASE64URL_NOPAD.encode(&bytes))
    }

    /// What somebody came with; any text is one, most open nothing.
    pub fn from_text(text: &str) -> Self {
        Secret(text.into())
    }

    /// The text, to be shown once.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> [u8; 32] {
        sha256(&[b"sanji/link/1", self.0.as_bytes()])
    }
}

/// Makes a link for an account; an earlier one opens nothing any more. Gives the instant until which it opens.
///
/// # Errors
/// When there is no such account, or the store fails.
pub fn make(sql: &Connection, account: &str, secret: &Secret, now: UtcMs) -> Result<UtcMs, AccountError> {
    if super::find(sql, account)?.is_none() {
        return Err(AccountError::Unknown(account.into()));
    }
    let expires = now.plus(DAYS * 24 * 3600 * 1000);
    sql.execute(
        "INSERT OR REPLACE INTO welcome (account, hash, expires_ms) VALUES (?1, ?2, ?3)",
        (account, &secret.hash()[..], expires.0),
    )?;
    Ok(expires)
}

/// The account whose password this link sets; none if it was used, replaced, has expired, or the account was closed since.
///
/// # Errors
/// When the store fails.
pub fn find(sql: &Connection, secret: &Secret, now: UtcMs) -> rusqlite::Result<Option<Account>> {
    let name: Option<String> = sql
        .query_row(
            "SELECT account FROM welcome WHERE hash = ?1 AND expires_ms > ?2",
            (&secret.hash()[..], now.0),
            |row| row.get(0),
        )
        .optional()?;
    Ok(name.map(|name| super::find(sql, &name)).transpose()?.flatten())
}

/// Sets the password by a link, which opens nothing from then on, and ends the account's sessions. Gives the account.
///
/// # Errors
/// When the store fails.
pub fn take(sql: &Connection, secret: &Secret, hash: &str, now: UtcMs) -> Result<Option<Account>, AccountError> {
    let Some(account) = find(sql, secret, now)? else { return Ok(None) };
    end(sql, &account.name)?;
    super::reset(sql, &account.name, hash)?;
    Ok(Some(account))
}

/// Ends the account's link.
///
/// # Errors
/// When the store fails.
pub fn end(sql: &Connection, account: &str) -> rusqlite::Result<()> {
    sql.execute("DELETE FROM welcome WHERE account = ?1", [account]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::super::tests::tables;
    use super::super::{add, close, password_hash};
    use super::*;
    use crate::random::rng;
    use sanji_core::ids::PersonId;

    fn account() -> (Connection, Secret) {
        let sql = tables();
        add(&sql, "li.na", PersonId([1; 8]), "李娜", "old", UtcMs(0)).unwrap();
        (sql, Secret::random(&mut rng()))
    }

    #[test]
    fn a_link_sets_the_password_once() {
        let (sql, secret) = account();
        let expires = make(&sql, "li.na", &secret, UtcMs(0)).unwrap();
        let last = UtcMs(expires.0 - 1);
        assert_eq!(find(&sql, &secret, last).unwrap().unwrap().name, "li.na");
        assert_eq!(find(&sql, &secret, expires).unwrap(), None);
        assert!(take(&sql, &secret, "new", last).unwrap().is_some());
        assert_eq!(password_hash(&sql, "li.na").unwrap().as_deref(), Some("new"));
        assert!(take(&sql, &secret, "newer", last).unwrap().is_none());
        assert_eq!(password_hash(&sql, "li.na").unwrap().as_deref(), Some("new"));
    }

    #[test]
    fn only_the_newest_link_of_an_open_account_opens() {
        let (sql, first) = account();
        make(&sql, "li.na", &first, UtcMs(0)).unwrap();
        let second = Secret::random(&mut rng());
        make(&sql, "li.na", &second, UtcMs(1)).unwrap();
        assert_eq!(find(&sql, &first, UtcMs(2)).unwrap(), None);
        assert!(find(&sql, &second, UtcMs(2)).unwrap().is_some());
        close(&sql, "li.na", UtcMs(3)).unwrap();
        assert_eq!(find(&sql, &second, UtcMs(4)).unwrap(), None, "closing ends the link too");
        assert!(matches!(make(&sql, "nobody", &second, UtcMs(5)), Err(AccountError::Unknown(_))));
    }

    #[test]
    fn the_store_holds_no_link() {
        let (sql, secret) = account();
        make(&sql, "li.na", &secret, UtcMs(0)).unwrap();
        let stored: Vec<u8> = sql.query_row("SELECT hash FROM welcome", [], |row| row.get(0)).unwrap();
        assert!(!stored.windows(8).any(|part| secret.as_str().as_bytes().windows(8).any(|text| text == part)));
    }
}
