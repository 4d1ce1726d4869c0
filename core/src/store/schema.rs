//! The format of the phone's file, as numbered steps. One loop owns the number; a step only changes the schema.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::sqlite::failed;
use crate::sync::phone::StoreError;

/// The steps, from an empty file to today's format. A step that has been released never changes.
pub const STEPS: &[&str] = &[
    // 1: sealed rows by table and key, and the wrapped keys in the clear.
    "CREATE TABLE rows (tab INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (tab, key)) WITHOUT ROWID;
     CREATE TABLE wrapped (name TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;",
];

/// Brings a file to the format of `steps`. Before an older file is changed, it is copied beside itself.
///
/// # Errors
/// When the file is newer than `steps`, or a step fails ([`StoreError::Damaged`]); the file is then as it was.
pub fn migrate(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    let known = steps.len() as u32;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found > 0 && found < known {
        // VACUUM INTO takes what the write-ahead log holds as well.
        let kept = copy_path(path, found);
        if !kept.exists() {
            connection.execute("VACUUM INTO ?1", [kept.to_string_lossy()]).map_err(failed)?;
        }
    }
    for (at, step) in steps.iter().enumerate().skip(found as usize) {
        let transaction = connection.transaction().map_err(failed)?;
        transaction.execute_batch(step).map_err(|e| match failed(e) {
            // The file isn't what it says it is: it is kept as it stands, and records go on elsewhere.
            StoreError::Failed(why) => StoreError::Damaged(format!("step {} of its format: {why}", at + 1)),
            other => other,
        })?;
        transaction.pragma_update(None, "user_version", at as u32 + 1).map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}

/// Where the copy of a file of format `version` is kept.
pub fn copy_path(path: &Path, version: u32) -> PathBuf {
    path.with_extension(format!("format{version}.sanji"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> Vec<(String, String)> {
        let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    #[test]
    fn an_upgraded_file_equals_a_fresh_one_and_the_old_file_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let next = [STEPS, &["ALTER TABLE wrapped ADD COLUMN note TEXT;"]].concat();
        for from in 1..next.len() {
            let path = dir.path().join(format!("from{from}.sanji"));
            let mut old = Connection::open(&path).unwrap();
            migrate(&mut old, &path, &next[..from]).unwrap();
            old.execute("INSERT INTO rows VALUES (1, x'01', x'02')", []).unwrap();
            migrate(&mut old, &path, &next).unwrap();
            let mut fresh = Connection::open_in_memory().unwrap();
            migrate(&mut fresh, Path::new("fresh"), &next).unwrap();
            assert_eq!(schema(&old), schema(&fresh));
            let kept = Connection::open(copy_path(&path, from as u32)).unwrap();
            let rows: u32 = kept.query_row("SELECT count(*) FROM rows", [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 1, "the copy holds what the old file held");
        }
    }

    #[test]
    fn a_newer_file_is_refused_and_a_step_that_fails_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records.sanji");
        let mut file = Connection::open(&path).unwrap();
        migrate(&mut file, &path, STEPS).unwrap();
        let before = schema(&file);
        let broken = [STEPS, &["CREATE TABLE more (a); CREATE TABLE rows (b);"]].concat();
        assert!(migrate(&mut file, &path, &broken).is_err());
        assert_eq!(schema(&file), before);
        file.pragma_update(None, "user_version", 99).unwrap();
        let known = STEPS.len() as u32;
        assert_eq!(migrate(&mut file, &path, STEPS), Err(StoreError::Newer { found: 99, known }));
    }
}
