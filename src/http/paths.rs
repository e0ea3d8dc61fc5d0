//! Every path, and every link to ourselves. No link is built from a request's headers.

/// The front page.
pub const HOME: &str = "/";
/// The authorization endpoint.
pub const AUTHORIZE: &str = "/oauth2/authorize";
/// The token endpoint.
pub const TOKEN: &str = "/oauth2/token";
/// Userinfo.
pub const USERINFO: &str = "/oauth2/userinfo";
/// RP-initiated logout.
pub const LOGOUT_ENDPOINT: &str = "/oauth2/logout";
/// The public keys.
pub const KEYS: &str = "/.well-known/jwks.json";
/// Discovery (OpenID Connect).
pub const DISCOVERY: &str = "/.well-known/openid-configuration";
/// Discovery (RFC 8414).
pub const SERVER_METADATA: &str = "/.well-known/oauth-authorization-server";
/// Signing in.
pub const LOGIN: &str = "/login";
/// Consent.
pub const CONSENT: &str = "/consent";
/// The question whether to sign out.
pub const LOGOUT: &str = "/logout";
/// After signing out.
pub const SIGNED_OUT: &str = "/signed-out";
/// An invitation, once its secret is in a cookie; also where accepting is posted.
pub const INVITATION: &str = "/invitations/accept";
/// Declining.
pub const DECLINE: &str = "/invitations/decline";
/// The code of an invitation.
pub const INVITATION_CODE: &str = "/invitations/code";
/// The link of an invitation.
pub const INVITATION_LINK: &str = "/invitations/{token}";
/// The process is alive.
pub const HEALTHZ: &str = "/healthz";
/// Requests can be answered.
pub const READYZ: &str = "/readyz";

/// The paths that the discovery document names.
pub const ENDPOINTS: crate::oauth::discovery::Endpoints<'static> =
    crate::oauth::discovery::Endpoints { authorize: AUTHORIZE, token: TOKEN, userinfo: USERINFO, keys: KEYS, logout: LOGOUT_ENDPOINT };
