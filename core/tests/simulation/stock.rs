//! What stock Automerge makes of a relay's documents.

use std::collections::BTreeMap;

use automerge::{Automerge, ROOT, ReadDoc};
use sanji_core::documents::chain::{Tip, root_key};
use sanji_core::documents::genesis;
use sanji_core::ids::{CountyId, DocId};
use sanji_core::sync::relay::book::Book;

/// Stock Automerge loads this document and has exactly its entries.
pub fn assert_loads(county: CountyId, book: &mut Book<'_>, doc: DocId) {
    let mut changes = vec![genesis::change(county, doc)];
    let mut expected = BTreeMap::new();
    for chain in book.chains_in(doc).unwrap() {
        let mut tip: Option<Tip> = None;
        for seq in 1..=chain.seq {
            let n = book.entry_no(chain.number, seq).unwrap().unwrap();
            let row = book.entry(n).unwrap().unwrap();
            let value = row.value.unwrap().0;
            let before = tip.unwrap_or_else(|| Tip::start_of(county, doc, chain.actor, &value).unwrap());
            changes.push(before.change(&value));
            expected.insert(root_key(chain.actor, seq), value);
            tip = Some(Tip { seq, hash: row.hash, ..before });
        }
    }
    let mut stock = Automerge::new();
    stock.apply_changes(changes).unwrap();
    let stock = Automerge::load(&stock.save()).unwrap();
    let found: BTreeMap<String, Vec<u8>> = stock
        .map_range(ROOT, ..)
        .filter(|item| item.key != genesis::KEY)
        .map(|item| (item.key.to_string(), item.value.into_value().into_bytes().unwrap()))
        .collect();
    assert_eq!(found, expected, "{doc}");
}
