//! What the owner should hear of who isn't looking at the app: records that wait for long or aren't taken, what was decided on
//! what they asked for, records that aren't counted. Kinds of leave and reasons are never named: others may look on.

use std::collections::BTreeSet;

use super::day::EntryAt;
use super::error::Result;
use super::handle::Phone;
use super::said::Tone;
use crate::documents::facts::Decided;
use crate::texts::Texts;
use crate::time::UtcSecs;

/// What news are about. Newer ones take the place of those before on the same matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// Records that wait: over as soon as nothing is said of it any more.
    Sending,
    /// A leave.
    Leave,
    /// A correction.
    Correction,
    /// Records that aren't counted.
    NotCounted,
}

/// Something to hear of, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// About what.
    pub matter: Matter,
    /// What there is to hear.
    pub title: String,
    /// What more there is to say, or to do.
    pub text: Option<String>,
}

/// How what concerns the owner stands, so that two moments can be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affairs {
    /// What was asked for, latest day last.
    asked: Vec<Asked>,
    not_counted: BTreeSet<EntryAt>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    matter: Matter,
    /// The version, and the part of it, that was decided on as one.
    what: (EntryAt, Option<(UtcSecs, UtcSecs)>),
    decision: Decided,
}

impl Affairs {
    /// Whether something waits for its answer.
    pub fn waiting(&self) -> bool {
        self.asked.iter().any(|asked| asked.decision == Decided::Pending)
    }

    /// What was decided since then, at most one for each matter.
    fn decided_since(&self, before: &Affairs) -> Vec<(Matter, Decided)> {
        let waited =
            |asked: &Asked| before.asked.iter().any(|old| old.what == asked.what && old.decision == Decided::Pending);
        let news = |matter| {
            let mut decided = self.asked.iter().filter(|asked| asked.decision != Decided::Pending && waited(asked));
            decided.rfind(|asked| asked.matter == matter).map(|asked| (matter, asked.decision))
        };
        [Matter::Leave, Matter::Correction].into_iter().filter_map(news).collect()
    }

    fn say(&self, before: &Affairs, t: &Texts) -> Vec<News> {
        let plain = |matter, key: &str| News { matter, title: t.word(key).into_owned(), text: None };
        let mut news: Vec<News> = self
            .decided_since(before)
            .into_iter()
            .map(|(matter, decision)| {
                let asked = if matter == Matter::Leave { "leave" } else { "correction" };
                plain(matter, &format!("notice-{asked}-{}", decision.name()))
            })
            .collect();
        if !self.not_counted.is_subset(&before.not_counted) {
            let text = Some(t.word("sendpage-not-accepted-lead").into_owned());
            news.push(News { text, ..plain(Matter::NotCounted, "notice-flagged-title") });
        }
        news
    }
}

impl Phone {
    /// How what concerns the owner stands now, at all of their postings. A kiosk has no affairs.
    ///
    /// # Errors
    /// When the phone isn't enrolled or its store fails.
    pub fn affairs(&self) -> Result<Affairs> {
        let postings = if self.holder()?.person.is_some() { self.postings()? } else { Vec::new() };
        let mut asked = Vec::new();
        for posting in postings.iter().map(|posting| Some(posting.posting)) {
            for (doc, leave) in self.leaves(posting)?.into_iter().rev() {
                asked.extend(leave.pieces.iter().map(|piece| Asked {
                    matter: Matter::Leave,
                    what: (EntryAt { doc, entry: piece.source.entry }, Some((piece.from, piece.to))),
                    decision: piece.decision,
                }));
            }
            for (doc, request) in self.corrections(posting)?.into_iter().rev() {
                asked.push(Asked {
                    matter: Matter::Correction,
                    what: (EntryAt { doc, entry: request.row.now.source.entry }, None),
                    decision: request.decision,
                });
            }
        }
        Ok(Affairs { asked, not_counted: self.flagged()?.into_iter().map(|flagged| flagged.at).collect() })
    }

    /// What there is to hear of: what changed since `before`, and what has to be said of records that wait.
    ///
    /// # Errors
    /// As [`Phone::affairs`].
    pub fn news(&self, before: &Affairs, texts: &Texts) -> Result<Vec<News>> {
        let mut news = self.affairs()?.say(before, texts);
        let sending = self.sending_said(texts)?;
        let title = match sending.tone {
            Tone::Calm => return Ok(news),
            Tone::Notice => "notice-unsent-title",
            Tone::Stopped => "notice-stopped-title",
        };
        let text = [Some(sending.text), sending.detail].into_iter().flatten().collect::<Vec<_>>().join("\n");
        news.push(News { matter: Matter::Sending, title: texts.word(title).into_owned(), text: Some(text) });
        Ok(news)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ActorId, DocId, SchoolId};
    use crate::records::EntryRef;
    use crate::texts::{Lang, texts};

    fn at(seq: u64) -> EntryAt {
        let doc = DocId::register(SchoolId([1; 8]), jiff::civil::date(2026, 3, 2));
        EntryAt { doc, entry: EntryRef { actor: ActorId([2; 16]), seq, hash: [3; 8] } }
    }

    fn asked(matter: Matter, seq: u64, decision: Decided) -> Asked {
        Asked { matter, what: (at(seq), None), decision }
    }

    fn affairs(asked: &[Asked], not_counted: &[u64]) -> Affairs {
        Affairs { asked: asked.to_vec(), not_counted: not_counted.iter().map(|seq| at(*seq)).collect() }
    }

    fn titles(now: &Affairs, before: &Affairs) -> Vec<(Matter, String)> {
        now.say(before, texts(Lang::En)).into_iter().map(|news| (news.matter, news.title)).collect()
    }

    #[test]
    fn what_waited_and_was_decided_is_news_once() {
        use Decided::{Approved, Pending, Refused};
        let before = affairs(&[asked(Matter::Leave, 1, Pending), asked(Matter::Correction, 2, Pending)], &[]);
        let now = affairs(&[asked(Matter::Leave, 1, Approved), asked(Matter::Correction, 2, Refused)], &[]);
        assert!(before.waiting() && !now.waiting());
        let word = |key: &str| texts(Lang::En).word(key).into_owned();
        let wanted = vec![
            (Matter::Leave, word("notice-leave-approved")),
            (Matter::Correction, word("notice-correction-refused")),
        ];
        assert_eq!(titles(&now, &before), wanted);
        assert_eq!(titles(&now, &now), []);
        assert_eq!(titles(&before, &before), []);
    }

    #[test]
    fn what_nobody_waited_for_is_no_news() {
        let now = affairs(&[asked(Matter::Leave, 1, Decided::Approved)], &[]);
        assert_eq!(titles(&now, &Affairs::default()), []);
    }

    #[test]
    fn of_several_decisions_on_one_matter_the_latest_is_said() {
        use Decided::{Approved, Pending, Refused};
        let before = affairs(&[asked(Matter::Leave, 1, Pending), asked(Matter::Leave, 2, Pending)], &[]);
        let now = affairs(&[asked(Matter::Leave, 1, Approved), asked(Matter::Leave, 2, Refused)], &[]);
        assert_eq!(now.decided_since(&before), [(Matter::Leave, Refused)]);
    }

    #[test]
    fn a_record_that_is_not_counted_any_more_is_news_and_one_that_counts_again_is_none() {
        let (none, one, two) = (affairs(&[], &[]), affairs(&[], &[1]), affairs(&[], &[1, 2]));
        let news = two.say(&one, texts(Lang::En));
        assert_eq!(news.iter().map(|news| news.matter).collect::<Vec<_>>(), [Matter::NotCounted]);
        assert!(news[0].text.is_some());
        assert_eq!(titles(&one, &two), []);
        assert_eq!(titles(&none, &one), []);
    }
}
