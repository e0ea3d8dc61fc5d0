//! Discovery (OpenID Connect Discovery 1.0, RFC 8414): only registered names, and only what works.

use super::scope;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::url::ParseError;
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, EndSessionUrl, IssuerUrl, JsonWebKeySetUrl, ProviderMetadata, ResponseTypes, Scope, TokenUrl, UserInfoUrl,
};
use serde::{Deserialize, Serialize};

/// Metadata that the library has no field for.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Additional {
    /// RP-Initiated Logout section 2.1.
    pub end_session_endpoint: EndSessionUrl,
    /// RFC 8414 section 2.
    pub code_challenge_methods_supported: Vec<String>,
    /// RFC 9207 section 3.
    pub authorization_response_iss_parameter_supported: bool,
    /// OpenID Connect Discovery section 3; the library would leave it out.
    pub prompt_values_supported: Vec<String>,
    /// RFC 8414 section 2.
    pub introspection_endpoint: String,
    /// RFC 8414 section 2.
    pub introspection_endpoint_auth_methods_supported: Vec<CoreClientAuthMethod>,
    /// RFC 8414 section 2.
    pub revocation_endpoint: String,
    /// RFC 8414 section 2.
    pub revocation_endpoint_auth_methods_supported: Vec<CoreClientAuthMethod>,
}

impl AdditionalProviderMetadata for Additional {}

/// The discovery document.
pub type Document = ProviderMetadata<
    Additional,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

const CLAIMS: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "sid",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "website",
    "gender",
    "birthdate",
    "locale",
    "zoneinfo",
    "picture",
    "updated_at",
    "email",
    "email_verified",
    "address",
    "phone_number",
    "phone_number_verified",
    "roles",
    "org_roles",
    "permissions",
    "groups",
];

/// The document of an issuer. `at` gives the full address of one of our paths.
pub fn document(issuer: &str, at: impl Fn(&str) -> String, paths: &Endpoints<'_>) -> Result<Document, ParseError> {
    let methods = vec![CoreClientAuthMethod::ClientSecretBasic, CoreClientAuthMethod::ClientSecretPost, CoreClientAuthMethod::None];
    let additional = Additional {
        end_session_endpoint: EndSessionUrl::new(at(paths.logout))?,
        code_challenge_methods_supported: vec!["S256".to_owned()],
        authorization_response_iss_parameter_supported: true,
        prompt_values_supported: ["none", "login", "consent", "select_account"].map(ToOwned::to_owned).to_vec(),
        introspection_endpoint: at(paths.introspection),
        introspection_endpoint_auth_methods_supported: methods.clone(),
        revocation_endpoint: at(paths.revocation),
        revocation_endpoint_auth_methods_supported: methods.clone(),
    };
    Ok(Document::new(
        IssuerUrl::new(issuer.to_owned())?,
        AuthUrl::new(at(paths.authorize))?,
        JsonWebKeySetUrl::new(at(paths.keys))?,
        vec![ResponseTypes::new(vec![CoreResponseType::Code])],
        vec![CoreSubjectIdentifierType::Public],
        vec![CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256],
        additional,
    )
    .set_token_endpoint(Some(TokenUrl::new(at(paths.token))?))
    .set_userinfo_endpoint(Some(UserInfoUrl::new(at(paths.userinfo))?))
    .set_scopes_supported(Some(scope::KNOWN.iter().map(|scope| Scope::new((*scope).to_owned())).collect()))
    .set_response_modes_supported(Some(vec![CoreResponseMode::Query, CoreResponseMode::Fragment]))
    .set_grant_types_supported(Some(vec![CoreGrantType::AuthorizationCode, CoreGrantType::RefreshToken, CoreGrantType::ClientCredentials]))
    .set_token_endpoint_auth_methods_supported(Some(methods))
    .set_claims_supported(Some(CLAIMS.iter().map(|claim| CoreClaimName::new((*claim).to_owned())).collect()))
    .set_claim_types_supported(Some(vec![CoreClaimType::Normal, CoreClaimType::Distributed]))
    .set_claims_parameter_supported(Some(true))
    .set_request_parameter_supported(Some(false))
    .set_request_uri_parameter_supported(Some(false)))
}

/// The paths that the document names.
#[derive(Clone, Copy, Debug)]
pub struct Endpoints<'a> {
    /// Authorization endpoint.
    pub authorize: &'a str,
    /// Token endpoint.
    pub token: &'a str,
    /// Userinfo endpoint.
    pub userinfo: &'a str,
    /// Introspection endpoint.
    pub introspection: &'a str,
    /// Revocation endpoint.
    pub revocation: &'a str,
    /// Key set.
    pub keys: &'a str,
    /// Logout endpoint.
    pub logout: &'a str,
}
