//! Screens in words: days, what waits, what somebody did.

use sanji_core::phone as core;
use sanji_core::policy::CodedName;
use sanji_core::texts::Texts;

use crate::day::Today;
use crate::given::{Result, date, id, posting};
use crate::phone::Phone;
use crate::words::{Language, in_language};

/// One reason for a verdict.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ReasonSaid {
    /// What there is to say.
    pub text: String,
    /// The clause that it rests on; absent where none is.
    pub clause: Option<String>,
    /// That clause in the source's own words, where they are known.
    pub source: Option<String>,
}

/// A day in words.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DaySaid {
    /// The posting.
    pub posting: String,
    /// The school's name, or for a colleague's day the colleague's; absent until it has arrived.
    pub name: Option<String>,
    /// The date: `3月2日 周一`.
    pub date_line: String,
    /// The status' code, for its colour; absent where nothing is judged.
    pub status: Option<String>,
    /// The status' shape; empty where nothing is judged.
    pub shape: String,
    /// The day in one sentence.
    pub sentence: String,
    /// Why, most telling first.
    pub reasons: Vec<ReasonSaid>,
    /// Why it may differ from what the review page says.
    pub provisional: Vec<String>,
}

/// How loudly something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Tone {
    /// In passing.
    Calm,
    /// So that it is noticed: many records wait, or they wait long.
    Notice,
    /// Nothing is taken until somebody acts.
    Stopped,
}

/// What waits to be sent, in words.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SendingSaid {
    /// The sentence.
    pub text: String,
    /// Why it waits, or what to do; absent where nothing waits and nothing is wrong.
    pub detail: Option<String>,
    /// How loudly it is said.
    pub tone: Tone,
    /// Records that wait.
    pub unsent: u64,
}

/// Today, with its days in words.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct TodaySaid {
    /// Today.
    pub today: Today,
    /// What is said of each posting's day, in the same order.
    pub said: Vec<DaySaid>,
}

struct Saying {
    texts: &'static Texts,
    leave_kinds: Vec<CodedName>,
}

impl Saying {
    fn day(&self, of: Of, day: core::DaySaid, provisional: &[core::Provisional]) -> DaySaid {
        let t = self.texts;
        let code = day.status.map(|status| status.code());
        let reason =
            |reason: core::Reason| ReasonSaid { text: reason.text, clause: reason.clause, source: reason.quote };
        DaySaid {
            posting: of.posting,
            name: of.name,
            date_line: t.day(of.date),
            status: code.map(str::to_owned),
            shape: code.map_or(String::new(), |code| t.word(&format!("shape-{code}")).into_owned()),
            sentence: day.sentence,
            reasons: day.reasons.into_iter().map(reason).collect(),
            provisional: provisional
                .iter()
                .map(|why| t.word(&format!("provisional-{}", why.code())).into_owned())
                .collect(),
        }
    }

    fn words(&self) -> core::Saying<'_> {
        core::Saying { texts: self.texts, leave_kinds: &self.leave_kinds }
    }

    fn own(&self, date: jiff::civil::Date, day: &core::PostingDay) -> DaySaid {
        let of = Of { posting: day.posting.posting.to_string(), name: day.posting.school_name.clone(), date };
        self.day(of, self.words().day(day.cell.as_ref()), &day.provisional)
    }
}

/// Whose day.
struct Of {
    posting: String,
    name: Option<String>,
    date: jiff::civil::Date,
}

impl Phone {
    fn saying(&self, school: sanji_core::ids::SchoolId, language: Language) -> Result<Saying> {
        Ok(Saying { texts: in_language(language), leave_kinds: self.core().leave_kinds(school)? })
    }
}

#[uniffi::export]
impl Phone {
    /// What the first screen shows, with its days in words: each day is judged once.
    pub fn today_said(&self, language: Language) -> Result<TodaySaid> {
        let today = self.core().today()?;
        let say = |day: &core::PostingDay| Ok(self.saying(day.posting.school, language)?.own(today.date, day));
        let said = today.postings.iter().map(say).collect::<Result<_>>()?;
        Ok(TodaySaid { said, today: today.into() })
    }

    /// One of the person's days in words.
    pub fn day_said(&self, posting_id: Option<String>, day: String, language: Language) -> Result<DaySaid> {
        let date = date("day", &day)?;
        let day = self.core().day(posting(posting_id)?, date)?;
        Ok(self.saying(day.posting.school, language)?.own(date, &day))
    }

    /// Somebody's day at a school in words, for who heads it: one for each colleague of the roster.
    pub fn school_day_said(&self, school: String, day: String, language: Language) -> Result<Vec<DaySaid>> {
        let (school, date) = (id("school", &school)?, date("day", &day)?);
        let saying = self.saying(school, language)?;
        let days = self.core().school_day(school, date)?;
        let one = |day: &core::StaffDay| {
            let of = Of { posting: day.posting.to_string(), name: Some(day.name.clone()), date };
            saying.day(of, saying.words().day(day.cell.as_ref()), &[])
        };
        Ok(days.iter().map(one).collect())
    }

    /// What waits to be sent, in words.
    pub fn sending_said(&self, language: Language) -> Result<SendingSaid> {
        let said = self.core().sending_said(in_language(language))?;
        let tone = match said.tone {
            core::Tone::Calm => Tone::Calm,
            core::Tone::Notice => Tone::Notice,
            core::Tone::Stopped => Tone::Stopped,
        };
        Ok(SendingSaid { text: said.text, detail: said.detail, tone, unsent: said.unsent })
    }
}
