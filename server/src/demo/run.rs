//! The demonstration from its first to its last second.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::ToSpan;
use jiff::civil::{Date, time};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sanji_core::ids::{ActorId, DocId, PersonId, PostingId};
use sanji_core::phone::EntryAt;
use sanji_core::sync::phone::Recorded;
use sanji_core::time::{UtcMs, instant};

use super::DemoError;
use super::attack::Attacker;
use super::cast::Cast;
use super::clock::VirtualClock;
use super::fleet::Handset;
use super::host::Host;
use super::proxy::{Fate, Proxy};
use super::script::{Script, Which};
use super::setup;
use super::summary::{self, Identity, Summary};
use super::world::World;
use super::{agree, fleet};

pub use super::setup::Login;

/// How often every phone tries at the end before the demonstration gives up on it.
const LAST_TRIES: usize = 8;

/// What to play.
#[derive(Clone, Debug)]
pub struct Options {
    /// Replays the same week.
    pub seed: u64,
    /// The week's Monday.
    pub monday: Date,
    /// Where to listen at the end.
    pub port: u16,
}

/// A demonstration that was played; the relay still runs.
pub struct Running {
    /// What came of it.
    pub summary: Summary,
    /// Who can sign in.
    pub logins: Vec<Login>,
    /// The relay.
    pub host: Host,
    /// The week that was played.
    pub week: [Date; 7],
    /// What was not as it should be, in words.
    pub complaints: Vec<String>,
    folder: PathBuf,
}

impl Running {
    /// Stops the relay and removes the demonstration's files.
    ///
    /// # Errors
    /// When the relay fails to stop.
    pub async fn end(mut self) -> Result<(), DemoError> {
        self.host.stop().await?;
        std::fs::remove_dir_all(&self.folder)?;
        Ok(())
    }
}

/// The demonstration while it runs.
pub(super) struct Play {
    pub clock: VirtualClock,
    pub host: Host,
    pub proxy: Proxy,
    pub world: World,
    pub cast: Cast,
    pub week: [Date; 7],
    pub rng: StdRng,
    pub folder: PathBuf,
    pub phones: BTreeMap<Which, Handset>,
    /// Entries that were durably made, by what they are.
    pub made: BTreeSet<Identity>,
    /// Entries that died with a phone.
    pub perished: BTreeSet<Identity>,
    pub hostile: BTreeSet<ActorId>,
    pub attacker: Option<Attacker>,
    pub supervisor: PersonId,
    /// What later acts refer to.
    pub notes: Notes,
}

/// Entries and ids that later acts of the script refer to.
#[derive(Default)]
pub(super) struct Notes {
    pub leave: Option<EntryAt>,
    pub newcomer: Option<PostingId>,
    pub plans: BTreeMap<usize, EntryAt>,
    pub visits: BTreeMap<usize, DocId>,
    pub moved_to: Option<PostingId>,
}

/// Plays the week. `progress` is told what happens: a word, done, of how many.
///
/// # Errors
/// When something fails that no trouble of the script explains.
pub async fn run(options: &Options, progress: &mut dyn FnMut(&str, usize, usize)) -> Result<Running, DemoError> {
    let mut rng = StdRng::seed_from_u64(options.seed);
    let world = World::new(&mut rng);
    let mut week = [options.monday; 7];
    for (i, day) in (0i32..).zip(week.iter_mut()) {
        *day = options.monday.checked_add(i.days()).map_err(|e| DemoError::Script(e.to_string()))?;
    }
    let cast = Cast::new(&mut rng, &world, &week);
    let script = Script::new(&mut rng, &world, &cast, week);
    let folder = std::env::temp_dir().join(format!("sanji-demo-{}", std::process::id()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let friday = options.monday.checked_add(-3i32.days()).map_err(|e| DemoError::Script(e.to_string()))?;
    let clock = VirtualClock::at(instant(friday, time(8, 0, 0, 0)).ms());
    let host = Host::start(&folder.join("relay"), clock.clone(), 0, &mut rng).await?;
    let proxy = Proxy::start(host.address()).await?;
    let supervisor = PersonId::random(&mut rng);
    let mut stage = Play {
        clock,
        host,
        proxy,
        world,
        cast,
        week,
        rng,
        folder: folder.clone(),
        phones: BTreeMap::new(),
        made: BTreeSet::new(),
        perished: BTreeSet::new(),
        hostile: BTreeSet::new(),
        attacker: None,
        supervisor,
        notes: Notes::default(),
    };
    let imported = StdRng::seed_from_u64(stage.rng.next_u64());
    setup::county(&stage.host, &stage.world, options.monday, imported).await?;
    let logins = setup::logins(&stage.host, &stage.world, supervisor).await?;
    stage.hand_out_phones(progress).await?;

    let total = script.acts.len();
    for (done, (at, act)) in script.acts.into_iter().enumerate() {
        stage.clock.advance(at.ms());
        stage.play(act).await?;
        if done % 50 == 0 {
            progress("week", done, total);
        }
    }
    progress("week", total, total);
    let complaints = stage.come_home(progress).await?;
    let (summary, mut complaints) = stage.count(complaints)?;
    if !summary.is_sound() {
        complaints.push("the summary is not sound".into());
    }
    let Play { mut host, phones, .. } = stage;
    drop(phones);
    // The pages are those of the end, whatever was looked at on the way.
    host.listen_on(options.port).await?;
    Ok(Running { summary, logins, host, week, complaints, folder })
}

impl Play {
    /// A new phone for whoever the invitation is for, enrolled and synced once.
    pub async fn new_phone(&mut self, which: Which, person: Option<PersonId>) -> Result<(), DemoError> {
        let kiosk = (which == Which::Kiosk).then(|| self.world.schools[self.world.kiosk].id);
        let network = self.proxy.address();
        let qr = setup::invitation(&self.host, &mut self.rng, network, person, kiosk).await?;
        let handset = self.unenrolled(which)?;
        self.proxy.set(Fate::Through);
        handset.phone.enrol(&qr).await?;
        handset.phone.sync_now().await?;
        self.phones.insert(which, handset);
        Ok(())
    }

    /// A phone out of its box.
    pub fn unenrolled(&mut self, which: Which) -> Result<Handset, DemoError> {
        let folder = self.folder.join(format!("{which:?}").replace(['(', ')'], "-"));
        let seed = self.rng.next_u64();
        fleet::Handset::new(folder, &self.clock, self.proxy.address(), seed)
    }

    async fn hand_out_phones(&mut self, progress: &mut dyn FnMut(&str, usize, usize)) -> Result<(), DemoError> {
        let people: Vec<usize> = (0..self.world.people.len()).filter(|i| self.world.people[*i].phone).collect();
        for (done, person) in people.iter().enumerate() {
            self.new_phone(Which::First(*person), Some(self.world.people[*person].id)).await?;
            progress("phones", done, people.len());
        }
        let two = self.cast.two_phones;
        self.new_phone(Which::Second(two), Some(self.world.people[two].id)).await?;
        self.new_phone(Which::Kiosk, None).await?;
        self.set_pins().await?;
        progress("phones", people.len(), people.len());
        Ok(())
    }

    /// The principal sets the PINs of those who have no phone, and the kiosk learns them.
    async fn set_pins(&mut self) -> Result<(), DemoError> {
        let principal = Which::First(self.world.principal(self.world.kiosk));
        let postings: Vec<PostingId> = self.world.people.iter().filter(|p| !p.phone).map(|p| p.posting).collect();
        // The principal's phone hears of the kiosk first.
        self.phones[&principal].phone.sync_now().await?;
        for posting in postings {
            for made in self.phones[&principal].phone.set_pin(Some(posting), PIN)? {
                self.count_made(&made);
            }
        }
        self.phones[&principal].phone.sync_now().await?;
        self.phones[&Which::Kiosk].phone.sync_now().await?;
        Ok(())
    }

    /// Notes that a phone has durably made an entry.
    pub fn count_made(&mut self, made: &Recorded) {
        self.made.insert((made.doc, made.entry.actor, made.entry.seq));
    }

    /// The phone, if it exists.
    pub fn phone(&self, which: Which) -> Option<&Handset> {
        self.phones.get(&which).filter(|handset| handset.exists)
    }

    /// At the end every phone that exists finds a network and syncs until nothing waits.
    async fn come_home(&mut self, progress: &mut dyn FnMut(&str, usize, usize)) -> Result<Vec<String>, DemoError> {
        self.proxy.set(Fate::Through);
        let monday = self.week[6].tomorrow().map_err(|e| DemoError::Script(e.to_string()))?;
        self.clock.advance(instant(monday, time(7, 0, 0, 0)).ms());
        let all: Vec<Which> = self.phones.iter().filter(|(_, h)| h.exists).map(|(which, _)| *which).collect();
        let mut complaints = Vec::new();
        // First everybody brings what they have, then everybody fetches what the others brought.
        for round in 0..3 {
            for (done, which) in all.iter().enumerate() {
                let mut waiting = 0;
                for _ in 0..LAST_TRIES {
                    let now = self.clock.time();
                    self.clock.advance(now.plus(1500));
                    let outcome = self.phones[which].phone.sync_now().await?;
                    waiting = outcome.unsent;
                    if waiting == 0 && outcome.retry_in_ms.is_none() {
                        break;
                    }
                }
                if waiting > 0 {
                    complaints.push(format!("{which:?} still has {waiting} unsent"));
                }
                progress("home", round * all.len() + done, 3 * all.len());
            }
        }
        self.clock.advance(instant(monday, time(8, 0, 0, 0)).ms());
        progress("home", 1, 1);
        Ok(complaints)
    }

    fn count(&mut self, mut complaints: Vec<String>) -> Result<(Summary, Vec<String>), DemoError> {
        let now: UtcMs = self.clock.time();
        let app = self.host.app().clone();
        let relay = app.relay.clone();
        let (hostile, week) = (self.hostile.clone(), self.week);
        let (stored, counted, (verdicts, findings)) = app.readers.read(|ledger| {
            let stored = summary::on_relay(&relay, ledger, &hostile)?;
            let counted = summary::hostile_counted(&relay, ledger, &hostile)?;
            Ok::<_, DemoError>((stored, counted, summary::judge(&relay, ledger, &week, now)?))
        })??;
        let mut converged = true;
        for (which, handset) in self.phones.iter().filter(|(_, handset)| handset.exists) {
            let differing: Vec<DocId> =
                app.readers.read(|ledger| agree::differences(&relay, ledger, now, &handset.phone))??;
            if !differing.is_empty() {
                converged = false;
                complaints.push(format!("{which:?} differs from the relay in {differing:?}"));
            }
        }
        let living: BTreeSet<&Identity> = self.made.difference(&self.perished).collect();
        let lost = living.iter().filter(|made| !stored.contains(**made)).count();
        for made in living.iter().filter(|made| !stored.contains(**made)).take(5) {
            complaints.push(format!("lost: {made:?}"));
        }
        let summary = Summary {
            schools: self.world.schools.len(),
            phones: self.phones.len(),
            records: living.len(),
            on_relay: stored.len(),
            perished: self.perished.len(),
            lost,
            converged,
            hostile_counted: counted,
            verdicts,
            findings,
        };
        Ok((summary, complaints))
    }
}

/// The PIN of those who have no phone.
pub(super) const PIN: &str = "2580";
