//! Events to whoever listens: a screen, a notification. Never called while a lock is held.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::ids::DocId;
use crate::sync::phone::Standing;

/// Something changed that a screen may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneEvent {
    /// So many records reached the relay.
    Delivered(u64),
    /// Something was recorded, arrived or changed in these documents.
    Changed(Vec<DocId>),
    /// A copy in these documents was dropped and is asked for again: shown as not arrived.
    NotArrived(Vec<DocId>),
    /// The phone writes under a new key from now on.
    NewKey,
    /// The relay went back; the phone hands back what it has.
    RelayWentBack,
    /// Devices, marks or kiosk rows changed.
    People,
    /// Whether the relay takes this phone's records changed.
    Standing(Standing),
}

/// Is told what happens.
pub trait Listener: Send + Sync {
    /// Something happened. It must return soon, and may call the phone.
    fn on_event(&self, event: &PhoneEvent);
}

#[derive(Default)]
struct Registry {
    next: u64,
    listeners: BTreeMap<u64, Arc<dyn Listener>>,
}

/// The listeners of a phone.
#[derive(Clone, Default)]
pub(super) struct Listeners(Arc<Mutex<Registry>>);

/// Listening lasts as long as this lives.
pub struct Subscription {
    registry: Weak<Mutex<Registry>>,
    id: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(registry) = self.registry.upgrade() {
            let gone = registry.lock().unwrap_or_else(PoisonError::into_inner).listeners.remove(&self.id);
            // Dropped after the lock: a listener's own drop may do anything.
            drop(gone);
        }
    }
}

impl Listeners {
    pub(super) fn add(&self, listener: Arc<dyn Listener>) -> Subscription {
        let mut registry = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = registry.next;
        registry.next += 1;
        registry.listeners.insert(id, listener);
        Subscription { registry: Arc::downgrade(&self.0), id }
    }

    pub(super) fn tell(&self, events: &[PhoneEvent]) {
        if events.is_empty() {
            return;
        }
        let listeners: Vec<Arc<dyn Listener>> =
            self.0.lock().unwrap_or_else(PoisonError::into_inner).listeners.values().cloned().collect();
        for event in events {
            for listener in &listeners {
                listener.on_event(event);
            }
        }
    }
}
