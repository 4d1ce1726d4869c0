//! How often may be asked: by network address before anything is read, by device after its signature was checked. What is
//! over the limit is told when to come back; nothing is lost by waiting.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use sanji_core::ids::ActorId;
use sanji_core::sync::message::DeviceName;

/// A rate that holds on average, and how much may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests per minute.
    pub per_minute: NonZeroU32,
    /// Requests at once.
    pub burst: NonZeroU32,
}

impl Rate {
    /// A rate of at least one request a minute.
    pub fn new(per_minute: u32, burst: u32) -> Rate {
        let at_least_one = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Rate { per_minute: at_least_one(per_minute), burst: at_least_one(burst) }
    }

    fn quota(self) -> Quota {
        Quota::per_minute(self.per_minute).allow_burst(self.burst)
    }
}

/// A device as it names itself: by number or by key. Both are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeviceKey([u8; 17]);

impl From<ActorId> for DeviceKey {
    fn from(actor: ActorId) -> Self {
        let mut key = [1; 17];
        key[1..].copy_from_slice(&actor.0);
        DeviceKey(key)
    }
}

impl From<&DeviceName> for DeviceKey {
    fn from(name: &DeviceName) -> Self {
        match name {
            DeviceName::Key(key) => key.actor().into(),
            DeviceName::Number(number) => {
                let mut key = [0; 17];
                key[9..].copy_from_slice(&number.0.to_be_bytes());
                DeviceKey(key)
            }
        }
    }
}

/// The counters. A device is counted once its signature was checked, so nobody can use up another's rate; what it asks too
/// often only makes it wait the next time.
pub struct Limits {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    devices: DefaultKeyedRateLimiter<DeviceKey>,
    waiting: Mutex<HashMap<DeviceKey, Instant>>,
    clock: DefaultClock,
}

/// The whole seconds after which to come back, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComeBack(pub u32);

impl Limits {
    /// Counters for these rates.
    pub fn new(address: Rate, device: Rate) -> Self {
        Limits {
            addresses: DefaultKeyedRateLimiter::keyed(address.quota()),
            devices: DefaultKeyedRateLimiter::keyed(device.quota()),
            waiting: Mutex::new(HashMap::new()),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request from an address.
    ///
    /// # Errors
    /// When there were too many.
    pub fn address(&self, address: IpAddr) -> Result<(), ComeBack> {
        self.addresses
            .check_key(&network(address))
            .map_err(|until| self.come_back(until.wait_time_from(self.clock.now())))
    }

    /// Whether a device that is named, but not yet checked, still has to wait.
    ///
    /// # Errors
    /// When it has.
    pub fn device_waits(&self, device: &DeviceKey) -> Result<(), ComeBack> {
        let until = self.waiting.lock().ok().and_then(|waiting| waiting.get(device).copied());
        let left = until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
        if left.is_zero() { Ok(()) } else { Err(self.come_back(left)) }
    }

    /// Counts a request that a device has signed.
    pub fn device(&self, device: DeviceKey) {
        if let Err(until) = self.devices.check_key(&device)
            && let Ok(mut waiting) = self.waiting.lock()
        {
            waiting.insert(device, Instant::now() + until.wait_time_from(self.clock.now()));
        }
    }

    /// Forgets whoever is back at nothing, so that memory follows those who ask now.
    pub fn tidy(&self) {
        self.addresses.retain_recent();
        self.devices.retain_recent();
        if let Ok(mut waiting) = self.waiting.lock() {
            let now = Instant::now();
            waiting.retain(|_, until| *until > now);
        }
    }

    fn come_back(&self, wait: Duration) -> ComeBack {
        ComeBack(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    }
}

/// The network that is counted as one: an IPv4 address, or the first 64 bits of an IPv6 address, which one subscriber has.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sanji_core::sync::message::LogNo;

    fn limits() -> Limits {
        Limits::new(Rate::new(1, 3), Rate::new(1, 2))
    }

    #[test]
    fn a_burst_passes_and_what_follows_is_told_when_to_come_back() {
        let limits = limits();
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for _ in 0..3 {
            assert_eq!(limits.address(one), Ok(()));
        }
        let ComeBack(seconds) = limits.address(one).unwrap_err();
        assert!((1..=61).contains(&seconds));
        assert_eq!(limits.address(other), Ok(()));
        limits.tidy();
        assert!(limits.address(one).is_err(), "tidying forgets nobody who still has to wait");
    }

    #[test]
    fn a_device_that_asked_too_often_waits_the_next_time() {
        let limits = limits();
        let (one, other) = (DeviceKey::from(ActorId([1; 16])), DeviceKey::from(&DeviceName::Number(LogNo(1))));
        for _ in 0..2 {
            limits.device(one);
            assert_eq!(limits.device_waits(&one), Ok(()));
        }
        limits.device(one);
        limits.tidy();
        assert!(matches!(limits.device_waits(&one), Err(ComeBack(1..=61))));
        assert_eq!(limits.device_waits(&other), Ok(()));
    }

    #[test]
    fn one_subscriber_is_one_network() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
    }
}
