//! How answers travel back to the app (RFC 6749 section 4.1.2, RFC 9207).

use crate::oauth::error::OAuthError;
use url::Url;

crate::choice! {
    /// Where in the address the answer stands.
    pub enum ResponseMode {
        /// In the query.
        Query = "query",
        /// In the fragment.
        Fragment = "fragment",
    }
}

// Derived, it would need an attribute on a variant that the macro does not pass on.
#[allow(clippy::derivable_impls)]
impl Default for ResponseMode {
    fn default() -> Self {
        Self::Query
    }
}

/// Where and how to answer.
#[derive(Clone, Debug)]
pub struct Back {
    /// A registered redirect URI.
    pub redirect_uri: String,
    /// How.
    pub mode: ResponseMode,
    /// Returned byte by byte.
    pub state: Option<String>,
}

impl Back {
    /// The address that carries the code.
    pub fn code(&self, code: &str, issuer: &str) -> String {
        self.with(&[("code", code)], issuer)
    }

    /// The address that carries an error.
    pub fn error(&self, error: &OAuthError, issuer: &str) -> String {
        self.with(&[("error", error.code.as_str()), ("error_description", &error.description)], issuer)
    }

    fn with(&self, pairs: &[(&str, &str)], issuer: &str) -> String {
        let mut encoded = url::form_urlencoded::Serializer::new(String::new());
        encoded.extend_pairs(pairs);
        if let Some(state) = &self.state {
            encoded.append_pair("state", state);
        }
        // RFC 9207: a client of several providers can tell whose answer this is.
        encoded.append_pair("iss", issuer);
        let encoded = encoded.finish();
        let uri = &self.redirect_uri;
        match self.mode {
            ResponseMode::Fragment => format!("{uri}#{encoded}"),
            // A registered query stays (RFC 6749 section 3.1.2).
            ResponseMode::Query if Url::parse(uri).is_ok_and(|url| url.query().is_some_and(|query| !query.is_empty())) => format!("{uri}&{encoded}"),
            ResponseMode::Query => format!("{}?{encoded}", uri.trim_end_matches('?')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registered_query_stays_and_the_state_comes_back_exactly() {
        let back = |uri: &str, mode| Back { redirect_uri: uri.into(), mode, state: Some("a b&c=\u{fc}".into()) };
        let issuer = "https://id.example";
        assert_eq!(
            back("https://app.example/cb", ResponseMode::Query).code("x", issuer),
            "https://app.example/cb?code=x&state=a+b%26c%3D%C3%BC&iss=https%3A%2F%2Fid.example"
        );
        assert!(back("https://app.example/cb?x=1", ResponseMode::Query).code("x", issuer).starts_with("https://app.example/cb?x=1&code=x&"));
        assert!(back("https://app.example/cb", ResponseMode::Fragment).code("x", issuer).starts_with("https://app.example/cb#code=x&"));
    }
}
