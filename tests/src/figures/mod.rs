//! The figures: what a sync, a record, a start and a relay cost. Each stands beside its goal and a baseline of the same run.

mod bytes;
mod history;
mod http;
mod load;
mod open;
mod pages;
mod record;

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::Outcome;

pub use open::peak;

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name, and its key in JSON.
    pub name: &'static str,
    /// What was measured, in the unit that the name ends with.
    pub value: f64,
    /// What it should be.
    pub goal: Option<Goal>,
    /// The same done by something simpler in the same run: what that is, and its value.
    pub baseline: Option<(&'static str, f64)>,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// At most this.
    AtMost(f64),
    /// At least this.
    AtLeast(f64),
}

impl Figure {
    /// A figure that only stands beside others.
    pub fn beside(name: &'static str, value: f64) -> Self {
        Figure { name, value, goal: None, baseline: None }
    }

    /// A figure that should be at most `goal`.
    pub fn at_most(name: &'static str, value: f64, goal: f64) -> Self {
        Figure { goal: Some(Goal::AtMost(goal)), ..Figure::beside(name, value) }
    }

    /// A figure that should be at least `goal`.
    pub fn at_least(name: &'static str, value: f64, goal: f64) -> Self {
        Figure { goal: Some(Goal::AtLeast(goal)), ..Figure::beside(name, value) }
    }

    /// The same beside a baseline.
    pub fn against(self, what: &'static str, baseline: f64) -> Self {
        Figure { baseline: Some((what, baseline)), ..self }
    }
}

/// A group of figures that are measured together.
pub struct Group {
    /// Its name on the command line.
    pub name: &'static str,
    /// Measures them.
    pub measure: fn() -> Outcome<Vec<Figure>>,
}

/// Every group, in the order of the table.
pub const GROUPS: &[Group] = &[
    Group { name: "bytes", measure: bytes::measure },
    Group { name: "history", measure: history::measure },
    Group { name: "http", measure: http::measure },
    Group { name: "record", measure: record::measure },
    Group { name: "open", measure: open::measure },
    Group { name: "load", measure: load::measure },
    Group { name: "pages", measure: pages::measure },
];

/// The figures as a table for people.
pub fn table(figures: &[Figure]) -> String {
    let mut text = String::new();
    let width = figures.iter().map(|f| f.name.len()).max().unwrap_or(0);
    for figure in figures {
        let goal = match figure.goal {
            Some(Goal::AtMost(goal)) => format!("≤ {}", number(goal)),
            Some(Goal::AtLeast(goal)) => format!("≥ {}", number(goal)),
            None => String::new(),
        };
        let kept = match figure.goal {
            Some(Goal::AtMost(goal)) if figure.value > goal => "missed",
            Some(Goal::AtLeast(goal)) if figure.value < goal => "missed",
            Some(_) => "kept",
            None => "",
        };
        let beside = match figure.baseline {
            Some((what, value)) => format!("{what} {} (× {:.2})", number(value), figure.value / value),
            None => String::new(),
        };
        let line = format!("{:width$}  {:>10}  {goal:>10}  {kept:6}  {beside}", figure.name, number(figure.value));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// The figures as one JSON object; a baseline stands under `<name>_baseline`.
pub fn json(figures: &[Figure]) -> String {
    let mut object = Map::new();
    for figure in figures {
        object.insert(figure.name.into(), value(figure.value));
        if let Some((_, baseline)) = figure.baseline {
            object.insert(format!("{}_baseline", figure.name), value(baseline));
        }
    }
    Value::Object(object).to_string()
}

fn value(number: f64) -> Value {
    // Whole numbers, as bytes are, stand without a point.
    if number.fract() == 0.0 && number.abs() < 1e15 { Value::from(number as i64) } else { Value::from(rounded(number)) }
}

fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn number(number: f64) -> String {
    if number.fract() == 0.0 || number >= 1000.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

/// The middle one of some measurements.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_what_was_kept_and_what_was_missed() {
        let figures = [
            Figure::at_most("up_bytes", 221.0, 220.0),
            Figure::at_least("syncs_per_s", 1600.5, 1500.0).against("bare insert", 3201.0),
            Figure::beside("headers", 1.25),
        ];
        let text = table(&figures);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("221") && lines[0].ends_with("missed"), "{text}");
        assert!(lines[1].contains("kept") && lines[1].ends_with("bare insert 3201 (× 0.50)"), "{text}");
        assert!(lines[2].ends_with("1.25"), "{text}");
    }

    #[test]
    fn json_is_one_line_with_the_baselines_beside() {
        let figures = [Figure::at_most("ms", 1.23456, 2.0).against("other", 1.0), Figure::beside("bytes", 12.0)];
        assert_eq!(json(&figures), r#"{"bytes":12,"ms":1.235,"ms_baseline":1}"#);
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
    }
}
