//! Every code of the phone has its words in both languages.
#![cfg(feature = "texts")]

use sanji_core::phone::*;
use sanji_core::sync::message::FlagReason;
use sanji_core::sync::phone::{Delivery, Standing};
use sanji_core::texts::{Lang, Texts};
use sanji_core::time::UtcMs;

#[test]
fn every_code_has_its_words() {
    let standings = [
        Standing::Fine,
        Standing::Outdated(2),
        Standing::Unknown,
        Standing::Revoked(UtcMs(0)),
        Standing::Certificate(String::new()),
        Standing::Refused(String::new()),
    ];
    let waits = [WaitReason::Nothing, WaitReason::NextConnection, WaitReason::NoConnection(1)];
    let deliveries = [Delivery::Waiting, Delivery::WaitingForBlobs, Delivery::Delivered, Delivery::Retired];
    let provisional = [Provisional::Pack, Provisional::Postings, Provisional::Devices, Provisional::Unsent];
    let mut keys: Vec<String> = PhoneError::CODES.iter().map(|code| format!("error-{code}")).collect();
    keys.extend(Problem::ALL.iter().map(|problem| format!("problem-{}", problem.code())));
    keys.extend(standings.iter().map(|standing| format!("standing-{}", standing.code())));
    keys.extend(waits.iter().map(|why| format!("wait-{}", why.code())));
    keys.extend(deliveries.iter().map(|delivery| format!("delivery-{}", delivery.code())));
    keys.extend(provisional.iter().map(|why| format!("provisional-{}", why.code())));
    keys.extend(FlagReason::ALL.iter().map(|reason| format!("flag-{}", reason.name())));
    for lang in Lang::ALL {
        let texts = Texts::new(lang);
        for key in &keys {
            assert!(texts.word(key).chars().count() > 1 && texts.word(key) != key.as_str(), "{lang:?} {key}");
        }
    }
}
