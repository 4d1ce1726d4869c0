//! The trail of administrative acts: who did what to whom, and when. The county log says what holds; this says who made it so.
//! An act is written down in the transaction that does it. No password, secret or value of a record is ever in it.

use rusqlite::Connection;
use sanji_core::time::UtcMs;

/// The table of this module.
pub(crate) const SCHEMA: &str = "
CREATE TABLE act (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    who TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL
) STRICT;
";

/// Finds what one account did last.
pub(crate) const BY_WHO: &str = "CREATE INDEX act_who ON act (who, id);\n";

/// Whoever may log in to the relay's machine.
pub const COMMAND_LINE: &str = "command line";

/// Every act that is written down.
pub const ACTS: [&str; 32] = [
    "backup",
    "bundle import",
    "county import",
    "county settings",
    "day correct",
    "device approve",
    "device confirm",
    "device retire",
    "device revoke",
    "flag lift",
    "flexible hours",
    "invite",
    "kiosk outage",
    "password by link",
    "password change",
    "plan review",
    "request approve",
    "request refuse",
    "roster add",
    "roster change",
    "school settings",
    "sign out everywhere",
    "staff import",
    "token add",
    "token end",
    "user add",
    "user close",
    "user link",
    "user reset",
    "visit comment",
    "visit countersign",
    "week publish",
];

/// An act.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Act {
    /// When, relay clock, milliseconds.
    pub at_ms: i64,
    /// [`COMMAND_LINE`], or the web account.
    pub who: String,
    /// What, as the command is called: `device revoke`.
    pub act: String,
    /// To whom or what: a device, account, school or file.
    pub subject: String,
}

/// Writes an act down.
///
/// # Errors
/// When the store fails.
pub fn note(sql: &Connection, who: &str, act: &str, subject: &str, now: UtcMs) -> rusqlite::Result<()> {
    debug_assert!(ACTS.contains(&act), "{act} is no known act");
    let text = "INSERT INTO act (at_ms, who, act, subject) VALUES (?1, ?2, ?3, ?4)";
    sql.prepare_cached(text)?.execute((now.0, who, act, subject)).map(|_| ())
}

/// The last acts, newest first.
///
/// # Errors
/// When the store fails.
pub fn last(sql: &Connection, limit: u32) -> rusqlite::Result<Vec<Act>> {
    let mut statement = sql.prepare("SELECT at_ms, who, act, subject FROM act ORDER BY id DESC LIMIT ?1")?;
    let acts = statement.query_map([limit], |row| {
        Ok(Act { at_ms: row.get(0)?, who: row.get(1)?, act: row.get(2)?, subject: row.get(3)? })
    })?;
    acts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_are_listed_newest_first() {
        let sql = Connection::open_in_memory().unwrap();
        sql.execute_batch(SCHEMA).unwrap();
        for (at, subject) in [(1, "a"), (2, "b"), (3, "c")] {
            note(&sql, COMMAND_LINE, "device revoke", subject, UtcMs(at)).unwrap();
        }
        let subjects: Vec<String> = last(&sql, 2).unwrap().into_iter().map(|act| act.subject).collect();
        assert_eq!(subjects, ["c", "b"]);
    }
}
