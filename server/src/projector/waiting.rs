//! What waits for a decision, and whose decision it waits for.

use std::collections::BTreeMap;

use rusqlite::Row as SqlRow;
use sanji_core::ids::{DocId, PersonId, PostingId, SchoolId};
use sanji_core::records::Role;
use sanji_core::sync::message::{LogNo, Scope};
use sanji_core::sync::relay::Relay;
use sanji_core::sync::relay::rows::GrantRow;
use sanji_core::time::UtcMs;

use super::{ProjectionError, Store};

/// Finds the few requests that wait among all that were ever decided.
pub(crate) fn schema() -> String {
    let index = |table| format!("CREATE INDEX {table}_waits ON {table} (n) WHERE decision = 'pending';\n");
    index("view_leave") + &index("view_request")
}

/// A request that waits, by the entry that holds its newest version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The document.
    pub doc: DocId,
    /// The log number of the entry.
    pub n: LogNo,
    /// The posting that it is about.
    pub posting: PostingId,
}

/// Those whose role lets them decide on somebody's requests.
const DECIDERS: [Role; 4] = [Role::Principal, Role::Deputy, Role::Supervisor, Role::Inspector];

/// Whether these grants let anybody decide on others' requests.
pub fn decides(grants: &[GrantRow]) -> bool {
    grants.iter().any(|grant| DECIDERS.contains(&grant.role))
}

/// What waits for a person's decision, in the order in which it arrived; nothing at all for whoever decides on nobody's
/// requests. `grants` are those that the person holds today.
///
/// # Errors
/// When the store fails.
pub fn waiting_for(
    relay: &Relay,
    store: &mut impl Store,
    now: UtcMs,
    person: PersonId,
    grants: &[GrantRow],
) -> Result<Option<Vec<Waiting>>, ProjectionError> {
    if !decides(grants) {
        return Ok(None);
    }
    let sql = "SELECT n, doc, posting, (SELECT school FROM view_posting AS p WHERE p.posting = w.posting) FROM \
               (SELECT n, doc, posting FROM view_leave WHERE decision = 'pending' \
               UNION SELECT n, doc, posting FROM view_request WHERE decision = 'pending') AS w ORDER BY n";
    // A head of one school needn't be asked about all others of the county.
    let within = |school: Option<SchoolId>| {
        grants.iter().filter(|grant| DECIDERS.contains(&grant.role)).any(|grant| match grant.scope {
            Scope::School(own) => school.is_none_or(|school| school == own),
            _ => true,
        })
    };
    let read = |row: &SqlRow<'_>| {
        let doc = DocId::from_bytes(row.get_ref(1)?.as_blob()?);
        let school: Option<[u8; 8]> = row.get(3)?;
        let doc = doc.filter(|_| within(school.map(SchoolId)));
        Ok((LogNo(row.get::<_, i64>(0)?.cast_unsigned()), doc, PostingId(row.get(2)?)))
    };
    let all: Vec<(LogNo, Option<DocId>, PostingId)> = {
        let mut statement = store.sql().prepare_cached(sql)?;
        statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?
    };
    let mut known: BTreeMap<PostingId, bool> = BTreeMap::new();
    let mut found = Vec::new();
    for (n, doc, posting) in all {
        let Some(doc) = doc else { continue };
        let may = match known.get(&posting) {
            Some(may) => *may,
            None => {
                let may = relay.may_rule(store, now, person, posting)?;
                known.insert(posting, may);
                may
            }
        };
        found.extend(may.then_some(Waiting { doc, n, posting }));
    }
    Ok(Some(found))
}
