//! The hostile phone: enrolled like any other, it sends rubbish, others' entries, and decisions that are not its to take.

use std::net::SocketAddr;
use std::time::Duration;

use rand::{Rng, RngExt};
use sanji_core::crypto::{PublicKey, SecretKey};
use sanji_core::documents::chain::{Salt, Tip, to_wire};
use sanji_core::ids::{CountyId, DocId, PostingId};
use sanji_core::labels;
use sanji_core::records::{Body, Check, CheckOnBehalf, Direction, Entry, LeaveDecision, Note, Reading};
use sanji_core::sync::message::{ChainName, Cursor, DeviceName, Push, Run, SignedTip};
use sanji_core::sync::relay::book::log_start;
use sanji_core::sync::wire;
use sanji_core::time::UtcMs;

use super::DemoError;

/// A device of the attacker's own making, with a key that the relay knows.
pub struct Attacker {
    key: SecretKey,
    county: CountyId,
    relay: SocketAddr,
    n: u64,
}

impl Attacker {
    /// A device with a key drawn from `rng`, which sends to `relay`.
    pub fn new(rng: &mut impl rand::CryptoRng, county: CountyId, relay: SocketAddr) -> Self {
        Attacker { key: SecretKey::random(rng), county, relay, n: 0 }
    }

    /// Its key, to be enrolled for the person whose invitation it stole.
    pub fn public(&self) -> PublicKey {
        self.key.public()
    }

    /// Does its worst at the relay: rubbish of many lengths, spoilt copies of a good body, and a well-formed body full of
    /// entries in somebody else's duty.
    ///
    /// # Errors
    /// When no connection can be made at all.
    pub async fn attack(&mut self, rng: &mut impl Rng, now: UtcMs, victim: PostingId) -> Result<(), DemoError> {
        // It trusts any relay: it has nothing to lose. The provider may have been installed before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .danger_accept_invalid_certs(true)
            .timeout(Duration::from_secs(10))
            .build()
            .map_err(|e| DemoError::Script(e.to_string()))?;
        let url = format!("https://{}/v1/sync", self.relay);
        for _ in 0..40 {
            let mut rubbish = vec![0; rng.random_range(0..4000)];
            rng.fill_bytes(&mut rubbish);
            if let (true, Some(first)) = (rng.random_bool(0.7), rubbish.first_mut()) {
                *first = 1;
            }
            let _ = client.post(&url).body(rubbish).send().await;
        }
        let good = self.body(now, victim);
        for _ in 0..40 {
            let mut spoilt = good.clone();
            let at = rng.random_range(0..spoilt.len());
            spoilt[at] ^= 1 << rng.random_range(0..8);
            spoilt.truncate(rng.random_range(1..=spoilt.len()));
            let _ = client.post(&url).body(spoilt).send().await;
        }
        let answer = client.post(&url).body(good).send().await.map_err(|e| DemoError::Script(e.to_string()))?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(DemoError::Script(format!("the hostile body was refused: {}", answer.status())))
        }
    }

    /// A body that is signed and well-formed, and says what its device has no right to say.
    fn body(&mut self, now: UtcMs, victim: PostingId) -> Vec<u8> {
        self.n += 1;
        let doc = DocId::duty(victim, now.secs().date());
        let actor = self.key.public().actor();
        let at = |minutes: i64| now.plus(-minutes * 60_000).secs();
        let bodies: Vec<Body> = vec![
            Check { direction: Direction::In, place: None }.into(),
            Check { direction: Direction::Out, place: None }.into(),
            CheckOnBehalf { direction: Direction::In, at: at(300), reason: "替".into() }.into(),
            LeaveDecision {
                decision: sanji_core::records::Decision::Approved,
                reason: None,
                from: at(2000),
                to: at(0),
            }
            .into(),
            Note { date: now.secs().date(), text: "<script>alert(1)</script>".into() }.into(),
        ];
        let mut tip = Tip::start(self.county, doc, actor, Salt([7; 16]));
        let mut values = Vec::new();
        for (i, body) in bodies.into_iter().enumerate() {
            let reading = Reading { wall: at(60 - i as i64), session: 1, ms: i as u64 * 60_000 };
            let entry = Entry { reading, re: Vec::new(), was: None, blobs: Vec::new(), body };
            let Ok((next, link)) = tip.append(entry.to_map()) else { continue };
            tip = next;
            values.push(to_wire(link.seq, &link.value).unwrap_or_default());
        }
        let push = Push {
            device: DeviceName::Key(self.key.public()),
            n: self.n,
            build: 666,
            reading: Reading { wall: now.secs(), session: 1, ms: 3_600_000 },
            last_answer: None,
            cursor: Cursor { head: log_start(self.county).short(), ..Cursor::default() },
            nothing_unsent: true,
            page: wire::PAGE,
            have: None,
            runs: vec![Run { chain: ChainName::Name(doc, actor), first: 1, tip: tip.hash.short(), values }],
            recovered: Vec::new(),
            blobs: Vec::new(),
            again: Vec::new(),
            rows: Vec::new(),
            lost_head: None,
            certificate: None,
            successor: None,
        };
        let tips = [SignedTip { doc, seq: tip.seq, hash: tip.hash }];
        let signature = self.key.sign(labels::PUSH, &push.signed_bytes(self.county, actor, &tips));
        wire::encode_push(&push, &signature)
    }
}
