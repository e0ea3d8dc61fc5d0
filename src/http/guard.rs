//! What keeps forms ours: a token bound to the browser's cookie or session, and what the browser says about where the request began.

use crate::base::secret::equal;
use crate::server::Server;
use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The token for a form that belongs to a cookie's value. Derived, so nothing is stored and nothing can be guessed.
pub fn token(server: &Server, cookie: &str) -> String {
    URL_SAFE_NO_PAD.encode(server.ground.sealer.mac("form", &[cookie.as_bytes()]))
}

/// The token for the forms of a session: it stays when the session's cookie changes, so that forms in other windows stay good.
pub fn session_token(server: &Server, session: &str) -> String {
    URL_SAFE_NO_PAD.encode(server.ground.sealer.mac("form in a session", &[session.as_bytes()]))
}

/// Whether a form is ours: begun on our own pages, with this token.
///
/// Our pages send no referrer, so browsers post them with `Origin: null`; `Sec-Fetch-Site` then tells where they began, and
/// where a browser sends neither the token alone must do.
fn is_ours(server: &Server, request: &HttpRequest, token: &str, sent: Option<&str>) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let site = header("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = header("origin").is_none_or(|origin| origin == "null" || origin == server.issuer());
    site && origin && sent.is_some_and(|sent| equal(sent.as_bytes(), token.as_bytes()))
}

/// Whether a form is ours, with the token of this browser's cookie.
pub fn accepts(server: &Server, request: &HttpRequest, cookie: &str, sent: Option<&str>) -> bool {
    is_ours(server, request, &token(server, cookie), sent)
}

/// Whether a form is ours, with the token of this session.
pub fn accepts_in_session(server: &Server, request: &HttpRequest, session: &str, sent: Option<&str>) -> bool {
    is_ours(server, request, &session_token(server, session), sent)
}

/// Whether another site made the browser post this: its cookies must neither be used nor changed.
pub fn is_cross_site(request: &HttpRequest) -> bool {
    request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}
