//! The tables of the projection, their rows, and what it takes to turn the rows that stand into those that should stand.
//!
//! Columns named after instants hold seconds since 1970 UTC, columns named after days hold days since 1970; `n` is the log
//! number of the entry that a row rests on.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Nothing.
    Null,
    /// A whole number; 0 and 1 stand for no and yes.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes of an id or hash.
    Bytes(Vec<u8>),
}

impl ToSql for Field {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Field::Null => ValueRef::Null,
            Field::Int(n) => ValueRef::Integer(*n),
            Field::Text(text) => ValueRef::Text(text.as_bytes()),
            Field::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<ValueRef<'_>> for Field {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Field::Null,
            ValueRef::Integer(n) => Field::Int(n),
            // The projection writes no floats; one can only come from outside, and differs from whatever should stand.
            ValueRef::Real(x) => Field::Text(x.to_string()),
            ValueRef::Text(text) => Field::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Field::Bytes(bytes.to_vec()),
        }
    }
}

macro_rules! field_from {
    ($($type:ty, |$value:ident| $field:expr;)+) => { $(
        impl From<$type> for Field {
            fn from($value: $type) -> Self {
                $field
            }
        }
    )+ };
}
field_from! {
    i64, |n| Field::Int(n);
    u64, |n| Field::Int(i64::try_from(n).unwrap_or(i64::MAX));
    usize, |n| Field::Int(i64::try_from(n).unwrap_or(i64::MAX));
    u32, |n| Field::Int(n.into());
    u16, |n| Field::Int(n.into());
    u8, |n| Field::Int(n.into());
    bool, |yes| Field::Int(yes.into());
    &str, |text| Field::Text(text.into());
    &[u8], |bytes| Field::Bytes(bytes.into());
    jiff::civil::Date, |day| Field::Int(sanji_core::time::days_since_epoch(day).into());
    sanji_core::time::UtcSecs, |at| Field::Int(at.0);
    sanji_core::time::UtcMs, |at| Field::Int(at.secs().0);
}

impl<T: Into<Field>> From<Option<T>> for Field {
    fn from(value: Option<T>) -> Self {
        value.map_or(Field::Null, Into::into)
    }
}

/// A row: the fields of a table in the order of its columns.
pub type Row = Vec<Field>;

/// A table of the projection.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns with their types; the first ones are its key.
    pub columns: &'static [(&'static str, &'static str)],
    /// How many columns are its key.
    pub key: usize,
    /// The column by which rows are made anew together.
    pub scope: &'static str,
    /// The columns of further indexes.
    pub indexes: &'static [&'static str],
}

const BLOB: &str = "BLOB NOT NULL";
const INT: &str = "INTEGER NOT NULL";
const TEXT: &str = "TEXT NOT NULL";
const MAYBE_BLOB: &str = "BLOB";
const MAYBE_INT: &str = "INTEGER";
const MAYBE_TEXT: &str = "TEXT";

macro_rules! tables {
    ($($(#[$doc:meta])* $id:ident $name:literal by $scope:literal, key $key:literal, indexes [$($index:literal),*] { $($column:literal $type:ident,)+ })+) => {
        $($(#[$doc])* pub static $id: Table = Table {
            name: $name,
            columns: &[$(($column, $type)),+],
            key: $key,
            scope: $scope,
            indexes: &[$($index),*],
        };)+

        /// Every table.
        pub static TABLES: &[&Table] = &[$(&$id),+];
    };
}

tables! {
    /// Every entry: how it stands, when it was made, which days it concerns.
    ENTRY "view_entry" by "doc", key 2, indexes ["object, last_day", "state"] {
        "doc" BLOB, "n" INT,
        "actor" BLOB, "seq" INT, "hash" BLOB, "doc_kind" INT, "object" BLOB, "kind" MAYBE_INT,
        "author" MAYBE_BLOB, "via" TEXT,
        "judged" INT, "earliest" INT, "latest" INT, "phone" INT, "label" TEXT,
        "state" TEXT, "flag" MAYBE_INT, "other" MAYBE_INT, "conflict" INT, "waiting" INT,
        "first_day" INT, "last_day" INT,
    }
    /// Checks that count; `k` tells those of one entry apart.
    CHECK "view_check" by "doc", key 3, indexes ["posting, day"] {
        "doc" BLOB, "n" INT, "k" INT,
        "posting" BLOB, "day" INT, "direction" TEXT, "judged" INT, "earliest" INT, "latest" INT,
        "label" MAYBE_TEXT, "origin" TEXT, "conflict" INT,
    }
    /// Spans of leaves, each with one decision.
    LEAVE "view_leave" by "doc", key 3, indexes ["posting, till"] {
        "doc" BLOB, "n" INT, "since" INT,
        "posting" BLOB, "kind" TEXT, "till" INT, "decision" TEXT, "returned" MAYBE_INT, "conflict" INT, "decided" MAYBE_INT,
    }
    /// Requests for corrections.
    REQUEST "view_request" by "doc", key 2, indexes ["posting, day"] {
        "doc" BLOB, "n" INT, "posting" BLOB, "day" INT, "decision" TEXT, "conflict" INT,
    }
    /// Flexible hours; rows with one `beside` stand beside each other, and all of them must hold.
    FLEXIBLE "view_flexible" by "doc", key 2, indexes ["posting, last_day"] {
        "doc" BLOB, "n" INT, "beside" INT, "posting" BLOB, "first_day" INT, "last_day" INT,
    }
    /// Sessions of after-school service, as last amended; `handover` is the entry of the first one.
    SESSION "view_session" by "doc", key 2, indexes ["school, day"] {
        "doc" BLOB, "n" INT, "school" BLOB, "day" INT, "handover" MAYBE_INT, "conflict" INT,
    }
    /// Service plans; `filed` is the entry of the version in force.
    PLAN "view_plan" by "doc", key 2, indexes ["school"] {
        "doc" BLOB, "n" INT, "school" BLOB, "review" TEXT, "conflict" INT, "filed" MAYBE_INT,
    }
    /// Kiosks taken out for a day.
    OUTAGE "view_outage" by "doc", key 2, indexes ["school, day"] {
        "doc" BLOB, "n" INT, "school" BLOB, "day" INT, "kiosk" BLOB,
    }
    /// Published weeks.
    PUBLICATION "view_publication" by "doc", key 2, indexes ["school, monday"] {
        "doc" BLOB, "n" INT, "school" BLOB, "monday" INT, "log" INT, "published" INT,
    }
    /// Visits whose plan has arrived; `day` is when it was opened on site, else the planned one.
    VISIT "view_visit" by "doc", key 1, indexes ["day"] {
        "doc" BLOB, "n" INT, "kind" TEXT, "planned" INT, "day" INT, "host" BLOB, "from_school" MAYBE_BLOB,
        "party" MAYBE_BLOB, "minutes" MAYBE_INT, "opened" MAYBE_INT, "closed" MAYBE_INT, "conflict" INT,
    }
    /// Whom a visit concerns: `visitor` a person, `teacher` a posting.
    VISIT_WHO "view_visit_who" by "doc", key 4, indexes ["who"] {
        "doc" BLOB, "n" INT, "part" TEXT, "who" BLOB,
    }
    /// Postings: who is at which school, from the roster rows that count.
    POSTING "view_posting" by "school", key 1, indexes ["school", "person"] {
        "posting" BLOB, "person" BLOB, "school" BLOB, "name" TEXT, "role" TEXT, "first_day" INT, "last_day" MAYBE_INT,
        "teaches" INT,
    }
    /// Devices. `ahead` is by how many seconds the phone's clock was ahead when it was last heard, negative if behind.
    DEVICE "view_device" by "everything", key 1, indexes ["person", "school"] {
        "number" INT, "actor" BLOB, "via" TEXT, "person" MAYBE_BLOB, "school" MAYBE_BLOB, "state" TEXT, "since" INT,
        "mark" MAYBE_INT, "heard" MAYBE_INT, "retired" MAYBE_INT, "why" MAYBE_TEXT, "revoked" MAYBE_INT,
        "ahead" MAYBE_INT,
    }
}

/// The statements that make the tables, and the one row that says through where the log is projected.
pub(crate) fn schema() -> String {
    let tables: String = TABLES.iter().map(|table| table.schema()).collect();
    tables
        + "CREATE TABLE view_state (id INTEGER PRIMARY KEY CHECK (id = 1), log INTEGER NOT NULL, notes INTEGER NOT NULL, \
           rules INTEGER NOT NULL) STRICT;\n"
}

impl Table {
    /// The statements that make the table.
    fn schema(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(name, kind)| format!("{name} {kind}")).collect();
        let key: Vec<&str> = self.columns[..self.key].iter().map(|(name, _)| *name).collect();
        let (name, columns, key) = (self.name, columns.join(", "), key.join(", "));
        let mut sql = format!("CREATE TABLE {name} ({columns}, PRIMARY KEY ({key})) STRICT, WITHOUT ROWID;\n");
        for (i, index) in self.indexes.iter().enumerate() {
            sql += &format!("CREATE INDEX {name}_{i} ON {name} ({index});\n");
        }
        sql
    }

    /// The statements that make the table anew in a file that may hold an older shape of it.
    fn schema_anew(&self) -> String {
        format!("DROP TABLE IF EXISTS {};\n{}", self.name, self.schema())
    }
}

/// The statements that bring the tables of visits to their second shape.
pub(crate) fn visits_schema() -> String {
    VISIT.schema_anew() + &VISIT_WHO.schema_anew()
}

/// Rows as they should stand, by table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(BTreeMap<&'static str, BTreeSet<Row>>);

impl Rows {
    /// Adds a row.
    pub fn add(&mut self, table: &Table, row: Row) {
        debug_assert_eq!(row.len(), table.columns.len(), "{}", table.name);
        self.0.entry(table.name).or_default().insert(row);
    }

    /// The rows of a table, by key.
    pub fn of(&self, table: &Table) -> impl Iterator<Item = &Row> {
        self.0.get(table.name).into_iter().flatten()
    }

    fn has(&self, table: &Table, row: &Row) -> bool {
        self.0.get(table.name).is_some_and(|rows| rows.contains(row))
    }
}

/// Rows that go, and then rows that come.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    gone: Vec<(&'static Table, Row)>,
    come: Vec<(&'static Table, Row)>,
}

impl Changes {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.come.is_empty()
    }

    /// The rows that go or come.
    pub fn rows(&self) -> impl Iterator<Item = &(&'static Table, Row)> {
        self.gone.iter().chain(&self.come)
    }

    /// Adds what it takes to make the rows of `scope` in `table` those of `rows`; without a scope all rows of the table.
    ///
    /// # Errors
    /// When the store fails.
    pub fn add(
        &mut self,
        sql: &Connection,
        table: &'static Table,
        scope: Option<&Field>,
        rows: &Rows,
    ) -> rusqlite::Result<()> {
        let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        let filter = if scope.is_some() { format!(" WHERE {} = ?1", table.scope) } else { String::new() };
        let mut statement = sql.prepare_cached(&format!("SELECT {names} FROM {}{filter}", table.name))?;
        let mut standing = statement.query(params_from_iter(scope))?;
        let mut kept: BTreeSet<Row> = BTreeSet::new();
        while let Some(row) = standing.next()? {
            let row: Row =
                (0..table.columns.len()).map(|i| Ok(row.get_ref(i)?.into())).collect::<rusqlite::Result<_>>()?;
            if rows.has(table, &row) {
                kept.insert(row);
            } else {
                self.gone.push((table, row));
            }
        }
        self.come.extend(rows.of(table).filter(|row| !kept.contains(*row)).map(|row| (table, row.clone())));
        Ok(())
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// When the store fails.
    pub fn apply(&self, sql: &Connection) -> rusqlite::Result<()> {
        for (table, row) in &self.gone {
            let key: Vec<String> = table.columns[..table.key]
                .iter()
                .enumerate()
                .map(|(i, (name, _))| format!("{name} = ?{}", i + 1))
                .collect();
            let text = format!("DELETE FROM {} WHERE {}", table.name, key.join(" AND "));
            sql.prepare_cached(&text)?.execute(params_from_iter(&row[..table.key]))?;
        }
        for (table, row) in &self.come {
            let places: Vec<String> = (1..=row.len()).map(|i| format!("?{i}")).collect();
            let text = format!("INSERT OR REPLACE INTO {} VALUES ({})", table.name, places.join(", "));
            sql.prepare_cached(&text)?.execute(params_from_iter(row))?;
        }
        Ok(())
    }
}

/// Every row of the projection, for comparing two.
///
/// # Errors
/// When the store fails.
pub fn dump(sql: &Connection) -> rusqlite::Result<Rows> {
    let mut all = Rows::default();
    for table in TABLES {
        let mut statement = sql.prepare(&format!("SELECT * FROM {}", table.name))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            all.add(
                table,
                (0..table.columns.len()).map(|i| Ok(row.get_ref(i)?.into())).collect::<rusqlite::Result<_>>()?,
            );
        }
    }
    Ok(all)
}
