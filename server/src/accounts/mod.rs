//! Web accounts: who may sign in to the review pages. What an account may see and do is no business of this module: it names
//! a person, and the county's grants to that person decide, as for a phone.
//!
//! The tables lie in the store's file beside the ledger, so that an account and its grants are made in one transaction.

pub mod attempts;
pub mod links;
pub mod password;
pub mod sessions;
pub mod tokens;

use rusqlite::{Connection, OptionalExtension, Row};
use sanji_core::ids::PersonId;
use sanji_core::time::UtcMs;

/// The tables of this module and its parts. Times are milliseconds since 1970 UTC.
pub(crate) const SCHEMA: &str = "
CREATE TABLE account (
    name TEXT NOT NULL PRIMARY KEY,
    person BLOB NOT NULL UNIQUE,
    display TEXT NOT NULL,
    password TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    closed_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
    token BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account);
CREATE TABLE attempt (
    who TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms INTEGER NOT NULL) STRICT;
";

/// A web account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name to sign in with: lower-case letters, digits, `.`, `-`, `_`.
    pub name: String,
    /// The person whose grants hold for it.
    pub person: PersonId,
    /// The name that pages show.
    pub display: String,
    /// When it was made.
    pub created: UtcMs,
    /// Since when it can't sign in, if it was closed.
    pub closed: Option<UtcMs>,
}

/// Why an account could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name has other characters, or is too short or long.
    #[error(
        "账户名“{0}”不可用:请用 2 到 32 个小写字母、数字、点或连字符 (account names have 2 to 32 lower-case letters, digits, \".\", \"-\" or \"_\")"
    )]
    BadName(String),
    /// There is one of this name.
    #[error("账户“{0}”已存在 (account \"{0}\" exists already: choose another name, or use `sanji user reset`)")]
    Exists(String),
    /// There is none of this name.
    #[error("没有账户“{0}” (there is no account \"{0}\": `sanji user list` shows them all)")]
    Unknown(String),
    /// The password is too short, too long, or the account's name.
    #[error(transparent)]
    Password(#[from] password::BadPassword),
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[from] rusqlite::Error),
}

/// Makes an account; `hash` comes from [`password::hash`].
///
/// # Errors
/// When the name can't be used or is taken, or the store fails.
pub fn add(
    sql: &Connection,
    name: &str,
    person: PersonId,
    display: &str,
    hash: &str,
    now: UtcMs,
) -> Result<(), AccountError> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    if !(2..=32).contains(&name.len()) || !name.chars().all(good) {
        return Err(AccountError::BadName(name.chars().take(40).collect()));
    }
    let added = sql.execute(
        "INSERT INTO account (name, person, display, password, created_ms) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO NOTHING",
        (name, &person.0[..], display, hash, now.0),
    )?;
    if added == 1 { Ok(()) } else { Err(AccountError::Exists(name.into())) }
}

/// Sets a new password and ends all sessions of the account. A closed account is opened again.
///
/// # Errors
/// When there is no such account, or the store fails.
pub fn reset(sql: &Connection, name: &str, hash: &str) -> Result<(), AccountError> {
    let changed = sql.execute("UPDATE account SET password = ?2, closed_ms = NULL WHERE name = ?1", (name, hash))?;
    ended(sql, name, changed)
}

/// Sets the new password that the owner of an account chose, and ends all its sessions. One that was closed meanwhile stays
/// closed.
///
/// # Errors
/// When there is no such account that is open, or the store fails.
pub fn change_password(sql: &Connection, name: &str, hash: &str) -> Result<(), AccountError> {
    let text = "UPDATE account SET password = ?2 WHERE name = ?1 AND closed_ms IS NULL";
    ended(sql, name, sql.execute(text, (name, hash))?)
}

/// Closes an account and ends its sessions. What it did stays; one that is closed already keeps the time since when.
///
/// # Errors
/// When there is no such account, or the store fails.
pub fn close(sql: &Connection, name: &str, now: UtcMs) -> Result<(), AccountError> {
    let changed =
        sql.execute("UPDATE account SET closed_ms = coalesce(closed_ms, ?2) WHERE name = ?1", (name, now.0))?;
    links::end(sql, name)?;
    ended(sql, name, changed)
}

fn ended(sql: &Connection, name: &str, changed: usize) -> Result<(), AccountError> {
    if changed == 0 {
        return Err(AccountError::Unknown(name.into()));
    }
    sessions::end_all(sql, name)?;
    Ok(())
}

/// The account of this name, open or closed.
///
/// # Errors
/// When the store fails.
pub fn find(sql: &Connection, name: &str) -> rusqlite::Result<Option<Account>> {
    sql.query_row("SELECT name, person, display, created_ms, closed_ms FROM account WHERE name = ?1", [name], read)
        .optional()
}

/// Every account, by name.
///
/// # Errors
/// When the store fails.
pub fn list(sql: &Connection) -> rusqlite::Result<Vec<Account>> {
    let mut statement =
        sql.prepare("SELECT name, person, display, created_ms, closed_ms FROM account ORDER BY name")?;
    statement.query_map([], read)?.collect()
}

/// The password hash of an account that may sign in.
///
/// # Errors
/// When the store fails.
pub fn password_hash(sql: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    sql.query_row("SELECT password FROM account WHERE name = ?1 AND closed_ms IS NULL", [name], |row| row.get(0))
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        name: row.get(0)?,
        person: PersonId(row.get(1)?),
        display: row.get(2)?,
        created: UtcMs(row.get(3)?),
        closed: row.get::<_, Option<i64>>(4)?.map(UtcMs),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn tables() -> Connection {
        let sql = Connection::open_in_memory().unwrap();
        sql.execute_batch("PRAGMA foreign_keys=ON").unwrap();
        sql.execute_batch(SCHEMA).unwrap();
        sql.execute_batch(links::SCHEMA).unwrap();
        sql
    }

    #[test]
    fn an_account_is_made_once_found_and_closed() {
        let sql = tables();
        add(&sql, "li.na", PersonId([1; 8]), "李娜", "hash", UtcMs(5)).unwrap();
        let again = add(&sql, "li.na", PersonId([2; 8]), "李娜", "hash", UtcMs(6));
        assert!(matches!(again, Err(AccountError::Exists(_))));
        let found = find(&sql, "li.na").unwrap().unwrap();
        assert_eq!((found.person, found.created, found.closed), (PersonId([1; 8]), UtcMs(5), None));
        assert_eq!(password_hash(&sql, "li.na").unwrap().as_deref(), Some("hash"));
        close(&sql, "li.na", UtcMs(9)).unwrap();
        assert_eq!(password_hash(&sql, "li.na").unwrap(), None);
        close(&sql, "li.na", UtcMs(12)).unwrap();
        assert_eq!(
            find(&sql, "li.na").unwrap().unwrap().closed,
            Some(UtcMs(9)),
            "closed twice, closed since the first time"
        );
        let late = change_password(&sql, "li.na", "chosen just before");
        assert!(matches!(late, Err(AccountError::Unknown(_))), "its owner doesn't open it again");
        assert_eq!(password_hash(&sql, "li.na").unwrap(), None);
        reset(&sql, "li.na", "other").unwrap();
        assert_eq!(password_hash(&sql, "li.na").unwrap().as_deref(), Some("other"));
        assert_eq!(list(&sql).unwrap().len(), 1);
        assert!(matches!(reset(&sql, "nobody", "x"), Err(AccountError::Unknown(_))));
    }

    #[test]
    fn names_that_could_be_mistaken_are_refused() {
        let sql = tables();
        for name in ["", "a", "Li", "李娜", "a b", "a/b", "a'b", &"a".repeat(33)] {
            let result = add(&sql, name, PersonId([1; 8]), "x", "h", UtcMs(0));
            assert!(matches!(result, Err(AccountError::BadName(_))), "{name}");
        }
    }
}
