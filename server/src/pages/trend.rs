//! Eight weeks of completeness and presence as a small chart, with its table behind it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::ids::SchoolId;
use sanji_core::rules::week_name;
use sanji_core::texts::Texts;

use super::shell::column;
use super::{PageError, Pages};
use crate::projector::sums::{WeekSum, days as days_of, trend as weeks_of};
use crate::store::ReadLedger;

/// Height of the field between 0 and 100 %, and the room above it, in pixels.
const FIELD: (u64, u64) = (96, 16);

/// The chart of these schools for the weeks up to that of `date`; nothing without a school.
pub(super) fn section(
    pages: &Pages,
    store: &mut ReadLedger<'_>,
    t: &Texts,
    date: Date,
    schools: &BTreeSet<SchoolId>,
) -> Result<Markup, PageError> {
    if schools.is_empty() {
        return Ok(html! {});
    }
    let calendar = pages.kept.county(store)?;
    let ready = pages.follower.want(days_of(calendar.calendar(), date));
    let weeks = weeks_of(store.sql(), date, schools)?;
    let unmade = !ready || weeks.iter().any(|(_, week)| week.unmade > 0);
    Ok(html! {
        section.trend {
            h2 { (t.word("views-trend")) }
            @if unmade { p.note { (t.word("views-trend-unmade")) } }
            (chart(t, &weeks))
            details.older {
                summary { (t.word("views-trend-table")) }
                (table(t, &weeks))
            }
        }
    })
}

/// A share in whole per cent, rounded down so that only all is 100; none of nothing.
fn percent(part: u64, all: u64) -> Option<u64> {
    (part * 100).checked_div(all)
}

/// The two lines of the chart.
type Share = fn(&WeekSum) -> Option<u64>;
const SERIES: [(&str, Share); 2] =
    [("arrived", |week| percent(week.arrived, week.owed)), ("present", |week| percent(week.present, week.owed))];

fn chart(t: &Texts, weeks: &[(Date, WeekSum)]) -> Markup {
    // Hundredths of a per cent of the width: letters keep their size however narrow the screen is.
    let x = |at: usize| {
        let x = 1000 + at * 8500 / weeks.len().saturating_sub(1).max(1);
        format!("{}.{:02}%", x / 100, x % 100)
    };
    let y = |share: u64| FIELD.1 + FIELD.0 * (100 - share.min(100)) / 100;
    let points = |share: Share| -> Vec<(usize, u64)> {
        weeks.iter().enumerate().filter_map(|(at, (_, week))| Some((at, share(week)?))).collect()
    };
    let words: Vec<String> = SERIES
        .iter()
        .filter_map(|(key, share)| {
            let points = points(*share);
            let ((_, first), (_, last)) = (points.first()?, points.last()?);
            Some(t.get(&format!("views-trend-{key}"), &[("first", *first), ("last", *last)]))
        })
        .collect();
    if words.is_empty() {
        return html! { p { (t.word("views-trend-none")) } };
    }
    html! {
        figure.chart {
            svg role="img" aria-labelledby="trend-words" {
                @for share in [0, 50, 100] {
                    line.grid x1="10%" x2="95%" y1=(y(share)) y2=(y(share)) {}
                    text x="9%" y=(y(share) + 4) text-anchor="end" { (share) }
                }
                @for (at, (monday, _)) in weeks.iter().enumerate() {
                    text x=(x(at)) y=(FIELD.0 + FIELD.1 + 18) text-anchor="middle" { (monday.month()) "-" (monday.day()) }
                }
                @for (key, share) in SERIES {
                    @let points = points(share);
                    g class=(key) {
                        @for pair in points.windows(2) {
                            line x1=(x(pair[0].0)) y1=(y(pair[0].1)) x2=(x(pair[1].0)) y2=(y(pair[1].1)) {}
                        }
                        @for (at, share) in &points { circle cx=(x(*at)) cy=(y(*share)) r="3.5" {} }
                    }
                }
            }
            figcaption #trend-words { (words.join(t.word("pages-bar-between").as_ref())) }
        }
    }
}

fn table(t: &Texts, weeks: &[(Date, WeekSum)]) -> Markup {
    let share = |share: Option<u64>| share.map_or_else(|| "–".to_owned(), |share| format!("{share}%"));
    html! {
        table.weeks {
            thead { tr { @for key in ["week", "person-days", "complete", "present"] { th scope="col" { (column(t, key)) } } } }
            tbody { @for (monday, week) in weeks { tr {
                th scope="row" { (week_name(*monday)) " " span.date { (t.date(*monday)) } }
                td.number { (week.owed) }
                td.number { (share(percent(week.arrived, week.owed))) }
                td.number { (share(percent(week.present, week.owed))) }
            } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_is_a_hundred_per_cent_and_nothing_has_no_share() {
        assert_eq!(
            [percent(999, 1000), percent(1000, 1000), percent(0, 5), percent(0, 0)],
            [Some(99), Some(100), Some(0), None]
        );
    }
}
