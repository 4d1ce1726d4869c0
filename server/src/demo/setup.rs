//! What is there before the week begins: the county as it is, the made-up schools and people, accounts, and a phone for
//! everyone, enrolled by invitation.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use sanji_core::ids::{DocId, PersonId};
use sanji_core::records::{Role, RosterSet, SchoolSet};
use sanji_core::sync::enrol::{Invitation, Secret};
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::message::Scope;
use sanji_core::sync::relay::Relay;
use sanji_core::time::UtcMs;

use super::DemoError;
use super::host::Host;
use super::world::{SINCE, World};
use crate::accounts;
use crate::admin::{self, AdminError};
use crate::import::county;

/// The real organisation, as `county import` reads it.
const HEZHANG: &str = include_str!("../../data/hezhang.toml");

/// The password of every account of the demonstration.
pub const PASSWORD: &str = "sanji-demo-2026";

/// An account that can sign in.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name to sign in with.
    pub name: String,
    /// The password.
    pub password: String,
    /// Who that is.
    pub who: String,
}

/// Does something on the relay as its administrator would on the command line.
pub async fn act<T, F>(host: &Host, work: F) -> Result<T, DemoError>
where
    T: Send + 'static,
    F: FnOnce(&Relay, &mut dyn Ledger, UtcMs) -> Result<T, AdminError> + Send + 'static,
{
    let relay = host.app().relay.clone();
    Ok(host.app().writer.run(move |ledger, now| work(&relay, ledger, now)).await??)
}

/// Imports the county, adds the made-up schools and their staff.
///
/// # Errors
/// When an entry would not count.
pub async fn county(
    host: &Host,
    world: &World,
    monday: Date,
    mut rng: impl rand::CryptoRng + Send + 'static,
) -> Result<(), DemoError> {
    let mut file = county::parse(HEZHANG).map_err(AdminError::Troubles)?;
    begin_term(&mut file, monday);
    let world = world.clone();
    act(host, move |relay, ledger, now| {
        admin::import_county(relay, ledger, now, &file, &mut rng)?;
        let desk = admin::desk(relay, ledger, now)?;
        let today = now.secs().date();
        let mut entries = Vec::new();
        for school in &world.schools {
            entries.push((DocId::county(relay.county(), today), Vec::new(), made_up(school).into()));
        }
        for person in &world.people {
            let school = world.schools[person.school].id;
            let row = RosterSet {
                person: person.id,
                posting: person.posting,
                name: person.name.clone(),
                role: person.role,
                from: SINCE,
                to: None,
                teaches: Some(person.role == Role::Staff),
            };
            entries.push((DocId::school(school, today), Vec::new(), row.into()));
        }
        admin::write(relay, ledger, now, desk, entries)
    })
    .await
}

/// Lets the term begin with the week that is played: nobody could record anything before. The other term of the school year
/// is as usual.
fn begin_term(file: &mut county::CountyFile, monday: Date) {
    let spring = (2..=8).contains(&monday.month());
    let year = if monday.month() >= 9 { monday.year() } else { monday.year() - 1 };
    let sunday = monday.saturating_add(6.days());
    let terms = if spring {
        let last = sunday.clamp(date(year + 1, 7, 10), date(year + 1, 8, 31));
        vec![date(year, 9, 1), date(year + 1, 1, 20), monday, last]
    } else {
        let last = sunday.clamp(date(year + 1, 1, 20), date(year + 1, 1, 31));
        vec![monday, last, date(year + 1, 2, 25), date(year + 1, 7, 10)]
    };
    let year = year.unsigned_abs();
    match file.years.iter_mut().find(|line| line.year == year) {
        Some(line) => line.terms = terms,
        None => file.years.push(county::YearLine { year, holidays: Vec::new(), make_up: Vec::new(), terms }),
    }
}

fn made_up(school: &super::world::School) -> SchoolSet {
    SchoolSet {
        school: school.id,
        name: school.name.clone(),
        kind: school.kind,
        senior: None,
        township: school.township.to_owned(),
        county_town: None,
        boarding: None,
        from: date(2015, 9, 1),
        to: None,
        area: None,
    }
}

/// Makes web accounts for a supervisor, an administrator, a township centre and a principal.
///
/// # Errors
/// When the store fails.
pub async fn logins(host: &Host, world: &World, supervisor: PersonId) -> Result<Vec<Login>, DemoError> {
    let principal = &world.people[world.principal(world.kiosk)];
    let school = &world.schools[world.kiosk];
    let mut centre = supervisor.0;
    centre[0] ^= 0xff;
    let from: Date = date(2026, 1, 1);
    let accounts: Vec<(&str, PersonId, String, Option<(Role, Scope)>)> = vec![
        ("supervisor", supervisor, "县督导员".into(), Some((Role::Supervisor, Scope::County))),
        (
            "township",
            PersonId(centre),
            format!("{}教育管理中心", school.township),
            Some((Role::Township, Scope::Township(school.township.to_owned()))),
        ),
        ("principal", principal.id, format!("{}校长 {}", school.name, principal.name), None),
        ("admin", admin::command_line(host.app().relay.county()), "管理员".into(), None),
    ];
    let mut made = Vec::new();
    for (name, person, who, grant) in accounts {
        let hash = accounts::password::hash(PASSWORD, &mut crate::random::rng());
        let (account, display) = (name.to_owned(), who.clone());
        let relay = host.app().relay.clone();
        host.app()
            .writer
            .run(move |ledger, now| {
                if let Some((role, scope)) = grant {
                    relay.grant(ledger, now, person, role, scope, (from, None)).map_err(AdminError::from)?;
                }
                accounts::add(ledger.sql(), &account, person, &display, &hash, now)
                    .map_err(|e| AdminError::from(sanji_core::sync::ledger::LedgerError::Failed(e.to_string())))
            })
            .await??;
        made.push(Login { name: name.into(), password: PASSWORD.into(), who });
    }
    Ok(made)
}

/// An invitation's QR text, for a person's next phone or a school's kiosk.
///
/// # Errors
/// When the store fails.
pub async fn invitation(
    host: &Host,
    rng: &mut impl rand::CryptoRng,
    network: std::net::SocketAddr,
    person: Option<PersonId>,
    kiosk: Option<sanji_core::ids::SchoolId>,
) -> Result<String, DemoError> {
    let secret = Secret::random(rng);
    let hash = secret.hash(host.app().relay.county());
    act(host, move |relay, ledger, now| {
        let expires = now.plus(14 * 86_400_000);
        Ok(relay.invite(ledger, now, &hash, person, kiosk, expires)?)
    })
    .await?;
    let card = host.keys().card(vec![network.to_string()]);
    Ok(Invitation { card, secret }.to_qr())
}
