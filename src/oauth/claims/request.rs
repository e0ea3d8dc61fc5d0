//! The `claims` parameter (OpenID Connect Core section 5.5): single claims, asked for by name and for one place each.
//!
//! What it asks for follows the scopes: a client is told nothing by name that it may not ask for by scope, and a person who is asked
//! for consent agrees to the same words either way.

use crate::oauth::error::OAuthError;
use crate::oauth::scope::Scope;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The longest parameter that is read, in bytes.
const LONGEST: usize = 8_192;

/// The claims that can be asked for by name, with the scope that brings each.
const CLAIMS: &[(&str, &str)] = &[
    ("name", "profile"),
    ("given_name", "profile"),
    ("family_name", "profile"),
    ("middle_name", "profile"),
    ("nickname", "profile"),
    ("preferred_username", "profile"),
    ("profile", "profile"),
    ("website", "profile"),
    ("picture", "profile"),
    ("gender", "profile"),
    ("birthdate", "profile"),
    ("zoneinfo", "profile"),
    ("locale", "profile"),
    ("updated_at", "profile"),
    ("email", "email"),
    ("email_verified", "email"),
    ("address", "address"),
    ("phone_number", "phone"),
    ("phone_number_verified", "phone"),
    ("roles", "roles"),
    ("org_roles", "roles"),
    ("permissions", "permissions"),
    ("groups", "groups"),
];

/// The names of claims that were asked for in each place: what is kept with a code, a refresh token and an access token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// In the ID token.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub id_token: BTreeSet<String>,
    /// In the answer of userinfo.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub userinfo: BTreeSet<String>,
    /// What gave way in the ID token that came along with an access token: only there.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub elsewhere: BTreeSet<String>,
}

impl Named {
    /// Whether nothing was asked for by name.
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.userinfo.is_empty()
    }

    /// As it is kept: `None` when there is nothing to keep.
    pub fn to_stored(&self) -> Option<String> {
        // Sets of texts always become JSON.
        if self.is_empty() { None } else { serde_json::to_string(self).ok() }
    }

    /// Reads what was kept.
    pub fn from_stored(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// The scopes that bring these claims.
    pub fn scopes(&self) -> Scope {
        Scope::of(self.id_token.iter().chain(&self.userinfo).filter_map(|name| scope_of(name)))
    }

    /// What a client may be told with these scopes registered.
    #[must_use]
    pub fn within(self, registered: &Scope) -> Self {
        let allowed = |names: BTreeSet<String>| names.into_iter().filter(|name| scope_of(name).is_some_and(|scope| registered.has(scope))).collect();
        Self { id_token: allowed(self.id_token), userinfo: allowed(self.userinfo), elsewhere: BTreeSet::new() }
    }

    /// What is left when of the scopes that were granted only some are asked for again: the claims of those that are left out go with them.
    #[must_use]
    pub fn narrowed(self, granted: &Scope, asked: &Scope) -> Self {
        let left =
            |names: BTreeSet<String>| names.into_iter().filter(|name| scope_of(name).is_some_and(|scope| asked.has(scope) || !granted.has(scope))).collect();
        Self { id_token: left(self.id_token), userinfo: left(self.userinfo), elsewhere: BTreeSet::new() }
    }
}

/// What the parameter asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsRequest {
    /// The claims to be told.
    pub named: Named,
    /// Who it must be, when `sub` has a value: one of these.
    pub subjects: Option<BTreeSet<String>>,
    /// How the person must have signed in, when `acr` is essential and has values: one of these.
    pub essential_acr: Option<BTreeSet<String>>,
}

impl ClaimsRequest {
    /// Reads the parameter; `registered`: the scopes that the client may ask for. Unknown members and claims are ignored.
    pub fn parse(text: &str, registered: &Scope) -> Result<Self, OAuthError> {
        if text.len() > LONGEST {
            return Err(OAuthError::invalid_request(format!("the claims parameter must have at most {LONGEST} bytes")));
        }
        let Ok(Value::Object(members)) = serde_json::from_str(text) else {
            return Err(OAuthError::invalid_request("the claims parameter must be a JSON object"));
        };
        let mut request = Self::default();
        for (place, asked) in [("id_token", members.get("id_token")), ("userinfo", members.get("userinfo"))] {
            let asked = match asked {
                None | Some(Value::Null) => continue,
                Some(Value::Object(asked)) => asked,
                Some(_) => return Err(OAuthError::invalid_request(format!("in the claims parameter, {place} must be an object"))),
            };
            for (name, how) in asked {
                let how = match how {
                    Value::Null => None,
                    Value::Object(how) => Some(how),
                    _ => return Err(OAuthError::invalid_request(format!("in the claims parameter, {} must be null or an object", clip(name)))),
                };
                request.ask(place, name, how)?;
            }
        }
        request.named = request.named.within(registered);
        Ok(request)
    }

    fn ask(&mut self, place: &str, name: &str, how: Option<&Map<String, Value>>) -> Result<(), OAuthError> {
        match name {
            "sub" => {
                if let Some(values) = values(name, how)? {
                    // Both places speak of the same person.
                    self.subjects = Some(match self.subjects.take() {
                        Some(before) => before.intersection(&values).cloned().collect(),
                        None => values,
                    });
                }
            }
            "acr" => {
                let essential = match how.and_then(|how| how.get("essential")) {
                    None => false,
                    Some(Value::Bool(essential)) => *essential,
                    Some(_) => return Err(OAuthError::invalid_request("in the claims parameter, essential must be true or false")),
                };
                // A voluntary one is no condition; neither is one for userinfo, which does not say how somebody signed in.
                if let Some(values) = values(name, how)?.filter(|_| essential && place == "id_token") {
                    self.essential_acr = Some(values);
                }
            }
            _ if scope_of(name).is_some() => {
                let names = if place == "id_token" { &mut self.named.id_token } else { &mut self.named.userinfo };
                names.insert(name.to_owned());
            }
            _ => {}
        }
        Ok(())
    }
}

/// The values that a claim must have: of `value` or `values`.
fn values(name: &str, how: Option<&Map<String, Value>>) -> Result<Option<BTreeSet<String>>, OAuthError> {
    let Some(how) = how else { return Ok(None) };
    let wrong = || OAuthError::invalid_request(format!("in the claims parameter, the values of {name} must be texts"));
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned).ok_or_else(wrong);
    match (how.get("value"), how.get("values")) {
        (None, None) => Ok(None),
        (Some(value), None) => Ok(Some([text(value)?].into())),
        (None, Some(Value::Array(values))) => values.iter().map(text).collect::<Result<_, _>>().map(Some),
        (None, Some(_)) => Err(wrong()),
        (Some(_), Some(_)) => Err(OAuthError::invalid_request(format!("in the claims parameter, {name} has both value and values"))),
    }
}

/// The scope that brings a claim.
fn scope_of(claim: &str) -> Option<&'static str> {
    CLAIMS.iter().find(|(name, _)| *name == claim).map(|(_, scope)| *scope)
}

fn clip(name: &str) -> String {
    name.chars().take(40).collect()
}

/// What is told in one place: the claims of the scopes, and those asked for there by name.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    scope: Option<&'a Scope>,
    names: Option<&'a BTreeSet<String>>,
}

impl<'a> Wish<'a> {
    /// By scope and by name.
    pub const fn new(scope: &'a Scope, names: &'a BTreeSet<String>) -> Self {
        Self { scope: Some(scope), names: Some(names) }
    }

    /// By name only: personal data in an ID token.
    pub const fn by_name(names: &'a BTreeSet<String>) -> Self {
        Self { scope: None, names: Some(names) }
    }

    /// Whether this claim is told.
    pub fn wants(&self, claim: &str) -> bool {
        self.scope.is_some_and(|scope| scope_of(claim).is_some_and(|of| scope.has(of))) || self.names.is_some_and(|names| names.contains(claim))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ClaimsRequest, OAuthError> {
        ClaimsRequest::parse(text, &Scope::parse("openid profile email roles groups").unwrap())
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn both_members_are_read_and_what_is_unknown_is_ignored() {
        let request = parse(
            r#"{"id_token":{"name":null,"auth_time":{"essential":true},"shoe_size":null,"roles":{"essential":true}},
                "userinfo":{"email":{"essential":true},"groups":null,"permissions":null,"phone_number":null},"elsewhere":{"x":7}}"#,
        )
        .unwrap();
        // `permissions` and `phone` are not registered: the client may not ask for them by scope either.
        assert_eq!(request.named, Named { id_token: set(&["name", "roles"]), userinfo: set(&["email", "groups"]), ..Named::default() });
        // Fewer scopes than were granted: their claims go. What no scope had brought stays.
        let (granted, asked) = (Scope::parse("openid profile email").unwrap(), Scope::parse("openid email").unwrap());
        assert_eq!(
            request.named.clone().narrowed(&granted, &asked),
            Named { id_token: set(&["roles"]), userinfo: set(&["email", "groups"]), ..Named::default() }
        );
        assert_eq!(request.named.scopes(), Scope::parse("profile roles email groups").unwrap());
        assert_eq!((request.subjects, request.essential_acr), (None, None));
        let stored = request.named.to_stored().unwrap();
        assert_eq!(Named::from_stored(Some(&stored)), request.named);
        assert_eq!((Named::default().to_stored(), Named::from_stored(None)), (None, Named::default()));
        for nothing in ["{}", r#"{"id_token":null}"#, r#"{"userinfo":{}}"#] {
            assert_eq!(parse(nothing).unwrap(), ClaimsRequest::default(), "{nothing}");
        }
    }

    #[test]
    fn a_subject_with_a_value_is_a_condition() {
        let subjects = |text: &str| parse(text).unwrap().subjects;
        assert_eq!(subjects(r#"{"id_token":{"sub":{"value":"a"}}}"#), Some(set(&["a"])));
        assert_eq!(subjects(r#"{"userinfo":{"sub":{"values":["a","b"]}}}"#), Some(set(&["a", "b"])));
        assert_eq!(subjects(r#"{"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"value":"b"}}}"#), Some(set(&[])), "nobody is both");
        assert_eq!(subjects(r#"{"id_token":{"sub":null}}"#), None);
        assert_eq!(subjects(r#"{"id_token":{"sub":{"essential":true}}}"#), None);
    }

    #[test]
    fn only_an_essential_acr_is_a_condition() {
        let acr = |text: &str| parse(text).unwrap().essential_acr;
        assert_eq!(acr(r#"{"id_token":{"acr":{"essential":true,"values":["a","b"]}}}"#), Some(set(&["a", "b"])));
        assert_eq!(acr(r#"{"id_token":{"acr":{"values":["a","b"]}}}"#), None);
        assert_eq!(acr(r#"{"id_token":{"acr":{"essential":true}}}"#), None);
        assert_eq!(acr(r#"{"userinfo":{"acr":{"essential":true,"value":"a"}}}"#), None);
    }

    #[test]
    fn what_is_malformed_is_named() {
        for (text, part) in [
            ("{", "a JSON object"),
            ("[]", "a JSON object"),
            (r#"{"id_token":[]}"#, "id_token must be an object"),
            (r#"{"userinfo":{"name":true}}"#, "name must be null or an object"),
            (r#"{"id_token":{"sub":{"value":7}}}"#, "the values of sub"),
            (r#"{"id_token":{"sub":{"values":"a"}}}"#, "the values of sub"),
            (r#"{"id_token":{"acr":{"essential":"yes","value":"a"}}}"#, "essential must be true or false"),
            (r#"{"id_token":{"sub":{"value":"a","values":["a"]}}}"#, "both value and values"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.description.contains(part), "{text}: {}", error.description);
        }
        assert!(parse(&format!("{{\"x\":\"{}\"}}", "y".repeat(LONGEST))).unwrap_err().description.contains("at most 8192"));
    }

    #[test]
    fn a_claim_is_told_by_its_scope_or_by_its_name() {
        let (scope, names) = (Scope::parse("email").unwrap(), set(&["name"]));
        let wish = Wish::new(&scope, &names);
        assert!(wish.wants("email") && wish.wants("email_verified") && wish.wants("name") && !wish.wants("given_name") && !wish.wants("shoe_size"));
        let wish = Wish::by_name(&names);
        assert!(wish.wants("name") && !wish.wants("email"));
    }
}
