//! The parts of a ZIP file, read by its central directory (APPNOTE 6.3, sections 4.3.7 and 4.3.12).

use std::io::Read;

/// The text of the part with this name.
pub fn part(file: &[u8], name: &str) -> Option<String> {
    let number = |at: usize, bytes: usize| -> usize {
        file[at..at + bytes].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = file.windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let mut at = number(end + 16, 4);
    for _ in 0..number(end + 10, 2) {
        let (method, packed) = (number(at + 10, 2), number(at + 20, 4));
        let lengths = [28, 30, 32].map(|field| number(at + field, 2));
        if &file[at + 46..at + 46 + lengths[0]] == name.as_bytes() {
            let local = number(at + 42, 4);
            let data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
            let data = &file[data..data + packed];
            let mut text = String::new();
            match method {
                0 => text = String::from_utf8(data.to_vec()).ok()?,
                _ => drop(flate2::read::DeflateDecoder::new(data).read_to_string(&mut text).ok()?),
            }
            return Some(text);
        }
        at += 46 + lengths.iter().sum::<usize>();
    }
    None
}
