//! Why a pack or a calendar can't be read, said so that whoever wrote the file can mend it.

use std::fmt;
use std::ops::Range;

/// What is wrong with a TOML file of policy, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackError {
    /// The line, from 1; `None` if the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong and what to do, in simplified Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl PackError {
    /// An error at the bytes `span` of `source`.
    pub(super) fn at(source: &str, span: Range<usize>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        PackError { line: Some(line_of(source, span.start)), zh: zh.into(), en: en.into() }
    }

    /// An error of the whole file.
    pub(super) fn whole(zh: impl Into<String>, en: impl Into<String>) -> Self {
        PackError { line: None, zh: zh.into(), en: en.into() }
    }

    /// What the TOML reader says, with the line and what to do.
    pub(super) fn from_toml(source: &str, error: &toml::de::Error) -> Self {
        let message = error.message().trim().to_owned();
        let (zh, en) = if message.contains("unknown field") {
            ("改正或删去这个键", "correct the key or delete it")
        } else if message.contains("missing field") {
            ("补上缺少的键(每个数字都要写明出处 clause)", "add the missing key (every number names its clause)")
        } else {
            ("改正这一行", "correct this line")
        };
        let line = error.span().map(|span| line_of(source, span.start));
        PackError { line, zh: format!("{message}:{zh}"), en: format!("{message}: {en}") }
    }
}

fn line_of(source: &str, offset: usize) -> usize {
    source.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "第 {line} 行:{} (line {line}: {})", self.zh, self.en),
            None => write!(f, "{} ({})", self.zh, self.en),
        }
    }
}

impl std::error::Error for PackError {}
