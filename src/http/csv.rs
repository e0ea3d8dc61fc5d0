//! Lists as CSV (RFC 4180), for people who open them in a spreadsheet.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, X_CONTENT_TYPE_OPTIONS};

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
            let value = value.as_ref();
            // A spreadsheet would run it as a formula.
            if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                self.0.push('\'');
            }
            self.0.push_str(&value.replace('"', "\"\""));
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Answers with the table as a file.
    pub fn answer(self, name: &str) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(self.0)
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
        assert_eq!(csv.text(), "\"Ana \"\"A\"\"\",\"x,y\nz\"\r\n\"'=cmd|' /C calc'!A0\",\"'+1\",\"'-1\",\"'@sum\",\"a=b\"\r\n");
    }
}
