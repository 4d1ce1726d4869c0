//! What the owner should hear of who isn't looking at the app.

use std::sync::Arc;

use sanji_core::phone as core;

use crate::given::Result;
use crate::phone::Phone;
use crate::words::{Language, in_language};

/// What news are about. Newer ones take the place of those before on the same matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Matter {
    /// Records that wait: over as soon as no news are about it any more.
    Sending,
    /// A leave.
    Leave,
    /// A correction.
    Correction,
    /// Records that aren't counted.
    NotCounted,
}

/// Something to hear of, in words that anybody may read.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct News {
    /// About what.
    pub matter: Matter,
    /// What there is to hear.
    pub title: String,
    /// What more there is to say, or to do.
    pub text: Option<String>,
}

impl From<core::News> for News {
    fn from(news: core::News) -> Self {
        let matter = match news.matter {
            core::Matter::Sending => Matter::Sending,
            core::Matter::Leave => Matter::Leave,
            core::Matter::Correction => Matter::Correction,
            core::Matter::NotCounted => Matter::NotCounted,
        };
        News { matter, title: news.title, text: news.text }
    }
}

/// How what concerns the owner stands, so that two moments can be compared.
#[derive(uniffi::Object)]
pub struct Affairs(core::Affairs);

#[uniffi::export]
impl Affairs {
    /// Whether something waits for its answer.
    pub fn waiting(&self) -> bool {
        self.0.waiting()
    }
}

#[uniffi::export]
impl Phone {
    /// How what concerns the owner stands now.
    pub fn affairs(&self) -> Result<Arc<Affairs>> {
        Ok(Arc::new(Affairs(self.core().affairs()?)))
    }

    /// What there is to hear of: what changed since `before`, and what has to be said of records that wait.
    pub fn news(&self, before: Arc<Affairs>, language: Language) -> Result<Vec<News>> {
        let news = self.core().news(&before.0, in_language(language))?;
        Ok(news.into_iter().map(Into::into).collect())
    }
}
