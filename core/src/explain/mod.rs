//! `sanji explain`: one case in, one verdict out, for anyone who doubts a cell.
//!
//! A case is one line of JSON: a day of one person, a week of after-school service of one school, or obligations. The
//! verdict is one line too. A case that can't be read gives `{"id":…,"error":"…"}` and the rest goes on. Calendar: the
//! country's holidays and make-up workdays; a year without them is plain weekdays, with a warning beside the verdict.

mod case;
mod verdict;

use std::io::{self, BufRead, Write};

use serde::Serialize;

use case::{Case, Wrong};

/// The line that answers a bad case.
#[derive(Serialize)]
struct Refused {
    id: Option<String>,
    error: String,
}

/// Judges one line; `None` if it is blank. The answer has no line break.
pub fn explain_line(line: &str) -> Option<String> {
    if line.trim().is_empty() {
        return None;
    }
    Some(match Case::read(line) {
        Ok(case) => verdict::of(&case).unwrap_or_else(|wrong| refused(case.id, &wrong)),
        Err(wrong) => refused(case::id_of(line), &wrong),
    })
}

/// Judges one line of bytes; `None` if it is blank.
pub fn explain_bytes(line: &[u8]) -> Option<String> {
    match std::str::from_utf8(line) {
        Ok(line) => explain_line(line),
        Err(error) => {
            let at = error.valid_up_to() + 1;
            let wrong = Wrong::line(
                format!("第 {at} 个字节起不是 UTF-8 文字:请把文件另存为 UTF-8"),
                format!("byte {at} is not UTF-8 text: save the file as UTF-8"),
            );
            Some(refused(None, &wrong))
        }
    }
}

/// Judges every line of `input` in order and writes one line for each that isn't blank. A byte order mark at the very
/// beginning is skipped.
///
/// # Errors
/// Those of reading and writing.
pub fn run(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    let mut first = true;
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return output.flush();
        }
        let text = if first { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line) } else { &line };
        first = false;
        if let Some(answer) = explain_bytes(text) {
            writeln!(output, "{answer}")?;
        }
    }
}

fn refused(id: Option<String>, wrong: &Wrong) -> String {
    json(&Refused { id, error: wrong.to_string() })
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, numbers, lists and structs always serialise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_non_blank_line_is_answered_in_order() {
        let input = b"\xEF\xBB\xBF{\"id\":\"a\"}\n\n  \t\r\n\xFF\xFE\n[]\r\n{\"id\":\"b\"}";
        let mut output = Vec::new();
        run(&input[..], &mut output).expect("memory");
        let text = String::from_utf8(output).expect("UTF-8");
        let ids: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["id"].clone())
            .collect();
        assert_eq!(
            ids,
            [serde_json::json!("a"), serde_json::json!(null), serde_json::json!(null), serde_json::json!("b")]
        );
        assert!(text.lines().all(|line| line.contains("\"error\":")));
    }

    #[test]
    fn a_case_that_nests_too_deep_is_refused_under_its_id_unless_the_field_is_unknown() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let answer = explain_line(&format!("{{\"checks\":{deep},\"id\":\"deep\"}}")).expect("not blank");
        assert!(answer.starts_with("{\"id\":\"deep\",\"error\":"), "{answer}");
        let known = r#""id":"o","kind":"obligations","pack":"linzi","subjects":[],"from":"2026-03-01","to":"2026-03-01","visits":[]"#;
        let answer = explain_line(&format!("{{{known},\"more\":{deep},\"huge\":1e999}}")).expect("not blank");
        assert_eq!(answer, "{\"id\":\"o\",\"obligations\":[]}");
    }
}
