//! Invitations of phones and kiosks, as the command line and the pages make them: a QR code and a code to type, used once.

use qrcode::QrCode;
use qrcode::types::QrError;
use sanji_core::ids::{PersonId, SchoolId};
use sanji_core::sync::enrol::{Card, Invitation, Secret};
use sanji_core::sync::ledger::Ledger;
use sanji_core::sync::relay::book::Book;
use sanji_core::sync::relay::{Relay, RelayError};
use sanji_core::time::UtcMs;

/// How long an invitation is good, where nobody says otherwise: 7 days.
pub const DAYS: i64 = 7;

/// Whom an invitation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guest {
    /// A person's next phone.
    Person(PersonId),
    /// A school's kiosk.
    Kiosk(SchoolId),
}

/// An invitation, to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The 20 characters to type beside an address.
    pub code: String,
    /// The text of the QR code.
    pub qr: String,
    /// Until when it can be used.
    pub expires: UtcMs,
}

/// Makes an invitation of this secret. One that was made of it before stays as it is, used or not.
///
/// # Errors
/// When the store fails.
pub fn invite(
    relay: &Relay,
    ledger: &mut dyn Ledger,
    (now, days): (UtcMs, i64),
    card: &Card,
    guest: Guest,
    secret: Secret,
) -> Result<Invited, RelayError> {
    let hash = secret.hash(relay.county());
    let known = Book::new(relay.county(), &mut *ledger).invitation(&hash)?;
    let expires = known.as_ref().map_or(now.plus(days * 24 * 3600 * 1000), |row| row.expires);
    if known.is_none() {
        let (person, school) = match guest {
            Guest::Person(person) => (Some(person), None),
            Guest::Kiosk(school) => (None, Some(school)),
        };
        relay.invite(ledger, now, &hash, person, school, expires)?;
    }
    let invitation = Invitation { card: card.clone(), secret };
    Ok(Invited { code: invitation.code().to_string(), qr: invitation.to_qr(), expires })
}

/// A QR code as the `d` of an SVG path, one unit a module, and how many modules wide it is, the quiet zone of four included.
///
/// # Errors
/// When the text is too long for one.
pub fn qr_path(text: &str) -> Result<(String, usize), QrError> {
    const QUIET: usize = 4;
    let code = QrCode::new(text)?;
    let width = code.width();
    let dark: Vec<bool> = code.to_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
    let mut path = String::new();
    for (y, row) in dark.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|dark| **dark).count();
            if run > 0 {
                path += &format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok((path, width + 2 * QUIET))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_code_has_every_dark_module_once() {
        let (path, width) = qr_path("SANJI1:ABCDEF").unwrap();
        let code = QrCode::new("SANJI1:ABCDEF").unwrap();
        assert_eq!(width, code.width() + 8);
        let drawn: usize =
            path.split('h').skip(1).filter_map(|part| part.split('v').next()?.parse::<usize>().ok()).sum();
        let dark = code.to_colors().into_iter().filter(|colour| *colour == qrcode::Color::Dark).count();
        assert_eq!(drawn, dark);
    }
}
