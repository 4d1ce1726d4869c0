//! Sentences for people, in simplified Chinese and English side by side, so that neither can be missing.

use std::fmt;

use sanji_core::texts::Lang;

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Said {
    /// The sentence in one language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Both, for a log or where the reader's language isn't known.
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.zh, self.en)
    }
}

/// Makes a [`Said`] of two format strings, Chinese first; both take the same arguments, by position or by name.
#[macro_export]
macro_rules! said {
    ($zh:literal, $en:literal $(, $arg:expr)* $(,)?) => {
        $crate::said::Said { zh: format!($zh $(, $arg)*), en: format!($en $(, $arg)*) }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_said_in_the_language_asked_for() {
        let name = "可乐小学";
        let said = said!("{name}有 {} 人", "{name} has {} people", 12);
        assert_eq!(said.text(Lang::Zh), "可乐小学有 12 人");
        assert_eq!(said.text(Lang::En), "可乐小学 has 12 people");
    }
}
