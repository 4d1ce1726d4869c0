//! How many syncs a relay takes on this machine, load generator included: a thousand phones of 33 schools, each with four
//! entries, over TLS connections that are kept; every push verified, stored durably, judged and answered with a signature.
//! Between two rounds the phones take in their answers, record the next day and sign the next push; only the exchange itself
//! is timed. Beside it the same rows inserted bare, in transactions of the same size.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date, time};
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use sanji_core::ids::DocId;
use sanji_core::sync::ledger::{Ledger, Table};
use sanji_core::sync::phone::{Event, MemoryStore, Outgoing};
use sanji_core::time::instant;
use sanji_server::app::Settings;
use sanji_server::http::limits::Rate;
use sanji_server::store::{SqliteLedger, Transactions};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::Figure;
use crate::Outcome;
use crate::days::{check, checks, school_days};
use crate::office::{Moment, Office, scratch};
use crate::phone::Phone;
use crate::raw::{Connection, Dialler};
use crate::school::{County, Person, key, morning};

/// Phones at once.
const PHONES: usize = 1000;
/// Schools; their principals take part.
const SCHOOLS: usize = 33;
/// Rounds that are timed, after one that isn't.
const ROUNDS: usize = 8;
const FIRST: Date = date(2026, 3, 2);

struct Member {
    person: Person,
    phone: Phone<MemoryStore>,
    connection: Option<Connection>,
}

/// Measures it.
///
/// # Errors
/// When a phone, the relay or the machine fails.
pub fn measure() -> Outcome<Vec<Figure>> {
    let dir = scratch()?;
    let office = Office::make(&dir.path().join("relay"))?;
    let mut members = office.write(|ledger| people(&office, ledger))?;
    let clock = Moment::at(morning(FIRST));
    let much = Rate::new(u32::MAX, u32::MAX);
    let settings = Settings { address_rate: much, entry_rate: much, device_rate: much, ..Settings::default() };
    let served = office.serve(clock.clone(), settings, 2)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let dialler = Dialler::new(served.address, office.keys.tls_certificate())?;
    for member in &mut members {
        member.connection = Some(runtime.block_on(dialler.connect())?);
    }

    let mut rng = ChaCha12Rng::seed_from_u64(2);
    let mut taken = Duration::ZERO;
    let mut before = Keys::default();
    let mut transactions = 0;
    for (round, day) in school_days(FIRST, ROUNDS + 1).into_iter().enumerate() {
        if round == 1 {
            before = Keys::of(&served.store)?;
            transactions = served.app().writer.transactions();
        }
        for member in &mut members {
            for (at, direction) in checks(&mut rng, day) {
                member.phone.record(at, DocId::duty(member.person.posting, day), check(direction))?;
            }
        }
        clock.set(instant(day, time(18, 0, 0, 0)).ms());
        let timed = exchange(&runtime, &mut members, &clock)?;
        if round > 0 {
            taken += timed;
        } else {
            // In the first round phones confirm their sessions by a second push.
            exchange(&runtime, &mut members, &clock)?;
        }
    }
    let transactions = (served.app().writer.transactions() - transactions).max(1);
    drop(members);
    served.stop()?;
    let syncs = PHONES * ROUNDS;
    let inserted = before.insert_what_came(&office.folder.store(), &dir.path().join("bare.sqlite"), transactions)?;
    Ok(vec![
        Figure::at_least("syncs_per_s", syncs as f64 / taken.as_secs_f64(), 1500.0)
            .against("bare insert of the same rows", syncs as f64 / inserted.taken.as_secs_f64()),
        Figure::beside("sync_rows", inserted.rows as f64 / syncs as f64),
        Figure::beside("sync_stored_bytes", inserted.bytes as f64 / syncs as f64),
        Figure::beside("syncs_per_transaction", syncs as f64 / transactions as f64),
    ])
}

/// The county, and the first thousand of its people with their phones.
fn people(office: &Office, ledger: &mut SqliteLedger) -> Outcome<Vec<Member>> {
    let mut rng = ChaCha12Rng::seed_from_u64(1);
    let county = County::found(office.relay(), ledger, &mut rng, SCHOOLS, FIRST)?;
    county.open_year(ledger, FIRST)?;
    county.open_term(ledger, FIRST)?;
    let all = county.schools.iter().flat_map(|school| std::iter::once(&school.principal).chain(&school.staff));
    let now = morning(FIRST);
    all.take(PHONES)
        .map(|person| {
            let key = key(&mut rng);
            county.enrol(ledger, now, person.id, &key)?;
            let (id, relay) = (county.relay.county(), county.relay.public_key());
            let phone = Phone::new(MemoryStore::default(), id, relay, person.id, key, now)?;
            Ok(Member { person: *person, phone, connection: None })
        })
        .collect()
}

/// Lets every phone push once, all at the same time, and take in its answer afterwards; gives how long the exchange took.
fn exchange(runtime: &Runtime, members: &mut [Member], clock: &Moment) -> Outcome<Duration> {
    let now = clock.now();
    let mut pushes: Vec<(usize, Connection, Outgoing, Vec<u8>)> = Vec::with_capacity(members.len());
    for (place, member) in members.iter_mut().enumerate() {
        let connection = member.connection.take().ok_or("no connection")?;
        let outgoing = member.phone.push(now)?;
        let body = outgoing.body();
        pushes.push((place, connection, outgoing, body));
    }
    let (taken, answers) = runtime.block_on(async {
        let begun = Instant::now();
        let mut running = JoinSet::new();
        for (place, mut connection, outgoing, body) in pushes {
            running.spawn(async move {
                let answer = connection.request("POST", "/v1/sync", &body).await;
                (place, connection, outgoing.n, answer)
            });
        }
        let answers = running.join_all().await;
        (begun.elapsed(), answers)
    });
    for (place, connection, n, answer) in answers {
        let answer = answer?;
        if answer.status != 200 {
            return Err(format!("a push was answered with status {}", answer.status).into());
        }
        members[place].connection = Some(connection);
        members[place].phone.take(now, Event::Answered { n, body: answer.body })?;
    }
    Ok(taken)
}

/// The keys that a store holds, by table.
#[derive(Default)]
struct Keys(Vec<HashSet<Vec<u8>>>);

struct Inserted {
    rows: usize,
    bytes: usize,
    taken: Duration,
}

fn all_rows(ledger: &mut SqliteLedger, table: Table) -> Outcome<Vec<(Vec<u8>, Vec<u8>)>> {
    Ok(ledger.scan(table, &[], &[0xff; 64], usize::MAX, false)?)
}

impl Keys {
    fn of(store: &Path) -> Outcome<Self> {
        let mut ledger = SqliteLedger::open(store)?;
        let keys = Table::ALL
            .into_iter()
            .map(|table| Ok(all_rows(&mut ledger, table)?.into_iter().map(|(key, _)| key).collect()));
        Ok(Keys(keys.collect::<Outcome<_>>()?))
    }

    /// Inserts the rows that a store has beyond these into another file, in so many transactions.
    fn insert_what_came(&self, store: &Path, bare: &Path, transactions: u64) -> Outcome<Inserted> {
        let mut ledger = SqliteLedger::open(store)?;
        let mut came = Vec::new();
        for (table, known) in Table::ALL.into_iter().zip(&self.0) {
            let rows = all_rows(&mut ledger, table)?;
            came.push((table, rows.into_iter().filter(|(key, _)| !known.contains(key)).collect::<Vec<_>>()));
        }
        let transactions = usize::try_from(transactions)?;
        let mut bare = SqliteLedger::open(bare)?;
        let mut inserted = Inserted { rows: 0, bytes: 0, taken: Duration::ZERO };
        let begun = Instant::now();
        for nth in 0..transactions {
            bare.begin()?;
            for (table, rows) in &came {
                // The nth of as many equal parts as there are transactions.
                for (key, value) in &rows[rows.len() * nth / transactions..rows.len() * (nth + 1) / transactions] {
                    bare.put(*table, key, value)?;
                    inserted.rows += 1;
                    inserted.bytes += key.len() + value.len();
                }
            }
            bare.commit()?;
        }
        inserted.taken = begun.elapsed();
        Ok(inserted)
    }
}
