//! Tokens by which other systems read the API. Each has a name, ends by itself, and reads either what an account's person may
//! read, or what an inspector of a scope of its own would. The store holds a token's hash only.

use data_encoding::BASE64URL_NOPAD;
use rand::CryptoRng;
use rusqlite::{Connection, OptionalExtension, Row};
use sanji_core::crypto::sha256;
use sanji_core::ids::PersonId;
use sanji_core::sync::message::Scope;
use sanji_core::time::UtcMs;

use super::sessions::SEEN_EVERY_MS;

/// The table of this module. Of the tokens that stand, each has a name of its own; what a token that ended did stays.
pub(crate) const SCHEMA: &str = "
CREATE TABLE token (
    hash BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    person BLOB NOT NULL,
    account TEXT REFERENCES account (name) ON DELETE CASCADE,
    scope TEXT,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    seen_ms INTEGER,
    CHECK ((account IS NULL) <> (scope IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX token_name ON token (name) WHERE ended_ms IS NULL;
";

/// What a token begins with, so that whoever finds one knows what it is.
const PREFIX: &str = "sanji_";

/// A token's text: 32 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Draws one.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Secret(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&bytes)))
    }

    /// What was sent; any text is one, most open nothing.
    pub fn from_text(text: &str) -> Self {
        Secret(text.into())
    }

    /// The text, to be shown once.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> [u8; 32] {
        sha256(&[b"sanji/token/1", self.0.as_bytes()])
    }
}

/// What a token reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// What the account's person may read, as long as the account is open.
    Account(String),
    /// What an inspector of this county, township or school would.
    Scope(Scope),
}

/// A token, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its name.
    pub name: String,
    /// The account's person; for a scope of its own one that nobody else is.
    pub person: PersonId,
    /// What it reads.
    pub reach: Reach,
    /// When it was made.
    pub created: UtcMs,
    /// When it ends by itself.
    pub expires: UtcMs,
    /// When it was ended.
    pub ended: Option<UtcMs>,
    /// When its use was last written down.
    pub seen: Option<UtcMs>,
}

impl Token {
    /// Whether it opens anything.
    pub fn stands(&self, now: UtcMs) -> bool {
        self.ended.is_none() && now < self.expires
    }
}

/// Why a token could not be made or ended.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name is empty or too long.
    #[error("\"{0}\" is no name of a token: it has 1 to 60 characters")]
    BadName(String),
    /// One of this name stands.
    #[error("token \"{0}\" exists already")]
    Exists(String),
    /// None of this name stands.
    #[error("there is no token \"{0}\"")]
    Unknown(String),
    /// A visit or a posting is no scope of a token.
    #[error("a token's scope is a county, a township or a school")]
    BadScope,
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[from] rusqlite::Error),
}

/// A scope as it stands in the table.
fn scope_text(scope: &Scope) -> Option<String> {
    match scope {
        Scope::County => Some("county".into()),
        Scope::Township(name) => Some(format!("township:{name}")),
        Scope::School(id) => Some(format!("school:{id}")),
        Scope::Posting(_) | Scope::Group(_) | Scope::Visit(_) => None,
    }
}

fn scope_from(text: &str) -> Option<Scope> {
    match text.split_once(':') {
        None if text == "county" => Some(Scope::County),
        Some(("township", name)) => Some(Scope::Township(name.to_owned())),
        Some(("school", id)) => id.parse().ok().map(Scope::School),
        _ => None,
    }
}

/// Makes a token.
///
/// # Errors
/// When the name can't be used or is taken, the scope is none for a token, or the store fails.
pub fn add(sql: &Connection, secret: &Secret, token: &Token) -> Result<(), TokenError> {
    let name = &token.name;
    if !(1..=60).contains(&name.chars().count()) || name.trim() != name || name.chars().any(char::is_control) {
        return Err(TokenError::BadName(name.chars().take(60).collect()));
    }
    let (account, scope) = match &token.reach {
        Reach::Account(account) => (Some(account), None),
        Reach::Scope(scope) => (None, Some(scope_text(scope).ok_or(TokenError::BadScope)?)),
    };
    // What expired has ended: its name is free.
    sql.execute(
        "UPDATE token SET ended_ms = expires_ms WHERE ended_ms IS NULL AND expires_ms <= ?1",
        [token.created.0],
    )?;
    let added = sql.execute(
        "INSERT INTO token (hash, name, person, account, scope, created_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (name) WHERE ended_ms IS NULL DO NOTHING",
        (&secret.hash()[..], name, &token.person.0[..], account, scope, token.created.0, token.expires.0),
    )?;
    if added == 1 { Ok(()) } else { Err(TokenError::Exists(name.clone())) }
}

/// Ends the token of this name.
///
/// # Errors
/// When none of this name stands, or the store fails.
pub fn end(sql: &Connection, name: &str, now: UtcMs) -> Result<(), TokenError> {
    let ended = sql.execute("UPDATE token SET ended_ms = ?2 WHERE name = ?1 AND ended_ms IS NULL", (name, now.0))?;
    if ended == 1 { Ok(()) } else { Err(TokenError::Unknown(name.to_owned())) }
}

const COLUMNS: &str = "name, person, account, scope, created_ms, expires_ms, ended_ms, seen_ms";

/// Every token, those that stand and those that ended, by name and time.
///
/// # Errors
/// When the store fails.
pub fn list(sql: &Connection) -> rusqlite::Result<Vec<Token>> {
    let mut statement = sql.prepare(&format!("SELECT {COLUMNS} FROM token ORDER BY name, created_ms"))?;
    statement.query_map([], read)?.collect()
}

/// The token with this text, if it opens anything now.
///
/// # Errors
/// When the store fails.
pub fn find(sql: &Connection, secret: &Secret, now: UtcMs) -> rusqlite::Result<Option<Token>> {
    let text = format!("SELECT {COLUMNS} FROM token WHERE hash = ?1");
    let token = sql.prepare_cached(&text)?.query_row([&secret.hash()[..]], read).optional()?;
    let Some(token) = token.filter(|token| token.stands(now)) else { return Ok(None) };
    if let Reach::Account(account) = &token.reach {
        let open = super::find(sql, account)?.is_some_and(|account| account.closed.is_none());
        return Ok(open.then_some(token));
    }
    Ok(Some(token))
}

/// Whether its use has to be written down again.
pub fn unseen(token: &Token, now: UtcMs) -> bool {
    token.seen.is_none_or(|seen| now.0 - seen.0 > SEEN_EVERY_MS)
}

/// Writes down that the token was used.
///
/// # Errors
/// When the store fails.
pub fn seen(sql: &Connection, secret: &Secret, now: UtcMs) -> rusqlite::Result<()> {
    let text = "UPDATE token SET seen_ms = max(coalesce(seen_ms, 0), ?2) WHERE hash = ?1";
    sql.prepare_cached(text)?.execute((&secret.hash()[..], now.0)).map(|_| ())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Token> {
    let at = |at| row.get::<_, Option<i64>>(at).map(|at| at.map(UtcMs));
    let scope = row.get::<_, Option<String>>(3)?;
    let unreadable = || rusqlite::Error::InvalidColumnType(3, "scope".into(), rusqlite::types::Type::Text);
    let reach = match row.get::<_, Option<String>>(2)? {
        Some(account) => Reach::Account(account),
        None => Reach::Scope(scope.as_deref().and_then(scope_from).ok_or_else(unreadable)?),
    };
    Ok(Token {
        name: row.get(0)?,
        person: PersonId(row.get(1)?),
        reach,
        created: UtcMs(row.get(4)?),
        expires: UtcMs(row.get(5)?),
        ended: at(6)?,
        seen: at(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::rng;
    use sanji_core::ids::SchoolId;

    fn tables() -> Connection {
        let sql = super::super::tests::tables();
        sql.execute_batch(SCHEMA).unwrap();
        sql
    }

    fn token(name: &str, reach: Reach) -> Token {
        let (created, expires) = (UtcMs(1_000), UtcMs(2_000));
        Token { name: name.into(), person: PersonId([7; 8]), reach, created, expires, ended: None, seen: None }
    }

    #[test]
    fn a_token_opens_until_it_expires_or_is_ended() {
        let sql = tables();
        let secret = Secret::random(&mut rng());
        let made = token("平台", Reach::Scope(Scope::School(SchoolId([3; 8]))));
        add(&sql, &secret, &made).unwrap();
        assert_eq!(find(&sql, &secret, UtcMs(1_999)).unwrap(), Some(made));
        assert_eq!(find(&sql, &secret, UtcMs(2_000)).unwrap(), None);
        assert_eq!(find(&sql, &Secret::random(&mut rng()), UtcMs(1_500)).unwrap(), None);
        end(&sql, "平台", UtcMs(1_500)).unwrap();
        assert_eq!(find(&sql, &secret, UtcMs(1_500)).unwrap(), None);
        assert!(matches!(end(&sql, "平台", UtcMs(1_500)), Err(TokenError::Unknown(_))));
    }

    #[test]
    fn a_name_is_free_again_when_its_token_has_ended() {
        let sql = tables();
        let made = || token("平台", Reach::Scope(Scope::Township("可乐乡".into())));
        let add = |token: &Token| add(&sql, &Secret::random(&mut rng()), token);
        add(&made()).unwrap();
        assert!(matches!(add(&made()), Err(TokenError::Exists(_))));
        add(&Token { created: UtcMs(2_000), expires: UtcMs(3_000), ..made() }).unwrap();
        assert_eq!(list(&sql).unwrap().len(), 2);
        for name in ["", " ", "a\n", &"长".repeat(61)] {
            assert!(matches!(add(&token(name, Reach::Scope(Scope::County))), Err(TokenError::BadName(_))), "{name:?}");
        }
    }

    #[test]
    fn an_accounts_token_closes_with_the_account() {
        let sql = tables();
        super::super::add(&sql, "li.na", PersonId([1; 8]), "李娜", "hash", UtcMs(0)).unwrap();
        let secret = Secret::random(&mut rng());
        add(&sql, &secret, &token("报表", Reach::Account("li.na".into()))).unwrap();
        assert!(find(&sql, &secret, UtcMs(1_500)).unwrap().is_some());
        super::super::close(&sql, "li.na", UtcMs(1_500)).unwrap();
        assert_eq!(find(&sql, &secret, UtcMs(1_500)).unwrap(), None);
    }

    #[test]
    fn the_store_holds_no_text_of_a_token() {
        let sql = tables();
        let secret = Secret::random(&mut rng());
        add(&sql, &secret, &token("平台", Reach::Scope(Scope::County))).unwrap();
        let stored: Vec<u8> = sql.query_row("SELECT hash FROM token", [], |row| row.get(0)).unwrap();
        assert!(!stored.windows(8).any(|part| secret.as_str().as_bytes().windows(8).any(|t| t == part)));
    }
}
