//! Passwords: argon2id with the parameters of the OWASP cheat sheet (19 MiB, 2 passes, 1 lane), salted per account.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::{CryptoRng, RngExt};

/// Fewest and most characters.
const LENGTH: std::ops::RangeInclusive<usize> = 10..=200;

/// A hash of random bytes that nobody kept.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$n5eJ0IYLgGsXJGOmdDOdXw$mLnGXqcKIN3qf+0EsvNCzr/bNfTjvEWzgfTZXRnCw8k";

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Too short or too long.
    #[error("密码须有 10 到 200 个字符 (a password has 10 to 200 characters)")]
    Length,
    /// It holds the account's name.
    #[error("密码不能包含账户名 (a password must not hold the account's name)")]
    Name,
}

/// Checks a new password for an account.
///
/// # Errors
/// When it is too short, too long, or holds the name.
pub fn check(password: &str, account: &str) -> Result<(), BadPassword> {
    if !LENGTH.contains(&password.chars().count()) {
        return Err(BadPassword::Length);
    }
    if password.to_lowercase().contains(account) {
        return Err(BadPassword::Name);
    }
    Ok(())
}

/// The hash to store (PHC string). Takes tens of milliseconds on purpose.
///
/// # Panics
/// Never: the parameters are fixed and good.
pub fn hash(password: &str, rng: &mut impl CryptoRng) -> String {
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    let salt = SaltString::encode_b64(&salt).expect("16 bytes are a good length for a salt");
    Argon2::default().hash_password(password.as_bytes(), &salt).expect("the parameters are good").to_string()
}

/// Whether the password fits the stored hash. Without a hash the same work is done, so that the time doesn't tell whether an
/// account exists.
pub fn fits(password: &str, stored: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(NOBODY)) else { return false };
    let fits = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && stored.is_some()
}

/// A new password that can be read out on the telephone: four groups of four, without look-alikes (79 bits).
pub fn generate(rng: &mut impl CryptoRng) -> String {
    const ALPHABET: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let group = |rng: &mut _| -> String {
        (0..4).map(|_| char::from(ALPHABET[RngExt::random_range(rng, 0..ALPHABET.len())])).collect()
    };
    [group(rng), group(rng), group(rng), group(rng)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::rng;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let stored = hash("correct horse", &mut rng());
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits("correct horse", Some(&stored)));
        assert!(!fits("correct horsf", Some(&stored)));
        assert!(!fits("correct horse", None));
        assert!(!fits("correct horse", Some("no hash at all")));
        assert_ne!(stored, hash("correct horse", &mut rng()), "salted");
        assert!(PasswordHash::new(NOBODY).is_ok(), "an unknown account costs the same work");
    }

    #[test]
    fn short_passwords_and_those_with_the_name_are_refused() {
        assert_eq!(check("一二三四五六七八九", "li"), Err(BadPassword::Length));
        assert_eq!(check("一二三四五六七八九十", "li"), Ok(()));
        assert_eq!(check(&"x".repeat(201), "li"), Err(BadPassword::Length));
        assert_eq!(check("my-name-is-LI.NA", "li.na"), Err(BadPassword::Name));
    }

    #[test]
    fn a_generated_password_is_good_and_never_the_same() {
        let one = generate(&mut rng());
        assert_eq!(check(&one, "li.na"), Ok(()));
        assert_eq!(one.len(), 19);
        assert_ne!(one, generate(&mut rng()));
    }
}
