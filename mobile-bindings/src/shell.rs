//! What the app gives: the system's clocks, its key storage, and whoever listens.

use std::sync::Arc;

use sanji_core::phone as core;
use sanji_core::time::UtcSecs;

use crate::sending::PhoneEvent;

/// Why the app's side could not do what the core asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error, uniffi::Error)]
pub enum ShellError {
    /// It failed.
    #[error("{reason}")]
    Failed {
        /// For diagnostics; no personal data.
        reason: String,
    },
}

/// Why the system's key storage didn't unwrap something.
#[derive(Clone, Debug, PartialEq, thiserror::Error, uniffi::Error)]
pub enum KeyError {
    /// Not now: it is busy, or locked until the phone is unlocked. Nothing is lost; a later try may succeed.
    #[error("{reason}")]
    Unavailable {
        /// For diagnostics; no personal data.
        reason: String,
    },
    /// Never: its key is gone, or another one wrapped the bytes. The phone has to be let in again.
    #[error("{reason}")]
    Gone {
        /// For diagnostics; no personal data.
        reason: String,
    },
}

/// What wasn't declared says nothing of the key, so nothing is given up for it.
impl From<uniffi::UnexpectedUniFFICallbackError> for KeyError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        KeyError::Unavailable { reason: error.reason }
    }
}

impl From<KeyError> for core::KeyError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Unavailable { reason } => core::KeyError::Unavailable(reason),
            KeyError::Gone { reason } => core::KeyError::Gone(reason),
        }
    }
}

/// What the app's side throws without having declared it.
impl From<uniffi::UnexpectedUniFFICallbackError> for ShellError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        ShellError::Failed { reason: error.reason }
    }
}

/// The system's clocks. Android: `System.currentTimeMillis`, `SystemClock.elapsedRealtime`, `Settings.Global.BOOT_COUNT`;
/// iOS: `Date`, `mach_continuous_time`, the boot session's UUID. Never a clock that stops while the phone sleeps.
#[uniffi::export(with_foreign)]
pub trait Clock: Send + Sync {
    /// The wall clock, whole seconds since 1970.
    fn wall_secs(&self) -> i64;

    /// Milliseconds of a clock that never stops while the phone is on, since some beginning.
    fn elapsed_ms(&self) -> u64;

    /// Names this boot. It never leaves the phone.
    fn boot(&self) -> String;
}

/// The system's key storage (Keystore, Keychain), and a number beside it that no backup brings back.
#[uniffi::export(with_foreign)]
pub trait KeyStorage: Send + Sync {
    /// Wraps 32 bytes so that only this phone can unwrap them.
    fn wrap(&self, key: Vec<u8>) -> Result<Vec<u8>, ShellError>;

    /// Unwraps what `wrap` gave.
    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, KeyError>;

    /// The number last kept; 0 at first.
    fn counter(&self) -> Result<u64, ShellError>;

    /// Keeps a number, durably.
    fn set_counter(&self, n: u64) -> Result<(), ShellError>;
}

/// What the system says of the network.
#[uniffi::export(with_foreign)]
pub trait Connectivity: Send + Sync {
    /// Whether there may be one. Without one a sync ends at once.
    fn online(&self) -> bool;
}

/// Is told what happens.
#[uniffi::export(with_foreign)]
pub trait Listener: Send + Sync {
    /// Something happened. It should return soon, and may call the phone. What it throws is dropped: the record that it was
    /// told about stands.
    fn on_event(&self, event: PhoneEvent) -> Result<(), ShellError>;
}

pub(crate) struct Clocks(pub Arc<dyn Clock>);

impl core::Clock for Clocks {
    fn wall(&self) -> UtcSecs {
        UtcSecs(self.0.wall_secs())
    }

    fn elapsed_ms(&self) -> u64 {
        self.0.elapsed_ms()
    }

    fn boot(&self) -> String {
        self.0.boot()
    }
}

pub(crate) struct Keys(pub Arc<dyn KeyStorage>);

impl core::KeyProvider for Keys {
    fn wrap(&self, key: &[u8; 32]) -> Result<Vec<u8>, String> {
        self.0.wrap(key.to_vec()).map_err(|e| e.to_string())
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<[u8; 32], core::KeyError> {
        let key = self.0.unwrap(wrapped.to_vec()).map_err(core::KeyError::from)?;
        let other = || core::KeyError::Gone(format!("the key storage gave {} bytes, not 32", key.len()));
        key[..].try_into().map_err(|_| other())
    }

    fn counter(&self) -> Result<u64, String> {
        self.0.counter().map_err(|e| e.to_string())
    }

    fn set_counter(&self, n: u64) -> Result<(), String> {
        self.0.set_counter(n).map_err(|e| e.to_string())
    }
}

pub(crate) struct Told(pub Arc<dyn Listener>);

impl core::Listener for Told {
    fn on_event(&self, event: &core::PhoneEvent) {
        let _ = self.0.on_event(event.into());
    }
}

pub(crate) struct Online(pub Arc<dyn Connectivity>);

impl core::Connectivity for Online {
    fn online(&self) -> bool {
        self.0.online()
    }
}
