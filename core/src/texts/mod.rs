//! The words that people see, in simplified Chinese and English, by key.
//!
//! Each area has one Fluent file in each language, `texts/zh/<area>.ftl` and `texts/en/<area>.ftl`. Keys of codes are
//! `<kind>-<code>`, such as `status-present`. To add words, add them to both files of an area; to add an area, add its
//! two files and its name to the list. Tests hold that both languages have the same keys with the same arguments.

mod format;
mod said;

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The texts of one area.
struct Area {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
}

macro_rules! areas {
    ($($name:literal),+) => {
        &[$(Area {
            name: $name,
            zh: include_str!(concat!("../../texts/zh/", $name, ".ftl")),
            en: include_str!(concat!("../../texts/en/", $name, ".ftl")),
        }),+]
    };
}

/// What the apps say, and what pages and exports share with them.
const SHARED: &[Area] = areas!["rules", "words", "records", "format", "phone", "app"];

/// What pages, exports, the API and the commands say besides.
#[cfg(feature = "page-texts")]
const OF_PAGES: &[Area] = areas!["pages", "acts", "works", "exports", "api", "people", "views"];
#[cfg(not(feature = "page-texts"))]
const OF_PAGES: &[Area] = &[];

/// Every area.
fn all_areas() -> impl Iterator<Item = &'static Area> {
    SHARED.iter().chain(OF_PAGES)
}

impl Area {
    fn source(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Simplified Chinese: the first language.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Both, the first one first.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// `zh` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// The language of this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// As it stands in a page's `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-Hans",
            Lang::En => "en",
        }
    }
}

/// What a text is filled with.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    /// A number.
    Number(i64),
    /// A text, shown as it is.
    Text(Cow<'a, str>),
}

macro_rules! arg_from_number {
    ($($number:ty),+) => { $(
        impl From<$number> for Arg<'_> {
            fn from(number: $number) -> Self {
                Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )+ };
}
arg_from_number!(i32, i64, u16, u32, u64, usize);

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(text.into())
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Arg::Text(text.into())
    }
}

impl<'a> From<Arg<'a>> for FluentValue<'a> {
    fn from(arg: Arg<'a>) -> Self {
        match arg {
            Arg::Number(number) => number.into(),
            Arg::Text(text) => text.into(),
        }
    }
}

/// All texts of one language. Shared between threads.
pub struct Texts {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

static ZH: LazyLock<Texts> = LazyLock::new(|| Texts::new(Lang::Zh));
static EN: LazyLock<Texts> = LazyLock::new(|| Texts::new(Lang::En));

/// The texts of this language, read once.
pub fn texts(lang: Lang) -> &'static Texts {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

impl Texts {
    /// Reads the texts of a language; [`texts`] does it once for all.
    ///
    /// # Panics
    /// If a file that is compiled in can't be read or a key stands twice, which a test rules out.
    pub fn new(lang: Lang) -> Texts {
        let id: LanguageIdentifier = lang.tag().parse().expect("both tags are well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Marks around arguments would show as boxes on old phones; both languages run from left to right.
        bundle.set_use_isolating(false);
        for area in all_areas() {
            let read = FluentResource::try_new(area.source(lang).to_owned());
            let texts = read.unwrap_or_else(|(_, errors)| panic!("texts of {}: {errors:?}", area.name));
            bundle.add_resource(texts).unwrap_or_else(|errors| panic!("texts of {}: {errors:?}", area.name));
        }
        Texts { lang, bundle }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The name in this language, for names that come from a pack or a record rather than from the texts.
    pub fn pick<'n>(&self, zh: &'n str, en: &'n str) -> &'n str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Whether there is a text for this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// The text for a key that takes no arguments. A key that doesn't exist gives itself, so that a code from a newer
    /// program is at least seen.
    pub fn word<'k>(&'k self, key: &'k str) -> Cow<'k, str> {
        self.filled(key, None)
    }

    /// The text for a key, filled with its arguments: `texts.get("finding-late", &[("minutes", 12)])`.
    pub fn get<'a, A: Clone + Into<Arg<'a>>>(&self, key: &str, args: &[(&str, A)]) -> String {
        let mut filled = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            filled.set((*name).to_owned(), FluentValue::from(value.clone().into()));
        }
        self.filled(key, Some(&filled)).into_owned()
    }

    fn filled<'k>(&'k self, key: &'k str, args: Option<&'k FluentArgs<'_>>) -> Cow<'k, str> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.into();
        };
        // An argument left out shows as `{$name}`: seen, and caught by whoever tests the page.
        self.bundle.format_pattern(pattern, args, &mut Vec::new())
    }
}

#[cfg(test)]
mod tests;
