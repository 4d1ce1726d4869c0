//! Enrols a phone by the text of a QR code and syncs: `newcomer FOLDER < text`. With a day, `newcomer FOLDER 2026-03-03`, it
//! then asks for the check-in of that day that was forgotten, and for a leave on the next, and syncs again. Prints one line of
//! JSON: the person or kiosk, the schools it came to know, and what is still unsent.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use jiff::civil::{Date, time};
use sanji_core::phone::{Clock, LeaveRequest, Phone, PhoneConfig};
use sanji_core::records::{CheckTime, Direction};
use sanji_core::store::FileKeys;
use sanji_core::time::{UtcSecs, instant};
use sanji_tests::Outcome;
use serde_json::json;

/// The machine's clocks; the phone was started with the program.
struct Clocks(Instant);

impl Clock for Clocks {
    fn wall(&self) -> UtcSecs {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        UtcSecs(i64::try_from(since).unwrap_or(i64::MAX))
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn boot(&self) -> String {
        std::process::id().to_string()
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Asks for a correction of a day, and for a leave on the day after.
fn ask(phone: &Phone, day: Date) -> Outcome<()> {
    let at = |date: Date, hour| instant(date, time(hour, 0, 0, 0));
    let checks = vec![
        CheckTime { direction: Direction::In, at: at(day, 8) },
        CheckTime { direction: Direction::Out, at: at(day, 18) },
    ];
    phone.request_correction(None, day, checks, &[], "手机没电 <script>", None)?;
    let next = day.tomorrow()?;
    let (from, to) = (at(next, 8), at(next, 18));
    let leave = LeaveRequest { kind: "sick".into(), from, to, reason: Some("看病".into()), certificate: None };
    phone.apply_leave(None, &leave)?;
    Ok(())
}

fn run() -> Outcome<serde_json::Value> {
    let folder = std::env::args().nth(1).ok_or("newcomer FOLDER < text of the QR code")?;
    let folder = Path::new(&folder);
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let keys = Arc::new(FileKeys::open(folder.join("keys"))?);
    let phone = Phone::open(PhoneConfig::new(folder.join("phone"), keys, Arc::new(Clocks(Instant::now()))))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(phone.enrol(text.trim()))?;
    let mut outcome = runtime.block_on(phone.sync_now())?;
    if let Some(day) = std::env::args().nth(2) {
        ask(&phone, day.parse()?)?;
        outcome = runtime.block_on(phone.sync_now())?;
    }
    let holder = phone.holder()?;
    let schools: Vec<String> =
        phone.today()?.postings.iter().filter_map(|day| day.posting.school_name.clone()).collect();
    Ok(json!({
        "person": holder.person.map(|person| person.to_string()),
        "kiosk": holder.kiosk.map(|school| school.to_string()),
        "schools": schools,
        "unsent": outcome.unsent,
    }))
}
