//! Failed attempts to sign in, counted by account name and by network address, in the store so that a restart forgets
//! nothing. After a number of failures each further one doubles the wait; a success clears the account's count; a day without
//! failure clears any.

use std::net::IpAddr;

use rusqlite::{Connection, OptionalExtension};
use sanji_core::time::UtcMs;

/// Failures of one account that cost nothing.
const FREE_OF_ACCOUNT: u32 = 5;

/// Failures from one address that cost nothing: a school or a whole town may share one.
const FREE_OF_ADDRESS: u32 = 40;

/// The first wait: 30 s; doubled by each further failure.
const FIRST_WAIT_MS: i64 = 30_000;

/// The longest wait: 15 minutes, so that nobody can lock an account for long from outside.
const LONGEST_WAIT_MS: i64 = 15 * 60_000;

/// Failures are forgotten after a day.
const FORGET_MS: i64 = 24 * 3600 * 1000;

/// Until when this account or address has to wait; `None` if it may try now.
///
/// # Errors
/// When the store fails.
pub fn wait_until(sql: &Connection, account: &str, address: IpAddr, now: UtcMs) -> rusqlite::Result<Option<UtcMs>> {
    let mut until = None;
    for (who, free) in keys(account, address) {
        let row = sql
            .query_row("SELECT failures, last_ms FROM attempt WHERE who = ?1", [&who], |row| {
                Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)?))
            })
            .optional()?;
        if let Some((failures, last)) = row
            && failures >= free
        {
            // Six doublings pass the longest wait; more would only overflow.
            let doubled = FIRST_WAIT_MS << (failures - free).min(6);
            let over = UtcMs(last).plus(doubled.min(LONGEST_WAIT_MS));
            until = until.max((over > now).then_some(over));
        }
    }
    Ok(until)
}

/// Counts a failure.
///
/// # Errors
/// When the store fails.
pub fn failed(sql: &Connection, account: &str, address: IpAddr, now: UtcMs) -> rusqlite::Result<()> {
    sql.execute("DELETE FROM attempt WHERE last_ms < ?1", [now.0 - FORGET_MS])?;
    for (who, _) in keys(account, address) {
        sql.execute(
            "INSERT INTO attempt (who, failures, last_ms) VALUES (?1, 1, ?2)
             ON CONFLICT (who) DO UPDATE SET failures = failures + 1, last_ms = ?2",
            (&who, now.0),
        )?;
    }
    Ok(())
}

/// Clears the account's count after a success. The address keeps its own: it may be trying many names.
///
/// # Errors
/// When the store fails.
pub fn succeeded(sql: &Connection, account: &str) -> rusqlite::Result<()> {
    sql.execute("DELETE FROM attempt WHERE who = ?1", [account_key(account)]).map(|_| ())
}

fn account_key(account: &str) -> String {
    format!("account {}", account.chars().take(40).collect::<String>())
}

fn keys(account: &str, address: IpAddr) -> [(String, u32); 2] {
    [
        (account_key(account), FREE_OF_ACCOUNT),
        (format!("address {}", crate::http::limits::network(address)), FREE_OF_ADDRESS),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::tests::tables;
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn after_five_failures_each_further_one_doubles_the_wait() {
        let sql = tables();
        let mut now = UtcMs(1_000_000);
        for _ in 0..5 {
            assert_eq!(wait_until(&sql, "li.na", HERE, now).unwrap(), None);
            failed(&sql, "li.na", HERE, now).unwrap();
        }
        let mut waits = Vec::new();
        for _ in 0..7 {
            let until = wait_until(&sql, "li.na", THERE, now).unwrap().unwrap();
            waits.push((until.0 - now.0) / 1000);
            now = until;
            assert_eq!(wait_until(&sql, "li.na", THERE, now).unwrap(), None);
            failed(&sql, "li.na", THERE, now).unwrap();
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900]);
        assert_eq!(wait_until(&sql, "other", HERE, now).unwrap(), None, "another account waits for nothing");
        succeeded(&sql, "li.na").unwrap();
        assert_eq!(wait_until(&sql, "li.na", HERE, now).unwrap(), None);
    }

    #[test]
    fn an_address_that_tries_many_names_has_to_wait() {
        let sql = tables();
        for name in 0..40 {
            failed(&sql, &format!("name{name}"), HERE, UtcMs(0)).unwrap();
        }
        assert!(wait_until(&sql, "fresh", HERE, UtcMs(0)).unwrap().is_some());
        assert_eq!(wait_until(&sql, "fresh", THERE, UtcMs(0)).unwrap(), None);
    }

    #[test]
    fn a_hundred_thousand_failures_wait_no_longer_than_the_longest() {
        let sql = tables();
        sql.execute("INSERT INTO attempt VALUES ('account li.na', 100000, 0)", []).unwrap();
        assert_eq!(wait_until(&sql, "li.na", HERE, UtcMs(1)).unwrap(), Some(UtcMs(LONGEST_WAIT_MS)));
    }

    #[test]
    fn a_day_without_failure_forgets() {
        let sql = tables();
        for _ in 0..9 {
            failed(&sql, "li.na", HERE, UtcMs(0)).unwrap();
        }
        failed(&sql, "other", THERE, UtcMs(FORGET_MS + 1)).unwrap();
        let left: i64 =
            sql.query_row("SELECT count(*) FROM attempt WHERE who LIKE '%li.na'", [], |r| r.get(0)).unwrap();
        assert_eq!(left, 0);
    }
}
