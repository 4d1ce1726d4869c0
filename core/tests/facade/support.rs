//! Phones in folders of their own, with clocks that a test moves.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use jiff::civil::{Date, date, time};
use rand::SeedableRng;
use sanji_core::crypto::{PublicKey, SecretKey, Signature};
use sanji_core::ids::*;
use sanji_core::labels;
use sanji_core::phone::*;
use sanji_core::records::Role;
use sanji_core::records::field::Bytes;
use sanji_core::store::{FileKeys, KeyProvider};
use sanji_core::sync::enrol::{Card, Pass};
use sanji_core::sync::message::Certificate;
use sanji_core::sync::phone::Recorded;
use sanji_core::time::{UtcSecs, instant};

pub const COUNTY: CountyId = CountyId(*b"hezhang1");
pub const SCHOOL: SchoolId = SchoolId(*b"school-1");
pub const TEACHER: PersonId = PersonId(*b"p-teach1");
pub const POSTING: PostingId = PostingId(*b"o-teach1");

static STARTS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);

pub fn day(d: i8) -> Date {
    date(2026, 3, d)
}

pub fn at(d: i8, hour: i8, minute: i8) -> UtcSecs {
    instant(day(d), time(hour, minute, 0, 0))
}

pub fn entry(recorded: &Recorded) -> EntryAt {
    EntryAt { doc: recorded.doc, entry: recorded.entry }
}

/// Clocks that stand until they are moved.
pub struct TestClock(Mutex<(i64, u64, u32)>);

impl TestClock {
    pub fn new(now: UtcSecs) -> Arc<Self> {
        Arc::new(TestClock(Mutex::new((now.0, 5_000_000, 1))))
    }

    pub fn pass(&self, seconds: u64) {
        let mut clocks = self.0.lock().unwrap();
        clocks.0 += seconds as i64;
        clocks.1 += seconds * 1000;
    }

    pub fn set_wall(&self, wall: UtcSecs) {
        self.0.lock().unwrap().0 = wall.0;
    }

    pub fn reboot(&self) {
        let mut clocks = self.0.lock().unwrap();
        clocks.1 = 1000;
        clocks.2 += 1;
    }
}

impl Clock for TestClock {
    fn wall(&self) -> UtcSecs {
        UtcSecs(self.0.lock().unwrap().0)
    }

    fn elapsed_ms(&self) -> u64 {
        self.0.lock().unwrap().1
    }

    fn boot(&self) -> String {
        self.0.lock().unwrap().2.to_string()
    }
}

/// Where a phone lives.
pub struct Home {
    pub dir: tempfile::TempDir,
    pub clock: Arc<TestClock>,
}

impl Home {
    pub fn new() -> Self {
        Home { dir: tempfile::tempdir().unwrap(), clock: TestClock::new(at(2, 8, 0)) }
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("phone")
    }

    pub fn records(&self) -> PathBuf {
        self.folder().join("records.sanji")
    }

    pub fn keys(&self) -> Arc<FileKeys> {
        Arc::new(FileKeys::open(self.dir.path().join("keys")).unwrap())
    }

    pub fn config(&self) -> PhoneConfig {
        let mut config = PhoneConfig::new(self.folder(), self.keys(), self.clock.clone());
        // Each start draws other numbers, as a real phone does.
        let seed = STARTS.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        config.rng = Box::new(rand_chacha::ChaCha12Rng::seed_from_u64(seed));
        config
    }

    pub fn with_keys(&self, keys: Arc<dyn KeyProvider>) -> PhoneConfig {
        PhoneConfig { keys, ..self.config() }
    }

    pub fn open(&self) -> Phone {
        Phone::open(self.config()).unwrap()
    }

    /// A phone that was enrolled by a principal's certificate.
    pub fn enrolled(&self) -> Phone {
        let phone = self.open();
        phone.enrol_with_certificate(&pass(phone.device_key().unwrap())).unwrap();
        phone
    }
}

pub fn card() -> Card {
    let relay = SecretKey::from_seed(&[7; 32]).public();
    Card {
        county: COUNTY,
        // A port on which nothing listens.
        addresses: vec!["127.0.0.1:9".into()],
        relay: Bytes(relay.0.to_vec()),
        seal: Bytes(crypto_box::SecretKey::from([8; 32]).public_key().as_bytes().to_vec()),
        pin: Bytes(vec![9; 32]),
    }
}

/// What a principal's phone shows for a teacher's key.
pub fn pass(key: PublicKey) -> String {
    let issuer = SecretKey::from_seed(&[2; 32]);
    let mut certificate = Certificate {
        key,
        person: TEACHER,
        role: Role::Staff,
        school: SCHOOL,
        posting: Some(POSTING),
        number: 1,
        expires: day(20),
        issuer: issuer.public().actor(),
        signature: Signature([0; 64]),
    };
    certificate.signature = issuer.sign(labels::CERTIFICATE, &certificate.signed_bytes(COUNTY));
    Pass { card: card(), certificate }.to_qr()
}
