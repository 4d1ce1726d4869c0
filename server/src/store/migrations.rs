//! The shape of the store's file, in numbered steps. One loop owns the version; a step only changes the shape. Before the
//! first step is taken on a file that holds something, a copy of it is kept beside it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use sanji_core::sync::ledger::Table;

/// Marks the file as a relay's store (`PRAGMA application_id`): "SNJR".
const APPLICATION: i32 = 0x534e_4a52;

/// A step: what it does in a few words, and the statements.
struct Step {
    what: &'static str,
    sql: fn() -> String,
}

/// Step n leads from version n to version n + 1.
const STEPS: &[Step] = &[
    Step { what: "ledger tables, web accounts, administrative acts", sql: first },
    Step { what: "projection, looks at records", sql: crate::projector::schema },
    Step { what: "tokens of the API", sql: || crate::accounts::tokens::SCHEMA.into() },
    Step { what: "indexes of what waits for a decision and of who acted", sql: waiting },
    Step { what: "one-time links to set a password", sql: || crate::accounts::links::SCHEMA.into() },
    Step { what: "sums of schools' days", sql: crate::projector::sums::schema },
    Step { what: "who is at a visit, and for which group", sql: crate::projector::tables::visits_schema },
];

/// The version that this build writes.
pub const VERSION: usize = STEPS.len();

/// Why a store can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file was written by a newer version.
    #[error(
        "{path} was written by a newer version of sanji (store version {found}, this one knows {VERSION}): use that version or a later one"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: usize,
    },
    /// The file is no relay's store.
    #[error("{0} is not the store of a relay: check the data folder")]
    Foreign(PathBuf),
    /// The copy before a migration could not be made; nothing was changed.
    #[error("{from} could not be copied to {to} before its migration, so nothing was changed: {why}")]
    Copy {
        /// The file.
        from: PathBuf,
        /// The copy.
        to: PathBuf,
        /// The system's words.
        why: String,
    },
    /// A step failed; the file is as it was.
    #[error("step \"{what}\" of the migration of {path} failed, and the file is as it was: {why}")]
    Step {
        /// The file.
        path: PathBuf,
        /// The step.
        what: &'static str,
        /// The store's words.
        why: String,
    },
    /// The file can't be opened or read.
    #[error("{path} can't be opened: {why}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The store's words.
        why: String,
    },
}

/// Brings the file behind `connection` to [`VERSION`].
///
/// # Errors
/// When it is newer, foreign, or a step fails; it is left as it was.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let unreadable = |e: rusqlite::Error| OpenError::Unreadable { path: path.into(), why: e.to_string() };
    let number = |pragma: &str| connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i32>(0));
    let found = usize::try_from(number("user_version").map_err(unreadable)?).unwrap_or(usize::MAX);
    let application = number("application_id").map_err(unreadable)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(unreadable)?;
    if application != APPLICATION && (tables > 0 || found > 0) {
        return Err(OpenError::Foreign(path.into()));
    }
    if found > VERSION {
        return Err(OpenError::Newer { path: path.into(), found });
    }
    if found > 0 && found < VERSION {
        keep_copy(connection, path, found)?;
    }
    for (version, step) in STEPS.iter().enumerate().skip(found) {
        let failed = |e: rusqlite::Error| OpenError::Step { path: path.into(), what: step.what, why: e.to_string() };
        let transaction = connection.transaction().map_err(failed)?;
        transaction.execute_batch(&(step.sql)()).map_err(failed)?;
        transaction
            .execute_batch(&format!("PRAGMA user_version={}; PRAGMA application_id={APPLICATION};", version + 1))
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}

/// Writes a consistent copy beside the file, `<name>.v<version>`; one of an earlier attempt is replaced.
fn keep_copy(connection: &Connection, path: &Path, version: usize) -> Result<(), OpenError> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".v{version}"));
    let to = PathBuf::from(name);
    let failed = |why: String| OpenError::Copy { from: path.into(), to: to.clone(), why };
    if to.exists() {
        std::fs::remove_file(&to).map_err(|e| failed(e.to_string()))?;
    }
    let target = to.to_str().ok_or_else(|| failed("the path is not UTF-8".into()))?;
    connection.execute("VACUUM INTO ?1", [target]).map_err(|e| failed(e.to_string()))?;
    Ok(())
}

fn first() -> String {
    let mut sql = String::new();
    for table in Table::ALL {
        let name = table.name();
        sql +=
            &format!("CREATE TABLE \"{name}\" (k BLOB NOT NULL PRIMARY KEY, v BLOB NOT NULL) STRICT, WITHOUT ROWID;\n");
    }
    sql + crate::accounts::SCHEMA + crate::acts::SCHEMA
}

fn waiting() -> String {
    crate::projector::waiting::schema() + crate::acts::BY_WHO
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SqliteLedger;

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.sqlite");
        drop(SqliteLedger::open(&path).unwrap());
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(&format!("PRAGMA user_version={}", VERSION + 1)).unwrap();
        drop(connection);
        let error = SqliteLedger::open(&path).err().unwrap();
        assert!(matches!(error, OpenError::Newer { found, .. } if found == VERSION + 1), "{error}");
        let connection = Connection::open(&path).unwrap();
        let version: i64 = connection.query_row("PRAGMA user_version", [], |r| r.get(0)).unwrap();
        assert_eq!(version as usize, VERSION + 1);
    }

    #[test]
    fn a_file_of_another_program_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.sqlite");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        assert!(matches!(SqliteLedger::open(&path).err().unwrap(), OpenError::Foreign(_)));
        std::fs::write(&path, b"these are some bytes, and no database at all. ".repeat(40)).unwrap();
        assert!(matches!(SqliteLedger::open(&path).err().unwrap(), OpenError::Unreadable { .. }));
    }

    #[test]
    fn the_copy_before_a_migration_holds_what_the_file_held() {
        use sanji_core::sync::ledger::Ledger;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relay.sqlite");
        SqliteLedger::open(&path).unwrap().put(Table::Meta, b"a", b"b").unwrap();
        let connection = Connection::open(&path).unwrap();
        keep_copy(&connection, &path, 1).unwrap();
        keep_copy(&connection, &path, 1).unwrap();
        let mut copy = SqliteLedger::open(&dir.path().join("relay.sqlite.v1")).unwrap();
        assert_eq!(copy.get(Table::Meta, b"a").unwrap().as_deref(), Some(&b"b"[..]));
    }
}
