//! What each claim means, in the order in which people read them.

use crate::word;

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// The ID token.
    Id,
    /// The access token.
    Access,
    /// The answer of userinfo.
    Userinfo,
}

/// The claims that are explained, with the keys of their meanings.
const MEANINGS: &[(&str, &str)] = &[
    ("iss", word!("claim-iss")),
    ("sub", word!("claim-sub")),
    ("aud", word!("claim-aud-access")),
    ("azp", word!("claim-azp")),
    ("client_id", word!("claim-client-id")),
    ("name", word!("claim-name")),
    ("given_name", word!("claim-profile")),
    ("family_name", word!("claim-profile")),
    ("middle_name", word!("claim-profile")),
    ("nickname", word!("claim-profile")),
    ("preferred_username", word!("claim-profile")),
    ("profile", word!("claim-profile")),
    ("picture", word!("claim-profile")),
    ("website", word!("claim-profile")),
    ("gender", word!("claim-profile")),
    ("birthdate", word!("claim-profile")),
    ("zoneinfo", word!("claim-profile")),
    ("locale", word!("claim-profile")),
    ("email", word!("claim-email")),
    ("email_verified", word!("claim-email-verified")),
    ("org_id", word!("claim-org-id")),
    ("org_name", word!("claim-org-name")),
    ("app", word!("claim-app")),
    ("stage", word!("claim-stage")),
    ("roles", word!("claim-roles")),
    ("permissions", word!("claim-permissions")),
    ("groups", word!("claim-groups")),
    ("org_roles", word!("claim-org-roles")),
    ("scoped_permissions", word!("claim-scoped-permissions")),
    ("_claim_names", word!("claim-names")),
    ("_claim_sources", word!("claim-sources")),
    ("scope", word!("claim-scope")),
    ("iat", word!("claim-iat")),
    ("exp", word!("claim-exp")),
    ("auth_time", word!("claim-auth-time")),
    ("acr", word!("claim-acr")),
    ("amr", word!("claim-amr")),
    ("sid", word!("claim-sid")),
    ("azid", word!("claim-azid")),
    ("jti", word!("claim-jti")),
    ("nonce", word!("claim-nonce")),
    ("at_hash", word!("claim-at-hash")),
    ("updated_at", word!("claim-updated-at")),
    ("ver", word!("claim-ver")),
];

/// The place of a claim in the order, and the key of its meaning there.
pub fn of(claim: &str, token: Token) -> (usize, &'static str) {
    match MEANINGS.iter().position(|(name, _)| *name == claim) {
        Some(at) if claim == "aud" && token == Token::Id => (at, word!("claim-aud-id")),
        Some(at) if claim == "exp" && token == Token::Id => (at, word!("claim-exp-id")),
        Some(at) => (at, MEANINGS[at].1),
        None => (MEANINGS.len(), word!("claim-other")),
    }
}

/// Whether a claim is an instant in seconds since 1970.
pub fn is_time(claim: &str) -> bool {
    matches!(claim, "iat" | "exp" | "auth_time" | "updated_at")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_means_what_it_means_where_it_stands() {
        assert_eq!((of("aud", Token::Id).1, of("aud", Token::Access).1), ("claim-aud-id", "claim-aud-access"));
        assert!(of("iss", Token::Id).0 < of("exp", Token::Id).0 && of("ver", Token::Access).0 < of("something", Token::Access).0);
    }
}
