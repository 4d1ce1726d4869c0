//! The county's and the schools' own documents, kept folded: they are small, change seldom, and every cell needs them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sanji_core::documents::county::County;
use sanji_core::documents::school::School;
use sanji_core::ids::{DocId, DocKind, SchoolId};
use sanji_core::review::CountyFacts;
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::message::LogNo;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Relay, RelayError};

/// The documents that were folded, each with its last entry and note: the same stamp, the same meaning.
type Stamp = Vec<(DocId, LogNo, u64)>;

/// Folded documents.
pub struct Kept {
    relay: Relay,
    county: Mutex<(Stamp, Arc<CountyFacts>)>,
    schools: Mutex<BTreeMap<SchoolId, (Stamp, Arc<Vec<School>>)>>,
}

impl Kept {
    /// Nothing yet.
    pub fn new(relay: Relay) -> Self {
        Kept { relay, county: Mutex::default(), schools: Mutex::default() }
    }

    /// The relay whose documents they are.
    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    /// What the county's documents say.
    ///
    /// # Errors
    /// When the store fails.
    pub fn county(&self, ledger: &mut dyn Ledger) -> Result<Arc<CountyFacts>, RelayError> {
        let stamp = self.stamp(ledger, &self.relay.county().0, DocKind::County)?;
        {
            let kept = self.county.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.0 == stamp {
                return Ok(kept.1.clone());
            }
        }
        let mut views = Vec::with_capacity(stamp.len());
        for (doc, ..) in &stamp {
            views.push((doc.label, County::of(&self.relay.journal(ledger, *doc)?.fold())));
        }
        let facts = Arc::new(CountyFacts::new(views));
        *self.county.lock().unwrap_or_else(PoisonError::into_inner) = (stamp, facts.clone());
        Ok(facts)
    }

    /// What a school's documents say, by school year.
    ///
    /// # Errors
    /// When the store fails.
    pub fn school(&self, ledger: &mut dyn Ledger, school: SchoolId) -> Result<Arc<Vec<School>>, RelayError> {
        let stamp = self.stamp(ledger, &school.0, DocKind::School)?;
        {
            let kept = self.schools.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((known, views)) = kept.get(&school)
                && *known == stamp
            {
                return Ok(views.clone());
            }
        }
        let mut views = Vec::with_capacity(stamp.len());
        for (doc, ..) in &stamp {
            views.push(School::of(&self.relay.journal(ledger, *doc)?.fold()));
        }
        let views = Arc::new(views);
        self.schools.lock().unwrap_or_else(PoisonError::into_inner).insert(school, (stamp, views.clone()));
        Ok(views)
    }

    fn stamp(&self, ledger: &mut dyn Ledger, object: &[u8; 8], kind: DocKind) -> Result<Stamp, RelayError> {
        let mut book = Book::new(self.relay.county(), ledger);
        let mut stamp = Vec::new();
        for (doc, _) in book.docs_of(object)?.into_iter().filter(|(doc, _)| doc.kind == kind) {
            stamp.extend(book.doc(doc)?.map(|row| (doc, row.last, row.notes)));
        }
        stamp.sort();
        Ok(stamp)
    }
}
