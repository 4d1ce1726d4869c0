//! Leave that touches the days: what was approved, and what waits for a decision.

use sanji_core::documents::facts::Decided;
use sanji_core::ids::PostingId;
use sanji_core::time::{UtcSecs, midnight};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Judged, Person, json};

/// A leave, or the part of one on which one decision stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Leave)]
pub struct Row {
    /// The posting.
    #[schema(value_type = String)]
    pub posting: PostingId,
    /// The name.
    pub name: String,
    /// The pack's code of the kind; null where the reader may not know it.
    pub kind: Option<String>,
    /// First instant.
    #[serde(serialize_with = "json::instant")]
    #[schema(value_type = String, format = DateTime)]
    pub from: UtcSecs,
    /// The instant after its last.
    #[serde(serialize_with = "json::instant")]
    #[schema(value_type = String, format = DateTime)]
    pub to: UtcSecs,
    /// When the person was back, where that is earlier or later.
    #[serde(serialize_with = "json::maybe_instant")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub returned: Option<UtcSecs>,
    /// `approved` or `pending`.
    pub decision: &'static str,
}

/// The leave of everyone who may be seen, by person and time. Refused leave counts nowhere and isn't listed.
pub fn rows(judged: &Judged<'_>) -> Vec<Row> {
    let days = judged.board.days;
    let (first, over) = (midnight(days.first), midnight(days.last.tomorrow().unwrap_or(days.last)));
    let of = |person: &Person<'_>| -> Vec<Row> {
        let leaves = judged.board.duty(person.staff.posting).into_iter().flat_map(|duty| &duty.leaves);
        let pieces = leaves.flat_map(|leave| &leave.pieces).filter(|piece| piece.from < over && first < piece.to);
        let mut rows: Vec<Row> = pieces
            .filter_map(|piece| {
                Some(Row {
                    posting: person.staff.posting,
                    name: person.staff.name.clone(),
                    kind: person.knows.leave_kinds.then(|| piece.kind.clone()),
                    from: piece.from,
                    to: piece.to,
                    returned: piece.returned_at,
                    decision: match piece.decision {
                        Decided::Approved => "approved",
                        Decided::Pending => "pending",
                        Decided::Refused => return None,
                    },
                })
            })
            .collect();
        rows.sort_by_key(|row| (row.from, row.to));
        rows
    };
    judged.people.iter().flat_map(of).collect()
}
