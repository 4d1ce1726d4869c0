//! The words of the product: the one catalogue of which pages, exports and both apps take theirs.

use std::collections::HashMap;

use sanji_core::phone::EntryAt;
use sanji_core::texts::{Arg, Lang, Texts, texts};
use sanji_core::time::{Minutes, UtcSecs};

use crate::day::Entry;
use crate::given::{Result, date, entry, id};
use crate::phone::Phone;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Language {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

pub(crate) fn in_language(language: Language) -> &'static Texts {
    texts(match language {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    })
}

/// What a text is filled with.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum WordArg {
    /// A number.
    Number {
        /// It.
        value: i64,
    },
    /// A text, shown as it is.
    Text {
        /// It.
        value: String,
    },
}

/// The words of one language.
#[derive(uniffi::Object)]
pub struct Words(&'static Texts);

#[uniffi::export]
impl Words {
    /// The words of a language.
    #[uniffi::constructor]
    pub fn new(language: Language) -> Self {
        Words(in_language(language))
    }

    /// Whether there is a text for this key.
    pub fn has(&self, key: String) -> bool {
        self.0.has(&key)
    }

    /// The text for a key. A key that doesn't exist gives itself.
    pub fn text(&self, key: String) -> String {
        self.0.word(&key).into_owned()
    }

    /// The text for a key, filled with its arguments.
    pub fn filled(&self, key: String, args: HashMap<String, WordArg>) -> String {
        let arg = |arg: &WordArg| match arg {
            WordArg::Number { value } => Arg::Number(*value),
            WordArg::Text { value } => Arg::from(value.clone()),
        };
        let args: Vec<(&str, Arg<'_>)> = args.iter().map(|(name, value)| (name.as_str(), arg(value))).collect();
        self.0.get(&key, &args)
    }

    /// `3月2日 周一`; a text that is no date stays as it is.
    pub fn day(&self, day: String) -> String {
        date("day", &day).map_or(day, |date| self.0.day(date))
    }

    /// `18:02`, in Asia/Shanghai.
    pub fn time(&self, at_secs: i64) -> String {
        self.0.time(UtcSecs(at_secs))
    }

    /// `3月1日 18:02`, in Asia/Shanghai.
    pub fn moment(&self, at_secs: i64) -> String {
        self.0.moment(UtcSecs(at_secs))
    }

    /// `3月2日–3月4日(3天)`, `3月2日 13:00–18:00`: a time only where a day isn't whole.
    pub fn period(&self, from_secs: i64, to_secs: i64) -> String {
        self.0.period(UtcSecs(from_secs), UtcSecs(to_secs))
    }

    /// `4小时58分`.
    pub fn duration(&self, minutes: u32) -> String {
        self.0.duration(Minutes(minutes))
    }
}

/// What an entry says, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct EntrySaid {
    /// The entry.
    pub entry: Entry,
    /// What kind of entry it is.
    pub kind: String,
    /// What it says; empty where the kind says it all.
    pub says: String,
    /// Whose device wrote it; absent for a kiosk.
    pub person: Option<String>,
    /// When it was made, as it is judged.
    pub judged_secs: i64,
}

impl Phone {
    pub(crate) fn said(&self, at: &EntryAt, school: Option<&str>, language: Language) -> Result<EntrySaid> {
        let words = in_language(language);
        let (body, item) = (self.core().body(at)?, self.core().entry(at)?);
        let kinds = match school {
            Some(school) => self.core().leave_kinds(id("school", school)?)?,
            None => Vec::new(),
        };
        Ok(EntrySaid {
            entry: (*at).into(),
            kind: words.entry_kind(body.as_ref()),
            says: body.map_or(String::new(), |body| words.entry_says(&body, &kinds)),
            person: item.author.person.map(|person| person.to_string()),
            judged_secs: item.placed.judged.0,
        })
    }
}

#[uniffi::export]
impl Phone {
    /// What an entry says; `school` is whose words for leave are used.
    pub fn say_entry(&self, said: Entry, school: Option<String>, language: Language) -> Result<EntrySaid> {
        self.said(&entry(&said)?, school.as_deref(), language)
    }

    /// What two people changed at the same time: all versions that hold, in plain words.
    pub fn conflicts(&self, school: Option<String>, language: Language) -> Result<Vec<Vec<EntrySaid>>> {
        let mut found = Vec::new();
        for conflict in self.core().conflicts()? {
            let versions = conflict.versions.iter().map(|entry| EntryAt { doc: conflict.doc, entry: *entry });
            found.push(versions.map(|at| self.said(&at, school.as_deref(), language)).collect::<Result<_>>()?);
        }
        Ok(found)
    }
}
