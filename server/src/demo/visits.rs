//! Support visits of the week: guidance at other schools, lessons observed, union activities.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use sanji_core::ids::PersonId;
use sanji_core::phone::{Phone, PhoneError, VisitAt};
use sanji_core::records::{Observation, Part, Participant, VisitKind, VisitPlan};
use sanji_core::sync::phone::Recorded;
use sanji_core::time::Minutes;

use super::DemoError;
use super::run::Play;
use super::script::Which;

impl Play {
    fn plan(&self, kind: VisitKind, host: usize) -> VisitPlan {
        VisitPlan {
            kind,
            date: self.clock.time().secs().date(),
            host: self.world.schools[host].id,
            from: None,
            group: None,
            field: None,
            visitors: Vec::new(),
            teachers: Vec::new(),
            announced: Some(true),
        }
    }

    /// A visit by the principal of a school, and what is written there.
    fn visited(
        &mut self,
        school: usize,
        plan: VisitPlan,
        write: impl FnOnce(&Phone, &VisitAt) -> Vec<Result<Recorded, PhoneError>>,
    ) -> Result<(), DemoError> {
        let head = Which::First(self.world.principal(school));
        let Some(handset) = self.phone(head) else { return Ok(()) };
        let at = handset.phone.plan_visit(plan)?;
        let made = write(&handset.phone, &at);
        self.notes.visits.insert(school, at.doc);
        self.made(Ok(at.recorded))?;
        for made in made {
            self.made(made)?;
        }
        Ok(())
    }

    /// The principal of `visitor` and a colleague guide another school on site.
    pub(super) fn visit(&mut self, visitor: usize, host: usize) -> Result<(), DemoError> {
        let head = self.world.principal(visitor);
        let (principal, colleague): (PersonId, PersonId) = (self.world.people[head].id, self.world.people[head + 1].id);
        let from = Some(self.world.schools[visitor].id);
        let plan = VisitPlan { from, visitors: vec![colleague], ..self.plan(VisitKind::OnSiteGuidance, host) };
        let people = [principal, colleague].map(|person| Participant { person: Some(person), name: None, duty: None });
        let picture = picture(visitor as u8);
        self.visited(visitor, plan, |phone, at| {
            vec![
                phone.open_visit(at.doc),
                phone.write_part(at.doc, Part::Plan, "听课两节,座谈一次,看课后服务。"),
                phone.write_part(at.doc, Part::Record, "教学常规规范;图书角借阅记录不全,建议每周登记。"),
                phone.write_part(at.doc, Part::Summary, "一月后回访借阅登记。"),
                phone.set_people(at.doc, people.into()),
                phone.add_picture(at.doc, &picture, Some("图书角".into())).map(|(recorded, _)| recorded),
                phone.close_visit(at.doc, Some(Minutes(130))),
            ]
        })
    }

    /// Both who went to a visit change its record without hearing of each other.
    pub(super) fn rewrite(&mut self, school: usize) -> Result<(), DemoError> {
        let Some(doc) = self.notes.visits.get(&school).copied() else { return Ok(()) };
        let head = self.world.principal(school);
        let texts = ["教学常规规范;图书角借阅已有登记,需每周核对。", "教学常规规范;图书角借阅记录不全,请本周补齐。"];
        for (person, text) in [head, head + 1].into_iter().zip(texts) {
            let Some(handset) = self.phone(Which::First(person)) else { continue };
            let made = handset.phone.write_part(doc, Part::Record, text);
            self.made(made)?;
        }
        Ok(())
    }

    /// The principal drops in on a colleague's lesson.
    pub(super) fn observe(&mut self, school: usize) -> Result<(), DemoError> {
        let teacher = self.world.people[self.world.principal(school) + 2].posting;
        let plan = VisitPlan { teachers: vec![teacher], ..self.plan(VisitKind::DropInObservation, school) };
        let lesson = Observation {
            teacher,
            lesson: "识字".into(),
            review: Some("板书清楚;多请后排的孩子回答。".into()),
            grade: Some("良好".into()),
            minutes: Some(Minutes(40)),
        };
        self.visited(school, plan, |phone, at| {
            vec![
                phone.open_visit(at.doc),
                phone.observe(at.doc, lesson, None),
                phone.close_visit(at.doc, Some(Minutes(40))),
                phone.share_visit(at.doc, vec![teacher]),
            ]
        })
    }

    pub(super) fn union(&mut self, school: usize) -> Result<(), DemoError> {
        let plan = self.plan(VisitKind::UnionActivity, school);
        self.visited(school, plan, |phone, at| {
            vec![
                phone.open_visit(at.doc),
                phone.write_part(at.doc, Part::Record, "拔河与跳绳,全体教职工参加。"),
                phone.close_visit(at.doc, Some(Minutes(60))),
            ]
        })
    }
}

/// A picture of coloured shelves as a PNG (RFC 2083): small enough to travel with its entry.
fn picture(tint: u8) -> Vec<u8> {
    const SIZE: (u32, u32) = (160, 90);
    let mut rows = Vec::new();
    for y in 0..SIZE.1 {
        rows.push(0);
        for x in 0..SIZE.0 {
            let shelf = y % 30 > 26;
            let book = (x / 9 * 53 + y / 30 * 31) as u8;
            rows.extend(if shelf { [96, 66, 40] } else { [book | 64, tint.wrapping_mul(29) | 96, 200 - book / 2] });
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = packed.write_all(&rows).and_then(|()| packed.finish()).unwrap_or_default();
    let mut header = [SIZE.0.to_be_bytes(), SIZE.1.to_be_bytes()].concat();
    // Eight bits of each of three colours, neither filtered otherwise nor interlaced.
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, body) in [(b"IHDR", header), (b"IDAT", packed), (b"IEND", Vec::new())] {
        let mut crc = Crc::new();
        crc.update(name);
        crc.update(&body);
        png.extend((body.len() as u32).to_be_bytes());
        png.extend(name);
        png.extend(&body);
        png.extend(crc.sum().to_be_bytes());
    }
    png
}
