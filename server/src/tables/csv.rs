//! CSV (RFC 4180) as Excel and WPS open it right: UTF-8 with a byte order mark.

use sanji_core::time::UtcSecs;

use super::sheet::{Sheet, Value};

/// The byte order mark by which spreadsheet programs tell UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What a spreadsheet program takes for the beginning of a formula, full-width forms included.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A sheet as CSV.
///
/// # Panics
/// Never: writing into memory doesn't fail, and every row has a cell for each column.
pub fn write(sheet: &Sheet) -> Vec<u8> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(MARK.to_vec());
    let titles = sheet.columns.iter().map(|column| inert(&column.title));
    csv.write_record(titles).expect("memory takes everything");
    for row in &sheet.rows {
        csv.write_record(row.iter().map(text)).expect("memory takes everything");
    }
    csv.into_inner().expect("memory takes everything")
}

fn text(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => inert(text),
        Value::Date(date) => date.to_string(),
        Value::Moment(at) => moment(*at),
        Value::Clock(time) => format!("{:02}:{:02}", time.hour(), time.minute()),
        Value::Count(count) => count.to_string(),
        Value::Minutes(minutes) => minutes.to_string(),
    }
}

/// `2026-03-02 08:31`, which spreadsheet programs read as a date with its time.
fn moment(at: UtcSecs) -> String {
    at.local().strftime("%Y-%m-%d %H:%M").to_string()
}

/// A text that no spreadsheet program runs: an apostrophe is put before what would begin a formula.
fn inert(text: &str) -> String {
    let first = text.trim_start_matches(' ').chars().next();
    if first.is_some_and(|first| FORMULA.contains(&first)) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{Column, Kind};
    use super::*;

    fn written(texts: &[&str]) -> String {
        let columns = vec![Column { title: "姓名".into(), kind: Kind::Word }];
        let rows = texts.iter().map(|text| vec![Value::from(*text)]).collect();
        let bytes = write(&Sheet { name: "考勤".into(), columns, rows });
        assert_eq!(&bytes[..3], MARK);
        String::from_utf8(bytes[3..].to_vec()).unwrap()
    }

    #[test]
    fn what_would_be_a_formula_is_made_inert() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u{ff1d}1", "\u{ff0d}1"] {
            let written = written(&[text]);
            let cell = written.strip_prefix("姓名\r\n").unwrap().trim_start_matches('"');
            assert!(cell.starts_with('\''), "{text:?} became {cell:?}");
        }
        assert_eq!(written(&["王甲", "a=b"]), "姓名\r\n王甲\r\na=b\r\n");
    }

    #[test]
    fn commas_quotes_and_line_breaks_stay_in_their_cell() {
        assert_eq!(written(&["a,b", "说\"是\"", "x\ny"]), "姓名\r\n\"a,b\"\r\n\"说\"\"是\"\"\"\r\n\"x\ny\"\r\n");
    }
}
