//! OAuth errors: the codes are the standards', the descriptions are for the developer who reads them.

use std::fmt;

crate::choice! {
    /// An error code.
    pub enum Code {
        /// RFC 6749 section 4.1.2.1, 5.2.
        InvalidRequest = "invalid_request",
        /// RFC 6749 section 5.2.
        InvalidClient = "invalid_client",
        /// RFC 6749 section 5.2.
        InvalidGrant = "invalid_grant",
        /// RFC 6749 section 4.1.2.1, 5.2.
        UnauthorizedClient = "unauthorized_client",
        /// RFC 6749 section 5.2.
        UnsupportedGrantType = "unsupported_grant_type",
        /// RFC 6749 section 4.1.2.1.
        UnsupportedResponseType = "unsupported_response_type",
        /// RFC 6749 section 4.1.2.1, 5.2.
        InvalidScope = "invalid_scope",
        /// RFC 6749 section 4.1.2.1.
        AccessDenied = "access_denied",
        /// RFC 6749 section 4.1.2.1.
        ServerError = "server_error",
        /// RFC 6749 section 4.1.2.1.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// OpenID Connect Core section 3.1.2.6.
        InteractionRequired = "interaction_required",
        /// OpenID Connect Core section 3.1.2.6.
        LoginRequired = "login_required",
        /// OpenID Connect Core section 3.1.2.6.
        ConsentRequired = "consent_required",
        /// OpenID Connect Unmet Authentication Requirements section 2.
        UnmetAuthenticationRequirements = "unmet_authentication_requirements",
        /// OpenID Connect Core section 3.1.2.6.
        RequestNotSupported = "request_not_supported",
        /// OpenID Connect Core section 3.1.2.6.
        RequestUriNotSupported = "request_uri_not_supported",
        /// RFC 8707 section 2.
        InvalidTarget = "invalid_target",
        /// RFC 6750 section 3.1.
        InvalidToken = "invalid_token",
        /// RFC 6750 section 3.1.
        InsufficientScope = "insufficient_scope",
    }
}

/// An error that a client is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// The standard's code.
    pub code: Code,
    /// What was wrong with this very request.
    pub description: String,
}

impl OAuthError {
    /// An error with its description: ASCII without quotes and backslashes (RFC 6749 section 5.2).
    pub fn new(code: Code, description: impl Into<String>) -> Self {
        let description: String = description.into().chars().map(|c| if matches!(c, ' '..='~') && c != '"' && c != '\\' { c } else { '?' }).collect();
        Self { code, description }
    }

    /// `invalid_request`.
    pub fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(Code::InvalidRequest, description)
    }

    /// `invalid_grant`.
    pub fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new(Code::InvalidGrant, description)
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.description)
    }
}

impl std::error::Error for OAuthError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_keeps_to_the_characters_of_the_standard() {
        let error = OAuthError::invalid_request("the value \"\u{fc}\\x\r\n\" is wrong");
        assert_eq!(error.to_string(), "invalid_request: the value ?\u{3f}?x??? is wrong");
    }
}
