//! What each act of the script does.

use jiff::civil::{Date, time};
use rand::RngExt;
use sanji_core::ids::{DocId, PostingId};
use sanji_core::phone::{EntryAt, LeaveRequest, PendingKind, PhoneError};
use sanji_core::records::{
    CheckTime, Content, Decision, Direction, Instructor, PlanReview, Role, RosterSet, SchoolKind, ServicePlan, Session,
    Stage,
};
use sanji_core::sync::message::RetireReason;
use sanji_core::sync::phone::Recorded;
use sanji_core::sync::relay::Desk;
use sanji_core::time::{UtcSecs, instant};

use super::DemoError;
use super::attack::Attacker;
use super::proxy::Fate;
use super::run::{PIN, Play};
use super::script::{Act, Leave, Which};
use super::setup::act;
use super::world::SINCE;
use crate::admin;

impl Play {
    /// Does one act.
    pub async fn play(&mut self, act: Act) -> Result<(), DemoError> {
        match act {
            Act::Tap(which, direction) => self.tap(which, direction),
            Act::KioskTap(person, direction) => self.kiosk_tap(person, direction),
            Act::Sync(which, fate) => self.sync(which, fate).await,
            Act::Newcomer => self.newcomer(),
            Act::AskLeave(leave) => self.ask_leave(leave),
            Act::ChangeLeave => self.change_leave(),
            Act::Decide(person, approve) => self.decide(person, approve),
            Act::AskCorrection => self.ask_correction(),
            Act::GrantFlexible => self.grant_flexible(),
            Act::SetClock(person, seconds) => {
                if let Some(handset) = self.phone(Which::First(person)) {
                    handset.clock.set_ahead(seconds * 1000);
                }
                Ok(())
            }
            Act::Boot(person) => {
                if let Some(handset) = self.phone(Which::First(person)) {
                    handset.clock.boot();
                }
                Ok(())
            }
            Act::BackUp => self.phone(Which::First(self.cast.restored)).map_or(Ok(()), |handset| handset.back_up()),
            Act::Restore => match self.phones.get_mut(&Which::First(self.cast.restored)) {
                Some(handset) => handset.restore(),
                None => Ok(()),
            },
            Act::Lose => self.lose(),
            Act::ReportLoss => self.report_loss().await,
            Act::Replace => {
                let lost = self.cast.lost;
                self.new_phone(Which::Replacement(lost), Some(self.world.people[lost].id)).await
            }
            Act::Move => self.move_teacher().await,
            Act::CopyRelay => {
                let copy = self.folder.join("nightly.db");
                self.host.copy(&copy).await?;
                self.proxy.set_relay(self.host.address());
                Ok(())
            }
            Act::PutRelayBack => {
                let copy = self.folder.join("nightly.db");
                self.host.put_back(&copy).await?;
                self.proxy.set_relay(self.host.address());
                Ok(())
            }
            Act::Attack => self.attack().await,
            Act::PlanService(school) => self.plan_service(school),
            Act::ReviewPlan(school) => self.review_plan(school).await,
            Act::Session(school) => self.session(school),
            Act::Visit(visitor, host) => self.visit(visitor, host),
            Act::Rewrite(school) => self.rewrite(school),
            Act::Observe(school) => self.observe(school),
            Act::Union(school) => self.union(school),
            Act::Publish(school) => self.publish(school),
        }
    }

    fn head(&self, school: usize) -> Which {
        Which::First(self.world.principal(school))
    }

    fn today(&self) -> Date {
        self.clock.time().secs().date()
    }

    /// A record that a phone could not make for want of what it has not received yet is no failure: people try later.
    pub(super) fn made(&mut self, made: Result<Recorded, PhoneError>) -> Result<Option<EntryAt>, DemoError> {
        match made {
            Ok(made) => {
                self.count_made(&made);
                Ok(Some(EntryAt { doc: made.doc, entry: made.entry }))
            }
            Err(PhoneError::NotHere | PhoneError::Invalid { .. }) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    fn tap(&mut self, which: Which, direction: Direction) -> Result<(), DemoError> {
        let Some(handset) = self.phone(which) else { return Ok(()) };
        let made = handset.phone.check(None, direction, None);
        self.made(made).map(|_| ())
    }

    fn kiosk_tap(&mut self, person: usize, direction: Direction) -> Result<(), DemoError> {
        let posting = self.world.people[person].posting;
        let Some(handset) = self.phone(Which::Kiosk) else { return Ok(()) };
        let made = handset.phone.kiosk_check(posting, PIN, direction);
        self.made(made).map(|_| ())
    }

    async fn sync(&mut self, which: Which, fate: Fate) -> Result<(), DemoError> {
        self.proxy.set(fate);
        if let Some(handset) = self.phone(which) {
            // No connection, and a connection that breaks, are what phones are made for.
            handset.phone.sync_now().await?;
        }
        self.proxy.set(Fate::Through);
        Ok(())
    }

    fn newcomer(&mut self) -> Result<(), DemoError> {
        let school = self.cast.newcomer_school;
        let id = self.world.schools[school].id;
        let handset = self.unenrolled(Which::Newcomer)?;
        let key = handset.phone.device_key()?;
        let from = self.today();
        let Some(principal) = self.phone(self.head(school)) else { return Ok(()) };
        let newcomer = principal.phone.add_newcomer(id, "新来者", Role::Staff, from, true)?;
        let pass = principal.phone.certify(key, id, Some((newcomer.person, newcomer.posting)))?;
        handset.phone.enrol_with_certificate(&pass)?;
        self.count_made(&newcomer.recorded);
        self.notes.newcomer = Some(newcomer.posting);
        self.phones.insert(Which::Newcomer, handset);
        Ok(())
    }

    fn ask_leave(&mut self, leave: Leave) -> Result<(), DemoError> {
        let [_, _, wed, thu, fri, ..] = self.week;
        let at = |date, hour, minute| instant(date, time(hour, minute, 0, 0));
        let (person, kind, from, to) = match leave {
            Leave::Ill => (self.cast.ill, "sick", at(wed, 0, 0), at(thu, 23, 59)),
            Leave::Edited => (self.cast.leave_edited, "personal", at(thu, 8, 0), at(thu, 17, 30)),
            Leave::Refused => (self.cast.refused, "personal", at(fri, 14, 30), at(fri, 16, 30)),
        };
        let request = request(kind, from, to);
        let Some(handset) = self.phone(Which::First(person)) else { return Ok(()) };
        let made = handset.phone.apply_leave(None, &request);
        let made = self.made(made)?;
        if leave == Leave::Edited {
            self.notes.leave = made;
        }
        Ok(())
    }

    fn change_leave(&mut self) -> Result<(), DemoError> {
        let [_, _, _, thu, fri, ..] = self.week;
        let request = request("personal", instant(thu, time(8, 0, 0, 0)), instant(fri, time(17, 30, 0, 0)));
        let Some(leave) = self.notes.leave else { return Ok(()) };
        let Some(handset) = self.phone(Which::First(self.cast.leave_edited)) else { return Ok(()) };
        let made = handset.phone.change_leave(&leave, &request);
        self.made(made).map(|_| ())
    }

    fn decide(&mut self, person: usize, approve: bool) -> Result<(), DemoError> {
        let posting = self.world.people[person].posting;
        let Some(handset) = self.phone(self.head(self.world.people[person].school)) else { return Ok(()) };
        let (decision, reason) = match approve {
            true => (Decision::Approved, None),
            false => (Decision::Refused, Some("当天全体教研,请改期")),
        };
        let waiting = handset.phone.pending()?.into_iter().filter(|pending| pending.posting == Some(posting));
        let mut made = Vec::new();
        for pending in waiting {
            made.push(match pending.what {
                PendingKind::Leave(_) => handset.phone.decide_leave(&pending.at, decision, reason),
                PendingKind::Correction(_) => handset.phone.decide_correction(&pending.at, decision, reason),
            });
        }
        for made in made {
            self.made(made)?;
        }
        Ok(())
    }

    fn ask_correction(&mut self) -> Result<(), DemoError> {
        let day = self.week[0];
        let Some(handset) = self.phone(Which::First(self.cast.forgot)) else { return Ok(()) };
        let school = self.world.people[self.cast.forgot].school;
        let out = if self.world.schools[school].kind == SchoolKind::Secondary { 17 * 60 + 35 } else { 17 * 60 + 5 };
        let at = instant(day, time(0, 0, 0, 0)).plus(out * 60);
        let checks = vec![CheckTime { direction: Direction::Out, at }];
        let made = handset.phone.request_correction(None, day, checks, &[], "忘记签退", None);
        self.made(made).map(|_| ())
    }

    fn grant_flexible(&mut self) -> Result<(), DemoError> {
        let person = &self.world.people[self.cast.flexible];
        let posting = person.posting;
        let Some(handset) = self.phone(self.head(person.school)) else { return Ok(()) };
        let made = handset.phone.grant_flexible(posting, self.week[0], self.week[6], "照顾年幼子女", None);
        self.made(made).map(|_| ())
    }

    /// What the lost phone had not sent dies with it.
    fn lose(&mut self) -> Result<(), DemoError> {
        let which = Which::First(self.cast.lost);
        let Some(handset) = self.phones.get_mut(&which) else { return Ok(()) };
        let actor = handset.phone.actor()?;
        let delivered: Vec<(DocId, u64)> =
            handset.phone.unsent()?.by_document.iter().map(|waiting| (waiting.doc, waiting.first)).collect();
        handset.phone.close()?;
        handset.exists = false;
        let dead = self.made.iter().filter(|(doc, by, seq)| {
            Some(*by) == actor && delivered.iter().any(|(of, first)| of == doc && seq >= first)
        });
        self.perished = dead.copied().collect();
        Ok(())
    }

    async fn report_loss(&mut self) -> Result<(), DemoError> {
        let person = self.world.people[self.cast.lost].id;
        let lost_at = instant(self.week[2], time(20, 0, 0, 0)).ms();
        act(&self.host, move |relay, ledger, now| {
            let devices = relay.device_facts(ledger, &person.0)?;
            for device in devices.iter().filter(|device| device.retired.is_none()) {
                relay.retire(ledger, now, device.actor, lost_at, RetireReason::Lost)?;
                relay.revoke(ledger, now, device.actor)?;
            }
            Ok(())
        })
        .await
    }

    async fn move_teacher(&mut self) -> Result<(), DemoError> {
        let person = self.world.people[self.cast.moved].clone();
        let (old, new) = (self.world.schools[person.school].id, self.world.schools[self.cast.newcomer_school].id);
        let (last, first) = (self.week[2], self.week[3]);
        let posting = PostingId::random(&mut self.rng);
        self.notes.moved_to = Some(posting);
        act(&self.host, move |relay, ledger, now| {
            let today = now.secs().date();
            let doc = DocId::school(old, today);
            let journal = relay.journal(ledger, doc)?;
            let school = sanji_core::documents::school::School::of(&journal.fold());
            let row = school.roster.get(&person.posting).map(|row| (row.now.source.entry, row.now.value.clone()));
            let Some((entry, ended)) = row else { return Ok(()) };
            let begun = RosterSet { posting, from: first, to: None, ..ended.clone() };
            let ended = RosterSet { from: SINCE, to: Some(last), ..ended };
            let desk = admin::desk(relay, ledger, now)?;
            let entries = vec![(doc, vec![entry], ended.into()), (DocId::school(new, today), Vec::new(), begun.into())];
            admin::write(relay, ledger, now, desk, entries)
        })
        .await
    }

    async fn attack(&mut self) -> Result<(), DemoError> {
        let county = self.host.app().relay.county();
        let mut attacker = match self.attacker.take() {
            Some(attacker) => attacker,
            None => Attacker::new(&mut self.rng, county, self.proxy.address()),
        };
        let key = attacker.public();
        let person = self.world.people[self.cast.hostile].id;
        self.hostile.insert(key.actor());
        act(&self.host, move |relay, ledger, now| Ok(relay.enrol(ledger, now, key, Some(person), None)?)).await?;
        let victim = self.world.people[self.cast.victim].posting;
        let now = self.clock.time();
        attacker.attack(&mut self.rng, now, victim).await?;
        // Nobody waits for a device that was found out.
        let actor = key.actor();
        act(&self.host, move |relay, ledger, now| {
            relay.retire(ledger, now, actor, now.plus(-7_200_000), RetireReason::Broken)?;
            Ok(relay.revoke(ledger, now, actor)?)
        })
        .await?;
        self.attacker = Some(attacker);
        Ok(())
    }

    fn plan_service(&mut self, school: usize) -> Result<(), DemoError> {
        let plan = ServicePlan {
            from: self.week[0],
            to: self.week[6],
            projects: vec!["阅读".into(), "体育、艺术“2+2”".into()],
            text: Some("放学后至18:00,每日两小时;家长接送,专人值守。".into()),
        };
        let id = self.world.schools[school].id;
        let Some(handset) = self.phone(self.head(school)) else { return Ok(()) };
        let made = handset.phone.plan_service(id, plan, None);
        if let Some(at) = self.made(made)? {
            self.notes.plans.insert(school, at);
        }
        Ok(())
    }

    /// The county's supervisor files the plan at the desk, if it has arrived there.
    async fn review_plan(&mut self, school: usize) -> Result<(), DemoError> {
        let Some(plan) = self.notes.plans.get(&school).copied() else { return Ok(()) };
        let person = self.supervisor;
        act(&self.host, move |relay, ledger, now| {
            let here = relay.journal(ledger, plan.doc)?.fold().find(&plan.entry).is_some();
            if here {
                let review = PlanReview { decision: Decision::Approved, reason: None };
                relay.write(ledger, now, Desk { person }, vec![(plan.doc, vec![plan.entry], review.into())])?;
            }
            Ok(())
        })
        .await
    }

    fn session(&mut self, school: usize) -> Result<(), DemoError> {
        let date = self.today();
        let leader = self.world.people.iter().position(|p| p.school == school && p.role == Role::Staff);
        let Some(leader) = leader else { return Ok(()) };
        let posting = self.world.people[leader].posting;
        let end = match self.rng.random_range(0..10) {
            0 => time(18, 20, 0, 0),
            1 => time(17, 40, 0, 0),
            _ => time(18, 0, 0, 0),
        };
        let contents = [Content::Homework, Content::Reading, Content::Sport, Content::Arts, Content::ClassTeaching];
        let content = contents[if self.rng.random_range(0..25) == 0 { 4 } else { self.rng.random_range(0..4) }];
        let session = Session {
            date,
            start: time(16, 0, 0, 0),
            end,
            content,
            stage: Some(Stage::Primary),
            instructors: vec![Instructor { posting: Some(posting), name: None, outside: None, vetted: None }],
            pupils: Some(self.rng.random_range(15..45)),
            project: None,
        };
        let handed_over = self.rng.random_range(0..10) > 0;
        let id = self.world.schools[school].id;
        let Some(handset) = self.phone(Which::First(leader)) else { return Ok(()) };
        let made = handset.phone.record_session(id, session);
        if let Some(at) = self.made(made)?
            && handed_over
            && let Some(handset) = self.phone(Which::First(leader))
        {
            let made = handset.phone.hand_over(&at, None, Some(20), None);
            self.made(made)?;
        }
        Ok(())
    }

    fn publish(&mut self, school: usize) -> Result<(), DemoError> {
        let id = self.world.schools[school].id;
        let monday = self.week[0];
        let Some(handset) = self.phone(self.head(school)) else { return Ok(()) };
        let made = handset.phone.publish_week(id, monday);
        self.made(made).map(|_| ())
    }
}

fn request(kind: &str, from: UtcSecs, to: UtcSecs) -> LeaveRequest {
    LeaveRequest { kind: kind.into(), from, to, reason: Some("家里有事".into()), certificate: None }
}
