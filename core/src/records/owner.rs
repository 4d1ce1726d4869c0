//! What a person writes about the own posting (kinds 1 to 31), and the kiosk for that person (32 to 63).

use super::field::{Bytes, choice, record};
use crate::crypto::BlobHash;
use crate::ids::ActorId;
use crate::time::UtcSecs;
use jiff::civil::Date;

choice! {
    /// Whether a check comes or goes.
    Direction {
        /// 上班签到
        1 In = "in",
        /// 下班签退
        2 Out = "out",
    }
}

choice! {
    /// Where a check was made, seen from the school's place.
    Where {
        /// Within the school's place.
        1 Inside = "inside",
        /// Elsewhere.
        2 Outside = "outside",
        /// No fix.
        3 Unknown = "unknown",
    }
}

record! {
    /// Optional evidence of place; coordinates are not kept.
    Place {
        /// Inside or outside the school's place.
        1 at: Where,
        /// Accuracy of the fix, metres.
        2 accuracy: Option<u32>,
        /// Whether the phone said that the fix is simulated.
        3 mock: Option<bool>,
    }
}

record! {
    /// A check-in or check-out (HZ 二(一)2, 3).
    Check {
        /// In or out.
        10 direction: Direction,
        /// Evidence of place, where the county turned it on.
        11 place: Option<Place>,
    }
}

record! {
    /// Takes back one's own entry within five minutes of making it; `re` names it.
    Void {}
}

record! {
    /// An application for leave (HZ 二(一)3 请销假); with `re` it changes the earlier one.
    Leave {
        /// The leave kind's key in the pack: `sick`, `personal` and so on.
        10 kind: String,
        /// First instant.
        11 from: UtcSecs,
        /// Last instant.
        12 to: UtcSecs,
        /// The reason, a blob of its own since it may speak of health.
        13 reason: Option<BlobHash>,
        /// A picture of a certificate.
        14 certificate: Option<BlobHash>,
    }
}

record! {
    /// Withdraws the leave that `re` names.
    LeaveWithdrawal {}
}

record! {
    /// Closes the leave that `re` names on return (销假).
    Return {
        /// When the person was back.
        10 at: UtcSecs,
    }
}

record! {
    /// One check as it should have been.
    CheckTime {
        /// In or out.
        1 direction: Direction,
        /// When.
        2 at: UtcSecs,
    }
}

record! {
    /// Asks for a correction of a day; `re` names the entries that are wrong, if any.
    CorrectionRequest {
        /// The day.
        10 date: Date,
        /// The checks that are missing.
        11 checks: Vec<CheckTime>,
        /// Why.
        12 reason: String,
        /// A picture.
        13 evidence: Option<BlobHash>,
    }
}

record! {
    /// A remark on a day.
    Note {
        /// The day.
        10 date: Date,
        /// The remark.
        11 text: String,
    }
}

record! {
    /// Sets the PIN with which this person checks in at a kiosk.
    PinSet {
        /// The kiosk for which the verifier is salted.
        10 kiosk: ActorId,
        /// 16 bytes of salt, then the Argon2id tag (32 bytes).
        11 verifier: Bytes,
    }
}

record! {
    /// A check at the school's kiosk, confirmed by the person's PIN.
    KioskCheck {
        /// In or out.
        10 direction: Direction,
    }
}

record! {
    /// Takes back a kiosk check within five minutes; `re` names it.
    KioskVoid {}
}
