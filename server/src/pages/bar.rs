//! A day from 06:00 to 22:00 as a bar: windows, presence, leave. A picture of what the page says in words beside it.

use jiff::civil::Date;
use maud::{Markup, html};
use sanji_core::rules::{DayResult, Span};
use sanji_core::texts::Texts;
use sanji_core::time::midnight;

/// First and last hour of the bar.
const HOURS: (i64, i64) = (6, 22);

/// The bar of a day.
pub(super) fn bar(t: &Texts, date: Date, result: &DayResult) -> Markup {
    let (presence, windows, leave): (&[Span], &[Span], &[Span]) = match result {
        DayResult::Judged(verdict) => (&verdict.times.presence, &verdict.windows, &verdict.leave),
        DayResult::NotInForce(times) => (&times.presence, &[], &[]),
    };
    let start = midnight(date).plus(HOURS.0 * 3600);
    let all = (HOURS.1 - HOURS.0) * 3600;
    // Hundredths of a per cent of the width: letters keep their size however narrow the screen is.
    let x = |seconds: i64| seconds.clamp(0, all) * 10_000 / all;
    let percent = |x: i64| format!("{}.{:02}%", x / 100, x % 100);
    let rect = |class: &str, spans: &[Span], y: i64, height: i64| {
        html! {
            @for span in spans {
                @let (from, to) = (x(span.from.0 - start.0), x(span.to.0 - start.0));
                rect class=(class) x=(percent(from)) y=(y) width=(percent((to - from).max(10))) height=(height) {}
            }
        }
    };
    let say = |key: &str, spans: &[Span]| {
        let texts: Vec<String> = spans.iter().map(|span| t.span(*span)).collect();
        let texts = if texts.is_empty() { t.word("pages-none").into_owned() } else { texts.join(" ") };
        t.get(key, &[("spans", texts)])
    };
    let words = [say("pages-bar-windows", windows), say("pages-bar-presence", presence), say("pages-bar-leave", leave)];
    html! {
        figure.bar {
            svg role="img" aria-labelledby="bar-words" {
                (rect("window", windows, 4, 32))
                (rect("leave", leave, 4, 32))
                (rect("presence", presence, 11, 18))
                line x1="0" y1="42" x2="100%" y2="42" {}
                @for hour in (HOURS.0..=HOURS.1).step_by(2) {
                    @let at = percent(x((hour - HOURS.0) * 3600));
                    line x1=(at) y1="38" x2=(at) y2="46" {}
                    text x=(at) y="60" text-anchor=(anchor(hour)) { (hour) }
                }
            }
            figcaption #bar-words { (words.join(t.word("pages-bar-between").as_ref())) }
        }
    }
}

/// The first and last number stay inside the drawing.
fn anchor(hour: i64) -> &'static str {
    match hour {
        hour if hour == HOURS.0 => "start",
        hour if hour == HOURS.1 => "end",
        _ => "middle",
    }
}
