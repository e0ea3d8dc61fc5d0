//! A file of invitations, read: its encoding, separator, header and rows. What they mean is not judged here.

use crate::base::text::shown;
use serde::{Deserialize, Serialize};
use std::str::from_utf8;

/// The most bytes of a file.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// The most rows below the header.
pub const MOST_LINES: usize = 50_000;
/// What is longer fits nowhere, so only its beginning is kept to be shown.
const MOST_CELL: usize = 1_500;
/// What our own downloads have beside the columns of the file: read over, so that a corrected download can be uploaded.
const OWN: [&str; 3] = ["row", "problem", "result"];

crate::choice! {
    /// A column of the file.
    pub enum Column {
        /// Whom to invite. The only column that must be there.
        Email = "email",
        /// What they are called.
        Name = "name",
        /// Organization roles.
        OrganizationRole = "organization_role",
        /// The app of the role; the limit of an organization role.
        App = "app",
        /// The stage of role and group.
        Stage = "stage",
        /// Roles of the app at the stage.
        Role = "role",
        /// Groups of the stage.
        Group = "group",
        /// From when it counts.
        Starts = "starts",
        /// Until when.
        Ends = "ends",
        /// Why, for those who look at access later.
        Reason = "reason",
        /// The language of the letter.
        Locale = "locale",
    }
}

/// A row of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number as a spreadsheet counts: the header is row 1.
    pub number: u64,
    /// What stands in each column, in the order of `Column::ALL`.
    cells: Vec<String>,
    /// Whether more cells came than the header names.
    pub surplus: bool,
}

impl Line {
    /// What stands in a column, without blanks around it.
    pub fn cell(&self, column: Column) -> &str {
        self.cells.get(column as usize).map_or("", String::as_str)
    }

    /// The cells in the order of `Column::ALL`.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        Column::ALL.iter().map(|column| self.cell(*column))
    }
}

/// A file that could be read.
#[derive(Debug)]
pub struct Sheet {
    /// Its rows, without empty ones.
    pub lines: Vec<Line>,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing in it, or nothing but a header.
    #[error("there is no row in the file")]
    Empty,
    /// More bytes than may be.
    #[error("the file is larger than {MOST_BYTES} bytes")]
    TooLarge,
    /// Not UTF-8, nor UTF-16 that says so.
    #[error("row {0} is not written in UTF-8")]
    Encoding(u64),
    /// A quotation mark opens and never closes.
    #[error("a quotation mark in row {0} is never closed")]
    Unclosed(u64),
    /// Columns that mean nothing here.
    #[error("unknown columns: {}", .0.join(", "))]
    Unknown(Vec<String>),
    /// A column stands there twice.
    #[error("the column {0} stands there twice")]
    Twice(Column),
    /// The one column that must be there.
    #[error("the header has no column email")]
    NoEmail,
    /// So many rows are too many.
    #[error("{0} rows are more than {MOST_LINES}")]
    TooMany(u64),
}

/// Reads a file.
pub fn parse(bytes: &[u8]) -> Result<Sheet, FileError> {
    if bytes.len() > MOST_BYTES {
        return Err(FileError::TooLarge);
    }
    let mut text = decode(bytes)?;
    if !text.contains('\n') {
        text = text.replace('\r', "\n");
    }
    if text.trim().is_empty() {
        return Err(FileError::Empty);
    }
    let separator = separator(&text);
    if let Some(line) = unclosed(&text, separator) {
        return Err(FileError::Unclosed(line));
    }
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    // The text is UTF-8 and any number of cells is welcome, so nothing else can go wrong.
    let mut next =
        |record: &mut csv::StringRecord| reader.read_record(record).map_err(|error| FileError::Encoding(error.position().map_or(1, csv::Position::line)));
    if !next(&mut record)? {
        return Err(FileError::Empty);
    }
    let columns = header(&record)?;
    // Line breaks inside cells are none to a spreadsheet.
    let breaks = |record: &csv::StringRecord| record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
    let (mut lines, mut inside, mut count) = (Vec::new(), breaks(&record), 0);
    let (mut number, mut at) = (1, 0);
    while next(&mut record)? {
        // The position is that before empty lines; the row begins after them.
        let from = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX)).min(text.len());
        let from = from + text.as_bytes()[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        number += newlines(&text.as_bytes()[at..from]) - 1 - inside;
        (at, inside) = (from, breaks(&record));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        count += 1;
        if count <= MOST_LINES as u64 {
            lines.push(line(number, &columns, &record));
        } else {
            // Counted to the end, to say how many there are; kept no longer.
            lines.clear();
        }
    }
    match count {
        0 => Err(FileError::Empty),
        count if count > MOST_LINES as u64 => Err(FileError::TooMany(count)),
        _ => Ok(Sheet { lines }),
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().fold(1, |lines, byte| lines + u64::from(*byte == b'\n'))
}

/// The text of a file: UTF-8, or UTF-16 with its mark. Nothing is guessed: a wrong guess would write to the wrong people.
fn decode(bytes: &[u8]) -> Result<String, FileError> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            from_utf8(bytes).map_err(|error| FileError::Encoding(newlines(&bytes[..error.valid_up_to()])))?.to_owned()
        }
    };
    // UTF-16 without its mark is full of these.
    match text.find('\0') {
        Some(at) => Err(FileError::Encoding(newlines(&text.as_bytes()[..at]))),
        None => Ok(text),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, FileError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(c.map_err(|_| FileError::Encoding(newlines(text.as_bytes())))?);
    }
    if rest.is_empty() { Ok(text) } else { Err(FileError::Encoding(newlines(text.as_bytes()))) }
}

/// What separates the cells of the header: whichever stands there most often, outside of quotation marks.
fn separator(text: &str) -> u8 {
    let (mut counts, mut quoted) = ([(b',', 0), (b';', 0), (b'\t', 0)], false);
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, count)| *count += 1),
        }
    }
    // Of several that stand there equally often the last one would win; the comma is the usual one.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

/// The row of a quotation mark that opens a cell and is never closed: it would swallow every row after it.
fn unclosed(text: &str, separator: u8) -> Option<u64> {
    let (mut line, mut opened, mut at_start) = (1, None, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (opened, byte) {
            (Some(_), b'"') => {
                if bytes.next_if_eq(&b'"').is_none() {
                    (opened, at_start) = (None, false);
                }
            }
            (None, b'"') if at_start => opened = Some(line),
            (None, byte) => at_start = byte == separator || byte == b'\n' || byte == b'\r',
            (Some(_), _) => {}
        }
        line += u64::from(byte == b'\n');
    }
    opened
}

/// The columns of a header, in its order. `None`: nothing is read there.
fn header(record: &csv::StringRecord) -> Result<Vec<Option<Column>>, FileError> {
    let (mut columns, mut unknown) = (Vec::new(), Vec::new());
    for cell in record {
        let name = cell.trim().to_lowercase().replace([' ', '-'], "_");
        let column = Column::parse(&name);
        match column {
            Some(column) if columns.contains(&Some(column)) => return Err(FileError::Twice(column)),
            None if !name.is_empty() && !OWN.contains(&name.as_str()) && unknown.len() < 10 => unknown.push(shown(cell)),
            _ => {}
        }
        columns.push(column);
    }
    if !unknown.is_empty() {
        Err(FileError::Unknown(unknown))
    } else if columns.contains(&Some(Column::Email)) {
        Ok(columns)
    } else {
        Err(FileError::NoEmail)
    }
}

fn line(number: u64, columns: &[Option<Column>], record: &csv::StringRecord) -> Line {
    let mut line = Line { number, cells: vec![String::new(); Column::ALL.len()], surplus: false };
    for (at, cell) in record.iter().enumerate() {
        match columns.get(at) {
            Some(Some(column)) => line.cells[*column as usize] = cut(cell),
            Some(None) => {}
            None => line.surplus |= !cell.trim().is_empty(),
        }
    }
    line
}

/// A cell without blanks around it, as far as it can be of use. The mark that our downloads put before what a spreadsheet would
/// take for a formula goes again.
fn cut(cell: &str) -> String {
    let cell = cell.trim();
    let cell = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell);
    cell.chars().take(MOST_CELL).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<(u64, String, String)>, FileError> {
        let sheet = parse(bytes)?;
        Ok(sheet.lines.into_iter().map(|line| (line.number, line.cell(Column::Email).to_owned(), line.cell(Column::Name).to_owned())).collect())
    }

    #[allow(clippy::unnecessary_wraps)] // compared with what may be refused
    fn rows(rows: &[(u64, &str, &str)]) -> Result<Vec<(u64, String, String)>, FileError> {
        Ok(rows.iter().map(|(number, email, name)| (*number, (*email).to_owned(), (*name).to_owned())).collect())
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once('\u{feff}').chain(text.chars()).flat_map(|c| c.encode_utf16(&mut [0; 2]).to_vec()).flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_that_says_what_it_is_is_read() {
        let text = "email,name\r\nana@acme.example,\"Ana \u{c1}lvarez \u{1f600}\"\r\n";
        let expected = rows(&[(2, "ana@acme.example", "Ana \u{c1}lvarez \u{1f600}")]);
        assert_eq!(read(text.as_bytes()), expected);
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), expected);
        assert_eq!(read(&utf16(text, u16::to_le_bytes)), expected);
        assert_eq!(read(&utf16(text, u16::to_be_bytes)), expected);
        // Windows-1252, UTF-16 without its mark, half a character, a lone surrogate.
        assert_eq!(read(b"email,name\nbo@acme.example,Bo\nana@acme.example,\xc1lvarez\n"), Err(FileError::Encoding(3)));
        assert_eq!(read(&utf16("email\nana@acme.example", u16::to_le_bytes)[2..]), Err(FileError::Encoding(1)));
        let whole = utf16("email\nana@acme.example", u16::to_be_bytes);
        assert_eq!(read(&whole[..whole.len() - 1]), Err(FileError::Encoding(2)));
        assert_eq!(read(&[whole.as_slice(), &[0xd8, 0x00]].concat()), Err(FileError::Encoding(2)));
        assert_eq!(read(b"email\nana@acme.example\n\0"), Err(FileError::Encoding(3)));
    }

    #[test]
    fn separators_quotes_and_line_breaks_are_understood() {
        let expected = rows(&[(2, "ana@acme.example", "Ferreira, Ana; \"A\"")]);
        for separator in [',', ';', '\t'] {
            for end in ["\n", "\r\n", "\r"] {
                let text = format!("Email{separator} NAME {separator}organization role{end}ana@acme.example{separator}\"Ferreira, Ana; \"\"A\"\"\"{end}");
                assert_eq!(read(text.as_bytes()), expected, "{text:?}");
            }
        }
        // The order is free, one column is enough, and what is empty is no row. Rows are counted as a spreadsheet counts them.
        assert_eq!(read(b"name,email\nAna,a@acme.example"), rows(&[(2, "a@acme.example", "Ana")]));
        assert_eq!(read(b"\"email\"\na@acme.example\n\n  \nb@acme.example"), rows(&[(2, "a@acme.example", ""), (5, "b@acme.example", "")]));
        assert_eq!(
            read(b"email,name,reason\na@acme.example,A,\"one\r\ntwo\"\n,,\nb@acme.example,B,\n"),
            rows(&[(2, "a@acme.example", "A"), (4, "b@acme.example", "B")])
        );
        assert_eq!(read(b"email;name;role\na@acme.example;5\" pipe;\"viewer; editor\"\n"), rows(&[(2, "a@acme.example", "5\" pipe")]));
        assert_eq!(read(b"email,name\na@acme.example,A\nb@acme.example,\"B\nc@acme.example,C\n"), Err(FileError::Unclosed(3)));
    }

    #[test]
    fn a_download_of_ours_is_read_again() {
        let text = "row,email,name,problem\n2,'+a@acme.example,'=Ana,\"No such role\"\n3,b@acme.example,'Bo,\n";
        assert_eq!(read(text.as_bytes()), rows(&[(2, "+a@acme.example", "=Ana"), (3, "b@acme.example", "'Bo")]));
    }

    #[test]
    fn a_header_that_means_something_else_is_refused() {
        let unknown = |names: &[&str]| Err(FileError::Unknown(names.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(read(b"email,rolle,stage ,\xe2\x80\xaex\na@acme.example,,,"), unknown(&["rolle", "\u{fffd}x"]));
        assert_eq!(read(b"ana@acme.example,Ana\n"), unknown(&["ana@acme.example", "Ana"]));
        assert_eq!(read(b"email,name,Email\na@acme.example,,"), Err(FileError::Twice(Column::Email)));
        assert_eq!(read(b"name,role\nAna,viewer"), Err(FileError::NoEmail));
        for empty in [&b""[..], b"\xef\xbb\xbf", b" \r\n ", b"email,name\r\n", b"email,name\n,,\n"] {
            assert_eq!(read(empty), Err(FileError::Empty), "{empty:?}");
        }
    }

    #[test]
    fn cells_without_a_column_are_noticed() {
        let surplus: Vec<bool> =
            parse(b"email,name,\na@acme.example,A,,\nb@acme.example,B,,x\nc@acme.example").unwrap().lines.iter().map(|line| line.surplus).collect();
        assert_eq!(surplus, [false, true, false]);
    }

    #[test]
    fn what_is_too_large_is_said_with_its_size() {
        let many = |count: usize| (0..count).fold("email\n".to_owned(), |text, n| text + &format!("{n}@a.example\n"));
        assert_eq!(parse(many(MOST_LINES).as_bytes()).unwrap().lines.len(), MOST_LINES);
        assert_eq!(read(many(MOST_LINES + 7).as_bytes()), Err(FileError::TooMany(50_007)));
        assert_eq!(read(&vec![b'x'; MOST_BYTES + 1]), Err(FileError::TooLarge));
        let long = format!("email,reason\na@acme.example,{}\n", "x".repeat(1_000_000));
        assert_eq!(parse(long.as_bytes()).unwrap().lines[0].cell(Column::Reason).len(), MOST_CELL);
    }
}
