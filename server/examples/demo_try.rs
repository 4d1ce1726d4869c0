#![allow(missing_docs, clippy::unwrap_used)]
use sanji_server::demo::*;
fn main() {
    let rt = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    rt.block_on(async {
        let t = std::time::Instant::now();
        let seed = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(1);
        let o = Options { seed, monday: jiff::civil::date(2026, 3, 2), port: 0 };
        let mut last = String::new();
        match run(&o, &mut |w, d, n| { if w != last || d % 500 == 0 { eprintln!("{w} {d}/{n} {:.1}s", t.elapsed().as_secs_f64()); last = w.into(); } }).await {
            Ok(r) => {
                println!("{}", serde_json::to_string(&r.summary).unwrap());
                for c in r.complaints.iter().take(40) { println!("! {c}"); }
                r.end().await.unwrap();
            }
            Err(e) => println!("ERROR {e}"),
        }
        eprintln!("{:.1}s", t.elapsed().as_secs_f64());
    });
}
