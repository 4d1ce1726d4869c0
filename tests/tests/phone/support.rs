//! A county whose relay serves over HTTPS, and people with phones. One clock for all, which a test moves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use jiff::civil::{Date, date, time};
use rand::SeedableRng;
use sanji_core::crypto::PackHash;
use sanji_core::documents::journal::Journal;
use sanji_core::ids::*;
use sanji_core::phone::*;
use sanji_core::policy::Pack;
use sanji_core::records::*;
use sanji_core::review::pack_hash;
use sanji_core::store::FileKeys;
use sanji_core::sync::bundle::{self, Bundle, BundleError};
use sanji_core::sync::enrol::{Invitation, Secret};
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::{BundleTaken, Desk, RelayError};
use sanji_core::time::{UtcMs, UtcSecs, instant, midnight};
use sanji_server::app::{App, Settings};
use sanji_server::blobs::Blobs;
use sanji_server::folder::DataFolder;
use sanji_server::http::serve::{Serving, listen};
use sanji_server::http::tls;
use sanji_server::keys::RelayKeys;
use sanji_server::random::rng;
use sanji_server::store::SqliteLedger;
use tokio::runtime::Runtime;

pub const SCHOOL: SchoolId = SchoolId(*b"school-1");
pub const ADMIN: PersonId = PersonId(*b"p-admin-");
pub const PRINCIPAL: PersonId = PersonId(*b"p-princ1");
pub const TEACHER: PersonId = PersonId(*b"p-teach1");
pub const COLLEAGUE: PersonId = PersonId(*b"p-colle1");

pub fn posting(person: PersonId) -> PostingId {
    let mut id = person.0;
    id[0] = b'o';
    PostingId(id)
}

pub fn day(d: i8) -> Date {
    date(2026, 3, d)
}

pub fn at(d: i8, hour: i8, minute: i8) -> UtcMs {
    instant(day(d), time(hour, minute, 0, 0)).ms()
}

/// The clock of relay and phones.
pub struct TestClock(AtomicI64);

impl sanji_server::clock::Clock for TestClock {
    fn now(&self) -> UtcMs {
        UtcMs(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

impl Clock for TestClock {
    fn wall(&self) -> UtcSecs {
        UtcMs(self.0.load(Ordering::SeqCst)).secs()
    }

    fn elapsed_ms(&self) -> u64 {
        (self.0.load(Ordering::SeqCst) - midnight(date(2025, 9, 1)).ms().0) as u64
    }

    fn boot(&self) -> String {
        "1".into()
    }
}

/// A phone's clock whose wall time is ahead of everyone's by so many seconds.
struct Ahead(Arc<TestClock>, i64);

impl Clock for Ahead {
    fn wall(&self) -> UtcSecs {
        self.0.wall().plus(self.1)
    }

    fn elapsed_ms(&self) -> u64 {
        self.0.elapsed_ms()
    }

    fn boot(&self) -> String {
        self.0.boot()
    }
}

pub struct County {
    runtime: Runtime,
    serving: Option<Serving>,
    keys: RelayKeys,
    clock: Arc<TestClock>,
    address: SocketAddr,
    dir: tempfile::TempDir,
    seed: AtomicU64,
}

impl Drop for County {
    fn drop(&mut self) {
        if let Some(serving) = self.serving.take() {
            self.runtime.block_on(serving.stop()).unwrap();
        }
    }
}

/// The school, as the county has it.
pub fn school() -> SchoolSet {
    SchoolSet {
        school: SCHOOL,
        name: "可乐小学".into(),
        kind: SchoolKind::Primary,
        senior: None,
        township: "可乐乡".into(),
        county_town: None,
        boarding: None,
        from: date(2020, 9, 1),
        to: None,
        area: None,
    }
}

impl County {
    pub fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(&dir.path().join("relay")).unwrap();
        let keys = RelayKeys::open(&folder.keys(), &folder.store(), &mut rng()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(at(2, 7, 0).0)));
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let addresses = vec![listener.local_addr().unwrap().to_string()];
        let tls = tls::config(&keys, None).unwrap();
        // Many syncs of one device in a short test.
        let settings =
            Settings { device_rate: sanji_server::http::limits::Rate::new(100_000, 100_000), ..Settings::default() };
        let serving = runtime.block_on(async {
            let (app, writer) = App::start(&folder, &keys, addresses, clock.clone(), settings, true).unwrap();
            Serving::start(app, writer, Router::new(), listener, Some(tls)).unwrap()
        });
        let address = serving.address;
        let county = County { runtime, serving: Some(serving), keys, clock, address, dir, seed: AtomicU64::new(1) };
        county.found();
        county
    }

    fn found(&self) {
        let pack: PackHash = pack_hash(Pack::named("hezhang-2021").unwrap());
        let county = self.card().county;
        let doc = DocId::county(county, day(1));
        self.admin(|relay, ledger, now| {
            relay.grant(ledger, now, ADMIN, Role::Administrator, Scope::County, (date(2026, 1, 1), None)).map(|_| ())
        });
        self.write(doc, school());
        let map =
            PackMap { pack, chapter: "office".into(), from: date(2022, 8, 1), townships: vec![], schools: vec![] };
        self.write(doc, map);
        for (person, role, name) in [
            (PRINCIPAL, Role::Principal, "陈校长"),
            (TEACHER, Role::Staff, "李老师"),
            (COLLEAGUE, Role::Staff, "张老师"),
        ] {
            let from = date(2025, 9, 1);
            let name = name.into();
            let row = RosterSet { person, posting: posting(person), name, role, from, to: None, teaches: Some(true) };
            self.write(DocId::school(SCHOOL, day(1)), row);
        }
    }

    pub fn admin<T: Send + 'static>(
        &self,
        work: impl FnOnce(&sanji_core::sync::relay::Relay, &mut SqliteLedger, UtcMs) -> std::result::Result<T, RelayError>
        + Send
        + 'static,
    ) -> T {
        let app = self.serving.as_ref().unwrap().app();
        let relay = app.relay.clone();
        let done = self.block_on(app.writer.run(move |ledger: &mut SqliteLedger, now| work(&relay, ledger, now)));
        done.unwrap().unwrap()
    }

    pub fn write(&self, doc: DocId, body: impl Into<Body>) {
        let body = body.into();
        self.admin(move |relay, ledger, now| {
            relay.write(ledger, now, Desk { person: ADMIN }, vec![(doc, vec![], body)]).map(|_| ())
        });
    }

    pub fn card(&self) -> sanji_core::sync::enrol::Card {
        self.keys.card(vec![self.address.to_string()])
    }

    pub fn address(&self) -> String {
        self.address.to_string()
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn set(&self, now: UtcMs) {
        self.clock.0.store(now.0, Ordering::SeqCst);
    }

    pub fn journal(&self, doc: DocId) -> Journal {
        self.admin(move |relay, ledger, _| relay.journal(ledger, doc))
    }

    pub fn invite(&self, person: Option<PersonId>, school: Option<SchoolId>) -> Invitation {
        let card = self.card();
        let secret = Secret::random(&mut rng());
        let hash = secret.hash(card.county);
        let expires = UtcMs(self.clock.0.load(Ordering::SeqCst)).plus(30 * 86_400_000);
        self.admin(move |relay, ledger, now| relay.invite(ledger, now, &hash, person, school, expires));
        Invitation { card, secret }
    }

    /// Takes a file of unsent records in, as `sanji bundle import` does.
    pub fn import(&self, file: &[u8]) -> std::result::Result<BundleTaken, BundleError> {
        let sealed = bundle::sealed(self.keys.county, file)?;
        let opened = self.keys.recovery.unseal(sealed).map_err(|_| BundleError::Sealed)?;
        let bundle = Bundle::from_bytes(&opened)?;
        let blobs = Blobs::new(&DataFolder::open(&self.dir.path().join("relay")).unwrap().blobs());
        Ok(self.admin(move |relay, ledger, now| {
            let taken = relay.take_bundle(ledger, now, &bundle)?;
            taken.blobs.iter().for_each(|(hash, bytes)| blobs.put(hash, bytes).unwrap());
            Ok(taken)
        }))
    }

    /// A phone enrolled for a person.
    pub fn phone(&self, person: PersonId) -> Person {
        self.phone_ahead(person, 0)
    }

    /// Somebody's enrolled phone whose wall clock is ahead by so many seconds.
    pub fn phone_ahead(&self, person: PersonId, ahead: i64) -> Person {
        let invitation = self.invite(Some(person), None);
        let new = Person::ahead(self, ahead);
        self.block_on(new.phone.enrol(&invitation.to_qr())).unwrap();
        new
    }

    /// The school's kiosk.
    pub fn kiosk(&self) -> Person {
        self.kiosk_of(SCHOOL)
    }

    /// A school's kiosk.
    pub fn kiosk_of(&self, school: SchoolId) -> Person {
        let invitation = self.invite(None, Some(school));
        let new = Person::new(self);
        self.block_on(new.phone.enrol(&invitation.to_qr())).unwrap();
        new
    }
}

/// Somebody with a phone.
pub struct Person {
    pub phone: Phone,
    seed: u64,
    ahead: i64,
}

impl Person {
    pub fn new(county: &County) -> Self {
        Person::ahead(county, 0)
    }

    fn ahead(county: &County, ahead: i64) -> Self {
        let seed = county.seed.fetch_add(1, Ordering::SeqCst);
        Person { phone: Phone::open(config(county, seed, ahead)).unwrap(), seed, ahead }
    }

    /// The folder of the phone's key storage.
    pub fn keys(&self, county: &County) -> std::path::PathBuf {
        county.dir.path().join(format!("keys {}", self.seed))
    }

    /// The phone is started again; `between` happens while it is off.
    pub fn restart(&mut self, county: &County, between: impl FnOnce()) {
        self.phone.close().unwrap();
        between();
        self.phone = Phone::open(config(county, self.seed, self.ahead)).unwrap();
    }

    /// Syncs over a network that works.
    pub fn sync(&self, county: &County) -> SyncOutcome {
        let outcome = county.block_on(self.phone.sync_now()).unwrap();
        assert_eq!((outcome.offline.as_deref(), outcome.retry_in_ms), (None, None), "{outcome:?}");
        outcome
    }
}

fn config(county: &County, seed: u64, ahead: i64) -> PhoneConfig {
    let folder = county.dir.path().join(format!("phone {seed}"));
    let keys = FileKeys::open(county.dir.path().join(format!("keys {seed}"))).unwrap();
    let mut config = PhoneConfig::new(folder, Arc::new(keys), Arc::new(Ahead(county.clock.clone(), ahead)));
    // Each start draws other numbers, as a real phone does.
    let start = county.seed.fetch_add(1, Ordering::SeqCst);
    config.rng = Box::new(rand_chacha::ChaCha12Rng::seed_from_u64(seed << 32 | start));
    config
}
