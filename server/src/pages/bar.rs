//! A day from 06:00 to 22:00 as a bar: windows, presence, leave. A picture of what the page says in words beside it.

use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::rules::{DayResult, Span};
use sanji_core::texts::Texts;
use sanji_core::time::midnight;

use super::cell::span_text;

/// First and last hour of the bar.
const HOURS: (i64, i64) = (6, 22);

/// Units of the drawing for each hour.
const HOUR: i64 = 60;

/// The bar of a day.
pub(super) fn bar(t: &Texts, date: Date, result: &DayResult) -> Markup {
    let (presence, windows, leave): (&[Span], &[Span], &[Span]) = match result {
        DayResult::Judged(verdict) => (&verdict.times.presence, &verdict.windows, &verdict.leave),
        DayResult::NotInForce(times) => (&times.presence, &[], &[]),
    };
    let start = midnight(date).plus(HOURS.0 * 3600);
    let width = (HOURS.1 - HOURS.0) * HOUR;
    let x = |at: sanji_core::time::UtcSecs| ((at.0 - start.0) / 60).clamp(0, width);
    let rect = |class: &str, spans: &[Span], y: i64, height: i64| {
        html! {
            @for span in spans {
                rect class=(class) x=(x(span.from)) y=(y) width=((x(span.to) - x(span.from)).max(1)) height=(height) {}
            }
        }
    };
    let say = |key: &str, spans: &[Span]| {
        let texts: Vec<String> = spans.iter().map(|span| span_text(t, *span)).collect();
        let texts = if texts.is_empty() { t.word("pages-none").into_owned() } else { texts.join(" ") };
        t.get(key, &[("spans", texts)])
    };
    let words = [say("pages-bar-windows", windows), say("pages-bar-presence", presence), say("pages-bar-leave", leave)];
    html! {
        figure.bar {
            svg viewBox=(format!("-6 0 {} 64", width + 12)) role="img" aria-labelledby="bar-words" {
                (rect("window", windows, 8, 30))
                (rect("leave", leave, 8, 30))
                (rect("presence", presence, 14, 18))
                line x1="0" y1="44" x2=(width) y2="44" {}
                @for hour in (HOURS.0..=HOURS.1).step_by(2) {
                    @let at = (hour - HOURS.0) * HOUR;
                    line x1=(at) y1="40" x2=(at) y2="48" {}
                    text x=(at) y="62" text-anchor="middle" { (hour) }
                }
            }
            figcaption #bar-words { (words.join(t.word("pages-bar-between").as_ref())) }
        }
    }
}
