//! A day, and what waits to be sent, in words: the sentences of both apps' screens, made once.

use jiff::civil::Date;

use super::queue::{Unsent, WaitReason};
use crate::policy::{Clause, CodedName, Hours, Pack};
use crate::review::{Cell, Wait};
use crate::rules::{Certainty, DayResult, DayVerdict, Finding, Span, Status};
use crate::sync::message::Via;
use crate::texts::{Arg, Texts};
use crate::time::{Minutes, UtcSecs};

/// From so many unsent entries on, the app says so without being asked.
const MANY_UNSENT: u64 = 5;
/// From this age of the oldest unsent entry on, the app says so without being asked: five days, in seconds.
const LONG_UNSENT: i64 = 5 * 86_400;

/// One reason for a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What there is to say.
    pub text: String,
    /// The clause that it rests on, as it is cited; absent where none is.
    pub clause: Option<String>,
    /// That clause in the source's own words, where the pack quotes it.
    pub quote: Option<String>,
}

/// A day in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySaid {
    /// What it comes to; absent where nothing is judged.
    pub status: Option<Status>,
    /// The day in one sentence.
    pub sentence: String,
    /// Why, most telling first.
    pub reasons: Vec<Reason>,
}

/// How loudly something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// In passing.
    Calm,
    /// So that it is noticed: many entries wait, or they wait long.
    Notice,
    /// Nothing is taken until somebody acts.
    Stopped,
}

/// What waits to be sent, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendingSaid {
    /// The sentence.
    pub text: String,
    /// Why it waits, or what to do; absent where nothing waits and nothing is wrong.
    pub detail: Option<String>,
    /// How loudly it is said.
    pub tone: Tone,
    /// Entries that wait.
    pub unsent: u64,
}

/// What the words of a day are made with.
#[derive(Clone, Copy)]
pub struct Saying<'a> {
    /// The language.
    pub texts: &'a Texts,
    /// The names of the school's kinds of leave.
    pub leave_kinds: &'a [CodedName],
}

impl Saying<'_> {
    /// A day; without a verdict there are no rules here yet.
    pub fn day(&self, cell: Option<&Cell>) -> DaySaid {
        let t = self.texts;
        let Some(cell) = cell else {
            return DaySaid { status: None, sentence: t.word("day-no-rules").into_owned(), reasons: Vec::new() };
        };
        let (status, sentence, mut reasons) = match &cell.result {
            DayResult::Judged(verdict) => {
                (Some(verdict.status), self.sentence(cell, verdict), self.rests_on(cell, verdict))
            }
            DayResult::NotInForce(times) => {
                let sentence = t.get("day-not-in-force", &[("office", t.duration(times.office))]);
                (None, sentence, times.findings.iter().map(|found| self.finding(found)).collect())
            }
        };
        reasons.extend(cell.waits.iter().map(|wait| plain(self.wait(wait))));
        if cell.undecided > 0 {
            reasons.push(plain(t.get("day-undecided", &[("count", cell.undecided)])));
        }
        if cell.conflict {
            reasons.push(plain(t.word("conflict").into_owned()));
        }
        DaySaid { status, sentence, reasons }
    }

    fn sentence(&self, cell: &Cell, verdict: &DayVerdict) -> String {
        let t = self.texts;
        let (office, short) = (verdict.times.office, verdict.short_by());
        let lengths = [("office", t.duration(office)), ("short", t.duration(short))];
        match verdict.status {
            Status::RestDay if office > Minutes(0) => t.get("day-rest-recorded", &lengths[..1]),
            Status::OnLeave => self.leave(cell),
            Status::InProgress => {
                let key = match (verdict.times.open_since, short) {
                    (None, _) if office == Minutes(0) => "day-not-begun",
                    (Some(_), Minutes(0)) => "day-in-enough",
                    (Some(_), _) => "day-in",
                    (None, Minutes(0)) => "day-out-enough",
                    (None, _) => "day-out",
                };
                t.get(key, &lengths)
            }
            Status::Present => t.get("day-present", &lengths[..1]),
            Status::ShortOfFiveHours => t.get("short-by", &[("minutes", short.0)]),
            Status::Irregular => {
                let gaps = verdict.findings.iter().filter(|found| found.minutes.is_some());
                gaps.map(|found| t.finding(found)).collect::<Vec<_>>().join(t.word("day-between").as_ref())
            }
            Status::AwaitingSync => {
                cell.waits.first().map_or(t.word("status-awaiting_sync").into_owned(), |w| self.wait(w))
            }
            status => t.word(&format!("status-{}", status.code())).into_owned(),
        }
    }

    /// The windows and minutes that the day is held to, the findings, the leave, how sure it is.
    fn rests_on(&self, cell: &Cell, verdict: &DayVerdict) -> Vec<Reason> {
        let t = self.texts;
        let mut reasons = Vec::new();
        let rule = match verdict.status {
            Status::RestDay | Status::OnLeave => t.word(&format!("status-{}", verdict.status.code())).into_owned(),
            _ if cell.hours == Hours::Flexible => {
                t.get("day-rule-flexible", &[("required", t.duration(verdict.required))])
            }
            _ => t.get(
                "day-rule",
                &[("windows", self.spans(&verdict.windows)), ("required", t.duration(verdict.required))],
            ),
        };
        if verdict.status != Status::RestDay {
            reasons.push(self.by(rule, &verdict.clause));
        }
        reasons.extend(verdict.findings.iter().map(|found| self.finding(found)));
        if !verdict.leave.is_empty() {
            reasons.push(plain(format!("{} {}", self.leave(cell), self.spans(&verdict.leave))));
        }
        if let Some(certainty) = cell.certainty.filter(|certainty| *certainty != Certainty::NotMet) {
            reasons.push(plain(t.word(&format!("certainty-{}", certainty.code())).into_owned()));
        }
        reasons
    }

    fn finding(&self, found: &Finding) -> Reason {
        let said = self.texts.finding(found);
        let text = match found.span {
            Some(span) => format!("{said} {}", self.texts.span(span)),
            None => said,
        };
        self.by(text, &found.clause)
    }

    fn by(&self, text: String, clause: &Clause) -> Reason {
        let cited = clause.as_str();
        let quote = Pack::built_in().iter().find_map(|pack| pack.quoted(cited)).map(str::to_owned);
        let clause = (!cited.is_empty()).then(|| self.texts.clause(clause));
        Reason { text, clause, quote }
    }

    /// `请假`, with its kinds where they are known here.
    fn leave(&self, cell: &Cell) -> String {
        let t = self.texts;
        let name = |code: &String| {
            let known = self.leave_kinds.iter().find(|kind| kind.code == *code);
            known.map_or(code.clone(), |kind| t.pick(&kind.zh, &kind.en).to_owned())
        };
        match cell.leave_kinds.as_slice() {
            [] => t.word("status-on_leave").into_owned(),
            kinds => {
                let kinds = kinds.iter().map(name).collect::<Vec<_>>().join(t.word("day-between").as_ref());
                t.get("leave-of-kind", &[("kind", kinds)])
            }
        }
    }

    fn wait(&self, wait: &Wait) -> String {
        self.texts.not_heard(wait.via == Via::Kiosk, wait.through, wait.lost)
    }

    fn spans(&self, spans: &[Span]) -> String {
        spans.iter().map(|span| self.texts.span(*span)).collect::<Vec<_>>().join(" ")
    }
}

fn plain(text: String) -> Reason {
    Reason { text, clause: None, quote: None }
}

/// What waits, in words; `wall` is the phone's own clock, by which `unsent` gives the oldest.
pub fn sending_said(t: &Texts, unsent: &Unsent, wall: UtcSecs) -> SendingSaid {
    let long = unsent.oldest.is_some_and(|oldest| wall.0.saturating_sub(oldest.0) >= LONG_UNSENT);
    let tone = match &unsent.why {
        WaitReason::Standing(_) => Tone::Stopped,
        _ if unsent.entries >= MANY_UNSENT || long || unsent.retired > 0 || unsent.locked > 0 => Tone::Notice,
        _ => Tone::Calm,
    };
    let text = match (unsent.entries, unsent.oldest) {
        (0, _) if unsent.blobs > 0 => t.get("sending-blobs", &[("count", unsent.blobs)]),
        (0, _) if unsent.retired > 0 => t.get("sending-retired", &[("count", unsent.retired)]),
        (0, _) if unsent.locked > 0 => t.get("sending-locked", &[("count", unsent.locked)]),
        (0, _) => t.word("outbox-all-delivered").into_owned(),
        (count, Some(oldest)) => {
            let when = format!("{} {}", weekday_or_day(t, oldest.date(), wall.date()), t.time(oldest));
            t.get("sending-waiting", &[("count", Arg::from(count)), ("when", Arg::from(when))])
        }
        (count, None) => t.get("sending-waiting-some", &[("count", count)]),
    };
    let detail = match &unsent.why {
        WaitReason::Standing(standing) => Some(t.word(&format!("standing-{}", standing.code())).into_owned()),
        _ if unsent.entries == 0 && unsent.blobs == 0 && unsent.retired == 0 => None,
        _ if unsent.entries == 0 && unsent.retired > 0 => Some(t.word("sending-retired-next").into_owned()),
        _ if tone == Tone::Notice => Some(t.word("sending-notice").into_owned()),
        why => Some(t.word(&format!("wait-{}", why.code())).into_owned()),
    };
    SendingSaid { text, detail, tone, unsent: unsent.entries }
}

/// `周一` for a day of the last six, else `3月2日 周一`.
fn weekday_or_day(t: &Texts, day: Date, today: Date) -> String {
    let ago = day.until(today).map_or(i32::MAX, |span| span.get_days());
    if (0..7).contains(&ago) { t.weekday(day) } else { t.day(day) }
}

impl super::Phone {
    /// What waits to be sent, in words.
    ///
    /// # Errors
    /// As [`super::Phone::unsent`].
    pub fn sending_said(&self, texts: &Texts) -> super::Result<SendingSaid> {
        self.shared.with(|home| Ok(sending_said(texts, &home.unsent()?, home.clocks().wall)))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;
    use crate::policy::Hours;
    use crate::rules::{FindingCode, Times};
    use crate::sync::phone::Standing;
    use crate::texts::{Lang, texts};
    use crate::time::instant;

    const DAY: Date = date(2026, 3, 2);

    fn at(hour: i8, minute: i8) -> UtcSecs {
        instant(DAY, time(hour, minute, 0, 0))
    }

    fn verdict(status: Status, office: u32, open_since: Option<UtcSecs>) -> DayVerdict {
        let clause = Pack::named("hezhang-2021").unwrap().cite(&serde_json::from_str("\"二(一)2\"").unwrap());
        DayVerdict {
            status,
            times: Times { presence: Vec::new(), office: Minutes(office), open_since, findings: Vec::new() },
            required: Minutes(300),
            windows: vec![Span { from: at(8, 30), to: at(11, 30) }, Span { from: at(14, 30), to: at(17, 0) }],
            leave: Vec::new(),
            end: Some(at(17, 0)),
            findings: Vec::new(),
            clause,
        }
    }

    fn cell(verdict: DayVerdict) -> Cell {
        Cell {
            date: DAY,
            result: DayResult::Judged(verdict),
            certainty: None,
            waits: Vec::new(),
            provisional: false,
            hours: Hours::Regular,
            leave_kinds: Vec::new(),
            undecided: 0,
            conflict: false,
        }
    }

    fn said(cell: &Cell, lang: Lang) -> DaySaid {
        let kinds = [CodedName { code: "sick".into(), zh: "病假".into(), en: "sick leave".into() }];
        Saying { texts: texts(lang), leave_kinds: &kinds }.day(Some(cell))
    }

    #[test]
    fn a_day_under_way_says_what_is_done_and_what_is_to_go() {
        let sentence = |status, office, since| said(&cell(verdict(status, office, since)), Lang::Zh).sentence;
        assert_eq!(sentence(Status::InProgress, 0, None), "今天还没有签到");
        assert_eq!(sentence(Status::InProgress, 161, Some(at(8, 31))), "已在岗 2小时41分,还差 2小时19分");
        assert_eq!(sentence(Status::InProgress, 161, None), "已记录 2小时41分,还差 2小时19分");
        assert_eq!(sentence(Status::InProgress, 302, Some(at(8, 31))), "已在岗 5小时2分,已满要求");
        assert_eq!(sentence(Status::ShortOfFiveHours, 278, None), "不足5小时(差 22 分)");
        assert_eq!(sentence(Status::RestDay, 0, None), "休息日");
        assert_eq!(sentence(Status::RestDay, 60, None), "休息日,已记录 1小时");
    }

    #[test]
    fn every_status_has_a_sentence_in_both_languages_without_a_key_or_a_hole() {
        for lang in Lang::ALL {
            for status in Status::ALL {
                let mut verdict = verdict(*status, 120, None);
                verdict.findings.push(Finding {
                    code: FindingCode::Late,
                    minutes: Some(Minutes(12)),
                    span: Some(Span { from: at(8, 30), to: at(8, 42) }),
                    clause: verdict.clause.clone(),
                });
                let said = said(&cell(verdict), lang);
                let all = [vec![said.sentence], said.reasons.into_iter().map(|reason| reason.text).collect()].concat();
                assert!(
                    all.iter().all(|text| !text.is_empty() && !text.contains('$') && !text.contains("day-")),
                    "{all:?}"
                );
            }
        }
    }

    #[test]
    fn a_reason_has_its_clause_and_the_words_of_the_source() {
        let mut late = verdict(Status::Irregular, 290, None);
        let span = Span { from: at(8, 30), to: at(8, 42) };
        let clause = late.clause.clone();
        late.findings.push(Finding { code: FindingCode::Late, minutes: Some(Minutes(12)), span: Some(span), clause });
        let said = said(&cell(late), Lang::Zh);
        assert_eq!(said.sentence, "迟到 12 分");
        let texts: Vec<&str> = said.reasons.iter().map(|reason| reason.text.as_str()).collect();
        assert_eq!(texts, ["时段 08:30–11:30 14:30–17:00,共需 5小时", "迟到 12 分 08:30–08:42"]);
        for reason in &said.reasons {
            assert_eq!(reason.clause.as_deref(), Some("依据:HZ 二(一)2"));
            assert!(reason.quote.as_deref().is_some_and(|quote| quote.contains("不得低于5小时")));
        }
    }

    #[test]
    fn a_leave_is_named_where_its_kind_is_known_and_no_further() {
        let mut on_leave = cell(verdict(Status::OnLeave, 0, None));
        assert_eq!(said(&on_leave, Lang::Zh).sentence, "请假");
        on_leave.leave_kinds = vec!["sick".into()];
        assert_eq!(said(&on_leave, Lang::Zh).sentence, "请假(病假)");
        assert_eq!(said(&on_leave, Lang::En).sentence, "on leave (sick leave)");
    }

    #[test]
    fn a_day_without_rules_says_so_and_that_records_are_kept() {
        let said = Saying { texts: texts(Lang::Zh), leave_kinds: &[] }.day(None);
        assert_eq!((said.status, said.sentence.as_str()), (None, "还没有收到本校的规定,签到照样保存"));
    }

    fn unsent(entries: u64, oldest: Option<UtcSecs>, why: WaitReason) -> Unsent {
        Unsent {
            entries,
            blobs: 0,
            oldest,
            by_document: Vec::new(),
            why,
            retired: 0,
            locked: 0,
            issued_again: Vec::new(),
        }
    }

    #[test]
    fn what_waits_is_said_with_its_age_and_that_it_is_safe() {
        let zh = texts(Lang::Zh);
        let wednesday = at(8, 0).plus(2 * 86_400);
        let said = sending_said(zh, &unsent(3, Some(at(8, 31)), WaitReason::NextConnection), wednesday);
        assert_eq!(said.text, "3 条待发送,最早 周一 08:31;都存在本机,不会丢");
        assert_eq!((said.detail.as_deref(), said.tone), (Some("有网络时自动发送"), Tone::Calm));
        let all = sending_said(zh, &unsent(0, None, WaitReason::Nothing), wednesday);
        assert_eq!((all.text.as_str(), all.detail, all.tone), ("全部已送达", None, Tone::Calm));
    }

    #[test]
    fn what_no_relay_takes_any_more_is_not_called_delivered() {
        let lost = Unsent { locked: 1, ..unsent(0, None, WaitReason::Nothing) };
        let said = sending_said(texts(Lang::Zh), &lost, at(9, 0));
        assert!(said.text.contains("1 份以前的记录还打不开") && said.tone == Tone::Notice, "{said:?}");
        let closed = Unsent { retired: 2, ..unsent(0, None, WaitReason::Nothing) };
        let said = sending_said(texts(Lang::Zh), &closed, at(8, 0));
        assert_eq!((said.text.as_str(), said.tone), ("2 条没有被接收,仍存在本机", Tone::Notice));
        assert!(said.detail.is_some_and(|detail| detail.contains("校长")));
    }

    #[test]
    fn five_entries_or_five_days_are_said_aloud_and_a_refusal_louder() {
        let zh = texts(Lang::Zh);
        let tone = |entries, why, later: i64| {
            sending_said(zh, &unsent(entries, Some(at(8, 31)), why), at(8, 31).plus(later)).tone
        };
        assert_eq!(tone(4, WaitReason::NextConnection, LONG_UNSENT - 1), Tone::Calm);
        assert_eq!(tone(5, WaitReason::NextConnection, 0), Tone::Notice);
        assert_eq!(tone(1, WaitReason::NoConnection(9), LONG_UNSENT), Tone::Notice);
        assert_eq!(tone(1, WaitReason::Standing(Standing::Unknown), 0), Tone::Stopped);
    }
}
