//! XLSX: typed cells, a frozen header, widths that fit. Text is always a string cell, so that none runs as a formula.

use jiff::civil::{Date, DateTime, Time};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use sanji_core::time::UtcSecs;

use super::sheet::{Kind, Sheet, Value};

/// The most characters of a sheet's name.
const NAME: usize = 31;

/// What stands on every printed page, and in the file's properties.
pub struct Heading<'a> {
    /// What the file is: school and period.
    pub title: &'a str,
    /// As of when it speaks.
    pub as_of: &'a str,
    /// That instant.
    pub now: UtcSecs,
}

/// Sheets as one file.
///
/// # Errors
/// When a value doesn't fit into a sheet: more than a million rows, or a text of more than 32,767 characters.
pub fn write(heading: &Heading<'_>, sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The clock of the request, so that the same figures give the same file.
    let properties = DocProperties::new().set_title(heading.title).set_comment(heading.as_of);
    book.set_properties(&properties.set_creation_datetime(&date_time(heading.now.local())?));
    for sheet in sheets {
        fill(book.add_worksheet(), heading, sheet)?;
    }
    book.save_to_buffer()
}

fn fill(to: &mut Worksheet, heading: &Heading<'_>, sheet: &Sheet) -> Result<(), XlsxError> {
    to.set_name(sheet.name.chars().take(NAME).collect::<String>())?;
    to.set_freeze_panes(1, 1)?;
    to.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    to.set_header(format!("&L{}&R{}", plain(heading.title), plain(heading.as_of)));
    to.set_footer("&C&P / &N");
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    for (at, column) in (0u16..).zip(&sheet.columns) {
        to.set_column_width(at, width(column.kind))?;
        to.write_string_with_format(0, at, &column.title, &head)?;
    }
    for (line, row) in (1u32..).zip(&sheet.rows) {
        for (at, value) in (0u16..).zip(row) {
            cell(to, line, at, value)?;
        }
    }
    Ok(())
}

fn cell(to: &mut Worksheet, line: u32, at: u16, value: &Value) -> Result<(), XlsxError> {
    let format = |format: &str| Format::new().set_num_format(format);
    match value {
        Value::Empty => {}
        Value::Text(text) => drop(to.write_string(line, at, text)?),
        Value::Date(date) => {
            let date = date_time(date.to_datetime(Time::midnight()))?;
            to.write_datetime_with_format(line, at, &date, &format("yyyy-mm-dd"))?;
        }
        Value::Moment(moment) => {
            let moment = date_time(moment.local())?;
            to.write_datetime_with_format(line, at, &moment, &format("yyyy-mm-dd hh:mm"))?;
        }
        Value::Clock(time) => {
            let days = f64::from(i32::from(time.hour()) * 60 + i32::from(time.minute())) / DAY;
            to.write_number_with_format(line, at, days, &format("hh:mm"))?;
        }
        Value::Count(count) => drop(to.write_number_with_format(line, at, *count, &format("0"))?),
        Value::Minutes(minutes) => {
            to.write_number_with_format(line, at, f64::from(*minutes) / DAY, &format("[h]:mm"))?;
        }
    }
    Ok(())
}

/// Minutes of a day, which is what spreadsheet programs count in.
const DAY: f64 = 1440.0;

fn date_time(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let number = |part: i8| part.unsigned_abs();
    let date: Date = at.date();
    ExcelDateTime::from_ymd(date.year().unsigned_abs(), number(date.month()), number(date.day()))?.and_hms(
        number(at.hour()).into(),
        number(at.minute()),
        f64::from(at.second()),
    )
}

/// Characters of the widest usual content; Chinese characters take two.
fn width(kind: Kind) -> f64 {
    match kind {
        Kind::Word => 12.0,
        Kind::Text => 36.0,
        Kind::Date => 12.0,
        Kind::Moment => 18.0,
        Kind::Clock | Kind::Count => 9.0,
        Kind::Minutes => 11.0,
    }
}

/// A text without the signs by which headers say more than text.
fn plain(text: &str) -> String {
    text.replace('&', "&&")
}
