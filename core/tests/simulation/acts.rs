//! What people write in a week: checks above all, and now and then everything else that their role lets them write.

use jiff::civil::time;
use rand::RngExt;
use rand::seq::IndexedRandom;
use sanji_core::ids::*;
use sanji_core::records::*;
use sanji_core::sync::phone::*;

use crate::county::*;
use crate::world::World;

/// An entry that a person sees and may answer.
struct Seen {
    doc: DocId,
    entry: EntryRef,
    body: Body,
}

impl World {
    /// The device records something.
    pub fn act(&mut self, at: usize) {
        if self.revoked.contains(&at) {
            return;
        }
        let device = &self.devices[at];
        let (person, posting, school) = (device.person, device.posting, device.school);
        let Some(person) = person else { return self.tap(at) };
        let own = duty_of(posting);
        let head = [PRINCIPAL, DEPUTY, OTHER_HEAD].contains(&person);
        let day = self.now.secs().date();
        let register = DocId::register(school, day);
        match self.rng.random_range(0..100) {
            0..55 => {
                let direction = if self.chance(50) { Direction::In } else { Direction::Out };
                self.record(at, &Draft::new(own, Check { direction, place: None }), Some(posting));
            }
            55..62 => {
                let text = format!("第{}条", self.truth.made.len());
                self.record(at, &Draft::new(own, Note { date: day, text }), None);
            }
            62..70 => {
                let from = self.now.secs().plus(self.rng.random_range(0..200_000));
                let to = from.plus(self.rng.random_range(3600..100_000));
                let leave = Leave { kind: "personal".into(), from, to, reason: None, certificate: None };
                let blob = Blob::new(&self.rng.random::<[u8; 40]>(), &mut self.rng).unwrap();
                let leave = Leave { reason: Some(blob.hash), ..leave };
                let before = self.seen(at, own, |body| matches!(body, Body::Leave(_)));
                let draft = Draft::new(own, leave).blob(blob);
                let draft = if self.chance(40) { draft.re(before.map(|seen| seen.entry)) } else { draft };
                self.record(at, &draft, None);
            }
            70..75 => {
                let Some(leave) = self.seen(at, own, |body| matches!(body, Body::Leave(_))) else { return };
                let back = Return { at: self.now.secs() };
                let draft = if self.chance(50) { Draft::new(own, LeaveWithdrawal {}) } else { Draft::new(own, back) };
                self.record(at, &draft.re([leave.entry]), None);
            }
            75..80 => {
                let Some(mine) = self.seen(at, own, |body| body.kind() < 8) else { return };
                self.record(at, &Draft::new(own, Void {}).re([mine.entry]), None);
            }
            80..84 => {
                let session = Session {
                    date: day,
                    start: time(16, 0, 0, 0),
                    end: time(18, 0, 0, 0),
                    content: Content::Reading,
                    stage: None,
                    instructors: vec![],
                    pupils: Some(self.rng.random_range(1..50)),
                    project: None,
                };
                self.record(at, &Draft::new(register, session), None);
            }
            84..86 => {
                let comment = Comment { text: format!("评{}", self.truth.made.len()) };
                self.record(at, &Draft::new(register, comment), None);
            }
            _ if head => self.decide(at),
            _ => {
                let direction = Direction::In;
                self.record(at, &Draft::new(own, Check { direction, place: None }), Some(posting));
            }
        }
    }

    /// A principal or deputy decides on what has arrived, of others and, against the rules, of the own posting.
    fn decide(&mut self, at: usize) {
        let docs: Vec<DocId> = self.devices[at].docs().into_iter().filter(|doc| doc.kind == DocKind::Duty).collect();
        let Some(doc) = docs.choose(&mut self.rng).copied() else { return };
        let Some(seen) = self.seen(at, doc, |_| true) else { return };
        let day = self.now.secs().date();
        let reason = "核实".to_string();
        let decision = if self.chance(70) { Decision::Approved } else { Decision::Refused };
        let checks = vec![CheckTime { direction: Direction::In, at: self.now.secs() }];
        let body: Body = match &seen.body {
            Body::Leave(leave) => LeaveDecision { decision, reason: None, from: leave.from, to: leave.to }.into(),
            Body::CorrectionRequest(_) => CorrectionDecision { decision, reason: None }.into(),
            Body::Check(_) if self.chance(30) => Correction { date: day, checks, reason }.into(),
            Body::Check(_) => FlagLift { reason }.into(),
            _ => CheckOnBehalf { direction: Direction::In, at: self.now.secs(), reason }.into(),
        };
        self.record(at, &Draft::new(seen.doc, body).re([seen.entry]), None);
    }

    /// Somebody checks in at the kiosk.
    fn tap(&mut self, at: usize) {
        let person = [TEACHER, COLLEAGUE, MOVED].choose(&mut self.rng).copied().unwrap_or(TEACHER);
        let direction = if self.chance(50) { Direction::In } else { Direction::Out };
        self.record(at, &Draft::new(duty(person), KioskCheck { direction }), Some(posting(person)));
    }

    /// Any entry of a document on this phone.
    fn seen(&mut self, at: usize, doc: DocId, wanted: impl Fn(&Body) -> bool) -> Option<Seen> {
        let entries = self.devices[at].entries(doc);
        let read = entries.iter().filter_map(|placed| {
            let body = Entry::from_bytes(&placed.row.value).ok()?.body;
            let entry = EntryRef::to(placed.actor, placed.seq, &placed.row.hash);
            wanted(&body).then_some(Seen { doc, entry, body })
        });
        let mut found: Vec<Seen> = read.collect();
        let count = found.len();
        (count > 0).then(|| found.swap_remove(self.rng.random_range(0..count)))
    }
}
