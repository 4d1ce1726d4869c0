use std::collections::BTreeMap;
use sanji_core::sync::ledger::*;
use sanji_core::crypto::SecretKey;
use sanji_core::ids::CountyId;
use sanji_core::sync::relay::Relay;
use sanji_tests::days::*;
use sanji_tests::school::*;
use rand::SeedableRng;
use jiff::civil::date;
#[derive(Default)]
struct Counting { inner: MemoryLedger, n: BTreeMap<(String, &'static str), usize> }
impl Counting { fn c(&mut self, t: Table, op: &'static str) { *self.n.entry((format!("{t:?}"), op)).or_default() += 1; } }
impl Ledger for Counting {
    fn get(&mut self, t: Table, k: &[u8]) -> Result<Option<Vec<u8>>, LedgerError> { self.c(t, "get"); self.inner.get(t, k) }
    fn put(&mut self, t: Table, k: &[u8], v: &[u8]) -> Result<(), LedgerError> { self.c(t, "put"); self.inner.put(t, k, v) }
    fn delete(&mut self, t: Table, k: &[u8]) -> Result<(), LedgerError> { self.c(t, "del"); self.inner.delete(t, k) }
    fn scan(&mut self, t: Table, a: &[u8], b: &[u8], l: usize, r: bool) -> Result<Vec<Pair>, LedgerError> { self.c(t, "scan"); self.inner.scan(t, a, b, l, r) }
}
fn main() {
    let mut ledger = Counting::default();
    let mut rng = rand_chacha::ChaCha12Rng::seed_from_u64(1);
    let relay = Relay::new(CountyId::random(&mut rng), SecretKey::random(&mut rng));
    let first = date(2026, 3, 2);
    let county = County::found(relay, &mut ledger, &mut rng, 1, first).unwrap();
    county.open_year(&mut ledger, first).unwrap();
    county.open_term(&mut ledger, first).unwrap();
    let mut life = Life::begin(&county, 0, &mut ledger, first, 1).unwrap();
    for day in school_days(first, 10) {
        life.record_day(day, Extras { sessions: 0, visits: 0 }).unwrap();
        ledger.n.clear();
        let sent = life.send(&county, &mut ledger, day).unwrap();
        let syncs: usize = sent.iter().map(|s| s.len()).sum();
        let n = std::mem::take(&mut ledger.n);
        life.principal.phone.sync(&mut InProcess { county: &county, ledger: &mut ledger }, evening(day)).unwrap();
        if day == *school_days(first, 10).last().unwrap() {
            println!("teacher, per sync ({syncs})");
            for ((t, op), c) in n { println!("  {t:12} {op:5} {:.1}", c as f64 / syncs as f64); }
            println!("principal");
            for ((t, op), c) in &ledger.n { println!("  {t:12} {op:5} {c}"); }
        }
    }
}
