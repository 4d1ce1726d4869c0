//! A made-up school on the wire: pushes and answers as a real day would give them, from a seed.

use jiff::civil::date;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use sanji_core::crypto::{EnvelopeHash, LogHash, PublicKey, Signature};
use sanji_core::documents::chain::{Salt, Tip, to_wire};
use sanji_core::ids::{ActorId, CountyId, DocId, PersonId, PostingId, SchoolId, VisitId};
use sanji_core::records::*;
use sanji_core::sync::message::*;
use sanji_core::sync::wire::{Expect, PAGE};
use sanji_core::time::{UtcMs, UtcSecs, instant};

pub const COUNTY: CountyId = CountyId(*b"hezhang1");

pub fn bytes<const N: usize>(rng: &mut ChaCha8Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// A phone: its clock drifts by up to 40 ms from entry to entry.
pub struct Phone {
    pub key: PublicKey,
    pub person: PersonId,
    pub posting: PostingId,
    pub session: u32,
    /// Wall milliseconds at which the session began.
    pub began: i64,
    /// How far the relay's placement lies from the wall clock, seconds.
    pub offset: i64,
}

impl Phone {
    pub fn new(rng: &mut ChaCha8Rng) -> Self {
        Phone {
            key: PublicKey(bytes(rng)),
            person: PersonId(bytes(rng)),
            posting: PostingId(bytes(rng)),
            session: rng.random_range(1..400),
            began: instant(date(2026, 3, 1), jiff::civil::time(20, 0, 0, 0)).ms().0 - rng.random_range(0..400_000_000),
            offset: rng.random_range(-40..40),
        }
    }

    pub fn actor(&self) -> ActorId {
        self.key.actor()
    }

    pub fn reading(&self, wall: UtcSecs, rng: &mut ChaCha8Rng) -> Reading {
        let ms = wall.ms().0 - self.began + rng.random_range(-40..=40);
        Reading { wall, session: self.session, ms: ms as u64 }
    }

    /// The four checks of a day, `day` days after 2 March 2026.
    pub fn checks(&self, day: i64, rng: &mut ChaCha8Rng) -> Vec<Entry> {
        let times = [(8, 20), (11, 35), (14, 22), (17, 5)];
        let entry = |(i, (hour, minute)): (usize, (i8, i8))| {
            let start = instant(date(2026, 3, 2), jiff::civil::time(hour, minute, 0, 0));
            let wall = start.plus(day * 86_400 + rng.random_range(-600..600));
            let direction = if i % 2 == 0 { Direction::In } else { Direction::Out };
            self.entry(wall, Check { direction, place: None }.into(), rng)
        };
        times.into_iter().enumerate().map(entry).collect()
    }

    pub fn entry(&self, wall: UtcSecs, body: Body, rng: &mut ChaCha8Rng) -> Entry {
        Entry { reading: self.reading(wall, rng), re: vec![], was: None, blobs: vec![], body }
    }

    /// The relay's note of an entry: its second on the relay's clock, and the one after.
    pub fn note(&self, entry: &Entry) -> EntryNote {
        let earliest = entry.reading.wall.0 + self.offset;
        EntryNote { flag: None, earliest, latest: earliest + 2, label: 1 }
    }
}

/// A run of these entries; with `first` 1 it is a real chain with its salt and tip.
pub fn run(chain: ChainName, doc: DocId, actor: ActorId, first: u64, entries: &[Entry], rng: &mut ChaCha8Rng) -> Run {
    if first > 1 {
        let values = entries.iter().map(|e| sanji_core::cbor::encode_map(&e.to_map())).collect();
        return Run { chain, first, tip: bytes(rng), values };
    }
    let mut tip = Tip::start(COUNTY, doc, actor, Salt(bytes(rng)));
    let mut values = Vec::new();
    for entry in entries {
        let (next, link) = tip.append(entry.to_map()).unwrap();
        tip = next;
        values.push(to_wire(link.seq, &link.value).unwrap());
    }
    Run { chain, first, tip: tip.hash.short(), values }
}

pub fn push(phone: &Phone, n: u64, at: UtcSecs, runs: Vec<Run>, rng: &mut ChaCha8Rng) -> Push {
    let reading = phone.reading(at, rng);
    let ago = rng.random_range(3_000_000..60_000_000);
    Push {
        device: DeviceName::Number(LogNo(rng.random_range(200_000..1_000_000))),
        n,
        build: 12,
        reading,
        last_answer: Some(AnswerReading { push: n - 1, session: reading.session, ms: reading.ms.saturating_sub(ago) }),
        cursor: Cursor { effective: 1_034_567, seq: 1_034_567, head: bytes(rng), notes: 345_678 },
        nothing_unsent: true,
        page: PAGE,
        have: None,
        runs,
        recovered: vec![],
        blobs: vec![],
        again: vec![],
        rows: vec![],
        lost_head: None,
        certificate: None,
        successor: None,
    }
}

/// A push of one day's checks by a device and in a chain that the relay knows.
pub fn day_push(rng: &mut ChaCha8Rng) -> Push {
    let phone = Phone::new(rng);
    let entries = phone.checks(0, rng);
    let doc = DocId::duty(phone.posting, date(2026, 3, 2));
    let chain = ChainName::Number(LogNo(rng.random_range(200_000..1_000_000)));
    let runs = vec![run(chain, doc, phone.actor(), rng.random_range(200..600), &entries, rng)];
    push(&phone, rng.random_range(400..600), entries[3].reading.wall.plus(700), runs, rng)
}

pub fn head(expect: &Expect, body: &[u8], rng: &mut ChaCha8Rng) -> SignedHead {
    let head = Head {
        county: expect.county,
        n: LogNo(1_034_890),
        l: LogHash(bytes(rng)),
        relay: UtcMs(1_772_443_700_123),
        actor: expect.actor,
        push: expect.push,
        envelope: expect.envelope,
        body: sanji_core::crypto::BodyHash(sanji_core::crypto::sha256(&[body])),
    };
    SignedHead { head, signature: Signature(bytes(rng)) }
}

pub fn expect(rng: &mut ChaCha8Rng) -> Expect {
    Expect { county: COUNTY, actor: ActorId(bytes(rng)), push: 501, envelope: EnvelopeHash(bytes(rng)) }
}

fn cursor(rng: &mut ChaCha8Rng) -> Cursor {
    Cursor { effective: 1_034_880, seq: 1_034_880, head: bytes(rng), notes: 345_999 }
}

/// Nothing new.
pub fn idle_body(rng: &mut ChaCha8Rng) -> AnswerBody {
    AnswerBody { cursor: cursor(rng), ..AnswerBody::default() }
}

/// One day of `people` whose chains the phone knows.
pub fn day_body(people: usize, rng: &mut ChaCha8Rng) -> AnswerBody {
    let mut runs = Vec::new();
    for _ in 0..people {
        let phone = Phone::new(rng);
        let entries = phone.checks(0, rng);
        let doc = DocId::duty(phone.posting, date(2026, 3, 2));
        let chain = ChainName::Number(LogNo(rng.random_range(200_000..1_000_000)));
        let run = run(chain, doc, phone.actor(), rng.random_range(100..140), &entries, rng);
        runs.push(DownRun { run, notes: entries.iter().map(|e| phone.note(e)).collect() });
    }
    let stored = vec![Stored { number: LogNo(rng.random_range(200_000..1_000_000)), run: 0, through: 504 }];
    AnswerBody { stored, runs, cursor: cursor(rng), ..AnswerBody::default() }
}

/// The first sync of a principal after a month: 30 staff with four checks on 22 days, 132 sessions of service, 11 visits.
pub fn month_body(rng: &mut ChaCha8Rng) -> AnswerBody {
    let staff: Vec<Phone> = (0..30).map(|_| Phone::new(rng)).collect();
    let school = SchoolId(bytes(rng));
    let mut body = AnswerBody { cursor: cursor(rng), device: Some(LogNo(1_020_000)), ..AnswerBody::default() };
    let mut number = 940_000;
    let mut add = |body: &mut AnswerBody, phone: &Phone, doc: DocId, entries: &[Entry], rng: &mut ChaCha8Rng| {
        number += rng.random_range(1..400);
        let chain = ChainName::Number(LogNo(number));
        let intro = ChainIntro {
            number: LogNo(number),
            doc,
            actor: phone.actor(),
            person: Some(phone.person),
            via: Via::Phone,
        };
        body.intros.push(intro);
        let run = run(chain, doc, phone.actor(), 1, entries, rng);
        body.runs.push(DownRun { run, notes: entries.iter().map(|e| phone.note(e)).collect() });
    };
    let days: Vec<i64> = (0..30).filter(|day| day % 7 < 5).take(22).collect();
    for phone in &staff {
        let entries: Vec<Entry> = days.iter().flat_map(|day| phone.checks(*day, rng)).collect();
        add(&mut body, phone, DocId::duty(phone.posting, date(2026, 3, 2)), &entries, rng);
    }
    let mut sessions: Vec<Vec<Entry>> = vec![Vec::new(); staff.len()];
    for i in 0..132 {
        let day = days[i / 6];
        let who = rng.random_range(0..staff.len());
        let wall =
            instant(date(2026, 3, 2), jiff::civil::time(18, 5, 0, 0)).plus(day * 86_400 + rng.random_range(0..900));
        let entry = staff[who].entry(wall, session(day, staff[who].posting, rng), rng);
        sessions[who].push(entry);
    }
    for (phone, entries) in staff.iter().zip(&sessions).filter(|(_, entries)| !entries.is_empty()) {
        add(&mut body, phone, DocId::register(school, date(2026, 3, 2)), entries, rng);
    }
    for day in days.iter().step_by(2) {
        let visitor = Phone::new(rng);
        let doc = DocId::visit(VisitId(bytes(rng)), date(2026, 3, 2));
        let wall = instant(date(2026, 3, 2), jiff::civil::time(9, 0, 0, 0)).plus(day * 86_400);
        let mut bodies: Vec<Body> = vec![visit_plan(*day, school, &visitor, &staff[0], rng), VisitOpen {}.into()];
        let parts = [(Part::Plan, 40), (Part::Measures, 40), (Part::Record, 70), (Part::Summary, 50)];
        bodies.extend(parts.map(|(part, length)| VisitPart { part, text: prose(length, rng) }.into()));
        bodies.push(VisitClose { minutes: None }.into());
        let entry = |(i, body): (usize, Body)| visitor.entry(wall.plus(i as i64 * 900), body, rng);
        let entries: Vec<Entry> = bodies.into_iter().enumerate().map(entry).collect();
        add(&mut body, &visitor, doc, &entries, rng);
    }
    body
}

fn session(day: i64, posting: PostingId, rng: &mut ChaCha8Rng) -> Body {
    let contents = [Content::Homework, Content::Reading, Content::Sport, Content::Club];
    Session {
        date: date(2026, 3, 2).saturating_add(jiff::Span::new().days(day)),
        start: jiff::civil::time(16, 0, 0, 0),
        end: jiff::civil::time(18, 0, 0, 0),
        content: contents[rng.random_range(0..4)],
        stage: Some(Stage::Primary),
        instructors: vec![Instructor { posting: Some(posting), name: None, outside: None, vetted: None }],
        pupils: Some(rng.random_range(18..46)),
        project: Some(["阅读与写作", "篮球", "合唱", "科学小实验"][rng.random_range(0..4)].into()),
    }
    .into()
}

fn visit_plan(day: i64, host: SchoolId, visitor: &Phone, teacher: &Phone, rng: &mut ChaCha8Rng) -> Body {
    VisitPlan {
        kind: [VisitKind::OnSiteGuidance, VisitKind::DropInObservation][rng.random_range(0..2)],
        date: date(2026, 3, 2).saturating_add(jiff::Span::new().days(day)),
        host,
        from: Some(SchoolId(bytes(rng))),
        group: None,
        field: Some(PairingField::Guidance),
        visitors: vec![visitor.person],
        teachers: vec![teacher.posting],
        announced: Some(true),
    }
    .into()
}

/// Prose of so many characters, from words of the trade.
pub fn prose(length: usize, rng: &mut ChaCha8Rng) -> String {
    const WORDS: &str = "课堂 教学 环节 教师 幼儿 学生 活动 区域 材料 观察 记录 目标 明确 重点 突出 难点 突破 导入 自然 提问 有效 \
        合作 探究 练习 分层 作业 设计 评价 多元 板书 规范 语言 亲切 组织 有序 常规 安全 卫生 户外 游戏 绘本 阅读 讲评 建议 改进 \
        示范 交流 研讨 集体 备课 磨课 送教 帮扶 结对 指导 计划 措施 总结 落实 跟进 反馈 资源 共享 乡村 中心校 教研组 年级 班级 管理 \
        后勤 家长 沟通 习惯 培养 兴趣 激发 思维 训练 表达 能力 提升 数学 语文 英语 音乐 美术 体育 科学 劳动 实践 心理 健康 进一步 \
        加强 注重 充分 利用 做到 希望 今后 继续 努力 整体 效果 良好 存在 不足 时间 分配 合理 关注 个体 差异 鼓励 参与";
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut text = String::new();
    while text.chars().count() < length {
        text.push_str(words[rng.random_range(0..words.len())]);
        if rng.random_range(0..6) == 0 {
            text.push(['，', '。', '；'][rng.random_range(0..3)]);
        }
    }
    text.chars().take(length).collect()
}
