//! Sessions of signed-in accounts. The browser holds a random token; the store holds its hash, so a copied store opens no
//! session. Each session has a token of its own against forged requests.

use data_encoding::BASE64URL_NOPAD;
use rand::CryptoRng;
use rusqlite::{Connection, OptionalExtension};
use sanji_core::crypto::sha256;
use sanji_core::time::UtcMs;

use super::Account;

/// A session ends when it wasn't used for this long: 8 hours.
pub const IDLE_MS: i64 = 8 * 3600 * 1000;

/// A session ends after this long in any case: 7 days.
pub const LONGEST_MS: i64 = 7 * 24 * 3600 * 1000;

/// Its last use is written down at most this often: 5 minutes.
pub const SEEN_EVERY_MS: i64 = 5 * 60 * 1000;

/// What the browser holds: 32 random bytes as text.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Draws a token.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Token(secret(rng))
    }

    /// The token in a cookie; any text is one, most open nothing.
    pub fn from_cookie(text: &str) -> Self {
        Token(text.into())
    }

    /// The text for the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> [u8; 32] {
        sha256(&[b"sanji/session/1", self.0.as_bytes()])
    }
}

fn secret(rng: &mut impl CryptoRng) -> String {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    BASE64URL_NOPAD.encode(&bytes)
}

/// An open session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub account: Account,
    /// What each changing request of it must carry.
    pub csrf: String,
    /// When its use was last written down.
    pub seen: UtcMs,
}

/// Opens a session and clears away those that are over; gives the token of its forms.
///
/// # Errors
/// When the store fails.
pub fn start(
    sql: &Connection,
    token: &Token,
    account: &str,
    rng: &mut impl CryptoRng,
    now: UtcMs,
) -> rusqlite::Result<String> {
    let csrf = secret(rng);
    sql.execute("DELETE FROM session WHERE seen_ms < ?1 OR created_ms < ?2", (now.0 - IDLE_MS, now.0 - LONGEST_MS))?;
    sql.execute(
        "INSERT INTO session (token, account, csrf, created_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?4)",
        (&token.hash()[..], account, &csrf, now.0),
    )?;
    Ok(csrf)
}

/// The open session of this token.
///
/// # Errors
/// When the store fails.
pub fn find(sql: &Connection, token: &Token, now: UtcMs) -> rusqlite::Result<Option<Session>> {
    let row = sql
        .query_row(
            "SELECT account, csrf, seen_ms FROM session WHERE token = ?1 AND seen_ms >= ?2 AND created_ms >= ?3",
            (&token.hash()[..], now.0 - IDLE_MS, now.0 - LONGEST_MS),
            |row| Ok((row.get::<_, String>(0)?, row.get(1)?, UtcMs(row.get(2)?))),
        )
        .optional()?;
    let Some((name, csrf, seen)) = row else { return Ok(None) };
    let account = super::find(sql, &name)?.filter(|account| account.closed.is_none());
    Ok(account.map(|account| Session { account, csrf, seen }))
}

/// Writes down that the session was used.
///
/// # Errors
/// When the store fails.
pub fn seen(sql: &Connection, token: &Token, now: UtcMs) -> rusqlite::Result<()> {
    sql.execute("UPDATE session SET seen_ms = max(seen_ms, ?2) WHERE token = ?1", (&token.hash()[..], now.0))
        .map(|_| ())
}

/// Ends the session.
///
/// # Errors
/// When the store fails.
pub fn end(sql: &Connection, token: &Token) -> rusqlite::Result<()> {
    sql.execute("DELETE FROM session WHERE token = ?1", [&token.hash()[..]]).map(|_| ())
}

/// Ends every session of an account.
///
/// # Errors
/// When the store fails.
pub fn end_all(sql: &Connection, account: &str) -> rusqlite::Result<()> {
    sql.execute("DELETE FROM session WHERE account = ?1", [account]).map(|_| ())
}

/// How many sessions of an account are open.
///
/// # Errors
/// When the store fails.
pub fn count(sql: &Connection, account: &str, now: UtcMs) -> rusqlite::Result<u32> {
    sql.query_row(
        "SELECT count(*) FROM session WHERE account = ?1 AND seen_ms >= ?2 AND created_ms >= ?3",
        (account, now.0 - IDLE_MS, now.0 - LONGEST_MS),
        |row| row.get(0),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::tables;
    use super::super::{add, close, reset};
    use super::*;
    use crate::random::rng;
    use sanji_core::ids::PersonId;

    fn signed_in() -> (Connection, Token) {
        let sql = tables();
        add(&sql, "li.na", PersonId([1; 8]), "李娜", "hash", UtcMs(0)).unwrap();
        let token = Token::random(&mut rng());
        start(&sql, &token, "li.na", &mut rng(), UtcMs(1000)).unwrap();
        (sql, token)
    }

    #[test]
    fn a_session_lasts_while_it_is_used_and_not_for_ever() {
        let (sql, token) = signed_in();
        let open = |now| find(&sql, &token, UtcMs(now)).unwrap().is_some();
        assert!(open(1000 + IDLE_MS));
        assert!(!open(1001 + IDLE_MS));
        let mut now = 1000;
        while now + IDLE_MS <= 1000 + LONGEST_MS {
            now += IDLE_MS;
            assert!(open(now));
            seen(&sql, &token, UtcMs(now)).unwrap();
        }
        assert!(!open(1001 + LONGEST_MS));
    }

    #[test]
    fn the_store_holds_no_token() {
        let (sql, token) = signed_in();
        let stored: Vec<u8> = sql.query_row("SELECT token FROM session", [], |row| row.get(0)).unwrap();
        assert!(!stored.windows(8).any(|part| token.as_str().as_bytes().windows(8).any(|t| t == part)));
        assert_eq!(find(&sql, &Token::from_cookie(""), UtcMs(1000)).unwrap(), None);
        assert_eq!(find(&sql, &Token::random(&mut rng()), UtcMs(1000)).unwrap(), None);
    }

    #[test]
    fn signing_out_a_new_password_and_closing_end_sessions() {
        let (sql, token) = signed_in();
        end(&sql, &token).unwrap();
        assert_eq!(find(&sql, &token, UtcMs(1000)).unwrap(), None);
        for act in 0..2 {
            let (sql, token) = signed_in();
            if act == 0 {
                reset(&sql, "li.na", "new").unwrap()
            } else {
                close(&sql, "li.na", UtcMs(2)).unwrap()
            }
            assert_eq!(find(&sql, &token, UtcMs(1000)).unwrap(), None);
        }
    }
}
