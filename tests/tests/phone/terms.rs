//! What lies between two terms: a wrong clock's records, and what was asked in the term before.

use jiff::civil::{Date, date, time};
use sanji_core::ids::DocId;
use sanji_core::phone::*;
use sanji_core::records::*;
use sanji_core::time::{UtcMs, instant};

use crate::support::*;

fn moment(day: Date, hour: i8, minute: i8) -> UtcMs {
    instant(day, time(hour, minute, 0, 0)).ms()
}

#[test]
fn a_check_that_a_wrong_clock_put_into_another_term_counts_on_its_day() {
    let years = 3 * 365 * 86_400;
    for (today, ahead) in [(day(2), years), (day(2), -years), (date(2026, 1, 30), 3 * 86_400)] {
        let county = County::start();
        county.set(moment(today, 8, 25));
        let principal = county.phone(PRINCIPAL);
        let teacher = county.phone_ahead(TEACHER, ahead);
        // No answer of the relay has told the time yet.
        let recorded = teacher.phone.check(None, Direction::In, None).unwrap();
        assert_ne!(recorded.doc, DocId::duty(posting(TEACHER), today), "{ahead}: the clock names another term");
        assert_eq!(teacher.sync(&county).delivered, 1);
        teacher.sync(&county);
        principal.sync(&county);
        let near = |check: &CheckLine| check.judged.0.abs_diff(moment(today, 8, 25).secs().0) < 60;
        let own = teacher.phone.day(None, today).unwrap().checks;
        assert!(own.len() == 1 && near(&own[0]), "{ahead}: the teacher sees {own:?}");
        let seen = principal.phone.colleague_checks(posting(TEACHER), today).unwrap();
        assert!(seen.len() == 1 && near(&seen[0]), "{ahead}: the principal sees {seen:?}");
    }
}

#[test]
fn what_was_asked_in_the_term_before_still_waits_for_its_decision() {
    let county = County::start();
    let (friday, monday) = (date(2026, 1, 30), date(2026, 2, 2));
    county.set(moment(friday, 16, 0));
    let (teacher, principal) = (county.phone(TEACHER), county.phone(PRINCIPAL));
    teacher.sync(&county);
    principal.sync(&county);
    let leave = LeaveRequest {
        kind: "sick".into(),
        from: moment(monday, 8, 0).secs(),
        to: moment(monday, 18, 0).secs(),
        reason: None,
        certificate: None,
    };
    teacher.phone.apply_leave(None, &leave).unwrap();
    teacher.sync(&county);
    county.set(moment(monday, 7, 0));
    let missing = CheckTime { direction: Direction::Out, at: moment(friday, 17, 5).secs() };
    teacher.phone.request_correction(None, friday, vec![missing], &[], "手机没电", None).unwrap();
    teacher.sync(&county);
    principal.sync(&county);
    let pending = principal.phone.pending().unwrap();
    assert_eq!(pending.len(), 2, "{pending:?}");
    for one in &pending {
        match one.what {
            PendingKind::Leave(_) => principal.phone.decide_leave(&one.at, Decision::Approved, None),
            PendingKind::Correction(_) => principal.phone.decide_correction(&one.at, Decision::Approved, None),
        }
        .unwrap();
    }
    assert_eq!(principal.phone.pending().unwrap(), []);
    principal.sync(&county);
    teacher.sync(&county);
    let day = teacher.phone.day(None, friday).unwrap();
    assert!(day.checks.iter().any(|check| check.judged == moment(friday, 17, 5).secs()), "{:?}", day.checks);
}
