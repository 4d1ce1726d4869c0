//! What the phone does when its files or keys are not as it left them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::support::*;
use sanji_core::phone::*;
use sanji_core::records::Direction;
use sanji_core::store::{FileKeys, KeyProvider, SqliteStore};
use sanji_core::sync::phone::PhoneStore;
use sanji_core::sync::phone::state::{Past, fact};

#[test]
fn a_phone_is_paused_resumed_and_closed_as_often_as_one_likes() {
    let home = Home::new();
    let phone = home.enrolled();
    phone.check(None, Direction::In, None).unwrap();
    phone.pause().unwrap();
    phone.pause().unwrap();
    assert_eq!(phone.check(None, Direction::Out, None), Err(PhoneError::Closed));
    assert_eq!(phone.today().unwrap_err(), PhoneError::Closed);
    let second = home.open();
    assert_eq!(phone.resume(), Err(PhoneError::Locked), "the file is let go of, and somebody else took it");
    drop(second);
    phone.resume().unwrap();
    phone.resume().unwrap();
    assert_eq!(phone.unsent().unwrap().entries, 1);
    phone.close().unwrap();
    phone.close().unwrap();
}

#[test]
fn one_process_has_the_records_at_a_time() {
    let home = Home::new();
    let phone = home.open();
    assert_eq!(Phone::open(home.config()).err(), Some(PhoneError::Locked));
    drop(phone);
    home.open();
}

#[test]
fn a_file_that_went_back_is_noticed_and_nothing_of_it_is_lost() {
    let home = Home::new();
    let phone = home.enrolled();
    let first = phone.check(None, Direction::In, None).unwrap();
    phone.pause().unwrap();
    let older = std::fs::read(home.records()).unwrap();
    phone.resume().unwrap();
    phone.check(None, Direction::Out, None).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(phone.sync_now()).unwrap();
    let actor = phone.actor().unwrap();
    drop(phone);
    std::fs::write(home.records(), older).unwrap();
    for tail in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(home.folder().join(format!("records.sanji{tail}")));
    }
    let phone = home.open();
    assert_eq!(phone.found().unwrap(), Found::WentBack);
    assert_ne!(phone.actor().unwrap(), actor, "the old chain may have gone on elsewhere");
    let today = phone.today().unwrap();
    assert_eq!(today.postings[0].checks.len(), 1);
    assert_eq!(today.postings[0].checks[0].judged, at(2, 8, 0));
    let again = phone.unsent().unwrap().issued_again;
    assert_eq!((again.len(), again[0].was), (1, first.entry));
    drop(phone);
    // Whoever opened them first, a sync in the background it may be, it is said for a day.
    let phone = home.open();
    phone.pause().unwrap();
    phone.resume().unwrap();
    assert_eq!(phone.found().unwrap(), Found::WentBack);
    home.clock.pass(86_400);
    assert_eq!(phone.found().unwrap(), Found::Sound);
    drop(phone);
    assert_eq!(home.open().found().unwrap(), Found::Sound);
}

#[test]
fn a_damaged_file_is_kept_and_recording_goes_on_under_a_key_that_the_old_one_signed() {
    let home = Home::new();
    let phone = home.enrolled();
    phone.check(None, Direction::In, None).unwrap();
    let actor = phone.actor().unwrap();
    drop(phone);
    std::fs::write(home.records(), vec![0x55; 9000]).unwrap();
    let _ = std::fs::remove_file(home.folder().join("records.sanji-wal"));
    let phone = home.open();
    let Found::Replaced { kept, .. } = phone.found().unwrap() else { panic!() };
    assert_eq!(std::fs::read(kept).unwrap(), vec![0x55; 9000]);
    assert_eq!((phone.damaged_records().unwrap(), phone.locked_records().unwrap()), (1, 0));
    assert_eq!(phone.holder().unwrap().person, Some(TEACHER), "whose phone it is doesn't hang on the records");
    assert_ne!(phone.actor().unwrap(), actor);
    phone.check(None, Direction::Out, None).unwrap();
    assert_eq!(phone.unsent().unwrap().entries, 1);
}

#[test]
fn a_key_storage_that_lost_its_key_keeps_the_file_and_recording_goes_on() {
    let home = Home::new();
    let phone = home.enrolled();
    phone.check(None, Direction::In, None).unwrap();
    let actor = phone.actor().unwrap();
    drop(phone);
    let other = Arc::new(FileKeys::open(home.dir.path().join("other keys")).unwrap());
    let phone = Phone::open(home.with_keys(other)).unwrap();
    assert!(matches!(phone.found().unwrap(), Found::Replaced { .. }));
    assert_ne!(phone.actor().unwrap(), actor);
    phone.check(None, Direction::Out, None).unwrap();
}

/// A key storage that answers only when it is in the mood.
struct Moody {
    keys: Arc<FileKeys>,
    busy: AtomicBool,
}

impl Moody {
    fn of(home: &Home) -> Arc<Self> {
        Arc::new(Moody { keys: home.keys(), busy: AtomicBool::new(false) })
    }

    fn set_busy(&self, busy: bool) {
        self.busy.store(busy, Ordering::SeqCst);
    }

    fn is_busy(&self) -> bool {
        self.busy.load(Ordering::SeqCst)
    }
}

impl KeyProvider for Moody {
    fn wrap(&self, key: &[u8; 32]) -> std::result::Result<Vec<u8>, String> {
        if self.is_busy() { Err("not before the first unlock".into()) } else { self.keys.wrap(key) }
    }

    fn unwrap(&self, wrapped: &[u8]) -> std::result::Result<[u8; 32], KeyError> {
        if self.is_busy() {
            return Err(KeyError::Unavailable("not before the first unlock".into()));
        }
        self.keys.unwrap(wrapped)
    }

    fn counter(&self) -> std::result::Result<u64, String> {
        self.keys.counter()
    }

    fn set_counter(&self, n: u64) -> std::result::Result<(), String> {
        self.keys.set_counter(n)
    }
}

/// The earlier keys of this phone, and whether the phone still has them: a new one is signed by such a key.
fn earlier_keys(home: &Home) -> Vec<bool> {
    let mut store = SqliteStore::open(&home.records(), home.keys().as_ref()).unwrap();
    let past = store.read(fact::<Past>).unwrap();
    past.map_or(Vec::new(), |past| past.actors.iter().map(|actor| actor.seed.is_some()).collect())
}

fn files(home: &Home) -> Vec<String> {
    let files = std::fs::read_dir(home.folder()).unwrap();
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
    names.sort();
    names
}

fn unavailable<T>(result: Result<T>) {
    let error = result.err().unwrap();
    assert!(matches!(error, PhoneError::KeysUnavailable(_)), "{error}");
    assert_eq!(error.code(), "keys_unavailable");
}

#[test]
fn a_key_storage_that_does_not_answer_moves_nothing_and_the_next_try_opens_what_was_there() {
    let home = Home::new();
    let keys = Moody::of(&home);
    keys.set_busy(true);
    unavailable(Phone::open(home.with_keys(keys.clone())));
    let phone = home.enrolled();
    phone.check(None, Direction::In, None).unwrap();
    let actor = phone.actor().unwrap();
    drop(phone);
    let before = files(&home);
    unavailable(Phone::open(home.with_keys(keys.clone())));
    unavailable(Phone::open(home.with_keys(keys.clone())));
    assert_eq!(files(&home), before);
    keys.set_busy(false);
    let phone = Phone::open(home.with_keys(keys)).unwrap();
    assert_eq!(phone.found().unwrap(), Found::Sound);
    assert_eq!((phone.actor().unwrap(), phone.unsent().unwrap().entries), (actor, 1));
}

#[test]
fn a_key_storage_that_does_not_answer_when_damage_is_found_costs_neither_the_file_nor_the_signature_of_the_old_key() {
    let home = Home::new();
    drop(home.enrolled());
    let keys = Moody::of(&home);
    let phone = Phone::open(home.with_keys(keys.clone())).unwrap();
    phone.check(None, Direction::In, None).unwrap();
    let file = rusqlite::Connection::open(home.records()).unwrap();
    // Table 1 holds the entries.
    assert_eq!(file.execute("UPDATE rows SET value = zeroblob(80) WHERE tab = 1", []).unwrap(), 1);
    drop(file);
    let before = files(&home);
    keys.set_busy(true);
    unavailable(phone.check(None, Direction::Out, None));
    assert_eq!(files(&home), before);
    keys.set_busy(false);
    phone.check(None, Direction::Out, None).unwrap();
    assert_eq!(phone.today().unwrap().postings[0].checks.len(), 1);
    drop(phone);
    assert_eq!(earlier_keys(&home), [true]);
}

#[test]
fn records_that_are_gone_begin_anew_only_once_the_key_storage_answers() {
    let home = Home::new();
    drop(home.enrolled());
    for tail in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(home.folder().join(format!("records.sanji{tail}")));
    }
    let keys = Moody::of(&home);
    keys.set_busy(true);
    unavailable(Phone::open(home.with_keys(keys.clone())));
    keys.set_busy(false);
    let phone = Phone::open(home.with_keys(keys)).unwrap();
    assert!(matches!(phone.found().unwrap(), Found::Replaced { .. }));
    assert_eq!(phone.holder().unwrap().person, Some(TEACHER));
    drop(phone);
    assert_eq!(earlier_keys(&home), [true]);
}

#[test]
fn a_key_that_could_not_be_kept_beside_the_records_is_kept_at_the_next_start() {
    let home = Home::new();
    let keys = Moody::of(&home);
    let phone = Phone::open(home.with_keys(keys.clone())).unwrap();
    let pass = pass(phone.device_key().unwrap());
    keys.set_busy(true);
    phone.enrol_with_certificate(&pass).unwrap();
    drop(phone);
    keys.set_busy(false);
    drop(home.open());
    std::fs::write(home.records(), vec![0x55; 9000]).unwrap();
    let _ = std::fs::remove_file(home.folder().join("records.sanji-wal"));
    drop(home.open());
    assert_eq!(earlier_keys(&home), [true]);
}

#[test]
fn a_row_that_was_changed_behind_the_phone_stops_nothing() {
    let home = Home::new();
    let phone = home.enrolled();
    phone.check(None, Direction::In, None).unwrap();
    drop(phone);
    let file = rusqlite::Connection::open(home.records()).unwrap();
    // Table 1 holds the entries.
    let changed = file.execute("UPDATE rows SET value = zeroblob(80) WHERE tab = 1", []).unwrap();
    assert_eq!(changed, 1);
    drop(file);
    let phone = home.open();
    phone.check(None, Direction::Out, None).unwrap();
    assert!(matches!(phone.found().unwrap(), Found::Replaced { .. }));
    let today = phone.today().unwrap();
    assert_eq!(today.postings[0].checks.len(), 1);
}

#[test]
fn a_newer_file_is_refused_with_a_clear_message() {
    let home = Home::new();
    drop(home.enrolled());
    let file = rusqlite::Connection::open(home.records()).unwrap();
    file.pragma_update(None, "user_version", 9).unwrap();
    drop(file);
    let refused = Phone::open(home.config()).err().unwrap();
    assert_eq!(refused, PhoneError::Newer);
    assert!(refused.to_string().contains("update"));
}

#[test]
fn the_county_can_open_the_data_key_once_the_phone_is_enrolled() {
    let home = Home::new();
    drop(home.enrolled());
    let file = rusqlite::Connection::open(home.records()).unwrap();
    let sql = "SELECT key FROM wrapped WHERE name = ?1";
    let wrapped = |name: &str| -> Vec<u8> { file.query_row(sql, [name], |row| row.get(0)).unwrap() };
    let county = crypto_box::SecretKey::from([8; 32]);
    assert_eq!(county.unseal(&wrapped("county")).unwrap(), home.keys().unwrap(&wrapped("provider")).unwrap().to_vec());
}
