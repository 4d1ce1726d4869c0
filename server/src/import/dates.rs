//! Dates as people and spreadsheets write them.

use jiff::civil::Date;

/// The date in `2026-03-02`, `2026/3/2`, `2026.3.2`, `2026年3月2日` or `20260302`; `None` if it is no date of the years 2000
/// to 2199.
pub fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    let digits = |part: &str| part.len() <= 4 && !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        text.trim_end_matches('日').split(['-', '/', '.', '年', '月']).map(str::trim).collect()
    };
    let [year, month, day] = parts[..] else { return None };
    if !digits(year) || !digits(month) || !digits(day) || year.len() != 4 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (2000..2200).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_read_as_people_write_them() {
        for text in ["2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日", "20260302", " 2026-3-2 "] {
            assert_eq!(parse(text), Some(date(2026, 3, 2)), "{text}");
        }
        for text in ["", "2026-02-30", "26-3-2", "3/2/2026", "2026-03", "2026-03-02-01", "1999-01-01", "2026年", "今天"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
