//! `sanji serve` is killed with SIGKILL under load, again and again, and started anew: nothing that a phone was told to be
//! delivered is missing, everything verifies, and in the end everybody has the same.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sanji_core::documents::journal::{Item, Journal};
use sanji_core::ids::DocId;
use sanji_core::phone::{EntryAt, Phone};
use sanji_core::records::{Direction, EntryRef};
use sanji_core::sync::phone::Delivery;
use sanji_core::sync::relay::Relay;
use sanji_core::sync::relay::book::Book;
use sanji_server::folder::DataFolder;
use sanji_server::keys::RelayKeys;
use sanji_server::store::Readers;
use sanji_tests::owner::{Machine, Place};
use sanji_tests::process::{Sanji, Serve};
use serde_json::Value;

const SEED: u64 = 1;
const ROUNDS: usize = 6;
const TEACHERS: usize = 5;

/// The most entries that a phone records before it syncs.
const BATCH: usize = 6;

/// A person's phone, and what it was told to be delivered.
struct Owner {
    phone: Phone,
    recorded: Vec<EntryAt>,
    rng: StdRng,
}

impl Owner {
    /// Records and syncs until it is told to stop.
    async fn work(&mut self, stop: &AtomicBool) {
        while !stop.load(Ordering::SeqCst) {
            for _ in 0..self.rng.random_range(1..=BATCH) {
                let recorded = match self.rng.random_range(0..3) {
                    0 => self.phone.check(None, Direction::In, None),
                    1 => self.phone.check(None, Direction::Out, None),
                    _ => {
                        let (today, length) = (self.phone.today().unwrap().date, self.rng.random_range(1..400));
                        self.phone.note(None, today, &"记".repeat(length))
                    }
                };
                let recorded = recorded.unwrap();
                self.recorded.push(EntryAt { doc: recorded.doc, entry: recorded.entry });
            }
            // A relay that isn't there is an outcome, not an error.
            self.phone.sync_now().await.unwrap();
        }
    }

    fn delivered(&self) -> Vec<EntryAt> {
        let delivered = |at: &&EntryAt| self.phone.delivery(at, &[]).unwrap() == Some(Delivery::Delivered);
        self.recorded.iter().filter(delivered).copied().collect()
    }
}

/// Everybody works until the time is over, or the relay is ended by `end`.
async fn load(owners: Vec<Owner>, time: Duration, end: impl FnOnce()) -> Vec<Owner> {
    let stop = Arc::new(AtomicBool::new(false));
    let working: Vec<_> = owners
        .into_iter()
        .map(|mut owner| {
            let stop = Arc::clone(&stop);
            tokio::spawn(async move {
                owner.work(&stop).await;
                owner
            })
        })
        .collect();
    tokio::time::sleep(time).await;
    end();
    stop.store(true, Ordering::SeqCst);
    let mut owners = Vec::with_capacity(working.len());
    for owner in working {
        owners.push(owner.await.unwrap());
    }
    owners
}

/// The relay's data, while no relay serves or beside one.
struct Data {
    relay: Relay,
    readers: Readers,
}

impl Data {
    fn of(sanji: &Sanji) -> Self {
        let folder = DataFolder::open(&sanji.data()).unwrap();
        let keys = RelayKeys::open(&folder.keys(), &folder.store(), &mut sanji_server::random::rng()).unwrap();
        Data { relay: Relay::new(keys.county, keys.signing), readers: Readers::new(&folder.store()) }
    }

    fn has(&self, at: &EntryAt) -> bool {
        let county = self.relay.county();
        let found = self.readers.read(|ledger| {
            let mut book = Book::new(county, ledger);
            let chain = book.chain_of(at.doc, at.entry.actor).unwrap()?;
            let n = book.entry_no(chain.number, at.entry.seq).unwrap()?;
            book.entry(n).unwrap().map(|row| EntryRef::to(at.entry.actor, at.entry.seq, &row.hash))
        });
        found.unwrap() == Some(at.entry)
    }

    fn journal(&self, doc: DocId) -> Journal {
        self.readers.read(|ledger| self.relay.journal(ledger, doc)).unwrap().unwrap()
    }

    /// Nothing that a phone was told to be delivered is missing, and every receipt is of this log.
    fn assert_holds(&self, owners: &[Owner]) -> usize {
        let mut delivered = 0;
        for owner in owners {
            for at in owner.delivered() {
                assert!(self.has(&at), "{at:?} was delivered and is gone");
                delivered += 1;
            }
            for receipt in owner.phone.receipts().unwrap() {
                let head = &receipt.head.head;
                let l = self.readers.read(|ledger| Book::new(self.relay.county(), ledger).l(head.n)).unwrap();
                assert_eq!(l.unwrap(), Some(head.l), "the receipt's log is this one");
            }
        }
        delivered
    }
}

fn assert_verifies(sanji: &Sanji) {
    let report = sanji.json(&["verify"]).unwrap();
    assert_eq!(report["faults"], Value::Array(vec![]));
}

fn set_up(folder: &Path) -> (Sanji, Serve) {
    let sanji = Sanji::new(folder).unwrap();
    sanji.json(&["county", "import", "hezhang"]).unwrap();
    let teachers: String = (0..TEACHERS).map(|nth| format!("第一小学,李{nth},教师,是,,\n")).collect();
    let staff = format!("学校,姓名,岗位,任课,起始日期,结束日期\n第一小学,王甲,校长,是,,\n{teachers}");
    sanji.file("staff.csv", &staff).unwrap();
    sanji.json(&["staff", "import", "staff.csv"]).unwrap();
    let serve = sanji.serve(SocketAddr::from(([127, 0, 0, 1], 0)), &RATES).unwrap();
    (sanji, serve)
}

/// Phones that sync without a pause are no school's: the ordinary rates would hold them.
const RATES: [&str; 4] = ["--device-rate", "100000", "--address-rate", "1000000"];

async fn owners(sanji: &Sanji, serve: &Serve, folder: &Path) -> Vec<Owner> {
    let address = serve.address.to_string();
    let invited = sanji.json(&["invite", "--school", "第一小学", "--everyone", "--address", &address]).unwrap();
    let mut owners = Vec::new();
    for (nth, one) in invited.as_array().unwrap().iter().enumerate() {
        let phone = Place::new(folder, &format!("phone{nth}")).open(Machine::started(), None).unwrap();
        phone.enrol(one["qr"].as_str().unwrap()).await.unwrap();
        owners.push(Owner { phone, recorded: Vec::new(), rng: StdRng::seed_from_u64(SEED + nth as u64) });
    }
    assert_eq!(owners.len(), TEACHERS + 1);
    owners
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_missing_however_often_the_relay_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let (sanji, mut serve) = set_up(dir.path());
    let address = serve.address;
    let mut owners = owners(&sanji, &serve, dir.path()).await;
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut delivered = 0;
    for round in 0..ROUNDS {
        let time = Duration::from_millis(rng.random_range(50..1500));
        owners = load(owners, time, || serve.kill().unwrap()).await;
        delivered = Data::of(&sanji).assert_holds(&owners);
        assert_verifies(&sanji);
        serve = sanji.serve(address, &RATES).unwrap();
        if round == 0 {
            // Also before the write-ahead log was ever moved into the file, and right after a start.
            serve.kill().unwrap();
            serve = sanji.serve(address, &RATES).unwrap();
        }
    }
    assert!(delivered > 100, "only {delivered} entries were delivered under load");
    converge(&sanji, &owners).await;
    assert!(serve.terminate().unwrap().success());
    assert_verifies(&sanji);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_asked_to_stop_answers_whom_it_heard_and_leaves_one_file() {
    let dir = tempfile::tempdir().unwrap();
    let (sanji, serve) = set_up(dir.path());
    let address = serve.address;
    let owners = owners(&sanji, &serve, dir.path()).await;
    let mut ended = None;
    let owners = load(owners, Duration::from_millis(900), || ended = Some(serve.terminate().unwrap())).await;
    assert!(ended.unwrap().success());
    assert!(!sanji.data().join("relay.sqlite-wal").exists(), "the write-ahead log was moved into the file");
    assert!(Data::of(&sanji).assert_holds(&owners) > 0);
    assert_verifies(&sanji);
    let serve = sanji.serve(address, &RATES).unwrap();
    converge(&sanji, &owners).await;
    assert!(serve.terminate().unwrap().success());
}

/// Everybody syncs until nothing waits; then all who may read a document have what the relay has.
async fn converge(sanji: &Sanji, owners: &[Owner]) {
    for _ in 0..2 {
        for owner in owners {
            let mut unsent = u64::MAX;
            for _ in 0..20 {
                unsent = owner.phone.sync_now().await.unwrap().unsent;
                if unsent == 0 {
                    break;
                }
            }
            assert_eq!(unsent, 0);
        }
    }
    let data = Data::of(sanji);
    let docs: BTreeSet<DocId> = owners.iter().flat_map(|owner| &owner.recorded).map(|at| at.doc).collect();
    assert!(!docs.is_empty());
    let mut compared = 0;
    for doc in docs {
        let theirs = entries(&data.journal(doc));
        for owner in owners {
            let here = entries(&owner.phone.journal(doc).unwrap());
            if !here.is_empty() {
                assert_eq!(here, theirs, "{doc}");
                compared += 1;
            }
        }
    }
    assert!(compared > owners.len(), "authors and the principal have the documents");
    for owner in owners {
        for at in &owner.recorded {
            assert!(data.has(at), "{at:?} was recorded and never arrived");
        }
    }
}

fn entries(journal: &Journal) -> BTreeSet<(String, u64, [u8; 8])> {
    let fold = journal.fold();
    let entry = |item: &Item| (item.actor.to_string(), item.seq, item.hash.short());
    fold.lines().iter().map(|line| entry(line.item())).collect()
}
