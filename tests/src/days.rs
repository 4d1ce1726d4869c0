//! What a school records: four checks a person and school day, after-school sessions, visits with prose; and the phones that
//! record it.

use jiff::ToSpan;
use jiff::civil::{Date, Time, time};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sanji_core::crypto::SecretKey;
use sanji_core::ids::{DocId, VisitId};
use sanji_core::policy::Calendar;
use sanji_core::records::{
    Body, Check, Content, Direction, Handover, Instructor, PairingField, Part, Participant, Session, Stage, VisitClose,
    VisitKind, VisitOpen, VisitPart, VisitPeople, VisitPlan,
};
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::message::Refusal;
use sanji_core::sync::phone::MemoryStore;
use sanji_core::sync::relay::RelayError;
use sanji_core::time::{Minutes, UtcMs, instant};

use crate::phone::{Answers, Exchange, Phone};
use crate::prose::report;
use crate::school::{County, Person, School, key};
use crate::{Outcome, school};

/// The county's relay over a ledger, as whoever answers pushes. A refused push is an error of the caller's: nothing here
/// undoes what it may have half done.
pub struct InProcess<'a, L: Ledger> {
    /// The county.
    pub county: &'a County,
    /// The ledger.
    pub ledger: &'a mut L,
}

impl<L: Ledger> Answers for InProcess<'_, L> {
    fn answer(&mut self, now: UtcMs, body: &[u8]) -> Outcome<Result<Vec<u8>, Refusal>> {
        match self.county.relay.sync(self.ledger, now, body) {
            Ok(answer) => Ok(Ok(answer)),
            Err(RelayError::Refused(refusal)) => Err(format!("refused: {refusal}").into()),
            Err(RelayError::Ledger(e)) => Err(e.into()),
        }
    }
}

/// The four checks of a person's day at a primary school, in their order, each within minutes of its bell.
pub fn checks(rng: &mut impl Rng, day: Date) -> [(UtcMs, Direction); 4] {
    let bells = [
        (time(8, 22, 0, 0), Direction::In),
        (time(11, 41, 0, 0), Direction::Out),
        (time(14, 19, 0, 0), Direction::In),
        (time(17, 2, 0, 0), Direction::Out),
    ];
    bells.map(|(bell, direction)| (instant(day, bell).ms().plus(rng.random_range(-420_000..420_000)), direction))
}

/// A check without place.
pub fn check(direction: Direction) -> Body {
    Check { direction, place: None }.into()
}

/// The school days from `first` on, `count` of them.
pub fn school_days(first: Date, count: usize) -> Vec<Date> {
    let calendar = Calendar::national();
    first.series(1.day()).filter(|day| calendar.is_school_day(*day)).take(count).collect()
}

/// The school days of a term that begins on `first`: a hundred, as a term has.
pub fn term(first: Date) -> Vec<Date> {
    school_days(first, 100)
}

/// One after-school session, led by a person.
pub fn session(rng: &mut impl Rng, day: Date, by: Person) -> Body {
    let contents = [Content::Homework, Content::Reading, Content::Sport, Content::Arts, Content::Labour];
    let projects = ["", "书法", "合唱", "足球", "竹编"];
    let which = rng.random_range(0..contents.len());
    Session {
        date: day,
        start: time(16, [0, 10, 20][rng.random_range(0..3)], 0, 0),
        end: time(17, [30, 45, 55][rng.random_range(0..3)], 0, 0),
        content: contents[which],
        stage: Some(Stage::Primary),
        instructors: vec![Instructor { posting: Some(by.posting), name: None, outside: None, vetted: Some(true) }],
        pupils: Some(rng.random_range(18..52)),
        project: (which > 1).then(|| projects[which].to_owned()),
    }
    .into()
}

/// The handover at the end of a session.
pub fn handover(rng: &mut impl Rng, to: Person) -> Body {
    Handover { to: Some(to.posting), pupils: Some(rng.random_range(18..52)), text: None }.into()
}

/// A visit to a school: plan, opening on site, four parts with prose of about 200 characters in all, people, close.
pub fn visit(rng: &mut impl Rng, day: Date, host: &School, visitor: Person) -> Vec<Body> {
    let part = |part, text: String| Body::from(VisitPart { part, text });
    let guest = |rng: &mut _, duty: &str| Participant {
        person: None,
        name: Some(school::name(RngExt::random_range(rng, 0..school::STAFF))),
        duty: Some(duty.to_owned()),
    };
    vec![
        VisitPlan {
            kind: VisitKind::OnSiteGuidance,
            date: day,
            host: host.id,
            from: None,
            group: None,
            field: Some(PairingField::Guidance),
            visitors: vec![visitor.id],
            teachers: vec![host.staff[rng.random_range(0..school::STAFF)].posting],
            announced: Some(true),
        }
        .into(),
        VisitOpen {}.into(),
        part(Part::Plan, report(rng, 30)),
        part(Part::Measures, report(rng, 30)),
        part(Part::Record, report(rng, 80)),
        part(Part::Summary, report(rng, 50)),
        VisitPeople { people: vec![guest(rng, "语文"), guest(rng, "教务")] }.into(),
        VisitClose { minutes: Some(Minutes(rng.random_range(60..200))) }.into(),
    ]
}

/// A member of staff and their phone.
pub struct Member {
    /// Who.
    pub person: Person,
    /// The phone.
    pub phone: Phone<MemoryStore>,
}

/// A school at work: everybody records and syncs, by the clock of the days that are lived.
pub struct Life {
    /// The school.
    pub school: School,
    /// The principal.
    pub principal: Member,
    /// The others.
    pub staff: Vec<Member>,
    /// The bureau's visitor.
    pub visitor: Member,
    /// Chance.
    pub rng: ChaCha12Rng,
}

/// What is recorded beside checks on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extras {
    /// After-school sessions, each with a handover.
    pub sessions: usize,
    /// Visits.
    pub visits: usize,
}

impl Life {
    /// The people of a school and their phones, enrolled on a day.
    ///
    /// # Errors
    /// When a store or the ledger fails.
    pub fn begin(county: &County, nth: usize, ledger: &mut dyn Ledger, day: Date, seed: u64) -> Outcome<Self> {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let school = county.schools[nth].clone();
        let now = school::morning(day);
        let mut member = |person: Person| -> Outcome<Member> {
            let key: SecretKey = key(&mut rng);
            county.enrol(ledger, now, person.id, &key)?;
            let relay = county.relay.public_key();
            let phone = Phone::new(MemoryStore::default(), county.relay.county(), relay, person.id, key, now)?;
            Ok(Member { person, phone })
        };
        let principal = member(school.principal)?;
        let staff = school.staff.iter().map(|person| member(*person)).collect::<Outcome<Vec<_>>>()?;
        let visitor = member(Person { id: county.visitor, ..school.principal })?;
        Ok(Life { school, principal, staff, visitor, rng })
    }

    /// The staff record a day; nobody sends anything.
    ///
    /// # Errors
    /// When a store fails.
    pub fn record_day(&mut self, day: Date, extras: Extras) -> Outcome<()> {
        let rng = &mut self.rng;
        let mut leaders: Vec<usize> = (0..self.staff.len()).collect();
        leaders.shuffle(rng);
        let all: Vec<Person> = self.staff.iter().map(|m| m.person).collect();
        for (place, Member { person, phone }) in self.staff.iter_mut().enumerate() {
            if rng.random_range(0..7) == 0 {
                phone.reboot(instant(day, time(7, 30, 0, 0)).ms().plus(rng.random_range(0..1_800_000)));
            }
            for (at, direction) in checks(rng, day) {
                phone.record(at, DocId::duty(person.posting, day), check(direction))?;
            }
            if leaders.iter().take(extras.sessions).any(|leader| *leader == place) {
                let doc = DocId::register(self.school.id, day);
                let next = all[rng.random_range(0..all.len())];
                phone.record(after(day, time(17, 56, 0, 0), rng), doc, session(rng, day, *person))?;
                phone.record(after(day, time(17, 59, 0, 0), rng), doc, handover(rng, next))?;
            }
        }
        for _ in 0..extras.visits {
            let doc = DocId::visit(VisitId::random(rng), day);
            let mut at = after(day, time(9, 30, 0, 0), rng);
            for body in visit(rng, day, &self.school, self.visitor.person) {
                self.visitor.phone.record(at, doc, body)?;
                at = at.plus(rng.random_range(40_000..900_000));
            }
        }
        Ok(())
    }

    /// The staff send what waits, one after another through the evening; gives each one's bodies.
    ///
    /// # Errors
    /// When a store or the ledger fails.
    pub fn send<L: Ledger>(&mut self, county: &County, ledger: &mut L, day: Date) -> Outcome<Vec<Vec<Exchange>>> {
        let mut now = instant(day, time(18, 10, 0, 0)).ms();
        self.staff.shuffle(&mut self.rng);
        let mut sent = Vec::with_capacity(self.staff.len());
        for member in &mut self.staff {
            now = now.plus(self.rng.random_range(20_000..260_000));
            sent.push(member.phone.sync(&mut InProcess { county, ledger }, now)?);
        }
        if self.visitor.phone.unsent()? > 0 {
            self.visitor.phone.sync(&mut InProcess { county, ledger }, now.plus(60_000))?;
        }
        Ok(sent)
    }
}

fn after(day: Date, bell: Time, rng: &mut impl Rng) -> UtcMs {
    instant(day, bell).ms().plus(rng.random_range(0..150_000))
}

/// The evening of a day, when everybody has sent.
pub fn evening(day: Date) -> UtcMs {
    instant(day, time(21, 30, 0, 0)).ms()
}
