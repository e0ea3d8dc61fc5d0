//! The parameters of a request (RFC 6749 section 3.1): unknown ones ignored, empty ones absent, doubled ones an error.

use super::error::OAuthError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The parameters of one request, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<String, Vec<String>>);

impl Parameters {
    /// Reads a query or a form (`application/x-www-form-urlencoded`). At most 200 parameters are looked at.
    pub fn parse(encoded: &[u8]) -> Self {
        Self::parse_up_to(encoded, 200)
    }

    /// The same with another bound: our own forms have a box for each permission of a role.
    pub fn parse_up_to(encoded: &[u8], most: usize) -> Self {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(encoded).take(most) {
            if !value.is_empty() {
                all.entry(name.into_owned()).or_default().push(value.into_owned());
            }
        }
        Self(all)
    }

    /// The value of a parameter that may stand at most once.
    pub fn one(&self, name: &str) -> Result<Option<&str>, OAuthError> {
        match self.0.get(name).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            // What was not UTF-8 has been replaced: returned so, a state would not be the one that was sent.
            Some([value]) if value.contains(char::REPLACEMENT_CHARACTER) => {
                Err(OAuthError::invalid_request(format!("the parameter {} is not text in UTF-8", clip(name))))
            }
            Some([value]) => Ok(Some(value)),
            Some(_) => Err(OAuthError::invalid_request(format!("the parameter {} stands more than once", clip(name)))),
        }
    }

    /// The value of a parameter that must stand exactly once.
    pub fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.one(name)?.ok_or_else(|| OAuthError::invalid_request(format!("the parameter {name} is missing")))
    }

    /// Every value of a parameter that may be repeated (`resource`).
    pub fn every(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Refuses when any parameter but those named stands more than once.
    pub fn refuse_doubled(&self, but: &[&str]) -> Result<(), OAuthError> {
        match self.0.iter().find(|(name, values)| values.len() > 1 && !but.contains(&name.as_str())) {
            Some((name, _)) => Err(OAuthError::invalid_request(format!("the parameter {} stands more than once", clip(name)))),
            None => Ok(()),
        }
    }

    /// Those for which `keep` says so, by name and value.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&str, &str) -> bool) -> Self {
        let mut all = self.0.clone();
        all.retain(|name, values| {
            values.retain(|value| keep(name, value));
            !values.is_empty()
        });
        Self(all)
    }

    /// Whether there is none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every name with each of its values, for posting the same again.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
    }
}

fn clip(name: &str) -> String {
    name.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_absent_and_doubled_is_refused() {
        let p = Parameters::parse(b"a=1&b=&c=1&c=2&resource=x&resource=y&d=a+b%2B");
        assert_eq!(p.one("a").unwrap(), Some("1"));
        assert_eq!(p.one("b").unwrap(), None);
        assert_eq!(p.one("d").unwrap(), Some("a b+"));
        assert!(p.one("c").is_err() && p.refuse_doubled(&["resource"]).is_err() && p.refuse_doubled(&["resource", "c"]).is_ok());
        assert!(p.required("e").is_err() && Parameters::parse(b"e=%FF").one("e").is_err());
        assert_eq!(p.every("resource").len(), 2);
    }
}
