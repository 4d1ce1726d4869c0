//! Weeks drawn from seeds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rand::RngExt;
use rand::seq::IndexedRandom;
use sanji_core::records::{Role, SettingSet};
use sanji_core::sync::phone::{Event, Standing};
use sanji_core::sync::relay::rows::DeviceState;

use crate::chance::Fault;
use crate::county::*;
use crate::device::Disk;
use crate::world::{What, World};

/// Seeds of the ordinary run.
const SEEDS: u64 = 500;
/// How many entries a week has at least.
const ENTRIES: usize = 200;

/// Plays a week.
fn play(world: &mut World) {
    let count = world.rng.random_range(0..7);
    let faults: Vec<Fault> = Fault::ALL.sample(&mut world.rng, count).copied().collect();
    world.note(|_| format!("faults {faults:?}"));
    for (name, person, school) in [
        ("principal", PRINCIPAL, SCHOOL),
        ("deputy", DEPUTY, SCHOOL),
        ("teacher", TEACHER, SCHOOL),
        ("teacher's tablet", TEACHER, SCHOOL),
        ("colleague", COLLEAGUE, SCHOOL),
        ("moved", MOVED, SCHOOL),
        ("other head", OTHER_HEAD, OTHER),
    ] {
        world.invited(name, Some(person), school);
    }
    world.invited("kiosk", None, SCHOOL);
    let mut old: Vec<Option<Disk>> = Vec::new();
    let (newcomer, moves) = (world.rng.random_range(40..160), world.rng.random_range(40..160));
    let (mut came, mut gone) = (false, false);
    while world.truth.made.len() < ENTRIES {
        let step = world.rng.random_range(0..40 * 60_000);
        world.pass(step);
        let here: Vec<usize> = (0..world.devices.len()).filter(|at| world.devices[*at].here).collect();
        let at = *here.choose(&mut world.rng).unwrap();
        old.resize(world.devices.len(), None);
        match world.rng.random_range(0..100) {
            0..50 => world.act(at),
            50..62 => world.sync(at),
            62..68 => {
                let now = world.now;
                world.devices[at].handle(now, Event::Due);
            }
            68..90 => {
                for at in here {
                    world.perform(at);
                }
                world.post(&faults);
            }
            90..92 => old[at] = Some(world.devices[at].disk.clone()),
            92..93 => world.copies.push(world.county.ledger.clone()),
            93..95 => {
                let date = world.now.secs().plus(-world.rng.random_range(0..2 * 86_400)).date();
                for person in [PRINCIPAL, TEACHER, COLLEAGUE, MOVED, NEWCOMER] {
                    world.check_cell(posting(person), date);
                }
            }
            _ => world.misfortune(&faults, &mut old),
        }
        if !came && world.truth.made.len() > newcomer && world.devices[0].here {
            came = true;
            world.certify(0, "newcomer");
        }
        if !gone && world.truth.made.len() > moves {
            gone = true;
            relocate(world);
        }
    }
}

/// The administrator moves a teacher to another school.
fn relocate(world: &mut World) {
    let today = world.now.secs().date();
    let school = |of| sanji_core::ids::DocId::school(of, today);
    let mut id = posting(MOVED);
    id.0[7] = b'2';
    let first = today.tomorrow().unwrap();
    let before = vec![world.county.rows[&MOVED]];
    world.desk(school(SCHOOL), before, roster(MOVED, posting(MOVED), Role::Staff, day(1), Some(today)));
    world.desk(school(OTHER), vec![], roster(MOVED, id, Role::Staff, first, None));
    for device in world.devices.iter_mut().filter(|device| device.person == Some(MOVED)) {
        (device.posting, device.school) = (id, OTHER);
    }
}

/// Everything that still exists syncs over a sound network until nothing moves any more; the administrator confirms what a
/// relay that went back took in again.
fn converge(world: &mut World) {
    world.note(|_| "the network is sound from here".into());
    while let Some(letter) = world.letters.pop() {
        if matches!(letter.what, What::Request(_)) && world.chance(50) {
            world.deliver(letter);
        }
    }
    come_to_rest(world);
    let waits = |state| matches!(state, DeviceState::Unconfirmed | DeviceState::Recovered);
    let devices = world.county.book().devices().unwrap();
    if world.went_back || devices.iter().any(|device| waits(device.state)) {
        confirm_all(world);
        come_to_rest(world);
    }
}

/// Everybody syncs in turn until a whole round changes nothing.
fn come_to_rest(world: &mut World) {
    for _ in 0..30 {
        world.moved = false;
        for at in 0..world.devices.len() {
            if world.devices[at].here {
                world.pass(600_000);
                world.sync(at);
                invite_unknown(world, at);
            }
        }
        if !world.moved {
            return;
        }
    }
    panic!("it doesn't come to rest");
}

/// Whom the relay doesn't know, the administrator invites again.
fn invite_unknown(world: &mut World, at: usize) {
    let unknown = matches!(world.devices[at].standing(), Standing::Unknown | Standing::Certificate(_));
    if !unknown || world.revoked.contains(&at) {
        return;
    }
    let (device, now) = (&world.devices[at], world.now);
    let (key, person) = (device.machine.forge().public(), device.person);
    let kiosk = person.is_none().then_some(device.school);
    world.county.relay.enrol(&mut world.county.ledger, now, key, person, kiosk).unwrap();
    // The relay takes it that a device which it enrols begins now.
    world.devices[at].split = true;
    world.moved = true;
    world.note(|w| format!("{} is invited again", w.devices[at].name));
}

/// The administrator confirms whatever waits for it.
fn confirm_all(world: &mut World) {
    let now = world.now;
    let setting = SettingSet { name: "publication".into(), value: "friday".into() };
    world.desk(sanji_core::ids::DocId::county(COUNTY, day(1)), vec![], setting);
    for device in world.county.book().devices().unwrap() {
        world.county.relay.confirm(&mut world.county.ledger, now, device.actor()).unwrap();
    }
}

fn check(world: &mut World) {
    world.truth.committed(&mut world.county);
    world.check_arrival();
    world.check_marks();
    world.check_agreement();
    world.check_devices();
    world.check_time();
    world.county.assert_sound();
    world.check_automerge();
}

fn run(seed: u64, trace: bool) -> Result<World, (World, String)> {
    let mut world = World::new(seed, trace);
    let played = catch_unwind(AssertUnwindSafe(|| {
        play(&mut world);
        converge(&mut world);
        check(&mut world);
    }));
    match played {
        Ok(()) => Ok(world),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
            Err((world, text.unwrap_or_default()))
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}

/// Plays seeds on all cores; fails with the first bad seed, and what happened in it.
#[test]
fn whatever_goes_wrong_in_a_week_nothing_is_lost_and_everybody_sees_the_same() {
    let seeds: Vec<u64> = match number("SANJI_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("SANJI_SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(seeds.len());
    let bad = std::sync::Mutex::new(Vec::new());
    let entries = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (seeds, bad, entries) = (&seeds, &bad, &entries);
            scope.spawn(move || {
                for seed in seeds.iter().skip(thread).step_by(threads) {
                    match run(*seed, seeds.len() == 1) {
                        Ok(world) => {
                            entries.fetch_add(world.truth.made.len(), std::sync::atomic::Ordering::Relaxed);
                        }
                        Err((_, text)) => bad.lock().unwrap().push((*seed, text)),
                    }
                }
            });
        }
    });
    let mut bad = bad.into_inner().unwrap();
    bad.sort();
    println!("{} seeds, {} entries, {} failed", seeds.len(), entries.into_inner(), bad.len());
    for (seed, text) in bad.iter().take(40) {
        println!("seed {seed}: {}", text.lines().next().unwrap_or_default());
    }
    if let Some((seed, text)) = bad.first() {
        if let Err((world, _)) = run(*seed, true) {
            println!("{}", world.trace.unwrap_or_default().join("\n"));
        }
        panic!("seed {seed} (replay it with SANJI_SEED={seed}): {text}");
    }
}
