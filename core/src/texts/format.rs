//! Dates, times and lengths as people write them.

use jiff::civil::{Date, Time};

use super::{Arg, Texts};
use crate::policy::Clause;
use crate::rules::{Finding, Span, Status};
use crate::time::{Minutes, UtcSecs};

impl Texts {
    /// `4小时58分`, `58分`, `4小时`.
    pub fn duration(&self, length: Minutes) -> String {
        let (hours, minutes) = (length.0 / 60, length.0 % 60);
        let args = [("hours", hours), ("minutes", minutes)];
        self.get(
            match (hours, minutes) {
                (0, _) => "format-minutes",
                (_, 0) => "format-hours",
                _ => "format-hours-minutes",
            },
            &args,
        )
    }

    /// `3月2日 周一`.
    pub fn day(&self, date: Date) -> String {
        self.get("format-day", &[("date", self.date(date)), ("weekday", self.weekday(date))])
    }

    /// `3月2日`.
    pub fn date(&self, date: Date) -> String {
        self.get("format-date", &[("month", Arg::from(self.month(date))), ("day", Arg::Number(date.day().into()))])
    }

    /// `周一`.
    pub fn weekday(&self, date: Date) -> String {
        let at = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        self.word(WEEKDAYS[at]).into_owned()
    }

    /// `18:02`, in Asia/Shanghai.
    pub fn time(&self, at: UtcSecs) -> String {
        let local = at.local();
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// `3月1日 18:02`, in Asia/Shanghai.
    pub fn moment(&self, at: UtcSecs) -> String {
        format!("{} {}", self.date(at.date()), self.time(at))
    }

    /// The word for a status, with its shape before it: never colour alone.
    pub fn status(&self, status: Status) -> String {
        let code = status.code();
        format!("{} {}", self.word(&format!("shape-{code}")), self.word(&format!("status-{code}")))
    }

    /// A finding as a phrase: `迟到 12 分`.
    pub fn finding(&self, found: &Finding) -> String {
        let key = format!("finding-{}", found.code.code());
        match found.minutes {
            Some(minutes) => self.get(&key, &[("minutes", minutes.0)]),
            None => self.word(&key).into_owned(),
        }
    }

    /// Within a day: `08:30–11:30`, `全天`, or one time where nothing lasts.
    pub fn span(&self, span: Span) -> String {
        let from = self.time(span.from);
        match (is_midnight(span.from), ends_a_day(span.from, span.to)) {
            _ if span.from == span.to => from,
            (true, true) if span.from.date() == last_day(span.from, span.to) => {
                self.word("format-all-day").into_owned()
            }
            (_, true) => format!("{from}–24:00"),
            _ => format!("{from}–{}", self.time(span.to)),
        }
    }

    /// `3月2日–3月4日(3天)`, `3月2日 13:00–18:00`, `3月2日 13:00 – 3月4日`: a time only where a day isn't whole.
    pub fn period(&self, from: UtcSecs, to: UtcSecs) -> String {
        let (first, last) = (from.date(), last_day(from, to));
        let whole = (is_midnight(from), ends_a_day(from, to));
        match whole {
            (true, true) => {
                let count = i64::from((last - first).get_days()) + 1;
                self.get("format-days-counted", &[("days", Arg::from(self.days(first, last))), ("count", count.into())])
            }
            _ if first == last => format!("{} {}", self.date(first), self.span(Span { from, to })),
            (from_start, to_end) => {
                let one = |whole: bool, date: Date, at: UtcSecs| if whole { self.date(date) } else { self.moment(at) };
                format!("{} – {}", one(from_start, first, from), one(to_end, last, to))
            }
        }
    }

    /// The end of a period: `3月4日` where that day is whole, else `3月4日 12:00`.
    pub fn end(&self, from: UtcSecs, to: UtcSecs) -> String {
        if ends_a_day(from, to) { self.date(last_day(from, to)) } else { self.moment(to) }
    }

    /// `3月2日–3月4日`, both days included.
    pub fn days(&self, first: Date, last: Date) -> String {
        if first == last {
            return self.date(first);
        }
        if (first.year(), first.month()) != (last.year(), last.month()) {
            return self.get("format-days", &[("from", self.date(first)), ("to", self.date(last))]);
        }
        let month = Arg::from(self.month(first));
        let day = |date: Date| Arg::Number(date.day().into());
        self.get("format-days-of-month", &[("month", month), ("first", day(first)), ("last", day(last))])
    }

    fn month(&self, date: Date) -> String {
        self.word(MONTHS[usize::from(date.month().unsigned_abs()) - 1]).into_owned()
    }

    /// What a number or a finding rests on: `依据:HZ 二(一)2`.
    pub fn clause(&self, clause: &Clause) -> String {
        match clause.as_str() {
            Clause::OWN => self.word("clause-own").into_owned(),
            cited => self.get("clause", &[("clause", cited)]),
        }
    }

    /// What is said of a phone, or a kiosk, that hasn't reported yet; `lost` if nothing more can come.
    pub fn not_heard(&self, kiosk: bool, through: Option<UtcSecs>, lost: bool) -> String {
        match (through, kiosk) {
            _ if lost => self.word("finding-may_be_lost").into_owned(),
            (Some(through), true) => self.get("kiosk-since", &[("when", self.moment(through))]),
            (Some(through), false) => self.get("awaiting-since", &[("when", self.moment(through))]),
            (None, true) => self.word("kiosk-never").into_owned(),
            (None, false) => self.word("awaiting-never").into_owned(),
        }
    }
}

const MONTHS: [&str; 12] = [
    "format-month-1",
    "format-month-2",
    "format-month-3",
    "format-month-4",
    "format-month-5",
    "format-month-6",
    "format-month-7",
    "format-month-8",
    "format-month-9",
    "format-month-10",
    "format-month-11",
    "format-month-12",
];

const WEEKDAYS: [&str; 7] = [
    "format-weekday-1",
    "format-weekday-2",
    "format-weekday-3",
    "format-weekday-4",
    "format-weekday-5",
    "format-weekday-6",
    "format-weekday-7",
];

fn is_midnight(at: UtcSecs) -> bool {
    at.local().time() == Time::midnight()
}

/// Whether what lasts from `from` to `to` ends with a day: at the midnight after it.
fn ends_a_day(from: UtcSecs, to: UtcSecs) -> bool {
    from < to && is_midnight(to)
}

/// The last day of what lasts from `from` to `to`.
fn last_day(from: UtcSecs, to: UtcSecs) -> Date {
    if ends_a_day(from, to) { UtcSecs(to.0 - 1).date() } else { to.date() }
}
