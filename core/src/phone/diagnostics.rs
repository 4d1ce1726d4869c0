//! What a teacher can send to whoever helps: versions, counts, sizes and codes. No name, no record, no id of a person, posting
//! or school; the device is named by the start of its id, as the county's list of devices does.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::error::Result;
use super::found::Found;
use super::handle::Phone;
use super::home::Home;
use crate::ids::DocKind;
use crate::store::schema;
use crate::sync::phone::state::{Answered, Past, Pushes, Session, chains, fact, last_entry};
use crate::sync::phone::{Table, cursor_start, scan_prefix, standing};

impl Home {
    fn diagnostics(&mut self) -> Result<String> {
        let mut text = String::new();
        let mut say = |name: &str, value: &dyn std::fmt::Display| {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{name}: {value}");
        };
        say("sanji", &env!("CARGO_PKG_VERSION"));
        say("build", &self.limits.build);
        say("format", &schema::STEPS.len());
        say(
            "records",
            &match self.found {
                Found::Sound => "sound",
                Found::WentBack => "went_back",
                Found::Replaced { .. } => "replaced",
            },
        );
        say("files_bytes", &self.folder.size());
        say("files_kept", &self.folder.kept());
        say("files_locked", &self.folder.locked().len());
        let Some(member) = &self.member else {
            say("enrolled", &"no");
            return Ok(text);
        };
        let (actor, county) = (member.machine.forge().actor(), member.card.county);
        say("enrolled", &if member.holder.person.is_some() { "person" } else { "kiosk" });
        say("postings", &member.held.len());
        say("relays", &member.card.addresses.len());
        say("device", &&actor.to_string()[..8]);
        let (clocks, now, unsent) = (self.clocks(), self.now()?, self.unsent()?);
        say("clock_ahead_seconds", &clocks.wall.0.saturating_sub(now.0));
        say("unsent", &unsent.entries);
        say("unsent_pictures", &unsent.blobs);
        say("unsent_oldest_hours", &unsent.oldest.map_or(0, |at| clocks.wall.0.saturating_sub(at.0).max(0) / 3600));
        say("unsent_why", &unsent.why.code());
        say("issued_again", &unsent.issued_again.len());
        let facts = self.read(|rows| {
            let mut kinds: BTreeMap<DocKind, (usize, u64)> = BTreeMap::new();
            let mut before = None;
            for (doc, actor, _) in chains(rows, &[])? {
                let counted = kinds.entry(doc.kind).or_default();
                counted.0 += usize::from(before.replace(doc) != Some(doc));
                counted.1 += last_entry(rows, doc, actor)?.map_or(0, |last| last.seq);
            }
            let mut count = |table| scan_prefix(rows, table, &[]).map(|found| found.len());
            let tables = [
                ("devices", count(Table::Device)?),
                ("receipts", count(Table::Receipt)?),
                ("pictures", count(Table::Blob)?),
                ("copies_dropped", count(Table::Wanted)?),
                ("handed_back", count(Table::Recover)?),
                ("kiosk_people", count(Table::Kiosk)?),
            ];
            let cursor = fact::<crate::sync::message::Cursor>(rows)?.unwrap_or_else(|| cursor_start(county));
            let answered = fact::<Answered>(rows)?.and_then(|answered| answered.relay);
            let numbers = (
                fact::<Pushes>(rows)?.map_or(0, |pushes| pushes.n),
                fact::<Session>(rows)?.map_or(0, |session| session.number),
                fact::<Past>(rows)?.map_or(0, |past| past.actors.len()),
            );
            Ok((standing(rows)?, kinds, tables, cursor, answered, numbers))
        })?;
        let (standing, kinds, tables, cursor, answered, (pushes, session, past)) = facts;
        say("standing", &standing.code());
        say("pushes", &pushes);
        say("session", &session);
        say("earlier_keys", &past);
        say("cursor", &format_args!("{} {} {}", cursor.effective, cursor.seq, cursor.notes));
        say("last_answer_seconds_ago", &answered.map_or(-1, |relay| now.0.saturating_sub(relay.secs().0)));
        for (kind, (documents, entries)) in kinds {
            say(&format!("documents_{}", kind.name()), &format_args!("{documents} with {entries} entries"));
        }
        for (name, count) in tables {
            say(name, &count);
        }
        Ok(text)
    }
}

impl Phone {
    /// What helps to find out why something doesn't work, one line each: versions, counts, sizes and codes. No personal data.
    ///
    /// # Errors
    /// When the phone is closed or its store fails.
    pub fn diagnostics(&self) -> Result<String> {
        self.with(Home::diagnostics)
    }

    /// The bytes of this phone's files.
    ///
    /// # Errors
    /// When the phone is closed.
    pub fn storage_bytes(&self) -> Result<u64> {
        self.with(|home| Ok(home.folder.size()))
    }
}
