//! Printing: tables that line up also where characters are twice as wide, and progress bars.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

/// Prints a table; the first row holds the headings.
pub(super) fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|c| width(c)).max().unwrap_or(0))
        .collect();
    for row in rows {
        let mut line = String::new();
        for (cell, widest) in row.iter().zip(&widths) {
            line += cell;
            line += &" ".repeat(widest - width(cell) + 2);
        }
        println!("{}", line.trim_end());
    }
}

/// Prints a value as one line of JSON.
pub(super) fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => println!("{text}"),
        Err(error) => eprintln!("{error}"),
    }
}

/// Columns that a text takes in a terminal: East Asian wide characters take two.
pub(super) fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match u32::from(c) {
            0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
            0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x20000..=0x3fffd => 2,
            _ => 1,
        })
        .sum()
}

/// A progress bar on standard error, which shows itself only to a terminal and only after a second.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar for so much work.
    pub(super) fn new(what: &str, work: u64) -> Self {
        let target = if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr_with_hz(5)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(work), target);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent} % {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Progress(bar)
    }

    /// So much is done.
    pub(super) fn at(&self, done: u64, work: u64) {
        if self.0.elapsed() >= Duration::from_secs(1) {
            self.0.set_length(work);
            self.0.set_position(done);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_take_two_columns() {
        assert_eq!((width("可乐小学"), width("abc"), width("第1组"), width("(是)")), (8, 3, 5, 4));
        assert_eq!(width(""), 0);
    }
}
