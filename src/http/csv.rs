//! Lists as CSV (RFC 4180), for people who open them in a spreadsheet. What may be long leaves page by page: `Portal::export`.

use crate::words::Words;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, HttpResponseBuilder};

/// What such files are.
pub const KIND: &str = "text/csv; charset=utf-8";

/// Answers with a list that is at hand as a file; the head by the keys of its words.
pub fn file<const N: usize>(words: Words, name: &str, head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> HttpResponse {
    let mut csv = Csv::default();
    csv.row(head.map(|key| words.say(key)));
    for row in rows {
        csv.row(row);
    }
    csv.answer(name)
}

/// The head of an answer that browsers keep as a file of this name, and nobody else keeps.
pub fn attachment(kind: &str, name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    answer
}

/// A table being written.
#[derive(Debug, Default)]
pub struct Csv(String);

impl Csv {
    /// Adds a row.
    pub fn row<V: AsRef<str>>(&mut self, values: impl IntoIterator<Item = V>) {
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.0.push('"');
            let mut begins = true;
            for c in value.as_ref().chars() {
                // A spreadsheet would run it as a formula, also behind what separates cells for it and not for us.
                if begins && matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r') {
                    self.0.push('\'');
                }
                begins = matches!(c, ';' | '\t' | '\n' | '\r') || begins && c == '"';
                if c == '"' {
                    self.0.push('"');
                }
                self.0.push(c);
            }
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }

    /// What was written.
    pub fn into_text(self) -> String {
        self.0
    }

    /// Answers with the table as a file.
    pub fn answer(self, name: &str) -> HttpResponse {
        attachment(KIND, &format!("{name}.csv")).body(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_formulas_are_text() {
        let mut csv = Csv::default();
        csv.row(["Ana \"A\"", "x,y\nz"]);
        csv.row(["=cmd|' /C calc'!A0", "+1", "-1", "@sum", "a=b"]);
        assert_eq!(csv.into_text(), "\"Ana \"\"A\"\"\",\"x,y\nz\"\r\n\"'=cmd|' /C calc'!A0\",\"'+1\",\"'-1\",\"'@sum\",\"a=b\"\r\n");
    }

    /// To a spreadsheet that separates by semicolons, the text behind the first quote is outside of quotes, and a new cell may begin in it.
    #[test]
    fn formulas_are_text_in_every_cell_that_a_spreadsheet_may_see() {
        let mut csv = Csv::default();
        csv.row(["a", "why;=1+1;x", "two\n@sum", "\"=1+1", "late; and - more"]);
        assert_eq!(csv.into_text(), "\"a\",\"why;'=1+1;x\",\"two\n'@sum\",\"\"\"'=1+1\",\"late; and - more\"\r\n");
    }
}
